"""One search from a set of vertices: the least cost to every vertex within a cut-off.

Two queues answer this, with the same figures to the last bit. In both, the cost of a vertex is the
least over all paths of the sum from the seed onwards, and adding is monotone in floating point too:
what one of them settles, any other exact search settles, scipy's among them.

*Buckets* (Dial 1969) hold vertices by their cost in steps of one width, in a ring, each bucket a
list linked both ways through the vertices, so that a vertex whose cost falls is moved at once and
memory does not grow. Within a bucket the order is any: a vertex that falls within it is scanned
again, which at a quarter of a usual arc happens to a few in ten thousand. Where arcs differ by
orders of magnitude many would be scanned again; then the search stops and starts anew with
a *heap*, whose work is bounded whatever the costs are.

The arrays that a search writes to (its room) serve the next one, which finds them as
:func:`new_room` made them once :func:`clear` has been called.
"""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled
from .._arcs import Compressed

Room = tuple[np.ndarray, ...]

_BUCKETS = 2**18  # more than this, and the costs differ too much for buckets
_WIDTH = 0.25  # of the median arc; anything from 0.05 to 0.5 is as fast


def new_room(graph: Compressed, cutoff: float) -> Room:
    """Make the arrays that searches on `graph` write to.

    Returns
    -------
    (cost, count, reached, first, after, before, place, scale, keys)
        Cost of each vertex, infinite before a search; the number of vertices that a search reached,
        and these vertices; the first vertex of each bucket; the links; the bucket of a vertex that
        waits, else -1 (in a heap its position); buckets a unit of cost, zero for a heap; and the
        costs in a heap. The heap itself stands in ``after``.
    """
    n = len(graph[0]) - 1
    scale, buckets = _ring(graph[2], cutoff)
    return (
        np.full(n, np.inf),
        np.zeros(1, dtype=np.int64),
        np.empty(n, dtype=np.int32),
        np.full(buckets, -1, dtype=np.int32),
        np.empty(n, dtype=np.int32),
        np.empty(n, dtype=np.int32),
        np.full(n, -1, dtype=np.int32),
        np.array([scale]),
        np.empty(n),
    )


def _ring(cost: np.ndarray, cutoff: float) -> tuple[float, int]:
    """Choose buckets a unit of cost, and their number: a ring longer than the longest arc."""
    positive = cost[cost > 0]
    if len(positive) == 0:
        return 1.0, 2
    # a few thousand arcs tell what an arc usually costs; the step is odd, against patterns
    usual = float(np.median(positive[:: len(positive) // 4096 | 1]))
    needed = min(float(cost.max()), cutoff) / (_WIDTH * usual)
    if not needed < _BUCKETS:
        return 0.0, 1
    # two more: both ends of the ring may be begun
    return 1 / (_WIDTH * usual), 2 ** int(np.ceil(np.log2(needed + 3)))


@compiled
def clear(room: Room) -> None:
    """Make the room as it was before the search, at the price of what the search reached."""
    cost, count, reached = room[0], room[1], room[2]
    for i in range(count[0]):
        cost[reached[i]] = np.inf
    count[0] = 0


@compiled
def search(
    graph: Compressed, seeds: np.ndarray, cutoff: float, room: Room, wanted: np.ndarray, sought: int
) -> None:
    """Find the least cost from any seed to each vertex, as far as `cutoff`, that included.

    With `sought` above zero the search ends once so many vertices marked by 1 in `wanted` are
    settled (their marks are then 2); costs above theirs are not final, all others are. With -1 it
    goes on to the cut-off.
    """
    scale = room[7]
    if scale[0] > 0:
        if search_by_buckets(graph, seeds, cutoff, room, wanted, sought):
            return
        clear(room)
        scale[0] = 0.0  # the next search from this room need not try
        for v in range(len(wanted)):
            if wanted[v] == 2:
                wanted[v] = 1
    search_by_heap(graph, seeds, cutoff, room, wanted, sought)


@compiled
def search_by_buckets(
    graph: Compressed, seeds: np.ndarray, cutoff: float, room: Room, wanted: np.ndarray, sought: int
) -> bool:
    """Search with a ring of buckets; False where too many vertices had to be scanned again."""
    indptr, indices, arc = graph
    cost, count, reached, first, after, before, place, scales, _ = room
    scale, mask = scales[0], len(first) - 1
    found, waiting, scans, bucket = 0, 0, 0, 0
    for v in seeds:
        if cost[v] > 0:
            cost[v] = 0.0
            reached[found] = v
            found += 1
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
    count[0] = found
    if waiting > 0:  # the queue is left empty
        for i in range(found):
            v = reached[i]
            if place[v] >= 0:
                first[place[v]] = -1
                place[v] = -1
    return scans <= 4 * found + 1000


@compiled
def search_by_heap(
    graph: Compressed, seeds: np.ndarray, cutoff: float, room: Room, wanted: np.ndarray, sought: int
) -> None:
    """Search with a heap (Dijkstra 1959); vertices stand in ``reached`` in the order of cost."""
    indptr, indices, arc = graph
    cost, count, reached, _, heap, _, place, _, keys = room
    found, waiting, last = 0, 0, np.inf
    for v in seeds:
        if cost[v] > 0:
            cost[v] = 0.0
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
                if place[v] < 0:
                    place[v] = waiting
                    waiting += 1
                rise(heap, keys, place, v, fresh)
    for i in range(waiting):  # reached, though not settled
        reached[found + i] = heap[i]
        place[heap[i]] = -1
    count[0] = found + waiting


@compiled
def rise(heap: np.ndarray, keys: np.ndarray, place: np.ndarray, v: int, key: float) -> None:
    """Move `v` up from its place in a heap of four children a node, to where `key` belongs."""
    i = place[v]
    while i > 0:
        parent = (i - 1) >> 2
        if keys[parent] <= key:
            break
        heap[i] = heap[parent]
        keys[i] = keys[parent]
        place[heap[i]] = i
        i = parent
    heap[i] = v
    keys[i] = key
    place[v] = i


@compiled
def take_first(heap: np.ndarray, keys: np.ndarray, place: np.ndarray, size: int) -> None:
    """Take the first vertex off the heap, which then holds `size` of them."""
    place[heap[0]] = -1
    if size == 0:
        return
    v, key, i = heap[size], keys[size], 0
    while 4 * i + 1 < size:
        child = 4 * i + 1
        least, least_key = child, keys[child]
        for other in range(child + 1, min(child + 4, size)):
            if keys[other] < least_key:
                least, least_key = other, keys[other]
        if least_key >= key:
            break
        heap[i] = heap[least]
        keys[i] = least_key
        place[heap[i]] = i
        i = least
    heap[i] = v
    keys[i] = key
    place[v] = i
