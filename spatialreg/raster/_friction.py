"""Friction: how many minutes a metre takes in each cell, from roads, land cover, slope and water.

The approach is that of the global map of Weiss and others (2018): in a cell the fastest mode
counts, a road where there is one, else walking at the speed of the land cover, slowed by the slope.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
from rasterio.features import rasterize

from .._align import numeric_series, some
from .._raster import Raster
from ..errors import GeometryError, InputError
from ._inputs import Grid, RasterLike, opened, require_polygons, require_same_crs
from ._resample import resampled
from ._sizes import move_lengths
from ._speeds import MINUTES_PER_METRE, OFF_ROAD_SPEED, ROAD_SPEEDS, uphill

_LINES = ("LineString", "MultiLineString")
_AREAS = ("Polygon", "MultiPolygon")


def friction(
    like: RasterLike,
    *,
    roads: gpd.GeoDataFrame | None = None,
    road_speeds: Mapping[str, float] | None = None,
    land_cover: RasterLike | None = None,
    land_speeds: Mapping[int, float] | None = None,
    off_road: float | None = None,
    elevation: RasterLike | None = None,
    slow_roads: bool = False,
    barriers: gpd.GeoDataFrame | None = None,
    bridges: bool = True,
    within: gpd.GeoDataFrame | None = None,
) -> Raster:
    """Give the minutes per metre of each cell, for :func:`travel_time_surface`.

    Parameters
    ----------
    like : Raster, open rasterio dataset or band
        The grid; :func:`grid` makes one.
    roads : GeoDataFrame of lines, optional
        With a column ``speed_kmh`` [km/h], or ``class`` whose speeds stand in `road_speeds`. A cell
        that a road touches has its speed; of several the fastest.
    road_speeds : mapping of str to float, optional
        Speeds by class [km/h], before those of ``raster.ROAD_SPEEDS``: assumptions for free flow,
        under the class names of OpenStreetMap. For roads without ``speed_kmh``.
    land_cover : Raster, open rasterio dataset or band, optional
        Classes as whole numbers. On another grid, the most frequent class of a cell counts.
    land_speeds : mapping of int to float, optional
        Speed off the road by class of `land_cover` [km/h]; 0 where no one can pass. There is no
        default, for it depends on the legend and the country.
    off_road : float, optional
        Speed off the road where there is no `land_cover` [km/h]; 3 by default, what Tobler has for
        level ground off the path.
    elevation : Raster, open rasterio dataset or band, optional
        Heights [m]. Speed off the road falls by exp(-3.5 S) with the steepest slope S, Tobler's
        hiking function going up. On another grid heights are averaged, or interpolated; beside
        cells without a height the slope is that towards the others.
    slow_roads : bool
        Slow travel on roads by the slope too.
    barriers : GeoDataFrame of polygons or lines, optional
        Water and the like: no one passes through a cell that they touch, so that a narrow river has
        no gap.
    bridges : bool
        Roads cross barriers; else barriers cut them.
    within : GeoDataFrame of polygons, optional
        Land: no one passes through a cell that none of them touches, by road or otherwise. Cells on
        a coast count as land, so that no port falls into the sea.

    Returns
    -------
    Raster
        Minutes per metre [min/m], that is 0.06 over the speed in km/h; infinite where no one can
        pass, NaN where neither a road, nor land cover and slope, is known.

    Raises
    ------
    InputError
        A class has no speed, a speed is negative, or an argument is not used.
    CRSError
        Roads or barriers are in another CRS than `like`, or lengths there are not true.
    GeometryError
        Roads are no lines, or barriers points.

    References
    ----------
    Weiss, D. and others (2018), "A global map of travel time to cities to assess inequalities in
    accessibility in 2015", *Nature* 553. Tobler, W. (1993), *Three presentations on geographical
    analysis and modeling*, NCGIA Technical Report 93-1.

    Examples
    --------
    A road at 60 km/h in the middle row, a river in the last column, and a bridge:

    >>> import geopandas as gpd, numpy as np
    >>> from shapely import LineString
    >>> from spatialreg import raster
    >>> like = raster.Raster(np.zeros((3, 3)), (1000, 0, 5e5, 0, -1000, 4e6), 32650)
    >>> road = gpd.GeoDataFrame({"class": ["primary"]}, crs=32650,
    ...     geometry=[LineString([(500000, 3998500), (503000, 3998500)])])
    >>> river = gpd.GeoDataFrame(crs=32650,
    ...     geometry=[LineString([(502500, 4000000), (502500, 3997000)])])
    >>> raster.friction(like, roads=road, barriers=river, off_road=6).values
    array([[0.01 , 0.01 ,   inf],
           [0.001, 0.001, 0.001],
           [0.01 , 0.01 ,   inf]], dtype=float32)
    """
    target = opened(like, "like")
    unused = {
        "road_speeds": road_speeds is not None and roads is None,
        "slow_roads": slow_roads and (roads is None or elevation is None),
        "land_speeds": land_speeds is not None and land_cover is None,
        "off_road": off_road is not None and land_cover is not None,
        "bridges": not bridges and (roads is None or barriers is None),
    }
    for name, wrong in unused.items():
        if wrong:
            raise InputError(f"{name}= is not used with these arguments: leave it out")
    if land_cover is None:
        speed = OFF_ROAD_SPEED if off_road is None else _speed(off_road, "off_road")
        pace = np.full(target.shape, _pace(speed))
    else:
        pace = _land_pace(resampled(land_cover, target, "mode"), land_speeds)
    slowing = None if elevation is None else 1 / uphill(_slope(elevation, target))
    if slowing is not None:
        pace *= slowing
    blocked = None if barriers is None else _barrier_cells(barriers, target)
    if blocked is not None:
        pace[blocked] = np.inf
    if roads is not None:
        on_road = _road_pace(roads, road_speeds or {}, target)
        if slow_roads:
            on_road *= slowing
        if blocked is not None and not bridges:
            on_road[blocked] = np.inf
        # no road is infinite here: walking counts, and where that is not known the road
        pace = np.where(np.isfinite(on_road), np.fmin(pace, on_road), pace)
    if within is not None:
        require_same_crs(within.crs, target.crs, "within", "the grid")
        require_polygons(within, "within")
        land = burned(within.geometry, np.ones(len(within)), target, touched=True) > 0
        pace = np.where(land, pace, np.inf)
    return Raster(
        pace.astype(np.float32),
        target.transform,
        target.crs,
        name="friction",
        unit="min/m",
        description="Minutes that a metre takes, by the fastest mode in the cell",
    )


def _pace(speed: float) -> float:
    return MINUTES_PER_METRE / speed if speed > 0 else np.inf


def _speed(value: float, what: str) -> float:
    if not (value >= 0 and np.isfinite(value)):
        raise InputError(f"{what} must be a speed in km/h from 0 on, not {value!r}")
    return float(value)


def _land_pace(cover: Raster, speeds: Mapping[int, float] | None) -> np.ndarray:
    """Give the minutes per metre of each class, NaN where there is none."""
    if speeds is None:
        raise InputError("land_cover needs land_speeds=, the speed in km/h of each class")
    missing = cover.missing()
    classes, place = np.unique(cover.values, return_inverse=True)
    present = np.unique(classes[place.ravel()[~missing.ravel()]])
    unknown = [c.item() for c in present if c.item() not in speeds]
    if unknown:
        raise InputError(
            f"land_speeds has no speed for the classes {some(unknown)}: give one, 0 where no one "
            "can pass"
        )
    paces = np.full(len(classes), np.nan)
    for i, value in enumerate(classes.tolist()):
        if value in speeds:
            paces[i] = _pace(_speed(speeds[value], f"the speed of class {value}"))
    return np.where(missing, np.nan, paces[place].reshape(cover.shape))


def _slope(elevation: RasterLike, target: Grid) -> np.ndarray:
    """Give the steepest slope of each cell, rise over run, from central differences."""
    heights = resampled(elevation, target, "continuous")
    values = heights.floats().astype(np.float64)
    across, down, _ = move_lengths(heights)
    return np.hypot(_rise(values, axis=1) / across[:, None], _rise(values, axis=0) / down[:, None])


def _rise(heights: np.ndarray, *, axis: int) -> np.ndarray:
    """Give the mean rise to and from the neighbours on an axis whose height is known.

    So a coast has the slope of its land side, and no cell loses its height to a neighbour that has
    none; a cell without neighbours is level.
    """
    steps = np.diff(heights, axis=axis)
    edge = np.full_like(np.take(heights, [0], axis=axis), np.nan)
    both = np.stack(
        [np.concatenate([edge, steps], axis=axis), np.concatenate([steps, edge], axis=axis)]
    )
    known = np.isfinite(both)
    rise = np.where(known, both, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(np.isfinite(heights), rise, np.nan)


def _barrier_cells(barriers: gpd.GeoDataFrame, target: Grid) -> np.ndarray:
    require_same_crs(barriers.crs, target.crs, "barriers", "the grid")
    wrong = barriers.index[~barriers.geom_type.isin(_LINES + _AREAS)]
    if len(wrong):
        raise GeometryError(
            f"{len(wrong)} barriers are neither lines nor polygons, at {some(wrong)}: buffer them"
        )
    return burned(barriers.geometry, np.ones(len(barriers)), target, touched=True) > 0


def _road_pace(
    roads: gpd.GeoDataFrame, own_speeds: Mapping[str, float], target: Grid
) -> np.ndarray:
    """Give the minutes per metre on the fastest road of each cell, infinite where there is none."""
    require_same_crs(roads.crs, target.crs, "roads", "the grid")
    wrong = roads.index[~roads.geom_type.isin(_LINES)]
    if len(wrong):
        raise GeometryError(f"{len(wrong)} roads are no lines, at {some(wrong)}")
    if "speed_kmh" in roads.columns:
        if own_speeds:
            raise InputError(
                "road_speeds= is not used where roads have speed_kmh: drop one of the two"
            )
        speeds = numeric_series(roads["speed_kmh"], "speed_kmh")
        without = "no speed in column 'speed_kmh'"
    elif "class" in roads.columns:
        table = {**ROAD_SPEEDS, **own_speeds}
        speeds = roads["class"].map(table).astype(float)
        classes = sorted(set(roads.loc[speeds.isna(), "class"].astype(str)))
        without = f"a class without speed ({some(classes)}): name it in road_speeds="
    else:
        raise InputError("roads need a column 'speed_kmh' [km/h] or 'class'")
    bad = roads.index[speeds.isna()]
    if len(bad):
        raise InputError(f"{len(bad)} roads have {without}; they are {some(bad)}")
    low = roads.index[~(speeds > 0)]
    if len(low):
        raise InputError(f"{len(low)} roads have a speed that is not positive, at {some(low)}")
    order = np.argsort(speeds.to_numpy(), kind="stable")  # what is burned last stays
    fastest = burned(roads.geometry.iloc[order], speeds.to_numpy()[order], target, touched=True)
    with np.errstate(divide="ignore"):
        return MINUTES_PER_METRE / fastest


def burned(
    geometry: gpd.GeoSeries, values: np.ndarray, target: Grid, *, touched: bool
) -> np.ndarray:
    """Give the value of the last shape that a cell's centre lies in, or that touches it; else 0."""
    if not len(geometry):
        return np.zeros(target.shape)
    return rasterize(
        zip(geometry, values, strict=True),
        out_shape=target.shape,
        transform=target.transform,
        fill=0,
        all_touched=touched,
        dtype="float64",
    )
