"""Figures of parts: what an index consists of by year, and what made it change."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from .._align import some
from .._palettes import QUALITATIVE
from .._results import ChangeDecomposition, Decomposition
from ..errors import InputError
from ._axes import axes, legend_beside, styled, text, titled

_BETWEEN, _RELATIVE, _PEOPLE = "#3b3b3b", "#8c8c8c", "#d9d9d9"


@styled
def decomposition(
    result: Decomposition,
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Stack the parts of an index over time: between groups at the bottom, within above.

    Where the decomposition has intervals, that of the part at the bottom is drawn.

    Parameters
    ----------
    result : Decomposition
        Of a panel: its frame has a ``year``.
    names : mapping of str to str
        Names of the groups and levels to be written.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        The decomposition is of one year only.
    """
    frame = result.frame
    if "year" not in frame.columns:
        raise InputError("a decomposition of one year has no time to draw: decompose a panel")
    between = frame[(frame["component"] == "between") & (frame["group"] == "all")]
    by_level = between.pivot_table(index="year", columns="level", values="value", sort=False)
    within = frame[(frame["component"] == "within") & (frame["group"] != "all")]
    inside = within.pivot_table(index="year", columns="group", values="value", aggfunc="sum")
    ax = axes(ax)
    called = names or {}
    parts = [
        by_level[c].rename(f"between {called.get(c, c)}")
        for c in by_level.columns
        if c in result.by
    ]
    parts += [inside[c].rename(f"within {called.get(c, c)}") for c in inside.columns]
    bottom = np.zeros(len(by_level))
    colours = ["#3b3b3b", "#7a7a7a", "#a8a8a8"][: len(parts) - inside.shape[1]]
    colours += [QUALITATIVE[i % len(QUALITATIVE)] for i in range(inside.shape[1])]
    for part, colour in zip(parts, colours, strict=False):
        values = part.reindex(by_level.index).to_numpy()
        name = text(str(part.name))
        ax.bar(by_level.index, values, bottom=bottom, width=0.82, color=colour, label=name)
        bottom = bottom + values
    if "low" in frame.columns:
        first = between[between["level"] == result.by[0]]
        _whiskers(ax, first["year"], first["low"], first["high"], f"interval: {parts[0].name}")
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.01, 1))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="x", visible=False)
    ax.set_ylabel(result.measure.split(":")[0])
    return titled(ax, title)


@styled
def change_bars(
    parts: Mapping[str, ChangeDecomposition],
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what made an index change: two bars a change, by place and by cause.

    The upper bar stacks the part between the groups and those within each of them, what raised the
    index to the right of zero and what lowered it to the left; the lower one the parts from
    relative values and from people. A diamond marks the whole change.

    Parameters
    ----------
    parts : mapping of str to ChangeDecomposition
        Name to a change, as :func:`spatialreg.disparity.decompose_change` gives it by one level of
        groups, the same ones in all.
    names : mapping of str to str
        Names of the groups to be written.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        A change is of nested groups, or the changes are of different groups.

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": list("abcd") * 2, "year": [2000] * 4 + [2010] * 4, "zone": list("wwee") * 2,
    ...     "income": [1.0, 3.0, 4.0, 4.0, 2.0, 3.0, 5.0, 6.0]}))
    >>> change = sr.disparity.decompose_change(
    ...     panel, per_head="income", population=None, by="zone", start=2000, end=2010)
    >>> ax = sr.plot.change_bars({"2000-2010": change})
    """
    groups = _groups_of(parts)
    ax = axes(ax, figsize=(7.2, 1.6 + 0.75 * len(parts)))
    colours = [QUALITATIVE[i % len(QUALITATIVE)] for i in range(len(groups))]
    for line, change in enumerate(parts.values()):
        frame = change.frame.set_index(["component", "group"])["change"]
        place = [(float(frame["between", "all"]), _BETWEEN)]
        place += [(float(frame["within", g]), c) for g, c in zip(groups, colours, strict=True)]
        _stack(ax, line - 0.16, 0.36, place)
        cause = [(change.from_relative, _RELATIVE), (change.from_population, _PEOPLE)]
        _stack(ax, line + 0.2, 0.24, cause)
        ax.plot(change.change, line - 0.16, marker="D", ms=5, color="white", mec="black", zorder=4)
    ax.axvline(0, color="#222222", lw=0.8)
    ax.set_yticks(np.arange(len(parts)), [text(name) for name in parts])
    ax.set_ylim(len(parts) - 0.5, -0.5)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(f"change of {next(iter(parts.values())).measure.split(':')[0]}")
    called = names or {}
    handles: list[Line2D | Patch] = [Patch(facecolor=_BETWEEN, label="between groups")]
    handles += [
        Patch(facecolor=c, label=text(f"within {called.get(g, g)}"))
        for g, c in zip(groups, colours, strict=True)
    ]
    handles += [
        Patch(facecolor=_RELATIVE, label="from relative values"),
        Patch(facecolor=_PEOPLE, label="from people"),
        Line2D([], [], ls="none", marker="D", ms=5, color="white", mec="black", label="in all"),
    ]
    legend_beside(ax, handles=handles)
    return titled(ax, title)


def _groups_of(parts: Mapping[str, ChangeDecomposition]) -> list[str]:
    """Give the groups that all changes have."""
    found = []
    for name, change in parts.items():
        if len(change.by) != 1:
            raise InputError(
                f"the change {name!r} is of nested groups ({', '.join(change.by)}): decompose it "
                "by one level to draw it"
            )
        inside = change.frame[change.frame["component"] == "within"]
        found.append([str(g) for g in inside["group"] if g != "all"])
    if not found:
        raise InputError("there is no change to draw: parts is empty")
    for name, groups in zip(parts, found, strict=True):
        if groups != found[0]:
            raise InputError(
                f"the change {name!r} is of the groups {some(groups)}, the first of "
                f"{some(found[0])}: draw changes of the same groups together"
            )
    return found[0]


def _stack(ax: Axes, at: float, height: float, pieces: list[tuple[float, str]]) -> None:
    """Stack bars from zero, those above it to the right and those below it to the left."""
    reached = {True: 0.0, False: 0.0}
    for value, colour in pieces:
        side = value >= 0
        ax.barh(
            at, value, left=reached[side], height=height, color=colour, edgecolor="white", lw=0.4
        )
        reached[side] += value


def _whiskers(ax: Axes, at: pd.Series, low: pd.Series, high: pd.Series, label: str) -> None:
    """Draw intervals that can be seen on light and dark bars alike."""
    for colour, width in (("white", 2.2), ("black", 0.9)):
        ax.vlines(at, low, high, color=colour, lw=width, label=text(label) if width < 2 else "_")
