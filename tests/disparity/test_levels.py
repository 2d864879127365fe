"""The same measures by level: worked out by hand, against single calls, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity
from spatialreg.disparity import inequality_by_level
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

ARGUMENTS = {"per_head": "income", "population": "people"}
LEVELS = ["zone", "province"]


@pytest.fixture
def regions(regions):
    """Provinces inside zones: p in w, q in its own, r in e."""
    return regions.assign(zone=list("wwweee"))


def joined(frame, by):
    """Give value per head and people of each unit."""
    people = frame.groupby(by)["people"].sum()
    return (frame["income"] * frame["people"]).groupby(frame[by]).sum() / people, people


def test_two_levels_by_hand():
    counties = pd.DataFrame(
        {"income": [1.0, 3.0, 5.0], "people": [3, 1, 4], "province": ["x", "x", "y"]},
        index=pd.Index(["a", "b", "c"], name="county"),
    )
    result = inequality_by_level(counties, **ARGUMENTS, by="province", measures=["hoover", "gini"])
    # x: 6 over 4 people = 1.5, y: 20 over 4 = 5; value shares 6/26 and 20/26
    assert result.index.tolist() == ["province", "county"]
    assert result.loc["province", "units"] == 2
    assert result.loc["province", "hoover"] == pytest.approx(20 / 26 - 0.5)
    log = np.log
    upper = 6 / 26 * log(6 / 26 / 0.5) + 20 / 26 * log(20 / 26 / 0.5)
    lower = sum(v / 26 * log(v / 26 / n) for v, n in ((3, 3 / 8), (3, 1 / 8), (20, 4 / 8)))
    assert result.loc["province", "between_share"] == pytest.approx(upper / lower)
    assert result.loc["county", "between_share"] == 1
    assert "joined from county by people" in result.attrs["definition"]


def test_each_level_is_the_measure_of_its_units(regions):
    result = inequality_by_level(regions, **ARGUMENTS, by=LEVELS)
    assert result.index.tolist() == ["zone", "province", "region"]
    assert result["units"].tolist() == [2, 3, 6]
    for name in LEVELS:
        y, people = joined(regions, name)
        for measure in ("gini", "theil", "mld", "cv"):
            expected = getattr(disparity, measure)(y, population=people)
            assert result.loc[name, measure] == pytest.approx(expected, rel=1e-12)
    expected = sr.inequality(regions, **ARGUMENTS).iloc[0]
    assert result.loc["region", expected.index].tolist() == pytest.approx(expected.tolist())


def test_shares_are_those_of_the_nested_decomposition(regions):
    result = inequality_by_level(regions, **ARGUMENTS, by=LEVELS)
    parts = sr.decompose_theil(regions, **ARGUMENTS, by=LEVELS).frame.query("group == 'all'")
    share = parts.set_index("level")["share"]
    assert result.loc["zone", "between_share"] == pytest.approx(share["zone"])
    assert result.loc["province", "between_share"] == pytest.approx(
        share["zone"] + share["province"]
    )


def test_a_panel_is_each_year_by_itself(panel):
    area = pd.Series({f"{i:02d}": "ab"[i % 2] for i in range(12)}, name="area")
    result = inequality_by_level(panel, **ARGUMENTS, by=area)
    assert result.index.names == ["level", "year"]
    assert result.index.get_level_values("level").unique().tolist() == ["area", "code"]
    for year in (2000, 2004):
        one = inequality_by_level(panel.xs(year, level="year"), **ARGUMENTS, by=area)
        np.testing.assert_allclose(result.xs(year, level="year"), one, rtol=1e-13)


def test_rows_in_any_order_to_the_last_digit(panel):
    mixed = panel.sample(frac=1, random_state=5)
    before = mixed.copy()
    pd.testing.assert_frame_equal(
        inequality_by_level(mixed, **ARGUMENTS, by="zone"),
        inequality_by_level(panel, **ARGUMENTS, by="zone"),
        check_exact=True,
    )
    pd.testing.assert_frame_equal(mixed, before)


def test_missing_values_leave_the_other_regions_at_all_levels(regions):
    holes = regions.copy()
    holes.loc["c", "income"] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 6 rows .*: c") as caught:
        result = inequality_by_level(holes, **ARGUMENTS, by=LEVELS)
    assert {w.filename for w in caught} == {__file__}
    pd.testing.assert_frame_equal(
        result, inequality_by_level(regions.drop(index="c"), **ARGUMENTS, by=LEVELS)
    )
    assert result["units"].tolist() == [2, 2, 5]  # c was all of q


def test_a_year_without_data_is_nan(panel):
    empty = panel.copy()
    empty.loc[(slice(None), 2003), "income"] = np.nan
    with pytest.warns(MissingDataWarning):
        result = inequality_by_level(empty, **ARGUMENTS, by="zone")
    later = result.xs(2003, level="year")
    assert (later["units"] == 0).all()
    assert later.drop(columns="units").isna().all(axis=None)


def test_equal_regions_have_no_theil_to_share(regions):
    result = inequality_by_level(regions.assign(income=2.0), **ARGUMENTS, by="zone")
    assert result["theil"].tolist() == pytest.approx([0, 0], abs=1e-15)


@pytest.mark.parametrize(
    ("change", "arguments", "error", "message"),
    [
        ({}, {"by": "county"}, InputError, "no column 'county'"),
        ({}, {"by": []}, InputError, "at least one grouping, outermost first"),
        ({}, {"by": ["zone", "zone"]}, InputError, "by has 'zone' twice"),
        ({}, {"by": ["province", "zone"]}, InputError, r"1 units of 'zone' lie in more .*\(w\)"),
        (
            {"province": list("pqpqrr")},
            {"by": LEVELS},
            InputError,
            r"1 units of 'province' lie in more than one of 'zone' \(q\): .*outermost first",
        ),
        ({"zone": None}, {"by": "zone"}, InputError, "6 rows with data have no group in 'zone'"),
        ({}, {"by": pd.Series({"a": "x"})}, AlignmentError, "lacks 5 regions"),
        ({}, {"by": "zone", "measures": ["ginny"]}, InputError, "not 'ginny'"),
        ({"income": 0.0}, {"by": "zone"}, InputError, "takes the logarithm"),
        ({"income": -1.0}, {"by": "zone"}, InputError, "must not be negative"),
        ({"people": 0}, {"by": "zone"}, InputError, "no region with a value and people"),
        ({"region": "x"}, {"by": "region"}, InputError, "by has the name of the index, 'region'"),
    ],
)
def test_each_message(regions, change, arguments, error, message):
    with pytest.raises(error, match=message):
        inequality_by_level(regions.assign(**change), **ARGUMENTS, **arguments)


def test_a_region_that_moves_between_units_raises(panel):
    moved = panel.copy()
    moved.loc[("03", 2004), "zone"] = "s"
    with pytest.raises(
        InputError, match=r"1 units of 'code' lie in more than one of 'zone' \(03\)"
    ):
        inequality_by_level(moved, **ARGUMENTS, by="zone")
