"""A feed of the General Transit Feed Specification (GTFS), as the timetable of one day.

Takes a zip or a folder of text files as agencies publish them, and gives the rides of one day: the
services that run on it, lines that are stated by their frequency written out, blank times filled
in, platforms under their station. The files are read by gtfs-kit; what they mean is worked out
here. What cannot be used is left out and listed with its file and row.

Reference: gtfs.org, General Transit Feed Specification, Schedule Reference.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from .._align import some
from .._dates import DateLike, last_day
from .._results import Timetable
from .._results._timetable import connect
from ..errors import InputError
from ._gtfs_calls import read_calls
from ._gtfs_runs import read_runs
from ._gtfs_services import Services
from ._gtfs_stops import read_stops, read_transfers
from ._gtfs_tables import Account, Tables, numbers, read_tables, texts

# route_type of the specification, and the ranges of the extended types that feeds use beside them
_MODES = {
    "tram": [(0, 0), (5, 5), (900, 906)],
    "subway": [(1, 1), (400, 404)],
    "rail": [(2, 2), (100, 100), (102, 117), (300, 300)],
    "high_speed_rail": [(101, 101)],
    "bus": [(3, 3), (11, 11), (200, 209), (700, 717), (800, 800)],
    "ferry": [(4, 4), (1000, 1000), (1200, 1200)],
    "aerial_lift": [(6, 6), (1300, 1307)],
    "funicular": [(7, 7), (1400, 1400)],
    "monorail": [(12, 12), (405, 405)],
    "air": [(1100, 1114)],
    "taxi": [(1500, 1507)],
}


def read_gtfs(
    source: str | os.PathLike[str],
    *,
    date: DateLike | None = None,
    modes: Sequence[str | int] | None = None,
) -> Timetable:
    r"""Read the timetable of one day from a GTFS feed.

    Parameters
    ----------
    source : path
        A zip, or a folder of the feed's text files.
    date : date, str or int, optional
        The day; a year means its last day. None: the day with the most runs, the first such.
    modes : sequence of str or int, optional
        Keep lines of these modes (``"rail"``, ``"high_speed_rail"``, ``"subway"``, ``"tram"``,
        ``"bus"``, ``"ferry"``, ``"air"``, ...) or of these numbers of `route_type`.

    Returns
    -------
    Timetable
        Connections from midnight of the day on for 48 hours: those of the day's services, of the
        services of the day before that are still under way after midnight, and of the services of
        the day after. Times are minutes after midnight. ``left_out`` lists what was not used.

    Raises
    ------
    MissingDependencyError
        gtfs-kit is not installed.
    InputError
        The source is no feed, a required file or column is missing, a value cannot be read (the
        message names file and rows), the date lies outside the feed, or no line is of the modes.

    Warns
    -----
    MissingDataWarning
        Rows were left out, or no service runs on the day; the message says which and why.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import spatialreg as sr
    >>> files = {
    ...     "routes.txt": "route_id,route_short_name,route_type\nR,Coast line,2\n",
    ...     "calendar_dates.txt": "service_id,date,exception_type\nS,20240305,1\n",
    ...     "trips.txt": "route_id,service_id,trip_id\nR,S,t1\n",
    ...     "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\na,A,50,4\nb,B,50.5,4\n",
    ...     "stop_times.txt": "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n"
    ...                       "t1,1,a,08:00:00,08:00:00\nt1,2,b,08:40:00,08:40:00\n"}
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> for name, text in files.items():
    ...     _ = (folder / name).write_text(text)
    >>> timetable = sr.io.read_gtfs(folder, date="2024-03-05")
    >>> timetable.connections[["start", "end", "departure", "arrival"]].to_numpy().tolist()
    [['a', 'b', 480.0, 520.0]]
    """
    account = Account(str(source))
    tables = read_tables(Path(source), account)
    lines = _lines(tables, modes, account)
    trips = _trips(tables, lines, account)
    services = Services(tables, account)
    day = services.busiest(trips["service_id"]) if date is None else last_day(date)
    services.require(day)
    stops = read_stops(tables, account)
    calls = read_calls(tables, trips.index, stops, account)
    runs, calls = read_runs(tables, trips, calls, services, day, account)
    connections = connect(calls)
    within = (connections["departure"] >= 0) & (connections["departure"] < 2 * 24 * 60)
    connections = connections[within].reset_index(drop=True)
    runs = runs[runs.index.isin(connections["run"])]
    if not (runs["day"] == 0).any():
        account.warn(f"no service runs on {day:%Y-%m-%d}: the day has no connections of its own")
    return Timetable(
        stops=stops,
        lines=lines[["name", "mode"]],
        runs=runs,
        connections=connections,
        transfers=read_transfers(tables, stops, account),
        date=day,
        first_day=services.first_day,
        last_day=services.last_day,
        agencies=_agencies(tables),
        left_out=account.frame(),
    )


def _lines(tables: Tables, modes: Sequence[str | int] | None, account: Account) -> pd.DataFrame:
    """Give the lines of the modes asked for: index ``line``; name, mode."""
    routes = tables.required("routes", ["route_id", "route_type"])
    routes = account.without(
        routes, "routes", routes["route_id"].isna(), "have no route_id", "number them"
    )
    tables.unique("routes", "route_id")
    number = numbers(routes, "route_type")
    mode = np.full(len(routes), "other", dtype=object)
    for kind, ranges in _MODES.items():
        for low, high in ranges:
            mode[(number >= low) & (number <= high)] = kind
    short, long = (texts(routes, f"route_{length}_name") for length in ("short", "long"))
    names = pd.Series(short).fillna(pd.Series(long)).fillna(pd.Series(texts(routes, "route_id")))
    lines = pd.DataFrame({"name": names, "mode": mode, "number": number})
    lines.index = pd.Index(routes["route_id"].to_numpy(dtype=object), name="line")
    if modes is None:
        return lines
    if isinstance(modes, str):
        raise InputError(f"modes= takes a list: modes=[{modes!r}]")
    wanted = lines["mode"].isin(list(modes)) | lines["number"].isin(
        [m for m in modes if not isinstance(m, str)]
    )
    unknown = [m for m in modes if isinstance(m, str) and m not in (*_MODES, "other")]
    if unknown:
        raise InputError(
            f"modes= has {some(map(repr, unknown))}; it takes {some(map(repr, _MODES), 20)}, "
            "'other' or numbers of route_type"
        )
    if not wanted.any():
        raise InputError(
            f"{account.source}: no line is of the modes {some(map(repr, modes))}; its lines are "
            f"of {some(sorted(set(lines['mode'])), 20)}"
        )
    return lines[wanted]


def _trips(tables: Tables, lines: pd.DataFrame, account: Account) -> pd.DataFrame:
    """Give the trips of `lines`: index ``trip``; line, service_id."""
    trips = tables.required("trips", ["trip_id", "route_id", "service_id"])
    blank = trips[["trip_id", "route_id", "service_id"]].isna().any(axis=1)
    trips = account.without(
        trips, "trips", blank, "lack trip_id, route_id or service_id", "fill them in"
    )
    tables.unique("trips", "trip_id")
    known = trips["route_id"].isin(tables.required("routes", ["route_id"])["route_id"])
    trips = account.without(
        trips, "trips", ~known, "are of routes that routes.txt lacks", "add these routes"
    )
    trips = trips[trips["route_id"].isin(lines.index)]
    return pd.DataFrame(
        {
            "line": trips["route_id"].to_numpy(dtype=object),
            "service_id": trips["service_id"].to_numpy(dtype=object),
        },
        index=pd.Index(trips["trip_id"].to_numpy(dtype=object), name="trip"),
    )


def _agencies(tables: Tables) -> pd.DataFrame:
    """Give who runs and who publishes: name, role, url."""
    sources = (
        ("agency", "agency_name", "agency_url", "agency"),
        ("feed_info", "feed_publisher_name", "feed_publisher_url", "publisher"),
        ("attributions", "organization_name", "attribution_url", "attribution"),
    )
    frames = []
    for table, name, url, role in sources:
        frame = tables.optional(table)
        if name in frame.columns:
            frames.append(
                pd.DataFrame({"name": texts(frame, name), "role": role, "url": texts(frame, url)})
            )
    if not frames:
        return pd.DataFrame(columns=["name", "role", "url"])
    return pd.concat(frames, ignore_index=True).drop_duplicates(ignore_index=True)
