"""Figures of answers and parts: what is drawn can be read back from the axes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import plot
from spatialreg._results import Decomposition
from spatialreg.disparity import compare_answers, decompose_change
from spatialreg.errors import InputError


@pytest.fixture
def answers():
    columns = pd.MultiIndex.from_product(
        [["Gini", "Theil"], ["constant", "current"]], names=["measure", "prices"]
    )
    rows = [[10.0, 10, 10, 10], [8, 11, 9, 9], [8, 12, np.nan, 8]]
    return pd.DataFrame(rows, index=[2000, 2001, 2002], columns=columns)


def words(ax):
    return [t.get_text() for t in ax.texts]


def test_a_cell_a_variant_and_span(answers):
    result = compare_answers(answers)
    ax = plot.answers_matrix(result, title="t")
    cells = ax.collections[0].get_array()
    assert cells.shape == (4, 2)
    assert cells[:, 0].tolist() == pytest.approx([-0.2, 0.1, -0.1, -0.1])
    assert cells.mask.tolist() == [[False, False]] * 2 + [[False, True], [False, False]]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2001", "2002"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["constant", "current"] * 2
    # numbers in the few cells, the names of the first choice, and the word for the triangles
    assert words(ax) == ["-20%", "+0.0%", "+10%", "+9.1%", "-10%", "-10%", "-11%",
                         "Gini", "Theil", "the answers part"]  # fmt: skip
    # 2001 parts by prices; 2002 rose at current prices in one and fell in another
    marked = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "v"]
    assert marked == [0.5, 1.5]
    assert "grey: no value" in ax.figure.axes[-1].get_ylabel()


def test_many_spans_have_a_plus_where_it_rose():
    gap = pd.DataFrame({"a": np.arange(1.0, 10), "b": np.arange(9.0, 0, -1)}, index=range(9))
    ax = plot.answers_matrix(compare_answers(gap))
    assert words(ax).count("+") == 8
    assert ax.get_xlabel() == "change since the year before"
    until = compare_answers(gap, spans=[(0, 8), (3, 8)])
    ax = plot.answers_matrix(until)
    assert ax.get_xlabel() == "change from this year to 8"
    assert [t.get_text() for t in ax.get_xticklabels()] == ["0", "3"]
    mixed = plot.answers_matrix(compare_answers(gap, spans=[(0, 8), (0, 3), (3, 8)]))
    assert [t.get_text() for t in mixed.get_xticklabels()] == ["0-8", "0-3", "3-8"]


@pytest.fixture
def change():
    panel = sr.to_panel(
        pd.DataFrame(
            {
                "code": list("abcd") * 2, "year": [2000] * 4 + [2010] * 4, "zone": list("wwee") * 2,
                "income": [1.0, 3.0, 4.0, 4.0, 2.0, 3.0, 5.0, 6.0],
                "people": [4, 2, 2, 2, 2, 2, 3, 3],
            }
        )
    )  # fmt: skip
    return panel, decompose_change(
        panel, per_head="income", population="people", by="zone", start=2000, end=2010
    )


def test_bars_add_up_to_the_change(change):
    _, parts = change
    ax = plot.change_bars({"2000-2010": parts}, names={"w": "West"}, title="t")
    place = [p.get_width() for p in ax.patches if p.get_height() == 0.36]
    cause = [p.get_width() for p in ax.patches if p.get_height() == 0.24]
    assert len(place) == 3 and len(cause) == 2
    assert sum(place) == pytest.approx(parts.change)
    assert sum(cause) == pytest.approx(parts.change)
    # falls are stacked to the left of zero, each from the end of the one before
    left = [p for p in ax.patches if p.get_height() == 0.36 and p.get_width() < 0]
    assert min(p.get_x() + p.get_width() for p in left) == pytest.approx(
        sum(p.get_width() for p in left)
    )
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert legend[:3] == ["between groups", "within e", "within West"]


def test_changes_that_cannot_stand_together(change):
    panel, parts = change
    options = {"per_head": "income", "population": "people", "start": 2000, "end": 2010}
    nested = decompose_change(panel.assign(land="x"), by=["land", "zone"], **options)
    with pytest.raises(InputError, match="nested groups"):
        plot.change_bars({"a": nested})
    other = decompose_change(panel.assign(side=list("llrr") * 2), by="side", **options)
    with pytest.raises(InputError, match="of the groups l, r"):
        plot.change_bars({"a": parts, "b": other})
    with pytest.raises(InputError, match="no change to draw"):
        plot.change_bars({})


def test_bands_and_turns_belong_to_their_series():
    line = pd.Series([3.0, 2.0, 2.5], index=[2000, 2001, 2002])
    band = pd.DataFrame({"low": line - 1, "high": line + 1})
    ax = plot.inequality_lines({"a": line}, bands={"a": band}, turns={"a": [2001]})
    top = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (top.min(), top.max()) == (1.0, 4.0)
    ring = next(x for x in ax.lines if x.get_marker() == "o" and len(x.get_xdata()))
    assert (ring.get_xdata().tolist(), ring.get_ydata().tolist()) == ([2001], [2.0])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a", "interval", "turn"]
    with pytest.raises(InputError, match="no series 'b'"):
        plot.inequality_lines({"a": line}, bands={"b": band})
    with pytest.raises(InputError, match="no year 1999"):
        plot.inequality_lines({"a": line}, turns={"a": [1999]})


def test_the_interval_of_the_lowest_part_is_drawn():
    frame = pd.DataFrame(
        [(2000, "g", "all", "between", 0.2, 0.1, 0.4),
         (2000, "code", "all", "within", 0.3, 0.2, 0.5),
         (2000, "code", "x", "within", 0.3, np.nan, np.nan)],
        columns=["year", "level", "group", "component", "value", "low", "high"],
    )  # fmt: skip
    ax = plot.decomposition(
        Decomposition("Theil T: words", ("g",), None, frame), names={"g": "zones", "x": "X"}
    )
    whisker = ax.collections[-1].get_segments()[0]
    assert whisker.tolist() == [[2000.0, 0.1], [2000.0, 0.4]]
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert {"between zones", "within X", "interval: between zones"} == set(legend)
