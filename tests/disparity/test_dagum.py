"""Dagum's decomposition: by hand, exactly additive, zero where groups do not overlap, messages."""

import numpy as np
import pandas as pd
import pytest

from spatialreg import disparity
from spatialreg.disparity import decompose_gini
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

COLUMNS = {"per_head": "income", "population": "people"}


@pytest.fixture
def four():
    """Groups w (1, 5) and e (4, 6): means 3 and 5, country 4, one region a person."""
    return pd.DataFrame({"income": [1.0, 5, 4, 6], "zone": list("wwee")}, index=list("abcd"))


def value(result):
    return result.frame.set_index("component")["value"]


def test_two_groups_by_hand(four):
    result = decompose_gini(four, per_head="income", population=None, by="zone")
    pair = result.pairs.iloc[0]
    assert (pair["group"], pair["other"]) == ("e", "w")
    # e - w: 3, -1, 5, 1; in units of the mean 4
    assert pair["affluence"] == pytest.approx((3 + 5 + 1) / 4 / 4, rel=1e-14)
    assert pair["transvariation_moment"] == pytest.approx(1 / 4 / 4, rel=1e-14)
    assert pair["gini"] == pytest.approx((9 + 1) / 4 / (3 + 5), rel=1e-14)
    assert pair["relative_affluence"] == pytest.approx((9 - 1) / (9 + 1), rel=1e-14)
    # weight p_e s_w + p_w s_e = 1/2 x 3/8 + 1/2 x 5/8 = 1/2
    assert pair["net_between"] == pytest.approx(10 / 32 / 2 * 0.8, rel=1e-14)
    assert pair["transvariation"] == pytest.approx(10 / 32 / 2 * 0.2, rel=1e-14)
    groups = result.groups.set_index("group")
    # mean differences 2 and 1, means 3 and 5
    assert groups["gini"].tolist() == pytest.approx([1 / 10, 1 / 3], rel=1e-14)
    within = [1 / 2 * 5 / 8 / 10, 1 / 2 * 3 / 8 / 3]
    assert groups["within"].tolist() == pytest.approx(within, rel=1e-14)
    assert groups["relative"].tolist() == pytest.approx([5 / 4, 3 / 4], rel=1e-14)
    assert groups["regions"].tolist() == [2, 2]
    assert result.total == pytest.approx(1 / 4, rel=1e-14)
    assert value(result)["within"] == pytest.approx(sum(within), rel=1e-14)
    assert result.by == "zone"


def test_people_are_copies_of_their_region(regions):
    repeated = regions.loc[regions.index.repeat(regions["people"])].reset_index(drop=True)
    one = decompose_gini(regions, **COLUMNS, by="province")
    many = decompose_gini(repeated, per_head="income", population=None, by="province")
    np.testing.assert_allclose(one.frame["value"], many.frame["value"], rtol=1e-12)
    pd.testing.assert_frame_equal(one.pairs, many.pairs, rtol=1e-12)
    columns = ["population_share", "value_share", "gini", "within"]
    pd.testing.assert_frame_equal(one.groups[columns], many.groups[columns], rtol=1e-12)


def test_groups_that_do_not_overlap_have_no_transvariation():
    """The poorest of e is as rich as the richest of w: no person of w is above one of e."""
    frame = pd.DataFrame(
        {"income": [0.1, 0.7, 0.7, 0.7, 2.3, 9.1], "people": [3, 7, 11, 13, 17, 19],
         "zone": list("wwweee")}, index=list("abcdef"),
    )  # fmt: skip
    result = decompose_gini(frame, **COLUMNS, by="zone")
    assert value(result)["transvariation"] == 0
    assert result.pairs["transvariation_moment"].tolist() == [0]
    assert result.pairs["relative_affluence"].tolist() == pytest.approx([1], rel=1e-14)
    expected = disparity.gini(frame["income"], population=frame["people"])
    assert result.total == pytest.approx(expected, rel=1e-13)


def test_groups_with_the_same_mean_are_all_transvariation():
    frame = pd.DataFrame({"income": [1.0, 3, 2, 2], "zone": list("wwee")}, index=list("abcd"))
    result = decompose_gini(frame, per_head="income", population=None, by="zone")
    assert value(result)["net between"] == 0
    pair = result.pairs.iloc[0]
    assert pair["relative_affluence"] == 0
    assert pair["transvariation"] == pytest.approx(1 / 4 * 1 / 2, rel=1e-14)


def test_groups_that_have_nothing():
    frame = pd.DataFrame({"income": [0.0, 0, 0, 4], "zone": list("abcc")}, index=list("pqrs"))
    result = decompose_gini(frame, per_head="income", population=None, by="zone")
    assert result.total == pytest.approx(disparity.gini(frame["income"]), rel=1e-14)
    between = result.pairs.set_index(["group", "other"])
    assert (
        between.loc[("a", "b"), ["gini", "relative_affluence", "net_between"]].tolist() == [0] * 3
    )
    assert between.loc[("c", "a"), "gini"] == 1
    assert result.groups["gini"].tolist() == [0, 0, 0.5]


def test_one_group_is_all_within(regions):
    result = decompose_gini(regions.assign(zone="x"), **COLUMNS, by="zone")
    assert value(result).tolist() == [result.total, 0, 0]
    assert result.pairs.empty
    assert result.matrix("gini").loc["x", "x"] == pytest.approx(result.total, rel=1e-13)
    equal = decompose_gini(regions.assign(income=2.0), **COLUMNS, by="zone")
    assert equal.total == 0
    assert equal.frame["share"].isna().all()


def test_a_panel_is_each_year_alone(panel):
    result = decompose_gini(panel, **COLUMNS, by="zone")
    assert result.total is None
    for year in range(2000, 2005):
        alone = decompose_gini(panel.xs(year, level="year"), **COLUMNS, by="zone")
        for name in ("frame", "groups", "pairs"):
            whole = getattr(result, name)
            part = whole[whole["year"] == year].drop(columns="year").reset_index(drop=True)
            pd.testing.assert_frame_equal(part, getattr(alone, name))
        pd.testing.assert_frame_equal(result.matrix("gini", year=year), alone.matrix("gini"))


def test_rows_in_any_order(panel):
    mixed = panel.sample(frac=1, random_state=5)
    before = mixed.copy()
    result, expected = (decompose_gini(p, **COLUMNS, by="zone") for p in (mixed, panel))
    for name in ("frame", "groups", "pairs"):
        pd.testing.assert_frame_equal(getattr(result, name), getattr(expected, name))
    pd.testing.assert_frame_equal(mixed, before)
    by_code = panel["zone"].xs(2000, level="year").sample(frac=1, random_state=2)
    again = decompose_gini(panel.drop(columns="zone"), **COLUMNS, by=by_code)
    pd.testing.assert_frame_equal(again.pairs, expected.pairs)


def test_matrices_are_symmetric(regions):
    result = decompose_gini(regions, **COLUMNS, by="province")
    for column in ("gini", "affluence", "net_between", "transvariation"):
        matrix = result.matrix(column)
        assert matrix.index.tolist() == matrix.columns.tolist() == ["p", "q", "r"]
        np.testing.assert_array_equal(matrix, matrix.T)
        table = result.pairs.set_index(["group", "other"])[column]
        assert all(matrix.loc[pair] == number for pair, number in table.items())
    own = result.groups.set_index("group")["gini"]
    assert np.diag(result.matrix("gini")).tolist() == own.tolist()
    assert np.isnan(np.diag(result.matrix("affluence"))).all()


def test_many_regions_and_years_add_up():
    """3,000 regions in 20 years: far more pairs than could be written out in the time."""
    rng = np.random.default_rng(11)
    index = pd.MultiIndex.from_product(
        [[f"{i:04d}" for i in range(3000)], range(2000, 2020)], names=["code", "year"]
    )
    panel = pd.DataFrame(
        {
            "income": rng.lognormal(0, 1, len(index)).round(2),
            "people": rng.integers(1, 99, len(index)),
            "zone": np.repeat(rng.choice(list("abcd"), 3000), 20),
        },
        index=index,
    )
    result = decompose_gini(panel, **COLUMNS, by="zone")
    total = result.frame.groupby("year")["value"].sum()
    for year in (2000, 2019):
        one = panel.xs(year, level="year")
        expected = disparity.gini(one["income"], population=one["people"])
        assert total[year] == pytest.approx(expected, abs=1e-13)


def test_missing_values_are_left_out(regions):
    regions.loc["b", "income"] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 6 rows") as caught:
        result = decompose_gini(regions, **COLUMNS, by="zone")
    assert caught[0].filename == __file__
    expected = decompose_gini(regions.drop(index="b"), **COLUMNS, by="zone")
    pd.testing.assert_frame_equal(result.groups, expected.groups)


def test_each_message(regions, panel):
    table = pd.DataFrame({"x": [True] * 6, "y": [False] * 5 + [True]}, index=regions.index)
    for by, error, message in [
        (["zone", "province"], InputError, "by has 2 groupings, and this decomposition is of one"),
        ("nowhere", InputError, "no column 'nowhere'"),
        (table, InputError, r"1 rows are in more than one group \(f\).*decompose_one_vs_rest"),
        (regions["zone"].drop("a"), AlignmentError, r"lacks 1 regions with data \(a\)"),
    ]:
        with pytest.raises(error, match=message):
            decompose_gini(regions, **COLUMNS, by=by)
    result = decompose_gini(regions, **COLUMNS, by="zone")
    with pytest.raises(InputError, match=r"column must be one of gini, affluence, .*not 'group'"):
        result.matrix("group")
    with pytest.raises(InputError, match="is of one year: leave year away"):
        result.matrix("gini", year=2000)
    several = decompose_gini(panel, **COLUMNS, by="zone")
    for year in (None, 1999):
        with pytest.raises(InputError, match=f"2000 to 2004, not {year}"):
            several.matrix("gini", year=year)
