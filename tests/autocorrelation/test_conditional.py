"""Conditional permutations equal slow twins on the same table, and exact p-values without one."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from spatialreg._compiled import sharing
from spatialreg.autocorrelation._conditional import (
    conditional_tails,
    conditional_tails_many,
    conditional_tails_squared,
)
from spatialreg.autocorrelation._draws import deal, new_seed
from spatialreg.autocorrelation._inputs import weights_matrix

from .conftest import exact, lattice_graph

LABELS = pd.Index(list("abcdefg"))


def table_of(matrix, count, rng):
    cards = np.diff(matrix.indptr).astype(np.int32)
    with sharing(1) as share:
        return deal(cards, new_seed(rng), 0, count, share).table.T


def slow_tails(matrix, count, rng, term):
    """Read each region's draws off the same table, and add up ``w_ij term(i, j)`` as they are."""
    dense, n = matrix.toarray(), matrix.shape[0]
    at_least, at_most = [0] * n, [0] * n
    for draw in table_of(matrix, count, rng).tolist():
        for i in range(n):
            neighbours = np.flatnonzero(dense[i])
            weights = [exact(dense[i, j]) for j in neighbours]
            hand = [n - 1 if card == i else card for card in draw[: len(neighbours)]]
            observed = sum(w * term(i, j) for w, j in zip(weights, neighbours, strict=True))
            drawn = sum(w * term(i, j) for w, j in zip(weights, hand, strict=True))
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
    """Rows of equal weights and of unequal ones, of one neighbour and of three."""
    values = [exact(v) for v in VALUES[kind]]
    matrix = weights_matrix(small[1], LABELS)
    got = conditional_tails(np.array(VALUES[kind], float), matrix, 300, np.random.default_rng(5))
    expected = slow_tails(matrix, 300, np.random.default_rng(5), lambda _, j: values[j])
    assert (got[0].tolist(), got[1].tolist()) == expected


@pytest.mark.parametrize("kinds", [["counts"], ["tenths"], ["negative"], ["counts", "tenths"]])
def test_squared_tails_equal_the_slow_twin(small, kinds):
    columns = [[exact(v) for v in VALUES[kind]] for kind in kinds]
    given = np.column_stack([np.array(VALUES[kind], dtype=float) for kind in kinds])
    matrix = weights_matrix(small[1], LABELS)
    got = conditional_tails_squared(given, matrix, 300, np.random.default_rng(5))
    expected = slow_tails(
        matrix,
        300,
        np.random.default_rng(5),
        lambda i, j: sum((column[i] - column[j]) ** 2 for column in columns),
    )
    assert (got[0].tolist(), got[1].tolist()) == expected


def random_case(seed):
    """Draw a graph with rows of no, few and nearly all neighbours, alike and unlike; and values."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 60))
    weights = (rng.random((n, n)) < rng.random((n, 1))).astype(float)
    np.fill_diagonal(weights, 0)
    weights[rng.random(n) < 0.1] = 0
    weights[:2] = np.eye(n)[2:4]  # someone has a neighbour
    unlike = rng.random(n) < rng.choice([0, 0.5, 1])
    weights[unlike] *= rng.random((n, n))[unlike]
    columns = rng.poisson(1, (n, 3)) if seed % 2 else rng.normal(size=(n, 3))
    return sparse.csr_array(weights), columns.astype(float), int(rng.integers(1, 1500))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("block", "workers"), [(2**21, 1), (300, 2)])
def test_any_graph_equals_plain_loops(seed, block, workers):
    matrix, columns, count = random_case(seed)
    n, draws = matrix.shape[0], table_of(matrix, count, np.random.default_rng(seed))
    plain = conditional_tails(
        columns[:, 0], matrix, count, np.random.default_rng(seed), block=block, workers=workers
    )
    squared = conditional_tails_squared(
        columns, matrix, count, np.random.default_rng(seed), block=block, workers=workers
    )
    for i in range(n):
        begin, end = matrix.indptr[i : i + 2]
        weights, neighbours = matrix.data[begin:end], matrix.indices[begin:end]
        hands = np.where(draws == i, n - 1, draws)[:, : end - begin]
        for tails, terms in (
            (plain, columns[:, 0]),
            (squared, ((columns[i] - columns) ** 2).sum(axis=1)),
        ):
            gap = terms[hands] @ weights - terms[neighbours] @ weights
            assert (tails[0][i], tails[1][i]) == ((gap > -1e-9).sum(), (gap < 1e-9).sum())


@pytest.mark.parametrize("transform", ["r", "b", "mixed"])
@pytest.mark.parametrize("workers", [None, 1, 2, 3])
@pytest.mark.parametrize("block", [1, 7, 50, 2**21])
def test_blocks_and_threads_change_nothing(small, transform, workers, block):
    graph = small[1] if transform == "mixed" else small[1].transform(transform)
    matrix = weights_matrix(graph, LABELS)
    columns = np.column_stack([VALUES["tenths"], VALUES["negative"]])
    for function in (conditional_tails_many, conditional_tails_squared):
        whole = function(columns, matrix, 100, np.random.default_rng(3))
        parts = function(
            columns, matrix, 100, np.random.default_rng(3), block=block, workers=workers
        )
        np.testing.assert_array_equal(parts, whole)


def test_many_columns_get_what_each_gets_by_itself():
    matrix, columns, _ = random_case(3)
    together = conditional_tails_many(columns, matrix, 500, np.random.default_rng(7))
    for v, column in enumerate(columns.T):
        alone = conditional_tails(column, matrix, 500, np.random.default_rng(7))
        np.testing.assert_array_equal(np.array(together)[:, :, v], alone)


def test_regions_without_neighbours_tie_with_everything():
    matrix = sparse.csr_array(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0] * 4, [0] * 4], float))
    values = np.arange(4.0)
    for tails in (
        conditional_tails(values, matrix, 50, np.random.default_rng(1)),
        conditional_tails_squared(values[:, None], matrix, 50, np.random.default_rng(1)),
    ):
        assert tails[0][2:].tolist() == tails[1][2:].tolist() == [50, 50]
    none = conditional_tails(values, sparse.csr_array((4, 4)), 50, np.random.default_rng(1))
    assert none[0].tolist() == none[1].tolist() == [50] * 4


def test_inputs_that_cannot_be_written_to():
    matrix, columns, count = random_case(4)
    for array in (columns, matrix.data, matrix.indices, matrix.indptr):
        array.flags.writeable = False
    conditional_tails_many(columns, matrix, count, np.random.default_rng(1))
    conditional_tails_squared(columns, matrix, count, np.random.default_rng(1))


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


# --- exact p-values ---------------------------------------------------------------------------


def enumerated(values, matrix):
    """Give the share of all sets of neighbours whose sum is at least, and at most, the observed."""
    shares = []
    for i in range(len(values)):
        neighbours = matrix.indices[matrix.indptr[i] : matrix.indptr[i + 1]]
        sets = np.array(list(combinations(np.delete(values, i), len(neighbours)))).sum(axis=1)
        gap = sets - values[neighbours].sum()
        shares.append(((gap > -1e-9).mean(), (gap < 1e-9).mean()))
    return np.array(shares).T


def counted(values, matrix):
    """Give the same for whole numbers of few kinds, however many regions there are.

    The ways to draw ``k`` of the others with a given sum, kind after kind: of ``c`` regions with
    value ``v``, ``m`` can be drawn in ``c choose m`` ways. In whole numbers of any size.
    """
    shares, kinds = [], {int(v): int((values == v).sum()) for v in np.unique(values)}
    for i in range(len(values)):
        neighbours = matrix.indices[matrix.indptr[i] : matrix.indptr[i + 1]]
        k, ways = len(neighbours), {(0, 0): 1}
        for v, c in kinds.items():
            c -= v == values[i]
            grown: dict[tuple[int, int], int] = {}
            for (drawn, total), count in ways.items():
                for m in range(min(c, k - drawn) + 1):
                    key = drawn + m, total + m * v
                    grown[key] = grown.get(key, 0) + count * comb(c, m)
            ways = grown
        observed, every = int(values[neighbours].sum()), comb(len(values) - 1, k)
        sums = [(total, count) for (drawn, total), count in ways.items() if drawn == k]
        shares.append(
            (
                sum(count for total, count in sums if total >= observed) / every,
                sum(count for total, count in sums if total <= observed) / every,
            )
        )
    return np.array(shares).T


def square(side):
    return weights_matrix(lattice_graph(side), lattice_graph(side).unique_ids)


def test_two_ways_to_the_exact_shares_agree():
    values = np.random.default_rng(2).poisson(1, 25).astype(float)
    np.testing.assert_allclose(counted(values, square(5)), enumerated(values, square(5)), rtol=1e-9)


@pytest.mark.parametrize("kind", ["gamma", "counts"])
def test_shares_approach_the_enumerated_ones(kind):
    """25 regions, all sets of their two to four neighbours: up to 10,626 each."""
    rng = np.random.default_rng(11)
    values = rng.gamma(1.5, 2, 25) if kind == "gamma" else rng.poisson(2, 25).astype(float)
    truth = enumerated(values, square(5))
    got = np.array(conditional_tails(values, square(5), 99_999, np.random.default_rng(1))) / 99_999
    error = np.sqrt(truth * (1 - truth) / 99_999)
    assert (np.abs(got - truth) <= 5 * error + 1e-12).all()
    assert np.abs(got - truth).max() > 0  # draws, not the enumeration itself


def test_errors_are_as_large_as_theory_says():
    """Root mean square over 150 tables and 25 regions against the enumerated shares."""
    values = np.random.default_rng(11).gamma(1.5, 2, 25)
    truth = enumerated(values, square(5))
    got = [conditional_tails(values, square(5), 999, np.random.default_rng(s)) for s in range(150)]
    error = np.sqrt(np.mean((np.array(got) / 999 - truth) ** 2))
    assert error == pytest.approx(np.sqrt(np.mean(truth * (1 - truth)) / 999), rel=0.15)


def independent_shares(values, matrix, count, rng):
    """Draw for each region by itself: with repeats, and again wherever one came twice."""
    n, shares = len(values), np.empty((2, len(values)))
    for i in range(n):
        begin, end = matrix.indptr[i : i + 2]
        others = np.delete(values, i)
        hands = rng.integers(0, n - 1, (count, end - begin))
        while len(
            twice := np.flatnonzero((np.diff(np.sort(hands, axis=1), axis=1) == 0).any(axis=1))
        ):
            hands[twice] = rng.integers(0, n - 1, (len(twice), end - begin))
        gap = others[hands] @ matrix.data[begin:end]
        gap -= values[matrix.indices[begin:end]] @ matrix.data[begin:end]
        shares[:, i] = (gap > -1e-9).mean(), (gap < 1e-9).mean()
    return shares


@pytest.mark.parametrize("kind", ["equal", "unequal"])
def test_errors_against_independent_draws(kind):
    """Ten seeds at 999 draws, against 19,999 independent draws for each of 256 regions."""
    rng, matrix = np.random.default_rng(4), square(16)
    if kind == "unequal":
        matrix.data = rng.uniform(0.5, 1.5, matrix.nnz)
    values = rng.normal(size=256)
    truth = independent_shares(values, matrix, 19_999, rng)
    got = [conditional_tails(values, matrix, 999, np.random.default_rng(s)) for s in range(10)]
    error = np.sqrt(np.mean((np.array(got) / 999 - truth) ** 2))
    theory = np.sqrt(np.mean(truth * (1 - truth)) * (1 / 999 + 1 / 19_999))
    # errors of regions are alike, so that ten seeds measure their size to about ten per cent
    assert error == pytest.approx(theory, rel=0.3)


def test_counts_with_many_ties_are_not_called_rare_too_often():
    """Poisson(1) on 400 regions: the share of small tails is that of the exact distribution."""
    values = np.random.default_rng(6).poisson(1, 400).astype(float)
    truth = counted(values, square(20))
    got = np.array(conditional_tails(values, square(20), 99_999, np.random.default_rng(2))) / 99_999
    assert np.abs(got - truth).max() < 5 * 0.5 / np.sqrt(99_999)
    assert (got.min(axis=0) < 0.05).mean() == pytest.approx((truth.min(axis=0) < 0.05).mean())
    # a tie counted on one side only would make the smaller tail much smaller
    one_sided = np.minimum(truth[0], 1 - truth[0])
    assert (one_sided < 0.05).mean() > 1.2 * (truth.min(axis=0) < 0.05).mean()
