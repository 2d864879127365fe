"""The table of draws: fair, without repeats, the same in any block, and indexed without a gap."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare

from spatialreg._compiled import sharing
from spatialreg.autocorrelation._draws import deal, new_seed

MASK = 2**64 - 1


def dealt(cards, seed=1, first=0, width=100, workers=1):
    with sharing(workers) as share:
        return deal(np.array(cards, dtype=np.int32), np.uint64(seed), first, width, share)


def slow_column(size, cards, seed, number):
    """Shuffle a list in plain Python, with the published generator in whole numbers."""

    def mix(x):
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & MASK
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB & MASK
        return x ^ (x >> 31)

    step = 0x9E3779B97F4A7C15
    state = mix((seed + step * (number + 1)) & MASK)
    deck: dict[int, int] = {}  # only of the cards that have moved
    refused = 0
    for j in range(cards):
        limit = size - j
        while True:
            state = (state + step) & MASK
            product = (mix(state) >> 32) * limit
            if product % 2**32 >= 2**32 % limit:
                break
            refused += 1
        k = j + product // 2**32
        deck[j], deck[k] = deck.get(k, k), deck.get(j, j)
    return [deck[j] for j in range(cards)], refused


@pytest.mark.parametrize(("n", "cards"), [(4, 3), (8, 2), (50, 49), (1000, 12)])
def test_columns_equal_the_slow_twin(n, cards):
    table = dealt([cards] * n, seed=2**63 + 5, first=7, width=40).table
    expected = [slow_column(n - 1, cards, 2**63 + 5, 7 + r)[0] for r in range(40)]
    assert table.T.tolist() == expected


def test_numbers_are_drawn_again_where_the_limit_does_not_divide_evenly():
    """Of three million positions one draw in 4,096 is refused, and the next one taken."""
    size = 3 * 2**20
    table = dealt(np.r_[2, np.zeros(size, dtype=int)], seed=9, width=20_000).table
    columns, refused = zip(*(slow_column(size, 2, 9, r) for r in range(20_000)), strict=True)
    assert sum(refused) > 0
    assert table.T.tolist() == list(columns)


def test_every_ordered_hand_is_as_likely():
    """All 4 x 3 x 2 hands of three from four positions, in 24,000 columns: 23 freedoms."""
    table = dealt([3] * 5, seed=3, width=24_000).table
    seen = pd.Series(map(tuple, table.T.tolist())).value_counts()
    assert set(seen.index) == set(permutations(range(4), 3))
    assert chisquare(seen.to_numpy()).pvalue > 0.001


@pytest.mark.parametrize("apart", [1, 2, 512])
def test_columns_do_not_follow_one_another(apart):
    """First positions of a column and of a later one: all 7 x 7 pairs are as likely."""
    first = dealt([2] * 8, seed=4, width=30_000).table[0]
    pairs = np.bincount(7 * first[:-apart] + first[apart:], minlength=49)
    assert chisquare(pairs).pvalue > 0.001


def test_seeds_do_not_follow_one_another():
    """First positions of the same column from neighbouring seeds."""
    first = np.array([dealt([2] * 8, seed=s, width=1).table[0, 0] for s in range(5000)])
    assert chisquare(np.bincount(7 * first[:-1] + first[1:], minlength=49)).pvalue > 0.001


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_blocks_and_threads_change_nothing(workers):
    cards = [3, 1, 4, 0, 2, 5, 4]
    whole = dealt(cards, seed=6, width=1001).table
    parts = [
        dealt(cards, seed=6, first=first, width=width, workers=workers).table
        for first, width in ((0, 400), (400, 1), (401, 600))
    ]
    np.testing.assert_array_equal(np.hstack(parts), whole)


def test_the_index_finds_each_cell_that_a_region_reads():
    cards = np.array([3, 1, 4, 0, 2, 5, 4])
    draws = dealt(cards, seed=8, width=60)
    for i in range(len(cards)):
        rows, columns = np.nonzero(draws.table[: cards[i]] == i)
        cells = slice(draws.starts[i], draws.starts[i + 1])
        order = np.argsort(columns, kind="stable")
        np.testing.assert_array_equal(draws.rows[cells], rows[order])
        np.testing.assert_array_equal(draws.columns[cells], columns[order])
    assert len(draws.rows) == len(draws.columns) == draws.starts[-1]
    assert draws.starts[-2] == draws.starts[-1]  # the last region stands nowhere


def test_a_table_takes_one_number_from_the_generator():
    one, other = np.random.default_rng(3), np.random.default_rng(3)
    seed = new_seed(one)
    assert seed == other.integers(0, 2**64, dtype=np.uint64)
    assert one.random() == other.random()
