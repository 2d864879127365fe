"""One search from a set of vertices: the least cost to every vertex within a cut-off.

Two queues answer this, with the same figures to the last bit. In both, the cost of a vertex is the
least over all paths of the sum from the seed onwards, and adding is monotone in floating point too:
what one of them settles, any other exact search settles, scipy's among them.

*Buckets* (Dial 1969) hold vertices by their cost in steps of one width, in a ring, each bucket a
list linked both ways through the vertices, so that a vertex whose cost falls is moved at once and
memory does not grow. Within a bucket the order is any: a vertex that falls within it is scanned
again, which at a quarter of a usual arc happens to a few in ten thousand. Where arcs differ by
orders of magnitude many would be scanned again; then the search stops and starts anew with a
*heap* (Dijkstra 1959), whose work is bounded whatever the costs are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._compiled import compiled
from .._arcs import Arcs
from ._heap import rise, take_first

_BUCKETS = 2**18  # more than this, and the costs differ too much for buckets
_WIDTH = 0.25  # of the median arc; anything from 0.05 to 0.5 is as fast


class Graph(NamedTuple):
    """Arcs by the vertex that a search comes from."""

    indptr: np.ndarray
    indices: np.ndarray
    cost: np.ndarray
    second: np.ndarray  # a second value of each arc, or nothing


class Room(NamedTuple):
    """What a search writes to; the next search may use it after :func:`clear`."""

    cost: np.ndarray  # of each vertex, infinite before a search
    found: np.ndarray  # how many vertices the search reached, one number
    reached: np.ndarray  # these vertices; after a search with a heap in the order of cost
    facility: np.ndarray  # which seed each was reached from; the labels are empty if none are asked
    along: np.ndarray  # the second value summed along the way, empty if there is none
    parent: np.ndarray  # the vertex before it, -1 for a seed
    first: np.ndarray  # the first vertex of each bucket
    after: np.ndarray  # the next vertex of the same bucket, or the vertices in a heap
    before: np.ndarray
    place: np.ndarray  # the bucket of a vertex that waits, or its position in a heap; else -1
    keys: np.ndarray  # the costs in a heap
    scale: np.ndarray  # buckets a unit of cost, one number: zero for a heap


def graph_of(arcs: Arcs, *, turned: bool = False) -> Graph:
    """Give the graph to search, its arcs turned round if asked, without a second value."""
    return Graph(*(arcs.backward if turned else arcs.forward), np.empty(0))


def new_room(graph: Graph, cutoff: float, *, labelled: bool = False, summing: bool = False) -> Room:
    """Make the arrays that searches on `graph` write to, with labels and second sums if asked."""
    n = len(graph.indptr) - 1
    scale, buckets = ring(graph.cost, cutoff, _WIDTH)
    labels, sums = (n if asked else 0 for asked in (labelled, summing))
    return Room(
        cost=np.full(n, np.inf),
        found=np.zeros(1, dtype=np.int64),
        reached=np.empty(n, dtype=np.int32),
        facility=np.full(labels, -1, dtype=np.int32),
        along=np.full(sums, np.inf),
        parent=np.full(labels, -1, dtype=np.int32),
        first=np.full(buckets, -1, dtype=np.int32),
        after=np.empty(n, dtype=np.int32),
        before=np.empty(n, dtype=np.int32),
        place=np.full(n, -1, dtype=np.int32),
        keys=np.empty(n),
        scale=np.array([scale]),
    )


def ring(cost: np.ndarray, cutoff: float, width: float) -> tuple[float, int]:
    """Choose buckets a unit of cost, and their number: a ring longer than the longest arc.

    `width` is that of a bucket, in median arcs. The scale is zero where it would take too many.
    """
    positive = cost[cost > 0]
    if len(positive) == 0:
        return 1.0, 2
    # a few thousand arcs tell what an arc usually costs; the step is odd, against patterns
    usual = float(np.median(positive[:: len(positive) // 4096 | 1]))
    width, longest = width * usual, min(float(cost.max()), cutoff)
    if width < np.finfo(float).tiny or longest >= _BUCKETS * width:
        return 0.0, 1
    # both ends of the ring may be begun
    return 1 / width, 2 ** int(np.ceil(np.log2(longest / width + 3)))


@compiled
def clear(room: Room) -> None:
    """Forget the last search, at the price of what it reached. Labels without cost say nothing."""
    for i in range(room.found[0]):
        room.cost[room.reached[i]] = np.inf
    room.found[0] = 0


@compiled
def search(
    graph: Graph, seeds: np.ndarray, cutoff: float, room: Room, wanted: np.ndarray, sought: int
) -> bool:
    """Find the least cost from any seed to each vertex, as far as `cutoff`, that included.

    With `sought` above zero the search ends once so many vertices marked by 1 in `wanted` are
    settled (their marks are then 2); costs above theirs are not final, all others are. With -1 it
    goes on to the cut-off.

    Gives whether some vertex has cheapest ways that would label it differently: then the labels are
    those of any of them, until :func:`follow_ties` has chosen.
    """
    if room.scale[0] > 0:
        done, tied = search_by_buckets(graph, seeds, cutoff, room, wanted, sought)
        if done:
            return tied
        clear(room)
        room.scale[0] = 0.0  # the next search need not try
        for v in range(len(wanted)):
            if wanted[v] == 2:
                wanted[v] = 1
    return search_by_heap(graph, seeds, cutoff, room, wanted, sought)


@compiled
def search_by_buckets(
    graph: Graph, seeds: np.ndarray, cutoff: float, room: Room, wanted: np.ndarray, sought: int
) -> tuple[bool, bool]:
    """Search with buckets. Gives False first where too many vertices had to be scanned again."""
    indptr, indices, arc, second = graph
    cost, reached, first, place = room.cost, room.reached, room.first, room.place
    after, before = room.after, room.before
    facility, along, parent = room.facility, room.along, room.parent
    labelled, summing = len(facility) > 0, len(along) > 0
    scale, mask = room.scale[0], len(first) - 1
    found, waiting, scans, bucket, tied = 0, 0, 0, 0, False
    for i in range(len(seeds)):
        v = seeds[i]
        if cost[v] > 0:
            cost[v] = 0.0
            reached[found] = v
            found += 1
            if labelled:
                label_seed(room, v, i)
            after[v] = first[0]
            before[v] = -1
            if first[0] >= 0:
                before[first[0]] = v
            first[0] = v
            place[v] = 0
            waiting += 1
    while waiting > 0:
        u = first[bucket]
        if u < 0:
            if sought == 0:
                break
            while u < 0:
                bucket = (bucket + 1) & mask
                u = first[bucket]
        first[bucket] = after[u]
        if after[u] >= 0:
            before[after[u]] = -1
        place[u] = -1
        waiting -= 1
        scans += 1
        if scans > 4 * found + 1000:
            break
        if sought > 0 and wanted[u] == 1:
            wanted[u] = 2
            sought -= 1
        for e in range(indptr[u], indptr[u + 1]):
            v, fresh = indices[e], cost[u] + arc[e]
            if fresh < cost[v] and fresh <= cutoff:
                if cost[v] == np.inf:
                    reached[found] = v
                    found += 1
                cost[v] = fresh
                if labelled:
                    facility[v] = facility[u]
                    parent[v] = u
                    if summing:
                        along[v] = along[u] + second[e]
                old, new = place[v], int(fresh * scale) & mask
                if old == new:
                    continue
                if old >= 0:  # out of its list
                    if before[v] >= 0:
                        after[before[v]] = after[v]
                    else:
                        first[old] = after[v]
                    if after[v] >= 0:
                        before[after[v]] = before[v]
                else:
                    waiting += 1
                after[v] = first[new]
                before[v] = -1
                if first[new] >= 0:
                    before[first[new]] = v
                first[new] = v
                place[v] = new
            elif labelled and fresh == cost[v]:
                tied = differs(graph, room, u, e) or tied
    room.found[0] = found
    if waiting > 0:  # the queue is left empty
        for i in range(found):
            v = reached[i]
            if place[v] >= 0:
                first[place[v]] = -1
                place[v] = -1
    return scans <= 4 * found + 1000, tied


@compiled
def search_by_heap(
    graph: Graph, seeds: np.ndarray, cutoff: float, room: Room, wanted: np.ndarray, sought: int
) -> bool:
    """Search with a heap of the vertices that wait, by their cost."""
    indptr, indices, arc, second = graph
    cost, reached, heap, place, keys = room.cost, room.reached, room.after, room.place, room.keys
    facility, along, parent = room.facility, room.along, room.parent
    labelled, summing = len(facility) > 0, len(along) > 0
    found, waiting, last, tied = 0, 0, np.inf, False
    for i in range(len(seeds)):
        v = seeds[i]
        if cost[v] > 0:
            cost[v] = 0.0
            if labelled:
                label_seed(room, v, i)
            heap[waiting] = v
            keys[waiting] = 0.0
            place[v] = waiting
            waiting += 1
    while waiting > 0:
        u = heap[0]
        if cost[u] > last:
            break
        waiting -= 1
        take_first(heap, keys, place, waiting)
        reached[found] = u
        found += 1
        if sought > 0 and wanted[u] == 1:
            wanted[u] = 2
            sought -= 1
            if sought == 0:  # what costs no more than this may still be joined at no cost
                last = cost[u]
        for e in range(indptr[u], indptr[u + 1]):
            v, fresh = indices[e], cost[u] + arc[e]
            if fresh < cost[v] and fresh <= cutoff:
                cost[v] = fresh
                if labelled:
                    facility[v] = facility[u]
                    parent[v] = u
                    if summing:
                        along[v] = along[u] + second[e]
                if place[v] < 0:
                    place[v] = waiting
                    waiting += 1
                rise(heap, keys, place, v, fresh)
            elif labelled and fresh == cost[v]:
                tied = differs(graph, room, u, e) or tied
    for i in range(waiting):  # reached, though not settled
        reached[found + i] = heap[i]
        place[heap[i]] = -1
    room.found[0] = found + waiting
    return tied


@compiled
def label_seed(room: Room, v: int, which: int) -> None:
    """Label a vertex where a search begins."""
    room.facility[v] = which
    room.parent[v] = -1
    if len(room.along) > 0:
        room.along[v] = 0.0


@compiled
def differs(graph: Graph, room: Room, u: int, e: int) -> bool:
    """Say whether arc `e` from `u`, on a cheapest way to its head, would label the head otherwise.

    If not, the head's parent is the lower of both vertices, one that is nearer coming before one at
    the same cost.
    """
    cost, facility, parent = room.cost, room.facility, room.parent
    v = graph.indices[e]
    if facility[u] != facility[v]:
        return True
    if len(room.along) > 0 and room.along[u] + graph.second[e] != room.along[v]:
        return True
    p = parent[v]
    if p >= 0 and cost[u] < cost[v] and (u < p or cost[p] == cost[v]):
        parent[v] = u
    return False
