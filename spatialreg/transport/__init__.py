"""Transport: networks of several modes and dates, and the routes through them."""

from .._results._timetable import Timetable
from ._timetable import timetable_times
from ._timetable_network import timetable_network
from ._timetable_path import timetable_path
from ._walking import walks_between_stops, walks_to_stops

__all__ = [
    "Timetable",
    "timetable_network",
    "timetable_path",
    "timetable_times",
    "walks_between_stops",
    "walks_to_stops",
]
