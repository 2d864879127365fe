"""Autocorrelation of access over travel times: Moran's I and LISA on graphs of minutes."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.access import access_from_times
from spatialreg.errors import IsolateWarning
from spatialreg.weights import weights_from_times

SIDE = 6


def grid_minutes(fast=False):
    """Times on a grid of 36 towns, 10 minutes a step; with a fast line along the first row."""
    x, y = np.divmod(np.arange(SIDE * SIDE), SIDE)
    labels = [f"t{i:02d}" for i in range(SIDE * SIDE)]
    times = 10.0 * (np.abs(x[:, None] - x) + np.abs(y[:, None] - y))
    if fast:  # to the line, along it at 2 minutes a step, and from it
        along = 10.0 * x[:, None] + 2.0 * np.abs(y[:, None] - y) + 10.0 * x
        times = np.minimum(times, along)
    return pd.DataFrame(times, index=labels, columns=labels)


BEFORE, AFTER = grid_minutes(), grid_minutes(fast=True)


def test_moran_of_access():
    access = access_from_times(BEFORE)
    graph = weights_from_times(BEFORE, cutoff=20)
    found = sr.moran(access, graph, permutations=99, rng=1)
    z = access.to_numpy() - access.mean()
    within = ((BEFORE <= 20) & (BEFORE > 0)).to_numpy(dtype=float)
    w = within / within.sum(axis=1, keepdims=True)
    assert found.statistic == pytest.approx(z @ w @ z / (z @ z))
    assert found.p_value < 0.05


def test_lisa_of_the_change_finds_who_gained():
    change = access_from_times(BEFORE) - access_from_times(AFTER)  # minutes won
    graph = weights_from_times(BEFORE, k=8)
    found = sr.lisa(change, graph, permutations=999, rng=1).frame
    high = found.index[found["cluster"] == "High-High"]
    assert len(high) >= 3
    assert set(high) <= set(BEFORE.index[: 2 * SIDE])  # along the line and beside it
    mixed = change.sample(frac=1, random_state=1)
    again = sr.lisa(mixed, graph, permutations=999, rng=1).frame
    pd.testing.assert_frame_equal(again.loc[change.index], found)


def test_links_that_go_one_way_and_regions_out_of_reach():
    times = BEFORE.copy()
    times.loc["t00", times.columns != "t00"] = np.inf  # t00 can be reached, and reaches nothing
    with pytest.warns(IsolateWarning, match=r"1 of 36 regions reach no other within 10 \(t00\)"):
        graph = weights_from_times(times, cutoff=10)
    access = access_from_times(times, measure="cumulative", threshold=30)
    found = sr.lisa(access, graph, permutations=99, rng=1).frame
    assert found.loc["t00", "cluster"] == "Isolate"
    assert np.isnan(found.loc["t00", "p_value"])
    assert "t00" in graph["t01"].index
    both = weights_from_times(times, cutoff=10, symmetric="min")
    assert not len(both.isolates)
    with pytest.warns(IsolateWarning):
        none = weights_from_times(times, cutoff=10, symmetric="max")
    assert list(none.isolates) == ["t00"]
