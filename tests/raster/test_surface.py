"""Travel times on grids of nine cells, worked out by hand, and the search by tiles beside them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from pyproj import Geod
from shapely import LineString, Point

from spatialreg import io
from spatialreg.errors import CRSError, GeometryError, InputError
from spatialreg.raster import Raster, sample, to_regions, trace_path, travel_time_surface

ROOT2 = np.sqrt(2)


def test_by_hand(plain):
    # 0.01 min/m is 10 minutes a cell, slantwise 14.14; the middle is slow
    friction = plain([[0.01, 0.01, 0.01], [0.01, 0.05, 0.01], [0.01, 0.01, 0.01]])
    surface = travel_time_surface(friction, [(0, 0)])
    round_the_middle = 10 + 10 * ROOT2
    expected = [
        [0, 10, 20],
        # into the middle from the side, at the mean of 0.01 and 0.05: slantwise would be 30 root 2
        [10, 10 + 30, round_the_middle],
        [20, round_the_middle, 20 + 10 * ROOT2],
    ]
    np.testing.assert_allclose(surface.values, expected, rtol=1e-6)
    assert surface.unit == "min"
    assert surface.nearest is None


def test_cells_that_are_not_square(plain):
    surface = travel_time_surface(plain(np.full((2, 2), 0.01), wide=300, high=400), [(0, 0)])
    np.testing.assert_allclose(surface.values, [[0, 3], [4, 5]], rtol=1e-6)


def test_feet_are_turned_into_metres():
    # EPSG:2263 counts in US survey feet of 0.3048006 m
    friction = Raster(np.full((1, 2), 0.01), (1000, 0, 9e5, 0, -1000, 2e5), 2263)
    surface = travel_time_surface(friction, [(0, 0)])
    assert surface.values[0, 1] == pytest.approx(3.048006, rel=1e-6)


def test_degrees_are_geodesic():
    friction = Raster(np.full((2, 2), 0.001), (1, 0, 10, 0, -1, 61), 4326)
    surface = travel_time_surface(friction, [(0, 0)])
    geod = Geod(ellps="WGS84")
    metres = [geod.inv(10.5, 60.5, x, y)[2] for x, y in [(11.5, 60.5), (10.5, 59.5), (11.5, 59.5)]]
    found = [surface.values[0, 1], surface.values[1, 0], surface.values[1, 1]]
    np.testing.assert_allclose(found, np.array(metres) * 0.001, rtol=1e-6)


def test_no_way(plain):
    friction = plain([[0.01, np.inf, 0.01], [0.01, np.inf, 0.01], [0.01, np.inf, 0.01]])
    surface = travel_time_surface(friction, [(1, 0)], paths=True)
    assert np.isinf(surface.values[:, 1:]).all()
    assert (surface.nearest.values[:, 1:] == -1).all()
    assert (surface.back.values[:, 1:] == 255).all()
    with pytest.raises(InputError, match="no source is reached"):
        trace_path(surface, (0, 2))


def test_missing_friction(plain):
    friction = plain([[0.01, np.nan], [0.01, 0.01]])
    with pytest.raises(InputError, match="missing in 1 cells"):
        travel_time_surface(friction, [(0, 0)])
    surface = travel_time_surface(friction, [(0, 0)], missing="impassable")
    assert np.isinf(surface.values[0, 1])


def test_a_cutoff_leaves_the_rest_as_it_is(plain):
    friction = plain(np.full((5, 5), 0.01))
    whole = travel_time_surface(friction, [(0, 0)]).values
    short = travel_time_surface(friction, [(0, 0)], cutoff=20).values
    np.testing.assert_array_equal(short, np.where(whole <= 20, whole, np.inf))
    assert short[0, 2] == 20


def test_of_equally_near_sources_the_earlier_one(plain):
    friction = plain(np.full((1, 3), 0.01))
    for order in ([(0, 0), (0, 2)], [(0, 2), (0, 0)]):
        surface = travel_time_surface(friction, order, paths=True)
        assert surface.nearest.values[0, 1] == 0
        assert surface.values.tolist() == [[0, 10, 0]]
    both = travel_time_surface(friction, [(0, 1), (0, 1)], paths=True)
    assert both.nearest.values.tolist() == [[0, 0, 0]]


def test_the_way_back(plain):
    friction = plain([[0.01, 0.01, 0.01], [0.01, 0.05, 0.01], [0.01, 0.01, 0.01]])
    surface = travel_time_surface(friction, [(0, 0)], paths=True)
    # west is 7, northwest 8, north 1; where two ways cost the same (into the middle, and round it
    # to the corner) it is the first clockwise from north
    assert surface.back.values.tolist() == [[0, 7, 7], [1, 1, 8], [1, 8, 1]]
    way = trace_path(surface, (2, 2))
    assert way == LineString(
        [(502_500, 3_997_500), (502_500, 3_998_500), (501_500, 3_999_500), (500_500, 3_999_500)]
    )
    assert trace_path(surface, Point(502_999, 3_997_001)) == way
    assert trace_path(surface, (0, 0)).length == 0


def test_points_as_sources(plain):
    points = gpd.GeoDataFrame(
        geometry=[Point(502_700, 3_999_900), Point(500_100, 3_998_100)], index=["e", "w"], crs=32650
    )
    friction = plain(np.full((2, 3), 0.01))
    surface = travel_time_surface(friction, points, paths=True)
    assert surface.values[0, 2] == 0 == surface.values[1, 0]
    assert surface.sources[surface.nearest.values[1, 2]] == "e"
    assert sample(surface, points).tolist() == [0, 0]
    areas = to_regions(surface.nearest, labels=surface.sources)
    assert areas.index.tolist() == ["e", "w"]
    assert areas.area.sum() == 6e6


def test_shuffled_sources_give_the_same_minutes(plain):
    rng = np.random.default_rng(0)
    friction = plain(rng.lognormal(-4, 1, (20, 20)))
    cells = rng.integers(0, 20, (7, 2))
    one = travel_time_surface(friction, cells, paths=True)
    other = travel_time_surface(friction, cells[::-1], paths=True)
    np.testing.assert_array_equal(one.values, other.values)
    np.testing.assert_array_equal(cells[one.nearest.values], cells[::-1][other.nearest.values])


def test_whole_numbers_and_single_precision(plain):
    values = np.array([[1, 2], [3, 4]])
    doubles = travel_time_surface(plain(values.astype(float)), [(0, 0)]).values
    for kind in (np.uint8, np.float32, np.int64):
        found = travel_time_surface(plain(values.astype(kind)), [(0, 0)]).values
        np.testing.assert_array_equal(found, doubles)


def test_friction_is_not_changed(plain):
    values = np.full((3, 3), 0.01)
    travel_time_surface(plain(values), [(0, 0)], paths=True)
    assert (values == 0.01).all()


@pytest.mark.parametrize(
    ("values", "sources", "options", "error", "message"),
    [
        ([[0.0, 1.0]], [(0, 1)], {}, InputError, "zero or negative in 1 cells"),
        ([[-1.0, 1.0]], [(0, 1)], {}, InputError, "zero or negative in 1 cells"),
        ([[np.inf, 1.0]], [(0, 0)], {}, InputError, "1 of 1 sources stand where no one can pass"),
        ([[1.0, 1.0]], [(0, 2)], {}, InputError, "1 of 1 sources lie outside the grid"),
        ([[1.0, 1.0]], [(0, -1)], {}, InputError, "sources lie outside the grid"),
        ([[1.0, 1.0]], np.empty((0, 2), int), {}, InputError, "there is no source"),
        ([[1.0, 1.0]], [(0.5, 1)], {}, InputError, "whole numbers of shape"),
        ([[1.0, 1.0]], [0, 1], {}, InputError, "whole numbers of shape"),
        ([[1.0, 1.0]], [(0, 0)], {"cutoff": 0}, InputError, "cutoff must be a positive"),
        ([[1.0, 1.0]], [(0, 0)], {"missing": "walk"}, InputError, "missing must be one of"),
        ([[1.0, 1.0]], [(0, 0)], {"tile": 4}, InputError, "tile must be at least 8"),
    ],
)
def test_what_is_refused(plain, values, sources, options, error, message):
    with pytest.raises(error, match=message):
        travel_time_surface(plain(values), sources, **options)


def test_sources_that_are_refused(plain):
    friction = plain(np.ones((2, 2)))
    away = gpd.GeoSeries([Point(0, 0)], index=["lost"], crs=32650)
    with pytest.raises(InputError, match=r"outside the grid \(lost\)"):
        travel_time_surface(friction, away)
    with pytest.raises(CRSError, match="sources are in EPSG:4326"):
        travel_time_surface(friction, away.set_crs(4326, allow_override=True))
    line = gpd.GeoSeries([LineString([(0, 0), (1, 1)])], index=["line"], crs=32650)
    with pytest.raises(GeometryError, match="1 sources are no points, at line"):
        travel_time_surface(friction, line)


def test_lengths_that_are_not_those_on_the_ground():
    mercator = Raster(np.ones((2, 2)), (1000, 0, 0, 0, -1000, 8_000_000), 3857)
    with pytest.raises(CRSError, match="a metre on the grid is"):
        travel_time_surface(mercator, [(0, 0)])
    beyond = Raster(np.ones((2, 2)), (1, 0, 0, 0, -1, 400), 4326)
    with pytest.raises(InputError, match="degrees of latitude"):
        travel_time_surface(beyond, [(0, 0)])


def test_a_speed_is_no_friction(plain):
    with pytest.raises(InputError, match="must be in min/m, not km/h"):
        travel_time_surface(plain(np.ones((2, 2)), unit="km/h"), [(0, 0)])


def test_a_surface_without_paths(plain):
    surface = travel_time_surface(plain(np.ones((2, 2))), [(0, 0)])
    with pytest.raises(InputError, match="has no paths"):
        trace_path(surface, (0, 0))
    surface = travel_time_surface(plain(np.ones((2, 2))), [(0, 0)], paths=True)
    with pytest.raises(InputError, match="outside the surface"):
        trace_path(surface, (2, 0))


def maze(seed, shape=(61, 83)):
    """Give friction over four orders of magnitude, walls, and sources on open cells."""
    rng = np.random.default_rng(seed)
    values = 10 ** rng.uniform(-4, 0, shape)
    values[rng.random(shape) < 0.25] = np.inf
    open_cells = np.argwhere(np.isfinite(values))
    return values, open_cells[rng.choice(len(open_cells), 5, replace=False)]


@pytest.mark.parametrize("tile", [8, 30, 200])
@pytest.mark.parametrize("uniform", [False, True])
def test_tiles_give_the_same_numbers(plain, tile, uniform):
    values, sources = maze(tile)
    if uniform:  # where ties abound
        values = np.where(np.isinf(values), values, 0.01)
    whole = travel_time_surface(plain(values), sources, paths=True)
    tiled = travel_time_surface(plain(values), sources, paths=True, tile=tile)
    assert isinstance(tiled.values, np.memmap)
    np.testing.assert_array_equal(whole.values, tiled.values)
    np.testing.assert_array_equal(whole.nearest.values, tiled.nearest.values)
    np.testing.assert_array_equal(whole.back.values, tiled.back.values)


def test_a_source_on_the_edge_of_a_tile_reaches_the_next(plain):
    values = np.full((3, 13), np.inf)
    values[1, 7] = values[2, 8] = 0.01
    surface = travel_time_surface(plain(values), [(1, 7)], tile=8)
    assert surface.values[2, 8] == pytest.approx(10 * ROOT2)


def test_tiles_of_an_open_dataset(plain, tmp_path):
    values, sources = maze(1)
    path = io.write_raster(plain(values), tmp_path / "friction.tif")
    whole = travel_time_surface(plain(values), sources, cutoff=500)
    with io.open_raster(path) as dataset:
        tiled = travel_time_surface(dataset, sources, cutoff=500, tile=16)
        at_once = travel_time_surface(dataset, sources, cutoff=500)
    np.testing.assert_array_equal(whole.values, tiled.values)
    np.testing.assert_array_equal(whole.values, at_once.values)
    written = io.read_raster(io.write_raster(tiled, tmp_path / "minutes.tif"))
    np.testing.assert_array_equal(whole.values, written.values)


def test_the_way_costs_what_the_surface_says(plain):
    values, sources = maze(2)
    surface = travel_time_surface(plain(values), sources, paths=True)
    cells = np.argwhere(np.isfinite(surface.values))
    for row, column in cells[:: len(cells) // 20]:
        way = np.array(trace_path(surface, (row, column)).coords)
        at = np.stack([(4_000_000 - way[:, 1]) // 1000, (way[:, 0] - 500_000) // 1000]).astype(int)
        steps = np.hypot(*np.diff(way, axis=0).T)
        paces = values[tuple(at)]
        minutes = (steps * (paces[1:] + paces[:-1]) / 2).sum()
        assert minutes == pytest.approx(surface.values[row, column], rel=1e-6)
        assert tuple(at[:, -1]) == tuple(sources[surface.nearest.values[row, column]])


def test_friction_over_many_orders(plain):
    # few fast cells among slow ones, and the other way round: many buckets, or crowded ones
    rng = np.random.default_rng(3)
    for share in (0.01, 0.5, 0.99):
        values = np.where(rng.random((40, 40)) < share, 1e-7, 1e2)
        surface = travel_time_surface(plain(values), [(20, 20)])
        tiled = travel_time_surface(plain(values), [(20, 20)], tile=13)
        np.testing.assert_array_equal(surface.values, tiled.values)
