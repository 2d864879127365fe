"""Rasters: what lies in each region, who is how far from what, and regions as cells.

Takes rasters in memory (:class:`Raster`, which :func:`spatialreg.io.read_raster` gives) or open
rasterio datasets, never paths.
"""

from .._raster import Raster
from ._population import population_within
from ._surface import TravelTimeSurface, travel_time_surface
from ._zonal import zonal_stats

__all__ = [
    "Raster",
    "TravelTimeSurface",
    "population_within",
    "travel_time_surface",
    "zonal_stats",
]
