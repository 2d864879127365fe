"""Feeds by hand: what runs on which day, and what becomes of a feed that is not as it should be."""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd
import pytest

from spatialreg.errors import InputError, MissingDataWarning, MissingDependencyError
from spatialreg.io import read_gtfs

from .feeds import FILES, replaced, write_feed, zipped

pytest.importorskip("gtfs_kit")

TUESDAY = "2024-03-05"


def tuesday(folder, **files):
    """Read the feed, with other files where they are given, for a Tuesday."""
    return read_gtfs(write_feed(folder, **files), date=TUESDAY)


def rides(timetable, line=None, day=0):
    """Give (start, end, departure, arrival) of the runs of one service day."""
    runs = timetable.runs[timetable.runs["day"] == day]
    if line is not None:
        runs = runs[runs["line"] == line]
    table = timetable.connections
    table = table[table["run"].isin(runs.index)].sort_values(["run", "sequence"])
    return [tuple(row) for row in table[["start", "end", "departure", "arrival"]].to_numpy()]


def test_a_working_day(tmp_path):
    timetable = tuesday(tmp_path)
    assert rides(timetable, "R1") == [
        ("A", "B1", 430, 450),
        ("B1", "C", 452, 480),
        ("A", "B1", 470, 490),
        ("B1", "C", 492, 520),
    ]
    assert rides(timetable, "R2") == [("B2", "D", 460, 485)]
    assert timetable.lines["mode"].to_dict() == {
        "R1": "rail", "R2": "high_speed_rail", "N": "rail", "F": "bus",
    }  # fmt: skip
    assert timetable.lines.loc["R2", "name"] == "Beta - Delta"
    assert (timetable.first_day, timetable.last_day) == (
        pd.Timestamp("2024-03-01"), pd.Timestamp("2024-03-31"),
    )  # fmt: skip
    assert timetable.agencies[["name", "role"]].to_numpy().tolist() == [
        ["Example Railways", "agency"],
        ["Example Data Office", "publisher"],
    ]
    assert timetable.left_out.empty


def test_stops_stand_under_their_station(tmp_path):
    stops = tuesday(tmp_path).stops
    assert stops["station"].to_dict() == {
        "A": "A", "B": "B", "B1": "B", "B2": "B", "C": "C", "D": "D", "E": "E",
    }  # fmt: skip
    assert stops.crs == 4326
    assert stops.loc["A"].geometry.coords[0] == (8.0, 50.0)


def test_a_rule_for_a_station_holds_for_its_stops(tmp_path):
    transfers = tuesday(tmp_path).transfers
    found = {(r.start, r.end): r.minutes for r in transfers.itertuples()}
    assert found == {(a, b): 4.0 for a in ("B1", "B2") for b in ("B1", "B2")}


def test_the_rule_for_a_stop_goes_before_that_for_its_station(tmp_path):
    rules = FILES["transfers.txt"] + "B1,B2,3,\nB2,B1,0,\nB1,B1,1,\n"
    transfers = tuesday(tmp_path, transfers=rules).transfers
    found = {(r.start, r.end): r.minutes for r in transfers.itertuples()}
    assert found["B1", "B2"] == np.inf
    assert np.isnan(found["B2", "B1"])
    assert found["B1", "B1"] == 0
    assert found["B2", "B2"] == 4


def test_the_night_run_of_the_day_before_is_still_under_way(tmp_path):
    timetable = tuesday(tmp_path)
    assert rides(timetable, "N") == [("A", "B1", 1410, 1435), ("B1", "D", 1445, 1485)]
    assert rides(timetable, "N", day=-1) == [("B1", "D", 5, 45)]
    assert rides(timetable, "N", day=1) == [("A", "B1", 2850, 2875)]


def test_on_a_holiday_other_services_run(tmp_path):
    timetable = read_gtfs(write_feed(tmp_path), date="2024-03-08")
    assert rides(timetable, "R1") == [("A", "B1", 550, 570), ("B1", "C", 572, 600)]
    assert rides(timetable, "R2") == []


def test_a_frequency_is_written_out(tmp_path):
    timetable = tuesday(tmp_path)
    assert rides(timetable, "F") == [
        ("C", "E", 480, 492),
        ("C", "E", 500, 512),
        ("C", "E", 520, 532),
    ]


def test_without_a_date_the_busiest_day_is_taken(tmp_path):
    timetable = read_gtfs(write_feed(tmp_path))
    assert timetable.date == pd.Timestamp("2024-03-01")
    assert repr(timetable).startswith("Timetable of 2024-03-01: 7 stops, 5 stations, 4 lines")


def test_modes_by_name_and_number(tmp_path):
    folder = write_feed(tmp_path)
    assert set(read_gtfs(folder, date=TUESDAY, modes=["rail"]).lines.index) == {"R1", "N"}
    chosen = read_gtfs(folder, date=TUESDAY, modes=[101, "bus"])
    assert set(chosen.runs["line"]) == {"R2", "F"}


@pytest.mark.parametrize("inside", ["", "feed/"])
def test_a_zip_reads_as_its_folder_does(tmp_path, inside):
    folder = write_feed(tmp_path / "feed")
    packed = read_gtfs(zipped(folder, tmp_path / "feed.zip", inside), date=TUESDAY)
    pd.testing.assert_frame_equal(packed.connections, read_gtfs(folder, date=TUESDAY).connections)


def test_the_order_of_rows_changes_nothing(tmp_path):
    mixed = {}
    for name, text in FILES.items():
        head, *rows = text.splitlines()
        mixed[name.removesuffix(".txt")] = "\n".join([head, *reversed(rows)]) + "\n"
    expected = tuesday(tmp_path / "a")
    found = tuesday(tmp_path / "b", **mixed)
    pd.testing.assert_frame_equal(found.connections, expected.connections)
    pd.testing.assert_frame_equal(found.transfers, expected.transfers)


def test_marks_of_byte_order_and_blanks_are_no_part_of_names(tmp_path):
    stops = FILES["stops.txt"].replace("\nA,", "\n A ,")
    timetable = tuesday(tmp_path, stops="\ufeff" + stops, agency=None, feed_info=None)
    assert "A" in timetable.stops.index
    assert timetable.agencies.empty


def test_only_what_is_required_need_be_there(tmp_path):
    optional = ("agency", "feed_info", "calendar_dates", "frequencies", "transfers")
    timetable = tuesday(tmp_path, **dict.fromkeys(optional))
    # without frequencies the trip runs once, at the times that it states
    assert rides(timetable, "F") == [("C", "E", 0, 12)]
    assert timetable.transfers.empty


def test_calendar_dates_alone_will_do(tmp_path):
    folder = write_feed(
        tmp_path, calendar=None, calendar_dates="service_id,date,exception_type\nweek,20240305,1\n"
    )
    timetable = read_gtfs(folder)
    assert timetable.date == pd.Timestamp(TUESDAY)
    assert len(rides(timetable, "R1")) == 4


class TestBlankTimes:
    def blanks(self, tmp_path, extra=None):
        """Let r1-early pass B1 without a time, with or without distances travelled."""
        head, *rows = FILES["stop_times.txt"].splitlines()
        text = [f"{head},shape_dist_traveled" if extra else head]
        for row in rows:
            row = row.replace("07:30:00,07:32:00", ",")
            text.append(f"{row},{extra[row.split(',')[4]]}" if extra else row)
        return tuesday(tmp_path, stop_times="\n".join(text) + "\n")

    def test_by_geodesic_distance(self, tmp_path):
        # B lies at 0.2 of 0.5 degrees along the parallel: 50 minutes * 0.4 = 20
        assert rides(self.blanks(tmp_path), "R1")[:2] == [
            ("A", "B1", 430, 450),
            ("B1", "C", 450, 480),
        ]

    def test_by_the_distance_that_the_feed_states(self, tmp_path):
        # three tenths of the way: 15 of 50 minutes
        found = rides(self.blanks(tmp_path, {"1": 0, "2": 3, "3": 10}), "R1")
        assert found[:2] == [("A", "B1", 430, 445), ("B1", "C", 445, 480)]

    def test_evenly_where_nothing_is_known(self, tmp_path):
        stops = FILES["stops.txt"].replace(",50.0,8.2,", ",,,").replace(",50.0,8.2002,", ",,,")
        stops = stops.replace(",50.0,8.0,", ",,,").replace(",50.0,8.5,", ",,,")
        times = FILES["stop_times.txt"].replace("07:30:00,07:32:00", ",")
        with pytest.warns(
            MissingDataWarning, match=r"5 stops have no position .*rows 2, 3, 4, 5, 7"
        ):
            timetable = tuesday(tmp_path, stops=stops, stop_times=times)
        assert rides(timetable, "R1")[0] == ("A", "B1", 430, 455)

    def test_a_trip_that_begins_without_a_time_is_left_out(self, tmp_path):
        changed = replaced("stop_times", "07:10:00,07:10:00,A", ",,A")
        with pytest.warns(MissingDataWarning, match=r"stop_times.txt: 1 rows have no time.*rows 2"):
            timetable = tuesday(tmp_path, **changed)
        assert rides(timetable, "R1") == [("A", "B1", 470, 490), ("B1", "C", 492, 520)]
        assert timetable.left_out[["file", "row"]].to_numpy().tolist() == [["stop_times.txt", 2]]

    def test_one_of_arrival_and_departure_stands_for_both(self, tmp_path):
        changed = replaced("stop_times", "07:30:00,07:32:00", ",07:32:00")
        assert rides(tuesday(tmp_path, **changed), "R1")[0] == ("A", "B1", 430, 452)


def test_where_passengers_may_not_board_or_alight(tmp_path):
    changed = replaced(
        "stop_times", "r1-early,07:30:00,07:32:00,B1,2,0,0", "r1-early,07:30:00,07:32:00,B1,2,1,1"
    )
    table = tuesday(tmp_path, **changed).connections
    early = table[table["departure"].isin([430, 452])]
    assert early["alighting"].tolist() == [False, True]
    assert early["boarding"].tolist() == [True, False]


LEFT_OUT = {
    "unknown stop": (
        replaced("stop_times", "07:50:00,A,1", "07:50:00,Q,1"),
        r"stop_times.txt: 1 rows name stops that stops.txt lacks \(rows 5\).*add these stops",
    ),
    "unknown trip": (
        replaced("trips", "R2,week,r2\n", ""),
        r"stop_times.txt: 2 rows are of trips that trips.txt lacks \(rows 11, 12\)",
    ),
    "unknown route": (
        replaced("routes", "N,X,N,Night line,2\n", ""),
        r"trips.txt: 1 rows are of routes that routes.txt lacks \(rows 6\)",
    ),
    "back in time": (
        replaced("stop_times", "24:45:00,24:45:00", "00:45:00,00:45:00"),
        r"stop_times.txt: 1 rows go back in time, and their trips \(rows 15\).*on from 24:00:00",
    ),
    "unknown stop of a rule": (
        {"transfers": FILES["transfers.txt"] + "B1,Q,2,60\n"},
        r"transfers.txt: 1 rows name stops that stops.txt lacks \(rows 3\)",
    ),
    "a rule for trips": (
        {"transfers": "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id\n"
                      "B,B,2,240,\nB1,B2,1,,r1-early\n"},
        r"transfers.txt: 1 rows hold for certain trips or lines only \(rows 3\)",
    ),
    "unknown trip of a frequency": (
        {"frequencies": FILES["frequencies.txt"] + "g,08:00:00,09:00:00,600\n"},
        r"frequencies.txt: 1 rows are of trips that trips.txt lacks \(rows 3\)",
    ),
    "a stop read as a blank": (
        {"stops": FILES["stops.txt"] + "NA,Nameless,50,8,0,\n"},
        r"stops.txt: 1 rows have no stop_id \(rows 10\).*read as blanks",
    ),
    "an unknown station": (
        {"stops": FILES["stops.txt"] + "G,Eta,50,8,0,Q\n"},
        r"stops.txt: 1 rows have a parent_station that stops.txt lacks \(rows 10\)",
    ),
    "no service": (
        {"calendar_dates": FILES["calendar_dates.txt"] + "week,20240305,2\nnight,20240305,2\n"},
        r"no service runs on 2024-03-05",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_cannot_be_used_is_left_out_with_file_row_and_mend(tmp_path, case):
    changed, message = LEFT_OUT[case]
    with pytest.warns(MissingDataWarning, match=message):
        timetable = tuesday(tmp_path, **changed)
    table = timetable.connections
    assert (table["arrival"] >= table["departure"]).all()
    assert table["start"].isin(timetable.stops.index).all()


REFUSED = {
    "no stops": ({"stops": None}, r"has no stops.txt, or no row in it; it has agency, calendar"),
    "no calendar": ({"calendar": None, "calendar_dates": None}, r"neither calendar.txt nor"),
    "no column": (
        replaced("routes", "route_type", "kind"), r"routes.txt: there is no column 'route_type'",
    ),
    "odd time": (
        replaced("stop_times", "07:40:00,07:40:00", "07:40:00,7.40"),
        r"stop_times.txt, column departure_time: 1 times cannot be read \(7.40\), in rows 11",
    ),
    "odd number": (
        replaced("stop_times", "A,1,0,0\nr1-early", "A,first,0,0\nr1-early"),
        r"stop_times.txt, column stop_sequence, rows 2: 'first' where a whole number",
    ),
    "long headway": (
        replaced("frequencies", "1200", "40000"),
        r"frequencies.txt, column headway_secs, rows 2: '40000' where a whole number up to 32767",
    ),
    "no headway": (
        replaced("frequencies", "1200", "0"), r"headway_secs must be positive, in rows 2",
    ),
    "odd day": (
        replaced("calendar_dates", "week,20240308", "week,2024-03-08"),
        r"calendar_dates.txt: date must be a day written YYYYMMDD; rows 2 have '2024-03-08'",
    ),
    "odd exception": (
        replaced("calendar_dates", "20240308,2", "20240308,3"),
        r"exception_type must be 1 .* rows 2",
    ),
    "a call twice": (
        replaced("stop_times", "C,3,0,0\nr1-late", "C,2,0,0\nr1-late"),
        r"stop_times.txt: rows 3, 4 have the trip_id and stop_sequence of another",
    ),
    "a stop twice": (
        {"stops": FILES["stops.txt"] + "A,Again,50,8,0,\n"}, r"stop_id must be unique; rows 2, 10",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_with_file_row_and_mend(tmp_path, case):
    changed, message = REFUSED[case]
    with pytest.raises(InputError, match=message):
        tuesday(tmp_path, **changed)


def test_files_that_are_no_feed(tmp_path):
    (tmp_path / "text.zip").write_text("no zip")
    for name, message in (("nothing.zip", "there is no file"), ("text.zip", "it is no zip file")):
        with pytest.raises(InputError, match=message):
            read_gtfs(tmp_path / name)
    folder = write_feed(tmp_path / "latin")
    (folder / "stops.txt").write_bytes(FILES["stops.txt"].replace("Beta", "Bäta").encode("latin-1"))
    with pytest.raises(InputError, match=r"stops\.txt is not in UTF-8"):
        read_gtfs(folder)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"date": 2024}, "2024-03-01 to 2024-03-31, not of 2024-12-31"),
        ({"modes": ["ferry"]}, "no line is of the modes 'ferry'"),
        ({"modes": ["train"]}, "modes= has 'train'"),
        ({"modes": "rail"}, r"modes=\['rail'\]"),
    ],
)
def test_a_date_outside_the_feed_and_modes_that_it_lacks(tmp_path, asked, message):
    with pytest.raises(InputError, match=message):
        read_gtfs(write_feed(tmp_path), **asked)


def test_without_gtfs_kit_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "gtfs_kit", None)
    with pytest.raises(MissingDependencyError, match=r'pip install "spatialreg\[gtfs\]"'):
        read_gtfs(write_feed(tmp_path))


def test_a_sound_feed_gives_no_warning(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tuesday(tmp_path)
