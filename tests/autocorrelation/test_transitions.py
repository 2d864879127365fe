"""Moves between quadrants and clusters: by hand on a chain, by definition, as giddy prints them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg import datasets
from spatialreg.errors import (
    AlignmentError,
    InputError,
    IsolateWarning,
    MissingDataWarning,
    PermutationWarning,
)

from .conftest import CHAIN, lattice_graph

HH, LL, HL, LH = "High-High", "Low-Low", "High-Low", "Low-High"
QUADRANTS = [HH, LL, HL, LH]


def panel_of(rows: dict[int, list[float]], labels: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([labels, rows], names=["code", "year"])
    return pd.DataFrame({"x": np.array(list(rows.values())).T.ravel()}, index=index)


def moves(panel, graph, **options):
    return sr.lisa_transitions(
        panel, graph, value="x", **{"states": "quadrant", "permutations": 199, "rng": 1, **options}
    )


@pytest.fixture
def chain():
    """A chain a-b-c-d over three years, mean 5 in each.

    Year 1: own L L H H, neighbours 2, 4.5, 5.5, 8: LL LL HH HH.
    Year 2: own H L H L, neighbours 2, 8.5, 1.5, 8: HL LH HL LH.
    Year 3: own L H L H, neighbours 9, 1.5, 8.5, 2: LH HL LH HL.
    """
    rows = {2001: [1, 2, 8, 9], 2002: [9, 2, 8, 1], 2003: [1, 9, 2, 8]}
    return panel_of(rows, list("abcd")), Graph.from_dicts(CHAIN).transform("r")


def test_by_hand(chain):
    result = moves(*chain)
    expected = pd.DataFrame(0, index=QUADRANTS, columns=QUADRANTS)
    # a: LL HL LH, b: LL LH HL, c: HH HL LH, d: HH LH HL
    for one, other in ((LL, HL), (HL, LH), (LL, LH), (LH, HL), (HH, HL), (HL, LH), (HH, LH)):
        expected.loc[one, other] += 1
    expected.loc[LH, HL] += 1
    assert (result.counts == expected).all(axis=None)
    assert (result.moves, result.regions, result.step) == (8, 4, 1)
    assert result.probabilities.loc[HH].to_list() == [0, 0, 0.5, 0.5]
    # nobody stays: (4 - 0) / 3
    assert result.mobility == pytest.approx(4 / 3)
    assert result.distribution["first"].to_list() == [0.5, 0.5, 0, 0]
    assert result.distribution["last"].to_list() == [0, 0, 0.5, 0.5]
    # HL and LH swap for ever
    assert result.distribution["ergodic"].to_list() == pytest.approx([0, 0, 0.5, 0.5])
    assert result.distribution["mean_stay"].to_list() == [1] * 4
    move = result.frame["move"].unstack("year")
    assert move[2001].to_list() == ["Own", "Neighbours", "Neighbours", "Own"]
    assert move[2002].to_list() == ["Both"] * 4
    assert move[2003].isna().all()
    by_region = result.by_region
    assert by_region["moves"].to_list() == [2] * 4
    assert by_region["changes"].to_list() == [2] * 4
    assert by_region["states"].to_list() == [3] * 4
    # of states seen equally often the first in the order of the table
    assert by_region["usual"].to_list() == [LL, LL, HH, HH]


def test_who_stays_moves_to_the_same_state():
    rows = {2001: [1, 2, 8, 9], 2002: [1, 2, 8, 9]}
    result = moves(panel_of(rows, list("abcd")), Graph.from_dicts(CHAIN).transform("r"))
    assert result.counts.to_numpy().diagonal().tolist() == [2, 2, 0, 0]
    assert result.moves == 4
    assert result.mobility == 0
    assert set(result.frame["move"].dropna()) == {"None"}
    assert result.by_region["changes"].sum() == 0
    assert result.distribution["mean_stay"].to_list()[:2] == [np.inf, np.inf]
    assert result.distribution["ergodic"].isna().all()  # it depends on the beginning
    assert result.distribution["mean_stay"].isna().to_list() == [False, False, True, True]


@pytest.fixture
def lattice():
    graph = lattice_graph(3)
    rng = np.random.default_rng(2)
    rows = {year: list(rng.normal(size=9)) for year in range(1990, 2002)}
    return panel_of(rows, list(graph.unique_ids)), graph


def test_counts_are_those_of_a_cross_table(lattice):
    panel, graph = lattice
    result = moves(panel, graph)
    wide = panel["x"].unstack("year")
    z = wide - wide.mean()
    lag = graph.transform("r").sparse @ z.loc[graph.unique_ids].to_numpy()
    words = np.where(z > 0, "High-", "Low-").astype(object) + np.where(lag > 0, "High", "Low")
    table = pd.crosstab(words[:, :-1].ravel(), words[:, 1:].ravel())
    table = table.reindex(index=QUADRANTS, columns=QUADRANTS).fillna(0)
    assert (result.counts.to_numpy() == table.to_numpy()).all()
    assert result.moves == 9 * 11
    # halves: the first five beginnings of eleven, and six
    first = pd.crosstab(words[:, :5].ravel(), words[:, 1:6].ravel())
    first = first.reindex(index=QUADRANTS, columns=QUADRANTS).fillna(0).to_numpy()
    halves = np.array([first, table.to_numpy() - first])
    pooled = table.div(table.sum(axis=1), axis=0).to_numpy()
    expected = halves.sum(axis=2, keepdims=True) * pooled
    seen = expected > 0
    chi2 = ((halves - expected)[seen] ** 2 / expected[seen]).sum()
    assert result.tests.loc["homogeneity", "chi2"] == pytest.approx(chi2)
    broken = moves(panel, graph, breaks=[1995])
    pd.testing.assert_frame_equal(result.tests, broken.tests)
    other = moves(panel, graph, breaks=[1992, 1997])
    assert other.tests.loc["homogeneity", "dof"] > broken.tests.loc["homogeneity", "dof"]


def test_clusters_are_those_of_lisa_by_year():
    graph = lattice_graph(6)
    rng = np.random.default_rng(3)
    slope = np.add.outer(np.arange(6), np.arange(6)).ravel()
    rows = {year: list(slope + rng.normal(0, 1.5, 36)) for year in (2000, 2001, 2002, 2003)}
    panel = panel_of(rows, list(graph.unique_ids))
    options = {"permutations": 999, "alpha": 0.1, "rng": 3}
    result = moves(panel, graph, states="cluster", **options)
    clusters = pd.DataFrame(
        {
            year: sr.lisa(panel["x"].xs(year, level="year"), graph, **options).frame["cluster"]
            for year in rows
        }
    )
    states = [*QUADRANTS, "Not significant"]
    expected = sum(
        pd.crosstab(clusters[year], clusters[year + 1])
        .reindex(index=states, columns=states)
        .fillna(0)
        for year in (2000, 2001, 2002)
    )
    assert (result.counts.to_numpy() == expected.to_numpy()).all()
    assert 0 < result.counts.loc[HH, HH] < result.moves
    assert list(result.tests.index) == ["memory", "homogeneity"]


def test_missing_values_count_no_move():
    rows = {2001: [1.0, 2, 8, 9, 5], 2002: [9, 2, 8, 1, np.nan], 2003: [1, 9, 2, 8, 5]}
    graph = Graph.from_dicts({**CHAIN, "d": ["c", "e"], "e": ["d"]}).transform("r")
    panel = panel_of(rows, list("abcde"))
    result = moves(panel, graph)
    assert result.moves == 8
    assert result.regions == 4
    e = result.frame.xs("e")
    assert e["next"].isna().all()
    assert e["move"].isna().all()
    # a row that lacks says the same, and is not made up
    fewer = panel.drop([("e", 2002)])
    again = moves(fewer, graph)
    pd.testing.assert_frame_equal(again.counts, result.counts)
    assert again.frame.index.equals(fewer.index)
    assert result.by_region.loc["e"].to_dict() == {
        "moves": 0, "changes": 0, "states": 1, "usual": again.frame.loc[("e", 2001), "quadrant"],
    }  # fmt: skip


def test_isolates_have_no_state():
    graph = Graph.from_dicts({**CHAIN, "z": []}).transform("r")
    rows = {2001: [1, 2, 8, 9, 5], 2002: [9, 2, 8, 1, 5]}
    for states in ("quadrant", "cluster"):
        result = moves(panel_of(rows, list("abcdz")), graph, states=states)
        assert (result.moves, result.regions) == (4, 4)
        assert result.frame.loc[("z", 2001), "cluster"] == "Isolate"
        assert pd.isna(result.frame.loc[("z", 2001), "next"])
        assert pd.isna(result.by_region.loc["z", "usual"])


def test_gaps_between_years(lattice):
    panel, graph = lattice
    gappy = panel.drop([1993, 1994], level="year")
    with pytest.warns(MissingDataWarning, match=r"1 gaps .* than 1 .*\(1992 to 1995\)"):
        result = moves(gappy, graph)
    assert result.moves == 9 * 8  # nine gaps between ten years, but one
    assert pd.isna(result.frame.loc[("aa", 1992), "next"])
    # moves over two years, asked for: 1990 to 1992, 1991 to 1993 and so on
    wide = moves(panel, graph, step=2)
    assert (wide.step, wide.moves) == (2, 9 * 10)
    for year in (1990, 1999):
        later = wide.frame["quadrant"].xs(year + 2, level="year")
        assert (wide.frame["next"].xs(year, level="year") == later).all()
    decades = panel.drop([y for y in range(1990, 2002) if y not in (1990, 1995, 2000)], level=1)
    assert moves(decades, graph).step == 5


def test_years_without_values_count_no_move(lattice):
    panel, graph = lattice
    panel = panel.copy()
    panel.loc[pd.IndexSlice[:, 1995], "x"] = 3.0
    with pytest.warns(MissingDataWarning, match=r"1 of 12 years have no local .*\(1995\)"):
        result = moves(panel, graph)
    assert result.moves == 9 * 9
    with pytest.raises(InputError, match="for none of 12 years; in 1990: y is constant"):
        moves(panel.assign(x=1.0), graph)


def test_warnings_are_given_once(lattice):
    panel, graph = lattice
    with pytest.warns(PermutationWarning, match="with 9 permutations") as caught:
        moves(panel, graph, permutations=9)
    assert len(caught) == 1
    chain = Graph.from_dicts({**CHAIN, "e": ["f"], "f": ["e"]}).transform("r")
    rows = {2001: [1.0, 2, 8, 9, 5, np.nan], 2002: [9.0, 2, 8, 1, 4, np.nan]}
    with pytest.warns(IsolateWarning, match=r"for 2 of 2 years \(2001, 2002\)") as caught:
        moves(panel_of(rows, list("abcdef")), chain)
    assert len(caught) == 1


def test_order_of_rows_changes_nothing_and_nothing_is_mutated(lattice):
    panel, graph = lattice
    before = panel.copy(deep=True)
    one = moves(panel, graph, states="cluster")
    mixed = panel.sample(frac=1, random_state=4)
    other = moves(mixed, graph, states="cluster")
    pd.testing.assert_frame_equal(one.counts, other.counts)
    assert other.frame.index.equals(mixed.index)
    pd.testing.assert_frame_equal(one.frame, other.frame.reindex(one.frame.index))
    pd.testing.assert_frame_equal(panel, before)


def test_messages(lattice):
    panel, graph = lattice
    for options, message in (
        ({"states": "type"}, "states must be one of"),
        ({"step": 0}, "step must be a whole number of years of at least 1, not 0"),
        ({"step": 1.5}, "not 1.5"),
        ({"step": 30}, "no two years .* are 30 apart: choose another step, such as 1"),
        ({"breaks": [1995.5]}, "breaks must be whole years"),
        ({"breaks": []}, "breaks must be whole years"),
        ({"breaks": [1997, 1995]}, "rising"),
        ({"breaks": [1980]}, r"breaks=\[1980\] leave 1 periods without moves"),
        ({"permutations": 0}, "at least 1"),
        ({"alpha": 2}, "alpha must lie"),
    ):
        with pytest.raises(InputError, match=message):
            moves(panel, graph, **options)
    with pytest.raises(InputError, match="at least two years, but the panel has 1"):
        moves(panel.xs(1990, level=1, drop_level=False), graph)
    with pytest.raises(InputError, match="index levels code and year"):
        moves(panel.reset_index(), graph)
    with pytest.raises(AlignmentError, match="the graph lacks 1"):
        moves(panel.rename(index={"aa": "zz"}, level=0), graph)


def test_the_result_prints_what_it_holds(chain):
    result = moves(*chain)
    assert "states    quadrant" in repr(result)
    assert "frame: 12 rows x 9 columns" in repr(result)


# --- giddy ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def incomes():
    graph = sr.build_weights(datasets.us_states(), "queen")
    panel = datasets.us_incomes()
    wide = panel["income"].unstack("year").loc[graph.unique_ids].to_numpy(dtype=float)
    result = sr.lisa_transitions(
        panel, graph, value="income", states="quadrant", permutations=99, rng=1
    )
    return graph, wide, result


def test_moves_of_us_incomes_as_published(incomes):
    """The documentation of giddy's LISA_Markov prints these counts, in the order HH LH LL HL."""
    _, _, result = incomes
    order = [HH, LH, LL, HL]
    published = [[1087, 44, 4, 34], [41, 470, 36, 1], [5, 34, 1422, 39], [30, 1, 40, 552]]
    assert result.counts.loc[order, order].to_numpy().tolist() == published
    shares = result.distribution.loc[order, "ergodic"].to_list()
    assert shares == pytest.approx([0.28561505, 0.14190226, 0.40493672, 0.16754598], abs=5e-9)
