"""A question to a timetable, brought into arrays; and its answer over a window of departures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from .._compiled import processors, sharing
from .._results import Timetable
from .._results._timetable import clock_minutes
from ..errors import InputError
from ._connection_scan import NEVER, scan_profile
from ._departure_window import FIXED, window_times
from ._timetable_arrays import (
    Rides,
    Walks,
    changes,
    connections,
    rides,
    ways_between,
    whole_seconds,
)
from ._timetable_places import OnFoot, Places, PlacesLike, direct_walks, places


class Question(NamedTuple):
    """Places, the connections that can matter, and the ways on foot.

    Attributes
    ----------
    here, there : Places
        Origins and destinations.
    walk : ndarray of int32, shape (origins, destinations)
        Seconds of going all the way on foot, NEVER where that is too far.
    ridden : Rides
    ways, change : Walks
        At either end of a journey, and between two rides.
    stops : int
    window : (int, int)
        First and last moment of departure [s].
    limit : int
        The longest travel time [s].
    max_transfers : int or None
    """

    here: Places
    there: Places
    walk: np.ndarray
    ridden: Rides
    ways: Walks
    change: Walks
    stops: int
    window: tuple[int, int]
    limit: int
    max_transfers: int | None


def ask(
    origins: PlacesLike,
    destinations: PlacesLike,
    timetable: Timetable,
    *,
    depart: str | tuple[str, str],
    transfer_minutes: float,
    footpaths: pd.DataFrame | None,
    max_transfers: int | None,
    cutoff: float | None,
    access_m: float | None,
    access_kmh: float | None,
    detour: float | None,
) -> Question:
    """Check the arguments of ``timetable_times`` and bring them into arrays."""
    window = departure_window(depart)
    on_foot = _walking_to_places(origins, destinations, access_m, access_kmh, detour)
    limit = _limit(cutoff)
    _check_changes(transfer_minutes, max_transfers)
    ways = ways_between(timetable, footpaths, transfer_minutes)
    here = places(origins, timetable, ways, on_foot, "origins", toward=False)
    there = places(destinations, timetable, ways, on_foot, "destinations", toward=True)
    stops = len(timetable.stops)
    return Question(
        here,
        there,
        direct_walks(here, there, stops, int(NEVER), on_foot),
        rides(timetable, window[0], window[1] + limit),
        ways,
        changes(timetable, ways, transfer_minutes),
        stops,
        window,
        limit,
        max_transfers,
    )


def answer(question: Question, levels: np.ndarray, workers: int | None) -> np.ndarray:
    """Give FIXED and the quantiles of each pair, shape (origins, destinations, 4 + levels) [min].

    The smaller side is searched from; from origins, on time turned round.
    """
    here, there = question.here, question.there
    turned = len(here.labels) < len(there.labels)
    searched, met = (here, there) if turned else (there, here)
    net, _ = connections(question.ridden, question.change, question.stops, turned=turned)
    walk = np.ascontiguousarray(question.walk if turned else question.walk.T)
    found = np.empty((len(searched.labels), len(met.labels), len(FIXED) + len(levels)))
    limited = question.max_transfers is not None
    columns = 1 if question.max_transfers is None else question.max_transfers + 1

    def search(first: int, last: int) -> None:
        egress = np.empty(question.stops, dtype=np.int32)
        onward = np.empty((len(net.departure), columns), dtype=np.int32)
        count = np.empty(question.stops, dtype=np.int32)
        leave = np.empty(len(net.departure), dtype=np.int32)
        reach = np.empty((len(net.departure), columns), dtype=np.int32)
        for place in range(first, last):
            part = slice(searched.first[place], searched.first[place + 1])
            egress[:] = NEVER
            np.minimum.at(egress, searched.stop[part], searched.seconds[part])
            scan_profile(net, egress, question.limit, int(limited), onward, count, leave, reach)
            window_times(
                net.slots, count, leave, reach, turned, met.links, walk[place], question.window,
                question.limit, levels, found[place],
            )  # fmt: skip

    with sharing(min(workers or processors(), max(len(searched.labels), 1))) as share:
        share(search, len(searched.labels))
    return found if turned else found.swapaxes(0, 1)


def departure_window(depart: str | tuple[str, str]) -> tuple[int, int]:
    """Give the first and last second of `depart`."""
    both = [depart] if isinstance(depart, str) else depart
    if (
        not isinstance(both, Sequence)
        or len(both) not in (1, 2)
        or not all(isinstance(c, str) for c in both)
    ):
        raise InputError(
            f"depart must be a clock time or a pair of them, as ('07:00', '09:00'), not {depart!r}"
        )
    seconds = whole_seconds(clock_minutes(pd.Series(list(both), dtype=object), "depart"))
    first, last = seconds[0], seconds[-1]
    if first > last:
        raise InputError(
            f"depart ends before it begins ({depart!r}): times after midnight go on from 24:00"
        )
    return int(first), int(last)


def _walking_to_places(
    origins: PlacesLike,
    destinations: PlacesLike,
    access_m: float | None,
    access_kmh: float | None,
    detour: float | None,
) -> OnFoot:
    """Give how people get to stops; raise if that is said where nobody has to."""
    given = {"access_m": access_m, "access_kmh": access_kmh, "detour": detour}
    used = any(isinstance(side, gpd.GeoDataFrame) for side in (origins, destinations))
    for name, value in given.items():
        if value is not None and not used:
            raise InputError(
                f"{name}= is for points; origins and destinations are stops or frames: leave it out"
            )
    return OnFoot(
        1000.0 if access_m is None else access_m,
        4.5 if access_kmh is None else access_kmh,
        1.3 if detour is None else detour,
    )


def _limit(cutoff: float | None) -> int:
    """Give the longest travel time in seconds."""
    if cutoff is None:
        return int(NEVER) // 2
    if not 0 < cutoff < np.inf:
        raise InputError(f"cutoff must be a positive number of minutes, not {cutoff!r}")
    return int(whole_seconds(np.array([cutoff]))[0])


def _check_changes(transfer_minutes: float, max_transfers: int | None) -> None:
    """Raise unless both are numbers that a search can take."""
    if not 0 <= transfer_minutes < np.inf:
        raise InputError(f"transfer_minutes must be a number from 0 on, not {transfer_minutes!r}")
    if max_transfers is not None and (
        isinstance(max_transfers, bool) or max_transfers != int(max_transfers) or max_transfers < 0
    ):
        raise InputError(f"max_transfers must be a whole number from 0 on, not {max_transfers!r}")
