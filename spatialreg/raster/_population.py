"""How many people live within so many minutes of the nearest facility, in all or by region.

Takes a raster of people and one of minutes, and asks of each cell of people the minutes where its
centre lies: people are never resampled, so their total stays. A file of people is read by bands of
rows, so that it may be larger than memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from pyproj import Transformer

from .._align import require_unique, some
from .._raster import Raster, same_crs
from ..errors import InputError
from ._exact import sums_of
from ._inputs import (
    Grid,
    RasterLike,
    cells_of,
    centres,
    in_memory,
    opened,
    require_polygons,
    require_same_crs,
)

_ROWS = 512
_CELLS = 2**22  # of a band that is read from a file at once


def population_within(
    population: RasterLike,
    times: RasterLike,
    thresholds: float | Sequence[float],
    *,
    regions: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Count the people within T minutes, and their share.

    Parameters
    ----------
    population : Raster, open rasterio dataset or band
        People by cell. Cells without a value have none. An open dataset is read part by part.
    times : Raster, open rasterio dataset or band
        Minutes by cell [min], as :func:`travel_time_surface` gives; infinite or missing where no
        facility is reached. Its grid and CRS may be others than those of `population`: a cell of
        people has the minutes of the cell that its centre lies in, and none outside.
    thresholds : float or sequence of float
        Minutes [min]; who is exactly so far is within.
    regions : GeoDataFrame of polygons, optional
        In the CRS of `population`. People of cells on a border count by the share that lies inside.

    Returns
    -------
    DataFrame
        Index (``code``, ``minutes``), for all together the code ``"all"``; columns ``people``
        within, ``total`` and ``share`` (NaN where nobody lives).

    Raises
    ------
    InputError
        A threshold is negative or stands twice, or there are fewer than no people in a cell.
    CRSError, GeometryError
        As :func:`zonal_stats`.

    Examples
    --------
    >>> import numpy as np
    >>> from spatialreg import raster
    >>> place = {"transform": (1000, 0, 0, 0, -1000, 2000), "crs": 32650}
    >>> people = raster.Raster(np.array([[50.0, 30.0], [10.0, 10.0]]), **place)
    >>> minutes = raster.Raster(np.array([[5.0, 20.0], [30.0, np.inf]]), **place)
    >>> raster.population_within(people, minutes, [10, 30])
                  people  total  share
    code minutes
    all  10.0       50.0  100.0    0.5
         30.0       90.0  100.0    0.9
    """
    limits = np.atleast_1d(np.asarray(thresholds, dtype=float))
    if limits.ndim != 1 or not len(limits) or not (limits >= 0).all():
        raise InputError(f"thresholds must be minutes from 0 on, not {thresholds!r}")
    if len(np.unique(limits)) != len(limits):
        raise InputError(f"thresholds {some(limits)} stand more than once")
    source, minutes = opened(population, "population"), in_memory(times, "times")
    labels: pd.Index = pd.Index(["all"], name="code")
    if regions is not None:
        require_unique(regions.index, "regions")
        require_polygons(regions)
        require_same_crs(regions.crs, source.crs, "regions", "population")
        labels = regions.index
    sums = np.zeros((len(labels), len(limits) + 1))
    for people in _bands(source):
        counted = _counted(people, minutes, limits)
        if regions is None:
            sums += [values.sum(dtype=np.float64) for values in counted]
        else:
            here = _touching(regions.geometry, people)
            rasters = [people.with_values(values) for values in counted]
            sums[here] += sums_of(rasters, regions.geometry[here])
    found, total = sums[:, :-1], sums[:, -1]
    index = pd.MultiIndex.from_arrays(
        [labels.repeat(len(limits)), np.tile(limits, len(labels))],
        names=[labels.name or "code", "minutes"],
    )
    whole = np.repeat(total, len(limits))
    near = found.ravel()
    share = np.divide(near, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return pd.DataFrame({"people": near, "total": whole, "share": share}, index=index)


def _bands(source: Grid) -> Iterator[Raster]:
    """Give a raster as it is, one in a file by bands of rows."""
    if isinstance(source, Raster):
        yield source
        return
    rows, columns = source.shape
    for top in range(0, rows, step := max(1, _CELLS // columns)):
        bottom = min(rows, top + step)
        wide, _, left, _, down, upper = tuple(source.transform)[:6]
        place = Affine(wide, 0, left, 0, down, upper + top * down)
        yield Raster(source.read(top, bottom, 0, columns), place, source.crs)


def _counted(people: Raster, minutes: Raster, limits: np.ndarray) -> list[np.ndarray]:
    """Give the people of each cell that is within each limit, and last all of them."""
    counts = np.nan_to_num(people.floats(), nan=0.0)
    if (counts < 0).any():
        raise InputError(
            f"population is negative in {int((counts < 0).sum()):,} cells: say nodata= where that "
            "marks missing cells"
        )
    far = _minutes_at(people, minutes)
    nobody = counts.dtype.type(0)
    return [*(np.where(far <= limit, counts, nobody) for limit in limits), counts]


def _touching(geometry: gpd.GeoSeries, grid: Raster) -> np.ndarray:
    """Say of each shape whether its extent meets that of the grid."""
    west, south, east, north = geometry.bounds.to_numpy().T
    left, bottom, right, top = grid.bounds
    return (west < right) & (east > left) & (south < top) & (north > bottom)


def _minutes_at(people: Raster, times: Raster) -> np.ndarray:
    """Give the minutes where the centre of each cell of `people` lies, NaN outside."""
    if people.same_grid(times):
        return times.floats()
    source = times.floats()
    x, y = centres(people)
    result = np.full(people.shape, np.nan, dtype=source.dtype)
    alike = same_crs(people.crs, times.crs)
    if not alike:
        transformer = Transformer.from_crs(people.crs, times.crs, always_xy=True)
    for top in range(0, len(y), _ROWS):
        part = slice(top, top + _ROWS)
        across, down = np.meshgrid(x, y[part])
        if not alike:
            across, down = transformer.transform(across, down)
        row, column, inside = cells_of(times, across, down)
        result[part] = np.where(inside, source[row, column], np.nan)
    return result
