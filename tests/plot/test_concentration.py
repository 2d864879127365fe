"""Figures of concentration and of what makes a gap: read back from the axes."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import plot
from spatialreg._palettes import QUALITATIVE
from spatialreg.errors import InputError


def legend_words(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


def colour(artist):
    return mpl.colors.to_hex(artist.get_color())


def test_shares_of_two_vintages_share_a_colour_and_no_line():
    new = pd.Series([0.6, 0.5], index=[2000, 2001])
    old = pd.Series([0.4, 0.45], index=[1998, 1999])
    band = pd.DataFrame({"low": [0.5, 0.4], "high": [0.7, 0.6]}, index=[2000, 2001])
    ax = plot.share_lines(
        {"mills": new, "shops": new + 0.1},
        earlier={"as of old": {"mills": old}},
        bands={"mills": band},
        band_words="doubt",
        marks={"once": 0.7},
        title="t",
    )
    lines = [line for line in ax.lines if len(line.get_xdata()) and line.get_linestyle() != ":"]
    drawn = [(list(x.get_xdata()), colour(x), x.get_linestyle()) for x in lines]
    assert drawn == [
        ([2000, 2001], QUALITATIVE[0], "-"),
        ([2000, 2001], QUALITATIVE[1], "-"),
        ([1998, 1999], QUALITATIVE[0], "--"),
    ]
    corners = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (corners.min(), corners.max()) == (0.4, 0.7)
    assert [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == ":"] == [0.7]
    assert [t.get_text() for t in ax.texts] == ["70% once"]
    assert legend_words(ax) == ["mills", "shops", "as of old", "doubt"]
    assert ax.get_title(loc="left") == "t"


def test_bars_stack_and_write_numbers_that_fit():
    rows = pd.MultiIndex.from_tuples([("mills", 2000), ("mills", 2019), ("shops", 2000)])
    table = pd.DataFrame(
        {"coast": [0.7, 0.6, 0.955], "inland": [0.3, 0.39, 0.03], "islands": [0, 0.01, 0.015]}, rows
    )
    ax = plot.part_bars(table)
    widths = np.array([bar.get_width() for bar in ax.patches]).reshape(3, 3)
    np.testing.assert_allclose(widths.T, table.to_numpy())
    starts = np.array([bar.get_x() for bar in ax.patches]).reshape(3, 3)
    np.testing.assert_allclose(starts.T, table.cumsum(axis=1).to_numpy() - table.to_numpy())
    words = [t.get_text() for t in ax.texts]
    # 3 % has room for no decimal, 1.5 % for no number at all
    assert sorted(words) == sorted(
        ["70.0%", "60.0%", "95.5%", "30.0%", "39.0%", "3%", "mills", "shops"]
    )
    assert [t.get_text() for t in ax.get_yticklabels()] == ["2000", "2019", "2000"]
    with pytest.raises(InputError, match="two index levels, block and row, not 1"):
        plot.part_bars(table.droplevel(0))
    with pytest.raises(InputError, match="negative parts do not stack"):
        plot.part_bars(-table)


def test_quadrants_have_a_marker_a_group_and_a_name_a_region():
    rates = pd.DataFrame(
        {"mix": [1.0, -1.0, 0.5, np.nan], "competitive": [-2.0, 2.0, 0.5, 1.0]}, list("abcd")
    )
    groups = pd.Series({"a": "west", "b": "east"})
    ax = plot.growth_quadrants(rates, groups=groups, names=pd.Series({"a": "Anna"}))
    assert legend_words(ax) == ["west", "east", "outside", "grew as all together"]
    assert [len(c.get_offsets()) for c in ax.collections] == [1, 1, 1]
    assert {t.get_text() for t in ax.texts} == {"Anna", "b", "c"}  # d has no value
    line = next(line for line in ax.lines if line.get_label() == "grew as all together")
    assert (line.get_xdata() + np.array(line.get_ydata()) == 0).all()
    with pytest.raises(InputError, match="no column 'mix'"):
        plot.growth_quadrants(rates.drop(columns="mix"))


@pytest.fixture
def panel():
    rows = pd.MultiIndex.from_product([list("abcd"), [2000, 2010]], names=["code", "year"])
    return pd.DataFrame(
        {
            "farms": [1.0, 1.0, 1.0, 2.0, 3.0, 2.0, 2.0, 4.0],
            "mills": [1.0, 2.0, 3.0, 6.0, 4.0, 9.0, 7.0, 5.0],
            "zone": [z for z in "wwee" for _ in range(2)],
        },
        index=rows,
    ).assign(y=lambda t: t["farms"] + t["mills"])


def test_parts_of_the_gini_reach_its_value(panel):
    result = sr.disparity.decompose_gini(panel, per_head="y", population=None, by="zone")
    ax = plot.gini_parts(result)
    ginis = [sr.gini(panel["y"].xs(year, level="year")) for year in (2000, 2010)]
    line = next(line for line in ax.lines if line.get_label() == "Gini")
    assert line.get_ydata().tolist() == pytest.approx(ginis)
    top = max(c.get_paths()[0].vertices[:, 1].max() for c in ax.collections)
    assert top == pytest.approx(max(ginis))
    assert legend_words(ax)[-1] == "net between groups"  # at the bottom, as it is drawn
    one = panel.xs(2000, level="year")
    with pytest.raises(InputError, match="one year has no time to draw"):
        plot.gini_parts(sr.disparity.decompose_gini(one, per_head="y", population=None, by="zone"))


def test_sources_have_a_colour_and_methods_a_line(panel):
    results = {
        method: sr.disparity.decompose_sources(
            panel, sources=["farms", "mills"], population=None, method=method
        )
        for method in ("natural", "shapley")
    }
    ax = plot.source_lines(results, names={"farms": "farming"})
    drawn = [line for line in ax.lines if list(line.get_xdata()) == [2000, 2010]]
    assert [(colour(x), x.get_linestyle()) for x in drawn] == [
        (shade, style) for style in ("-", "--") for shade in QUALITATIVE[:2]
    ]
    for pair in (drawn[:2], drawn[2:]):
        assert sum(x.get_ydata() for x in pair) == pytest.approx([1, 1])
    assert legend_words(ax) == ["farming", "mills", "natural", "shapley"]
    one = panel.xs(2000, level="year")
    with pytest.raises(InputError, match="'x' is of one year, with no time to draw"):
        plot.source_lines(
            {"x": sr.disparity.decompose_sources(one, sources=["farms", "mills"], population=None)}
        )
