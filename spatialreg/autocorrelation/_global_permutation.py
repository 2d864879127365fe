"""Sums over pairs of neighbours with the values shuffled over all regions.

What a global statistic needs of each permutation is one sum (or a small table). Values are shuffled
into a strip as long as there are regions and summed up at once: no permutation outlives its sum,
and memory does not grow with their number.

Four permutations go side by side. Their values for a region lie next to each other (a *lane* is one
permutation), so that a pair and its weight are read once for all four, and a processor multiplies
them in one step. Above some thirty thousand regions the values no longer fit into the processor's
own memory; there ``_pairs`` numbers the regions so that neighbours are close to one another.

Each permutation has a random stream of its own, seeded from the caller's generator: permutation 17
is the same however many are drawn after it, and in whatever thread.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .._compiled import compiled, processors, sharing
from ._pairs import Pairs
from ._splitmix import shuffle_into

LANES = 4
_LARGE = 2**26  # regions times permutations from which a second thread saves more than it costs


def new_seeds(permutations: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a seed for each permutation."""
    return rng.integers(0, 2**64, size=permutations, dtype=np.uint64)


def shuffled_products(z: np.ndarray, pairs: Pairs, seeds: np.ndarray) -> tuple[float, np.ndarray]:
    """Sum ``w_ij z_i z_j`` over all links, as observed and with `z` shuffled over all regions.

    Parameters
    ----------
    z : ndarray, shape (n,)
    pairs : Pairs
    seeds : ndarray of uint64
        One for each permutation; the same seeds shuffle other values in the same way.

    Returns
    -------
    (float, ndarray of the length of `seeds`)
    """
    return _summed(_shuffle_and_multiply, _multiply, z, pairs, seeds)


def shuffled_differences(
    z: np.ndarray, pairs: Pairs, seeds: np.ndarray
) -> tuple[float, np.ndarray]:
    """Sum ``w_ij (z_i - z_j)**2`` over all links, as observed and with `z` shuffled."""
    return _summed(_shuffle_and_compare, _compare, z, pairs, seeds)


def shuffled_dots(z: np.ndarray, columns: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Sum ``z_i c_i`` for each column ``c``, with `z` shuffled.

    Seeds shuffle by position. Where the shuffles have to be those of a sum over pairs, both
    arguments come in the order of the pairs.

    Parameters
    ----------
    z : ndarray, shape (n,)
    columns : ndarray, shape (n, m)
        Fixed to the regions.
    seeds : ndarray of uint64

    Returns
    -------
    ndarray, shape (len(seeds), m)
    """
    fixed = np.ascontiguousarray(columns, dtype=float)
    sums = np.zeros((len(seeds), fixed.shape[1]))
    _spread(lambda part: _shuffle_and_dot(z, fixed, seeds[part], sums[part]), len(z), len(seeds))
    return sums


def shuffled_joins(
    codes: np.ndarray, categories: int, pairs: Pairs, seeds: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sum half the weights of links between each two categories, as observed and shuffled.

    Parameters
    ----------
    codes : ndarray of int
        Each region's category, from 0 to `categories` - 1.
    categories : int
    pairs : Pairs
    seeds : ndarray of uint64

    Returns
    -------
    (ndarray of shape (categories, categories), ndarray of shape (permutations, same, same))
        At ``[a, b]`` with ``a <= b`` the joins of ``a`` and ``b``; zero elsewhere. Half of both
        directions of a pair is one join.
    """
    placed = pairs.placed(codes).astype(np.int32)
    observed = np.zeros((1, categories, categories))
    tables = np.zeros((len(seeds), categories, categories))
    arrays = (pairs.starts, pairs.neighbours, pairs.weights)
    _tabulate(_alike(placed), *arrays, observed)
    _spread(
        lambda part: _shuffle_and_tabulate(placed, *arrays, seeds[part], tables[part]),
        len(codes),
        len(seeds),
    )
    for table in (observed, tables):
        table += np.tril(table, -1).swapaxes(1, 2)
        table *= np.triu(np.full((categories, categories), 0.5))
    return observed[0], tables


def _summed(
    shuffled: Callable[..., None],
    plain: Callable[..., None],
    z: np.ndarray,
    pairs: Pairs,
    seeds: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Run a loop over the values as they are, in all lanes alike, and over shuffled ones."""
    placed = pairs.placed(z)
    arrays = (pairs.starts, pairs.neighbours, pairs.weights)
    observed, sums = np.empty(1), np.empty(len(seeds))
    plain(_alike(placed), *arrays, observed)
    _spread(lambda part: shuffled(placed, *arrays, seeds[part], sums[part]), len(z), len(seeds))
    return float(observed[0]), sums


def _alike(values: np.ndarray) -> np.ndarray:
    """Put the same values into all lanes."""
    return np.repeat(values[:, np.newaxis], LANES, axis=1)


def _spread(loop: Callable[[slice], None], n: int, permutations: int) -> None:
    """Run a loop over all permutations, in threads if there is much to do."""
    with sharing(processors() if n * permutations >= _LARGE else 1) as share:
        share(lambda start, stop: loop(slice(start, stop)), permutations)


@compiled
def _multiply(
    lanes: np.ndarray,
    starts: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
    sums: np.ndarray,
) -> None:
    """Fill `sums` with each lane's sum over pairs of weight times value times value.

    The lanes are written out, four sums and four totals, because that keeps them in registers.
    """
    total0, total1, total2, total3 = 0.0, 0.0, 0.0, 0.0
    for i in range(lanes.shape[0]):
        sum0, sum1, sum2, sum3 = 0.0, 0.0, 0.0, 0.0
        for e in range(starts[i], starts[i + 1]):
            j, w = neighbours[e], weights[e]
            sum0 += w * lanes[j, 0]
            sum1 += w * lanes[j, 1]
            sum2 += w * lanes[j, 2]
            sum3 += w * lanes[j, 3]
        total0 += sum0 * lanes[i, 0]
        total1 += sum1 * lanes[i, 1]
        total2 += sum2 * lanes[i, 2]
        total3 += sum3 * lanes[i, 3]
    totals = (total0, total1, total2, total3)
    for lane in range(len(sums)):
        sums[lane] = totals[lane]


@compiled
def _compare(
    lanes: np.ndarray,
    starts: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
    sums: np.ndarray,
) -> None:
    """Fill `sums` with each lane's sum over pairs of weight times squared difference."""
    total0, total1, total2, total3 = 0.0, 0.0, 0.0, 0.0
    for i in range(lanes.shape[0]):
        value0, value1, value2, value3 = lanes[i, 0], lanes[i, 1], lanes[i, 2], lanes[i, 3]
        for e in range(starts[i], starts[i + 1]):
            j, w = neighbours[e], weights[e]
            total0 += w * (value0 - lanes[j, 0]) ** 2
            total1 += w * (value1 - lanes[j, 1]) ** 2
            total2 += w * (value2 - lanes[j, 2]) ** 2
            total3 += w * (value3 - lanes[j, 3]) ** 2
    totals = (total0, total1, total2, total3)
    for lane in range(len(sums)):
        sums[lane] = totals[lane]


@compiled
def _shuffle_and_multiply(
    z: np.ndarray,
    starts: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
    seeds: np.ndarray,
    sums: np.ndarray,
) -> None:
    """Fill ``sums[r]`` with the products of values shuffled by ``seeds[r]``."""
    lanes = np.zeros((len(z), LANES))
    for r in range(0, len(seeds), LANES):
        shuffle_into(lanes, z, seeds[r : r + LANES])
        _multiply(lanes, starts, neighbours, weights, sums[r : r + LANES])


@compiled
def _shuffle_and_compare(
    z: np.ndarray,
    starts: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
    seeds: np.ndarray,
    sums: np.ndarray,
) -> None:
    """Fill ``sums[r]`` with the squared differences of values shuffled by ``seeds[r]``."""
    lanes = np.zeros((len(z), LANES))
    for r in range(0, len(seeds), LANES):
        shuffle_into(lanes, z, seeds[r : r + LANES])
        _compare(lanes, starts, neighbours, weights, sums[r : r + LANES])


@compiled
def _shuffle_and_dot(
    z: np.ndarray, columns: np.ndarray, seeds: np.ndarray, sums: np.ndarray
) -> None:
    """Add to ``sums[r]`` the products of values shuffled by ``seeds[r]`` with each column."""
    lanes = np.zeros((len(z), LANES))
    for r in range(0, len(seeds), LANES):
        part = sums[r : r + LANES]
        shuffle_into(lanes, z, seeds[r : r + LANES])
        for i in range(len(z)):
            for c in range(columns.shape[1]):
                for lane in range(len(part)):
                    part[lane, c] += columns[i, c] * lanes[i, lane]


@compiled
def _tabulate(
    lanes: np.ndarray,
    starts: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
    tables: np.ndarray,
) -> None:
    """Add each pair's weight to the cell of its two categories, in each lane's own table.

    Adding to a cell has to wait for the last addition to it; with a table a lane, four go on at
    once.
    """
    for i in range(lanes.shape[0]):
        for e in range(starts[i], starts[i + 1]):
            j, w = neighbours[e], weights[e]
            for lane in range(tables.shape[0]):
                tables[lane, lanes[i, lane], lanes[j, lane]] += w


@compiled
def _shuffle_and_tabulate(
    codes: np.ndarray,
    starts: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
    seeds: np.ndarray,
    tables: np.ndarray,
) -> None:
    """Add to ``tables[r]`` the pairs of categories shuffled by ``seeds[r]``."""
    lanes = np.zeros((len(codes), LANES), dtype=np.int32)
    for r in range(0, len(seeds), LANES):
        shuffle_into(lanes, codes, seeds[r : r + LANES])
        _tabulate(lanes, starts, neighbours, weights, tables[r : r + LANES])
