"""Figures of convergence: what is drawn can be read back from the axes."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity, plot
from spatialreg._palettes import club_colours
from spatialreg.errors import InputError


@pytest.fixture(scope="module")
def incomes():
    return sr.datasets.us_incomes()


@pytest.fixture(scope="module")
def names():
    return sr.datasets.us_states()["name"]


def words_of(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


def test_sigma_is_filled_where_it_left_the_first_year():
    frame = pd.DataFrame(
        {"sigma": [0.5, 0.4, 0.3], "cv": [0.6, 0.5, 0.4], "p_value": [np.nan, 0.2, 0.01]},
        index=[2000, 2001, 2002],
    )
    ax = plot.sigma_lines({"x": frame}, marks={2001: "reform"}, title="t")
    filled = [
        line.get_xdata().tolist()
        for line in ax.lines
        if line.get_marker() == "o" and line.get_markerfacecolor() != "white"
    ]
    assert [2002] in filled and [2000, 2001] not in filled
    solid = next(line for line in ax.lines if line.get_label() == "sigma, x")
    assert solid.get_ydata().tolist() == [0.5, 0.4, 0.3]
    assert "reform" in [t.get_text() for t in ax.texts]
    assert ax.get_ylim()[0] == 0
    with pytest.raises(InputError, match="no column 'cv'"):
        plot.sigma_lines({"x": frame.drop(columns="cv")})


def test_scatter_draws_the_line_of_least_squares(incomes, names):
    result = sr.beta_convergence(incomes, value="income")
    ax = plot.convergence_scatter(result, names=names, xlabel="income")
    x, y = ax.collections[0].get_offsets().T
    table = np.log(incomes["income"].unstack())
    np.testing.assert_allclose(np.sort(x), np.sort(np.exp(table[1929])), rtol=1e-10)
    growth = (table[2009] - table[1929]) / 80
    np.testing.assert_allclose(np.sort(y), np.sort(growth), rtol=1e-9)
    slope, constant = np.polyfit(table[1929], (table[2009] - table[1929]) / 80, 1)
    ends = np.array(ax.lines[0].get_data())
    np.testing.assert_allclose(ends[1], constant + slope * np.log(ends[0]), rtol=1e-9)
    assert "half-life 42 years" in words_of(ax)[1]
    written = [t.get_text() for t in ax.texts]
    assert set(written) <= set(names) and len(written) > 20
    # the state farthest from the line is written first, and so has room
    assert written[0] == names[result.residuals.abs().idxmax()]


def test_names_hide_neither_dots_nor_one_another(incomes, names):
    ax = plot.convergence_scatter(sr.beta_convergence(incomes, value="income"), names=names)
    ax.figure.canvas.draw()
    boxes = [t.get_window_extent() for t in ax.texts]
    dots = ax.transData.transform(ax.collections[0].get_offsets())
    # the estimate of a name's width is a little off: its inner half must be free
    inner = [b.expanded(0.6, 0.6) for b in boxes]
    assert not any(a.overlaps(b) for i, a in enumerate(inner) for b in inner[i + 1 :])
    assert not any(box.contains(*dot) for box in inner for dot in dots)


def test_scatter_refuses_what_has_no_one_line(incomes):
    with pytest.raises(InputError, match="over 8 periods"):
        plot.convergence_scatter(sr.beta_convergence(incomes, value="income", step=10))


def test_speeds_a_row_a_model():
    rows = pd.MultiIndex.from_tuples([("1990-2000", "a"), ("1990-2000", "b"), ("later", "a")])
    frame = pd.DataFrame(
        {"speed": [0.02, 0.01, np.nan], "low": [0.01, -0.01, np.nan],
         "high": [0.03, 0.03, np.nan], "chosen": [True, False, False]},
        index=rows,
    )  # fmt: skip
    ax = plot.convergence_speeds(frame, title="t")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b", "a"]
    assert [t.get_text() for t in ax.texts] == ["1990-2000", "later", " no estimate"]
    intervals = [line.get_xdata() for line in ax.lines if len(line.get_xdata()) == 2][:2]
    np.testing.assert_allclose(intervals, [[0.01, 0.03], [-0.01, 0.03]])
    faces = [line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "o"]
    assert faces[0] != "white" and faces[1] == "white"
    with pytest.raises(InputError, match=r"indexed by \(group, model\)"):
        plot.convergence_speeds(frame.droplevel(0))


@pytest.fixture(scope="module")
def clubs():
    years = np.arange(1990, 2020)
    paths = {
        code: goal + gap * 0.5 ** ((years - 1990) / 8)
        for code, goal, gap in [
            ("a", 9.5, 0.3), ("b", 9.5, 0.1), ("c", 9.5, -0.3),
            ("d", 8.5, 0.2), ("e", 8.5, -0.1), ("f", 8.5, -0.3),
        ]
    }  # fmt: skip
    long = pd.DataFrame(paths, index=years).melt(
        var_name="code", value_name="y", ignore_index=False
    )
    panel = sr.to_panel(long.reset_index(names="year"))
    return sr.club_convergence(panel, value="y", log=False, filter=None)


def test_paths_have_the_colours_of_their_clubs(clubs):
    ax = plot.transition_paths(clubs, names=pd.Series({c: c.upper() for c in "abcdef"}))
    colours = club_colours(clubs.frame["club"])
    thin = [line for line in ax.lines if line.get_linewidth() == 0.7]
    assert len(thin) == 6
    for line, code in zip(thin, "abcdef", strict=True):
        np.testing.assert_allclose(line.get_ydata(), clubs.paths.loc[code])
        assert line.get_color() == colours["1" if code in "abc" else "2"]
    thick = next(line for line in ax.lines if line.get_label().startswith("club 2 (3)"))
    np.testing.assert_allclose(thick.get_ydata(), clubs.paths.loc[list("def")].mean())
    ends = [t for t in ax.texts if len(t.get_text()) == 1]
    order = clubs.paths.iloc[:, -1].sort_values(ascending=False).index.str.upper()
    assert [t.get_text() for t in ends] == list(order)
    ax.figure.canvas.draw()
    places = [t.get_position()[1] for t in ends]
    assert all(np.diff(places) < 0)
    assert ax.get_ylabel() == "value over the mean of the regions"


def test_club_colours_by_number_and_divergent_last():
    colours = club_colours(["10", "2", "divergent", np.nan, "1", "2"])
    assert list(colours) == ["1", "2", "10", "divergent"]
    assert len(set(colours.values())) == 4


def test_densities_the_last_year_on_top(incomes):
    curves = disparity.densities(incomes, value="income", years=[1929, 1969, 2009])
    ax = plot.density_lines(curves)
    assert words_of(ax) == ["1929", "1969", "2009"]
    np.testing.assert_allclose(ax.lines[2].get_ydata(), curves[2009])
    assert ax.lines[2].get_linestyle() == "-"
    shades = [sum(mpl.colors.to_rgb(line.get_color())) for line in ax.lines]
    assert shades == sorted(shades, reverse=True)  # the later the darker


def test_ranks_are_lines_from_the_first_year_to_the_last():
    wide = {"a": [4.0, 1.0], "b": [3.0, 3.0], "c": [2.0, 2.0], "d": [1.0, 4.0]}
    panel = sr.to_panel(
        pd.DataFrame(
            [
                {"code": code, "year": 2000 + i, "x": x}
                for code, values in wide.items()
                for i, x in enumerate(values)
            ]
        )
    )
    result = disparity.rank_mobility(panel, value="x")
    ax = plot.rank_slopes(result, names=pd.Series({"a": "Anna"}), title="t")
    lines = {tuple(line.get_ydata()): line for line in ax.lines if len(line.get_ydata()) == 2}
    assert set(lines) == {(1, 4), (2, 2), (3, 3), (4, 1)}
    assert lines[1, 4].get_linewidth() > lines[2, 2].get_linewidth()
    assert words_of(ax) == ["rose (1)", "fell (1)", "stayed (2)"]
    texts = [t.get_text() for t in ax.texts]
    assert "Anna  1" in texts and "4  Anna" in texts and "b  2" in texts
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2000", "2001"]
