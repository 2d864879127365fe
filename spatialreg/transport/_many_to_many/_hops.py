"""Coordinates that a graph gives itself: differences of numbers of hops from four far vertices.

Two vertices at opposite ends of the graph, ``a`` and ``b``, make an axis: ``hops from a - hops from
b`` runs from one end to the other, and its level lines cross the graph where few edges do. Two
more, ``c`` and ``d``, are sought on the flanks for a second axis. These coordinates need no
positions and no lengths, so they hold where positions are noisy or missing; random long links,
which bring all vertices near each other in hops, spoil them, and there real positions hold.
"""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled


@compiled
def components(indptr: np.ndarray, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Order the vertices by breadth-first search; give where each component starts in it, and n."""
    vertices = len(indptr) - 1
    order = np.empty(vertices, np.uint32)
    seen = np.zeros(vertices, np.bool_)
    starts = np.empty(vertices + 1, np.int32)
    found = 0
    done = 0
    parts = 0
    for root in range(vertices):
        if seen[root]:
            continue
        starts[parts] = found
        parts += 1
        seen[root] = True
        order[found] = root
        found += 1
        while done < found:
            vertex = order[done]
            done += 1
            for e in range(indptr[vertex], indptr[vertex + 1]):
                other = indices[e]
                if not seen[other]:
                    seen[other] = True
                    order[found] = other
                    found += 1
    starts[parts] = vertices
    return order, starts[: parts + 1].copy()


@compiled
def hop_coordinates(
    indptr: np.ndarray, indices: np.ndarray, starts: np.ndarray, least: int, out: np.ndarray
) -> None:
    """Write two coordinates of each vertex into the first two columns of `out`.

    Components are ranges of vertices (their graph is renumbered by :func:`components`); those of at
    most `least` vertices, which are not cut, are left as they are.
    """
    vertices = len(indptr) - 1
    first = np.empty(vertices, np.int32)
    second = np.empty(vertices, np.int32)
    queue = np.empty(vertices, np.int32)
    for part in range(len(starts) - 1):
        start, stop = starts[part], starts[part + 1]
        if stop - start <= least:
            continue
        a = _hops_from(start, start, stop, indptr, indices, first, queue)
        b = _hops_from(a, start, stop, indptr, indices, first, queue)
        _hops_from(b, start, stop, indptr, indices, second, queue)
        c = start  # the vertex farthest from both ends lies on a flank
        for v in range(start, stop):
            out[v, 0] = first[v] - second[v]
            if min(first[v], second[v]) > min(first[c], second[c]):
                c = v
        _hops_from(c, start, stop, indptr, indices, first, queue)
        d = start  # far from c, and half-way between the ends: on the other flank
        for v in range(start, stop):
            if 2 * first[v] - abs(out[v, 0]) > 2 * first[d] - abs(out[d, 0]):
                d = v
        _hops_from(d, start, stop, indptr, indices, second, queue)
        for v in range(start, stop):
            out[v, 1] = first[v] - second[v]


@compiled
def _hops_from(
    source: int,
    start: int,
    stop: int,
    indptr: np.ndarray,
    indices: np.ndarray,
    hops: np.ndarray,
    queue: np.ndarray,
) -> int:
    """Count hops from a vertex to all of its component; give one of the farthest."""
    for v in range(start, stop):
        hops[v] = -1
    hops[source] = 0
    queue[0] = source
    found = 1
    done = 0
    while done < found:
        vertex = queue[done]
        done += 1
        for e in range(indptr[vertex], indptr[vertex + 1]):
            other = indices[e]
            if hops[other] < 0:
                hops[other] = hops[vertex] + 1
                queue[found] = other
                found += 1
    return queue[found - 1]
