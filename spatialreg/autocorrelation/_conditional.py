"""Conditional permutations: how often chance gives a region neighbours like those that it has.

A region keeps its value while its neighbours are drawn without replacement from all others. All
regions read the same table of draws (``_draws``), and each counts in how many of its columns a sum
over the drawn neighbours is at least, and at most, the observed one.

Where a region's weights are all equal, the sum depends on nothing but the number of its neighbours.
Then all regions with ``k`` neighbours share one list of drawn sums: it is sorted once, a binary
search finds a region's place in it, and only the columns that hold the region itself are put right.
With R columns, k_max neighbours at most and c different numbers of neighbours this takes ``R k_max
+ c R log R + n log R`` steps. Unequal weights have to be multiplied out, in ``n R k`` steps.

The sample that regions share makes their errors alike: where one region's p-value is by chance too
small, those of regions like it are so too. Each p-value for itself has the precision of R
independent draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from .._compiled import Share, processors, sharing
from ._counting import SLACK, add_up, compare_weights, count_combined, count_ranked
from ._draws import Draws, deal, new_seed

BLOCK = 2**20  # cells of the table at a time (some 25 MB with their index and sums)
_LARGE = 2**23  # steps from which a second thread saves more than it costs
_REGIONS = 2**13  # regions whose coefficients are written out at a time


def conditional_tails(
    values: np.ndarray,
    matrix: sparse.csr_array,
    permutations: int,
    rng: np.random.Generator,
    *,
    block: int = BLOCK,
    workers: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Count the draws in which a region's neighbours sum to at least, and at most, as much.

    The sum is ``sum_j w_ij v_j``. It is all that is random in a local Moran's I or a local G, so
    its tails are those of the statistic (turned round where the region's own value is below the
    mean).

    Two sums are equal where they differ by no more than rounding, so that ties count on both sides
    whichever way they were added up. With equal weights the values themselves are added, and whole
    numbers tie exactly.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Values as given, not centred, so that whole numbers stay whole.
    matrix : csr_array, shape (n, n)
        Weights without a diagonal, neighbours of a row in ascending order.
    permutations : int
    rng : Generator
        One number is taken from it.
    block : int
        Cells of the table at a time; it bounds memory and changes no result.
    workers : int, optional
        Threads, which change no result either; by default as many as the job is worth.

    Returns
    -------
    (ndarray of int64, ndarray of int64)
        Of shape (n,). A region without neighbours ties with all permutations.
    """
    at_least, at_most = conditional_tails_many(
        values[:, np.newaxis], matrix, permutations, rng, block=block, workers=workers
    )
    return at_least[:, 0], at_most[:, 0]


def conditional_tails_many(
    columns: np.ndarray,
    matrix: sparse.csr_array,
    permutations: int,
    rng: np.random.Generator,
    *,
    block: int = BLOCK,
    workers: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Do the work of :func:`conditional_tails` for many columns of values on the same regions.

    The table is drawn and indexed once for all columns. Each gets what it would get by itself from
    a generator in the same state.

    Parameters
    ----------
    columns : ndarray, shape (n, m)
    matrix, permutations, rng, block, workers
        As in :func:`conditional_tails`.

    Returns
    -------
    (ndarray of int64, ndarray of int64)
        Of shape (n, m).
    """
    rows = _Rows.of(matrix)
    # copies: an array that cannot be written to is another type, and would be compiled for anew
    each = [np.array(column, dtype=float) for column in columns.T]
    tails = [_Tails.of(rows, permutations) for _ in each]
    plain = np.ones((rows.n, 1))
    with sharing(_workers(workers, rows, len(each), permutations)) as share:
        for draws in _blocks(rows, permutations, new_seed(rng), block, share):
            for values, found in zip(each, tails, strict=True):
                _count_ranked(values, rows, draws, found, share)
                _count_combined(values[np.newaxis], plain, rows, rows.unequal, draws, found, share)
    at_least = np.column_stack([found.at_least for found in tails])
    return at_least, np.column_stack([found.at_most for found in tails])


def conditional_tails_squared(
    columns: np.ndarray,
    matrix: sparse.csr_array,
    permutations: int,
    rng: np.random.Generator,
    *,
    block: int = BLOCK,
    workers: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Count the draws in which a region differs from its neighbours at least, and at most, as much.

    The sum is ``sum_v sum_j w_ij (c_iv - c_jv)**2``, that of a local Geary's C. It is multiplied
    out: ``(c_i - c_j)**2 = c_i**2 - 2 c_i c_j + c_j**2``, where the first term is the same in all
    draws. With equal weights, what is left is a combination of two sums over the drawn neighbours,
    of ``c`` and of ``c**2``, that all regions with as many neighbours share: ``n R`` steps for each
    variable, whatever the number of neighbours.

    Parameters
    ----------
    columns : ndarray, shape (n, v)
        One column a variable, in comparable units.
    matrix, permutations, rng, block, workers
        As in :func:`conditional_tails`.

    Returns
    -------
    (ndarray of int64, ndarray of int64)
        Of shape (n,). A region without neighbours ties with all permutations.
    """
    rows = _Rows.of(matrix)
    centred = np.ascontiguousarray((columns - columns.mean(axis=0)).T, dtype=float)
    found = _Tails.of(rows, permutations)
    # the parts of the sum that are drawn: first the squares of all variables, then each variable
    parts = np.vstack([(centred**2).sum(axis=0), centred])
    own = np.column_stack([np.ones(rows.n), -2 * centred.T])
    with sharing(_workers(workers, rows, len(parts), permutations, ranked=False)) as share:
        for draws in _blocks(rows, permutations, new_seed(rng), block, share):
            for regions in (rows.equal, rows.unequal):
                _count_combined(parts, own, rows, regions, draws, found, share)
    return found.at_least, found.at_most


def rounding(matrix: sparse.csr_array, size: float) -> np.ndarray:
    """Bound the rounding error of each row's sum of weights times values of up to `size`."""
    total = matrix @ np.ones(matrix.shape[1])
    return SLACK * np.diff(matrix.indptr) * total * size


@dataclass(frozen=True)
class _Rows:
    """The rows of a matrix, sorted by whether their weights are equal.

    Attributes
    ----------
    n : int
    indptr : ndarray of int64, shape (n + 1,)
    indices : ndarray of int32
    weights : ndarray of float
    cards : ndarray of int32, shape (n,)
        Neighbours of each region.
    equal, unequal : ndarray of int
        The regions whose weights are equal up to rounding, and those whose are not. Regions without
        neighbours are in neither.
    sizes : ndarray of int64
        The different numbers of neighbours of the regions with equal weights, ascending.
    slots : ndarray of int32, shape (n,)
        Which of the `sizes` a region with equal weights has; -1 for the others.
    """

    n: int
    indptr: np.ndarray
    indices: np.ndarray
    weights: np.ndarray
    cards: np.ndarray
    equal: np.ndarray
    unequal: np.ndarray
    sizes: np.ndarray
    slots: np.ndarray

    @classmethod
    def of(cls, matrix: sparse.csr_array) -> _Rows:
        cards = np.diff(matrix.indptr).astype(np.int32)
        indptr = matrix.indptr.astype(np.int64, copy=False)
        weights = np.ascontiguousarray(matrix.data, dtype=float)
        alike = np.empty(len(cards), dtype=bool)
        compare_weights(indptr, weights, alike)
        equal = np.flatnonzero(alike)
        sizes = np.flatnonzero(np.bincount(cards[equal]))
        slot = np.full(int(cards.max(initial=0)) + 1, -1, dtype=np.int32)
        slot[sizes] = np.arange(len(sizes))
        return cls(
            n=len(cards),
            indptr=indptr,
            indices=matrix.indices.astype(np.int32, copy=False),
            weights=weights,
            cards=cards,
            equal=equal,
            unequal=np.flatnonzero(~alike & (cards > 0)),
            sizes=sizes,
            slots=np.where(alike, slot[cards], np.int32(-1)),
        )


@dataclass(frozen=True)
class _Tails:
    """The counts, filled block by block."""

    at_least: np.ndarray
    at_most: np.ndarray

    @classmethod
    def of(cls, rows: _Rows, permutations: int) -> _Tails:
        counts = np.where(rows.cards == 0, permutations, 0).astype(np.int64)
        return cls(counts, counts.copy())


def _blocks(
    rows: _Rows, permutations: int, seed: np.uint64, block: int, share: Share
) -> Iterator[Draws]:
    """Deal the table in blocks of columns of about `block` cells; nothing for isolates alone."""
    cards = int(rows.cards.max())
    if cards:
        columns = max(1, block // cards)
        for first in range(0, permutations, columns):
            yield deal(rows.cards, seed, first, min(columns, permutations - first), share)


def _workers(
    asked: int | None, rows: _Rows, parts: int, permutations: int, *, ranked: bool = True
) -> int:
    """Give the number of threads: one, unless the job has so many steps that more are worth it."""
    if asked is not None:
        return asked
    ordered = len(rows.equal)
    steps = permutations * int(rows.cards.max(initial=0)) * 4
    if ranked:
        steps += ordered * 64 + permutations * len(rows.sizes) * 4
    else:
        steps += permutations * ordered * parts // 4
    steps += permutations * int(rows.cards[rows.unequal].sum()) * parts // 4
    return processors() if steps > _LARGE else 1


def _sums(values: np.ndarray, rows: _Rows, draws: Draws, share: Share) -> np.ndarray:
    """Sum the drawn values in each column for each of the different numbers of neighbours."""
    width = draws.table.shape[1]
    sums = np.empty((len(rows.sizes), width))
    share(lambda start, stop: add_up(values, draws.table, rows.sizes, sums, start, stop), width)
    return sums


def _count_ranked(
    values: np.ndarray, rows: _Rows, draws: Draws, found: _Tails, share: Share
) -> None:
    """Count for the regions with equal weights, by sorted sums."""
    if not len(rows.equal):
        return
    sums = _sums(values, rows, draws, share)
    ranked = sums.copy()
    share(lambda start, stop: ranked[start:stop].sort(axis=1), len(ranked))
    size = float(np.abs(values).max())

    def count(start: int, stop: int) -> None:
        count_ranked(
            values,
            rows.indptr,
            rows.indices,
            rows.slots,
            size,
            sums,
            ranked,
            draws.starts,
            draws.columns,
            found.at_least,
            found.at_most,
            start,
            stop,
        )

    share(count, rows.n)


def _count_combined(
    parts: np.ndarray,
    own: np.ndarray,
    rows: _Rows,
    regions: np.ndarray,
    draws: Draws,
    found: _Tails,
    share: Share,
) -> None:
    """Count for `regions` by multiplying out ``sum_u own[i, u] * sum_j w_ij * parts[u, j]``.

    All of `regions` have equal weights, or none has. Those that have are compared without them, and
    combine the sums of each part over as many neighbours; the others combine the drawn values.
    """
    if not len(regions):
        return
    equal = bool(rows.slots[regions[0]] >= 0)
    if equal:
        stack = np.vstack([_sums(part, rows, draws, share) for part in parts])
    else:
        stack = np.vstack([part[draws.table] for part in parts])
    behind = len(stack) // len(parts) * np.arange(len(parts))  # where each part begins
    size = np.abs(parts).max(axis=1)

    def count(start: int, stop: int) -> None:
        for first in range(start, stop, _REGIONS):
            chosen = regions[first : min(first + _REGIONS, stop)]
            cards, factors = rows.cards[chosen], own[chosen]
            begins = np.concatenate([[0], np.cumsum(cards, dtype=np.int64)])
            row = np.arange(begins[-1]) - np.repeat(begins[:-1], cards)
            entry = np.repeat(rows.indptr[chosen], cards) + row
            weights = np.ones(len(entry)) if equal else rows.weights[entry]
            lags = np.add.reduceat(weights * parts[:, rows.indices[entry]], begins[:-1], axis=1)
            observed = (factors * lags.T).sum(axis=1)
            shift = (factors * (parts[:, -1:] - parts[:, chosen]).T).sum(axis=1)
            scale = np.add.reduceat(weights, begins[:-1]) * (np.abs(factors) @ size)
            slack = SLACK * (cards * len(parts) + 2) * scale
            if equal:
                term_rows, coefficients = rows.slots[chosen][:, np.newaxis] + behind, factors
                term_starts = len(parts) * np.arange(len(chosen) + 1)
            else:
                term_rows = row[:, np.newaxis] + behind
                coefficients = weights[:, np.newaxis] * np.repeat(factors, cards, axis=0)
                term_starts = len(parts) * begins
            count_combined(
                chosen,
                term_starts,
                term_rows.ravel(),
                coefficients.ravel(),
                begins,
                weights * np.repeat(shift, cards),
                observed - slack,
                observed + slack,
                stack,
                draws.starts,
                draws.rows,
                draws.columns,
                found.at_least,
                found.at_most,
            )

    share(count, len(regions))
