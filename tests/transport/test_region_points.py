"""Points of regions by hand."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Point, Polygon, box

import spatialreg as sr
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

# a U whose centre of area lies in its gap
BENT = Polygon([(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)])


@pytest.fixture
def regions():
    return gpd.GeoDataFrame(geometry=[BENT, box(5, 0, 6, 1)], index=["bent", "box"], crs=4326)


def test_a_representative_point_lies_inside_and_a_centroid_may_not(regions):
    inside = sr.transport.region_points(regions)
    assert inside.within(regions.geometry).all()
    centre = sr.transport.region_points(regions, method="centroid")
    assert not centre["bent"].within(BENT)
    assert centre["box"].x == pytest.approx(5.5, abs=1e-3)


def test_the_centre_of_people_stays_in_its_region(regions):
    towns = gpd.GeoDataFrame(
        {"people": [100.0, 120.0, 30.0, 10.0, 0.0]},
        geometry=[Point(0.5, 2), Point(2.5, 2), Point(5.5, 0.2), Point(5.5, 0.6), Point(5.9, 0.9)],
        crs=4326,
    )
    at = sr.transport.region_points(
        regions, method="population", settlements=towns, population="people"
    )
    # the mean of the two towns lies in the gap: the town nearer to it, which weighs more
    assert (at["bent"].x, at["bent"].y) == pytest.approx((2.5, 2), abs=1e-6)
    assert at["box"].y == pytest.approx((30 * 0.2 + 10 * 0.6) / 40, abs=1e-3)
    with pytest.warns(MissingDataWarning, match=r"1 regions hold no settlement .*\(box\)"):
        few = sr.transport.region_points(
            regions, method="population", settlements=towns.iloc[:2], population="people"
        )
    assert few["box"].within(regions.geometry["box"])


def test_messages(regions):
    towns = gpd.GeoDataFrame({"people": [1.0]}, geometry=[Point(40, 40)], crs=4326)
    with pytest.raises(InputError, match="does not use settlements="):
        sr.transport.region_points(regions, settlements=towns)
    with pytest.raises(InputError, match="needs settlements="):
        sr.transport.region_points(regions, method="population")
    with pytest.raises(InputError, match="no column 'men'"):
        sr.transport.region_points(
            regions, method="population", settlements=towns, population="men"
        )
    with pytest.raises(AlignmentError, match="lies in any region"):
        sr.transport.region_points(
            regions, method="population", settlements=towns, population="people"
        )
