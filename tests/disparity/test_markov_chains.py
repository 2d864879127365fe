"""Markov chains of classes: counts by hand, neighbours, gaps, and each message."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg import _markov
from spatialreg.disparity import markov, spatial_markov
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

FIXED = {"value": "y", "classes": [1.0, 2.0], "relative": False}


def panel_of(rows, years=(2000, 2001, 2002)):
    """Make a panel of a dict of values by year."""
    wide = pd.DataFrame(rows, index=pd.Index(years, name="year"))
    return sr.to_panel(wide.melt(ignore_index=False, var_name="code", value_name="y").reset_index())


@pytest.fixture
def three():
    """Bounds 1 and 2: a 1 1 2 (1 is on its bound), b 2 3 3, c 3 2 1."""
    return panel_of({"a": [0.5, 1.0, 1.5], "b": [1.5, 2.5, 9.0], "c": [2.5, 2.0, 0.1]})


@pytest.fixture
def line():
    """The regions in a row: a - b - c."""
    return Graph.from_adjacency(
        pd.DataFrame({"focal": list("abbc"), "neighbor": list("bacb"), "weight": 1})
    ).transform("r")


def test_moves_by_hand(three):
    chain = markov(three, **FIXED)
    assert chain.frame["state"].unstack().to_numpy().tolist() == [
        ["1", "1", "2"],
        ["2", "3", "3"],
        ["3", "2", "1"],
    ]
    assert chain.counts.to_numpy().tolist() == [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    assert chain.probabilities.to_numpy().tolist() == [[0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    assert (chain.moves, chain.regions, chain.step, chain.bounds) == (6, 3, 1, (1.0, 2.0))
    # a chain that is its own mirror: a third each; half of two states leave, all of the middle
    assert chain.distribution["ergodic"].tolist() == pytest.approx([1 / 3] * 3)
    assert chain.distribution["leaving"].tolist() == [0.5, 1.0, 0.5]
    assert chain.distribution["mean_stay"].tolist() == [2.0, 1.0, 2.0]
    assert chain.distribution["first"].tolist() == pytest.approx([1 / 3] * 3)
    assert chain.distribution["last"].tolist() == pytest.approx([1 / 3] * 3)
    assert chain.mobility == pytest.approx((3 - 1) / 2)
    assert chain.frame["next"].unstack().loc["a"].tolist()[:2] == ["1", "2"]
    assert chain.frame["next"].isna().sum() == 3


def test_first_passages_by_hand(three):
    """From 1: x = 1 + x/2 + (time from 2 to 3)/2, and from 2: y = 1 + x/2; so y = 4, x = 6."""
    passage = markov(three, **FIXED).first_passage
    assert passage.loc["1", "3"] == pytest.approx(6)
    assert passage.loc["2", "3"] == pytest.approx(4)
    assert passage.loc["1", "2"] == pytest.approx(2)
    # back after 1/share moves
    assert np.diag(passage) == pytest.approx([3, 3, 3])


def test_indices_by_hand(three):
    """The eigenvalues are 1, 1/2 and -1/2; in the long run half the moves cross one bound, and two
    thirds of regions... each third leaves with 1/2, 1, 1/2."""
    indices = markov(three, **FIXED).indices
    assert indices["determinant"] == pytest.approx(1 - 0.25)
    assert indices["second_eigenvalue"] == pytest.approx(0.5)
    assert indices["unconditional"] == pytest.approx((2 / 3) * 3 / 2)
    assert indices["bartholomew"] == pytest.approx((2 / 3) / 2)
    assert indices["half_life"] == pytest.approx(1)
    assert indices["shorrocks"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # the second is never left: whoever is there never returns to the first
        ([[1, 1], [0, 2]], [[np.inf, 2], [np.inf, 1]]),
        # what follows the second is unknown
        ([[1, 1], [0, 0]], [[np.nan, 2], [np.nan, np.nan]]),
        # the third was never seen: no way leads there, and none from there is known
        ([[1, 1, 0], [1, 1, 0], [0, 0, 0]], [[2, 2, np.inf], [2, 2, np.inf], [np.nan] * 3]),
        # from the first either end may be reached, and neither is left
        ([[1, 1, 1], [0, 1, 0], [0, 0, 1]],
         [[np.inf] * 3, [np.inf, 1, np.inf], [np.inf, np.inf, 1]]),
    ],
)  # fmt: skip
def test_first_passages_that_may_never_be(counts, expected):
    passage = _markov.first_passage(np.array(counts))
    assert passage == pytest.approx(np.array(expected), nan_ok=True)


def test_first_passages_agree_with_walks():
    counts = np.array([[30, 5, 1], [4, 20, 6], [2, 3, 9]])
    passage = _markov.first_passage(counts)
    p = counts / counts.sum(axis=1, keepdims=True)
    rng = np.random.default_rng(3)
    for goal in range(3):
        now, moves = np.repeat([0, 1, 2], 4000), np.zeros(12000)
        under_way = np.ones(12000, dtype=bool)
        while under_way.any():
            step = (rng.random(12000)[:, None] > p[now].cumsum(axis=1)).sum(axis=1)
            now = np.where(under_way, step, now)
            moves += under_way
            under_way &= now != goal
        walked = moves.reshape(3, 4000)
        error = walked.std(axis=1) / 4000**0.5
        assert (np.abs(walked.mean(axis=1) - passage[:, goal]) < 4 * error).all()


def test_quantiles_of_all_years_and_of_each():
    panel = panel_of({c: [v, v * 10] for c, v in zip("abcd", [1, 2, 3, 4], strict=True)}, (1, 2))
    each = markov(panel, value="y", classes=2, quantiles="year", relative=False)
    assert each.frame["state"].unstack().to_numpy().tolist() == [["1", "1"]] * 2 + [["2", "2"]] * 2
    assert each.bounds is None
    pooled = markov(panel, value="y", classes=2, relative=False)
    # 1 2 3 4 10 20 30 40: the median is 7
    assert pooled.bounds == (7.0,)
    assert pooled.counts.to_numpy().tolist() == [[0, 4], [0, 0]]
    # over the mean of the year nothing moved
    relative = markov(panel, value="y", classes=2)
    assert relative.counts.to_numpy().tolist() == [[2, 0], [0, 2]]
    assert relative.mobility == 0


def test_a_quantile_that_is_a_value_is_that_value():
    """Of 11 values the fifths are the 3rd, 5th, 7th and 9th: exactly, and they are in the class."""
    values = np.random.default_rng(2).lognormal(size=11)
    panel = panel_of({f"{i:02d}": [v, v] for i, v in enumerate(values)}, (1, 2))
    chain = markov(panel, value="y", quantiles="year", relative=False)
    assert np.diag(chain.counts).tolist() == [3, 2, 2, 2, 2]


def test_steps_over_several_years_overlap(three):
    chain = markov(three, **FIXED, step=2)
    assert chain.counts.to_numpy().tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert chain.distribution["mean_stay"].tolist() == [2.0, 2.0, 2.0]
    # round in three moves of two years
    assert np.diag(chain.first_passage) == pytest.approx([6, 6, 6])
    longer = panel_of({"a": [0.5, 0.5, 1.5, 1.5]}, (2000, 2001, 2002, 2003))
    assert markov(longer, **FIXED, step=2).moves == 2


def test_order_is_homogeneity_by_the_class_before():
    """A chain that always goes back where it came from remembers two steps."""
    rng = np.random.default_rng(6)
    back = np.zeros((200, 8))
    back[:, :2] = rng.integers(0, 2, (200, 2))
    for t in range(2, 8):
        same = rng.random(200) < 0.8
        back[:, t] = np.where(same, back[:, t - 2], 1 - back[:, t - 2])
    first = np.zeros((200, 8))
    for t in range(1, 8):
        first[:, t] = np.where(rng.random(200) < 0.8, first[:, t - 1], 1 - first[:, t - 1])
    p = {}
    for name, states in (("second", back), ("first", first)):
        panel = panel_of({f"{i:03d}": row for i, row in enumerate(states)}, range(8))
        tests = markov(panel, value="y", classes=[0.5], relative=False).tests
        p[name] = tests.loc["order", "lr_p"]
        assert tests.loc["order", "dof"] == 2  # two rows of 2 x 2
    assert p["second"] < 1e-6
    assert p["first"] > 0.01


def test_breaks_are_for_homogeneity(three):
    chain = markov(three, **FIXED, breaks=[2001])
    tables = np.array([[[1, 0, 0], [0, 0, 1], [0, 1, 0]], [[0, 1, 0], [1, 0, 0], [0, 0, 1]]])
    expected = _markov.homogeneity(tables)
    assert tuple(chain.tests.loc["homogeneity"]) == pytest.approx(tuple(expected))
    with pytest.raises(InputError, match="breaks"):
        markov(three, **FIXED, breaks=[1990])


def test_missing_values_count_no_moves(three):
    holes = three.copy()
    holes.loc[("b", 2001), "y"] = np.nan
    with pytest.warns(MissingDataWarning, match=r"1 of 9 pairs .* no 'y' .*: b 2001"):
        chain = markov(holes, **FIXED)
    assert chain.counts.to_numpy().tolist() == [[1, 1, 0], [1, 0, 0], [0, 1, 0]]
    assert chain.frame.loc[("b", 2001), ["state", "next"]].isna().all()
    with pytest.warns(MissingDataWarning, match="1 of 9 pairs"):
        dropped = markov(three.drop(index=[("b", 2001)]), **FIXED)
    pd.testing.assert_frame_equal(dropped.counts, chain.counts)
    assert len(dropped.frame) == 8
    with pytest.warns(MissingDataWarning, match="1 gaps between years are wider than 1"):
        markov(panel_of({"a": [1, 2, 3], "b": [3, 2, 1]}, (2000, 2001, 2005)), **FIXED)


def test_the_neighbours_mean_by_hand(three, line):
    """b is between a and c; their mean is 1.5, 1.5, 0.8. a and c have b alone."""
    result = spatial_markov(three, line, **FIXED, permutations=9, rng=1)
    lag = result.frame["lag"].unstack()
    assert lag.loc["b"].tolist() == pytest.approx([1.5, 1.5, 0.8])
    assert lag.loc["a"].tolist() == lag.loc["c"].tolist() == [1.5, 2.5, 9.0]
    # beginnings with neighbours in class 2: a 1->1, b 2->3, c 3->2, b 3->3; in 3: a 1->2, c 2->1
    assert result.counts.loc["1"].to_numpy().sum() == 0
    assert result.counts.loc["2"].to_numpy().tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 1]]
    assert result.counts.loc["3"].to_numpy().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    test = _markov.homogeneity(result.counts.to_numpy().reshape(3, 3, 3))
    assert (result.chi2, result.lr, result.dof) == (test.chi2, test.lr, test.dof)
    assert result.probabilities.loc["1"].isna().all(axis=None)


def test_a_neighbour_without_a_value_counts_for_nothing(three, line):
    holes = three.copy()
    holes.loc[("a", 2000), "y"] = np.nan
    with pytest.warns(MissingDataWarning):
        result = spatial_markov(holes, line, **FIXED, permutations=9, rng=1)
    # b has c alone in 2000
    assert result.frame.loc[("b", 2000), "lag"] == 2.5
    holes.loc[("b", 2001), "y"] = np.nan
    with pytest.warns(MissingDataWarning):
        result = spatial_markov(holes, line, **FIXED, permutations=9, rng=1)
    assert result.frame.loc[(["a", "c"], 2001), "lag"].isna().all()
    assert result.frame.loc[(["a", "c"], 2001), "lag_state"].isna().all()


def test_an_isolate_counts_in_no_chain(three):
    graph = Graph.from_adjacency(
        pd.DataFrame({"focal": list("abc"), "neighbor": list("bac"), "weight": [1, 1, 0]})
    )
    result = spatial_markov(three, graph, **FIXED, permutations=9, rng=1)
    assert result.isolates == 1
    assert (result.moves, result.regions) == (4, 2)
    assert result.frame.loc["c", "lag"].isna().all()


def test_rows_and_graph_in_any_order():
    rng = np.random.default_rng(4)
    codes = list("abcdefghij")
    panel = panel_of({c: rng.lognormal(size=12) for c in codes}, range(12))
    ring = pd.DataFrame(
        {
            "focal": codes * 2,
            "neighbor": [*codes[1:], codes[0], codes[-1], *codes[:-1]],
            "weight": 1,
        }
    )
    graph = Graph.from_adjacency(ring).transform("r")
    turned = Graph.from_adjacency(ring[::-1]).transform("r")
    mixed = panel.sample(frac=1, random_state=8)
    before = mixed.copy()
    arguments = {"value": "y", "classes": 3, "permutations": 49, "rng": 5}
    one, other = (
        spatial_markov(panel, graph, **arguments),
        spatial_markov(mixed, turned, **arguments),
    )
    pd.testing.assert_frame_equal(one.counts, other.counts)
    pd.testing.assert_frame_equal(one.null_distribution, other.null_distribution)
    assert one.chi2_p_permutation == other.chi2_p_permutation
    pd.testing.assert_frame_equal(one.frame, other.frame.loc[one.frame.index])
    pd.testing.assert_frame_equal(mixed, before)
    pd.testing.assert_frame_equal(
        markov(panel, value="y", classes=3).counts, markov(mixed, value="y", classes=3).counts
    )
    assert other.frame.index.equals(mixed.index)


def test_results_print(three, line):
    assert "moves" in repr(markov(three, **FIXED))
    text = repr(spatial_markov(three, line, **FIXED, permutations=9, rng=1))
    assert "chi2_p_permutation" in text
    assert "bounds 1.0, 2.0" in text


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        (lambda p: p.reset_index(), {}, "levels code and year"),
        (lambda p: p, {"value": "x"}, "no column 'x'"),
        (lambda p: p, {"classes": 1}, "classes must be at least 2"),
        (lambda p: p, {"classes": [2, 1]}, "rising bounds"),
        (lambda p: p, {"classes": []}, "rising bounds"),
        (lambda p: p, {"classes": "five"}, "rising bounds"),
        (lambda p: p, {"classes": [1, np.inf]}, "finite bounds"),
        (lambda p: p, {"classes": 3, "quantiles": "month"}, "quantiles must be one of"),
        (lambda p: p, {"quantiles": "year"}, "quantiles is used for a number of classes only"),
        (lambda p: p * 0 + 1, {"classes": 3}, "too few different values for 3 quantile classes"),
        (lambda p: p - 20, {"relative": True}, "mean of 'y' is not above zero in 2000"),
        (lambda p: p, {"step": 0}, "step must be a whole number"),
        (lambda p: p, {"step": 7}, "no two years of the panel"),
        (lambda p: p[p.index.get_level_values(1) == 2000], {}, "moves need at least two years"),
    ],
)
def test_each_message(three, line, change, arguments, message):
    for function, graph in ((markov, ()), (spatial_markov, (line,))):
        with pytest.raises(InputError, match=message):
            function(change(three), *graph, **{**FIXED, **arguments})


def test_no_region_with_two_values(three):
    apart = three.copy()
    apart.loc[(["a", "b"], [2001, 2002]), "y"] = np.nan
    apart.loc[("c", [2000, 2002]), "y"] = np.nan
    with pytest.raises(InputError, match="no region has values in two years that are 1 apart"):
        with pytest.warns(MissingDataWarning):
            markov(apart, **FIXED)


def test_messages_of_neighbours(three, line):
    with pytest.raises(InputError, match="lag_classes must be at least 2"):
        spatial_markov(three, line, **FIXED, lag_classes=1)
    with pytest.raises(InputError, match="permutations must be at least 1"):
        spatial_markov(three, line, **FIXED, permutations=0)
    with pytest.raises(AlignmentError, match="the graph has 1 regions that y lacks"):
        spatial_markov(three.drop(index="c", level="code"), line, **FIXED)
    smaller = three.drop(index="c", level="code")
    result = spatial_markov(smaller, line, **FIXED, subset=True, permutations=9, rng=1)
    assert result.frame.loc["b", "lag"].tolist() == three.loc["a", "y"].tolist()
    more = pd.concat([three, three.loc[["a"]].rename(index={"a": "z"})])
    with pytest.raises(AlignmentError, match=r"lacks 1 of the 4 regions .*z"):
        spatial_markov(more, line, **FIXED)
