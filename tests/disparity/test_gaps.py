"""Gaps of town and country, and before and after transfers: by hand, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity import concentration_coefficient, transfer_effect, urban_rural_gap
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

COLUMNS = {
    "urban": "town",
    "rural": "country",
    "urban_population": "in_town",
    "rural_population": "in_country",
}


@pytest.fixture
def regions():
    return pd.DataFrame(
        {
            "town": [40.0, 30.0, 20.0],
            "country": [10.0, 15.0, 20.0],
            "in_town": [1.0, 3.0, 2.0],
            "in_country": [3.0, 1.0, 2.0],
        },
        index=pd.Index(list("abc"), name="code"),
    )


def test_gaps_by_hand(regions):
    result = urban_rural_gap(regions, urban="town", rural="country")
    assert result.columns.tolist() == ["ratio", "difference", "log_gap"]
    assert result["ratio"].tolist() == [4, 2, 1]
    assert result["difference"].tolist() == [30, 15, 0]
    np.testing.assert_allclose(result["log_gap"], np.log([4, 2, 1]), rtol=1e-15)
    pd.testing.assert_index_equal(result.index, regions.index)


def test_theil_of_two_groups_by_hand(regions):
    """Region a: townsmen earn 40 of 70 and are 1 of 4; countrymen 30 of 70, and 3 of 4."""
    result = urban_rural_gap(regions, **COLUMNS)
    a = 4 / 7 * np.log(4 / 7 * 4) + 3 / 7 * np.log(3 / 7 * 4 / 3)
    b = 90 / 105 * np.log(90 / 105 * 4 / 3) + 15 / 105 * np.log(15 / 105 * 4)
    np.testing.assert_allclose(result["theil"], [a, b, 0], rtol=1e-12, atol=1e-15)
    assert result["mean"].tolist() == [17.5, 26.25, 20]
    assert result["urban_share"].tolist() == [0.25, 0.75, 0.5]


def test_the_total_of_all_regions(regions):
    """Town: 40 + 90 + 40 among 6; country: 30 + 15 + 40 among 6."""
    result = urban_rural_gap(regions, **COLUMNS, total="all")
    row = result.loc["all"]
    assert row["ratio"] == pytest.approx(170 / 85)
    assert row["difference"] == pytest.approx(85 / 6)
    assert row["mean"] == pytest.approx(255 / 12)
    value = 170 / 255 * np.log(170 / 255 * 2) + 85 / 255 * np.log(85 / 255 * 2)
    assert row["theil"] == pytest.approx(value, rel=1e-12)
    pd.testing.assert_frame_equal(
        result.drop("all"), urban_rural_gap(regions, **COLUMNS), check_names=False
    )
    assert "all: urban people" in result.attrs["definition"]


def test_a_panel_has_a_total_each_year(regions):
    panel = sr.to_panel(pd.concat(regions.reset_index().assign(year=year) for year in (2001, 2000)))
    panel.loc[("a", 2000), "town"] = np.nan
    with pytest.warns(MissingDataWarning, match=r"1 of 6 rows .* do not count in 'all'"):
        result = urban_rural_gap(panel, **COLUMNS, total="all")
    assert result.index.names == ["code", "year"]
    assert np.isnan(result.loc[("a", 2000)]).sum() == 5  # all but the share of people
    assert result.loc[("all", 2001), "ratio"] == pytest.approx(2)
    # without a: town 90 + 40 among 5, country 15 + 40 among 3
    assert result.loc[("all", 2000), "ratio"] == pytest.approx(130 / 5 / (55 / 3))
    mixed = panel.sample(frac=1, random_state=1)
    with pytest.warns(MissingDataWarning):
        again = urban_rural_gap(mixed, **COLUMNS, total="all")
    pd.testing.assert_frame_equal(again.loc[result.index], result)


def test_a_year_without_data_has_no_total(regions):
    panel = sr.to_panel(pd.concat(regions.reset_index().assign(year=year) for year in (2001, 2000)))
    panel.loc[(slice(None), 2000), "in_town"] = np.nan
    with pytest.warns(MissingDataWarning, match="3 of 6 rows"):
        result = urban_rural_gap(panel, **COLUMNS, total="all")
    assert result.loc[("all", 2000)].isna().all()
    assert result.loc[("b", 2000), "ratio"] == 2
    assert np.isnan(result.loc[("b", 2000), "theil"])


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        (lambda r: r["town"], {}, "a DataFrame indexed by region"),
        (lambda r: r, {"urban": "city"}, "no column 'city'"),
        (lambda r: r, {"rural": "town"}, "must be different columns"),
        (lambda r: r, {"rural_population": None}, "give both, or neither"),
        (
            lambda r: r,
            {"urban_population": None, "rural_population": None, "total": "all"},
            "total weighs regions by their people",
        ),
        (lambda r: r, {"total": "b"}, "'b' is the code of a region"),
        (lambda r: r.assign(town=0.0), {}, "'town' must be above zero; 3 values"),
        (lambda r: r.assign(in_town=-1.0), {}, "'in_town' must not be negative"),
        (lambda r: r.assign(town="x"), {}, "must be numeric"),
    ],
)
def test_each_message_of_the_gap(regions, change, arguments, message):
    with pytest.raises(InputError, match=message):
        urban_rural_gap(change(regions), **{**COLUMNS, **arguments})


# transfers -------------------------------------------------------------------------------------


@pytest.fixture
def budgets():
    return pd.DataFrame(
        {"own": [1.0, 2.0, 6.0], "spent": [4.0, 3.0, 5.0], "people": [2, 1, 1]},
        index=pd.Index(list("abc"), name="code"),
    )


def test_transfers_by_hand(budgets):
    """Six people of four regions: own 1 1 2 6, spent 4 4 3 5.

    Gini before: differences 0 1 5 1 5 4 = 16 of 2 x 16 pairs over 2.5 x ... = 0.4; after: 0 1 1 1
    1 2 = 6 of pairs, mean 4: 2 x 6 / (2 x 16 x 4) = 3/32. In the order before, people stand at 1/4
    (two), 5/8, 7/8: C = (8 x -1/2 + 3 x 1/4 + 5 x 3/4) / 16 = 1/32.
    """
    result = transfer_effect(
        budgets, before="own", after="spent", population="people", measures=["gini", "hoover"]
    )
    gini = result.gini.iloc[0]
    assert gini["before"] == pytest.approx(0.4)
    assert gini["after"] == pytest.approx(3 / 32)
    assert gini["concentration"] == pytest.approx(1 / 32)
    assert gini["redistribution"] == pytest.approx(0.4 - 3 / 32)
    assert gini["vertical"] == pytest.approx(0.4 - 1 / 32)
    assert gini["reranking"] == pytest.approx(2 / 32)
    # transfers 3 3 1 -1: sum 6 of 16 spent; C = (6 x -1/2 + 1/4 - 3/4) / 6 = -7/12
    assert gini["share"] == pytest.approx(6 / 16)
    assert gini["progressivity"] == pytest.approx(0.4 + 7 / 12)
    assert gini["musgrave_thin"] == pytest.approx((29 / 32) / 0.6)
    frame = result.frame
    assert frame.index.tolist() == ["gini", "hoover"]
    # Hoover before: 1 1 2 6 about 2.5: (1.5 + 1.5 + .5 + 3.5) / 20; after about 4: 2 / 32
    assert frame.loc["hoover", "before"] == pytest.approx(0.35)
    assert frame.loc["hoover", "after"] == pytest.approx(2 / 32)
    assert frame.loc["hoover", "relative"] == pytest.approx(1 - 2 / 32 / 0.35)
    regions = result.regions
    assert regions["gain"].tolist() == [3, 1, -1]
    np.testing.assert_allclose(regions["relative_gain"], [1 - 0.4, 0.75 - 0.8, 1.25 - 2.4])
    assert regions["rank_before"].tolist() == [1, 2, 3]
    assert regions["rank_after"].tolist() == [2, 1, 3]


def test_a_panel_is_its_years(budgets):
    later = budgets.assign(spent=budgets["own"])
    panel = sr.to_panel(
        pd.concat(
            frame.reset_index().assign(year=year)
            for year, frame in ((2000, budgets), (2010, later))
        )
    )
    arguments = {"before": "own", "after": "spent", "population": "people"}
    result = transfer_effect(panel, **arguments)
    one = transfer_effect(budgets, **arguments)
    pd.testing.assert_frame_equal(result.frame.loc[2000], one.frame)
    assert result.gini.loc[2000].tolist() == one.gini.iloc[0].tolist()
    unchanged = result.gini.loc[2010]
    assert unchanged[["redistribution", "vertical", "reranking", "share"]].tolist() == [0] * 4
    assert np.isnan(unchanged["progressivity"])
    assert result.frame.index.names == ["year", "measure"]
    pd.testing.assert_index_equal(result.regions.index, panel.index)
    mixed = panel.sample(frac=1, random_state=2)
    again = transfer_effect(mixed, **arguments)
    pd.testing.assert_frame_equal(again.frame, result.frame)
    pd.testing.assert_frame_equal(again.gini, result.gini)
    pd.testing.assert_frame_equal(again.regions.loc[panel.index], result.regions)


def test_before_and_after_are_of_the_same_regions(budgets):
    panel = sr.to_panel(pd.concat(budgets.reset_index().assign(year=year) for year in (2000, 2010)))
    panel.loc[("c", 2000), "spent"] = np.nan
    panel.loc[(slice(None), 2010), "own"] = np.nan
    with pytest.warns(MissingDataWarning, match="4 of 6 rows lack 'own' or 'spent' or 'people'"):
        result = transfer_effect(panel, before="own", after="spent", population="people")
    two = transfer_effect(budgets.loc[["a", "b"]], before="own", after="spent", population="people")
    pd.testing.assert_frame_equal(result.frame.loc[2000], two.frame)
    assert result.frame.loc[2010].isna().all(axis=None)
    assert result.gini.loc[2010].isna().all()
    assert result.regions.loc[("c", 2000)].isna().all()


def test_without_population_each_region_counts_once(budgets):
    result = transfer_effect(budgets, before="own", after="spent", population=None)
    same = transfer_effect(budgets.assign(people=7), before="own", after="spent",
                           population="people")  # fmt: skip
    pd.testing.assert_frame_equal(result.frame, same.frame)
    assert "each region counted once" in result.words


def test_regions_of_equal_rank_share_it():
    """With y in any order among equals, the coefficient is that of their mean."""
    rank = pd.Series([1.0, 1, 2, 2], index=list("abcd"))
    value = concentration_coefficient(pd.Series([1.0, 3, 4, 8], index=list("abcd")), rank)
    other = concentration_coefficient(pd.Series([3.0, 1, 8, 4], index=list("abcd")), rank)
    # middle ranks 1/4 and 3/4: (4 x -1/2 + 12 x 1/2) / 16
    assert value == other == pytest.approx(0.25)


def test_concentration_leaves_out_what_is_missing():
    y = pd.Series([3.0, 1.0, np.nan, 5.0], index=list("abcd"))
    rank = pd.Series([1.0, 2.0, 3.0, np.nan], index=list("abcd"))
    with pytest.warns(MissingDataWarning) as caught:
        assert concentration_coefficient(y, rank) == pytest.approx(-0.25)
    told = [str(w.message) for w in caught]
    assert any("1 of 4 rows have no rank_by" in text for text in told)
    assert any("rows have no y" in text for text in told)


@pytest.mark.parametrize(
    ("y", "rank", "message"),
    [
        ([1.0, 2.0], "ax", "same labels; 2 stand in one of them only"),
        ([-1.0, 2.0], "ab", "must not be negative"),
        ([0.0, 0.0], "ab", "zero everywhere"),
    ],
)
def test_each_message_of_the_coefficient(y, rank, message):
    with pytest.raises((InputError, AlignmentError), match=message):
        concentration_coefficient(
            pd.Series(y, index=list("ab")), pd.Series([1.0, 2.0], index=list(rank))
        )
    with pytest.raises(InputError, match="must be a pandas Series"):
        concentration_coefficient([1, 2], pd.Series([1.0, 2.0]))


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        (lambda b: b, {"after": "own"}, "are the same column"),
        (lambda b: b, {"before": "raised"}, "no column 'raised'"),
        (lambda b: b, {"measures": "gini"}, r"pass \['gini'\]"),
        (lambda b: b, {"measures": []}, "at least one measure"),
        (lambda b: b, {"measures": ["range"]}, "measures must be among"),
        (lambda b: b.assign(own=-1.0), {}, "'own' must not be negative"),
        (lambda b: b.assign(own=0.0), {}, "above zero: there is nothing to compare"),
        (lambda b: b.assign(own=[0.0, 1, 2]), {"measures": ["mld"]}, "takes the logarithm"),
    ],
)
def test_each_message_of_transfers(budgets, change, arguments, message):
    given = {"before": "own", "after": "spent", "population": "people", **arguments}
    with pytest.raises(InputError, match=message):
        transfer_effect(change(budgets), **given)
