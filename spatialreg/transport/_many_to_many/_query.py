"""From sources up to what they share with targets, and down to the targets: the answer.

A block of at most 128 sources is taken through the tree together, one *lane* each: a row of numbers
is one vertex seen from all of them. Sources that are near one another in the order make a block,
so that they share most nodes on their way up.

A front's rows are in use while its subtree is worked on, and never those of two fronts of one
depth; so there is one buffer for each depth, whatever the size of the graph.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._compiled import compiled, spread
from ._dissection import Dissection
from ._elimination import Shortcuts
from ._symbolic import Fronts
from ._tiles import longest, relax, settle

LANES = 128


class _Sources(NamedTuple):
    """Sources in the order of their ranks; those in the part of node t: begin[t] to end[t] - 1."""

    rank: np.ndarray
    begin: np.ndarray
    end: np.ndarray


class _Targets(NamedTuple):
    """Targets in the order of their nodes; those in node t: begin[t] to begin[t + 1] - 1."""

    rank: np.ndarray
    column: np.ndarray
    begin: np.ndarray


class Times(NamedTuple):
    """What a query gives.

    Attributes
    ----------
    numbers : ndarray, shape (sources, targets)
        `infinity` of the shortcuts where there is no way.
    longest : number
        The largest number below infinity at any vertex, where numbers are whole; else 0.
    """

    numbers: np.ndarray
    longest: float


def query(
    parts: Dissection,
    fronts: Fronts,
    shortcuts: Shortcuts,
    sources: np.ndarray,
    targets: np.ndarray,
    limit: float,
    workers: int,
) -> Times:
    """Give the shortest ways from each source to each target.

    Parameters
    ----------
    sources, targets : ndarray of int
        Ranks. The nodes that hold or enclose a source have ways up, those of a target ways down.
    limit : number
        What is farther need not be found: subtrees that nothing within it enters are left out.
    """
    order = np.argsort(sources, kind="stable")
    ranks = sources[order]
    start = _Sources(
        ranks,
        np.searchsorted(ranks, parts.first[parts.lowest_node]),
        np.searchsorted(ranks, parts.first[1:]),
    )
    node = np.searchsorted(parts.first, targets, side="right") - 1
    column = np.argsort(node, kind="stable")
    begin = np.searchsorted(node[column], np.arange(len(parts.parent) + 1))
    end = _Targets(targets[column], column, begin)
    climbed = np.flatnonzero(start.end > start.begin)
    descended = np.flatnonzero(enclosing(targets, parts))[::-1].copy()
    level_at, level_size = _levels(fronts)
    numbers = np.empty((len(sources), len(targets)), shortcuts.up.dtype)

    # a block for each thread at least, its lanes a multiple of what a processor does in one step
    lanes = min(LANES, -(-len(sources) // (16 * workers)) * 16)

    def run(first: int) -> float:
        last = min(first + lanes, len(sources))
        levels = np.empty(level_size * lanes, numbers.dtype)
        labels = np.empty((int((fronts.above + fronts.separators).max()), lanes), numbers.dtype)
        found = np.empty((len(targets), lanes), numbers.dtype)
        most = _climb(
            climbed, parts, fronts, shortcuts, start, first, last, level_at, levels, labels
        )
        farthest = _descend(
            descended, parts, fronts, shortcuts, start, end, first, last, level_at, levels, labels,
            limit, found,
        )  # fmt: skip
        numbers[order[first:last]] = found[:, : last - first].T
        return max(most, farthest)

    return Times(numbers, max(spread(run, range(0, len(sources), lanes), workers)))


@compiled
def enclosing(ranks: np.ndarray, parts: Dissection) -> np.ndarray:
    """Say of each node whether it holds one of the ranks, or encloses one that does."""
    found = np.zeros(len(parts.parent), np.bool_)
    node_of = np.empty(len(parts.order), np.int32)
    for node in range(len(parts.parent)):
        for rank in range(parts.first[node], parts.first[node + 1]):
            node_of[rank] = node
    for rank in ranks:
        node = node_of[rank]
        while node >= 0 and not found[node]:
            found[node] = True
            node = parts.parent[node]
    return found


def _levels(fronts: Fronts) -> tuple[np.ndarray, int]:
    """Give the row where the buffer of each depth begins, and the rows of all."""
    widest = np.zeros(int(fronts.depth.max()) + 1, dtype=np.int64)
    np.maximum.at(widest, fronts.depth, fronts.rows)
    return np.cumsum(widest) - widest, int(widest.sum())


@compiled
def _buffer(levels: np.ndarray, first: int, rows: int, lanes: int) -> np.ndarray:
    return levels[first * lanes : (first + rows) * lanes].reshape(rows, lanes)


@compiled
def _climb(
    climbed: np.ndarray,
    parts: Dissection,
    fronts: Fronts,
    shortcuts: Shortcuts,
    sources: _Sources,
    first: int,
    last: int,
    level_at: np.ndarray,
    levels: np.ndarray,
    labels: np.ndarray,
) -> float:
    """Find the ways up from the sources of a block to all separators that enclose them.

    They are written into `labels`, in which a node's separator has rows of its own below those of
    all nodes that enclose it. A node has numbers in the lanes of the sources below it only; these
    are a range, and each comes from one child. Numbers are handed to the parent's rows in the
    buffer of its depth, and cleared behind.
    """
    infinity = shortcuts.infinity
    lanes = labels.shape[1]
    for i in range(len(levels)):
        levels[i] = infinity
    most = shortcuts.longest
    for node in climbed:
        start = max(sources.begin[node], first) - first
        stop = min(sources.end[node], last) - first
        if start >= stop:
            continue
        separator = np.int64(fronts.separators[node])
        rows = _buffer(levels, level_at[fronts.depth[node]], fronts.rows[node], lanes)
        lane = stop - 1
        while lane >= start and sources.rank[first + lane] >= parts.first[node]:
            rows[sources.rank[first + lane] - parts.first[node], lane] = 0
            lane -= 1
        rise(rows, separator, shortcuts.up, shortcuts.up_at[node], start, stop)
        if infinity < np.inf:
            most = max(most, longest(rows, len(rows), start, stop, infinity))
        for i in range(separator):
            for lane in range(start, stop):
                labels[fronts.above[node] + i, lane] = rows[i, lane]
        parent = parts.parent[node]
        if parent >= 0:
            above = _buffer(levels, level_at[fronts.depth[parent]], fronts.rows[parent], lanes)
            begin = fronts.begin[node]
            for b in range(begin, fronts.begin[node + 1]):
                for lane in range(start, stop):
                    above[fronts.place[b], lane] = rows[separator + b - begin, lane]
        for i in range(len(rows)):
            for lane in range(start, stop):
                rows[i, lane] = infinity
    return most


@compiled
def _descend(
    descended: np.ndarray,
    parts: Dissection,
    fronts: Fronts,
    shortcuts: Shortcuts,
    sources: _Sources,
    targets: _Targets,
    first: int,
    last: int,
    level_at: np.ndarray,
    levels: np.ndarray,
    labels: np.ndarray,
    limit: float,
    found: np.ndarray,
) -> float:
    """Find the ways down from all separators to the targets, for the sources of a block.

    Nodes come before those that they enclose. The boundary's rows are the parent's, already final;
    a separator starts from its label in the lanes of sources in its part and from infinity in all
    others. Rows of targets go to `found`. A part without a source, whose boundary is beyond the
    limit from all sources, is beyond it as a whole.
    """
    infinity = shortcuts.infinity
    lanes = labels.shape[1]
    zero = np.int64(0)  # for a literal, numba would compile what is called once more
    most = shortcuts.longest
    beyond = np.zeros(len(parts.parent), np.bool_)
    for node in descended:
        parent = parts.parent[node]
        start = max(sources.begin[node], first) - first
        stop = max(start, min(sources.end[node], last) - first)
        separator = np.int64(fronts.separators[node])
        rows = _buffer(levels, level_at[fronts.depth[node]], fronts.rows[node], lanes)
        least = infinity
        if parent >= 0 and not beyond[parent]:
            above = _buffer(levels, level_at[fronts.depth[parent]], fronts.rows[parent], lanes)
            begin = fronts.begin[node]
            for b in range(begin, fronts.begin[node + 1]):
                least = min(
                    least, _copy_row(above, fronts.place[b], rows, separator + b - begin, lanes)
                )
        if start == stop and (least > limit or least == infinity):
            beyond[node] = True
            for t in range(targets.begin[node], targets.begin[node + 1]):
                for lane in range(lanes):
                    found[targets.column[t], lane] = infinity
            continue
        for i in range(separator):
            for lane in range(lanes):
                rows[i, lane] = infinity
            for lane in range(start, stop):
                rows[i, lane] = labels[fronts.above[node] + i, lane]
        fall(rows, separator, shortcuts.down, shortcuts.down_at[node], zero, lanes)
        if infinity < np.inf:
            most = max(most, longest(rows, separator, zero, np.int64(last - first), infinity))
        for t in range(targets.begin[node], targets.begin[node + 1]):
            row = targets.rank[t] - parts.first[node]
            for lane in range(lanes):
                found[targets.column[t], lane] = rows[row, lane]
    return most


@compiled(ordered=True)
def _copy_row(source: np.ndarray, of: int, target: np.ndarray, at: int, lanes: int) -> float:
    """Copy a row, and give its least number."""
    read, written = source[of], target[at]
    least = read[0]
    for lane in range(lanes):
        value = read[lane]
        written[lane] = value
        least = min(least, value)
    return least


@compiled
def rise(
    rows: np.ndarray, separator: int, tiles: np.ndarray, at: int, start: int, stop: int
) -> None:
    """Lead what has reached a node's separator up to the vertices after each, in some lanes.

    Four separator rows settle among themselves and are final; then all rows after them are relaxed
    from these.
    """
    step = np.int64(1)  # for a literal, numba would compile what is called once more
    for k in range(0, separator, 4):
        settle(
            rows, k, step,
            tiles[at + 4], tiles[at + 8], tiles[at + 9],
            tiles[at + 12], tiles[at + 13], tiles[at + 14],
            start, stop,
        )  # fmt: skip
        at += 16
        for i in range(k + 4, len(rows), 4):
            relax(rows, i, k, tiles, at, start, stop)
            at += 16


@compiled
def fall(
    rows: np.ndarray, separator: int, tiles: np.ndarray, at: int, start: int, stop: int
) -> None:
    """Lead what has reached the vertices after each down to a node's separator, in some lanes.

    From the last four separator rows to the first: they are relaxed from all rows after them, which
    are final, and settle among themselves.
    """
    across = len(rows) // 4
    step = np.int64(-1)
    for k in range(separator - 4, -1, -4):
        above = k // 4
        first = at + 16 * (above * across - above * (above - 1) // 2)
        for i in range(k + 4, len(rows), 4):
            relax(rows, k, i, tiles, first + 4 * (i - k), start, stop)
        settle(
            rows, k + 3, step,
            tiles[first + 11], tiles[first + 7], tiles[first + 6],
            tiles[first + 3], tiles[first + 2], tiles[first + 1],
            start, stop,
        )  # fmt: skip
