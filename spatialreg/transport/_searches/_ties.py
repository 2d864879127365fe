"""Which way: of all cheapest paths to a vertex, the one that counts, and what it adds up to.

A search gives costs alone. An arc lies on a cheapest path where it is *tight*: the cost of its tail
plus its own is the cost of its head, to the last bit. Along tight arcs every vertex takes from its
predecessors the facility that stands first among those equally near, and, of the paths from it, the
least sum of a second value (metres along the path of least minutes). So the answer hangs on the
graph alone, not on the order in which a search came by. Of several predecessors that give the
same, the lowest is the parent, arcs that cost nothing coming last.
"""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled
from .._arcs import Arcs, Compressed
from ._queues import Room

Labels = tuple[np.ndarray, np.ndarray, np.ndarray]


def new_labels(vertices: int) -> Labels:
    """Give the facility, the second sum and the parent of each vertex, as before any search."""
    return (
        np.full(vertices, -1, dtype=np.int32),
        np.full(vertices, np.inf),
        np.full(vertices, -1, dtype=np.int32),
    )


def second_by_arc(
    arcs: Arcs, second: np.ndarray | None, *, turned: bool
) -> tuple[Compressed, np.ndarray]:
    """Give the graph to search, its arcs turned round if asked, and the second value of each.

    Of parallel arcs that cost the same the least second value counts. Without a second value the
    cost stands in for it: all cheapest paths to a vertex have the same sum of that.
    """
    graph = arcs.backward if turned else arcs.forward
    if second is None:
        return graph, graph[2]
    tail, head = (arcs.head, arcs.tail) if turned else (arcs.tail, arcs.head)
    merged = np.full(len(graph[2]), np.inf)
    _merge(graph, tail, head, arcs.cost, np.ascontiguousarray(second, dtype=float), merged)
    return graph, merged


@compiled
def follow_ties(
    graph: Compressed, second: np.ndarray, seeds: np.ndarray, room: Room, labels: Labels
) -> None:
    """Label what the last search in `room` reached.

    All reached vertices stand in a line, in the order in which they were reached, which is nearly
    that of cost. One whose label is bettered after its turn goes to the end of the line. Each is in
    it at most once, so the line is a ring; and there are few second turns, as they take ties
    between paths of which one was found late, or arcs without cost.
    """
    indptr, indices, arc = graph
    cost, count, reached = room[0], room[1], room[2]
    line, idle = room[4], room[6]  # the queue of the search has left these
    facility, along, parent = labels
    size = count[0]
    for i in range(len(seeds) - 1, -1, -1):  # of facilities at one vertex, the first
        facility[seeds[i]] = i
        along[seeds[i]] = 0.0
    for i in range(size):
        line[i] = reached[i]
    turn, waiting = 0, size
    while waiting > 0:
        u = line[turn]
        turn = 0 if turn + 1 == size else turn + 1
        waiting -= 1
        idle[u] = 0  # any value but the -1 that means: still to come
        if facility[u] < 0:
            continue
        for e in range(indptr[u], indptr[u + 1]):
            v = indices[e]
            if cost[u] + arc[e] != cost[v]:
                continue
            fresh = along[u] + second[e]
            if (
                facility[v] < 0
                or facility[u] < facility[v]
                or (facility[u] == facility[v] and fresh < along[v])
            ):
                facility[v] = facility[u]
                along[v] = fresh
                parent[v] = u
                if idle[v] >= 0:
                    idle[v] = -1
                    end = turn + waiting
                    line[end - size if end >= size else end] = v
                    waiting += 1
            elif (
                (u < parent[v] or (parent[v] >= 0 and cost[parent[v]] == cost[v]))
                and cost[u] < cost[v]
                and facility[u] == facility[v]
                and fresh == along[v]
            ):
                parent[v] = u
    for i in range(size):
        idle[reached[i]] = -1


@compiled
def _merge(
    graph: Compressed,
    tail: np.ndarray,
    head: np.ndarray,
    cost: np.ndarray,
    second: np.ndarray,
    merged: np.ndarray,
) -> None:
    """Fill `merged` with the second value of each arc of `graph`, found among all arcs."""
    for i in range(len(tail)):
        if tail[i] != head[i]:
            e = arc_between(graph, tail[i], head[i])
            if cost[i] == graph[2][e] and second[i] < merged[e]:
                merged[e] = second[i]


@compiled
def arc_between(graph: Compressed, tail: int, head: int) -> int:
    """Find the arc from `tail` to `head`, which must exist: the arcs of a tail are sorted."""
    low, high = graph[0][tail], graph[0][tail + 1] - 1
    while low < high:
        middle = (low + high) // 2
        if graph[1][middle] < head:
            low = middle + 1
        else:
            high = middle
    return low
