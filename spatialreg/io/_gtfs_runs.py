"""Runs: each journey of a vehicle on the day asked for and the days beside it.

A trip of the feed is a pattern of times. It becomes a run on each day that its service runs, and
many runs where frequencies.txt says that it is repeated.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .._align import some
from .._results._timetable import clock_minutes
from ..errors import InputError
from ._gtfs_services import Services
from ._gtfs_tables import Account, Tables

_DAY = 24 * 60


def read_runs(
    tables: Tables,
    trips: pd.DataFrame,
    calls: pd.DataFrame,
    services: Services,
    day: pd.Timestamp,
    account: Account,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the runs (index ``run``; line, trip, day) and their calls, in minutes of `day`."""
    starts = _starts(tables, trips, calls, account)
    parts = []
    for offset in (-1, 0, 1):
        running = services.on(day + pd.Timedelta(days=offset))
        chosen = starts[starts["trip"].map(trips["service_id"]).isin(running)]
        parts.append(chosen.assign(day=offset, shift=chosen["shift"] + offset * _DAY))
    runs = pd.concat(parts, ignore_index=True)
    runs = runs.sort_values(["day", "trip", "shift"], ignore_index=True).rename_axis("run")
    runs["line"] = runs["trip"].map(trips["line"])
    # calls stand trip by trip: a run takes the slice of its trip
    labels, first, count = np.unique(
        calls["trip"].to_numpy(dtype=str), return_index=True, return_counts=True
    )
    at = np.searchsorted(labels, runs["trip"].to_numpy(dtype=str))
    length = count[at] if len(runs) else np.zeros(0, dtype=int)
    run = np.repeat(np.arange(len(runs)), length)
    step = np.arange(len(run)) - np.repeat(np.cumsum(length) - length, length)
    expanded = calls.iloc[first[at][run] + step] if len(run) else calls.iloc[:0]
    shift = runs["shift"].to_numpy()[run]
    expanded = expanded.assign(
        run=run, arrival=expanded["arrival"] + shift, departure=expanded["departure"] + shift
    )
    return runs[["line", "trip", "day"]], expanded


def _starts(
    tables: Tables, trips: pd.DataFrame, calls: pd.DataFrame, account: Account
) -> pd.DataFrame:
    """Give each trip that has calls with the minutes by which each of its runs is shifted."""
    begin = calls.groupby("trip", sort=True)["departure"].first()
    columns = ["trip_id", "start_time", "end_time", "headway_secs"]
    repeated = tables.optional("frequencies", columns)
    repeated = account.without(
        repeated,
        "frequencies",
        ~repeated["trip_id"].isin(tables.required("trips", ["trip_id"])["trip_id"]),
        "are of trips that trips.txt lacks",
        "add these trips",
    )
    repeated = repeated[
        repeated["trip_id"].isin(begin.index) & repeated["trip_id"].isin(trips.index)
    ]
    idle = repeated.index[~(repeated["headway_secs"].fillna(0) > 0)]
    if len(idle):
        raise InputError(
            f"{account.source}, frequencies.txt: headway_secs must be positive, in rows "
            f"{some(idle)}"
        )
    what = f"{account.source}, frequencies.txt, column"
    start = clock_minutes(repeated["start_time"], f"{what} start_time").to_numpy()
    end = clock_minutes(repeated["end_time"], f"{what} end_time").to_numpy()
    blank = repeated.index[np.isnan(start) | np.isnan(end)]
    if len(blank):
        raise InputError(
            f"{account.source}, frequencies.txt: start_time or end_time is blank in rows "
            f"{some(blank)}"
        )
    headway = repeated["headway_secs"].to_numpy(dtype=float) / 60
    # a vehicle leaves at the start and after every headway, before the end
    count = np.maximum(np.ceil(np.round((end - start) / headway, 9)), 0).astype(int)
    row = np.repeat(np.arange(len(repeated)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    trip = repeated["trip_id"].to_numpy(dtype=object)[row]
    shift = start[row] + step * headway[row] - begin.reindex(trip).to_numpy()
    single = begin.index[~begin.index.isin(repeated["trip_id"])]
    return pd.DataFrame(
        {
            "trip": np.concatenate([single.to_numpy(dtype=object), trip]),
            "shift": np.concatenate([np.zeros(len(single)), shift]),
        }
    ).drop_duplicates(ignore_index=True)
