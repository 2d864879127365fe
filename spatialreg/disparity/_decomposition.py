"""How much of inequality lies between groups of regions, and how much inside them.

Theil's T and L fall apart without a rest: between zones, between provinces inside zones, between
prefectures inside provinces, and so on down to the regions themselves. Takes a frame or a panel
with value per head, people and the groups; gives a :class:`Decomposition`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import xlogy

from .._align import require_columns, require_one_of, require_unique, some
from .._results import Decomposition
from ..errors import AlignmentError, InputError
from ._inputs import by_year, grid, is_panel
from ._resampling import WORDS, Interval, require_interval

_WORDS = {
    "T": "Theil T: mean of z ln z, z = value over mean; groups weighted by value shares",
    "L": "Theil L (mean log deviation): mean of -ln z; groups weighted by population shares",
}
_ALL = "all"


def decompose_theil(
    frame_or_panel: pd.DataFrame,
    *,
    per_head: str,
    population: str | None,
    by: str | pd.Series | Sequence[str | pd.Series],
    measure: str = "T",
    ci: float | None = None,
    interval: Interval = "bca",
    replicates: int | None = None,
    rng: int | np.random.Generator | None = None,
) -> Decomposition:
    """Theil's index taken apart into between and within groups, nested to any depth.

    Parameters
    ----------
    frame_or_panel : DataFrame
        A frame of one year indexed by region, or a panel indexed (`code`, `year`).
    per_head : str
        Column with the value per head, not negative.
    population : str or None
        Column with people; None lets each region count once.
    by : str, Series, or a sequence of them
        The groups, outermost first: a column, or a Series labelled as the frame is (for a panel
        also by code alone). Inner groups are taken inside the outer ones.
    measure : {"T", "L"}
        Theil's T, or L, the mean log deviation, which needs values above zero.
    ci : float, optional
        Level of intervals of the components and their shares, for example 0.95. Regions are
        resampled within the outermost groups, each with all its years; what such intervals say is
        told at :func:`inequality`. A region must then keep its groups over the years.
    interval : {"bca", "percentile", "jackknife"}
        How intervals are made, as for :func:`inequality`.
    replicates : int, optional
        Number of bootstrap draws, 999 unless told; only with `ci`.
    rng : int or Generator, optional
        Seed of the draws; only with `ci`.

    Returns
    -------
    Decomposition
        ``frame`` has `year` (for a panel), `level`, `group`, `component`, `value`, `share` (of
        the total) and `parent`. At each level of `by` the component is ``between``: differences
        between its groups inside their parent. At the level of the regions (named as their index,
        or ``"region"``) it is ``within``: differences between regions inside the innermost
        groups. Rows with `group` ``"all"`` are the components, which add up to the index; the
        other rows are contributions of single groups, which add up to their component. The
        contribution of a group below the mean of its parent is negative under T, that of one
        above it under L. ``parent`` is the path of outer groups, ``"East / Shanghai"``. With `ci`
        the rows ``"all"`` have bounds: `low`, `high`, `share_low`, `share_high`.

    Raises
    ------
    InputError
        A column is missing, negative, infinite or not numeric; a region with data has no group; L
        meets a value of zero.
    AlignmentError
        A Series of groups lacks regions.

    Warns
    -----
    MissingDataWarning
        Regions without a value or population were left out.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> regions = pd.DataFrame(
    ...     {"income": [1.0, 3.0, 4.0, 4.0], "people": [1, 1, 1, 1], "zone": list("wwee")},
    ...     index=["a", "b", "c", "d"])
    >>> parts = sr.decompose_theil(regions, per_head="income", population="people", by="zone")
    >>> round(parts.total, 6)
    0.100237
    >>> parts.frame.query("group == 'all'")[["level", "component", "value"]].round(6)
        level component     value
    0    zone   between  0.056633
    3  region    within  0.043604
    """
    require_one_of(measure, list(_WORDS), "measure")
    draws = require_interval(ci, interval, replicates, rng)
    positive = "Theil L" if measure == "L" else None
    values, weights = by_year(frame_or_panel, per_head, population, positive=positive)
    panel = is_panel(frame_or_panel)
    years = (
        values.index.get_level_values(1).to_numpy() if panel else np.zeros(len(values), dtype=int)
    )
    _require_something(values, years, per_head, panel)
    levels = _levels(frame_or_panel, by, values.index)
    unit = frame_or_panel.index.names[0] or "region"
    if unit in levels.columns:
        raise InputError(f"by has the name of the index, {unit!r}: rename the column or the index")
    parts = _parts(values.to_numpy(), weights.to_numpy(), years, levels, str(unit), measure)
    totals = parts[parts["group"] == _ALL].groupby("year")["value"].sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        parts["share"] = parts["value"] / parts["year"].map(totals)
    columns = ["level", "group", "component", "value", "share", "parent"]
    words = _WORDS[measure]
    if ci is not None:
        from ._nested_draws import nested_bounds

        places = grid(frame_or_panel, values, weights)
        alpha = 1.0 if measure == "T" else 0.0
        bounds = nested_bounds(
            *places, levels, alpha, level=ci, interval=interval, draws=draws, rng=rng
        )
        names = [*levels.columns, str(unit)]
        bounds["level"] = [names[depth] for depth in bounds.pop("depth")]
        bounds["group"] = _ALL
        parts = parts.merge(bounds, on=["year", "level", "group"], how="left")
        columns += ["low", "high", "share_low", "share_high"]
        words += f"; {ci:.4g} intervals: {WORDS[interval]}"
        words += f", {draws} draws of regions within {levels.columns[0]}" if draws else ""
    counted = "once" if population is None else f"as its people ({population})"
    return Decomposition(
        measure=f"{words}; {per_head}, each region counted {counted}",
        by=tuple(levels.columns),
        total=None if panel else float(totals.iloc[0]),
        frame=parts[["year", *columns] if panel else columns],
    )


def _require_something(values: pd.Series, years: np.ndarray, per_head: str, panel: bool) -> None:
    largest = values.groupby(years).max()
    if values.empty or (not panel and largest.iloc[0] == 0):
        raise InputError(
            f"column {per_head!r} has no region with people and a value above zero: nothing can "
            "be decomposed"
        )
    zero = largest.index[largest == 0]
    if len(zero):
        raise InputError(
            f"column {per_head!r} is zero everywhere in {some(zero)}, where inequality is "
            "undefined: leave those years out or make them NaN"
        )


@dataclass(frozen=True)
class _Groups:
    """Totals of the groups of one level: people, value, and where each stands."""

    codes: np.ndarray  # group of each row
    people: np.ndarray
    value: np.ndarray
    first: np.ndarray  # a row of each group, to look up its year, parent and label


def _levels(
    frame: pd.DataFrame, by: str | pd.Series | Sequence[str | pd.Series], index: pd.Index
) -> pd.DataFrame:
    """Give the group labels as text, one column a level, on the rows that take part."""
    given = [by] if isinstance(by, str | pd.Series) else list(by)
    if not given:
        raise InputError("by must name at least one grouping, outermost first")
    columns: dict[str, pd.Series] = {}
    for number, item in enumerate(given, start=1):
        if isinstance(item, pd.Series):
            name = str(item.name) if item.name is not None else f"group {number}"
            labels = _on_rows(item, index, name)
        else:
            require_columns(frame, [item], "the frame")
            name, labels = item, frame[item].reindex(index)
        if name in columns:
            raise InputError(f"by has {name!r} twice: each level needs its own name")
        without = index[labels.isna()]
        if len(without):
            raise InputError(
                f"{len(without)} rows with data have no group in {name!r} ({some(without)}): "
                "give them a group of their own with fillna, or leave them out before the call"
            )
        text = labels.astype(str)
        if (text == _ALL).any():
            raise InputError(
                f"{name!r} has a group called {_ALL!r}, which names the sum of all groups: "
                "rename it"
            )
        columns[name] = text
    return pd.DataFrame(columns, index=index)


def _on_rows(groups: pd.Series, index: pd.Index, name: str) -> pd.Series:
    """Bring a Series of groups to the rows; for a panel one by code serves all years."""
    require_unique(groups.index, f"by {name!r}")
    wanted = index
    if index.nlevels > 1 and groups.index.nlevels == 1:
        wanted = index.get_level_values(0)
    elif index.nlevels != groups.index.nlevels:
        raise AlignmentError(
            f"by {name!r} has {groups.index.nlevels} index levels and the frame {index.nlevels}: "
            "index the groups by region"
        )
    lacking = wanted[~wanted.isin(groups.index)].unique()
    if len(lacking):
        raise AlignmentError(
            f"by {name!r} lacks {len(lacking)} regions with data ({some(lacking)}): index the "
            "groups by the same codes as the frame"
        )
    return pd.Series(groups.reindex(wanted).to_numpy(), index=index)


def _parts(
    y: np.ndarray,
    w: np.ndarray,
    years: np.ndarray,
    levels: pd.DataFrame,
    unit: str,
    measure: str,
) -> pd.DataFrame:
    """Compute all components of all years at once, level by level from the outside."""
    country = _group(years, y, w)
    year_people, year_value = country.people[country.codes], country.value[country.codes]
    parent, path = country, np.full(len(y), "", dtype=object)
    blocks = []
    for depth, name in enumerate(levels.columns):
        labels = levels[name].to_numpy(dtype=object)
        group = _group(parent.codes * len(y) + pd.factorize(labels)[0], y, w)
        contribution = _term(
            group.people / year_people[group.first],
            group.value / year_value[group.first],
            _ratio(group, parent),
            measure,
        )
        blocks.append(_block(depth, name, "between", years, group, contribution, labels, path))
        parent, outer = group, path
        path = path + " / " + labels if depth else labels
    rows = _Groups(np.arange(len(y)), w, w * y, np.arange(len(y)))
    each = _term(w / year_people, w * y / year_value, _ratio(rows, parent), measure)
    within = np.bincount(parent.codes, each)
    blocks.append(_block(len(blocks), unit, "within", years, parent, within, labels, outer))
    frame = pd.concat(blocks, ignore_index=True)
    order = ["year", "depth", "total", "parent", "group"]
    return frame.sort_values(order, ignore_index=True).drop(columns=["depth", "total"])


def _group(keys: np.ndarray, y: np.ndarray, w: np.ndarray) -> _Groups:
    _, first, codes = np.unique(keys, return_index=True, return_inverse=True)
    return _Groups(codes, np.bincount(codes, w), np.bincount(codes, w * y), first)


def _ratio(group: _Groups, parent: _Groups) -> np.ndarray:
    """Mean of each group over the mean of its parent; 1 where the parent has nothing."""
    above = parent.codes[group.first]
    mean = group.value / group.people
    whole = parent.value[above] / parent.people[above]
    return np.divide(mean, whole, out=np.ones_like(mean), where=whole > 0)


def _term(people: np.ndarray, value: np.ndarray, ratio: np.ndarray, measure: str) -> np.ndarray:
    return xlogy(value, ratio) if measure == "T" else -xlogy(people, ratio)


def _block(
    depth: int,
    level: str,
    component: str,
    years: np.ndarray,
    group: _Groups,
    contribution: np.ndarray,
    labels: np.ndarray,
    path: np.ndarray,
) -> pd.DataFrame:
    """Lay out one component: its sum by year first, then the contributions of its groups."""
    single = pd.DataFrame(
        {
            "year": years[group.first],
            "group": labels[group.first],
            "value": contribution,
            "parent": path[group.first],
            "total": 1,
        }
    )
    whole = single.groupby("year", as_index=False)["value"].sum()
    block = pd.concat([whole.assign(group=_ALL, parent="", total=0), single], ignore_index=True)
    return block.assign(depth=depth, level=level, component=component)
