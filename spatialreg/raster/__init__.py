"""Rasters: what lies in each region, who is how far from what, and regions as cells.

Takes rasters in memory (:class:`Raster`, which :func:`spatialreg.io.read_raster` gives) or open
rasterio datasets, never paths.
"""

from .._raster import Raster
from ._friction import friction
from ._grids import grid, sample
from ._paths import trace_path
from ._population import population_within
from ._regions import rasterize_column, rasterize_regions, to_regions
from ._resample import resample
from ._speeds import ROAD_SPEEDS
from ._surface import TravelTimeSurface, travel_time_surface
from ._zonal import zonal_stats

__all__ = [
    "ROAD_SPEEDS",
    "Raster",
    "TravelTimeSurface",
    "friction",
    "grid",
    "population_within",
    "rasterize_column",
    "rasterize_regions",
    "resample",
    "sample",
    "to_regions",
    "trace_path",
    "travel_time_surface",
    "zonal_stats",
]
