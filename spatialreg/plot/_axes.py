"""What every figure shares: its style, the axes it is drawn in, text that is never an empty box."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from ..errors import InputError
from ._fonts import chinese_font, has_chinese

P = ParamSpec("P")
T = TypeVar("T")

_STYLE: dict[Any, Any] = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.labelsize": 9,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "figure.dpi": 120,
    "savefig.dpi": 200,
    "svg.hashsalt": "spatialreg",
    "svg.fonttype": "path",
}


def styled(function: Callable[P, T]) -> Callable[P, T]:
    """Draw inside our style; the caller's settings stay as they were."""

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> T:
        chinese = chinese_font()
        style = {**_STYLE, "font.family": ["DejaVu Sans", *([chinese] if chinese else [])]}
        # not rc_context: it would also undo what the first figure sets by loading the backend, and
        # a notebook would show no figure after the first
        before = {key: mpl.rcParams[key] for key in style}
        mpl.rcParams.update(style)
        try:
            return function(*args, **kwargs)
        finally:
            mpl.rcParams.update(before)

    return inside


def axes(ax: Axes | None, *, figsize: tuple[float, float] = (7.2, 4.4)) -> Axes:
    """Give `ax`, or the axes of a new figure."""
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(figsize=figsize, layout="constrained")[1]


def divided(ax: Axes, across: int, *, down: int = 1, title: str | None = None) -> Iterator[Axes]:
    """Give the place of `ax` as a grid of new axes, row by row, under the title of its figure."""
    place, figure = ax.get_subplotspec(), ax.get_figure(root=True)
    if place is None or figure is None:
        raise InputError("ax must be a subplot of a figure, whose place can be divided")
    ax.set_axis_off()
    if title:
        figure.suptitle(text(title), fontsize=12, x=0.01, ha="left")
    grid = place.subgridspec(down, across)
    return (figure.add_subplot(grid[at]) for at in np.ndindex(down, across))


@styled
def figure(*, figsize: tuple[float, float] = (7.2, 4.4)) -> Axes:
    """Give the axes of a figure that no window or notebook keeps, to be saved and forgotten."""
    return mpl.figure.Figure(figsize=figsize, layout="constrained").add_subplot()


@styled
def save(ax: Axes, path: str | Path) -> Path:
    """Write the figure of `ax`; the same figure gives the same bytes.

    Parameters
    ----------
    ax : Axes
    path : str or Path
        Its ending says the format: .png (200 dots per inch), .svg or .pdf.

    Returns
    -------
    Path
    """
    path = Path(path)
    vector = path.suffix.lower() in {".svg", ".pdf"}
    metadata = {"Creator": "spatialreg"} if vector else {"Software": "spatialreg"}
    undated = {"Date": None} if path.suffix.lower() == ".svg" else {}
    figure = ax.get_figure(root=True)
    if figure is None:
        raise InputError("the axes were removed from their figure")
    figure.savefig(path, dpi=200, metadata={**metadata, **undated})
    return path


def titled(ax: Axes, title: str | None) -> Axes:
    """Write the title, if there is one, and give the axes."""
    if title:
        # axes of the caller's were made with the caller's font, which may lack Chinese
        ax.set_title(text(title), fontfamily=mpl.rcParams["font.family"])
    return ax


def legend_beside(ax: Axes, **entries: Any) -> None:
    """Put the legend to the right of the axes, level with their top."""
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, **entries)


def mark_years(ax: Axes, marks: Mapping[int, str] | None, *, top: bool = True) -> None:
    """Draw a vertical line at each year with its words, one below another where they would meet."""
    figure = ax.get_figure(root=True)
    points = 72 * (figure.get_size_inches()[0] if figure is not None else 7.2)
    west, east = ax.get_xlim()
    ends: list[float] = []  # of each row, where its last words end
    for year, words in sorted((marks or {}).items()):
        width = (len(words) * 4.3 + 8) / (0.75 * points) * (east - west)
        row = next((i for i, end in enumerate(ends) if end <= year), len(ends))
        ends[row:] = [year + width]
        ax.axvline(year, color="#888888", lw=0.8, ls=":")
        ax.annotate(
            words, (year, int(top)), xycoords=("data", "axes fraction"),
            xytext=(3, (-2 if top else 3) + (-10 if top else 10) * row),
            textcoords="offset points", va="top" if top else "bottom", fontsize=7.5,
            color="#555555",
        )  # fmt: skip


def mark_day(ax: Axes, mark: tuple[pd.Timestamp, str] | None) -> None:
    """Draw a vertical line at a day, if there is one, with its word at the foot."""
    if mark is None:
        return
    ax.axvline(float(date2num(mark[0])), color="#888888", lw=0.8, ls=":")
    ax.annotate(
        text(mark[1]), (mark[0], 0.02), xycoords=("data", "axes fraction"), xytext=(3, 0),
        textcoords="offset points", fontsize=7.5, color="#555555",
    )  # fmt: skip


def name_of(label: Any, names: pd.Series | None) -> str:
    """Give the name of a region or line, or its label where it has none."""
    return str(label if names is None else names.get(label, label))


def text(words: str | None) -> str:
    """Give `words`, or nothing where they are Chinese and no installed font holds them."""
    if not words or (has_chinese(words) and chinese_font() is None):
        return ""
    return words
