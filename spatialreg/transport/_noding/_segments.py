"""Lines as straight segments in metres, which a search tree can be asked about.

A line is straight between its vertices in its own reference system. In the metric projection a long
segment is an arc, so it is cut into pieces that keep to it; each piece knows its place on the line.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Proj, Transformer

from ...errors import PrecisionWarning

# a piece leaves the true line by less than this share of the tolerance
_SAG = 0.1
_MOST_PIECES = 10_000
# how far the projection's scale may be from one before the tolerance is no longer what it says
_SCALE = 0.1


@dataclass(frozen=True, eq=False)
class Parts:
    """Single lines, one after the other.

    Attributes
    ----------
    row : ndarray of int, shape (p,)
        The row of the layer that each is a part of.
    offset : ndarray of int, shape (p + 1,)
        Where its vertices begin in `xy`.
    xy : ndarray, shape (v, 2)
        Vertices in the layer's own reference system.
    metric : ndarray, shape (v, 2)
        The same [m].
    group : ndarray of int, shape (p,)
        Lines of one group join each other along their course: those of one mode and level.
    """

    row: np.ndarray
    offset: np.ndarray
    xy: np.ndarray
    metric: np.ndarray
    group: np.ndarray
    to_metric: Transformer

    @cached_property
    def ends(self) -> np.ndarray:
        """Positions of the first vertices, then of the last ones."""
        return np.r_[self.offset[:-1], self.offset[1:] - 1]

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, eq=False)
class Segments:
    """The straight pieces of all parts, in the order of the parts and along each.

    Attributes
    ----------
    part : ndarray of int, shape (s,)
    vertex : ndarray of int, shape (s,)
        The vertex before the segment.
    begin, stop : ndarray, shape (s,)
        The share of the way from that vertex to the next at which the segment begins and stops.
    a, b : ndarray, shape (s, 2)
        Where it begins and stops [m].
    """

    part: np.ndarray
    vertex: np.ndarray
    begin: np.ndarray
    stop: np.ndarray
    a: np.ndarray
    b: np.ndarray

    @cached_property
    def shapes(self) -> np.ndarray:
        """The segments as lines."""
        return shapely.linestrings(np.stack([self.a, self.b], axis=1))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The tree that finds segments by place."""
        return shapely.STRtree(self.shapes)

    def place(self, segment: np.ndarray, share: np.ndarray) -> np.ndarray:
        """Give the place on the vertices (vertex + share of the way to the next) of a point."""
        way = self.stop[segment] - self.begin[segment]
        return self.vertex[segment] + self.begin[segment] + share * way


def parts_of(shapes: gpd.GeoSeries, group: np.ndarray, metric: CRS) -> Parts:
    """Take lines apart into parts without repeated vertices; those without length are left out.

    Parameters
    ----------
    shapes : GeoSeries
        Lines and multilines with a CRS; missing ones have no parts.
    group : ndarray of int
        By row.
    metric : CRS
        In which distances are measured.

    Returns
    -------
    Parts
    """
    lines, row = shapely.get_parts(shapes.to_numpy(), return_index=True)
    xy, part = shapely.get_coordinates(lines, return_index=True)
    fresh = np.ones(len(xy), dtype=bool)
    fresh[1:] = (part[1:] != part[:-1]) | (xy[1:] != xy[:-1]).any(axis=1)
    vertices = np.bincount(part[fresh], minlength=len(lines))
    fresh &= vertices[part] > 1
    kept = vertices > 1
    offset = np.r_[0, np.cumsum(vertices[kept])]
    to_metric = Transformer.from_crs(shapes.crs, metric, always_xy=True)
    xy = xy[fresh]
    return Parts(row[kept], offset, xy, transformed(to_metric, xy), group[row[kept]], to_metric)


def segments_of(parts: Parts, tolerance: float) -> Segments:
    """Cut the parts into segments that are straight in the metric projection too."""
    first = np.ones(len(parts.xy), dtype=bool)
    first[parts.offset[1:] - 1] = False
    vertex = np.flatnonzero(first)
    part = np.repeat(np.arange(len(parts)), np.diff(parts.offset) - 1)
    middle = transformed(parts.to_metric, (parts.xy[vertex] + parts.xy[vertex + 1]) / 2)
    off = np.hypot(*(middle - (parts.metric[vertex] + parts.metric[vertex + 1]) / 2).T)
    # the sagitta falls with the square of the number of pieces
    pieces = np.ceil(np.sqrt(off / (_SAG * tolerance))).clip(1, _MOST_PIECES).astype(np.int64)
    which = np.repeat(np.arange(len(vertex)), pieces)
    k = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    begin, stop = k / pieces[which], (k + 1) / pieces[which]
    a, b = parts.metric[vertex[which]], parts.metric[vertex[which] + 1]
    inner = np.flatnonzero(k > 0)
    if len(inner):
        between = transformed(parts.to_metric, along(parts.xy, vertex[which[inner]] + begin[inner]))
        a, b = a.copy(), b.copy()
        a[inner], b[inner - 1] = between, between
    return Segments(part[which], vertex[which], begin, stop, a, b)


def along(xy: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Give the points at places on the vertices; a whole number is exactly that vertex."""
    vertex = np.floor(place).astype(np.int64)
    share = (place - vertex)[:, None]
    following = np.minimum(vertex + 1, len(xy) - 1)
    return np.where(share == 0, xy[vertex], xy[vertex] + share * (xy[following] - xy[vertex]))


def transformed(transformer: Transformer, xy: np.ndarray) -> np.ndarray:
    """Give points in the other reference system."""
    return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))


def check_scale(lonlat: np.ndarray, metric: CRS, tolerance: float) -> None:
    """Warn where the layer is so wide that no projection keeps the tolerance everywhere.

    Warns
    -----
    PrecisionWarning
        The tolerance is off by more than a tenth somewhere.
    """
    if not len(lonlat):
        return
    (west, south), (east, north) = lonlat.min(axis=0), lonlat.max(axis=0)
    lon = np.linspace(west, east, 5).repeat(5)
    lat = np.tile(np.linspace(max(south, -89.0), min(north, 89.0), 5), 5)
    factors = Proj(metric).get_factors(lon, lat)
    scales = np.r_[np.asarray(factors.meridional_scale), np.asarray(factors.parallel_scale)]
    low, high = scales.min(), scales.max()
    if low < 1 - _SCALE or high > 1 + _SCALE:
        warnings.warn(
            f"the layer spans {east - west:.0f} by {north - south:.0f} degrees; measured on the "
            f"ground the tolerance of {tolerance:g} m is between {tolerance / high:.3g} and "
            f"{tolerance / low:.3g} m: node its parts on their own",
            PrecisionWarning,
            stacklevel=3,
        )
