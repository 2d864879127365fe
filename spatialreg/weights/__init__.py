"""Who is whose neighbour: graphs of regions, by contiguity, distance, travel time or group.

Takes regions as a GeoDataFrame or GeoSeries whose index is the code, or a table of times or groups,
and gives a ``libpysal.graph.Graph`` on the same labels. Distances are in metres whatever the
reference system: along great circles where it is in degrees (or Web Mercator, which stretches
lengths), else in the plane of the projection.
"""

from __future__ import annotations

from ._build import build_weights
from ._convert import from_w, to_w
from ._describe import describe_weights
from ._groups import weights_from_groups
from ._times import weights_from_times

__all__ = [
    "build_weights",
    "describe_weights",
    "from_w",
    "to_w",
    "weights_from_groups",
    "weights_from_times",
]
