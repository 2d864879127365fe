"""A point for each region, from which its travel times are measured."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd

from .._align import numeric_series, require_one_of, require_unique, some
from .._crs import equal_area_crs
from ..errors import AlignmentError, CRSError, InputError, MissingDataWarning
from ._connect import point_series

METHODS = ("representative", "centroid", "population")


def region_points(
    regions: gpd.GeoDataFrame,
    *,
    method: str = "representative",
    settlements: gpd.GeoDataFrame | None = None,
    population: str | None = None,
) -> gpd.GeoSeries:
    """Give a point for each region.

    Parameters
    ----------
    regions : GeoDataFrame
        Polygons, indexed by code.
    method : {"representative", "centroid", "population"}
        A point surely inside the region; its centre of area, which may lie outside; or the centre
        of its people, moved to the nearest settlement of the region where it lies outside.
    settlements : GeoDataFrame
        Points with people, in any CRS; for ``"population"`` only.
    population : str
        The column of `settlements` that holds people; for ``"population"`` only.

    Returns
    -------
    GeoSeries
        Points (EPSG:4326) on the regions' index. A region without people in any settlement gets its
        representative point.

    Raises
    ------
    InputError
        An argument is missing, or given to a method that does not use it.
    AlignmentError
        A region's code stands twice.
    CRSError
        The regions have no CRS.

    Warns
    -----
    MissingDataWarning
        Regions hold no settlement with people.

    Examples
    --------
    >>> import geopandas as gpd, spatialreg as sr
    >>> from shapely import Point, box
    >>> regions = gpd.GeoDataFrame(geometry=[box(0, 0, 2, 2)], index=["a"], crs=4326)
    >>> towns = gpd.GeoDataFrame(
    ...     {"people": [300, 100]}, geometry=[Point(1, 1), Point(1, 2)], crs=4326)
    >>> at = sr.transport.region_points(
    ...     regions, method="population", settlements=towns, population="people")
    >>> round(at["a"].y, 2)
    1.25
    """
    require_one_of(method, METHODS, "method")
    require_unique(regions.index, "regions")
    if regions.crs is None:
        raise CRSError("regions have no CRS: declare it with set_crs()")
    given = settlements is not None, population is not None
    if method != "population":
        if any(given):
            raise InputError(f"method {method!r} does not use settlements= or population=")
        flat = regions.geometry.to_crs(equal_area_crs(regions))
        found = flat.centroid if method == "centroid" else flat.representative_point()
        return gpd.GeoSeries(found).to_crs(4326).rename("geometry")
    if settlements is None or population is None:
        raise InputError(
            "method 'population' needs settlements= (points) and population= (their column)"
        )
    return _centres_of_people(regions, settlements, population)


def _centres_of_people(
    regions: gpd.GeoDataFrame, settlements: gpd.GeoDataFrame, population: str
) -> gpd.GeoSeries:
    if population not in settlements.columns:
        raise InputError(
            f"settlements have no column {population!r}; their columns are "
            f"{some(map(repr, settlements.columns), 12)}"
        )
    people = numeric_series(settlements[population].reset_index(drop=True), population)
    if (people < 0).any():
        raise InputError(f"column {population!r} of settlements holds negative numbers")
    metric = equal_area_crs(regions)
    shapes = regions.geometry.to_crs(metric)
    points = point_series(settlements, "settlements").to_crs(metric).reset_index(drop=True)
    points = points[people > 0]
    at, region = shapes.sindex.query(points, predicate="intersects")
    inside = pd.DataFrame(
        {
            "region": region,
            "x": points.x.to_numpy()[at],
            "y": points.y.to_numpy()[at],
            "people": people[points.index].to_numpy()[at],
        }
    )
    total = inside.groupby("region")["people"].sum()
    centre = pd.DataFrame(
        {
            axis: (inside[axis] * inside["people"]).groupby(inside["region"]).sum() / total
            for axis in "xy"
        }
    )
    found = shapes.representative_point()
    empty = regions.index[~np.isin(np.arange(len(regions)), total.index)]
    if len(empty) == len(regions):
        raise AlignmentError("no settlement with people lies in any region: are both of one place?")
    if len(empty):
        warnings.warn(
            f"{len(empty)} regions hold no settlement with people ({some(empty)}): their points "
            "are representative ones",
            MissingDataWarning,
            stacklevel=3,
        )
    placed = gpd.GeoSeries(gpd.points_from_xy(centre["x"], centre["y"]), centre.index, crs=metric)
    outside = placed.index[~placed.intersects(shapes.iloc[placed.index].set_axis(placed.index))]
    for row in outside:  # a bent region: the nearest of its settlements
        own = inside[inside["region"] == row]
        away = np.hypot(own["x"] - placed[row].x, own["y"] - placed[row].y)
        nearest = own.loc[away.idxmin()]
        placed[row] = gpd.points_from_xy([nearest["x"]], [nearest["y"]])[0]
    found.iloc[placed.index] = placed.to_numpy()
    return gpd.GeoSeries(found, crs=metric).to_crs(4326).rename("geometry")
