"""Files in and out: the only readers and writers of paths beside those of whole outputs.

Maps come as GeoDataFrames indexed by code, tables as DataFrames with an account of the rows that
were left out, networks as layers of lines or as nodes and edges, rasters as
:class:`spatialreg.raster.Raster`. Writing replaces a file as a whole or not at all.
"""

from ._atomic import replacing
from ._gtfs import read_gtfs
from ._matrices import read_times, write_times
from ._networks import NetworkFrames, read_network, read_nodes_and_edges, write_network
from ._osm import OsmNetwork, read_osm
from ._rasters import open_raster, read_raster
from ._tables import read_table
from ._vectors import read_regions
from ._weights import read_weights, write_weights
from ._write import write_table
from ._write_rasters import write_raster

__all__ = [
    "NetworkFrames",
    "OsmNetwork",
    "open_raster",
    "read_gtfs",
    "read_network",
    "read_nodes_and_edges",
    "read_osm",
    "read_raster",
    "read_regions",
    "read_table",
    "read_times",
    "read_weights",
    "replacing",
    "write_network",
    "write_raster",
    "write_table",
    "write_times",
    "write_weights",
]
