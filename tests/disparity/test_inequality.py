"""Measures of one year: values by hand, limits, labels, and each message of the validator."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning, TotalsWarning

MEASURES = {
    "gini": disparity.gini,
    "theil": disparity.theil,
    "mld": disparity.mld,
    "cv": disparity.cv,
    "hoover": disparity.hoover,
    "palma": disparity.palma,
    "sd_log": disparity.sd_log,
    "max_min": disparity.max_min_ratio,
    "quantile_ratio": disparity.quantile_ratio,
    "ge": lambda y, population=None: disparity.ge(y, 2, population=population),
    "ge -1": lambda y, population=None: disparity.ge(y, -1, population=population),
    "ge 0.3": lambda y, population=None: disparity.ge(y, 0.3, population=population),
    "atkinson": lambda y, population=None: disparity.atkinson(y, 0.5, population=population),
    "atkinson 2": lambda y, population=None: disparity.atkinson(y, 2, population=population),
}
RATIOS = ("palma", "max_min", "quantile_ratio")
NEEDS_POSITIVE = ("mld", "sd_log", "ge -1", "atkinson 2")


def series(*values):
    return pd.Series([float(v) for v in values], index=list("abcdefghij")[: len(values)])


def test_values_by_hand():
    """Two regions with 1 and 3; shares 1/4 and 3/4, mean 2."""
    y = series(1, 3)
    assert disparity.gini(y) == 0.25  # mean difference over all pairs 1, over twice the mean 4
    assert disparity.theil(y) == pytest.approx(0.25 * np.log(0.5) + 0.75 * np.log(1.5), rel=1e-14)
    assert disparity.mld(y) == pytest.approx(-(np.log(0.5) + np.log(1.5)) / 2, rel=1e-14)
    assert disparity.cv(y) == 0.5  # deviations of 1, mean 2; ddof = 0
    assert disparity.hoover(y) == 0.25  # 1 of 4 moves
    assert disparity.ge(y, 2) == 0.125  # half of cv squared
    # mean of z^-1 is (2 + 2/3) / 2 = 4/3, less 1, over (-1)(-2)
    assert disparity.ge(y, -1) == pytest.approx(1 / 6, rel=1e-14)
    assert disparity.atkinson(y, 2) == pytest.approx(1 - 1.5 / 2, rel=1e-14)  # harmonic mean 3/2
    assert disparity.atkinson(y, 1) == pytest.approx(1 - np.sqrt(3) / 2, rel=1e-14)  # geometric
    # power mean of order 1/2 is ((1 + sqrt 3) / 2)^2
    assert disparity.atkinson(y, 0.5) == pytest.approx(1 - ((1 + 3**0.5) / 2) ** 2 / 2, rel=1e-13)


def test_palma_splits_the_region_across_the_cut():
    # shares of people 0.5, 0.3, 0.2; the bottom 0.4 lies in the first, the top 0.1 in the last
    people = pd.Series([5, 3, 2], index=list("abc"))
    assert disparity.palma(series(1, 2, 6), population=people) == pytest.approx(0.6 / 0.4)
    # ten regions: the richest over the four poorest
    assert disparity.palma(series(*range(1, 11))) == pytest.approx(10 / (1 + 2 + 3 + 4))
    # bottom 0.4 = all of the first (0.3) and a third of the second
    people = pd.Series([3, 3, 4], index=list("abc"))
    assert disparity.palma(series(1, 2, 6), population=people) == pytest.approx(0.6 / (0.3 + 0.2))


def test_williamsons_coefficient_by_hand():
    # mean (1x3 + 3x1) / 4 = 1.5; variance (0.25x3 + 2.25x1) / 4 = 0.75
    people = pd.Series([3, 1], index=["a", "b"])
    assert disparity.cv(series(1, 3), population=people) == pytest.approx(0.75**0.5 / 1.5)


def test_lorenz_curve_by_hand():
    people = pd.Series([1, 3, 4], index=list("abc"))
    curve = disparity.lorenz(series(4, 2, 0.5), population=people)
    # poorest first: c (4 people, 2 in all), b (3, 6), a (1, 4)
    assert curve["population_share"].tolist() == [0, 0.5, 0.875, 1]
    np.testing.assert_allclose(curve["value_share"], [0, 2 / 12, 8 / 12, 1], rtol=1e-15)


def test_gini_is_twice_the_area_between_lorenz_and_the_diagonal(regions):
    y, people = regions["income"], regions["people"]
    curve = disparity.lorenz(y, population=people)
    area = np.trapezoid(curve["value_share"], curve["population_share"])
    assert disparity.gini(y, population=people) == pytest.approx(1 - 2 * area, rel=1e-12)


def test_hoover_is_the_largest_gap_between_lorenz_and_the_diagonal(regions):
    curve = disparity.lorenz(regions["income"], population=regions["people"])
    gap = (curve["population_share"] - curve["value_share"]).max()
    assert disparity.hoover(regions["income"], population=regions["people"]) == pytest.approx(gap)


@pytest.mark.parametrize("name", [n for n in MEASURES if n not in RATIOS])
def test_equality_is_zero(name):
    y = series(*[0.1 + 0.2] * 7)
    people = pd.Series([3, 1, 4, 1, 5, 9, 2], index=y.index)
    assert MEASURES[name](y, population=people) == pytest.approx(0, abs=1e-15)
    assert MEASURES[name](y) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("name", "expected"), [("palma", 0.25), ("max_min", 1), ("quantile_ratio", 1)]
)
def test_ratios_of_equals(name, expected):
    assert MEASURES[name](series(*[3] * 7)) == pytest.approx(expected, rel=1e-14)


def test_ratios_by_hand():
    y = series(8, 1, 4, 2, 5)
    assert disparity.max_min_ratio(y) == 8
    # of 1, 2, 4, 5, 8 the last tenth begins in 8 and the first ends in 1
    assert disparity.quantile_ratio(y) == 8
    # the shares .8 and .4 are reached on a border: the means of 5 and 8, and of 2 and 4
    assert disparity.quantile_ratio(y, 0.8, 0.4) == pytest.approx(6.5 / 3)
    # people 1, 5, 1, 2, 1 in that order: half of all have 1, so that .5 is the border to 2
    people = pd.Series([1, 5, 1, 2, 1], index=y.index)
    assert disparity.quantile_ratio(y, 0.95, 0.5, population=people) == pytest.approx(8 / 1.5)
    assert disparity.max_min_ratio(y, population=people.where(people < 5, 0)) == 4


def test_one_region_is_equal_to_itself():
    assert disparity.gini(series(5)) == 0
    assert disparity.theil(series(5)) == 0


@pytest.mark.parametrize("name", ["gini", "theil", "cv", "hoover", "ge", "ge 0.3", "atkinson"])
def test_zero_values_are_inside_the_domain(name):
    assert MEASURES[name](series(0, 1, 2)) > 0


def test_all_in_one_region_reaches_the_upper_bounds():
    y = series(0, 0, 0, 8)
    assert disparity.gini(y) == 0.75  # 1 - 1/n
    assert disparity.theil(y) == pytest.approx(np.log(4), rel=1e-15)
    assert disparity.hoover(y) == 0.75
    assert disparity.cv(y) == pytest.approx(3**0.5)  # sqrt(n - 1)
    assert disparity.palma(y) == np.inf


@pytest.mark.parametrize("name", NEEDS_POSITIVE)
def test_zero_values_raise_where_a_logarithm_is_taken(name):
    with pytest.raises(InputError, match=r"zero at 1 rows \(b\): make them NaN.*Gini or Theil T"):
        MEASURES[name](series(1, 0, 2))


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("step", [1e-6, 1e-9, -1e-9])
def test_generalised_entropy_is_continuous_at_t_and_l(regions, order, step):
    y = regions["income"]
    limit = (disparity.mld, disparity.theil)[order](y)
    assert disparity.ge(y, order + step) == pytest.approx(limit, rel=5e-6)
    assert disparity.ge(y, order) == limit


def test_atkinson_is_generalised_entropy_in_other_units(regions):
    y = regions["income"]
    for epsilon in (0.3, 0.999999, 1.5, 3.0):
        alpha = 1 - epsilon
        entropy = disparity.ge(y, alpha)
        expected = 1 - (1 + alpha * (alpha - 1) * entropy) ** (1 / alpha)
        assert disparity.atkinson(y, epsilon) == pytest.approx(expected, rel=1e-8)
    assert disparity.atkinson(y, 1) == pytest.approx(1 - np.exp(-disparity.mld(y)), rel=1e-14)


@pytest.mark.parametrize("name", MEASURES)
def test_labels_decide_and_inputs_stay(regions, name):
    y, people = regions["income"], regions["people"]
    mixed_y, mixed_people = y.sample(frac=1, random_state=1), people.sample(frac=1, random_state=2)
    frozen = mixed_y.copy(), mixed_people.copy()
    assert MEASURES[name](mixed_y, population=mixed_people) == MEASURES[name](y, population=people)
    pd.testing.assert_series_equal(mixed_y, frozen[0])
    pd.testing.assert_series_equal(mixed_people, frozen[1])
    assert isinstance(MEASURES[name](y), float)


@pytest.mark.parametrize("name", MEASURES)
def test_equal_weights_are_no_weights(regions, name):
    y = regions["income"]
    equal = pd.Series(250.0, index=y.index)
    assert MEASURES[name](y, population=equal) == pytest.approx(MEASURES[name](y), rel=1e-13)


@pytest.mark.parametrize("name", MEASURES)
def test_a_region_without_people_has_no_influence(regions, name):
    y = pd.concat([regions["income"], pd.Series([0.0], index=["z"])])
    people = pd.concat([regions["people"], pd.Series([0], index=["z"])])
    expected = MEASURES[name](regions["income"], population=regions["people"])
    assert MEASURES[name](y, population=people) == expected


@pytest.mark.parametrize("name", MEASURES)
def test_missing_values_are_left_out_and_named(regions, name):
    y, people = regions["income"].copy(), regions["people"].astype(float)
    y["b"], people["e"] = np.nan, np.nan
    rest = ["a", "c", "d", "f"]
    expected = MEASURES[name](regions["income"][rest], population=regions["people"][rest])
    with pytest.warns(MissingDataWarning, match=r"2 of 6 rows have no y or population .* b, e"):
        assert MEASURES[name](y, population=people) == expected


def test_the_warning_points_at_the_caller():
    with pytest.warns(MissingDataWarning) as caught:
        disparity.gini(series(1, np.nan, 2))
    assert caught[0].filename == __file__


Y = series(1, 2, 3)


@pytest.mark.parametrize(
    ("y", "population", "error", "message"),
    [
        (np.array([1.0, 2.0]), None, InputError, "y must be a pandas Series labelled by region"),
        (pd.Series([1, 2], index=["a", "a"]), None, AlignmentError, r"more than once \(a\)"),
        (pd.Series(["x", "2"], index=["a", "b"]), None, InputError, "y must be numeric.*at a"),
        (series(1, np.inf), None, InputError, "1 infinite values, at b"),
        (series(1, -2, 3), None, InputError, "y must not be negative; 1 values are, at b"),
        (Y, series(1, -2, 3), InputError, "population must not be negative; 1 values are, at b"),
        (Y, series(1, 2), AlignmentError, r"population lacks 1 of the 3 regions of y \(c\)"),
        (Y, series(1, 2, 3, 4), AlignmentError, r"population has 1 regions that y lacks \(d\)"),
        (Y, [1, 2, 3], InputError, "population must be a pandas Series"),
        (Y, series(0, 0, 0), InputError, "no region with a value and people"),
        (series(), None, InputError, "no region with a value and people"),
        (series(0, 0), None, InputError, "mean of 0 is undefined"),
        (
            pd.Series(
                [1.0, 2.0],
                index=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)], names=["code", "year"]),
            ),
            None,
            InputError,
            r"y is a panel .*spatialreg.inequality",
        ),
    ],
)
def test_each_message(y, population, error, message):
    with pytest.raises(error, match=message):
        disparity.gini(y, population=population)


def test_all_missing_warns_and_raises():
    with (
        pytest.warns(MissingDataWarning, match="2 of 2 rows"),
        pytest.raises(InputError, match="no region with a value"),
    ):
        disparity.theil(series(np.nan, np.nan))


def test_parameters_outside_their_range():
    with pytest.raises(InputError, match="epsilon must be a finite number above 0"):
        disparity.atkinson(Y, 0)
    with pytest.raises(InputError, match="epsilon must be a finite number above 0"):
        disparity.atkinson(Y, np.nan)
    with pytest.raises(InputError, match="alpha must be a finite number"):
        disparity.ge(Y, np.inf)


@pytest.mark.parametrize("column", ["gdp_100m_yuan", "budget_expenditure_100m"])
def test_totals_in_place_of_values_per_head_are_seen(column):
    panel = sr.datasets.provincial_panel()
    one = panel.xs(2010, level="year")
    message = r"y looks like totals: .* population at 0\.9\d over 31 rows"
    with pytest.warns(TotalsWarning, match=message):
        disparity.gini(one[column], population=one["population_10k"])
    with pytest.warns(TotalsWarning, match=f"column '{column}' looks like totals"):
        sr.inequality(panel.dropna(subset=column), per_head=column, population="population_10k")
    with pytest.warns(TotalsWarning):
        sr.decompose_theil(
            one.assign(all="c"), per_head=column, population="population_10k", by="all"
        )


def test_values_per_head_of_a_growing_country_are_not_taken_for_totals():
    """Population and output per head both grow from year to year; within years they do not."""
    panel = sr.datasets.provincial_panel()
    panel["people"] = panel["population_10k"] * 1.05 ** (
        panel.index.get_level_values("year") - 2000
    )
    sr.inequality(panel, per_head="gdp_per_head_yuan", population="people")


def test_values_that_rise_faster_than_people_are_no_totals():
    """A rich region may have a few more people than a poor one all along a line."""
    people = pd.Series(100.0 + np.arange(30))
    disparity.gini(pd.Series(np.exp(np.arange(30) / 10)), population=people)


def test_few_regions_are_no_proof_of_totals():
    y = pd.Series([1.0, 2.0, 3.0], index=list("abc"))
    disparity.gini(y, population=y * 10)


def test_quantiles_out_of_order_raise():
    y = pd.Series([1.0, 2.0, 3.0], index=list("abc"))
    for upper, lower in ((0.1, 0.9), (90, 10), (0.5, 0.5), (1, 0.1)):
        with pytest.raises(InputError, match="the upper first, for example"):
            disparity.quantile_ratio(y, upper, lower)
