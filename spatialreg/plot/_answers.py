"""The figure of answers: which variants of a measure rose and fell, and where they part."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.ticker import PercentFormatter

from .._palettes import NO_DATA
from .._results import AnswersComparison
from ._axes import axes, styled, text

_NUMBERS = 6  # so many spans have room for a number in each cell


@styled
def answers_matrix(
    result: AnswersComparison, *, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a cell a variant and span: blue where the figure fell, red and a plus where it rose.

    A triangle above a span says that its answers part. Up to six spans have their changes written.

    Parameters
    ----------
    result : AnswersComparison
        As :func:`spatialreg.disparity.compare_answers` gives it.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> gap = pd.DataFrame({"constant": [3.0, 2.0, 1.0], "current": [3.0, 2.0, 2.5]},
    ...                    index=[2000, 2012, 2019])
    >>> ax = sr.plot.answers_matrix(sr.disparity.compare_answers(gap))
    """
    spans = result.frame
    names = result.changes[list(result.by)].drop_duplicates()
    shape = (len(spans), len(names))
    change = result.changes["relative_change"].to_numpy().reshape(shape).T
    told = result.changes["direction"].to_numpy().reshape(shape).T
    shade = np.where(told == "unchanged", 0.0, change)
    limit = float(np.nanquantile(np.abs(change), 0.95)) if (~np.isnan(change)).any() else 0.0
    scale = Normalize(-(limit or 0.01), limit or 0.01)
    colours = colormaps["RdBu_r"].with_extremes(bad=NO_DATA)
    ax = axes(ax, figsize=(4.6 + 0.27 * shape[0], 1.5 + 0.2 * shape[1]))
    edges = (np.arange(shape[0] + 1), np.arange(shape[1] + 1))
    shown = np.ma.masked_invalid(shade)
    ax.pcolormesh(*edges, shown, cmap=colours, norm=scale, edgecolor="white", lw=0.8)
    for line, column in np.ndindex(change.shape):
        value, word = change[line, column], told[line, column]
        words = "+" if word == "rose" else ""
        if shape[0] <= _NUMBERS and word != "no value":
            words = f"{value:+.0%}" if abs(value) >= 0.095 else f"{value:+.1%}"
        if words:
            dark = abs(value) > 0.7 * scale.vmax if scale.vmax else False
            ax.text(
                column + 0.5, line + 0.5, words, ha="center", va="center", fontsize=7,
                color="white" if dark else "#222222",
            )  # fmt: skip
    _label_spans(ax, spans)
    _label_variants(ax, names)
    for column in np.flatnonzero(spans["parts"]):
        ax.plot(column + 0.5, -0.35, marker="v", ms=5, color="#222222", clip_on=False)
    ax.set(xlim=(0, shape[0]), ylim=(shape[1], 0))
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    if spans["parts"].any():
        ax.annotate(
            "the answers part", (0, -0.35), xytext=(-4, 0), textcoords="offset points", ha="right",
            va="center", fontsize=8, annotation_clip=False,
        )  # fmt: skip
    bar = ax.figure.colorbar(
        ScalarMappable(scale, colours), ax=ax, extend="both", fraction=0.03, pad=0.02, aspect=30
    )
    bar.ax.yaxis.set_major_formatter(PercentFormatter(1))
    grey = "; grey: no value" if np.isnan(change).any() else ""
    bar.set_label(f"change: fell below zero, rose above{grey}", fontsize=8)
    bar.outline.set_visible(False)
    if title:
        ax.set_title(text(title), pad=14)
    return ax


def _label_spans(ax: Axes, spans: pd.DataFrame) -> None:
    """Write what tells the spans apart: their last year, their first, or both."""
    first, last = spans["from"], spans["to"]
    labels, words = first.astype(str) + "-" + last.astype(str), ""
    if len(spans) > 1 and (last - first == 1).all():
        labels, words = last.astype(str), "change since the year before"
    elif len(spans) > 1 and (last == last.iloc[0]).all():
        labels, words = first.astype(str), f"change from this year to {last.iloc[0]}"
    narrow = len(spans) > _NUMBERS
    ax.set_xticks(np.arange(len(spans)) + 0.5, labels, rotation=90 if narrow else 0, fontsize=7.5)
    ax.xaxis.tick_bottom()
    ax.set_xlabel(words, fontsize=8.5)


def _label_variants(ax: Axes, names: pd.DataFrame) -> None:
    """Write the variants down the side, with a gap of white between those of the first choice."""
    inner = names.columns[1:] if names.shape[1] > 1 else names.columns
    labels = [", ".join(map(str, row)) for row in names[inner].itertuples(index=False)]
    ax.set_yticks(np.arange(len(names)) + 0.5, [text(label) for label in labels], fontsize=7)
    if names.shape[1] == 1:
        return
    outer = names.iloc[:, 0].astype(str).to_numpy()
    starts = [0, *(np.flatnonzero(outer[1:] != outer[:-1]) + 1), len(outer)]
    for start, end in pairwise(starts):
        if start:
            ax.axhline(start, color="white", lw=4)
            ax.axhline(start, color="#555555", lw=0.8)
        ax.annotate(
            text(outer[start]), (1, (start + end) / 2), xycoords=ax.get_yaxis_transform(),
            xytext=(4, 0), textcoords="offset points", rotation=270, va="center", fontsize=8,
        )  # fmt: skip
