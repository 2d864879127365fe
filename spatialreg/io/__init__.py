"""Files in and out: the only readers and writers of paths beside those of whole outputs.

Maps come as GeoDataFrames indexed by code, tables as DataFrames with an account of the rows that
were left out, networks as layers of lines or as nodes and edges. Writing replaces a file as a whole
or not at all.
"""

from ._atomic import replacing
from ._networks import NetworkFrames, read_network, read_nodes_and_edges, write_network
from ._osm import OsmNetwork, read_osm
from ._tables import read_table
from ._vectors import read_regions
from ._weights import read_weights, write_weights
from ._write import write_table

__all__ = [
    "NetworkFrames",
    "OsmNetwork",
    "read_network",
    "read_nodes_and_edges",
    "read_osm",
    "read_regions",
    "read_table",
    "read_weights",
    "replacing",
    "write_network",
    "write_table",
    "write_weights",
]
