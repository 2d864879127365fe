"""Figures of a composite index: ranks with intervals, profiles of scores, spread, coordination."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from .._align import require_columns
from .._palettes import GRADE_COLOURS, QUALITATIVE
from ..errors import InputError
from ._axes import axes, legend_beside, name_of, styled, text, titled

_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_TENTH = 0.1
_ALL = "all regions"
_RANGE = {"highest": "--", "lowest": ":"}


@styled
def rank_intervals(
    frame: pd.DataFrame,
    *,
    names: pd.Series | None = None,
    groups: pd.Series | None = None,
    xlabel: str = "rank",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the rank of each region as a dot on the interval of its ranks, the first on top.

    Parameters
    ----------
    frame : DataFrame
        A row a region with ``rank``, ``low`` and ``high``, as one year of the frame of
        :func:`spatialreg.disparity.rank_sensitivity`. Regions without a rank are left out.
    names : Series
        Names by region; the codes where it has none.
    groups : Series
        Group by region, in colours, in the order of the categories where it is categorical;
        regions without one are grey.
    xlabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> ranks = pd.DataFrame({"rank": [1, 2], "low": [1, 1], "high": [2, 2]}, index=["a", "b"])
    >>> ax = sr.plot.rank_intervals(ranks)
    """
    require_columns(frame, ["rank", "low", "high"], "the frame")
    ordered = frame.sort_index().dropna(subset="rank").sort_values("rank", kind="stable")
    ax = axes(ax, figsize=(6.8, 1.4 + 0.2 * len(ordered)))
    colours, handles = _group_colours(ordered.index, groups)
    at = np.arange(len(ordered))
    ax.hlines(at, ordered["low"], ordered["high"], color=colours, lw=4.2, alpha=0.35)
    ax.scatter(ordered["rank"], at, color=colours, s=26, zorder=3)
    _rows(ax, ordered.index, names)
    ax.set_xlim(0.3, max(float(ordered[["rank", "high"]].max().max()), 1.0) + 0.7)
    # 1, 5, 10, ...: there is no rank 0
    ax.set_xticks([1, *range(5, int(ax.get_xlim()[1]) + 1, 5 * (1 + len(ordered) // 50))])
    ax.set_xlabel(xlabel)
    _legend(ax, handles)
    return titled(ax, title)


@styled
def score_profiles(
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    whole: str | None = None,
    names: pd.Series | None = None,
    xlabel: str = "score",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the scores of each region as dots on one line, so that it shows what lags behind.

    Parameters
    ----------
    frame : DataFrame
        A row a region.
    columns : sequence of str
        Scores to draw, a colour and a marker each.
    whole : str
        Column of the index; regions are ordered by it, the highest on top, and it is drawn as a
        black bar. Without it the mean of `columns` gives the order.
    names : Series
        Names by region; the codes where it has none.
    xlabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> scores = pd.DataFrame({"roads": [0.2, 0.6], "schools": [0.8, 0.4]}, index=["a", "b"])
    >>> ax = sr.plot.score_profiles(scores, ["roads", "schools"])
    """
    columns = list(columns)
    require_columns(frame, [*columns, *([whole] if whole else [])], "the frame")
    order = frame[whole] if whole else frame[columns].mean(axis=1)
    ordered = frame.loc[order.sort_index().dropna().sort_values(ascending=False).index]
    ax = axes(ax, figsize=(7.4, 1.4 + 0.2 * len(ordered)))
    at = np.arange(len(ordered))
    scores = ordered[columns]
    ax.hlines(at, scores.min(axis=1), scores.max(axis=1), color="#cfcfcf", lw=1.6, zorder=1)
    for i, column in enumerate(columns):
        ax.scatter(
            ordered[column], at, s=24, marker=_MARKERS[i % len(_MARKERS)], label=text(column),
            color=QUALITATIVE[i % len(QUALITATIVE)], zorder=3,
        )  # fmt: skip
    if whole:
        ax.scatter(ordered[whole], at, s=60, marker="|", color="black", lw=1.8, label=text(whole))
    _rows(ax, ordered.index, names)
    ax.set_xlabel(xlabel)
    legend_beside(ax)
    return titled(ax, title)


@styled
def coordination_lines(
    frame: pd.DataFrame,
    *,
    ylabel: str = "coordination D",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw coupling coordination by year, a line a column, over the classes of its degree.

    Parameters
    ----------
    frame : DataFrame
        Index year; columns with values of D from 0 to 1: groups, or quantiles of regions. Columns
        ``lowest`` and ``highest`` are drawn as the range of regions, ``all regions`` in black.
    ylabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        There is no value, or a value is not from 0 to 1.

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> means = pd.DataFrame({"East": [0.55, 0.62], "West": [0.48, 0.52]}, index=[2000, 2010])
    >>> ax = sr.plot.coordination_lines(means)
    """
    frame = frame.sort_index()
    values = frame.to_numpy(dtype=float)
    known = values[~np.isnan(values)]
    if not len(known) or known.min() < 0 or known.max() > 1:
        raise InputError("coordination must be from 0 to 1, with a value at least: pass D by year")
    ax = axes(ax, figsize=(7.8, 5.0))
    bottom = max(0.0, np.floor((known.min() - 0.02) / _TENTH) * _TENTH)
    top = min(1.0, np.ceil((known.max() + 0.02) / _TENTH) * _TENTH)
    for i, (grade, colour) in enumerate(GRADE_COLOURS.items()):
        if i * _TENTH < bottom - 1e-9 or i * _TENTH > top - 1e-9:
            continue
        ax.axhspan(i * _TENTH, (i + 1) * _TENTH, color=colour, alpha=0.28, lw=0)
        ax.annotate(
            grade, (1.01, (i + 0.5) * _TENTH), xycoords=("axes fraction", "data"), va="center",
            fontsize=8, color="#444444", annotation_clip=False,
        )  # fmt: skip
    groups = [column for column in frame.columns if column not in (*_RANGE, _ALL)]
    for column in [c for c in frame.columns if c not in _RANGE]:
        i = len(groups) if column == _ALL else groups.index(column)
        ax.plot(
            frame.index, frame[column], lw=1.8, marker=_MARKERS[i % len(_MARKERS)], ms=4.5,
            color="black" if column == _ALL else QUALITATIVE[i % len(QUALITATIVE)],
            label=text(str(column)),
        )  # fmt: skip
    for column, dash in _RANGE.items():
        if column in frame.columns:
            ax.plot(
                frame.index, frame[column], lw=1.2, ls=dash, color="#555555",
                label=f"{column} region",
            )  # fmt: skip
    ax.set_ylim(bottom, top)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(visible=False)
    ax.set_ylabel(ylabel)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncol=4)
    return titled(ax, title)


def _rows(ax: Axes, index: pd.Index, names: pd.Series | None) -> None:
    labels = [text(name_of(label, names)) for label in index]
    ax.set_yticks(np.arange(len(index)), labels, fontsize=7.5)
    ax.set_ylim(len(index) - 0.4, -0.6)
    ax.grid(axis="y", visible=False)


def _group_colours(index: pd.Index, groups: pd.Series | None) -> tuple[list[str], list[Line2D]]:
    if groups is None:
        return [QUALITATIVE[0]] * len(index), []
    of = groups.reindex(index)
    known = sorted(of.dropna().unique(), key=str)
    if isinstance(of.dtype, pd.CategoricalDtype):  # the caller's order
        known = [group for group in of.cat.categories if group in known]
    shades = {group: QUALITATIVE[i % len(QUALITATIVE)] for i, group in enumerate(known)}
    handles = [
        Line2D([], [], ls="none", marker="o", color=colour, label=text(str(group)))
        for group, colour in shades.items()
    ]
    return [shades.get(group, "#888888") for group in of], handles


def _legend(ax: Axes, handles: list[Line2D]) -> None:
    if handles:
        ax.legend(handles=handles, loc="lower left")
