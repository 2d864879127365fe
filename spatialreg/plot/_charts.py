"""Charts of measures: lines over time, Lorenz curves, Moran scatter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from .._align import require_columns, some
from .._palettes import CLUSTER_COLOURS, QUALITATIVE
from .._results import LocalResult
from ..errors import InputError
from ._axes import axes, legend_beside, mark_day, mark_years, name_of, styled, text, titled


@styled
def inequality_lines(
    series: Mapping[str, pd.Series],
    *,
    ylabel: str = "index",
    title: str | None = None,
    marks: Mapping[int, str] | None = None,
    bands: Mapping[str, pd.DataFrame] | None = None,
    turns: Mapping[str, Sequence[int]] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw measures by year, one line each, named in the legend.

    Parameters
    ----------
    series : mapping of str to Series
        Name to values indexed by year.
    ylabel, title : str
    marks : mapping of int to str
        Years to mark with a vertical line and a word.
    bands : mapping of str to DataFrame
        Intervals of some of the series, by their names: ``low`` and ``high`` by year.
    turns : mapping of str to sequence of int
        Turning points of some of the series, by their names: years marked by a ring.
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        A band or a turning point is of no series or of a year that the series lacks.

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> ax = sr.plot.inequality_lines({"Gini": pd.Series([0.3, 0.2], index=[2000, 2010])})
    """
    ax = axes(ax)
    styles = ("solid", (0, (5, 1.5)), (0, (1.5, 1.2)), "dashdot")
    bands, turns = bands or {}, turns or {}
    for name in [*bands, *turns]:
        if name not in series:
            raise InputError(f"there is no series {name!r}; there are {some(series, 12)}")
    for i, (name, values) in enumerate(series.items()):
        colour = QUALITATIVE[i % len(QUALITATIVE)]
        ax.plot(
            values.index,
            values.to_numpy(),
            label=text(name),
            color=colour,
            linestyle=styles[i % len(styles)],
            linewidth=1.8,
        )
        if name in bands:
            band = bands[name]
            require_columns(band, ["low", "high"], f"the band {name!r}")
            ax.fill_between(band.index, band["low"], band["high"], color=colour, alpha=0.13, lw=0)
            for bound in ("low", "high"):
                ax.plot(band.index, band[bound], color=colour, lw=0.5, alpha=0.6)
        if name in turns:
            years = list(turns[name])
            lacking = [year for year in years if year not in values.index]
            if lacking:
                raise InputError(f"the series {name!r} has no year {some(lacking)} to turn in")
            ax.plot(years, values.loc[years], ls="none", marker="o", ms=6, mfc="white", mec=colour)
    if bands:
        ax.fill_between([], [], [], color="#777777", alpha=0.25, lw=0, label="interval")
    if any(len(years) for years in turns.values()):
        ax.plot([], [], ls="none", marker="o", ms=6, mfc="white", mec="#555555", label="turn")
    mark_years(ax, marks)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel(ylabel)
    ax.set_ylim(bottom=0)
    legend_beside(ax)
    return titled(ax, title)


@styled
def lorenz(
    curves: Mapping[str, pd.DataFrame], *, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw Lorenz curves against the line of equality.

    Parameters
    ----------
    curves : mapping of str to DataFrame
        Name to ``population_share`` and ``value_share``, as ``disparity.lorenz`` gives them.
    title : str
    ax : Axes

    Returns
    -------
    Axes
    """
    ax = axes(ax, figsize=(5.2, 5.0))
    ax.plot([0, 1], [0, 1], color="#888888", lw=0.9, label="equality")
    for i, (name, curve) in enumerate(curves.items()):
        require_columns(curve, ["population_share", "value_share"], f"the curve {name!r}")
        ax.plot(
            curve["population_share"], curve["value_share"], lw=1.8, label=name,
            color=QUALITATIVE[i % len(QUALITATIVE)],
        )  # fmt: skip
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.set_xlabel("share of people, poorest regions first")
    ax.set_ylabel("share of the total")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1))
    ax.legend(loc="upper left")
    return titled(ax, title)


@styled
def moran_scatter(
    result: LocalResult,
    *,
    names: pd.Series | None = None,
    title: str | None = None,
    ylabel: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each region's value against its neighbours' mean, in units of standard deviation.

    The slope of the line is Moran's I where weights are row-standardised.

    Parameters
    ----------
    result : LocalResult
        As :func:`spatialreg.lisa` gives it.
    names : Series
        Names by region; those of significant regions are written.
    title, ylabel : str
    ax : Axes

    Returns
    -------
    Axes
    """
    frame = result.frame.dropna(subset=["y", "lag"])
    centre, scale = frame["y"].mean(), frame["y"].std(ddof=0)
    x, lag = (frame["y"] - centre) / scale, (frame["lag"] - centre) / scale
    ax = axes(ax, figsize=(6.2, 5.2))
    for cluster, colour in CLUSTER_COLOURS.items():
        inside = frame["cluster"] == cluster
        if inside.any():
            shade = "#b5b5b5" if cluster == "Not significant" else colour
            ax.scatter(
                x[inside], lag[inside], s=26, color=shade, edgecolor="#444444", lw=0.4,
                label=f"{cluster} ({inside.sum()})", zorder=3,
            )  # fmt: skip
    slope = float((x * lag).sum() / (x**2).sum())
    span = np.array([x.min(), x.max()])
    ax.plot(span, slope * span, color="#333333", lw=1.2, zorder=2)
    ax.annotate(
        f"slope {slope:.3f}", (span[1], slope * span[1]), xytext=(0, 5), ha="right",
        textcoords="offset points", fontsize=8,
    )  # fmt: skip
    ax.axhline(0, color="#888888", lw=0.8)
    ax.axvline(0, color="#888888", lw=0.8)
    if names is not None:
        written = frame.index[~frame["cluster"].isin(["Not significant", "Isolate", "No data"])]
        for region in written:
            words = text(name_of(region, names))
            if words:
                ax.annotate(
                    words, (x[region], lag[region]), xytext=(4, 3),
                    textcoords="offset points", fontsize=7,
                )  # fmt: skip
    ax.set_xlabel("value, standard deviations from the mean")
    ax.set_ylabel(ylabel or "mean of the neighbours, in the same units")
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return titled(ax, title)


@styled
def moran_lines(
    series: Mapping[str, pd.DataFrame],
    *,
    alpha: float = 0.05,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a global statistic by year; filled markers where its p-value is below `alpha`.

    Parameters
    ----------
    series : mapping of str to DataFrame
        Name to a frame indexed by year with ``statistic``, ``expected`` and ``p_value``.
    alpha : float
    title : str
    ax : Axes

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    for i, (name, frame) in enumerate(series.items()):
        require_columns(frame, ["statistic", "expected", "p_value"], f"the series {name!r}")
        colour = QUALITATIVE[i % len(QUALITATIVE)]
        ax.plot(frame.index, frame["statistic"], color=colour, lw=1.6, label=name)
        significant = frame["p_value"] < alpha
        for inside, face in ((significant, colour), (~significant, "white")):
            ax.plot(
                frame.index[inside], frame["statistic"][inside], ls="none", marker="o", ms=4.5,
                color=colour, markerfacecolor=face, zorder=3,
            )  # fmt: skip
    first = next(iter(series.values()))
    ax.plot(first.index, first["expected"], color="#888888", lw=0.9, ls=":", label="expected")
    ax.plot([], [], ls="none", marker="o", ms=4.5, color="#555555", label=f"p < {alpha:g}")
    ax.plot([], [], ls="none", marker="o", ms=4.5, color="#555555", mfc="white", label="not")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("Moran's I")
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return titled(ax, title)


@styled
def coverage_over_time(
    counts: Mapping[str, pd.Series],
    *,
    ylabel: str = "regions covered",
    mark: tuple[pd.Timestamp, str] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the number of regions covered by date, as steps.

    Parameters
    ----------
    counts : mapping of str to Series
        Name to counts indexed by date.
    ylabel : str
    mark : (Timestamp, str)
        A date to mark, and its word.
    title : str
    ax : Axes

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    for i, (name, series) in enumerate(counts.items()):
        colour = QUALITATIVE[i % len(QUALITATIVE)]
        ax.step(series.index, series.to_numpy(), where="post", lw=1.8, color=colour, label=name)
        ax.annotate(
            f"{series.iloc[-1]:,.0f}", (series.index[-1], series.iloc[-1]), xytext=(4, 0),
            textcoords="offset points", va="center", fontsize=8, color=colour,
        )  # fmt: skip
    mark_day(ax, mark)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(ylabel)
    ax.legend(loc="upper left")
    return titled(ax, title)


@styled
def growth_bars(
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    xlabel: str,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a horizontal bar per region and column, the largest last column on top.

    Parameters
    ----------
    frame : DataFrame
        Indexed by the names to be written.
    columns : sequence of str
        One bar each, for example two years.
    xlabel, title : str
    ax : Axes

    Returns
    -------
    Axes
    """
    require_columns(frame, columns, "the frame")
    ordered = frame.sort_values(columns[-1])
    ax = axes(ax, figsize=(6.4, 1.2 + 0.2 * len(frame)))
    height = 0.8 / len(columns)
    at = np.arange(len(ordered))
    for i, column in enumerate(columns):
        shift = (i - (len(columns) - 1) / 2) * height
        ax.barh(at + shift, ordered[column], height=height, label=column, color=QUALITATIVE[i])
    names = [text(str(name)) for name in ordered.index]
    ax.set_yticks(at, names, fontsize=7.5)
    ax.grid(axis="y", visible=False)
    ax.set_ylim(-0.6, len(ordered) - 0.4)
    ax.set_xlabel(xlabel)
    ax.legend(loc="lower right")
    return titled(ax, title)
