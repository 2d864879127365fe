"""Elimination: shortcuts that stand for every path through vertices of lower rank.

Takes the fronts and the cost of each arc. Node by node, from the leaves up, a front is filled with
the arcs of its separator's vertices and with what the children hand over, and the separator's
vertices are taken out one after the other: whatever path led through them becomes a number between
two vertices that are left. That is Gaussian elimination with (min, +) for (+, x), without pivoting.

What is kept of a front are two sets of numbers for each separator vertex: the ways from it up to
vertices of higher rank (only where a source lies below), and the ways down from these to it (only
where a target does). Any shortest path goes up through ranks, then down, so these suffice.

They are kept in tiles of four vertices by four, ``[4 * a + b]`` from row ``b`` to row ``a`` of the
loops in ``_tiles``, in the order of four separator vertices, then four of the front from there on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._compiled import compiled, spread
from ._dissection import Dissection
from ._ranked import RankedArcs
from ._subtrees import most_stacked, share_out
from ._symbolic import Fronts
from ._tiles import longest, relax, settle

_PANEL = 64  # rows through which others are led in one go, so that they stay near the processor


class Shortcuts(NamedTuple):
    """The numbers that queries need.

    Attributes
    ----------
    up, down : ndarray
        Tiles of the ways up and of the ways down, node after node.
    up_at, down_at : ndarray of int64, shape (nodes,)
        Where the tiles of a node begin; -1 where none are kept.
    infinity : number
        No way.
    longest : number
        The largest number below infinity in any front, where numbers are whole; else 0.
    """

    up: np.ndarray
    up_at: np.ndarray
    down: np.ndarray
    down_at: np.ndarray
    infinity: float
    longest: float


def eliminate(
    parts: Dissection,
    fronts: Fronts,
    arcs: RankedArcs,
    infinity: float,
    climbed: np.ndarray,
    descended: np.ndarray,
    workers: int,
) -> Shortcuts:
    """Eliminate all vertices in their order.

    Parameters
    ----------
    arcs : RankedArcs
        The dtype of their costs is that of all numbers.
    infinity : number
        Whole numbers must have room for twice as much.
    climbed, descended : ndarray of bool, shape (nodes,)
        Whose ways up and whose ways down are kept.
    """
    dtype = arcs.to_cost.dtype
    up_at, up_size = _room(fronts, climbed)
    down_at, down_size = _room(fronts, descended)
    kept = Shortcuts(
        np.empty(up_size, dtype), up_at, np.empty(down_size, dtype), down_at,
        dtype.type(infinity), dtype.type(0),
    )  # fmt: skip
    shares = share_out(parts, fronts, workers)
    handed = np.empty(shares.handed_size, dtype)

    def run(nodes: np.ndarray) -> float:
        stack = np.empty(most_stacked(nodes, fronts, shares.handed_at), dtype)
        return _eliminate_nodes(
            nodes, parts.first, fronts, arcs, kept, shares.handed_at, handed, stack
        )

    found = [*spread(run, shares.tasks, workers), run(shares.rest)]
    return kept._replace(longest=max(found))


def _room(fronts: Fronts, needed: np.ndarray) -> tuple[np.ndarray, int]:
    """Give where the tiles of each node begin, and the size of all."""
    size = np.where(needed, 16 * fronts.tiles, 0)
    return np.where(needed, np.cumsum(size) - size, -1), int(size.sum())


@compiled
def _eliminate_nodes(
    nodes: np.ndarray,
    first: np.ndarray,
    fronts: Fronts,
    arcs: RankedArcs,
    kept: Shortcuts,
    handed_at: np.ndarray,
    handed: np.ndarray,
    stack: np.ndarray,
) -> float:
    """Eliminate nodes in ascending order; give the largest finite number met, if they are whole.

    Nodes come after their children, so what these hand over lies on top of the stack, the last
    child's uppermost.
    """
    widest = 0
    for node in nodes:
        widest = max(widest, fronts.rows[node])
    numbers = np.empty(widest * widest, stack.dtype)
    row = np.empty(first[-1], np.int32)
    weights = np.empty(16, stack.dtype)
    most = kept.longest
    zero = np.int64(0)  # for a literal, numba would compile what is called once more
    top = np.int64(0)
    for node in nodes:
        separator, rows = fronts.separators[node], fronts.rows[node]
        inner = fronts.begin[node + 1] - fronts.begin[node]
        front = numbers[: rows * rows].reshape(rows, rows)
        _fill(front, node, first, fronts, arcs, kept.infinity, row)
        child = fronts.last_child[node]
        while child >= 0:
            if handed_at[child] >= 0:
                _take_over(front, child, fronts, handed, handed_at[child])
            else:
                top -= (fronts.begin[child + 1] - fronts.begin[child]) ** 2
                _take_over(front, child, fronts, stack, top)
            child = fronts.sibling[child]
        eliminate_front(front, separator, weights)
        if kept.infinity < np.inf:
            most = max(most, longest(front, len(front), zero, len(front), kept.infinity))
        if handed_at[node] >= 0:
            _hand_over(front, separator, inner, handed, handed_at[node])
        else:
            _hand_over(front, separator, inner, stack, top)
            top += inner * inner
        if kept.up_at[node] >= 0:
            _keep_up(front, separator, kept.up, kept.up_at[node])
        if kept.down_at[node] >= 0:
            _keep_down(front, separator, kept.down, kept.down_at[node])
    return most


@compiled
def _fill(
    front: np.ndarray,
    node: int,
    first: np.ndarray,
    fronts: Fronts,
    arcs: RankedArcs,
    infinity: float,
    row: np.ndarray,
) -> None:
    """Enter the arcs between a node's vertices, and between these and the boundary."""
    for i in range(len(front)):
        for j in range(len(front)):
            front[i, j] = infinity
        front[i, i] = 0
    start, stop = first[node], first[node + 1]
    for rank in range(start, stop):
        row[rank] = rank - start
    begin = fronts.begin[node]
    for b in range(begin, fronts.begin[node + 1]):
        row[fronts.boundary[b]] = fronts.separators[node] + b - begin
    for rank in range(start, stop):
        here = rank - start
        for e in range(arcs.leaving[rank], arcs.leaving[rank + 1]):
            there = row[arcs.to[e]]
            front[here, there] = min(front[here, there], arcs.to_cost[e])
        for e in range(arcs.arriving[rank], arcs.arriving[rank + 1]):
            there = row[arcs.come[e]]
            front[there, here] = min(front[there, here], arcs.come_cost[e])


@compiled(ordered=True)
def _take_over(front: np.ndarray, child: int, fronts: Fronts, numbers: np.ndarray, at: int) -> None:
    """Let the front have, where it is less, what a child handed over."""
    begin, end = fronts.begin[child], fronts.begin[child + 1]
    for b in range(begin, end):
        into = front[fronts.place[b]]
        for c in range(begin, end):
            there = fronts.place[c]
            into[there] = min(into[there], numbers[at])
            at += 1


@compiled
def _hand_over(front: np.ndarray, separator: int, inner: int, numbers: np.ndarray, at: int) -> None:
    """Write down the boundary's part of a front, without the rows that fill it up."""
    for i in range(separator, separator + inner):
        for j in range(separator, separator + inner):
            numbers[at] = front[i, j]
            at += 1


@compiled
def eliminate_front(front: np.ndarray, separator: int, weights: np.ndarray) -> None:
    """Take the first vertices out of a dense square of ways; all numbers change in place.

    Afterwards ``front[i, j]`` is the shortest way from ``i`` to ``j`` through those vertices below
    ``separator`` that come before both.

    Four rows are led through four vertices at a time (``relax``), and all rows through one panel of
    64 vertices before the next, whose rows a processor can keep at hand meanwhile. `weights` has
    room for 16 numbers.
    """
    rows = len(front)
    tile = np.int64(0)  # for a literal, numba would compile what is called once more
    for panel in range(0, separator, _PANEL):
        end = min(panel + _PANEL, separator)
        for i in range(panel, rows, 4):
            for k in range(panel, min(i, end), 4):
                _ways_through(front, i, k, weights)
                relax(front, i, k, weights, tile, k + 4, rows)
            if i < end:
                _settle_block(front, i)


@compiled
def _ways_through(front: np.ndarray, i: int, k: int, weights: np.ndarray) -> None:
    """Find the ways from rows `i` to ``i + 3`` to the vertices `k` to ``k + 3``, by each other."""
    for a in range(i, i + 4):
        for b in range(k, k + 4):
            way = front[a, b]
            for c in range(k, b):
                way = min(way, weights.dtype.type(front[a, c] + front[c, b]))
            front[a, b] = way
            weights[4 * (a - i) + b - k] = way


@compiled
def _settle_block(front: np.ndarray, i: int) -> None:
    """Lead each of four rows through those of the four that come before it."""
    for a in range(i + 1, i + 4):
        for c in range(i, a):
            for b in range(c + 1, i + 4):
                front[a, b] = min(front[a, b], front.dtype.type(front[a, c] + front[c, b]))
    settle(
        front, i, np.int64(1),
        front[i + 1, i], front[i + 2, i], front[i + 2, i + 1],
        front[i + 3, i], front[i + 3, i + 1], front[i + 3, i + 2],
        i + 4, len(front),
    )  # fmt: skip


@compiled
def _keep_up(front: np.ndarray, separator: int, tiles: np.ndarray, at: int) -> None:
    """Keep the ways from separator vertices to those after them."""
    for k in range(0, separator, 4):
        for i in range(k, len(front), 4):
            for a in range(i, i + 4):
                for b in range(k, k + 4):
                    tiles[at] = front[b, a]
                    at += 1


@compiled
def _keep_down(front: np.ndarray, separator: int, tiles: np.ndarray, at: int) -> None:
    """Keep the ways to separator vertices from those after them."""
    for k in range(0, separator, 4):
        for i in range(k, len(front), 4):
            for a in range(k, k + 4):
                for b in range(i, i + 4):
                    tiles[at] = front[b, a]
                    at += 1
