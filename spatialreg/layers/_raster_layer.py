"""A raster as a layer: how it is called, where it stands in the legend and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .._raster import Raster
from ..errors import InputError
from ._raster_classes import cell_classes, require_raster_style
from ._styles import Categorised, Graduated


@dataclass(frozen=True, eq=False)
class RasterLayer:
    """A raster of a QGIS project and of a report.

    Attributes
    ----------
    title : str
        The name in the legend.
    group : str
        The group of the legend; empty for none.
    raster : Raster
    style : Graduated or Categorised
        Its ``column`` is the name of the raster; labels of ranges carry its unit.
    abstract : str
        What the layer shows, how it was made, from which data and of when.
    visible : bool
        Whether it is drawn when the project is opened. Rasters lie below all other layers, so that
        regions hide them.

    Raises
    ------
    InputError
        `raster` is no raster, the style is of another kind or for another name, or a class is no
        number.

    Examples
    --------
    >>> import numpy as np
    >>> from spatialreg.layers import Graduated, RasterLayer
    >>> from spatialreg.raster import Raster
    >>> minutes = Raster(np.array([[10.0, 45.0, np.inf]]), (1, 0, 0, 0, -1, 1), 32650,
    ...                  name="minutes", unit="min")
    >>> layer = RasterLayer(title="Minutes to a station", group="Surfaces", raster=minutes,
    ...                     style=Graduated("minutes", breaks=[30, 60], unit="min"))
    >>> layer.visible
    False
    """

    title: str
    group: str
    raster: Raster = field(repr=False)
    style: Graduated | Categorised
    abstract: str = ""
    visible: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.raster, Raster):
            raise InputError(
                f"raster layer {self.title!r} needs a Raster, not {type(self.raster).__name__}: "
                "read a file with spatialreg.io.read_raster"
            )
        require_raster_style(self.raster, self.style)


def colour_cells(layer: RasterLayer) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """Give the class of each cell and the legend, as the layer is drawn in QGIS.

    Parameters
    ----------
    layer : RasterLayer

    Returns
    -------
    (ndarray of int, shape (rows, columns), list)
        Positions in the legend, -1 where nothing is drawn (missing and infinite cells), and the
        legend's (label, colour) from top to bottom.

    Raises
    ------
    InputError
        There is no value to cut into classes.

    Examples
    --------
    >>> import numpy as np
    >>> from spatialreg.layers import Graduated, RasterLayer, colour_cells
    >>> from spatialreg.raster import Raster
    >>> minutes = Raster(np.array([[10.0, 45.0, np.inf]]), (1, 0, 0, 0, -1, 1), 32650)
    >>> layer = RasterLayer(title="Minutes", group="", raster=minutes,
    ...                     style=Graduated("minutes", breaks=[30, 45], unit="min"))
    >>> codes, legend = colour_cells(layer)
    >>> codes.tolist(), legend[0]
    ([[0, 1, -1]], ('10 – 30 min', '#ffeda0'))
    """
    return cell_classes(layer.raster, layer.style)
