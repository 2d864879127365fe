"""Inequality between groups shared among schemes: by hand, axioms of the value, messages."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity import decompose_shapley
from spatialreg.disparity._decomposition._shapley import shapley_values
from spatialreg.errors import InputError, MissingDataWarning

COLUMNS = {"per_head": "income", "population": "people"}


def between(frame, by, measure="T"):
    parts = sr.decompose_theil(frame, **COLUMNS, by=by, measure=measure).frame
    return parts.query("component == 'between' and group == 'all'")["value"].sum()


def test_the_value_of_a_game_by_hand():
    """Worth 0, 10, 20, 40 of nobody, a, b, both: a adds 10 first and 20 last."""
    assert shapley_values(np.array([[0.0], [10], [20], [40]]))[:, 0].tolist() == [15, 25]
    # three players, of whom only c is worth anything, and only with another
    worth = np.zeros((8, 1))
    worth[[0b101, 0b110, 0b111]] = 6
    assert shapley_values(worth)[:, 0].tolist() == pytest.approx([1, 1, 4])


@pytest.mark.parametrize("measure", ["T", "L", "ge(2)"])
def test_two_schemes_share_what_they_say_together(regions, measure):
    regions["kind"] = list("ababab")
    result = decompose_shapley(regions, **COLUMNS, schemes=["zone", "kind"], measure=measure)
    alone = [between(regions, name, measure) for name in ("zone", "kind")]
    both = between(regions, ["zone", "kind"], measure)
    expected = [(alone[0] + both - alone[1]) / 2, (alone[1] + both - alone[0]) / 2]
    frame = result.frame.set_index("scheme")
    assert frame["value"].tolist() == pytest.approx(expected, abs=1e-14)
    assert frame["alone"].tolist() == pytest.approx(alone, abs=1e-14)
    last = [both - alone[1], both - alone[0]]
    assert frame["marginal"].tolist() == pytest.approx(last, abs=1e-14)
    assert frame["groups"].tolist() == [2, 2]
    assert frame["share"].sum() == pytest.approx(1, rel=1e-13)
    assert result.between == pytest.approx(both, abs=1e-14)
    totals = result.totals.iloc[0]
    assert totals["cells"] == 4
    assert totals["between"] + totals["within"] == pytest.approx(result.total, abs=1e-15)
    whole = sr.decompose_theil(regions, **COLUMNS, by="zone", measure=measure).total
    assert result.total == pytest.approx(whole, abs=1e-14)


def test_the_same_scheme_twice_and_one_that_says_nothing(regions):
    regions = regions.assign(again=regions["zone"], nothing="x")
    result = decompose_shapley(regions, **COLUMNS, schemes=["zone", "again", "nothing"])
    value = result.frame.set_index("scheme")["value"]
    assert value["zone"] == pytest.approx(between(regions, "zone") / 2, rel=1e-12)
    assert value["again"] == value["zone"]
    assert value["nothing"] == pytest.approx(0, abs=1e-15)
    marginal = result.frame.set_index("scheme")["marginal"]
    assert marginal.tolist() == pytest.approx([0, 0, 0], abs=1e-15)


def test_the_order_of_schemes_and_of_rows_does_not_matter(regions):
    regions["kind"] = list("ababab")
    names = ["zone", "kind", "province"]
    expected = decompose_shapley(regions, **COLUMNS, schemes=names).frame.set_index("scheme")
    mixed = regions.sample(frac=1, random_state=2)
    before = mixed.copy()
    result = decompose_shapley(mixed, **COLUMNS, schemes=names[::-1]).frame.set_index("scheme")
    pd.testing.assert_frame_equal(result.loc[names], expected, rtol=1e-12)
    pd.testing.assert_frame_equal(mixed, before)
    series = [regions["kind"].sample(frac=1, random_state=3), "zone", "province"]
    again = decompose_shapley(regions.drop(columns="kind"), **COLUMNS, schemes=series)
    pd.testing.assert_frame_equal(again.frame.set_index("scheme").loc[names], expected, rtol=1e-12)


def test_a_panel_is_each_year_alone(panel):
    panel["kind"] = np.where(panel.index.get_level_values(0) < "05", "a", "b")
    moved = panel.copy()
    moved.loc[("00", 2003), "kind"] = "c"  # a group of one year only
    result = decompose_shapley(moved, **COLUMNS, schemes=["zone", "kind"])
    assert result.total is None
    assert result.between is None
    for year in range(2000, 2005):
        alone = decompose_shapley(moved.xs(year, level="year"), **COLUMNS, schemes=["zone", "kind"])
        for name in ("frame", "totals"):
            whole = getattr(result, name)
            part = whole[whole["year"] == year].drop(columns="year").reset_index(drop=True)
            pd.testing.assert_frame_equal(part, getattr(alone, name), rtol=1e-12)
    groups = result.frame.query("scheme == 'kind'").set_index("year")["groups"]
    assert groups.tolist() == [2, 2, 2, 3, 2]


def test_ten_schemes_add_up():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.choice(list("ab"), (3000, 10)), columns=[f"s{i}" for i in range(10)])
    schemes = list(frame.columns)
    frame["income"], frame["people"] = rng.lognormal(0, 1, 3000), rng.integers(1, 9, 3000)
    result = decompose_shapley(frame, **COLUMNS, schemes=schemes)
    assert result.frame["value"].sum() == pytest.approx(result.between, rel=1e-12)
    assert result.totals["cells"].iloc[0] == len(frame.groupby(schemes))
    assert result.between < result.total
    with pytest.raises(InputError, match="2 to 10 groupings, not 11"):
        decompose_shapley(frame.assign(more="x"), **COLUMNS, schemes=[*schemes, "more"])


def test_missing_values_are_left_out(regions):
    regions.loc["b", "people"] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 6 rows") as caught:
        result = decompose_shapley(regions, **COLUMNS, schemes=["zone", "province"])
    assert caught[0].filename == __file__
    expected = decompose_shapley(regions.drop(index="b"), **COLUMNS, schemes=["zone", "province"])
    pd.testing.assert_frame_equal(result.frame, expected.frame)


def test_each_message(regions):
    table = pd.DataFrame({"x": [True] * 6, "y": [True] * 6}, index=regions.index)
    for schemes, message in [
        ("zone", "schemes must be a sequence of groupings"),
        (["zone"], "schemes must be 2 to 10 groupings, not 1"),
        ([], "schemes must name at least one grouping"),
        (["zone", "zone"], "schemes has 'zone' twice"),
        (["zone", "nowhere"], "no column 'nowhere'"),
        (["zone", table], "schemes is a table of indicators in which 6 rows are in more than one"),
        (["zone", 3], "schemes takes columns by name, or Series of groups .*not int"),
    ]:
        with pytest.raises(InputError, match=message):
            decompose_shapley(regions, **COLUMNS, schemes=schemes)
