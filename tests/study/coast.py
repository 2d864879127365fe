"""Four towns on a coast, and a study of them: its files as a user would have them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import box

HEAD = """\
[study]
name = "coast"
title = "A coast"
output = "out"

[regions]
source = "regions.gpkg"
code = "code"
name = "name"
"""
CODES = pd.Index(list("abcd"), name="code")
AT = gpd.points_from_xy([10.5, 11.5, 12.5, 13.5], [45.5] * 4)
PEOPLE = pd.Series([100.0, 200.0, 50.0, 150.0], index=CODES)


def write_coast(folder: Path) -> None:
    """Write the map, the seats and the people of the towns."""
    regions = gpd.GeoDataFrame(
        {"name": ["A", "B", "C", "D"], "side": ["west", "west", "east", "east"]},
        index=CODES, geometry=[box(10 + i, 45, 11 + i, 46) for i in range(4)], crs=4326,
    )  # fmt: skip
    regions.reset_index().to_file(folder / "regions.gpkg")
    seats = gpd.GeoDataFrame(index=CODES, geometry=AT, crs=4326)
    seats.reset_index().to_file(folder / "seats.gpkg")
    PEOPLE.rename("population").to_csv(folder / "people.csv")
