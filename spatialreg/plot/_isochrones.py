"""Figures of what is reached: isochrones on a map, coverage by definition and date."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from .._align import require_columns, require_one_of, some
from .._palettes import QUALITATIVE
from .._results import CoverageComparison
from ..errors import InputError
from ._axes import axes, divided, legend_beside, mark_day, styled, text, titled
from ._maps import reached_map
from ._paint import paint, require_on_map


@styled
def isochrone_map(
    areas: gpd.GeoDataFrame,
    *,
    regions: gpd.GeoDataFrame | None = None,
    lines: gpd.GeoDataFrame | None = None,
    facilities: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    palette: str = "YlGnBu",
    title: str | None = None,
    legend: str | None = "minutes",
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw isochrones, the shortest time darkest, over regions and under lines and facilities.

    Parameters
    ----------
    areas : GeoDataFrame
        What :func:`spatialreg.access.isochrones` gives, whole areas or rings.
    regions : GeoDataFrame
        The ground.
    lines : GeoDataFrame
        Such as the edges of the network; those that are not drawn are left out.
    facilities : GeoDataFrame or GeoSeries
        Points.
    palette : str
        A matplotlib colour map.
    title, legend, outline, ax
        As in :func:`choropleth`.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        `areas` has no minutes, or nothing was reached.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(index=["a", "b"],
    ...     geometry=gpd.points_from_xy([10.0, 10.5], [50.0, 50.0]), crs=4326)
    >>> network = sr.Network.from_frames(
    ...     nodes, pd.DataFrame({"start": ["a"], "end": ["b"], "minutes": [40.0]}))
    >>> areas = sr.access.isochrones(["a"], network, breaks=[10, 20])
    >>> ax = sr.plot.isochrone_map(areas)
    """
    require_columns(areas, ["minutes"], "areas")
    drawn = areas[~areas.geometry.is_empty]
    if drawn.empty:
        raise InputError("nothing is reached within the breaks: there is no area to draw")
    breaks = np.sort(areas["minutes"].unique())
    shades = mpl.colormaps[palette](np.linspace(0.85, 0.25, len(breaks)))
    overlays: list[tuple[gpd.GeoDataFrame, dict[str, Any]]] = []
    handles: list[Any] = []
    # the longest first, so that the shorter ones lie on it
    for minutes, shade in list(zip(breaks, shades, strict=True))[::-1]:
        part = drawn[drawn["minutes"] == minutes]
        overlays.append((part, {"color": mpl.colors.to_hex(shade), "linewidth": 0, "zorder": 2}))
        handles.insert(0, Patch(facecolor=shade, label=f"{minutes:g}"))
    if lines is not None:
        shown = lines[lines.geometry.notna()]
        if len(shown):
            overlays.append((shown, {"color": "#555555", "linewidth": 0.5, "zorder": 3}))
    if facilities is not None:
        points = facilities.geometry.to_frame("geometry")
        style = {"color": "#b30000", "markersize": 9, "zorder": 4}
        overlays.append((points, style))
        words = f"facilities ({len(points):,})"
        handles.append(Line2D([], [], ls="none", marker="o", ms=4, color="#b30000", label=words))
    ground = _ground(drawn) if regions is None else regions
    colour = pd.Series("#f5f5f2" if regions is not None else "#ffffff00", index=ground.index)
    return paint(
        ground, colour, handles, title=title, legend=legend, outline=outline, ax=ax,
        overlays=overlays,
    )  # fmt: skip


@styled
def coverage_lines(
    comparison: CoverageComparison,
    *,
    column: str = "share",
    mark: tuple[pd.Timestamp, str] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share covered by date, a line a definition.

    Parameters
    ----------
    comparison : CoverageComparison
        Of series.
    column : {"share", "population_share", "reached_share"}
        Definitions without it are left out.
    mark : (Timestamp, str)
        A date to mark, and its word.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        The comparison is of one day, or no definition has `column`.

    Examples
    --------
    >>> import geopandas as gpd, spatialreg as sr
    >>> from shapely import box
    >>> regions = gpd.GeoDataFrame(
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], index=["a", "b"], crs=4326)
    >>> stations = gpd.GeoDataFrame({"opened": ["2010-06-01", "2015-01-01"]},
    ...     geometry=gpd.points_from_xy([0.5, 1.5], [0.5, 0.5]), crs=4326)
    >>> towns = regions.set_geometry(regions.representative_point())
    >>> found = sr.access.compare_coverage({
    ...     "inside": sr.access.coverage_series(regions, stations, dates=[2010, 2020]),
    ...     "half of the area within 50 km": sr.access.coverage_series(
    ...         regions, stations, dates=[2010, 2020], definition="area_distance",
    ...         threshold=50_000)})
    >>> ax = sr.plot.coverage_lines(found)
    """
    labels = {
        "share": "share of regions covered",
        "population_share": "share of people in covered regions",
        "reached_share": "share of people, settlements or area reached",
    }
    require_one_of(column, list(labels), "column")
    frame = comparison.frame
    if "date" not in frame.index.names:
        raise InputError("the comparison is of one day: compare series of several dates")
    wide = frame[column].unstack("date").dropna(how="all")
    if wide.empty:
        raise InputError(f"no definition has a {column}: ask coverage with population=, or shares")
    order = [name for name in frame.index.unique("definition") if name in wide.index]
    ax = axes(ax)
    for i, name in enumerate(order):
        ax.plot(
            wide.columns, wide.loc[name], lw=1.8, marker="os^Dvph"[i % 7], ms=4,
            color=QUALITATIVE[i % len(QUALITATIVE)], label=text(str(name)),
        )  # fmt: skip
    mark_day(ax, mark)
    ax.set_ylim(0, max(1e-3, min(1.02, float(np.nanmax(wide.to_numpy())) * 1.15)))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_ylabel(labels[column])
    legend_beside(ax)
    return titled(ax, title)


@styled
def coverage_maps(
    regions: gpd.GeoDataFrame,
    covered: pd.DataFrame,
    *,
    columns: int = 3,
    title: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw which regions are reached as small maps, one a definition or date.

    Parameters
    ----------
    regions : GeoDataFrame
    covered : DataFrame of bool
        Regions by definition, by date, or by both: ``.covered`` of a comparison or series.
    columns : int
        Maps in a row.
    title : str
        Of the figure.
    outline : GeoDataFrame
        As in :func:`choropleth`.
    ax : Axes
        Its place is divided; a new figure by default.

    Returns
    -------
    Axes
        The first of them; all stand in its figure.

    Raises
    ------
    AlignmentError
        No region of `covered` is on the map.
    InputError
        There is nothing to draw, or `ax` has no place to divide.

    Examples
    --------
    >>> import geopandas as gpd, spatialreg as sr
    >>> from shapely import box
    >>> regions = gpd.GeoDataFrame(
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], index=["a", "b"], crs=4326)
    >>> stations = gpd.GeoDataFrame({"opened": ["2010-06-01", "2015-01-01"]},
    ...     geometry=gpd.points_from_xy([0.5, 1.5], [0.5, 0.5]), crs=4326)
    >>> found = sr.access.coverage_series(regions, stations, dates=[2010, 2020])
    >>> ax = sr.plot.coverage_maps(regions, found.covered)
    """
    if not covered.shape[1]:
        raise InputError("covered has no column: there is nothing to draw")
    if not (isinstance(columns, int) and columns >= 1):
        raise InputError(f"columns must be a whole number from 1 on, not {columns!r}")
    require_on_map(regions, covered.index, f"covered ({some(covered.index)})")
    across = min(columns, covered.shape[1])
    down = -(-covered.shape[1] // across)
    ax = axes(ax, figsize=(4.3 * across, 3.6 * down))
    places = divided(ax, across, down=down, title=title)
    drawn = [
        reached_map(regions, covered[name], title=_panel_title(name), outline=outline, ax=place)
        for name, place in zip(covered.columns, places, strict=False)
    ]
    return drawn[0]


def _ground(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the frame of the areas, where there are no regions to draw them on."""
    envelope = gpd.GeoSeries([areas.geometry.union_all().envelope], crs=areas.crs)
    return gpd.GeoDataFrame(geometry=envelope)


def _panel_title(name: Any) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return ", ".join(f"{p:%Y-%m-%d}" if isinstance(p, pd.Timestamp) else str(p) for p in parts)
