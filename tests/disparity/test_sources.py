"""Inequality by source: by hand, exactly additive, each rule and each message."""

import numpy as np
import pandas as pd
import pytest

from spatialreg import disparity
from spatialreg.disparity import decompose_sources
from spatialreg.errors import InputError, MissingDataWarning

SOURCES = ["farms", "works"]


@pytest.fixture
def three():
    """Two sources of three regions; their sum is 2, 4 and 6."""
    return pd.DataFrame({"farms": [2.0, 1, 0], "works": [0.0, 3, 6]}, index=list("abc"))


@pytest.fixture
def weighted(regions):
    rng = np.random.default_rng(2)
    regions["farms"] = rng.uniform(0, 1, 6) * regions["income"]
    regions["works"] = regions["income"] - regions["farms"]
    return regions


def column(result, name):
    return result.frame.set_index("source")[name].tolist()


def test_gini_by_hand(three):
    """Ranks 1/6, 1/2, 5/6: covariances with farms -2/9, works 2/3, the sum 4/9; mean 4."""
    result = decompose_sources(three, sources=SOURCES, population=None)
    assert result.total == pytest.approx(2 / 9, rel=1e-14)
    assert column(result, "source_share") == pytest.approx([1 / 4, 3 / 4], rel=1e-14)
    assert column(result, "own") == pytest.approx([4 / 9, 4 / 9], rel=1e-14)
    assert column(result, "correlation") == pytest.approx([-1, 1], rel=1e-14)
    assert column(result, "value") == pytest.approx([-1 / 9, 1 / 3], rel=1e-14)
    assert column(result, "share") == pytest.approx([-1 / 2, 3 / 2], rel=1e-14)
    assert column(result, "elasticity") == pytest.approx([-3 / 4, 3 / 4], rel=1e-14)
    # covariances with the sum -4/3 and 4, its variance 8/3
    assert column(result, "covariance_share") == pytest.approx([-1 / 2, 3 / 2], rel=1e-14)
    assert result.sources == ("farms", "works")
    assert "farms + works, per head, each region counted once" in result.measure


def test_theil_and_variation_by_hand(three):
    theil = decompose_sources(three, sources=SOURCES, population=None, measure="theil")
    log = np.log([1 / 2, 1, 3 / 2])
    expected = [np.mean([2, 1, 0] * log) / 4, np.mean([0, 3, 6] * log) / 4]
    assert column(theil, "value") == pytest.approx(expected, rel=1e-14)
    assert theil.total == pytest.approx(sum(expected), rel=1e-14)
    variation = decompose_sources(three, sources=SOURCES, population=None, measure="cv")
    cv = (8 / 3) ** 0.5 / 4
    assert column(variation, "value") == pytest.approx([-cv / 2, cv * 3 / 2], rel=1e-14)
    assert column(variation, "own") == pytest.approx([(2 / 3) ** 0.5] * 2, rel=1e-14)
    half = decompose_sources(three, sources=SOURCES, population=None, measure="ge(2)")
    assert column(half, "value") == pytest.approx([-(cv**2) / 4, cv**2 * 3 / 4], rel=1e-14)
    assert column(half, "own") == pytest.approx([1 / 3, 1 / 3], rel=1e-14)


def test_shapley_by_hand(three):
    """With works at their mean 3 the sum is 5, 4, 3; with farms at 1 it is 1, 4, 7."""
    result = decompose_sources(three, sources=SOURCES, population=None, method="shapley")
    farms, works, both = 1 / 9, 1 / 3, 2 / 9
    expected = [(farms + both - works) / 2, (works + both - farms) / 2]
    assert column(result, "value") == pytest.approx(expected, abs=1e-15)
    assert "elasticity" not in result.frame
    assert "correlation" not in result.frame


@pytest.mark.parametrize("measure", ["gini", "theil", "cv", "ge(2)"])
@pytest.mark.parametrize("method", ["natural", "shapley"])
def test_sources_add_up_to_the_index_of_their_sum(weighted, measure, method):
    result = decompose_sources(
        weighted, sources=SOURCES, population="people", measure=measure, method=method
    )
    index = {"gini": disparity.gini, "theil": disparity.theil, "cv": disparity.cv}.get(
        measure, lambda y, population: disparity.ge(y, 2, population=population)
    )
    expected = index(weighted["income"], population=weighted["people"])
    assert result.total == pytest.approx(expected, rel=1e-13)
    assert result.frame["value"].sum() == pytest.approx(expected, rel=1e-13)
    assert result.frame["share"].sum() == pytest.approx(1, rel=1e-13)
    own = [index(weighted[source], population=weighted["people"]) for source in SOURCES]
    assert column(result, "own") == pytest.approx(own, rel=1e-13)


@pytest.mark.parametrize("measure", ["gini", "theil", "cv", "ge(2)"])
def test_people_are_copies_of_their_region(weighted, measure):
    repeated = weighted.loc[weighted.index.repeat(weighted["people"])].reset_index(drop=True)
    one = decompose_sources(weighted, sources=SOURCES, population="people", measure=measure)
    many = decompose_sources(repeated, sources=SOURCES, population=None, measure=measure)
    pd.testing.assert_frame_equal(one.frame, many.frame, rtol=1e-11)


def test_totals_are_divided_by_people(weighted):
    heads = decompose_sources(weighted, sources=SOURCES, population="people")
    totals = weighted.assign(**{s: weighted[s] * weighted["people"] for s in SOURCES})
    result = decompose_sources(totals, sources=SOURCES, population="people", values="total")
    pd.testing.assert_frame_equal(result.frame, heads.frame, rtol=1e-12)
    # nobody lives in the desert, whatever is made there
    totals.loc["desert"] = {"people": 0, "farms": 0.0, "works": 9.0}
    again = decompose_sources(totals, sources=SOURCES, population="people", values="total")
    pd.testing.assert_frame_equal(again.frame, result.frame)
    totals.loc["f", "people"] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 7 rows"):
        decompose_sources(totals, sources=SOURCES, population="people", values="total")


def test_sums_that_are_equal_but_for_rounding_share_their_rank():
    """0.1 + 0.2 and 0.3 + 0 differ in the last digit only: neither region is ahead."""
    frame = pd.DataFrame({"farms": [0.1, 0.3, 1.0], "works": [0.2, 0.0, 2.0]}, index=list("abc"))
    assert frame.loc["a"].sum() != frame.loc["b"].sum()
    result = decompose_sources(frame, sources=SOURCES, population=None)
    whole = decompose_sources(frame * 10, sources=SOURCES, population=None)
    # mid-ranks 1/3, 1/3, 5/6; means 1.4/3 and 2.2/3, of the sum 3.6/3
    expected = [2 * np.cov([1 / 3, 1 / 3, 5 / 6], frame[s], bias=True)[0, 1] / 1.2 for s in SOURCES]
    assert column(result, "value") == pytest.approx(expected, rel=1e-12)
    assert column(whole, "value") == pytest.approx(expected, rel=1e-12)


def test_an_equal_source_contributes_nothing_but_would_equalise(weighted):
    weighted["farms"] = 2.0
    result = decompose_sources(weighted, sources=SOURCES, population="people")
    assert column(result, "value")[0] == pytest.approx(0, abs=1e-16)
    assert column(result, "own")[0] == 0
    assert np.isnan(column(result, "correlation")[0])
    share = column(result, "source_share")[0]
    assert column(result, "elasticity")[0] == pytest.approx(-share, rel=1e-14)


def test_a_tax_is_a_negative_source():
    """Earnings 2, 6 and a tax of 0, 2: what is left is 2, 4."""
    frame = pd.DataFrame({"earned": [2.0, 6], "tax": [0.0, -2]}, index=list("ab"))
    result = decompose_sources(frame, sources=["earned", "tax"], population=None)
    assert result.total == pytest.approx(1 / 6, rel=1e-14)
    assert column(result, "value") == pytest.approx([1 / 3, -1 / 6], rel=1e-14)
    product = result.frame["source_share"] * result.frame["own"] * result.frame["correlation"]
    assert product.tolist() == pytest.approx(column(result, "value"), rel=1e-14)
    theil = decompose_sources(frame, sources=["earned", "tax"], population=None, measure="theil")
    assert np.isnan(column(theil, "own")[1])
    assert theil.frame["value"].sum() == pytest.approx(theil.total, rel=1e-14)
    large = pd.DataFrame({"earned": [2.0, 60], "tax": [0.0, -50]}, index=list("ab"))
    with pytest.raises(InputError, match="the sum falls below what the measure is defined for"):
        decompose_sources(large, sources=["earned", "tax"], population=None, method="shapley")


def test_an_empty_source_and_zeros(three):
    frame = three.assign(mines=0.0)
    result = decompose_sources(frame, sources=[*SOURCES, "mines"], population=None)
    assert column(result, "value")[2] == 0
    assert np.isnan(column(result, "own")[2])
    zeros = pd.DataFrame({"farms": [0.0, 1, 2], "works": [0.0, 3, 6]}, index=list("abc"))
    theil = decompose_sources(zeros, sources=SOURCES, population=None, measure="theil")
    assert theil.total == pytest.approx(disparity.theil(zeros.sum(axis=1)), rel=1e-14)
    assert theil.frame["value"].sum() == pytest.approx(theil.total, rel=1e-14)
    with pytest.raises(InputError, match="'mld' takes the logarithm"):
        decompose_sources(zeros, sources=SOURCES, population=None, measure="mld", method="shapley")


def test_equality_has_no_shares():
    frame = pd.DataFrame({"farms": [1.0, 1], "works": [2.0, 2]}, index=list("ab"))
    for measure in ("gini", "theil", "cv", "ge(2)"):
        result = decompose_sources(frame, sources=SOURCES, population=None, measure=measure)
        assert result.total == 0
        assert column(result, "value") == [0, 0]
        assert result.frame["share"].isna().all()


def test_a_panel_is_each_year_alone(panel):
    panel["farms"] = panel["income"] * 0.3 + 1
    panel["works"] = panel["income"] * 0.7 - 1
    mixed = panel.sample(frac=1, random_state=5)
    before = mixed.copy()
    result = decompose_sources(mixed, sources=SOURCES, population="people")
    pd.testing.assert_frame_equal(mixed, before)
    assert result.total is None
    assert result.totals.index.tolist() == list(range(2000, 2005))
    for year in range(2000, 2005):
        alone = decompose_sources(
            panel.xs(year, level="year"), sources=SOURCES, population="people"
        )
        part = result.frame[result.frame["year"] == year].drop(columns="year")
        pd.testing.assert_frame_equal(part.reset_index(drop=True), alone.frame, rtol=1e-12)
        assert result.totals[year] == pytest.approx(alone.total, rel=1e-13)


def test_a_region_without_one_source_is_left_out(weighted):
    weighted.loc["b", "farms"] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 6 rows have no column 'farms . works'") as c:
        result = decompose_sources(weighted, sources=SOURCES, population="people")
    assert c[0].filename == __file__
    expected = decompose_sources(weighted.drop(index="b"), sources=SOURCES, population="people")
    pd.testing.assert_frame_equal(result.frame, expected.frame)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sources": "farms"}, "two columns or more"),
        ({"sources": ["farms", "mines"]}, "no column 'mines'"),
        ({"sources": ["farms", "farms"]}, "names 'farms' more than once"),
        ({"sources": ["farms", "people"]}, "population 'people' is among the sources"),
        ({"sources": ["farms", "zone"]}, "column 'zone' must be numeric"),
        ({"sources": ["farms", "debts"]}, r"column 'farms \+ debts' must not be negative"),
        ({"measure": "mld"}, "'mld' has no natural rule by source"),
        ({"measure": "beauty"}, "measures must be among"),
        ({"method": "magic"}, "method must be one of 'natural', 'shapley'"),
        ({"values": "totals"}, "values must be one of 'per head', 'total'"),
        ({"values": "total", "population": None}, "divided by people: pass population"),
        (
            {"sources": [f"s{i}" for i in range(11)], "method": "shapley"},
            "up to 10 sources, not 11",
        ),
    ],
)
def test_each_message(weighted, arguments, message):
    weighted = weighted.assign(debts=-99.0)
    call = {"sources": SOURCES, "population": "people"} | arguments
    with pytest.raises(InputError, match=message):
        decompose_sources(weighted, **call)
