"""The projection chosen from the data."""

from __future__ import annotations

import geopandas as gpd
import pytest
from pyproj import CRS, Geod
from shapely import Point, box

from spatialreg._crs import crs_name, equal_area_crs


@pytest.mark.parametrize(
    "shape", [box(-1, -1, 1, 1), box(20, -3, 24, 3.005), box(5, 0, 9, 4), box(-75, -50, -65, -20)]
)
def test_areas_are_true_astride_the_equator_too(shape):
    """A cone whose parallels mirror each other does not exist: there it is a cylinder."""
    frame = gpd.GeoSeries([shape.segmentize(0.1)], crs=4326)
    area = frame.to_crs(equal_area_crs(frame)).area.iloc[0]
    assert area == pytest.approx(
        abs(Geod(ellps="WGS84").geometry_area_perimeter(shape)[0]), rel=1e-3
    )


def test_one_point_has_a_projection():
    for y in (0, 50):
        point = gpd.GeoSeries([Point(10, y)], crs=4326)
        assert point.to_crs(equal_area_crs(point)).iloc[0].is_valid


def test_a_crs_is_named_shortly_however_it_was_given():
    assert crs_name(CRS.from_wkt(CRS.from_epsg(3067).to_wkt())) == "EPSG:3067"
    assert crs_name(4326) == "EPSG:4326"
    assert crs_name(None) == "no CRS"
    albers = equal_area_crs(gpd.GeoSeries([Point(10, 50).buffer(5)], crs=4326))
    assert crs_name(albers) == albers.name
