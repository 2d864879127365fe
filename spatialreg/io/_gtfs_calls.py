"""The calls of a feed's trips: which stop, when, in what order, with blank times filled in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Geod

from .._align import some
from .._results._timetable import clock_minutes
from ..errors import InputError
from ._gtfs_tables import Account, Tables, numbers

_WGS84 = Geod(ellps="WGS84")
_COLUMNS = ["trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"]


def read_calls(
    tables: Tables, trips: pd.Index, stops: gpd.GeoDataFrame, account: Account
) -> pd.DataFrame:
    """Give the calls of `trips` by trip and order: trip, stop, arrival, departure, ...

    Times are minutes after midnight of the service's day. The index is the row in the file.
    """
    table = tables.required("stop_times", _COLUMNS)
    known = tables.required("trips", ["trip_id"])["trip_id"]
    table = account.without(
        table,
        "stop_times",
        ~table["trip_id"].isin(known),
        "are of trips that trips.txt lacks",
        "add these trips",
    )
    table = table[table["trip_id"].isin(trips)]
    table = account.without(
        table,
        "stop_times",
        ~table["stop_id"].isin(stops.index),
        "name stops that stops.txt lacks",
        "add these stops (the runs are taken to pass through)",
    )
    unnumbered = table.index[table["stop_sequence"].isna()]
    if len(unnumbered):
        raise InputError(
            f"{account.source}, stop_times.txt: stop_sequence is blank in rows "
            f"{some(unnumbered)}: number the calls of each trip"
        )
    what = f"{account.source}, stop_times.txt, column"
    arrival = clock_minutes(table["arrival_time"], f"{what} arrival_time")
    departure = clock_minutes(table["departure_time"], f"{what} departure_time")
    calls = pd.DataFrame(
        {
            "trip": table["trip_id"].to_numpy(dtype=object),
            "sequence": table["stop_sequence"].to_numpy(dtype=np.int64),
            "stop": table["stop_id"].to_numpy(dtype=object),
            "arrival": arrival.fillna(departure).to_numpy(),
            "departure": departure.fillna(arrival).to_numpy(),
            "boarding": _unless_one(table, "pickup_type"),
            "alighting": _unless_one(table, "drop_off_type"),
            "travelled": numbers(table, "shape_dist_traveled"),
        },
        index=table.index,
    )
    calls = calls.sort_values(["trip", "sequence"], kind="stable")
    twice = calls.index[calls.duplicated(["trip", "sequence"], keep=False)]
    if len(twice):
        raise InputError(
            f"{account.source}, stop_times.txt: rows {some(twice)} have the trip_id and "
            "stop_sequence of another row: number the calls of each trip"
        )
    calls = _filled_in(calls, stops)
    calls = _without_trips(
        calls,
        calls["arrival"].isna(),
        "have no time, nor a time before and after them, and their trips",
        "state the times of each trip's first and last call",
        account,
    )
    same = calls["trip"].to_numpy()[1:] == calls["trip"].to_numpy()[:-1]
    back = (calls["departure"] < calls["arrival"]).to_numpy(copy=True)
    back[1:] |= same & (calls["arrival"].to_numpy()[1:] < calls["departure"].to_numpy()[:-1])
    return _without_trips(
        calls,
        pd.Series(back, index=calls.index),
        "go back in time, and their trips",
        "times after midnight go on from 24:00:00",
        account,
    )


def _without_trips(
    calls: pd.DataFrame, wrong: pd.Series, reason: str, mend: str, account: Account
) -> pd.DataFrame:
    """Leave out every trip that has a call which is `wrong`."""
    account.leave_out("stop_times", calls.index[wrong], reason, mend)
    return calls[~calls["trip"].isin(calls.loc[wrong, "trip"].unique())]


def _unless_one(table: pd.DataFrame, column: str) -> np.ndarray:
    """Say where a stop is served for passengers: 1 says that it is not."""
    if column not in table.columns:
        return np.ones(len(table), dtype=bool)
    return (table[column].fillna(0) != 1).to_numpy(dtype=bool)


def _filled_in(calls: pd.DataFrame, stops: gpd.GeoDataFrame) -> pd.DataFrame:
    """Fill blank times between known ones in proportion to the way travelled.

    The way is ``shape_dist_traveled`` where the whole trip has it, else the geodesic distance from
    stop to stop; where neither says anything, each ride takes the same time.
    """
    blank = calls["arrival"].isna().to_numpy()
    if not blank.any():
        return calls
    part = calls[calls["trip"].isin(calls.loc[blank, "trip"].unique())]
    trip = pd.factorize(part["trip"])[0]
    known = part["arrival"].notna().to_numpy()
    place = np.arange(len(part))
    before = np.maximum.accumulate(np.where(known, place, -1))
    after = np.minimum.accumulate(np.where(known, place, len(part))[::-1])[::-1]
    inside = ~known & (before >= 0) & (after < len(part))
    inside[inside] = (trip[before[inside]] == trip[inside]) & (trip[after[inside]] == trip[inside])
    at = np.flatnonzero(inside)
    first, last = before[at], after[at]
    way = _way(part, trip, stops)
    whole = way[last] - way[first]
    even = ~(whole > 0)
    share = np.empty(len(at))
    share[~even] = (way[at] - way[first])[~even] / whole[~even]
    share[even] = ((at - first) / (last - first))[even]
    leave, reach = part["departure"].to_numpy()[first], part["arrival"].to_numpy()[last]
    times = np.rint((leave + share * (reach - leave)) * 60) / 60
    calls = calls.copy()
    rows = part.index[at]
    calls.loc[rows, "arrival"] = times
    calls.loc[rows, "departure"] = times
    return calls


def _way(part: pd.DataFrame, trip: np.ndarray, stops: gpd.GeoDataFrame) -> np.ndarray:
    """Give how far each call lies along its trip, in any unit; NaN where nothing says so."""
    same = trip[1:] == trip[:-1]
    stated = part["travelled"].to_numpy()
    wrong = np.isnan(stated)
    wrong[1:] |= same & ~(stated[1:] >= stated[:-1])
    usable = ~np.isin(trip, np.unique(trip[wrong]))
    points = stops.geometry.reindex(part["stop"])
    x, y = points.x.to_numpy(), points.y.to_numpy()
    step = np.zeros(len(part))
    step[1:] = np.where(same, _WGS84.inv(x[:-1], y[:-1], x[1:], y[1:])[2], 0.0)
    return np.where(usable, stated, np.cumsum(np.where(np.isnan(step), 0.0, step)))
