"""Schemes: membership through the digits, indicator tables, and every message."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from spatialreg import regions
from spatialreg.errors import InputError


def frame(*codes: str) -> pd.DataFrame:
    return pd.DataFrame({"y": range(len(codes))}, index=pd.Index(codes, name="code"))


HALVES = {
    "name": "halves",
    "group": [{"id": "a", "members": ["01", "02"]}, {"id": "b", "members": ["03"]}],
}


def test_a_county_belongs_through_its_first_two_digits():
    # National Bureau of Statistics, four segments: Guangdong east, Hubei central, Sichuan west,
    # Liaoning northeast; Taiwan, Hong Kong and Macau are outside
    given = frame("440104", "429004", "510000", "210100", "710000", "810001", "820000")
    before = given.copy()
    column = regions.assign_scheme(given, "four_segments")["four_segments"]
    assert column.iloc[:4].tolist() == ["east", "central", "west", "northeast"]
    assert column.iloc[4:].isna().all()
    assert column.index.equals(given.index)
    pd.testing.assert_frame_equal(given, before)


def test_a_county_belongs_through_its_first_four_digits():
    # the nine cities: Guangzhou and Shenzhen among them, Shantou (4405) not; Hong Kong's district
    given = frame("440104", "440300", "440507", "810001", "710000")
    column = regions.assign_scheme(given, "greater_bay_area")["greater_bay_area"]
    assert column.iloc[[0, 1, 3]].tolist() == [
        "pearl_river_nine",
        "pearl_river_nine",
        "special_regions",
    ]
    assert column.iloc[[2, 4]].isna().all()


def test_the_counties_of_a_municipality_go_with_its_city():
    # Yunyang (500235) stands under 500200, which is Chongqing as 500100 is; so is 500000 itself
    scheme = {"name": "cq", "level": "prefecture", "group": [{"id": "c", "members": ["500100"]}]}
    given = frame("500235", "500101", "500000", "500200", "510100")
    assert regions.assign_scheme(given, scheme)["cq"].notna().tolist() == [True] * 4 + [False]


def test_the_closest_unit_decides():
    scheme = {
        "name": "apart",
        "group": [{"id": "rest", "members": ["440100"]}, {"id": "own", "members": ["440104"]}],
    }
    column = regions.assign_scheme(frame("440104", "440103"), scheme)["apart"]
    assert column.tolist() == ["own", "rest"]


def test_overlapping_schemes_give_a_table():
    # Sichuan is in the Yangtze belt and in the Yellow River basin, Qinghai in the basin alone
    given = frame("510000", "630000", "440000")
    table = regions.assign_scheme(given, "strategy_regions")
    assert table.dtypes.eq(bool).all()
    assert table.index.equals(given.index)
    assert table.loc["510000", ["yangtze_belt", "yellow_river"]].tolist() == [True, True]
    assert table.loc["630000"].sum() == 1
    assert table.loc["440000"].sum() == 0


def test_overlapping_members_at_two_levels_are_both_kept():
    scheme = {
        "name": "two",
        "kind": "overlapping",
        "group": [{"id": "whole", "members": ["440000"]}, {"id": "part", "members": ["440100"]}],
    }
    table = regions.assign_scheme(frame("440104", "440300"), scheme)
    assert table.loc["440104"].tolist() == [True, True]
    assert table.loc["440300"].tolist() == [True, False]


def test_panels_and_shuffled_rows():
    index = pd.MultiIndex.from_product([["110000", "420000"], [2000, 2001]], names=["code", "year"])
    panel = pd.DataFrame({"y": range(4)}, index=index)
    whole = regions.assign_scheme(panel, "four_segments")
    assert whole["four_segments"].tolist() == ["east", "east", "central", "central"]
    mixed = regions.assign_scheme(panel.sample(frac=1, random_state=1), "four_segments")
    pd.testing.assert_frame_equal(mixed.loc[whole.index], whole)


def test_geometry_stays():
    given = gpd.GeoDataFrame(geometry=[Point(0, 0)], index=pd.Index(["110000"]), crs=4326)
    result = regions.assign_scheme(given, "four_segments")
    assert isinstance(result, gpd.GeoDataFrame)
    assert result.crs == given.crs


def test_other_countries_match_as_they_are():
    # Alabama and California: Southeast and Far West (US Bureau of Economic Analysis)
    column = regions.assign_scheme(frame("01", "06"), "us_bea_regions")["us_bea_regions"]
    assert column.tolist() == ["southeast", "far_west"]
    own = regions.assign_scheme(frame("01", "03", "09"), HALVES)["halves"]
    assert own.iloc[:2].tolist() == ["a", "b"]
    assert pd.isna(own.iloc[2])


def test_every_embedded_scheme_holds_together():
    listed = regions.list_schemes()
    assert listed.index.is_unique
    for name in listed.index:
        scheme = regions.read_scheme(name)
        members = [m for group in scheme.groups.values() for m in group]
        assert scheme.name == name
        assert scheme.source
        assert listed.loc[name, "members"] == len(set(members))
        # every member belongs to its own group
        assigned = regions.assign_scheme(frame(*sorted(set(members))), name)
        for group, own in scheme.groups.items():
            if scheme.kind == "overlapping":
                assert assigned.loc[list(own), group].all()
            else:
                assert (assigned.loc[list(own), name] == group).all()


def test_partition_or_the_ways_out():
    assert regions.require_partition("three_belts_1986").kind == "partition"
    with pytest.raises(
        InputError, match=r"overlapping groups.*take a partition.*one group against"
    ):
        regions.require_partition("strategy_regions")


def test_reading_by_path_and_object(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'name = "own"\n[[group]]\nid = "x"\nname_en = "Ex"\nmembers = ["440000"]\n',
        encoding="utf-8",
    )
    scheme = regions.read_scheme(path)
    assert (scheme.kind, scheme.level, scheme.names_en) == ("subset", "province", {"x": "Ex"})
    assert regions.read_scheme(str(path)) == scheme
    assert regions.read_scheme(scheme) is scheme
    path.write_text("name = ", encoding="utf-8")
    with pytest.raises(InputError, match="is no TOML"):
        regions.read_scheme(path)
    with pytest.raises(InputError, match="there is no scheme 'nowhere': take one of"):
        regions.read_scheme("nowhere")


def group(**entry: object) -> dict[str, object]:
    return {"name": "s", "group": [{"id": "a", "members": ["01"]}, entry]}


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"group": []}, "needs a name"),
        ({"name": "s"}, "needs groups"),
        (group(id="b"), "needs an id and a list of members"),
        (group(id="b", members=[]), "needs an id and a list of members"),
        (group(id="a", members=["02"]), "the group 'a' twice"),
        (group(id="b", members=[2]), "must be text, as codes are; 2"),
        (group(id="b", members=["02", "02"]), "has a member twice"),
        ({**group(id="b", members=["01"]), "kind": "partition"}, "01 stand in two groups"),
        ({**group(id="b", members=["02"]), "kind": "cover"}, "kind of scheme 's' must be one of"),
    ],
)
def test_messages_of_a_scheme(mapping, message):
    with pytest.raises(InputError, match=message):
        regions.read_scheme(mapping)


def test_members_twice_without_a_kind_overlap():
    assert regions.read_scheme(group(id="b", members=["01"])).kind == "overlapping"


@pytest.mark.parametrize(
    ("given", "scheme", "message"),
    [
        (pd.Series([1], index=["110000"]), "four_segments", "takes a frame indexed by code"),
        (frame("01", "02"), "four_segments", "six-digit code.*'01', '02'.*normalise_codes"),
        (pd.DataFrame({"y": [1]}), "four_segments", "six-digit code, as text; the index holds 0"),
        (frame("440000"), "greater_bay_area", r"drawn by prefecture, and 1 regions \(440000\)"),
        (frame("99"), HALVES, r"none of the 1 codes \(99\) is in scheme 'halves'"),
        (
            frame("110000").assign(four_segments="x"),
            "four_segments",
            "another column 'four_segments'",
        ),
    ],
)
def test_messages_of_assigning(given, scheme, message):
    with pytest.raises(InputError, match=message):
        regions.assign_scheme(given, scheme)


def test_assigning_twice_changes_nothing():
    once = regions.assign_scheme(frame("110000", "710000"), "four_segments")
    pd.testing.assert_frame_equal(regions.assign_scheme(once, "four_segments"), once)


def test_provinces_that_hold_no_member_are_just_outside():
    # Hebei holds no city of the bay area: no reason to refuse it
    column = regions.assign_scheme(frame("130000", "810000"), "greater_bay_area")
    assert column["greater_bay_area"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("four_segments", "four segments"),
        ("coast_interior_1956", "coast and interior, 1956"),
        ("yangtze_delta", "Yangtze River Delta, four provinces"),
        ("g60_corridor", "G60 Science and Innovation Corridor, nine cities"),
        ("beijing_tianjin_hebei", "Beijing-Tianjin-Hebei region"),
        ("zhejiang_demonstration", "Zhejiang, demonstration area for common prosperity"),
        ("hainan", "Hainan"),
    ],
)
def test_a_scheme_in_a_sentence_keeps_the_capitals_of_names(name, words):
    assert regions.read_scheme(name).words == words
