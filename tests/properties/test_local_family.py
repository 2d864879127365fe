"""What must hold for every local statistic, whatever the values and the graph."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, kstest

import spatialreg as sr
from spatialreg import autocorrelation as sa
from spatialreg.errors import PermutationWarning

from .test_autocorrelation import _vary, regions, square

NUMBERS = ["statistic", "z_score", "p_value", "p_analytic"]
LABELS = ["quadrant", "cluster"]
OPTIONS = {"permutations": 99, "rng": 1}


def other(y: pd.Series) -> pd.Series:
    """Give another variable on the same labels."""
    order = y.sort_index()
    return pd.Series(np.arange(len(y)) ** 2 % 7 + 0.5 * order.to_numpy(), order.index).loc[y.index]


def run(measure, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PermutationWarning)
        return measure(*arguments, **{**OPTIONS, **options}).frame


def two(y: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"one": y, "two": other(y)})


CONTINUOUS = {
    "geary": lambda y, g, **k: run(sa.local_geary, y, g, **k),
    "geary of two": lambda y, g, **k: run(sa.local_geary, two(y), g, **k),
    "g": lambda y, g, **k: run(sa.local_g, y, g, **k),
    "g star": lambda y, g, **k: run(sa.local_g, y, g, star=True, **k),
    "bivariate": lambda y, g, **k: run(sa.lisa_bv, other(y), y, g, **k),
}


def same(one: pd.DataFrame, two: pd.DataFrame, columns: list[str]) -> None:
    np.testing.assert_allclose(
        one[columns].to_numpy(float), two[columns].to_numpy(float), rtol=1e-6, atol=1e-7
    )
    pd.testing.assert_frame_equal(one[LABELS], two[LABELS])


@given(case=regions(), factor=st.sampled_from([1, 3, 0.5, 1000]), shift=st.integers(-1000, 1000))
@settings(max_examples=40, deadline=None)
def test_the_unit_and_the_origin_do_not_matter(case, factor, shift):
    y, graph = case
    moved = y * factor + shift
    same(run(sa.local_geary, moved, graph), run(sa.local_geary, y, graph), NUMBERS)
    x = other(y)
    for one, another in ((x, moved), (x * factor + shift, y)):
        got = run(sa.lisa_bv, one, another, graph)
        same(got, run(sa.lisa_bv, x, y, graph), NUMBERS)
    for star in (False, True):  # a share of a total has an origin
        got = run(sa.local_g, moved, graph, star=star)
        same(got, run(sa.local_g, y, graph, star=star), NUMBERS[1:])


@given(case=regions(), factor=st.sampled_from([3, 0.5, 1000]), shift=st.integers(-1000, 1000))
@settings(max_examples=40, deadline=None)
def test_the_unit_and_the_origin_do_not_matter_to_losh(case, factor, shift):
    y, graph = case
    try:
        one = run(sa.losh, y, graph)
    except sr.errors.InputError:
        with pytest.raises(sr.errors.InputError):
            run(sa.losh, y * factor + shift, graph)
    else:
        same(run(sa.losh, y * factor + shift, graph), one, NUMBERS)


@given(case=regions())
@settings(max_examples=40, deadline=None)
def test_high_and_low_change_places(case):
    y, graph = case
    one, another = run(sa.local_geary, y, graph), run(sa.local_geary, -y, graph)
    np.testing.assert_allclose(one[NUMBERS], another[NUMBERS], rtol=1e-6, atol=1e-7)
    sided = one["quadrant"].isin(["High-High", "Low-Low"])
    turned = one["quadrant"].map({"High-High": "Low-Low", "Low-Low": "High-High"})
    assert (another["quadrant"] == turned)[sided].all()
    hot, cold = run(sa.local_g, y, graph), run(sa.local_g, -y, graph)
    np.testing.assert_allclose(hot["z_score"], -cold["z_score"], atol=1e-9)
    np.testing.assert_allclose(hot["p_value"], cold["p_value"])
    up = run(sa.local_g, y, graph, alternative="greater")["p_value"]
    down = run(sa.local_g, -y, graph, alternative="less")["p_value"]
    np.testing.assert_allclose(up, down)


@given(case=regions())
@settings(max_examples=40, deadline=None)
def test_local_statistics_add_up(case):
    y, graph = case
    n, w = len(y), graph.sparse.toarray()
    s0 = w.sum()
    # isolates are NaN and add nothing
    geary = run(sa.local_geary, y, graph)["statistic"].sum()
    whole = sa.geary(y, graph, permutations=9, rng=1).statistic
    assert (n - 1) / (2 * s0 * n) * geary == pytest.approx(whole, rel=1e-9)
    moved = y - y.min() + 1
    g = run(sa.local_g, moved, graph)["statistic"]
    total = (moved * (moved.sum() - moved) * g).sum()
    assert total == pytest.approx(moved.to_numpy() @ w @ moved.to_numpy())
    x = other(y)
    if _vary(x):
        z = [(v - v.mean()) / v.std(ddof=0) for v in (x, y)]
        expected = (n - 1) / n * z[0].to_numpy() @ w @ z[1].to_numpy()
        got = run(sa.lisa_bv, x, y, graph)["statistic"].sum()
        assert got == pytest.approx(expected, abs=1e-9)


@given(case=regions())
@settings(max_examples=40, deadline=None)
def test_joins_of_events_add_up_to_all_pairs(case):
    y, graph = case
    x = (y > y.median()).astype(float)
    if not _vary(x):
        x = (y >= y.median()).astype(float)
    links = graph.sparse.toarray() > 0
    total = (links & np.outer(x == 1, x == 1)).sum()
    assert run(sa.local_join_count, x, graph)["statistic"].sum() == total
    both = run(sa.local_join_count, x, graph, y=1 - x)["statistic"].sum()
    assert both == (links & np.outer(x == 1, x == 0)).sum()
    # the exact p-values of all counts that a region may have are shares of draws
    frame = run(sa.local_join_count, x, graph, alternative="greater").dropna(subset="p_value")
    less = run(sa.local_join_count, x, graph, alternative="less").loc[frame.index]
    assert (frame["p_analytic"] + less["p_analytic"] >= 1 - 1e-12).all()


@pytest.mark.parametrize("name", [*CONTINUOUS])
@given(case=regions(), alternative=st.sampled_from(["two-sided", "greater", "less", "directed"]))
@settings(max_examples=25, deadline=None)
def test_p_values_lie_above_zero_and_up_to_one(name, case, alternative):
    y, graph = case
    if not _vary(other(y)):
        return
    frame = CONTINUOUS[name](y, graph, alternative=alternative)
    p = frame[["p_value", "p_analytic"]].to_numpy().ravel()
    p = p[~np.isnan(p)]
    assert ((p > 0) & (p <= 1)).all()
    lonely = frame.index.isin(graph.isolates)
    assert (frame["p_value"].isna() == lonely).all()
    assert ((frame["cluster"] == "Isolate") == lonely).all()
    still = frame["z_score"].isna() & ~lonely
    assert (frame.loc[still, "p_value"] == 1).all()


# --- under the null ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chance():
    """P-values of one region in 500 maps of independent, skewed values."""
    graph, rng = square(5), np.random.default_rng(31)
    rows = []
    for seed in range(500):
        values = rng.exponential(size=(25, 2))
        y = pd.Series(values[:, 0], graph.unique_ids)
        frame = pd.DataFrame(values, graph.unique_ids, ["one", "two"])
        options = {"permutations": 199, "rng": seed}
        rows.append(
            {
                "geary": run(sa.local_geary, y, graph, **options).loc["22", "p_value"],
                "geary of two": run(sa.local_geary, frame, graph, **options).loc["22", "p_value"],
                "g": run(sa.local_g, y, graph, **options).loc["22", "p_value"],
                "bivariate": run(sa.lisa_bv, frame["two"], y, graph, **options).loc[
                    "22", "p_value"
                ],
            }
        )
    return pd.DataFrame(rows)


@pytest.mark.parametrize("kind", ["geary", "geary of two", "g", "bivariate"])
def test_p_values_are_uniform_under_the_null(chance, kind):
    assert kstest(chance[kind], "uniform").pvalue > 0.001
    for level in (0.05, 0.1, 0.5):
        low, high = binom.interval(0.999, len(chance), level)
        assert low <= (chance[kind] <= level).sum() <= high


@pytest.mark.parametrize("measure", [sa.local_geary, sa.local_g, sa.local_join_count])
def test_ties_do_not_break_the_level(measure):
    """Counts with many ties: a test may be called less often than its level, never more."""
    graph, rng = square(5), np.random.default_rng(32)
    p = []
    for seed in range(400):
        y = pd.Series(rng.poisson(0.7, 25).astype(float), graph.unique_ids)
        if measure is sa.local_join_count:
            y = y.clip(upper=1)
        if _vary(y):
            frame = run(measure, y, graph, permutations=199, alternative="greater", rng=seed)
            p.append(frame.loc["22", "p_value"])
    p = np.array([v for v in p if not np.isnan(v)])
    assert len(p) > 150
    for level in (0.05, 0.1):
        assert np.sum(p <= level) <= binom.ppf(0.9995, len(p), level)
