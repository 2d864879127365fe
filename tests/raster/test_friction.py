"""Friction from roads, land cover, slope and water: 0.06 over the speed in km/h."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, Polygon, box

from spatialreg.errors import CRSError, GeometryError, InputError
from spatialreg.raster import ROAD_SPEEDS, Raster, friction, travel_time_surface

LEFT, TOP = 500_000, 4_000_000


@pytest.fixture
def grid(plain):
    return plain(np.zeros((3, 4)))


def lines(*rows, **columns):
    """Give lines along the middle of rows of cells."""
    geometry = [
        LineString([(LEFT, TOP - 1000 * r - 500), (LEFT + 4000, TOP - 1000 * r - 500)])
        for r in rows
    ]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=32650)


def test_nothing_but_walking(grid):
    found = friction(grid)
    assert found.unit == "min/m"
    np.testing.assert_allclose(found.values, 0.02, rtol=1e-6)  # 3 km/h
    np.testing.assert_allclose(friction(grid, off_road=6).values, 0.01, rtol=1e-6)


def test_the_fastest_road_wins(grid):
    roads = lines(1, 1, 2, speed_kmh=[60.0, 30.0, 30.0])
    for order in ([0, 1, 2], [1, 0, 2]):
        found = friction(grid, roads=roads.iloc[order])
        np.testing.assert_allclose(found.values[1], 0.001, rtol=1e-6)
        np.testing.assert_allclose(found.values[2], 0.002, rtol=1e-6)
        np.testing.assert_allclose(found.values[0], 0.02, rtol=1e-6)


def test_walking_beside_a_slower_road(grid):
    found = friction(grid, roads=lines(0, speed_kmh=[2.0]), off_road=6)
    np.testing.assert_allclose(found.values, 0.01, rtol=1e-6)


def test_speeds_by_class(grid):
    roads = lines(0, 1, **{"class": ["motorway", "ring"]})
    with pytest.raises(InputError, match=r"class without speed \(ring\)"):
        friction(grid, roads=roads)
    found = friction(grid, roads=roads, road_speeds={"ring": 30, "motorway": 120})
    np.testing.assert_allclose(found.values[:2, 0], [0.0005, 0.002], rtol=1e-6)
    default = friction(grid, roads=roads.iloc[:1])
    np.testing.assert_allclose(default.values[0], 0.06 / ROAD_SPEEDS["motorway"], rtol=1e-6)


def test_land_cover(grid, plain):
    cover = plain(np.array([[1, 1, 2, 2], [1, 1, 9, 9], [0, 0, 0, 0]], dtype=np.uint8), nodata=0)
    found = friction(grid, land_cover=cover, land_speeds={1: 3, 2: 1.5, 9: 0})
    assert found.values[0].tolist() == pytest.approx([0.02, 0.02, 0.04, 0.04], rel=1e-6)
    assert np.isinf(found.values[1, 2:]).all()
    assert np.isnan(found.values[2]).all()
    with pytest.raises(InputError, match="no speed for the classes 9"):
        friction(grid, land_cover=cover, land_speeds={1: 3, 2: 1.5})
    with pytest.raises(InputError, match="needs land_speeds="):
        friction(grid, land_cover=cover)
    # a road goes where the land is not known, or cannot be walked
    road = friction(
        grid,
        land_cover=cover,
        land_speeds={1: 3, 2: 1.5, 9: 0},
        roads=lines(1, 2, speed_kmh=[60.0, 60.0]),
    )
    np.testing.assert_allclose(road.values[1:], 0.001, rtol=1e-6)


def test_land_cover_of_smaller_cells_by_the_most_frequent(grid):
    fine = np.full((6, 8), 1, dtype=np.uint8)
    fine[0, 0] = 2
    fine[2:4, 2:4] = 2
    cover = Raster(fine, (500, 0, LEFT, 0, -500, TOP), 32650, nodata=0)
    found = friction(grid, land_cover=cover, land_speeds={1: 6, 2: 3})
    assert found.values[0, 0] == pytest.approx(0.01)
    assert found.values[1, 1] == pytest.approx(0.02)


def test_slope(grid, plain):
    # a plane that rises by 300 m a cell of 1 km to the east: S = 0.3
    heights = plain(np.tile(np.arange(4) * 300.0, (3, 1)))
    found = friction(grid, elevation=heights, off_road=6)
    np.testing.assert_allclose(found.values, 0.01 * np.exp(3.5 * 0.3), rtol=1e-6)
    # to the south as well, by 400 m: S = 0.5
    heights = plain(np.arange(4) * 300.0 + np.arange(3)[:, None] * 400.0)
    roads = lines(1, speed_kmh=[60.0])
    found = friction(grid, elevation=heights, off_road=6, roads=roads)
    np.testing.assert_allclose(found.values[0], 0.01 * np.exp(3.5 * 0.5), rtol=1e-6)
    np.testing.assert_allclose(found.values[1], 0.001, rtol=1e-6)
    found = friction(grid, elevation=heights, off_road=6, roads=roads, slow_roads=True)
    np.testing.assert_allclose(found.values[1], 0.001 * np.exp(3.5 * 0.5), rtol=1e-6)


def test_slope_beside_cells_without_a_height(plain):
    # to the east of the sea the land rises by one in ten; the island has no neighbour
    heights = plain([[np.nan, 0.0, 100.0, 200.0], [np.nan, np.nan, np.nan, np.nan]])
    found = friction(heights, elevation=heights, off_road=6).values
    np.testing.assert_allclose(found[0, 1:], 0.01 * np.exp(0.35), rtol=1e-6)
    assert np.isnan(found[0, 0]) and np.isnan(found[1]).all()
    island = plain([[np.nan, 70.0, np.nan]])
    assert friction(island, elevation=island, off_road=6).values[0, 1] == np.float32(0.01)


def test_the_slope_is_that_of_tobler():
    # W(S) = 6 exp(-3.5 |S + 0.05|), over its value at S = 0
    from spatialreg.raster._speeds import uphill

    slope = np.linspace(0, 1, 11)
    tobler = 6 * np.exp(-3.5 * np.abs(slope + 0.05)) / (6 * np.exp(-3.5 * 0.05))
    np.testing.assert_allclose(uphill(slope), tobler)


def test_water_and_bridges(grid):
    river = gpd.GeoDataFrame(
        geometry=[LineString([(LEFT + 1500, TOP), (LEFT + 1500, TOP - 3000)])], crs=32650
    )
    roads = lines(1, speed_kmh=[60.0])
    found = friction(grid, roads=roads, barriers=river)
    assert np.isinf(found.values[[0, 2], 1]).all()
    assert found.values[1, 1] == pytest.approx(0.001)
    cut = friction(grid, roads=roads, barriers=river, bridges=False)
    assert np.isinf(cut.values[:, 1]).all()
    assert np.isfinite(travel_time_surface(found, [(0, 0)]).values[0, 3])
    assert np.isinf(travel_time_surface(cut, [(0, 0)]).values[0, 3])


def test_a_slanting_river_has_no_gap(plain):
    grid = plain(np.zeros((20, 20)))
    line = LineString([(LEFT - 10, TOP - 3_300), (LEFT + 20_010, TOP - 17_100)])
    river = gpd.GeoDataFrame(geometry=[line], crs=32650)
    narrow = gpd.GeoDataFrame(geometry=[line.buffer(5)], crs=32650)
    for barriers in (river, narrow):
        found = travel_time_surface(friction(grid, barriers=barriers), [(0, 19)])
        assert np.isinf(found.values[19]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"road_speeds": {"a": 3}}, "road_speeds= is not used"),
        ({"slow_roads": True}, "slow_roads= is not used"),
        ({"land_speeds": {1: 3}}, "land_speeds= is not used"),
        ({"bridges": False}, "bridges= is not used"),
        ({"off_road": -1}, "off_road must be a speed"),
    ],
)
def test_what_is_refused(grid, options, message):
    with pytest.raises(InputError, match=message):
        friction(grid, **options)


def test_roads_and_barriers_that_are_refused(grid):
    with pytest.raises(InputError, match="need a column 'speed_kmh'"):
        friction(grid, roads=lines(0))
    with pytest.raises(InputError, match="not positive, at 1"):
        friction(grid, roads=lines(0, 1, speed_kmh=[10.0, 0.0]))
    with pytest.raises(InputError, match="no speed in column 'speed_kmh'; they are 0"):
        friction(grid, roads=lines(0, 1, speed_kmh=[np.nan, 5.0]))
    with pytest.raises(InputError, match="road_speeds= is not used where roads have speed_kmh"):
        friction(grid, roads=lines(0, speed_kmh=[10.0]), road_speeds={"a": 1})
    with pytest.raises(CRSError, match="roads are in EPSG:4326"):
        friction(grid, roads=lines(0, speed_kmh=[10.0]).to_crs(4326))
    areas = gpd.GeoDataFrame({"speed_kmh": [3.0]}, geometry=[box(0, 0, 1, 1)], crs=32650)
    with pytest.raises(GeometryError, match="1 roads are no lines, at 0"):
        friction(grid, roads=areas)
    points = gpd.GeoDataFrame(geometry=[Point(0, 0)], crs=32650)
    with pytest.raises(GeometryError, match="neither lines nor polygons"):
        friction(grid, barriers=points)


def test_barriers_that_touch_nothing(grid):
    away = gpd.GeoDataFrame(geometry=[Polygon([(0, 0), (1, 0), (1, 1)])], crs=32650)
    assert np.isfinite(friction(grid, barriers=away).values).all()
    none = away.iloc[:0]
    assert np.isfinite(friction(grid, barriers=none).values).all()


def test_nobody_passes_outside_the_land(grid):
    # the land touches the first two columns, the second by a sliver
    land = gpd.GeoDataFrame(geometry=[box(LEFT, TOP - 3000, LEFT + 1001, TOP)], crs=32650)
    found = friction(grid, roads=lines(1, speed_kmh=[60.0]), within=land)
    assert np.isfinite(found.values).tolist() == [[True, True, False, False]] * 3
    assert found.values[1, 1] == np.float32(0.001)
    with pytest.raises(CRSError, match="within"):
        friction(grid, within=land.to_crs(4326))
    with pytest.raises(GeometryError, match="within"):
        friction(grid, within=lines(1))
