"""One journey by timetable, leg by leg: which line from where to where, and when."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from .._results import Timetable
from ..errors import InputError
from ._connection_scan import NEVER, Connections, scan_journey
from ._departure_window import FIXED
from ._timetable_arrays import Walks, connections
from ._timetable_places import Places
from ._timetable_question import answer, ask


class Leg(NamedTuple):
    """A ride, or a way on foot if it has no run; times in seconds."""

    run: Any
    board: Any
    alight: Any
    departure: int
    arrival: int


def timetable_path(
    origin: Hashable | gpd.GeoDataFrame,
    destination: Hashable | gpd.GeoDataFrame,
    timetable: Timetable,
    *,
    depart: str = "08:00",
    transfer_minutes: float = 5.0,
    footpaths: pd.DataFrame | None = None,
    max_transfers: int | None = None,
    cutoff: float | None = None,
    access_m: float | None = None,
    access_kmh: float | None = None,
    detour: float | None = None,
) -> pd.DataFrame:
    """Give the journey from an origin to a destination that arrives first, leg by leg.

    Among the journeys that arrive first it has the fewest rides, and among those it sets out last.

    Parameters
    ----------
    origin, destination : label, or GeoDataFrame of one point
        A stop (which stands for its station), or a point.
    timetable : Timetable
    depart : str
        Clock time from which one can set out.
    transfer_minutes, footpaths, max_transfers, cutoff, access_m, access_kmh, detour
        As in ``timetable_times``.

    Returns
    -------
    DataFrame
        One row a leg: ``line``, ``name``, ``mode`` (``"walk"`` for ways on foot, without line and
        run), ``run``, ``board``, ``alight`` (stops, or the place), ``departs``, ``arrives`` (clock
        times, beyond 24:00 in the night after), ``minutes`` [min]. ``attrs["minutes"]`` is the
        travel time from `depart` on, waiting included [min]. Where there is no journey it is
        infinite, and there are no rows.

    Raises
    ------
    InputError, AlignmentError
        As in ``timetable_times``.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> from spatialreg.transport import Timetable, timetable_path
    >>> stops = gpd.GeoDataFrame(index=["a", "b", "c"],
    ...     geometry=gpd.points_from_xy([116.4, 117.2, 118], [39.9, 39.1, 38]), crs=4326)
    >>> calls = pd.DataFrame({
    ...     "run": ["G1", "G1", "D7", "D7"], "sequence": [1, 2, 1, 2], "stop": ["a", "b", "b", "c"],
    ...     "arrival": [None, "07:50", None, "09:00"], "departure": ["07:20", None, "08:05", None]})
    >>> timetable = Timetable.from_calls(stops, calls)
    >>> path = timetable_path("a", "c", timetable, depart="07:00")
    >>> path[["run", "board", "alight", "departs", "arrives"]]
      run board alight   departs   arrives
    0  G1     a      b  07:20:00  07:50:00
    1  D7     b      c  08:05:00  09:00:00
    >>> path.attrs["minutes"]
    120.0
    """
    if not isinstance(depart, str):
        raise InputError(f"depart must be one clock time, as '08:00', not {depart!r}")
    origins, destinations = (
        end if isinstance(end, pd.DataFrame) else [end] for end in (origin, destination)
    )
    question = ask(
        origins, destinations, timetable, depart=depart, transfer_minutes=transfer_minutes,
        footpaths=footpaths, max_transfers=max_transfers, cutoff=cutoff, access_m=access_m,
        access_kmh=access_kmh, detour=detour,
    )  # fmt: skip
    here, there, opening = question.here, question.there, question.window[0]
    if question.walk.size != 1:
        raise InputError(
            f"a path has one origin and one destination, not {len(here.labels)} and "
            f"{len(there.labels)}"
        )
    minutes = float(answer(question, np.empty(0), workers=1)[0, 0, FIXED.index("min")])
    if not np.isfinite(minutes):
        return _table(timetable, [], minutes)
    arrival = opening + round(minutes * 60)
    walk = int(question.walk[0, 0])
    if opening + walk == arrival:
        leg = Leg(None, here.labels[0], there.labels[0], opening, arrival)
        return _table(timetable, [leg] if walk else [], minutes)
    # the fewest rides that arrive as early, and then the latest departure that needs no more
    net, _ = connections(question.ridden, question.change, question.stops)
    number = 1
    while _search(net, here, there, opening, number)[0] > arrival:
        number += 1
    back, row = connections(question.ridden, question.change, question.stops, turned=True)
    chain = _search(back, there, here, -arrival, number)[1]
    # on turned time a ride begins where it ends, and the last ride found is the first one made
    rows = [(int(row[last]), int(row[first])) for first, last in chain]
    return _table(timetable, _legs(timetable, rows, here, there, question.ways), minutes)


def _search(
    net: Connections, here: Places, there: Places, moment: int, number: int
) -> tuple[int, list[tuple[int, int]]]:
    """Search with at most `number` rides.

    Gives the arrival, and the rides from the last to the first: (first connection, last one).
    """
    stops = len(net.slots) - 1
    ready = np.full((stops, number + 1), NEVER, dtype=np.int32)
    egress = np.full(stops, NEVER, dtype=np.int32)
    np.minimum.at(ready[:, 0], here.stop, moment + here.seconds)
    np.minimum.at(egress, there.stop, there.seconds)
    came = np.full((stops, number + 1), -1, dtype=np.int32)
    boarded = np.full((len(net.departure), number + 1), -1, dtype=np.int32)
    best = np.full(number + 1, NEVER, dtype=np.int32)
    final = np.full(number + 1, -1, dtype=np.int32)
    scan_journey(net, ready, egress, came, boarded, best, final)
    count = int(np.argmin(best))
    chain = []
    connection = int(final[count])
    for ride in range(count, 0, -1):
        begin = int(boarded[connection, ride])
        chain.append((begin, connection))
        connection = int(came[net.start[begin], ride - 1])
    return int(best[count]), chain


def _legs(
    timetable: Timetable,
    ridden: list[tuple[int, int]],
    here: Places,
    there: Places,
    ways: Walks,
) -> list[Leg]:
    """Write rides out as legs, with the ways on foot before, between and after them."""
    table = timetable.connections
    code, at = timetable.station_codes[0], timetable.stops.index
    on_foot = {
        (a, b): m for a, b, m in zip(ways.start, ways.end, ways.minutes, strict=True)
    }  # fmt: skip
    legs: list[Leg] = []
    stop, now = -1, 0
    for first, last in ridden:
        begin, end = table.iloc[first], table.iloc[last]
        board, alight = at.get_loc(begin["start"]), at.get_loc(end["end"])
        departure, arrival = round(begin["departure"] * 60), round(end["arrival"] * 60)
        if not legs:
            seconds = _seconds_to(here, board)
            if seconds:
                legs.append(Leg(None, here.labels[0], at[board], departure - seconds, departure))
        elif code[stop] != code[board]:
            seconds = round(on_foot[stop, board] * 60)
            legs.append(Leg(None, at[stop], at[board], now, now + seconds))
        legs.append(Leg(begin["run"], at[board], at[alight], departure, arrival))
        stop, now = alight, arrival
    seconds = _seconds_to(there, stop)
    if seconds:
        legs.append(Leg(None, at[stop], there.labels[0], now, now + seconds))
    return legs


def _seconds_to(place: Places, stop: int) -> int:
    return int(place.seconds[place.stop == stop].min())


def _table(timetable: Timetable, legs: list[Leg], minutes: float) -> pd.DataFrame:
    """Give legs as a frame, with the line of each run and times as on a clock."""
    line = [None if leg.run is None else timetable.runs.loc[leg.run, "line"] for leg in legs]
    known = timetable.lines
    frame = pd.DataFrame(
        {
            "line": pd.Series(line, dtype=object),
            "name": [None if x is None else known.loc[x, "name"] for x in line],
            "mode": ["walk" if x is None else known.loc[x, "mode"] for x in line],
            "run": pd.Series([leg.run for leg in legs], dtype=object),
            "board": [leg.board for leg in legs],
            "alight": [leg.alight for leg in legs],
            "departs": [_clock(leg.departure) for leg in legs],
            "arrives": [_clock(leg.arrival) for leg in legs],
            "minutes": [(leg.arrival - leg.departure) / 60 for leg in legs],
        }
    )
    frame.attrs["minutes"] = minutes
    return frame


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
