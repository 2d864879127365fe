"""The small study as fixtures."""

from __future__ import annotations

import geopandas as gpd
import pytest

from spatialreg.layers import Layer

from .small_study import small_layers, small_regions


@pytest.fixture
def regions() -> gpd.GeoDataFrame:
    return small_regions()


@pytest.fixture
def layers(regions: gpd.GeoDataFrame) -> list[Layer]:
    return small_layers(regions)
