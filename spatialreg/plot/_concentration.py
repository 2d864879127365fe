"""Figures of where production stands: shares of groups, parts of a total, spread over regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, PercentFormatter

from .._palettes import QUALITATIVE
from ..errors import InputError
from ._axes import axes, legend_beside, styled, text, titled


@styled
def share_lines(
    series: Mapping[str, pd.Series],
    *,
    earlier: Mapping[str, Mapping[str, pd.Series]] | None = None,
    bands: Mapping[Any, pd.DataFrame] | None = None,
    band_words: str = "width of doubt",
    marks: Mapping[str, float] | None = None,
    ylabel: str = "share",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw shares by year; older vintages dashed in the same colour, doubt as a band.

    Parameters
    ----------
    series : mapping of str to Series
        Name to shares (0 to 1) indexed by year.
    earlier : mapping
        Name of a vintage to series of its own, which are never joined to the others.
    bands : mapping to DataFrame
        Name of a series, or of a vintage and a series as a pair, to its lowest and highest share:
        the columns ``low`` and ``high``, indexed by year.
    band_words : str
        What the bands are, for the legend.
    marks : mapping of str to float
        Words to a share that is drawn across as a dotted line, and written before them.
    ylabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> coast = pd.Series([0.66, 0.60], index=[2000, 2019])
    >>> ax = sr.plot.share_lines({"mills": coast}, marks={"of old": 0.7})
    """
    ax = axes(ax)
    names = list(dict.fromkeys([*series, *(n for v in (earlier or {}).values() for n in v)]))
    colours = {name: QUALITATIVE[i % len(QUALITATIVE)] for i, name in enumerate(names)}
    handles = []
    dashes: Sequence[Any] = ((0, (5, 1.5)), (0, (1.5, 1.2)), "dashdot")
    drawn: list[tuple[str | None, str, pd.Series, Any]] = [
        (None, name, values, "solid") for name, values in series.items()
    ]
    for number, (vintage, inside) in enumerate((earlier or {}).items()):
        style = dashes[number % len(dashes)]
        drawn += [(vintage, name, values, style) for name, values in inside.items()]
    for of, name, values, style in drawn:
        ax.plot(values.index, values.to_numpy(), color=colours[name], ls=style, lw=1.8)
        band = (bands or {}).get(name if of is None else (of, name))
        if band is not None:
            ax.fill_between(
                band.index, band["low"], band["high"], color=colours[name], alpha=0.16, lw=0
            )
    handles += [Line2D([], [], color=colours[n], lw=1.8, label=text(n)) for n in names]
    handles += [
        Line2D([], [], color="#555555", lw=1.8, ls=dashes[i % len(dashes)], label=text(vintage))
        for i, vintage in enumerate(earlier or {})
    ]
    if bands:
        handles.append(Line2D([], [], color="#bbbbbb", lw=6, alpha=0.6, label=text(band_words)))
    for words, share in (marks or {}).items():
        ax.axhline(share, color="#333333", lw=1.0, ls=":")
        ax.annotate(
            text(f"{share:.0%} {words}"), (0, share), xycoords=("axes fraction", "data"),
            xytext=(3, 2), textcoords="offset points", fontsize=7.5, color="#333333",
        )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.margins(y=0.12)
    ax.set_ylabel(ylabel)
    legend_beside(ax, handles=handles)
    return titled(ax, title)


@styled
def part_bars(
    table: pd.DataFrame,
    *,
    shares: bool = True,
    xlabel: str = "share",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a bar a row, stacked by column, each part with its number.

    Parameters
    ----------
    table : DataFrame
        Index of two levels: what is written at the left once (an industry), and the row (a year);
        a column a part.
    shares : bool
        Write parts as percentages; else as they are.
    xlabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        The index has not two levels, or a part is negative.

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> rows = pd.MultiIndex.from_product([["mills"], [2000, 2019]])
    >>> ax = sr.plot.part_bars(pd.DataFrame({"coast": [0.7, 0.6], "inland": [0.3, 0.4]}, rows))
    """
    if table.index.nlevels != 2:
        raise InputError(
            f"the table must have two index levels, block and row, not {table.index.nlevels}"
        )
    if (table < 0).any(axis=None):
        raise InputError("a part is negative, and negative parts do not stack: draw lines")
    ax = axes(ax, figsize=(7.6, 1.3 + 0.3 * len(table)))
    blocks = table.index.get_level_values(0)
    gap = 0.55 * np.cumsum(np.r_[0, blocks[1:] != blocks[:-1]])
    at = np.arange(len(table)) + gap
    widest = float(table.sum(axis=1).max())
    start = np.zeros(len(table))
    for i, part in enumerate(table.columns):
        values = table[part].fillna(0).to_numpy(dtype=float)
        colour = QUALITATIVE[i % len(QUALITATIVE)]
        ax.barh(at, values, left=start, height=0.84, color=colour, label=text(str(part)))
        shade = "white" if _dark(colour) else "#222222"
        for line, (left, value) in enumerate(zip(start, values, strict=True)):
            digits = ("{:.1%}", "{:.0%}") if shares else ("{:.3g}", "{:.2g}")
            fits = [
                w for w in (d.format(value) for d in digits) if value > 0.0125 * len(w) * widest
            ]
            if not fits:
                continue  # every number is wider than the part
            words = fits[0]
            ax.text(
                left + value / 2, at[line], words, ha="center", va="center", fontsize=7, color=shade
            )
        start = start + values
    ax.set_yticks(at, [text(str(row)) for row in table.index.get_level_values(1)], fontsize=7.5)
    for block in blocks.unique():
        inside = at[blocks == block]
        ax.annotate(
            text(str(block)), (0, inside.mean()), xycoords=("axes fraction", "data"),
            xytext=(-32, 0), textcoords="offset points", ha="right", va="center", fontsize=8.5,
        )  # fmt: skip
    ax.invert_yaxis()
    ax.set_xlim(0, widest)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    if shares:
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel(xlabel)
    legend_beside(ax)
    return titled(ax, title)


@styled
def _dark(colour: str) -> bool:
    red, green, blue = mpl.colors.to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
