"""The bridge to exactextract: regions and rasters as it reads them, its results by row order.

Regions go over as well-known binary, which halves the time that GeoJSON takes. No label goes over
at all: exactextract gives ids back as text under pandas 3, so results are joined by their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from exactextract import exact_extract
from exactextract.feature import Feature, FeatureSource
from exactextract.raster import NumPyRasterSource, RasterioRasterSource

from .._align import some
from .._raster import Raster
from ..errors import InputError
from ._inputs import Grid, OpenBand


class _Region(Feature):
    """One region: a geometry without attributes."""

    def __init__(self, geometry: bytes) -> None:
        super().__init__()
        self._geometry = geometry

    def geometry(self) -> bytes:
        return self._geometry

    def get(self, name: str) -> Any:
        raise KeyError(name)

    def fields(self) -> list[str]:
        return []


class _Regions(FeatureSource):
    """All regions in their order."""

    def __init__(self, geometry: gpd.GeoSeries) -> None:
        super().__init__()
        self._shapes = shapely.to_wkb(geometry.to_numpy())
        self._crs = geometry.crs.to_wkt()

    def count(self) -> int:
        return len(self._shapes)

    def __iter__(self) -> Iterator[_Region]:
        return map(_Region, self._shapes)

    def srs_wkt(self) -> str:
        return self._crs


def extract(
    raster: Grid,
    geometry: gpd.GeoSeries,
    operations: Sequence[str],
    weights: Grid | None = None,
) -> pd.DataFrame:
    """Run exactextract; give a frame on the index of `geometry`, columns 0, 1, ... by operation.

    CRS are compared before, for exactextract only warns where they differ.
    """
    # an alias each, for one operation may be asked for twice
    asked = [f"c{place}={operation}" for place, operation in enumerate(operations)]
    return _run([raster], geometry, asked, weights)


def sums_of(rasters: Sequence[Grid], geometry: gpd.GeoSeries) -> np.ndarray:
    """Give the sums of several rasters on one grid, a row a region and a column a raster."""
    return _run(rasters, geometry, ["sum"], None).to_numpy(dtype=np.float64)


def _run(
    rasters: Sequence[Grid],
    geometry: gpd.GeoSeries,
    asked: Sequence[str],
    weights: Grid | None,
) -> pd.DataFrame:
    crs = geometry.crs.to_wkt()
    try:
        table = exact_extract(
            [source(raster, f"r{place}", crs) for place, raster in enumerate(rasters)],
            _Regions(geometry),
            list(asked),
            weights=None if weights is None else source(weights, "weights", crs),
            output="pandas",
        )
    except RuntimeError as error:
        if "ncompatible" in str(error):
            raise InputError(
                "the cells of the weights do not lie on those of the raster: bring them to one "
                "grid with spatialreg.raster.resample(weights, raster, 'sum') or another method"
            ) from error
        raise InputError(f"exactextract refused {some(asked)}: {error}") from error
    return table.set_axis(range(table.shape[1]), axis="columns").set_axis(geometry.index)


def source(raster: Grid, name: str, crs: str) -> Any:
    """Give a raster as exactextract reads it: an array, or windows of a dataset."""
    if isinstance(raster, OpenBand):
        return RasterioRasterSource(raster.dataset, raster.band, name=name)
    left, bottom, right, top = raster.bounds
    nodata = None if raster.decimal else raster.nodata
    return NumPyRasterSource(
        raster.values, left, bottom, right, top, nodata=nodata, name=name, srs_wkt=crs
    )


def row_raster(like: Grid, by_row: np.ndarray) -> Raster:
    """Give a raster with one value a row, which takes no more memory than one column."""
    values = np.broadcast_to(by_row[:, None], like.shape)
    return Raster(values, like.transform, like.crs)
