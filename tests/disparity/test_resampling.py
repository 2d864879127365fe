"""Intervals: against scipy's bootstrap, by hand, within strata, and each message."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import spatialreg as sr
from spatialreg.disparity import _resampling as resampling
from spatialreg.errors import InputError


def without_each(y, figure):
    return np.array([[figure(np.delete(y, i))] for i in range(len(y))])


@pytest.mark.parametrize("figure", [np.std, np.median, stats.skew])
def test_bca_equals_that_of_scipy_on_its_own_draws(figure):
    y = np.random.default_rng(3).lognormal(0, 1, 25)
    peer = stats.bootstrap((y,), figure, n_resamples=700, rng=5, vectorized=False)
    low, high = resampling.intervals(
        np.array([figure(y)]),
        peer.bootstrap_distribution[:, np.newaxis],
        without_each(y, figure),
        np.zeros(25, dtype=int),
        level=0.95,
        interval="bca",
    )
    assert (low[0], high[0]) == pytest.approx(tuple(peer.confidence_interval), rel=1e-12)


def test_percentile_equals_that_of_scipy():
    y = np.random.default_rng(3).lognormal(0, 1, 25)
    peer = stats.bootstrap((y,), np.std, n_resamples=300, rng=5, method="percentile")
    low, high = resampling.intervals(
        np.array([np.std(y)]),
        peer.bootstrap_distribution[:, np.newaxis],
        np.empty((0, 1)),
        np.zeros(25, dtype=int),
        level=0.95,
        interval="percentile",
    )
    assert (low[0], high[0]) == pytest.approx(tuple(peer.confidence_interval), rel=1e-12)


def test_bca_of_two_strata_equals_that_of_scipy():
    """The acceleration of two samples is that of DiCiccio and Efron (1996), as scipy has it."""
    rng = np.random.default_rng(8)
    a, b = rng.lognormal(0, 1, 12), rng.normal(3, 2, 20)

    def figure(x, y):
        return x.mean() - y.mean()

    peer = stats.bootstrap((a, b), figure, n_resamples=500, rng=1, vectorized=False)
    left_out = [figure(np.delete(a, i), b) for i in range(12)]
    left_out += [figure(a, np.delete(b, i)) for i in range(20)]
    low, high = resampling.intervals(
        np.array([figure(a, b)]),
        peer.bootstrap_distribution[:, np.newaxis],
        np.array(left_out)[:, np.newaxis],
        np.repeat([0, 1], [12, 20]),
        level=0.95,
        interval="bca",
    )
    assert (low[0], high[0]) == pytest.approx(tuple(peer.confidence_interval), rel=1e-9)


def test_the_jackknife_of_a_mean_is_its_textbook_interval():
    y = np.array([2.0, 3.0, 5.0, 7.0, 11.0])
    low, high = resampling.intervals(
        np.array([y.mean()]),
        np.empty((0, 1)),
        without_each(y, np.mean),
        np.zeros(5, dtype=int),
        level=0.9,
        interval="jackknife",
    )
    half = stats.t.ppf(0.95, 4) * y.std(ddof=1) / np.sqrt(5)
    assert (low[0], high[0]) == pytest.approx((y.mean() - half, y.mean() + half))


def test_a_region_that_takes_no_part_in_a_figure_is_no_observation_of_it():
    left_out = without_each(np.array([2.0, 3.0, 5.0, 7.0]), np.mean)
    holes = np.concatenate([left_out, [[np.nan]]])
    for interval in ("jackknife", "bca"):
        pairs = [
            resampling.intervals(
                np.array([4.25]),
                np.linspace(3, 5, 101)[:, np.newaxis],
                figures,
                np.zeros(len(figures), dtype=int),
                level=0.9,
                interval=interval,
            )
            for figures in (left_out, holes)
        ]
        np.testing.assert_allclose(pairs[0], pairs[1])


def test_draws_stay_within_strata_and_blocks_change_nothing():
    strata = np.array([1, 0, 1, 2, 1, 0, 0])
    whole = np.concatenate(list(resampling.draw_counts(strata, 50, 50, np.random.default_rng(1))))
    assert whole.shape == (50, 7)
    for stratum, size in ((0, 3), (1, 3), (2, 1)):
        assert (whole[:, strata == stratum].sum(axis=1) == size).all()
    assert whole[:, [0, 1]].std() > 0
    parts = np.concatenate(list(resampling.draw_counts(strata, 50, 7, np.random.default_rng(1))))
    np.testing.assert_array_equal(parts, whole)


def test_every_region_is_drawn_equally_often():
    counts = next(
        resampling.draw_counts(np.zeros(5, int), 20_000, 20_000, np.random.default_rng(0))
    )
    # the standard error of each mean is sqrt(.8 / 20,000) = .0063
    assert counts.mean(axis=0) == pytest.approx(1, abs=0.026)
    assert counts.var(axis=0) == pytest.approx(0.8, abs=0.04)


@pytest.mark.parametrize("interval", ["bca", "percentile", "jackknife"])
def test_intervals_of_a_panel_hold_the_figure_and_keep_the_strata(panel, interval):
    seed = {} if interval == "jackknife" else {"rng": 1, "replicates": 199}
    arguments = {"per_head": "income", "population": "people", "ci": 0.95, "interval": interval}
    plain = sr.inequality(panel, **arguments, **seed)
    assert (plain["gini_low"] < plain["gini"]).all()
    assert (plain["gini_high"] > plain["gini"]).all()
    within = sr.inequality(panel, **arguments, **seed, strata="zone")
    zones = panel["zone"].xs(2000, level="year")
    by_code = sr.inequality(panel, **arguments, **seed, strata=zones)
    pd.testing.assert_frame_equal(within, by_code)
    assert (within["gini_high"] != plain["gini_high"]).all()
    assert resampling.WORDS[interval] in within.attrs["definition"]
    assert "within zone" in within.attrs["definition"]


def test_bca_covers_more_evenly_than_percentile():
    """Theil L of a lognormal is sigma squared over 2; 200 samples of 60, nominal 0.9."""
    rng = np.random.default_rng(4)
    hits = dict.fromkeys(["bca", "percentile", "jackknife"], 0)
    for seed in range(200):
        y = pd.DataFrame({"y": rng.lognormal(0, 0.6, 60)})
        for interval in hits:
            drawn = {} if interval == "jackknife" else {"replicates": 299, "rng": seed}
            bounds = sr.inequality(
                y, per_head="y", measures=["mld"], ci=0.9, interval=interval, **drawn
            ).iloc[0]
            hits[interval] += bounds["mld_low"] <= 0.18 <= bounds["mld_high"]
    # binomial: the standard error is .021; all fall a little short with so few regions
    assert 0.80 <= hits["bca"] / 200 <= 0.96
    assert 0.78 <= hits["jackknife"] / 200 <= 0.96
    assert hits["bca"] >= hits["percentile"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"interval": "wild"}, "interval must be one of 'bca', 'percentile', 'jackknife'"),
        ({"strata": "zone"}, "strata is used for intervals only: pass ci"),
        ({"ci": 0.9, "interval": "jackknife", "rng": 1}, "rng is not used: the jackknife"),
        ({"ci": 0.9, "interval": "jackknife", "replicates": 9}, "replicates is not used"),
        ({"ci": 0.9, "strata": "region"}, "no column 'region'"),
        ({"ci": 0.9, "strata": "moving"}, "12 regions change theirs: 00, 01"),
        ({"ci": 0.9, "strata": "holes"}, "strata is missing for 1 regions \\(03\\)"),
    ],
)
def test_each_message(panel, arguments, message):
    panel["moving"] = [
        f"{zone}{year}" for zone, (_, year) in zip(panel.zone, panel.index, strict=True)
    ]
    panel["holes"] = panel["zone"].where(panel.index.get_level_values("code") != "03")
    with pytest.raises(InputError, match=message):
        sr.inequality(panel, per_head="income", **arguments)
