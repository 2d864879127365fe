"""Which way: of all cheapest paths to a vertex, the one that counts, and what it adds up to.

An arc lies on a cheapest path where it is *tight*: the cost of its tail plus its own is the cost of
its head, to the last bit. Along tight arcs every vertex takes from its predecessors the facility
that stands first among those equally near, and, of the paths from it, the least sum of a second
value (metres along the path of least minutes). So the answer hangs on the graph alone, not on the
order in which a search came by. Most often one tight arc leads to a vertex, or several that label
it alike; then the labels of the search itself are right, and nothing is left to do here.
"""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled
from .._arcs import Arcs
from ._queues import Graph, Room, differs, graph_of, label_seed


def graph_with(arcs: Arcs, second: np.ndarray | None, *, turned: bool) -> Graph:
    """Give the graph to search with a second value of each arc.

    Of parallel arcs that cost the same the least second value counts.
    """
    graph = graph_of(arcs, turned=turned)
    if second is None:
        return graph
    tail, head = (arcs.head, arcs.tail) if turned else (arcs.tail, arcs.head)
    graph = graph._replace(second=np.full(len(graph.cost), np.inf))
    _merge(graph, tail, head, arcs.cost, second)
    return graph


@compiled
def follow_ties(graph: Graph, seeds: np.ndarray, room: Room) -> None:
    """Label anew what the last search in `room` reached.

    All reached vertices stand in a line, in the order in which they were reached, which is nearly
    that of cost. One whose label is bettered after its turn goes to the end of the line. Each is in
    it at most once, so the line is a ring; and there are few second turns, as they take ties
    between paths of which one was found late, or arcs without cost.
    """
    indptr, indices, arc, second = graph
    cost, reached, size = room.cost, room.reached, room.found[0]
    facility, along, parent = room.facility, room.along, room.parent
    line, turned = room.after, room.place  # the queue of the search has left these
    summing = len(along) > 0
    for i in range(size):
        line[i] = reached[i]
        facility[reached[i]] = -1
        parent[reached[i]] = -1
    for i in range(len(seeds) - 1, -1, -1):  # of facilities at one vertex, the first
        label_seed(room, seeds[i], i)
    now, waiting = 0, size
    while waiting > 0:
        u = line[now]
        now = 0 if now + 1 == size else now + 1
        waiting -= 1
        turned[u] = 0  # until then -1
        if facility[u] < 0:
            continue
        for e in range(indptr[u], indptr[u + 1]):
            v = indices[e]
            if cost[u] + arc[e] != cost[v] or (facility[v] >= 0 and not differs(graph, room, u, e)):
                continue
            if facility[v] >= 0 and facility[u] > facility[v]:
                continue
            fresh = along[u] + second[e] if summing else 0.0
            if summing and facility[u] == facility[v] and fresh > along[v]:
                continue
            facility[v] = facility[u]
            parent[v] = u
            if summing:
                along[v] = fresh
            if turned[v] >= 0:
                turned[v] = -1
                end = now + waiting
                line[end - size if end >= size else end] = v
                waiting += 1
    for i in range(size):
        turned[reached[i]] = -1


@compiled
def _merge(
    graph: Graph, tail: np.ndarray, head: np.ndarray, cost: np.ndarray, second: np.ndarray
) -> None:
    """Fill the second value of each arc of `graph`, found among all arcs."""
    for i in range(len(tail)):
        if tail[i] != head[i]:
            e = arc_between(graph, tail[i], head[i])
            if cost[i] == graph.cost[e] and second[i] < graph.second[e]:
                graph.second[e] = second[i]


@compiled
def arc_between(graph: Graph, tail: int, head: int) -> int:
    """Find the arc from `tail` to `head`, which must exist: the arcs of a tail are sorted."""
    low, high = graph.indptr[tail], graph.indptr[tail + 1] - 1
    while low < high:
        middle = (low + high) // 2
        if graph.indices[middle] < head:
            low = middle + 1
        else:
            high = middle
    return low
