"""One table of random draws without replacement, which all regions share.

A column of the table is an ordered sample of the positions ``0 .. n - 2``: any beginning of it, as
long as a region has neighbours, is a random sample too. Region ``i`` reads position ``i`` as ``n -
1``. That maps all positions but the last one to one onto "all regions but ``i``", so every column
is a valid draw of the neighbours of every region, with no bias and nothing to reject.

What a region reads differently from the others are the few cells that hold its own position. The
index finds them: where a region's statistic over all columns is known for a region that appears in
none of them, only those columns remain to be put right.

The table is made in blocks of columns. Each column has a random stream of its own, numbered from
one seed, so that it is the same in whatever block and thread it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._compiled import Share, compiled
from ._splitmix import draw_below, mix

_STEP = np.uint64(0x9E3779B97F4A7C15)  # sets the streams of two columns apart


@dataclass(frozen=True)
class Draws:
    """A block of columns of the table, with the index of its cells.

    Attributes
    ----------
    table : ndarray of int32, shape (cards, columns)
        Positions from 0 to n - 2; those of a column are all different.
    starts : ndarray of int32, shape (n + 1,)
        The cells that hold position ``i`` are numbers ``starts[i]`` to ``starts[i + 1] - 1``.
    rows, columns : ndarray of int32
        Where these cells are, columns ascending. Only rows that region ``i`` reads are listed.
    """

    table: np.ndarray
    starts: np.ndarray
    rows: np.ndarray
    columns: np.ndarray


def new_seed(rng: np.random.Generator) -> np.uint64:
    """Take from `rng` the number that a whole table follows from."""
    return rng.integers(0, 2**64, dtype=np.uint64)


def deal(cards: np.ndarray, seed: np.uint64, first: int, width: int, share: Share) -> Draws:
    """Draw `width` columns of the table, from number `first` on, and index them.

    Parameters
    ----------
    cards : ndarray of int32, shape (n,)
        How many rows each region reads.
    seed : uint64
    first, width : int
    share : callable
        Spreads a loop over threads.
    """
    n = len(cards)
    table = np.empty((int(cards.max()), width), dtype=np.int32)

    def fill(start: int, stop: int) -> None:
        _deal(table, np.arange(n - 1, dtype=np.int32), seed, first, start, stop)

    share(fill, width)
    starts = np.zeros(n + 1, dtype=np.int32)
    _count_cells(table, cards, starts)
    rows = np.empty(starts[n], dtype=np.int32)
    columns = np.empty(starts[n], dtype=np.int32)
    _list_cells(table, cards, starts, rows, columns)
    return Draws(table, starts, rows, columns)


@compiled
def _deal(
    table: np.ndarray, deck: np.ndarray, seed: np.uint64, first: int, start: int, stop: int
) -> None:
    """Fill columns `start` to `stop` of a table whose column 0 has number `first`.

    The top of a deck in order is shuffled (Fisher and Yates), read off and put back, which takes as
    many steps as there are rows, however large the deck.
    """
    cards, size = table.shape[0], len(deck)
    for r in range(start, stop):
        state = mix(seed + _STEP * np.uint64(first + r + 1))
        for j in range(cards):
            state, offset = draw_below(state, np.uint64(size - j))
            k = j + offset
            table[j, r] = deck[k]
            deck[k] = deck[j]
            deck[j] = table[j, r]
        for j in range(cards):
            # a shuffled card lay at its own number before, and so did the one that it displaced
            deck[table[j, r]] = table[j, r]
        for j in range(cards):
            deck[j] = j


@compiled
def _count_cells(table: np.ndarray, cards: np.ndarray, starts: np.ndarray) -> None:
    """Fill `starts`: count the cells of each position that its region reads, and add up."""
    for j in range(table.shape[0]):
        for r in range(table.shape[1]):
            i = table[j, r]
            if j < cards[i]:
                starts[i + 1] += 1
    for i in range(len(cards)):
        starts[i + 1] += starts[i]


@compiled
def _list_cells(
    table: np.ndarray, cards: np.ndarray, starts: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> None:
    """Write the counted cells to their places, column after column."""
    free = starts.copy()
    for r in range(table.shape[1]):
        for j in range(table.shape[0]):
            i = table[j, r]
            if j < cards[i]:
                rows[free[i]] = j
                columns[free[i]] = r
                free[i] += 1
