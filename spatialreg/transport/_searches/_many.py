"""Many searches, each from a source of its own: all that is within reach, or given targets.

The sources are shared among the processors; each thread has one room for all its searches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._compiled import compiled, processors, sharing
from ..._nearby import neighbouring
from .._arcs import Arcs
from ._inputs import checked_cutoff, checked_second, checked_vertices
from ._nearest import NOTHING_WANTED
from ._queues import Graph, Room, clear, graph_of, new_room, search
from ._side_by_side import LANES, Lanes, new_lanes, search_side_by_side
from ._ties import follow_ties, graph_with

_SIDE_BY_SIDE = 64  # searches: from so many on, a batch that was tried in vain does not matter


@dataclass(frozen=True, eq=False)
class Reached:
    """What is within the cut-off of each source, one source after the other.

    Attributes
    ----------
    indptr : ndarray of int64, shape (sources + 1,)
        Source ``i`` has the entries from ``indptr[i]`` to ``indptr[i + 1]``.
    vertex : ndarray of int32
        Each vertex once for a source, the source itself first, the others in no order.
    cost : ndarray of float64
    """

    indptr: np.ndarray
    vertex: np.ndarray
    cost: np.ndarray


def within(arcs: Arcs, sources: np.ndarray, cutoff: float) -> Reached:
    """Find everything that each source reaches at a cost of at most `cutoff`.

    Time and memory go by what is reached, not by the size of the graph.

    Parameters
    ----------
    arcs : Arcs
        For what reaches the sources, ``arcs.reversed()``.
    sources : ndarray of int, shape (s,)
        Vertices.
    cutoff : float
        In the unit of cost; it is included.

    Returns
    -------
    Reached
        Costs equal those of scipy's Dijkstra to the last bit.

    Raises
    ------
    InputError
        A source is no vertex, or the cut-off is negative.

    Examples
    --------
    >>> import numpy as np
    >>> street = Arcs(3, *np.array([[0, 1], [1, 2]], dtype=np.int32), np.array([3.0, 4.0]),
    ...               np.arange(3.0), np.zeros(3))
    >>> reached = within(street, np.array([0, 1]), 5.0)
    >>> reached.indptr, reached.vertex, reached.cost
    (array([0, 2, 4]), array([0, 1, 1, 2], dtype=int32), array([0., 3., 0., 4.]))
    """
    seeds, cutoff = checked_vertices(sources, arcs.vertices, "sources"), checked_cutoff(cutoff)
    graph, counts = graph_of(arcs), np.zeros(len(seeds) + 1, dtype=np.int64)
    parts: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def loop(start: int, stop: int) -> None:
        found = counts[start + 1 : stop + 1]
        room = new_room(graph, cutoff)
        parts[start] = _within(graph, seeds[start:stop], cutoff, room, NOTHING_WANTED, found)

    with sharing(_workers(len(seeds))) as share:
        share(loop, len(seeds))
    vertex, cost = (np.concatenate([parts[start][i] for start in sorted(parts)]) for i in (0, 1))
    return Reached(np.cumsum(counts), vertex, cost)


def dense(
    arcs: Arcs, sources: np.ndarray, targets: np.ndarray, cutoff: float = np.inf
) -> np.ndarray:
    """Find the cost from each source to each target by searches.

    A search ends when all targets are settled. Where there are fewer targets than sources it goes
    from the targets against the arcs. Many searches without a cut-off go side by side, those that
    start near each other.

    Parameters
    ----------
    arcs : Arcs
    sources : ndarray of int, shape (s,)
    targets : ndarray of int, shape (t,)
        Vertices; one may occur more than once, and among the sources too.
    cutoff : float
        In the unit of cost; it is included.

    Returns
    -------
    ndarray of float64, shape (s, t)
        Infinite beyond the cut-off. From the sources equal to scipy's Dijkstra to the last bit;
        from the targets the same up to the rounding of a sum taken from its other end.

    Raises
    ------
    InputError
        A source or target is no vertex, or the cut-off is negative.

    Examples
    --------
    >>> import numpy as np
    >>> street = Arcs(3, *np.array([[0, 1], [1, 2]], dtype=np.int32), np.array([3.0, 4.0]),
    ...               np.arange(3.0), np.zeros(3))
    >>> dense(street, np.array([0, 2]), np.array([0, 1, 2]))
    array([[ 0.,  3.,  7.],
           [inf, inf,  0.]])
    """
    return _dense(arcs, sources, targets, cutoff, None)[0]


def dense_along(
    arcs: Arcs,
    sources: np.ndarray,
    targets: np.ndarray,
    second: np.ndarray,
    cutoff: float = np.inf,
) -> tuple[np.ndarray, np.ndarray]:
    """Find the least cost and, along that way, the sum of a second value: minutes and metres.

    Parameters
    ----------
    arcs, sources, targets, cutoff
        As for :func:`dense`.
    second : ndarray of float64, shape (m,)
        The other value of each arc, not negative. Of paths that cost the same, and of parallel arcs
        that do, the least sum counts.

    Returns
    -------
    cost, second : ndarray of float64, shape (s, t)
        Both infinite beyond the cut-off.

    Raises
    ------
    InputError
        As :func:`dense`, and where `second` does not fit.

    Examples
    --------
    Two arcs of three minutes from 0 to 1, one shorter:

    >>> import numpy as np
    >>> pair = Arcs(2, *np.array([[0, 0], [1, 1]], dtype=np.int32), np.array([3.0, 3.0]),
    ...             np.arange(2.0), np.zeros(2))
    >>> dense_along(pair, np.array([0]), np.array([1]), np.array([900.0, 800.0]))
    (array([[3.]]), array([[800.]]))
    """
    cost, along = _dense(arcs, sources, targets, cutoff, checked_second(second, arcs))
    return cost, along


def _dense(
    arcs: Arcs,
    sources: np.ndarray,
    targets: np.ndarray,
    cutoff: float,
    second: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Search from the smaller side; the second sums are empty where there is no second value."""
    begins = checked_vertices(sources, arcs.vertices, "sources")
    ends = checked_vertices(targets, arcs.vertices, "targets")
    cutoff = checked_cutoff(cutoff)
    against = len(ends) < len(begins)
    graph = graph_with(arcs, second, turned=against)
    if against:
        begins, ends = ends, begins
    cost, summing = np.full((len(begins), len(ends)), np.inf), second is not None
    along = np.full(cost.shape if summing else (0, 0), np.inf)
    if not summing and cutoff == np.inf and len(begins) >= _SIDE_BY_SIDE and len(ends):
        _in_batches(graph, begins, ends, (arcs.x, arcs.y), cost)
        return (cost.T.copy() if against else cost), along
    wanted = np.zeros(arcs.vertices, dtype=np.uint8)
    wanted[ends] = 1

    def loop(start: int, stop: int) -> None:
        room = new_room(graph, cutoff, labelled=summing, summing=summing)
        mine = slice(start, stop)
        _to_targets(graph, begins[mine], ends, cutoff, room, wanted.copy(), cost[mine], along[mine])

    if cost.size:
        with sharing(_workers(len(begins))) as share:
            share(loop, len(begins))
    return (cost.T.copy(), along.T.copy()) if against else (cost, along)


def _in_batches(
    graph: Graph,
    begins: np.ndarray,
    ends: np.ndarray,
    at: tuple[np.ndarray, np.ndarray],
    cost: np.ndarray,
) -> None:
    """Fill a row of `cost` for each source, those near each other searched from side by side."""
    order = neighbouring(at[0][begins], at[1][begins])
    batches = -(-len(begins) // LANES)

    def loop(start: int, stop: int) -> None:
        rows = order[start * LANES : stop * LANES]
        done = _batches(graph, begins[rows], ends, new_lanes(graph), rows, cost)
        alone = rows[done:]
        if len(alone):
            room = new_room(graph, np.inf)
            wanted = np.zeros(len(graph.indptr) - 1, dtype=np.uint8)
            wanted[ends] = 1
            found, nothing = np.empty((len(alone), len(ends))), np.empty((0, 0))
            _to_targets(graph, begins[alone], ends, np.inf, room, wanted, found, nothing)
            cost[alone] = found

    with sharing(min(processors(), batches)) as share:
        share(loop, batches)


def _workers(searches: int) -> int:
    return min(processors(), max(searches // 4, 1))


@compiled
def _batches(
    graph: Graph,
    sources: np.ndarray,
    targets: np.ndarray,
    lanes: Lanes,
    rows: np.ndarray,
    cost: np.ndarray,
) -> int:
    """Search batch by batch, and give how many sources were done before one was given up."""
    if lanes.scale == 0:
        return 0
    for start in range(0, len(sources), LANES):
        batch = sources[start : start + LANES]
        if not search_side_by_side(graph, batch, lanes, targets):
            return start
        for t in range(len(targets)):
            for lane in range(len(batch)):
                cost[rows[start + lane], t] = lanes.cost[targets[t], lane]
    return len(sources)


@compiled
def _within(
    graph: Graph,
    sources: np.ndarray,
    cutoff: float,
    room: Room,
    wanted: np.ndarray,
    found: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Search from each source; `found` says how many of the entries given back are whose."""
    cost, count, reached = room.cost, room.found, room.reached
    vertices, costs, size = np.empty(1024, dtype=np.int32), np.empty(1024), 0
    for i in range(len(sources)):
        search(graph, sources[i : i + 1], cutoff, room, wanted, -1)
        found[i] = count[0]
        if size + count[0] > len(vertices):
            # at the rate so far, and an eighth: less is copied twice than by doubling
            room_for = max((size + count[0]) * len(sources) // (i + 1), size + count[0])
            vertices, costs = _longer(vertices, costs, size, room_for + room_for // 8)
        for j in range(count[0]):
            vertices[size + j] = reached[j]
            costs[size + j] = cost[reached[j]]
        size += count[0]
        clear(room)
    return vertices[:size], costs[:size]


@compiled
def _longer(
    vertices: np.ndarray, costs: np.ndarray, size: int, length: int
) -> tuple[np.ndarray, np.ndarray]:
    """Copy the first `size` entries into arrays of the length asked for."""
    more, costing = np.empty(length, dtype=np.int32), np.empty(length)
    for i in range(size):
        more[i] = vertices[i]
        costing[i] = costs[i]
    return more, costing


@compiled
def _to_targets(
    graph: Graph,
    sources: np.ndarray,
    targets: np.ndarray,
    cutoff: float,
    room: Room,
    wanted: np.ndarray,
    cost: np.ndarray,
    along: np.ndarray,
) -> None:
    """Fill a row of `cost` for each source, and one of `along` where it has rows."""
    sought = 0
    for v in range(len(wanted)):
        sought += wanted[v]
    for i in range(len(sources)):
        if search(graph, sources[i : i + 1], cutoff, room, wanted, sought):
            follow_ties(graph, sources[i : i + 1], room)
        for j in range(len(targets)):
            v = targets[j]
            cost[i, j] = room.cost[v]
            if len(along) > 0 and room.cost[v] < np.inf:
                along[i, j] = room.along[v]
            wanted[v] = 1
        clear(room)
