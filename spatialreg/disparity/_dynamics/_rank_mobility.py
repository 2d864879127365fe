"""Who overtakes whom between two years, and whether neighbours do so more than others.

Takes a panel; gives Kendall's tau of the ranks, of neighbours and of others, and how far groups of
regions move in one direction.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy.stats import kendalltau, rankdata

from ..._align import align_to_graph, generator, require_one_of, require_unique, some
from ..._graph import matrix_from_graph
from ..._results import RankMobilityResult
from ..._significance import permutation_p, require_test
from ...errors import AlignmentError, InputError
from .._wide import balanced
from ._rank_pairs import Pairs, all_pairs, pairs_of, permuted_tau, theta

_ALTERNATIVES = ("two-sided", "greater", "less")


def rank_mobility(
    panel: pd.DataFrame,
    *,
    value: str,
    start: int | None = None,
    end: int | None = None,
    graph: Graph | None = None,
    groups: pd.Series | None = None,
    permutations: int | None = None,
    alternative: str | None = None,
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> RankMobilityResult:
    """Compare the ranks of regions in two years by Kendall's tau, in space too (Rey 2004, 2014).

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    value : str
        Column with the value, commonly per head.
    start, end : int, optional
        The years; the first and the last of the panel where left out.
    graph : libpysal.graph.Graph, optional
        Who is whose neighbour; weights count only as zero or not, and a link in one direction makes
        a pair of neighbours. With it tau is split into that of neighbours and that of others.
    groups : Series, optional
        A group for each region, labelled by code. With it theta is given: how far ranks move
        together within groups.
    permutations : int, optional
        Number of rearrangements of regions over the map, or over the groups, each region with both
        values; 9999 unless told. Only with `graph` or `groups`.
    alternative : {"two-sided", "greater", "less"}, optional
        Whether tau of neighbours, or theta, is other, greater or less than by chance; two-sided
        unless told. Only with `graph` or `groups`.
    rng : int or Generator, optional
        Seed. Only with `graph` or `groups`.
    subset : bool
        Allow a graph wider than the panel. Only with `graph`.

    Returns
    -------
    RankMobilityResult
        ``statistic`` (tau-b) and ``p_value``; ``pairs`` with counts of pairs that kept or changed
        their order; ``spatial`` with permutation inference; ``frame`` with ranks and places gained.

    Raises
    ------
    InputError
        The panel lacks the column, a year or its index; fewer than three regions have both values;
        all values of a year are equal; an argument is given that is not used; no two neighbours.
    AlignmentError
        The graph or the groups lack regions of the panel, or the graph is wider without
        ``subset=True``.

    Warns
    -----
    MissingDataWarning
        Regions without a value in either year were left out.

    Notes
    -----
    tau-b is (c - d) / ((n0 - x) (n0 - y))^0.5 of c pairs in the same order in both years, d in the
    other order, n0 all pairs and x, y those that are tied in the first and in the second year. Tau
    of neighbours, and of others, is the same over their pairs, and c and d of both add up to those
    of all (Rey 2014). A tau of neighbours below its expectation says that regions trade places with
    their neighbours more than with regions far away. ``p_value`` is that of
    :func:`scipy.stats.kendalltau`.

    theta is the sum over groups of the absolute value of the sum of rank changes, over the sum of
    the absolute rank changes of all regions (Rey 2004): 1 if all regions of a group move in one
    direction, near 0 if they trade places among themselves.

    giddy's ``SpatialTau`` prints the smaller tail, and leaves permutations that equal the observed
    tau out of the lower one; ``Theta`` leaves them out of the upper one. With few pairs many are
    equal, so that such p-values are too small. Here they count in both tails.

    Examples
    --------
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import rank_mobility
    >>> graph = sr.build_weights(sr.datasets.mexico(), "queen")
    >>> result = rank_mobility(
    ...     sr.datasets.mexico_gdp(), value="gdp", start=1940, end=2000, graph=graph, rng=1)
    >>> result.pairs["tau"].round(3).to_dict()
    {'all': 0.585, 'neighbours': 0.507, 'others': 0.597}
    """
    spatial = graph is not None or groups is not None
    _require_used(spatial, graph, permutations, alternative, rng, subset)
    draws = 9999 if permutations is None else permutations
    side = "two-sided" if alternative is None else alternative
    require_one_of(side, _ALTERNATIVES, "alternative")
    require_test(draws, side)
    first, last = _years(panel, start, end)
    table, lost = balanced(panel, value, least=3, years=(first, last))
    x, y = table[first].to_numpy(), table[last].to_numpy()
    for year, values in ((first, x), (last, y)):
        if np.ptp(values) == 0:
            raise InputError(f"all regions have the same {value!r} in {year}: there are no ranks")
    overall = kendalltau(x, y)
    every = all_pairs(x, y, float(overall.statistic))
    rows = {"all": every}
    inference: dict[str, dict[str, object]] = {}
    null: dict[str, object] = {}
    generate = generator(rng)
    if graph is not None:
        one, other = _links(table.index, lost, graph, subset)
        near = pairs_of(x, y, one, other)
        rows |= {"neighbours": near, "others": Pairs(*np.subtract(every, near))}
        null["neighbours"] = permuted_tau(x, y, one, other, draws, generate)
        inference["neighbours"] = _infer(near.tau, null["neighbours"], side)
    if groups is not None:
        codes = _groups(groups, table.index)
        change = rankdata(y) - rankdata(x)
        if not change.any():
            raise InputError("no rank changed, so that theta is undefined: leave groups out")
        null["groups"] = np.array(
            [theta(change[generate.permutation(len(change))], codes) for _ in range(draws)]
        )
        inference["groups"] = _infer(theta(change, codes), null["groups"], side)
    return RankMobilityResult(
        start=first,
        end=last,
        statistic=float(overall.statistic),
        p_value=max(float(overall.pvalue), float(np.finfo(float).tiny)),
        n=len(table),
        missing=len(lost),
        definition=_words(value, first, last, len(table), graph, groups, draws),
        pairs=pd.DataFrame.from_dict(
            {name: row.described() for name, row in rows.items()}, orient="index"
        ).rename_axis("of"),
        spatial=pd.DataFrame.from_dict(inference, orient="index") if spatial else None,
        null_distribution=null,
        frame=_frame(table, first, last, lost),
    )


def _infer(statistic: float, null: object, alternative: str) -> dict[str, object]:
    drawn = np.asarray(null)
    known = drawn[~np.isnan(drawn)]  # where all drawn pairs are tied there is no tau
    tie = 1e-12
    p = permutation_p(
        int((known >= statistic - tie).sum()),
        int((known <= statistic + tie).sum()),
        len(known),
        alternative,
    )
    return {
        "statistic": statistic,
        "expected": float(known.mean()) if len(known) else np.nan,
        "p_value": float(p) if not np.isnan(statistic) else np.nan,
        "alternative": alternative,
        "permutations": len(known),
    }


def _require_used(
    spatial: bool,
    graph: Graph | None,
    permutations: int | None,
    alternative: str | None,
    rng: object,
    subset: bool,
) -> None:
    given = {"permutations": permutations, "alternative": alternative, "rng": rng}
    unused = [name for name, argument in given.items() if argument is not None]
    if unused and not spatial:
        raise InputError(
            f"{', '.join(unused)} belong to permutations over a map or groups: pass graph or "
            "groups too"
        )
    if subset and graph is None:
        raise InputError("subset is used with a graph only")


def _years(panel: pd.DataFrame, start: int | None, end: int | None) -> tuple[int, int]:
    if not isinstance(panel, pd.DataFrame) or panel.index.nlevels != 2:
        raise InputError("a panel indexed (code, year) is needed: make it with spatialreg.to_panel")
    years = np.unique(panel.index.get_level_values(1).to_numpy())
    if len(years) < 2:
        raise InputError("the panel has one year: mobility is between two")
    first = int(years[0]) if start is None else start
    last = int(years[-1]) if end is None else end
    for name, year in (("start", first), ("end", last)):
        if year not in years:
            raise InputError(f"{name}={year!r} is no year of the panel ({some(years)})")
    if first >= last:
        raise InputError(f"start must be before end, not {first} and {last}")
    return int(first), int(last)


def _links(
    labels: pd.Index, lost: pd.Index, graph: Graph, subset: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Give the pairs of neighbours as positions, each pair once."""
    every = pd.Series(0.0, index=labels).reindex(labels.union(lost))
    _, restricted = align_to_graph(every, graph, subset=subset)
    pairs = np.sort(np.column_stack(matrix_from_graph(restricted, labels).nonzero()), axis=1)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    if not len(pairs):
        raise InputError("the graph has no two neighbours among the regions with values")
    pairs = np.unique(pairs, axis=0)
    return pairs[:, 0], pairs[:, 1]


def _groups(groups: pd.Series, labels: pd.Index) -> np.ndarray:
    if not isinstance(groups, pd.Series):
        raise InputError(
            f"groups must be a Series labelled by code, not {type(groups).__name__}: pass a column "
            "of a frame of regions"
        )
    require_unique(groups.index, "groups")
    lacking = labels[~labels.isin(groups.index)]
    if len(lacking):
        raise AlignmentError(
            f"groups lack {len(lacking)} regions with data ({some(lacking)}): index them by the "
            "same codes as the panel"
        )
    chosen = groups.loc[labels]
    without = labels[chosen.isna().to_numpy()]
    if len(without):
        raise InputError(
            f"{len(without)} regions with data have no group ({some(without)}): give them a group "
            "of their own with fillna"
        )
    return pd.factorize(chosen)[0]


def _frame(table: pd.DataFrame, first: int, last: int, lost: pd.Index) -> pd.DataFrame:
    ranks = [rankdata(-table[year].to_numpy()) for year in (first, last)]
    frame = pd.DataFrame(
        {
            "first": table[first],
            "last": table[last],
            "rank_first": ranks[0],
            "rank_last": ranks[1],
            "change": ranks[0] - ranks[1],
        },
        index=table.index,
    )
    return frame.reindex(table.index.union(lost).rename(table.index.name))


def _words(
    value: str,
    first: int,
    last: int,
    n: int,
    graph: Graph | None,
    groups: pd.Series | None,
    draws: int,
) -> str:
    words = f"Kendall's tau-b of {value} in {first} and {last}, {n} regions"
    if graph is not None:
        words += "; tau of pairs of neighbours and of other pairs (Rey 2014)"
    if groups is not None:
        words += "; theta: rank changes that groups have in common, over all (Rey 2004)"
    if graph is not None or groups is not None:
        words += f"; {draws} permutations of regions, each with both values"
    return words
