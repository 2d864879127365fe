"""What elimination will do, before any number is touched: fronts, their places and the work.

Eliminating the vertices of a node joins all of its *boundary*, the vertices of higher rank that
its part of the graph touches. So the numbers of a node live in a dense square over its separator
and its boundary, the *front* (Duff and Reid 1983); the boundary's part of the square is handed to
the parent, in whose front all of these vertices occur.

Separator and boundary are each filled up to a multiple of four with vertices that no arc joins,
since all loops over numbers work on four rows at a time (``_tiles``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._compiled import compiled
from ._dissection import Dissection


class Fronts(NamedTuple):
    """The fronts of all nodes of a dissection.

    Attributes
    ----------
    begin : ndarray of int64, shape (nodes + 1,)
        The boundary of node ``t`` is ``boundary[begin[t]:begin[t + 1]]``.
    boundary : ndarray of int32
        Ranks, ascending within a node.
    place : ndarray of int32
        Row of each of them in the front of the node's parent.
    separators, rows : ndarray of int32, shape (nodes,)
        Rows of the separator, and of the front: multiples of four.
    depth : ndarray of int32, shape (nodes,)
        0 at a root.
    above : ndarray of int32, shape (nodes,)
        Rows of the separators of all nodes that enclose it.
    last_child, sibling : ndarray of int32, shape (nodes,)
        Children from the last to the first, -1 where there is none: the order in which their
        numbers lie on a stack.
    work : ndarray of float64, shape (nodes,)
        ``S (S + B)**2``: the additions that eliminating the node takes.
    tiles : ndarray of int64, shape (nodes,)
        Blocks of four by four, of four separator vertices and four that are not before them: what
        a query reads of the node.
    """

    begin: np.ndarray
    boundary: np.ndarray
    place: np.ndarray
    separators: np.ndarray
    rows: np.ndarray
    depth: np.ndarray
    above: np.ndarray
    last_child: np.ndarray
    sibling: np.ndarray
    work: np.ndarray
    tiles: np.ndarray


def lay_out(parts: Dissection) -> Fronts:
    """Find the boundary of every node, and where each of its vertices stands in the parent."""
    last_child, sibling = _children(parts.parent)
    begin, boundary = _boundaries(parts.first, parts.indptr, parts.indices, last_child, sibling)
    separators = in_fours(np.diff(parts.first))
    rows = separators + in_fours(np.diff(begin).astype(np.int32))
    place = _places(parts.first, begin, boundary, separators, last_child, sibling)
    depth, above = _heights(parts.parent, separators)
    work = separators * rows.astype(float) ** 2
    across, down = rows.astype(np.int64) // 4, separators.astype(np.int64) // 4
    tiles = down * across - down * (down - 1) // 2
    return Fronts(
        begin,
        boundary,
        place,
        separators,
        rows,
        depth,
        above,
        last_child,
        sibling,
        work,
        tiles,
    )


def in_fours(count: np.ndarray) -> np.ndarray:
    """Round up to a multiple of four."""
    return (count + 3) // 4 * 4


@compiled
def _children(parent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    last_child = np.full(len(parent), -1, np.int32)
    sibling = np.full(len(parent), -1, np.int32)
    for node in range(len(parent)):
        if parent[node] >= 0:
            sibling[node] = last_child[parent[node]]
            last_child[parent[node]] = node
    return last_child, sibling


@compiled
def _boundaries(
    first: np.ndarray,
    indptr: np.ndarray,
    indices: np.ndarray,
    last_child: np.ndarray,
    sibling: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Gather, from the leaves up: what a node's own vertices touch, and what its children did.

    Each vertex of higher rank enters once; `entered` remembers the last node that it entered.
    """
    nodes = len(first) - 1
    begin = np.zeros(nodes + 1, np.int64)
    entered = np.full(len(indptr) - 1, -1, np.int32)
    boundary = np.empty(max(1024, len(indptr)), np.int32)
    filled = np.int64(0)
    for node in range(nodes):
        stop = first[node + 1]
        most = indptr[stop] - indptr[first[node]]
        child = last_child[node]
        while child >= 0:
            most += begin[child + 1] - begin[child]
            child = sibling[child]
        if filled + most > len(boundary):
            boundary = _longer(boundary, filled, 2 * len(boundary) + most)
        for e in range(indptr[first[node]], indptr[stop]):
            other = indices[e]
            if other >= stop and entered[other] != node:
                entered[other] = node
                boundary[filled] = other
                filled += 1
        child = last_child[node]
        while child >= 0:
            for b in range(begin[child], begin[child + 1]):
                other = boundary[b]
                if other >= stop and entered[other] != node:
                    entered[other] = node
                    boundary[filled] = other
                    filled += 1
            child = sibling[child]
        begin[node + 1] = filled
        _sort(boundary, begin[node], filled)
    return begin, boundary[:filled].copy()


@compiled
def _longer(values: np.ndarray, filled: int, size: int) -> np.ndarray:
    longer = np.empty(size, values.dtype)
    for i in range(filled):
        longer[i] = values[i]
    return longer


@compiled
def _sort(values: np.ndarray, start: int, stop: int) -> None:
    """Sort a short range in place (Shell 1959): numpy's sort takes seconds to compile."""
    gap = 1
    while gap < (stop - start) // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(start + gap, stop):
            value = values[i]
            j = i
            while j >= start + gap and values[j - gap] > value:
                values[j] = values[j - gap]
                j -= gap
            values[j] = value
        gap //= 3


@compiled
def _places(
    first: np.ndarray,
    begin: np.ndarray,
    boundary: np.ndarray,
    separators: np.ndarray,
    last_child: np.ndarray,
    sibling: np.ndarray,
) -> np.ndarray:
    """Find the row of each boundary vertex in the parent: in its separator or in its boundary."""
    place = np.empty(len(boundary), np.int32)
    row = np.empty(first[-1], np.int32)
    for node in range(len(separators)):
        for rank in range(first[node], first[node + 1]):
            row[rank] = rank - first[node]
        for b in range(begin[node], begin[node + 1]):
            row[boundary[b]] = separators[node] + b - begin[node]
        child = last_child[node]
        while child >= 0:
            for b in range(begin[child], begin[child + 1]):
                place[b] = row[boundary[b]]
            child = sibling[child]
    return place


@compiled
def _heights(parent: np.ndarray, separators: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    depth = np.zeros(len(parent), np.int32)
    above = np.zeros(len(parent), np.int32)
    for node in range(len(parent) - 1, -1, -1):
        if parent[node] >= 0:
            depth[node] = depth[parent[node]] + 1
            above[node] = above[parent[node]] + separators[parent[node]]
    return depth, above
