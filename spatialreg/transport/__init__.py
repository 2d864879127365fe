"""Transport: networks of several modes and dates, timetables, and the ways through them.

A :class:`Network` holds nodes, edges and modes with the days on which they opened and closed; a
:class:`Timetable` holds the runs of one day. The searches take places, give minutes or metres, and
are exact.
"""

from .._results import Timetable
from ._connect import Connectors
from ._nearest_facility import nearest_facility
from ._network import Network
from ._network_centrality import centrality
from ._noding import Noded, noded
from ._paths import shortest_path
from ._region_points import region_points
from ._routing import travel_time_blocks, travel_times
from ._speeds import DEFAULT_SPEEDS
from ._timetable import timetable_times
from ._timetable_network import timetable_network
from ._timetable_path import timetable_path
from ._walking import walks_between_stops, walks_to_stops

__all__ = [
    "DEFAULT_SPEEDS",
    "Connectors",
    "Network",
    "Noded",
    "Timetable",
    "centrality",
    "nearest_facility",
    "noded",
    "region_points",
    "shortest_path",
    "timetable_network",
    "timetable_path",
    "timetable_times",
    "travel_time_blocks",
    "travel_times",
    "walks_between_stops",
    "walks_to_stops",
]
