"""The validator of the disparity measures: values per head and people, cleaned and aligned.

Every measure of a gap between people takes a value per head. A column of totals in its place gives
a figure that looks plausible and says how unequal the regions are in size; since totals move with
population and values per head hardly do, that mistake is seen in their correlation and warned of.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from .._align import numeric_series, require_columns, require_panel, require_unique, some
from ..errors import AlignmentError, InputError, MissingDataWarning, TotalsWarning

# Logarithms of totals (output, budgets, people in towns) of the 31 provinces correlate with those
# of population at .80 to .98 in every year, values per head at -.2 to .25.
_TOTALS, _FEWEST = 0.8, 10


def cleaned(
    y: pd.Series,
    population: pd.Series | None,
    *,
    positive: str | None = None,
    names: tuple[str, str] = ("y", "population"),
    stacklevel: int = 3,
) -> tuple[pd.Series, pd.Series]:
    """Give values and weights of the regions that take part, in sorted-label order.

    Regions with a missing value or population are left out with a warning, those without people
    silently: nobody lives there. Without `population` each region weighs 1. `positive` names a
    measure that is not defined where a value is zero.
    """
    values = numeric_series(y, names[0])
    _require_not_negative(values, names[0])
    if population is None:
        weights = pd.Series(1.0, index=values.index)
    else:
        weights = numeric_series(population, names[1])
        _require_same_labels(values, weights, names)
        weights = weights.reindex(values.index)
        _require_not_negative(weights, names[1])
    missing = values.isna() | weights.isna()
    if missing.any():
        what = names[0] if population is None else " or ".join(names)
        warnings.warn(
            f"{int(missing.sum())} of {len(values)} rows have no {what} and were left out: "
            f"{some(values.index[missing])}",
            MissingDataWarning,
            stacklevel=stacklevel,
        )
    keep = ~missing & (weights > 0)
    if not keep.all():
        values, weights = values[keep], weights[keep]
    if not values.index.is_monotonic_increasing:
        values, weights = values.sort_index(), weights.sort_index()
    if population is not None:
        caution(values, weights, names, stacklevel)
    zero = values.index[values == 0]
    if positive and len(zero):
        raise InputError(
            f"{positive} takes the logarithm or a negative power of {names[0]}, which is zero at "
            f"{len(zero)} rows ({some(zero)}): make them NaN if they are blanks, or use "
            "the Gini or Theil T, which are defined there"
        )
    return values, weights


def one_year(
    y: pd.Series, population: pd.Series | None, *, positive: str | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Give arrays for a measure of one cross-section; there must be something to measure."""
    if isinstance(y, pd.Series) and y.index.nlevels > 1 and "year" in y.index.names:
        raise InputError(
            "y is a panel and a measure is of one year: use spatialreg.inequality(panel, ...) "
            "for a series, or pick a year with y.xs(year, level='year')"
        )
    values, weights = cleaned(y, population, positive=positive, stacklevel=4)
    if values.empty:
        raise InputError("y has no region with a value and people: nothing can be measured")
    if values.max() == 0:
        raise InputError("y is zero everywhere: inequality relative to a mean of 0 is undefined")
    return values.to_numpy(), weights.to_numpy()


def by_year(
    frame: pd.DataFrame,
    per_head: str,
    population: str | None,
    *,
    positive: str | None = None,
    stacklevel: int = 4,
) -> tuple[pd.Series, pd.Series]:
    """Give values and weights of a frame or a panel, from its columns."""
    require_frame(frame)
    columns = [per_head] if population is None else [per_head, population]
    require_columns(frame, columns, "the frame")
    return cleaned(
        frame[per_head],
        None if population is None else frame[population],
        positive=positive,
        names=(f"column {per_head!r}", f"column {population!r}"),
        stacklevel=stacklevel,
    )


def grid(
    frame: pd.DataFrame, values: pd.Series, weights: pd.Series
) -> tuple[pd.Index, pd.Index, np.ndarray, np.ndarray]:
    """Lay values and weights out as years x regions; the weight is zero where there is no row."""
    if not is_panel(frame):
        rows: pd.Index = pd.RangeIndex(1)
        one_year = values.to_numpy()[np.newaxis], weights.to_numpy()[np.newaxis]
        return rows, values.index, *one_year
    years = np.unique(frame.index.get_level_values(1).to_numpy())
    row = np.searchsorted(years, values.index.get_level_values(1).to_numpy())
    column, codes = pd.factorize(values.index.get_level_values(0), sort=True)
    y = np.zeros((len(years), len(codes)))
    w = np.zeros_like(y)
    y[row, column] = values
    w[row, column] = weights
    return pd.Index(years, name="year"), codes, y, w


def is_panel(frame: pd.DataFrame) -> bool:
    """Say whether `frame` is indexed by code and year."""
    return frame.index.nlevels > 1


def require_frame(frame: pd.DataFrame) -> None:
    """Raise unless `frame` is a frame with a row per region, or a panel."""
    if not isinstance(frame, pd.DataFrame):
        raise InputError(
            f"a DataFrame indexed by region, or by (code, year), is needed, not "
            f"{type(frame).__name__}"
        )
    if is_panel(frame):
        require_panel(frame)
    else:
        require_unique(frame.index, "the frame")


def caution(values: pd.Series, weights: pd.Series, names: tuple[str, str], stacklevel: int) -> None:
    """Warn if the values look like totals: within a year they rise with population."""
    panel = values.index.nlevels > 1 and values.index.names[-1] == "year"
    logs = pd.DataFrame({"value": values, "people": weights})[values > 0].transform(np.log)
    if panel:
        by = logs.groupby(level=-1)
        logs = (logs - by.transform("mean"))[by["value"].transform("size") >= _FEWEST]
    if len(logs) < _FEWEST or (logs.std() < 1e-6).any():
        return
    correlation = np.corrcoef(logs.to_numpy().T)[0, 1]
    # twice the people have about twice the total; a value that rises much faster is none
    slope = correlation * logs["value"].std() / logs["people"].std()
    if correlation > _TOTALS and 0.5 < slope < 2:
        warnings.warn(
            f"{names[0]} looks like totals: its logarithm correlates with that of {names[1]} at "
            f"{correlation:.2f} over {len(logs)} rows, where values per head hardly do. Divide it "
            "by the people first; if it is per head, filter this TotalsWarning",
            TotalsWarning,
            stacklevel=stacklevel + 1,
        )


def _require_not_negative(values: pd.Series, what: str) -> None:
    negative = values.index[values < 0]
    if len(negative):
        raise InputError(
            f"{what} must not be negative; {len(negative)} values are, at {some(negative)}: "
            "shares and logarithms of negative values are undefined, so leave those regions out "
            "or make them NaN"
        )


def _require_same_labels(y: pd.Series, population: pd.Series, names: tuple[str, str]) -> None:
    lacking = y.index.difference(population.index)
    if len(lacking):
        raise AlignmentError(
            f"{names[1]} lacks {len(lacking)} of the {len(y)} regions of {names[0]} "
            f"({some(lacking)}): index both by the same codes"
        )
    beyond = population.index.difference(y.index)
    if len(beyond):
        raise AlignmentError(
            f"{names[1]} has {len(beyond)} regions that {names[0]} lacks ({some(beyond)}): pass "
            "population.loc[y.index], or reindex y to all regions (NaN where there is no value)"
        )
