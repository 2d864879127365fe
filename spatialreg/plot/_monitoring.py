"""Figures of monitoring: the status of every region on every target, and counts by target."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from .._align import require_columns
from .._palettes import STATUS_COLOURS
from .._results import MonitoringResult
from ..errors import InputError
from ._axes import axes, legend_beside, name_of, styled, text, titled

_DARK = ("met", "missed")


@styled
def status_matrix(
    result: MonitoringResult,
    *,
    names: pd.Series | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a cell a region and target in the colour of its status, with the level written in it.

    Aggregates over regions are left to :func:`status_bars`. A cell is empty where a target does not
    bind a region.

    Parameters
    ----------
    result : MonitoringResult
    names : Series
        Names by region; the codes where it has none.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        No target binds single regions.

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({"code": "a", "year": [1, 2, 3], "x": [1.0, 2.0, 3.0]}))
    >>> targets = pd.DataFrame([{"name": "x", "column": "x", "direction": "at least",
    ...     "threshold": 4.0, "target_year": 5}])
    >>> ax = sr.plot.status_matrix(sr.disparity.evaluate_targets(panel, targets))
    """
    frame = result.frame[~result.frame["aggregate"]]
    if frame.empty:
        raise InputError("no target binds single regions: draw status_bars(result.summary)")
    targets = list(frame["target"].unique())
    regions = sorted(frame["region"].unique(), key=str)
    size = (2.4 + 1.15 * len(targets), 1.3 + 0.2 * len(regions))
    ax = axes(ax, figsize=size)
    cells = frame[["target", "region", "status", "level"]].itertuples(index=False, name=None)
    for target, region, status, level in cells:
        column, line = targets.index(target), regions.index(region)
        colour = STATUS_COLOURS[status]
        ax.add_patch(Rectangle((column, line), 1, 1, facecolor=colour, edgecolor="white", lw=1))
        if level == level:
            words = f"{level:,.0f}" if abs(level) >= 1000 else f"{level:.3g}"
            shade = "white" if status in _DARK else "#222222"
            ax.text(
                column + 0.5, line + 0.5, words, ha="center", va="center", fontsize=7, color=shade
            )
    ax.set(xlim=(0, len(targets)), ylim=(len(regions), 0))
    labels = [text(name_of(region, names)) for region in regions]
    ax.set_yticks([i + 0.5 for i in range(len(regions))], labels)
    ax.set_xticks(
        [i + 0.5 for i in range(len(targets))],
        [text(_wrapped(name)) for name in targets],
        fontsize=7.5,
    )
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    _legend(ax, frame["status"].value_counts())
    return titled(ax, title)


@styled
def status_bars(
    summary: pd.DataFrame,
    *,
    xlabel: str = "regions",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a bar a target, stacked by status, each part with its number.

    Parameters
    ----------
    summary : DataFrame
        A row a target, a column a status, as ``MonitoringResult.summary`` gives it.
    xlabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> statuses = ["met", "on track", "at risk", "off track", "missed", "no data"]
    >>> counts = pd.DataFrame([[3, 0, 0, 0, 1, 0]], index=["beds"], columns=statuses)
    >>> ax = sr.plot.status_bars(counts)
    """
    require_columns(summary, list(STATUS_COLOURS), "the summary")
    ax = axes(ax, figsize=(7.2, 1.4 + 0.42 * len(summary)))
    for line, (_, counts) in enumerate(summary.iterrows()):
        start = 0
        for status, colour in STATUS_COLOURS.items():
            count = int(counts[status])
            if not count:
                continue
            ax.barh(line, count, left=start, height=0.7, color=colour)
            shade = "white" if status in _DARK else "#222222"
            ax.text(
                start + count / 2, line, str(count), ha="center", va="center", fontsize=8,
                color=shade,
            )  # fmt: skip
            start += count
    ax.set_yticks(range(len(summary)), [text(str(name)) for name in summary.index])
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(xlabel)
    _legend(ax, summary[list(STATUS_COLOURS)].sum())
    return titled(ax, title)


def _legend(ax: Axes, counts: pd.Series) -> None:
    handles = [
        Patch(facecolor=colour, label=f"{status} ({counts[status]})")
        for status, colour in STATUS_COLOURS.items()
        if counts.get(status, 0)
    ]
    legend_beside(ax, handles=handles)


def _wrapped(name: str) -> str:
    """Break a name of several words into lines."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) > 13:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
