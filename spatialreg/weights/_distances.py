"""Distances between regions in metres, whatever reference system they come in."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from .._crs import equal_area_crs
from ..errors import CRSError
from ._globe import EARTH_RADIUS_M, nearest_on_globe

_SAME = 1e-9  # distances that differ by less than this share are equal


@dataclass(frozen=True)
class GroundPoints:
    """Points in metres: on a plane, or on a sphere in three dimensions.

    Straight lines through the sphere order distances as great circles do, so that one search tree
    serves both.
    """

    xyz: np.ndarray
    on_sphere: bool

    def __len__(self) -> int:
        return len(self.xyz)

    def nearest_distance(self) -> np.ndarray:
        """Give each point's distance to its nearest other point [m]."""
        straight, _ = cKDTree(self.xyz).query(self.xyz, k=2)
        return self._along_ground(straight[:, 1])

    def nearest(self, k: int, labels: pd.Index) -> tuple[np.ndarray, np.ndarray]:
        """Give pairs of positions of each point and its `k` nearest; ties go to the first label."""
        tree = cKDTree(self.xyz)
        reach = tree.query(self.xyz, k=[k + 1])[0][:, 0]
        lists = tree.query_ball_point(self.xyz, reach * (1 + _SAME))
        one = np.repeat(np.arange(len(self)), [len(found) for found in lists])
        other = np.concatenate(lists).astype(int)
        one, other = one[one != other], other[one != other]
        distance = np.linalg.norm(self.xyz[one] - self.xyz[other], axis=1)
        # those that tie for the last place are set to the same distance
        distance = np.where(distance >= reach[one] * (1 - _SAME), reach[one], distance)
        rank = labels.argsort().argsort()
        order = np.lexsort((rank[other], distance, one))
        one, other = one[order], other[order]
        place = np.arange(len(one)) - np.searchsorted(one, one)
        return one[place < k], other[place < k]

    def within(self, metres: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Give pairs of positions up to `metres` apart, in both directions, and distances [m]."""
        straight = self._straight(metres) * (1 + _SAME)
        pairs = cKDTree(self.xyz).query_pairs(straight, output_type="ndarray")
        one, other = np.concatenate([pairs, pairs[:, ::-1]]).T
        return one, other, self.between(one, other)

    def between(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Give the distance between the points at positions `one` and those at `other` [m]."""
        return self._along_ground(np.linalg.norm(self.xyz[one] - self.xyz[other], axis=1))

    def _along_ground(self, straight: np.ndarray) -> np.ndarray:
        if not self.on_sphere:
            return straight
        half = np.minimum(straight / (2 * EARTH_RADIUS_M), 1.0)
        return 2 * EARTH_RADIUS_M * np.arcsin(half)

    def _straight(self, metres: float) -> float:
        if not self.on_sphere:
            return metres
        angle = min(metres / (2 * EARTH_RADIUS_M), np.pi / 2)
        return float(2 * EARTH_RADIUS_M * np.sin(angle))


def ground_points(shapes: gpd.GeoSeries) -> GroundPoints:
    """Give the representative points of `shapes` (points themselves) in metres.

    Raises
    ------
    CRSError
        `shapes` has no CRS.
    """
    _require_crs(shapes)
    points = shapes.representative_point()
    if not _in_degrees(shapes):
        return GroundPoints(np.column_stack([points.x, points.y]) * _metres(shapes), False)
    if not shapes.crs.is_geographic:
        points = points.to_crs(4326)
    lon, lat = np.radians(points.x.to_numpy()), np.radians(points.y.to_numpy())
    xyz = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return GroundPoints(EARTH_RADIUS_M * xyz, True)


def planar(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Give `shapes` in a plane in metres: their own, else an equal-area one chosen from them.

    Raises
    ------
    CRSError
        `shapes` has no CRS.
    """
    _require_crs(shapes)
    if _in_degrees(shapes):
        return shapes.to_crs(equal_area_crs(shapes))
    factor = _metres(shapes)
    return shapes if factor == 1 else shapes.affine_transform([factor, 0, 0, factor, 0, 0])


def nearest_outline(shapes: gpd.GeoSeries, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give, for the shapes at `rows`, the position of the nearest other shape and its distance [m].

    Of several at the same distance the first by label is taken. Shapes in degrees over more than
    half of the globe are measured on it: a plane would part those on either side of longitude 180.

    Raises
    ------
    CRSError
        `shapes` has no CRS.
    """
    _require_crs(shapes)
    rank = shapes.index.argsort().argsort()
    if _in_degrees(shapes):
        degrees = shapes.to_crs(4326)
        west, _, east, _ = degrees.total_bounds
        if east - west > 180:
            # long sides are straight in degrees, not on the globe
            return _nearest_around(shapely.segmentize(degrees.to_numpy(), 1.0), rows, rank)
    geometry = planar(shapes).to_numpy()
    (asked, found), distance = shapely.STRtree(geometry).query_nearest(
        geometry[rows], exclusive=True, all_matches=True, return_distance=True
    )
    order = np.lexsort((rank[found], asked))
    first = order[np.unique(asked[order], return_index=True)[1]]
    return found[first], distance[first]


def _nearest_around(
    degrees: np.ndarray, rows: np.ndarray, rank: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    partner, metres = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows))
    for i, row in enumerate(rows):
        found, distance = nearest_on_globe(degrees, row)
        tied = np.flatnonzero(distance <= distance.min() * (1 + _SAME))
        best = tied[np.argmin(rank[found[tied]])]
        partner[i], metres[i] = found[best], distance[best]
    return partner, metres


def _require_crs(shapes: gpd.GeoSeries) -> None:
    if shapes.crs is None:
        raise CRSError(
            "regions have no CRS, so that their distances have no unit: declare it with set_crs()"
        )


def _in_degrees(shapes: gpd.GeoSeries) -> bool:
    """Say whether plane lengths are false: in degrees, or in Web Mercator."""
    return bool(shapes.crs.is_geographic or shapes.crs.to_epsg() == 3857)


def _metres(shapes: gpd.GeoSeries) -> float:
    return float(shapes.crs.axis_info[0].unit_conversion_factor)
