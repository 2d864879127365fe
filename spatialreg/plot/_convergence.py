"""Figures of convergence: dispersion by year, growth against level, and speeds by model.

Each takes what a measure of :mod:`spatialreg.disparity` gave and draws it on one pair of axes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import (
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullFormatter,
    PercentFormatter,
)

from .._align import require_columns
from .._palettes import QUALITATIVE
from .._results import ConvergenceResult
from ..errors import InputError
from ._axes import axes, mark_years, name_of, styled, text, titled
from ._fonts import has_chinese
from ._paint import overlap

_HALO = [withStroke(linewidth=1.4, foreground="white")]
# where a name may stand, in points from its dot, the nearest first
_PLACES = ((0, 7), (0, -7), (1, 0), (-1, 0), (1, 8), (-1, 8), (1, -8), (-1, -8), (0, 14), (0, -14))


@styled
def sigma_lines(
    series: Mapping[str, pd.DataFrame],
    *,
    alpha: float = 0.05,
    marks: Mapping[int, str] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the dispersion between regions by year; filled markers where it left the first year's.

    Parameters
    ----------
    series : mapping of str to DataFrame
        Name to what :func:`spatialreg.sigma_convergence` gives.
    alpha : float
        Markers of sigma are filled in years whose test against the first year has a p-value below
        it.
    marks : mapping of int to str
        Years to mark with a vertical line and a word.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import spatialreg as sr
    >>> frame = sr.sigma_convergence(sr.datasets.us_incomes(), value="income")
    >>> ax = sr.plot.sigma_lines({"income": frame})
    """
    ax = axes(ax)
    for i, (name, frame) in enumerate(series.items()):
        require_columns(frame, ["sigma", "cv", "p_value"], f"the series {name!r}")
        colour = QUALITATIVE[i % len(QUALITATIVE)]
        years, sigma = frame.index.to_numpy(), frame["sigma"].to_numpy()
        ax.plot(years, sigma, color=colour, lw=1.6, label=f"sigma, {text(name)}")
        ax.plot(
            years, frame["cv"], color=colour, lw=1.4, ls=(0, (4, 1.6)), label=f"CV, {text(name)}"
        )
        left = (frame["p_value"] < alpha).to_numpy()
        for inside, face in ((left, colour), (~left, "white")):
            ax.plot(
                years[inside], sigma[inside], ls="none", marker="o", ms=4.5, color=colour,
                markerfacecolor=face, zorder=3,
            )  # fmt: skip
    mark_years(ax, marks, top=False)
    dot: dict[str, Any] = {"ls": "none", "marker": "o", "ms": 4.5, "color": "#555555"}
    ax.plot([], [], **dot, label=f"sigma unlike that of the first year, p < {alpha:g}")
    ax.plot([], [], **dot, mfc="white", label="not shown to be unlike")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylim(bottom=0)
    ax.set_ylabel("sigma (sd of logarithms); coefficient of variation")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.1), ncols=2, borderaxespad=0)
    return titled(ax, title)


@styled
def convergence_scatter(
    result: ConvergenceResult,
    *,
    names: pd.Series | None = None,
    xlabel: str = "initial value",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw growth per year against the initial value, with the line of least squares.

    Parameters
    ----------
    result : ConvergenceResult
        By least squares over one period, as :func:`spatialreg.beta_convergence` gives it. With
        controls the line is that of their means.
    names : Series
        Names by region, written where there is room, those far from the line first.
    xlabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        The result is of another model, or of several periods.

    Examples
    --------
    >>> import spatialreg as sr
    >>> result = sr.beta_convergence(sr.datasets.us_incomes(), value="income")
    >>> ax = sr.plot.convergence_scatter(result)
    """
    if result.model != "ols" or result.periods > 1:
        raise InputError(
            f"the line is that of least squares over one period, not of model={result.model!r} "
            f"over {result.periods} periods: pass a result of model='ols' without step"
        )
    seen = result.observations.dropna()
    x, y = seen["log_initial"], seen["growth"]
    ax = axes(ax, figsize=(7.2, 5.2))
    ax.scatter(
        np.exp(x), y, s=20, color=QUALITATIVE[0], edgecolor="white", lw=0.5, zorder=3,
        label=f"{len(seen)} regions",
    )  # fmt: skip
    ends = np.array([x.min(), x.max()])
    row = result.frame.loc["log_initial"]
    ax.plot(
        np.exp(ends), y.mean() + row["estimate"] * (ends - x.mean()), color="#333333", lw=1.3,
        label=_told(result), zorder=2,
    )  # fmt: skip
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=_decimals(y)))
    ax.margins(0.09)
    if y.min() < 0 < y.max():
        ax.axhline(0, color="#888888", lw=0.8)
    ax.set_xlabel(f"{text(xlabel)}, {result.start}, logarithmic")
    ax.set_ylabel(f"growth a year, {result.start}-{result.end}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.12), ncols=2, borderaxespad=0)
    if title:
        ax.set_title(text(title))
    if names is not None:
        far = result.residuals.reindex(seen.index).abs().sort_values(ascending=False).index
        at = {code: (float(np.exp(x[code])), float(y[code])) for code in far}
        _write(ax, at, names)
    return ax


@styled
def convergence_speeds(
    frame: pd.DataFrame, *, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the speed of convergence under each model with its interval, a row a model.

    Parameters
    ----------
    frame : DataFrame
        Indexed by (group, model) in words, from top to bottom: ``speed``, ``low`` and ``high`` [per
        year], as in ``ConvergenceResult.speeds``, and ``chosen``, whether the marker is filled. A
        row without a speed says so.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        A column is missing, or the index has other than two levels.

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> rows = pd.MultiIndex.from_tuples([("1929-2009", "least squares")])
    >>> columns = ["speed", "low", "high", "chosen"]
    >>> ax = sr.plot.convergence_speeds(pd.DataFrame([[0.02, 0.01, 0.03, True]], rows, columns))
    """
    require_columns(frame, ["speed", "low", "high", "chosen"], "the frame")
    if frame.index.nlevels != 2:
        raise InputError("the frame must be indexed by (group, model): group the models by period")
    groups = list(dict.fromkeys(frame.index.get_level_values(0)))
    ax = axes(ax, figsize=(7.2, 1.5 + 0.27 * (len(frame) + len(groups))))
    line, ticks = 0.0, []
    for i, group in enumerate(groups):
        ax.text(
            0.006, line, text(str(group)), transform=ax.get_yaxis_transform(), fontsize=8.5,
            weight="bold", va="center", zorder=4,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip
        colour = QUALITATIVE[i % len(QUALITATIVE)]
        for model, row in frame.loc[[group]].droplevel(0).iterrows():
            line += 1
            ticks.append((line, text(str(model))))
            if np.isnan(row["speed"]):
                ax.text(0, line, " no estimate", va="center", fontsize=7.5, color="#555555")
                continue
            ax.plot([row["low"], row["high"]], [line, line], color=colour, lw=1.8)
            ax.plot(
                row["speed"], line, marker="o", ms=6, color=colour,
                markerfacecolor=colour if row["chosen"] else "white", zorder=3,
            )  # fmt: skip
        line += 1.3
    ax.set_yticks([at for at, _ in ticks], [words for _, words in ticks])
    ax.set_ylim(line - 0.5, -0.7)
    ax.axvline(0, color="#555555", lw=0.9)
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=_decimals(frame["speed"])))
    words = "speed: share of the gap that closes in a year, with its interval"
    ax.set_xlabel(f"{words}\nfilled: the models that the tests of neighbours point to")
    return titled(ax, title)


def _told(result: ConvergenceResult) -> str:
    row = result.frame.loc["log_initial"]
    words = f"b = {row['estimate']:.4f} ({row['low']:.4f} to {row['high']:.4f})"
    if not np.isnan(result.speed):
        words += f"\nspeed {result.speed:.1%} a year"
    if not np.isnan(result.half_life):
        words += f", half-life {result.half_life:.0f} years"
    return words


def _decimals(values: pd.Series) -> int:
    """Give as many decimals to per cents as a small range needs."""
    return 0 if float(np.ptp(values.dropna())) > 0.03 else 1


def _write(ax: Axes, at: Mapping[object, tuple[float, float]], names: pd.Series) -> None:
    """Write names beside their dots, in order, each where it hides no dot and no other name."""
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    figure.canvas.draw()  # settles the limits on which positions depend
    per_point, size = figure.dpi / 72, 7.0
    dots = {code: ax.transData.transform(place) for code, place in at.items()}
    near = 2.6 * per_point
    taken = [(x - near, y - near, x + near, y + near) for x, y in dots.values()]
    for code, (x, y) in dots.items():
        words = text(name_of(code, names))
        if not words:
            continue
        half = size * sum(1.0 if has_chinese(c) else 0.56 for c in words) / 2
        for side, up in _PLACES:
            shift = side * (half + 4.5), up
            middle = x + shift[0] * per_point, y + shift[1] * per_point
            wide, high = half * per_point, size * 0.55 * per_point
            box = middle[0] - wide, middle[1] - high, middle[0] + wide, middle[1] + high
            if not any(overlap(box, other) for other in taken):
                taken.append(box)
                ax.annotate(
                    words, at[code], xytext=shift, textcoords="offset points", ha="center",
                    va="center", fontsize=size, zorder=5, path_effects=_HALO,
                )  # fmt: skip
                break
