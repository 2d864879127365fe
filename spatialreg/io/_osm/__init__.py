"""OpenStreetMap extracts as networks: roads, railways, ferries, ways on foot, and what is beside.

Takes an extract (.osm.pbf, .osm, .osm.bz2, ...), reads it as a stream, and gives frames that
:meth:`spatialreg.Network.from_frames` takes, with junctions, stations, airports and settlements.
"""

from ._read import OsmNetwork, read_osm

__all__ = ["OsmNetwork", "read_osm"]
