"""Unions of tapered buffers beside those of shapely, and each loop beside a twin."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

import spatialreg as sr
from spatialreg.access import _drawing, _united
from spatialreg.access._tapered import Discs, Tapers
from spatialreg.access._united import Grid, mark, touch_open, united

PLANE = CRS.from_epsg(6933)
DISCS = Discs(PLANE, 4)


def tapers_of(xy, radius) -> Tapers:
    return DISCS._tapers(np.asarray(xy, dtype=float), np.asarray(radius, dtype=float))


def scattered(count, *, far=0.0, spread=30.0, seed=0):
    """Give tapers of radii up to 1 km, in a square of `spread` km."""
    rng = np.random.default_rng(seed)
    corner = np.array([9_600_000, 4_300_000])
    start = corner + rng.uniform(0, spread * 1000, (count, 1, 2))
    step = rng.normal(0, far * 1000, (count, 1, 2))
    return tapers_of(
        np.concatenate([start, start + step], axis=1), rng.uniform(0, 1000, (count, 2))
    )


@pytest.fixture(autouse=True)
def cells_for_few_hulls_too(monkeypatch):
    monkeypatch.setattr(_united, "_FEWEST", 50)


SETS = {
    "discs that hardly meet": scattered(200, spread=300),
    "discs with holes between": scattered(2_000),
    "discs many times over": scattered(2_000, spread=8),
    "tapers": scattered(2_000, far=2.0),
    "tapers that are long and few": scattered(100, far=20.0),
    "one in the other": scattered(1_000, far=0.1, spread=8),
    "sharp": tapers_of(scattered(500, far=3.0).xy, [[800.0, 0.0]] * 500),
    "all the same": tapers_of(np.zeros((100, 2, 2)), np.full((100, 2), 500.0)),
    "few": scattered(20, spread=3),
}


@pytest.mark.parametrize("name", SETS)
def test_the_union_is_that_of_all_hulls(name):
    """Twin: shapely's union of all convex hulls."""
    expected = shapely.union_all(SETS[name].hulls())
    found = united(SETS[name])
    assert shapely.is_valid(found)
    assert shapely.area(shapely.symmetric_difference(found, expected)) <= 1e-9 * expected.area
    assert len(shapely.get_parts(found)) == len(shapely.get_parts(expected))


def test_shares_of_area_are_those_of_all_hulls(monkeypatch):
    """Twin: the shares where areas are united hull by hull."""
    side = 12
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    names = [f"n{i}" for i in range(side**2)]
    rng = np.random.default_rng(4)
    at = np.column_stack([x, y]) * 0.1 + rng.uniform(-0.03, 0.03, (side**2, 2)) + [10, 45]
    nodes = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*at.T), index=names, crs=4326)
    number = np.arange(side**2).reshape(side, side)
    start = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    edges = pd.DataFrame(
        {"start": np.array(names)[start], "end": np.array(names)[end], "speed_kmh": 60.0}
    )
    regions = gpd.GeoDataFrame(
        geometry=[shapely.box(10 + i / 4, 45 + j / 4, 10 + (i + 1) / 4, 45 + (j + 1) / 4)
                  for i in range(5) for j in range(5)],
        index=[f"r{i}" for i in range(25)], crs=4326,
    )  # fmt: skip
    stations = nodes.iloc[[40]]
    network = sr.Network.from_frames(nodes, edges)

    def shares():
        return sr.coverage(
            regions, stations, definition="area_time", threshold=60.0, network=network
        ).frame["share"]

    found = shares()
    monkeypatch.setattr(_drawing, "united", lambda tapers: shapely.union_all(tapers.hulls()))
    np.testing.assert_allclose(found, shares(), rtol=0, atol=1e-9)
    assert found.between(0.1, 0.99).sum() > 5


def test_nothing_and_points():
    none = tapers_of(np.empty((0, 2, 2)), np.empty((0, 2)))
    assert shapely.is_empty(united(none))
    assert united(tapers_of(np.zeros((100, 2, 2)), np.zeros((100, 2)))).area == 0


def test_hulls_inside_are_left_out(monkeypatch):
    made = []
    whole = Tapers.hulls

    def hulls(self):
        made.append(len(self))
        return whole(self)

    monkeypatch.setattr(Tapers, "hulls", hulls)
    united(SETS["discs many times over"])
    assert sum(made) < 1_000


def test_chunks_make_no_difference(monkeypatch):
    expected = united(SETS["tapers"])
    monkeypatch.setattr(_united, "_CHUNK", 300)
    assert shapely.equals_exact(
        shapely.normalize(united(SETS["tapers"])), shapely.normalize(expected)
    )


def test_boxes_hold_the_hulls():
    for tapers in SETS.values():
        outside = tapers.boxes() - shapely.bounds(tapers.hulls())
        assert (outside * [1, 1, -1, -1] <= 1e-6).all()


@pytest.fixture(scope="module")
def rings():
    """Give convex rings in a grid of 12 cells by 15, with corners on its lines too."""
    rng = np.random.default_rng(1)
    points = rng.uniform(1, [14, 11], (300, 9, 2))
    points[::3] = np.rint(points[::3])
    points[1::3] = points[1::3, :1] + 0.2 * (points[1::3] - points[1::3, :1])
    shapes = shapely.convex_hull(shapely.multipoints(points))
    return shapes[shapely.get_type_id(shapes) == 3]


def cells():
    row, column = np.indices((12, 15))
    return shapely.box(column, row, column + 1, row + 1)


def test_cells_are_marked_that_lie_in_a_ring(rings):
    """Twin: each cell with each ring, by shapely."""
    for ring in rings:
        covered = np.zeros((12, 15), dtype=np.bool_)
        mark(np.ascontiguousarray(shapely.get_coordinates(ring)[None, :-1]), covered)
        # a corner that lies on the outline may be rounded to either side
        assert not (covered & ~shapely.covers(shapely.buffer(ring, 1e-9), cells())).any()
        assert not (~covered & shapely.covers(shapely.buffer(ring, -1e-9), cells())).any()


def test_rings_that_touch_an_open_cell(rings):
    """Twin: the rings that shapely finds to meet one of the open cells."""
    covered = np.random.default_rng(2).random((12, 15)) < 0.97
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.searchsorted(ring, np.arange(len(rings) + 1))
    found = touch_open(xy, first, covered)
    open_ = shapely.union_all(cells()[~covered])
    assert 0 < found.sum() < len(rings)
    assert found[shapely.intersects(shapely.buffer(rings, -1e-9), open_)].all()
    assert shapely.intersects(rings[found], open_).all()


def test_the_shape_of_a_grid():
    """Twin: shapely's union of single cells; some meet in a corner, some are around a hole."""
    rng = np.random.default_rng(3)
    for share in (0.0, 0.1, 0.5, 0.9, 1.0):
        covered = rng.random((12, 15)) < share
        grid = Grid(np.array([0.0, 0.0]), 1.0, covered)
        found, expected = grid.shape(), shapely.union_all(cells()[covered])
        assert shapely.is_valid(found)
        assert shapely.equals(found, expected) or (not share and shapely.is_empty(found))


def test_boxes_that_a_grid_holds():
    covered = np.ones((3, 4), dtype=np.bool_)
    covered[2, 3] = False
    grid = Grid(np.array([10.0, 20.0]), 2.0, covered)
    boxes = [[10, 20, 17, 23], [10, 20, 15.9, 25.9], [10, 20, 17, 24.1], [16.1, 24.1, 16.2, 24.2]]
    assert grid.hold(np.array(boxes)).tolist() == [True, True, False, False]
