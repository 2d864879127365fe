"""Ways up from sources to the core, and costs handed down from the core to targets.

Vertices that were taken out are numbered in the order in which they went, the core follows. Up-arcs
of a vertex lead to its neighbours when it went, which have higher numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._compiled import compiled
from .._searches._heap import rise, take_first


class Up(NamedTuple):
    """The up-arcs of the vertices that were taken out, with the costs of both directions."""

    indptr: np.ndarray
    to: np.ndarray
    out: np.ndarray  # up, infinite where no arc leads there
    back: np.ndarray  # down


class Climbed(NamedTuple):
    """What each source reaches by up-arcs: from ``indptr[i]`` to ``indptr[i + 1]``."""

    indptr: np.ndarray
    vertex: np.ndarray
    cost: np.ndarray


@compiled
def climb(up: Up, vertices: int, sources: np.ndarray) -> Climbed:
    """Find the costs by up-arcs alone, of the core only where it is entered."""
    outside = len(up.indptr) - 1
    cost, place = np.full(vertices, np.inf), np.full(vertices, -1, np.int32)
    heap, keys = np.empty(vertices, np.int32), np.empty(vertices)
    indptr = np.zeros(len(sources) + 1, np.int64)
    vertex, costs = np.empty(64, np.int32), np.empty(64)
    found = 0
    for i in range(len(sources)):
        s = sources[i]
        cost[s] = 0.0
        heap[0], place[s], waiting = s, 0, 1
        keys[0] = s
        while waiting > 0:
            v = heap[0]  # the lowest: all that leads to it has been seen
            waiting -= 1
            take_first(heap, keys, place, waiting)
            if found == len(vertex):
                vertex, costs = np.append(vertex, vertex), np.append(costs, costs)
            vertex[found], costs[found] = v, cost[v]
            found += 1
            if v < outside:
                for e in range(up.indptr[v], up.indptr[v + 1]):
                    u, fresh = up.to[e], cost[v] + up.out[e]
                    if fresh < cost[u]:
                        if cost[u] == np.inf:
                            place[u] = waiting
                            waiting += 1
                            rise(heap, keys, place, u, float(u))
                        cost[u] = fresh
        indptr[i + 1] = found
        for j in range(indptr[i], found):
            cost[vertex[j]] = np.inf
    return Climbed(indptr, vertex[:found].copy(), costs[:found].copy())


@compiled
def above(up: Up, vertices: int, targets: np.ndarray) -> np.ndarray:
    """Give the targets with all that costs come down to them from, in rising order."""
    outside = len(up.indptr) - 1
    marked = np.zeros(vertices, np.uint8)
    for t in targets:
        marked[t] = 1
    for v in range(outside):  # whatever lies above has a higher number
        if marked[v]:
            for e in range(up.indptr[v], up.indptr[v + 1]):
                if up.back[e] < np.inf:
                    marked[up.to[e]] = 1
    return np.flatnonzero(marked).astype(np.int32)


@compiled(ordered=True)
def descend(up: Up, needed: np.ndarray, slot: np.ndarray, cost: np.ndarray) -> None:
    """Hand costs down, a column for each source, to the needed vertices outside the core.

    Parameters
    ----------
    up : Up
    needed : ndarray of int32
        Vertices in rising order, with all above them.
    slot : ndarray of int32, shape (vertices,)
        The row of each needed vertex in `cost`.
    cost : ndarray of float64, shape (needed, sources)
        Final in the rows of the core; in the others the costs by up-arcs alone, which are lowered.
    """
    outside = len(up.indptr) - 1
    for i in range(np.searchsorted(needed, outside) - 1, -1, -1):
        v = needed[i]
        for e in range(up.indptr[v], up.indptr[v + 1]):
            length = up.back[e]
            if length < np.inf:
                above_it = slot[up.to[e]]
                for s in range(cost.shape[1]):
                    cost[i, s] = min(cost[i, s], cost[above_it, s] + length)
