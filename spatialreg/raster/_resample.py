"""A raster brought to the cells and the reference system of another."""

from __future__ import annotations

import numpy as np
from rasterio.enums import Resampling
from rasterio.warp import reproject

from .._align import require_one_of
from .._raster import Raster
from ._inputs import Grid, RasterLike, in_memory, opened

METHODS = ("nearest", "mode", "bilinear", "cubic", "average", "sum", "min", "max", "median")
_OF_CLASSES = ("nearest", "mode", "min", "max")


def resample(raster: RasterLike, like: RasterLike, method: str) -> Raster:
    """Bring a raster to the grid and the CRS of another.

    Parameters
    ----------
    raster, like : Raster, open rasterio dataset or band
    method : {"nearest", "mode", "bilinear", "cubic", "average", "sum", "min", "max", "median"}
        "nearest" and "mode" for classes; "bilinear" or "average" for what is measured at places;
        "sum" for totals such as people, which it divides by the share of cells that overlap.

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
    source, target = in_memory(raster), opened(like, "like")
    if source.same_grid(target):
        return source
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
        resampling=Resampling["med" if method == "median" else method],
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
    values = np.broadcast_to(np.float32(np.nan), target.shape)
    return resample(raster, Raster(values, target.transform, target.crs), method)
