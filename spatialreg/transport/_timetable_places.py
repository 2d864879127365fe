"""Origins and destinations of a journey by timetable: stops, points, or a frame of ways to stops.

Each becomes a place with the stops from which one sets out or at which one arrives, and the time
that it takes to get there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from .._align import require_columns, require_unique, some
from .._nearby import pairs_within
from .._results import Timetable
from ..errors import AlignmentError, InputError
from ._timetable_arrays import Walks, whole_seconds
from ._walking import in_degrees, walks_to_stops

PlacesLike: TypeAlias = Iterable[object] | gpd.GeoDataFrame | pd.DataFrame


class Places(NamedTuple):
    """Places with the stops that each is joined to.

    Attributes
    ----------
    labels : Index
    first : ndarray of int32, shape (places + 1,)
        Where each place's stops begin in the two arrays that follow.
    stop, seconds : ndarray of int32
    at : list of ndarray or None
        For places that are stops: the stops of the station. None for others.
    points : GeoDataFrame or None
        For places that are points.
    """

    labels: pd.Index
    first: np.ndarray
    stop: np.ndarray
    seconds: np.ndarray
    at: list[np.ndarray] | None
    points: gpd.GeoDataFrame | None

    @property
    def links(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The arrays that a search takes."""
        return self.first, self.stop, self.seconds


class OnFoot(NamedTuple):
    """How people get from points to stops."""

    distance_m: float
    speed_kmh: float
    detour: float


def places(
    given: PlacesLike,
    timetable: Timetable,
    ways: Walks,
    on_foot: OnFoot,
    what: str,
    *,
    toward: bool,
) -> Places:
    """Join `given` to stops; `toward` says that the ways lead from the stops to the places."""
    if isinstance(given, gpd.GeoDataFrame):
        points = in_degrees(given, what)
        walks = walks_to_stops(points, timetable, **on_foot._asdict())
        return _linked(points.index, walks, timetable, points)
    if isinstance(given, pd.DataFrame):
        require_columns(given, ["place", "stop", "minutes"], what)
        return _linked(pd.Index(given["place"].unique()), given, timetable, None, what)
    if isinstance(given, str):
        raise InputError(f"{what} must be a list of stops, points or a frame: [{given!r}]")
    labels = pd.Index(list(given))
    require_unique(labels, what)
    stops = timetable.stops
    at = stops.index.get_indexer(labels)
    if (at < 0).any():
        raise AlignmentError(
            f"{what} has {int((at < 0).sum())} stops that the timetable lacks "
            f"({some(labels[at < 0])}): give labels of timetable.stops, or points"
        )
    here, there = (ways.end, ways.start) if toward else (ways.start, ways.end)
    code = timetable.station_codes[0]
    by_station = pd.DataFrame({"station": code[here], "stop": there, "minutes": ways.minutes})
    nearest = by_station.groupby(["station", "stop"], sort=True)["minutes"].min().reset_index()
    nearest["seconds"] = whole_seconds(nearest["minutes"])
    begin = np.searchsorted(nearest["station"], code[at], side="left")
    end = np.searchsorted(nearest["station"], code[at], side="right")
    count = end - begin
    row = np.arange(count.sum()) + np.repeat(begin - np.cumsum(count) + count, count)
    return Places(
        labels,
        np.concatenate([[0], np.cumsum(count)]).astype(np.int32),
        nearest["stop"].to_numpy()[row].astype(np.int32),
        nearest["seconds"].to_numpy()[row],
        [np.flatnonzero(code == c) for c in code[at]],
        None,
    )


def _linked(
    labels: pd.Index,
    walks: pd.DataFrame,
    timetable: Timetable,
    points: gpd.GeoDataFrame | None,
    what: str = "places",
) -> Places:
    stop = timetable.stops.index.get_indexer(walks["stop"])
    if (stop < 0).any():
        raise AlignmentError(
            f"{what} name stops that the timetable lacks ({some(walks['stop'][stop < 0])})"
        )
    minutes = walks["minutes"].to_numpy(dtype=float)
    if not (minutes >= 0).all():
        raise InputError(f"{what} take minutes from 0 on; some are negative or missing")
    # who is at one stop of a station is at all of them
    code = timetable.station_codes[0]
    links = pd.DataFrame(
        {
            "place": labels.get_indexer(pd.Index(walks["place"])),
            "station": code[stop],
            "seconds": whole_seconds(minutes),
        }
    )
    links = links.merge(pd.DataFrame({"station": code, "stop": np.arange(len(code))}), on="station")
    links = links.groupby(["place", "stop"], sort=True)["seconds"].min().reset_index()
    first = np.zeros(len(labels) + 1, dtype=np.int32)
    np.cumsum(np.bincount(links["place"], minlength=len(labels)), out=first[1:])
    return Places(
        labels,
        first,
        links["stop"].to_numpy(dtype=np.int32),
        links["seconds"].to_numpy(dtype=np.int32),
        None,
        points,
    )


def direct_walks(
    origins: Places, destinations: Places, stops: int, never: int, on_foot: OnFoot
) -> np.ndarray:
    """Give the seconds of going all the way on foot, `never` where that is too far.

    Between stops by the ways on foot, between points by the distance; 0 from a place to itself.
    """
    seconds = np.full((len(origins.labels), len(destinations.labels)), never, dtype=np.int32)
    if origins.points is not None and destinations.points is not None:
        one, other, metres = pairs_within(
            origins.points.geometry,
            destinations.points.geometry,
            on_foot.distance_m / on_foot.detour,
        )
        minutes = metres * on_foot.detour / on_foot.speed_kmh * 0.06
        seconds[one, other] = whole_seconds(minutes)
    elif destinations.at is not None or origins.at is not None:
        # a stop is reached by those who are joined to one of its station's stops
        near, far = (
            (origins, destinations) if destinations.at is not None else (destinations, origins)
        )
        table = seconds if destinations.at is not None else seconds.T
        reach = np.full(stops, never, dtype=np.int32)
        for place in range(len(near.labels)):
            part = slice(near.first[place], near.first[place + 1])
            reach[near.stop[part]] = near.seconds[part]
            for column, at in enumerate(far.at or []):
                table[place, column] = reach[at].min()
            reach[near.stop[part]] = never
    return seconds
