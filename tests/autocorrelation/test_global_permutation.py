"""The shuffled sums equal slow twins that shuffle and add up in plain Python."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.stats import chisquare

from spatialreg.autocorrelation import _global_permutation
from spatialreg.autocorrelation._global_permutation import (
    new_seeds,
    shuffled_differences,
    shuffled_dots,
    shuffled_joins,
    shuffled_products,
)
from spatialreg.autocorrelation._pairs import pairs_of
from spatialreg.autocorrelation._splitmix import bounded, draw_below, mix, shuffle, shuffle_into

ALL = 2**64 - 1


def slow_mix(state: int) -> int:
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & ALL
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & ALL
    return state ^ (state >> 31)


def slow_shuffle(values, seed) -> list:
    """Insert each value at a random place, with whole numbers of any size.

    Bits come in pairs, the upper half of 64 first; those drawn in place of rejected ones are not
    shared.
    """
    state, spare, result = int(seed), 0, []

    def fresh():
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & ALL
        return slow_mix(state)

    for i, value in enumerate(values):
        if i % 2:
            whole = fresh()
            bits, spare = whole >> 32, whole % 2**32
        else:
            bits = spare
        while i and bits * (i + 1) % 2**32 < 2**32 % (i + 1):
            bits = fresh() >> 32
        j = bits * (i + 1) // 2**32
        result.append(value)
        result[i], result[j] = result[j], value
    return result


def test_the_generator_is_splitmix():
    """The first numbers from seed 1234567 of the published reference implementation."""
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    golden = 0x9E3779B97F4A7C15
    states = [np.uint64((1234567 + k * golden) & ALL) for k in (1, 2, 3)]
    assert [int(mix(state)) for state in states] == expected


def shuffled(values, seeds):
    """Give a row of shuffled values for each seed."""
    lanes = np.zeros((len(values), len(seeds)), dtype=np.asarray(values).dtype)
    shuffle_into(lanes, np.asarray(values), seeds)
    return lanes.T


@pytest.mark.parametrize("size", [1, 2, 3, 10, 1000])
def test_shuffles_equal_the_slow_twin(size):
    seeds = new_seeds(5, np.random.default_rng(size))
    rows = shuffled(np.arange(size), seeds)
    assert rows.tolist() == [slow_shuffle(range(size), seed) for seed in seeds]


def test_every_order_in_place_is_as_likely():
    """The 24 orders of four, in 24,000 shuffles: chi-square on 23 freedoms."""
    rows = []
    for seed in new_seeds(24_000, np.random.default_rng(8)):
        values = np.arange(4)
        shuffle(values, seed)
        rows.append(tuple(values.tolist()))
    counts = pd.Series(rows).value_counts()
    assert set(counts.index) == set(permutations(range(4)))
    assert chisquare(counts.to_numpy()).pvalue > 0.001


@pytest.mark.parametrize("size", [4, 5])
def test_every_order_is_as_likely(size):
    """The orders of four and of five, a thousand shuffles for each: chi-square."""
    orders = list(permutations(range(size)))
    seeds = new_seeds(1000 * len(orders), np.random.default_rng(8))
    counts = pd.Series(map(tuple, shuffled(np.arange(size), seeds).tolist())).value_counts()
    assert set(counts.index) == set(orders)
    assert chisquare(counts.to_numpy()).pvalue > 0.001


def test_limits_that_do_not_divide_evenly_are_drawn_evenly():
    """Of 3 * 2**30 numbers each third has as many; without rejection one has a half."""
    limit, state = np.uint64(3 * 2**30), np.uint64(5)
    by_bits, by_state = np.zeros(3), np.zeros(3)
    for bits in np.random.default_rng(4).integers(0, 2**32, 30_000, dtype=np.uint64):
        by_bits[bounded(np.uint64(7), bits, limit)[1] % 3] += 1
        state, number = draw_below(np.uint64(state), limit)
        by_state[number % 3] += 1
    assert chisquare(by_state).pvalue > 0.001
    # one stream for all that is rejected: a quarter of the numbers are the same one
    assert by_bits.sum() == 30_000
    assert np.sort(by_bits)[:2] == pytest.approx([7500, 7500], abs=5 * np.sqrt(30_000 * 3 / 16))


def case(n=23, own=False):
    """Weights with empty rows, links in one direction and, on request, a diagonal."""
    rng = np.random.default_rng(n)
    dense = rng.random((n, n)) * (rng.random((n, n)) < 0.2)
    dense[4] = 0
    if not own:
        np.fill_diagonal(dense, 0)
    return dense, sparse.csr_array(dense), rng.normal(size=n)


@pytest.fixture(params=[2**15, 1], ids=["as given", "renumbered"])
def large(request):
    return request.param


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("count", [1, 3, 4, 5, 18])
def test_products_equal_the_slow_twin(own, count, large):
    dense, matrix, z = case(own=own)
    pairs = pairs_of(matrix, large=large)
    order = np.arange(23) if pairs.order is None else pairs.order
    seeds = new_seeds(count, np.random.default_rng(1))
    observed, sums = shuffled_products(z, pairs, seeds)
    assert observed == pytest.approx(z @ dense @ z, abs=1e-12)
    placed = dense[np.ix_(order, order)]
    rows = [np.array(slow_shuffle(z[order], seed)) for seed in seeds]
    assert sums == pytest.approx([p @ placed @ p for p in rows], abs=1e-12)


@pytest.mark.parametrize("count", [1, 6])
def test_differences_equal_the_slow_twin(count, large):
    dense, matrix, z = case()
    pairs = pairs_of(matrix, large=large)
    order = np.arange(23) if pairs.order is None else pairs.order
    seeds = new_seeds(count, np.random.default_rng(1))
    observed, sums = shuffled_differences(z, pairs, seeds)

    def slow(values, weights):
        return (weights * (values[:, None] - values) ** 2).sum()

    assert observed == pytest.approx(slow(z, dense), abs=1e-12)
    placed = dense[np.ix_(order, order)]
    rows = [np.array(slow_shuffle(z[order], seed)) for seed in seeds]
    assert sums == pytest.approx([slow(p, placed) for p in rows], abs=1e-12)


def test_dots_equal_the_slow_twin():
    rng = np.random.default_rng(2)
    z, columns, seeds = rng.normal(size=11), rng.normal(size=(11, 3)), new_seeds(5, rng)
    sums = shuffled_dots(z, columns, seeds)
    expected = [np.array(slow_shuffle(z, seed)) @ columns for seed in seeds]
    np.testing.assert_allclose(sums, expected, atol=1e-13)


@pytest.mark.parametrize("count", [1, 4, 7])
def test_joins_equal_the_slow_twin(count, large):
    dense, matrix, _ = case()
    codes = np.random.default_rng(3).integers(0, 3, 23)
    pairs = pairs_of(matrix, large=large)
    order = np.arange(23) if pairs.order is None else pairs.order
    seeds = new_seeds(count, np.random.default_rng(1))
    observed, tables = shuffled_joins(codes, 3, pairs, seeds)

    def slow(kinds, weights):
        table = np.zeros((3, 3))
        for i in range(23):
            for j in range(23):
                table[min(kinds[i], kinds[j]), max(kinds[i], kinds[j])] += weights[i, j] / 2
        return table

    np.testing.assert_allclose(observed, slow(codes, dense), atol=1e-13)
    placed = dense[np.ix_(order, order)]
    expected = [slow(slow_shuffle(codes[order], seed), placed) for seed in seeds]
    np.testing.assert_allclose(tables, expected, atol=1e-13)


def test_threads_change_nothing(monkeypatch):
    """The same job alone, and in slices that do not divide into lanes."""
    _, matrix, z = case()
    pairs, seeds = pairs_of(matrix), new_seeds(1001, np.random.default_rng(1))
    alone = (
        shuffled_products(z, pairs, seeds)[1],
        shuffled_dots(z, z[:, None], seeds),
        shuffled_joins((z > 0).astype(int), 2, pairs, seeds)[1],
    )
    used = []
    monkeypatch.setattr(_global_permutation, "_LARGE", 1)
    monkeypatch.setattr(_global_permutation, "processors", lambda: used.append(3) or 3)
    together = (
        shuffled_products(z, pairs, seeds)[1],
        shuffled_dots(z, z[:, None], seeds),
        shuffled_joins((z > 0).astype(int), 2, pairs, seeds)[1],
    )
    assert used
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_pairs_know_the_sums_of_the_weights():
    """S0, S1 and S2 of Cliff and Ord from their definitions, whatever the numbering."""
    dense, matrix, _ = case()
    for large in (2**15, 1):
        pairs = pairs_of(matrix, large=large)
        assert pairs.total == pytest.approx(dense.sum())
        assert pairs.squares == pytest.approx(((dense + dense.T) ** 2).sum() / 2)
        degree = dense.sum(axis=0) + dense.sum(axis=1)
        order = slice(None) if pairs.order is None else pairs.order
        assert pairs.degree == pytest.approx(degree[order])
        assert pairs.own == pytest.approx(np.zeros(23))


def test_weights_of_regions_on_themselves_stand_apart():
    dense, matrix, _ = case(own=True)
    pairs = pairs_of(matrix)
    assert pairs.own == pytest.approx(np.diag(dense))
    assert pairs.total == pytest.approx(dense.sum())
    np.fill_diagonal(dense, 0)
    assert pairs.degree == pytest.approx(dense.sum(axis=0) + dense.sum(axis=1))
    assert pairs.squares == pytest.approx(((dense + dense.T) ** 2).sum() / 2)


def test_memory_does_not_grow_with_permutations():
    """Ten times the permutations take the room of their sums, not of their values."""
    import tracemalloc

    rng, n = np.random.default_rng(1), 2000
    ring = sparse.csr_array(np.roll(np.eye(n), 1, axis=1))
    pairs, z = pairs_of(ring), rng.normal(size=n)
    peaks = []
    for count in (1000, 10_000):
        seeds = new_seeds(count, rng)
        tracemalloc.start()
        shuffled_products(z, pairs, seeds)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 2 * 8 * 9000
