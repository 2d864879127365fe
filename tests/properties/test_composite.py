"""What must hold for any regions and items: units, orders, bounds, weights that sum to one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spatialreg.disparity import composite_index, coupling, rank_sensitivity

METHODS = ["equal", "entropy", "critic", "pca"]
AGGREGATES = ["arithmetic", "geometric", "topsis"]


@st.composite
def tables(draw, least=4):
    """Draw regions, items in up to three categories and two aspects, and their hierarchy."""
    n = draw(st.integers(least, 12))
    k = draw(st.integers(2, 6))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    items = [f"i{j}" for j in range(k)]
    data = pd.DataFrame(
        rng.integers(0, 40, (n, k)) / 4 + 1, columns=items, index=[f"r{i:02d}" for i in range(n)]
    )
    assume((data.max() > data.min()).all())
    category = rng.integers(0, 3, k)
    hierarchy = pd.DataFrame(
        {
            "aspect": [f"A{c // 2}" for c in category],
            "category": [f"C{c}" for c in category],
            "item": items,
            "column": items,
            "direction": rng.choice([1, -1], k),
        }
    )
    return data, hierarchy


def index_of(data, hierarchy, **arguments):
    return composite_index(data, hierarchy, **{"floor": 0.01, **arguments})


@pytest.mark.parametrize("weights", METHODS)
@pytest.mark.parametrize("aggregate", AGGREGATES)
@given(table=tables(), factor=st.floats(1e-3, 1e3), shift=st.floats(-50, 50))
@settings(max_examples=15, deadline=None)
def test_the_unit_of_an_item_does_not_matter(weights, aggregate, table, factor, shift):
    """A factor and a constant on any item leave the range, and so the index, as they were."""
    data, hierarchy = table
    other = data.assign(i0=data["i0"] * factor + shift, i1=data["i1"] * 7 - shift)
    try:
        expected = index_of(data, hierarchy, weights=weights, aggregate=aggregate)
    except ValueError as error:
        assume("finds no conflict" not in str(error))
        raise
    if weights == "pca":  # a component is defined where its variance stands out
        r = np.linalg.eigvalsh(expected.standardised.corr().to_numpy())
        assume(r[-1] - r[-2] > 1e-3)
    result = index_of(other, hierarchy, weights=weights, aggregate=aggregate)
    pd.testing.assert_frame_equal(result.frame, expected.frame, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("weights", ["equal", "entropy", "critic"])
@pytest.mark.parametrize("aggregate", AGGREGATES)
@given(table=tables())
@settings(max_examples=20, deadline=None)
def test_scores_lie_between_the_floor_and_one(weights, aggregate, table):
    data, hierarchy = table
    try:
        frame = index_of(data, hierarchy, weights=weights, aggregate=aggregate).frame
    except ValueError as error:
        assume("finds no conflict" not in str(error))
        raise
    low = 0.0 if aggregate == "topsis" else 0.01
    assert (frame >= low - 1e-12).all(axis=None) and (frame <= 1 + 1e-12).all(axis=None)


@pytest.mark.parametrize("weights", METHODS)
@given(table=tables())
@settings(max_examples=20, deadline=None)
def test_weights_sum_to_one_at_each_level(weights, table):
    data, hierarchy = table
    try:
        result = composite_index(data, hierarchy, weights=weights).weights
    except ValueError as error:
        assume("finds no conflict" not in str(error))
        raise
    assert result["weight"].sum() == pytest.approx(1, rel=1e-12)
    assert (result["weight"] >= 0).all()
    np.testing.assert_allclose(result.groupby("category")["local"].sum(), 1, rtol=1e-12)
    categories = result.drop_duplicates("category").groupby("aspect")["category_weight"].sum()
    np.testing.assert_allclose(categories, 1, rtol=1e-12)
    assert result.drop_duplicates("aspect")["aspect_weight"].sum() == pytest.approx(1)
    product = result["local"] * result["category_weight"] * result["aspect_weight"]
    np.testing.assert_allclose(product, result["weight"], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("weights", METHODS)
@given(table=tables(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_and_items_does_not_matter_at_all(weights, table, seed):
    data, hierarchy = table
    mixed = data.sample(frac=1, random_state=seed)
    turned = hierarchy.sample(frac=1, random_state=seed)
    try:
        expected = composite_index(data, hierarchy, weights=weights)
    except ValueError as error:
        assume("finds no conflict" not in str(error))
        raise
    result = composite_index(mixed, turned, weights=weights)
    assert result.frame.index.equals(mixed.index)
    pd.testing.assert_frame_equal(
        result.frame.loc[data.index, expected.frame.columns], expected.frame, rtol=0, atol=0
    )


@given(table=tables())
@settings(max_examples=25, deadline=None)
def test_more_of_a_good_item_never_lowers_a_region(table):
    """With goalposts no other region moves either."""
    data, hierarchy = table
    wide = hierarchy.assign(low=0, high=100)
    before = composite_index(data, wide).frame["index"]
    up = hierarchy.set_index("item")["direction"]
    item = up.index[0]
    more = data.copy()
    more.loc["r00", item] += up[item]
    after = composite_index(more, wide).frame["index"]
    assert after["r00"] > before["r00"]
    pd.testing.assert_series_equal(after.drop("r00"), before.drop("r00"))


@given(table=tables())
@settings(max_examples=25, deadline=None)
def test_geometric_means_are_not_above_arithmetic_ones(table):
    data, hierarchy = table
    arithmetic = index_of(data, hierarchy).frame
    geometric = index_of(data, hierarchy, aggregate="geometric").frame
    assert (geometric <= arithmetic + 1e-12).all(axis=None)


@given(table=tables())
@settings(max_examples=15, deadline=None)
def test_weights_shared_among_items_that_are_there_are_those_of_a_smaller_hierarchy(table):
    """A region without an item scores as if the item did not exist."""
    data, hierarchy = table
    gap = data.copy()
    gap.loc["r00", "i0"] = np.nan
    wide = hierarchy.assign(low=0, high=100)
    with pytest.warns(UserWarning, match="renormalise"):
        shared = composite_index(gap, wide, missing="renormalise", min_share=0.01).frame
    fewer = composite_index(data, wide[wide["item"] != "i0"]).frame
    assert shared.loc["r00", "index"] == pytest.approx(fewer.loc["r00", "index"], rel=1e-12)


@given(table=tables(), seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_ranks_under_random_weights(table, seed):
    """A pair is stable if one region is ahead in all items, and a rank lies between the count of
    regions that are ahead in all and of those that are behind in all."""
    data, hierarchy = table
    used = composite_index(data, hierarchy)
    result = rank_sensitivity(used, replicates=40, rng=seed)
    z = used.standardised.to_numpy()
    ahead = (z[:, np.newaxis] > z[np.newaxis]).all(axis=2)
    pairs = len(z) * (len(z) - 1) / 2
    assert result.stable_pairs >= ahead.sum() / pairs - 1e-12
    frame = result.frame
    assert (frame["low"] >= 1 + ahead.sum(axis=0)).all()
    assert (frame["high"] <= len(z) - ahead.sum(axis=1)).all()
    assert (frame["low"] <= frame["median"]).all() and (frame["median"] <= frame["high"]).all()
    assert 0 <= result.mean_shift <= len(z) - 1


scores = st.lists(st.floats(0.01, 1), min_size=2, max_size=5)


@pytest.mark.parametrize("form", ["standard", "liao", "wang"])
@given(row=scores, level=st.floats(0.01, 1))
@settings(max_examples=40, deadline=None)
def test_coupling_lies_in_its_bounds_and_is_one_where_all_are_equal(form, row, level):
    names = [f"s{i}" for i in range(len(row))]
    table = coupling(pd.DataFrame([row], columns=names), systems=names, form=form).iloc[0]
    assert 0 <= table["coupling"] <= 1 + 1e-12
    assert 0 <= table["coordination"] <= np.sqrt(table["development"]) + 1e-12
    alike = pd.DataFrame([[level] * len(row)], columns=names)
    found = coupling(alike, systems=names, form=form).iloc[0]
    assert found["coupling"] == pytest.approx(1, rel=1e-12)
    assert found["coordination"] == pytest.approx(np.sqrt(level), rel=1e-12)


@pytest.mark.parametrize("form", ["standard", "liao", "wang"])
@given(row=scores, seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_the_order_of_systems_does_not_matter(form, row, seed):
    names = [f"s{i}" for i in range(len(row))]
    table = pd.DataFrame([row], columns=names)
    turned = list(np.random.default_rng(seed).permutation(names))
    first = coupling(table, systems=names, form=form)
    second = coupling(table, systems=turned, form=form)
    for column in ("coupling", "development", "coordination"):
        assert second[column].item() == pytest.approx(first[column].item(), rel=1e-12)


@given(row=scores, factor=st.floats(0.1, 1))
@settings(max_examples=25, deadline=None)
def test_the_standard_coupling_knows_proportions_only(row, factor):
    names = [f"s{i}" for i in range(len(row))]
    table = pd.DataFrame([row], columns=names)
    small = coupling(table * factor, systems=names)["coupling"].item()
    assert small == pytest.approx(coupling(table, systems=names)["coupling"].item(), rel=1e-12)
