"""Figures of a change of access: what is drawn where."""

from __future__ import annotations

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from shapely import box

from spatialreg import plot
from spatialreg._results import AttributionResult
from spatialreg.access import compare_access
from spatialreg.errors import AlignmentError, InputError

INF = float("inf")
BEFORE = pd.Series([60.0, 90, 240, INF, INF, 50, 80, 100], list("abcdefgh"))
AFTER = pd.Series([60.0, 95, 120, 300, INF, INF, 70, 80], list("abcdefgh"))
SQUARES = gpd.GeoDataFrame(
    index=list("hgfedcbaz"), geometry=[box(x, 10, x + 1, 11) for x in range(9)], crs=4326
)


def shades(ax):
    return [mpl.colors.to_hex(c) for c in ax.collections[0].get_facecolors()]


def legend(ax):
    return [label.get_text() for label in ax.get_legend().get_texts()]


def luminance(colour):
    """Give how dark a colour is, above zero for blue and below it for red."""
    red, green, blue = mpl.colors.to_rgb(colour)
    return np.sign(blue - red) * (3 - red - green - blue)


def test_better_is_blue_and_classes_are_alike_on_both_sides():
    result = compare_access(BEFORE, AFTER, better="less")
    ax = plot.access_change_map(SQUARES, result, breaks=[8, 15, 30], legend="min")
    colour = dict(zip(SQUARES.index, shades(ax), strict=True))
    assert luminance(colour["c"]) > luminance(colour["h"]) > luminance(colour["g"]) > 0
    assert luminance(colour["b"]) < 0
    assert colour["d"] == "#f0e442" and colour["f"] == "#1a1a1a" and colour["z"] == "#d3d3d3"
    assert legend(ax) == [
        "−30 to −120 (1)", "−15 to −30 (1)", "−8 to −15 (1)", "unchanged (1)",
        "up to +8 (1)", "newly reached (1)", "lost (1)", "never reached (1)", "no data (1)",
    ]  # fmt: skip


def test_more_may_be_better_and_begin_at_zero():
    before = pd.Series([0.0, 10, 20], list("abc"))
    result = compare_access(before, pd.Series([5.0, 11, 10], list("abc")), better="more")
    ax = plot.access_change_map(SQUARES.loc[list("abc")], result, column="percent", k=2)
    first, second, third = map(luminance, shades(ax))
    assert first > second > 0 > third
    assert legend(ax) == ["+30 to +inf % (1)", "up to +30 % (1)", "−30 to −50 % (1)"]
    with pytest.raises(AlignmentError, match="no region of the result"):
        plot.access_change_map(SQUARES.loc[["z"]], result)
    for wrong in ({"column": "rank"}, {"k": 0}, {"breaks": [2, 1]}, {"breaks": []}):
        with pytest.raises(InputError):
            plot.access_change_map(SQUARES, result, **wrong)


def attribution(error):
    lines = pd.Index(["x", "y", "z"], name="line")
    frame = pd.DataFrame(
        {"shapley": [-5.0, -20.0, 5.0], "standard_error": [error] * 3,
         "share": [0.25, 1.0, -0.25], "leave_one_out": [-2.0, -10.0, 5.0],
         "first_in": [-8.0, -30.0, 5.0]},
        index=lines,
    )  # fmt: skip
    by_region = pd.concat({"p": frame * 2, "q": frame * 0}, names=["region"]).swaplevel()
    changes = pd.DataFrame({"change": [-40.0, 0.0]}, index=["p", "q"])
    return AttributionResult(
        "", "both", tuple(lines), error == 0, 0, 8, -20.0, 0.0, "", frame,
        by_region.drop(columns="share"), changes, pd.DataFrame(),
    )  # fmt: skip


def test_bars_stand_by_size_with_their_marks():
    ax = plot.attribution_bars(attribution(1.0), names=pd.Series({"y": "Why"}), title="t")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Why", "x", "z"]
    assert [bar.get_width() for bar in ax.patches] == [-20, -5, 5]
    assert legend(ax) == ["Shapley", "0.95 interval", "left out alone", "added alone"]
    spans = ax.collections[0].get_segments()
    np.testing.assert_allclose(spans[0][:, 0], [-21.959964, -18.040036])
    marks = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() in "Do"]
    assert marks[-2:] == [[-10, -2, 5], [-30, -8, 5]]


def test_bars_of_one_region_and_of_few_lines():
    ax = plot.attribution_bars(attribution(0.0), region="p", most=1)
    assert [bar.get_width() for bar in ax.patches] == [-40]
    assert legend(ax) == ["Shapley", "left out alone", "added alone"]
    for wrong in ({"region": "r"}, {"most": 0}, {"ci": 1}):
        with pytest.raises(InputError):
            plot.attribution_bars(attribution(0.0), **wrong)


def test_arrows_from_before_to_after():
    result = compare_access(BEFORE, AFTER, better="less", measures=["gini", "cv"])
    ax = plot.inequality_arrows(result, times=("2008", "2021"))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2008", "2021"]
    ends = [line.get_ydata().tolist() for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(ends, result.inequality[["before", "after"]])
    assert ax.lines[0].get_color() == "#0072b2"  # the worst-off gained: inequality fell
    assert len(plot.inequality_arrows(result, measures=["cv"]).texts) == 3
    with pytest.raises(InputError, match="'theil'"):
        plot.inequality_arrows(result, measures=["theil"])
    bare = compare_access(BEFORE, AFTER, better="less", measures=())
    with pytest.raises(InputError, match="none"):
        plot.inequality_arrows(bare)
