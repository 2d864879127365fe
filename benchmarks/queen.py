"""Queen and rook neighbours: ours beside libpysal's two builders, on the same polygons in one run.

    python benchmarks/queen.py [--n 250000] [--repeats 5]

Prints a table of medians and ratios, after it has checked that the links are the same. Layers:
Voronoi cells of random points, whose neighbours share their vertices exactly, without those at the
rim; and the counties of China as the package gives them and with every vertex of their source.
Times are those of the processor, which other work on the machine disturbs less: all run in one
thread.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.weights._contiguity import _segments, _sharing, _vertices, contiguity
from spatialreg.weights._matrices import pair_matrix

warnings.simplefilter("ignore")


def voronoi(n: int) -> gpd.GeoSeries:
    points = np.random.default_rng(1).random((n, 2)) * 1e6
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    inside = shapely.contains_properly(shapely.box(0, 0, 1e6, 1e6), cells)
    return gpd.GeoSeries(cells[inside], crs=32650)


def sparse_core(shapes: gpd.GeoSeries, method: str) -> Any:
    """What the vertices (segments) in common say, as a sparse matrix: exact on a clean coverage."""
    geometry = shapes.to_numpy()
    held = _vertices(geometry) if method == "queen" else _segments(geometry)
    return pair_matrix(*_sharing(*held, len(geometry)), len(shapes))


def core(shapes: gpd.GeoSeries, method: str) -> Any:
    """The same with the rest tested by geometry and near misses counted: exact on any layer."""
    found = contiguity(shapes, method, None)
    return pair_matrix(found.pairs.one, found.pairs.other, len(shapes))


def links(graph: Graph) -> np.ndarray:
    """Links as sorted numbers, to compare."""
    codes = [
        graph.unique_ids.get_indexer(graph.adjacency.index.get_level_values(i)) for i in (0, 1)
    ]
    real = graph.adjacency.to_numpy() != 0
    return np.sort((codes[0] * graph.n + codes[1])[real])


def alternate(jobs: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """Run all jobs in turn, again and again, and give the median processor seconds of each."""
    took: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            start = time.process_time()
            job()
            took[name].append(time.process_time() - start)
    return {name: float(np.median(times)) for name, times in took.items()}


def compare(name: str, shapes: gpd.GeoSeries, method: str, repeats: int) -> None:
    rook = method == "rook"
    jobs: dict[str, Callable[[], Any]] = {
        "sparse": lambda: sparse_core(shapes, method),
        "core": lambda: core(shapes, method),
        "graph": lambda: sr.build_weights(shapes, method),
        "shared": lambda: Graph.build_contiguity(shapes, rook=rook).transform("r"),
        "strict": lambda: Graph.build_contiguity(shapes, rook=rook, strict=True).transform("r"),
    }
    ours, strict = links(jobs["graph"]()), links(jobs["strict"]())
    same = "yes" if np.array_equal(ours, strict) else "NO"
    s = alternate(jobs, repeats)
    times = " | ".join(f"{s[job]:.2f}" for job in jobs)
    ratios = " | ".join(
        f"{s[theirs] / s[job]:.1f}" for theirs in ("shared", "strict") for job in list(jobs)[:3]
    )
    print(
        f"| {name} | {method} | {len(shapes):,} | {len(ours):,} | {same} | {times} | {ratios} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=250_000)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    ours = ("sparse core", "exact core", "Graph")
    heads = ["layer", "method", "regions", "links", "same as strict"]
    heads += [f"{job} [s]" for job in (*ours, "libpysal shared", "libpysal strict")]
    heads += [f"shared / {job}" for job in ours] + [f"strict / {job}" for job in ours]
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads), flush=True)
    layers = {
        "Voronoi": voronoi(given.n),
        "counties of China": sr.datasets.china("county").geometry,
        "counties, every vertex": sr.datasets.china("county", tolerance=0).geometry,
    }
    for name, shapes in layers.items():
        for method in ("queen", "rook"):
            compare(name, shapes, method, given.repeats)


if __name__ == "__main__":
    main()
