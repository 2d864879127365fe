"""Did inequality change because relative values moved, or because people did.

Takes a panel and two of its years, with nested groups; gives the change of generalised entropy at
each level and in each group and region, each with the part that comes from shifts of people and
the part that comes from changes of relative values.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from ..._align import require_panel, some
from ..._results import ChangeDecomposition
from ...errors import InputError, MissingDataWarning
from .._groups import ALL, By, Rows, read_levels, read_rows
from ._entropy import Entropy, find_entropy
from ._nested import nested_parts, unit_parts

_KEYS = ["level", "group", "component", "parent"]


def decompose_change(
    panel: pd.DataFrame,
    *,
    per_head: str,
    population: str | None,
    by: By,
    start: int,
    end: int,
    measure: str = "T",
) -> ChangeDecomposition:
    """Change of an inequality index by level, group and region, from people and relative values.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    per_head : str
        Column with the value per head, not negative. The price level of a year does not matter;
        prices that move differently between regions do.
    population : str or None
        Column with people; None lets each region count once, so that no part of a change comes
        from people.
    by : str, Series, or a sequence of them
        The groups, outermost first, as for :func:`decompose_theil`. A region must be in the same
        groups in both years.
    start, end : int
        The years to compare, the earlier first.
    measure : str
        ``"T"``, ``"L"`` or ``"ge(alpha)"``, as for :func:`decompose_theil`.

    Returns
    -------
    ChangeDecomposition
        ``change`` of the index, ``from_population`` and ``from_relative``, which add up to it;
        ``frame`` with the same for each component (`group` ``"all"``) and each group, and `share`
        of the whole change; ``units`` with the same for the contribution of each region. Groups
        add up to their component, components and regions to the index. What groups contribute
        between them is here never negative, as for regions in :func:`decompose_theil`: a group
        that comes closer to the mean contributes less, from above as from below. ``terms`` has
        for L the four terms of Mookherjee and Shorrocks by innermost group, an approximation (see
        Notes).

    Raises
    ------
    InputError
        A year is not in the panel, the years are in the wrong order, a region changes its group,
        or what :func:`decompose_theil` raises.

    Warns
    -----
    MissingDataWarning
        Regions without data in one of the years were left out of both: the change is that of the
        same regions. The values then differ from :func:`decompose_theil` of each year.

    Notes
    -----
    Each part of the index is a function of the regions' people p and values y. With both years'
    people and values it is evaluated four times, and the part from people is the mean of
    X(p1, y0) - X(p0, y0) and X(p1, y1) - X(p0, y1), that from values the mean of X(p0, y1) -
    X(p0, y0) and X(p1, y1) - X(p1, y0): the Shapley value of two factors (Shorrocks 2013), exact
    and the same in either order. Only relative values count, as the index does not see a common
    factor. People who move between regions change the mean of their groups: that counts as from
    people, in the component between groups too.

    Mookherjee and Shorrocks (1982): with v the population share of a group, m its mean, l = m over
    the mean of all, t = v l, and bars for means of both years, the change of L is nearly the sum of
    mean(v) dL (`within`), mean(L) dv (`people_within`), mean(l - ln l) dv (`people_between`) and
    mean(t - v) d ln m (`means`). ``terms`` has the sums in its row ``"all"``, and what they leave
    in `residual`.

    References
    ----------
    Mookherjee, D. and A. Shorrocks (1982), A decomposition analysis of the trend in UK income
    inequality, Economic Journal 92. Shorrocks, A. (2013), Decomposition procedures for
    distributional analysis, Journal of Economic Inequality 11.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import decompose_change
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": list("abcd") * 2, "year": [2000] * 4 + [2010] * 4, "zone": list("wwee") * 2,
    ...     "income": [1.0, 3.0, 4.0, 4.0, 2.0, 3.0, 5.0, 6.0],
    ...     "people": [4, 2, 2, 2, 2, 2, 3, 3]}))
    >>> parts = decompose_change(panel, per_head="income", population="people", by="zone",
    ...                          start=2000, end=2010)
    >>> columns = ["level", "component", "change", "from_population", "from_relative"]
    >>> parts.frame.query("group == 'all'")[columns].round(4)
        level component  change  from_population  from_relative
    0  zone   between -0.0313          -0.0359         0.0046
    3  code    within -0.0492          -0.0133        -0.0359
    """
    entropy = find_entropy(measure)
    require_panel(panel)
    _require_years(panel, start, end)
    chosen = panel[panel.index.get_level_values(1).isin([start, end])]
    with warnings.catch_warnings():
        # the warning of _in_both names the regions that are lost, not the single rows
        warnings.simplefilter("ignore", MissingDataWarning)
        rows = read_rows(chosen, per_head, population, positive=entropy.positive)
    levels = read_levels(panel, by, rows.index)
    kept = _in_both(chosen, rows, (start, end))
    y, w = rows.y[kept].reshape(-1, 2), rows.w[kept].reshape(-1, 2)
    labels = _constant(levels[kept], (start, end))
    for year, values in zip((start, end), y.T, strict=True):
        if values.max() == 0:
            raise InputError(
                f"column {per_head!r} is zero in {year} in every region with data in both years"
            )
    frame, units = _four(y, w, labels, rows.unit, entropy)
    whole = frame[frame["group"] == ALL].sum(numeric_only=True)
    counted = "once" if population is None else f"as its people ({population})"
    return ChangeDecomposition(
        measure=f"{entropy.words}; {per_head}, each region counted {counted}; {len(y)} regions "
        f"with data in {start} and {end}",
        by=tuple(labels.columns),
        start=int(start),
        end=int(end),
        start_value=float(whole["start"]),
        end_value=float(whole["end"]),
        change=float(whole["change"]),
        from_population=float(whole["from_population"]),
        from_relative=float(whole["from_relative"]),
        frame=frame,
        units=units,
        terms=_terms(y, w, labels) if entropy.alpha == 0 else pd.DataFrame(),
    )


def _require_years(panel: pd.DataFrame, start: int, end: int) -> None:
    years = np.unique(panel.index.get_level_values(1))
    for name, year in (("start", start), ("end", end)):
        if year not in years:
            raise InputError(
                f"{name} must be a year of the panel ({some(years, 40)}), not {year!r}"
            )
    if not start < end:
        raise InputError(f"start must be before end, not {start} and {end}")


def _in_both(panel: pd.DataFrame, rows: Rows, years: tuple[int, int]) -> np.ndarray:
    """Mark the rows of regions with data in both years; name those that are lost."""
    codes = rows.index.get_level_values(0)
    counts = codes.value_counts()
    full = counts.index[counts == 2]
    everyone = panel.index.get_level_values(0).unique().sort_values()
    lost = everyone[~everyone.isin(full)]
    if len(lost):
        warnings.warn(
            f"{len(lost)} of {len(everyone)} regions have no value or people in {years[0]} or "
            f"{years[1]} and were left out of both: {some(lost)}",
            MissingDataWarning,
            stacklevel=3,
        )
    if full.empty:
        raise InputError(
            f"no region has a value and people in both {years[0]} and {years[1]}: choose years "
            "with data of the same regions"
        )
    return codes.isin(full)


def _constant(levels: pd.DataFrame, years: tuple[int, int]) -> pd.DataFrame:
    """Give the groups by region; raise where they differ between the years."""
    year = levels.index.get_level_values(1)
    first, last = (levels[year == y].droplevel(1) for y in years)
    moved = first.index[(first != last).any(axis=1).to_numpy()]
    if len(moved):
        raise InputError(
            f"{len(moved)} regions are in other groups in {years[1]} than in {years[0]} "
            f"({some(moved)}), so that a change could come from the groups: pass the groups of one "
            "year as a Series by code"
        )
    return first


def _four(
    y: np.ndarray, w: np.ndarray, labels: pd.DataFrame, unit: str, entropy: Entropy
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute all parts with the people and the values of either year, as if of four years."""
    pairs = [(0, 0), (1, 0), (0, 1), (1, 1)]  # year of the people, year of the values
    stacked = pd.concat([labels] * 4, ignore_index=True)
    arrays = (
        np.concatenate([y[:, value] for _, value in pairs]),
        np.concatenate([w[:, people] for people, _ in pairs]),
        np.repeat(np.arange(4), len(y)),
        stacked,
    )
    parts = nested_parts(*arrays, unit, entropy, signed=False)
    # the groups are the same in all four, so that their rows come in the same order
    frame = pd.concat(
        [parts.loc[parts["year"] == 0, _KEYS], _effects(parts["value"].to_numpy())], axis=1
    )
    change = float(frame.loc[frame["group"] == ALL, "change"].sum())
    units = _effects(unit_parts(*arrays, entropy)["contribution"].to_numpy())
    units.index = labels.index
    for table in (frame, units):
        with np.errstate(invalid="ignore", divide="ignore"):
            table["share"] = table["change"].to_numpy() / np.float64(change)
    return frame[[c for c in frame if c != "parent"] + ["parent"]], units


def _effects(values: np.ndarray) -> pd.DataFrame:
    before, people, value, after = values.reshape(4, -1)
    return pd.DataFrame(
        {
            "start": before,
            "end": after,
            "change": after - before,
            "from_population": ((people - before) + (after - value)) / 2,
            "from_relative": ((value - before) + (after - people)) / 2,
        }
    )


def _terms(y: np.ndarray, w: np.ndarray, labels: pd.DataFrame) -> pd.DataFrame:
    """Give the four terms of Mookherjee and Shorrocks by innermost group, and what they leave."""
    names = [" / ".join(path) for path in labels.itertuples(index=False, name=None)]
    codes, groups = pd.factorize(np.array(names, dtype=object), sort=True)
    people, total, log = (
        np.stack([np.bincount(codes, column) for column in table.T])
        for table in (w, w * y, w * np.log(y))
    )
    mean = total / people
    share = people / people.sum(axis=1, keepdims=True)
    relative = mean * people.sum(axis=1, keepdims=True) / total.sum(axis=1, keepdims=True)
    own = np.log(mean) - log / people
    moved = share[1] - share[0]
    terms = pd.DataFrame(
        {
            "within": share.mean(axis=0) * (own[1] - own[0]),
            "people_within": own.mean(axis=0) * moved,
            "people_between": (relative - np.log(relative)).mean(axis=0) * moved,
            "means": (share * relative - share).mean(axis=0) * np.log(mean[1] / mean[0]),
        },
        index=pd.Index(groups, name="group"),
    )
    index = (share * (own - np.log(relative))).sum(axis=1)
    terms.loc[ALL] = terms.sum()
    terms["residual"] = np.nan
    terms.loc[ALL, "residual"] = index[1] - index[0] - terms.loc[ALL].sum()
    return terms
