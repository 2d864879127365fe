"""Walks: between stops that lie near each other, and from points to the stops around them.

Distances are geodesic and multiplied by a detour factor, since streets are not straight. What is
given is a frame of walks, one row a pair, which a user can edit, or make from a network of streets
instead.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from .._align import require_unique, some
from .._nearby import pairs_within
from .._results import Timetable
from ..errors import CRSError, GeometryError, InputError


def walks_between_stops(
    timetable: Timetable, *, distance_m: float = 500.0, speed_kmh: float = 4.5, detour: float = 1.3
) -> pd.DataFrame:
    """Give the walks between stops of different stations that lie near each other.

    Parameters
    ----------
    timetable : Timetable
    distance_m : float
        The longest walk, detour included [m].
    speed_kmh : float
        Speed on foot [km/h].
    detour : float
        By how much a walk is longer than the geodesic, from 1 on.

    Returns
    -------
    DataFrame
        ``start``, ``end`` (stops), ``distance_m`` [m], ``minutes`` [min]; each pair in both
        directions.

    Raises
    ------
    InputError
        The distance, speed or detour is out of range.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> from spatialreg.transport import Timetable, walks_between_stops
    >>> stops = gpd.GeoDataFrame(index=["a", "b", "c"],
    ...     geometry=gpd.points_from_xy([0, 0.002, 0.1], [0, 0, 0]), crs=4326)
    >>> calls = pd.DataFrame({"run": ["r", "r"], "sequence": [1, 2], "stop": ["a", "c"],
    ...     "arrival": ["7:00", "7:30"], "departure": ["7:00", "7:30"]})
    >>> walks_between_stops(Timetable.from_calls(stops, calls), detour=1).round(2)
      start end  distance_m  minutes
    0     a   b      222.64     2.97
    1     b   a      222.64     2.97
    """
    _check_walk(distance_m, speed_kmh, detour)
    stops = timetable.stops[placed(timetable.stops)]
    one, other, metres = pairs_within(stops.geometry, stops.geometry, distance_m / detour)
    station = timetable.station_codes[0][placed(timetable.stops)]
    apart = station[one] != station[other]
    length = metres[apart] * detour
    walks = pd.DataFrame(
        {
            "start": stops.index[one[apart]],
            "end": stops.index[other[apart]],
            "distance_m": length,
            "minutes": length / speed_kmh * 0.06,
        }
    )
    return walks.sort_values(["start", "end"], ignore_index=True)


def walks_to_stops(
    points: gpd.GeoDataFrame,
    timetable: Timetable,
    *,
    distance_m: float = 1000.0,
    speed_kmh: float = 4.5,
    detour: float = 1.3,
) -> pd.DataFrame:
    """Give the walks between points (seats, centroids, settlements) and the stops around them.

    Parameters
    ----------
    points : GeoDataFrame
        Points with a unique index.
    timetable : Timetable
    distance_m : float
        The longest walk, detour included [m].
    speed_kmh : float
        Speed on foot, or by whatever brings people to the stop [km/h].
    detour : float
        By how much a walk is longer than the geodesic, from 1 on.

    Returns
    -------
    DataFrame
        ``place`` (label of the point), ``stop``, ``distance_m`` [m], ``minutes`` [min].

    Raises
    ------
    CRSError, GeometryError, InputError
        The points have no CRS or are no points, or a number is out of range.
    """
    _check_walk(distance_m, speed_kmh, detour)
    points = in_degrees(points, "points")
    stops = timetable.stops[placed(timetable.stops)]
    point, stop, metres = pairs_within(points.geometry, stops.geometry, distance_m / detour)
    walks = pd.DataFrame(
        {
            "place": points.index[point],
            "stop": stops.index[stop],
            "distance_m": metres * detour,
            "minutes": metres * detour / speed_kmh * 0.06,
        }
    )
    order = np.lexsort((stops.index[stop].astype(str), point))
    return walks.iloc[order].reset_index(drop=True)


def in_degrees(points: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    """Give points in EPSG:4326; raise if they have no CRS, no unique labels, or are no points."""
    require_unique(points.index, what)
    if points.crs is None:
        raise CRSError(f"{what} have no CRS: declare it with set_crs()")
    wrong = points.index[points.geom_type != "Point"]
    if len(wrong):
        raise GeometryError(
            f"{len(wrong)} of {what} are no points, at {some(wrong)}: take their "
            "representative_point() or seats"
        )
    return points.to_crs(4326)


def placed(stops: gpd.GeoDataFrame) -> np.ndarray:
    """Say which stops have a position."""
    geometry = stops.geometry
    return (geometry.notna() & ~geometry.is_empty).to_numpy()


def _check_walk(distance_m: float, speed_kmh: float, detour: float) -> None:
    if not 0 <= distance_m < np.inf:
        raise InputError(f"distance_m must be a number of metres from 0 on, not {distance_m!r}")
    if not 0 < speed_kmh < np.inf:
        raise InputError(f"speed_kmh must be a positive speed, not {speed_kmh!r}")
    if not 1 <= detour < np.inf:
        raise InputError(f"detour must be 1 or more, not {detour!r}")
