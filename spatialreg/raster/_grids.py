"""Grids made to fit regions, and values of a raster under points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine

from .._align import some
from .._crs import equal_area_crs
from .._raster import Raster, known_crs
from ..errors import CRSError, GeometryError, InputError
from ._inputs import RasterLike, cells_of, opened, require_same_crs

MOST_CELLS = 2**36


def grid(
    regions: gpd.GeoDataFrame | gpd.GeoSeries,
    resolution: float | Sequence[float],
    *,
    crs: Any = None,
) -> Raster:
    """Give an empty raster that covers the regions, to make others like it.

    Parameters
    ----------
    regions : GeoDataFrame or GeoSeries
    resolution : float or (width, height)
        Of a cell, in units of `crs` [m], or degrees where it is geographic.
    crs : anything that pyproj takes, optional
        By default the equal-area projection that suits the extent: Albers with the parallels of the
        national atlases for China, else parallels from the data.

    Returns
    -------
    Raster
        All NaN. Its edges are multiples of the resolution, so that grids of neighbouring extents
        lie on each other.

    Raises
    ------
    CRSError
        The regions have no CRS.
    InputError
        The resolution is not positive, or there would be more cells than anyone can use.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from spatialreg import raster
    >>> regions = gpd.GeoDataFrame(geometry=[box(500100, 10, 502500, 1900)], crs=32650)
    >>> raster.grid(regions, 1000, crs=32650)
    <Raster: 2 x 3 cells of 1000 x 1000, float32, EPSG:32650>
    """
    if regions.crs is None:
        raise CRSError("the regions have no CRS: declare it with set_crs()")
    sizes = np.broadcast_to(np.asarray(resolution, dtype=float), 2)
    if not ((sizes > 0) & np.isfinite(sizes)).all():
        raise InputError(f"resolution must be positive, not {resolution!r}")
    target = equal_area_crs(regions) if crs is None else known_crs(crs)
    bounds = regions.to_crs(target).total_bounds
    if not np.isfinite(bounds).all():
        raise GeometryError("the regions have no extent in this CRS: are there any?")
    wide, high = (float(s) for s in sizes)
    # a hair less, so that an edge on a line of the grid does not bring another row
    west, south = (int(np.floor(b / s + 1e-9)) for b, s in zip(bounds[:2], sizes, strict=True))
    east, north = (int(np.ceil(b / s - 1e-9)) for b, s in zip(bounds[2:], sizes, strict=True))
    shape = max(north - south, 1), max(east - west, 1)
    if shape[0] * shape[1] > MOST_CELLS:
        raise InputError(
            f"cells of {wide:g} x {high:g} would be {shape[0]:,} x {shape[1]:,}: is the resolution "
            "in units of the CRS?"
        )
    empty = np.broadcast_to(np.float32(np.nan), shape)
    return Raster(empty, Affine(wide, 0, west * wide, 0, -high, north * high), target)


def sample(raster: RasterLike, points: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.Series:
    """Give the value of the cell in which each point lies.

    Parameters
    ----------
    raster : Raster, open rasterio dataset or band
    points : GeoDataFrame or GeoSeries of points
        In the CRS of the raster.

    Returns
    -------
    Series
        On the index of `points`, named as the raster (or ``"value"``); NaN outside and where there
        is no value.

    Raises
    ------
    CRSError
        The CRS differ, or one is missing.
    GeometryError
        A row is no point.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import Point
    >>> from spatialreg import raster
    >>> heights = raster.Raster(np.array([[5.0, 7.0]]), (1, 0, 0, 0, -1, 1), 32650)
    >>> raster.sample(heights, gpd.GeoSeries([Point(1.5, 0.5), Point(9, 9)], crs=32650)).tolist()
    [7.0, nan]
    """
    source = opened(raster)
    require_same_crs(points.crs, source.crs, "points")
    wrong = points.index[(points.geom_type != "Point") | points.is_empty]
    if len(wrong):
        raise GeometryError(f"{len(wrong)} rows are no points, at {some(wrong)}")
    at = points.geometry
    row, column, inside = cells_of(source, at.x.to_numpy(), at.y.to_numpy())
    values = np.full(len(points), np.nan)
    values[inside] = source.at(row[inside], column[inside])
    name = source.name if isinstance(source, Raster) and source.name else "value"
    return pd.Series(values, index=points.index, name=name)
