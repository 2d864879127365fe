"""Floating catchments by hand: three places, three facilities, every method."""

import numpy as np
import pandas as pd
import pytest

from spatialreg.access import exponential, floating_catchment, gaussian, linear, power, steps
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

SUPPLY = pd.Series({"x": 6.0, "y": 12, "z": 4}, name="doctors")
DEMAND = pd.Series({"a": 100.0, "b": 200, "c": 100}, name="people")
MINUTES = pd.DataFrame(  # from a place (row) to a facility (column)
    {"x": [10.0, 20, 70], "y": [30, 10, 25], "z": [90, 50, 15]}, index=list("abc")
)
BANDS = steps({10: 1, 20: 0.5, 30: 0.2})
# weights of the bands: a: x 1, y .2; b: x .5, y 1; c: y .2, z .5
BY_HAND = {
    # R: x 6/300, y 12/400, z 4/100
    "2sfca": ([0.02 + 0.03, 0.02 + 0.03, 0.03 + 0.04], [0.02, 0.03, 0.04]),
    # R: x 6/(100 + 100), y 12/(20 + 200 + 20), z 4/50
    "e2sfca": ([0.03 + 0.01, 0.015 + 0.05, 0.01 + 0.04], [0.03, 0.05, 0.08]),
    # the same ratios, weights squared
    "m2sfca": ([0.03 + 0.002, 0.0075 + 0.05, 0.002 + 0.02], [0.03, 0.05, 0.08]),
    # shares of each place sum to one: a 5/6, 1/6; b 1/3, 2/3; c 2/7, 5/7
    # R: x 6/150, y 12/(1250/7), z 4/(500/7); shares at each facility: x 2/3, 1/3; y 1/7, 5/7, 1/7
    "bfca": (
        [0.04 * 2 / 3 + 0.0672 / 7, 0.04 / 3 + 0.0672 * 5 / 7, 0.0672 / 7 + 0.056],
        [0.04, 0.0672, 0.056],
    ),
}
# G as in bfca; G times weight: a: x 5/6, y 1/30; b: x 1/6, y 2/3; c: y 2/35, z 5/14
R3 = [6 / (700 / 6), 12 / (100 / 30 + 400 / 3 + 200 / 35), 4 / (500 / 14)]
BY_HAND["3sfca"] = (
    [R3[0] * 5 / 6 + R3[1] / 30, R3[0] / 6 + R3[1] * 2 / 3, R3[1] * 2 / 35 + R3[2] * 5 / 14],
    R3,
)
# pull is supply times weight: a: x 6, y 2.4; b: x 3, y 12; c: y 2.4, z 2
GH = {"ax": 6 / 8.4, "ay": 2.4 / 8.4, "bx": 0.2, "by": 0.8, "cy": 2.4 / 4.4, "cz": 2 / 4.4}
RH = [
    6 / (100 * GH["ax"] + 200 * GH["bx"] * 0.5),
    12 / (100 * GH["ay"] * 0.2 + 200 * GH["by"] + 100 * GH["cy"] * 0.2),
    4 / (100 * GH["cz"] * 0.5),
]
BY_HAND["huff"] = (
    [
        RH[0] * GH["ax"] + RH[1] * GH["ay"] * 0.2,
        RH[0] * GH["bx"] * 0.5 + RH[1] * GH["by"],
        RH[1] * GH["cy"] * 0.2 + RH[2] * GH["cz"] * 0.5,
    ],
    RH,
)


def options_of(method):
    return {"threshold": 30} if method == "2sfca" else {"decay": BANDS}


@pytest.mark.parametrize("method", BY_HAND)
def test_by_hand(method):
    access, ratio = BY_HAND[method]
    found = floating_catchment(SUPPLY, DEMAND, MINUTES, method=method, **options_of(method))
    assert found.frame["access"].tolist() == pytest.approx(access)
    assert found.frame["facilities"].tolist() == [2, 2, 2]
    assert found.facilities["ratio"].tolist() == pytest.approx(ratio)
    assert found.facilities["places"].tolist() == [2, 3, 1]
    assert (found.supply, found.supply_reached) == (22, 22)
    assert (found.demand, found.demand_reached) == (400, 400)
    if method in ("2sfca", "e2sfca", "3sfca", "huff"):
        assert found.frame["allotted"].sum() == pytest.approx(22)
    if method == "bfca":  # the levels of service are shared out, and each person claims once
        assert found.frame["access"].sum() == pytest.approx(sum(ratio))
        assert found.facilities["claimed"].sum() == pytest.approx(400)
    if method == "m2sfca":
        assert found.frame["allotted"].sum() < 22
    assert found.words.endswith("within 30 min, per head") or "decay 1 to 10 min" in found.words


def test_per_thousand_and_the_mean():
    one = floating_catchment(SUPPLY, DEMAND, MINUTES, threshold=30)
    many = floating_catchment(SUPPLY, DEMAND, MINUTES, threshold=30, per=1000)
    np.testing.assert_allclose(many.frame["access"], 1000 * one.frame["access"])
    np.testing.assert_allclose(many.facilities["ratio"], 1000 * one.facilities["ratio"])
    np.testing.assert_allclose(many.frame["allotted"], one.frame["allotted"])
    assert many.mean_access == pytest.approx(1000 * 22 / 400)
    assert many.words.endswith("per 1,000")
    assert "CatchmentResult" in repr(many) and "mean_access" in repr(many)


def test_people_travel_to_facilities_and_not_back():
    """Rows are where people start: a matrix of the way back gives another answer."""
    times = pd.DataFrame([[0.0, 20], [90, 0]], index=["a", "b"], columns=["a", "b"])
    both = pd.Series({"a": 10.0, "b": 10})
    found = floating_catchment(both, both, times, threshold=30)
    # a reaches a and b, b only b: R_a = 10/10, R_b = 10/20
    assert found.frame["access"].tolist() == [1.5, 0.5]
    assert found.facilities["ratio"].tolist() == [1, 0.5]


def test_who_is_not_reached():
    supply = pd.concat([SUPPLY, pd.Series({"far": 50.0})])
    demand = pd.concat([DEMAND, pd.Series({"island": 70.0, "empty": 0.0})])
    times = MINUTES.reindex(index=demand.index, columns=supply.index).fillna(np.inf)
    times.loc["empty", ["x", "far"]] = 5.0
    found = floating_catchment(supply, demand, times, threshold=30)
    assert found.frame["access"]["island"] == 0
    assert found.frame["facilities"]["island"] == 0
    assert found.frame["access"]["empty"] == pytest.approx(0.02)  # what a newcomer would find
    assert np.isnan(found.facilities["ratio"]["far"])
    assert (found.supply, found.supply_reached) == (72, 22)
    assert (found.demand, found.demand_reached) == (470, 400)
    assert found.frame["allotted"].sum() == pytest.approx(22)


def test_choice_and_attractiveness():
    # people choose by 1 / t between facilities of equal draw, and time does no more
    equal = pd.Series(1.0, SUPPLY.index)
    found = floating_catchment(
        SUPPLY, DEMAND, MINUTES, method="huff", threshold=30, choice=power(1), attractiveness=equal
    )
    share = {"ax": 3 / 4, "ay": 1 / 4, "bx": 1 / 3, "by": 2 / 3, "cy": 15 / 40, "cz": 25 / 40}
    ratio = [
        6 / (100 * share["ax"] + 200 * share["bx"]),
        12 / (100 * share["ay"] + 200 * share["by"] + 100 * share["cy"]),
        4 / (100 * share["cz"]),
    ]
    assert found.facilities["ratio"].tolist() == pytest.approx(ratio)
    assert found.facilities["claimed"].sum() == pytest.approx(400)
    assert found.frame["access"]["a"] == pytest.approx(ratio[0] * 0.75 + ratio[1] * 0.25)
    assert "choice by t ** -1" in found.words
    # three steps in which the choice is the decay are the plain ones
    one = floating_catchment(SUPPLY, DEMAND, MINUTES, method="3sfca", decay=BANDS)
    two = floating_catchment(SUPPLY, DEMAND, MINUTES, method="3sfca", decay=BANDS, choice=BANDS)
    pd.testing.assert_frame_equal(one.frame, two.frame)


def shapes():
    table = MINUTES.rename_axis("origin").reset_index()
    table = table.melt(id_vars="origin", var_name="destination", value_name="minutes")
    near = table[table["minutes"] <= 50]
    yield MINUTES.loc[["b", "c", "a"], ["z", "x", "y"]]
    yield (MINUTES.loc[[place]] for place in "cab")
    yield near.sample(frac=1, random_state=2)
    yield (part for _, part in near.groupby("origin"))
    yield near.set_index(["origin", "destination"])["minutes"]


@pytest.mark.parametrize("method", BY_HAND)
def test_all_shapes_and_orders_give_the_same(method):
    expected = floating_catchment(SUPPLY, DEMAND, MINUTES, method=method, **options_of(method))
    before = [one.copy(deep=True) for one in (SUPPLY, DEMAND, MINUTES)]
    for times in shapes():
        found = floating_catchment(
            SUPPLY.iloc[::-1], DEMAND.iloc[[1, 2, 0]], times, method=method, **options_of(method)
        )
        pd.testing.assert_frame_equal(found.frame.loc[list("abc")], expected.frame)
        pd.testing.assert_frame_equal(found.facilities.loc[list("xyz")], expected.facilities)
        assert found.frame.index.tolist() == ["b", "c", "a"]
    for one, two in zip((SUPPLY, DEMAND, MINUTES), before, strict=True):
        assert one.equals(two)


def test_missing_values_are_left_out():
    with pytest.warns(MissingDataWarning, match="1 labels have no value in supply .*: z"):
        found = floating_catchment(SUPPLY.where(SUPPLY.index != "z"), DEMAND, MINUTES, threshold=30)
    assert found.frame["access"].tolist() == pytest.approx([0.05, 0.05, 0.03])
    assert found.facilities.loc["z"].isna().all()
    with pytest.warns(MissingDataWarning, match="1 labels have no value in demand .*: a"):
        found = floating_catchment(SUPPLY, DEMAND.where(DEMAND.index != "a"), MINUTES, threshold=30)
    assert found.frame["access"].tolist() == pytest.approx(
        [np.nan, 6 / 200 + 12 / 300, 12 / 300 + 4 / 100], nan_ok=True
    )
    assert found.frame["allotted"].sum() == pytest.approx(22)


def test_decays_that_end_need_no_threshold():
    for decay in (linear(30), gaussian(limit=30)):
        one = floating_catchment(SUPPLY, DEMAND, MINUTES, method="e2sfca", decay=decay)
        two = floating_catchment(
            SUPPLY, DEMAND, MINUTES, method="e2sfca", decay=decay, threshold=30
        )
        pd.testing.assert_frame_equal(one.frame, two.frame)
        assert "within 30 min" in one.words
    gravity = floating_catchment(SUPPLY, DEMAND, MINUTES, method="e2sfca", decay=power(2))
    assert gravity.frame["facilities"].tolist() == [3, 3, 3]
    assert "no limit of time" in gravity.words


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "4sfca"}, "method must be one of"),
        ({}, "'2sfca' needs threshold="),
        ({"threshold": 0}, "threshold must be above zero"),
        ({"threshold": 30, "per": -1}, "per must be above zero"),
        ({"threshold": 30, "decay": BANDS}, "decay= is not used by method '2sfca'"),
        ({"method": "e2sfca", "threshold": 30}, "'e2sfca' needs decay="),
        ({"method": "e2sfca", "decay": 3}, "decay must be a function of minutes"),
        ({"method": "e2sfca", "decay": BANDS, "choice": BANDS}, "choice= is not used"),
        ({"method": "huff"}, "needs decay= or choice="),
        ({"method": "3sfca", "decay": BANDS, "attractiveness": SUPPLY}, "attractiveness= is not"),
        (
            {"method": "huff", "decay": BANDS, "attractiveness": SUPPLY.head(2)},
            r"attractiveness has no value for 1 facilities of supply \(z\)",
        ),
        ({"method": "huff", "decay": BANDS, "attractiveness": -SUPPLY}, "3 negative values"),
    ],
)
def test_arguments(options, message):
    with pytest.raises(InputError, match=message):
        floating_catchment(SUPPLY, DEMAND, MINUTES, **options)


def test_labels():
    cases = [
        (SUPPLY.head(2), DEMAND, r"supply lacks 1 destinations of times \(z\)"),
        (pd.Series(1, list("vxyz")), DEMAND, r"times has no column for 1 labels of supply \(v\)"),
        (SUPPLY, DEMAND.head(2), r"demand lacks 1 origins of times \(c\)"),
        (SUPPLY, pd.Series(1, list("abcd")), r"no row for 1 places of demand \(d\)"),
    ]
    for supply, demand, message in cases:
        with pytest.raises(AlignmentError, match=message):
            floating_catchment(supply, demand, MINUTES, threshold=30)
    with pytest.raises(InputError, match="supply has 3 negative values"):
        floating_catchment(-SUPPLY, DEMAND, MINUTES, threshold=30)
    with pytest.raises(InputError, match="demand is zero everywhere"):
        floating_catchment(SUPPLY, DEMAND * 0, MINUTES, threshold=30)
    with pytest.raises(InputError, match="no finite weight"):
        floating_catchment(SUPPLY, DEMAND, MINUTES * 0, method="e2sfca", decay=power(1))
    assert exponential(half=10)(0) == 1  # the other decays have a weight at zero
