"""Facilities as coverage takes them: open on a day, points of a precision, in a region.

Takes the user's frame, gives the rows that count, or raises and names those that cannot.
"""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd

from .._align import some
from .._crs import crs_name
from ..errors import (
    AlignmentError,
    CRSError,
    GeometryError,
    InputError,
    PrecisionError,
    PrecisionWarning,
)


def with_days(facilities: pd.DataFrame) -> pd.DataFrame:
    """Give facilities with datetime columns ``opened`` and ``closed`` (NaT where unknown)."""
    days = {}
    for column in ("opened", "closed"):
        if column in facilities.columns:
            days[column] = pd.to_datetime(facilities[column])
        else:
            days[column] = pd.Series(pd.NaT, facilities.index, dtype="datetime64[s]")
    return facilities.assign(**days)


def open_by(
    facilities: pd.DataFrame, day: pd.Timestamp | None, *, dated: bool = True
) -> pd.DataFrame:
    """Keep the facilities that had opened and not closed by the end of `day`.

    Parameters
    ----------
    facilities : DataFrame
        With datetime columns ``opened`` and ``closed``.
    day : Timestamp or None
        None keeps all.
    dated : bool
        Whether every facility must have an opening date.
    """
    if day is None:
        return facilities
    undated = facilities.index[facilities["opened"].isna()]
    if dated and len(undated):
        raise InputError(
            f"{len(undated)} facilities have no opening date ({some(undated)}): "
            "date them, leave them out, or ask without date="
        )
    stands = facilities["opened"].isna() | (facilities["opened"] <= day)
    return facilities[stands & ~(facilities["closed"] <= day)]


def require_points(
    facilities: pd.DataFrame, crs: object, what: str = "facilities", whose: str = "regions"
) -> gpd.GeoDataFrame:
    """Give `facilities`, or raise unless they are points in `crs`."""
    if not isinstance(facilities, gpd.GeoDataFrame):
        raise GeometryError(f"{what} must be a GeoDataFrame of points for this definition")
    if facilities.crs is None or facilities.crs != crs:
        raise CRSError(
            f"{what} are in {crs_name(facilities.crs)} and {whose} in {crs_name(crs)}: "
            "bring both to one CRS with to_crs()"
        )
    wrong = facilities.index[(facilities.geom_type != "Point") | facilities.geometry.is_empty]
    if len(wrong):
        raise GeometryError(f"{len(wrong)} {what} are no points, at {some(wrong)}")
    return facilities


def too_coarse(points: pd.DataFrame, metres: float) -> np.ndarray:
    """Say which points are placed less precisely than `metres`."""
    if "precision_m" not in points.columns:
        return np.zeros(len(points), dtype=bool)
    return (points["precision_m"] > metres).to_numpy()


def check_precision(points: pd.DataFrame, metres: float, threshold: str, stacklevel: int) -> None:
    """Raise where all points are placed less precisely than `metres`, warn where some are.

    Parameters
    ----------
    points : DataFrame
        Facilities; column ``precision_m`` where it is known [m].
    metres : float
    threshold : str
        In words.
    stacklevel : int
        As :func:`warnings.warn` counts it, from here.
    """
    coarse = too_coarse(points, metres)
    refused = int(coarse.sum())
    if refused and refused == len(points):
        raise PrecisionError(
            f"all {refused} facilities are placed less precisely than the threshold of "
            f"{threshold}: ask for a wider one, or use definition 'inside'"
        )
    if refused:
        warnings.warn(
            f"{refused} of {len(points)} facilities are placed less precisely than "
            f"{threshold} and are left out ({some(points.index[coarse])})",
            PrecisionWarning,
            stacklevel=stacklevel,
        )


def placed(points: pd.DataFrame, coarse: np.ndarray) -> list[str]:
    """Say how precisely the points that count are placed, and how many were left out."""
    words = []
    kept = points[~coarse]
    if "precision_m" in points.columns and len(kept):
        words.append(f"points placed to {kept['precision_m'].max():g} m or better")
    if coarse.any():
        words.append(f"{int(coarse.sum())} facilities too coarsely placed left out")
    return words


def stated_regions(regions: gpd.GeoDataFrame, places: pd.DataFrame, what: str) -> pd.Series:
    """Give for each place the region that it is stated to stand in (column ``county``).

    A county's code also places it in its prefecture and province, whose adcodes share its
    first four and two digits.
    """
    stated = places["county"].astype(str)
    region = stated.where(stated.isin(regions.index))
    for digits in (4, 2):
        upper = stated.str[:digits].str.ljust(6, "0")
        region = region.fillna(upper.where(upper.isin(regions.index) & (stated.str.len() == 6)))
    lost = places.index[region.isna()]
    if len(lost):
        raise AlignmentError(
            f"{len(lost)} {what} are stated to stand in regions that are not on the map "
            f"({some(stated[region.isna()])}): use regions of the same vintage that hold them, or "
            f"leave these {what} out"
        )
    return region


def region_of(regions: gpd.GeoDataFrame, places: gpd.GeoDataFrame, what: str) -> np.ndarray:
    """Give for each place the position of the one region it counts for, -1 for none.

    It is the stated region (column ``county``), else the one that holds the point; on a border, of
    the regions that meet there, the first by label.
    """
    if "county" in places.columns and places["county"].notna().all():
        stated = stated_regions(regions, places, what)
        return np.asarray(regions.index.get_indexer(pd.Index(stated)))
    at, region = regions.sindex.query(places.geometry, predicate="intersects")
    rank = np.argsort(np.argsort(regions.index.astype(str)))
    order = np.lexsort((rank[region], at))
    at, region = at[order], region[order]
    position = np.full(len(places), -1)
    first = np.r_[True, at[1:] != at[:-1]] if len(at) else np.empty(0, dtype=bool)
    position[at[first]] = region[first]
    return position
