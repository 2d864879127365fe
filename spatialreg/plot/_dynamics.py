"""Figures of clubs and moves: paths of regions by club, shapes of the distribution, ranks.

Each takes what a measure of :mod:`spatialreg.disparity` gave and draws it on one pair of axes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from scipy.optimize import isotonic_regression

from .._palettes import QUALITATIVE, club_colours
from .._results import ClubResult, RankMobilityResult
from ._axes import axes, name_of, styled, text, titled

_HALO = [withStroke(linewidth=1.4, foreground="white")]


@styled
def transition_paths(
    result: ClubResult,
    *,
    names: pd.Series | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each region's path relative to the mean, in its club's colour, and the clubs' means.

    Parameters
    ----------
    result : ClubResult
        As :func:`spatialreg.club_convergence` gives it.
    names : Series
        Names by region, written at the right end where there is room.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import spatialreg as sr
    >>> result = sr.club_convergence(sr.datasets.us_incomes(), value="income")
    >>> ax = sr.plot.transition_paths(result)
    """
    club = result.frame["club"].reindex(result.paths.index)
    years = result.paths.columns.to_numpy()
    ax = axes(ax, figsize=(7.6, 5.4))
    for name, colour in club_colours(club).items():
        inside = result.paths[club == name]
        words = name if name == "divergent" else f"club {name}"
        ax.plot(years, inside.T.to_numpy(), color=colour, lw=0.7, alpha=0.5)
        ax.plot(
            years, inside.mean().to_numpy(), color=colour, lw=2.8, path_effects=_HALO, zorder=4,
            label=f"{words} ({len(inside)}), thick: its mean",
        )  # fmt: skip
    ax.axhline(1, color="#555555", lw=0.9, ls=":", zorder=1)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    smoothed = "" if result.parameters["filter"] is None else "smoothed "
    what = "logarithm" if result.parameters["log"] else "value"
    ax.set_ylabel(f"{smoothed}{what} over the mean of the regions")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.08), ncols=2, borderaxespad=0)
    if title:
        ax.set_title(text(title))
    if names is not None:
        last = result.paths.iloc[:, -1].sort_values(ascending=False)
        colours = club.map(club_colours(club)).to_dict()
        _write_ends(ax, last, names, years[-1], colours)
    return ax


@styled
def density_lines(
    frame: pd.DataFrame,
    *,
    xlabel: str = "value over the mean of its year",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the distribution between regions in each year, the later the darker.

    Parameters
    ----------
    frame : DataFrame
        As :func:`spatialreg.disparity.densities` gives it: a column a year.
    xlabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import spatialreg as sr
    >>> curves = sr.disparity.densities(
    ...     sr.datasets.us_incomes(), value="income", years=[1929, 2009])
    >>> ax = sr.plot.density_lines(curves)
    """
    ax = axes(ax)
    shades = colormaps["viridis_r"](np.linspace(0.25, 1.0, frame.shape[1]))
    styles = ("solid", (0, (5, 1.5)), (0, (1.5, 1.2)), "dashdot")
    # the last year is drawn as a full line, on top
    for i, (year, curve) in enumerate(frame.items()):
        back = frame.shape[1] - 1 - i
        ax.plot(
            frame.index, curve.to_numpy(), color=shades[i], lw=2.2 if back == 0 else 1.6,
            ls=styles[back % len(styles)], label=str(year),
        )  # fmt: skip
    ax.set_ylim(bottom=0)
    ax.set_xlabel(text(xlabel))
    ax.set_ylabel("density of regions")
    ax.legend(loc="upper right")
    return titled(ax, title)


@styled
def rank_slopes(
    result: RankMobilityResult,
    *,
    names: pd.Series | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each region's rank in the first year and in the last, and a line between them.

    Parameters
    ----------
    result : RankMobilityResult
        As :func:`spatialreg.disparity.rank_mobility` gives it.
    names : Series
        Names by region, written on both sides; the codes where it has none. Without it nothing is
        written.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import spatialreg as sr
    >>> result = sr.disparity.rank_mobility(sr.datasets.us_incomes(), value="income")
    >>> ax = sr.plot.rank_slopes(result)
    """
    frame = result.frame.dropna()
    ax = axes(ax, figsize=(5.6, 1.4 + 0.185 * max(len(frame), 12)))
    kinds = {
        "rose": (frame["change"] > 0, QUALITATIVE[0], "solid"),
        "fell": (frame["change"] < 0, QUALITATIVE[1], (0, (4, 1.4))),
        "stayed": (frame["change"] == 0, "#8c8c8c", "solid"),
    }
    widest = max(float(frame["change"].abs().max()), 1.0)
    for words, (inside, colour, style) in kinds.items():
        for first, last in frame.loc[inside, ["rank_first", "rank_last"]].to_numpy(dtype=float):
            ax.plot(
                [0, 1], [first, last], color=colour, ls=style,
                lw=0.8 + 1.8 * abs(last - first) / widest, marker="o", ms=3,
            )  # fmt: skip
        ax.plot([], [], color=colour, ls=style, lw=1.6, label=f"{words} ({inside.sum()})")
    if names is not None:
        for side, column, place, shift in (
            (0, "rank_first", "right", -6), (1, "rank_last", "left", 6),
        ):  # fmt: skip
            for rank, codes in frame.groupby(column).groups.items():
                words = ", ".join(text(name_of(code, names)) for code in codes)
                number = f"{rank:g}"
                label = f"{words}  {number}" if side == 0 else f"{number}  {words}"
                ax.annotate(
                    label, (side, float(str(rank))), xytext=(shift, 0), fontsize=7.5,
                    textcoords="offset points", ha=place, va="center",
                )  # fmt: skip
    ax.set_xlim(-0.6, 1.6)
    ax.set_ylim(len(frame) + 0.7, 0.3)
    ax.set_xticks([0, 1], [str(result.start), str(result.end)])
    ax.xaxis.tick_top()
    ax.set_yticks([])
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=3)
    return titled(ax, title)


def _write_ends(
    ax: Axes, last: pd.Series, names: pd.Series, year: float, colours: Mapping[Any, str]
) -> None:
    """Write names at the right end of paths, from the highest down, pushed apart."""
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    figure.canvas.draw()
    low, high = ax.get_ylim()
    points = ax.get_window_extent().height * 72 / figure.dpi
    step = (high - low) / points * 8.2
    ends, lines = last.to_numpy(dtype=float), step * np.arange(len(last))
    # as near to their ends as they can stand, each at least a line below the one above
    places = isotonic_regression(ends + lines, increasing=False).x - lines
    for (code, value), place in zip(last.items(), places, strict=True):
        words = text(name_of(code, names))
        if words:
            ax.annotate(
                words, (year, float(value)), xytext=(1.02, place), fontsize=7, va="center",
                textcoords=("axes fraction", "data"), color=colours[code], annotation_clip=False,
                arrowprops={"arrowstyle": "-", "lw": 0.4, "color": "#999999", "shrinkA": 0,
                            "shrinkB": 0, "relpos": (0, 0.5)},
            )  # fmt: skip
