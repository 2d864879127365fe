"""Surfaces beside scikit-image, sums beside exactextract as a user would call it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from shapely import Point

from spatialreg.raster import Raster, travel_time_surface, zonal_stats


@pytest.mark.parametrize("sampling", [(1, 1), (3, 1), (0.5, 2)])
def test_minutes_are_those_of_scikit_image(sampling):
    graph = pytest.importorskip("skimage.graph", reason="scikit-image is not installed")
    rng = np.random.default_rng(0)
    values = rng.lognormal(0, 1.5, (150, 211))
    values[rng.random(values.shape) < 0.2] = np.inf
    cells = np.argwhere(np.isfinite(values))
    sources = cells[rng.choice(len(cells), 9, replace=False)]
    high, wide = sampling
    found = travel_time_surface(Raster(values, (wide, 0, 5e5, 0, -high, 4e6), 32650), sources)
    peer = graph.MCP_Geometric(np.where(np.isinf(values), -1, values), sampling=sampling)
    costs, _ = peer.find_costs([tuple(cell) for cell in sources])
    # float32 keeps seven digits
    np.testing.assert_allclose(found.values, costs, rtol=2e-7)


def test_sums_are_those_of_exactextract():
    rng = np.random.default_rng(0)
    values = rng.random((60, 80))
    centres = rng.uniform((0, 0), (80, 60), (30, 2))
    circles = [Point(*centre).buffer(5) for centre in centres]
    regions = gpd.GeoDataFrame(geometry=circles, index=[f"r{i}" for i in range(30)], crs=32650)
    source = NumPyRasterSource(values, 0, 0, 80, 60, srs_wkt=regions.crs.to_wkt())
    operations = ["sum", "mean", "count", "median", "stdev"]
    peer = exact_extract(source, regions, operations, output="pandas")
    raster = Raster(values, (1, 0, 0, 0, -1, 60), 32650)
    found = zonal_stats(raster, regions, operations)
    np.testing.assert_array_equal(found.to_numpy(), peer[operations].to_numpy())
