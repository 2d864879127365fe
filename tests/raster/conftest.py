"""Small rasters that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from spatialreg.raster import Raster


@pytest.fixture
def nine():
    """Give the values 1 to 9 in three rows of unit cells, from (0, 0) to (3, 3)."""
    return Raster(np.arange(1.0, 10.0).reshape(3, 3), (1, 0, 0, 0, -1, 3), 32650)


@pytest.fixture
def plain():
    """Give a function that makes cells of 1 km with the given friction, in UTM zone 50."""

    def make(values, wide=1000, high=1000, crs=32650, **words):
        values = np.asarray(values)
        place = (wide, 0, 500_000, 0, -high, 4_000_000)
        return Raster(values, place, crs, **words)

    return make
