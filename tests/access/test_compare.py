"""Access before and after, by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.stats import linregress, spearmanr

import spatialreg as sr
from spatialreg.access import access_series, compare_access, compare_networks, times_change
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

INF = float("inf")
BEFORE = pd.Series({"a": 60.0, "b": 90.0, "c": 240.0, "d": INF, "e": INF, "f": 50.0, "g": 80.0})
AFTER = pd.Series({"a": 60.0, "b": 95.0, "c": 120.0, "d": 300.0, "e": INF, "f": INF, "g": 79.0})
PEOPLE = pd.Series({"a": 10.0, "b": 20.0, "c": 30.0, "d": 5.0, "e": 1.0, "f": 2.0, "g": 40.0})


def test_every_outcome():
    result = compare_access(BEFORE, AFTER, better="less", population=PEOPLE, tolerance=1.0)
    frame = result.frame
    assert frame["outcome"].tolist() == [
        "unchanged", "loser", "winner", "newly reached", "never reached", "lost", "unchanged",
    ]  # fmt: skip
    np.testing.assert_allclose(frame["change"], [0, 5, -120, np.nan, np.nan, np.nan, -1])
    np.testing.assert_allclose(
        frame["percent"], [0, 500 / 90, -50, np.nan, np.nan, np.nan, -1.25], rtol=1e-12
    )
    # ties share the better rank, and what is not reached is last
    assert frame["rank_before"].tolist() == [2, 4, 5, 6, 6, 1, 3]
    assert frame["rank_after"].tolist() == [1, 3, 4, 5, 6, 6, 2]
    outcomes = result.outcomes
    assert outcomes.loc["unchanged", ["regions", "people"]].tolist() == [2, 50]
    assert outcomes.loc["unchanged", "mean_change"] == pytest.approx(-40 / 50)
    assert outcomes.loc["newly reached", "people_share"] == pytest.approx(5 / 108)
    assert np.isnan(outcomes.loc["lost", "mean_change"])
    assert outcomes.loc["no data", "regions"] == 0
    assert (result.winners, result.losers, result.newly_reached) == (1, 1, 1)


def test_figures_over_people():
    result = compare_access(BEFORE, AFTER, better="less", population=PEOPLE)
    # a, b, c and g have both times
    assert (result.regions, result.compared) == (7, 4)
    assert result.mean_before == pytest.approx((600 + 1800 + 7200 + 3200) / 100)
    assert result.mean_change == pytest.approx((100 - 3600 - 40) / 100)
    # the worst fifth are 20 of the 30 people of c, at both times
    assert (result.worst_before, result.worst_after, result.worst_followed) == (240, 120, 120)
    assert result.summary["mean_after"] == result.mean_after
    assert "each region counted as its people" in result.definition


def test_the_worst_off_are_others_after():
    before = pd.Series({"a": 10.0, "b": 20.0, "c": 30.0, "d": 40.0})
    after = pd.Series({"a": 10.0, "b": 50.0, "c": 30.0, "d": 5.0})
    people = pd.Series({"a": 2.0, "b": 6.0, "c": 1.0, "d": 1.0})
    result = compare_access(before, after, better="less", population=people)
    # two of ten people: those of d and c before, two of the six of b after
    assert result.worst_before == pytest.approx(35)
    assert result.worst_after == pytest.approx(50)
    assert result.worst_followed == pytest.approx(17.5)
    more = compare_access(before, after, better="more", population=people)
    assert (more.worst_before, more.worst_after) == pytest.approx((10, (5 + 10) / 2))
    assert more.frame["outcome"].tolist() == ["unchanged", "winner", "unchanged", "loser"]
    assert more.frame["rank_after"].tolist() == [3, 1, 2, 4]


def test_slope_and_ranks_against_scipy():
    rng = np.random.default_rng(3)
    before = pd.Series(rng.uniform(30, 300, 40), index=[f"r{i}" for i in range(40)])
    after = before * rng.uniform(0.5, 1.0, 40)
    result = compare_access(before, after, better="less", ci=0.9)
    change = after - before
    assert result.slope == pytest.approx(linregress(before, change).slope, rel=1e-12)
    assert result.rank_correlation == pytest.approx(spearmanr(before, change).statistic, rel=1e-12)
    # HC1 from the matrix formula of White (1980)
    x = np.column_stack([np.ones(40), before])
    bread = np.linalg.inv(x.T @ x)
    residual = change - x @ (bread @ x.T @ change)
    meat = (x * residual.to_numpy()[:, None] ** 2).T @ x
    error = np.sqrt((bread @ meat @ bread)[1, 1] * 40 / 38)
    assert result.slope_high - result.slope_low == pytest.approx(2 * 1.685954 * error, rel=1e-5)
    assert (result.slope_low + result.slope_high) / 2 == pytest.approx(result.slope)


def test_slope_needs_regions_that_vary():
    three = pd.Series({"a": 1.0, "b": 2.0, "c": 3.0})
    assert np.isnan(compare_access(three, three, better="less").slope)
    flat = pd.Series(5.0, index=list("abcde"))
    result = compare_access(flat, flat + 1, better="less")
    assert np.isnan(result.slope) and np.isnan(result.rank_correlation)


def test_inequality_and_its_parts():
    before = pd.Series({"a": 10.0, "b": 30.0, "c": 40.0, "d": 40.0})
    after = pd.Series({"a": 10.0, "b": 20.0, "c": 20.0, "d": 40.0})
    groups = pd.Series({"d": "east", "a": "west", "b": "west", "c": "east"})
    result = compare_access(before, after, better="less", by=groups)

    def theil(y):
        z = np.array(y) / np.mean(y)
        return float(np.mean(z * np.log(z)))

    assert result.inequality.loc["theil", "before"] == pytest.approx(theil([10, 30, 40, 40]))
    assert result.inequality.loc["gini", "after"] == pytest.approx(sr.gini(after))
    parts = result.decomposition.set_index(["component", "group"])
    whole = parts.loc[("between", "all")] + parts.loc[("within", "all")]
    assert whole["change"] == pytest.approx(result.inequality.loc["theil", "change"])
    assert whole["share"] == pytest.approx(1)
    between = theil([20, 20, 40, 40])
    assert parts.loc[("between", "all"), "before"] == pytest.approx(between)
    assert result.groups.loc["east"].to_dict() == {
        "regions": 2, "people": 2, "before": 40, "after": 30, "change": -10, "winners": 1,
        "losers": 0, "newly_reached": 0,
    }  # fmt: skip


def test_the_test_is_that_of_disparity():
    rng = np.random.default_rng(0)
    before = pd.Series(rng.uniform(30, 300, 12), index=list("abcdefghijkl"))
    after = before * 0.5 + 40
    ours = compare_access(
        before, after, better="less", measures=["gini"], permutations=199, rng=5, ci=0.9
    ).inequality
    panel = pd.concat({0: before, 1: after}, names=["year", "code"]).rename("y").to_frame()
    theirs = sr.disparity.trend_test(
        panel.swaplevel().sort_index(), per_head="y", measures=["gini"], permutations=199, rng=5,
        ci=0.9,
    ).frame  # fmt: skip
    np.testing.assert_array_equal(ours.to_numpy(), theirs.to_numpy())
    assert list(ours.columns[:2]) == ["before", "after"]


def test_a_potential_is_no_total():
    # it rises with people one for one, and is still what each of them has
    people = pd.Series(np.arange(1.0, 21.0), index=[f"r{i}" for i in range(20)])
    by = pd.Series(["x", "y"] * 10, index=people.index)
    result = compare_access(people * 3, people * 4, better="more", population=people, by=by)
    assert result.winners == 20


def test_order_of_rows_does_not_matter():
    by = pd.Series(dict(zip("abcdefg", "xyxyxyx", strict=True)))
    one = compare_access(BEFORE, AFTER, better="less", population=PEOPLE, by=by)
    turned = [s.sample(frac=1, random_state=i) for i, s in enumerate((BEFORE, AFTER, PEOPLE, by))]
    kept = [s.copy() for s in turned]
    two = compare_access(
        turned[0], turned[1], better="less", population=turned[2], by=turned[3]
    )  # fmt: skip
    assert two.frame.index.tolist() == turned[0].index.tolist()
    pd.testing.assert_frame_equal(two.frame.sort_index(), one.frame)
    pd.testing.assert_series_equal(two.summary, one.summary)
    for name in ("outcomes", "inequality", "groups", "decomposition"):
        pd.testing.assert_frame_equal(getattr(two, name), getattr(one, name))
    for given, before in zip(turned, kept, strict=True):
        pd.testing.assert_series_equal(given, before)


def test_groups_of_a_scheme():
    codes = ["110000", "310000", "620000", "650000"]
    before = pd.Series([60.0, 60.0, 300.0, 400.0], index=codes)
    result = compare_access(before, before / 2, better="less", by="four_segments")
    assert result.groups["change"].to_dict() == {"east": -30.0, "west": -175.0}
    with pytest.raises(InputError, match="groups that overlap"):
        compare_access(before, before, better="less", by="strategy_regions")


def test_missing_access_or_people_are_told():
    lost = AFTER.copy()
    lost["a"] = np.nan
    people = PEOPLE.copy()
    people["b"] = np.nan
    with pytest.warns(MissingDataWarning, match=r"2 of 7 regions .*: a, b"):
        result = compare_access(BEFORE, lost, better="less", population=people)
    assert result.frame.loc["a", "outcome"] == "no data"
    assert result.compared == 2
    assert result.losers == 1  # b has lost, though nobody knows how many people


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"better": "fewer"}, "better must be one of"),
        ({"tolerance": -1}, "tolerance must be zero or more"),
        ({"ci": 1}, "ci must lie between"),
        ({"rng": 1}, "rng is the seed of a test"),
        ({"permutations": 9, "measures": ()}, "name some"),
        ({"permutations": 9}, "needs at least 5"),
        ({"better": "more"}, "give 0 where nothing is reached"),
        ({"before": BEFORE.to_numpy()}, "before must be a Series"),
        ({"before": BEFORE.astype(object).where(BEFORE < 100, "far")}, "must be numeric"),
        ({"after": -AFTER}, "minus infinity"),
        ({"before": BEFORE * np.inf}, "nothing to compare"),
        ({"population": PEOPLE.tolist()}, "population must be a pandas Series"),
        ({"population": -PEOPLE}, "population must not be negative, and is at"),
        ({"population": PEOPLE * np.inf}, "population has 7 infinite values"),
        ({"population": PEOPLE.astype(str) + "x"}, "population must be numeric"),
        ({"by": pd.Series({"a": "x"}).reindex(BEFORE.index)}, "6 regions have no group"),
    ],
)
def test_what_is_refused(change, match):
    with pytest.raises(InputError, match=match):
        compare_access(**({"before": BEFORE, "after": AFTER, "better": "less"} | change))


def test_a_region_without_access_needs_no_group():
    before, after = (values.reindex([*BEFORE.index, "z"]) for values in (BEFORE, AFTER))
    people = PEOPLE.reindex(before.index).fillna(9.0)
    by = pd.Series({k: "west" if k in "abc" else "east" for k in BEFORE.index}).reindex(
        before.index
    )
    with pytest.warns(MissingDataWarning):
        result = compare_access(before, after, better="less", population=people, by=by)
    alone = compare_access(
        BEFORE, AFTER, better="less", population=PEOPLE, by=by.reindex(BEFORE.index)
    )
    pd.testing.assert_frame_equal(result.groups, alone.groups)
    # one that has access at either date needs one
    with pytest.raises(InputError, match=r"1 regions have no group \(z\)"):
        compare_access(before, after.fillna(50.0), better="less", population=people, by=by)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"after": AFTER.drop("a")}, "1 regions of before are not in after"),
        ({"before": BEFORE.drop("a")}, "1 regions of after are not in before"),
        ({"population": PEOPLE.drop("a")}, "population lacks 1"),
        ({"by": pd.Series({"a": "x"})}, "by lacks 6"),
        ({"before": pd.concat([BEFORE, BEFORE])}, "more than once"),
    ],
)
def test_what_does_not_align(change, match):
    with pytest.raises(AlignmentError, match=match):
        compare_access(**({"before": BEFORE, "after": AFTER, "better": "less"} | change))


def test_matrices_give_the_mean_to_all_others():
    before = pd.DataFrame([[0, 60, 90], [60, 0, INF], [90, 30, 0]], list("abc"), list("abc"))
    after = before.replace(INF, 20.0).loc[list("cab"), list("bca")]
    result = compare_access(before, after, better="less")
    assert result.frame["before"].tolist() == [75, INF, 60]
    assert result.frame["after"].tolist() == [75, 40, 60]
    assert result.frame["outcome"].tolist() == ["unchanged", "newly reached", "unchanged"]
    with pytest.raises(InputError, match="times below zero"):
        compare_access(-before, before, better="less")
    with pytest.raises(InputError, match="one place only"):
        compare_access(before.loc[["a"], ["a"]], before, better="less")


def test_pairs_that_gained():
    before = pd.DataFrame([[0, 60, 90], [50, 0, INF], [100, 30, 0]], list("abc"), list("xbc"))
    after = pd.DataFrame(
        [[0, 60, 45], [25, 0, 200], [INF, 30, 0]], list("abc"), list("xbc"), dtype=float
    )
    pairs = times_change(before, after.loc[list("cab"), list("cxb")])
    told = list(zip(pairs["origin"], pairs["destination"], pairs["outcome"], strict=True))
    assert told == [
        ("a", "c", "winner"), ("b", "x", "winner"), ("a", "b", "unchanged"),
        ("a", "x", "unchanged"), ("c", "b", "unchanged"), ("b", "c", "newly reached"),
        ("c", "x", "lost"),
    ]  # fmt: skip
    np.testing.assert_allclose(pairs["change"][:3], [-45, -25, 0])
    by_share = times_change(before, after, by="percent", most=2)
    assert by_share["percent"].tolist() == [-50, -50]
    assert by_share["origin"].tolist() == ["a", "b"]
    assert times_change(before, after, tolerance=30)["outcome"].tolist()[1] == "unchanged"
    for wrong in ({"by": "people"}, {"most": 0}, {"tolerance": -1}):
        with pytest.raises(InputError):
            times_change(before, after, **wrong)
    with pytest.raises(InputError, match="matrix of times"):
        times_change(before["x"], after)
    with pytest.raises(AlignmentError, match="destinations of before"):
        times_change(before, after.drop(columns="x"))


@pytest.fixture
def network():
    """Give a slow road a-b-c, and a fast line a-c that opens in 2010."""
    nodes = gpd.GeoDataFrame(
        index=list("abc"), geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326
    )
    edges = pd.DataFrame(
        {"start": ["a", "b", "a"], "end": ["b", "c", "c"], "minutes": [60.0, 60.0, 50.0],
         "line": [None, None, "fast"], "opened": [None, None, "2010-05-01"]}
    )  # fmt: skip
    return sr.Network.from_frames(nodes, edges)


def mean_minutes(network):
    return sr.travel_times(list("abc"), list("abc"), network).mean(axis=1)


def test_networks_of_two_years(network):
    result = compare_networks(network.at(2009), network.at(2010), mean_minutes, better="less")
    assert result.frame["before"].tolist() == pytest.approx([60, 40, 60])
    assert result.frame["after"].tolist() == pytest.approx([110 / 3, 40, 110 / 3])
    assert "1 lines with edges added (fast)" in result.definition
    back = compare_networks(network, network.without("fast"), mean_minutes, better="less")
    assert back.losers == 2 and "edges taken away (fast)" in back.definition
    same = compare_networks(network, network, mean_minutes, better="less")
    assert "without a difference" in same.definition
    with pytest.raises(InputError, match="after must be a spatialreg"):
        compare_networks(network, network.edges, mean_minutes, better="less")


def test_a_panel_of_access(network):
    people = pd.Series({"c": 3, "a": 1, "b": 2})
    panel = access_series(network, [2011, "2009-03-01"], mean_minutes, population=people)
    assert panel.index.tolist() == [(c, y) for c in "abc" for y in (2009, 2011)]
    assert panel["access"].tolist() == pytest.approx([60, 110 / 3, 40, 40, 60, 110 / 3])
    assert panel["people"].tolist() == [1, 1, 2, 2, 3, 3]
    assert panel.attrs["dates"] == {2009: "2009-03-01", 2011: "2011-12-31"}
    table = sr.inequality(panel, per_head="access", population="people", measures=["gini"])
    assert table.index.tolist() == [2009, 2011]


def test_a_panel_of_what_is_not_reached(network):
    lines = network.edges["line"].fillna("road")
    network = sr.Network.from_frames(network.nodes, network.edges.assign(
        line=lines, opened=["2005-01-01", "2010-01-01", None], minutes=[60.0, 60, 500]
    ).iloc[:2])  # fmt: skip

    def to_a(network):
        return sr.travel_times(list("abc"), ["a"], network, cutoff=1000)["a"]

    with pytest.raises(InputError, match=r"infinite in 1 regions at some date \(c\)"):
        access_series(network, [2006, 2010], to_a)
    with pytest.warns(MissingDataWarning, match="infinite in 1 of 3"):
        panel = access_series(network, [2006, 2010], to_a, unreached="nan")
    assert panel["access"].isna().sum() == 1
    with pytest.raises(InputError, match="dates is empty"):
        access_series(network, [], to_a)
    with pytest.raises(InputError, match="2010 has more"):
        access_series(network, [2010, "2010-02-01"], to_a)
    with pytest.raises(AlignmentError, match="not in"):
        access_series(network, [2006, 2010], lambda n: to_a(n).iloc[: len(n.edges) + 1])
