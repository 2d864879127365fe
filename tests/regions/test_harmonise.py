"""Tables carried from the codes of one year to those of another, worked out by hand."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.errors import InputError, MissingDataWarning
from spatialreg.regions import _changes

# of the codes 110101 to 110901: 101 takes 103 in (2010); 201 is recoded to 202 (2005) and to 203
# (2012); 301 is split into 302 and 303, which become 304 together (2011, 2015); 401 goes on and
# hands a part to the new 402 (2014); 501 and 502 make the new 503 (2003); 601 and 602 swap their
# codes (2008); 701 is renamed; 801 gives 3 of 10 people to the new 802 (2018); 901 is new (2016)
# and takes a part of 101 (2019)
EVENTS = """year,date,kind,from_code,from_name,to_code,to_name,share,note
2003,,merge,110501,,110503,,1,
2003,,merge,110502,,110503,,1,
2005,,recode,110201,,110202,,1,
2008,,recode,110601,,110602,,1,
2008,,recode,110602,,110601,,1,
2010,,merge,110103,,110101,,1,
2010,,merge,110101,,110101,,1,
2011,,split,110301,,110302,,,
2011,,split,110301,,110303,,,
2012,,recode,110202,,110203,,1,
2013,,rename,110701,a,110701,b,1,
2014,,split,110401,,110401,,,
2014,,split,110401,,110402,,,
2015,,merge,110302,,110304,,1,
2015,,merge,110303,,110304,,1,
2016,,new,,,110901,,,
2018,,split,110801,,110801,,0.7,
2018,,split,110801,,110802,,0.3,
2019,,transfer,110101,,110101,,,
2019,,transfer,110101,,110901,,,
2019,,transfer,110901,,110901,,1,
"""


@pytest.fixture(autouse=True)
def events(monkeypatch):
    text = {c: "str" for c in ("from_code", "to_code", "kind")}
    table = pd.read_csv(io.StringIO(EVENTS), dtype=text)
    monkeypatch.setattr(_changes, "_events", lambda: table)


def old_table() -> pd.DataFrame:
    codes = [
        "110101",
        "110103",
        "110201",
        "110301",
        "110401",
        "110501",
        "110502",
        "110601",
        "110602",
        "110701",
        "110801",
        "110999",
    ]
    people = [90.0, 30, 20, 50, 40, 10, 20, 7, 8, 5, 10, 1]
    years = [12.0, 8, 9, 10, 7, 6, 9, 3, 4, 11, 10, 2]
    return pd.DataFrame({"people": people, "schooling": years}, index=pd.Index(codes, name="code"))


def carried(table: pd.DataFrame, start: int, end: int, **options) -> pd.DataFrame:
    return sr.harmonise(
        table,
        from_year=start,
        to_year=end,
        totals=["people"],
        rates={"schooling": "people"},
        **options,
    )


def test_recodes_merges_and_swaps_forward():
    with pytest.warns(MissingDataWarning, match=r"1 units could not be carried .*\(110401\)"):
        got = carried(old_table(), 2000, 2018)
    # (90 x 12 + 30 x 8) / 120; (10 x 6 + 20 x 9) / 30
    expected = {
        "110101": (120, 11), "110203": (20, 9), "110304": (50, 10), "110503": (30, 8),
        "110601": (8, 4), "110602": (7, 3), "110701": (5, 11), "110801": (7, 10),
        "110802": (3, 10), "110999": (1, 2),
    }  # fmt: skip
    assert got.drop(["110401", "110402"]).T.to_dict("list") == {
        k: list(v) for k, v in expected.items()
    }
    assert got.loc[["110401", "110402"]].isna().all().all()
    assert got.attrs["not_carried"] == [
        ("110401", "110401, 110402", "the shares of its parts are not known")
    ]
    assert got.index.is_monotonic_increasing
    assert got.index.name == "code"


def test_a_split_that_is_undone_is_carried():
    table = old_table().loc[["110301"]]
    assert carried(table, 2010, 2015).loc["110304"].to_list() == [50, 10]
    with pytest.warns(MissingDataWarning):
        assert carried(table, 2010, 2012).isna().all().all()


def test_backward_a_split_is_a_merger_and_a_merger_a_split():
    new = pd.DataFrame({"people": [70.0, 30], "schooling": [10.0, 8]}, index=["110801", "110802"])
    assert carried(new, 2020, 2017).loc["110801"].to_list() == pytest.approx([100, 9.4])
    merged = pd.DataFrame({"people": [120.0], "schooling": [11.0]}, index=["110101"])
    with pytest.warns(MissingDataWarning):
        back = carried(merged, 2010, 2009)
    assert back.index.to_list() == ["110101", "110103"]
    assert back.isna().all().all()
    swapped = pd.DataFrame({"people": [1.0, 2], "schooling": [3.0, 4]}, index=["110601", "110602"])
    assert carried(swapped, 2010, 2000)["people"].to_dict() == {"110601": 2, "110602": 1}


def test_there_and_back_is_the_same_where_nothing_was_divided():
    table = old_table().loc[["110201", "110601", "110602", "110701", "110999"]]
    there = carried(table, 2000, 2018)
    pd.testing.assert_frame_equal(carried(there, 2018, 2000), table, check_like=True)


def test_a_unit_of_which_a_source_is_not_in_the_table_is_missing_not_partial():
    with pytest.warns(MissingDataWarning, match="110103"):
        got = carried(old_table().loc[["110101", "110999"]], 2009, 2011)
    assert got.loc["110101"].isna().all()
    assert got.attrs["not_carried"] == [("110103", "110101", "it is not in the table")]


def test_missing_values_stay_missing_and_sums_are_never_partial():
    table = old_table()
    table.loc["110103", "people"] = np.nan
    table.loc["110201", "people"] = np.nan
    with pytest.warns(MissingDataWarning, match="110101"):
        got = carried(table.loc[["110101", "110103", "110201"]], 2000, 2018)
    assert got.loc["110101"].isna().all()
    # a unit that goes over whole keeps its rate without its weight
    assert np.isnan(got.loc["110203", "people"])
    assert got.loc["110203", "schooling"] == 9


def test_the_users_own_parts_go_before_what_is_unknown():
    table = old_table().loc[["110401"]]
    got = carried(table, 2013, 2014, parts={("110401", "110401"): 0.75, ("110401", "110402"): 0.25})
    assert got["people"].to_dict() == {"110401": 30, "110402": 10}
    assert got["schooling"].to_list() == [7, 7]
    with pytest.raises(InputError, match="do not add up to 1"):
        carried(table, 2013, 2014, parts={("110401", "110401"): 0.75, ("110401", "110402"): 0.5})
    with pytest.raises(InputError, match="no such change"):
        carried(table, 2013, 2014, parts={("110401", "110777"): 1.0})


def test_a_panel_is_carried_year_by_year():
    table = pd.concat({2001: old_table(), 2002: old_table() * 2}, names=["year"]).swaplevel()
    got = carried(table.sort_index().drop("110401", level="code"), 2002, 2010)
    assert got.index.names == ["code", "year"]
    assert got.loc[("110101", 2001)].to_list() == [120, 11]
    assert got.loc[("110101", 2002)].to_list() == [240, 22]


def test_rows_in_any_order_give_the_same():
    table = old_table().drop("110401")
    shuffled = table.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(carried(shuffled, 2000, 2018), carried(table, 2000, 2018))


def test_the_same_year_changes_nothing():
    pd.testing.assert_frame_equal(carried(old_table(), 2000, 2000), old_table())


def test_inputs_are_left_as_they_are():
    table = old_table().drop("110401")
    before = table.copy()
    carried(table, 2000, 2018)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"totals": []}, "which is not among totals="),
        ({}, {"totals": ["persons"]}, "has no column 'persons'"),
        ({}, {"totals": ["people", "schooling"]}, "'schooling' is named twice"),
        ({}, {"totals": (), "rates": None}, "nothing is named"),
        ({}, {"rates": None, "shares": {"people": "people"}}, "is named twice"),
        ({"schooling": 120.0}, {"rates": None, "shares": {"schooling": "people"}}, "hold shares"),
        ({"people": "x"}, {}, "must hold numbers; 12 rows do not"),
        ({}, {"from_year": 1998}, "a year from 1999 to 2024, not 1998"),
        ({}, {"to_year": 2010.5}, "to_year must be a year"),
        ({}, {"from_year": 2010, "to_year": 2011}, r"4 had ended \(110103, 110201, 110501"),
    ],
)
def test_bad_input_says_what_and_the_mend(change, options, message):
    wanted = {
        "from_year": 2000, "to_year": 2002, "totals": ["people"], "rates": {"schooling": "people"},
    }  # fmt: skip
    with pytest.raises(InputError, match=message):
        sr.harmonise(old_table().assign(**change), **{**wanted, **options})


def test_a_code_that_does_not_exist_yet_raises():
    table = pd.DataFrame({"people": [1.0], "schooling": [1.0]}, index=["110304"])
    with pytest.raises(InputError, match=r"1 did not exist yet \(110304\)"):
        carried(table, 2010, 2020)


def test_a_code_twice_raises():
    table = pd.concat([old_table(), old_table()])
    with pytest.raises(InputError, match="more than once"):
        carried(table, 2000, 2001)


def test_a_unit_of_unknown_origin_is_missing():
    # 110901 comes from nobody knows where in 2016; 110101 hands a part to it in 2019
    there = pd.DataFrame({"people": [9.0, 4], "schooling": [8.0, 6]}, index=["110101", "110901"])
    with pytest.warns(MissingDataWarning, match="110901"):
        back = carried(there, 2017, 2015)
    assert back["people"].to_dict() == {"110101": 9}
    assert back.attrs["not_carried"] == [("110901", "", "it is not stated where it came from")]
    ahead = carried(there.drop("110901"), 2015, 2017)
    assert ahead["people"].to_dict() == {"110101": 9}


def test_where_a_unit_hands_over_a_part_both_are_missing_unless_the_part_is_stated():
    there = pd.DataFrame({"people": [10.0, 4], "schooling": [8.0, 6]}, index=["110101", "110901"])
    with pytest.warns(MissingDataWarning, match="110101"):
        assert carried(there, 2018, 2019).isna().all().all()
    parts = {("110101", "110101"): 0.8, ("110101", "110901"): 0.2}
    got = carried(there, 2018, 2019, parts=parts)
    assert got["people"].to_dict() == {"110101": 8, "110901": 6}
    assert got.loc["110901", "schooling"] == pytest.approx((2 * 8 + 4 * 6) / 6)


def test_hand_overs_can_be_ignored_and_are_listed():
    there = pd.DataFrame({"people": [10.0, 4], "schooling": [8.0, 6]}, index=["110101", "110901"])
    got = carried(there, 2018, 2019, transfers="ignore")
    assert got["people"].to_dict() == {"110101": 10, "110901": 4}
    assert got.attrs["transfers_ignored"] == [(2019, "110101", "110901")]
    assert got.attrs["not_carried"] == []
    with pytest.raises(InputError, match="transfers must be one of"):
        carried(there, 2018, 2019, transfers="share")


def test_a_unit_that_hands_over_a_part_and_takes_another_in_keeps_itself():
    # without the hand-over of 2019 nothing happened to 110101; the one of 2021 took 110102 in too
    both = EVENTS + (
        "2021,,merge,110102,,110101,,1,\n2021,,transfer,110101,,110101,,,\n"
        "2021,,transfer,110101,,110901,,,\n2021,,transfer,110901,,110901,,1,\n"
    )
    table = pd.read_csv(io.StringIO(both), dtype={c: "str" for c in ("from_code", "to_code")})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_changes, "_events", lambda: table)
        old = pd.DataFrame(
            {"people": [10.0, 5, 4], "schooling": [8.0, 5, 6]},
            index=["110101", "110102", "110901"],
        )
        got = carried(old, 2020, 2021, transfers="ignore")
        assert got["people"].to_dict() == {"110101": 15, "110901": 4}
        with pytest.warns(MissingDataWarning, match="110102"):
            missing = carried(old.drop("110102"), 2020, 2021, transfers="ignore")
        assert np.isnan(missing.loc["110101", "people"])


def test_a_panel_that_lacks_a_part_in_one_year_is_missing_in_that_year():
    table = pd.concat({2001: old_table(), 2002: old_table()}, names=["year"]).swaplevel()
    table = table.drop([("110103", 2002), ("110401", 2001), ("110401", 2002)])
    got = carried(table, 2002, 2010)
    assert got.loc[("110101", 2001), "people"] == 120
    assert np.isnan(got.loc[("110101", 2002), "people"])


def test_rates_without_a_weight_are_told():
    table = old_table().loc[["110501", "110502"]].assign(people=[0.0, 0.0])
    with pytest.warns(MissingDataWarning, match="110503"):
        got = carried(table, 2000, 2003)
    assert got.attrs["not_carried"] == [
        ("110503", "110503", "'schooling' has no weight: 'people' is missing or zero")
    ]


@pytest.mark.parametrize("write", [int, float, lambda code: f"{code}.0", lambda c: f" {c}000000 "])
def test_codes_are_brought_to_six_digits(write):
    table = old_table().drop("110401")
    written = table.set_axis([write(code) for code in table.index])
    pd.testing.assert_frame_equal(carried(written, 2000, 2002), carried(table, 2000, 2002))


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (["110101", "Total"], r"1 are no codes \(Total\)"),
        (["110101", "110000"], r"1 are of provinces \(110000\)"),
        (["110101", 110101], "more than once"),
    ],
)
def test_rows_that_are_no_counties_raise(index, message):
    table = pd.DataFrame({"people": [1.0, 2], "schooling": [1.0, 2]}, index=index)
    with pytest.raises(InputError, match=message):
        carried(table, 2000, 2002)
