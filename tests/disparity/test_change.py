"""The change of an index: from people or from relative values, exactly, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity
from spatialreg.disparity import decompose_change
from spatialreg.errors import InputError, MissingDataWarning

COLUMNS = {"per_head": "income", "population": "people"}
YEARS = {"start": 2000, "end": 2004}
MEASURES = ["T", "L", "ge(2)", "ge(-1)"]


def two_years(y0, y1, p0, p1, zone):
    codes = list("abcdef")[: len(y0)]
    return sr.to_panel(
        pd.DataFrame(
            {"code": codes * 2, "year": [2000] * len(codes) + [2004] * len(codes),
             "income": [*y0, *y1], "people": [*p0, *p1], "zone": list(zone) * 2}
        )
    )  # fmt: skip


def whole(result):
    return result.frame[result.frame["group"] == "all"]


def test_two_regions_by_hand():
    """L of incomes 1 and 3: ln of the mean less the mean of logarithms, with each year's people."""
    panel = two_years([1, 3], [1, 5], [1, 1], [3, 1], "we")
    result = decompose_change(panel, **COLUMNS, by="zone", **YEARS, measure="L")
    x00 = np.log(2) - np.log(3) / 2
    x10 = np.log(1.5) - np.log(3) / 4  # people of 2004, values of 2000
    x01 = np.log(3) - np.log(5) / 2
    x11 = np.log(2) - np.log(5) / 4
    assert result.start_value == pytest.approx(x00, rel=1e-14)
    assert result.end_value == pytest.approx(x11, rel=1e-14)
    assert result.from_population == pytest.approx((x10 - x00 + x11 - x01) / 2, rel=1e-13)
    assert result.from_relative == pytest.approx((x01 - x00 + x11 - x10) / 2, rel=1e-13)
    assert result.change == pytest.approx(x11 - x00, rel=1e-13)
    assert (result.start, result.end) == (2000, 2004)
    # each zone is one region: all is between them
    assert whole(result).set_index("component")["change"].tolist() == [
        pytest.approx(result.change), 0
    ]  # fmt: skip


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("by", ["zone", ["zone", "half"]])
def test_everything_adds_up(panel, measure, by):
    panel["half"] = np.where(panel.index.get_level_values(0) < "06", "first", "last")
    result = decompose_change(panel, **COLUMNS, by=by, **YEARS, measure=measure)
    for table in (whole(result), result.frame[result.frame["group"] != "all"], result.units):
        for column in ("change", "from_population", "from_relative"):
            expected = getattr(result, column)
            assert table[column].sum() == pytest.approx(expected, abs=1e-13)
        assert table["share"].sum() == pytest.approx(1, rel=1e-9)
        both = table["from_population"] + table["from_relative"]
        np.testing.assert_allclose(both, table["change"], atol=1e-15)
        np.testing.assert_allclose(table["end"] - table["start"], table["change"], atol=1e-15)
    for year, column in ((2000, "start"), (2004, "end")):
        alone = sr.decompose_theil(panel.xs(year, level="year"), **COLUMNS, by=by, measure=measure)
        usual = (alone.frame["group"] == "all") | (alone.frame["component"] == "within")
        np.testing.assert_allclose(
            result.frame.loc[usual, column], alone.frame.loc[usual, "value"], atol=1e-14
        )
        assert (result.frame[column] >= 0).all()
        np.testing.assert_allclose(result.units[column], alone.units["contribution"], atol=1e-14)
        assert result.frame["group"].tolist() == alone.frame["group"].tolist()


@pytest.mark.parametrize("measure", MEASURES)
def test_only_people_or_only_values_move(measure):
    still = [1.0, 3.0, 4.0, 9.0]
    people = two_years(still, np.multiply(still, 7), [4, 3, 2, 1], [1, 2, 3, 9], "wwee")
    result = decompose_change(people, **COLUMNS, by="zone", **YEARS, measure=measure)
    assert abs(result.change) > 0.01
    assert result.from_population == pytest.approx(result.change, rel=1e-12)
    np.testing.assert_allclose(result.frame["from_relative"], 0, atol=1e-14)
    values = two_years(still, still[::-1], [4, 3, 2, 1], [8, 6, 4, 2], "wwee")
    result = decompose_change(values, **COLUMNS, by="zone", **YEARS, measure=measure)
    assert result.from_relative == pytest.approx(result.change, rel=1e-12)
    np.testing.assert_allclose(result.units["from_population"], 0, atol=1e-14)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_group_that_nears_the_mean_contributes_less(measure):
    """The rich group falls from 8 to 6 and the poor rises from 2 to 4; the middle stays at 5."""
    panel = two_years([2, 5, 8], [4, 5, 6], [1, 1, 1], [1, 1, 1], "pmr")
    frame = decompose_change(panel, **COLUMNS, by="zone", **YEARS, measure=measure).frame
    change = frame[frame["component"] == "between"].set_index("group")["change"]
    assert change["p"] < 0
    assert change["r"] < 0
    assert change["m"] == 0


def test_without_people_nothing_comes_from_them(panel):
    result = decompose_change(panel, per_head="income", population=None, by="zone", **YEARS)
    assert result.from_population == 0
    y0, y1 = (panel["income"].xs(year, level="year") for year in (2000, 2004))
    assert result.change == pytest.approx(disparity.theil(y1) - disparity.theil(y0), abs=1e-14)


def by_zone(one):
    """Give by zone the share of people v, the mean m and that over all l, t = v l, and L."""
    value = one["income"] * one["people"]
    people = one["people"].groupby(one["zone"]).sum()
    table = pd.DataFrame(
        {"v": people / people.sum(), "m": value.groupby(one["zone"]).sum() / people}
    )
    table["l"] = table["m"] * people.sum() / value.sum()
    table["t"] = table["v"] * table["l"]
    table["own"] = [
        disparity.mld(rows["income"], population=rows["people"]) for _, rows in one.groupby("zone")
    ]
    return table


def test_terms_of_mookherjee_and_shorrocks(panel):
    """Each sum written out by group, from shares, means and L of the two years."""
    result = decompose_change(panel, **COLUMNS, by="zone", **YEARS, measure="L")
    a, b = (by_zone(panel.xs(year, level="year")) for year in (2000, 2004))
    half = (a + b) / 2
    expected = pd.DataFrame(
        {
            "within": half["v"] * (b["own"] - a["own"]),
            "people_within": half["own"] * (b["v"] - a["v"]),
            "people_between": (half["l"] - (np.log(a["l"]) + np.log(b["l"])) / 2)
            * (b["v"] - a["v"]),
            "means": (half["t"] - half["v"]) * (np.log(b["m"]) - np.log(a["m"])),
        }
    )
    terms = result.terms
    np.testing.assert_allclose(terms.loc[list("nsw"), expected.columns], expected, atol=1e-14)
    total = terms.loc["all", expected.columns].sum()
    assert total + terms.loc["all", "residual"] == pytest.approx(result.change, abs=1e-14)
    assert abs(terms.loc["all", "residual"]) < 0.05 * abs(result.change)
    assert decompose_change(panel, **COLUMNS, by="zone", **YEARS).terms.empty
    nested = decompose_change(
        panel.assign(part="p"), **COLUMNS, by=["part", "zone"], **YEARS, measure="L"
    )
    np.testing.assert_allclose(nested.terms, terms, atol=1e-14)
    assert nested.terms.index.tolist() == ["p / n", "p / s", "p / w", "all"]


def test_regions_of_one_year_are_left_out_of_both(panel):
    holed = panel.drop(index=[("03", 2000)])
    holed.loc[("05", 2004), "income"] = np.nan
    holed.loc[("07", 2004), "people"] = 0
    with pytest.warns(MissingDataWarning, match="3 of 12 regions .*03, 05, 07") as caught:
        result = decompose_change(holed, **COLUMNS, by="zone", **YEARS)
    assert [w.filename for w in caught] == [__file__]
    expected = decompose_change(
        panel.drop(index=["03", "05", "07"], level="code"), **COLUMNS, by="zone", **YEARS
    )
    pd.testing.assert_frame_equal(result.frame, expected.frame)
    pd.testing.assert_frame_equal(result.units, expected.units)
    assert result.units.index.tolist() == ["00", "01", "02", "04", "06", "08", "09", "10", "11"]


def test_rows_in_any_order_and_other_years_do_not_matter(panel):
    mixed = panel.sample(frac=1, random_state=5)
    before = mixed.copy()
    result = decompose_change(mixed, **COLUMNS, by="zone", **YEARS)
    pd.testing.assert_frame_equal(mixed, before)
    years = panel.index.get_level_values(1)
    expected = decompose_change(panel[years.isin([2000, 2004])], **COLUMNS, by="zone", **YEARS)
    pd.testing.assert_frame_equal(result.frame, expected.frame)
    pd.testing.assert_frame_equal(result.units, expected.units)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": 1999}, "start must be a year of the panel .2000, 2001, 2002, 2003, 2004.*1999"),
        ({"end": 2005}, "end must be a year"),
        ({"start": 2004, "end": 2000}, "start must be before end, not 2004 and 2000"),
        ({"end": 2000}, "start must be before end"),
        ({"measure": "gini"}, "measure must be 'T', 'L' or"),
        ({"by": "moving"}, r"1 regions are in other groups in 2004 than in 2000 \(00\)"),
        ({"by": []}, "at least one grouping"),
        ({"per_head": "once"}, "no region has a value and people in both 2000 and 2004"),
        ({"per_head": "gone"}, "is zero everywhere in 2004"),
        ({"per_head": "mixed"}, "is zero in 2004 in every region with data in both years"),
        ({"measure": "L", "per_head": "mixed"}, "Theil L takes the logarithm"),
    ],
)
@pytest.mark.filterwarnings("ignore::spatialreg.errors.MissingDataWarning")
def test_each_message(panel, arguments, message):
    codes, years = panel.index.get_level_values(0), panel.index.get_level_values(1)
    panel["moving"] = panel["zone"].mask((codes == "00") & (years == 2004), "x")
    panel["once"] = panel["income"].where((codes < "06") == (years == 2000))
    panel["gone"] = panel["income"].where(years != 2004, 0.0)
    panel["mixed"] = panel["gone"].mask((codes == "00") & (years == 2004), 1.0)
    panel["mixed"] = panel["mixed"].mask((codes == "00") & (years == 2000))
    call = COLUMNS | {"by": "zone"} | YEARS | arguments
    with pytest.raises(InputError, match=message):
        decompose_change(panel, **call)


def test_a_frame_of_one_year_raises(regions):
    with pytest.raises(InputError, match="levels code and year"):
        decompose_change(regions, **COLUMNS, by="zone", **YEARS)
