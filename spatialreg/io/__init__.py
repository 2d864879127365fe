"""Files in and out: the only readers and writers of paths beside those of whole outputs.

Maps come as GeoDataFrames indexed by code, tables as DataFrames with an account of the rows that
were left out. Writing replaces a file as a whole or not at all.
"""

from ._atomic import replacing
from ._gtfs import read_gtfs
from ._tables import read_table
from ._vectors import read_regions
from ._weights import read_weights, write_weights
from ._write import write_table

__all__ = [
    "read_gtfs",
    "read_regions",
    "read_table",
    "read_weights",
    "replacing",
    "write_table",
    "write_weights",
]
