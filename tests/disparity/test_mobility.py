"""Rank mobility: pairs and theta by hand, neighbours, and each message."""

import itertools

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.disparity import rank_mobility
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning


def panel_of(first, last, years=(2000, 2010)):
    codes = list("abcdefghij")[: len(first)]
    return sr.to_panel(
        pd.DataFrame(
            {
                "code": codes * 2,
                "year": [years[0]] * len(codes) + [years[1]] * len(codes),
                "y": [*first, *last],
            }
        )
    )


def graph_of(pairs, codes):
    """Make a graph of pairs of letters, linked both ways; the rest are isolates."""
    links = [(p[0], p[1], 1) for p in pairs] + [(p[1], p[0], 1) for p in pairs]
    linked = {code for p in pairs for code in p}
    links += [(c, c, 0) for c in codes if c not in linked]
    return Graph.from_adjacency(pd.DataFrame(links, columns=["focal", "neighbor", "weight"]))


@pytest.fixture
def panel():
    """Ranks 1 2 3 4 become 2 1 3 4: one of six pairs changed its order."""
    return panel_of([1, 2, 3, 4], [20, 10, 30, 40])


def test_pairs_by_hand(panel):
    result = rank_mobility(panel, value="y")
    assert result.pairs.loc["all"].to_dict() == {
        "pairs": 6,
        "concordant": 5,
        "discordant": 1,
        "tied": 0,
        "tau": pytest.approx(4 / 6),
    }
    assert result.statistic == pytest.approx(4 / 6)
    # of 24 orders of four, those with at most one change are 1 + 3: twice 4/24
    assert result.p_value == pytest.approx(8 / 24)
    assert (result.start, result.end, result.n, result.missing) == (2000, 2010, 4, 0)
    assert result.spatial is None
    # a was last of four and is third; b was third and is last
    assert result.frame["rank_first"].tolist() == [4, 3, 2, 1]
    assert result.frame["rank_last"].tolist() == [3, 4, 2, 1]
    assert result.frame["change"].tolist() == [1, -1, 0, 0]


def test_ties_by_hand():
    """x 1 1 2 3, y 1 2 2 3: a-b tied first, b-c tied last, four pairs in order."""
    pairs = rank_mobility(panel_of([1, 1, 2, 3], [1, 2, 2, 3]), value="y").pairs
    expected = {"pairs": 6, "concordant": 4, "discordant": 0, "tied": 2, "tau": 4 / 5}
    assert pairs.loc["all"].to_dict() == pytest.approx(expected)
    # the same pair tied in both years counts once among the tied
    both = rank_mobility(panel_of([1, 1, 2, 3], [5, 5, 7, 6]), value="y").pairs
    expected = {"pairs": 6, "concordant": 4, "discordant": 1, "tied": 1, "tau": 3 / 5}
    assert both.loc["all"].to_dict() == pytest.approx(expected)


def test_neighbours_that_trade_places(panel):
    graph = graph_of(["ab", "cd"], "abcd")
    result = rank_mobility(panel, value="y", graph=graph, permutations=999, rng=1)
    assert result.pairs.loc["neighbours"].tolist() == [2, 1, 1, 0, 0]
    assert result.pairs.loc["others"].tolist() == [4, 4, 0, 0, 1]
    # of the three ways to make two pairs of four, one holds a-b: tau 0, 1, 1
    near = result.spatial.loc["neighbours"]
    assert set(np.unique(result.null_distribution["neighbours"])) == {0.0, 1.0}
    assert near["statistic"] == 0
    assert near["expected"] == pytest.approx(2 / 3, abs=0.06)
    assert near["p_value"] == pytest.approx(2 / 3, abs=0.12)
    less = rank_mobility(
        panel, value="y", graph=graph, permutations=999, rng=1, alternative="less"
    ).spatial.loc["neighbours"]
    assert less["p_value"] == pytest.approx(1 / 3, abs=0.06)
    assert near["p_value"] == pytest.approx(2 * less["p_value"])


def test_a_link_in_one_direction_is_a_pair_and_weights_do_not_count(panel):
    links = pd.DataFrame(
        {"focal": list("bdac"), "neighbor": list("acac"), "weight": [0.3, 9.0, 0, 0]}
    )
    one = rank_mobility(panel, value="y", graph=Graph.from_adjacency(links), rng=1)
    both = rank_mobility(panel, value="y", graph=graph_of(["ab", "cd"], "abcd"), rng=1)
    pd.testing.assert_frame_equal(one.pairs, both.pairs)
    pd.testing.assert_frame_equal(one.spatial, both.spatial)


def test_theta_by_hand():
    """Changes +2 -1 -1 0: of groups ab, cd they come to 1 and -1, of 4 in all: 2/4."""
    panel = panel_of([1, 2, 3, 4], [3.5, 1, 2, 4])
    groups = pd.Series(list("wwee"), index=list("abcd"))
    result = rank_mobility(panel, value="y", groups=groups, permutations=5000, rng=2)
    theta = result.spatial.loc["groups"]
    assert theta["statistic"] == pytest.approx(0.5)
    # the three ways to pair them: 2+1-... {+2-1, -1+0} 2/4, {+2-1, ...} 2/4, {+2+0, -1-1} 4/4
    assert theta["expected"] == pytest.approx(2 / 3, abs=0.02)
    assert set(np.round(np.unique(result.null_distribution["groups"]), 12)) == {0.5, 1.0}
    assert "theta" in result.definition


def test_permutations_are_of_all_rearrangements():
    """With 5 regions the null of tau is known: all 120 rearrangements."""
    panel = panel_of([1, 2, 3, 4, 5], [2, 1, 5, 3, 4])
    pairs = ["ab", "bc", "de"]
    result = rank_mobility(
        panel, value="y", graph=graph_of(pairs, "abcde"), permutations=6000, rng=3
    )
    x, y = np.array([1, 2, 3, 4, 5]), np.array([2, 1, 5, 3, 4])
    at = {c: i for i, c in enumerate("abcde")}
    every = []
    for order in itertools.permutations(range(5)):
        signs = [
            np.sign(x[order[at[p]]] - x[order[at[q]]]) * np.sign(y[order[at[p]]] - y[order[at[q]]])
            for p, q in pairs
        ]
        every.append(np.mean(signs))
    values, counts = np.unique(np.round(every, 9), return_counts=True)
    drawn = np.round(result.null_distribution["neighbours"], 9)
    for value, count in zip(values, counts, strict=True):
        assert (drawn == value).mean() == pytest.approx(count / 120, abs=0.025)


def test_years_are_chosen(panel):
    third = panel.xs(2010, level="year", drop_level=False).rename(index={2010: 2020}) * -1
    longer = pd.concat([panel, third])
    assert rank_mobility(longer, value="y").statistic == pytest.approx(-4 / 6)
    assert rank_mobility(longer, value="y", end=2010).statistic == pytest.approx(4 / 6)
    assert rank_mobility(longer, value="y", start=2010).statistic == pytest.approx(-1)


def test_regions_without_a_year_are_left_out_of_pairs_and_graph(panel):
    holes = pd.concat([panel, panel_of([9], [8]).rename(index={"a": "x"})])
    holes.loc[("x", 2010), "y"] = np.nan
    graph = graph_of(["ab", "cd", "ax"], "abcdx")
    with pytest.warns(MissingDataWarning, match=r"1 of 5 regions lack 'y' .*2000, 2010.*: x"):
        result = rank_mobility(holes, value="y", graph=graph, permutations=99, rng=1)
    clean = rank_mobility(
        panel, value="y", graph=graph_of(["ab", "cd"], "abcd"), permutations=99, rng=1
    )
    pd.testing.assert_frame_equal(result.pairs, clean.pairs)
    pd.testing.assert_frame_equal(result.spatial, clean.spatial)
    assert result.frame.loc["x"].isna().all()
    assert result.missing == 1


def test_rows_graph_and_groups_in_any_order():
    rng = np.random.default_rng(11)
    panel = panel_of(rng.lognormal(size=10), rng.lognormal(size=10))
    pairs = ["ab", "bc", "cd", "de", "fg", "gh", "hi", "ij"]
    groups = pd.Series(list("xxxyyyzzzz"), index=list("abcdefghij"))
    mixed = panel.sample(frac=1, random_state=2)
    before = mixed.copy()
    one = rank_mobility(
        panel, value="y", graph=graph_of(pairs, ""), groups=groups, permutations=99, rng=4
    )
    other = rank_mobility(
        mixed,
        value="y",
        graph=graph_of(pairs[::-1], ""),
        groups=groups[::-1],
        permutations=99,
        rng=np.random.default_rng(4),
    )
    pd.testing.assert_frame_equal(one.pairs, other.pairs)
    pd.testing.assert_frame_equal(one.spatial, other.spatial)
    pd.testing.assert_frame_equal(one.frame, other.frame)
    pd.testing.assert_frame_equal(mixed, before)


def test_it_prints(panel):
    assert "Kendall's tau-b of y in 2000 and 2010, 4 regions" in repr(
        rank_mobility(panel, value="y")
    )


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        (lambda p: p.reset_index(), {}, "indexed .code, year. is needed"),
        (lambda p: p, {"value": "x"}, "no column 'x'"),
        (lambda p: p, {"start": 1990}, "start=1990 is no year of the panel"),
        (lambda p: p, {"end": 1990}, "end=1990 is no year"),
        (lambda p: p, {"start": 2010}, "start must be before end"),
        (lambda p: p.xs(2000, level=1, drop_level=False), {}, "one year: mobility"),
        (lambda p: p * 0, {}, "the same 'y' in 2000"),
        (lambda p: p.loc[["a", "b"]], {}, "2 regions have 'y' in every year"),
        (lambda p: p, {"rng": 1}, "rng belong to permutations"),
        (lambda p: p, {"permutations": 9, "alternative": "less"}, "permutations, alternative"),
        (lambda p: p, {"subset": True}, "subset is used with a graph"),
        (lambda p: p, {"groups": list("wwee")}, "must be a Series"),
    ],
)
def test_each_message(panel, change, arguments, message):
    with pytest.raises(InputError, match=message):
        rank_mobility(change(panel), **{"value": "y", **arguments})


def test_messages_of_graph_and_groups(panel):
    graph = graph_of(["ab", "cd"], "abcd")
    with pytest.raises(InputError, match="alternative must be one of"):
        rank_mobility(panel, value="y", graph=graph, alternative="directed")
    with pytest.raises(InputError, match="permutations must be at least 1"):
        rank_mobility(panel, value="y", graph=graph, permutations=0)
    with pytest.raises(InputError, match="no two neighbours"):
        rank_mobility(panel, value="y", graph=graph_of([], "abcd"))
    with pytest.raises(AlignmentError, match=r"lacks 1 of the 4 regions .*d"):
        rank_mobility(panel, value="y", graph=graph_of(["ab"], "abc"))
    with pytest.raises(AlignmentError, match="1 regions that y lacks"):
        rank_mobility(panel, value="y", graph=graph_of(["ab", "ce"], "abcde"))
    wider = graph_of(["ab", "cd", "de"], "abcde")
    assert (
        rank_mobility(panel, value="y", graph=wider, subset=True).pairs.loc["neighbours", "pairs"]
        == 2
    )
    groups = pd.Series(list("wwe"), index=list("abc"))
    with pytest.raises(AlignmentError, match=r"groups lack 1 regions with data \(d\)"):
        rank_mobility(panel, value="y", groups=groups)
    with pytest.raises(InputError, match="1 regions with data have no group"):
        rank_mobility(panel, value="y", groups=groups.reindex(list("abcd")))
    with pytest.raises(AlignmentError, match="more than once"):
        rank_mobility(panel, value="y", groups=pd.Series(list("wwee"), index=list("aabc")))
    with pytest.raises(InputError, match="no rank changed"):
        rank_mobility(
            panel_of([1, 2, 3], [2, 4, 6]), value="y", groups=pd.Series(1, index=list("abc"))
        )
