"""Ranks under other weights: cases whose ranks are known, shifts by hand, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity import composite_index, rank_sensitivity
from spatialreg.errors import InputError, MissingDataWarning


def hierarchy(*items):
    return pd.DataFrame(
        {
            "aspect": "All",
            "category": [f"Category {name}" for name in items],
            "item": list(items),
            "column": list(items),
            "direction": 1,
        }
    )


def regions(**columns):
    data = pd.DataFrame(columns, dtype=float)
    return data.set_axis([f"r{i}" for i in range(len(data))])


def test_a_region_that_is_ahead_in_all_items_is_always_first():
    # r0 above r1, r2 in both; r1 and r2 are ahead in one each
    data = regions(x=[9, 1, 5], y=[9, 5, 1])
    result = rank_sensitivity(composite_index(data, hierarchy("x", "y")), rng=1)
    frame = result.frame
    assert frame["rank"].tolist() == [1, 2, 2]
    assert frame.loc["r0", ["median", "low", "high", "mean_shift"]].tolist() == [1, 1, 1, 0]
    assert frame["low"].tolist() == [1, 2, 2] and frame["high"].tolist() == [1, 3, 3]
    assert result.stable_pairs == pytest.approx(2 / 3)  # r0 before r1 and r2
    # r1 is behind r2 in half of all weights, a shift of 1 from the tie at rank 2; or not at all
    assert frame.loc["r1", "mean_shift"] + frame.loc["r2", "mean_shift"] == pytest.approx(1)
    assert frame.loc["r1", "mean_shift"] == pytest.approx(0.5, abs=0.05)
    assert result.mean_shift == pytest.approx(1 / 3)


def test_regions_that_are_ordered_alike_by_all_items_never_change():
    data = regions(x=[1, 2, 3, 4, 5], y=[1, 4, 9, 16, 25])
    result = rank_sensitivity(composite_index(data, hierarchy("x", "y")), rng=1, replicates=50)
    assert result.stable_pairs == 1 and result.mean_shift == 0
    assert result.frame["rank"].tolist() == [5, 4, 3, 2, 1]
    assert (result.scenarios["mean_shift"].dropna() == 0).all()
    assert result.scenarios["largest_at"].isna().all()


def test_items_left_out_by_hand():
    """By both items 1/2, 1, 1/4: ranks 2, 1, 3. By x alone 0, 1, 1/2; by y alone 1, 1, 0."""
    data = regions(x=[0, 2, 1], y=[3, 3, 1])
    result = rank_sensitivity(composite_index(data, hierarchy("x", "y")), rng=1, replicates=9)
    assert result.frame["rank"].tolist() == [2, 1, 3]
    assert result.ranks["without y"].tolist() == [3, 1, 2]
    assert result.ranks["without x"].tolist() == [1, 1, 3]
    assert result.scenarios.loc["without y", "mean_shift"] == pytest.approx(2 / 3)
    assert result.scenarios.loc["without x", "mean_shift"] == pytest.approx(1 / 3)
    assert result.scenarios.loc["without x", "largest_at"] == "r0"


def test_scenarios_are_what_the_index_gives():
    rng = np.random.default_rng(4)
    data = regions(x=rng.random(9), y=rng.random(9), z=rng.random(9))
    table = hierarchy("x", "y", "z")
    for aggregate in ("arithmetic", "topsis", "geometric"):
        settings = {"aggregate": aggregate, "floor": 0.1}
        used = composite_index(data, table, weights="critic", **settings)
        ranks = rank_sensitivity(used, rng=1, replicates=5).ranks
        for method in ("equal", "entropy", "critic", "pca"):
            again = composite_index(data, table, weights=method, **settings).frame["index"]
            assert ranks[method].tolist() == again.rank(ascending=False).tolist()
        fewer = composite_index(
            data, table[table["item"] != "y"], weights="critic", **settings
        ).frame["index"]
        assert ranks["without y"].tolist() == fewer.rank(ascending=False).tolist()


def test_given_weights_are_a_scenario_of_their_own():
    data = regions(x=[0, 2, 1], y=[3, 3, 1], z=[1, 5, 2])
    used = composite_index(data, hierarchy("x", "y", "z"), weights={"x": 6, "y": 3, "z": 1})
    result = rank_sensitivity(used, rng=1, replicates=5)
    assert result.scenarios.loc["given", "mean_shift"] == 0
    other = composite_index(data, hierarchy("y", "z"), weights={"y": 3, "z": 1}).frame["index"]
    expected = other.rank(ascending=False, method="min").tolist()
    assert result.ranks["without x"].tolist() == expected


def test_a_method_that_cannot_be_had_says_why():
    data = regions(x=[0, 2, 1], y=[3, 4, 1])
    used = composite_index(data, hierarchy("x", "y"), standardise="zscore")
    scenarios = rank_sensitivity(used, rng=1, replicates=5).scenarios
    assert "must not be negative" in scenarios.loc["entropy", "note"]
    assert np.isnan(scenarios.loc["entropy", "mean_shift"])
    assert scenarios.loc["critic", "note"] == ""
    single = rank_sensitivity(composite_index(data, hierarchy("x")), rng=1, replicates=5)
    assert list(single.scenarios.index) == ["equal", "entropy", "critic", "pca"]
    assert "two items or more" in single.scenarios.loc["pca", "note"]


def test_random_weights_are_equal_in_the_mean_at_each_level():
    """One item alone in its category, two in the other: it weighs half in the mean, and the
    index of a region that has only it is its weight, uniform from 0 to 1."""
    data = regions(x=[1, 0, 0], y=[0, 1, 0.5], z=[0, 1, 0.5])
    table = hierarchy("x", "y", "z").assign(category=["One", "Two", "Two"])
    used = composite_index(data, table)
    assert used.frame["index"].tolist() == [0.5, 0.5, 0.25]
    frame = rank_sensitivity(used, replicates=4000, rng=1).frame
    # r0 has w, r1 1 - w, r2 (1 - w) / 2: r0 is last where w < 1/3
    assert frame.loc["r1", "mean_shift"] == pytest.approx(0.5, abs=0.03)
    assert frame.loc["r0", "mean_shift"] == pytest.approx(1 / 6 + 2 / 3, abs=0.03)


@pytest.fixture
def panel():
    rng = np.random.default_rng(5)
    return sr.to_panel(
        pd.DataFrame(
            {
                "code": np.tile(list("abcde"), 3),
                "year": np.repeat([2001, 2002, 2003], 5),
                "x": rng.random(15),
                "y": rng.random(15),
            }
        )
    )


def test_a_panel_is_ranked_within_each_year(panel):
    used = composite_index(panel, hierarchy("x", "y"))
    result = rank_sensitivity(used, rng=1, replicates=40)
    by_year = used.frame["index"].groupby("year").rank(ascending=False)
    assert result.frame["rank"].tolist() == by_year.tolist()
    assert result.by_year.index.tolist() == [2001, 2002, 2003]
    assert result.by_year["regions"].tolist() == [5, 5, 5]
    assert result.stable_pairs == pytest.approx(result.by_year["stable_pairs"].mean())
    assert "within each year" in result.definition


def test_seed_and_order_of_rows_and_items(panel):
    table = hierarchy("x", "y")
    first = rank_sensitivity(composite_index(panel, table), rng=3, replicates=30)
    mixed = panel.sample(frac=1, random_state=2)
    other = rank_sensitivity(composite_index(mixed, table.iloc[::-1]), rng=3, replicates=30)
    assert other.frame.index.equals(mixed.index)
    pd.testing.assert_frame_equal(other.frame.sort_index(), first.frame)
    pd.testing.assert_frame_equal(other.by_year, first.by_year)
    generator = rank_sensitivity(
        composite_index(panel, table), rng=np.random.default_rng(3), replicates=30
    )
    pd.testing.assert_frame_equal(generator.frame, first.frame)


def test_regions_without_an_index_have_no_rank(panel):
    gap = panel.copy()
    gap.loc[("b", 2002), "y"] = np.nan
    with pytest.warns(MissingDataWarning):
        used = composite_index(gap, hierarchy("x", "y"), missing="nan")
    result = rank_sensitivity(used, rng=1, replicates=20)
    assert result.frame.loc[("b", 2002)].isna().all()
    assert result.frame.drop(("b", 2002)).notna().all(axis=None)
    assert result.by_year.loc[2002, "regions"] == 4
    with pytest.warns(MissingDataWarning):
        shared = composite_index(gap, hierarchy("x", "y"), missing="renormalise")
    known = rank_sensitivity(shared, rng=1, replicates=20)
    assert known.frame.notna().all(axis=None)


def test_what_is_wrong_with_the_arguments(panel):
    used = composite_index(panel, hierarchy("x", "y"))
    with pytest.raises(InputError, match=r"takes the result of composite_index, not DataFrame"):
        rank_sensitivity(used.frame)
    for wrong in (0, -1, True):
        with pytest.raises(InputError, match="replicates must be at least 1"):
            rank_sensitivity(used, replicates=wrong)
    with pytest.raises(InputError, match="rng must be"):
        rank_sensitivity(used, rng="seed")
    alone = panel.loc[["a"]]
    with pytest.raises(InputError, match="no two regions with an index"):
        rank_sensitivity(composite_index(alone, hierarchy("x", "y")), rng=1)
