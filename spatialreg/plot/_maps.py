"""Maps: choropleth, classes, LISA clusters, networks; with the South China Sea inset for China."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import mapclassify
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .._align import numeric_series, require_columns, require_one_of
from .._palettes import CLUSTER_COLOURS, NO_DATA, QUALITATIVE
from .._results import LocalResult
from ._axes import axes, divided, styled
from ._paint import paint, require_on_map, swatch

_SCHEMES = {
    "quantiles": mapclassify.Quantiles,
    "natural_breaks": mapclassify.FisherJenks,
    "equal_interval": mapclassify.EqualInterval,
    "box_plot": mapclassify.BoxPlot,
}
_REACHED = {"reached": "#2171b5", "not reached": "#f2f2f2", "No data": NO_DATA}


@styled
def choropleth(
    regions: gpd.GeoDataFrame,
    column: str,
    *,
    scheme: str = "quantiles",
    k: int = 5,
    breaks: Sequence[float] | None = None,
    palette: str = "YlOrRd",
    label: str | None = None,
    title: str | None = None,
    legend: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the classes of a numeric column, lightest to darkest.

    Parameters
    ----------
    regions : GeoDataFrame
        Polygons; any CRS, drawn in an equal-area projection.
    column : str
        Numeric; NaN is drawn grey and says "No data".
    scheme : {"quantiles", "natural_breaks", "equal_interval", "box_plot"}
        How classes are cut (mapclassify).
    k : int
        Number of classes.
    breaks : sequence of float
        Upper bounds of the classes, instead of `scheme` and `k`.
    palette : str
        A matplotlib colour map, for example a ColorBrewer one.
    label : str
        Column of names to write on the regions.
    title, legend : str
        Title of the figure, and of the legend (say the unit there).
    outline : GeoDataFrame
        Lines that complete the outline of the map, for China
        :func:`spatialreg.datasets.china_sea_lines`.
    ax : Axes
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> ax = sr.plot.choropleth(states, "income_2009", legend="US$ per head")
    """
    require_columns(regions, [column], "regions")
    values = numeric_series(regions[column], column)
    valid = values.dropna()
    if breaks is not None:
        classes = mapclassify.UserDefined(valid, list(breaks))
    else:
        require_one_of(scheme, list(_SCHEMES), "scheme")
        distinct = max(1, min(k, valid.nunique()))
        classes = (
            _SCHEMES[scheme](valid) if scheme == "box_plot" else _SCHEMES[scheme](valid, k=distinct)
        )
    shades = mpl.colormaps[palette](np.linspace(0.12, 0.92, classes.k))
    drawn = pd.Series([mpl.colors.to_hex(shades[b]) for b in classes.yb], index=valid.index)
    colour = drawn.reindex(regions.index).fillna(NO_DATA)
    digits = "{:,.0f}" if valid.abs().max() >= 1000 else "{:.3g}"
    handles = [
        swatch(shades[i], words) for i, words in enumerate(classes.get_legend_classes(fmt=digits))
    ]
    if values.isna().any():
        handles.append(swatch(NO_DATA, "No data"))
    return paint(
        regions, colour, handles, label=label, title=title, legend=legend, outline=outline, ax=ax
    )


@styled
def categories(
    regions: gpd.GeoDataFrame,
    column: str,
    *,
    colours: Mapping[str, str] | None = None,
    label: str | None = None,
    title: str | None = None,
    legend: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the classes of a text column, each with its count in the legend.

    Parameters
    ----------
    regions : GeoDataFrame
    column : str
        Text; missing is drawn grey and says "No data".
    colours : mapping
        Class to colour, in the order of the legend; by default a set safe for colour-blind
        readers.
    label, title, legend, outline, ax
        As in :func:`choropleth`.

    Returns
    -------
    Axes
    """
    require_columns(regions, [column], "regions")
    values = regions[column].astype(object).where(regions[column].notna(), "No data").astype(str)
    if colours is None:
        names = [name for name in pd.unique(values) if name != "No data"]
        colours = {name: QUALITATIVE[i % len(QUALITATIVE)] for i, name in enumerate(names)}
    shades = {"No data": NO_DATA, **colours}
    colour = values.map(shades)
    counts = values.value_counts()
    order = [*colours, *(["No data"] if "No data" not in colours else [])]
    handles = [swatch(shades[n], f"{n} ({counts[n]})") for n in order if n in counts]
    return paint(
        regions, colour, handles, label=label, title=title, legend=legend, outline=outline, ax=ax
    )


@styled
def lisa_map(
    regions: gpd.GeoDataFrame,
    result: LocalResult,
    *,
    label: str | None = None,
    title: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the clusters of a local statistic in GeoDa's colours.

    Parameters
    ----------
    regions : GeoDataFrame
        Holds every region of `result`; others are drawn as "No data".
    result : LocalResult
    label, title, outline, ax
        As in :func:`choropleth`.

    Returns
    -------
    Axes

    Raises
    ------
    AlignmentError
        No region of `result` is on the map.
    """
    require_on_map(regions, result.frame.index, "the result")
    cluster = result.frame["cluster"].reindex(regions.index)
    drawn = regions.assign(cluster=cluster.astype(object).where(cluster.notna(), "No data"))
    words = f"{result.name}, {result.alternative} p ≤ {result.alpha:g}"
    if result.correction:
        words += f" ({result.correction})"
    return categories(
        drawn, "cluster", colours=CLUSTER_COLOURS, label=label, title=title, legend=words,
        outline=outline, ax=ax,
    )  # fmt: skip


@styled
def side_by_side(
    regions: gpd.GeoDataFrame,
    values: pd.Series,
    reached: pd.Series,
    *,
    titles: tuple[str, str] = ("", ""),
    palette: str = "YlGnBu",
    legend: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a value and what is reached on two maps of the same regions, beside each other.

    Parameters
    ----------
    regions : GeoDataFrame
    values : Series
        Numeric, by region; drawn in quintiles on the left.
    reached : Series
        True or False by region; drawn on the right.
    titles : (str, str)
        Of the two maps.
    palette, legend, outline
        As in :func:`choropleth`.
    title : str
        Of the figure.
    ax : Axes
        Its place is divided in two; a new figure by default.

    Returns
    -------
    Axes
        The left one; both stand in its figure.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> ax = sr.plot.side_by_side(states, states["income_2009"], states["income_2009"] > 40_000)
    """
    ax = axes(ax, figsize=(13.0, 5.6))
    halves = divided(ax, 2, title=title)
    drawn = regions[[regions.geometry.name]].assign(value=values.reindex(regions.index))
    left = choropleth(
        drawn, "value", palette=palette, title=titles[0], legend=legend, outline=outline,
        ax=next(halves),
    )  # fmt: skip
    reached_map(regions, reached, title=titles[1], outline=outline, ax=next(halves))
    return left


def reached_map(
    regions: gpd.GeoDataFrame,
    reached: pd.Series,
    *,
    title: str | None,
    outline: gpd.GeoDataFrame | None,
    ax: Axes,
) -> Axes:
    """Draw which regions are reached (True), which not (False), and which have no answer."""
    words = reached.reindex(regions.index).map({True: "reached", False: "not reached"})
    drawn = regions[[regions.geometry.name]].assign(
        reached=words.astype(object).where(words.notna(), "No data")
    )
    colours = {k: c for k, c in _REACHED.items() if (drawn["reached"] == k).any()}
    return categories(drawn, "reached", colours=colours, title=title, outline=outline, ax=ax)


@styled
def network_map(
    regions: gpd.GeoDataFrame,
    *,
    lines: gpd.GeoDataFrame | None = None,
    points: gpd.GeoDataFrame | None = None,
    line_by: str | None = None,
    title: str | None = None,
    legend: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw lines and points of a network over the outlines of regions; schematic lines dashed.

    Parameters
    ----------
    regions : GeoDataFrame
        The ground.
    lines, points : GeoDataFrame
        In any CRS. A column ``nature`` that says "schematic" draws a line dashed.
    line_by : str
        Text column of `lines` that gives their colour.
    title, legend, outline, ax
        As in :func:`choropleth`.

    Returns
    -------
    Axes
    """
    ground = pd.Series("#f5f5f2", index=regions.index)
    handles: list[Any] = []
    overlays: list[tuple[gpd.GeoDataFrame, dict[str, Any]]] = []
    if lines is not None and len(lines):
        schematic = "nature" in lines.columns and bool((lines["nature"] == "schematic").all())
        groups = [("lines", lines)] if line_by is None else list(lines.groupby(line_by, sort=False))
        for i, (name, part) in enumerate(groups):
            style: dict[str, Any] = {"color": QUALITATIVE[i % len(QUALITATIVE)], "linewidth": 1.0}
            style["linestyle"] = (0, (4, 1.2)) if schematic else "solid"
            overlays.append((part, style))
            words = f"{name} ({len(part)})" + (", schematic" if schematic else "")
            handles.append(mpl.lines.Line2D([], [], label=words, **style))
    if points is not None and len(points):
        overlays.append((points, {"color": "#222222", "markersize": 3, "zorder": 4}))
        handles.append(
            mpl.lines.Line2D(
                [],
                [],
                ls="none",
                marker="o",
                ms=2.5,
                color="#222222",
                label=f"stations ({len(points)})",
            )
        )
    return paint(
        regions, ground, handles, title=title, legend=legend, outline=outline, ax=ax,
        overlays=overlays,
    )  # fmt: skip
