"""Rasters: sums by region beside exactextract, travel-time surfaces beside scikit-image.

    python benchmarks/raster.py                all jobs (about five minutes)
    python benchmarks/raster.py zonal          one of them: zonal, surface, tiles

What each job measures stands in raster.md.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from _compare import machine, medians, peak_memory, table, written
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from skimage.graph import MCP_Geometric

from spatialreg import io
from spatialreg.raster import Raster, travel_time_surface, zonal_stats

OURS = "spatialreg"
ROWS, COLUMNS = 4_000, 6_000
PLACE = {"transform": (1, 0, 500_000, 0, -1, 4_000_000), "crs": 32650}


def voronoi(count: int) -> gpd.GeoDataFrame:
    """Give regions that fill the grid, with a vertex every two cells along their borders."""
    whole = shapely.box(500_000, 4_000_000 - ROWS, 500_000 + COLUMNS, 4_000_000)
    points = np.random.default_rng(0).random((count, 2)) * [COLUMNS, ROWS]
    seeds = shapely.MultiPoint(points + np.array([500_000, 4_000_000 - ROWS]))
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(seeds)), whole)
    codes = [f"{i:04d}" for i in range(count)]
    return gpd.GeoDataFrame({"code": codes}, geometry=shapely.segmentize(cells, 2), crs=32650)


def zonal() -> str:
    """Sums of 24 million cells in 2,900 regions."""
    regions = voronoi(2_900)
    values = np.random.default_rng(1).random((ROWS, COLUMNS))
    raster = Raster(values, **PLACE)
    left, bottom, right, top = raster.bounds
    source = NumPyRasterSource(values, left, bottom, right, top, srs_wkt=regions.crs.to_wkt())

    def peer() -> np.ndarray:
        return exact_extract(source, regions, ["sum"], output="pandas")["sum"].to_numpy()

    def ours() -> np.ndarray:
        return zonal_stats(raster, regions, "sum")["sum"].to_numpy()

    assert np.array_equal(peer(), ours())
    times = medians({"exactextract": peer, OURS: ours}, 3)
    share = f"{times[OURS] / times['exactextract']:.2f} x"
    row = ("sums, 2,900 regions", written(times["exactextract"]), written(times[OURS]), share)
    return table(
        [(*row, "at most 1.2 x")], "job", "exactextract", "ours", "ours over it", "to reach"
    )


def landscape(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Give friction with roads, water and rough land, and 1,000 sources on the land."""
    rng = np.random.default_rng(2)
    values = (0.02 * rng.lognormal(0, 0.7, (rows, columns))).astype(np.float32)
    for line in range(0, rows, 97):
        values[line] = 0.001
    for line in range(0, columns, 131):
        values[:, line] = 0.001
    values[rows // 3 : rows // 3 + 8, columns // 10 : columns // 2] = np.inf
    cells = np.argwhere(np.isfinite(values[::7, ::7])) * 7
    return values, cells[rng.choice(len(cells), 1_000, replace=False)]


def surface() -> str:
    """Minutes to the nearest of 1,000 sources on 24 million cells."""
    values, sources = landscape(ROWS, COLUMNS)
    raster = Raster(values, **PLACE)
    travel_time_surface(raster, sources[:1], cutoff=0.1)  # compiled or loaded
    travel_time_surface(raster, sources[:1], cutoff=0.1, paths=True)

    def peer() -> np.ndarray:
        costs = np.where(np.isinf(values), -1, values)
        return MCP_Geometric(costs).find_costs([tuple(cell) for cell in sources])[0]

    expected, found = peer(), travel_time_surface(raster, sources).values
    reached = np.isfinite(expected)
    assert np.array_equal(reached, np.isfinite(found))
    at = expected > 0
    off = np.abs(found[reached & at] / expected[reached & at] - 1).max()
    del expected, found, reached, at
    rows = []
    peer_time, peer_memory = peak_memory(peer)
    rows.append(("MCP_Geometric", written(peer_time), f"{peer_memory:,.0f} MB", "", ""))
    for name, options in (("minutes", {}), ("with nearest source and way back", {"paths": True})):
        seconds, grown = peak_memory(lambda o=options: travel_time_surface(raster, sources, **o))
        rows.append(
            (
                f"ours, {name}",
                written(seconds),
                f"{grown:,.0f} MB",
                f"{peer_time / seconds:,.1f} x",
                f"{peer_memory / grown:,.1f} x",
            )
        )
    head = ("24 million cells, 1,000 sources", "time", "memory", "times as fast", "times as small")
    return f"{table(rows, *head)}\n\nLargest relative difference: {off:.1e} (to reach: 1e-4)."


def tiles() -> str:
    """The same from a file, by tiles of 1,024 cells."""
    values, sources = landscape(ROWS, COLUMNS)
    raster = Raster(values, **PLACE)
    with tempfile.TemporaryDirectory() as folder:
        path = io.write_raster(raster, Path(folder) / "friction.tif", compress="none")
        with io.open_raster(path) as dataset:
            travel_time_surface(dataset, sources[:1], cutoff=0.1, tile=1_024)
            times = {}
            whole, tiled = None, None

            def at_once() -> None:
                nonlocal whole
                whole = travel_time_surface(dataset, sources)

            def by_tiles() -> None:
                nonlocal tiled
                tiled = travel_time_surface(dataset, sources, tile=1_024)

            times["at once"], times["by tiles"] = peak_memory(at_once), peak_memory(by_tiles)
            assert whole is not None
            assert tiled is not None
            assert np.array_equal(whole.values, tiled.values)
    rows = [(name, written(t), f"{mb:,.0f} MB") for name, (t, mb) in times.items()]
    return table(rows, "from an open dataset", "time", "memory and pages of files")


JOBS = {"zonal": zonal, "surface": surface, "tiles": tiles}

if __name__ == "__main__":
    for name in sys.argv[1:] or JOBS:
        print(JOBS[name](), end="\n\n", flush=True)
    print(machine("numpy", "numba", "rasterio", "exactextract", "scikit-image"))
