"""Figures of gaps: what is drawn is what was given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.errors import InputError


def frame(value, low, high):
    return pd.DataFrame({"value": value, "low": low, "high": high}, index=[2000, 2010])


def test_bands_reach_their_bounds_and_stay_in_view():
    ax = sr.plot.interval_lines(
        {"a": frame([0.3, 0.2], [0.2, 0.1], [0.9, 0.3])}, interval="95 % interval"
    )
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (0.1, 0.9)
    assert ax.get_ylim()[0] == 0 and ax.get_ylim()[1] > 0.9
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a", "95 % interval"]


def test_more_than_two_lines_have_bars_at_their_ends():
    series = {name: frame([0.3, 0.2], [0.2, 0.1], [0.4, 0.3]) for name in "abc"}
    ax = sr.plot.interval_lines(series)
    assert ax.get_legend().get_title().get_text() == "bars: interval"
    segments = [path for lines in ax.collections for path in lines.get_segments()]
    assert len(segments) == 6
    # each beside the others
    assert len({segment[0][0] for segment in segments}) == 6
    assert sorted({tuple(segment[:, 1]) for segment in segments}) == [(0.1, 0.3), (0.2, 0.4)]


@pytest.mark.parametrize(("years", "bars"), [(8, 8), (9, 2)])
def test_few_years_have_a_bar_each(years, bars):
    value = pd.DataFrame({"value": 0.3, "low": 0.2, "high": 0.4}, index=range(2000, 2000 + years))
    ax = sr.plot.interval_lines(dict.fromkeys("abc", value))
    assert [len(lines.get_segments()) for lines in ax.collections] == [bars] * 3


def test_without_bounds_it_is_a_line():
    ax = sr.plot.interval_lines({"a": frame([0.3, 0.2], np.nan, np.nan)})
    assert not ax.collections
    assert ax.get_legend().get_title().get_text() == ""


def test_the_spread_goes_from_the_lowest_to_the_highest():
    rows = [
        (c, y, v + (y - 2000))
        for y in (2000, 2001)
        for c, v in zip("abcde", range(1, 6), strict=True)
    ]
    panel = sr.to_panel(pd.DataFrame(rows, columns=["code", "year", "ratio"]))
    total = pd.Series([3.5, 4.5], index=[2000, 2001])
    names = pd.Series({"a": "Low", "e": "High"})
    ax = sr.plot.spread_over_time(panel["ratio"], total=total, names=names, title="Ratio")
    outer, inner = (c.get_paths()[0].vertices[:, 1] for c in ax.collections)
    assert (outer.min(), outer.max()) == (1, 6)
    # quartiles of 1..5 and of 2..6
    assert (inner.min(), inner.max()) == (2, 5)
    median, whole = (line.get_ydata().tolist() for line in ax.lines)
    assert median == [3, 4] and whole == [3.5, 4.5]
    words = {text.get_text() for text in ax.texts}
    assert {"High 6.00", "Low 2.00", "3.50", "4.50"} <= words


def test_what_cannot_be_drawn_says_so():
    empty = pd.DataFrame({"code": ["a"], "year": [2000], "ratio": [np.nan]})
    with pytest.raises(InputError, match="no value to draw"):
        sr.plot.spread_over_time(sr.to_panel(empty)["ratio"])
    with pytest.raises(InputError, match="code and year"):
        sr.plot.spread_over_time(pd.Series([1.0]))
    with pytest.raises(InputError, match="low"):
        sr.plot.interval_lines({"a": pd.DataFrame({"value": [1.0]})})
