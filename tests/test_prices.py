"""Constant prices: worked out by hand, broken chains, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning
from spatialreg.prices import compare_vintages, constant_prices, implicit_deflator, rebase_index

COLUMNS = {"value": "gdp", "growth_index": "growth"}


def panel(**columns):
    """Two regions, 2008-2011."""
    base = {
        "code": ["a"] * 4 + ["b"] * 4,
        "year": [2008, 2009, 2010, 2011] * 2,
        "gdp": [70.0, 80.0, 100.0, 130.0, 10.0, 20.0, 30.0, 40.0],
        "growth": [105.0, 110.0, 125.0, 120.0, np.nan, 150.0, 80.0, 100.0],
    }
    return sr.to_panel(pd.DataFrame(base | columns))


def test_values_are_chained_forwards_and_backwards_by_hand():
    result = constant_prices(panel(), **COLUMNS, base_year=2010)
    # a: 100; forwards 100 x 1.2; backwards 100 / 1.25 = 80, 80 / 1.1
    # b: 30; forwards 30 x 1.0; backwards 30 / 0.8 = 37.5, 37.5 / 1.5
    expected = [80 / 1.1, 80.0, 100.0, 120.0, 25.0, 37.5, 30.0, 30.0]
    np.testing.assert_allclose(result, expected, rtol=1e-15)
    assert result.name == "gdp_2010_prices"
    assert "2010" in result.attrs["definition"]
    pd.testing.assert_index_equal(result.index, panel().index)


@pytest.mark.parametrize("base_year", [2008, 2009, 2010, 2011])
def test_base_year_keeps_its_nominal_value_and_growth_is_the_index(base_year):
    frame = panel()
    result = constant_prices(frame, **COLUMNS, base_year=base_year)
    np.testing.assert_array_equal(
        result.xs(base_year, level="year"), frame["gdp"].xs(base_year, level="year")
    )
    growth = result.groupby("code").pct_change().mul(100).add(100)
    later = growth.notna()
    np.testing.assert_allclose(growth[later], frame["growth"][later], rtol=1e-12)


def test_the_index_of_the_first_year_is_not_needed():
    assert constant_prices(panel(), **COLUMNS, base_year=2011).notna().all()


def test_rebased_index_is_100_in_the_base_year():
    result = rebase_index(panel(), growth_index="growth", base_year=2009)
    np.testing.assert_allclose(result["a"], [100 / 1.1, 100, 125, 150], rtol=1e-15)
    assert result.name == "growth_2009_base"


def test_rows_in_any_order_give_the_same_value_for_each_label():
    frame = panel()
    mixed = frame.sample(frac=1, random_state=3)
    before = mixed.copy()
    result = constant_prices(mixed, **COLUMNS, base_year=2009)
    pd.testing.assert_index_equal(result.index, mixed.index)
    pd.testing.assert_series_equal(
        result.sort_index(), constant_prices(frame, **COLUMNS, base_year=2009)
    )
    pd.testing.assert_frame_equal(mixed, before)


def test_a_missing_index_breaks_the_chain_beyond_it_on_its_own_side():
    frame = panel(growth=[105.0, np.nan, 125.0, 120.0, 100.0, 150.0, 80.0, np.nan])
    with pytest.warns(MissingDataWarning, match=r"2 regions .*a before 2009, b from 2011"):
        result = constant_prices(frame, **COLUMNS, base_year=2010)
    assert result["a"].isna().tolist() == [True, False, False, False]
    assert result["b"].isna().tolist() == [False, False, False, True]


def test_the_gap_that_is_named_is_the_one_nearest_to_the_base_year():
    frame = panel(growth=[np.nan, np.nan, np.nan, 120.0, 100.0, np.nan, np.nan, np.nan])
    with pytest.warns(MissingDataWarning, match="a before 2010, b before 2011"):
        late = rebase_index(frame, growth_index="growth", base_year=2011)
    assert late["a"].notna().tolist() == [False, False, True, True]
    with pytest.warns(MissingDataWarning, match="a from 2009, b from 2009"):
        early = rebase_index(frame, growth_index="growth", base_year=2008)
    assert early["a"].notna().tolist() == [True, False, False, False]


def test_a_missing_row_is_a_gap_too():
    frame = panel().drop(index=[("a", 2009)])
    with pytest.warns(MissingDataWarning, match="a before 2009"):
        result = constant_prices(frame, **COLUMNS, base_year=2010)
    assert np.isnan(result["a", 2008])
    assert result["b"].notna().all()


def test_a_missing_nominal_value_in_the_base_year_is_named():
    frame = panel(gdp=[70.0, 80.0, np.nan, 130.0, 10.0, 20.0, 30.0, 40.0])
    with pytest.warns(MissingDataWarning, match="1 regions have no 'gdp' in the base year 2010.*a"):
        result = constant_prices(frame, **COLUMNS, base_year=2010)
    assert result["a"].isna().all()
    assert result["b"].notna().all()


def test_a_region_without_a_row_in_the_base_year_is_nan():
    frame = panel().drop(index=[("a", 2011)])
    with pytest.warns(MissingDataWarning) as caught:
        result = constant_prices(frame, **COLUMNS, base_year=2011)
    assert result["a"].isna().all()
    assert any("base year 2011" in str(w.message) for w in caught)


def test_missing_nominal_values_elsewhere_do_not_matter():
    frame = panel(gdp=[np.nan, 80.0, 100.0, np.nan, 10.0, 20.0, 30.0, 40.0])
    assert constant_prices(frame, **COLUMNS, base_year=2010).notna().all()


FIXED = [100.0, 110.0, 121.0, 130.0, 145.0, 160.0]


@pytest.mark.parametrize(
    ("frame", "base_year", "error", "message"),
    [
        (panel(), 1999, InputError, r"base year 1999 is not in the panel; .* 2008 to 2011"),
        (panel().reset_index(), 2010, InputError, r"levels code and year.*to_panel"),
        (panel().drop(columns="gdp"), 2010, InputError, "no column 'gdp'"),
        (panel().drop(columns="growth"), 2010, InputError, "no column 'growth'"),
        (panel(growth=1.08), 2010, InputError, r"looks like a ratio: multiply it by 100"),
        (panel(growth=8.0), 2010, InputError, r"looks like growth in per cent: add 100"),
        (panel(growth=-1.5), 2010, InputError, r"looks like growth in per cent: add 100"),
        (panel(growth=np.nan), 2010, InputError, "it has no values"),
        (
            panel(growth=[105.0, 1.10, 125.0, 120.0, 100.0, 150.0, 80.0, 1080.0]),
            2010,
            InputError,
            r"2 values are not between 20 and 500, at \('a', 2009\), \('b', 2011\)",
        ),
        (panel(growth="high"), 2010, InputError, "must be numeric"),
        (pd.concat([panel(), panel()]), 2010, AlignmentError, "more than once"),
        (
            pd.DataFrame(
                {"gdp": 1.0, "growth": 100.0},
                index=pd.MultiIndex.from_tuples([("a", "2010")], names=["code", "year"]),
            ),
            2010,
            InputError,
            "whole years",
        ),
        (
            sr.to_panel(
                pd.DataFrame({"code": "a", "year": range(2010, 2016), "gdp": 1.0, "growth": FIXED})
            ),
            2010,
            InputError,
            r"fixed base 2010: divide each year",
        ),
    ],
)
def test_each_message(frame, base_year, error, message):
    with pytest.raises(error, match=message):
        constant_prices(frame, **COLUMNS, base_year=base_year)


def test_years_with_holes_are_listed_as_spans():
    frame = panel().drop(index=2009, level="year")
    with pytest.raises(InputError, match="years are 2008, 2010 to 2011"):
        constant_prices(frame, **COLUMNS, base_year=2009)


def test_a_first_year_filled_with_100_is_no_fixed_base():
    frame = panel(growth=[100.0, 110.0, 125.0, 120.0, 100.0, 150.0, 80.0, 100.0])
    assert constant_prices(frame, **COLUMNS, base_year=2010).notna().all()


def test_china_at_prices_of_2010_grows_as_the_index_says(reference):
    table = pd.read_csv(reference / "nbs_provincial_annual_2000_2019.csv", dtype={"code": str})
    result = constant_prices(
        sr.to_panel(table),
        value="gdp_100m_yuan",
        growth_index="gdp_index_prev100",
        base_year=2010,
    )
    national = result.groupby("year").sum()
    # loose bounds around the national growth of these years, with the slowdown after 2011
    growth = national.pct_change().dropna()
    assert growth.between(0.06, 0.14).all()
    assert growth.loc[:2011].mean() > growth.loc[2013:].mean() + 0.03


# by a price index ------------------------------------------------------------------------------

CHAIN = {"value": "gdp", "deflator": "prices", "deflator_base": "previous year"}
FIX = {"value": "gdp", "deflator": "prices", "deflator_base": "fixed"}


def priced(prices=(90.0, 110.0, 125.0, 120.0, np.nan, 150.0, 80.0, 100.0), **columns):
    """The panel of two regions with a price index in place of growth."""
    return panel(prices=list(prices), **columns)


def test_links_of_prices_are_chained_by_hand():
    result = constant_prices(priced(), **CHAIN, base_year=2009)
    # prices, 2009 = 1: a 1 / 1.1, 1, 1.25, 1.5; b 1 / 1.5, 1, 0.8, 0.8
    expected = [70 * 1.1, 80.0, 100 / 1.25, 130 / 1.5, 10 * 1.5, 20.0, 30 / 0.8, 40 / 0.8]
    np.testing.assert_allclose(result, expected, rtol=1e-15)
    assert result.name == "gdp_2009_prices"
    assert (
        "divided by prices (previous year = 100, chained; 2009 = 1)" in result.attrs["definition"]
    )


def test_prices_with_a_fixed_base_are_scaled_to_the_base_year_by_hand():
    frame = priced([100.0, 110.0, 120.0, 150.0, 2.0, 3.0, 4.0, 5.0])
    result = constant_prices(frame, **FIX, base_year=2010)
    # b has its 100 elsewhere: only the ratio to its own 2010 counts
    expected = [70 * 120 / 100, 80 * 120 / 110, 100, 130 * 120 / 150, 20, 20 * 4 / 3, 30, 32]
    np.testing.assert_allclose(result, expected, rtol=1e-15)
    assert "fixed base; 2010 = 1" in result.attrs["definition"]


@pytest.mark.parametrize("base_year", [2007, 2009, 2012])
def test_one_price_index_for_all_regions_may_be_longer_than_the_panel(base_year):
    links = pd.Series(
        [101.0, 105.0, 90.0, 110.0, 125.0, 120.0, 104.0],
        index=[2006, 2007, 2008, 2009, 2010, 2011, 2012],
        name="cpi",
    )
    frame = panel().drop(index=[("a", 2009)])
    result = constant_prices(
        frame, value="gdp", deflator=links, deflator_base="previous year", base_year=base_year
    )
    level = {2006: 1.0}
    for year in range(2007, 2013):
        level[year] = level[year - 1] * links[year] / 100
    for (code, year), nominal in frame["gdp"].items():
        expected = nominal * level[base_year] / level[year]
        assert result[code, year] == pytest.approx(expected, rel=1e-14)
    fixed = constant_prices(
        frame,
        value="gdp",
        deflator=pd.Series(level).sample(frac=1, random_state=1),
        deflator_base="fixed",
        base_year=base_year,
    )
    np.testing.assert_allclose(fixed, result, rtol=1e-14)
    assert "divided by cpi" in result.attrs["definition"]


def test_a_deflator_in_any_order_of_rows():
    frame = priced()
    mixed = frame.sample(frac=1, random_state=3)
    before = mixed.copy()
    result = constant_prices(mixed, **CHAIN, base_year=2009)
    pd.testing.assert_index_equal(result.index, mixed.index)
    pd.testing.assert_series_equal(
        result.sort_index(), constant_prices(frame, **CHAIN, base_year=2009)
    )
    pd.testing.assert_frame_equal(mixed, before)


def test_nominal_values_without_prices_are_named():
    frame = priced([100.0, np.nan, 120.0, 150.0, 2.0, 3.0, np.nan, 5.0])
    with pytest.warns(MissingDataWarning, match=r"5 rows have 'gdp' .*\('a', 2009\), \('b', 2008"):
        result = constant_prices(frame, **FIX, base_year=2010)
    assert result["a"].isna().tolist() == [False, True, False, False]
    assert result["b"].isna().all()
    with pytest.warns(MissingDataWarning, match="a before 2009, b from 2010"):
        result = constant_prices(
            priced([90.0, np.nan, 125.0, 120.0, 100.0, 150.0, np.nan, 100.0]), **CHAIN,
            base_year=2009,
        )  # fmt: skip
    assert result["a"].isna().tolist() == [True, False, False, False]
    assert result["b"].isna().tolist() == [False, False, True, True]


def test_missing_nominal_values_stay_missing_without_a_word():
    frame = priced(gdp=[np.nan, 80.0, 100.0, 130.0, 10.0, 20.0, 30.0, 40.0])
    result = constant_prices(frame, **CHAIN, base_year=2009)
    assert result.isna().tolist() == [True] + [False] * 7


def test_warnings_point_at_the_call():
    gap = priced([90.0, np.nan, 125.0, 120.0, 100.0, 150.0, 80.0, 100.0])
    gap["growth"] = gap["prices"]
    calls = [
        lambda: constant_prices(gap, **CHAIN, base_year=2009),
        lambda: constant_prices(gap, **FIX, base_year=2010),
        lambda: constant_prices(gap, **COLUMNS, base_year=2010),
        lambda: rebase_index(gap, growth_index="growth", base_year=2010),
        lambda: implicit_deflator(gap, **COLUMNS, base_year=2010),
        lambda: constant_prices(
            gap, value="gdp", deflator=gap.loc["a", "prices"], deflator_base="previous year",
            base_year=2010,
        ),
    ]  # fmt: skip
    for call in calls:
        with pytest.warns(MissingDataWarning) as caught:
            call()
        assert {w.filename for w in caught} == {__file__}


YEARS = [2008, 2009, 2010, 2011]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, InputError, "neither of growth_index and deflator given"),
        (
            {"growth_index": "growth", "deflator": "prices", "deflator_base": "fixed"},
            InputError,
            "both of growth_index and deflator given",
        ),
        ({"growth_index": "growth", "deflator_base": "fixed"}, InputError, "leave it out"),
        ({"deflator": "prices"}, InputError, "say what the 100 of the deflator stands for"),
        (
            {"deflator": "prices", "deflator_base": "2010"},
            InputError,
            "deflator_base must be one of 'previous year', 'fixed', not '2010'",
        ),
        ({"deflator": "cpi", "deflator_base": "fixed"}, InputError, "no column 'cpi'"),
        ({"deflator": 3, "deflator_base": "fixed"}, InputError, "Series indexed by year, not int"),
        ({"deflator": "growth_rate", "deflator_base": "fixed"}, InputError, "2 values are zero or"),
        (
            {"deflator": "growth_rate", "deflator_base": "previous year"},
            InputError,
            r"index of prices, previous year = 100; .* ratio: .*rate in per cent: add 100",
        ),
        (
            {"deflator": pd.Series(1.0, index=["2008"]), "deflator_base": "fixed"},
            InputError,
            "indexed by whole years alone",
        ),
        (
            {"deflator": priced()["prices"], "deflator_base": "fixed"},
            InputError,
            "prices by region belong into a column",
        ),
        (
            {"deflator": pd.Series(1.0, index=YEARS[1:]), "deflator_base": "fixed"},
            AlignmentError,
            r"lacks 1 years of the panel \(2008\)",
        ),
        (
            {"deflator": pd.Series(1.0, index=YEARS), "deflator_base": "fixed", "base_year": 2015},
            InputError,
            "base year 2015 is not in the deflator; its years are 2008 to 2011",
        ),
        (
            {"deflator": "prices", "deflator_base": "fixed", "base_year": 2015},
            InputError,
            "base year 2015 is not in the panel",
        ),
    ],
)
def test_each_message_about_deflators(arguments, error, message):
    frame = priced(growth_rate=[2.0, 0.0, 3.0, -1.0, 2.0, 2.0, 2.0, 2.0])
    with pytest.raises(error, match=message):
        constant_prices(frame, **{"value": "gdp", "base_year": 2010} | arguments)


def test_an_index_with_a_fixed_base_passed_as_links_is_told_the_other_argument():
    frame = sr.to_panel(
        pd.DataFrame({"code": "a", "year": range(2010, 2016), "gdp": 1.0, "prices": FIXED})
    )
    with pytest.raises(InputError, match="fixed base 2010: pass deflator_base='fixed'"):
        constant_prices(frame, **CHAIN, base_year=2010)


# the price index that growth implies -----------------------------------------------------------


def test_implicit_deflator_by_hand():
    result = implicit_deflator(panel(), **COLUMNS, base_year=2010)
    # a: 70, 80, 100, 130 over 80 / 1.1, 80, 100, 120; b: 10, 20, 30, 40 over 25, 37.5, 30, 30
    expected = [70 * 1.1 / 0.8, 100, 100, 130 / 1.2, 40, 2000 / 37.5, 100, 4000 / 30]
    np.testing.assert_allclose(result, expected, rtol=1e-14)
    assert result.name == "gdp_deflator_2010_base"
    assert "2010 = 100" in result.attrs["definition"]


def test_implicit_deflator_of_nothing_is_unknown():
    frame = panel(gdp=[70.0, 0.0, 100.0, np.nan, 10.0, 20.0, 30.0, 40.0])
    result = implicit_deflator(frame, **COLUMNS, base_year=2010)
    assert result["a"].isna().tolist() == [False, True, False, True]


def test_provinces_by_growth_and_by_their_own_deflator_are_the_same():
    frame = sr.datasets.provincial_panel()
    arguments = {"value": "gdp_100m_yuan", "growth_index": "gdp_index"}
    real = constant_prices(frame, **arguments, base_year=2010)
    deflator = implicit_deflator(frame, **arguments, base_year=2005)
    again = constant_prices(
        frame.assign(deflator=deflator),
        value="gdp_100m_yuan", deflator="deflator", deflator_base="fixed", base_year=2010,
    )  # fmt: skip
    np.testing.assert_allclose(again, real, rtol=1e-12)
    # and year by year: rise of prices = nominal growth over real growth
    nominal = frame["gdp_100m_yuan"].unstack("year")
    growth = frame["gdp_index"].unstack("year") / 100
    for code in ("110000", "310000", "540000"):
        for year in (2001, 2010, 2019):
            rise = nominal.loc[code, year] / nominal.loc[code, year - 1] / growth.loc[code, year]
            prices = deflator[code, year] / deflator[code, year - 1]
            assert prices == pytest.approx(rise, rel=1e-12)


def test_output_at_retail_prices_of_each_province(reference):
    """31 provinces x 20 years of retail prices (previous year = 100), against a loop."""
    table = pd.read_csv(reference / "retail_price_indices_gb18030.csv", encoding="gb18030")
    prices = sr.to_panel(
        pd.DataFrame(
            {
                "code": table.iloc[:, 0].astype(str),
                "year": table.iloc[:, 2],
                "retail": table.iloc[:, 3],
            }
        )
    )
    frame = sr.datasets.provincial_panel()[["gdp_100m_yuan"]].join(prices)
    assert frame["retail"].notna().all()
    result = constant_prices(
        frame, value="gdp_100m_yuan", deflator="retail", deflator_base="previous year",
        base_year=2000,
    )  # fmt: skip
    for code in ("110000", "440000", "620000"):
        level = 1.0
        for year in range(2001, 2020):
            level *= frame.loc[(code, year), "retail"] / 100
            expected = frame.loc[(code, year), "gdp_100m_yuan"] / level
            assert result[code, year] == pytest.approx(expected, rel=1e-12)


# vintages --------------------------------------------------------------------------------------


def test_vintages_side_by_side_by_hand():
    old = panel().drop(columns="growth").rename(columns={"gdp": "output"})
    new = sr.to_panel(
        pd.DataFrame(
            {
                "code": ["a", "a", "c"],
                "year": [2011, 2012, 2011],
                "gdp": [143.0, 150.0, 7.0],
            }
        )
    )
    panels = {"old": old.sample(frac=1, random_state=2), "new": new}
    before = panels["old"].copy()
    table = compare_vintages(panels, value={"old": "output", "new": "gdp"})
    assert table.columns.tolist() == [
        ("value", "old"), ("value", "new"), ("difference", "new"), ("ratio", "new")
    ]  # fmt: skip
    assert len(table) == 10
    assert table.index.is_monotonic_increasing
    assert table.loc[("a", 2011)].tolist() == pytest.approx([130, 143, 13, 1.1])
    assert table.loc[("a", 2012)].isna().tolist() == [True, False, True, True]
    assert table["ratio"].notna().sum().item() == 1
    assert table.attrs["overlap"] == {"new": 1}
    assert "new" not in table.attrs["definition"].split("less")[1]
    assert "output, gdp in 2 vintages; difference (vintage less old)" in table.attrs["definition"]
    pd.testing.assert_frame_equal(panels["old"], before)


def test_a_first_vintage_of_zero_has_a_difference_and_no_ratio():
    table = compare_vintages({"a": panel(gdp=0.0), "b": panel(gdp=2.0)}, value="gdp")
    assert (table["difference"] == 2).all(axis=None)
    assert table["ratio"].isna().all(axis=None)


def test_the_embedded_revision_of_output_after_the_fifth_census():
    """Beijing 2020: 38503.6 in the revised series, 35943.3 before (sources.toml)."""
    names = ("2020-2022", "2020-2023", "2000-2019")
    panels = {name: sr.datasets.provincial_panel(name) for name in names}
    table = compare_vintages(panels, value="gdp_100m_yuan")
    row = table.loc[("110000", 2020)]
    assert row["value", "2020-2022"] == 35943.3
    assert row["ratio", "2020-2023"] == pytest.approx(38503.6 / 35943.3)
    assert table.attrs["overlap"] == {"2020-2023": 93, "2000-2019": 0}


@pytest.mark.parametrize(
    ("panels", "value", "message"),
    [
        ({"a": panel()}, "gdp", "at least two vintages"),
        ([panel(), panel()], "gdp", "at least two vintages"),
        ({"a": panel(), "b": panel()}, "output", "the panel 'a' has no column 'output'"),
        ({"a": panel(), "b": panel().reset_index()}, "gdp", "the panel 'b' must have the index"),
        ({"a": panel(), "b": panel()}, {"a": "gdp"}, r"for each vintage \(a, b\), not for \(a\)"),
        (
            {"a": panel(), "b": panel(gdp="much")},
            "gdp",
            "column 'gdp' of the panel 'b' must be numeric",
        ),
    ],
)
def test_each_message_about_vintages(panels, value, message):
    with pytest.raises(InputError, match=message):
        compare_vintages(panels, value=value)
