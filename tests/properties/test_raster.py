"""What must hold of any raster: parts add up, tiles change nothing, no way is quicker."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely import box

from spatialreg.raster import Raster, rasterize_column, travel_time_surface, zonal_stats

shape = st.tuples(st.integers(1, 14), st.integers(1, 14))
pace = st.one_of(st.floats(1e-3, 1e2), st.just(0.5), st.just(np.inf))
sides = st.tuples(st.floats(0.5, 3), st.floats(0.5, 3))
share = st.floats(0.05, 0.95)


@st.composite
def journeys(draw):
    """Give friction with at least one open cell, and sources on open cells."""
    values = draw(arrays(float, draw(shape), elements=pace))
    values.flat[draw(st.integers(0, values.size - 1))] = 1.0
    cells = np.argwhere(np.isfinite(values))
    picked = draw(st.lists(st.integers(0, len(cells) - 1), min_size=1, max_size=4))
    wide, high = draw(sides)
    return Raster(values, (wide, 0, 5e5, 0, -high, 4e6), 32650), cells[picked]


def by_scipy(friction, sources):
    """Give the minutes by scipy's Dijkstra on the graph of all moves between neighbours."""
    values = friction.values
    wide, high = friction.resolution
    rows, columns = values.shape
    place = np.arange(values.size).reshape(values.shape)
    tails, heads, costs = [], [], []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here = place[: rows - down, max(0, -right) : columns - max(0, right)]
        there = place[down:, max(0, right) : columns + min(0, right)]
        length = np.hypot(down * high, right * wide)
        cost = length * (values.flat[here] + values.flat[there]) / 2
        passable = np.isfinite(cost)
        tails.append(here[passable])
        heads.append(there[passable])
        costs.append(cost[passable])
    graph = coo_array(
        (np.concatenate(costs), (np.concatenate(tails), np.concatenate(heads))),
        shape=(values.size, values.size),
    ).tocsr()
    starts = place[tuple(sources.T)]
    return dijkstra(graph, directed=False, indices=np.unique(starts), min_only=True)


@given(journeys())
@settings(max_examples=60, deadline=None)
def test_the_quickest_way_is_that_of_dijkstra(journey):
    friction, sources = journey
    found = travel_time_surface(friction, sources)
    expected = by_scipy(friction, sources).reshape(friction.shape)
    np.testing.assert_allclose(found.values, expected, rtol=1e-6)


@given(journeys(), st.floats(0.1, 50))
@settings(max_examples=40, deadline=None)
def test_tiles_change_nothing(journey, cutoff):
    friction, sources = journey
    whole = travel_time_surface(friction, sources, cutoff=cutoff, paths=True)
    tiled = travel_time_surface(friction, sources, cutoff=cutoff, paths=True, tile=8)
    np.testing.assert_array_equal(whole.values, tiled.values)
    np.testing.assert_array_equal(whole.nearest.values, tiled.nearest.values)
    np.testing.assert_array_equal(whole.back.values, tiled.back.values)


@given(journeys())
@settings(max_examples=40, deadline=None)
def test_there_and_back_take_the_same_time(journey):
    friction, sources = journey
    other = np.argwhere(np.isfinite(friction.values))[0]
    there = travel_time_surface(friction, sources[:1]).values[tuple(other)]
    back = travel_time_surface(friction, other[None]).values[tuple(sources[0])]
    np.testing.assert_allclose(there, back, rtol=1e-6)


@given(journeys())
@settings(max_examples=40, deadline=None)
def test_more_sources_are_never_further(journey):
    friction, sources = journey
    one = travel_time_surface(friction, sources[:1]).values
    assert (travel_time_surface(friction, sources).values <= one).all()


@given(arrays(float, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=st.floats(0, 1e6)),
       share, share)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_parts_add_up(values, across, down):
    raster = Raster(values, (1, 0, 0, 0, -1, values.shape[0]), 32650)
    high, wide = values.shape
    x, y = across * wide, down * high
    parts = [box(0, 0, x, y), box(x, 0, wide, y), box(0, y, x, high), box(x, y, wide, high)]
    regions = gpd.GeoDataFrame(geometry=[*parts, box(0, 0, wide, high)], crs=32650)
    stats = zonal_stats(raster, regions, ["sum", "count"])
    # exactextract keeps shares of cells in single precision
    np.testing.assert_allclose(stats[:4].sum(), stats.iloc[4], rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(stats["sum"].iloc[4], values.sum(), rtol=1e-9)


@given(
    arrays(float, (6, 9), elements=st.floats(0.1, 10)),
    st.lists(st.one_of(st.just(0.0), st.floats(1e-3, 1e6)), min_size=4, max_size=4),
    share,
    share,
)
@settings(max_examples=40, deadline=None)
def test_totals_come_back(weights, totals, across, down):
    x, y = 1 + across * 7, 1 + down * 4
    parts = [box(0, 0, x, y), box(x, 0, 9, y), box(0, y, x, 6), box(x, y, 9, 6)]
    regions = gpd.GeoDataFrame({"total": totals}, geometry=parts, crs=32650)
    by = Raster(weights, (1, 0, 0, 0, -1, 6), 32650)
    spread = rasterize_column(regions, "total", conserve=True, weights=by)
    assert (spread.values >= 0).all()
    sums = zonal_stats(spread, regions, "sum")["sum"]
    np.testing.assert_allclose(sums, totals, rtol=1e-8, atol=1e-8)
