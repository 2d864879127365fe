"""Constant prices: worked out by hand, broken chains, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning
from spatialreg.prices import constant_prices, rebase_index

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
