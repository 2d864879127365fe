"""Generalised entropy of any order taken apart, and what each region contributes."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity
from spatialreg.errors import InputError, MissingDataWarning

COLUMNS = {"per_head": "income", "population": "people"}
MEASURES = ["T", "L", "ge(2)", "ge(-1)", "ge(0.5)", "ge(3)", "ge(0.999999)"]


def index(measure, y, people):
    alpha = {"T": 1, "L": 0}.get(measure) if measure in "TL" else float(measure[3:-1])
    return disparity.ge(y, alpha, population=people)


def components(result):
    return result.frame[result.frame["group"] == "all"].set_index("level")["value"]


def test_half_the_squared_coefficient_of_variation_by_hand():
    """Groups w (1, 3) and e (4, 4): z is 1/3, 1, 4/3, 4/3; half the mean of (z - 1)^2."""
    frame = pd.DataFrame({"income": [1.0, 3, 4, 4], "zone": list("wwee")}, index=list("abcd"))
    result = sr.decompose_theil(
        frame, per_head="income", population=None, by="zone", measure="ge(2)"
    )
    assert result.total == pytest.approx((4 / 9 + 0 + 1 / 9 + 1 / 9) / 8, rel=1e-14)
    value = result.frame.set_index(["component", "group"])["value"]
    # means 2/3 and 4/3 of the country's, half of the people each
    assert value["between", "w"] == pytest.approx(1 / 36, rel=1e-14)
    assert value["between", "e"] == pytest.approx(1 / 36, rel=1e-14)
    # inside w, z is 1/2 and 3/2: 1/8, weighted by half of people times (2/3)^2
    assert value["within", "w"] == pytest.approx(1 / 2 * 4 / 9 / 8, rel=1e-14)
    assert value["within", "e"] == 0
    units = result.units
    assert units["contribution"].tolist() == pytest.approx([4 / 72, 0, 1 / 72, 1 / 72], rel=1e-13)
    assert units["within"].tolist() == pytest.approx([1 / 72, 1 / 72, 0, 0], rel=1e-13)
    assert "order 2" in result.measure


def test_contributions_to_t_and_l_by_hand():
    frame = pd.DataFrame({"income": [1.0, 3], "people": [3, 1], "zone": list("wa")}, list("ab"))
    t = sr.decompose_theil(frame, **COLUMNS, by="zone").units
    # the mean is 1.5: z is 2/3 and 2
    assert t["relative"].tolist() == pytest.approx([2 / 3, 2], rel=1e-14)
    assert t["population_share"].tolist() == [0.75, 0.25]
    assert t["value_share"].tolist() == pytest.approx([0.5, 0.5], rel=1e-14)
    expected = [0.75 * (2 / 3 * np.log(2 / 3) + 1 / 3), 0.25 * (2 * np.log(2) - 1)]
    assert t["contribution"].tolist() == pytest.approx(expected, rel=1e-13)
    element = t["value_share"] * np.log(t["relative"])
    assert element.sum() == pytest.approx(t["contribution"].sum(), rel=1e-13)
    log = sr.decompose_theil(frame, **COLUMNS, by="zone", measure="L").units
    expected = [0.75 * (-np.log(2 / 3) - 1 / 3), 0.25 * (-np.log(2) + 1)]
    assert log["contribution"].tolist() == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("measure", MEASURES)
def test_levels_and_units_add_up(regions, measure):
    result = sr.decompose_theil(regions, **COLUMNS, by=["zone", "province"], measure=measure)
    whole = index(measure, regions["income"], regions["people"])
    assert result.total == pytest.approx(whole, rel=1e-9 if "999" in measure else 1e-12)
    assert components(result).sum() == pytest.approx(result.total, rel=1e-14)
    units = result.units
    assert units["contribution"].sum() == pytest.approx(result.total, rel=1e-12)
    assert units["share"].sum() == pytest.approx(1, rel=1e-12)
    assert units["within"].sum() == pytest.approx(components(result)["region"], rel=1e-12)
    assert (units[["contribution", "within"]] >= 0).all(axis=None)


@pytest.mark.parametrize("measure", MEASURES)
def test_between_groups_is_the_index_of_smoothed_regions(regions, measure):
    result = sr.decompose_theil(regions, **COLUMNS, by="province", measure=measure)
    value = (regions["income"] * regions["people"]).groupby(regions["province"]).sum()
    people = regions["people"].groupby(regions["province"]).sum()
    expected = index(measure, value / people, people)
    assert components(result)["province"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("measure", ["ge(2)", "ge(-1)", "ge(0.5)"])
def test_within_is_weighted_by_shares_to_their_powers(regions, measure):
    """Shorrocks (1980): the index of a group counts s^(1 - a) v^a."""
    result = sr.decompose_theil(regions, **COLUMNS, by="zone", measure=measure)
    a = float(measure[3:-1])
    within = result.frame.query("component == 'within' and group != 'all'")
    value = regions["income"] * regions["people"]
    for zone, rows in regions.groupby("zone"):
        s = rows["people"].sum() / regions["people"].sum()
        v = value[rows.index].sum() / value.sum()
        expected = s ** (1 - a) * v**a * index(measure, rows["income"], rows["people"])
        assert within.set_index("group").loc[zone, "value"] == pytest.approx(expected, rel=1e-12)


def test_orders_zero_and_one_are_l_and_t(regions):
    for order, name in (("ge(0)", "L"), ("ge(1)", "T")):
        pd.testing.assert_frame_equal(
            sr.decompose_theil(regions, **COLUMNS, by="zone", measure=order).frame,
            sr.decompose_theil(regions, **COLUMNS, by="zone", measure=name).frame,
        )


def test_units_stand_on_the_callers_index(panel):
    holed = panel.sample(frac=1, random_state=3)
    holed.loc[("04", 2001), "income"] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 60 rows"):
        units = sr.decompose_theil(holed, **COLUMNS, by="zone").units
    assert units.index.equals(holed.index)
    assert units.loc[("04", 2001)].isna().all()
    one = sr.decompose_theil(panel.xs(2004, level="year"), **COLUMNS, by="zone")
    same = units.xs(2004, level="year").loc[one.units.index]
    pd.testing.assert_frame_equal(same, one.units, rtol=1e-12)


def test_a_region_without_value_under_t_and_an_order_between(regions):
    regions["income"] = [0.0, 0.0, 0.0, 4.0, 2.0, 10.0]
    for measure in ("T", "ge(0.7)", "ge(0.3)", "ge(2)"):
        result = sr.decompose_theil(regions, **COLUMNS, by=["zone", "province"], measure=measure)
        expected = index(measure, regions["income"], regions["people"])
        assert result.total == pytest.approx(expected, rel=1e-12)
        assert result.units["contribution"].sum() == pytest.approx(expected, rel=1e-12)
    with pytest.raises(InputError, match=r"'ge\(-1\)' takes the logarithm or a negative power"):
        sr.decompose_theil(regions, **COLUMNS, by="zone", measure="ge(-1)")


@pytest.mark.parametrize("measure", ["ge(x)", "ge(e)", "ge()", "theil", 2, "ge(1e999)", None])
def test_other_measures_raise(regions, measure):
    with pytest.raises(InputError, match="do not fall apart into between and within"):
        sr.decompose_theil(regions, **COLUMNS, by="zone", measure=measure)
