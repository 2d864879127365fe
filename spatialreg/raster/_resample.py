"""A raster brought to the cells and the reference system of another."""

from __future__ import annotations

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.warp import reproject, transform_bounds

from .._align import require_one_of
from .._raster import Raster
from ._inputs import Grid, OpenBand, RasterLike, centres, in_memory, opened

METHODS = (
    "nearest", "mode", "continuous", "bilinear", "cubic", "average", "sum", "min", "max", "median",
)  # fmt: skip
_OF_CLASSES = ("nearest", "mode", "min", "max")


def resample(raster: RasterLike, like: RasterLike, method: str) -> Raster:
    """Bring a raster to the grid and the CRS of another.

    Parameters
    ----------
    raster, like : Raster, open rasterio dataset or band
        Of an open dataset only what is needed is read, part by part: it may be larger than memory.
    method : {"nearest", "mode", "continuous", "bilinear", "cubic", "average", "sum", ...}
        "nearest" and "mode" for classes; "continuous" for what is measured at places, such as
        heights: "average" where its cells are smaller than those of `like`, else "bilinear"; "sum"
        for totals such as people, which it divides by the share of cells that overlap. Also "min",
        "max" and "median".

    Returns
    -------
    Raster
        Missing where `raster` has no value. Whole numbers with a nodata value stay so by "nearest",
        "mode", "min" and "max", and become decimal by the others.

    Raises
    ------
    InputError
        The method is not known.

    Examples
    --------
    >>> import numpy as np
    >>> from spatialreg import raster
    >>> fine = raster.Raster(np.arange(16.0).reshape(4, 4), (1, 0, 0, 0, -1, 4), 32650)
    >>> coarse = raster.Raster(np.zeros((2, 2)), (2, 0, 0, 0, -2, 4), 32650)
    >>> raster.resample(fine, coarse, "sum").values
    array([[10., 18.],
           [42., 50.]])
    """
    require_one_of(method, METHODS, "method")
    given, target = opened(raster), opened(like, "like")
    if _empty(target).same_grid(given):
        return in_memory(raster)
    if method == "continuous":
        method = "average" if _finer(given, target) else "bilinear"
    if isinstance(given, OpenBand) and given.plain:
        return _from_file(given, target, method)
    source = in_memory(raster)
    classes = not source.decimal and method in _OF_CLASSES and source.nodata is not None
    values = source.values if classes else source.floats()
    empty = source.nodata if classes else np.nan
    result = np.full(target.shape, empty, dtype=values.dtype)
    reproject(
        values,
        result,
        src_transform=source.transform,
        src_crs=source.crs.to_wkt(),
        src_nodata=empty,
        dst_transform=target.transform,
        dst_crs=target.crs.to_wkt(),
        dst_nodata=empty,
        resampling=_how(method),
    )
    return Raster(
        result,
        target.transform,
        target.crs,
        nodata=source.nodata if classes else None,
        name=source.name,
        unit=source.unit,
        description=source.description,
    )


def resampled(raster: RasterLike, target: Grid, method: str) -> Raster:
    """Give `raster` on the cells of `target`, by `method` where they are others."""
    return resample(raster, _empty(target), method)


def _from_file(source: OpenBand, target: Grid, method: str) -> Raster:
    """Let GDAL read what it needs, in parts that fit its memory; missing cells become NaN."""
    kind = np.dtype(source.dataset.dtypes[source.band - 1])
    nodata = source.dataset.nodatavals[source.band - 1]
    if nodata is None and kind.kind == "f":
        nodata = np.nan
    wide = kind if kind.kind == "f" else np.promote_types(kind, np.float32)
    cells: np.dtype = np.dtype(wide)
    empty: float = np.nan
    # of whole numbers GDAL counts the most frequent some eighty times as fast as of decimals
    if method in _OF_CLASSES and kind.itemsize == 1:
        cells, empty = np.dtype(np.int16), -32768
    elif method in _OF_CLASSES and kind.name in ("int16", "uint16") and nodata is not None:
        cells, empty = kind, nodata
    result = np.full(target.shape, empty, dtype=cells)
    reproject(
        rasterio.band(source.dataset, source.band),
        result,
        src_nodata=nodata,
        dst_transform=target.transform,
        dst_crs=target.crs.to_wkt(),
        dst_nodata=empty,
        resampling=_how(method),
    )
    values = result.astype(wide)
    if cells.kind != "f":
        values[result == empty] = np.nan
    return Raster(values, target.transform, target.crs)


def _finer(source: Grid, target: Grid) -> bool:
    """Say whether the cells of `source` are smaller than those in the middle of `target`."""
    x, y = (along[len(along) // 2] for along in centres(target))
    wide, high = target.resolution
    cell = x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
    west, _, east, _ = transform_bounds(target.crs.to_wkt(), source.crs.to_wkt(), *cell)
    return bool(source.resolution[0] < (east - west) * (1 - 1e-6))


def _empty(grid: Grid) -> Raster:
    """Give a raster on the cells of `grid` that takes no memory."""
    return Raster(np.broadcast_to(np.float32(np.nan), grid.shape), grid.transform, grid.crs)


def _how(method: str) -> Resampling:
    return Resampling["med" if method == "median" else method]
