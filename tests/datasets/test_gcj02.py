"""The inverse of GCJ-02, against a forward formula written independently and published pairs."""

import math

import numpy as np
import pytest
import shapely

from spatialreg.datasets._gcj02 import (
    GCJ02_BOUNDS,
    gcj02_to_wgs84,
    geometries_to_wgs84,
    wgs84_to_gcj02,
)


def forward(lon, lat):
    """GCJ-02 of one point, term by term as the formula is usually written."""
    x, y = lon - 105.0, lat - 35.0
    dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    dlat += (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    dlat += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    dlat += (160.0 * math.sin(y / 12.0 * math.pi) + 320 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    dlon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    dlon += (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    dlon += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    dlon += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3
    magic = 1 - 0.00669342162296594323 * math.sin(math.radians(lat)) ** 2
    dlat = dlat * 180.0 / ((6378245.0 * (1 - 0.00669342162296594323)) / magic**1.5 * math.pi)
    dlon = dlon * 180.0 / (6378245.0 / math.sqrt(magic) * math.cos(math.radians(lat)) * math.pi)
    return lon + dlon, lat + dlat


@pytest.fixture(scope="module")
def points():
    return np.random.default_rng(7).uniform([73, 4], [135, 54], size=(2000, 2))


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # test data of the library eviltransform (WGS-84, GCJ-02): Shanghai, Shenzhen, Beijing
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_published_pairs(wgs84, gcj02):
    assert wgs84_to_gcj02(np.array([wgs84]))[0] == pytest.approx(gcj02, abs=1e-9)
    assert gcj02_to_wgs84(np.array([gcj02]))[0] == pytest.approx(wgs84, abs=1e-8)


def test_inverse_of_independent_forward(points):
    shifted = np.array([forward(*point) for point in points])
    moved = np.abs(shifted - points).max(axis=1)
    assert moved.min() > 1e-4  # the shift is 10 m at the least, so a test of nothing would fail
    assert np.abs(gcj02_to_wgs84(shifted) - points).max() < 1e-8  # a millimetre


def test_two_steps_would_not_do(points, monkeypatch):
    monkeypatch.setattr("spatialreg.datasets._gcj02._ITERATIONS", 2)
    shifted = np.array([forward(*point) for point in points])
    assert np.abs(gcj02_to_wgs84(shifted) - points).max() > 1e-8


def test_points_outside_stay():
    west, south, east, north = GCJ02_BOUNDS
    outside = np.array(
        [[2.35, 48.86], [west - 0.01, 30], [east + 0.01, 30], [100, south - 0.01], [100, north + 1]]
    )
    np.testing.assert_array_equal(gcj02_to_wgs84(outside), outside)
    np.testing.assert_array_equal(wgs84_to_gcj02(outside), outside)


def test_geometries_keep_structure_and_shared_vertices():
    left, right = shapely.box(110, 30, 111, 31), shapely.box(111, 30, 112, 31)
    hole = shapely.Polygon(left.exterior.coords, [shapely.box(110.4, 30.4, 110.6, 30.6).exterior])
    moved = geometries_to_wgs84(np.array([hole, right]))
    assert shapely.get_num_interior_rings(moved[0]) == 1
    assert shapely.coverage_is_valid(moved)
    assert not moved[0].equals(hole)
