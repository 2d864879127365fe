"""Timetables for the tests: the feed written by hand, and runs given as (stop, minute)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from spatialreg.transport import Timetable, timetable_times

Runs = Mapping[str, Sequence[tuple[str, float]]]

# near Alpha, near Delta, far from every stop, and up the road from the first
POINTS = gpd.GeoDataFrame(
    geometry=gpd.points_from_xy([8.0, 8.2, 20.0, 8.0], [50.0045, 50.1995, 50, 50.009]),
    index=["home", "work", "away", "next"],
    crs=4326,
)


def one(timetable: Timetable, origin: str, destination: str, **settings) -> pd.Series:
    """Give the times between two places."""
    return timetable_times([origin], [destination], timetable, **settings).iloc[0]


def trains(runs: Runs, *, line: str | None = None) -> Timetable:
    """Give the timetable of some runs, each with a line of its own unless one is named."""
    calls = calls_of(runs)
    stops = stops_of("".join(sorted(set(calls["stop"]))))
    return Timetable.from_calls(stops, calls if line is None else calls.assign(line=line))


def stops_of(labels: str) -> gpd.GeoDataFrame:
    """Give a stop a letter, a degree apart on the equator."""
    return gpd.GeoDataFrame(
        index=list(labels),
        geometry=gpd.points_from_xy(np.arange(len(labels)), np.zeros(len(labels))),
        crs=4326,
    )


def calls_of(runs: Runs) -> pd.DataFrame:
    """Give the calls of runs that halt nowhere."""
    rows = [
        (run, place, stop, float(minute), float(minute))
        for run, calls in runs.items()
        for place, (stop, minute) in enumerate(calls)
    ]
    return pd.DataFrame(rows, columns=["run", "sequence", "stop", "arrival", "departure"])
