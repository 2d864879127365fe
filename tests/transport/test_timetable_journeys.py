"""Journeys, walks and networks by timetable, worked out by hand on the feed of three lines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely import box

import spatialreg as sr
from spatialreg.errors import CRSError, GeometryError, InputError
from spatialreg.transport import (
    Timetable,
    timetable_network,
    timetable_path,
    walks_between_stops,
    walks_to_stops,
)

from .timetables import POINTS, one, stops_of, trains


class TestPath:
    def test_legs_with_their_lines(self, timetable):
        path = timetable_path("A", "D", timetable, depart="07:00")
        assert path[
            ["line", "mode", "board", "alight", "departs", "arrives"]
        ].to_numpy().tolist() == [
            ["R1", "rail", "A", "B1", "07:10:00", "07:30:00"],
            ["R2", "high_speed_rail", "B2", "D", "07:40:00", "08:05:00"],
        ]
        assert path["minutes"].tolist() == [20, 25]
        assert path.attrs["minutes"] == 65

    def test_the_night(self, timetable):
        path = timetable_path("A", "D", timetable, depart="23:00")
        assert path[["line", "departs", "arrives"]].to_numpy().tolist() == [
            ["N", "23:30:00", "24:45:00"]
        ]

    def test_it_sets_out_no_earlier_than_it_must(self):
        """A slow and a quick way to the same connection: the quick one, which leaves later."""
        table = trains({"slow": [("a", 0), ("b", 50)], "quick": [("a", 30), ("b", 45)],
                        "on": [("b", 60), ("c", 70)]})  # fmt: skip
        path = timetable_path("a", "c", table, depart="00:00")
        assert path["run"].tolist() == ["quick", "on"]
        assert path.attrs["minutes"] == 70

    def test_the_fewest_rides_of_those_that_arrive_as_early(self):
        table = trains({"through": [("a", 0), ("b", 20), ("c", 70)],
                        "hop": [("a", 10), ("b", 30)], "on": [("b", 60), ("c", 70)]})  # fmt: skip
        path = timetable_path("a", "c", table, depart="00:00")
        assert path["run"].tolist() == ["through"]

    def test_walks_are_legs(self, timetable):
        walks = pd.DataFrame({"start": ["D"], "end": ["C"], "minutes": [20.0]})
        path = timetable_path("B", "E", timetable, depart="07:35", footpaths=walks)
        assert path[["mode", "board", "alight", "departs", "arrives"]].to_numpy().tolist() == [
            ["high_speed_rail", "B2", "D", "07:40:00", "08:05:00"],
            ["walk", "D", "C", "08:05:00", "08:25:00"],
            ["bus", "C", "E", "08:40:00", "08:52:00"],
        ]
        assert path["line"].isna().tolist() == [False, True, False]
        home = POINTS.loc[["home"]]
        path = timetable_path(home, "C", timetable, depart="07:00")
        assert path["mode"].tolist() == ["walk", "rail"]
        assert path["arrives"].tolist()[0] == path["departs"].tolist()[1] == "07:10:00"

    def test_none_and_nowhere_to_go(self, timetable):
        none = timetable_path("E", "A", timetable)
        assert none.empty
        assert none.attrs["minutes"] == np.inf
        here = timetable_path("B1", "B2", timetable)
        assert here.empty
        assert here.attrs["minutes"] == 0

    def test_its_time_is_that_of_the_table(self, timetable):
        walks = walks_between_stops(timetable, distance_m=8_000)
        for origin in "ABCDE":
            for destination in "ABCDE":
                for limit in (None, 0, 1):
                    settings = {"depart": "07:05", "footpaths": walks, "max_transfers": limit}
                    path = timetable_path(origin, destination, timetable, **settings)
                    table = one(timetable, origin, destination, **settings)["min"]
                    assert path.attrs["minutes"] == pytest.approx(table)
                    if len(path):
                        last = path["arrives"].iloc[-1]
                        hours, minutes, seconds = map(int, last.split(":"))
                        end = hours * 60 + minutes + seconds / 60
                        assert end - 425 == pytest.approx(table)
                        rides = path["run"].notna().sum()
                        assert limit is None or rides <= limit + 1


class TestNetwork:
    def test_average_rides_and_waiting(self, timetable):
        nodes, edges, modes = timetable_network(timetable, depart=("07:00", "09:00"))
        assert nodes.index.tolist() == ["A", "B", "C", "D", "E"]
        assert nodes.loc["B"].geometry.x == pytest.approx(8.2)
        table = edges.set_index(["line", "start", "end"])
        # two departures in 120 minutes: a headway of 60, half of it waiting; the halt of 2 minutes
        # at Beta is part of the ride to Gamma
        told = table[["minutes", "departures", "waiting"]]
        assert told.loc[("R1", "A", "B")].tolist() == [20, 2, 30]
        assert table.loc[("R1", "B", "C"), "minutes"] == 30
        # one departure: 60 minutes would be half the headway, but waiting is capped
        assert told.loc[("R2", "B", "D")].tolist() == [25, 1, 30]
        assert table.loc[("F", "C", "E"), "waiting"] == 20
        assert set(edges["nature"]) == {"timetable"}
        assert edges["oneway"].all()
        assert edges["opened"].isna().all()
        metres = Geod(ellps="WGS84").inv(8.0, 50, 8.2, 50)[2]
        assert table.loc[("R1", "A", "B"), "length_m"] == pytest.approx(metres)
        assert table.loc[("R1", "A", "B"), "speed_kmh"] == pytest.approx(metres / 20 * 0.06)
        assert modes["waiting"].to_dict() == {"bus": 20, "high_speed_rail": 30, "rail": 30}
        assert (modes["transfer"] == 5).all()

    def test_the_halt_of_those_who_stay_aboard(self):
        stops = stops_of("abc")
        calls = pd.DataFrame(
            {"run": "r", "sequence": [1, 2, 3], "stop": list("abc"), "arrival": [0, 10, 40],
             "departure": [0, 15, 40]}
        )  # fmt: skip
        edges = timetable_network(Timetable.from_calls(stops, calls), depart=("0:00", "1:00"))[1]
        assert edges["minutes"].sum() == 40

    def test_lines_as_modes(self, timetable):
        _, edges, modes = timetable_network(
            timetable, depart=("07:00", "09:00"), by="line", longest_wait=100
        )
        assert modes["waiting"].to_dict() == {
            "bus: F": 20, "high_speed_rail: R2": 60, "rail: R1": 30,
        }  # fmt: skip
        assert set(edges["mode"]) == set(modes.index)
        assert set(edges["class"]) == {"bus", "high_speed_rail", "rail"}

    def test_nothing_leaves(self, timetable):
        with pytest.raises(InputError, match="no connection between two stations"):
            timetable_network(timetable, depart=("03:00", "04:00"))
        with pytest.raises(InputError, match="window with a length"):
            timetable_network(timetable, depart="03:00")


def test_a_timetable_is_a_network_of_average_times():
    runs = {"t1": [("a", 480), ("b", 520)], "t2": [("a", 540), ("b", 590)]}
    timetable = trains(runs, line="R")
    nodes, edges, modes = timetable_network(timetable, longest_wait=15.0)
    network = sr.Network.from_frames(nodes, edges, modes=modes)
    # rides of 40 and 50 minutes, and the longest wait that is asked for
    assert sr.travel_times(["a"], ["b"], network).loc["a", "b"] == 45.0 + 15.0


class TestWalks:
    def test_between_stations_only_and_by_distance(self, timetable):
        walks = walks_between_stops(timetable, distance_m=10_000, speed_kmh=5, detour=1.2)
        assert {(r.start, r.end) for r in walks.itertuples()} == {("C", "E"), ("E", "C")}
        metres = Geod(ellps="WGS84").inv(8.5, 50, 8.6, 50)[2] * 1.2
        assert walks["distance_m"].tolist() == pytest.approx([metres] * 2)
        assert walks["minutes"].tolist() == pytest.approx([metres / 5000 * 60] * 2)
        assert walks_between_stops(timetable, distance_m=metres - 1, detour=1.2).empty

    def test_to_stops(self, timetable):
        walks = walks_to_stops(POINTS, timetable, distance_m=700)
        assert walks[["place", "stop"]].to_numpy().tolist() == [["home", "A"], ["work", "D"]]

    def test_points_must_be_placed(self, timetable):
        with pytest.raises(CRSError, match="points have no CRS"):
            walks_to_stops(POINTS.set_crs(None, allow_override=True), timetable)
        with pytest.raises(GeometryError, match="are no points, at home"):
            walks_to_stops(POINTS.assign(geometry=box(0, 0, 1, 1)), timetable)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"distance_m": -1.0}, "distance_m must be a number of metres"),
        ({"speed_kmh": 0.0}, "speed_kmh must be a positive speed"),
        ({"detour": 0.9}, "detour must be 1 or more"),
    ],
)
def test_messages_of_walks(options, message):
    timetable = trains({"t": [("a", 0), ("a", 9)]})
    with pytest.raises(InputError, match=message):
        walks_between_stops(timetable, **options)
    with pytest.raises(InputError, match=message):
        walks_to_stops(timetable.stops, timetable, **options)
