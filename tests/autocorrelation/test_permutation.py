"""The loops equal slow twins that say the same in fractions and plain Python."""

from __future__ import annotations

from itertools import permutations

import numba
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.stats import chisquare

from spatialreg.autocorrelation import _permutation
from spatialreg.autocorrelation._inputs import weights_matrix
from spatialreg.autocorrelation._permutation import conditional_tails, permuted_products

from .conftest import exact


def slow_tails(values, matrix, count, rng):
    """Deal the same hands from the same random numbers, and add up in exact fractions."""
    dense, n = matrix.toarray(), len(values)
    cards = max((row != 0).sum() for row in dense)
    offsets = rng.integers(0, n - 1 - np.arange(cards), size=(count, cards))
    deck, at_least, at_most = list(range(n - 1)), [0] * n, [0] * n
    for draw in offsets:
        for j, offset in enumerate(draw):
            deck[j], deck[j + offset] = deck[j + offset], deck[j]
        for i in range(n):
            neighbours = np.flatnonzero(dense[i])
            weights = [exact(dense[i, j]) for j in neighbours]
            hand = [n - 1 if card == i else card for card in deck[: len(neighbours)]]
            observed = sum(w * exact(values[j]) for w, j in zip(weights, neighbours, strict=True))
            drawn = sum(w * exact(values[j]) for w, j in zip(weights, hand, strict=True))
            at_least[i] += drawn >= observed
            at_most[i] += drawn <= observed
    return at_least, at_most


VALUES = {
    "counts": [3, 0, 1, 1, 4, 0, 2],
    "tenths": [0.1, 0.2, 0.3, 0.3, 0.7, 0.1, 0.6],  # 0.1 + 0.2 + 0.3 rounds by its order
    "far from zero": [1e6 + v for v in (0.1, 0.2, 0.3, 0.3, 0.7, 0.1, 0.6)],
    "negative": [-3.5, 2.25, 0.0, -3.5, 1.0, 7.5, -1.0],
}


@pytest.mark.parametrize("kind", VALUES)
def test_tails_equal_the_slow_twin(small, kind):
    _, graph = small
    values = np.array(VALUES[kind], dtype=float)
    matrix = weights_matrix(graph, pd.Index(list("abcdefg")))
    got = conditional_tails(values, matrix, 300, np.random.default_rng(5))
    expected = slow_tails(values, matrix, 300, np.random.default_rng(5))
    assert (got[0].tolist(), got[1].tolist()) == expected


def test_products_equal_the_slow_twin(small):
    _, graph = small
    z = np.array([0.5, -1.0, 2.0, -1.5, 0.25, 0.0, -0.25])
    matrix = weights_matrix(graph, pd.Index(list("abcdefg")))
    observed, sums = permuted_products(z, matrix, 40, np.random.default_rng(5))
    dense, rng = matrix.toarray(), np.random.default_rng(5)
    assert observed == pytest.approx(z @ dense @ z, abs=1e-14)
    shuffled = [rng.permuted(z) for _ in range(40)]
    assert sums == pytest.approx([p @ dense @ p for p in shuffled], abs=1e-14)


@pytest.mark.parametrize("block", [1, 7, 50, 1000])
def test_the_size_of_blocks_changes_nothing(small, block):
    _, graph = small
    values = np.array(VALUES["tenths"])
    matrix = weights_matrix(graph, pd.Index(list("abcdefg")))
    for function in (conditional_tails, permuted_products):
        whole = function(values, matrix, 100, np.random.default_rng(3))
        parts = function(values, matrix, 100, np.random.default_rng(3), block=block)
        for one, other in zip(whole, parts, strict=True):
            np.testing.assert_array_equal(one, other)


def test_every_ordered_hand_is_as_likely():
    """All 4 x 3 x 2 hands of three from four cards, at 24,000 deals: chi-square on 23 freedoms."""
    rng, deck = np.random.default_rng(8), np.arange(4)
    hands = rng.integers(0, 4 - np.arange(3), size=(24_000, 3))
    _permutation._deal(deck, hands)
    seen = pd.Series(map(tuple, hands.tolist())).value_counts()
    assert set(seen.index) == set(permutations(range(4), 3))
    assert chisquare(seen.to_numpy()).pvalue > 0.001


def test_each_region_draws_from_exactly_the_others():
    """With all but one value zero, the share of draws that hit it is known: k / (n - 1)."""
    n = 6
    ring = sparse.csr_array(np.roll(np.eye(n), 1, axis=1) + np.roll(np.eye(n), -1, axis=1))
    for hit in range(n):
        values = np.zeros(n)
        values[hit] = 1.0
        at_least, at_most = conditional_tails(values, ring, 20_000, np.random.default_rng(hit))
        for i in range(n):
            beside = ring[[i], [hit]][0] != 0
            # drawn sums are 1 with probability 2 / 5, and never for the region itself
            share = (at_least if beside else 20_000 - at_most)[i] / 20_000
            expected = 0.0 if i == hit else 0.4
            assert share == pytest.approx(expected, abs=5 * np.sqrt(0.24 / 20_000))


def test_loops_compile_where_nothing_can_be_cached(monkeypatch):
    njit = numba.njit

    def read_only(*args, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(*args, **options)

    monkeypatch.setattr(_permutation.numba, "njit", read_only)

    def double(numbers):
        for i in range(len(numbers)):
            numbers[i] *= 2

    numbers = np.arange(3)
    _permutation.compiled(double)(numbers)
    assert numbers.tolist() == [0, 2, 4]
