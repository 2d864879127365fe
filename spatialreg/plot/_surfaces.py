"""Surfaces of minutes: a raster in classes of round times under the borders of regions."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .._crs import equal_area_crs
from .._raster import Raster
from ..raster import grid, resample
from ._axes import styled
from ._minute_classes import rising, shades
from ._paint import paint, swatch


@styled
def minutes_surface(
    surface: Raster,
    *,
    regions: gpd.GeoDataFrame,
    breaks: Sequence[float] = (30, 60, 120, 240, 480),
    palette: str = "viridis",
    title: str | None = None,
    legend: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw minutes by cell in classes, the nearest lightest, under the borders of regions.

    Parameters
    ----------
    surface : Raster
        Minutes [min], as :func:`spatialreg.raster.travel_time_surface` gives; infinite is left
        blank. Another CRS than that of the map is warped to it, cell by nearest cell.
    regions : GeoDataFrame
        Polygons whose borders are drawn, in an equal-area projection.
    breaks : sequence of float
        Upper limits of the classes [min], rising.
    palette : str
        A matplotlib colour map.
    title, legend, outline, ax
        As in :func:`choropleth`.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        Breaks are not rising.

    Examples
    --------
    >>> import numpy as np, spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> grid = sr.raster.grid(states, 50_000)
    >>> friction = sr.raster.friction(grid, off_road=60)
    >>> surface = sr.raster.travel_time_surface(friction, np.array([[20, 40]]))
    >>> ax = sr.plot.minutes_surface(surface, regions=states)
    """
    limits = rising(breaks)
    crs = equal_area_crs(regions)
    if surface.crs != crs:
        west, _, east, _ = regions.to_crs(crs).total_bounds
        side = (east - west) / surface.shape[1]  # about as many cells as there are
        surface = resample(surface, grid(regions, side, crs=crs), "nearest")
    values = np.asarray(surface.floats())
    finite = np.isfinite(values)
    colours = shades(palette, len(limits) + 1)
    image = np.zeros((*values.shape, 4))
    image[finite] = colours[np.searchsorted(limits, values[finite])]
    names = [f"to {limits[0]:g}", *(f"to {b:g}" for b in limits[1:]), f"over {limits[-1]:g}"]
    handles = [swatch(shade, name) for shade, name in zip(colours, names, strict=True)]
    clear = pd.Series("none", index=regions.index)
    ax = paint(regions, clear, handles, title=title, legend=legend, outline=outline, ax=ax)
    west, south, east, north = surface.bounds
    frame = ax.get_xlim(), ax.get_ylim()
    ax.imshow(image, extent=(west, east, south, north), zorder=0.5, interpolation="none")
    ax.set(xlim=frame[0], ylim=frame[1])
    return ax
