"""Sigma convergence: dispersion by hand, the test against scipy, and each message."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import spatialreg as sr
from spatialreg import disparity
from spatialreg.disparity import sigma_convergence
from spatialreg.errors import InputError, MissingDataWarning


def two_years(first, later):
    codes = [f"{i:03d}" for i in range(len(first))]
    return sr.to_panel(
        pd.DataFrame(
            {
                "code": codes * 2,
                "year": [2000] * len(codes) + [2010] * len(codes),
                "y": [*first, *later],
            }
        )
    )


def test_dispersion_by_hand():
    """Logarithms 0, 1, 2, 3 in units of ln 2: variance 5/3; then 1, 1, 2, 2: variance 1/3."""
    result = sigma_convergence(two_years([1, 2, 4, 8], [2, 2, 4, 4]), value="y")
    np.testing.assert_allclose(
        result["sigma"], [np.log(2) * (5 / 3) ** 0.5, np.log(2) * (1 / 3) ** 0.5], rtol=1e-14
    )
    # the index sd_log divides by n = 4, not by 3
    other = disparity.sd_log(pd.Series([2.0, 2, 4, 4], index=list("abcd")))
    assert other == pytest.approx(result.loc[2010, "sigma"] * (3 / 4) ** 0.5, rel=1e-14)
    # means 3.75 and 3; mean squares 85/4 and 10
    np.testing.assert_allclose(result["cv"], [(85 / 4 - 3.75**2) ** 0.5 / 3.75, 1 / 3], rtol=1e-14)
    assert np.isnan(result.loc[2000, "p_value"])
    # sums 1, 2, 4, 5 and differences 1, 0, 0, -1: r = -4 / sqrt(10 x 2), t = 2 sqrt 2, 2 degrees
    assert result.loc[2010, "p_value"] == pytest.approx(2 * stats.t.sf(8**0.5, 2), rel=1e-12)


def test_p_value_is_the_correlation_of_sum_and_difference(panel):
    result = sigma_convergence(panel, value="income")
    logs = np.log(panel["income"]).unstack()
    for year in range(2001, 2005):
        peer = stats.pearsonr(logs[year] + logs[2000], logs[year] - logs[2000]).pvalue
        assert result.loc[year, "p_value"] == pytest.approx(peer, rel=1e-9)
    assert result.attrs["regions"] == 12
    assert "Pitman-Morgan" in result.attrs["definition"]


def test_p_values_are_uniform_where_variances_are_equal():
    rng = np.random.default_rng(1)
    draws = rng.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], size=(300, 31))
    p = [
        sigma_convergence(two_years(*np.exp(pair.T)), value="y").loc[2010, "p_value"]
        for pair in draws
    ]
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_proportional_growth_leaves_dispersion_as_it_was():
    result = sigma_convergence(two_years([1, 2, 4, 8], [3, 6, 12, 24]), value="y")
    assert result["sigma"].iloc[1] == pytest.approx(result["sigma"].iloc[0], rel=1e-14)
    assert result.loc[2010, "p_value"] == 1


def test_the_same_year_twice_and_an_exact_image():
    assert sigma_convergence(two_years([1, 2, 4], [1, 2, 4]), value="y").loc[2010, "p_value"] == 1
    halved = sigma_convergence(two_years([1, 4, 16], [1, 2, 4]), value="y")
    assert 0 < halved.loc[2010, "p_value"] < 1e-6


def test_rows_in_any_order(panel):
    mixed = panel.sample(frac=1, random_state=4)
    before = mixed.copy()
    pd.testing.assert_frame_equal(
        sigma_convergence(mixed, value="income"), sigma_convergence(panel, value="income")
    )
    pd.testing.assert_frame_equal(mixed, before)


def test_regions_that_lack_a_year_are_left_out_of_all(panel):
    holes = panel.drop(index=[("03", 2001)])
    holes.loc[("05", 2002), "income"] = np.nan
    with pytest.warns(MissingDataWarning, match="2 of 12 regions lack .* in some year.*03, 05"):
        result = sigma_convergence(holes, value="income")
    expected = sigma_convergence(panel.drop(index=["03", "05"], level="code"), value="income")
    pd.testing.assert_frame_equal(result, expected)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.reset_index(), "levels code and year"),
        (lambda p: p.rename(columns={"income": "wealth"}), "no column 'income'"),
        (lambda p: p.loc[(slice(None), [2000]), :], "one year: convergence compares"),
        (lambda p: p.assign(income=0.0), r"above zero, .* 12 regions \(00, 01"),
        (lambda p: p.assign(income=-1.0), "must be above zero"),
        (lambda p: p.loc[["00", "01"]], "2 regions have 'income' in every year"),
    ],
)
def test_each_message(panel, change, message):
    with pytest.raises(InputError, match=message):
        sigma_convergence(change(panel), value="income")


def years_of(factors):
    """Four regions whose logarithms spread as 0, 1, 2, 3 times a factor by year."""
    frames = [
        pd.DataFrame({"code": list("abcd"), "year": 2000 + t, "y": np.exp(np.arange(4) * f)})
        for t, f in enumerate(factors)
    ]
    return sr.to_panel(pd.concat(frames))


def test_trend_by_hand():
    """Factors 4, 3, 3, 2 times sqrt(5/3): slope -0.6, residuals 0.1, -0.3, 0.3, -0.1."""
    trend = sigma_convergence(years_of([4, 3, 3, 2]), value="y").attrs["trend"]
    unit = (5 / 3) ** 0.5
    assert trend["slope"] == pytest.approx(-0.6 * unit, rel=1e-10)
    assert (trend["lags"], trend["dof"]) == (1, 2)
    # scores x e, the year centred as -1.5, -.5, .5, 1.5: -.15, .15, .15, -.15; squares .09;
    # products of neighbours -.0225, .0225, -.0225, weighed 2 x 1/2; over 5 squared, times 4 / 2
    variance = (0.09 - 0.0225) / 25 * 2
    # the constant takes no part, as the year is centred, in the slope's row of the inverse
    assert trend["std_error"] == pytest.approx(variance**0.5 * unit, rel=1e-9)
    statistic = -0.6 / variance**0.5
    assert trend["statistic"] == pytest.approx(statistic, rel=1e-9)
    assert trend["p_value"] == pytest.approx(2 * stats.t.sf(-statistic, 2), rel=1e-9)


def test_a_dispersion_that_stays_and_one_that_falls_in_a_line():
    still = sigma_convergence(years_of([2, 2, 2, 2, 2]), value="y").attrs["trend"]
    assert (still["slope"], still["p_value"]) == (0, 1)
    line = sigma_convergence(years_of([5, 4, 3, 2, 1]), value="y").attrs["trend"]
    assert line["slope"] == pytest.approx(-((5 / 3) ** 0.5), rel=1e-12)
    assert 0 < line["p_value"] < 1e-6


def test_three_years_have_no_trend():
    assert sigma_convergence(years_of([3, 2, 1]), value="y").attrs["trend"] is None
