"""Which sectors, or which sources of income, does inequality between regions come from.

Takes a frame or a panel with the sources, columns that add up to the value per head, and gives
what each of them contributes to an index of the sum: by the natural rule of the index, in which a
source counts for being large, unequal, and high where the sum is high; or by the Shapley value, in
which it counts for the inequality that goes when all have its mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy.special import xlogy

from ..._align import numeric_series, require_columns, require_one_of, some
from ..._results import SourceDecomposition
from ...errors import InputError
from .._groups import Rows, read_rows
from .._inputs import require_frame
from .._measures import Measure, find_measure, relative
from ._shapley import MOST, shapley_values

Coefficient = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def decompose_sources(
    frame_or_panel: pd.DataFrame,
    *,
    sources: Sequence[str],
    population: str | None,
    values: str = "per head",
    measure: str = "gini",
    method: str = "natural",
) -> SourceDecomposition:
    """Inequality by sector or income source.

    Parameters
    ----------
    frame_or_panel : DataFrame
        A frame of one year indexed by region, or a panel indexed (`code`, `year`).
    sources : sequence of str
        Two columns or more that add up to the value. A source may be negative (a tax), their sum
        not.
    population : str or None
        Column with people; None lets each region count once.
    values : {"per head", "total"}
        Whether the sources are per head or totals of the region, which are divided by
        `population`.
    measure : str
        With ``method="natural"`` one of ``"gini"``, ``"theil"``, ``"cv"`` and ``"ge(2)"``; with
        ``"shapley"`` any measure of :func:`spatialreg.inequality`.
    method : {"natural", "shapley"}
        The rule that comes from the formula of the index, or the Shapley value; see Notes.

    Returns
    -------
    SourceDecomposition
        ``frame`` has by `source`, for a panel by `year`: `source_share` of the sum; `own`, the
        index of the source alone; `value`, its contribution; `share` of the index; and
        `covariance_share`, the share of Shorrocks (1982), which is the same for all indices. The
        natural rules add `elasticity`: by how many percent the index changes if the source grows
        by one percent everywhere. The Gini coefficient adds `correlation`, the Gini correlation of
        the source with the ranks of the sum, and `value` is source_share x own x correlation
        (Lerman and Yitzhaki 1985; `own` of a source with a negative mean is negative).
        Contributions add up to the index, in ``totals``.

    Raises
    ------
    InputError
        A column is missing or not numeric, the sum is negative in a region, a measure has no
        natural rule, sources are more than ten for the Shapley value, or totals lack a population.

    Warns
    -----
    MissingDataWarning
        Regions that lack a source or people were left out.

    Notes
    -----
    With s the population shares, y_k a source, m_k and m the means of source and sum, z the sum
    over its mean: Gini, 2 cov(y_k, F) / m, where F is the share of people below, those of the same
    sum counted half; Theil T, sum of s (y_k / m) ln z; coefficient of variation, CV cov(y_k, sum) /
    var(sum), and half CV squared times the same share for ``"ge(2)"``. The natural rules differ
    from one another: the index decides what a source is blamed for. An equal source contributes
    nothing under them but has an elasticity below zero.

    Under the Shapley value a set of sources is worth the index of a sum in which every other source
    is at its mean in all regions (equalised, so that the mean of the sum stays); the empty set is
    worth nothing. Setting other sources to zero instead would give other numbers.

    References
    ----------
    Lerman, R. and S. Yitzhaki (1985), Income inequality effects by income source, Review of
    Economics and Statistics 67. Shorrocks, A. (1982), Inequality decomposition by factor
    components, Econometrica 50. Shorrocks, A. (2013), Journal of Economic Inequality 11.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import decompose_sources
    >>> regions = pd.DataFrame({"farms": [1.0, 1.0, 1.0], "works": [1.0, 2.0, 6.0]},
    ...                        index=["a", "b", "c"])
    >>> parts = decompose_sources(regions, sources=["farms", "works"], population=None)
    >>> columns = ["source", "source_share", "own", "correlation", "value", "elasticity"]
    >>> parts.frame[columns].round(4)
      source  source_share     own  correlation   value  elasticity
    0  farms          0.25  0.0000          NaN  0.0000       -0.25
    1  works          0.75  0.3704          1.0  0.2778        0.25
    """
    require_one_of(method, ["natural", "shapley"], "method")
    require_one_of(values, ["per head", "total"], "values")
    chosen = find_measure(measure)
    if method == "natural" and measure not in _NATURAL:
        raise InputError(
            f"measure {measure!r} has no natural rule by source: use one of "
            f"{some(map(repr, _NATURAL))}, method='shapley', or read covariance_share, which "
            "Shorrocks (1982) gives for every index"
        )
    names = _names(sources, method)
    table = _columns(frame_or_panel, names, population, values)
    label = " + ".join(names)
    needs = repr(chosen.name) if chosen.positive else None
    rows = read_rows(
        table.assign(**{label: table[names].sum(axis=1, skipna=False)}),
        label,
        population,
        positive=needs,
    )
    parts = table.loc[rows.index, names].to_numpy().T
    blocks = []
    for year in np.unique(rows.years):
        here = rows.years == year
        block = _one_year(parts[:, here], rows.y[here], rows.w[here], chosen, method)
        blocks.append(block.assign(year=year, source=names))
    frame = pd.concat(blocks, ignore_index=True)
    totals = _totals(rows, chosen)
    first = ["year", "source"] if rows.panel else ["source"]
    rest = [column for column in frame.columns if column not in ("year", "source")]
    counted = "once" if population is None else f"as its people ({population})"
    return SourceDecomposition(
        measure=f"{chosen.words}; {label}, {values}, each region counted {counted}; "
        f"{_METHODS[method]}",
        sources=tuple(names),
        total=None if rows.panel else float(totals.iloc[0]),
        frame=frame[[*first, *rest]],
        totals=totals,
    )


_METHODS = {
    "natural": "sources by the rule that comes from the formula of the index",
    "shapley": "Shapley value of sources, those outside a set at their mean in all regions",
}


def _names(sources: Sequence[str], method: str) -> list[str]:
    names = [sources] if isinstance(sources, str) else list(sources)
    if len(names) < 2:
        raise InputError("sources must name two columns or more, which add up to the value")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"sources names {some(map(repr, twice))} more than once")
    if method == "shapley" and len(names) > MOST:
        raise InputError(
            f"the Shapley value takes up to {MOST} sources, not {len(names)}: every set of them is "
            "measured; add small ones together"
        )
    return names


def _columns(
    frame: pd.DataFrame, names: list[str], population: str | None, values: str
) -> pd.DataFrame:
    """Give the sources per head, and people, on the rows of the frame."""
    require_frame(frame)
    require_columns(frame, names if population is None else [*names, population], "the frame")
    table = pd.DataFrame({name: numeric_series(frame[name], f"column {name!r}") for name in names})
    if population is not None:
        if population in names:
            raise InputError(f"population {population!r} is among the sources")
        table[population] = frame[population]
    if values == "total":
        if population is None:
            raise InputError(
                "sources that are totals are divided by people: pass population, or values="
                "'per head' where each region counts once and its total is what you compare"
            )
        people = numeric_series(frame[population], f"column {population!r}")
        # rows without people take no part; those of unknown people stay NaN and are reported
        table[names] = table[names].div(people.where(people != 0), axis=0).where(people != 0, 0.0)
    return table


def _one_year(
    parts: np.ndarray, y: np.ndarray, w: np.ndarray, measure: Measure, method: str
) -> pd.DataFrame:
    share = w / w.sum()
    mean = float(share @ y)
    means = parts @ share
    index = float(measure.kernel(y, w))
    frame = pd.DataFrame({"source_share": means / mean})
    frame["own"] = [_own(part, w, measure) for part in parts]
    with np.errstate(invalid="ignore", divide="ignore"):
        if method == "shapley":
            frame["value"] = _shapley(parts, means, w, measure)
        else:
            if measure.name == "gini":
                # the concentration of a source over its own Gini coefficient
                own = np.array([_gini(part, part, share) for part in parts])
                frame["correlation"] = np.where(
                    own > 0, np.array([_gini(part, y, share) for part in parts]) / own, np.nan
                )
            frame["value"] = _NATURAL[measure.name](parts, y, w)
        frame["share"] = frame["value"] / np.float64(index)
        variance = share @ (y - mean) ** 2
        frame["covariance_share"] = (parts - means[:, np.newaxis]) @ (share * (y - mean)) / variance
    if method == "natural":
        degree = 2 if measure.name == "ge(2)" else 1
        frame["elasticity"] = degree * (frame["share"] - frame["source_share"])
    return frame


def _own(part: np.ndarray, w: np.ndarray, measure: Measure) -> float:
    """Index of the source alone; NaN where it is not defined."""
    if measure.name == "gini":
        mean = w @ part / w.sum()
        return _gini(part, part, w / w.sum()) / mean if mean else np.nan
    if part.min() < 0 and measure.name not in ("cv", "ge(2)"):
        return np.nan
    if (measure.positive and part.min() <= 0) or (w @ part) <= 0:
        return np.nan
    if measure.name == "ge(2)":
        return float(find_measure("cv").kernel(part, w)) ** 2 / 2
    return float(measure.kernel(part, w))


def _gini(part: np.ndarray, y: np.ndarray, share: np.ndarray) -> float:
    """Twice the covariance of a source with the ranks of `y`, people of equal `y` in the middle."""
    order = np.argsort(y, kind="stable")
    ranked = y[order]
    # sums of sources that are equal but for their rounding stand together
    apart = np.diff(ranked) > 1e-12 * np.abs(ranked[1:])
    position = np.empty(len(y), dtype=int)
    position[order] = np.concatenate([[0], np.cumsum(apart)])
    people = np.bincount(position, share)
    rank = (np.cumsum(people) - people / 2)[position]
    return float(2 * (share * (rank - share @ rank)) @ (part - share @ part))


def _natural_gini(parts: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    share = w / w.sum()
    return np.array([_gini(part, y, share) for part in parts]) / (share @ y)


def _natural_theil(parts: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    share, ratio = relative(y, w)
    # where the sum is zero, so is every source, unless they cancel
    part = parts / (share @ y)
    element = np.where(ratio > 0, part, 0.0)
    return xlogy(element, ratio) @ share


def _natural_cv(parts: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    half = _natural_ge2(parts, y, w)
    spread = np.sqrt(2 * half.sum())
    return 2 * half / spread if spread > 0 else half


def _natural_ge2(parts: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    share, ratio = relative(y, w)
    centred = parts - (parts @ share)[:, np.newaxis]
    return centred @ (share * (ratio - 1)) / (share @ y) / 2


_NATURAL: dict[str, Coefficient] = {
    "gini": _natural_gini,
    "theil": _natural_theil,
    "cv": _natural_cv,
    "ge(2)": _natural_ge2,
}


def _shapley(parts: np.ndarray, means: np.ndarray, w: np.ndarray, measure: Measure) -> np.ndarray:
    players = len(parts)
    worth = np.zeros((1 << players, 1))
    for members in range(1, 1 << players):
        inside = (members >> np.arange(players) & 1).astype(bool)
        y = parts[inside].sum(axis=0) + means[~inside].sum()
        if y.min() < 0 or (measure.positive and y.min() <= 0):
            raise InputError(
                "with some sources at their mean the sum falls below what the measure is defined "
                "for in some region, as a source is negative: use measure='gini' with "
                "method='natural', or add that source to another"
            )
        worth[members] = measure.kernel(y, w)
    return shapley_values(worth)[:, 0]


def _totals(rows: Rows, measure: Measure) -> pd.Series:
    years = np.unique(rows.years)
    values = [
        float(measure.kernel(rows.y[rows.years == year], rows.w[rows.years == year]))
        for year in years
    ]
    index = pd.Index(years, name="year") if rows.panel else pd.RangeIndex(1)
    return pd.Series(values, index=index, name=measure.name)
