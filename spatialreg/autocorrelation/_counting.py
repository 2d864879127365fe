"""The loops of conditional permutations: add up what is drawn, and count what reaches the observed.

All of them read one block of the table of draws and its index (``_draws``), and write only to the
regions or columns from `start` to `stop`, so that threads can share them.
"""

from __future__ import annotations

import numpy as np

from .._compiled import compiled

# a sum of k values of up to m is off by less than half of EPS * k**2 * m, and so is another of the
# same values in another order; reading another value in a cell adds less than that once more
SLACK = 4 * float(np.finfo(float).eps)
_PIECE = 512  # columns whose sums are held in the processor's nearest memory


@compiled
def compare_weights(indptr: np.ndarray, weights: np.ndarray, alike: np.ndarray) -> None:
    """Tell the rows whose weights are all equal, up to rounding; those of no weights are not."""
    for i in range(len(alike)):
        lowest, highest = np.inf, 0.0
        for e in range(indptr[i], indptr[i + 1]):
            lowest = min(lowest, weights[e])
            highest = max(highest, weights[e])
        alike[i] = highest > 0.0 and highest - lowest <= SLACK * highest


def add_up(
    values: np.ndarray,
    table: np.ndarray,
    sizes: np.ndarray,
    sums: np.ndarray,
    start: int,
    stop: int,
) -> None:
    """Fill ``sums[s, r]`` with the sum of the first ``sizes[s]`` values drawn in column ``r``.

    `sizes` ascend, so that one running sum passes through all of them. Not compiled: numpy is as
    fast at whole rows, and each compiled loop lengthens the first call.
    """
    running, row = np.zeros(stop - start), 0
    for s, size in enumerate(sizes):
        while row < size:
            running += np.take(values, table[row, start:stop])
            row += 1
        sums[s, start:stop] = running


@compiled
def count_ranked(
    values: np.ndarray,
    indptr: np.ndarray,
    indices: np.ndarray,
    slots: np.ndarray,
    size: float,
    sums: np.ndarray,
    ranked: np.ndarray,
    starts: np.ndarray,
    columns: np.ndarray,
    at_least: np.ndarray,
    at_most: np.ndarray,
    start: int,
    stop: int,
) -> None:
    """Count for regions of equal weights, by their place among the sorted sums.

    ``sums[slots[i]]`` are the drawn sums for as many neighbours as region ``i`` has, and
    ``ranked[slots[i]]`` the same in order; a negative slot leaves the region out. The search counts
    as if position ``i`` were read as it stands; then each column that holds it is counted again,
    with the last region's value in its place. `size` is the largest absolute value.
    """
    last = values[len(values) - 1]
    for i in range(start, stop):
        slot = slots[i]
        if slot < 0:
            continue
        observed = 0.0
        for e in range(indptr[i], indptr[i + 1]):
            observed += values[indices[e]]
        slack = SLACK * (indptr[i + 1] - indptr[i]) ** 2 * size
        low, high = observed - slack, observed + slack
        order = ranked[slot]
        below = _below(order, low)
        upto = _up_to(order, high, below)
        above = len(order) - below
        drawn, shift = sums[slot], last - values[i]
        for e in range(starts[i], starts[i + 1]):
            wrong = drawn[columns[e]]
            right = wrong + shift
            above += int(right >= low) - int(wrong >= low)
            upto += int(right <= high) - int(wrong <= high)
        at_least[i] += above
        at_most[i] += upto


@compiled
def _below(order: np.ndarray, bound: float) -> int:
    """Count the numbers below `bound` among sorted ones, by halving."""
    place, rest = 0, len(order)
    while rest > 1:
        half = rest // 2
        # adding a number that may be zero, rather than branching, spares the processor from
        # guessing which way it goes
        place += half * int(order[place + half - 1] < bound)
        rest -= half
    return place + int(order[place] < bound)


@compiled
def _up_to(order: np.ndarray, bound: float, place: int) -> int:
    """Count the numbers up to `bound` among sorted ones, of which the first `place` surely are.

    Steps double before they halve: without ties there is nothing to find beyond `place`.
    """
    step = 1
    while place + step <= len(order) and order[place + step - 1] <= bound:
        place += step
        step *= 2
    while step > 0:
        if place + step <= len(order) and order[place + step - 1] <= bound:
            place += step
        step //= 2
    return place


@compiled
def count_combined(
    regions: np.ndarray,
    term_starts: np.ndarray,
    term_rows: np.ndarray,
    coefficients: np.ndarray,
    shift_starts: np.ndarray,
    shifts: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    stack: np.ndarray,
    starts: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    at_least: np.ndarray,
    at_most: np.ndarray,
) -> None:
    """Count for regions whose statistic is a combination of their own of the rows of `stack`.

    The statistic of the ``q``-th of `regions` in column ``r`` is the sum over its terms ``t`` of
    ``coefficients[t] * stack[term_rows[t], r]``. Columns are taken a piece at a time, whose sums
    stay near the processor, and four terms at a time, so that a sum is loaded and stored once for
    four products. A cell that holds the region itself in row ``j`` then adds ``shifts[...]``: what
    the last region would contribute there, less what the region itself contributed.
    """
    total = np.empty(_PIECE)
    for q in range(len(regions)):
        i = regions[q]
        least, most = 0, 0
        cell, last_cell = starts[i], starts[i + 1]
        for first in range(0, stack.shape[1], _PIECE):
            width = min(_PIECE, stack.shape[1] - first)
            stop = first + width
            for r in range(width):
                total[r] = 0.0
            t, last_term = term_starts[q], term_starts[q + 1]
            while t + 4 <= last_term:
                a, b = stack[term_rows[t], first:stop], stack[term_rows[t + 1], first:stop]
                c, d = stack[term_rows[t + 2], first:stop], stack[term_rows[t + 3], first:stop]
                u, v = coefficients[t], coefficients[t + 1]
                w, x = coefficients[t + 2], coefficients[t + 3]
                for r in range(width):
                    total[r] += u * a[r] + v * b[r] + w * c[r] + x * d[r]
                t += 4
            while t < last_term:
                a, u = stack[term_rows[t], first:stop], coefficients[t]
                for r in range(width):
                    total[r] += u * a[r]
                t += 1
            while cell < last_cell and columns[cell] < stop:
                total[columns[cell] - first] += shifts[shift_starts[q] + rows[cell]]
                cell += 1
            for r in range(width):
                least += int(total[r] >= low[q])
                most += int(total[r] <= high[q])
        at_least[i] += least
        at_most[i] += most
