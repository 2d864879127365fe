"""The search by tiles, which keeps its work near the processor, and in memory what does not fit.

A tile is searched from its sources and from the rim of cells around it. Where that lowers minutes
along an edge, the neighbours behind it are searched again, those with the nearest news first, until
no edge changes. What stands then is what a search of the whole gives, for the minutes of a cell are
one number whatever the order in which paths are tried.
"""

from __future__ import annotations

import heapq

import numpy as np

from ._blocks import Block, read_block
from ._inputs import Grid
from ._search import plant, spread

Halves = tuple[np.ndarray, np.ndarray, np.ndarray]


def spread_by_tiles(
    grid: Grid,
    halves: Halves,
    minutes: np.ndarray,
    nearest: np.ndarray,
    tracking: bool,
    rows: np.ndarray,
    columns: np.ndarray,
    cutoff: float,
    width: float,
    plan: list[Block],
) -> None:
    """Fill `minutes` (and `nearest` where tracking) from the sources at these rows and columns.

    The arguments are those of :func:`spatialreg.raster._search.spread`, here with arrays that may
    lie on disk, infinite and without sources at first; `plan` is the list of tiles, row by row.
    """
    minutes[rows, columns] = 0
    if tracking:
        plant(nearest, rows, columns)
    across = sum(block.top == 0 for block in plan)
    sources = {}
    for number, block in enumerate(plan):
        here = block.holds(rows, columns)
        if here.any():
            sources[number] = rows[here], columns[here]
    news = dict.fromkeys(sources, 0.0)
    queue = [(0.0, number) for number in sources]
    while queue:
        since, number = heapq.heappop(queue)
        if news.get(number) != since:
            continue  # a nearer piece of news has taken its place
        del news[number]
        block = plan[number]
        before = _edges(minutes, nearest, block, tracking)
        own = sources.pop(number, None)
        _search_tile(grid, halves, minutes, nearest, tracking, cutoff, width, block, own)
        after = _edges(minutes, nearest, block, tracking)
        for (down, right), edge in after.items():
            neighbour = number + down * across + right
            row, column = divmod(number, across)
            if not (0 <= row + down and 0 <= neighbour < len(plan)):
                continue
            if not 0 <= column + right < across:
                continue
            # the minutes of sources stood there before, and are news all the same
            changed = (edge != before[down, right]).any(axis=0)
            if own is not None:
                changed |= edge[0] == 0
            if changed.any():
                nearest_news = float(edge[0][changed].min())
                if nearest_news < news.get(neighbour, np.inf):
                    news[neighbour] = nearest_news
                    heapq.heappush(queue, (nearest_news, neighbour))


def _search_tile(
    grid: Grid,
    halves: Halves,
    minutes: np.ndarray,
    nearest: np.ndarray,
    tracking: bool,
    cutoff: float,
    width: float,
    block: Block,
    sources: tuple[np.ndarray, np.ndarray] | None,
) -> None:
    """Search one tile from its rim and its sources, and write what it has found."""
    outer, window = block.outer, block.window
    friction = read_block(grid, outer)
    known = np.array(minutes[outer])
    near = np.array(nearest[outer]) if tracking else nearest
    rim = np.isfinite(known)
    rim[window[0] : window[1], window[2] : window[3]] = False
    if sources is not None:
        rim[sources[0] - outer[0].start, sources[1] - outer[1].start] = True
    rows, columns = np.nonzero(rim)
    lengths = (half[outer[0]] for half in halves)
    spread(friction, *lengths, known, near, tracking, window, rows, columns, cutoff, width)
    inside = slice(window[0], window[1]), slice(window[2], window[3])
    minutes[block.inner] = known[inside]
    if tracking:
        nearest[block.inner] = near[inside]


def _edges(
    minutes: np.ndarray, nearest: np.ndarray, block: Block, tracking: bool
) -> dict[tuple[int, int], np.ndarray]:
    """Give the minutes (and nearest sources) of the cells that each neighbour of a tile touches."""
    ends = {
        -1: (slice(block.top, block.top + 1), slice(block.left, block.left + 1)),
        0: block.inner,
        1: (slice(block.bottom - 1, block.bottom), slice(block.right - 1, block.right)),
    }
    kept = (minutes, nearest) if tracking else (minutes,)
    return {
        (down, right): np.stack(
            [np.asarray(a[ends[down][0], ends[right][1]], np.float64).ravel() for a in kept]
        )
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
        if (down, right) != (0, 0)
    }
