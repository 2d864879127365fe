"""Random permutations: of all values over all regions, and of each region's neighbours.

Draws come from numpy's Generator, in blocks that bound memory without changing a result; the loops
over them are compiled. Positions stand for regions in sorted-label order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from scipy import sparse

_EPS = float(np.finfo(float).eps)
_BLOCK = 2**21  # numbers drawn at a time (16 MB)


def compiled(function: Callable[..., None]) -> Any:
    """Compile a loop, and keep the result on disk where there is a place that can be written to."""
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba finds no such place: an installation that is read-only
        return numba.njit(nogil=True)(function)


def permuted_products(
    z: np.ndarray,
    matrix: sparse.csr_array,
    permutations: int,
    rng: np.random.Generator,
    *,
    block: int = _BLOCK,
) -> tuple[float, np.ndarray]:
    """Sum ``w_ij z_i z_j`` over all pairs, as observed and with `z` shuffled over all regions.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Centred values.
    matrix : csr_array, shape (n, n)
        Weights.
    permutations : int
    rng : Generator
    block : int
        Numbers drawn at a time; it bounds memory and changes no result.

    Returns
    -------
    (float, ndarray of shape (permutations,))
    """
    # a pair is counted once with both its weights: the product is the same either way
    pairs = sparse.triu(matrix + matrix.T, k=1).tocoo()
    first, second = pairs.row.astype(np.int64), pairs.col.astype(np.int64)
    observed, sums = np.empty(1), np.empty(permutations)
    _pair_sums(z[np.newaxis], first, second, pairs.data, observed)
    rows = max(1, block // len(z))
    for start in range(0, permutations, rows):
        part = sums[start : start + rows]
        shuffled = rng.permuted(np.broadcast_to(z, (len(part), len(z))), axis=1)
        _pair_sums(shuffled, first, second, pairs.data, part)
    return float(observed[0]), sums


@compiled
def _pair_sums(
    z: np.ndarray, first: np.ndarray, second: np.ndarray, weight: np.ndarray, sums: np.ndarray
) -> None:
    """Fill ``sums[r]`` with the sum over pairs ``e`` of ``weight * z[r, first] * z[r, second]``."""
    for r in range(z.shape[0]):
        total = 0.0
        for e in range(len(weight)):
            total += weight[e] * z[r, first[e]] * z[r, second[e]]
        sums[r] = total


def conditional_tails(
    values: np.ndarray,
    matrix: sparse.csr_array,
    permutations: int,
    rng: np.random.Generator,
    *,
    block: int = _BLOCK,
) -> tuple[np.ndarray, np.ndarray]:
    """Count the permutations in which a region's neighbours sum to at least, and at most, as much.

    Region `i` keeps its value; its neighbours' values are drawn without replacement from the values
    of all other regions, and the weighted sum of the draw is compared with the observed one. The
    sum is all that is random in a local Moran's I, so its tails are those of the statistic (turned
    round where the region's own value is below the mean).

    One hand of positions is dealt a permutation and used for every region, as many cards of it as
    the region has neighbours: any beginning of a shuffled deck is a random sample. The deck leaves
    out the last region, who stands in wherever a region is dealt itself, so that each region draws
    from exactly all the others.

    Sums of the same values added in another order differ by rounding, so that ties would be decided
    by chance: two sums are equal where they differ by no more than that.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Values as given, not centred, so that whole numbers stay whole.
    matrix : csr_array, shape (n, n)
        Weights without a diagonal.
    permutations : int
    rng : Generator
    block : int
        Numbers drawn at a time; it bounds memory and changes no result.

    Returns
    -------
    (ndarray of int, ndarray of int)
        Of shape (n,). A region without neighbours ties with all permutations.
    """
    n = len(values)
    cards = int(np.diff(matrix.indptr).max())
    tolerance = rounding(matrix, float(np.abs(values).max()))
    starts, neighbours = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)
    at_least, at_most = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    deck = np.arange(n - 1)
    left = n - 1 - np.arange(cards)  # cards left in the deck before each draw
    rows = max(1, block // cards)
    for start in range(0, permutations, rows):
        count = min(rows, permutations - start)
        hands = rng.integers(0, left, size=(count, cards))
        _deal(deck, hands)
        _count_tails(values, starts, neighbours, matrix.data, tolerance, hands, at_least, at_most)
    return at_least, at_most


def rounding(matrix: sparse.csr_array, size: float) -> np.ndarray:
    """Bound the rounding error of each row's sum of weights times values of up to `size`."""
    return 4 * _EPS * np.diff(matrix.indptr) * matrix.sum(axis=1) * size


@compiled
def _deal(deck: np.ndarray, hands: np.ndarray) -> None:
    """Turn random offsets into hands: card ``j`` is swapped with one of those from ``j`` on.

    The deck need not be put in order between hands: a shuffle of any order is as random.
    """
    for r in range(hands.shape[0]):
        for j in range(hands.shape[1]):
            k = j + hands[r, j]
            card = deck[k]
            deck[k] = deck[j]
            deck[j] = card
            hands[r, j] = card


@compiled
def _count_tails(
    values: np.ndarray,
    starts: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
    tolerance: np.ndarray,
    hands: np.ndarray,
    at_least: np.ndarray,
    at_most: np.ndarray,
) -> None:
    """Add to `at_least` and `at_most` how often each region's drawn sum reaches the observed."""
    last = len(values) - 1
    for i in range(len(values)):
        start, stop = starts[i], starts[i + 1]
        observed = 0.0
        for e in range(start, stop):
            observed += weights[e] * values[neighbours[e]]
        low, high = observed - tolerance[i], observed + tolerance[i]
        above, below = 0, 0
        for r in range(hands.shape[0]):
            drawn = 0.0
            for j in range(stop - start):
                other = hands[r, j]
                if other == i:
                    other = last
                drawn += weights[start + j] * values[other]
            above += drawn >= low
            below += drawn <= high
        at_least[i] += above
        at_most[i] += below
