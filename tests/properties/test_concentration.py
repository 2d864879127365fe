"""What must hold for any table of industries: scale, splitting, bounds, and exact addition."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import spatialreg as sr
from spatialreg import disparity

INDUSTRIES = ["farms", "mills", "shops"]
cell = st.integers(0, 500)
region = st.tuples(cell, cell, cell, st.sampled_from("we"), st.sampled_from("pq"))
tables = st.lists(region, min_size=3, max_size=12)


def table_of(rows):
    """A table; each industry and each region has something."""
    frame = pd.DataFrame(rows, columns=[*INDUSTRIES, "zone", "kind"])
    frame[INDUSTRIES] += 1
    return frame.set_index(pd.Index([f"{i:03d}" for i in range(len(frame))], name="code"))


def panel_of(*tables):
    return sr.to_panel(
        pd.concat(t.reset_index().assign(year=2000 + i) for i, t in enumerate(tables))
    )


MEASURES = {
    "gini": disparity.locational_gini,
    "theil": lambda t: disparity.theil_concentration(t)["theil"],
    "krugman": lambda t: disparity.krugman_index(t, of="industries"),
    "krugman_others": lambda t: disparity.krugman_index(t, of="industries", against="others"),
    "herfindahl": lambda t: disparity.herfindahl(t, of="industries"),
}


@pytest.mark.parametrize("name", MEASURES)
@given(rows=tables, factor=st.floats(1e-3, 1e3))
@settings(max_examples=20, deadline=None)
def test_the_unit_does_not_matter(name, rows, factor):
    table = table_of(rows)[INDUSTRIES]
    result = MEASURES[name](table)
    np.testing.assert_allclose(MEASURES[name](table * factor), result, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["gini", "theil", "krugman", "krugman_others"])
@given(rows=tables)
@settings(max_examples=20, deadline=None)
def test_a_region_split_in_two_alike_changes_no_relative_measure(name, rows):
    table = table_of(rows)[INDUSTRIES].astype(float)
    half = table.copy()
    half.iloc[0] *= 0.25
    rest = (table.iloc[[0]] * 0.75).set_axis(["new"])
    np.testing.assert_allclose(
        MEASURES[name](pd.concat([half, rest])), MEASURES[name](table), rtol=1e-9, atol=1e-12
    )


@given(rows=tables)
@settings(max_examples=25, deadline=None)
def test_bounds_and_averages(rows):
    table = table_of(rows)[INDUSTRIES]
    quotient = disparity.location_quotient(table)
    weight = table.sum(axis=1) / table.to_numpy().sum()
    # a region's share of the reference weighs the quotients of an industry to 1
    np.testing.assert_allclose(quotient.mul(weight, axis=0).sum(), 1, rtol=1e-12)
    symmetric = disparity.location_quotient(table, symmetric=True)
    assert ((symmetric > -1) & (symmetric < 1)).all(axis=None)
    gini = disparity.locational_gini(table)
    assert ((gini > -1e-12) & (gini < 1)).all()
    for against in ("total", "others", "mean"):
        k = disparity.krugman_index(table, against=against)
        assert ((k >= 0) & (k <= 2)).all()
    # compared with the others a region is the less like them for not being among them
    others = disparity.krugman_index(table, against="others")
    total = disparity.krugman_index(table)
    np.testing.assert_allclose(total, others * (1 - weight), rtol=1e-9, atol=1e-12)
    h = disparity.herfindahl(table)
    assert ((h >= 1 / 3 - 1e-12) & (h <= 1)).all()


@given(rows=tables)
@settings(max_examples=25, deadline=None)
def test_theil_falls_apart_and_is_never_negative(rows):
    table = table_of(rows)
    result = disparity.theil_concentration(table, industries=INDUSTRIES, by="zone")
    np.testing.assert_allclose(result["between"] + result["within"], result["theil"], atol=1e-12)
    assert (result[["theil", "between", "within"]] > -1e-12).all(axis=None)
    # with the groups as regions nothing but the part between is left
    zones = table.groupby("zone")[INDUSTRIES].sum()
    whole = disparity.theil_concentration(zones)["theil"]
    np.testing.assert_allclose(result["between"], whole, atol=1e-12)


@given(rows=tables, h=st.floats(0.01, 0.9))
@settings(max_examples=20, deadline=None)
def test_ellison_glaeser_is_zero_where_concentration_is_as_expected(rows, h):
    table = table_of(rows)[INDUSTRIES]
    plants = pd.Series(h, index=INDUSTRIES)
    result = disparity.ellison_glaeser(table, plant_herfindahl=plants)
    exact = result["raw"] / (result["expected"] / h)
    assume(((exact > 1e-6) & (exact < 0.999)).all())
    again = disparity.ellison_glaeser(table, plant_herfindahl=exact)
    np.testing.assert_allclose(again["value"], 0, atol=1e-9)


@given(first=tables, second=tables, third=tables)
@settings(max_examples=15, deadline=None)
def test_parts_of_shift_share_add_up(first, second, third):
    n = min(len(first), len(second), len(third))
    panel = panel_of(*(table_of(rows[:n])[INDUSTRIES] for rows in (first, second, third)))
    for method in ("dunn", "esteban"):
        for dynamic in (False, True):
            result = disparity.shift_share(panel, method=method, dynamic=dynamic)
            parts = result.drop(columns="change").sum(axis=1)
            np.testing.assert_allclose(parts, result["change"], atol=1e-8)
            # what one region gains beyond its industries another loses, with the nation their sum
            step = result.groupby("year")
            np.testing.assert_allclose(step["mix"].sum(), 0, atol=1e-8)
            rest = [c for c in ("competitive", "allocation") if c in result]
            np.testing.assert_allclose(step[rest].sum().sum(axis=1), 0, atol=1e-8)
            ends = panel.xs(2002, level="year") - panel.xs(2000, level="year")
            change = result.groupby(["code", "industry"])["change"].sum().unstack()
            np.testing.assert_allclose(change[INDUSTRIES], ends, atol=1e-9)


@given(first=tables, second=tables, third=tables)
@settings(max_examples=15, deadline=None)
def test_rates_add_up_and_the_nation_is_the_same_for_all(first, second, third):
    n = min(len(first), len(second), len(third))
    tables_of = [table_of(rows[:n]) for rows in (first, second, third)]
    panel = panel_of(*(table[INDUSTRIES] for table in tables_of))
    groups = tables_of[0]["zone"]
    for options in ({}, {"by": groups}):
        result = disparity.shift_share_rates(panel, **options)
        known = result.dropna()
        parts = known[["national", "mix", "competitive"]].sum(axis=1)
        np.testing.assert_allclose(parts, known["growth"], rtol=1e-9, atol=1e-8)
        if len(known):
            np.testing.assert_allclose(known["national"], known["national"].iloc[0], rtol=1e-9)
        # neither the unit nor the order of rows matters
        other = disparity.shift_share_rates(
            (panel * 1000).sample(frac=1, random_state=1), **options
        )
        pd.testing.assert_frame_equal(result, other, rtol=1e-9, atol=1e-8)


@given(first=tables, second=tables)
@settings(max_examples=20, deadline=None)
def test_shares_of_groups_add_to_one_and_their_changes_to_nothing(first, second):
    n = min(len(first), len(second))
    panel = panel_of(table_of(first[:n]), table_of(second[:n]))
    groups = table_of(first[:n])["zone"]
    result = disparity.group_shares(panel, value="mills", by=groups)
    by_year = result.groupby("year")
    np.testing.assert_allclose(by_year["share"].sum(), 1, rtol=1e-12)
    np.testing.assert_allclose(by_year["change"].sum(), 0, atol=1e-10)
    assert (by_year["regions"].sum() == n).all()


@given(rows=tables)
@settings(max_examples=15, deadline=None)
def test_inequality_falls_with_every_level_up(rows):
    table = table_of(rows).rename(columns={"farms": "income", "mills": "people"})
    table["province"] = table["zone"] + table["kind"]
    measures = ["gini", "theil", "mld", "cv", "hoover", "ge(-1)", "atkinson(2)"]
    result = disparity.inequality_by_level(
        table, per_head="income", population="people", by=["zone", "province"], measures=measures
    )
    assert (result[measures].diff().iloc[1:] > -1e-12).all(axis=None)
    assert (result["units"].diff().iloc[1:] >= 0).all()
    one = disparity.decompose_theil(
        table, per_head="income", population="people", by=["zone", "province"]
    )
    between = one.frame.query("group == 'all' and component == 'between'")["value"].cumsum()
    np.testing.assert_allclose(result["theil"].iloc[:2], between, atol=1e-12)


@given(
    rows=st.lists(st.tuples(st.floats(1, 1e4), st.floats(60, 160)), min_size=12, max_size=12),
    base=st.integers(2000, 2005),
    other=st.integers(2000, 2005),
)
@settings(max_examples=15, deadline=None)
def test_growth_and_the_deflator_that_it_implies_give_the_same(rows, base, other):
    frame = pd.DataFrame(rows, columns=["gdp", "growth"])
    panel = sr.to_panel(frame.assign(code=["a", "b"] * 6, year=np.repeat(range(2000, 2006), 2)))
    arguments = {"value": "gdp", "growth_index": "growth"}
    real = sr.constant_prices(panel, **arguments, base_year=base)
    deflator = sr.prices.implicit_deflator(panel, **arguments, base_year=other)
    links = (deflator / deflator.groupby("code").shift() * 100).where(lambda x: x.between(21, 499))
    fixed = sr.constant_prices(
        panel.assign(p=deflator), value="gdp", deflator="p", deflator_base="fixed", base_year=base
    )
    np.testing.assert_allclose(fixed, real, rtol=1e-9)
    if links.notna().sum() == 10 and links.median() > 50:
        chain = sr.constant_prices(
            panel.assign(p=links), value="gdp", deflator="p", deflator_base="previous year",
            base_year=base,
        )  # fmt: skip
        np.testing.assert_allclose(chain, real, rtol=1e-9)
