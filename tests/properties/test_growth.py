"""What must hold for any growth: the speed comes back, whatever the periods and units."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.disparity import sigma_convergence
from spatialreg.disparity._convergence._speed import speed_of
from spatialreg.errors import InputError

speeds = st.floats(-0.05, 0.3)
logs = st.lists(st.floats(-3, 3), min_size=3, max_size=12, unique=True)


def panel_of(start, speed, years, trend=0.02):
    """Regions whose distance from a common path shrinks at a constant speed."""
    start = np.asarray(start)
    frames = [
        pd.DataFrame(
            {
                "code": [f"{i:02d}" for i in range(len(start))],
                "year": 1900 + t,
                "income": np.exp(1 + trend * t + start * np.exp(-speed * t)),
            }
        )
        for t in years
    ]
    return sr.to_panel(pd.concat(frames))


@given(speed=speeds, years=st.integers(1, 80), start=logs)
@settings(max_examples=150, deadline=None)
def test_the_speed_comes_back_for_any_length_of_period(speed, years, start):
    assume(np.std(start) > 0.1 and np.ptp(start) > 0.5)
    result = sr.beta_convergence(panel_of(start, speed, [0, years]), value="income")
    # what is left of the gap, exp(-speed T), is all the data have of the speed
    tolerance = 1e-11 * np.exp(max(speed, 0) * years) + 1e-12 / years
    assert result.speed == pytest.approx(speed, abs=tolerance)
    if speed > 1e-3 and tolerance < 1e-4 * speed:
        assert result.half_life == pytest.approx(np.log(2) / speed, rel=2 * tolerance / speed)
        # a gap of which half is left after the half-life
        assert np.exp(-result.speed * result.half_life) == pytest.approx(0.5, rel=1e-12)
    elif speed < -1e-6:
        assert np.isnan(result.half_life) and "diverging" in result.note


@given(speed=st.floats(0.005, 0.1), step=st.sampled_from([1, 2, 3, 4, 6, 12]), start=logs)
@settings(max_examples=40, deadline=None)
def test_the_speed_does_not_depend_on_how_a_time_is_cut_into_periods(speed, step, start):
    assume(np.std(start) > 0.1 and np.ptp(start) > 0.5)
    panel = panel_of(start, speed, range(13))
    result = sr.beta_convergence(panel, value="income", step=step, effects="year" if step < 12
                                 else None)  # fmt: skip
    assert result.speed == pytest.approx(speed, rel=1e-8)


@given(
    coefficient=st.floats(-0.2, 0.1),
    error=st.floats(1e-6, 0.1),
    years=st.integers(1, 80),
    quantile=st.floats(1, 3),
)
@settings(max_examples=300, deadline=None)
def test_no_nonsense_number(coefficient, error, years, quantile):
    speed = speed_of(coefficient, error, years, quantile)
    assert speed.note
    if 1 + coefficient * years <= 0:
        assert np.isnan([speed.speed, speed.half_life, speed.half_life_high]).all()
        return
    assert speed.speed_low <= speed.speed <= speed.speed_high
    assert np.sign(speed.speed) == -np.sign(coefficient)
    # growth that the speed implies is the growth that was put in
    assert -np.expm1(-speed.speed * years) / years == pytest.approx(-coefficient, rel=1e-9)
    if coefficient < 0:
        assert 0 < speed.half_life_low <= speed.half_life <= speed.half_life_high
        assert (speed.half_life_high == np.inf) == (speed.speed_low <= 0)
    step = 1e-6 * (1 / years + coefficient)
    if speed.speed > 0:
        near = speed_of(coefficient + step, error, years, quantile)
        slope = abs(near.speed - speed.speed) / step
        assert speed.speed_std_error == pytest.approx(slope * error, rel=1e-4)


@given(seed=st.integers(0, 10**6), factor=st.floats(1e-3, 1e3))
@settings(max_examples=15, deadline=None)
def test_the_unit_of_value_moves_the_constant_only(seed, factor):
    rng = np.random.default_rng(seed)
    panel = panel_of(rng.normal(size=15), 0.02, range(0, 21, 5))
    panel["income"] *= np.exp(rng.normal(0, 0.1, len(panel)))
    focal = np.repeat(np.arange(15), 3)
    neighbor = (focal + np.tile([1, 2, 5], 15)) % 15
    codes = np.array([f"{i:02d}" for i in range(15)])
    graph = Graph.from_arrays(codes[focal], codes[neighbor], np.ones(45)).transform("r")
    other = panel.assign(income=panel["income"] * factor)
    for model in ("ols", "lag", "error"):
        arguments = {"value": "income", "step": 5, "graph": graph, "model": model}
        try:
            first = sr.beta_convergence(panel, **arguments)
        except InputError:  # the likelihood has no highest point, in any unit
            with pytest.raises(InputError, match="highest at the edge"):
                sr.beta_convergence(other, **arguments)
            continue
        second = sr.beta_convergence(other, **arguments)
        rows = first.frame.index.drop("constant")
        # the top of a likelihood is flat: in floats its place is known to sqrt(2 eps |log L|)
        # standard errors, here some 5e-8
        np.testing.assert_allclose(
            second.frame.loc[rows, ["estimate", "std_error"]],
            first.frame.loc[rows, ["estimate", "std_error"]],
            rtol=1e-5, atol=1e-7,
        )  # fmt: skip
        assert second.log_likelihood == pytest.approx(first.log_likelihood, rel=1e-8)


@given(seed=st.integers(0, 10**6), factor=st.floats(0.1, 10), speed=st.floats(0.01, 0.1))
@settings(max_examples=25, deadline=None)
def test_the_trend_of_dispersion_scales_with_logarithms_and_not_with_the_unit(seed, factor, speed):
    rng = np.random.default_rng(seed)
    panel = panel_of(rng.normal(size=8), speed, range(10))
    panel["income"] *= np.exp(rng.normal(0, 0.05, len(panel)))
    first = sigma_convergence(panel, value="income").attrs["trend"]
    unit = sigma_convergence(panel.assign(income=panel["income"] * factor), value="income")
    power = sigma_convergence(panel.assign(income=panel["income"] ** factor), value="income")
    assert unit.attrs["trend"]["slope"] == pytest.approx(first["slope"], rel=1e-8)
    assert power.attrs["trend"]["slope"] == pytest.approx(factor * first["slope"], rel=1e-8)
    assert power.attrs["trend"]["statistic"] == pytest.approx(first["statistic"], rel=1e-7)
