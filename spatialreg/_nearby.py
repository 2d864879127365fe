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
_BITS = 10  # of each coordinate, where points are put in order
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


def neighbouring(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Give an order of points in which those next to each other lie close together (Hilbert 1891).

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        In any unit.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    column, row = _cells(x), _cells(y)
    along = np.zeros(len(x), dtype=np.int64)
    for side in 2 ** np.arange(_BITS - 1, -1, -1):
        right, upper = column & side > 0, row & side > 0
        along += side * side * (3 * right ^ upper)
        # the curve enters the lower quarters turned, the right one of them also upside down
        turned = right & ~upper
        column, row = (np.where(turned, side - 1 - (c & side - 1), c) for c in (column, row))
        column, row = np.where(upper, column, row), np.where(upper, row, column)
    return np.argsort(along, kind="stable")


def _cells(values: np.ndarray) -> np.ndarray:
    span = np.ptp(values) if len(values) else 0.0
    if not span > 0:
        return np.zeros(len(values), dtype=np.int64)
    return ((values - values.min()) * ((2**_BITS - 1) / span)).astype(np.int64)
