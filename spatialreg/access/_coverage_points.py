"""Coverage by pairs of a region and a facility: inside, listed, crossed, near the seat.

Each definition gives the pairs that count, and from them follow the number of facilities and the
first date of each region.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from .._align import require_columns
from .._crs import crs_name
from .._nearby import pairs_within
from ..errors import CRSError, GeometryError, PrecisionError
from ._coverage_question import CoverageQuestion
from ._facilities import placed, require_points, stated_regions, too_coarse


def listed(question: CoverageQuestion, facilities: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Take the regions that the facilities name."""
    require_columns(facilities, ["county"], "facilities")
    pairs = _stated_pairs(question.regions, facilities)
    remark = "a lower bound: places between those listed are served too"
    return _by_region(question.regions.index, pairs), [remark]


def inside(question: CoverageQuestion, facilities: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Take the regions that hold a facility, as stated or by its point."""
    regions = question.regions
    if "county" in facilities.columns and facilities["county"].notna().all():
        pairs = _stated_pairs(regions, facilities)
        words = ["by the county that each is stated to stand in"]
        return _by_region(regions.index, pairs), words
    require_points(facilities, regions.crs)
    at, region = regions.sindex.query(facilities.geometry, predicate="intersects")
    pairs = pd.DataFrame(
        {"region": regions.index[region], "opened": facilities["opened"].to_numpy()[at]}
    )
    outside = len(facilities) - len(np.unique(at))
    remark = "by point in polygon"
    if "precision_m" in facilities.columns and len(facilities):
        remark += f", points placed to {facilities['precision_m'].max():g} m or better"
    words = [remark, *([f"{outside} stand in no region"] if outside else [])]
    return _by_region(regions.index, pairs), words


def crosses(question: CoverageQuestion, facilities: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Take the regions that a line meets; schematic lines cross nothing."""
    regions = question.regions
    if not isinstance(facilities, gpd.GeoDataFrame):
        raise GeometryError("facilities must be a GeoDataFrame of lines for definition 'crosses'")
    if facilities.crs != regions.crs:
        raise CRSError(
            f"facilities are in {crs_name(facilities.crs)} and regions in "
            f"{crs_name(regions.crs)}: bring both to one CRS with to_crs()"
        )
    if "nature" in facilities.columns and (facilities["nature"] == "schematic").any():
        count = int((facilities["nature"] == "schematic").sum())
        raise PrecisionError(
            f"{count} lines are schematic: they join places and do not follow the track, so what "
            "they cross means nothing; use definition 'listed', or a surveyed network"
        )
    at, region = regions.sindex.query(facilities.geometry, predicate="intersects")
    opened = facilities["opened"].to_numpy()[at]
    pairs = pd.DataFrame({"region": regions.index[region], "opened": opened})
    return _by_region(regions.index, pairs), []


def near_the_seat(
    question: CoverageQuestion, facilities: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """Take the regions whose seat lies near a facility, by geodesic distance."""
    points = question.points(facilities)
    coarse = too_coarse(facilities, question.limit)
    points = points[~coarse]
    seat, point, metres = pairs_within(question.seat_points, points, question.limit)
    pairs = pd.DataFrame(
        {
            "region": question.regions.index[seat],
            "opened": facilities["opened"].to_numpy()[~coarse][point],
            "distance_m": metres,
        }
    )
    return _by_region(question.regions.index, pairs), placed(facilities, coarse)


def _stated_pairs(regions: gpd.GeoDataFrame, facilities: pd.DataFrame) -> pd.DataFrame:
    region = stated_regions(regions, facilities, "facilities")
    return pd.DataFrame({"region": region, "opened": facilities["opened"]})


def _by_region(index: pd.Index, pairs: pd.DataFrame) -> pd.DataFrame:
    grouped = pairs.groupby("region", observed=True)
    count = grouped.size().reindex(index, fill_value=0)
    frame = pd.DataFrame({"covered": count > 0, "facilities": count}, index=index)
    frame["since"] = pd.to_datetime(grouped["opened"].min().reindex(index))
    if "distance_m" in pairs.columns:
        frame["distance_m"] = grouped["distance_m"].min().reindex(index)
    return frame
