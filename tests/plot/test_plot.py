"""Figures: what is drawn can be read back from the axes."""

from __future__ import annotations

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from shapely import LineString, Point, Polygon, box

import spatialreg as sr
from spatialreg import plot
from spatialreg._results import Decomposition, LocalResult
from spatialreg.errors import InputError
from spatialreg.plot import _axes, _fonts


@pytest.fixture
def regions():
    squares = [box(i % 3, i // 3, i % 3 + 1, i // 3 + 1) for i in range(9)]
    values = [1.0, 2, 3, 4, 5, 6, 7, 8, np.nan]
    return gpd.GeoDataFrame(
        {"value": values, "name": [f"r{i}" for i in range(9)], "kind": list("aabbccaab")},
        geometry=squares,
        index=[f"c{i}" for i in range(9)],
        crs=4326,
    )


def legend_words(ax: Axes) -> list[str]:
    return [t.get_text() for t in ax.get_legend().get_texts()]


def faces(ax: Axes) -> list[str]:
    colours = ax.collections[0].get_facecolor()
    return [mpl.colors.to_hex(c) for c in colours]


def test_choropleth_classes_and_missing(regions):
    ax = plot.choropleth(regions, "value", k=4, label="name", title="t", legend="unit")
    words = legend_words(ax)
    assert len(words) == 5 and words[-1] == "No data"
    # quartiles of 1..8 by hand: two regions a class, the last without data
    colours = faces(ax)
    assert len(set(colours[:8])) == 4 and colours[0] == colours[1] != colours[2]
    assert colours[8] == "#d3d3d3"
    assert {t.get_text() for t in ax.texts} == set(regions["name"])


def test_user_breaks(regions):
    ax = plot.choropleth(regions, "value", breaks=[2, 8])
    assert len(legend_words(ax)) == 3


def test_categories_count_in_the_legend(regions):
    words = legend_words(plot.categories(regions, "kind"))
    assert words == ["a (4)", "b (3)", "c (2)"]


def local_result() -> LocalResult:
    frame = pd.DataFrame(
        {
            "y": [1.0, 2.0, 3.0, 4.0],
            "lag": [2.0, 2.0, 3.0, 3.0],
            "cluster": ["High-High", "Not significant", "Low-Low", "Isolate"],
        },
        index=["c0", "c1", "c2", "c3"],
    )
    return LocalResult(
        name="local Moran's I", alternative="two-sided", permutations=99, alpha=0.05,
        correction=None, cut_off=0.04, n=4, isolates=1, missing=0, frame=frame,
    )  # fmt: skip


def test_lisa_map_says_no_data_beyond_the_result(regions):
    words = legend_words(plot.lisa_map(regions, local_result()))
    assert "High-High (1)" in words and "No data (5)" in words


def test_moran_scatter_slope():
    ax = plot.moran_scatter(local_result())
    # by hand: z = (-1.5, -.5, .5, 1.5), lag - mean = (-.5, -.5, .5, .5); 2 / 5 = 0.4
    assert any("slope 0.400" in t.get_text() for t in ax.texts)


def test_decomposition_stacks_to_the_total():
    frame = pd.DataFrame(
        [
            (2000, "g", "all", "between", 0.2),
            (2000, "code", "all", "within", 0.3),
            (2000, "code", "x", "within", 0.1),
            (2000, "code", "y", "within", 0.2),
        ],
        columns=["year", "level", "group", "component", "value"],
    )
    ax = plot.decomposition(Decomposition("Theil T: words", ("g",), None, frame))
    assert max(p.get_y() + p.get_height() for p in ax.patches) == pytest.approx(0.5)
    with pytest.raises(InputError, match="one year"):
        one = Decomposition("T", ("g",), 0.5, frame.drop(columns="year"))
        plot.decomposition(one)


def test_the_south_china_sea_gets_an_inset():
    china = gpd.GeoDataFrame(
        geometry=[box(75, 20, 130, 52), box(110, 4, 116, 10)], index=["a", "b"], crs=4326
    )
    assert len(plot.categories(china.assign(k="x"), "k").child_axes) == 1
    mainland = china.iloc[[0]]
    assert len(plot.categories(mainland.assign(k="x"), "k").child_axes) == 0


def test_the_outline_is_drawn_in_frame_and_inset():
    china = gpd.GeoDataFrame(
        {"k": ["x", "y"]}, geometry=[box(75, 20, 130, 52), box(110, 4, 116, 10)], crs=4326
    )
    lines = gpd.GeoDataFrame(geometry=[LineString([(118, 12), (119, 16)])], crs=4326)
    plain, completed = (plot.categories(china, "k", outline=o) for o in (None, lines))
    for one, two in ((plain, completed), (plain.child_axes[0], completed.child_axes[0])):
        assert len(two.collections) == len(one.collections) + 1


def test_side_by_side_draws_both_in_the_place_of_one(regions):
    reached = pd.Series([True, False] * 4, regions.index[:8])
    left = plot.side_by_side(
        regions, regions["value"], reached, titles=("value", "network"), title="both"
    )
    figure = left.get_figure()
    drawn = [ax for ax in figure.axes if ax.get_legend() is not None]
    assert [ax.get_title(loc="left") for ax in drawn] == ["value", "network"]
    assert legend_words(drawn[1]) == ["reached (4)", "not reached (4)", "No data (1)"]
    own = plot.figure(figsize=(10, 4))
    again = plot.side_by_side(regions, regions["value"], reached, ax=own)
    assert again.get_figure() is own.get_figure()


def test_borders_are_thinned_to_what_can_be_seen(monkeypatch):
    from shapely import get_num_coordinates

    from spatialreg.plot import _paint

    angles = np.linspace(0, 2 * np.pi, 5000)
    ring = np.column_stack([np.cos(angles), np.sin(angles)])
    discs = gpd.GeoDataFrame(
        {"value": [1.0, 2.0]},
        geometry=[Polygon(ring * 1e6), Polygon(ring * 1e6 + [3e6, 0])],
        crs=3857,
    )
    monkeypatch.setattr(_paint, "_VERTICES", 100)
    ax = plot.figure(figsize=(4, 4))
    thin = _paint.thinned(discs, ax)
    assert get_num_coordinates(thin.geometry).max() < 500
    # by less than a dot of 4 inches at 200 dots an inch, over 5,000 km
    assert (thin.area / discs.area - 1).abs().max() < 0.01
    monkeypatch.setattr(_paint, "_VERTICES", 100_000)
    assert _paint.thinned(discs, ax) is discs


def test_network_says_schematic(regions):
    lines = gpd.GeoDataFrame(
        {"nature": ["schematic"]}, geometry=[LineString([(0, 0), (2, 2)])], crs=4326
    )
    points = gpd.GeoDataFrame(geometry=[Point(1, 1)], crs=4326)
    words = legend_words(plot.network_map(regions, lines=lines, points=points))
    assert words == ["lines (1), schematic", "stations (1)"]


def test_charts_return_the_axes_given():
    years = pd.Series([0.2, 0.1], index=[2000, 2001])
    ax = plot.figure()
    assert plot.inequality_lines({"T": years}, marks={2000: "start"}, ax=ax) is ax
    curve = pd.DataFrame({"population_share": [0, 1.0], "value_share": [0, 1.0]})
    assert isinstance(plot.lorenz({"a": curve}), Axes)
    moran = pd.DataFrame(
        {"statistic": [0.3, 0.4], "expected": [-0.1, -0.1], "p_value": [0.2, 0.01]},
        index=[2000, 2001],
    )
    assert isinstance(plot.moran_lines({"a": moran}), Axes)
    dates = pd.Series([1, 5], index=pd.to_datetime(["2008-12-31", "2010-12-31"]))
    mark = (pd.Timestamp("2009-01-01"), "here")
    assert isinstance(plot.coverage_over_time({"a": dates}, mark=mark), Axes)
    frame = pd.DataFrame({"2000": [1.0, 2.0], "2019": [3.0, 4.0]}, index=["x", "y"])
    assert isinstance(plot.growth_bars(frame, ["2000", "2019"], xlabel="km"), Axes)


def test_settings_of_the_caller_stay(regions):
    before = mpl.rcParams.copy()
    plot.choropleth(regions, "value")
    assert dict(mpl.rcParams) == dict(before)


def test_what_the_first_figure_sets_stays():
    """A notebook's backend turns interactive mode on as it is loaded, which is by a figure."""
    before = dict(mpl.rcParams)
    was = mpl.is_interactive()
    try:
        _axes.styled(lambda: mpl.interactive(not was))()
        assert mpl.is_interactive() is not was
    finally:
        mpl.interactive(was)
    assert dict(mpl.rcParams) == before

    def fails():
        raise InputError("half-way")

    with pytest.raises(InputError):
        _axes.styled(fails)()
    assert dict(mpl.rcParams) == before


def test_the_legend_of_a_tall_map_stands_beside_it():
    def legend_and_map(height):
        regions = gpd.GeoDataFrame(
            {"y": [1.0, 2.0]}, geometry=[box(0, 0, 1, 1), box(0, 1, 1, height)], crs=4326
        )
        ax = plot.choropleth(regions, "y", legend="a legend")
        ax.figure.canvas.draw()
        place = ax.transData.transform(
            [(low, high) for low, high in zip(ax.dataLim.min, ax.dataLim.max, strict=True)]
        )
        return ax.get_legend().get_window_extent(), place[0, 1]

    # the middle of the legend is right of the map's eastern border only where the map is tall
    tall, east = legend_and_map(3)
    assert tall.x0 >= east
    wide, east = legend_and_map(1.1)
    assert wide.x0 < east


def test_chinese_is_left_out_without_a_font(regions, monkeypatch):
    monkeypatch.setattr(_axes, "chinese_font", lambda: None)
    ax = plot.choropleth(regions.assign(name="辽宁"), "value", label="name", title="人均")
    assert not ax.texts and ax.get_title(loc="left") == ""


@pytest.mark.skipif(_fonts.chinese_font() is None, reason="no font with Chinese is installed")
def test_chinese_has_glyphs(regions, recwarn):
    ax = plot.choropleth(regions.assign(name="辽宁"), "value", label="name", title="人均")
    ax.figure.canvas.draw()
    assert not [w for w in recwarn if "Glyph" in str(w.message)]
    assert ax.texts[0].get_text() == "辽宁"


def test_unknown_column_is_named(regions):
    with pytest.raises(InputError, match="no column 'gdp'"):
        sr.plot.choropleth(regions, "gdp")


def test_words_of_neighbouring_years_stand_below_one_another():
    series = {"a": pd.Series([1.0, 2.0], index=[2000, 2020])}
    marks = {2004: "new trend", 2012: "new trend", 2005: "new trend"}
    ax = plot.inequality_lines(series, marks=marks)
    heights = {int(t.xy[0]): t.get_position()[1] for t in ax.texts}
    assert heights[2005] < heights[2004] == heights[2012]
