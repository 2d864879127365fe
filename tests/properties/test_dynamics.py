"""What must hold for any panel: clubs, chains, densities and ranks."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.stats import kendalltau, kstest

import spatialreg as sr
from spatialreg import _markov
from spatialreg.disparity import (
    densities,
    log_t_test,
    markov,
    rank_mobility,
    spatial_markov,
)
from spatialreg.disparity._convergence._club_search import _growing, find_clubs
from spatialreg.disparity._convergence._log_t import fit, trimmed, variation
from spatialreg.disparity._dynamics._modes import _count_modes, _critical_bandwidth

seeds = st.integers(0, 2**32 - 1)


def panel_of(values):
    regions, years = values.shape
    index = pd.MultiIndex.from_product(
        [[f"{i:03d}" for i in range(regions)], range(2000, 2000 + years)], names=["code", "year"]
    )
    return pd.DataFrame({"y": values.ravel()}, index=index)


def paths(seed, regions=12, years=18):
    """Regions that drift towards a few goals, with noise: clubs of all kinds come up."""
    rng = np.random.default_rng(seed)
    goals = rng.choice([9.5, 9.0, 8.4], regions) + rng.normal(0, 0.3, regions)
    gaps = rng.normal(0, 0.5, regions)[:, None] * 0.9 ** np.arange(years)
    walk = rng.normal(0, rng.choice([1e-3, 0.02]), (regions, years)).cumsum(axis=1)
    return goals[:, None] + gaps + walk


def ring(regions):
    """Each region between two others."""
    codes = [f"{i:03d}" for i in range(regions)]
    return Graph.from_adjacency(
        pd.DataFrame(
            {
                "focal": codes * 2,
                "neighbor": [*codes[1:], codes[0], codes[-1], *codes[:-1]],
                "weight": 0.5,
            }
        )
    ).transform("r")


@given(seed=seeds, factor=st.floats(1e-3, 1e3))
@settings(max_examples=30, deadline=None)
def test_the_unit_of_a_value_without_logarithm_does_not_matter(seed, factor):
    panel = panel_of(paths(seed))
    one = log_t_test(panel, value="y", log=False)
    other = log_t_test(panel * factor, value="y", log=False)
    assert (other.b, other.se) == pytest.approx((one.b, one.se), rel=1e-6, abs=1e-9)


@given(seed=seeds)
@settings(max_examples=30, deadline=None)
def test_a_region_twice_is_a_region_once_if_all_are(seed):
    values = paths(seed)
    twice = log_t_test(panel_of(np.vstack([values, values])), value="y", log=False, filter=None)
    once = log_t_test(panel_of(values), value="y", log=False, filter=None)
    assert (twice.b, twice.statistic) == pytest.approx((once.b, once.statistic), rel=1e-7)


@given(seed=seeds, merge=st.sampled_from([None, "phillips-sul", "lyncker-thoennessen"]))
@settings(max_examples=40, deadline=None)
def test_clubs_share_out_the_regions_and_each_converges(seed, merge):
    panel = panel_of(paths(seed))
    result = sr.club_convergence(panel, value="y", log=False, filter=None, merge=merge)
    members = [code for club in result.clubs["members"] for code in club]
    assert len(members) == len(set(members)) == 12 - result.divergent
    assert (result.clubs["statistic"] > -1.65).all()
    assert (result.initial["statistic"] > -1.65).all()
    assert (result.initial["n"] >= result.initial["core"]).all()
    labels = result.frame["club"]
    for number, club in result.clubs["members"].items():
        assert set(labels.index[labels == str(number)]) == set(club)
    if merge == "phillips-sul" and len(result.clubs) > 1:
        # what was kept apart does not converge with the next
        last = result.merging.groupby(result.merging["second"].map(lambda k: k[0]))
        assert (last["statistic"].first()[~last["merged"].first()] <= -1.65).all()
    assert result.overall.converges == (len(result.initial) == 1 and not result.divergent)


@given(seed=seeds)
@settings(max_examples=40, deadline=None)
def test_clubs_do_not_depend_on_names(seed):
    values = paths(seed)
    order = np.random.default_rng(seed).permutation(12)
    arguments = {"value": "y", "log": False, "filter": None}
    one = sr.club_convergence(panel_of(values), **arguments).frame["club"].to_numpy()
    other = sr.club_convergence(panel_of(values[order]), **arguments).frame["club"].to_numpy()
    assert other.tolist() == one[order].tolist()


@given(seed=seeds)
@settings(max_examples=40, deadline=None)
def test_groups_grown_step_by_step_have_the_variation_of_the_group(seed):
    values = paths(seed)
    grown = _growing(values)
    for k in range(1, len(values) + 1):
        np.testing.assert_allclose(grown[k - 1], variation(values[:k]), rtol=1e-9, atol=1e-16)


@given(seed=seeds, c_star=st.floats(0, 3))
@settings(max_examples=40, deadline=None)
def test_who_joins_a_club_converges_with_its_core_by_more_than_c_star(seed, c_star):
    values = paths(seed)
    values = values[np.argsort(-values[:, -1])]
    start = trimmed(values.shape[1], 1 / 3)
    clubs, rest = find_clubs(values, start, -1.65, c_star, 0.05)
    assert sorted([*rest, *(m for club in clubs for m in club.members)]) == list(range(12))
    for club in clubs:
        if np.isnan(club.c_star):  # all the rest at once
            continue
        assert club.c_star >= c_star
        assert club.core <= len(club.members)
        assert fit(variation(values[club.members]), start).statistic[0] > -1.65


def moving(seed, regions=20, years=8):
    rng = np.random.default_rng(seed)
    return np.exp(rng.normal(0, 0.5, (regions, 1)) + rng.normal(0, 0.2, (regions, years)))


@given(seed=seeds, classes=st.integers(2, 5), quantiles=st.sampled_from(["pooled", "year"]))
@settings(max_examples=40, deadline=None)
def test_chains_count_every_move_and_their_long_run_lasts(seed, classes, quantiles):
    chain = markov(panel_of(moving(seed)), value="y", classes=classes, quantiles=quantiles)
    assert chain.counts.to_numpy().sum() == chain.moves == 20 * 7
    p = chain.probabilities.to_numpy()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    s = chain.distribution["ergodic"].to_numpy()
    np.testing.assert_allclose(chain.distribution[["first", "last"]].sum(), 1, rtol=1e-12)
    if np.isnan(s).any():
        return
    np.testing.assert_allclose(s @ p, s, atol=1e-10)
    passage = chain.first_passage.to_numpy()
    with np.errstate(divide="ignore"):
        returns = 1 / s
    inside = s > 1e-9
    np.testing.assert_allclose(np.diag(passage)[inside], returns[inside], rtol=1e-6)
    # one step, then the passage from there
    for goal in range(classes):
        onward = np.where(np.arange(classes) == goal, 0, passage[:, goal])
        if np.isfinite(passage[:, goal]).all():
            np.testing.assert_allclose(passage[:, goal], 1 + p @ onward, rtol=1e-8)


@given(seed=seeds, factors=st.lists(st.floats(0.1, 10), min_size=8, max_size=8))
@settings(max_examples=30, deadline=None)
def test_common_growth_moves_no_region(seed, factors):
    values = moving(seed)
    one = markov(panel_of(values), value="y", classes=3, quantiles="year")
    other = markov(panel_of(values * factors), value="y", classes=3, quantiles="year")
    pd.testing.assert_frame_equal(one.counts, other.counts)


@given(seed=seeds, power=st.floats(0.3, 3))
@settings(max_examples=30, deadline=None)
def test_quantiles_see_ranks_alone(seed, power):
    values = moving(seed)
    arguments = {"value": "y", "classes": 4, "relative": False, "quantiles": "year"}
    pd.testing.assert_frame_equal(
        markov(panel_of(values), **arguments).counts,
        markov(panel_of(values**power), **arguments).counts,
    )


@given(seed=seeds, classes=st.integers(2, 4))
@settings(max_examples=30, deadline=None)
def test_chains_of_neighbours_add_up_to_the_chain(seed, classes):
    panel = panel_of(moving(seed))
    result = spatial_markov(panel, ring(20), value="y", classes=classes, permutations=9, rng=seed)
    whole = markov(panel, value="y", classes=classes)
    np.testing.assert_array_equal(result.counts.groupby(level="from").sum(), whole.counts)
    assert 0 < result.lr_p_permutation <= 1
    assert 0 < result.chi2_p_permutation <= 1


def test_permutation_p_values_are_uniform_where_neighbours_mean_nothing():
    rng = np.random.default_rng(20)
    graph = ring(20)
    p = []
    for _ in range(120):
        steps = rng.normal(0, 0.1, (20, 10)).cumsum(axis=1) + rng.normal(0, 0.5, (20, 1))
        result = spatial_markov(
            panel_of(np.exp(steps)), graph, value="y", classes=3, permutations=39, rng=rng
        )
        p.append((result.chi2_p_permutation, result.lr_p_permutation))
    for column in np.transpose(p):
        # on the 40 values that it can take; moving it off them keeps the test exact
        assert kstest(column - rng.random(120) / 40, "uniform").pvalue > 0.01


@given(counts=st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=4, max_size=4))
@settings(max_examples=100, deadline=None)
def test_first_passages_of_any_counts(counts):
    counts = np.array(counts)
    passage = _markov.first_passage(counts)
    known = counts.sum(axis=1) > 0
    finite = passage[np.isfinite(passage)]
    assert (finite >= 1 - 1e-9).all()
    # a state that was never left says nothing of what follows it
    assert np.isnan(passage[~known]).all()
    p = np.nan_to_num(_markov.probabilities(counts))
    for goal in np.flatnonzero(known):
        for i in np.flatnonzero(known):
            ways = np.flatnonzero((p[i] > 0) & (np.arange(4) != goal))
            expected = 1 + p[i, ways] @ passage[ways, goal]
            assert passage[i, goal] == pytest.approx(expected, rel=1e-7, nan_ok=True)


def tied_pair(seed, regions=15):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 8, regions).astype(float)
    y = np.round(x + rng.normal(0, 3, regions))
    assume(np.ptp(x) > 0 and np.ptp(y) > 0)
    return np.column_stack([x, y])


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_pairs_of_neighbours_and_others_are_all_pairs(seed):
    values = tied_pair(seed)
    result = rank_mobility(panel_of(values), value="y", graph=ring(15), permutations=9, rng=1)
    counts = result.pairs.drop(columns="tau")
    assert (counts.loc["neighbours"] + counts.loc["others"]).tolist() == counts.loc["all"].tolist()
    assert counts.loc["all", "pairs"] == 105
    peer = kendalltau(values[:, 0], values[:, 1])
    assert result.statistic == pytest.approx(peer.statistic, nan_ok=True)
    assert result.pairs.loc["all", "tau"] == pytest.approx(peer.statistic, rel=1e-12)
    product = np.sign(np.subtract.outer(values[:, 0], values[:, 0])) * np.sign(
        np.subtract.outer(values[:, 1], values[:, 1])
    )
    assert counts.loc["all", "concordant"] == (np.triu(product, 1) > 0).sum()
    assert counts.loc["all", "discordant"] == (np.triu(product, 1) < 0).sum()


@given(seed=seeds)
@settings(max_examples=40, deadline=None)
def test_ranks_see_order_alone_and_turn_with_it(seed):
    values = tied_pair(seed)
    groups = pd.Series(list("aaabbbcccddddee"), index=[f"{i:03d}" for i in range(15)])
    ranks = pd.DataFrame(values).rank().to_numpy()
    assume((ranks[:, 0] != ranks[:, 1]).any())
    arguments = {"value": "y", "graph": ring(15), "groups": groups, "permutations": 19, "rng": 3}
    one = rank_mobility(panel_of(values), **arguments)
    other = rank_mobility(panel_of(np.exp(values / 10)), **arguments)
    pd.testing.assert_frame_equal(one.pairs, other.pairs)
    pd.testing.assert_frame_equal(one.spatial, other.spatial)
    theta = one.spatial.loc["groups", "statistic"]
    assert -1e-12 <= theta <= 1 + 1e-12
    turned = values * [1, -1]
    upside = rank_mobility(panel_of(turned), value="y", graph=ring(15), permutations=9, rng=1)
    np.testing.assert_allclose(upside.pairs["tau"], -one.pairs["tau"], atol=1e-12)


@given(seed=seeds, factor=st.floats(0.01, 100))
@settings(max_examples=30, deadline=None)
def test_densities_come_to_one_and_go_with_the_unit(seed, factor):
    panel = panel_of(moving(seed, years=2))
    curves = densities(panel, value="y", points=400)
    width = np.gradient(curves.index.to_numpy())
    np.testing.assert_allclose((curves.to_numpy() * width[:, None]).sum(axis=0), 1, atol=5e-3)
    scaled = densities(panel * factor, value="y", points=400)
    np.testing.assert_allclose(scaled, curves, rtol=1e-6, atol=1e-12)


@given(seed=seeds, at_most=st.integers(1, 3), wider=st.floats(1.01, 3))
@settings(max_examples=30, deadline=None)
def test_a_wider_kernel_has_no_more_modes(seed, at_most, wider):
    x = np.random.default_rng(seed).lognormal(size=15)
    h = _critical_bandwidth(x, at_most)
    assert _count_modes(x, h) <= at_most
    assert _count_modes(x, h * wider) <= at_most
    assert _count_modes(x, h * 0.99) > at_most
