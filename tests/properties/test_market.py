"""What must hold for any prices, transfers and flows: units, order, exact addition."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spatialreg as sr
from spatialreg import disparity
from spatialreg.disparity import (
    concentration_coefficient,
    market_segmentation,
    net_flows,
    transfer_effect,
    urban_rural_gap,
)


@st.composite
def price_panels(draw):
    regions = draw(st.integers(3, 6))
    goods = draw(st.integers(3, 5))
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    values = 100 * np.exp(rng.normal(0, 0.05, (regions * 2, goods)))
    frame = pd.DataFrame(values, columns=[f"k{i}" for i in range(goods)])
    codes = [f"r{i}" for i in range(regions)] * 2
    return sr.to_panel(frame.assign(code=codes, year=np.repeat([2000, 2001], regions)))


@given(panel=price_panels(), seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_units_of_each_good_do_not_matter(panel, seed):
    factors = np.random.default_rng(seed).uniform(0.1, 10, panel.shape[1])
    for form in ("changes", "levels"):
        one = market_segmentation(panel, form=form)
        other = market_segmentation(panel * factors, form=form)
        np.testing.assert_allclose(
            other.pairs["variance"], one.pairs["variance"], rtol=1e-6, atol=1e-14
        )


@given(panel=price_panels(), seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_order_of_rows_and_goods_and_names_of_regions_do_not_matter(panel, seed):
    rng = np.random.default_rng(seed)
    mixed = panel.iloc[rng.permutation(len(panel)), rng.permutation(panel.shape[1])]
    one = market_segmentation(panel)
    pd.testing.assert_frame_equal(market_segmentation(mixed).pairs, one.pairs)
    turned = panel.rename(index=lambda code: {"r0": "z"}.get(code, code), level=0)
    np.testing.assert_allclose(
        market_segmentation(turned).frame["variance"], one.frame["variance"], rtol=1e-10
    )


@given(panel=price_panels(), shock=st.floats(0.5, 2))
@settings(max_examples=40, deadline=None)
def test_inflation_common_to_all_regions_does_not_matter(panel, shock):
    """And one that lifts all goods of one region alike does not, with signed values."""
    common = panel.copy()
    common["k0"] *= shock
    one, other = market_segmentation(panel), market_segmentation(common)
    np.testing.assert_allclose(other.pairs["variance"], one.pairs["variance"], atol=1e-14)
    local = panel.copy()
    local.loc["r0"] = local.loc["r0"].to_numpy() * shock
    signed = [market_segmentation(p, fixed_effects="none").pairs for p in (panel, local)]
    np.testing.assert_allclose(signed[1]["variance"], signed[0]["variance"], atol=1e-13)


@given(panel=price_panels())
@settings(max_examples=30, deadline=None)
def test_means_over_pairs_agree(panel):
    """Each pair counts in two regions, so that the mean of regions is that of the nation."""
    result = market_segmentation(panel)
    regions = result.by_region["variance"].groupby("year").mean()
    np.testing.assert_allclose(regions, result.frame["variance"], rtol=1e-12)


value = st.floats(0.01, 1e4)
budget = st.tuples(value, value, st.integers(1, 50))
budgets = st.lists(budget, min_size=2, max_size=20)


def frame_of(rows):
    frame = pd.DataFrame(rows, columns=["own", "spent", "people"])
    return frame.set_index(pd.Index([f"{i:02d}" for i in range(len(frame))], name="code"))


@given(rows=budgets)
@settings(max_examples=100, deadline=None)
def test_redistribution_is_vertical_less_reranking(rows):
    frame = frame_of(rows)
    result = transfer_effect(frame, before="own", after="spent", population="people")
    parts = result.gini.iloc[0]
    assert parts["redistribution"] == pytest.approx(
        parts["vertical"] - parts["reranking"], abs=1e-12
    )
    assert parts["reranking"] >= -1e-12
    assert parts["before"] == pytest.approx(
        disparity.gini(frame["own"], population=frame["people"]), abs=1e-12
    )
    if abs(parts["share"]) > 1e-6:
        assert parts["vertical"] == pytest.approx(parts["share"] * parts["progressivity"], abs=1e-9)


@given(rows=budgets, factor=st.floats(0.1, 10))
@settings(max_examples=60, deadline=None)
def test_equal_growth_changes_nothing_and_equal_transfers_close_gaps(rows, factor):
    frame = frame_of(rows)
    grown = frame.assign(spent=frame["own"] * factor)
    parts = transfer_effect(grown, before="own", after="spent", population="people").gini.iloc[0]
    assert abs(parts["redistribution"]) < 1e-12 and abs(parts["reranking"]) < 1e-12
    lifted = frame.assign(spent=frame["own"] + factor)
    parts = transfer_effect(lifted, before="own", after="spent", population="people").gini.iloc[0]
    assert parts["redistribution"] >= -1e-12 and abs(parts["reranking"]) < 1e-12


@given(rows=budgets)
@settings(max_examples=60, deadline=None)
def test_concentration_lies_between_the_gini_and_its_negative(rows):
    frame = frame_of(rows)
    gini = disparity.gini(frame["spent"], population=frame["people"])
    other = concentration_coefficient(frame["spent"], frame["own"], population=frame["people"])
    assert -gini - 1e-12 <= other <= gini + 1e-12
    own = concentration_coefficient(frame["spent"], frame["spent"], population=frame["people"])
    assert own == pytest.approx(gini, abs=1e-12)


@given(rows=budgets, factor=st.floats(0.1, 10))
@settings(max_examples=60, deadline=None)
def test_urban_rural_theil_of_any_unit_and_none_where_equal(rows, factor):
    frame = frame_of(rows).assign(country=lambda f: f["people"].to_numpy()[::-1])
    columns = {"urban_population": "people", "rural_population": "country"}
    one = urban_rural_gap(frame, urban="own", rural="spent", **columns)
    scaled = frame.assign(own=frame["own"] * factor, spent=frame["spent"] * factor)
    other = urban_rural_gap(scaled, urban="own", rural="spent", **columns)
    np.testing.assert_allclose(other["theil"], one["theil"], atol=1e-12)
    assert (one["theil"] >= 0).all()
    equal = urban_rural_gap(frame.assign(spent=frame["own"]), urban="own", rural="spent", **columns)
    np.testing.assert_allclose(equal["theil"], 0, atol=1e-14)


flow = st.tuples(
    st.integers(0, 6), st.integers(0, 6), st.floats(0, 1e6), st.integers(2000, 2003)
).filter(lambda row: row[0] != row[1])


@given(rows=st.lists(flow, min_size=1, max_size=40), seed=st.integers(0, 1000))
@settings(max_examples=80, deadline=None)
def test_what_is_given_is_received(rows, seed):
    flows = pd.DataFrame(rows, columns=["origin", "destination", "amount", "year"])
    total = flows["amount"].sum()
    result = net_flows(flows)
    assert result["given"].sum() == pytest.approx(total)
    assert result["received"].sum() == pytest.approx(total)
    assert result["net"].sum() == pytest.approx(0, abs=1e-9 * max(total, 1))
    yearly = net_flows(flows, year="year")
    np.testing.assert_allclose(
        yearly["net"].groupby("code").sum(), result["net"], atol=1e-9 * max(total, 1)
    )
    mixed = flows.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(net_flows(mixed, year="year"), yearly)
    turned = net_flows(flows.rename(columns={"origin": "destination", "destination": "origin"}))
    np.testing.assert_allclose(turned["net"], -result["net"], atol=1e-9 * max(total, 1))
