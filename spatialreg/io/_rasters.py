"""Rasters from files: one band, or the part of it that regions need, or an open dataset.

rasterio is loaded when the first raster is read, for most studies read none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
from affine import Affine

from .._raster import Raster, grid_bounds, known_crs, require_north_up, same_crs
from ..errors import CRSError, InputError

if TYPE_CHECKING:
    from rasterio.io import DatasetReader


def read_raster(
    source: str | os.PathLike[str] | DatasetReader,
    *,
    band: int = 1,
    bounds: Sequence[float] | None = None,
    regions: gpd.GeoDataFrame | None = None,
    crs: Any = None,
) -> Raster:
    """Read a band of a raster file, or a part of it.

    Parameters
    ----------
    source : path or open rasterio dataset
        Anything that GDAL opens: GeoTIFF, netCDF, ERDAS, a virtual raster.
    band : int
        From 1 on.
    bounds : (left, bottom, right, top), optional
        Read the cells that this rectangle touches, in the CRS of the raster.
    regions : GeoDataFrame, optional
        Read the cells that the extent of these regions touches; in the CRS of the raster.
    crs : anything that pyproj takes, optional
        Declares the CRS of a file that comes without one.

    Returns
    -------
    Raster
        Whole numbers stay so, with the file's nodata; they become decimal where the file scales
        them, or marks missing cells by a mask instead of a value. Missing decimals are NaN. The
        name is the band's, the description the file's.

    Raises
    ------
    InputError
        The file cannot be opened, has no such band, lies not north up, or nothing of it lies in
        the extent.
    CRSError
        The file has no CRS, `crs` contradicts it, or that of `regions` is another.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import numpy as np
    >>> from spatialreg import io, raster
    >>> people = raster.Raster(np.arange(6.0).reshape(2, 3), (1, 0, 100, 0, -1, 30), 4326,
    ...                        name="people", unit="people")
    >>> path = io.write_raster(people, pathlib.Path(tempfile.mkdtemp()) / "people.tif")
    >>> io.read_raster(path)
    <Raster people [people]: 2 x 3 cells of 1 x 1, float64, EPSG:4326>
    >>> io.read_raster(path, bounds=(101.2, 29.1, 102.5, 29.9)).values
    array([[1., 2.]])
    """
    if bounds is not None and regions is not None:
        raise InputError("bounds= and regions= both say what to read: give one of them")
    if isinstance(source, str | os.PathLike):
        with open_raster(source) as dataset:
            return _read(dataset, band, bounds, regions, crs)
    return _read(source, band, bounds, regions, crs)


@contextmanager
def open_raster(path: str | os.PathLike[str]) -> Iterator[DatasetReader]:
    """Open a raster file, for functions that read it by windows.

    Parameters
    ----------
    path : str or path
        Anything that GDAL opens.

    Yields
    ------
    rasterio.DatasetReader
        Functions of :mod:`spatialreg.raster` take it where it has one band, else
        ``rasterio.band(dataset, 2)``. It is closed at the end of the block.

    Raises
    ------
    InputError
        The file is not there, or is no raster that GDAL reads.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import numpy as np
    >>> from spatialreg import io, raster
    >>> ones = raster.Raster(np.ones((2, 2)), (1, 0, 0, 0, -1, 2), 4326)
    >>> path = io.write_raster(ones, pathlib.Path(tempfile.mkdtemp()) / "ones.tif")
    >>> with io.open_raster(path) as dataset:
    ...     dataset.shape
    (2, 2)
    """
    import rasterio
    from rasterio.errors import RasterioIOError

    try:
        dataset = rasterio.open(path)
    except RasterioIOError as error:
        raise InputError(f"{path} cannot be opened as a raster: {error}") from error
    with dataset:
        yield dataset


def _read(
    dataset: Any,
    band: int,
    bounds: Sequence[float] | None,
    regions: gpd.GeoDataFrame | None,
    crs: Any,
) -> Raster:
    what = dataset.name
    if not 1 <= band <= dataset.count:
        raise InputError(f"{what} has bands 1 to {dataset.count}, not {band!r}")
    require_north_up(dataset.transform, what)
    place = _declared(dataset, crs, what)
    if regions is not None:
        if regions.crs is None or not same_crs(regions.crs, place):
            raise CRSError(
                f"the regions are in {regions.crs} and {what} in {place}: bring the regions there "
                "with to_crs()"
            )
        bounds = regions.total_bounds
    top, bottom, left, right = _window(dataset, bounds, what)
    data = dataset.read(band, window=((top, bottom), (left, right)), masked=True)
    scale, offset = dataset.scales[band - 1], dataset.offsets[band - 1]
    nodata = dataset.nodatavals[band - 1]
    whole = data.dtype.kind != "f"
    scaled = (scale, offset) != (1.0, 0.0)
    masked = nodata is None and np.ma.getmaskarray(data).any()
    if whole and (scaled or masked):
        data = data.astype(np.promote_types(data.dtype, np.float32))
    if whole and not scaled and not masked:
        nodata = None if nodata is None else int(nodata)
    else:
        nodata = None
    values = np.ma.filled(data, nodata if data.dtype.kind != "f" else np.nan)
    wide, _, west, _, high, north = tuple(dataset.transform)[:6]
    return Raster(
        values * scale + offset if scaled else values,
        Affine(wide, 0, west + left * wide, 0, high, north + top * high),
        place,
        nodata=nodata,
        name=dataset.descriptions[band - 1] or "",
        unit=dataset.units[band - 1] or "",
        description=dataset.tags().get("TIFFTAG_IMAGEDESCRIPTION", ""),
    )


def _declared(dataset: Any, crs: Any, what: str) -> Any:
    if dataset.crs is None and crs is None:
        raise CRSError(f"{what} has no CRS: declare it with crs=")
    if dataset.crs is None:
        return known_crs(crs)
    own = known_crs(dataset.crs)
    if crs is not None and not same_crs(own, known_crs(crs)):
        raise CRSError(
            f"{what} is in {own.name}, not in {crs!r}: leave crs= out, and warp the raster with "
            "spatialreg.raster.resample"
        )
    return own


def _window(dataset: Any, bounds: Sequence[float] | None, what: str) -> tuple[int, int, int, int]:
    """Give top, bottom, left, right of the cells that `bounds` touches, in rows and columns."""
    rows, columns = dataset.shape
    if bounds is None:
        return 0, rows, 0, columns
    west, south, east, north = (float(b) for b in bounds)
    if not (west <= east and south <= north):
        raise InputError(f"bounds must be (left, bottom, right, top), not {tuple(bounds)}")
    transform = dataset.transform
    left = max(0, int(np.floor((west - transform.c) / transform.a)))
    right = min(columns, int(np.ceil((east - transform.c) / transform.a)))
    top = max(0, int(np.floor((north - transform.f) / transform.e)))
    bottom = min(rows, int(np.ceil((south - transform.f) / transform.e)))
    if left >= right or top >= bottom:
        own = ", ".join(f"{b:g}" for b in grid_bounds(transform, dataset.shape))
        raise InputError(
            f"{what} covers ({own}) and nothing of ({west:g}, {south:g}, {east:g}, {north:g}): "
            "are both in the same CRS?"
        )
    return top, bottom, left, right
