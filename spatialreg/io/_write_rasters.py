"""Rasters to Cloud-Optimized GeoTIFF: tiled, with overviews, that programs read by parts.

Values, nodata, unit, name, statistics and colours go along, so that the file explains itself.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .._align import require_one_of, some
from .._raster import Raster
from ..errors import InputError
from ._atomic import replacing

OVERVIEWS = ("auto", "nearest", "average", "bilinear", "mode", "none")
COMPRESSIONS = ("deflate", "zstd", "lzw", "none")
_ROWS = 1024


def write_raster(
    raster: Raster,
    path: str | os.PathLike[str],
    *,
    overviews: str = "auto",
    colours: Mapping[int, str] | None = None,
    compress: str = "deflate",
) -> Path:
    """Write a raster as a Cloud-Optimized GeoTIFF.

    The file is written beside its place and moved there, so that an interruption leaves the old one
    whole. It holds the name (of the band), the unit, the description, and the least, largest, mean
    value and standard deviation, by which programs choose colours without reading it all.
    Infinite values are written as they are and left out of these; QGIS leaves them undrawn.

    Parameters
    ----------
    raster : Raster
    path : str or path
        Ends in .tif or .tiff.
    overviews : {"auto", "nearest", "average", "bilinear", "mode", "none"}
        How cells are joined in the coarser images that are shown from afar. "auto" averages decimal
        numbers and takes the nearest of whole ones.
    colours : mapping of int to str, optional
        A colour ``#rrggbb`` for each class, for values of one byte (uint8).
    compress : {"deflate", "zstd", "lzw", "none"}
        All of them keep every digit.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    InputError
        The suffix is another, colours are given for values that are no bytes, or a colour or its
        value cannot be written.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import numpy as np
    >>> from spatialreg import io, raster
    >>> classes = raster.Raster(np.array([[1, 2], [2, 0]], dtype=np.uint8),
    ...                         (1, 0, 0, 0, -1, 2), 4326, nodata=0, name="access")
    >>> path = io.write_raster(classes, pathlib.Path(tempfile.mkdtemp()) / "access.tif",
    ...                        colours={1: "#1a9850", 2: "#d73027"})
    >>> with io.open_raster(path) as dataset:
    ...     dataset.colormap(1)[2], dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"]
    ((215, 48, 39, 255), 'COG')
    """
    from rasterio.shutil import copy

    target = Path(path)
    require_one_of(target.suffix.lower(), (".tif", ".tiff"), "the suffix of a raster")
    require_one_of(overviews, OVERVIEWS, "overviews")
    require_one_of(compress, COMPRESSIONS, "compress")
    decimal = raster.values.dtype.kind == "f"
    table = None if colours is None else _colour_table(raster, colours)
    options = {"COMPRESS": compress.upper(), "BIGTIFF": "IF_SAFER"}
    if compress != "none" and table is None:
        options["PREDICTOR"] = "YES"
    if overviews == "none":
        options["OVERVIEWS"] = "NONE"
    else:
        resampling = ("average" if decimal else "nearest") if overviews == "auto" else overviews
        options["OVERVIEW_RESAMPLING"] = resampling.upper()
    with replacing(target) as fresh:
        # the driver copies a finished file, for it puts the overviews before the values
        plain = fresh.with_name(f"{fresh.name}.plain.tif")
        _write_plain(raster, plain, table)
        copy(plain, fresh, driver="COG", **options)
        plain.unlink()
    return target


def _write_plain(raster: Raster, path: Path, table: dict[int, Any] | None) -> None:
    import rasterio

    values = raster.values
    dtype = np.dtype(np.float32) if values.dtype == np.float16 else values.dtype
    nodata = np.nan if dtype.kind == "f" else raster.nodata
    rows, columns = raster.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype=dtype,
        crs=rasterio.crs.CRS.from_wkt(raster.crs.to_wkt()),
        transform=raster.transform,
        nodata=nodata,
        bigtiff="IF_SAFER",
        **({"photometric": "PALETTE"} if table else {}),
    ) as dataset:
        sums = _Statistics()
        missing = dtype.type(nodata) if dtype.kind != "f" and nodata is not None else None
        for top in range(0, rows, _ROWS):
            part = np.ascontiguousarray(values[top : top + _ROWS], dtype=dtype)
            dataset.write(part, 1, window=((top, top + len(part)), (0, columns)))
            sums.add(part if missing is None else part[part != missing])
        dataset.update_tags(1, **sums.tags())
        dataset.set_band_description(1, raster.name)
        dataset.set_band_unit(1, raster.unit)
        if raster.description:
            dataset.update_tags(TIFFTAG_IMAGEDESCRIPTION=raster.description)
        if table is not None:
            dataset.write_colormap(1, table)


class _Statistics:
    """Least, largest, mean and standard deviation of finite values, joined part by part."""

    def __init__(self) -> None:
        self.count, self.mean, self.squares = 0, 0.0, 0.0
        self.low, self.high = np.inf, -np.inf

    def add(self, values: np.ndarray) -> None:
        finite = values[np.isfinite(values)].astype(np.float64)
        if not len(finite):
            return
        # Chan, Golub and LeVeque's formula for the squares of two parts together
        mean, count = finite.mean(), self.count + len(finite)
        apart = mean - self.mean
        self.squares += ((finite - mean) ** 2).sum()
        self.squares += apart**2 * self.count * len(finite) / count
        self.mean += apart * len(finite) / count
        self.count = count
        self.low, self.high = min(self.low, finite.min()), max(self.high, finite.max())

    def tags(self) -> dict[str, str]:
        if not self.count:
            return {}
        return {
            "STATISTICS_MINIMUM": repr(float(self.low)),
            "STATISTICS_MAXIMUM": repr(float(self.high)),
            "STATISTICS_MEAN": repr(float(self.mean)),
            "STATISTICS_STDDEV": repr(float(np.sqrt(self.squares / self.count))),
        }


def _colour_table(raster: Raster, colours: Mapping[int, str]) -> dict[int, tuple[int, ...]]:
    """Give red, green, blue and opacity by value, or raise."""
    if raster.values.dtype != np.uint8:
        raise InputError(
            f"colours are for classes of one byte (uint8), not {raster.values.dtype}: give the "
            "values as classes, or style the layer with spatialreg.layers.write_raster_style"
        )
    table: dict[int, tuple[int, ...]] = {}
    wrong = []
    for value, colour in colours.items():
        try:
            parts = bytes.fromhex(str(colour).removeprefix("#"))
        except ValueError:
            parts = b""
        if len(parts) != 3 or value not in range(256):
            wrong.append(f"{value}: {colour!r}")
        else:
            table[int(value)] = (*parts, 255)
    if wrong:
        raise InputError(
            f"colours must be hex text like '#d7191c' for values 0 to 255, not {some(wrong)}"
        )
    if raster.nodata is not None:
        table[int(raster.nodata)] = (0, 0, 0, 0)
    return table
