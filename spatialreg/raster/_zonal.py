"""Statistics of a raster within each region, each cell counted by the share of it that is inside.

Takes a raster and regions, gives a frame on the regions' index. Cells without a value take no part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from .._align import require_unique, some
from ..errors import InputError
from ._exact import extract, row_raster
from ._inputs import Grid, RasterLike, opened, require_polygons, require_same_crs
from ._sizes import cell_areas

# name -> its name in exactextract
PLAIN = {
    "count": "count",
    "sum": "sum",
    "mean": "mean",
    "min": "min",
    "max": "max",
    "median": "median",
    "stdev": "stdev",
    "variance": "variance",
    "variety": "variety",
    "majority": "majority",
    "minority": "minority",
}
WEIGHTED = {
    # a cell without a weight has none: nobody lives there
    f"weighted_{name}": f"weighted_{name}(default_weight=0)"
    for name in ("sum", "mean", "stdev", "variance")
}
COVERAGE = "coverage"
_QUANTILE = re.compile(r"quantile\(\s*([0-9.]+)\s*\)")
# what a region without data has too
_ALWAYS = {"count", COVERAGE}


def zonal_stats(
    raster: RasterLike,
    regions: gpd.GeoDataFrame,
    stats: str | Sequence[str],
    *,
    weights: RasterLike | str | None = None,
) -> pd.DataFrame:
    """Summarise a raster by region, cells on a border by the share that lies inside.

    Parameters
    ----------
    raster : Raster, open rasterio dataset or band
        A dataset is read by windows, region after region.
    regions : GeoDataFrame of polygons
        In the CRS of the raster.
    stats : str or sequence of str
        ``"count"`` (cells with a value, as a sum of shares), ``"sum"``, ``"mean"``, ``"min"``,
        ``"max"``, ``"median"``, ``"quantile(0.9)"``, ``"stdev"``, ``"variance"`` (of the cells as
        all there are), ``"variety"`` (number of distinct values), ``"majority"``, ``"minority"``
        (the value of the most and least area), ``"coverage"`` (the share of the region's area, as
        the CRS draws it, on which the raster has values, 0 to 1); with `weights` also
        ``"weighted_sum"``, ``"weighted_mean"``, ``"weighted_stdev"``, ``"weighted_variance"``.
    weights : Raster, open rasterio dataset or band, or "area", optional
        One weight a cell, for the weighted statistics: people for a mean that people experience.
        ``"area"`` takes the area of cells on the ground [m2], which differs by latitude on grids in
        degrees. A cell without a weight takes no part.

    Returns
    -------
    DataFrame
        On the index of `regions`, a column a statistic by its name. Regions without data are NaN,
        but 0 in ``count`` and ``coverage``.

    Raises
    ------
    InputError
        A statistic is not known, weights are missing or not used, or their cells do not lie on
        those of the raster.
    CRSError
        The CRS of raster, regions and weights differ, or one is missing.
    GeometryError
        A region is no polygon.

    References
    ----------
    Shares of cells are those of the library exactextract (Baston, D., ISciences).

    Examples
    --------
    Two and a half cells of the first row, and half a cell of the second:

    >>> import geopandas as gpd, numpy as np
    >>> from shapely import box
    >>> from spatialreg import raster
    >>> people = raster.Raster(np.array([[8.0, 4.0, 2.0], [6.0, 1.0, 1.0]]),
    ...                        (1, 0, 0, 0, -1, 2), 32650)
    >>> regions = gpd.GeoDataFrame(geometry=[box(0, 1, 2.5, 2), box(0, 0, 1, 0.5)],
    ...                            index=["a", "b"], crs=32650)
    >>> raster.zonal_stats(people, regions, ["count", "sum", "mean"])
       count   sum  mean
    a    2.5  13.0   5.2
    b    0.5   3.0   6.0
    """
    grid = opened(raster)
    require_unique(regions.index, "regions")
    require_polygons(regions)
    require_same_crs(regions.crs, grid.crs, "regions")
    names = [stats] if isinstance(stats, str) else list(stats)
    operations = _operations(names, weighted=weights is not None)
    weighing: Grid | None = None
    if isinstance(weights, str):
        if weights != "area":
            raise InputError(f"weights must be a raster or 'area', not {weights!r}")
        weighing = row_raster(grid, cell_areas(grid))
    elif weights is not None:
        given = opened(weights, "weights")
        require_same_crs(given.crs, grid.crs, "weights")
        weighing = given
    # the number of cells says which regions have no data, where it was not asked for too
    table = extract(grid, regions.geometry, [*operations.values(), "count"], weighing)
    counts = table[len(operations)].astype(float)
    result = pd.DataFrame(index=regions.index)
    computed = dict(zip(operations, range(len(operations)), strict=True))
    for name in names:
        if name == COVERAGE:
            wide, high = grid.resolution
            result[name] = (counts * (wide * high) / regions.area).clip(upper=1)
        else:
            column = table[computed[name]].astype(float)
            result[name] = column if name in _ALWAYS else column.where(counts > 0)
    return result


def _operations(names: Sequence[str], *, weighted: bool) -> dict[str, str]:
    """Give what exactextract calls each statistic, or raise and list what there is."""
    found: dict[str, str] = {}
    unknown = []
    for name in names:
        quantile = _QUANTILE.fullmatch(str(name))
        if quantile and 0 <= float(quantile[1]) <= 1:
            found[name] = f"quantile(q={float(quantile[1])})"
        elif name in PLAIN or name in WEIGHTED:
            found[name] = (PLAIN | WEIGHTED)[name]
        elif name != COVERAGE:
            unknown.append(name)
    if unknown or not names:
        known = [*PLAIN, "quantile(0.9)", COVERAGE, *WEIGHTED]
        raise InputError(
            f"stats {some(map(repr, unknown)) or 'are none'}: choose from {', '.join(known)}"
        )
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise InputError(f"stats name {some(map(repr, twice))} more than once")
    needs = [name for name in names if name in WEIGHTED]
    if needs and not weighted:
        raise InputError(f"{some(map(repr, needs))} need weights=: a raster of people, or 'area'")
    if weighted and not needs:
        raise InputError("weights= is used by weighted statistics alone: ask for one, or leave it")
    return found
