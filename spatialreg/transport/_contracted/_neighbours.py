"""The neighbours of every vertex in either direction, with the costs there and back."""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled


@compiled
def both_ways(
    tail: np.ndarray, head: np.ndarray, cost: np.ndarray, vertices: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Gather neighbours, each once; of parallel arcs the cheapest counts.

    Returns
    -------
    indptr : ndarray of int64, shape (vertices + 1,)
    other : ndarray of int32
        Those of `v` stand from ``indptr[v]`` to ``indptr[v + 1]``.
    out, back : ndarray of float64
        Costs to and from them, infinite where no arc leads there.
    """
    leaving, arriving = by_end(tail, vertices), by_end(head, vertices)
    indptr = np.zeros(vertices + 1, np.int64)
    other = np.empty(2 * len(tail), np.int32)
    out, back = np.full(2 * len(tail), np.inf), np.full(2 * len(tail), np.inf)
    place = np.full(vertices, -1, np.int64)  # of a neighbour, where it is that of this vertex
    found = 0
    for v in range(vertices):
        begin = found
        for way in range(2):
            first, arcs = leaving if way == 0 else arriving
            for i in range(first[v], first[v + 1]):
                arc = arcs[i]
                u = head[arc] if way == 0 else tail[arc]
                if u == v:
                    continue
                if place[u] < begin:
                    place[u] = found
                    other[found] = u
                    found += 1
                if way == 0:
                    out[place[u]] = min(out[place[u]], cost[arc])
                else:
                    back[place[u]] = min(back[place[u]], cost[arc])
        indptr[v + 1] = found
    return indptr, other[:found].copy(), out[:found].copy(), back[:found].copy()


@compiled
def by_end(end: np.ndarray, vertices: int) -> tuple[np.ndarray, np.ndarray]:
    """Sort arcs by one of their ends: those of `v` stand from ``first[v]`` to ``first[v + 1]``."""
    first = np.zeros(vertices + 2, np.int64)
    for arc in range(len(end)):
        first[end[arc] + 2] += 1
    for v in range(vertices):
        first[v + 2] += first[v + 1]
    arcs = np.empty(len(end), np.int32)
    for arc in range(len(end)):
        arcs[first[end[arc] + 1]] = arc
        first[end[arc] + 1] += 1
    return first[:-1], arcs
