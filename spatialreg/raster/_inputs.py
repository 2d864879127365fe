"""What the functions of rasters take: a raster in memory, or an open dataset read as needed.

A dataset of several bands must say which is meant: ``rasterio.band(dataset, 2)``. Both kinds come
out with the same attributes (shape, transform, crs) and one way to read a window of them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import rasterio
from affine import Affine
from pyproj import CRS
from rasterio.enums import MaskFlags
from rasterio.io import DatasetReader, DatasetWriter
from rasterio.vrt import WarpedVRT

from .._align import some
from .._crs import crs_name
from .._raster import Raster, grid_bounds, known_crs, require_north_up, same_crs
from ..errors import CRSError, GeometryError, InputError

_UNMASKED = {MaskFlags.all_valid, MaskFlags.nodata}

RasterLike: TypeAlias = Raster | DatasetReader | DatasetWriter | WarpedVRT | rasterio.Band


class OpenBand:
    """One band of an open dataset, with the attributes of a raster and windows on demand."""

    def __init__(self, dataset: Any, band: int) -> None:
        require_north_up(dataset.transform)
        self.dataset, self.band = dataset, band
        self.shape: tuple[int, int] = dataset.shape
        self.transform: Affine = dataset.transform
        self.crs: CRS = known_crs(dataset.crs)
        self.resolution = (self.transform.a, -self.transform.e)
        self.bounds = grid_bounds(self.transform, self.shape)

    @property
    def plain(self) -> bool:
        """Whether values are as they stand in the file: not scaled, missing ones marked by one."""
        place = self.band - 1
        scaled = (self.dataset.scales[place], self.dataset.offsets[place]) != (1.0, 0.0)
        return not scaled and set(self.dataset.mask_flag_enums[place]) <= _UNMASKED

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """Give decimal numbers, NaN where there is no value."""
        window = ((top, bottom), (left, right))
        data = self.dataset.read(self.band, window=window, masked=True)
        scale, offset = (a[self.band - 1] for a in (self.dataset.scales, self.dataset.offsets))
        wide = data.dtype if data.dtype.kind == "f" else np.promote_types(data.dtype, np.float32)
        values = data.astype(wide).filled(np.nan)
        return values if (scale, offset) == (1.0, 0.0) else values * scale + offset

    def at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Give the decimal numbers of some cells, NaN where missing."""
        found = (self.read(r, r + 1, c, c + 1)[0, 0] for r, c in zip(rows, columns, strict=True))
        return np.fromiter(found, dtype=np.float64, count=len(rows))

    def whole(self) -> Raster:
        """Read all of it into memory."""
        values = self.read(0, self.shape[0], 0, self.shape[1])
        return Raster(values, self.transform, self.crs)


Grid: TypeAlias = Raster | OpenBand


def opened(raster: Any, what: str = "the raster") -> Grid:
    """Give a raster as it is, an open dataset or band as an :class:`OpenBand`."""
    if isinstance(raster, Raster):
        return raster
    if isinstance(raster, rasterio.Band):
        return OpenBand(raster.ds, raster.bidx)
    if isinstance(raster, DatasetReader | DatasetWriter | WarpedVRT):
        if raster.count != 1:
            raise InputError(
                f"{what} has {raster.count} bands: say which, as rasterio.band(dataset, 1)"
            )
        return OpenBand(raster, 1)
    raise InputError(
        f"{what} must be a Raster or an open rasterio dataset, not {type(raster).__name__}: "
        "read a file with spatialreg.io.read_raster"
    )


def in_memory(raster: Any, what: str = "the raster") -> Raster:
    """Give a raster in memory; an open dataset is read whole."""
    source = opened(raster, what)
    return source if isinstance(source, Raster) else source.whole()


def require_same_crs(crs: Any, other: Any, what: str, whose: str = "the raster") -> None:
    """Raise unless both systems are the same."""
    if crs is None:
        raise CRSError(f"{what} have no CRS: declare it with set_crs()")
    if not same_crs(crs, other):
        raise CRSError(
            f"{what} are in {crs_name(crs)} and {whose} in {crs_name(other)}: bring them "
            "together with to_crs(), or warp the raster with spatialreg.raster.resample"
        )


def require_polygons(regions: gpd.GeoDataFrame, what: str = "regions") -> None:
    """Raise unless every row has an area."""
    kinds = regions.geom_type
    wrong = regions.index[~kinds.isin(["Polygon", "MultiPolygon"]) | regions.is_empty]
    if len(wrong):
        raise GeometryError(
            f"{len(wrong)} rows of {what} are no polygons, at {some(wrong)}: repair them, or "
            "leave them out"
        )


def cells_of(grid: Grid, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Give row, column and whether they lie on the grid, of points by their coordinates.

    A point on the line between two cells belongs to the one below or to the right, and one on the
    lower or right edge of the grid to its last row or column.
    """
    left, bottom, right, top = grid.bounds
    wide, high = grid.resolution
    inside = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    row = np.floor((top - np.where(inside, y, top)) / high).astype(np.int64)
    column = np.floor((np.where(inside, x, left) - left) / wide).astype(np.int64)
    return np.minimum(row, grid.shape[0] - 1), np.minimum(column, grid.shape[1] - 1), inside


def centres(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Give the x of the columns and the y of the rows, at the centres of the cells."""
    wide, high = grid.resolution
    left, _, _, top = grid.bounds
    return (
        left + wide * (np.arange(grid.shape[1]) + 0.5),
        top - high * (np.arange(grid.shape[0]) + 0.5),
    )
