"""The projection in which lengths, areas and maps are made: equal-area, chosen from the data.

And how messages name a coordinate reference system.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
from pyproj import CRS

from .errors import CRSError

# the projection of the Chinese national atlases: Albers with parallels 25 and 47, meridian 105
CHINA_ALBERS = CRS.from_proj4(
    "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m +no_defs +type=crs"
)
_CHINA_BOUNDS = (70.0, 0.0, 140.0, 56.0)


def equal_area_crs(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> CRS:
    """Give the Albers equal-area projection that suits the extent of `frame`.

    China gets the projection of its national atlases (parallels 25 and 47, meridian 105); any
    other extent gets parallels at one sixth and five sixths of its height, and one astride the
    equator, as the whole world, a cylindrical equal-area projection.

    Raises
    ------
    CRSError
        `frame` has no CRS.
    """
    if frame.crs is None:
        raise CRSError("the data have no CRS: declare it with set_crs() before measuring")
    west, south, east, north = frame.to_crs(4326).total_bounds
    left, bottom, right, top = _CHINA_BOUNDS
    wide_as_china = east - west > 20 and north - south > 20
    if wide_as_china and west > left and south > bottom and east < right and north < top:
        return CHINA_ALBERS
    if east - west > 180 or north - south > 120:
        return CRS.from_epsg(6933)
    sixth = (north - south) / 6
    if abs(south + north) < 0.01:  # a cone whose parallels mirror each other is a cylinder
        return CRS.from_proj4(
            f"+proj=cea +lat_ts={north - sixth:.4f} +lon_0={(west + east) / 2:.4f} "
            "+datum=WGS84 +units=m +no_defs +type=crs"
        )
    return CRS.from_proj4(
        f"+proj=aea +lat_1={south + sixth:.4f} +lat_2={north - sixth:.4f} "
        f"+lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f} "
        "+datum=WGS84 +units=m +no_defs +type=crs"
    )


def crs_name(crs: Any) -> str:
    """Write a CRS shortly: its authority's code, or its name; "no CRS" for None."""
    if crs is None:
        return "no CRS"
    crs = CRS.from_user_input(crs)
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)
