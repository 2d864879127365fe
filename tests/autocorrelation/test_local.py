"""Local Moran's I by hand, its p-values by enumeration, and what a region is called."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.errors import IsolateWarning, PermutationWarning

from .conftest import CHAIN, exact_conditional_tails, islands_graph, lattice_graph

COLUMNS = [
    "y", "lag", "statistic", "z_score", "p_value", "p_adjusted", "p_analytic", "quadrant",
    "cluster",
]  # fmt: skip


def test_by_hand():
    # a chain a-b-c-d with y = 1, 2, 3, 6: z = -2, -1, 0, 3, sum of squares 14, n - 1 = 3;
    # lags of z: -1, (-2 + 0) / 2, (-1 + 3) / 2, 0
    graph = Graph.from_dicts(CHAIN).transform("r")
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    frame = sr.lisa(y, graph, permutations=99, rng=1).frame
    assert list(frame.columns) == COLUMNS
    assert frame["statistic"].to_list() == pytest.approx([3 / 14 * v for v in (2, 1, 0, 0)])
    assert frame["lag"].to_list() == pytest.approx([2, 2, 4, 3])
    # "High" is strictly above the mean, which c equals, and so does d's neighbour
    assert frame["quadrant"].to_list() == ["Low-Low", "Low-Low", "Low-High", "High-Low"]


def test_the_mean_of_local_statistics_is_the_global_one(field):
    y, graph = field
    local = sr.lisa(y, graph, permutations=99, rng=1).frame["statistic"]
    # with rows standardised: sum of I_i = (n - 1) I
    whole = sr.moran(y, graph, permutations=99, rng=1).statistic
    assert local.sum() == pytest.approx((len(y) - 1) * whole)


@pytest.mark.parametrize(
    "values",
    [
        [3, 0, 1, 1, 4, 0, 2],  # ties
        [0.1, 0.2, 0.3, 0.3, 0.7, 0.1, 0.6],
        [1.5, -2.25, 0.5, 8.0, -1.0, 3.0, 2.5],
        [5, 5, 5, 5, 5, 5, 40],  # all but one alike
        [1, 2, 3, 4, 5, 6, 7],  # one exactly at the mean
    ],
)
def test_p_values_approach_the_enumerated_ones(small, values):
    weights, graph = small
    y = pd.Series(values, index=list("abcdefg"))
    exact = exact_conditional_tails(y, weights)
    count = 40_000
    for alternative in ("two-sided", "greater", "less", "directed"):
        got = sr.lisa(y, graph, permutations=count, alternative=alternative, rng=6).frame
        for label, (above, below) in exact.items():
            p = {
                "greater": above,
                "less": below,
                "directed": min(above, below),
                "two-sided": min(1, 2 * min(above, below)),
            }[alternative]
            tolerance = 10 * np.sqrt(0.25 / count) + 2 / count
            assert got.loc[label, "p_value"] == pytest.approx(float(p), abs=tolerance)


def test_scores_are_those_of_all_draws(small):
    """Mean and variance given the region's value, from all ordered draws of its neighbours."""
    weights, graph = small
    y = pd.Series([1.5, -2.25, 0.5, 8.0, -1.0, 3.0, 2.5], index=list("abcdefg"))
    frame = sr.lisa(y, graph, permutations=99, rng=1).frame
    z = y - y.mean()
    for label, row in weights.items():
        w = np.array([float(v) for v in row.values()])
        draws = np.array(list(permutations(z.drop(label), len(w))))
        null = z[label] * draws @ w
        observed = z[label] * w @ z[list(row)].to_numpy()
        expected = (observed - null.mean()) / null.std()
        assert frame.loc[label, "z_score"] == pytest.approx(expected)


def test_poisson_ties_count_on_both_sides():
    """Counts of 0 and 1: the tails overlap in the ties."""
    graph = lattice_graph(6)
    y = pd.Series(np.random.default_rng(3).poisson(0.3, 36), index=graph.unique_ids)
    p = {
        side: sr.lisa(y, graph, permutations=999, alternative=side, rng=1).frame["p_value"]
        for side in ("greater", "less")
    }
    # each permutation is above, below or tied: the tails sum to 1 and the share of ties
    assert (p["greater"] + p["less"] > 1).all()
    assert (p["greater"] + p["less"]).median() > 1.2


@pytest.mark.parametrize(
    "values",
    [
        [0.1, 0.2, 0.3, 0.4, 0.5],
        [0.9, 0.6, 0.5, 0.8, 0.2],  # the mean is 0.6, which floats miss by 1e-16
        [1.7, 0.2, 1.8, 1.1, 0.7],  # 1.1
    ],
)
def test_a_region_at_the_mean_is_no_evidence(values):
    graph = Graph.from_dicts({k: [a, b] for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")})
    y = pd.Series(values, index=list("abcde"))
    row = sr.lisa(y, graph, permutations=99, rng=1).frame.loc[y.round(9) == round(y.mean(), 9)]
    assert row["statistic"].to_list() == [0]
    assert row["p_value"].to_list() == [1]
    assert row["cluster"].to_list() == ["Not significant"]
    assert row["quadrant"].str.startswith("Low").all()
    assert row[["z_score", "p_analytic"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "values", [[1.4, 1.8, 0.8, 0.5, 1.0], [0.8, 1.0, 1.8, 1.5, 1.4], [1.5, 1.7, 1.3, 1.5, 1.0]]
)
def test_neighbours_at_the_mean_are_not_high(values):
    """The neighbours of b, a and c, average the mean of all, which floats miss by 1e-16."""
    graph = Graph.from_dicts({k: [a, b] for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")})
    y = pd.Series(values, index=list("abcde"))
    frame = sr.lisa(y, graph.transform("r"), permutations=99, rng=1).frame
    assert y["a"] + y["c"] == pytest.approx(2 * y.mean())
    assert frame.loc["b", "quadrant"].endswith("-Low")


def test_all_others_alike_leave_nothing_to_chance():
    graph = Graph.from_dicts({k: [a, b] for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")})
    y = pd.Series([0.0, 0.0, 5.0, 0.0, 0.0], index=list("abcde"))
    row = sr.lisa(y, graph, permutations=99, rng=1).frame.loc["c"]
    assert row["p_value"] == 1
    assert np.isnan(row["z_score"])


def test_isolates_and_missing_regions():
    links = {k: [a, b] for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")}
    graph = islands_graph(["y", "z"], links)
    y = pd.Series([1.0, 2.0, 4.0, np.nan, 7.0, 9.0, np.nan], index=list("abcdeyz"), name="gdp")
    result = sr.lisa(y, graph, permutations=99, rng=1)
    frame = result.frame
    pd.testing.assert_index_equal(frame.index, y.index)
    assert frame["cluster"].to_list() == ["Not significant"] * 3 + [
        "No data", "Not significant", "Isolate", "No data",
    ]  # fmt: skip
    for label in ("d", "y", "z"):
        assert frame.loc[label, COLUMNS[1:-1]].isna().all()
    assert frame["y"].equals(y.rename("y"))
    assert frame.loc["c", "lag"] == 2  # b alone: d has no data, and rows are standardised again
    assert (result.n, result.isolates, result.missing) == (5, 1, 2)
    assert result.counts["Isolate"] == 1


def test_a_region_cut_off_is_an_isolate():
    links = {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b", "d"], "d": ["c", "e"], "e": ["d"]}
    y = pd.Series([1.0, 2.0, 4.0, np.nan, 7.0], index=list("abcde"))
    with pytest.warns(IsolateWarning, match=r"\(e\)"):
        frame = sr.lisa(y, Graph.from_dicts(links), permutations=99, rng=1).frame
    assert frame.loc["e", "cluster"] == "Isolate"
    assert np.isnan(frame.loc["e", "p_value"])


@pytest.fixture
def patches():
    """A 10 x 10 lattice of noise with a high and a low patch of 4 x 4, a stranger in each."""
    graph = lattice_graph(10)
    y = np.random.default_rng(5).normal(0, 1, (10, 10))
    y[:4, :4] += 12
    y[6:, 6:] -= 12
    y[1, 1], y[7, 7] = -9.0, 9.0
    return pd.Series(y.ravel(), index=graph.unique_ids), graph


def test_clusters_are_named_by_both_sides(patches):
    result = sr.lisa(*patches, permutations=999, rng=1)
    cluster = result.frame["cluster"]
    assert cluster["cc"] == "High-High"
    assert cluster["ii"] == "Low-Low"
    assert cluster["hh"] == "High-Low"
    assert cluster["bb"] == "Low-High"
    significant = result.frame["p_value"] <= 0.05
    assert (cluster[significant] == result.frame["quadrant"][significant]).all()
    assert (cluster[~significant] == "Not significant").all()
    assert result.cut_off == result.frame["p_value"][significant].max()


def test_greater_finds_likeness_and_less_finds_difference(patches):
    found = {
        side: set(sr.lisa(*patches, permutations=999, alternative=side, rng=1).counts.index)
        for side in ("greater", "less")
    }
    assert found["greater"] == {"High-High", "Low-Low", "Not significant"}
    assert found["less"] == {"High-Low", "Low-High", "Not significant"}


def test_corrections_are_stricter(patches):
    counts = []
    for correction in (None, "fdr_bh", "fdr_by", "bonferroni"):
        result = sr.lisa(*patches, permutations=9999, correction=correction, rng=1)
        frame = result.frame
        assert (frame["p_adjusted"] >= frame["p_value"]).all()
        assert result.correction == correction
        counts.append((frame["cluster"] != "Not significant").sum())
    none, bh, by, bonferroni = counts
    assert none > bh > by
    assert bh > bonferroni > 0


def test_nothing_significant_has_no_cut_off(field):
    y, graph = field
    y = pd.Series(np.random.default_rng(0).permutation(y), index=y.index)
    result = sr.lisa(y, graph, permutations=9999, alpha=0.0003, rng=1)
    assert np.isnan(result.cut_off)
    assert set(result.frame["cluster"]) == {"Not significant"}


def test_too_few_permutations_for_bonferroni(field):
    y, graph = field
    with pytest.warns(PermutationWarning, match="no two-sided p-value of 36 regions"):
        sr.lisa(y, graph, permutations=999, correction="bonferroni", rng=1)


def test_order_of_rows_changes_nothing(patches):
    y, graph = patches
    one = sr.lisa(y, graph, permutations=499, rng=3).frame
    other = sr.lisa(y.sample(frac=1, random_state=1), graph, permutations=499, rng=3).frame
    pd.testing.assert_frame_equal(other.loc[one.index], one)


def test_order_of_the_graph_changes_nothing(patches):
    y, graph = patches
    shuffled = list(y.sample(frac=1, random_state=2).index)
    dicts = {k: list(graph[k].index)[::-1] for k in shuffled}
    other = sr.lisa(y, Graph.from_dicts(dicts).transform("r"), permutations=499, rng=3).frame
    pd.testing.assert_frame_equal(other, sr.lisa(y, graph, permutations=499, rng=3).frame)


def test_seeds(field):
    p = [sr.lisa(*field, permutations=199, rng=seed).frame["p_value"] for seed in (1, 1, 2)]
    assert p[0].equals(p[1])
    assert not p[0].equals(p[2])
