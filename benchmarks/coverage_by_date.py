"""Coverage of many regions on many dates, network density, isochrones.

    python benchmarks/coverage_by_date.py             all jobs (about three minutes)
    python benchmarks/coverage_by_date.py series      one of them

What each job measures stands in coverage_by_date.md.
"""

from __future__ import annotations

import sys
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from _compare import HEADER, machine, medians, peak_memory, ratios, table, written

import spatialreg as sr

OURS = "spatialreg"
WEST, SOUTH, SIZE = 100.0, 24.0, 16.0  # of a square country, in degrees
CORNER = np.array([WEST, SOUTH])
YEARS = list(range(2008, 2022))


@cache
def regions() -> gpd.GeoDataFrame:
    """Give 2,875 regions whose borders have some hundred vertices each."""
    rng = np.random.default_rng(0)
    points = shapely.points(rng.uniform(0, SIZE, (2_875, 2)) + CORNER)
    frame = shapely.box(WEST, SOUTH, WEST + SIZE, SOUTH + SIZE)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame)
    )
    cells = shapely.segmentize(shapely.intersection(cells, frame), 0.01)
    codes = [f"r{i:04d}" for i in range(len(cells))]
    return gpd.GeoDataFrame(geometry=cells, index=codes, crs=4326)


@cache
def seats() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=regions().representative_point(), crs=4326)


@cache
def stations() -> gpd.GeoDataFrame:
    """Give 1,000 stations that opened over the years, at seats."""
    rng = np.random.default_rng(1)
    chosen = seats().sample(1_000, random_state=1)
    opened = pd.to_datetime([f"{year}-06-01" for year in rng.choice(YEARS, 1_000)])
    return gpd.GeoDataFrame({"opened": opened}, geometry=chosen.geometry.to_numpy(), crs=4326)


@cache
def network() -> sr.Network:
    """Give 20,000 nodes joined to their neighbours; a third of the edges opened over the years."""
    rng = np.random.default_rng(2)
    xy = rng.uniform(0, SIZE, (20_000, 2)) + CORNER
    names = [f"n{i}" for i in range(len(xy))]
    triangles = shapely.delaunay_triangles(shapely.multipoints(shapely.points(xy)), only_edges=True)
    ends = shapely.get_coordinates(shapely.get_parts(triangles)).reshape(-1, 2, 2)
    at = pd.Series(np.arange(len(xy)), index=pd.MultiIndex.from_arrays(xy.T))
    start, end = (at.loc[pd.MultiIndex.from_arrays(ends[:, i].T)].to_numpy() for i in (0, 1))
    new = rng.random(len(ends)) < 1 / 3
    days = np.array([f"{year}-03-01" for year in rng.choice(YEARS, len(ends))], dtype=object)
    edges = pd.DataFrame(
        {
            "start": np.array(names)[start],
            "end": np.array(names)[end],
            "speed_kmh": np.where(new, 100.0, 50.0),
            "opened": np.where(new, days, None),
        }
    )
    nodes = gpd.GeoDataFrame(geometry=shapely.points(xy), index=names, crs=4326)
    return sr.Network.from_frames(nodes, edges)


@cache
def settlements() -> gpd.GeoDataFrame:
    rng = np.random.default_rng(3)
    xy = rng.uniform(0, SIZE, (30_000, 2)) + CORNER
    people = rng.lognormal(8, 1, len(xy))
    return gpd.GeoDataFrame({"people": people}, geometry=shapely.points(xy), crs=4326)


DEFINITIONS = {
    "inside": {},
    "seat_distance": {"seats": seats, "threshold": 30_000.0},
    "seat_time": {"seats": seats, "threshold": 60.0, "network": network},
    "population_distance": {"settlements": settlements, "threshold": 30_000.0},
    "population_time": {"settlements": settlements, "threshold": 60.0, "network": network},
    "area_distance": {"threshold": 30_000.0},
    "area_time": {"threshold": 60.0, "network": network},
}


def followed(definition: str) -> object:
    options = {k: v() if callable(v) else v for k, v in DEFINITIONS[definition].items()}
    return sr.access.coverage_series(
        regions(), stations(), dates=YEARS, definition=definition, **options
    )


def series() -> str:
    """2,875 regions on 14 dates, by each definition."""
    for make in (regions, seats, stations, network, settlements):
        make()
    followed("seat_time")
    rows, total = [], 0.0
    for definition in DEFINITIONS:
        seconds, grown = peak_memory(lambda d=definition: followed(d))
        rows.append((definition, written(seconds), f"{grown:,.0f} MB", ""))
        total += seconds if definition in list(DEFINITIONS)[:3] else 0.0
    rows.insert(3, ("the first three together", written(total), "", "under 10 s"))
    return table(rows, "14 dates", "time", "memory above the input", "to reach")


def search() -> str:
    """The time from each seat to the nearest station, beside a matrix and its least."""
    one = network().at(2021)
    every = stations()

    def matrix() -> pd.Series:
        return sr.travel_times(seats(), every, one).min(axis=1)

    def ours() -> pd.Series:
        return sr.coverage(
            regions(), every, definition="seat_time", seats=seats(), threshold=60.0, network=one
        ).frame["minutes"]

    assert np.allclose(matrix(), ours())
    times = medians({"travel_times, the least of each row": matrix, OURS: ours}, 1)
    return table(ratios("2,875 seats, 1,000 stations", times, OURS, {}), *HEADER)


@cache
def roads() -> gpd.GeoDataFrame:
    """Give 100,000 lines of ten segments, about 10 km each."""
    rng = np.random.default_rng(4)
    start = rng.uniform(0, SIZE, (100_000, 1, 2)) + CORNER
    steps = rng.normal(0, 0.007, (100_000, 10, 2))
    return gpd.GeoDataFrame(geometry=shapely.linestrings(start + steps.cumsum(axis=1)), crs=4326)


def density() -> str:
    """100,000 lines in 2,875 regions, beside an overlay of a tenth of them."""
    few = roads().iloc[:10_000]
    parts = regions()[["geometry"]].reset_index()

    def overlay() -> float:
        cut = gpd.overlay(few, parts, how="intersection", keep_geom_type=True)
        lengths = cut.to_crs(6933).length.groupby(cut["index"]).sum()
        return float(lengths.sum())

    times = medians(
        {"geopandas.overlay": overlay, OURS: lambda: sr.access.network_density(few, regions())}, 3
    )
    seconds, grown = peak_memory(lambda: sr.access.network_density(roads(), regions()))
    whole = [("100,000 lines", written(seconds), f"{grown:,.0f} MB")]
    return "\n\n".join(
        [
            table(ratios("10,000 lines, 2,875 regions", times, OURS, {}), *HEADER),
            table(whole, "job", "time", "memory above the input"),
        ]
    )


def areas() -> str:
    """Isochrones of 100 stations, merged, on 60,000 edges; one station at a time."""
    rows = []
    points = stations().iloc[:100]
    network()  # made before, not counted
    for breaks in ([30], [30, 60], [30, 60, 120]):
        seconds, grown = peak_memory(
            lambda b=breaks: sr.access.isochrones(points, network(), breaks=b)
        )
        rows.append((f"merged, {breaks}", written(seconds), f"{grown:,.0f} MB"))
    seconds, grown = peak_memory(
        lambda: sr.access.isochrones(points, network(), breaks=[60], merged=False)
    )
    rows.append(("each of 100, [60]", written(seconds), f"{grown:,.0f} MB"))
    seconds, grown = peak_memory(lambda: sr.access.service_lines(points, network(), breaks=[60]))
    rows.append(("service lines, [60]", written(seconds), f"{grown:,.0f} MB"))
    return table(rows, "breaks [min]", "time", "memory above the input")


JOBS = {"series": series, "search": search, "density": density, "areas": areas}

if __name__ == "__main__":
    for name in sys.argv[1:] or JOBS:
        print(JOBS[name](), end="\n\n", flush=True)
    print(machine("geopandas", "shapely", "scipy", "pandas"))
