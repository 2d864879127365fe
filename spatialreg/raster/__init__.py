"""Rasters: what lies in each region, who is how far from what, and regions as cells.

Takes rasters in memory (:class:`Raster`, which :func:`spatialreg.io.read_raster` gives) or open
rasterio datasets, never paths.
"""

from .._raster import Raster
from ._surface import TravelTimeSurface, travel_time_surface

__all__ = ["Raster", "TravelTimeSurface", "travel_time_surface"]
