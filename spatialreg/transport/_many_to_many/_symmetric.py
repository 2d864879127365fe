"""Who is joined to whom, whatever the direction: the graph that is cut into parts.

Takes the ends of arcs, gives the neighbours of every vertex as two arrays: those of ``v`` stand at
``indices[indptr[v]:indptr[v + 1]]``, each once, without ``v`` itself. Where one way leads from
``u`` to ``v``, each is the other's neighbour. Vertices are unsigned numbers: an index that might be
negative is checked at each use.
"""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled


@compiled
def neighbours(tail: np.ndarray, head: np.ndarray, vertices: int) -> tuple[np.ndarray, np.ndarray]:
    """Gather the neighbours of each vertex.

    Both ends of each arc are counted, then entered (a counting sort); a last pass drops what
    occurs twice by remembering, for each vertex, the last one whose neighbour it was.
    """
    indptr = np.zeros(vertices + 1, np.int64)
    for arc in range(len(tail)):
        if tail[arc] != head[arc]:
            indptr[tail[arc] + 1] += 1
            indptr[head[arc] + 1] += 1
    for vertex in range(vertices):
        indptr[vertex + 1] += indptr[vertex]
    free = indptr[:vertices].copy()
    indices = np.empty(indptr[vertices], np.uint32)
    for arc in range(len(tail)):
        if tail[arc] != head[arc]:
            indices[free[tail[arc]]] = head[arc]
            free[tail[arc]] += 1
            indices[free[head[arc]]] = tail[arc]
            free[head[arc]] += 1
    neighbour_of = np.full(vertices, -1, np.int32)
    kept = 0
    begin = 0
    for vertex in range(vertices):
        end = indptr[vertex + 1]
        indptr[vertex] = kept
        for e in range(begin, end):
            other = indices[e]
            if neighbour_of[other] != vertex:
                neighbour_of[other] = vertex
                indices[kept] = other
                kept += 1
        begin = end
    indptr[vertices] = kept
    return indptr, indices[:kept].copy()


@compiled
def renumbered(
    indptr: np.ndarray, indices: np.ndarray, order: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give the same graph with vertex ``order[i]`` called ``i``.

    What is worked on together then lies together in memory, which is half the speed of all that
    walks over a large graph.
    """
    vertices = len(order)
    number = np.empty(vertices, np.int32)
    for i in range(vertices):
        number[order[i]] = i
    new_indptr = np.empty(vertices + 1, np.int64)
    new_indices = np.empty(len(indices), np.uint32)
    filled = 0
    for i in range(vertices):
        new_indptr[i] = filled
        for e in range(indptr[order[i]], indptr[order[i] + 1]):
            new_indices[filled] = number[indices[e]]
            filled += 1
    new_indptr[vertices] = filled
    return new_indptr, new_indices
