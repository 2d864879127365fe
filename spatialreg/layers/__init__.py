"""Layers: the results as a styled GeoPackage, a QGIS project, and files for other programs.

A :class:`Layer` is a frame with its title, its place in the legend and its style. From a list of
them :func:`write_layers` makes one GeoPackage in which every layer carries its style, its aliases
and its description, :func:`write_qgis_project` a project that shows them grouped, and
:func:`write_vectors` GeoParquet, GeoJSON or a Shapefile of one. A :class:`RasterLayer` is the same
of a raster that :mod:`spatialreg.io` wrote: the project shows it too, and
:func:`write_raster_style` styles its file for itself.
"""

from .._palettes import CLUSTER_COLOURS as LISA_COLOURS
from ._brewer import PALETTES, brewer
from ._classes import Classes, classify
from ._geopackage import write_layers
from ._layer import Layer, colour_rows
from ._project import write_qgis_project
from ._raster_layer import RasterLayer, colour_cells
from ._raster_style import write_raster_style
from ._styles import Categorised, Graduated, Simple
from ._vectors import write_vectors

__all__ = [
    "LISA_COLOURS",
    "PALETTES",
    "Categorised",
    "Classes",
    "Graduated",
    "Layer",
    "RasterLayer",
    "Simple",
    "brewer",
    "classify",
    "colour_cells",
    "colour_rows",
    "write_layers",
    "write_qgis_project",
    "write_raster_style",
    "write_vectors",
]
