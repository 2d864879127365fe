"""Turning points of a trend: found where they are, not where there are none, and each message."""

import numpy as np
import pandas as pd
import pytest

from spatialreg.disparity import trend_breaks
from spatialreg.errors import InputError


def series(slopes, points, years, noise=0.0, seed=0, rho=0.0):
    time = np.arange(years)
    y = np.zeros(years)
    for slope, point in zip(slopes, [0, *points], strict=True):
        y += slope * np.clip(time - point, 0, None)
    rng = np.random.default_rng(seed)
    error = rng.standard_normal(years + 20)
    for t in range(1, years + 20):
        error[t] += rho * error[t - 1]
    return pd.Series(np.exp(y + noise * error[20:]), index=1990 + time, name="gini")


def test_two_turning_points_that_one_alone_would_not_show():
    """Fell, stood, fell: the test of one against none sees nothing, the whole search does."""
    gap = series([-0.03, 0.03, -0.03], [10, 20], 30, noise=0.004)
    found = trend_breaks(gap, max_breaks=2, rng=1)
    assert len(found.years) == 2
    assert found.years == pytest.approx((2000, 2010), abs=1)
    slopes = found.frame["slope"].tolist()
    assert slopes == pytest.approx([-0.03, 0, -0.03], abs=0.003)
    assert found.frame["start"].tolist() == [1990, *found.years]
    assert found.frame["end"].tolist() == [*found.years, 2019]


def test_the_fit_is_least_squares_over_all_sets_of_points():
    """Brute force with numpy's lstsq, for one turning point."""
    gap = series([0.02, -0.05], [9], 24, noise=0.02, seed=3)
    found = trend_breaks(gap, max_breaks=1, min_years=3, alpha=0.999, rng=0)
    y, years = np.log(gap.to_numpy()), gap.index.to_numpy()
    errors = {}
    for point in years[3:-3]:
        design = np.column_stack([np.ones(24), years - 1990, np.clip(years - point, 0, None)])
        solution, *_ = np.linalg.lstsq(design, y)
        errors[point] = (((y - design @ solution) ** 2).sum(), design @ solution)
    best = min(errors, key=lambda point: errors[point][0])
    assert found.years == (best,)
    np.testing.assert_allclose(np.log(found.fitted), errors[best][1], rtol=1e-9)
    line = np.polyval(np.polyfit(years - 1990, y, 1), years - 1990)
    gain = (((y - line) ** 2).sum() - errors[best][0]) / (errors[best][0] / (24 - 4))
    assert found.tests["statistic"].iloc[0] == pytest.approx(gain, rel=1e-8)


@pytest.mark.parametrize(("rho", "most"), [(0.0, 0.10), (0.5, 0.12)])
def test_unbroken_trends_are_rarely_broken(rho, most):
    """60 series of 20 years; .05 plus two binomial standard errors and a little."""
    hits = sum(
        bool(
            trend_breaks(
                series([-0.02], [], 20, noise=0.02, seed=seed, rho=rho), replicates=99, rng=seed,
                max_breaks=2,
            ).years
        )
        for seed in range(60)
    )  # fmt: skip
    assert hits / 60 <= most


def test_an_exact_line_has_no_turning_point_and_its_slope():
    found = trend_breaks(series([-0.02], [], 15), rng=0)
    assert found.years == ()
    assert found.frame["slope"].tolist() == pytest.approx([-0.02])
    assert found.autocorrelation == 0


def test_levels_and_any_order_of_rows():
    gap = 3 * series([0.01, -0.03], [8], 20, noise=0.003)
    found = trend_breaks(gap, rng=2)
    mixed = trend_breaks(gap.sample(frac=1, random_state=1), rng=2)
    pd.testing.assert_frame_equal(mixed.tests, found.tests)
    pd.testing.assert_series_equal(mixed.fitted, found.fitted)
    level = trend_breaks(gap - 5, log=False, rng=2)  # negative values are no hindrance
    assert level.fitted.between((gap - 5).min() - 0.2, (gap - 5).max() + 0.2).all()


def test_stretches_are_as_long_as_asked():
    gap = series([0.04, -0.08, 0.08], [5, 8], 20, noise=0.001)
    for least in (3, 6):
        years = trend_breaks(gap, max_breaks=2, min_years=least, rng=0).years
        assert all(np.diff([1990, *years, 2009]) >= least)


def test_the_number_of_points_is_set_by_the_length():
    for years, most in ((11, 1), (16, 2), (17, 3)):
        found = trend_breaks(
            series([-0.02], [], years, noise=0.01), min_years=3, rng=0, replicates=9
        )
        assert f"at most {most} turning points" in found.definition


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        (lambda s: s.rename(index=str), {}, "indexed by whole years"),
        (lambda s: s.mask(s.index == 1995), {}, "no value in 1995: take a span"),
        (lambda s: s.drop(index=1995), {}, "years are missing before 1996"),
        (lambda s: s.iloc[:8], {}, "has 8 years; at least 9"),
        (lambda s: s - s.iloc[0], {}, "needs values above zero; 1990.*log=False"),
        (lambda s: s, {"max_breaks": 4}, "max_breaks must be 1, 2 or 3, not 4"),
        (lambda s: s, {"min_years": 1}, "min_years must be 2 or more, not 1"),
        (lambda s: s, {"alpha": 5}, "alpha must lie between 0 and 1"),
        (lambda s: s, {"replicates": 0}, "replicates must be at least 1"),
        (lambda s: s.to_frame(), {}, "must be a pandas Series"),
    ],
)
def test_each_message(change, arguments, message):
    with pytest.raises(InputError, match=message):
        trend_breaks(change(series([0.01], [], 20)), **arguments)
