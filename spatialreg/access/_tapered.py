"""Areas reached off the network from its lines and points, while time runs out: tapered buffers.

Along a straight segment on which the remaining time falls linearly, what is reached off it is the
union of discs whose radii fall linearly: the convex hull of the first and the last. Discs are
geodesic circles. In the plane of an equal-area projection they are ellipses, from the projection's
scale at their centre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Transformer

from ._reached import Pieces

_AXIS, _FLATTENING = 6_378_137.0, 1 / 298.257223563  # of WGS-84
_STEP = 100.0  # over which a projection's scale is measured [m]


@dataclass(frozen=True, eq=False)
class Segments:
    """Straight parts of lines in a plane, with a quantity at both ends.

    Attributes
    ----------
    xy : ndarray of float, shape (segments, 2, 2)
        Start and end.
    value : ndarray of float, shape (segments, 2)
    piece : ndarray of int
        The piece of an edge that a segment is part of.
    """

    xy: np.ndarray
    value: np.ndarray
    piece: np.ndarray


@dataclass(frozen=True, eq=False)
class Drawn:
    """Lines taken apart once, so that parts of them can be cut out by share of their length."""

    first: np.ndarray
    xy: np.ndarray
    share: np.ndarray

    @classmethod
    def of(cls, lines: np.ndarray) -> Drawn:
        """Take lines apart.

        Parameters
        ----------
        lines : ndarray of LineString, in a plane
        """
        xy, line = shapely.get_coordinates(lines, return_index=True)
        first = np.searchsorted(line, np.arange(len(lines) + 1))
        step = np.r_[0.0, np.hypot(*np.diff(xy, axis=0).T)] if len(xy) else np.empty(0)
        step[first[:-1]] = 0.0
        along = np.cumsum(step)
        along -= along[first[:-1]][line]
        length = along[first[1:] - 1][line]
        # a line without length is left at once
        last = np.arange(len(xy)) == (first[1:] - 1)[line]
        share = np.where(length > 0, along / np.where(length > 0, length, 1.0), last * 1.0)
        return cls(first, xy, share)

    def cut(self, pieces: Pieces) -> Segments:
        """Give the straight segments of pieces, their times interpolated along them."""
        edge = pieces.edge
        key = self.share + np.repeat(np.arange(len(self.first) - 1), np.diff(self.first)) * 2.0
        low = np.searchsorted(key, edge * 2.0 + pieces.share[:, 0], side="right") - 1
        low = np.clip(low, self.first[edge], self.first[edge + 1] - 2)
        high = np.searchsorted(key, edge * 2.0 + pieces.share[:, 1], side="left")
        high = np.clip(high, low + 1, self.first[edge + 1] - 1)
        count = high - low
        piece = np.repeat(np.arange(len(edge)), count)
        step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        vertex = low[piece] + step
        start, stop = self.share[vertex], self.share[vertex + 1]
        cut = np.column_stack(
            [np.maximum(start, pieces.share[piece, 0]), np.minimum(stop, pieces.share[piece, 1])]
        )
        span = np.where(stop > start, stop - start, 1.0)
        at = (cut - start[:, None]) / span[:, None]
        whole = self.xy[vertex + 1] - self.xy[vertex]
        xy = self.xy[vertex][:, None, :] + at[:, :, None] * whole[:, None, :]
        width = np.diff(pieces.share[piece], axis=1)
        gone = (cut - pieces.share[piece, :1]) / np.where(width > 0, width, 1.0)
        time = pieces.time[piece, :1] + gone * np.diff(pieces.time[piece], axis=1)
        return Segments(xy, time, piece)


@dataclass(frozen=True, eq=False)
class Tapers:
    """Pairs of discs in a plane, each standing for the convex hull of both.

    Attributes
    ----------
    xy : ndarray of float, shape (tapers, 2, 2)
        The centres.
    radius : ndarray of float, shape (tapers, 2)
        [m].
    scale : ndarray of float, shape (tapers, 2, 2, 2)
        What a metre to the east, and to the north, is in the plane at each centre: the columns.
    circle : ndarray of float, shape (corners, 2)
        The corners of a disc of radius 1, a multiple of four.
    """

    xy: np.ndarray
    radius: np.ndarray
    scale: np.ndarray
    circle: np.ndarray

    def __len__(self) -> int:
        return len(self.xy)

    def __getitem__(self, some: slice | np.ndarray) -> Tapers:
        return Tapers(self.xy[some], self.radius[some], self.scale[some], self.circle)

    def rings(self) -> np.ndarray:
        """Give the corners of the discs, of shape (tapers, 2, corners, 2)."""
        rings = np.empty((*self.radius.shape, *self.circle.shape))
        for axis in (0, 1):
            east, north = (self.radius * self.scale[..., axis, i] for i in (0, 1))
            offset = east[..., None] * self.circle[:, 0] + north[..., None] * self.circle[:, 1]
            np.add(self.xy[..., None, axis], offset, out=rings[..., axis])
        return rings

    def boxes(self) -> np.ndarray:
        """Give boxes (west, south, east, north) that hold the hulls."""
        outermost = np.hypot(*self.circle[0])
        reach = (
            outermost * self.radius[..., None] * np.hypot(self.scale[..., 0], self.scale[..., 1])
        )
        low, high = (self.xy - reach).min(axis=1), (self.xy + reach).max(axis=1)
        return np.concatenate([low, high], axis=1)

    def hulls(self) -> np.ndarray:
        """Give the hulls as polygons."""
        corners = self.rings().reshape(len(self), 2 * len(self.circle), 2)
        return np.asarray(shapely.convex_hull(shapely.linestrings(corners)))


class Discs:
    """Makes discs and tapered buffers in a projection.

    Parameters
    ----------
    metric : CRS
        Equal-area.
    quad_segs : int
        Segments a quarter of a circle.
    """

    def __init__(self, metric: CRS, quad_segs: int) -> None:
        self._to_degrees = Transformer.from_crs(metric, 4326, always_xy=True)
        self._to_plane = Transformer.from_crs(4326, metric, always_xy=True)
        angle = np.arange(4 * quad_segs) * (np.pi / 2 / quad_segs)
        # the polygon has the area of the circle, half outside it and half inside
        sides = len(angle)
        radius = np.sqrt(2 * np.pi / (sides * np.sin(2 * np.pi / sides)))
        self._circle = radius * np.column_stack([np.cos(angle), np.sin(angle)])

    def around(self, xy: np.ndarray, radius: np.ndarray) -> Tapers:
        """Give discs: points of shape (n, 2), radii [m] of shape (n,)."""
        return self._tapers(np.stack([xy, xy], axis=1), np.column_stack([radius, radius]))

    def along(self, segments: Segments) -> Tapers:
        """Give the tapered buffer of each segment, whose values are radii [m]."""
        kept = (segments.value > 0).any(axis=1)
        return self._tapers(segments.xy[kept], np.maximum(segments.value[kept], 0.0))

    def _tapers(self, xy: np.ndarray, radius: np.ndarray) -> Tapers:
        scale = self._scale(xy.reshape(-1, 2)).reshape(len(xy), 2, 2, 2)
        return Tapers(xy, radius, scale, self._circle)

    def _scale(self, xy: np.ndarray) -> np.ndarray:
        """Give what a metre to the east, and to the north, is in the plane: the columns."""
        lon, lat = self._to_degrees.transform(xy[:, 0], xy[:, 1])
        sine = np.sin(np.radians(lat))
        square = _FLATTENING * (2 - _FLATTENING)
        bent = 1 - square * sine**2
        across = _AXIS / np.sqrt(bent)
        meridian = _AXIS * (1 - square) / bent**1.5
        east = lon + np.degrees(_STEP / (across * np.cos(np.radians(lat))))
        north = lat + np.degrees(_STEP / meridian)
        moved = [self._to_plane.transform(east, lat), self._to_plane.transform(lon, north)]
        columns = [(np.column_stack(to) - xy) / _STEP for to in moved]
        return np.stack(columns, axis=2)


def joined(tapers: Sequence[Tapers]) -> Tapers:
    """Give all tapers of one maker in one."""
    xy, radius, scale = (
        np.concatenate([getattr(some, name) for some in tapers])
        for name in ("xy", "radius", "scale")
    )
    return Tapers(xy, radius, scale, tapers[0].circle)


def radii(segments: Segments, limit: float, metres_a_minute: float, within: float) -> Segments:
    """Turn times into radii: the way that the remaining minutes leave, at most `within` [m].

    Segments are cut where their radius reaches `within`, so that it is linear along each.
    """
    full = (limit - segments.value) * metres_a_minute
    over = full > within
    bent = np.flatnonzero(over[:, 0] != over[:, 1])
    straight = np.flatnonzero(over[:, 0] == over[:, 1])
    share = (within - full[bent, 0]) / (full[bent, 1] - full[bent, 0]) if len(bent) else np.empty(0)
    middle = segments.xy[bent, 0] + share[:, None] * (segments.xy[bent, 1] - segments.xy[bent, 0])
    capped = np.minimum(full, within)
    edge = np.full(len(bent), within)
    xy = np.concatenate(
        [
            segments.xy[straight],
            np.stack([segments.xy[bent, 0], middle], axis=1),
            np.stack([middle, segments.xy[bent, 1]], axis=1),
        ]
    )
    value = np.concatenate(
        [
            capped[straight],
            np.column_stack([capped[bent, 0], edge]),
            np.column_stack([edge, capped[bent, 1]]),
        ]
    )
    return Segments(xy, value, segments.piece[np.r_[straight, bent, bent]])


def degrees(shapes: np.ndarray, metric: CRS) -> np.ndarray:
    """Bring areas from the plane to EPSG:4326, valid, with edges short enough to stay in place."""
    fine = shapely.segmentize(shapes, 5_000.0)
    back = gpd.GeoSeries(fine, crs=metric).to_crs(4326).to_numpy()
    return np.array([_areal(shape) for shape in shapely.make_valid(back)], dtype=object)


def _areal(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the polygons of a shape: a multipolygon always, so that a column has one type."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == 3])
