"""Times by timetable, worked out by hand on the feed of three lines."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from spatialreg.errors import AlignmentError, InputError
from spatialreg.transport import (
    Timetable,
    timetable_network,
    timetable_path,
    timetable_times,
    walks_between_stops,
)

from .time_expanded import TimeExpanded
from .timetables import POINTS, calls_of, one, stops_of


class TestWindow:
    def test_a_direct_line(self, timetable):
        """Trains at 7:10 (to 8:00) and 7:50 (to 8:40), then none until 7:10 the next day.

        From 7:00: 10 minutes with times of 60 to 50, 40 minutes with 90 to 50, 10 minutes with
        1450 to 1440. Half an hour of the hour lies below 70: 20 minutes up to 60, then 10 more.
        """
        row = one(timetable, "A", "C", depart=("07:00", "08:00"))
        assert row.to_dict() == pytest.approx(
            {"median": 70, "mean": (10 * 55 + 40 * 70 + 10 * 1445) / 60, "min": 50, "max": 1450,
             "reachable": 1}
        )  # fmt: skip

    def test_a_change_of_platform(self, timetable):
        """7:10 from Alpha reaches 7:40 from Beta; after it only the night train goes on to Delta.

        10 of 120 minutes with 65 to 55, then 110 with 1055 (24:45 less 7:10) to 945.
        """
        row = one(timetable, "A", "D", depart=("07:00", "09:00"))
        assert row.to_dict() == pytest.approx(
            {"median": 945 + 50, "mean": (10 * 60 + 110 * 1000) / 120, "min": 55, "max": 1055,
             "reachable": 1}
        )  # fmt: skip

    def test_beyond_the_cutoff_is_unreachable(self, timetable):
        row = one(
            timetable, "A", "D", depart=("07:00", "09:00"), cutoff=120,
            statistics=["p5", "median", "mean", "min", "max", "reachable"],
        )  # fmt: skip
        # 5 % of the window are 6 minutes: 55 + 6
        assert row.to_dict() == pytest.approx(
            {"p5": 61, "median": np.inf, "mean": np.inf, "min": 55, "max": np.inf,
             "reachable": 10 / 120}
        )  # fmt: skip

    def test_a_line_by_frequency(self, timetable):
        """Every 20 minutes from 8:00 to 8:40, 12 minutes' ride: the mean is 12 and half of 20."""
        row = one(timetable, "C", "E", depart=("08:00", "08:40"))
        assert row[["mean", "median", "min", "max"]].tolist() == pytest.approx([22, 22, 12, 32])

    def test_a_train_that_leaves_as_the_window_opens_is_caught(self, timetable):
        row = one(timetable, "A", "C", depart=("07:10", "07:11"))
        assert row["min"] == pytest.approx(50)
        assert row["mean"] == pytest.approx(520 - 430.5)

    def test_after_midnight_the_run_of_the_day_before_is_caught(self, timetable):
        assert one(timetable, "B", "D", depart="00:00")["median"] == 45
        assert one(timetable, "B", "D", depart="24:00")["median"] == 45
        assert one(timetable, "A", "D", depart="23:00")["median"] == 105

    def test_unreachable_is_infinite(self, timetable):
        row = one(timetable, "E", "A", depart="08:00")
        assert row["reachable"] == 0
        assert np.isinf(row[["median", "mean", "min", "max"]]).all()


class TestChanges:
    def test_the_rule_of_the_station_goes_before_the_usual_time(self, timetable):
        # 7:30 to 7:40 is enough for the rule's 4 minutes, whatever the usual time
        assert one(timetable, "A", "D", depart="07:00", transfer_minutes=30)["median"] == 65
        # at Gamma there is no rule: 8:00 to 8:20, and 8:00 to 8:00 only for those who need no time
        assert one(timetable, "A", "E", depart="07:00")["median"] == 92
        assert one(timetable, "A", "E", depart="07:00", transfer_minutes=0)["median"] == 72

    def test_the_number_of_changes(self, timetable):
        assert one(timetable, "A", "D", depart="07:00", max_transfers=1)["median"] == 65
        assert one(timetable, "A", "D", depart="07:00", max_transfers=0)["median"] == 1485 - 420

    def test_a_stop_stands_for_its_station(self, timetable):
        times = timetable_times(["B", "B1", "B2"], ["D"], timetable, depart="07:35")
        assert times["median"].tolist() == [30, 30, 30]
        inside = timetable_times(["B1"], ["B", "B2"], timetable, depart="07:35")
        assert (inside["median"] == 0).all()

    def test_a_walk_between_stations(self, timetable):
        walks = pd.DataFrame({"start": ["D"], "end": ["C"], "minutes": [20.0]})
        settings = {"depart": "07:35", "footpaths": walks}
        # at the end: Delta at 8:05 and 20 minutes on foot; before a ride: Gamma at 8:25 for 8:40
        assert one(timetable, "B", "C", **settings)["median"] == 50
        assert one(timetable, "B", "E", **settings)["median"] == 8 * 60 + 52 - 455
        # all the way, and at the start
        assert one(timetable, "D", "C", **settings)["median"] == 20
        assert one(timetable, "D", "E", **settings)["median"] == 8 * 60 + 12 - 455

    def test_a_walk_from_a_station_holds_for_its_platforms(self, timetable):
        walks = pd.DataFrame({"start": ["B", "B2"], "end": ["E", "E"], "minutes": [10.0, 1.0]})
        # Beta platform 1 at 7:30, and 10 minutes on foot; platform 2 has a walk of its own, which
        # is for those who alight there
        assert one(timetable, "A", "E", depart="07:00", footpaths=walks)["median"] == 40
        assert one(timetable, "B", "E", depart="07:00", footpaths=walks)["median"] == 1
        alone = walks.iloc[1:]
        assert one(timetable, "A", "E", depart="07:00", footpaths=alone)["median"] == 92


class TestPoints:
    def minutes(self, one, other):
        metres = Geod(ellps="WGS84").inv(*one, *other)[2]
        return round(metres * 1.3 / 4500 * 3600) / 60

    def test_walks_to_and_from_stops(self, timetable):
        access = self.minutes((8.0, 50.0045), (8.0, 50.0))
        egress = self.minutes((8.2, 50.1995), (8.2, 50.2))
        found = self.one(timetable, "home", "work", depart=("06:30", "07:00"))
        leave = 430 - access
        assert found["min"] == pytest.approx(485 + egress - 420)
        assert found["max"] == pytest.approx(485 + egress - 390)
        assert leave > 420

    def one(self, timetable, origin, destination, **settings):
        side = POINTS.loc
        return timetable_times(side[[origin]], side[[destination]], timetable, **settings).iloc[0]

    def test_all_the_way_on_foot(self, timetable):
        between = self.minutes((8.0, 50.0045), (8.0, 50.009))
        found = self.one(timetable, "home", "next", depart=("07:00", "09:00"))
        assert found[["min", "mean", "max", "median"]].tolist() == pytest.approx([between] * 4)

    def test_beyond_walking_distance(self, timetable):
        assert self.one(timetable, "away", "work", depart="07:00")["median"] == np.inf
        near = self.one(timetable, "home", "work", depart="07:00", access_m=100)
        assert near["median"] == np.inf

    def test_ways_made_elsewhere(self, timetable):
        ways = pd.DataFrame({"place": ["x", "x"], "stop": ["A", "B2"], "minutes": [1.0, 30.0]})
        assert one_of(timetable_times(ways, ["D"], timetable, depart="07:00")) == 65
        assert one_of(timetable_times(ways, ["D"], timetable, depart="07:10")) == 55

    def test_a_way_to_a_station_leads_to_all_its_platforms(self, timetable):
        ways = pd.DataFrame({"place": ["x"], "stop": ["B"], "minutes": [5.0]})
        assert one_of(timetable_times(ways, ["D"], timetable, depart="07:30")) == 35
        assert one_of(timetable_times(ways, ["C"], timetable, depart="07:27")) == 33

    def test_any_crs(self, timetable):
        there = POINTS.loc[["work"]]
        found = timetable_times(POINTS, there.to_crs(32632), timetable, depart=("6:30", "7:00"))
        same = timetable_times(POINTS, there, timetable, depart=("6:30", "7:00"))
        pd.testing.assert_frame_equal(found, same, atol=0.02)


def one_of(times: pd.DataFrame) -> float:
    return float(times["median"].iloc[0])


class TestWays:
    def test_the_smaller_side_does_not_matter(self, timetable):
        stops = list("ABCDE")
        every = timetable_times(stops, stops, timetable, depart=("07:00", "08:30"))
        for stop in stops:
            out = timetable_times([stop], stops, timetable, depart=("07:00", "08:30"))
            back = timetable_times(stops, [stop], timetable, depart=("07:00", "08:30"))
            pd.testing.assert_frame_equal(out, every.loc[[stop]])
            pd.testing.assert_frame_equal(back, every.loc[(slice(None), [stop]), :])

    @pytest.mark.parametrize("workers", [2, 3])
    def test_threads_change_nothing(self, timetable, workers):
        stops = list("ABCDE")
        alone = timetable_times(stops, stops, timetable, workers=1)
        pd.testing.assert_frame_equal(
            timetable_times(stops, stops, timetable, workers=workers), alone
        )

    def test_the_order_of_rows_changes_nothing_and_nothing_is_changed(self, timetable):
        mixed = Timetable(
            timetable.stops.iloc[::-1],
            timetable.lines.iloc[::-1],
            timetable.runs.iloc[::-1],
            timetable.connections.sample(frac=1, random_state=1),
            timetable.transfers.iloc[::-1],
        )
        before = mixed.connections.copy(), mixed.stops.copy(), mixed.transfers.copy()
        stops = list("ABCDE")
        walks = walks_between_stops(timetable, distance_m=50_000)
        settings = {"depart": ("07:00", "08:30")}
        pd.testing.assert_frame_equal(
            timetable_times(stops[::-1], stops, mixed, footpaths=walks.iloc[::-1], **settings).loc[
                stops
            ],
            timetable_times(stops, stops, timetable, footpaths=walks, **settings),
        )
        path = timetable_path("A", "D", mixed, depart="07:00")
        pd.testing.assert_frame_equal(path, timetable_path("A", "D", timetable, depart="07:00"))
        for found, same in zip(timetable_network(mixed), timetable_network(timetable), strict=True):
            pd.testing.assert_frame_equal(found, same)
        for old, new in zip(before, (mixed.connections, mixed.stops, mixed.transfers), strict=True):
            pd.testing.assert_frame_equal(old, new)


def test_a_day_without_service_and_no_places(timetable):
    empty = replace(timetable, connections=timetable.connections.iloc[:0])
    times = timetable_times(["A"], ["A", "D"], empty)
    assert times["median"].tolist() == [0, np.inf]
    assert timetable_times([], ["A"], timetable).empty


REFUSED = {
    "unknown stop": ({"origins": ["Q"]}, AlignmentError, "origins has 1 stops .* lacks"),
    "text": ({"origins": "A"}, InputError, r"origins must be a list of stops.*\['A'\]"),
    "twice": ({"origins": ["A", "A"]}, AlignmentError, "origins has 1 labels more than once"),
    "window": ({"depart": ("09:00", "08:00")}, InputError, "ends before it begins"),
    "clock": ({"depart": "nine"}, InputError, "1 times cannot be read"),
    "kind": ({"depart": 480}, InputError, "depart must be a clock time"),
    "statistic": ({"statistics": ["mode"]}, InputError, "statistics has 'mode'"),
    "no statistic": ({"statistics": "mean"}, InputError, "statistics must be a list"),
    "transfer": ({"transfer_minutes": -1}, InputError, "transfer_minutes must be"),
    "changes": ({"max_transfers": 1.5}, InputError, "max_transfers must be a whole number"),
    "cutoff": ({"cutoff": 0}, InputError, "cutoff must be a positive number"),
    "unused": ({"access_m": 500}, InputError, "access_m= is for points"),
    "footpaths": (
        {"footpaths": pd.DataFrame({"start": ["A"], "end": ["Q"], "minutes": [1]})},
        AlignmentError, "footpaths name 1 stops that the timetable lacks",
    ),
    "negative": (
        {"footpaths": pd.DataFrame({"start": ["A"], "end": ["C"], "minutes": [-1]})},
        InputError, "footpaths take minutes from 0 on",
    ),
    "frame": (
        {"origins": pd.DataFrame({"place": ["x"], "stop": ["Q"], "minutes": [1]})},
        AlignmentError, "origins name stops that the timetable lacks",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(timetable, case):
    changed, error, message = REFUSED[case]
    settings = {"origins": ["A"], "destinations": ["D"], **changed}
    origins, destinations = settings.pop("origins"), settings.pop("destinations")
    with pytest.raises(error, match=message):
        timetable_times(origins, destinations, timetable, **settings)


class TestFromCalls:
    def test_clock_times_or_minutes(self):
        stops = stops_of("ab")
        clock = pd.DataFrame(
            {
                "run": 1,
                "sequence": [1, 2],
                "stop": ["a", "b"],
                "arrival": [None, "25:10"],
                "departure": ["23:50:30", None],
            }
        )
        table = Timetable.from_calls(stops, clock, date="2024-03-05")
        assert table.connections[["departure", "arrival"]].to_numpy().tolist() == [[1430.5, 1510]]
        assert table.date == pd.Timestamp("2024-03-05")

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"stop": ["a", "q"]}, "calls name 1 stops that stops lacks"),
            ({"sequence": [1, 1]}, "1 calls have the run and sequence of another"),
            ({"arrival": [0.0, -5.0]}, "times after midnight go on from 24:00"),
            ({"arrival": [np.nan, np.nan], "departure": [0, np.nan]}, "neither arrival nor"),
            ({"line": ["x", "x"]}, "runs are of lines that lines lacks"),
        ],
    )
    def test_what_is_refused(self, changed, message):
        calls = calls_of({"r": [("a", 0), ("b", 10)]}).assign(**changed)
        lines = pd.DataFrame({"name": ["y"], "mode": ["rail"]}, index=["y"])
        if "line" not in changed:
            lines = None
        with pytest.raises(InputError, match=message):
            Timetable.from_calls(stops_of("ab"), calls, lines=lines)


def test_a_larger_timetable_equals_a_time_expanded_graph():
    """60 stops, 300 runs at random, every pair at some moments, in both directions of search."""
    rng = np.random.default_rng(5)
    labels = [f"s{i:02d}" for i in range(60)]
    stops = gpd.GeoDataFrame(
        {"station": [f"S{i // 2}" if i < 20 else f"s{i:02d}" for i in range(60)]},
        geometry=gpd.points_from_xy(rng.random(60), rng.random(60)),
        index=labels,
        crs=4326,
    )
    calls = {}
    for run in range(300):
        times = np.cumsum(rng.integers(1, 15, 8)) + rng.integers(0, 300)
        calls[f"r{run}"] = list(zip(rng.choice(labels, 8, replace=False), times, strict=True))
    table = Timetable.from_calls(stops, calls_of(calls))
    station = stops["station"]
    changes = {(a, b): 180 for a in labels for b in labels if station[a] == station[b]}
    graph = TimeExpanded(table, changes)
    opening, closing = "1:00", "1:20"
    moments = np.arange(3600, 4800) + 0.5
    for origins, destinations in ((labels, ["s00", "s33"]), (["s00", "s33"], labels)):
        found = timetable_times(
            origins, destinations, table, depart=(opening, closing), transfer_minutes=3
        )
        for origin, destination in list(found.index)[::7]:
            access, egress = (
                {s: 0 for s in labels if station[s] == station[place]}
                for place in (origin, destination)
            )
            walk = 0 if station[origin] == station[destination] else np.inf
            times = graph.times(access, egress, moments, walk) / 60
            row = found.loc[(origin, destination)]
            assert row["mean"] == pytest.approx(times.mean())
            assert row["reachable"] == pytest.approx(np.isfinite(times).mean())
            assert row["median"] == pytest.approx(np.median(times), abs=1 / 60)
