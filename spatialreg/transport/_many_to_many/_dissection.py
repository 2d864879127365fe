"""Nested dissection: an order of the vertices in which eliminating them adds few arcs.

A part of the graph is split into two by a separator, a small set of its vertices without which no
edge joins the two sides. The sides come first in the order, then the separator; each side is
split in the same way, down to leaves of a few vertices. Road networks have small separators
(a straight line through a square of n crossings meets about sqrt(n) of them), and so the order is
good (George 1973; Lipton, Rose and Tarjan 1979).

A cut is a line across one of eight directions: along, across and aslant the coordinates that the
graph gives itself (``_hops``), and the same with real positions. Either family alone is fragile,
so each cut takes the better one.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from ..._compiled import compiled, spread
from ._cuts import best_cut, partition
from ._hops import components, hop_coordinates
from ._symmetric import neighbours, renumbered

LEAF = 16  # vertices from which a part is cut
_STAGES = (2**21, 2**18, 2**15, 2**12)  # ... in stages before
_WAITING = 256  # a part is at most 0.7 of the one before: more than any graph in memory needs


class Dissection(NamedTuple):
    """An order of elimination, and the tree of separators.

    Attributes
    ----------
    order : ndarray of uint32, shape (n,)
        Vertices in the order of elimination. The place in it is the *rank* of a vertex.
    first : ndarray of int32, shape (nodes + 1,)
        Node ``t`` of the tree (a separator or a leaf) is made of the ranks ``first[t]`` to
        ``first[t + 1] - 1``. Nodes come after all nodes of both their sides.
    lowest_node : ndarray of int32, shape (nodes,)
        First node of the part that the node separates: itself, at a leaf.
    parent : ndarray of int32, shape (nodes,)
        -1 where there is none. A component has at least one tree.
    indptr, indices : ndarray
        The neighbours of each rank, as ranks.
    """

    order: np.ndarray
    first: np.ndarray
    lowest_node: np.ndarray
    parent: np.ndarray
    indptr: np.ndarray
    indices: np.ndarray


def dissect(
    tail: np.ndarray, head: np.ndarray, x: np.ndarray, y: np.ndarray, workers: int
) -> Dissection:
    """Order the vertices of a graph by nested dissection.

    Parts are cut in stages: those of a stage that are still large go into the next. Between two
    stages the vertices are renumbered, so that each part lies together in memory, where a
    processor can keep it at hand; and threads share the parts of a stage.
    """
    n = len(x)
    indptr, indices = neighbours(tail, head, n)
    order, starts = components(indptr, indices)
    indptr, indices = renumbered(indptr, indices, order)
    coordinates = np.zeros((n, 4), dtype=np.float32)
    hop_coordinates(indptr, indices, starts, LEAF, coordinates)
    for column, position in enumerate((x, y), start=2):
        known = position[np.isfinite(position)]
        middle = known.mean() if len(known) else 0.0
        coordinates[:, column] = np.nan_to_num(position - middle)[order]

    lowest = np.full(n, -1, dtype=np.int32)
    scratch = (np.empty(n, np.int32), np.empty(n, np.int16), np.empty(n, np.uint32))
    begins, ends = starts[:-1], starts[1:]
    for leaf in [*(size for size in _STAGES if size < n), LEAF]:
        place = np.arange(n, dtype=np.uint32)
        graph = (place, indptr, indices, coordinates)
        spread(
            lambda cut: _cut_down(*cut),
            [
                (*graph, begins[part], ends[part], leaf, *scratch, lowest)
                for part in _batches(ends - begins, workers)
            ],
            workers,
        )
        order, coordinates = order[place], coordinates[place]
        indptr, indices = renumbered(indptr, indices, place)
        begins = np.flatnonzero(lowest >= 0).astype(np.int32)
        ends = np.append(begins, n).astype(np.int32)[1:]
        whole = lowest[begins] == begins
        begins, ends = begins[whole], ends[whole]

    first = np.append(np.flatnonzero(lowest >= 0), n).astype(np.int32)
    lowest_node = np.searchsorted(first, lowest[first[:-1]]).astype(np.int32)
    return Dissection(order, first, lowest_node, _parents(lowest_node), indptr, indices)


def _batches(sizes: np.ndarray, workers: int) -> list[slice]:
    """Split a list of parts into runs of about as many vertices, eight for each thread."""
    if workers == 1 or not len(sizes):
        return [slice(0, len(sizes))]
    due = np.cumsum(sizes) * (8 * workers) // (sizes.sum() + 1)
    cuts = [0, *(np.flatnonzero(np.diff(due)) + 1), len(sizes)]
    return [slice(a, b) for a, b in itertools.pairwise(cuts)]


@compiled
def _cut_down(
    order: np.ndarray,
    indptr: np.ndarray,
    indices: np.ndarray,
    coordinates: np.ndarray,
    starts: np.ndarray,
    stops: np.ndarray,
    leaf: int,
    part: np.ndarray,
    bins: np.ndarray,
    spare: np.ndarray,
    lowest: np.ndarray,
) -> None:
    """Cut the parts ``order[start:stop]`` until none has more than `leaf` vertices.

    A part is named by the place of its first vertex (in `part`), a separator by -1. For each
    separator, and each part that is not cut further, the lowest place of the part is noted in
    `lowest`, at the place where the separator begins; at all other places it is left as it is. All
    writing is within the places and vertices of the given parts.
    """
    waiting = np.empty((_WAITING, 2), np.int32)
    tallies = np.empty((3, 514), np.int32)
    for i in range(len(starts)):
        waiting[0, 0] = starts[i]
        waiting[0, 1] = stops[i]
        for place in range(starts[i], stops[i]):
            part[order[place]] = starts[i]
        parts = 1
        while parts > 0:
            parts -= 1
            start, stop = waiting[parts, 0], waiting[parts, 1]
            if stop - start <= leaf:
                lowest[start] = start
                continue
            low, left = best_cut(
                order, start, stop, indptr, indices, coordinates, part, bins, tallies
            )
            right, separator = partition(
                order, start, stop, indptr, indices, part, bins, low, left, spare
            )
            if separator < stop:
                lowest[separator] = start
            if right > start:
                waiting[parts, 0] = start
                waiting[parts, 1] = right
                parts += 1
            if separator > right:
                waiting[parts, 0] = right
                waiting[parts, 1] = separator
                parts += 1


@compiled
def _parents(lowest_node: np.ndarray) -> np.ndarray:
    """Find the node that encloses each: a node takes those without a parent in its own part."""
    nodes = len(lowest_node)
    parent = np.full(nodes, -1, np.int32)
    orphans = np.empty(nodes, np.int32)
    count = 0
    for node in range(nodes):
        while count > 0 and orphans[count - 1] >= lowest_node[node]:
            count -= 1
            parent[orphans[count]] = node
        orphans[count] = node
        count += 1
    return parent
