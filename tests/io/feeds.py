"""A small GTFS feed written by hand: three lines, a night run, a holiday, a line by frequency.

Line R1 runs from A over B to C, R2 from B to D, N through the night from A to D, F every twenty
minutes between C and E. B is a station with two platforms, B1 (R1, N) and B2 (R2).
"""

from __future__ import annotations

import zipfile
from pathlib import Path

FILES = {
    "agency.txt": """\
agency_id,agency_name,agency_url,agency_timezone
X,Example Railways,https://example.org,Europe/Berlin
""",
    "feed_info.txt": """\
feed_publisher_name,feed_publisher_url,feed_lang,feed_version
Example Data Office,https://data.example.org,en,7
""",
    "stops.txt": """\
stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station
A,Alpha,50.0,8.0,0,
B,Beta,50.0,8.2,1,
B1,Beta platform 1,50.0,8.2,0,B
B2,Beta platform 2,50.0,8.2002,0,B
Bx,Beta entrance,50.0,8.2,2,B
C,Gamma,50.0,8.5,0,
D,Delta,50.2,8.2,0,
E,Epsilon,50.0,8.6,0,
""",
    "routes.txt": """\
route_id,agency_id,route_short_name,route_long_name,route_type
R1,X,R1,Alpha - Gamma,2
R2,X,,Beta - Delta,101
N,X,N,Night line,2
F,X,F,Gamma - Epsilon,3
""",
    # 2024-03-05 is a Tuesday; 2024-03-08 a holiday on which Sunday's services run
    "calendar.txt": """\
service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
week,1,1,1,1,1,0,0,20240301,20240331
sunday,0,0,0,0,0,0,1,20240301,20240331
night,1,1,1,1,1,1,1,20240301,20240331
""",
    "calendar_dates.txt": """\
service_id,date,exception_type
week,20240308,2
sunday,20240308,1
""",
    "trips.txt": """\
route_id,service_id,trip_id
R1,week,r1-early
R1,week,r1-late
R1,sunday,r1-sunday
R2,week,r2
N,night,n
F,week,f
""",
    "stop_times.txt": """\
trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type
r1-early,07:10:00,07:10:00,A,1,0,0
r1-early,07:30:00,07:32:00,B1,2,0,0
r1-early,08:00:00,08:00:00,C,3,0,0
r1-late,07:50:00,07:50:00,A,1,0,0
r1-late,08:10:00,08:12:00,B1,2,0,0
r1-late,08:40:00,08:40:00,C,3,0,0
r1-sunday,09:10:00,09:10:00,A,1,0,0
r1-sunday,09:30:00,09:32:00,B1,2,0,0
r1-sunday,10:00:00,10:00:00,C,3,0,0
r2,07:40:00,07:40:00,B2,1,0,0
r2,08:05:00,08:05:00,D,2,0,0
n,23:30:00,23:30:00,A,1,0,0
n,23:55:00,24:05:00,B1,2,0,0
n,24:45:00,24:45:00,D,3,0,0
f,00:00:00,00:00:00,C,1,0,0
f,00:12:00,00:12:00,E,2,0,0
""",
    "frequencies.txt": """\
trip_id,start_time,end_time,headway_secs
f,08:00:00,09:00:00,1200
""",
    "transfers.txt": """\
from_stop_id,to_stop_id,transfer_type,min_transfer_time
B,B,2,240
""",
}


def write_feed(folder: Path, **changed: str | None) -> Path:
    """Write the feed into `folder`; ``stops=text`` changes a file, ``stops=None`` leaves it out."""
    folder.mkdir(parents=True, exist_ok=True)
    files = FILES | {f"{name}.txt": text for name, text in changed.items()}
    for name, text in files.items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def replaced(table: str, old: str, new: str) -> dict[str, str]:
    """Give a file of the feed with one piece of text replaced."""
    text = FILES[f"{table}.txt"]
    assert old in text
    return {table: text.replace(old, new)}


def zipped(folder: Path, path: Path, inside: str = "") -> Path:
    """Pack a folder into a zip, in a folder `inside` it where that is named."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{inside}{file.name}")
    return path
