"""Market segmentation: variances by hand, pairs and graphs, missing prices, and each message."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.disparity import market_segmentation, segmentation_change
from spatialreg.errors import AlignmentError, InputError, IsolateWarning, MissingDataWarning

# logarithmic changes in per cent of grain, cloth and coal
CHANGES = {"a": [1, 0, 4], "b": [3, 0, 1], "c": [6, 3, 1]}
COMMODITIES = ["grain", "cloth", "coal"]


def panel_of(changes, year=2001):
    values = pd.DataFrame.from_dict(changes, orient="index", columns=COMMODITIES)
    frame = 100 * np.exp(values / 100)
    return sr.to_panel(frame.reset_index(names="code").assign(year=year))


@pytest.fixture
def prices():
    return panel_of(CHANGES)


def links(*pairs):
    """Links both ways."""
    return directed(*pairs, *((b, a) for a, b in pairs))


def directed(*pairs):
    focal, neighbor = zip(*pairs, strict=True)
    return Graph.from_adjacency(pd.DataFrame({"focal": focal, "neighbor": neighbor, "weight": 1.0}))


def test_variances_by_hand(prices):
    """Gaps ab 2 0 3, ac 5 3 3, bc 3 3 0 per cent; their means over pairs 10/3, 2, 2.

    Of what is left the variances are 67/27, 4/27 and 61/27, in squares of a per cent.
    """
    result = market_segmentation(prices)
    pairs = result.pairs
    assert pairs["first"].tolist() == ["a", "a", "b"]
    assert pairs["second"].tolist() == ["b", "c", "c"]
    np.testing.assert_allclose(pairs["variance"] * 1e4, [67 / 27, 4 / 27, 61 / 27], rtol=1e-12)
    assert pairs["commodities"].tolist() == [3, 3, 3]
    np.testing.assert_allclose(
        result.by_region["variance"] * 1e4, [71 / 54, 128 / 54, 65 / 54], rtol=1e-12
    )
    nation = result.frame.loc[2001]
    assert nation["variance"] * 1e4 == pytest.approx(44 / 27, rel=1e-12)
    assert nation["integration"] == pytest.approx((27e4 / 44) ** 0.5, rel=1e-12)
    assert nation[["pairs", "commodities"]].tolist() == [3, 3]
    assert result.coverage.loc[2001].tolist() == [3, 3, 3]
    assert (result.regions, result.pair_count) == (3, 3)
    assert "absolute values" in result.words and "frame: 1 rows" in repr(result)


def test_signed_values_without_fixed_effects(prices):
    """Parsley and Wei: signed gaps ab -2 0 3, ac -5 -3 3, bc -3 -3 0."""
    result = market_segmentation(prices, fixed_effects="none")
    expected = [np.var(gap, ddof=1) for gap in ([-2, 0, 3], [-5, -3, 3], [-3, -3, 0])]
    np.testing.assert_allclose(result.pairs["variance"] * 1e4, expected, rtol=1e-12)


def test_weights_of_commodities(prices):
    """Weights 2, 1, 1 on -2 0 3: mean -1/4; sum of squares 131/16 + ... over 4 - 6/4."""
    weights = pd.Series({"coal": 1.0, "grain": 2.0, "cloth": 1.0})
    result = market_segmentation(prices, fixed_effects="none", weights=weights)
    spread = 2 * (-2 + 0.25) ** 2 + 0.25**2 + 3.25**2
    assert result.pairs["variance"].iloc[0] * 1e4 == pytest.approx(spread / 2.5, rel=1e-12)
    equal = market_segmentation(prices, weights=pd.Series(0.2, index=COMMODITIES))
    pd.testing.assert_frame_equal(equal.pairs, market_segmentation(prices).pairs)


def test_neighbours_only_in_either_direction(prices):
    """The link from c to a makes the pair ac; b is linked to a; bc is no pair."""
    result = market_segmentation(prices, directed(("c", "a"), ("a", "b"), ("b", "a")))
    assert list(zip(result.pairs["first"], result.pairs["second"], strict=True)) == [
        ("a", "b"), ("a", "c"),
    ]  # fmt: skip
    # means over the two pairs 7/2, 3/2, 3: left are -3/2 -3/2 0 and the opposite
    np.testing.assert_allclose(result.pairs["variance"] * 1e4, [0.75, 0.75], rtol=1e-12)
    assert result.by_region["pairs"].tolist() == [2, 1, 1]


def test_graph_with_isolates_and_more_regions(prices):
    wider = links(("a", "b"), ("b", "c"), ("d", "a"))
    with pytest.raises(AlignmentError, match="1 regions that prices lacks"):
        market_segmentation(prices, wider)
    assert market_segmentation(prices, wider, subset=True).pair_count == 2
    four = pd.concat([prices, panel_of({"d": [0, 1, 2]})])
    lonely = Graph.from_adjacency(
        pd.DataFrame(
            {
                "focal": ["a", "b", "c", "d"],
                "neighbor": ["b", "c", "b", "d"],
                "weight": [1.0, 1.0, 1.0, 0.0],
            }
        )
    )
    with pytest.warns(IsolateWarning, match="1 regions have no neighbour .*: d"):
        result = market_segmentation(four, lonely)
    assert np.isnan(result.by_region.loc[("d", 2001), "variance"])
    assert result.by_region.loc[("d", 2001), "pairs"] == 0
    with pytest.raises(AlignmentError, match="lacks 1 of the 4 regions"):
        market_segmentation(four, links(("a", "b"), ("b", "c")))


def test_missing_prices_count_by_pair(prices):
    """Without coal in c, coal is left to the pair ab alone, where its mean would be itself."""
    prices.loc[("c", 2001), "coal"] = np.nan
    with pytest.raises(InputError, match="no two regions have 3 commodities"):
        market_segmentation(prices)
    result = market_segmentation(prices, min_commodities=2)
    assert result.pairs["commodities"].tolist() == [2, 2, 2]
    assert result.frame["commodities"].tolist() == [2]
    # grain 2 5 3 less 10/3, cloth 0 3 3 less 2: pairs (-4/3, -2), (5/3, 1), (-1/3, 1)
    expected = [(2 / 3) ** 2 / 2, (2 / 3) ** 2 / 2, (4 / 3) ** 2 / 2]
    np.testing.assert_allclose(result.pairs["variance"] * 1e4, expected, rtol=1e-11)
    signed = market_segmentation(prices, fixed_effects="none", min_commodities=2)
    assert signed.pairs["commodities"].tolist() == [3, 2, 2]
    some = market_segmentation(prices, fixed_effects="none")
    assert some.pairs["variance"].notna().tolist() == [True, False, False]
    assert some.frame["pairs"].tolist() == [1]
    assert some.by_region["variance"].notna().tolist() == [True, True, False]


def test_commodities_that_vanish_are_told(prices):
    later = panel_of(CHANGES, year=2002).assign(coal=np.nan)
    both = pd.concat([prices, later])
    with pytest.warns(MissingDataWarning, match="1 of 3 commodities have no price .*coal"):
        result = market_segmentation(both, min_commodities=2)
    assert result.frame["commodities"].tolist() == [3, 2]
    assert result.coverage["coal"].tolist() == [3, 0]
    quiet = market_segmentation(both, commodities=["grain", "cloth"], min_commodities=2)
    assert quiet.frame["variance"].iloc[0] == pytest.approx(quiet.frame["variance"].iloc[1])


def test_the_three_forms_agree(prices):
    """Levels whose changes are the indices; without differencing, levels are compared."""
    start = pd.DataFrame(
        {"grain": [5.0, 7, 9], "cloth": [2.0, 2, 1], "coal": [1.0, 3, 3]},
        index=pd.MultiIndex.from_product([list("abc"), [2000]], names=["code", "year"]),
    )
    end = prices[COMMODITIES].to_numpy() / 100 * start.to_numpy()
    levels = pd.concat([start, pd.DataFrame(end, index=prices.index, columns=COMMODITIES)])
    changed = market_segmentation(levels, form="changes")
    assert changed.frame.index.tolist() == [2001]
    np.testing.assert_allclose(
        changed.pairs["variance"], market_segmentation(prices).pairs["variance"], rtol=1e-10
    )
    still = market_segmentation(start, form="levels", fixed_effects="none")
    gap = np.log([5 / 7, 1.0, 1 / 3])
    assert still.pairs["variance"].iloc[0] == pytest.approx(np.var(gap, ddof=1), rel=1e-12)


def test_changes_need_the_year_before(prices):
    gap = pd.concat([prices, panel_of(CHANGES, 2002), panel_of(CHANGES, 2004)])
    result = market_segmentation(gap * 1.5, form="changes", fixed_effects="none")
    assert result.frame.index.tolist() == [2002, 2004]
    assert result.frame["pairs"].tolist() == [3, 0]
    assert np.isnan(result.frame["variance"].iloc[1])
    # nothing changed from 2001 to 2002
    assert result.frame["variance"].iloc[0] == 0


def test_rows_and_columns_in_any_order(prices):
    both = pd.concat([prices, panel_of({"a": [2, 2, 0], "b": [1, 5, 1], "c": [0, 1, 7]}, 2002)])
    mixed = both.sample(frac=1, random_state=3)[["coal", "grain", "cloth"]]
    before = mixed.copy()
    one, two = market_segmentation(both), market_segmentation(mixed)
    for name in ("frame", "by_region", "pairs", "coverage"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
    pd.testing.assert_frame_equal(mixed, before)


@pytest.mark.parametrize(
    ("change", "arguments", "error", "message"),
    [
        (lambda p: p["grain"], {}, InputError, "must be a DataFrame"),
        (lambda p: p.reset_index(), {}, InputError, "levels code and year"),
        (lambda p: p, {"form": "price"}, InputError, "form must be one of"),
        (lambda p: p, {"fixed_effects": None}, InputError, "fixed_effects must be one of"),
        (lambda p: p, {"min_commodities": 1}, InputError, "at least 2"),
        (lambda p: p, {"min_commodities": 4}, InputError, "3 commodities and min_commodities is 4"),
        (lambda p: p, {"commodities": "grain"}, InputError, r"pass \['grain'\]"),
        (lambda p: p, {"commodities": ["tea"]}, InputError, "no column 'tea'"),
        (lambda p: p, {"subset": True}, InputError, "subset says what to do with a graph"),
        (lambda p: p.assign(name="x"), {}, InputError, "hold no numbers .*'name'"),
        (lambda p: p.assign(coal=0.0), {}, InputError, "'coal' must be above zero"),
        (lambda p: p - 96, {}, InputError, "growth in per cent"),
        (lambda p: p.loc[["a"]], {}, InputError, "no pair of regions"),
        (lambda p: p.loc[["a", "b"]], {}, InputError, "one pair of regions nothing is left"),
        (lambda p: p, {"form": "changes"}, InputError, "one year: changes need"),
        (
            lambda p: pd.concat([p * 0 + 100, panel_of(CHANGES, 2002)]),
            {}, InputError, "every price is 100 in 2001",
        ),
        (lambda p: p, {"weights": pd.Series({"grain": 1, "tea": 1})}, AlignmentError,
         "lacks 2 .cloth, coal. and has 1 others .tea"),
        (lambda p: p, {"weights": pd.Series({"grain": 1, "cloth": 0, "coal": 1})}, InputError,
         "weights must be above zero; 1 are not, at cloth"),
        (lambda p: p.set_axis(["x", "x", "y"], axis=1), {}, InputError, "columns of the same name"),
    ],
)  # fmt: skip
def test_each_message(prices, change, arguments, error, message):
    with pytest.raises(error, match=message):
        market_segmentation(change(prices), **arguments)


# whether it changed ----------------------------------------------------------------------------


def drawn(rng, spread, regions=20, commodities=5):
    """Two years of prices whose changes have the given spreads, in per cent."""
    changes = rng.standard_t(6, (2, regions, commodities)) * np.reshape(spread, (2, 1, 1))
    codes = [f"{i:02d}" for i in range(regions)]
    frame = pd.DataFrame((100 * np.exp(changes / 100)).reshape(-1, commodities))
    frame.columns = [f"k{i}" for i in range(commodities)]
    return sr.to_panel(frame.assign(code=codes * 2, year=np.repeat([2000, 2010], regions)))


def test_jackknife_by_leaving_out_one_region_at_a_time():
    result = market_segmentation(drawn(np.random.default_rng(2), [3, 2], regions=7))
    change = segmentation_change(result, first=2000, last=2010)
    wide = result.pairs.pivot(index=["first", "second"], columns="year", values="variance")
    codes = [f"{i:02d}" for i in range(7)]
    without = []
    for code in codes:
        kept = [code not in pair for pair in wide.index]
        without.append((wide[2010] - wide[2000])[kept].mean())
    mean = sum(without) / 7
    error = (6 / 7 * sum((value - mean) ** 2 for value in without)) ** 0.5
    assert change.statistic == pytest.approx((wide[2010] - wide[2000]).mean(), rel=1e-12)
    assert change.standard_error == pytest.approx(error, rel=1e-10)
    np.testing.assert_allclose(change.frame["without"], without, rtol=1e-10)
    assert change.frame.index.tolist() == codes
    assert (change.regions, change.pairs) == (7, 21)
    from scipy.stats import t

    p = t.sf(abs(change.statistic) / error, 6)
    assert change.p_value == pytest.approx(2 * p, rel=1e-9)
    tails = [
        segmentation_change(result, first=2000, last=2010, alternative=tail).p_value
        for tail in ("less", "greater")
    ]
    assert sum(tails) == pytest.approx(1)
    assert min(tails) == pytest.approx(p, rel=1e-9)


def test_p_values_hold_their_level_where_nothing_changed():
    """Pairs taken as independent would reject about every second time."""
    rng = np.random.default_rng(4)
    p, naive = [], []
    for _ in range(150):
        result = market_segmentation(drawn(rng, [2, 2]), fixed_effects="none")
        p.append(segmentation_change(result, first=2000, last=2010).p_value)
        wide = result.pairs.pivot(index=["first", "second"], columns="year", values="variance")
        gap = wide[2010] - wide[2000]
        naive.append(abs(gap.mean()) > 1.96 * gap.std() / len(gap) ** 0.5)
    assert np.mean(naive) > 0.25
    assert 0 < np.mean(np.array(p) < 0.05) < 0.1


def test_a_fall_is_found():
    result = market_segmentation(drawn(np.random.default_rng(5), [4, 1]))
    change = segmentation_change(result, first=2000, last=2010, alternative="less")
    assert change.statistic < 0 and change.p_value < 0.01
    assert "standard_error" in repr(change)


def test_the_same_prices_in_both_years():
    prices = drawn(np.random.default_rng(6), [1, 1], regions=5)
    same = pd.concat([prices.xs(2000, level="year")] * 2, keys=[2000, 2010], names=["year"])
    result = market_segmentation(same.swaplevel().sort_index())
    assert segmentation_change(result, first=2000, last=2010).p_value == 1
    one_sided = segmentation_change(result, first=2000, last=2010, alternative="less")
    assert one_sided.p_value == 0.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"first": 1999, "last": 2010}, "first and last must be one of 2000, 2010"),
        ({"first": 2010, "last": 2000}, "first must be before last"),
        ({"first": 2000, "last": 2010, "alternative": "lower"}, "alternative must be one of"),
    ],
)
def test_each_message_of_a_change(arguments, message):
    result = market_segmentation(drawn(np.random.default_rng(1), [1, 1], regions=4))
    with pytest.raises(InputError, match=message):
        segmentation_change(result, **arguments)


def test_a_change_needs_a_result_and_pairs_without_each_region():
    with pytest.raises(InputError, match="must come from market_segmentation"):
        segmentation_change(pd.DataFrame(), first=2000, last=2010)
    prices = drawn(np.random.default_rng(1), [1, 1], regions=4)
    star = links(("00", "01"), ("00", "02"), ("00", "03"))
    with pytest.raises(InputError, match="share the region 00"):
        segmentation_change(market_segmentation(prices, star), first=2000, last=2010)
    two = market_segmentation(prices.loc[["00", "01"]], fixed_effects="none")
    with pytest.raises(InputError, match="2 regions have pairs in both"):
        segmentation_change(two, first=2000, last=2010)
