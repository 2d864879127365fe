"""How a map is painted: thinned borders, an equal-area projection, the inset, names, the legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from shapely import box

from .._align import require_columns
from .._crs import CHINA_ALBERS, equal_area_crs
from ..errors import AlignmentError
from ._axes import axes, text
from ._fonts import has_chinese

# the usual frame of the inset, in degrees: the islands of the South China Sea
_SOUTH_CHINA_SEA = (105.5, 2.5, 123.5, 24.5)
_MAIN_FRAME_SOUTH = 17.8
_VERTICES = 20_000  # fewer are drawn as they are
_TALL = 1.25  # from this ratio of height to width on the legend stands beside the map
# where a name may stand, in points from the middle of its region, the nearest first
_SHIFTS = (
    (0, 0), (0, -7), (0, 7), (18, 0), (18, -7), (18, 7), (-18, 0), (26, -12), (26, 12), (-26, -10),
    (30, -18), (-30, -18), (36, 0), (0, -16),
)  # fmt: skip


def paint(
    regions: gpd.GeoDataFrame,
    colour: pd.Series,
    handles: list[Any],
    *,
    label: str | None = None,
    title: str | None = None,
    legend: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
    overlays: Sequence[tuple[gpd.GeoDataFrame, dict[str, Any]]] = (),
) -> Axes:
    """Draw regions in their colours, with what lies over them, in an equal-area projection."""
    crs = equal_area_crs(regions)
    ax = axes(ax, figsize=(8.6, 6.6))
    projected = thinned(regions.to_crs(crs), ax)
    china = crs == CHINA_ALBERS
    edge = {"edgecolor": "#777777", "linewidth": 0.4 if len(regions) < 500 else 0.08}

    def draw(where: Axes, inside: gpd.GeoSeries | None = None) -> None:
        within = slice(None) if inside is None else projected.intersects(inside.iloc[0]).to_numpy()
        projected[within].plot(ax=where, color=list(colour[within]), **edge)
        if outline is not None:
            outline.to_crs(crs).plot(ax=where, color="#777777", linewidth=0.8)
        for frame, style in overlays:
            frame.to_crs(crs).plot(ax=where, **style)
        where.set_aspect("equal")
        where.set(xticks=[], yticks=[], xlabel="", ylabel="")

    draw(ax)
    if china and regions.to_crs(4326).total_bounds[1] < _MAIN_FRAME_SOUTH - 1:
        # room below for the inset, so that it hides neither Taiwan nor Guangdong
        west, south, east, north = _mainland_bounds(regions).to_crs(crs).total_bounds
        _frame(ax, (west, south - 0.13 * (north - south), east, north), 0.01)
        inset = ax.inset_axes((0.8, 0.0, 0.2, 0.235), anchor="SE")
        corners = gpd.GeoSeries([box(*_SOUTH_CHINA_SEA).segmentize(0.5)], crs=4326).to_crs(crs)
        draw(inset, corners.envelope)
        _frame(inset, corners.total_bounds, 0.0)
        for side in inset.spines.values():
            side.set(visible=True, linewidth=0.6)
    for side in ax.spines.values():
        side.set_visible(False)
    if label is not None:
        _write_names(ax, projected, label)
    if handles:
        west, south, east, north = projected.total_bounds
        tall = north - south > _TALL * (east - west)
        box_ = ax.legend(
            handles=handles,
            title=text(legend) or None,
            loc="lower left",
            # beside a tall map there is room, and in it there is none
            bbox_to_anchor=(1.0, 0.0) if tall else None,
            fontsize=7.5,
            title_fontsize=8,
            frameon=True,
            framealpha=0.9,
            edgecolor="none",
        )
        box_.set_zorder(6)
    if title:
        # axes of the caller's were made with the caller's font, which may lack Chinese
        family = mpl.rcParams["font.family"]
        ax.set_title(text(title), fontsize=11, loc="left", fontfamily=family)
    return ax


def require_on_map(regions: gpd.GeoDataFrame, labels: pd.Index, what: str) -> None:
    """Raise if none of the labels of `what` is among the regions."""
    if not len(regions.index.intersection(labels)):
        raise AlignmentError(f"no region of {what} is on the map: use the same regions")


def swatch(colour: Any, words: str) -> Patch:
    """Give the entry of a legend for the regions of one colour."""
    return Patch(facecolor=colour, edgecolor="#666666", linewidth=0.4, label=words)


def thinned(regions: gpd.GeoDataFrame, ax: Axes) -> gpd.GeoDataFrame:
    """Leave out the bends of borders that are narrower than half a dot of the printed figure."""
    west, _, east, _ = regions.total_bounds
    figure = ax.get_figure(root=True)
    width = figure.get_size_inches()[0] if figure is not None else 8.0
    dots = width * ax.get_position().width * 200
    polygons = regions.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    if not polygons or shapely.get_num_coordinates(regions.geometry.to_numpy()).sum() < _VERTICES:
        return regions
    thin = shapely.coverage_simplify(regions.geometry.to_numpy(), (east - west) / dots / 2)
    return regions.set_geometry(gpd.GeoSeries(thin, index=regions.index, crs=regions.crs))


def _mainland_bounds(regions: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Give the parts of the regions that lie north of the frame's southern edge."""
    parts = regions.geometry.to_crs(4326).explode()
    return parts[parts.bounds["miny"] > _MAIN_FRAME_SOUTH]


def _frame(ax: Axes, bounds: Sequence[float], margin: float) -> None:
    west, south, east, north = bounds
    ax.set_xlim(west - margin * (east - west), east + margin * (east - west))
    ax.set_ylim(south - margin * (north - south), north + margin * (north - south))


def _write_names(ax: Axes, projected: gpd.GeoDataFrame, label: str) -> None:
    """Write names from the largest region to the smallest, moving aside where one is in the way."""
    require_columns(projected, [label], "regions")
    size = 5.5
    ax.figure.canvas.draw()  # settles the limits on which positions depend
    points = projected.geometry.representative_point()
    taken: list[tuple[float, float, float, float]] = []
    per_point = ax.figure.dpi / 72
    for code in projected.geometry.area.sort_values(ascending=False).index:
        name = projected.loc[code, label]
        words = text(name) if isinstance(name, str) else ""
        if not words:
            continue
        at = (points[code].x, points[code].y)
        x, y = ax.transData.transform(at)
        half = per_point * size * sum(1.0 if has_chinese(c) else 0.56 for c in words) / 2
        high = per_point * size * 0.6
        for shift in _SHIFTS:
            middle = x + shift[0] * per_point, y + shift[1] * per_point
            place = middle[0] - half, middle[1] - high, middle[0] + half, middle[1] + high
            if not any(overlap(place, other) for other in taken):
                break
        else:
            continue
        taken.append(place)
        line = {"arrowstyle": "-", "lw": 0.3, "shrinkA": 0, "shrinkB": 0}
        ax.annotate(
            words, at, xytext=shift, textcoords="offset points", ha="center", va="center",
            fontsize=size, zorder=5,
            arrowprops=line if shift != (0, 0) else None,
            path_effects=[withStroke(linewidth=1.1, foreground="white")],
        )  # fmt: skip


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Say whether two boxes (left, bottom, right, top) have a point in common."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
