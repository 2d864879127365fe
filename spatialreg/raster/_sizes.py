"""How long a move between cells is, and how large a cell, in metres on the ground.

On projected grids it is what the coordinates say, refused where the projection stretches lengths by
more than a quarter. On grids in degrees lengths are geodesic and areas those of the ellipsoid, row
by row, for cells shrink towards the poles.
"""

from __future__ import annotations

import numpy as np
from pyproj import CRS, Geod, Proj, Transformer

from .._crs import crs_name
from ..errors import CRSError, InputError
from ._inputs import Grid, centres

MOST_STRETCH = 1.25


def move_lengths(grid: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give by row the lengths of moves between the centres of cells [m].

    Returns
    -------
    across, down, slant : float64 array, shape (rows,)
        Within row i; from row i to row i + 1; from row i to a diagonal neighbour in row i + 1. The
        last of the latter two belongs to no move.

    Raises
    ------
    CRSError
        The CRS has no metres, or stretches lengths by more than a quarter here.
    """
    rows = grid.shape[0]
    wide, high = grid.resolution
    if not _in_degrees(grid.crs):
        _require_true_lengths(grid)
        metre = grid.crs.axis_info[0].unit_conversion_factor
        across, down = wide * metre, high * metre
        return (
            np.full(rows, across),
            np.full(rows, down),
            np.full(rows, float(np.hypot(across, down))),
        )
    geod = _geod(grid)
    degree = np.degrees(grid.crs.axis_info[0].unit_conversion_factor)
    y = centres(grid)[1] * degree
    lower = np.append(y[1:], y[-1])
    here, there = np.zeros(rows), np.full(rows, wide * degree)
    across = geod.inv(here, y, there, y)[2]
    down = geod.inv(here, y, here, lower)[2]
    slant = geod.inv(here, y, there, lower)[2]
    return np.asarray(across), np.asarray(down), np.asarray(slant)


def cell_areas(grid: Grid) -> np.ndarray:
    """Give by row the area of a cell [m2].

    Between two parallels of an ellipsoid with half axis b and eccentricity e, and over an angle L,
    lies L b^2 / 2 (q(upper) - q(lower)), where q(p) = sin p / (1 - e^2 sin^2 p) +
    artanh(e sin p) / e (Snyder 1987, Map Projections, equation 3-12).
    """
    wide, high = grid.resolution
    if not _in_degrees(grid.crs):
        metre = grid.crs.axis_info[0].unit_conversion_factor
        return np.full(grid.shape[0], wide * high * metre**2)
    geod = _geod(grid)
    radian = grid.crs.axis_info[0].unit_conversion_factor
    edges = grid.bounds[3] - high * np.arange(grid.shape[0] + 1)
    sine = np.sin(np.clip(edges * radian, -np.pi / 2, np.pi / 2))
    e = np.sqrt(geod.es)
    q = 2 * sine if e == 0 else sine / (1 - geod.es * sine**2) + np.arctanh(e * sine) / e
    return wide * radian * geod.b**2 / 2 * -np.diff(q)


def _in_degrees(crs: CRS) -> bool:
    if crs.is_geographic:
        return True
    if not crs.is_projected:
        raise CRSError(
            f"{crs_name(crs)} is neither geographic nor projected, so lengths are not known: warp "
            "the raster with spatialreg.raster.resample"
        )
    return False


def _geod(grid: Grid) -> Geod:
    _, bottom, _, top = grid.bounds
    degree = np.degrees(grid.crs.axis_info[0].unit_conversion_factor)
    if max(abs(bottom), abs(top)) * degree > 90.001:
        raise InputError(
            f"the grid reaches from {bottom:g} to {top:g} degrees of latitude: declare the CRS "
            "that the coordinates are in"
        )
    geod = grid.crs.get_geod()
    if geod is None:
        raise CRSError(f"{crs_name(grid.crs)} has no ellipsoid: declare a CRS that has one")
    return geod


def _require_true_lengths(grid: Grid) -> None:
    """Raise where a length on the grid is far from that on the ground, as in Web Mercator."""
    left, bottom, right, top = grid.bounds
    across, down = np.meshgrid(np.linspace(left, right, 5), np.linspace(bottom, top, 5))
    degrees = Transformer.from_crs(grid.crs, grid.crs.geodetic_crs, always_xy=True)
    longitude, latitude = degrees.transform(across.ravel(), down.ravel())
    factors = Proj(grid.crs).get_factors(longitude, latitude)
    scales = np.concatenate([np.ravel(factors.meridional_scale), np.ravel(factors.parallel_scale)])
    scales = scales[np.isfinite(scales) & (scales < 1e6)]
    if not len(scales):
        return
    worst = scales[np.argmax(np.abs(np.log(scales)))]
    if max(worst, 1 / worst) > MOST_STRETCH:
        raise CRSError(
            f"in {crs_name(grid.crs)} a metre on the grid is {1 / worst:.2f} m on the ground "
            "somewhere in this extent: warp the raster to a projection made for it, or to degrees "
            "(EPSG:4326), whose lengths are taken by latitude"
        )
