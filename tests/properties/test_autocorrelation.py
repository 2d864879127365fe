"""What must hold for any values on any graph, and how often chance alone is called significant."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.stats import binom, kstest

import spatialreg as sr
from spatialreg.errors import IsolateWarning

COLUMNS = ["statistic", "z_score", "p_value"]


@st.composite
def regions(draw):
    """Give whole values, not all equal, on a random symmetric graph with at least one link."""
    n = draw(st.integers(4, 14))
    labels = [f"r{i:02d}" for i in range(n)]
    values = draw(st.lists(st.integers(-50, 50), min_size=n, max_size=n).filter(_vary))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] != p[1])
    links: dict[str, list[str]] = {label: [] for label in labels}
    for i, j in draw(st.sets(pairs, min_size=1, max_size=3 * n)):
        links[labels[i]] = sorted({*links[labels[i]], labels[j]})
        links[labels[j]] = sorted({*links[labels[j]], labels[i]})
    y = pd.Series(values, index=labels, dtype=float)
    return y, Graph.from_dicts(links).transform(draw(st.sampled_from("rb")))


def _vary(values):
    return len(set(values)) > 1


def moran(y, graph, **options):
    return sr.moran(y, graph, permutations=99, rng=1, **options)


def lisa(y, graph, **options):
    return sr.lisa(y, graph, permutations=99, rng=1, **options).frame


def numbers(frame):
    return frame[COLUMNS].to_numpy(dtype=float)


@given(case=regions(), factor=st.sampled_from([1, 3, 0.5, 1000]), shift=st.integers(-1000, 1000))
@settings(max_examples=60, deadline=None)
def test_the_unit_and_the_origin_do_not_matter(case, factor, shift):
    y, graph = case
    one, other = moran(y, graph), moran(y * factor + shift, graph)
    assert other.statistic == pytest.approx(one.statistic, abs=1e-9)
    assert other.p_value == one.p_value
    np.testing.assert_allclose(
        numbers(lisa(y * factor + shift, graph)), numbers(lisa(y, graph)), atol=1e-7
    )


@given(case=regions())
@settings(max_examples=60, deadline=None)
def test_the_sign_does_not_matter(case):
    """High and low change places; likeness stays, with its p-values."""
    y, graph = case
    assert moran(-y, graph).p_value == moran(y, graph).p_value
    np.testing.assert_allclose(numbers(lisa(-y, graph)), numbers(lisa(y, graph)), atol=1e-9)


@given(case=regions(), seed=st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_does_not_matter(case, seed):
    y, graph = case
    shuffled = y.sample(frac=1, random_state=seed)
    one, other = moran(y, graph), moran(shuffled, graph)
    assert (one.statistic, one.p_value) == (other.statistic, other.p_value)
    pd.testing.assert_frame_equal(lisa(shuffled, graph).loc[y.index], lisa(y, graph))


@given(case=regions())
@settings(max_examples=60, deadline=None)
def test_local_statistics_add_up_to_the_global_one(case):
    y, graph = case
    n, s0 = len(y), graph.adjacency.sum()
    total = lisa(y, graph)["statistic"].sum()  # isolates are NaN and add nothing
    assert total == pytest.approx(moran(y, graph).statistic * s0 * (n - 1) / n, abs=1e-9)


@given(case=regions(), alternative=st.sampled_from(["two-sided", "greater", "less", "directed"]))
@settings(max_examples=60, deadline=None)
def test_p_values_lie_above_zero_and_up_to_one(case, alternative):
    y, graph = case
    result = moran(y, graph, alternative=alternative)
    frame = lisa(y, graph, alternative=alternative)
    p = np.append(frame["p_value"].dropna(), [result.p_value])
    assert ((p > 0) & (p <= 1)).all()
    assert (frame["p_value"].isna() == frame.index.isin(graph.isolates)).all()
    assert ((frame["cluster"] == "Isolate") == frame.index.isin(graph.isolates)).all()


@given(case=regions(), holes=st.integers(0, 3), seed=st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_missing_regions_are_as_if_they_were_not_there(case, holes, seed):
    y, graph = case
    y = y.copy()
    y[y.sample(min(holes, len(y) - 4), random_state=seed).index] = np.nan
    rest = y.dropna()
    links = {k: [o for o in graph[k].index if o in rest.index] for k in rest.index}
    assume(_vary(rest) and any(links.values()))
    smaller = Graph.from_dicts(links).transform(graph.transformation)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IsolateWarning)
        whole = lisa(y, graph)
    expected = lisa(rest, smaller)
    pd.testing.assert_frame_equal(whole.loc[rest.index], expected)
    assert (whole.loc[y.isna(), "cluster"] == "No data").all()


# --- under the null ---------------------------------------------------------------------------


def square(side):
    cells = [(r, c) for r in range(side) for c in range(side)]
    links = {
        f"{r}{c}": [
            f"{a}{b}"
            for a, b in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1))
            if (a, b) in cells
        ]
        for r, c in cells
    }
    return Graph.from_dicts(links).transform("r")


@pytest.fixture(scope="module")
def chance():
    """P-values of 600 maps of independent, skewed values: Moran's I, and one region's local I."""
    graph, rng = square(5), np.random.default_rng(20)
    rows = []
    for seed in range(600):
        y = pd.Series(rng.exponential(size=25), index=graph.unique_ids)
        whole = sr.moran(y, graph, permutations=199, rng=seed)
        local = sr.lisa(y, graph, permutations=199, rng=seed).frame
        greater = sr.moran(y, graph, permutations=199, alternative="greater", rng=seed)
        rows.append((whole.p_value, greater.p_value, local.loc["22", "p_value"]))
    return pd.DataFrame(rows, columns=["global", "greater", "local"])


@pytest.mark.parametrize("kind", ["global", "greater", "local"])
def test_p_values_are_uniform_under_the_null(chance, kind):
    assert kstest(chance[kind], "uniform").pvalue > 0.001


@pytest.mark.parametrize("kind", ["global", "greater", "local"])
@pytest.mark.parametrize("level", [0.05, 0.1, 0.5])
def test_tests_keep_their_level(chance, kind, level):
    """The number of false alarms lies where 99.9 % of binomial counts do."""
    low, high = binom.interval(0.999, len(chance), level)
    assert low <= (chance[kind] <= level).sum() <= high


def test_ties_do_not_break_the_level():
    """Counts with many ties: a test may be called less often than its level, never more."""
    graph, rng = square(5), np.random.default_rng(21)
    p = []
    for seed in range(400):
        y = pd.Series(rng.poisson(0.5, 25).astype(float), index=graph.unique_ids)
        if _vary(y):
            frame = sr.lisa(y, graph, permutations=199, alternative="greater", rng=seed).frame
            p.append(frame.loc["22", "p_value"])
    for level in (0.05, 0.1):
        assert np.sum(np.array(p) <= level) <= binom.ppf(0.9995, len(p), level)
