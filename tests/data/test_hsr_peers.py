"""High-speed rail against lists that others made: names of stations, and dates of lines.

The list of station names is that of the ticket site, as the wheel ``mcp-server-12306`` carries it;
the wheel is fetched for the test and not installed. The list of lines is unofficial.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest

WHEEL = "mcp-server-12306==0.5.0.post20260930"
# Stations under another name in the list, or not in it, with what the note of the station must say.
ABSENT = {
    "badong-bei": "renamed", "ganqika-nan": "not in the station list",
    "luancheng": "not in the ticket list", "nanping-bei": "renamed", "poyang-nan": "opened as",
    "qingsheng": "renamed", "shenshan": "not in the ticket list", "songjiang-nan": "renamed",
    "taikang": "named", "wuyishan-dong": "renamed", "xintang": "renamed", "yijiang": "renamed",
    "yongjia": "renamed", "yuhang": "renamed", "zhongchuanjichang": "renamed",
}  # fmt: skip
# Keys that are not the pinyin of the name: two stations of one reading bear their province.
NOT_PINYIN = {"xianggangxijiulong": "the list has it in English"}
# Lines of the same day whose ends the list names otherwise.
OTHER_ENDS = {
    ("武九客运专线-石九段", "2017-09-21"): "from Daye North to Lushan, listed by their cities",
}
SIDES = re.compile("[东西南北]$")


def read(name: str) -> list[dict[str, str]]:
    text = (files("spatialreg") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


STATIONS = {row["station"]: row for row in read("hsr_stations.csv")}


@pytest.fixture(scope="module")
def listed(tmp_path_factory) -> dict[str, str]:
    """Give the pinyin of each name on the ticket site's list."""
    folder = tmp_path_factory.mktemp("wheel")
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder)]
    done = subprocess.run([*fetch, WHEEL], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{WHEEL} cannot be fetched")
    with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
        text = wheel.read("mcp_12306/resources/station_name.js").decode("utf-8")
    rows = [entry.split("|") for entry in text.split("@") if "|" in entry]
    assert len(rows) == 3404
    return {row[1]: row[3] for row in rows}


def test_names_are_on_the_ticket_sites_list(listed: dict[str, str]) -> None:
    absent = {key for key, row in STATIONS.items() if row["name_zh"] not in listed}
    assert absent == set(ABSENT)
    for key, words in ABSENT.items():
        assert words in STATIONS[key]["note"], key


def test_keys_are_the_pinyin_of_the_names(listed: dict[str, str]) -> None:
    for key, row in STATIONS.items():
        if row["name_zh"] in listed and key not in NOT_PINYIN:
            spelled = key.replace("-", "")
            pinyin = listed[row["name_zh"]]
            # a province after the name tells two of one reading apart
            assert spelled.startswith(pinyin), (key, pinyin)
            assert spelled == pinyin or key.startswith(pinyin[:3])


def test_dates_are_those_of_an_unofficial_list_or_differ_with_a_reason(reference: Path) -> None:
    sections = {row["section"]: row for row in read("hsr_sections.csv")}
    stops: dict[str, set[str]] = {key: set() for key in sections}
    for row in read("hsr_section_stations.csv"):
        stops[row["section"]].add(SIDES.sub("", STATIONS[row["station"]]["name_zh"]))
    differing: dict[str, set[str]] = {}
    for row in read("hsr_date_differences.csv"):
        differing.setdefault(row["theirs"], set()).update(stops[row["section"]])
    text = (reference / "railways.csv").read_text(encoding="utf-8-sig")
    unexplained, compared = [], 0
    for line, kind, speed, _, built, start, end, *_ in csv.reader(text.splitlines()[1:]):
        parts = built.split(".")
        fast = kind in ("高速铁路", "快速铁路") and int(re.match(r"\d*", speed)[0] or 0) >= 200
        if not fast or len(parts) != 3 or int(parts[0]) < 2003:
            continue
        compared += 1
        day = "{:04d}-{:02d}-{:02d}".format(*map(int, parts))
        ends = {SIDES.sub("", start), SIDES.sub("", end)}
        same = any(row["opened"] == day and ends & stops[key] for key, row in sections.items())
        explained = ends & differing.get(day, set()) or (line, day) in OTHER_ENDS
        if not same and not explained:
            unexplained.append((line, day, start, end))
    assert compared > 90
    assert unexplained == []
