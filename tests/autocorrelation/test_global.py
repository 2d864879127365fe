"""Moran's I by hand, and its p-value by enumeration."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr

from .conftest import CHAIN, exact_global_tails, islands_graph, lattice_graph


def test_by_hand():
    # a chain a-b-c-d with y = 1, 2, 3, 6: mean 3, z = -2, -1, 0, 3, sum of squares 14;
    # row-standardised sum_ij w_ij z_i z_j = (-2)(-1) + (-1)(-2 + 0)/2 + 0 + 3 * 0 = 3; S0 = 4
    graph = Graph.from_dicts(CHAIN).transform("r")
    result = sr.moran(pd.Series([1, 2, 3, 6], index=list("abcd")), graph, permutations=99, rng=1)
    assert result.statistic == pytest.approx(4 / 4 * 3 / 14)
    assert result.expected == pytest.approx(-1 / 3)
    assert (result.n, result.isolates, result.missing) == (4, 0, 0)


def test_binary_weights_are_used_as_given():
    # the same chain: sum over the three pairs, both ways, 2 * (2 + 0 + 0) = 4; S0 = 6
    graph = Graph.from_dicts(CHAIN)
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    assert sr.moran(y, graph, permutations=9).statistic == pytest.approx(4 / 6 * 4 / 14)


@pytest.mark.parametrize(
    "values",
    [
        [3, 0, 1, 1, 4, 0, 2],  # ties
        [0.1, 0.2, 0.3, 0.3, 0.7, 0.1, 0.6],
        [1.5, -2.25, 0.5, 8.0, -1.0, 3.0, 2.5],
    ],
)
def test_p_values_approach_the_enumerated_ones(small, values):
    weights, graph = small
    y = pd.Series(values, index=list("abcdefg"))
    above, below = (float(share) for share in exact_global_tails(y, weights))
    count = 40_000
    expected = {
        "greater": above,
        "less": below,
        "directed": min(above, below),
        "two-sided": min(1.0, 2 * min(above, below)),
    }
    for alternative, p in expected.items():
        got = sr.moran(y, graph, permutations=count, alternative=alternative, rng=2).p_value
        # five standard errors of a share, twice over for the doubled tail
        assert got == pytest.approx(p, abs=10 * np.sqrt(0.25 / count) + 2 / count)


def test_moments_are_those_of_all_rearrangements(small):
    """Mean and variance under randomisation, from all 5040 rearrangements."""
    _, graph = small
    y = np.array([1.5, -2.25, 0.5, 8.0, -1.0, 3.0, 2.5])
    z = y - y.mean()
    dense = graph.sparse.toarray()
    every = np.array(list(permutations(z)))
    statistics = 7 / dense.sum() * np.einsum("ri,ij,rj->r", every, dense, every) / (z @ z)
    result = sr.moran(pd.Series(y, index=list("abcdefg")), graph, permutations=99, rng=1)
    assert result.expected == pytest.approx(statistics.mean())
    assert result.variance == pytest.approx(statistics.var())


def test_a_checkerboard_differs_from_its_neighbours():
    graph = lattice_graph(6)  # one arrangement in 4.5 billion is as extreme
    y = pd.Series([(r + c) % 2 for r in range(6) for c in range(6)], index=graph.unique_ids)
    result = sr.moran(y, graph, permutations=999, rng=1)
    assert result.statistic == pytest.approx(-1)
    assert result.p_value == 0.002
    less = sr.moran(y, graph, permutations=999, alternative="less", rng=1)
    greater = sr.moran(y, graph, permutations=999, alternative="greater", rng=1)
    assert (less.p_value, greater.p_value) == (0.001, 1)


def test_isolates_take_part_in_the_mean_alone():
    # the chain of the first test and an island of 3, the mean: only n changes, from 4 to 5
    graph = islands_graph(["z"], CHAIN)
    y = pd.Series([1, 2, 3, 6, 3], index=list("abcdz"))
    result = sr.moran(y, graph, permutations=99, rng=1)
    assert result.statistic == pytest.approx(5 / 4 * 3 / 14)
    assert (result.n, result.isolates) == (5, 1)


def test_what_cannot_vary_has_no_score():
    # everyone is everyone's neighbour: Moran's I is -1 / (n - 1) in any arrangement
    graph = Graph.from_dicts({k: [o for o in "abcde" if o != k] for k in "abcde"}).transform("r")
    y = pd.Series([0.1, 0.2, 0.4, 0.7, 1.3], index=list("abcde"))
    result = sr.moran(y, graph, permutations=199, rng=1)
    assert result.statistic == pytest.approx(-1 / 4)
    assert result.p_value == 1
    assert result.variance == 0
    assert np.isnan(result.z_score)
    assert np.isnan(result.p_analytic)


def test_missing_regions_are_left_out_and_rows_standardised_again(field):
    y, graph = field
    y = y.copy()
    y.iloc[[3, 17, 30]] = np.nan
    rest = y.dropna()
    pairs = graph.adjacency.reset_index()
    pairs = pairs[pairs["focal"].isin(rest.index) & pairs["neighbor"].isin(rest.index)]
    smaller = Graph.from_arrays(pairs["focal"], pairs["neighbor"], np.ones(len(pairs)))
    expected = sr.moran(rest, smaller.transform("r"), permutations=99, rng=4)
    result = sr.moran(y, graph, permutations=99, rng=4)
    assert result.missing == 3
    assert result.statistic == pytest.approx(expected.statistic)
    assert result.z_score == pytest.approx(expected.z_score)
    assert result.p_value == expected.p_value


def test_order_of_rows_changes_nothing(field):
    y, graph = field
    one = sr.moran(y, graph, permutations=499, rng=3)
    other = sr.moran(y.sample(frac=1, random_state=1), graph, permutations=499, rng=3)
    np.testing.assert_array_equal(one.null_distribution, other.null_distribution)
    assert one.p_value == other.p_value


def test_order_of_the_graph_changes_nothing(field):
    y, graph = field
    shuffled = list(y.sample(frac=1, random_state=2).index)
    dicts = {k: list(graph[k].index)[::-1] for k in shuffled}
    other = sr.moran(y, Graph.from_dicts(dicts).transform("r"), permutations=499, rng=3)
    one = sr.moran(y, graph, permutations=499, rng=3)
    assert one.null_distribution == pytest.approx(other.null_distribution, abs=1e-12)
    assert one.p_value == other.p_value


def test_seeds(field):
    y, graph = field
    shared = np.random.mtrand._rand  # the global generator of older code
    state = shared.get_state()[1].copy()
    p = [sr.moran(y, graph, permutations=199, rng=seed).null_distribution for seed in (1, 1, 2)]
    np.testing.assert_array_equal(p[0], p[1])
    assert (p[0] != p[2]).any()
    by_generator = sr.moran(y, graph, permutations=199, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(p[0], by_generator.null_distribution)
    np.testing.assert_array_equal(state, shared.get_state()[1])


def test_the_null_distribution_cannot_be_written_to(field):
    result = sr.moran(*field, permutations=99, rng=1)
    assert len(result.null_distribution) == 99
    with pytest.raises(ValueError, match="read-only"):
        result.null_distribution[0] = 1
