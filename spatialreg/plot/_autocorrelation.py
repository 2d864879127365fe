"""Figures of autocorrelation over time, over distance, and under many weights."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .._align import require_columns
from .._palettes import CLUSTER_COLOURS, QUALITATIVE
from .._results import RobustnessResult, TransitionsResult
from ..errors import InputError
from ._axes import axes, styled, titled
from ._paint import paint, require_on_map, swatch

_NEEDED = ("statistic", "expected", "lower", "upper")


@styled
def moran_band(
    frame: pd.DataFrame,
    *,
    ylabel: str = "Moran's I",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a global statistic by year with the band in which chance would put it.

    Markers are filled where the statistic lies outside the band.

    Parameters
    ----------
    frame : DataFrame
        As :func:`spatialreg.moran_series` gives it.
    ylabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> columns = ["statistic", "expected", "lower", "upper"]
    >>> frame = pd.DataFrame([[0.4, -0.1, -0.3, 0.2]] * 2, index=[2000, 2001], columns=columns)
    >>> ax = sr.plot.moran_band(frame)
    """
    require_columns(frame, _NEEDED, "the frame")
    ax = axes(ax)
    _band(ax, frame.index.to_numpy(), frame)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel(ylabel)
    return titled(ax, title)


@styled
def correlogram(
    frame: pd.DataFrame,
    *,
    ylabel: str = "Moran's I",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a global statistic by order of neighbours, or by distance, with its band.

    Parameters
    ----------
    frame : DataFrame
        As :func:`spatialreg.autocorrelation.correlogram` gives it.
    ylabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        The index is neither ``order`` nor ``distance``.
    """
    require_columns(frame, _NEEDED, "the frame")
    if frame.index.name not in ("order", "distance"):
        raise InputError(
            f"a correlogram is indexed by order or distance, not {frame.index.name!r}: pass the "
            "frame of spatialreg.autocorrelation.correlogram"
        )
    ax = axes(ax)
    _band(ax, frame.index.to_numpy(), frame)
    if frame.index.name == "order":
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("order of neighbours")
    else:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda metres, _: f"{metres / 1000:g}"))
        ax.set_xlabel("distance up to [km]")
    ax.set_ylabel(ylabel)
    return titled(ax, title)


@styled
def transition_matrix(
    result: TransitionsResult, *, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how regions move between states: shares in colour, and both shares and counts in words.

    Parameters
    ----------
    result : TransitionsResult
        As :func:`spatialreg.lisa_transitions` gives it.
    title : str
    ax : Axes

    Returns
    -------
    Axes
    """
    shares, counts = result.probabilities.to_numpy(dtype=float), result.counts
    ax = axes(ax, figsize=(6.4, 5.2))
    ax.imshow(np.ma.masked_invalid(shares), cmap="Blues", vmin=0, vmax=1)
    for i, row in enumerate(counts.to_numpy()):
        for j, count in enumerate(row):
            share = shares[i, j]
            words = "" if np.isnan(share) else f"{share:.2f}\n({count:,})"
            shade = "white" if share > 0.6 else "#333333"
            ax.text(j, i, words, ha="center", va="center", fontsize=8, color=shade)
    names = [str(name).replace(" ", "\n") for name in counts.columns]
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.grid(visible=False)
    years = "a year" if result.step == 1 else f"{result.step} years"
    ax.set_xlabel(f"{result.states}, {years} later")
    ax.set_ylabel(f"{result.states}: share of its moves, and their number")
    return titled(ax, title)


@styled
def consensus_map(
    regions: gpd.GeoDataFrame,
    result: RobustnessResult,
    *,
    settled: float = 0.8,
    label: str | None = None,
    title: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the label that most weights give each region, hatched where too few of them do.

    Parameters
    ----------
    regions : GeoDataFrame
        Holds the regions of `result`; others are drawn as "No data".
    result : RobustnessResult
        As :func:`spatialreg.lisa_robustness` gives it.
    settled : float
        Share of specifications from which a label stands without hatching.
    label, title, outline, ax
        As in :func:`choropleth`.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        `settled` is not between 0 and 1.
    AlignmentError
        No region of `result` is on the map.
    """
    if not 0 <= settled <= 1:
        raise InputError(f"settled must be a share between 0 and 1, not {settled!r}")
    require_on_map(regions, result.frame.index, "the result")
    found = result.frame.reindex(regions.index)
    consensus = found["consensus"].astype(object).fillna("No data")
    # a label that two thirds of three specifications give is one of two thirds, rounding aside
    open_ = (found["consensus_share"] < settled - 1e-9).to_numpy()
    counts = consensus.value_counts()
    handles = [
        swatch(shade, f"{name} ({counts[name]})")
        for name, shade in CLUSTER_COLOURS.items()
        if name in counts
    ]
    overlays = []
    if open_.any():
        hatched: dict[str, Any] = {
            "facecolor": "none",
            "edgecolor": "#444444",
            "hatch": "/////",
            "linewidth": 0.0,
        }
        overlays.append((regions[open_], {**hatched, "zorder": 3}))
        words = f"under {settled:.0%} of the weights ({open_.sum()})"
        handles.append(Patch(**hatched, label=words))
    return paint(
        regions,
        consensus.map(CLUSTER_COLOURS),
        handles,
        label=label,
        title=title,
        legend=f"{result.name}, label under most of {result.labels.shape[1]} weights",
        outline=outline,
        ax=ax,
        overlays=overlays,
    )


def _band(ax: Axes, at: np.ndarray, frame: pd.DataFrame) -> None:
    """Draw the statistic, what is expected, and the band around that."""
    colour = QUALITATIVE[0]
    ax.fill_between(
        at, frame["lower"], frame["upper"], color="#d9d9d9", lw=0, label="95 % of permutations"
    )
    ax.plot(at, frame["expected"], color="#888888", lw=0.9, ls=":", label="expected")
    ax.plot(at, frame["statistic"], color=colour, lw=1.6, label="observed")
    outside = (
        (frame["statistic"] < frame["lower"]) | (frame["statistic"] > frame["upper"])
    ).to_numpy()
    for inside, face in ((outside, colour), (~outside, "white")):
        ax.plot(
            at[inside], frame["statistic"].to_numpy()[inside], ls="none", marker="o", ms=4.5,
            color=colour, markerfacecolor=face, zorder=3,
        )  # fmt: skip
    ax.axhline(0, color="#888888", lw=0.6)
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
