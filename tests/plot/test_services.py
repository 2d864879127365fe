"""Figures of a composite index: what is drawn where."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from spatialreg import plot
from spatialreg.errors import InputError

RANKS = pd.DataFrame(
    {"rank": [2.0, 1.0, np.nan, 3.0], "low": [1, 1, np.nan, 2], "high": [3, 2, np.nan, 3]},
    index=list("bacd"),
)


def words_of(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_ranks_are_sorted_and_those_without_left_out():
    groups = pd.Series(["x", "y"], index=["a", "b"]).astype(pd.CategoricalDtype(["y", "x"]))
    ax = plot.rank_intervals(RANKS, names=pd.Series({"a": "Anna"}), groups=groups, title="t")
    assert words_of(ax) == ["Anna", "b", "d"]
    dots = ax.collections[1].get_offsets()
    assert dots[:, 0].tolist() == [1, 2, 3] and dots[:, 1].tolist() == [0, 1, 2]
    spans = [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()]
    assert spans == [[1, 2], [1, 3], [2, 3]]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["y", "x"]
    low, high = sorted(ax.get_ylim())
    assert low < 0 and high > 2 and ax.get_ylim()[0] > ax.get_ylim()[1]  # the first on top
    with pytest.raises(InputError, match="no column 'high'"):
        plot.rank_intervals(RANKS.drop(columns="high"))


def test_ranks_do_not_depend_on_the_order_of_rows():
    one = plot.rank_intervals(RANKS.assign(rank=1.0))
    two = plot.rank_intervals(RANKS.assign(rank=1.0).iloc[::-1])
    assert words_of(one) == words_of(two) == list("abcd")


def test_profiles_are_in_the_order_of_the_whole():
    frame = pd.DataFrame(
        {"roads": [0.2, 0.9], "schools": [0.8, 0.3], "index": [0.5, 0.6]}, index=["a", "b"]
    )
    ax = plot.score_profiles(frame, ["roads", "schools"], whole="index")
    assert words_of(ax) == ["b", "a"]
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert legend == ["roads", "schools", "index"]
    assert ax.collections[1].get_offsets()[:, 0].tolist() == [0.9, 0.2]
    # the mean of the columns gives the order where there is no whole: 0.6 and 0.5
    assert words_of(plot.score_profiles(frame, ["roads", "schools"])) == ["b", "a"]


def test_coordination_stands_on_its_classes():
    frame = pd.DataFrame(
        {"all regions": [0.45, 0.55], "East": [0.5, 0.6], "lowest": [0.4, 0.5],
         "highest": [0.6, 0.7]},
        index=[2000, 2010],
    )  # fmt: skip
    ax = plot.coordination_lines(frame, title="t")
    assert {t.get_text() for t in ax.texts} == {
        "Mild imbalance", "Near imbalance", "Bare coordination", "Primary coordination",
        "Intermediate coordination",
    }  # fmt: skip
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert legend == ["all regions", "East", "highest region", "lowest region"]
    assert ax.lines[0].get_color() == "black"
    with pytest.raises(InputError, match="from 0 to 1"):
        plot.coordination_lines(frame * 2)
    with pytest.raises(InputError, match="with a value at least"):
        plot.coordination_lines(frame * np.nan)
