"""Surfaces of minutes: what is drawn is what the cells hold."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from spatialreg import plot
from spatialreg._crs import equal_area_crs
from spatialreg.errors import InputError
from spatialreg.raster import Raster


@pytest.fixture
def regions():
    return gpd.GeoDataFrame(geometry=[box(10, 45, 11, 46), box(11, 45, 12, 46)], crs=4326)


def test_cells_have_the_colour_of_their_class(regions):
    crs = equal_area_crs(regions)
    values = np.array([[10.0, 30.0, 31.0], [90.0, np.inf, np.nan]])
    west, _, _, north = regions.to_crs(crs).total_bounds
    surface = Raster(values, (50_000, 0, west, 0, -50_000, north), crs)
    ax = plot.minutes_surface(surface, regions=regions, breaks=[30, 60], title="T", legend="min")
    image = np.asarray(ax.images[0].get_array())
    legend = {t.get_text(): p for t, p in zip(
        ax.get_legend().get_texts(), ax.get_legend().get_patches(), strict=True)}  # fmt: skip
    assert list(legend) == ["to 30", "to 60", "over 60"]
    for name, cells in {"to 30": [(0, 0), (0, 1)], "to 60": [(0, 2)], "over 60": [(1, 0)]}.items():
        for cell in cells:
            np.testing.assert_allclose(image[cell], legend[name].get_facecolor())
    assert image[1, 1, 3] == image[1, 2, 3] == 0.0  # clear
    assert ax.get_title(loc="left") == "T"


def test_another_projection_is_warped(regions):
    surface = Raster(np.full((10, 20), 5.0), (0.1, 0, 10, 0, -0.1, 46), 4326)
    ax = plot.minutes_surface(surface, regions=regions)
    west, east, south, north = ax.images[0].get_extent()
    left, bottom, right, top = regions.to_crs(equal_area_crs(regions)).total_bounds
    assert (west, south) <= (left + 1, bottom + 1)
    assert east >= right - 1
    assert north >= top - 1


def test_breaks_must_rise(regions):
    surface = Raster(np.ones((2, 2)), (1, 0, 10, 0, -1, 47), 4326)
    with pytest.raises(InputError, match="rising minutes"):
        plot.minutes_surface(surface, regions=regions, breaks=[60, 30])
