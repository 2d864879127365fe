"""The two loops in which all of the time goes: four rows of numbers against four others.

Numbers of a path add up and the least of several paths counts, so that ``row = min(row, other +
weight)`` is what multiplying and subtracting are in Gaussian elimination (Carre 1971). A row is
either a row of a front (one way to each column of it) or one vertex seen from 128 sources; rows
are contiguous, so a processor does four to sixteen of their numbers in one step.

Four rows against four: each number that is read serves four additions, and the four results stay
in registers. That is about half as fast again as one row against eight.

Whole numbers are cast back after each sum: numba's sums of 32-bit numbers have 64 bits, and a
processor does half as many of them in a step. Rows are cut before the loop, which counts from zero,
because an index that might be negative is checked each time.
"""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled


@compiled(ordered=True)
def relax(
    rows: np.ndarray,
    at: int,
    of: int,
    weights: np.ndarray,
    tile: int,
    start: int,
    stop: int,
) -> None:
    """Let four rows reach four others: ``rows[at + a] = min(itself, rows[of + b] + w[a, b])``.

    ``w[a, b]`` is ``weights[tile + 4 * a + b]``. Columns `start` to `stop` alone change. The
    two sets of rows must not overlap. They come from one array, since a compiler that does not know
    whether two arrays overlap does one number at a time.
    """
    w00, w01, w02, w03 = weights[tile], weights[tile + 1], weights[tile + 2], weights[tile + 3]
    w10, w11, w12, w13 = weights[tile + 4], weights[tile + 5], weights[tile + 6], weights[tile + 7]
    w20, w21, w22, w23 = (
        weights[tile + 8],
        weights[tile + 9],
        weights[tile + 10],
        weights[tile + 11],
    )
    w30, w31, w32, w33 = (
        weights[tile + 12], weights[tile + 13], weights[tile + 14], weights[tile + 15]
    )  # fmt: skip
    number = rows.dtype.type
    t0, t1 = rows[at, start:stop], rows[at + 1, start:stop]
    t2, t3 = rows[at + 2, start:stop], rows[at + 3, start:stop]
    s0, s1 = rows[of, start:stop], rows[of + 1, start:stop]
    s2, s3 = rows[of + 2, start:stop], rows[of + 3, start:stop]
    for i in range(stop - start):
        a, b, c, d = s0[i], s1[i], s2[i], s3[i]
        t0[i] = min(
            t0[i], min(min(number(a + w00), number(b + w01)), min(number(c + w02), number(d + w03)))
        )
        t1[i] = min(
            t1[i], min(min(number(a + w10), number(b + w11)), min(number(c + w12), number(d + w13)))
        )
        t2[i] = min(
            t2[i], min(min(number(a + w20), number(b + w21)), min(number(c + w22), number(d + w23)))
        )
        t3[i] = min(
            t3[i], min(min(number(a + w30), number(b + w31)), min(number(c + w32), number(d + w33)))
        )


@compiled(ordered=True)
def settle(
    rows: np.ndarray,
    at: int,
    step: int,
    w10: float,
    w20: float,
    w21: float,
    w30: float,
    w31: float,
    w32: float,
    start: int,
    stop: int,
) -> None:
    """Let four rows reach each other, each from those before it, in one pass over the columns.

    The rows are `at`, ``at + step``, ``at + 2 * step`` and ``at + 3 * step``; ``w21`` leads from
    the second to the third.
    """
    number = rows.dtype.type
    r0, r1 = rows[at, start:stop], rows[at + step, start:stop]
    r2, r3 = rows[at + 2 * step, start:stop], rows[at + 3 * step, start:stop]
    for i in range(stop - start):
        a = r0[i]
        b = min(r1[i], number(a + w10))
        c = min(r2[i], min(number(a + w20), number(b + w21)))
        d = min(r3[i], min(min(number(a + w30), number(b + w31)), number(c + w32)))
        r1[i] = b
        r2[i] = c
        r3[i] = d


@compiled(ordered=True)
def longest(rows: np.ndarray, count: int, start: int, stop: int, infinity: float) -> float:
    """Give the largest number below infinity in the first rows, and 0 where there is none."""
    number = rows.dtype.type
    most = number(0)
    for r in range(count):
        row = rows[r, start:stop]
        for i in range(stop - start):
            most = max(most, row[i] if row[i] < infinity else number(0))
    return most
