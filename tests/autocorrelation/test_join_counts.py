"""Join counts by hand, their names, and that they add up."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from spatialreg.autocorrelation import join_counts, moran_series
from spatialreg.errors import InputError

from .conftest import CHAIN, lattice_graph

COLUMNS = [
    "first", "second", "statistic", "expected", "variance", "z_score", "p_value", "p_analytic",
]  # fmt: skip


def test_by_hand():
    # a chain a-b-c-d with 1, 1, 0, 0: one join of each kind; two of four are 1, and each of the
    # three joins is BB with probability 1/6, BW with 2/3
    y = pd.Series([1, 1, 0, 0], index=list("abcd"))
    result = join_counts(y, Graph.from_dicts(CHAIN), permutations=9, rng=1)
    assert list(result.frame.columns) == COLUMNS
    assert result.frame.index.to_list() == ["BB", "BW", "WW"]
    assert result.frame["statistic"].to_list() == [1, 1, 1]
    assert result.frame["expected"].to_list() == pytest.approx([1 / 2, 2, 1 / 2])
    assert result.frame["first"].to_list() == [1, 1, 0]
    assert result.frame["second"].to_list() == [1, 0, 0]


def test_a_link_in_one_direction_is_half_a_join():
    graph = Graph.from_dicts({"a": ["b"], "b": ["c"], "c": ["b", "d"], "d": []})
    y = pd.Series([1, 1, 0, 0], index=list("abcd"))
    result = join_counts(y, graph, permutations=9, rng=1)
    assert result.frame["statistic"].to_list() == [1 / 2, 1, 1 / 2]


def test_categories_by_hand():
    # r-g-g-b along the chain
    y = pd.Series(["r", "g", "g", "b"], index=list("abcd"))
    frame = join_counts(y, Graph.from_dicts(CHAIN), permutations=9, rng=1).frame
    assert frame["statistic"].to_dict() == {
        "b:b": 0, "g:g": 1, "r:r": 0, "b:g": 1, "b:r": 0, "g:r": 1, "different": 2,
    }  # fmt: skip
    # a pair of places holds two g with probability 1/6, b and r as well, b and g with 2/6
    assert frame["expected"].to_dict() == pytest.approx(
        {"b:b": 0, "g:g": 1 / 2, "r:r": 0, "b:g": 1, "b:r": 1 / 2, "g:r": 1, "different": 5 / 2}
    )
    assert frame.loc["b:b", "variance"] == 0  # there is only one b
    assert np.isnan(frame.loc["b:b", "z_score"])
    assert frame.loc["b:b", "p_value"] == 1


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([True, False, True, False], ["BB", "BW", "WW"]),
        ([1.0, 0.0, 1.0, 0.0], ["BB", "BW", "WW"]),
        (pd.array([1, 0, 1, 0], dtype="Int64"), ["BB", "BW", "WW"]),
        (pd.array([True, False, True, False], dtype="boolean"), ["BB", "BW", "WW"]),
        ([1, 2, 1, 2], ["1:1", "2:2", "1:2"]),
        (["1", "0", "1", "0"], ["0:0", "1:1", "0:1"]),
        (pd.Categorical(list("rsrs"), categories=list("tsr")), ["s:s", "r:r", "s:r"]),
        (pd.Categorical([1, 0, 1, 0], categories=[1, 0]), ["BB", "BW", "WW"]),
    ],
)
def test_names_follow_the_categories(values, names):
    y = pd.Series(values, index=list("abcd"))
    frame = join_counts(y, Graph.from_dicts(CHAIN), permutations=9, rng=1).frame
    assert frame.index.to_list() == names
    # the two alternate along the chain: all three joins are mixed
    mixed = next(name for name in names if len(set(name.replace(":", ""))) == 2)
    assert frame["statistic"].drop(mixed).to_list() == [0, 0]
    assert frame.loc[mixed, "statistic"] == 3


@pytest.mark.parametrize("kinds", [2, 3, 5])
def test_counts_add_up_to_all_joins(kinds):
    graph = lattice_graph(7, "b")
    y = pd.Series(np.random.default_rng(kinds).integers(0, kinds, 49), graph.unique_ids)
    result = join_counts(y, graph, permutations=50, rng=1)
    rows = result.frame.drop("different", errors="ignore")
    assert len(rows) == kinds * (kinds + 1) // 2
    joins = 2 * 7 * 6  # of rook neighbours on a 7 x 7 lattice
    assert rows["statistic"].sum() == joins
    assert rows["expected"].sum() == pytest.approx(joins)
    nulls = np.array([result.of(name).null_distribution for name in rows.index])
    assert (nulls.sum(axis=0) == joins).all()
    if kinds > 2:
        different = result.of("different")
        mixed = [name for name in rows.index if len(set(name.split(":"))) == 2]
        assert different.statistic == rows.loc[mixed, "statistic"].sum()
        assert different.expected == pytest.approx(rows.loc[mixed, "expected"].sum())


def test_a_checkerboard_is_all_mixed():
    graph = lattice_graph(6)
    y = pd.Series([(r + c) % 2 for r in range(6) for c in range(6)], index=graph.unique_ids)
    frame = join_counts(y, graph, permutations=999, rng=1).frame
    assert frame["statistic"].to_list() == [0, 60, 0]
    assert (frame["p_value"] == 0.002).all()
    greater = join_counts(y, graph, permutations=999, alternative="greater", rng=1).frame
    assert greater["p_value"].to_list() == [1, 0.001, 1]


def test_a_row_is_a_global_result():
    graph = lattice_graph(4)
    y = pd.Series(np.random.default_rng(1).integers(0, 2, 16), graph.unique_ids)
    result = join_counts(y, graph, permutations=99, rng=1)
    row = result.of("BW")
    assert row.name == "join count BW"
    assert row.p_value == result.frame.loc["BW", "p_value"]
    assert len(row.null_distribution) == 99
    with pytest.raises(InputError, match="no joins 'WB': they are BB, BW, WW"):
        result.of("WB")
    assert "permutations" in repr(result)
    panel = pd.DataFrame({"y": y})
    panel.index = pd.MultiIndex.from_product([y.index, [2000]], names=["code", "year"])
    years = moran_series(
        panel,
        graph,
        value="y",
        statistic=lambda y, graph, **options: join_counts(y, graph, **options).of("BW"),
        permutations=99,
        rng=1,
    )
    assert years.loc[2000, "statistic"] == row.statistic


def test_the_order_of_categories_of_several_types_does_not_follow_the_rows():
    y = pd.Series(["x", 1, 1, "x"], index=list("abcd"), dtype=object)
    graph = Graph.from_dicts(CHAIN)
    one, other = (join_counts(v, graph, permutations=9, rng=1).frame for v in (y, y[::-1]))
    pd.testing.assert_frame_equal(one, other)


def test_what_is_no_category_raises():
    graph = lattice_graph(8)
    y = pd.Series(np.linspace(0, 1, 64), graph.unique_ids)
    with pytest.raises(InputError, match="64 categories, but at most 50"):
        join_counts(y, graph)
    with pytest.raises(InputError, match="must be a pandas Series labelled by region, not list"):
        join_counts(list(y), graph)
    alike = pd.Series([1, "1"] * 32, graph.unique_ids, dtype=object)
    with pytest.raises(InputError, match="cannot be told apart in writing"):
        join_counts(alike, graph)
