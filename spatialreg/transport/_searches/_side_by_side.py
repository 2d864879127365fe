"""Searches from several sources side by side: the ways of neighbours are mostly the same.

Each vertex holds its costs from all sources of a batch in one row, and an arc passes the whole row
on at once: what is read from memory serves them all, and the additions are one instruction for
several. The queue of buckets (see ``_queues``) holds a vertex by the least of its costs that fell
since it was last scanned. A vertex is scanned again when another of its costs falls: two to five
times for eight sources, fewer the closer they lie together. The costs are the same as those of
single searches, to the last bit, for they are least sums over the same ways.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._compiled import compiled
from ._queues import Graph, ring

LANES = 8  # sources of a batch: a row is a line of the processor's cache
_WIDTH = 1.0  # of a bucket, in median arcs: order matters less than for one source
_MOST_SCANS = 3.5  # of a vertex, on average: with more, single searches are as quick


class Lanes(NamedTuple):
    """What a batch writes to; the next one may use it."""

    cost: np.ndarray  # shape (vertices, LANES)
    first: np.ndarray  # the first vertex of each bucket
    after: np.ndarray  # the next vertex of the same bucket
    before: np.ndarray
    place: np.ndarray  # the bucket of a vertex that waits, else -1
    scale: float  # buckets a unit of cost; zero where the arcs differ too much for buckets


def new_lanes(graph: Graph) -> Lanes:
    """Make the arrays that batches on `graph` write to."""
    n = len(graph.indptr) - 1
    scale, buckets = ring(graph.cost, np.inf, _WIDTH)
    # a row begins where a line of the cache does
    room = np.empty(n * LANES + LANES)
    start = -room.ctypes.data // room.itemsize % LANES
    return Lanes(
        cost=room[start : start + n * LANES].reshape(n, LANES),
        first=np.full(buckets, -1, dtype=np.int32),
        after=np.empty(n, dtype=np.int32),
        before=np.empty(n, dtype=np.int32),
        place=np.full(n, -1, dtype=np.int32),
        scale=scale,
    )


@compiled(ordered=True)
def search_side_by_side(
    graph: Graph, sources: np.ndarray, lanes: Lanes, targets: np.ndarray
) -> bool:
    """Find the least cost from each of up to `LANES` sources to the targets, a column each.

    Ends when no cost of a target can fall any more. Gives False where vertices had to be scanned so
    often that single searches are quicker; the costs are then not final.
    """
    indptr, indices, arc, _ = graph
    cost, first, after, before, place, scale = lanes
    n, mask = len(indptr) - 1, len(first) - 1
    for v in range(n):
        for lane in range(LANES):
            cost[v, lane] = np.inf
    waiting = 0
    for lane in range(len(sources)):
        v = sources[lane]
        cost[v, lane] = 0.0
        if place[v] < 0:
            enter(v, 0, first, after, before, place)
            waiting += 1
    row = np.empty(LANES)
    scans, bucket, steps, last = 0, 0, 0, np.inf
    every = max(n // 8, len(targets))  # the targets are looked at after so many scans
    look = every
    while waiting > 0 and scans <= _MOST_SCANS * n:
        u = first[bucket]
        while u < 0:
            bucket = (bucket + 1) & mask
            u = first[bucket]
            steps += 1
        if steps > last:
            break
        leave(u, first, after, before, place)
        waiting -= 1
        scans += 1
        for lane in range(LANES):
            row[lane] = cost[u, lane]
        for e in range(indptr[u], indptr[u + 1]):
            v, length = indices[e], arc[e]
            least = np.inf
            for lane in range(LANES):
                fresh = row[lane] + length
                least = min(least, fresh if fresh < cost[v, lane] else np.inf)
            if least == np.inf:
                continue
            for lane in range(LANES):
                cost[v, lane] = min(cost[v, lane], row[lane] + length)
            # costs of a row lie apart, so that the ring may come round: a vertex is then scanned
            # too soon, and once more
            old, new = place[v], int(least * scale) & mask
            if old >= 0:
                if (old - bucket) & mask <= (new - bucket) & mask:
                    continue
                leave(v, first, after, before, place)
            else:
                waiting += 1
            enter(v, new, first, after, before, place)
        if scans == look:
            look += every
            farthest = 0.0
            for t in range(len(targets)):
                for lane in range(len(sources)):
                    farthest = max(farthest, cost[targets[t], lane])
            last = farthest * scale + 1
    done = waiting == 0 or scans <= _MOST_SCANS * n
    if waiting > 0:  # the queue is left empty
        for v in range(n):
            if place[v] >= 0:
                first[place[v]] = -1
                place[v] = -1
    return done


@compiled
def enter(
    v: int,
    bucket: int,
    first: np.ndarray,
    after: np.ndarray,
    before: np.ndarray,
    place: np.ndarray,
) -> None:
    """Put a vertex at the head of a bucket."""
    after[v] = first[bucket]
    before[v] = -1
    if first[bucket] >= 0:
        before[first[bucket]] = v
    first[bucket] = v
    place[v] = bucket


@compiled
def leave(
    v: int, first: np.ndarray, after: np.ndarray, before: np.ndarray, place: np.ndarray
) -> None:
    """Take a vertex out of its bucket."""
    if before[v] >= 0:
        after[before[v]] = after[v]
    else:
        first[place[v]] = after[v]
    if after[v] >= 0:
        before[after[v]] = before[v]
    place[v] = -1
