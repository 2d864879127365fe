"""Change between two years: influence functions, the test written out, its level, messages."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import spatialreg as sr
from spatialreg.disparity import _measures, inequality, trend_test
from spatialreg.disparity._inequality._influence import influence, standard_error
from spatialreg.errors import InputError, MissingDataWarning

SMOOTH = [
    "gini", "theil", "mld", "cv", "hoover", "sd_log", "ge(0)", "ge(1)", "ge(2)", "ge(-0.5)",
    "atkinson(0.5)", "atkinson(1)", "atkinson(2)",
]  # fmt: skip


@pytest.mark.parametrize("name", SMOOTH)
def test_influence_is_the_slope_in_the_weight_of_a_region(name):
    rng = np.random.default_rng(5)
    y, w = rng.lognormal(0, 0.7, 9), rng.integers(1, 9, 9).astype(float)
    y[4] = y[2]  # a tie
    measure = _measures.find_measure(name)
    share, step = w / w.sum(), 1e-6
    slopes = []
    for i in range(9):
        point = np.eye(9)[i]
        ahead, behind = ((1 - h) * share + h * point for h in (step, -step))
        slopes.append((measure.kernel(y, ahead) - measure.kernel(y, behind)) / (2 * step))
    values = influence(measure)(y, w)
    np.testing.assert_allclose(values, slopes, rtol=2e-5, atol=1e-7)
    assert share @ values == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", SMOOTH)
def test_standard_error_is_near_that_of_the_jackknife(name):
    y = np.random.default_rng(2).lognormal(0, 0.4, 400)
    w = np.random.default_rng(3).integers(1, 5, 400).astype(float)
    measure = _measures.find_measure(name)
    each = np.array([measure.kernel(np.delete(y, i), np.delete(w, i)) for i in range(400)])
    jackknife = np.sqrt(399 / 400 * ((each - each.mean()) ** 2).sum())
    assert standard_error(influence(measure)(y, w), w) == pytest.approx(jackknife, rel=0.02)


def two_years(first, last, people=None):
    n = len(first)
    frame = pd.DataFrame(
        {
            "code": [f"{i:03d}" for i in range(n)] * 2,
            "year": np.repeat([2000, 2010], n),
            "y": np.concatenate([first, last]),
            "n": np.ones(2 * n) if people is None else np.concatenate(people),
        }
    )
    return sr.to_panel(frame)


def test_p_is_that_of_all_exchanges_written_out():
    """Six regions have 64 exchanges; 9,999 draws of them come near the share of the exact test."""
    rng = np.random.default_rng(0)
    first, last = rng.lognormal(0, 0.6, 6), rng.lognormal(0, 0.4, 6) * 3
    people = rng.integers(1, 9, 6).astype(float), rng.integers(1, 9, 6).astype(float)

    def theil(y, n):
        share = n / n.sum()
        z = y / (share @ y)
        return share @ (z * np.log(z)), n / n.sum() * (
            z * np.log(z) - share @ (z * np.log(z)) * z - z + 1
        )

    def statistic(pairs):
        (y0, n0), (y1, n1) = pairs
        (t0, f0), (t1, f1) = theil(y0, n0), theil(y1, n1)
        return (t1 - t0) / np.sqrt(((f1 - f0) ** 2).sum() * 6 / 5)

    relative = [
        (y / np.average(y, weights=n), n / n.sum())
        for y, n in zip((first, last), people, strict=True)
    ]
    observed = statistic(relative)
    exact = []
    for swap in itertools.product([False, True], repeat=6):
        mixed = [
            tuple(np.where(swap, relative[1 - t][part], relative[t][part]) for part in (0, 1))
            for t in (0, 1)
        ]
        exact.append(statistic(mixed))
    exact = np.array(exact)
    result = trend_test(
        two_years(first, last, people), per_head="y", population="n", measures=["theil"],
        alternative="less", rng=3,
    )  # fmt: skip
    row = result.frame.loc["theil"]
    assert row["statistic"] == pytest.approx(observed, rel=1e-12)
    share = (exact <= observed + 1e-12).mean()
    assert row["p_value"] == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 9999))


@pytest.mark.parametrize("weighted", [False, True])
def test_p_is_uniform_where_years_could_stand_in_either_order(weighted):
    rng = np.random.default_rng(12)
    found = []
    for seed in range(250):
        common = rng.normal(0, 0.5, 15)
        years = [np.exp(common + rng.normal(0, 0.2, 15)) * (1, 4)[t] for t in (0, 1)]
        people = [rng.integers(1, 5, 15) for _ in range(2)]
        result = trend_test(
            two_years(*years, people), per_head="y", population="n" if weighted else None,
            measures=["gini"], permutations=99, replicates=1, rng=seed, alternative="greater",
        )  # fmt: skip
        found.append(result.frame["p_value"].iloc[0])
    # p-values stand on a grid of hundredths; within one they are spread evenly for the test
    even = np.array(found) - rng.random(250) / 100
    assert stats.kstest(even, "uniform").pvalue > 0.01


def test_level_holds_where_only_the_indices_are_equal():
    """First year lognormal, last gamma, with the same Theil T of their population."""
    rng = np.random.default_rng(1)
    shape = 2.0
    # Theil T of a gamma: digamma(k + 1) - ln k; of a lognormal: sigma squared over 2
    sigma = np.sqrt(2 * (_digamma(shape + 1) - np.log(shape)))
    hits = 0
    for seed in range(300):
        panel = two_years(rng.lognormal(0, sigma, 60), rng.gamma(shape, 1, 60))
        result = trend_test(
            panel, per_head="y", measures=["theil"], permutations=199, replicates=1, rng=seed
        )
        hits += result.frame["p_value"].iloc[0] <= 0.1
    # 0.1 +- 3 binomial standard errors of .017, and sixty regions are few for tails so different
    assert 0.05 <= hits / 300 <= 0.17


def _digamma(x):
    from scipy.special import digamma

    return float(digamma(x))


def test_the_frame_has_both_years_and_any_order_of_rows_gives_it(panel):
    names = ["gini", "sd_log", "ge(2)"]
    arguments = {"per_head": "income", "population": "people", "measures": names, "rng": 4}
    arguments |= {"permutations": 299, "replicates": 99}
    result = trend_test(panel, **arguments)
    table = inequality(panel, per_head="income", population="people", measures=names)
    assert result.frame["start"].to_dict() == pytest.approx(table.loc[2000].to_dict())
    assert result.frame["end"].to_dict() == pytest.approx(table.loc[2004].to_dict())
    change = result.frame["end"] - result.frame["start"]
    pd.testing.assert_series_equal(result.frame["change"], change, check_names=False)
    assert (result.frame["low"] < change).all() and (change < result.frame["high"]).all()
    assert (result.start, result.end, result.n, result.missing) == (2000, 2004, 12, 0)
    assert "(people)" in result.definition and "299 permutations" in result.definition
    mixed = panel.sample(frac=1, random_state=2)
    before = mixed.copy()
    pd.testing.assert_frame_equal(trend_test(mixed, **arguments).frame, result.frame)
    pd.testing.assert_frame_equal(mixed, before)


def test_both_measures_see_the_same_draws(panel):
    """GE(2) is half the squared CV, so that its bounds are those of the CV transformed."""
    result = trend_test(
        panel, per_head="income", measures=["mld", "ge(0)"], rng=4, permutations=99, replicates=99
    ).frame
    pd.testing.assert_series_equal(result.loc["mld"], result.loc["ge(0)"], check_names=False)


def test_growth_common_to_all_changes_nothing(panel):
    faster = panel.copy()
    faster.loc[(slice(None), 2004), "income"] *= 7
    arguments = {"per_head": "income", "rng": 4, "permutations": 299, "replicates": 99}
    pd.testing.assert_frame_equal(
        trend_test(faster, **arguments).frame, trend_test(panel, **arguments).frame, rtol=1e-9
    )


def test_equal_years_have_no_change_and_p_one(panel):
    panel.loc[(slice(None), 2004), "income"] = panel["income"].xs(2000, level="year").to_numpy()
    row = trend_test(panel, per_head="income", rng=1, permutations=99, replicates=99).frame
    assert (row["change"].abs() < 1e-12).all()
    assert (row["p_value"] == 1).all()


def test_regions_without_both_years_are_left_out_and_named(panel):
    holes = panel.drop(index=[("03", 2000)])
    holes.loc[("05", 2004), "income"] = np.nan
    holes.loc[("07", 2002), "income"] = np.nan  # a year in between does not matter
    with pytest.warns(MissingDataWarning, match="2 of 12 regions lack .*: 03, 05"):
        result = trend_test(holes, per_head="income", rng=1, permutations=99, replicates=9)
    assert (result.n, result.missing) == (10, 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": 1990}, "start 1990 is not in the panel; its years run from 2000 to 2004"),
        ({"end": 2020}, "end 2020 is not in the panel"),
        ({"start": 2004, "end": 2000}, "start must come before end"),
        ({"measures": ["palma"]}, "'palma' has no standard error without a density"),
        ({"measures": ["max_min"]}, "'max_min' has no standard error"),
        ({"permutations": 0}, "permutations must be at least 1"),
        ({"alternative": "lower"}, "alternative must be one of"),
        ({"ci": 2}, "ci must be a level between 0 and 1"),
        ({"per_head": "wealth"}, "no column 'wealth'"),
    ],
)
def test_each_message(panel, arguments, message):
    with pytest.raises(InputError, match=message):
        trend_test(panel, **({"per_head": "income"} | arguments))


def test_too_few_regions_or_years(panel):
    few = panel[panel.index.get_level_values("code").isin(["00", "01", "02", "03"])]
    with pytest.raises(InputError, match=r"4 regions have 'income' .* at least five"):
        trend_test(few, per_head="income")
    with pytest.raises(InputError, match="one year"):
        trend_test(panel.xs(2000, level="year", drop_level=False), per_head="income")
