"""Who is whose neighbour: graphs of regions, by contiguity or by distance.

Takes regions as a GeoDataFrame or GeoSeries whose index is the code, and gives a
``libpysal.graph.Graph`` on the same labels. Distances are in metres whatever the reference system:
along great circles where it is in degrees (or Web Mercator, which stretches lengths), else in the
plane of the projection.
"""

from __future__ import annotations

from ._build import build_weights
from ._describe import describe_weights

__all__ = ["build_weights", "describe_weights"]
