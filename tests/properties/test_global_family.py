"""What must hold of the global statistics for any values on any graph."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.stats import binom, kstest

import spatialreg as sr
from spatialreg import autocorrelation as ac

from .test_autocorrelation import regions, square

OPTIONS = {"permutations": 99, "rng": 1}
MANY = settings(max_examples=60, deadline=None)


def positive(y):
    return y - y.min() + 1


UNIVARIATE = {
    "geary": ac.geary,
    "getis_ord_g": lambda y, graph, **o: ac.getis_ord_g(positive(y), graph, **o),
    "moran_bv": lambda y, graph, **o: ac.moran_bv(y**2 + np.arange(len(y)), y, graph, **o),
    "lee": lambda y, graph, **o: ac.lee(y, y, graph, **o),
}


@pytest.mark.parametrize("name", UNIVARIATE)
@given(case=regions(), seed=st.integers(0, 1000))
@MANY
def test_the_order_of_rows_does_not_matter(name, case, seed):
    y, graph = case
    if name == "moran_bv":
        x = pd.Series(np.arange(len(y)) % 3.0, y.index)
        one = ac.moran_bv(x, y, graph, **OPTIONS)
        other = ac.moran_bv(x, y.sample(frac=1, random_state=seed), graph, **OPTIONS)
    else:
        one = UNIVARIATE[name](y, graph, **OPTIONS)
        other = UNIVARIATE[name](y.sample(frac=1, random_state=seed), graph, **OPTIONS)
    assert (one.statistic, one.p_value) == (other.statistic, other.p_value)
    assert one.variance == pytest.approx(other.variance, abs=1e-12)


@pytest.mark.parametrize("name", ["geary", "lee"])
@given(case=regions(), factor=st.sampled_from([-1, 3, 0.5, 1000]), shift=st.integers(-1000, 1000))
@MANY
def test_the_unit_and_the_origin_do_not_matter(name, case, factor, shift):
    y, graph = case
    function = UNIVARIATE[name]
    one, other = function(y, graph, **OPTIONS), function(y * factor + shift, graph, **OPTIONS)
    assert other.statistic == pytest.approx(one.statistic, abs=1e-9)
    assert other.p_value == one.p_value
    assert other.variance == pytest.approx(one.variance, rel=1e-6, abs=1e-12)


@given(case=regions(), factor=st.sampled_from([3, 0.5, 1000]), shift=st.integers(-50, 50))
@MANY
def test_two_units_and_origins_do_not_matter(case, factor, shift):
    """For x and for y; a turned sign turns that of the statistic."""
    y, graph = case
    x = pd.Series(np.arange(len(y)) ** 2 % 7.0, y.index)
    for function in (ac.moran_bv, ac.lee):
        one = function(x, y, graph, **OPTIONS)
        for other in (
            function(x * factor + shift, y, graph, **OPTIONS),
            function(x, y * factor + shift, graph, **OPTIONS),
        ):
            assert other.statistic == pytest.approx(one.statistic, abs=1e-9)
            assert other.p_value == one.p_value
        turned = function(-x, y, graph, **OPTIONS)
        assert turned.statistic == pytest.approx(-one.statistic, abs=1e-9)
        assert turned.expected == pytest.approx(-one.expected, abs=1e-9)
        assert turned.p_value == one.p_value


@given(case=regions(), factor=st.sampled_from([3, 0.5, 1000]))
@MANY
def test_the_unit_does_not_matter_to_the_general_g(case, factor):
    y, graph = case
    one = ac.getis_ord_g(positive(y), graph, **OPTIONS)
    other = ac.getis_ord_g(factor * positive(y), graph, **OPTIONS)
    assert other.statistic == pytest.approx(one.statistic)
    assert other.p_value == one.p_value


@given(case=regions())
@MANY
def test_geary_and_moran_add_up(case):
    """``C n / (n - 1) + I`` is what each region's square weighs: sum of degree z**2, over S0."""
    y, graph = case
    n, dense = len(y), graph.sparse.toarray()
    z = (y.reindex(graph.unique_ids) - y.mean()).to_numpy()
    degree = (dense.sum(axis=0) + dense.sum(axis=1)) / 2
    squares = n / dense.sum() * (degree * z**2).sum() / (z**2).sum()
    c = ac.geary(y, graph, **OPTIONS).statistic
    i = sr.moran(y, graph, **OPTIONS).statistic
    assert c * n / (n - 1) + i == pytest.approx(squares, abs=1e-9)


@given(case=regions())
@MANY
def test_moran_of_two_values_is_that_of_their_joins(case):
    """For 0 and 1: the joins, put into the definition of Moran's I."""
    y, graph = case
    graph = graph.transform("b")
    high = (y > y.min()).astype(int)
    joins = ac.join_counts(high, graph, **OPTIONS).frame["statistic"]
    n, share = len(y), high.mean()
    products = (
        (1 - share) ** 2 * joins["BB"] - share * (1 - share) * joins["BW"] + share**2 * joins["WW"]
    )
    expected = products / joins.sum() / (share * (1 - share))
    assert sr.moran(high, graph, **OPTIONS).statistic == pytest.approx(expected, abs=1e-9)
    squares = ac.geary(high, graph, **OPTIONS).statistic
    differing = (n - 1) / n * joins["BW"] / joins.sum() / (2 * share * (1 - share))
    assert squares == pytest.approx(differing, abs=1e-9)


@given(case=regions(), kinds=st.integers(2, 5))
@MANY
def test_joins_add_up_to_half_the_links(case, kinds):
    y, graph = case
    kind = y % kinds
    assume(len(set(kind)) > 1)
    frame = ac.join_counts(kind, graph, **OPTIONS).frame.drop("different", errors="ignore")
    links = (graph.adjacency > 0).sum()
    assert frame["statistic"].sum() == links / 2
    assert frame["expected"].sum() == pytest.approx(links / 2)
    p = frame["p_value"]
    assert ((p > 0) & (p <= 1)).all()


@given(case=regions(), scale=st.sampled_from([1, 7, 1000]))
@MANY
def test_equal_populations_make_rates_of_events(case, scale):
    y, graph = case
    events = positive(y)
    people = pd.Series(float(scale), y.index)
    rates = ac.moran_rate(events, people, graph, **OPTIONS)
    plain = sr.moran(events, graph, **OPTIONS)
    assert rates.statistic == pytest.approx(plain.statistic, abs=1e-9)
    assert rates.p_value == plain.p_value


@pytest.fixture(scope="module")
def chance():
    """P-values of 300 maps of independent, skewed values, by permutations and by residuals."""
    graph, rng = square(5), np.random.default_rng(22)
    x = pd.Series(rng.normal(size=25), graph.unique_ids)
    rows = []
    for seed in range(300):
        y = pd.Series(rng.exponential(size=25), graph.unique_ids)
        options = {"permutations": 199, "rng": seed}
        normal = pd.Series(rng.normal(size=25), graph.unique_ids)
        rows.append(
            {
                "geary": ac.geary(y, graph, **options).p_value,
                "getis_ord_g": ac.getis_ord_g(y, graph, **options).p_value,
                "moran_bv": ac.moran_bv(x, y, graph, **options).p_value,
                "lee": ac.lee(y, y**2, graph, **options).p_value,
                "residuals": ac.moran_residuals(normal, x, graph, **options).p_value,
                "residuals, analytic": ac.moran_residuals(
                    normal, x, graph, permutations=1
                ).p_analytic,
            }
        )
    return pd.DataFrame(rows)


KINDS = ["geary", "getis_ord_g", "moran_bv", "lee", "residuals", "residuals, analytic"]


@pytest.mark.parametrize("kind", KINDS)
def test_p_values_are_uniform_under_the_null(chance, kind):
    assert kstest(chance[kind], "uniform").pvalue > 0.001


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", [0.05, 0.1, 0.5])
def test_tests_keep_their_level(chance, kind, level):
    low, high = binom.interval(0.999, len(chance), level)
    assert low <= (chance[kind] <= level).sum() <= high


def test_ties_do_not_break_the_level():
    """Counts with many ties: joins and differences are called at most as often as the level."""
    graph, rng = square(5), np.random.default_rng(23)
    p = {"BB": [], "geary": []}
    for seed in range(250):
        y = pd.Series(rng.poisson(0.4, 25), graph.unique_ids)
        if y.nunique() < 2:
            continue
        options = {"permutations": 199, "alternative": "greater", "rng": seed}
        joins = ac.join_counts((y > 0).astype(int), graph, **options)
        p["BB"].append(joins.frame.loc["BB", "p_value"])
        p["geary"].append(ac.geary(y, graph, **options).p_value)
    for values in p.values():
        for level in (0.05, 0.1):
            assert np.sum(np.array(values) <= level) <= binom.ppf(0.9995, len(values), level)


def test_a_graph_is_not_needed_twice():
    """The same graph object serves all statistics, one after the other."""
    graph = Graph.from_dicts({k: [o for o in "abcd" if o != k] for k in "abcd"}).transform("r")
    y = pd.Series([1.0, 2.0, 4.0, 8.0], index=list("abcd"))
    before = graph.adjacency.copy()
    for function in (sr.moran, ac.geary, ac.getis_ord_g):
        function(y, graph, **OPTIONS)
    ac.join_counts(y > 3, graph, **OPTIONS)
    pd.testing.assert_series_equal(graph.adjacency, before)
