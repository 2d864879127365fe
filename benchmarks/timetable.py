"""Travel times by timetable: the profile search beside Dijkstra on a time-expanded graph.

    python benchmarks/timetable.py                     the made-up timetable (about two minutes)
    python benchmarks/timetable.py feed.zip [date]     a GTFS feed instead

What is measured stands in timetable.md.
"""

from __future__ import annotations

import sys
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
from _compare import machine, medians, table, written
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from spatialreg.io import read_gtfs
from spatialreg.transport import Timetable, timetable_times, walks_between_stops

TRANSFER = 5
WINDOW = ("07:00", "09:00")
TARGETS = 40


def made_up(stops: int = 2_000, lines: int = 100, calls: int = 20) -> Timetable:
    """Give lines that wander from stop to near stop across 100 km, each way every 40 to 120 min."""
    rng = np.random.default_rng(0)
    place = rng.random((stops, 2)) * 100
    rows = []
    for line in range(lines):
        at, heading, way = int(rng.integers(stops)), rng.random() * 2 * np.pi, []
        for _ in range(calls):
            way.append(at)
            ahead = place - place[at]
            distance = np.hypot(*ahead.T)
            turn = np.abs(
                (np.arctan2(ahead[:, 1], ahead[:, 0]) - heading + np.pi) % (2 * np.pi) - np.pi
            )
            distance[(turn > 1) | np.isin(np.arange(stops), way)] = np.inf
            if not np.isfinite(distance).any():
                break
            at = int(distance.argmin())
        headway = int(rng.integers(40, 120))
        for direction in (way, way[::-1]):
            legs = np.hypot(*np.diff(place[direction], axis=0).T)
            # 50 km/h between halts of a minute, in whole minutes as in print
            ride = np.maximum(np.rint(legs * 1.2), 1)
            arrive = np.concatenate([[0], np.cumsum(ride + 1)])
            for begin in range(300 + int(rng.integers(headway)), 1380, headway):
                run = f"{line}-{direction[0]}-{begin}"
                for k, stop in enumerate(direction):
                    arrival = begin + arrive[k] - (k > 0)
                    rows.append((run, k, f"s{stop}", arrival, begin + arrive[k], f"l{line}"))
    columns = ["run", "sequence", "stop", "arrival", "departure", "line"]
    points = gpd.points_from_xy(place[:, 0] / 111.2, place[:, 1] / 111.2)
    frame = gpd.GeoDataFrame(index=[f"s{i}" for i in range(stops)], geometry=points, crs=4326)
    return Timetable.from_calls(frame, pd.DataFrame(rows, columns=columns))


class Expanded:
    """The same timetable as a graph of events: aboard a connection, and ready at a stop."""

    def __init__(self, timetable: Timetable, walks: pd.DataFrame) -> None:
        ride = timetable.connections.sort_values(["run", "sequence"], ignore_index=True)
        at = timetable.stops.index
        station = timetable.stops["station"].to_numpy()
        same = pd.DataFrame({"station": station, "stop": np.arange(len(at))})
        pairs = same.merge(same, on="station")
        change = pd.concat(
            [
                pd.DataFrame({"a": pairs["stop_x"], "b": pairs["stop_y"], "s": TRANSFER * 60}),
                pd.DataFrame(
                    {
                        "a": at.get_indexer(walks["start"]),
                        "b": at.get_indexer(walks["end"]),
                        "s": np.rint(np.maximum(walks["minutes"], TRANSFER) * 60).astype(int),
                    }
                ),
            ]
        )
        rules = timetable.transfers
        if len(rules):
            own = pd.DataFrame(
                {
                    "a": at.get_indexer(rules["start"]),
                    "b": at.get_indexer(rules["end"]),
                    "s": rules["minutes"].fillna(TRANSFER) * 60,
                }
            )
            change = pd.concat([own, change]).drop_duplicates(["a", "b"])
            change = change[np.isfinite(change["s"])].astype(int)
        self.departure = np.rint(ride["departure"] * 60).astype(int).to_numpy()
        self.arrival = np.rint(ride["arrival"] * 60).astype(int).to_numpy()
        self.end = at.get_indexer(ride["end"])
        self.alighting = ride["alighting"].to_numpy()
        start, m = at.get_indexer(ride["start"]), len(ride)
        ready = np.unique(start * 10**6 + self.departure)
        self.ready_stop, self.ready_time = ready // 10**6, ready % 10**6
        next_one = np.flatnonzero(self.ready_stop[1:] == self.ready_stop[:-1])
        alight = pd.DataFrame({"c": np.arange(m), "a": self.end})[self.alighting]
        alight = alight.merge(change, on="a")
        key = alight["b"].to_numpy() * 10**6 + self.arrival[alight["c"]] + alight["s"].to_numpy()
        place = np.searchsorted(ready, key)
        found = (place < len(ready)) & (
            ready[np.minimum(place, len(ready) - 1)] // 10**6 == alight["b"]
        )
        c, place = alight["c"].to_numpy()[found], place[found]
        on = np.flatnonzero(ride["run"].to_numpy()[1:] == ride["run"].to_numpy()[:-1])
        boarding = np.flatnonzero(ride["boarding"])
        board = np.searchsorted(ready, (start * 10**6 + self.departure)[boarding])
        self.size = m + len(ready) + 1
        self.rides, self.ready = m, ready
        tail = np.concatenate([m + next_one, m + board, on, c])
        head = np.concatenate([m + next_one + 1, boarding, on + 1, m + place])
        cost = np.concatenate(
            [
                np.diff(self.ready_time)[next_one],
                np.zeros(len(boarding)),
                self.departure[on + 1] - self.departure[on],
                self.ready_time[place] - self.departure[c],
            ]
        )
        self.tail, self.head, self.cost = tail, head, cost.astype(float)

    def seconds_to(self, stops: np.ndarray, seconds: np.ndarray, limit: float) -> np.ndarray:
        """Give the time from every moment at which one can be ready to the target."""
        at = np.full(self.end.max() + 1 if len(self.end) else 1, -1)
        at[stops] = seconds
        last = np.flatnonzero((at[self.end] >= 0) & self.alighting)
        tail = np.concatenate([self.tail, last])
        head = np.concatenate([self.head, np.full(len(last), self.size - 1)])
        cost = np.concatenate(
            [self.cost, self.arrival[last] + at[self.end[last]] - self.departure[last]]
        )
        graph = sparse.csr_array((cost, (head, tail)), shape=(self.size, self.size))
        return dijkstra(graph, indices=self.size - 1, limit=limit)[self.rides : -1]


def search(timetable: Timetable, name: str) -> str:
    walks = walks_between_stops(timetable, distance_m=1_500)
    stops = timetable.stops
    served = stops.index[stops.index.isin(timetable.connections["start"])]
    origins = pd.Index(stops.loc[served].groupby("station").head(1).index)
    rng = np.random.default_rng(1)
    targets = origins[np.sort(rng.choice(len(origins), min(TARGETS, len(origins)), replace=False))]
    expanded = Expanded(timetable, walks)
    reached = {}
    for target in targets:
        own = stops.index.get_indexer(stops.index[stops["station"] == stops.loc[target, "station"]])
        near = walks[walks["end"].isin(stops.index[own])]
        at = np.concatenate([stops.index.get_indexer(near["start"]), own])
        seconds = np.concatenate([np.rint(near["minutes"] * 60), np.zeros(len(own))])
        reached[target] = at, seconds
    rows = []
    for cutoff in (None, 120):
        limit = np.inf if cutoff is None else cutoff * 60 + 7_200

        def peer(limit: float = limit) -> None:
            for links in reached.values():
                expanded.seconds_to(*links, limit)

        ours = partial(
            timetable_times, origins, targets, timetable, depart=WINDOW, footpaths=walks,
            transfer_minutes=TRANSFER, cutoff=cutoff,
        )  # fmt: skip
        few = partial(
            timetable_times, origins[:1], targets, timetable, depart=WINDOW, footpaths=walks,
            transfer_minutes=TRANSFER, cutoff=cutoff,
        )  # fmt: skip
        times = medians(
            {
                "peer": peer,
                "all": partial(ours, workers=1),
                "two": partial(ours, workers=2),
                "few": few,
            },
            5,
        )
        per = {key: seconds / len(targets) for key, seconds in times.items()}
        rows.append(
            (
                name, "none" if cutoff is None else f"{cutoff} min", written(per["peer"]),
                written(per["all"]), written(per["two"]), f"{per['peer'] / per['all']:.1f} x",
                written(times["few"]),
            )
        )  # fmt: skip
    agree(expanded, timetable, walks, origins, targets, reached)
    return table(
        rows, "timetable", "cutoff", "Dijkstra, one place", "ours, one place", "with two threads",
        "ratio", f"a call with one origin, {len(targets)} places",
    )  # fmt: skip


def agree(expanded, timetable, walks, origins, targets, reached) -> None:
    """Assert that both give the same times from eight o'clock on, where no walk comes first."""
    found = timetable_times(
        origins, targets, timetable, depart="08:00", footpaths=walks, transfer_minutes=TRANSFER
    )["min"].unstack("destination")
    stops = timetable.stops
    for target, links in reached.items():
        left = expanded.seconds_to(*links, np.inf)
        for origin in origins[::50]:
            own = stops.index[stops["station"] == stops.loc[origin, "station"]]
            near = walks[walks["start"].isin(own)]
            at = [
                *((s, 0) for s in own),
                *zip(near["end"], np.rint(near["minutes"] * 60), strict=True),
            ]
            best = np.inf
            for stop, seconds in at:
                code, ready = stops.index.get_loc(stop), 8 * 3600 + seconds
                place = np.searchsorted(expanded.ready, code * 10**6 + ready)
                if place < len(expanded.ready) and expanded.ready_stop[place] == code:
                    best = min(best, expanded.ready_time[place] - 8 * 3600 + left[place])
            for stop, seconds in at:
                if stops.loc[stop, "station"] == stops.loc[target, "station"]:
                    best = min(best, seconds)
            assert np.isclose(found.loc[origin, target] * 60, best), (origin, target)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        source = read_gtfs(sys.argv[1], date=sys.argv[2] if len(sys.argv) > 2 else None)
        label = sys.argv[1].rsplit("/", 1)[-1]
    else:
        source, label = made_up(), "made up"
    print(source, end="\n\n")
    print(search(source, label), end="\n\n")
    print(machine("numpy", "numba", "scipy", "pandas"))
