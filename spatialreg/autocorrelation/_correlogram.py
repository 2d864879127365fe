"""How far does likeness reach: a global statistic by order of neighbours or by distance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import numeric_series, require_one_of
from .._significance import CORRECTIONS, Alternative, adjust, holm
from ..errors import InputError
from ..weights._distances import ground_points
from ._cases import Statistic, Words, links_between, tabulate

_CORRECTIONS = (*CORRECTIONS, "holm")


def correlogram(
    y: pd.Series,
    graph: Graph | gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    orders: int | None = None,
    breaks: Sequence[float] | None = None,
    statistic: Statistic = "moran",
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    correction: str | None = None,
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> pd.DataFrame:
    """Compute a global statistic for neighbours ever farther apart.

    Parameters
    ----------
    y : Series
        One value per region, in any unit; NaN marks a region without data.
    graph : Graph, or GeoDataFrame or GeoSeries
        A graph for a correlogram by order: neighbours of order `k` are those whom it takes just
        `k` steps to reach. Regions for one by distance between representative points.
    orders : int
        Highest order, with a graph; 5 where left out.
    breaks : sequence of float
        Upper limits of the distance classes, rising [m], with regions. The first class begins at
        zero, each other one just above the limit before.
    statistic : "moran" or callable
        A function with the arguments of :func:`moran` that gives a ``GlobalResult``.
    permutations, alternative, subset
        As in :func:`moran`.
    correction : {None, "bonferroni", "holm", "fdr_bh", "fdr_by"}
        Adjustment of ``p_value`` for the number of orders or classes.
    rng : int or Generator
        Seed. An int gives every order the same rearrangements.

    Returns
    -------
    DataFrame
        Index ``order``, or ``distance``, the upper limit [m]; ``links``, pairs of neighbours
        counted both ways; ``statistic``, ``expected``; ``lower`` and ``upper``, between which lie
        the middle 95 % of the permutations; ``z_score``, ``p_value``, ``p_adjusted``,
        ``p_analytic``; ``n`` and ``isolates``, regions with a value and those of them that have no
        neighbour at this order.

    Raises
    ------
    InputError
        `orders` is given with regions or `breaks` with a graph; they are out of range; weights are
        neither binary nor row-standardised, so that they say nothing of higher orders; or nothing
        can be computed.
    AlignmentError
        As in :func:`moran`.
    CRSError
        Regions have no reference system.

    Warns
    -----
    MissingDataWarning
        Orders or classes without a pair of regions are NaN.
    IsolateWarning
        At some orders regions lost all their neighbours because these have no value.

    Notes
    -----
    Orders follow the links as `graph` has them, in their direction, on all its regions: a region
    without a value is passed through, but it is nobody's neighbour. Weights of each order are of
    the kind of the graph, binary or row-standardised; those of distance classes are
    row-standardised. Regions without a neighbour at an order still count in the mean and in ``n``
    (spdep's ``moran.test`` leaves them out of ``n``).

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> frame = sr.autocorrelation.correlogram(
    ...     states["income_1929"], graph, orders=4, correction="holm", rng=1
    ... )
    >>> frame[["links", "statistic", "p_adjusted"]].round(3)
           links  statistic  p_adjusted
    order
    1        214      0.627       0.001
    2        352      0.345       0.001
    3        428      0.053       0.347
    4        386     -0.115       0.347
    """
    require_one_of(correction, _CORRECTIONS, "correction")
    y = numeric_series(y)
    if isinstance(graph, gpd.GeoDataFrame | gpd.GeoSeries):
        if orders is not None:
            raise InputError("orders are those of a graph: pass one, or breaks [m] with regions")
        limits = _checked_breaks(breaks)
        graphs, words = dict(_by_distance(graph, limits)), Words("classes", "up to")
    elif isinstance(graph, Graph):
        if breaks is not None:
            raise InputError("breaks are distances between regions: pass these, not a graph")
        graphs, words = dict(_by_order(graph, _checked_orders(orders))), Words("orders", "at")
    else:
        raise InputError(
            "graph must be a libpysal.graph.Graph, or regions (a GeoDataFrame) for distances, not "
            f"{type(graph).__name__}"
        )
    frame = tabulate(
        ((label, y, each) for label, each in graphs.items()),
        statistic,
        words,
        permutations=permutations,
        alternative=alternative,
        rng=rng,
        subset=subset,
    )
    links = [links_between(each, y.dropna().index) for each in graphs.values()]
    frame.insert(0, "links", links)
    p = frame["p_value"].to_numpy()
    adjusted = holm(p) if correction == "holm" else adjust(p, correction)
    frame.insert(int(np.flatnonzero(frame.columns == "p_value")[0]) + 1, "p_adjusted", adjusted)
    frame.index.name = "order" if isinstance(graph, Graph) else "distance"
    return frame


def _checked_orders(orders: int | None) -> int:
    if orders is None:
        return 5
    if isinstance(orders, bool) or not isinstance(orders, int | np.integer) or orders < 1:
        raise InputError(f"orders must be a whole number of at least 1, not {orders!r}")
    return int(orders)


def _checked_breaks(breaks: Sequence[float] | None) -> np.ndarray:
    if breaks is None:
        raise InputError(
            "with regions, breaks are needed: the upper limits of the distance classes [m], for "
            "example breaks=[100_000, 200_000, 400_000]"
        )
    limits = np.asarray(breaks, dtype=float)
    rising = limits.ndim == 1 and len(limits) and (np.diff(limits, prepend=0.0) > 0).all()
    if not rising or not np.isfinite(limits).all():
        raise InputError(f"breaks must be above zero, finite and rising [m], not {breaks!r}")
    return limits


def _by_order(graph: Graph, orders: int) -> Iterator[tuple[int, Graph]]:
    """Give for each order the graph of those whom it takes just so many steps to reach."""
    matrix = sparse.csr_array(graph.sparse)
    matrix.eliminate_zeros()
    standardised = graph.transformation == "R"
    if not standardised and not (matrix.data == 1).all():
        raise InputError(
            f"weights of transformation {graph.transformation!r} say nothing of higher orders: "
            "pass graph.transform('r') or graph.transform('b')"
        )
    matrix.data[:] = 1.0
    seen = sparse.csr_array(sparse.identity(graph.n) + matrix)
    front = matrix
    for order in range(1, orders + 1):
        if order > 1:
            front = sparse.csr_array(front @ matrix)
            front.data[:] = 1.0
            front = sparse.csr_array(front - front.multiply(seen.astype(bool)))
            front.eliminate_zeros()
            seen = sparse.csr_array(seen + front)
        each = Graph.from_sparse(front, ids=graph.unique_ids)
        yield order, each.transform("r" if standardised else "b")


def _by_distance(
    regions: gpd.GeoDataFrame | gpd.GeoSeries, limits: np.ndarray
) -> Iterator[tuple[float, Graph]]:
    """Give for each distance class the graph of regions so far apart."""
    points = ground_points(regions.geometry)
    one, other, distance = points.within(float(limits[-1]))
    # a pair at a limit, up to rounding, belongs to the class that ends there
    place = np.searchsorted(limits * (1 + 1e-9), distance)
    for k, limit in enumerate(limits):
        inside = place == k
        matrix = sparse.csr_array(
            (np.ones(inside.sum()), (one[inside], other[inside])), shape=(len(points),) * 2
        )
        yield float(limit), Graph.from_sparse(matrix, ids=regions.index).transform("r")
