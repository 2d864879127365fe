"""Local G and G* by hand, by enumeration, and what is called a hot spot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from spatialreg.autocorrelation import local_g

from .conftest import CHAIN, exact, lattice_graph
from .enumeration import ALTERNATIVES, all_draws, exact_p, moments, monte_carlo_error

COUNT = 40_000


def test_by_hand():
    # a chain a-b-c-d with y = 1, 2, 3, 6, sum 12: shares of the sum without the region
    graph = Graph.from_dicts(CHAIN)
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    frame = local_g(y, graph, permutations=99, rng=1).frame
    assert frame["statistic"].to_list() == pytest.approx([2 / 11, 4 / 10, 8 / 9, 3 / 6])
    assert frame["lag"].to_list() == [2, 4, 8, 3]
    # of the others 2, 3, 6 of a: mean 11 / 3, variance 26 / 9; one draw varies by just that
    assert frame.loc["a", "z_score"] == pytest.approx((2 - 11 / 3) / np.sqrt(26 / 9))


def test_star_by_hand():
    graph = Graph.from_dicts(CHAIN)
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    frame = local_g(y, graph, star=True, permutations=99, rng=1).frame
    assert frame["statistic"].to_list() == pytest.approx([v / 12 for v in (3, 6, 11, 9)])
    # mean 3, variance 7 / 2; W = 2, S = 2: 7 / 2 * (4 * 2 - 4) / 3
    assert frame.loc["a", "z_score"] == pytest.approx((3 - 6) / np.sqrt(7 / 2 * 4 / 3))
    # with rows standardised a region weighs as much as each of its neighbours
    frame = local_g(y, graph.transform("r"), star=True, permutations=99, rng=1).frame
    assert frame["lag"].to_list() == pytest.approx([3 / 2, 6 / 3, 11 / 3, 9 / 2])


def test_star_takes_the_largest_weight_of_unequal_ones():
    weights = {"a": {"b": 2.0, "c": 1.0}, "b": {"a": 0.5}, "c": {"d": 4.0}, "d": {"a": 1.0}}
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    frame = local_g(y, Graph.from_weights_dict(weights), star=True, permutations=99, rng=1).frame
    assert frame["lag"].to_list() == [2 * 2 + 3 + 2 * 1, 0.5 + 0.5 * 2, 24 + 4 * 3, 1 + 6]


@pytest.mark.parametrize("star", [False, True])
@pytest.mark.parametrize("values", [[3, 0, 1, 1, 4, 0, 2], [0.1, 0.2, 0.3, 0.3, 0.7, 0.1, 0.6]])
def test_p_values_approach_the_enumerated_ones(small, values, star):
    weights, graph = small
    y = pd.Series(values, index=list("abcdefg"))
    total = sum(map(exact, values))

    def share(label, row):
        around = sum(w * exact(y[other]) for w, other in row)
        own = exact(y[label])
        return (around + own) / total if star else around / (total - own)

    draws = all_draws(weights, share)
    for alternative in ALTERNATIVES:
        p = exact_p(draws, alternative, small_is_alike=False)
        got = local_g(y, graph, star=star, permutations=COUNT, alternative=alternative, rng=6)
        assert (abs(got.frame["p_value"] - p) <= monte_carlo_error(p, COUNT)).all()
    if not star:
        assert got.frame["statistic"].to_list() == pytest.approx(
            [float(o) for o, _ in draws.values()]
        )
        expected = moments(draws)["z_score"]
        assert got.frame["z_score"].to_list() == pytest.approx(expected.to_list())


def test_moments_of_star_are_those_of_all_rearrangements():
    """Equal weights: over all choices of a region and its neighbours from the seven values."""
    from itertools import permutations

    ring = Graph.from_dicts(
        {k: [a, b] for k, a, b in zip("abcdefg", "gabcdef", "bcdefga", strict=True)}
    )
    y = pd.Series([1.5, 2.25, 0.5, 8.0, 1.0, 3.0, 2.5], index=list("abcdefg"))
    frame = local_g(y, ring, star=True, permutations=99, rng=1).frame
    sums = np.array([sum(draw) for draw in permutations(y, 3)])
    expected = (frame["lag"] - sums.mean()) / sums.std()
    assert frame["z_score"].to_list() == pytest.approx(expected.to_list())


def test_patches_are_hot_and_cold():
    graph = lattice_graph(10)
    values = np.random.default_rng(5).normal(20, 1, (10, 10))
    values[:4, :4] += 12
    values[6:, 6:] -= 12
    y = pd.Series(values.ravel(), graph.unique_ids)
    for star in (False, True):
        cluster = local_g(y, graph, star=star, permutations=999, rng=1).frame["cluster"]
        assert cluster["cc"] == cluster["bb"] == "Hot spot"
        assert cluster["ii"] == cluster["hh"] == "Cold spot"
        assert cluster["ej"] == "Not significant"
    hot = local_g(y, graph, permutations=999, alternative="greater", rng=1).counts.index
    cold = local_g(y, graph, permutations=999, alternative="less", rng=1).counts.index
    assert set(hot) == {"Hot spot", "Not significant"}
    assert set(cold) == {"Cold spot", "Not significant"}


def test_negative_values_have_no_share_but_scores(field):
    y, graph = field
    moved = y - y.mean()
    frame, plain = (local_g(v, graph, permutations=199, rng=1).frame for v in (moved, y + 100))
    assert frame["statistic"].isna().all()
    assert plain["statistic"].notna().all()
    np.testing.assert_allclose(frame["z_score"], plain["z_score"], atol=1e-10)
    assert frame["p_value"].equals(plain["p_value"])


def test_the_others_may_all_be_zero():
    graph = Graph.from_dicts({k: [a, b] for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")})
    row = local_g(pd.Series([0.0, 0, 5, 0, 0], list("abcde")), graph, permutations=99, rng=1).frame
    assert row.loc["c", ["statistic", "z_score", "p_analytic"]].isna().all()
    assert row.loc["c", "p_value"] == 1
    assert pd.isna(row.loc["c", "quadrant"])
    assert row.loc["b", "statistic"] == 1


def test_an_extreme_value_does_not_turn_the_label_round():
    """The mean of the draws is beyond the neighbours' sum, and yet nearly all draws are below."""
    graph = lattice_graph(16)
    y = pd.Series(np.linspace(0, 1, 256), graph.unique_ids)
    y["aa"] = 1e4
    row = local_g(y, graph, permutations=9999, rng=1).frame.loc["pp"]
    assert row["p_value"] <= 0.05
    assert row["z_score"] < 0
    assert row["cluster"] == "Hot spot"
