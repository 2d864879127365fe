"""Coverage by time, people, area and settlements, on four unit squares along the equator.

A road runs through the seats at (0.5, 0.5), (1.5, 0.5), ... with an hour between two of them; the
stretch from the second to the third opened in 2012. The only facility stands at the first seat.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely import Point, box

import spatialreg as sr
from spatialreg.access import (
    DEFINITIONS,
    compare_coverage,
    coverage_by_date,
    coverage_series,
    newly_covered,
)
from spatialreg.errors import AlignmentError, InputError, PrecisionError, PrecisionWarning

CODES = ["110101", "110102", "120101", "120102"]
WGS84 = Geod(ellps="WGS84")
DEGREE = WGS84.inv(0, 0.5, 1, 0.5)[2]  # of longitude at the seats [m]


@pytest.fixture
def regions():
    squares = [box(i, 0, i + 1, 1) for i in range(4)]
    return gpd.GeoDataFrame(
        {"group": ["a", "a", "b", "b"]}, geometry=squares, index=CODES, crs=4326
    )


@pytest.fixture
def seats():
    return gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([0.5, 1.5, 2.5, 3.5], [0.5] * 4), index=CODES, crs=4326
    )


@pytest.fixture
def facility():
    return gpd.GeoDataFrame({"opened": ["2008-06-01"]}, geometry=[Point(0.5, 0.5)], crs=4326)


@pytest.fixture
def edges():
    return pd.DataFrame(
        {
            "start": CODES[:3],
            "end": CODES[1:],
            "minutes": 60.0,
            "opened": [None, "2012-03-01", None],
        }
    )


@pytest.fixture
def network(seats, edges):
    return sr.Network.from_frames(seats, edges)


@pytest.fixture
def towns():
    """Two settlements in each of the first two squares, one in the third, none in the fourth."""
    return gpd.GeoDataFrame(
        {"people": [10.0, 30.0, 20.0, 20.0, 5.0]},
        geometry=gpd.points_from_xy([0.5, 0.8, 1.1, 1.5, 2.5], [0.5] * 5),
        index=["p", "q", "r", "s", "t"],
        crs=4326,
    )


def on_the_road(**options):
    return {"connectors": sr.Connectors(direct=False), **options}


def test_seats_by_time(regions, facility, seats, network):
    result = sr.coverage(
        regions, facility, definition="seat_time", seats=seats, threshold=90,
        network=network, **on_the_road(),
    )  # fmt: skip
    assert result.frame["minutes"].tolist() == pytest.approx([0, 60, 120, 180])
    assert result.frame["covered"].tolist() == [True, True, False, False]
    assert "reached within 90 minutes from the region's seat" in result.words
    assert "on a network that is surveyed" in result.words
    edge = sr.coverage(
        regions, facility, definition="seat_time", seats=seats, threshold=60,
        network=network, **on_the_road(),
    )  # fmt: skip
    assert edge.covered == 2  # the threshold itself counts


def test_times_are_those_to_the_facility(regions, facility, seats, edges):
    oneway = sr.Network.from_frames(seats, edges.assign(oneway=True))
    away = sr.coverage(
        regions, facility, definition="seat_time", seats=seats, threshold=90, network=oneway,
        **on_the_road(),
    )  # fmt: skip
    assert away.frame["minutes"].tolist() == [0, np.inf, np.inf, np.inf]
    assert "from 3 seats there is no way at all" in away.words


def test_seats_by_time_equal_travel_times(regions, seats, network):
    """The least of each row of the matrix, which is another search."""
    stations = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([0.6, 3.2], [0.55, 0.4]), index=["x", "y"], crs=4326
    )
    result = sr.coverage(
        regions, stations, definition="seat_time", seats=seats, threshold=30, network=network
    )
    matrix = sr.travel_times(seats, stations, network)
    assert result.frame["minutes"].to_numpy() == pytest.approx(matrix.min(axis=1).to_numpy())


def test_a_date_holds_for_facilities_and_network(regions, facility, seats, network):
    options = {
        "definition": "seat_time", "seats": seats, "threshold": 150, "network": network,
        **on_the_road(),
    }  # fmt: skip
    assert sr.coverage(regions, facility, date=2007, **options).covered == 0
    before = sr.coverage(regions, facility, date=2010, **options)
    assert before.frame["covered"].tolist() == [True, True, False, False]
    assert "as it stood on 2010-12-31" in before.words
    assert sr.coverage(regions, facility, date=2012, **options).covered == 3
    # a facility that has closed is none
    closed = facility.assign(closed="2011-01-01")
    assert sr.coverage(regions, closed, date=2010, **options).covered == 2
    assert sr.coverage(regions, closed, date=2012, **options).covered == 0


def test_a_dated_network_needs_no_dated_facilities(regions, facility, seats, network):
    undated = facility.drop(columns="opened")
    options = {"definition": "seat_time", "seats": seats, "threshold": 150, **on_the_road()}
    assert sr.coverage(regions, undated, date=2010, network=network, **options).covered == 2
    with pytest.raises(InputError, match="that of 2010-12-31 already"):
        sr.coverage(regions, undated, date=2012, network=network.at(2010), **options)
    never = sr.Network.from_frames(network.nodes, network.edges.drop(columns=["opened", "closed"]))
    with pytest.raises(InputError, match="or a network with dates"):
        sr.coverage(regions, undated, date=2012, network=never, **options)
    assert sr.coverage(regions, facility, date=2008, network=never, **options).covered == 3


def test_people_and_settlements_by_time(regions, facility, network, towns):
    options = {
        "settlements": towns, "network": network, "threshold": 90,
        "connectors": sr.Connectors(speed_kmh=60, detour=1.0, direct=False),
    }  # fmt: skip
    # 0.3 degrees off the road are 33 km and 33 minutes to the first seat; r is 0.4 degrees from
    # the second seat and an hour on: 104 minutes
    people = sr.coverage(regions, facility, definition="population_time", scheme="group", **options)
    assert people.frame["share"].tolist() == pytest.approx([1, 0.5, 0, np.nan], nan_ok=True)
    assert people.frame["reached"].tolist()[:3] == [40, 20, 0]
    assert people.frame["covered"].tolist() == [True, True, False, False]
    assert people.reached_share == pytest.approx(60 / 85)
    assert people.by_scheme["reached_share"].to_dict() == pytest.approx({"a": 60 / 80, "b": 0})
    assert "1 regions without people" in people.words
    stricter = sr.coverage(
        regions, facility, definition="population_time", min_share=0.51, **options
    )
    assert stricter.frame["covered"].tolist() == [True, False, False, False]
    places = sr.coverage(regions, facility, definition="settlements_time", **options)
    assert places.frame["reached"].tolist()[:3] == [2, 1, 0]
    assert places.frame["out_of"].tolist()[:3] == [2, 2, 1]
    assert places.reached_share == pytest.approx(3 / 5)


def test_people_by_distance_and_the_first_day(regions, towns):
    facilities = gpd.GeoDataFrame(
        {"opened": ["2015-01-01", "2009-01-01"]},
        geometry=[Point(0.8, 0.5), Point(0.5, 0.5)],
        crs=4326,
    )
    options = {"settlements": towns, "threshold": 10_000.0}
    result = sr.coverage(
        regions, facilities, definition="population_distance", date=2020, **options
    )
    # 10 of 40 people since 2009, all of them since 2015
    assert result.frame["share"].tolist()[:3] == [1.0, 0.0, 0.0]
    assert result.frame.loc[CODES[0], "since"] == pd.Timestamp("2015-01-01")
    some = sr.coverage(
        regions, facilities, definition="population_distance", min_share=0.25, **options
    )
    assert some.frame.loc[CODES[0], "since"] == pd.Timestamp("2009-01-01")
    assert coverage_by_date(result, [2010, 2016])["covered"].tolist() == [0, 1]
    half = sr.coverage(regions, facilities, definition="settlements_distance", date=2010, **options)
    assert half.frame["share"].tolist()[:2] == [0.5, 0.0]
    assert half.covered == 1


def test_area_by_distance_is_the_disc(regions, facility):
    result = sr.coverage(regions, facility, definition="area_distance", threshold=20_000.0)
    assert result.frame["reached"].sum() == pytest.approx(np.pi * 400, rel=1e-3)
    square = abs(WGS84.geometry_area_perimeter(box(0, 0, 1, 1))[0]) / 1e6
    assert result.frame["out_of"].tolist() == pytest.approx([square] * 4, rel=1e-4)
    assert result.reached_share == pytest.approx(np.pi * 400 / square / 4, rel=1e-3)
    assert result.covered == 0
    # on the border between two squares each has half of the disc
    middle = facility.set_geometry([Point(1.0, 0.5)], crs=4326)
    halves = sr.coverage(regions, middle, definition="area_distance", threshold=20_000.0)
    assert halves.frame["reached"].tolist()[:2] == pytest.approx([np.pi * 200] * 2, rel=1e-3)


def test_area_by_time_is_the_isochrone(regions, facility, network):
    off = sr.Connectors(speed_kmh=20, detour=1.0, to="edges")
    result = sr.coverage(
        regions, facility, definition="area_time", threshold=60, network=network, connectors=off
    )
    area = sr.access.isochrones(
        facility, network, breaks=[60], connectors=off, direction="to"
    ).geometry.iloc[0]
    for code, square in regions.geometry.items():
        expected = abs(WGS84.geometry_area_perimeter(area.intersection(square))[0]) / 1e6
        assert result.frame.loc[code, "reached"] == pytest.approx(expected, rel=1e-3, abs=1e-6)
    assert "the network is left anywhere, at 20 km/h" in result.words


def test_a_schematic_network_serves_for_times_and_says_so(regions, facility, seats, edges):
    schematic = sr.Network.from_frames(seats, edges.assign(nature="schematic"))
    result = sr.coverage(
        regions, facility, definition="seat_time", seats=seats, threshold=60, network=schematic
    )
    assert "on a network that is schematic" in result.words
    area = sr.coverage(
        regions, facility, definition="area_time", threshold=65, network=schematic,
        connectors=sr.Connectors(speed_kmh=60, detour=1.0),
    )  # fmt: skip
    # it is left at nodes only: 65 km around the first seat, 5 km around the second
    assert "schematic edges are left at their nodes only" in area.words
    assert area.frame["reached"].iloc[1] < area.frame["reached"].iloc[0]


def test_precision_in_minutes_is_the_way_off_the_network(regions, facility, seats, network):
    options = {"definition": "seat_time", "seats": seats, "threshold": 30, "network": network}
    # 10 km take 26 minutes at 30 km/h over 1.3 times the straight way, 12 km take 31
    fine = sr.coverage(regions, facility.assign(precision_m=10_000.0), **options)
    assert fine.covered == 1
    assert "points placed to 10000 m or better" in fine.words
    with pytest.raises(PrecisionError, match="threshold of 30 minutes"):
        sr.coverage(regions, facility.assign(precision_m=12_000.0), **options)
    two = pd.concat([facility, facility.set_geometry([Point(3.5, 0.5)], crs=4326)])
    two = two.assign(precision_m=[100.0, 12_000.0])
    with pytest.warns(PrecisionWarning, match="1 of 2 facilities"):
        assert sr.coverage(regions, two, **options).frame["covered"].tolist()[3] is False
    area = {"definition": "area_distance", "threshold": 1_000.0}
    with pytest.raises(PrecisionError, match="threshold of 1 km"):
        sr.coverage(regions, facility.assign(precision_m=2_000.0), **area)


def test_coarse_seats_are_kept_and_counted(regions, facility, seats, network):
    coarse = seats.assign(precision_m=[100.0, 20_000.0, 12_000.0, 11_000.0])
    options = {"seats": coarse, "threshold": 30}
    times = sr.coverage(regions, facility, definition="seat_time", network=network, **options)
    assert "2 seats are placed less precisely than that" in times.words
    metres = {"seats": coarse, "threshold": 11_500}
    near = sr.coverage(regions, facility, definition="seat_distance", **metres)
    assert "2 seats are placed less precisely than that" in near.words
    assert near.total == 4


def test_a_series_searches_on_every_date(regions, facility, seats, network):
    options = {
        "definition": "seat_time", "seats": seats, "threshold": 150, "network": network,
        **on_the_road(),
    }  # fmt: skip
    people = pd.Series([1.0, 1.0, 1.0, 1.0], index=CODES)
    found = coverage_series(
        regions, facility, dates=[2012, 2007, 2010], population=people, scheme="group", **options
    )
    assert found.by_date["covered"].tolist() == [0, 2, 3]
    assert found.by_date["added"].tolist() == [0, 2, 1]
    assert found.by_date["population_share"].tolist() == [0.0, 0.5, 0.75]
    assert found.by_scheme.loc[(pd.Timestamp("2012-12-31"), "b"), "covered"] == 1
    for date in (2007, 2010, 2012):
        alone = sr.coverage(regions, facility, date=date, **options)
        day = pd.Timestamp(f"{date}-12-31")
        assert found.covered[day].tolist() == alone.frame["covered"].tolist()
    assert list(newly_covered(found, after=2010, until=2012)) == [CODES[2]]
    assert coverage_by_date(found, [2010, 2012])["covered"].tolist() == [2, 3]
    assert found.frame["since"].dt.year.tolist()[:3] == [2010, 2010, 2012]
    assert pd.isna(found.frame["since"].iloc[3])
    with pytest.raises(InputError, match="has no 2011-12-31"):
        newly_covered(found, after=2011, until=2012)


def test_a_series_tells_what_was_lost(regions, facility, seats, edges):
    closing = edges.assign(closed=["2011-06-01", None, None])
    network = sr.Network.from_frames(seats, closing)
    found = coverage_series(
        regions, facility, dates=[2010, 2012], definition="seat_time", seats=seats,
        threshold=60, network=network, connectors=sr.Connectors(speed_kmh=5),
    )  # fmt: skip
    assert found.by_date["covered"].tolist() == [2, 1]
    assert found.by_date["lost"].tolist() == [0, 1]
    assert len(newly_covered(found, after=2010, until=2012)) == 0


def test_a_series_of_pairs_equals_the_result(regions, facility):
    more = pd.concat(
        [facility, facility.assign(opened="2015-05-05").set_geometry([Point(2.5, 0.5)], crs=4326)],
        ignore_index=True,
    )
    found = coverage_series(regions, more, dates=[2007, 2010, 2020])
    result = sr.coverage(regions, more, date=2020)
    counts = coverage_by_date(result, [2007, 2010, 2020])
    pd.testing.assert_frame_equal(counts, coverage_by_date(found, [2007, 2010, 2020]))
    # the exact days, not the dates asked about
    pd.testing.assert_series_equal(found.frame["since"], result.frame["since"])


def test_a_result_over_a_network_has_no_first_dates(regions, facility, seats, network):
    result = sr.coverage(
        regions, facility, definition="seat_time", seats=seats, threshold=60, network=network
    )
    with pytest.raises(InputError, match="ask coverage_series"):
        newly_covered(result, after=2007, until=2010)


def test_definitions_side_by_side(regions, facility, seats, network):
    results = {
        "inside": sr.coverage(regions, facility),
        "an hour": sr.coverage(
            regions, facility, definition="seat_time", seats=seats, threshold=60, network=network,
            **on_the_road(),
        ),
        "all": sr.coverage(
            regions, facility, definition="seat_distance", seats=seats, threshold=1e6
        ),
    }  # fmt: skip
    found = compare_coverage(results)
    assert found.frame["covered"].tolist() == [1, 2, 4]
    assert found.frame.loc["an hour", "words"] == results["an hour"].words
    pair = found.agreement.loc[("inside", "an hour")]
    assert pair[["both", "only_first", "only_second", "neither"]].tolist() == [1, 0, 1, 2]
    # by hand: agreement 3/4; by chance 1/4 x 1/2 + 3/4 x 1/2 = 1/2
    assert (pair["agree"], pair["kappa"]) == (0.75, 0.5)
    assert found.agreement.loc[("inside", "all"), "kappa"] == 0.0
    twice = compare_coverage({"x": results["all"], "y": results["all"]})
    assert np.isnan(twice.agreement["kappa"].iloc[0])
    with pytest.raises(AlignmentError, match="different regions"):
        compare_coverage({"x": results["all"], "y": sr.coverage(regions.iloc[:2], facility)})
    with pytest.raises(InputError, match="two results"):
        compare_coverage({"x": results["all"]})


def test_series_side_by_side(regions, facility, seats, network):
    hour = {
        "definition": "seat_time", "seats": seats, "network": network, **on_the_road(),
    }  # fmt: skip
    found = {
        f"{minutes} min": coverage_series(
            regions, facility, dates=[2010, 2012], threshold=minutes, **hour
        )
        for minutes in (60, 150)
    }
    both = compare_coverage(found)
    assert both.frame["covered"].tolist() == [2, 2, 2, 3]
    assert both.agreement["agree"].tolist() == [1.0, 0.75]
    with pytest.raises(InputError, match="mixed"):
        compare_coverage({**found, "now": sr.coverage(regions, facility)})
    other = coverage_series(regions, facility, dates=[2012], threshold=60, **hour)
    with pytest.raises(InputError, match="different dates"):
        compare_coverage({**found, "other": other})


@pytest.mark.parametrize("definition", list(DEFINITIONS))
def test_order_of_rows_changes_nothing(regions, facility, seats, network, towns, definition):
    more = pd.concat(
        [facility, facility.set_geometry([Point(3.2, 0.4)], crs=4326)], ignore_index=True
    ).assign(county=["110101", "120102"])
    options = _options(definition, seats, network, towns)
    plain = sr.coverage(regions, more, definition=definition, scheme="group", **options)
    turned = {
        name: value.iloc[::-1] if isinstance(value, pd.DataFrame) else value
        for name, value in options.items()
    }
    before = [frame.copy() for frame in (regions, more, towns)]
    shuffled = sr.coverage(
        regions.iloc[[2, 0, 3, 1]], more.iloc[::-1], definition=definition, **turned
    )
    pd.testing.assert_frame_equal(shuffled.frame.loc[CODES], plain.frame)
    for frame, was in zip((regions, more, towns), before, strict=True):
        pd.testing.assert_frame_equal(frame, was)


def _options(definition, seats, network, towns):
    what, _, by = definition.partition("_")
    options = {}
    if what == "seat":
        options["seats"] = seats
    if what in {"population", "settlements"}:
        options["settlements"] = towns
    if by:
        options["threshold"] = 45.0 if by == "time" else 40_000.0
    if by == "time":
        options["network"] = network
    return options


@pytest.mark.parametrize("definition", list(DEFINITIONS))
def test_arguments_that_are_not_used_raise(regions, facility, seats, network, towns, definition):
    options = _options(definition, seats, network, towns)
    every = {
        "seats": seats, "settlements": towns, "network": network, "threshold": 10.0,
        "connectors": sr.Connectors(), "min_share": 0.5,
    }  # fmt: skip
    used = set(options)
    used |= {"connectors"} if definition.endswith("_time") else set()
    used |= {"min_share"} if definition.startswith(("population", "area", "settlem")) else set()
    for name in set(every) - used:
        with pytest.raises(InputError, match=f"does not use {name}="):
            sr.coverage(regions, facility, definition=definition, **{**options, name: every[name]})
    for name in options:
        less = {key: value for key, value in options.items() if key != name}
        with pytest.raises(InputError, match=f"needs .*{name}="):
            sr.coverage(regions, facility, definition=definition, **less)


def test_messages(regions, facility, network, towns):
    time = {"definition": "population_time", "network": network}
    with pytest.raises(InputError, match="positive number of minutes"):
        sr.coverage(regions, facility, settlements=towns, threshold=np.inf, **time)
    with pytest.raises(InputError, match="min_share must be above 0"):
        sr.coverage(regions, facility, settlements=towns, threshold=10, min_share=0.0, **time)
    with pytest.raises(InputError, match="no column 'people'"):
        sr.coverage(
            regions, facility, settlements=towns.drop(columns="people"), threshold=10, **time
        )
    with pytest.raises(InputError, match="below zero, at q"):
        bad = towns.assign(people=[1.0, -1.0, 1.0, 1.0, 1.0])
        sr.coverage(regions, facility, settlements=bad, threshold=10, **time)
    with pytest.raises(InputError, match="must be a Network"):
        sr.coverage(
            regions, facility, settlements=towns, threshold=10, definition="population_time",
            network=network.edges,
        )  # fmt: skip
    with pytest.raises(InputError, match="different days"):
        coverage_series(regions, facility, dates=[])
    with pytest.raises(InputError, match="different days"):
        coverage_series(regions, facility, dates=[2010, "2010-12-31"])
