"""Regions as cells, and cells as regions.

A column becomes a raster in which each cell has the value of the region that its centre lies in, or
holds its share of the region's total; cells of one value become the polygons of a region.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio.features import shapes

from .._align import numeric_series, require_columns, require_unique, some
from .._raster import Raster
from ..errors import AlignmentError, InputError, MissingDataWarning
from ._friction import burned
from ._grids import grid
from ._inputs import Grid, RasterLike, in_memory, opened, require_polygons, require_same_crs
from ._spread import spread_totals

NO_REGION = -1


def rasterize_regions(
    regions: gpd.GeoDataFrame,
    *,
    like: RasterLike | None = None,
    resolution: float | Sequence[float] | None = None,
) -> Raster:
    """Give the region of each cell, by the cell's centre.

    Parameters
    ----------
    regions : GeoDataFrame of polygons
    like : Raster, open rasterio dataset or band, optional
        The grid, in the CRS of `regions`.
    resolution : float or (width, height), optional
        Of cells on a new grid in the CRS of `regions`, instead of `like`.

    Returns
    -------
    Raster
        The position of the region in the frame (int32), -1 where there is none. Where regions
        overlap it is that of the later label in sorted order.

    Raises
    ------
    InputError
        Neither or both of `like` and `resolution` are given.
    CRSError, GeometryError
        As :func:`zonal_stats`.

    Warns
    -----
    MissingDataWarning
        Regions hold no cell's centre.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from spatialreg import raster
    >>> regions = gpd.GeoDataFrame(geometry=[box(0, 0, 2, 2), box(2, 0, 3, 2)],
    ...                            index=["a", "b"], crs=32650)
    >>> raster.rasterize_regions(regions, resolution=1).values
    array([[0, 0, 1],
           [0, 0, 1]], dtype=int32)
    """
    target = _target(regions, like, resolution)
    cells = _region_cells(regions, target)
    return Raster(cells, target.transform, target.crs, nodata=NO_REGION, name="region")


def rasterize_column(
    regions: gpd.GeoDataFrame,
    column: str,
    *,
    like: RasterLike | None = None,
    resolution: float | Sequence[float] | None = None,
    conserve: bool = False,
    weights: RasterLike | None = None,
) -> Raster:
    r"""Give a column of regions as a raster: its values, or its totals spread over the cells.

    Parameters
    ----------
    regions : GeoDataFrame of polygons
        One row a region, with a numeric `column`.
    column : str
    like : Raster, open rasterio dataset or band, optional
        The grid, in the CRS of `regions`.
    resolution : float or (width, height), optional
        Of cells on a new grid in the CRS of `regions`, instead of `like`.
    conserve : bool
        The column is a total (people, output): spread it over the cells of the region, so that
        ``zonal_stats(result, regions, "sum")`` gives it back. Else (a rate, a value per head) each
        cell has the value of the region that its centre lies in.
    weights : Raster, open rasterio dataset or band, optional
        With `conserve`: where in the region the total is, for example people for output
        (dasymetric mapping). It is the grid too, in the place of `like`. By default the total is
        spread evenly.

    Returns
    -------
    Raster
        float64, NaN outside the regions and in those without a value.

    Raises
    ------
    InputError
        The grid is not given, or twice; `weights` are given without `conserve` or are negative; a
        total is negative, or falls on a region without weights; the cells are too large for the
        regions to keep their totals apart.
    CRSError, GeometryError
        As :func:`zonal_stats`.

    Warns
    -----
    MissingDataWarning
        Regions hold no cell's centre (without `conserve`).

    Notes
    -----
    With `conserve` and coverage shares :math:`f_{rc}` of cell c by region r, the result is
    :math:`v_c = w_c \exp(\sum_r f_{rc} \mu_r)` with the :math:`\mu_r` for which
    :math:`\sum_c f_{rc} v_c = T_r`: of all surfaces with these sums the one that departs least from
    the weights (in relative entropy). Inside a region it is the weight times one factor.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import box
    >>> from spatialreg import raster
    >>> regions = gpd.GeoDataFrame({"output": [90.0, 20.0]}, index=["a", "b"], crs=32650,
    ...                            geometry=[box(0, 0, 2, 1), box(2, 0, 4, 1)])
    >>> people = raster.Raster(np.array([[2.0, 1.0, 0.0, 5.0]]), (1, 0, 0, 0, -1, 1), 32650)
    >>> raster.rasterize_column(regions, "output", conserve=True, weights=people).values.round(6)
    array([[60., 30.,  0., 20.]])
    """
    require_columns(regions, [column], "regions")
    values = numeric_series(regions[column], f"column {column!r}")
    if not conserve:
        if weights is not None:
            raise InputError("weights= spread totals: say conserve=True, or leave them out")
        target = _target(regions, like, resolution)
        known = np.append(values.to_numpy(), np.nan)  # the place -1 is the last
        cells = known[_region_cells(regions, target)]
        return Raster(cells, target.transform, target.crs, name=column)
    require_polygons(regions)
    if weights is not None:
        if like is not None or resolution is not None:
            raise InputError("weights= bring their own grid: leave like= and resolution= out")
        weighing = in_memory(weights, "weights")
        require_same_crs(regions.crs, weighing.crs, "regions", "the weights")
    else:
        target = _target(regions, like, resolution)
        even = np.broadcast_to(np.float64(1), target.shape)
        weighing = Raster(even, target.transform, target.crs)
    return Raster(
        spread_totals(regions.geometry, values, weighing),
        weighing.transform,
        weighing.crs,
        name=column,
    )


def to_regions(raster: RasterLike, *, labels: pd.Index | None = None) -> gpd.GeoDataFrame:
    """Give the polygons of each value of a raster, one row a value.

    Parameters
    ----------
    raster : Raster, open rasterio dataset or band
        Whole numbers, or decimals that are whole: classes, zones, the places that
        :func:`rasterize_regions` and the ``nearest`` of a surface hold.
    labels : Index, optional
        What the values are the positions of: the index of the regions, or ``surface.sources``.

    Returns
    -------
    GeoDataFrame
        Indexed by value (or label), sorted by value; the polygons follow the edges of the cells.
        Cells without a value belong to no row.

    Raises
    ------
    InputError
        The values are not whole.
    AlignmentError
        A value is the position of no label.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from spatialreg import raster
    >>> zones = raster.Raster(np.array([[0, 1], [0, -1]]), (1, 0, 0, 0, -1, 2), 32650, nodata=-1)
    >>> raster.to_regions(zones, labels=pd.Index(["a", "b"])).area.to_dict()
    {'a': 2.0, 'b': 1.0}
    """
    source = in_memory(raster)
    missing = source.missing()
    rows, columns = source.shape
    held = source.read(0, rows, 0, columns)[~missing]
    if not (held == np.floor(held)).all() or np.abs(held).max(initial=0) >= 2**31:
        raise InputError(
            "the values must be whole numbers: make classes first, for example "
            "raster.with_values(numpy.digitize(raster.values, breaks))"
        )
    found, place = np.unique(held, return_inverse=True)
    cells = np.zeros(source.shape, dtype=np.int32)
    cells[~missing] = place + 1
    parts: dict[int, list[shapely.Geometry]] = {}
    for shape, number in shapes(cells, mask=~missing, transform=source.transform):
        parts.setdefault(int(number) - 1, []).append(shapely.geometry.shape(shape))
    geometry = [shapely.union_all(parts[number]) for number in range(len(found))]
    index: pd.Index = pd.Index(found.astype(np.int64), name="value")
    if labels is not None:
        wrong = found[(found < 0) | (found >= len(labels))]
        if len(wrong):
            raise AlignmentError(
                f"{len(labels)} labels have no positions {some(wrong.astype(int))}: give the index "
                "of the regions that the raster was made from"
            )
        index = labels[found.astype(np.int64)]
    return gpd.GeoDataFrame(geometry=geometry, index=index, crs=source.crs)


def _region_cells(regions: gpd.GeoDataFrame, target: Grid) -> np.ndarray:
    """Give the position of the region of each cell, and name the regions that have none."""
    require_unique(regions.index, "regions")
    require_polygons(regions)
    places = pd.Series(np.arange(len(regions)), index=regions.index)
    try:
        order = places.sort_index().to_numpy()
    except TypeError:  # labels of several kinds have an order as text only
        order = places.sort_index(key=lambda labels: labels.astype(str)).to_numpy()
    found = burned(regions.geometry.iloc[order], order + 1.0, target, touched=False)
    cells = found.astype(np.int32) - 1
    held = np.zeros(len(regions), dtype=bool)
    held[np.unique(cells[cells >= 0])] = True
    if not held.all():
        lost = regions.index[~held]
        warnings.warn(
            f"{len(lost)} of {len(regions)} regions hold no centre of a cell ({some(lost)}): they "
            "are not on the raster; choose smaller cells",
            MissingDataWarning,
            stacklevel=3,
        )
    return cells


def _target(
    regions: gpd.GeoDataFrame,
    like: RasterLike | None,
    resolution: float | Sequence[float] | None,
) -> Grid:
    if resolution is not None and like is None:
        return grid(regions, resolution, crs=regions.crs)
    if like is None or resolution is not None:
        raise InputError("give the grid: like=, a raster, or resolution=, the size of its cells")
    target = opened(like, "like")
    require_same_crs(regions.crs, target.crs, "regions", "the grid")
    return target
