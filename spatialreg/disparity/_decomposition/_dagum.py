"""How much of the Gini coefficient lies within groups, between them, and where they overlap.

The Gini coefficient has no parts between and within that add up where the groups' values overlap.
Dagum (1997) gives the rest a meaning: transvariation, the differences in which the group that is
poorer on average has the richer region. Takes a frame or a panel with one grouping; gives the
three parts, the groups and every pair of groups.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..._results import GiniDecomposition
from ...errors import InputError
from .._groups import By, read_levels, read_rows

_BLOCK = 1024  # regions held at once, for all groups


def decompose_gini(
    frame_or_panel: pd.DataFrame, *, per_head: str, population: str | None, by: By
) -> GiniDecomposition:
    """Gini coefficient within groups, net between groups, and of their overlap (Dagum 1997).

    Parameters
    ----------
    frame_or_panel : DataFrame
        A frame of one year indexed by region, or a panel indexed (`code`, `year`).
    per_head : str
        Column with the value per head, not negative.
    population : str or None
        Column with people; None lets each region count once, as in Dagum's paper.
    by : str or Series
        One grouping, as for :func:`decompose_theil`.

    Returns
    -------
    GiniDecomposition
        ``frame`` has `component`, `value` and `share`, for a panel also `year`; the three values
        add up to the Gini coefficient. ``groups`` has by group `regions`, `population_share`,
        `value_share`, `relative` (mean over that of the country), its own `gini` and its part of
        the component `within`. ``pairs`` has each pair once, the group with the higher mean first:
        `gini` between them, `affluence` and `transvariation_moment` (in units of the country's
        mean), `relative_affluence`, and the pair's parts of the components `net_between` and
        `transvariation`. ``matrix(column, year=)`` lays a column out as a symmetric matrix.

    Raises
    ------
    InputError
        A column is missing, negative, infinite or not numeric; a region with data has no group;
        there are several groupings, or a table of indicators.
    AlignmentError
        A Series of groups lacks regions.

    Warns
    -----
    MissingDataWarning
        Regions without a value or population were left out.

    Notes
    -----
    For groups j and h with means m_j >= m_h, population shares p and value shares s: d = E[Y_j -
    Y_h; Y_j > Y_h] (gross economic affluence), q = E[Y_h - Y_j; Y_h > Y_j] (first-order moment of
    transvariation), gini G_jh = (d + q) / (m_j + m_h), relative economic affluence D_jh = (d - q) /
    (d + q). With the weight p_j s_h + p_h s_j the pair adds G_jh D_jh to ``net between`` and G_jh
    (1 - D_jh) to ``transvariation``; a group adds p_j s_j G_jj to ``within``. Transvariation is
    zero where groups do not overlap. The net part depends on means only: it is what Gini would be
    if the pairs of groups were compared by their means.

    References
    ----------
    Dagum, C. (1997), A new approach to the decomposition of the Gini income inequality ratio,
    Empirical Economics 22, 515-531.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import decompose_gini
    >>> regions = pd.DataFrame(
    ...     {"income": [1.0, 5.0, 4.0, 6.0], "zone": list("wwee")}, index=["a", "b", "c", "d"])
    >>> parts = decompose_gini(regions, per_head="income", population=None, by="zone")
    >>> parts.frame.round(6)
            component    value     share
    0          within  0.09375  0.375
    1     net between  0.12500  0.500
    2  transvariation  0.03125  0.125
    >>> parts.matrix("gini")
    other       e         w
    group
    e      0.1000  0.312500
    w      0.3125  0.333333
    """
    rows = read_rows(frame_or_panel, per_head, population)
    levels = read_levels(frame_or_panel, by, rows.index)
    if levels.shape[1] > 1:
        raise InputError(
            f"by has {levels.shape[1]} groupings, and this decomposition is of one: pass one, or "
            "use decompose_theil, which nests them"
        )
    labels = levels.iloc[:, 0].to_numpy(dtype=object)
    groups, pairs = [], []
    for year in np.unique(rows.years):
        here = rows.years == year
        one, two = _one_year(rows.y[here], rows.w[here], labels[here])
        groups.append(one.assign(year=year))
        pairs.append(two.assign(year=year))
    by_group, by_pair = pd.concat(groups, ignore_index=True), pd.concat(pairs, ignore_index=True)
    frame, totals = _components(by_group, by_pair)
    name = str(levels.columns[0])
    counted = "once" if population is None else f"as its people ({population})"
    tables = [_with_year(table, rows.panel) for table in (frame, by_group, by_pair)]
    return GiniDecomposition(
        measure=f"Gini: half the relative mean difference, taken apart as by Dagum (1997); "
        f"{per_head}, each region counted {counted}",
        by=name,
        total=None if rows.panel else float(totals.iloc[0]),
        frame=tables[0],
        groups=tables[1],
        pairs=tables[2],
    )


def _components(groups: pd.DataFrame, pairs: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Add groups and pairs up to the three components by year, and these to the coefficient."""
    sums = pd.DataFrame(
        {
            "within": groups.groupby("year")["within"].sum(),
            "net between": pairs.groupby("year")["net_between"].sum(),
            "transvariation": pairs.groupby("year")["transvariation"].sum(),
        }
    ).fillna(0.0)  # a single group has no pairs
    totals = sums.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = sums.div(totals, axis=0)
    frame = pd.DataFrame(
        {
            "year": np.repeat(sums.index, len(sums.columns)),
            "component": np.tile(sums.columns, len(sums)),
            "value": sums.to_numpy().ravel(),
            "share": shares.to_numpy().ravel(),
        }
    )
    return frame, totals


def _with_year(table: pd.DataFrame, panel: bool) -> pd.DataFrame:
    columns = [column for column in table.columns if column != "year"]
    return table[["year", *columns] if panel else columns]


def _one_year(
    y: np.ndarray, w: np.ndarray, labels: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    codes, names = pd.factorize(labels, sort=True)
    people = np.bincount(codes, w)
    share = people / people.sum()
    relative = y / ((w @ y) / w.sum())
    mean = np.bincount(codes, w * relative) / people
    excess = _excess(relative, w / people[codes], codes, len(names))
    own = np.divide(np.diag(excess), mean, out=np.zeros_like(mean), where=mean > 0)
    groups = pd.DataFrame(
        {
            "group": names,
            "regions": np.bincount(codes),
            "population_share": share,
            "value_share": share * mean,
            "relative": mean,
            "gini": own,
            "within": share**2 * np.diag(excess),
        }
    )
    j, h = np.triu_indices(len(names), 1)
    richer, poorer = np.where(mean[j] >= mean[h], j, h), np.where(mean[j] >= mean[h], h, j)
    d, q = excess[richer, poorer], excess[poorer, richer]
    # the part that remains of d - q is the difference of means, which has more digits
    net = np.minimum(mean[richer] - mean[poorer], d + q)
    both = mean[richer] + mean[poorer]
    weight = share[richer] * share[poorer]
    pairs = pd.DataFrame(
        {
            "group": names[richer],
            "other": names[poorer],
            "gini": np.divide(d + q, both, out=np.zeros_like(d), where=both > 0),
            "affluence": d,
            "transvariation_moment": q,
            "relative_affluence": np.divide(net, d + q, out=np.zeros_like(d), where=d + q > 0),
            "net_between": weight * net,
            "transvariation": weight * 2 * q,
        }
    )
    return groups, pairs


def _excess(y: np.ndarray, w: np.ndarray, codes: np.ndarray, groups: int) -> np.ndarray:
    """Mean of what a value of the row's group is above one of the column's group, else nothing.

    It is the integral over t of the share of the one group above t times the share of the other up
    to t. Both are constant between neighbouring values, and nothing is subtracted, so that it is
    exactly zero for a group that lies wholly below the other.
    """
    order = np.argsort(y, kind="stable")
    y, w, codes = y[order], w[order], codes[order]
    gaps = np.diff(y)
    excess = np.zeros((groups, groups))
    last = np.zeros(groups, dtype=int)
    last[codes] = np.arange(len(codes))  # of several, the last one stays
    below = np.zeros(groups)
    for start in range(0, len(gaps), _BLOCK):
        stop = min(start + _BLOCK, len(gaps))
        part = np.zeros((groups, stop - start))
        part[codes[start:stop], np.arange(stop - start)] = w[start:stop]
        part[:, 0] += below
        share = np.cumsum(part, axis=1)
        below = share[:, -1].copy()
        above = np.where(last[:, np.newaxis] <= np.arange(start, stop), 0.0, 1.0 - share)
        excess += (above * gaps[start:stop]) @ share.T
    return excess
