"""Groups that overlap: refused by decompositions, and each set against the rest."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity
from spatialreg.disparity import decompose_one_vs_rest
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

COLUMNS = {"per_head": "income", "population": "people"}
PARTS = ["between", "within_group", "within_rest"]


@pytest.fixture
def members(regions):
    return pd.DataFrame(
        {"river": [True, True, True, False, False, False],
         "belt": [False, False, True, True, True, False]}, index=regions.index,
    )  # fmt: skip


def test_by_hand():
    """Group 1, 3 against 4, 4: as a decomposition of two groups."""
    frame = pd.DataFrame({"income": [1.0, 3, 4, 4]}, index=list("abcd"))
    river = pd.Series([True, True, False, False], index=list("abcd"), name="river")
    row = decompose_one_vs_rest(frame, per_head="income", population=None, members=river).loc[
        "river"
    ]
    between = 1 / 3 * np.log(2 / 3) + 2 / 3 * np.log(4 / 3)
    within = (np.log(0.5) / 4 + 3 / 4 * np.log(1.5)) / 3
    assert row[PARTS].tolist() == pytest.approx([between, within, 0], abs=1e-15)
    assert row["regions"] == 2
    assert row[["population_share", "relative"]].tolist() == pytest.approx([1 / 2, 2 / 3])
    assert row["total"] == pytest.approx(disparity.theil(frame["income"]), rel=1e-14)
    assert row["between_share"] == pytest.approx(between / row["total"], rel=1e-13)


@pytest.mark.parametrize("measure", ["T", "L", "ge(2)"])
def test_each_group_is_a_decomposition_of_two(regions, members, measure):
    result = decompose_one_vs_rest(regions, **COLUMNS, members=members, measure=measure)
    assert result.index.tolist() == ["river", "belt"]
    for name in members:
        two = members[name].map({True: "in", False: "out"}).rename("side")
        parts = sr.decompose_theil(regions, **COLUMNS, by=two, measure=measure)
        value = parts.frame.set_index(["component", "group"])["value"]
        expected = [value["between", "all"], value["within", "in"], value["within", "out"]]
        assert result.loc[name, PARTS].tolist() == pytest.approx(expected, abs=1e-14)
        assert result.loc[name, "total"] == pytest.approx(parts.total, abs=1e-14)
    assert "each group against all other regions" in result.attrs["definition"]


def test_a_panel_by_row_and_by_code(panel):
    codes = panel.index.get_level_values(0)
    table = pd.DataFrame({"a": codes < "04", "b": codes > "02"}, index=panel.index)
    result = decompose_one_vs_rest(panel, **COLUMNS, members=table)
    assert result.index.names == ["group", "year"]
    for year in (2000, 2004):
        alone = decompose_one_vs_rest(
            panel.xs(year, level="year"), **COLUMNS, members=table.xs(year, level="year")
        )
        pd.testing.assert_frame_equal(result.xs(year, level="year"), alone, rtol=1e-12)
    by_code = table.xs(2000, level="year").sample(frac=1, random_state=1)
    mixed = panel.sample(frac=1, random_state=2)
    before = mixed.copy()
    again = decompose_one_vs_rest(mixed, **COLUMNS, members=by_code)
    pd.testing.assert_frame_equal(again, result)
    pd.testing.assert_frame_equal(mixed, before)


def test_groups_that_hold_nothing_or_everything(regions, members):
    members = members.assign(nowhere=False, country=True)
    result = decompose_one_vs_rest(regions, **COLUMNS, members=members)
    total = disparity.theil(regions["income"], population=regions["people"])
    nowhere, country = result.loc["nowhere"], result.loc["country"]
    assert nowhere["regions"] == 0
    assert np.isnan(nowhere["relative"])
    assert nowhere[PARTS].tolist() == pytest.approx([0, 0, total], abs=1e-15)
    assert country["relative"] == pytest.approx(1, rel=1e-14)
    assert country[PARTS].tolist() == pytest.approx([0, total, 0], abs=1e-15)


def test_embedded_schemes_that_overlap():
    panel = sr.datasets.provincial_panel()
    panel["per_head"] = panel["gdp_100m_yuan"] / panel["population_10k"]
    one = panel.xs(2019, level="year")
    table = sr.assign_scheme(one, "strategy_regions")
    assert (table.sum(axis=1) > 1).any()
    result = decompose_one_vs_rest(
        one, per_head="per_head", population="population_10k", members=table
    )
    whole = disparity.theil(one["per_head"], population=one["population_10k"])
    np.testing.assert_allclose(result["total"], whole, rtol=1e-12)
    assert result["regions"].tolist() == table.sum().tolist()
    for decompose in (disparity.decompose_theil, disparity.decompose_gini):
        with pytest.raises(InputError, match=r"more than one group .*decompose_one_vs_rest"):
            decompose(one, per_head="per_head", population="population_10k", by=table)
    with pytest.raises(InputError, match="more than one group"):
        disparity.decompose_change(
            panel, per_head="per_head", population="population_10k", by=[table], start=2000,
            end=2019,
        )  # fmt: skip


def test_a_table_is_told_what_it_is(regions, members):
    def call(by):
        sr.decompose_theil(regions, **COLUMNS, by=by)

    with pytest.raises(InputError, match=r"in which 1 rows are in more than one group \(c\)"):
        call(members)
    apart = members.assign(belt=~members["river"])
    with pytest.raises(InputError, match=r"pass the labels, table.idxmax\(axis=1\)"):
        call(apart)
    labels = apart.idxmax(axis=1).where(apart.any(axis=1)).rename("side")
    call(labels)  # what the message says works
    for neither in (None, 3, [3]):
        with pytest.raises(InputError, match="by takes columns by name, or Series of groups"):
            call(neither)
    with pytest.raises(InputError, match="a table with the columns 'zone', 'province': pass one"):
        call(regions[["zone", "province"]])


def test_each_message(regions, members):
    for given, error, message in [
        (regions["zone"], InputError, r"must be bool .*'zone' is not: .*pd.get_dummies"),
        (members.astype(int), InputError, "'river', 'belt' is not"),
        (members.astype("boolean").mask(members["belt"]), InputError, "bool without gaps"),
        (members.drop(columns=["river", "belt"]), InputError, "members must be a table of bool"),
        ("zone", InputError, "members must be a table of bool"),
        (members.drop(index="a"), AlignmentError, r"members 'river' lacks 1 regions .*\(a\)"),
        (pd.concat([members, members], axis=1), AlignmentError, "more than once"),
    ]:
        with pytest.raises(error, match=message):
            decompose_one_vs_rest(regions, **COLUMNS, members=given)
    regions.loc["b", "income"] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 6 rows") as caught:
        decompose_one_vs_rest(regions, **COLUMNS, members=members.drop(index="b"))
    assert caught[0].filename == __file__
