"""Figures of gaps: measures by year with their intervals, and the spread of regions by year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from .._align import require_columns, require_panel
from .._palettes import QUALITATIVE
from ..errors import InputError
from ._axes import axes, name_of, styled, text, titled
from ._charts import inequality_lines

_BARS = 8  # years that all have a bar


@styled
def interval_lines(
    series: Mapping[str, pd.DataFrame],
    *,
    interval: str = "interval",
    ylabel: str = "index",
    title: str | None = None,
    marks: Mapping[int, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw measures by year with their intervals, one line each.

    Up to two lines have a band; where there are more, bands would hide one another, and each line
    has bars: at every year up to eight of them, else at the first and the last.

    Parameters
    ----------
    series : mapping of str to DataFrame
        Name to a frame indexed by year with ``value``, ``low`` and ``high``; a bound that is NaN
        is not drawn.
    interval : str
        What the bands or bars are, for the legend: ``"95 % interval"``.
    ylabel, title : str
    marks : mapping of int to str
        Years to mark with a vertical line and a word.
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> gini = pd.DataFrame({"value": [0.3, 0.2], "low": [0.2, 0.1], "high": [0.4, 0.3]},
    ...     index=[2000, 2010])
    >>> ax = sr.plot.interval_lines({"Gini": gini}, interval="95 % interval")
    """
    for name, frame in series.items():
        require_columns(frame, ["value", "low", "high"], f"the series {name!r}")
    known = {name: frame.dropna(subset=["low", "high"]) for name, frame in series.items()}
    known = {name: frame for name, frame in known.items() if len(frame)}
    banded = len(series) <= 2
    ax = inequality_lines(
        {name: frame["value"] for name, frame in series.items()},
        ylabel=ylabel,
        title=title,
        marks=marks,
        bands=known if banded else None,
        ax=axes(ax),
    )
    legend = ax.get_legend()
    if not known or legend is None:
        return ax
    if banded:
        next(t for t in legend.get_texts() if t.get_text() == "interval").set_text(interval)
    else:
        _bars(ax, known, list(series))
        legend.set_title(f"bars: {interval}")
        legend.get_title().set_fontsize(8)
    highest = max(float(frame[["value", "high"]].max().max()) for frame in series.values())
    ax.set_ylim(0, 1.03 * highest)
    return ax


def _bars(ax: Axes, known: Mapping[str, pd.DataFrame], names: list[str]) -> None:
    """Draw intervals beside their years: of all where these are few, else of the ends."""
    for name, frame in known.items():
        bounds = frame if len(frame) <= _BARS else frame.iloc[[0, -1]]
        place = names.index(name)
        aside = np.full(len(bounds), 0.012 * (frame.index[-1] - frame.index[0]) * (place + 1))
        aside[0] *= -1  # outside the lines
        colour = QUALITATIVE[place % len(QUALITATIVE)]
        at = bounds.index.to_numpy(dtype=float) + aside
        ax.vlines(at, bounds["low"], bounds["high"], color=colour, lw=1.6)


@styled
def spread_over_time(
    values: pd.Series,
    *,
    total: pd.Series | None = None,
    names: pd.Series | None = None,
    ylabel: str = "",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw where the regions lie by year: from lowest to highest, the middle half, the median.

    Parameters
    ----------
    values : Series
        Of a panel, indexed (``code``, ``year``); NaN is left out.
    total : Series
        The value of all regions together, indexed by year, drawn as a line of its own.
    names : Series
        Names by region; the lowest and the highest of the last year are named.
    ylabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        There is no value to draw.

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({"code": ["a", "b"] * 2, "year": [1, 1, 2, 2],
    ...     "ratio": [2.0, 3.0, 1.5, 2.0]}))
    >>> ax = sr.plot.spread_over_time(panel["ratio"], ylabel="town over country")
    """
    require_panel(values, "values")
    known = values.dropna()
    if known.empty:
        raise InputError("values has no value to draw: every row is missing")
    by_year = known.groupby(level="year")
    years = np.unique(known.index.get_level_values("year"))
    quarter, median, three = (by_year.quantile(q).to_numpy() for q in (0.25, 0.5, 0.75))
    low, high = by_year.min().to_numpy(), by_year.max().to_numpy()
    ax = axes(ax)
    blue, dark = "#9ecae1", "#08519c"
    ax.fill_between(years, low, high, color=blue, alpha=0.35, lw=0)
    ax.fill_between(years, quarter, three, color=blue, alpha=0.9, lw=0)
    ax.plot(years, median, color=dark, lw=1.6, ls=(0, (5, 1.5)))
    handles = [
        Patch(facecolor=blue, alpha=0.35, label="lowest to highest region"),
        Patch(facecolor=blue, alpha=0.9, label="middle half of the regions"),
        Line2D([], [], color=dark, lw=1.6, ls=(0, (5, 1.5)), label="median region"),
    ]
    if total is not None:
        ax.plot(total.index, total.to_numpy(), color="#222222", lw=2.2, zorder=3)
        handles.insert(0, Line2D([], [], color="#222222", lw=2.2, label="all regions together"))
        last = total.dropna()
        for year in (last.index[0], last.index[-1]):
            ax.annotate(
                f"{last[year]:.2f}", (year, last[year]), xytext=(0, 5), fontsize=8,
                textcoords="offset points", ha="left" if year == last.index[0] else "right",
            )  # fmt: skip
    latest = known[known.index.get_level_values("year") == years[-1]].droplevel("year")
    latest = latest.sort_values()
    for region, value in {**latest.iloc[:1], **latest.iloc[-1:]}.items():
        ax.annotate(
            text(f"{name_of(region, names)} {value:.2f}"), (years[-1], value), xytext=(5, 0),
            textcoords="offset points", va="center", fontsize=8, color=dark, annotation_clip=False,
        )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.margins(x=0.02)
    ax.set_ylabel(ylabel)
    ax.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=len(handles),
        columnspacing=1.2, handlelength=1.6,
    )  # fmt: skip
    return titled(ax, title)
