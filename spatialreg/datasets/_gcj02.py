"""GCJ-02 to WGS-84: take the offset of Chinese web maps out of coordinates.

Maps published in China shift WGS-84 positions by 100 to 700 m with a smooth function of
longitude and latitude (GCJ-02). The function is public by use, not by law; it has no closed
inverse, so the inverse is found by fixed-point iteration: subtract from the shifted point the
shift at the present estimate. Over China the largest error is 6 m after one step, 4 cm after two
and 0.3 mm after three, far below the precision of the boundaries themselves.
"""

from __future__ import annotations

import numpy as np
import shapely

_SEMI_MAJOR = 6378245.0  # Krasovsky ellipsoid, metres
_ECCENTRICITY2 = 0.00669342162296594323
# the box outside which the shift is not applied: west, south, east, north
GCJ02_BOUNDS = (72.004, 0.8293, 137.8347, 55.8271)
_ITERATIONS = 3


def wgs84_to_gcj02(lonlat: np.ndarray) -> np.ndarray:
    """Shift WGS-84 positions to GCJ-02.

    Parameters
    ----------
    lonlat : ndarray, shape (n, 2)
        Longitude and latitude [degrees].

    Returns
    -------
    ndarray, shape (n, 2)
        The shifted positions; those outside the box of China as they were.

    Examples
    --------
    >>> import numpy as np
    >>> wgs84_to_gcj02(np.array([[116.377817, 39.911954], [2.35, 48.86]])).round(5)
    array([[116.38405,  39.91335],
           [  2.35   ,  48.86   ]])
    """
    lonlat = np.asarray(lonlat, dtype=float)
    return lonlat + _shift(lonlat) * _inside(lonlat)[:, None]


def gcj02_to_wgs84(lonlat: np.ndarray) -> np.ndarray:
    """Take the GCJ-02 shift out of positions.

    Three fixed-point steps; shifting the result again gives the input back to within 10^-8
    degrees (about a millimetre) everywhere in China.

    Parameters
    ----------
    lonlat : ndarray, shape (n, 2)
        Longitude and latitude in GCJ-02 [degrees].

    Returns
    -------
    ndarray, shape (n, 2)
        Positions in WGS-84; those outside the box of China as they were.

    Examples
    --------
    >>> import numpy as np
    >>> gcj02_to_wgs84(np.array([[116.384047, 39.913345], [2.35, 48.86]])).round(5)
    array([[116.37782,  39.91195],
           [  2.35   ,  48.86   ]])
    """
    shifted = np.asarray(lonlat, dtype=float)
    inside = _inside(shifted)[:, None]
    estimate = shifted
    for _ in range(_ITERATIONS):
        estimate = shifted - _shift(estimate) * inside
    return estimate


def geometries_to_wgs84(geometries: np.ndarray) -> np.ndarray:
    """Take the GCJ-02 shift out of every vertex of an array of geometries.

    A vertex shared by two geometries stays shared: the result depends on the vertex alone.
    """
    return shapely.transform(geometries, gcj02_to_wgs84)


def _inside(lonlat: np.ndarray) -> np.ndarray:
    west, south, east, north = GCJ02_BOUNDS
    x, y = lonlat[:, 0], lonlat[:, 1]
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def _shift(lonlat: np.ndarray) -> np.ndarray:
    """Give the shift [degrees] at WGS-84 positions."""
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    shared = 20.0 * (np.sin(6.0 * np.pi * x) + np.sin(2.0 * np.pi * x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root
    north += 2.0 / 3.0 * (shared + _waves(y))
    north += 2.0 / 3.0 * (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root
    east += 2.0 / 3.0 * (shared + _waves(x))
    east += 2.0 / 3.0 * (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0))
    latitude = np.radians(lonlat[:, 1])
    flattening = 1.0 - _ECCENTRICITY2 * np.sin(latitude) ** 2
    meridian = _SEMI_MAJOR * (1.0 - _ECCENTRICITY2) / flattening**1.5
    parallel = _SEMI_MAJOR / np.sqrt(flattening) * np.cos(latitude)
    return np.degrees(np.column_stack([east / parallel, north / meridian]))


def _waves(angle: np.ndarray) -> np.ndarray:
    """Sum two waves, of periods two and six degrees."""
    return 20.0 * np.sin(np.pi * angle) + 40.0 * np.sin(np.pi * angle / 3.0)
