"""How far apart are town and country, region by region and in the nation.

Takes a panel or a frame with income (or any value) per head of urban and of rural people, and the
people where a Theil index or a total is wanted; gives the gap on the same index.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, some
from ...errors import InputError, MissingDataWarning
from .._inputs import is_panel, require_frame
from .._measures import theil


def urban_rural_gap(
    panel_or_frame: pd.DataFrame,
    *,
    urban: str,
    rural: str,
    urban_population: str | None = None,
    rural_population: str | None = None,
    total: str | None = None,
) -> pd.DataFrame:
    """Ratio, difference and Theil index of urban and rural values per head, by region and year.

    Parameters
    ----------
    panel_or_frame : DataFrame
        A panel indexed (`code`, `year`), or a frame of one year indexed by region.
    urban, rural : str
        Columns with the value per head of urban and of rural people, above zero, in one unit.
    urban_population, rural_population : str, optional
        Columns with people, both or neither.
    total : str, optional
        Adds a row (for a panel one a year) with this code: the gap of all regions taken together,
        their urban people against their rural people, from regions where all four columns are
        known. Needs both populations.

    Returns
    -------
    DataFrame
        On the caller's index: `ratio` (urban / rural), `difference` (urban - rural), `log_gap`
        (natural logarithm of the ratio), and with populations `mean` (of all people of the
        region), `urban_share` (of people) and `theil`, the index between the two groups. NaN where
        a column that enters is. ``attrs["definition"]`` says so in words.

    Raises
    ------
    InputError
        A column is missing or not numeric, a value is zero or negative, a population is negative,
        only one population is given, or `total` is without populations or is a region's code.

    Warns
    -----
    MissingDataWarning
        Rows that lack one of the four columns do not count in the total.

    Notes
    -----
    Theil's T of two groups: sum over j of (y_j / y) ln((y_j / y) / (x_j / x)), with total income y
    and people x. It is 0 where both have the same per head, and falls as people move to town even
    if the ratio stays. It says nothing about inequality within town or country. Urban and rural
    incomes of China before and after 2013 are of different surveys, and are mostly not adjusted
    for lower rural prices.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import urban_rural_gap
    >>> regions = pd.DataFrame({"town": [40.0, 30.0], "country": [10.0, 15.0],
    ...     "in_town": [1.0, 3.0], "in_country": [3.0, 1.0]}, index=["a", "b"])
    >>> urban_rural_gap(regions, urban="town", rural="country", urban_population="in_town",
    ...                 rural_population="in_country", total="all").round(4)
          ratio  difference  log_gap    mean  urban_share   theil
    a    4.0000       30.00   1.3863  17.500         0.25  0.2326
    b    2.0000       15.00   0.6931  26.250         0.75  0.0345
    all  2.8889       21.25   1.0609  21.875         0.50  0.1231
    """
    require_frame(panel_or_frame)
    if (urban_population is None) != (rural_population is None):
        raise InputError(
            "urban_population and rural_population go together: give both, or neither; rural "
            "people are all people less urban ones"
        )
    if total is not None and urban_population is None:
        raise InputError(
            "total weighs regions by their people: give urban_population and rural_population"
        )
    given = [c for c in (urban, rural, urban_population, rural_population) if c is not None]
    if len(set(given)) < len(given):
        raise InputError(f"urban, rural and people must be different columns, not {given}")
    require_columns(panel_or_frame, given, "the frame")
    values = pd.DataFrame(
        {c: numeric_series(panel_or_frame[c], f"column {c!r}") for c in given},
        index=panel_or_frame.index,
    )
    for number, column in enumerate(given):
        _require_positive(values[column], column, zero=number > 1)
    rows = values if total is None else _with_total(values, total)
    words = f"{urban} against {rural}, per head: ratio, difference, natural logarithm of the ratio"
    result = pd.DataFrame(
        {
            "ratio": rows[urban] / rows[rural],
            "difference": rows[urban] - rows[rural],
            "log_gap": np.log(rows[urban] / rows[rural]),
        }
    )
    if urban_population is not None:
        both = rows[given].to_numpy()
        y, w = both[:, :2], both[:, 2:]
        people_known = w.sum(axis=1) > 0  # not so where one is missing
        share = np.full(len(rows), np.nan)
        share[people_known] = w[people_known, 0] / w[people_known].sum(axis=1)
        result["mean"] = share * y[:, 0] + (1 - share) * y[:, 1]
        result["urban_share"] = share
        known = people_known & ~np.isnan(y).any(axis=1)
        index = np.full(len(rows), np.nan)
        index[known] = theil(y[known], w[known])
        result["theil"] = index
        words += "; mean of all people; Theil T between urban and rural people"
    if total is not None:
        words += f"; {total}: urban people of all regions with data against their rural people"
    result.attrs["definition"] = words
    return result


def _require_positive(values: pd.Series, column: str, *, zero: bool) -> None:
    odd = values.index[(values < 0) if zero else (values <= 0)]
    if len(odd):
        raise InputError(
            f"column {column!r} must {'not be negative' if zero else 'be above zero'}; {len(odd)} "
            f"values are not so, at {some(odd)}: make them NaN if they are blanks"
        )


def _with_total(values: pd.DataFrame, code: str) -> pd.DataFrame:
    """Add the row (by year) of all regions that have the four columns."""
    panel = is_panel(values)
    codes = values.index.get_level_values(0)
    if code in codes:
        raise InputError(f"total={code!r} is the code of a region: choose another")
    missing = values.index[values.isna().any(axis=1)]
    if len(missing):
        warnings.warn(
            f"{len(missing)} of {len(values)} rows lack a value or people and do not count in "
            f"{code!r}: {some(missing)}",
            MissingDataWarning,
            stacklevel=3,
        )
    urban, rural, in_town, in_country = values.columns
    # in the order of labels, so that the order of rows changes no digit
    full = values.dropna().sort_index()
    sums = pd.DataFrame(
        {
            urban: full[urban] * full[in_town],
            rural: full[rural] * full[in_country],
            in_town: full[in_town],
            in_country: full[in_country],
        }
    )
    key = full.index.get_level_values(1) if panel else np.zeros(len(full), dtype=int)
    added = sums.groupby(key).sum()
    if panel:
        added = added.reindex(np.unique(values.index.get_level_values(1)))
        labels = [(code, year) for year in added.index]
        added.index = pd.MultiIndex.from_tuples(labels, names=values.index.names)
    else:
        added = added.reindex([0])
        added.index = pd.Index([code], name=values.index.name)
    added[urban] = added[urban] / added[in_town].where(added[in_town] > 0)
    added[rural] = added[rural] / added[in_country].where(added[in_country] > 0)
    return pd.concat([values, added])
