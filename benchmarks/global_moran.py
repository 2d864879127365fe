"""Moran's I and its kin against esda: time and memory of the whole public call.

    python benchmarks/global_moran.py                  all jobs (about five minutes)
    python benchmarks/global_moran.py counties cold    some of them

Regions are the Voronoi polygons of random points, labelled in random order, row-standardised by
shared edges; values are a smooth field with noise. What each job measures stands in global.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import esda
import numpy as np
import pandas as pd
from _compare import HEADER, machine, medians, peak_memory, ratios, table, written
from libpysal.graph import Graph
from scipy.spatial import Delaunay

import spatialreg as sr
from spatialreg import autocorrelation as ac

OURS = "spatialreg"


@cache
def case(n: int) -> tuple[pd.DataFrame, Graph]:
    """Give columns and weights of n regions."""
    rng = np.random.default_rng(n)
    points = rng.uniform(size=(n, 2))
    labels = np.array([f"{i:07d}" for i in range(n)])
    starts, neighbor = Delaunay(points).vertex_neighbor_vertices
    focal = np.repeat(np.arange(n), np.diff(starts))
    graph = Graph.from_arrays(labels[focal], labels[neighbor], np.ones(len(focal))).transform("r")
    field = np.sin(6 * points[:, 0]) + np.cos(4 * points[:, 1])
    population = rng.integers(5_000, 900_000, n)
    frame = pd.DataFrame(
        {
            "y": np.exp(field / 2 + rng.normal(size=n)),
            "x": field + rng.normal(size=n),
            "events": rng.poisson(population * np.exp(field / 4) / 4000),
            "population": population,
            "high": (field + rng.normal(size=n) > 0.5).astype(int),
        },
        index=graph.unique_ids,
    )
    return frame, graph


def moran(n: int, rounds: int, target: float) -> list:
    d, graph = case(n)
    times = medians(
        {
            "esda.Moran": lambda: esda.Moran(d["y"], graph, permutations=999),
            OURS: lambda: sr.moran(d["y"], graph, permutations=999, rng=1),
        },
        rounds,
    )
    return ratios(f"Moran's I, {n:,} regions, 999", times, OURS, {"esda.Moran": target})


def counties() -> list:
    return moran(2_900, 15, 6)


def large() -> list:
    return moran(250_000, 3, 4)


def kin() -> list:
    """The other statistics at the size of counties."""
    d, graph = case(2_900)
    binary = graph.transform("b")
    two = d[["x", "y"]].to_numpy()
    few = {"permutations": 999}
    pairs: dict[str, tuple[str, Callable[[], Any], Callable[..., Any], tuple[Any, ...]]] = {
        "Geary's C": ("Geary", lambda: esda.Geary(d["y"], graph, **few), ac.geary, (d["y"], graph)),
        "general G": ("G", lambda: esda.G(d["y"], binary, **few), ac.getis_ord_g, (d["y"], binary)),
        "bivariate Moran": (
            "Moran_BV",
            lambda: esda.Moran_BV(d["x"], d["y"], graph, **few),
            ac.moran_bv,
            (d["x"], d["y"], graph),
        ),
        "Moran of rates": (
            "Moran_Rate",
            lambda: esda.Moran_Rate(d["events"], d["population"], graph, **few),
            ac.moran_rate,
            (d["events"], d["population"], graph),
        ),
        "Lee's L": (
            "Spatial_Pearson",
            lambda: esda.Spatial_Pearson(graph.sparse, permutations=999).fit(
                two[:, :1], two[:, 1:]
            ),
            ac.lee,
            (d["x"], d["y"], graph),
        ),
        "join counts": (
            "Join_Counts",
            lambda: esda.Join_Counts(d["high"], binary, permutations=999),
            ac.join_counts,
            (d["high"], binary),
        ),
    }
    rows = []
    for name, (peer, theirs, ours, arguments) in pairs.items():

        def run(ours: Callable[..., Any] = ours, arguments: tuple[Any, ...] = arguments) -> Any:
            return ours(*arguments, permutations=999, rng=1)

        times = medians({f"esda.{peer}": theirs, OURS: run}, 3)
        rows += ratios(f"{name}, 2,900 regions, 999", times, OURS, {})
    return rows


def growth() -> list:
    """Time and memory of many permutations and many regions, ours alone."""
    rows = []
    for n, count in ((2_900, 9_999), (250_000, 999), (250_000, 9_999), (1_000_000, 999)):
        d, graph = case(n)
        sr.moran(d["y"], graph, permutations=9, rng=1)
        seconds, grown = peak_memory(
            lambda d=d, graph=graph, count=count: sr.moran(d["y"], graph, permutations=count, rng=1)
        )
        rows.append((f"Moran's I, {n:,} regions, {count:,}", written(seconds), f"{grown:,.0f} MB"))
    return rows


def cold() -> list:
    """The first call in a new process that finds no compiled code, and one that does."""
    rows = []
    code = (
        "import sys, time, pandas as pd\n"
        "from libpysal.graph import Graph\n"
        "import spatialreg as sr\n"
        "from spatialreg import autocorrelation as ac\n"
        "graph = Graph.from_dicts({k: [o for o in 'abcde' if o != k][:2] for k in 'abcde'})\n"
        "y, name = pd.Series([1.0, 2, 5, 3, 8], index=list('abcde')), sys.argv[1]\n"
        "begin = time.perf_counter()\n"
        "y = y > 2 if name == 'join_counts' else y\n"
        "getattr(ac, name)(y, graph, permutations=99, rng=1)\n"
        "print(time.perf_counter() - begin)\n"
    )
    for name in ("moran", "geary", "join_counts"):
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
            first, again = (
                float(
                    subprocess.run(
                        [sys.executable, "-c", code, name],
                        env=environment,
                        capture_output=True,
                        text=True,
                        check=True,
                    ).stdout
                )
                for _ in range(2)
            )
        rows.append((name, written(first), written(again)))
    return rows


JOBS: dict[str, tuple[Callable[[], list], tuple[str, ...]]] = {
    "counties": (counties, HEADER),
    "large": (large, HEADER),
    "kin": (kin, HEADER),
    "growth": (growth, ("job", "time", "memory above the input")),
    "cold": (cold, ("first call of", "nothing compiled before", "compiled code on disk")),
}


def main() -> None:
    warnings.simplefilter("ignore")
    for name in sys.argv[1:] or JOBS:
        job, header = JOBS[name]
        print(f"\n## {name}\n\n{table(job(), *header)}", flush=True)
    print(f"\n{machine('esda', 'libpysal', 'numpy', 'numba', 'pandas')}")


if __name__ == "__main__":
    main()
