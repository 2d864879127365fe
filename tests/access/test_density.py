"""Network density on squares by hand, and sums over partitions."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely import LineString, MultiLineString, box

import spatialreg as sr
from spatialreg.access import network_density
from spatialreg.errors import (
    AlignmentError,
    CRSError,
    GeometryError,
    InputError,
    PrecisionError,
)

WGS84 = Geod(ellps="WGS84")
CODES = ["110101", "110102", "120101", "120102"]


@pytest.fixture
def regions():
    squares = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2)]
    return gpd.GeoDataFrame(
        {"group": ["s", "s", "n", "n"]}, geometry=squares, index=CODES, crs=4326
    )


def lines(*coordinates, **columns):
    return gpd.GeoDataFrame(columns, geometry=[LineString(c) for c in coordinates], crs=4326)


def km(*coordinates):
    return WGS84.geometry_length(LineString(coordinates)) / 1000


def test_a_line_is_cut_at_the_borders(regions):
    found = network_density(lines([(0.5, 0.5), (1.5, 0.5), (1.5, 1.5)]), regions)
    assert found["length_km"].tolist() == pytest.approx(
        [
            km((0.5, 0.5), (1, 0.5)),
            km((1, 0.5), (1.5, 0.5)) + km((1.5, 0.5), (1.5, 1)),
            0,
            km((1.5, 1), (1.5, 1.5)),
        ],
        rel=1e-5,
    )
    area = abs(WGS84.geometry_area_perimeter(box(0, 0, 1, 1))[0]) / 1e6
    assert found["area_km2"].iloc[0] == pytest.approx(area, rel=1e-4)
    assert found["km_per_100_km2"].iloc[0] == pytest.approx(
        km((0.5, 0.5), (1, 0.5)) / area * 100, rel=1e-4
    )


def test_a_line_along_a_border_is_shared(regions):
    # half a degree up the border of two squares, then as much up that of the two above
    up = lines([(1, 0.5), (1, 1.5)])
    found = network_density(up, regions)["length_km"]
    below, above = km((1, 0.5), (1, 1)), km((1, 1), (1, 1.5))
    expected = [below / 2, below / 2, above / 2, above / 2]
    assert found.tolist() == pytest.approx(expected, rel=1e-4)
    assert found.sum() == pytest.approx(km((1, 0.5), (1, 1.5)), rel=1e-12)
    # on the outer border it belongs to one region alone
    outside = network_density(lines([(0, 0.25), (0, 0.75)]), regions)["length_km"]
    assert outside.tolist() == pytest.approx([km((0, 0.25), (0, 0.75)), 0, 0, 0])
    # beyond it to none
    assert network_density(lines([(-1, 0.5), (-0.5, 0.5)]), regions)["length_km"].sum() == 0


def test_overlapping_regions_have_the_line_each(regions):
    twice = gpd.GeoDataFrame(
        geometry=[box(0, 0, 2, 2), box(0, 0, 1, 1)], index=["x", "y"], crs=4326
    )
    across = lines([(0.5, 0.5), (1.5, 0.5)])
    found = network_density(across, twice)["length_km"]
    assert found["x"] == pytest.approx(km((0.5, 0.5), (1.5, 0.5)))
    assert found["y"] == pytest.approx(found["x"] / 2)
    assert network_density(across, regions)["length_km"].sum() == pytest.approx(found["x"])


def test_per_head_and_by_scheme(regions):
    road = lines([(0.5, 0.5), (1.5, 0.5)])
    people = pd.Series([1e5, 3e5, np.nan, 0.0], index=CODES)
    found = network_density(road, regions, per="population", population=people)
    half = km((0.5, 0.5), (1, 0.5))
    assert found["km_per_10000_people"].tolist() == pytest.approx(
        [half / 10, half / 30, np.nan, np.nan], nan_ok=True, rel=1e-5
    )
    groups = network_density(road, regions, per="population", population=people, scheme="group")
    assert groups.loc["s"].tolist() == pytest.approx([2 * half, 4e5, 2 * half / 40], rel=1e-5)
    area = network_density(road, regions, scheme="group")
    both = network_density(road, regions)
    assert area.loc["s", "area_km2"] == pytest.approx(both["area_km2"].iloc[:2].sum())


def test_filters_and_dates(regions):
    nodes = gpd.GeoDataFrame(
        index=["a", "b", "c"], geometry=gpd.points_from_xy([0.2, 0.8, 0.8], [0.5, 0.5, 0.9]),
        crs=4326,
    )  # fmt: skip
    drawn = lines([(0.2, 0.5), (0.8, 0.5)], [(0.8, 0.5), (0.8, 0.9)])
    edges = drawn.assign(
        start=["a", "b"], end=["b", "c"], speed_kmh=60.0, opened=["2008-01-01", "2012-01-01"],
        mode=["road", "rail"], **{"class": ["motorway", None]},
    )  # fmt: skip
    network = sr.Network.from_frames(nodes, edges)
    first, second = km((0.2, 0.5), (0.8, 0.5)), km((0.8, 0.5), (0.8, 0.9))

    def total(**options):
        return network_density(network, regions, **options)["length_km"].sum()

    assert total() == pytest.approx(first + second)
    assert total(date=2010) == pytest.approx(first)
    assert total(modes=["rail"]) == pytest.approx(second)
    assert total(classes=["motorway"], date=2012) == pytest.approx(first)
    dated = network_density(edges, regions, date=2010)["length_km"].sum()
    assert dated == pytest.approx(first)
    with pytest.raises(InputError, match="no line has the mode 'tram'"):
        total(modes=["tram"])
    with pytest.raises(InputError, match="in a list"):
        total(modes="rail")
    with pytest.raises(InputError, match="no opening date"):
        network_density(edges.assign(opened=None), regions, date=2010)


def test_parts_of_lines_and_other_projections(regions):
    parts = MultiLineString([[(0.2, 0.5), (0.8, 0.5)], [(1.2, 0.5), (1.8, 0.5)]])
    roads = gpd.GeoDataFrame(geometry=[parts], crs=4326)
    found = network_density(roads, regions)["length_km"]
    assert found.tolist()[:2] == pytest.approx([km((0.2, 0.5), (0.8, 0.5))] * 2)
    projected = network_density(roads.to_crs(3857), regions.to_crs(6933))["length_km"]
    assert projected.tolist() == pytest.approx(found.tolist(), rel=1e-6)


def test_rows_may_stand_in_any_order_and_are_left_alone(regions):
    roads = lines([(0.5, 0.5), (1.5, 0.5)], [(1, 0.2), (1, 1.8)])
    before = roads.copy(), regions.copy()
    plain = network_density(roads, regions)
    shuffled = network_density(roads.iloc[::-1], regions.iloc[[2, 0, 3, 1]])
    pd.testing.assert_frame_equal(shuffled.loc[CODES], plain)
    pd.testing.assert_frame_equal(roads, before[0])
    pd.testing.assert_frame_equal(regions, before[1])


def test_messages(regions):
    road = lines([(0.5, 0.5), (1.5, 0.5)])
    with pytest.raises(PrecisionError, match="1 lines are schematic"):
        network_density(road.assign(nature="schematic"), regions)
    nodes = gpd.GeoDataFrame(
        index=["a", "b"], geometry=gpd.points_from_xy([0.2, 0.8], [0.5, 0.5]), crs=4326
    )
    bare = sr.Network.from_frames(
        nodes, pd.DataFrame({"start": ["a"], "end": ["b"], "minutes": 1.0})
    )
    with pytest.raises(PrecisionError, match="1 lines are not drawn"):
        network_density(bare, regions)
    people = pd.Series(1.0, index=CODES)
    with pytest.raises(InputError, match="per must be one of"):
        network_density(road, regions, per="head")
    with pytest.raises(InputError, match="needs population="):
        network_density(road, regions, per="population")
    with pytest.raises(InputError, match="does not use population="):
        network_density(road, regions, population=people)
    with pytest.raises(AlignmentError, match="population lacks 1"):
        network_density(road, regions, per="population", population=people.iloc[1:])
    with pytest.raises(InputError, match="no column 'opened'"):
        network_density(road, regions, date=2010)
    with pytest.raises(CRSError, match="lines have no CRS"):
        network_density(gpd.GeoDataFrame(geometry=list(road.geometry)), regions)
    with pytest.raises(GeometryError, match="no lines"):
        network_density(regions, regions)
    with pytest.raises(GeometryError, match="no polygons"):
        network_density(road, road)
    with pytest.raises(GeometryError, match="a Network, or"):
        network_density(pd.DataFrame(), regions)
