"""LOSH by hand and by enumeration, its approximation, and its labels."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from scipy.stats import chi2

from spatialreg.autocorrelation import losh
from spatialreg.errors import InputError

from .conftest import CHAIN, exact, islands_graph, lattice_graph
from .enumeration import ALTERNATIVES, all_draws, exact_p, monte_carlo_error

COUNT = 40_000


def test_by_hand():
    # a chain a-b-c-d with y = 1, 2, 3, 6: neighbours' means 2, 2, 4, 3; residuals -1, 0, -1, 3;
    # squares 1, 0, 1, 9 with mean 11 / 4; neighbours' means of these 0, 1, 9 / 2, 1
    graph = Graph.from_dicts(CHAIN)
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    for transform in "rb":  # only relative weights count
        frame = losh(y, graph.transform(transform), permutations=99, rng=1).frame
        assert frame["lag"].to_list() == pytest.approx([2, 2, 4, 3])
        expected = [v * 4 / 11 for v in (0, 1, 9 / 2, 1)]
        assert frame["statistic"].to_list() == pytest.approx(expected)
        # squares have variance 83 / 4 - 121 / 16 = 211 / 16; of c: S = 1 / 2 where W = 1
        variance = 211 / 16 * (4 / 2 - 1) / 3 / (11 / 4) ** 2
        assert frame.loc["c", "z_score"] == pytest.approx((18 / 11 - 1) / np.sqrt(variance))
        p = 2 * chi2.sf(2 * 18 / 11 / variance, 2 / variance)
        assert frame.loc["c", "p_analytic"] == pytest.approx(p)


def test_absolute_deviations_by_hand():
    graph = Graph.from_dicts(CHAIN)
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    frame = losh(y, graph, power=1, permutations=99, rng=1).frame
    # residuals 1, 0, 1, 3 with mean 5 / 4
    assert frame["statistic"].to_list() == pytest.approx([v * 4 / 5 for v in (0, 1, 3 / 2, 1)])
    assert frame["p_analytic"].isna().all()


@pytest.mark.parametrize(
    "values",
    [
        [3, 0, 1, 1, 4, 0, 2],
        [0.1, 0.2, 0.3, 0.3, 0.7, 0.1, 0.6],
        [1e6 + v for v in (1, 2, 3, 3, 7, 1, 6)],
        [1000 + v for v in (0.1, 0.2, 0.3, 0.3, 0.7, 0.1, 0.6)],
    ],
)
def test_p_values_approach_the_enumerated_ones(small, values):
    weights, graph = small
    y = {k: exact(v) for k, v in zip("abcdefg", values, strict=True)}
    squares = {
        k: (y[k] - sum(w * y[o] for o, w in row.items()) / sum(row.values())) ** 2
        for k, row in weights.items()
    }
    usual = Fraction(sum(squares.values()), 7)
    draws = all_draws(
        weights,
        lambda _, row: sum(w * squares[o] for w, o in row) / sum(w for w, _ in row) / usual,
    )
    series = pd.Series(values, list("abcdefg"))
    for alternative in ALTERNATIVES:
        p = exact_p(draws, alternative, small_is_alike=False)
        got = losh(series, graph, permutations=COUNT, alternative=alternative, rng=6).frame
        assert (abs(got["p_value"] - p) <= monte_carlo_error(p, COUNT)).all()
    assert got["statistic"].to_list() == pytest.approx([float(o) for o, _ in draws.values()])


@pytest.mark.parametrize(("unit", "origin"), [(1 / 3, 1e5), (0.1, 100.0), (0.1, 1e4)])
def test_residuals_that_are_equal_tie(unit, origin):
    """Thirds and tenths far from zero are rounded, but whole values have the same residuals."""
    graph = lattice_graph(6)
    for seed in range(3):
        y = pd.Series(np.random.default_rng(seed).integers(0, 3, 36), graph.unique_ids)
        p, moved = (
            [
                losh(v, graph, permutations=999, alternative=side, rng=1).frame["p_value"]
                for side in ("greater", "less")
            ]
            for v in (y, y * unit + origin)
        )
        pd.testing.assert_series_equal(p[0], moved[0])
        pd.testing.assert_series_equal(p[1], moved[1])
        assert (p[0] + p[1]).median() > 1.002  # beyond the two observed values: ties


def test_one_sided_approximations_take_their_tail():
    graph = Graph.from_dicts(CHAIN)
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    # as above: 18 / 11 at c
    v = 211 / 16 * (4 / 2 - 1) / 3 / (11 / 4) ** 2
    for alternative, tail in (("greater", chi2.sf), ("less", chi2.cdf)):
        frame = losh(y, graph.transform("r"), permutations=99, alternative=alternative).frame
        assert frame.loc["c", "p_analytic"] == pytest.approx(tail(2 * 18 / 11 / v, 2 / v))


def test_a_rough_patch_is_heterogeneous_and_a_smooth_one_is_not():
    graph = lattice_graph(12)
    values = np.random.default_rng(2).normal(0, 3, (12, 12))
    values[:5, :5] += np.where(np.indices((5, 5)).sum(axis=0) % 2, 30, -30)
    values[7:, 7:] = 1.0 + np.arange(5) / 100
    y = pd.Series(values.ravel(), graph.unique_ids)
    cluster = losh(y, graph, permutations=9999, rng=1).frame["cluster"]
    assert cluster["cc"] == "Heterogeneous"
    assert cluster["kk"] == "Homogeneous"
    more = losh(y, graph, permutations=999, alternative="greater", rng=1).counts.index
    less = losh(y, graph, permutations=999, alternative="less", rng=1).counts.index
    assert set(more) == {"Heterogeneous", "Not significant"}
    assert set(less) == {"Homogeneous", "Not significant"}


def test_isolates_count_nowhere():
    links = {k: [a, b] for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")}
    y = pd.Series([1.0, 2.0, 4.0, 3.0, 7.0, 90.0], index=list("abcdez"))
    with_one = losh(y, islands_graph(["z"], links), permutations=99, rng=1)
    without = losh(y.drop("z"), islands_graph([], links), permutations=99, rng=1)
    columns = ["lag", "statistic", "z_score", "p_value", "p_analytic", "cluster"]
    pd.testing.assert_frame_equal(
        with_one.frame.drop("z")[columns], without.frame[columns], rtol=1e-9
    )
    assert with_one.isolates == 1


def test_who_lists_only_an_isolate_is_lonely():
    """Region f points at g, who has no neighbour, so no residual; b has c besides."""
    weights = {
        "a": {"b": 1.0}, "b": {"c": 1.0, "g": 1.0}, "c": {"d": 1.0}, "d": {"a": 1.0},
        "e": {"a": 1.0}, "f": {"g": 1.0}, "g": {},
    }  # fmt: skip
    edges = [(i, j, w) for i, row in weights.items() for j, w in row.items()] + [("g", "g", 0)]
    graph = Graph.from_arrays(*map(np.array, zip(*edges, strict=True)))
    y = pd.Series([1.0, 2.0, 4.0, 3.0, 7.0, 9.0, 5.0], index=list("abcdefg"))
    result = losh(y, graph, permutations=99, rng=1)
    assert result.frame.loc[["f", "g"], "cluster"].to_list() == ["Isolate", "Isolate"]
    assert result.isolates == 2
    # residuals by hand: a 1-2, b 2-9/2 (as a sum: (4 + 5) / 2), c 4-3, d 3-1, e 7-1, f 9-5
    squares = {"a": 1, "b": 25 / 4, "c": 1, "d": 4, "e": 36, "f": 16}
    usual = sum(squares.values()) / 6
    assert result.frame.loc["b", "statistic"] == pytest.approx(squares["c"] / usual)
    assert result.frame.loc["e", "statistic"] == pytest.approx(squares["a"] / usual)


def test_messages(field):
    y, graph = field
    for power in (0, -1, np.nan, True):
        with pytest.raises(InputError, match="power must be above zero"):
            losh(y, graph, power=power)
    pairs = islands_graph(list("ef"), {"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]})
    even = pd.Series([1, 1, 4, 4, 2, 9], list("abcdef"))
    with pytest.raises(InputError, match="equals the mean of the neighbours in every region"):
        losh(even, pairs)
    few = islands_graph(list("cdef"), {"a": ["b"], "b": ["a"]})
    with pytest.raises(InputError, match="2 regions have a value and a neighbour"):
        losh(even.mask(even == 1, [0, 1, 0, 0, 0, 0]), few)
