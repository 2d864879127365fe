"""Which points lie near which, by geodesic distance.

Candidates come from chords of the unit sphere, which a tree finds quickly; the distances that
decide and that are given are geodesic, on the WGS-84 ellipsoid.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from pyproj import Geod
from scipy.spatial import cKDTree

WGS84 = Geod(ellps="WGS84")
EARTH_RADIUS = 6_371_000.0  # of the sphere that the chords belong to [m]
SPHERE_ERROR = 1.01  # times; the sphere is off by up to 0.6 per cent against the ellipsoid

Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]


def pairs_within(first: gpd.GeoSeries, second: gpd.GeoSeries, metres: float) -> Pairs:
    """Give positions of all pairs of points within `metres`, and their distances.

    Parameters
    ----------
    first, second : GeoSeries
        Points in EPSG:4326.
    metres : float

    Returns
    -------
    (ndarray, ndarray, ndarray)
        Positions in `first`, positions in `second`, distance [m], in the order of `first`.
    """
    if not len(first) or not len(second):
        return _no_pairs()
    angle = min(metres * SPHERE_ERROR / EARTH_RADIUS, np.pi)
    found = cKDTree(_on_sphere(second)).query_ball_point(
        _on_sphere(first), 2 * np.sin(angle / 2), return_sorted=True
    )
    at = np.repeat(np.arange(len(first)), [len(f) for f in found])
    to = np.fromiter((p for f in found for p in f), dtype=np.intp, count=len(at))
    distance = distances(first.iloc[at], second.iloc[to])
    near = distance <= metres
    return at[near], to[near], distance[near]


def nearest_points(
    first: gpd.GeoSeries, second: gpd.GeoSeries, k: int = 1, within: float = np.inf
) -> Pairs:
    """Give for each point of `first` the `k` nearest of `second`, the nearest first.

    Parameters
    ----------
    first, second : GeoSeries
        Points in EPSG:4326.
    k : int
        Fewer are given where there are fewer; of points equally far, the earlier.
    within : float
        The largest distance [m].

    Returns
    -------
    (ndarray, ndarray, ndarray)
        Positions in `first`, positions in `second`, distance [m], in the order of `first`.
    """
    if not len(first) or not len(second):
        return _no_pairs()
    tree, points = cKDTree(_on_sphere(second)), _on_sphere(first)
    chord = tree.query(points, k=[min(k, len(second))])[0][:, 0]
    # all that the geodesic may put first: what lies at the k-th chord or little farther
    reach = np.minimum(chord * SPHERE_ERROR + 1e-9, 2.0)
    found = tree.query_ball_point(points, reach, return_sorted=True)
    at = np.repeat(np.arange(len(first)), [len(f) for f in found])
    to = np.fromiter((p for f in found for p in f), dtype=np.intp, count=len(at))
    distance = distances(first.iloc[at], second.iloc[to])
    order = np.lexsort((to, distance, at))
    at, to, distance = at[order], to[order], distance[order]
    starts = np.searchsorted(at, np.arange(len(first)))
    kept = (np.arange(len(at)) - starts[at] < k) & (distance <= within)
    return at[kept], to[kept], distance[kept]


def distances(first: gpd.GeoSeries, second: gpd.GeoSeries) -> np.ndarray:
    """Give the geodesic distance [m] of each pair of points (EPSG:4326), position by position."""
    ends = (s.to_numpy() for points in (first, second) for s in (points.x, points.y))
    return np.asarray(WGS84.inv(*ends)[2], dtype=float)


def _no_pairs() -> Pairs:
    empty = np.empty(0, dtype=np.intp)
    return empty, empty, np.empty(0)


def _on_sphere(points: gpd.GeoSeries) -> np.ndarray:
    lon, lat = np.radians(points.x.to_numpy()), np.radians(points.y.to_numpy())
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
