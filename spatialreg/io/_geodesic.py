"""Lengths on the ground: geodesic, on the ellipsoid, never in degrees."""

from __future__ import annotations

import numpy as np
from pyproj import Geod

WGS84 = Geod(ellps="WGS84")


def line_lengths(lonlat: np.ndarray, which: np.ndarray, count: int) -> np.ndarray:
    """Give geodesic lengths [m] of `count` lines whose vertices follow each other.

    Parameters
    ----------
    lonlat : ndarray, shape (v, 2)
        Degrees.
    which : ndarray of int, shape (v,)
        The line of each vertex, ascending.
    count : int

    Returns
    -------
    ndarray, shape (count,)
    """
    together = which[1:] == which[:-1]
    a, b = lonlat[:-1][together], lonlat[1:][together]
    steps = np.asarray(WGS84.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])
    return np.bincount(which[1:][together], weights=steps, minlength=count)
