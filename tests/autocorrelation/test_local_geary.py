"""Local Geary's c by hand and by enumeration, of one variable and of two, and its labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from scipy.stats import norm

from spatialreg.autocorrelation import local_geary
from spatialreg.errors import AlignmentError, InputError

from .conftest import CHAIN, exact, lattice_graph
from .enumeration import ALTERNATIVES, all_draws, exact_p, moments, monte_carlo_error

COUNT = 40_000


def test_by_hand():
    # a chain a-b-c-d with y = 1, 2, 3, 6: squared differences 1, 1, 9; variance 14 / 4
    graph = Graph.from_dicts(CHAIN).transform("r")
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    frame = local_geary(y, graph, permutations=99, rng=1).frame
    assert frame["statistic"].to_list() == pytest.approx([v * 4 / 14 for v in (1, 1, 5, 9)])
    assert frame["lag"].to_list() == pytest.approx([2, 2, 4, 3])
    # a differs from the others by 1, 4, 25 squared: mean 10, variance 114
    assert frame.loc["a", "z_score"] == pytest.approx((1 - 10) / np.sqrt(114))


def test_one_sided_p_values_ask_for_likeness(field):
    y, graph = field
    for alternative, tail in (("greater", norm.cdf), ("less", norm.sf)):
        frame = local_geary(y, graph, permutations=99, alternative=alternative, rng=1).frame
        np.testing.assert_allclose(frame["p_analytic"], tail(frame["z_score"]))


def test_several_variables_are_averaged():
    graph = lattice_graph(4)
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.gamma(2, 2, (16, 3)), graph.unique_ids, list("pqr"))
    whole = local_geary(frame, graph, permutations=99, rng=1)
    parts = [local_geary(frame[c], graph, permutations=99, rng=1).frame["statistic"] for c in frame]
    np.testing.assert_allclose(whole.frame["statistic"], np.mean(parts, axis=0))
    assert whole.name == "local Geary's c of 3 variables"
    assert whole.frame[["p", "q", "r"]].equals(frame)
    assert whole.frame["lag"].isna().all()


VALUES = {
    "ties": [3, 0, 1, 1, 4, 0, 2],
    "tenths": [0.1, 0.2, 0.3, 0.3, 0.7, 0.1, 0.6],
    "far from zero": [1e6 + v for v in (1, 2, 3, 3, 7, 1, 6)],
    "decimals far from zero": [100 + v for v in (0.1, 0.2, 0.3, 0.3, 0.7, 0.1, 0.6)],
    "signs": [1.5, -2.25, 0.5, 8.0, -1.0, 3.0, 2.5],
    "outlier": [5, 5, 5, 5, 5, 5, 40],
}


@pytest.mark.parametrize("kind", VALUES)
def test_p_values_approach_the_enumerated_ones(small, kind):
    weights, graph = small
    y = pd.Series(VALUES[kind], index=list("abcdefg"))

    def apart(label, row):
        return sum(w * (exact(y[label]) - exact(y[other])) ** 2 for w, other in row)

    draws = all_draws(weights, apart)
    for alternative in ALTERNATIVES:
        p = exact_p(draws, alternative, small_is_alike=True)
        got = local_geary(y, graph, permutations=COUNT, alternative=alternative, rng=6).frame
        assert (abs(got["p_value"] - p) <= monte_carlo_error(p, COUNT)).all()
    expected = moments(draws)
    varies = (expected["deviation"] > 0).to_numpy()
    assert got["z_score"][varies].to_list() == pytest.approx(expected["z_score"][varies].to_list())
    assert got["z_score"][~varies].isna().all()


def test_two_variables_approach_the_enumerated_p_values(small):
    """Variables in standard deviations: two columns of whole numbers with variances 4 and 16."""
    weights, graph = small
    one = pd.Series([0, 0, 0, 2, 2, 2, -6], list("abcdefg"))  # mean 0, squares 48
    two = pd.Series([4, -4, 4, -4, 0, 0, 0], list("abcdefg"))  # mean 0, squares 64
    from fractions import Fraction

    def apart(label, row):
        return sum(
            w
            * (
                Fraction(7, 48) * Fraction(int(one[label] - one[o])) ** 2
                + Fraction(7, 64) * Fraction(int(two[label] - two[o])) ** 2
            )
            / 2
            for w, o in row
        )

    draws = all_draws(weights, apart)
    frame = pd.DataFrame({"one": one, "two": two})
    for alternative in ALTERNATIVES:
        p = exact_p(draws, alternative, small_is_alike=True)
        got = local_geary(frame, graph, permutations=COUNT, alternative=alternative, rng=6).frame
        assert (abs(got["p_value"] - p) <= monte_carlo_error(p, COUNT)).all()
    assert got["statistic"].to_list() == pytest.approx([float(o) for o, _ in draws.values()])
    assert got["z_score"].to_list() == pytest.approx(moments(draws)["z_score"].to_list())


def test_labels():
    """Patches high, low and at the mean, and a stranger in a smooth field."""
    graph = lattice_graph(12)
    values = np.random.default_rng(4).normal(0, 6, (12, 12))
    values[:4, :4] = 15 + np.arange(4) / 10
    values[8:, 8:] = -15 - np.arange(4) / 10
    values[2, 9], values[1, 9], values[3, 9], values[2, 8], values[2, 10] = 25, -20, -20, -20, -20
    values[8:, :4] = np.nan
    values[8:, :4] = np.nanmean(values) + np.where(np.indices((4, 4)).sum(axis=0) % 2, 0.4, -0.4)
    y = pd.Series(values.ravel(), graph.unique_ids)
    cluster = local_geary(y, graph, permutations=9999, rng=1).frame["cluster"]
    assert cluster["bb"] == "High-High"
    assert cluster["kk"] == "Low-Low"
    assert cluster["cj"] == "Negative"
    assert (cluster[["jb", "kb", "jc", "kc"]] == "Other positive").all()
    found = {
        side: set(local_geary(y, graph, permutations=999, alternative=side, rng=1).counts.index)
        for side in ("greater", "less")
    }
    assert found["greater"] == {"High-High", "Low-Low", "Other positive", "Not significant"}
    assert found["less"] == {"Negative", "Not significant"}
    both = pd.DataFrame({"y": y, "minus": -y})
    several = local_geary(both, graph, permutations=9999, rng=1).frame["cluster"]
    assert several["bb"] == several["kk"] == "Positive"
    assert several["cj"] == "Negative"


def test_a_variable_twice_is_that_variable(field):
    y, graph = field
    one = local_geary(y, graph, permutations=199, rng=1).frame
    twice = local_geary(
        pd.DataFrame({"a": y, "b": 3 * y + 2}), graph, permutations=199, rng=1
    ).frame
    columns = ["statistic", "z_score", "p_value", "p_analytic"]
    np.testing.assert_allclose(twice[columns], one[columns])


def test_a_region_with_a_gap_in_one_column_is_left_out(field):
    y, graph = field
    frame = pd.DataFrame({"a": y, "b": y**2})
    frame.loc["cc", "b"] = np.nan
    result = local_geary(frame, graph, permutations=99, rng=1)
    assert result.frame.loc["cc", "cluster"] == "No data"
    assert result.frame.loc["cc", "a"] == y["cc"]
    assert (result.n, result.missing) == (35, 1)


def test_all_others_alike_leave_nothing_to_chance():
    graph = Graph.from_dicts({k: [a, b] for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")})
    y = pd.Series([0.0, 0.0, 5.0, 0.0, 0.0], index=list("abcde"))
    row = local_geary(y, graph, permutations=99, rng=1).frame.loc["c"]
    assert row["p_value"] == 1
    assert np.isnan(row["z_score"])
    assert pd.isna(row["quadrant"])
    assert row["cluster"] == "Not significant"


def test_messages(field):
    y, graph = field
    with pytest.raises(InputError, match="y must be a Series, or a DataFrame"):
        local_geary(y.to_numpy(), graph)
    with pytest.raises(InputError, match="y must have columns"):
        local_geary(pd.DataFrame(index=y.index), graph)
    with pytest.raises(InputError, match="a name of its own"):
        local_geary(pd.DataFrame(np.ones((36, 2)), y.index, ["a", "a"]), graph)
    with pytest.raises(InputError, match=r"^b is constant"):
        local_geary(pd.DataFrame({"a": y, "b": 1.0}), graph)
    with pytest.raises(InputError, match=r"^b must be numeric"):
        local_geary(pd.DataFrame({"a": y, "b": "x"}), graph)
    with pytest.raises(AlignmentError, match=r"^the graph lacks 1"):
        local_geary(pd.concat([y, pd.Series([1.0], ["zz"])]), graph)


@pytest.mark.parametrize("scale", [1e200, 1e-200, 2.0**-900])
def test_the_size_of_values_changes_no_p_value(scale):
    graph = lattice_graph(6)
    y = pd.Series(np.random.default_rng(1).normal(size=36), graph.unique_ids)
    one = local_geary(y, graph, permutations=199, rng=1).frame
    other = local_geary(y * scale, graph, permutations=199, rng=1).frame
    np.testing.assert_allclose(other["p_value"], one["p_value"])


def test_columns_that_the_result_has_too_raise():
    graph = lattice_graph(3)
    frame = pd.DataFrame(
        {"lag": range(9), "x": [3, 1, 4, 1, 5, 9, 2, 6, 5]}, index=graph.unique_ids
    )
    with pytest.raises(InputError, match=r"columns named \['lag'\] would be hidden"):
        local_geary(frame, graph, permutations=99)
