"""Coverage on a map that can be checked by hand: four unit squares in a row along the equator."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import CRS, Geod
from shapely import LineString, Point, box

import spatialreg as sr
from spatialreg.access import coverage_by_date, newly_covered
from spatialreg.errors import (
    AlignmentError,
    CRSError,
    GeometryError,
    InputError,
    PrecisionError,
    PrecisionWarning,
)

CODES = ["110101", "110102", "120101", "120102"]


@pytest.fixture
def regions():
    squares = [box(i, 0, i + 1, 1) for i in range(4)]
    group = ["a", "a", "b", "b"]
    return gpd.GeoDataFrame({"group": group}, geometry=squares, index=CODES, crs=4326)


@pytest.fixture
def stations():
    return gpd.GeoDataFrame(
        {"opened": ["2010-06-01", "2015-01-01", "2008-01-01"]},
        geometry=[Point(0.5, 0.5), Point(2.5, 0.5), Point(0.6, 0.5)],
        crs=4326,
    )


def test_inside_counts_by_date(regions, stations):
    result = sr.coverage(regions, stations, date=2012)
    assert result.frame["covered"].tolist() == [True, False, False, False]
    assert result.frame["facilities"].tolist() == [2, 0, 0, 0]
    assert result.frame.loc["110101", "since"] == pd.Timestamp("2008-01-01")
    assert (result.covered, result.total, result.share) == (1, 4, 0.25)
    assert "2012-12-31" in result.words


def test_a_date_is_its_own_day_and_a_year_its_last(regions, stations):
    assert sr.coverage(regions, stations, date="2010-05-31").frame["facilities"].sum() == 1
    assert sr.coverage(regions, stations, date="2010-06-01").frame["facilities"].sum() == 2
    assert sr.coverage(regions, stations, date=2010).frame["facilities"].sum() == 2


def test_the_stated_county_goes_before_the_point(regions, stations):
    stations["county"] = ["110102", "120101", "110102"]
    covered = sr.coverage(regions, stations).frame["covered"]
    assert covered.tolist() == [False, True, True, False]


def test_a_county_counts_for_its_province(stations):
    provinces = gpd.GeoDataFrame(
        geometry=[box(0, 0, 2, 1), box(2, 0, 4, 1)], index=["110000", "120000"], crs=4326
    )
    stations["county"] = ["110102", "110101", "110102"]
    assert sr.coverage(provinces, stations).frame["facilities"].tolist() == [3, 0]


def test_listed_needs_no_geometry(regions):
    places = pd.DataFrame({"county": ["110101", "110101", "120102"]})
    result = sr.coverage(regions, places, definition="listed")
    assert result.frame["covered"].tolist() == [True, False, False, True]
    assert "lower bound" in result.words


def test_seat_distance_is_geodesic(regions, stations):
    seats = gpd.GeoDataFrame(geometry=regions.representative_point(), index=CODES, crs=4326)
    result = sr.coverage(
        regions, stations, definition="seat_distance", seats=seats, threshold=112_000
    )
    # seat 110102 at (1.5, .5) is nearest to the station at (0.6, .5), 0.9 degrees to the west
    expected = Geod(ellps="WGS84").inv(1.5, 0.5, 0.6, 0.5)[2]
    assert result.frame.loc["110102", "distance_m"] == pytest.approx(expected, rel=1e-12)
    assert result.frame["covered"].all()
    # 1 degree at this latitude is 111,315 m: the station at 2.5 reaches its neighbours
    near = sr.coverage(
        regions, stations, definition="seat_distance", seats=seats, threshold=111_000
    )
    assert near.frame["covered"].tolist() == [True, True, True, False]


def test_points_coarser_than_the_threshold_are_refused(regions, stations):
    seats = gpd.GeoDataFrame(geometry=regions.representative_point(), index=CODES, crs=4326)
    stations["precision_m"] = [100.0, 20_000.0, 100.0]
    options = {"definition": "seat_distance", "seats": seats, "threshold": 5_000}
    with pytest.warns(PrecisionWarning, match="1 of 3 facilities"):
        result = sr.coverage(regions, stations, **options)
    assert result.frame["covered"].tolist() == [True, False, False, False]
    stations["precision_m"] = 20_000.0
    with pytest.raises(PrecisionError, match="all 3"):
        sr.coverage(regions, stations, **options)


def test_crossing_is_refused_on_schematic_lines(regions):
    line = LineString([(0.5, 0.5), (1.5, 0.5)])
    lines = gpd.GeoDataFrame({"nature": ["surveyed"]}, geometry=[line], crs=4326)
    covered = sr.coverage(regions, lines, definition="crosses").frame["covered"]
    assert covered.tolist() == [True, True, False, False]
    lines["nature"] = "schematic"
    with pytest.raises(PrecisionError, match="schematic"):
        sr.coverage(regions, lines, definition="crosses")


def test_another_crs_is_named_with_the_mend(regions, stations):
    lines = gpd.GeoDataFrame(geometry=[LineString([(0.5, 0.5), (1.5, 0.5)])], crs=4326)
    # as rasters and files hold it: the words would fill a screen
    metres = regions.to_crs(CRS.from_wkt(CRS.from_epsg(3857).to_wkt()))
    for facilities, definition in ((lines, "crosses"), (stations, "inside")):
        with pytest.raises(CRSError, match="in EPSG:4326 and regions in EPSG:3857: bring both"):
            sr.coverage(metres, facilities, definition=definition)
    with pytest.raises(GeometryError, match="lines for definition 'crosses'"):
        sr.coverage(regions, pd.DataFrame({"county": CODES}), definition="crosses")
    seats = metres.set_geometry(metres.representative_point())
    with pytest.raises(CRSError, match="facilities are in EPSG:4326 and seats in EPSG:3857"):
        sr.coverage(regions, stations, definition="seat_distance", seats=seats, threshold=5_000)


def test_population_and_groups(regions, stations):
    people = pd.Series([10.0, 20.0, 30.0, 40.0], index=CODES)
    result = sr.coverage(regions, stations, population=people, scheme="group")
    assert result.population_share == pytest.approx(0.4)
    assert result.by_scheme["covered"].to_dict() == {"a": 1, "b": 1}
    assert result.by_scheme["population_share"].to_dict() == pytest.approx({"a": 1 / 3, "b": 3 / 7})


def test_people_unknown_are_left_out_and_told(regions, stations):
    people = pd.Series([10.0, 20, None, 40], index=CODES)
    result = sr.coverage(regions, stations, population=people)
    # squares 0 and 2 are reached: 10 of the 70 people that are known
    assert result.population_share == pytest.approx(10 / 70)
    assert "people are known in 3 of 4 regions" in result.words
    known = sr.coverage(regions, stations, population=people.fillna(30))
    assert "people are known" not in known.words


def test_over_time(regions, stations):
    result = sr.coverage(regions, stations, date=2021)
    counts = coverage_by_date(result, [2007, 2008, 2015])
    assert counts["covered"].tolist() == [0, 1, 2]
    assert counts["added"].tolist() == [0, 1, 1]
    assert list(newly_covered(result, after="2012-11-15", until=2021)) == ["120101"]
    with pytest.raises(InputError, match="later date"):
        coverage_by_date(result, [2022])


def test_order_of_rows_changes_nothing(regions, stations):
    shuffled = sr.coverage(regions.iloc[[2, 0, 3, 1]], stations.iloc[[1, 2, 0]], date=2021)
    plain = sr.coverage(regions, stations, date=2021)
    pd.testing.assert_frame_equal(shuffled.frame.loc[CODES], plain.frame)


def test_inputs_are_left_as_they_were(regions, stations):
    before = regions.copy(), stations.copy()
    sr.coverage(regions, stations, date=2012, scheme="group")
    pd.testing.assert_frame_equal(regions, before[0])
    pd.testing.assert_frame_equal(stations, before[1])


def test_messages(regions, stations):
    seats = regions.set_geometry(regions.representative_point())
    with pytest.raises(InputError, match="must be one of"):
        sr.coverage(regions, stations, definition="near")
    with pytest.raises(InputError, match="does not use threshold"):
        sr.coverage(regions, stations, threshold=10.0)
    with pytest.raises(InputError, match="does not use seats"):
        sr.coverage(regions, stations, seats=seats)
    with pytest.raises(InputError, match="needs seats"):
        sr.coverage(regions, stations, definition="seat_distance")
    with pytest.raises(InputError, match="positive"):
        sr.coverage(regions, stations, definition="seat_distance", seats=seats, threshold=-1.0)
    with pytest.raises(InputError, match="no column 'county'"):
        sr.coverage(regions, stations, definition="listed")
    with pytest.raises(InputError, match="column 'opened'"):
        sr.coverage(regions, stations.drop(columns="opened"), date=2012)
    with pytest.raises(InputError, match="no opening date"):
        sr.coverage(regions, stations.assign(opened=None), date=2012)
    with pytest.raises(AlignmentError, match="not on the map"):
        sr.coverage(regions, stations.assign(county="999999"))
    with pytest.raises(AlignmentError, match="no seat"):
        sr.coverage(
            regions, stations, definition="seat_distance", seats=seats.iloc[:3], threshold=1.0
        )
    with pytest.raises(CRSError, match="one CRS"):
        sr.coverage(regions, stations.to_crs(3857))
    with pytest.raises(GeometryError, match="no points"):
        sr.coverage(regions, stations.set_geometry(stations.buffer(0.1)))
    with pytest.raises(AlignmentError, match="population lacks"):
        sr.coverage(regions, stations, population=pd.Series([1.0], index=["110101"]))
    with pytest.raises(InputError, match="a date must be"):
        sr.coverage(regions, stations, date="soon")
