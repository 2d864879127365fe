"""The k nearest facilities of every vertex, from one search of all of them together."""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled
from ...errors import InputError
from .._arcs import Arcs
from ._heap import rise, take_first
from ._inputs import checked_cutoff, checked_vertices, turned
from ._nearest import Direction
from ._queues import Graph, graph_of


def k_nearest(
    arcs: Arcs,
    facilities: np.ndarray,
    k: int,
    *,
    cutoff: float = np.inf,
    direction: Direction = "to",
) -> tuple[np.ndarray, np.ndarray]:
    """Find the `k` nearest facilities of every vertex, nearest first.

    Each vertex passes on the `k` best facilities that it has heard of and no more: one that is not
    among them cannot be among the `k` best of a vertex beyond. So the work is that of `k` searches,
    however many facilities there are.

    Parameters
    ----------
    arcs : Arcs
    facilities : ndarray of int
        Vertices. Several may stand at one vertex, and count each.
    k : int
        At least 1; it may be more than there are facilities.
    cutoff, direction
        As for :func:`nearest`.

    Returns
    -------
    cost : ndarray of float64, shape (n, k)
        Ascending; infinite where fewer facilities are within the cut-off.
    facility : ndarray of int32, shape (n, k)
        Positions in the facilities given, of those equally near the earlier first; -1 beyond.

    Raises
    ------
    InputError
        `k` is less than 1, a facility is no vertex, or an argument is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> street = Arcs(3, *np.array([[0, 1], [1, 2]], dtype=np.int32), np.array([3.0, 4.0]),
    ...               np.arange(3.0), np.zeros(3))
    >>> cost, facility = k_nearest(street, np.array([2, 1]), 2)
    >>> cost
    array([[ 3.,  7.],
           [ 0.,  4.],
           [ 0., inf]])
    >>> facility
    array([[ 1,  0],
           [ 1,  0],
           [ 0, -1]], dtype=int32)
    """
    seeds = checked_vertices(facilities, arcs.vertices, "facilities")
    if k < 1:
        raise InputError(f"k must be at least 1, not {k}")
    graph = graph_of(arcs, turned=turned(direction))
    cost = np.full((arcs.vertices, k), np.inf)
    facility = np.full((arcs.vertices, k), -1, dtype=np.int32)
    if len(seeds):
        _settle(graph, seeds, checked_cutoff(cutoff), cost, facility)
    return cost, facility


@compiled
def _settle(
    graph: Graph, seeds: np.ndarray, cutoff: float, cost: np.ndarray, facility: np.ndarray
) -> None:
    """Fill the rows of `cost` and `facility`, each a vertex's list in order.

    A heap holds the vertices that have something to pass on, by the cost of the first of their list
    that they have not: those before it are ``passed``.
    """
    indptr, indices, arc, _ = graph
    n, k = cost.shape
    passed = np.zeros(n, dtype=np.int32)
    heap, place, keys = np.empty(n, np.int32), np.full(n, -1, dtype=np.int32), np.empty(n)
    waiting = 0
    for i in range(len(seeds)):
        v = seeds[i]
        _insert(cost, facility, v, 0.0, i)
        if place[v] < 0:
            place[v] = waiting
            waiting += 1
            rise(heap, keys, place, v, 0.0)
    while waiting > 0:
        u = heap[0]
        waiting -= 1
        take_first(heap, keys, place, waiting)
        base, which = cost[u, passed[u]], facility[u, passed[u]]
        passed[u] += 1
        if passed[u] < k and facility[u, passed[u]] >= 0:
            place[u] = waiting
            waiting += 1
            rise(heap, keys, place, u, cost[u, passed[u]])
        for e in range(indptr[u], indptr[u + 1]):
            v, fresh = indices[e], base + arc[e]
            if fresh > cutoff or fresh > cost[v, k - 1]:
                continue
            at = _insert(cost, facility, v, fresh, which)
            if at < 0:
                continue
            # before what was passed on only if it costs the same, by arcs without cost
            passed[v] = min(passed[v], at)
            if place[v] < 0:
                place[v] = waiting
                waiting += 1
                rise(heap, keys, place, v, cost[v, passed[v]])
            elif cost[v, passed[v]] < keys[place[v]]:
                rise(heap, keys, place, v, cost[v, passed[v]])


@compiled
def _insert(cost: np.ndarray, facility: np.ndarray, v: int, fresh: float, which: int) -> int:
    """Put a facility into the list of `v`, sorted by cost and position; where, or -1 if nowhere."""
    k = cost.shape[1]
    end = 0  # where the list gives way: at the facility's old entry, at its end, or at the last
    while end < k and facility[v, end] >= 0 and facility[v, end] != which:
        end += 1
    if end < k and facility[v, end] == which:
        if cost[v, end] <= fresh:
            return -1
    elif end == k:
        end = k - 1
        if cost[v, end] < fresh or (cost[v, end] == fresh and facility[v, end] < which):
            return -1
    while end > 0 and (
        cost[v, end - 1] > fresh or (cost[v, end - 1] == fresh and facility[v, end - 1] > which)
    ):
        cost[v, end] = cost[v, end - 1]
        facility[v, end] = facility[v, end - 1]
        end -= 1
    cost[v, end] = fresh
    facility[v, end] = which
    return end
