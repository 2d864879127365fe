"""Times by timetable equal those of a time-expanded graph, for any small timetable."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialreg.transport import Timetable, timetable_times

from ..transport.time_expanded import TimeExpanded

STOPS = ["a1", "a2", "b", "c", "d"]
STATION = {"a1": "A", "a2": "A", "b": "b", "c": "c", "d": "d"}
OPENING, CLOSING = 10, 40
NAMES = ["median", "mean", "min", "max", "reachable", "p10", "p90", "p100"]


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    rows = []
    for run in range(draw(st.integers(1, 7))):
        now = draw(st.integers(0, 60))
        for sequence in range(draw(st.integers(2, 4))):
            arrival = now
            now += draw(st.integers(0, 3))
            rows.append(
                {
                    "run": run,
                    "sequence": sequence,
                    "stop": draw(st.sampled_from(STOPS)),
                    "arrival": arrival / 60,
                    "departure": now / 60,
                    "boarding": draw(st.integers(0, 5)) > 0,
                    "alighting": draw(st.integers(0, 5)) > 0,
                }
            )
            now += draw(st.integers(0, 15))
    stops = gpd.GeoDataFrame(
        {"station": STATION.values()},
        geometry=gpd.points_from_xy(np.arange(5), np.zeros(5)),
        index=STOPS,
        crs=4326,
    )
    rules = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(STOPS), st.sampled_from(STOPS)),
            st.sampled_from([0.0, 2.0, 9.0, np.inf, np.nan]),
            max_size=3,
        )
    )
    transfers = pd.DataFrame(
        [(a, b, seconds / 60) for (a, b), seconds in rules.items()],
        columns=["start", "end", "minutes"],
    )
    return Timetable.from_calls(stops, pd.DataFrame(rows), transfers=transfers)


walks = st.dictionaries(
    st.tuples(st.sampled_from(STOPS), st.sampled_from(STOPS)), st.integers(0, 30), max_size=4
)


def ways_on_foot(timetable: Timetable, footpaths: dict, least: int) -> dict[tuple[str, str], float]:
    """Restate which ways there are on foot: in a station none, else walks, else rules."""
    ways = {(a, b): float(s) for (a, b), s in footpaths.items() if STATION[a] != STATION[b]}
    for row in timetable.transfers.itertuples():
        if STATION[row.start] != STATION[row.end]:
            ways[row.start, row.end] = least if np.isnan(row.minutes) else row.minutes * 60
    ways |= {(a, b): 0.0 for a in STOPS for b in STOPS if STATION[a] == STATION[b]}
    return {pair: seconds for pair, seconds in ways.items() if seconds != np.inf}


def changing(timetable: Timetable, ways: dict, least: int) -> dict[tuple[str, str], int]:
    times = {pair: max(least, s) for pair, s in ways.items()}
    for row in timetable.transfers.itertuples():
        times[row.start, row.end] = least if np.isnan(row.minutes) else row.minutes * 60
    return {pair: round(s) for pair, s in times.items() if s != np.inf}


@settings(max_examples=60, deadline=None)
@given(
    timetable=timetables(),
    footpaths=walks,
    least=st.sampled_from([0, 1, 5]),
    cutoff=st.sampled_from([None, 12, 40]),
    rides=st.sampled_from([None, 1, 2]),
    turned=st.booleans(),
    moment=st.booleans(),
)
def test_every_statistic_is_that_of_a_time_expanded_graph(
    timetable, footpaths, least, cutoff, rides, turned, moment
):
    ways = ways_on_foot(timetable, footpaths, least)
    graph = TimeExpanded(timetable, changing(timetable, ways, least), rides)
    origins, destinations = (["b"], STOPS) if turned else (STOPS, ["b"])
    closing = OPENING if moment else CLOSING
    found = timetable_times(
        origins,
        destinations,
        timetable,
        depart=(f"0:00:{OPENING}", f"0:00:{closing}"),
        statistics=NAMES,
        transfer_minutes=least / 60,
        footpaths=pd.DataFrame(
            [(a, b, s / 60) for (a, b), s in footpaths.items()], columns=["start", "end", "minutes"]
        ),
        max_transfers=None if rides is None else rides - 1,
        cutoff=None if cutoff is None else cutoff / 60,
    )
    # between two whole seconds travel time falls by one, so that midpoints give means exactly
    moments = np.array([OPENING]) if moment else np.arange(OPENING, CLOSING) + 0.5
    for origin, destination in found.index:
        access = nearest(ways, [s for s in STOPS if STATION[s] == STATION[origin]], 0)
        egress = nearest(ways, [s for s in STOPS if STATION[s] == STATION[destination]], 1)
        walk = min(
            (access[s] for s in STOPS if STATION[s] == STATION[destination] and s in access),
            default=np.inf,
        )
        times = graph.times(access, egress, moments, walk)
        times[times > (np.inf if cutoff is None else cutoff)] = np.inf
        compare(found.loc[(origin, destination)] * 60, times, moment, walk)


def nearest(ways, here, side):
    """Give the least seconds on foot between any stop of a station and every stop."""
    least = {}
    for pair, seconds in ways.items():
        if pair[side] in here:
            far = pair[1 - side]
            least[far] = min(least.get(far, np.inf), seconds)
    return {stop: round(s) for stop, s in least.items()}


def compare(row, times, moment, walk):
    reached = np.isfinite(times)
    assert row["reachable"] / 60 == pytest.approx(reached.mean())
    if moment:
        assert row[["median", "mean", "min", "max"]].to_numpy() == pytest.approx(times[0])
        return
    if reached.all():
        # where the walk is the quickest the time does not fall, and its midpoint is its mean too
        assert row["mean"] == pytest.approx(times.mean())
        assert times.max() <= row["max"] + 1e-9 and row["max"] <= times.max() + 0.5 + 1e-9
    else:
        assert row["mean"] == row["max"] == np.inf
    if reached.any():
        assert row["min"] <= times.min()
    for name, level in (("p10", 0.1), ("median", 0.5), ("p90", 0.9), ("p100", 1.0)):
        value = row[name]
        if level * len(times) > reached.sum():
            assert value == np.inf
            continue
        # each second is one tooth's piece of one second around its midpoint, or flat at the walk
        low = np.where(times == walk, times, times - 0.5)
        high = np.where(times == walk, times, times + 0.5)
        wanted = level * len(times)
        assert share_up_to(value + 1e-6, low, high) >= wanted - 1e-5
        assert share_up_to(value - 1e-6, low, high) <= wanted + 1e-5


def share_up_to(value, low, high):
    low, high = low[np.isfinite(low)], high[np.isfinite(low)]
    inside = np.clip(value - low, 0, high - low)
    return np.where(high == low, value >= low, inside).sum()
