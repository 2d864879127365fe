"""What must hold for any times: shapes, order, conservation, and agreement with plain loops."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialreg.access import (
    access_from_times,
    access_inequality,
    city_circles,
    cumulative_opportunities,
    exponential,
    floating_catchment,
    gaussian,
    hinterlands,
    linear,
    power,
)
from spatialreg.weights import weights_from_times


@st.composite
def settings_of(draw, square=False):
    """Give times (some infinite), opportunities by destination and people by origin."""
    rows = draw(st.integers(2, 7))
    columns = rows if square else draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 100_000)))
    times = rng.uniform(1, 150, (rows, columns)).round(draw(st.integers(0, 3)))
    times[rng.uniform(size=times.shape) < draw(st.floats(0, 0.6))] = np.inf
    origins = [f"o{i}" for i in range(rows)]
    destinations = origins if square else [f"d{i}" for i in range(columns)]
    mass = rng.integers(0, 50, columns).astype(float)
    mass[rng.integers(columns)] += 1
    people = rng.integers(0, 50, rows).astype(float)
    people[rng.integers(rows)] += 1
    return (
        pd.DataFrame(times, origins, destinations),
        pd.Series(mass, destinations),
        pd.Series(people, origins),
    )


def long(times):
    table = times.rename_axis("origin").reset_index()
    return table.melt(id_vars="origin", var_name="destination", value_name="minutes")


@given(case=settings_of(), half=st.floats(5, 100), limit=st.floats(1, 200))
@settings(max_examples=60, deadline=None)
def test_indicators_are_those_of_plain_loops(case, half, limit):
    times, mass, _ = case
    decay = exponential(half=half)
    potential = access_from_times(times, measure="potential", opportunities=mass, decay=decay)
    near = access_from_times(times, measure="cumulative", opportunities=mass, threshold=limit)
    mean = access_from_times(times, opportunities=mass, unreached="nan")
    for origin, row in times.iterrows():
        reached = {d: t for d, t in row.items() if t < np.inf}
        assert potential[origin] == pytest.approx(
            sum(mass[d] * 0.5 ** (t / half) for d, t in reached.items())
        )
        assert near[origin] == sum(mass[d] for d, t in reached.items() if t <= limit)
        wanted = [d for d in row.index if mass[d] > 0]
        if all(d in reached for d in wanted):
            total = sum(mass[d] for d in wanted)
            assert mean[origin] == pytest.approx(sum(mass[d] * reached[d] for d in wanted) / total)
        else:
            assert np.isnan(mean[origin])


@given(case=settings_of(square=True), seed=st.integers(0, 1000), cuts=st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_blocks_pairs_and_order_do_not_matter(case, seed, cuts):
    times, mass, people = case
    rng = np.random.default_rng(seed)
    mixed = times.iloc[rng.permutation(len(times)), rng.permutation(times.shape[1])]
    for options in (
        {"unreached": "nan"},
        {"measure": "potential", "decay": gaussian(half=40), "own": "leave_out"},
        {"measure": "daily", "threshold": 60.0},
    ):
        expected = access_from_times(times, opportunities=mass, **options)
        for shape in (
            mixed,
            (mixed.iloc[i : i + cuts] for i in range(0, len(mixed), cuts)),
            long(mixed),
            (part for _, part in long(mixed).groupby("origin")),
        ):
            found = access_from_times(shape, opportunities=mass.iloc[::-1], **options)
            pd.testing.assert_series_equal(
                found[times.index], expected, check_index_type=False, rtol=1e-12
            )
    one = floating_catchment(mass, people, times, threshold=60)
    two = floating_catchment(mass, people, long(mixed), threshold=60)
    pd.testing.assert_frame_equal(one.frame, two.frame, rtol=1e-12)
    pd.testing.assert_frame_equal(one.facilities, two.facilities, rtol=1e-12)
    pd.testing.assert_frame_equal(hinterlands(mixed).loc[times.index], hinterlands(times))


@given(case=settings_of(), limit=st.floats(1, 200), method=st.sampled_from(
    ["2sfca", "e2sfca", "3sfca", "huff"]))  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_what_is_allotted_is_the_supply_that_anyone_reaches(case, limit, method):
    times, supply, demand = case
    options = {"threshold": limit} if method == "2sfca" else {"decay": linear(limit)}
    found = floating_catchment(supply, demand, times, method=method, **options)
    assert found.frame["allotted"].sum() == pytest.approx(found.supply_reached)
    reaching = (times < limit) if method != "2sfca" else (times <= limit)
    anyone = reaching.loc[demand > 0].any()
    assert found.supply_reached == pytest.approx(supply[anyone].sum())
    assert found.mean_access == pytest.approx(found.supply_reached / demand.sum())


@given(case=settings_of(), limit=st.floats(1, 200))
@settings(max_examples=60, deadline=None)
def test_balanced_catchments_count_each_person_once(case, limit):
    times, supply, demand = case
    found = floating_catchment(supply, demand, times, method="bfca", decay=linear(limit))
    served = demand[(times < limit).any(axis=1)].sum()
    assert found.facilities["claimed"].sum() == pytest.approx(served)
    assert found.frame["access"].sum() == pytest.approx(found.facilities["ratio"].sum())
    loss = floating_catchment(supply, demand, times, method="m2sfca", decay=linear(limit))
    assert loss.frame["allotted"].sum() <= supply.sum() * (1 + 1e-12)


@given(case=settings_of(), factor=st.floats(0.1, 10))
@settings(max_examples=40, deadline=None)
def test_units(case, factor):
    times, mass, people = case
    one = access_from_times(times, opportunities=mass, unreached="nan")
    scaled = access_from_times(times * factor, opportunities=mass * 3, unreached="nan")
    np.testing.assert_allclose(scaled, one * factor)
    power_one = access_from_times(times, measure="potential", opportunities=mass, decay=power(2))
    power_two = access_from_times(
        times * factor, measure="potential", opportunities=mass * 3, decay=power(2)
    )
    np.testing.assert_allclose(power_two, power_one * 3 / factor**2)
    access = floating_catchment(mass, people, times, threshold=60).frame["access"]
    more = floating_catchment(mass * 2, people * 4, times * factor, threshold=60 * factor)
    if not (np.isclose(times, 60) & (times != 60)).to_numpy().any():
        np.testing.assert_allclose(more.frame["access"], access / 2)


@given(case=settings_of())
@settings(max_examples=40, deadline=None)
def test_a_longer_limit_reaches_no_less_and_rings_hold_everyone(case):
    times, mass, people = case
    table = cumulative_opportunities(times, thresholds=[30, 60, np.inf], opportunities=mass)
    assert (table.diff(axis=1).iloc[:, 1:] >= 0).to_numpy().all()
    circles = city_circles(times, list(times.columns), population=people)
    sums = circles.groupby("city")[["regions", "population"]].sum()
    assert (sums["regions"] == len(times)).all()
    np.testing.assert_allclose(sums["population"], people.sum())


@given(case=settings_of(), factor=st.floats(0.1, 10))
@settings(max_examples=30, deadline=None)
def test_inequality_of_access_has_no_unit(case, factor):
    times, _, people = case
    minutes = times.min(axis=1)
    options = {"population": people, "measures": ["gini"]}
    if not np.isfinite(minutes[people > 0]).any():
        return
    one = access_inequality(minutes, unreached="leave_out", **options)
    other = access_inequality(minutes * factor, unreached="leave_out", **options)
    np.testing.assert_allclose(other["gini"], one["gini"], atol=1e-12)
    speed = access_inequality(minutes, of="inverse", **options)
    assert 0 <= speed["gini"].iloc[0] < 1
    assert speed["reached_share"].iloc[0] == pytest.approx(one["reached_share"].iloc[0])


@given(case=settings_of(square=True), how=st.sampled_from(["mean", "min", "max"]))
@settings(max_examples=40, deadline=None)
@pytest.mark.filterwarnings("ignore::spatialreg.errors.IsolateWarning")
def test_weights_both_ways_are_those_of_the_joint_times(case, how):
    times = case[0]
    values = times.to_numpy()
    joint = {
        "mean": (values + values.T) / 2,
        "min": np.minimum(values, values.T),
        "max": np.maximum(values, values.T),
    }[how]
    np.fill_diagonal(joint, np.inf)
    graph = weights_from_times(times, decay="exponential", scale=40, symmetric=how, transform="o")
    np.testing.assert_allclose(graph.sparse.toarray(), np.exp(-joint / 40), atol=1e-15)
