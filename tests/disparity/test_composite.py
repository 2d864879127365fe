"""Composite indices: values by hand on three regions, rules for missing items, each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity import composite_index, services_template
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

S3 = 3**0.5


def frame(**columns):
    return pd.DataFrame({k: [float(x) for x in v] for k, v in columns.items()}, index=list("abc"))


REGIONS = frame(beds=[0, 5, 10], distance=[4, 2, 3], books=[1, 1, 4], income=[8, 6, 4])
HIERARCHY = pd.DataFrame(
    [
        ("Services", "Health", "Beds", "beds", 1),
        ("Services", "Health", "Distance", "distance", -1),
        ("Services", "Culture", "Books", "books", 1),
        ("Living", "Income", "Income per head", "income", 1),
    ],
    columns=["aspect", "category", "item", "column", "direction"],
).assign(low=[np.nan, np.nan, np.nan, 0], high=[np.nan, np.nan, np.nan, 10])


def flat(columns, direction=None, **more):
    """Give a hierarchy of one category."""
    return pd.DataFrame(
        {
            "aspect": "All",
            "category": "All",
            "item": columns,
            "column": columns,
            "direction": direction or 1,
            **more,
        }
    )


def test_three_regions_by_hand():
    """Beds 0, 1/2, 1; distance turned round 0, 1, 1/2; books 0, 0, 1; income in 0-10."""
    result = composite_index(REGIONS, HIERARCHY)
    expected = pd.DataFrame(
        {
            "index": [0.4, 0.4875, 0.6375],
            "Services": [0.0, 0.375, 0.875],
            "Health": [0.0, 0.75, 0.75],
            "Culture": [0.0, 0.0, 1.0],
            "Living": [0.8, 0.6, 0.4],
            "Income": [0.8, 0.6, 0.4],
        },
        index=list("abc"),
    )
    pd.testing.assert_frame_equal(result.frame, expected)
    weights = result.weights
    assert weights["weight"].tolist() == [0.125, 0.125, 0.25, 0.5]
    assert weights["local"].tolist() == [0.5, 0.5, 1, 1]
    assert weights["category_weight"].tolist() == [0.5, 0.5, 0.5, 1]
    assert weights["aspect_weight"].tolist() == [0.5] * 4
    assert result.n == 3 and result.clipped == 0 and result.missing.empty
    assert np.isnan(result.explained)
    assert result.standardised["Distance"].tolist() == [0, 1, 0.5]


def test_geometric_by_hand():
    # scores from 0.1: beds 0.1, 0.55, 1; income 0.82, 0.64, 0.46 (0.1 + 0.9 z)
    hierarchy = HIERARCHY[HIERARCHY["item"].isin(["Beds", "Income per head"])]
    result = composite_index(REGIONS, hierarchy, aggregate="geometric", floor=0.1)
    expected = np.sqrt(np.array([0.1 * 0.82, 0.55 * 0.64, 1 * 0.46]))
    np.testing.assert_allclose(result.frame["index"], expected, rtol=1e-14)


def test_topsis_by_hand():
    """Scores (1, 0), (0, 1), (1, 1) and weights 3/4, 1/4: a is 1/4 from the best, 3/4 from the
    worst; b the other way round."""
    data = frame(x=[2, 1, 2], y=[0, 5, 5])
    result = composite_index(
        data, flat(["x", "y"]), weights={"x": 3, "y": 1}, aggregate="topsis"
    ).frame["index"]
    np.testing.assert_allclose(result, [0.75, 0.25, 1.0], rtol=1e-14)


def test_topsis_with_goalposts_measures_to_the_goalposts():
    data = frame(x=[2, 4, 6])
    result = composite_index(data, flat(["x"], low=[0], high=[8]), aggregate="topsis")
    np.testing.assert_allclose(result.frame["index"], [0.25, 0.5, 0.75], rtol=1e-14)


def test_target_by_hand():
    # income of 8 is the target, more counts as reached; distance 4 is 0 and 2 or less is 1
    data = REGIONS.assign(income=[10.0, 6.0, 2.0], distance=[4.0, 1.0, 3.0])
    hierarchy = flat(["income", "distance"], direction=[1, -1], target=[8, 2], high=[np.nan, 4])
    result = composite_index(data, hierarchy, standardise="target")
    assert result.standardised["income"].tolist() == [1, 0.75, 0.25]
    assert result.standardised["distance"].tolist() == [0, 1, 0.5]
    assert result.clipped == 2
    over = composite_index(data, hierarchy, standardise="target", clip=False)
    assert over.standardised["income"].tolist() == [1.25, 0.75, 0.25]
    assert over.standardised["distance"].tolist() == [0, 1.5, 0.5]
    assert over.clipped == 0


def test_zscore_and_rank_by_hand():
    data = frame(x=[0, 5, 10], y=[1, 1, 4])
    z = composite_index(data, flat(["x", "y"], direction=[1, -1]), standardise="zscore")
    np.testing.assert_allclose(z.standardised["x"], [-(1.5**0.5), 0, 1.5**0.5], rtol=1e-14)
    np.testing.assert_allclose(z.standardised["y"], [0.5**0.5, 0.5**0.5, -(2**0.5)], rtol=1e-14)
    rank = composite_index(data, flat(["x", "y"], direction=[1, -1]), standardise="rank")
    assert rank.standardised["x"].tolist() == [0, 0.5, 1]
    assert rank.standardised["y"].tolist() == [0.75, 0.75, 0]  # the two lowest share ranks 2, 3


def test_entropy_by_hand():
    """Shares 1/4, 1/4, 1/2 and 0, 1/2, 1/2; a share of 0 adds nothing."""
    data = frame(x=[1, 1, 2], y=[0, 2, 2])
    result = composite_index(
        data, flat(["x", "y"], target=[2, 2]), standardise="target", weights="entropy"
    )
    e = np.array([1.5, 1.0]) * np.log(2) / np.log(3)
    np.testing.assert_allclose(result.diagnostics["entropy"], e, rtol=1e-14)
    np.testing.assert_allclose(result.weights["weight"], (1 - e) / (1 - e).sum(), rtol=1e-14)


def test_entropy_gives_no_weight_to_what_all_have_alike():
    data = frame(x=[3, 4, 5], y=[0, 2, 1])
    result = composite_index(
        data, flat(["x", "y"], target=[2, 2]), standardise="target", weights="entropy"
    )
    assert result.weights["weight"].tolist() == [0, 1]
    assert result.frame["index"].tolist() == [0, 1, 0.5]


def test_critic_by_hand():
    """Scores (0, 1/2, 1), (1, 0, 1/2), (0, 0, 1): deviations 1/2, 1/2, 1/sqrt 3; correlations
    -1/2, sqrt 3 / 2 and 0."""
    data = frame(x=[0, 5, 10], y=[2, 0, 1], z=[1, 1, 4])
    result = composite_index(data, flat(["x", "y", "z"]), weights="critic")
    information = np.array([0.5 * (1.5 + 1 - S3 / 2), 0.5 * (1.5 + 1), (1 - S3 / 2 + 1) / S3])
    np.testing.assert_allclose(result.diagnostics["information"], information, rtol=1e-13)
    np.testing.assert_allclose(
        result.weights["weight"], information / information.sum(), rtol=1e-13
    )


def test_first_component_by_hand():
    """Two items correlated by r: elements 1/sqrt 2, share (1 + |r|) / 2, KMO 1/2."""
    data = frame(x=[0, 5, 10], y=[2, 0, 1])  # r = -1/2
    result = composite_index(data, flat(["x", "y"]), weights="pca")
    np.testing.assert_allclose(result.weights["weight"], [0.5, 0.5], rtol=1e-14)
    assert result.explained == pytest.approx(0.75, rel=1e-14)
    assert result.kmo == pytest.approx(0.5, rel=1e-14)
    np.testing.assert_allclose(result.diagnostics["loading"].abs(), 0.75**0.5, rtol=1e-14)
    assert (result.diagnostics["loading"] < 0).sum() == 1
    assert "run against the component and are weighed all the same" in result.definition


def test_weights_of_data_add_up_through_the_levels():
    result = composite_index(REGIONS, HIERARCHY, weights="entropy")
    weights = result.weights
    product = weights["local"] * weights["category_weight"] * weights["aspect_weight"]
    np.testing.assert_allclose(product, weights["weight"], rtol=1e-14)
    plain = (result.standardised * weights["weight"]).sum(axis=1)
    np.testing.assert_allclose(result.frame["index"], plain, rtol=1e-14)


def test_given_weights():
    by_name = {"Beds": 1, "Distance": 3, "Books": 4, "Income per head": 8}
    result = composite_index(REGIONS, HIERARCHY, weights=by_name)
    assert result.weights["weight"].tolist() == [1 / 16, 3 / 16, 1 / 4, 1 / 2]
    assert result.weights["local"].tolist() == [0.25, 0.75, 1, 1]
    by_column = composite_index(
        REGIONS, HIERARCHY.assign(weight=list(by_name.values())), weights="given"
    )
    pd.testing.assert_frame_equal(by_column.frame, result.frame)
    assert result.weighting == by_column.weighting == "given"


@pytest.fixture
def panel():
    return sr.to_panel(
        pd.DataFrame(
            {
                "code": list("ababab"),
                "year": [2000, 2000, 2001, 2001, 2003, 2003],
                "x": [0.0, 2, 1, 4, 8, 10],
                "y": [3.0, 1, 5, 1, 7, 2],
            }
        )
    )


def test_a_panel_is_held_against_all_years_unless_told(panel):
    items = flat(["x"])
    pooled = composite_index(panel, items).frame["index"]
    assert pooled.xs("a").tolist() == [0, 0.1, 0.8] and pooled.xs("b").tolist() == [0.2, 0.4, 1]
    each = composite_index(panel, items, reference_years="each").frame["index"]
    assert each.xs("a").tolist() == [0, 0, 0] and each.xs("b").tolist() == [1, 1, 1]
    base = composite_index(panel, items, reference_years=2001)
    assert base.frame["index"].xs("a").tolist() == [0, 0, 1]  # 0 to below the 1 of 2001, and 8
    assert base.clipped == 3
    kept = composite_index(panel, items, reference_years=[2001], clip=False).frame["index"]
    np.testing.assert_allclose(kept.xs("b"), [1 / 3, 1, 3], rtol=1e-14)
    assert base.reference_years == (2001,)
    assert "held against the rows of 2001" in base.definition


def test_weights_come_from_the_rows_of_reference(panel):
    one = composite_index(panel, flat(["x", "y"]), weights="entropy", reference_years=[2000, 2001])
    rows = panel[panel.index.get_level_values("year") < 2002]
    alone = composite_index(rows, flat(["x", "y"]), weights="entropy")
    pd.testing.assert_frame_equal(one.weights, alone.weights)


def test_missing_items_are_renormalised_by_hand():
    """Without beds, a's health is its distance; without books, c's services are its health;
    without income, b's index is its services."""
    data = REGIONS.assign(beds=[np.nan, 0, 10], books=[1, 4, np.nan], income=[8, np.nan, 4])
    with pytest.warns(MissingDataWarning, match=r"3 values of 3 items are missing, at 3 of 3"):
        result = composite_index(data, HIERARCHY, missing="renormalise", min_share=0.4)
    table = result.frame
    assert table["Health"].tolist() == [0, 0.5, 0.75]
    assert table["Services"].tolist() == [0, 0.75, 0.75]
    assert table["index"].tolist() == [0.4, 0.75, 0.575]
    assert np.isnan(table.loc["b", "Living"]) and np.isnan(table.loc["c", "Culture"])
    assert result.missing["done"].to_dict() == {
        "a": "weight shared within the category Health",
        "b": "weight shared among the other aspects",
        "c": "weight shared within the aspect Services",
    }
    assert result.missing["item"].to_dict() == {"a": "Beds", "b": "Income per head", "c": "Books"}
    # half of b's weights are there: not enough for 0.6
    with pytest.warns(MissingDataWarning, match="1 rows have no index"):
        strict = composite_index(data, HIERARCHY, missing="renormalise", min_share=0.6)
    assert strict.frame["index"].isna().tolist() == [False, True, False] and strict.n == 2


def test_topsis_shares_weights_of_missing_items_too():
    data = frame(x=[2, 1, 2], y=[0, np.nan, 5])
    with pytest.warns(MissingDataWarning):
        result = composite_index(data, flat(["x", "y"]), aggregate="topsis", missing="renormalise")
    np.testing.assert_allclose(result.frame["index"], [0.5, 0, 1], rtol=1e-14)


def test_missing_items_leave_scores_nan():
    data = REGIONS.assign(books=[1, np.nan, 4])
    with pytest.warns(MissingDataWarning, match="1 rows have no index"):
        table = composite_index(data, HIERARCHY, missing="nan").frame
    assert table["index"].isna().tolist() == [False, True, False]
    assert table["Services"].isna().tolist() == [False, True, False]
    assert table["Health"].tolist() == [0, 0.75, 0.75]
    assert table["Living"].tolist() == [0.8, 0.6, 0.4]


def test_missing_items_are_imputed_by_the_mean(panel):
    with pytest.warns(MissingDataWarning, match="impute mean"):
        result = composite_index(frame(x=[0, np.nan, 10]), flat(["x"]), missing="impute mean")
    assert result.frame["index"].tolist() == [0, 0.5, 1]
    assert result.missing.loc["b", "done"] == "imputed: 5"
    gap = panel.copy()
    gap.loc[("a", 2001), "x"] = np.nan  # the mean of 2001 is b's 4
    with pytest.warns(MissingDataWarning):
        index = composite_index(gap, flat(["x"]), missing="impute mean").frame["index"]
    assert index.loc[("a", 2001)] == 0.4


def test_missing_items_are_interpolated_inside_a_region(panel):
    gap = panel.copy()
    gap.loc[("a", 2001), "x"] = np.nan  # a third of the way from 0 in 2000 to 8 in 2003
    with pytest.warns(MissingDataWarning):
        result = composite_index(gap, flat(["x"]), missing="interpolate")
    assert result.frame["index"].loc[("a", 2001)] == pytest.approx(8 / 3 / 10, rel=1e-14)
    assert result.missing["done"].tolist() == ["interpolated: 2.66667"]
    end = panel.copy()
    end.loc[("a", 2003), "x"] = np.nan
    with pytest.raises(InputError, match=r"cannot be filled by missing='interpolate' since they"):
        composite_index(end, flat(["x"]), missing="interpolate")
    none = panel.copy()
    none.loc[(slice(None), 2001), "x"] = np.nan
    with pytest.raises(InputError, match="no region has the item in that year"):
        composite_index(none, flat(["x"]), missing="impute mean")


def test_labels_order_and_inputs_stay(panel):
    mixed = panel.sample(frac=1, random_state=3)
    before, rows = mixed.copy(), flat(["x", "y"]).copy()
    result = composite_index(mixed, rows, weights="entropy")
    pd.testing.assert_frame_equal(mixed, before)
    pd.testing.assert_frame_equal(rows, flat(["x", "y"]))
    assert result.frame.index.equals(mixed.index)
    assert result.standardised.index.equals(mixed.index)
    pd.testing.assert_frame_equal(
        result.frame.sort_index(), composite_index(panel, rows, weights="entropy").frame
    )


def test_words_and_print():
    result = composite_index(REGIONS, HIERARCHY, weights="critic", aggregate="topsis")
    for words in ("4 items in 3 categories and 2 aspects", "range", "CRITIC", "TOPSIS", "missing"):
        assert words in result.definition
    assert "CompositeResult" in repr(result) and "index" in result._repr_html_()


def test_the_template_of_the_standard_can_be_filled():
    template = services_template()
    assert template["aspect"].nunique() == 9 and template["category"].nunique() == 22
    assert template["item"].is_unique and len(template) == 80
    assert template["column"].isna().all()
    with pytest.raises(InputError, match="80 rows of the hierarchy have no column"):
        composite_index(REGIONS, template)
    rows = template["item"].isin(["Management of chronic diseases", "Watching films"])
    template.loc[rows, "column"] = ["beds", "books"]
    result = composite_index(REGIONS, template.dropna(subset=["column"]))
    assert list(result.frame.columns) == [
        "index", "Medical care", "Public health", "Culture and sports", "Public culture",
    ]  # fmt: skip
    assert result.frame["index"].tolist() == [0, 0.25, 1]


def changed(column, row, value):
    table = HIERARCHY.astype(object)
    table.loc[row, column] = value
    return table


@pytest.mark.parametrize(
    ("hierarchy", "message"),
    [
        ([1], "hierarchy must be a DataFrame with a row an item, not list"),
        (HIERARCHY.drop(columns="direction"), "the hierarchy has no column 'direction'"),
        (HIERARCHY.iloc[:0], "the hierarchy has no items"),
        (changed("column", 1, None), r"1 rows of the hierarchy have no column \(Distance\)"),
        (changed("aspect", 2, " "), r"1 rows of the hierarchy have no aspect \(2\)"),
        (changed("item", 2, 7), "item must be text; rows 2 of the hierarchy"),
        (changed("item", 2, "Beds"), r"1 items stand in the hierarchy more than once \(Beds\)"),
        (changed("column", 2, "beds"), r"1 columns stand in the hierarchy more than once"),
        (changed("direction", 1, 0), r"direction must be 1 .* 1 items have neither: Distance"),
        (changed("direction", 1, None), "1 items have neither: Distance"),
        (changed("category", 3, "Health"), r"1 categories stand in several aspects \(Health\)"),
        (changed("category", 2, "Services"), "rename 'Services'"),
        (changed("aspect", 3, "index"), "rename 'index'"),
        (changed("column", 1, "nothing"), "the frame has no column 'nothing'"),
        (changed("low", 3, "much"), "low of the hierarchy must be numeric"),
        (changed("low", 3, 12), r"goalposts with low not below high \(Income per head\)"),
    ],
)
def test_what_is_wrong_with_a_hierarchy(hierarchy, message):
    with pytest.raises(InputError, match=message):
        composite_index(REGIONS, hierarchy)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"standardise": "log"}, "standardise must be one of"),
        ({"weights": "ahp"}, "weights must be one of"),
        ({"weights": [1, 2]}, "weights must be one of"),
        ({"aggregate": "mean"}, "aggregate must be one of"),
        ({"missing": "drop"}, "missing must be one of"),
        ({"min_share": 0.5}, "min_share is used with missing='renormalise' only"),
        ({"missing": "renormalise", "min_share": 0}, "min_share must be above 0"),
        ({"floor": 1}, "floor must be a score from 0 to below 1, not 1"),
        ({"floor": 0.1, "standardise": "zscore"}, "floor is used for range, target and rank"),
        ({"clip": True, "standardise": "rank"}, "clip is used for range and target only"),
        ({"clip": False, "aggregate": "topsis"}, "leave clip out"),
        ({"standardise": "vector"}, "used with aggregate='topsis' only"),
        ({"standardise": "zscore", "aggregate": "geometric"}, "zscore does not give"),
        ({"aggregate": "geometric"}, r"3 items have a zero or less \(Beds, Books, Distance\)"),
        ({"reference_years": "each"}, "reference_years is used for a panel only"),
        ({"standardise": "target"}, "4 items have no target in the hierarchy"),
        ({"weights": "given"}, r"4 items lack \(Beds, Books"),
        ({"weights": {"Beds": 1, "Boats": 2}}, r"lacks Books, Distance, .* has besides Boats"),
        (
            {"weights": {"Beds": 1, "Distance": 0, "Books": 1, "Income per head": 1}},
            "weights must be numbers above zero; not so for Distance",
        ),
        ({"weights": "entropy", "standardise": "zscore"}, "must not be negative nor all zero"),
    ],
)
def test_what_is_wrong_with_the_arguments(arguments, message):
    with pytest.raises(InputError, match=message):
        composite_index(REGIONS, HIERARCHY, **arguments)


@pytest.mark.parametrize(
    ("data", "hierarchy", "arguments", "message"),
    [
        (REGIONS["beds"], HIERARCHY, {}, "a DataFrame indexed by region"),
        (REGIONS.iloc[:0], HIERARCHY, {}, "the frame has no rows"),
        (REGIONS.assign(beds="many"), HIERARCHY, {}, "column 'beds' must be numeric"),
        (REGIONS.assign(beds=np.inf), HIERARCHY, {}, "column 'beds' has 3 infinite values"),
        (REGIONS.assign(beds=np.nan), HIERARCHY, {}, "1 items have no value at all"),
        (REGIONS.assign(beds=[1, np.nan, 2]), HIERARCHY, {}, r"1 values of 1 items \(Beds\) are"),
        (REGIONS.assign(beds=1), HIERARCHY, {}, r"1 items do not vary .*\(Beds\)"),
        (REGIONS.iloc[1:], HIERARCHY, {"weights": "critic"}, "at least 3 rows of reference"),
        (REGIONS, flat(["beds"]), {"weights": "pca"}, "needs two items or more"),
        (
            REGIONS.assign(books=REGIONS["beds"] * 2),
            flat(["beds", "books"]),
            {"weights": "critic"},
            "finds no conflict",
        ),
        (
            REGIONS,
            flat(["beds", "income"], target=[10, 2]),
            {"weights": "critic", "standardise": "target"},
            r"1 do not vary once they are standardised \(income\)",
        ),
        (
            REGIONS,
            flat(["income"], target=[2]),
            {"weights": "entropy", "standardise": "target"},
            "needs an item that varies",
        ),
        (
            REGIONS,
            flat(["distance"], direction=-1, target=[2]),
            {"standardise": "target"},
            r"1 items of which less is better have no high \(distance\)",
        ),
        (
            REGIONS,
            flat(["income"], low=[5], target=[2]),
            {"standardise": "target"},
            "a target must lie above low",
        ),
    ],
)
def test_what_is_wrong_with_the_data(data, hierarchy, arguments, message):
    with pytest.raises(InputError, match=message):
        composite_index(data, hierarchy, **arguments)


def test_what_is_wrong_with_a_panel(panel):
    with pytest.raises(AlignmentError, match="more than once"):
        composite_index(REGIONS.set_axis(list("aab")), HIERARCHY)
    with pytest.raises(InputError, match=r"years of the panel, 2000 to 2003; 2002, 2010"):
        composite_index(panel, flat(["x"]), reference_years=[2001, 2002, 2010])
    with pytest.raises(InputError, match="none given"):
        composite_index(panel, flat(["x"]), reference_years=[])
    with pytest.raises(InputError, match="where it is text"):
        composite_index(panel, flat(["x"]), reference_years="first")
    alike = panel.assign(x=[0.0, 1, 2, 0, 3, 4])
    with pytest.raises(InputError, match="do not vary"):
        composite_index(alike, flat(["x"]), reference_years="each")
    late = panel.assign(z=panel["x"].where(panel.index.get_level_values("year") > 2000))
    with pytest.raises(InputError, match=r"no value in the rows of reference \(z\)"):
        composite_index(late, flat(["z"]), reference_years=2000, missing="renormalise")
