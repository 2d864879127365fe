"""Distances between outlines on the globe, for layers that no one plane can hold.

Each distance is measured in an azimuthal equidistant plane about one of the two outlines. No such
plane shows two places nearer than they are, and from its centre it shows them as they are.
"""

from __future__ import annotations

import numpy as np
import shapely

# mean radius of the earth (IUGG); great circles are within 0.6 % of geodesics on the ellipsoid
EARTH_RADIUS_M = 6_371_008.8
# the plane stretches by angle / sin(angle): this much at a right angle from its centre
_STRETCH = np.pi / 2
_NEAR = np.radians(30) * EARTH_RADIUS_M  # a region of this radius is seen from its middle
_FAR = np.radians(150) * EARTH_RADIUS_M  # beyond, the plane turns outlines inside out


def nearest_on_globe(geometry: np.ndarray, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Give positions of the shapes that may be nearest to that at `row`, and distances [m].

    Parameters
    ----------
    geometry : array of geometries
        Longitudes and latitudes in degrees.
    row : int
        Position of the shape that is asked for.
    """
    parts, owner = shapely.get_parts(geometry, return_index=True)
    parts, owner = parts[owner != row], owner[owner != row]
    best = np.full(len(geometry), np.inf)
    for piece in _pieces(geometry[row]):
        centre = _middle(piece)
        flat, here = flattened(parts, centre), flattened(piece, centre)
        rough, seen = shapely.distance(flat, here), _radius(flat) < _FAR
        if seen.any():
            rough[~seen] = np.inf
        for i in np.flatnonzero(np.isfinite(rough) & (rough <= rough.min() * _STRETCH)):
            # again from the shore, where the distance is true
            shore = shapely.get_coordinates(shapely.shortest_line(here, flat[i]))[0]
            at = _unflattened(shore, centre)
            metres = float(shapely.distance(flattened(piece, at), flattened(parts[i], at)))
            best[owner[i]] = min(best[owner[i]], metres)
    found = np.flatnonzero(np.isfinite(best))
    return found, best[found]


def flattened(geometry: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Give geometries in degrees in the plane about `centre` (longitude and latitude) [m]."""
    lon0, lat0 = np.radians(centre)

    def project(degrees: np.ndarray) -> np.ndarray:
        lon, lat = np.radians(degrees).T
        east = np.cos(lat) * np.sin(lon - lon0)
        level = np.cos(lat) * np.cos(lon - lon0)
        north = np.cos(lat0) * np.sin(lat) - np.sin(lat0) * level
        up = np.sin(lat0) * np.sin(lat) + np.cos(lat0) * level
        sine = np.hypot(east, north)
        scale = np.divide(np.arctan2(sine, up), sine, out=np.ones_like(sine), where=sine > 0)
        return EARTH_RADIUS_M * np.column_stack([scale * east, scale * north])

    return shapely.transform(geometry, project)


def _unflattened(xy: np.ndarray, centre: np.ndarray) -> np.ndarray:
    lon0, lat0 = np.radians(centre)
    away = np.hypot(*xy) / EARTH_RADIUS_M
    bearing = np.arctan2(*xy)
    lat = np.arcsin(
        np.clip(
            np.sin(lat0) * np.cos(away) + np.cos(lat0) * np.sin(away) * np.cos(bearing), -1.0, 1.0
        )
    )
    lon = lon0 + np.arctan2(
        np.sin(bearing) * np.sin(away) * np.cos(lat0),
        np.cos(away) - np.sin(lat0) * np.sin(lat),
    )
    return np.degrees([lon, lat])


def _pieces(shape: shapely.Geometry) -> np.ndarray:
    """Give `shape` itself, or its parts where they lie too far from one another for one plane."""
    if _radius(np.array([flattened(shape, _middle(shape))]))[0] <= _NEAR:
        return np.array([shape])
    return shapely.get_parts(shape)


def _middle(shape: shapely.Geometry) -> np.ndarray:
    return shapely.get_coordinates(shapely.point_on_surface(shape))[0]


def _radius(flat: np.ndarray) -> np.ndarray:
    """Give the greatest distance of each geometry from the centre of the plane."""
    xy, of = shapely.get_coordinates(flat, return_index=True)
    radius = np.zeros(len(flat))
    np.maximum.at(radius, of, np.hypot(*xy.T))
    return radius
