"""Local Moran's I against esda and pygeoda: time, memory, the first call, and precision.

    python benchmarks/local_moran.py                      all jobs (about ten minutes)
    python benchmarks/local_moran.py counties precision   some of them

Regions are the Voronoi polygons of random points, labelled in random order, row-standardised by
shared edges; values are a smooth field with noise. What each job measures stands in README.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import esda
import numpy as np
import pandas as pd
import pygeoda
from _compare import HEADER, machine, medians, peak_memory, ratios, table, written
from libpysal.graph import Graph
from local_moran_precision import precision
from scipy.spatial import Delaunay, KDTree

import spatialreg as sr

HERE = Path(__file__).parent
Case = tuple[pd.Series, Graph]


@cache
def points(n: int) -> np.ndarray:
    return np.random.default_rng(n).uniform(size=(n, 2))


def values(n: int, seed: int = 0) -> pd.Series:
    x, y = points(n).T
    noise = np.random.default_rng(seed).normal(size=n)
    labels = pd.Index([f"{i:07d}" for i in range(n)], name="code")
    return pd.Series(np.sin(6 * x) + np.cos(4 * y) + noise, index=labels)


def graph_of(focal: np.ndarray, neighbor: np.ndarray, weight: np.ndarray, n: int) -> Graph:
    labels = values(n).index.to_numpy()
    return Graph.from_arrays(labels[focal], labels[neighbor], weight)


@cache
def voronoi(n: int) -> Case:
    """Regions are neighbours where their Voronoi polygons share an edge."""
    starts, neighbor = Delaunay(points(n)).vertex_neighbor_vertices
    focal = np.repeat(np.arange(n), np.diff(starts))
    return values(n), graph_of(focal, neighbor, np.ones(len(focal)), n).transform("r")


@cache
def gaussian(n: int) -> Case:
    """Twelve nearest points, weighted by a Gaussian kernel as wide as the farthest of them."""
    distance, neighbor = KDTree(points(n)).query(points(n), 13)
    weight = np.exp(-0.5 * (distance[:, 1:] / distance[:, -1:]) ** 2)
    focal = np.repeat(np.arange(n), 12)
    return values(n), graph_of(focal, neighbor[:, 1:].ravel(), weight.ravel(), n)


def ours(case: Case, permutations: int) -> Callable[[], Any]:
    return lambda: sr.lisa(*case, permutations=permutations, rng=1)


def with_esda(case: Case, permutations: int) -> Callable[[], Any]:
    y, graph = case
    return lambda: esda.Moran_Local(
        y,
        graph,
        transformation=graph.transformation,
        permutations=permutations,
        n_jobs=1,
        keep_simulations=False,
        seed=1,
    )


def with_pygeoda(case: Case, permutations: int) -> Callable[[], Any]:
    """Call the lookup method, on weights that pygeoda has read before."""
    y, graph = case
    codes = graph.adjacency.index.codes
    starts = np.searchsorted(codes[0], np.arange(graph.n + 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.gal"
        with path.open("w") as file:
            file.write(f"0 {graph.n} layer code\n")
            for i, label in enumerate(y.index):
                others = y.index[codes[1][starts[i] : starts[i + 1]]]
                file.write(f"{label} {len(others)}\n{' '.join(others)}\n")
        weights = pygeoda.weights.read_gal(str(path), list(y.index))
    data = y.to_list()
    return lambda: pygeoda.local_moran(
        weights,
        data,
        permutations=permutations,
        permutation_method="lookup",
        cpu_threads=os.cpu_count(),
        seed=1,
    )


# --- jobs -------------------------------------------------------------------------------------


def against_peers(
    job: str, case: Case, rounds: int, targets: dict[str, float], permutations: int = 9999
) -> None:
    calls = {"ours": ours(case, permutations)}
    if "esda" in targets:
        calls["esda, n_jobs=1"] = with_esda(case, permutations)
    if "pygeoda" in targets:
        calls["pygeoda, lookup"] = with_pygeoda(case, permutations)
    named = {"esda, n_jobs=1": targets.get("esda"), "pygeoda, lookup": targets.get("pygeoda")}
    times = medians(calls, rounds)
    wanted = {peer: target for peer, target in named.items() if target}
    print(table(ratios(job, times, "ours", wanted), *HEADER), flush=True)


def counties() -> None:
    against_peers("2,900 regions, R = 9,999", voronoi(2_900), 15, {"esda": 30, "pygeoda": 10})


def many() -> None:
    against_peers("40,000 regions, R = 9,999", voronoi(40_000), 3, {"esda": 200, "pygeoda": 30})


def unequal() -> None:
    job = "40,000 regions, 12 nearest, Gaussian, R = 9,999"
    against_peers(job, gaussian(40_000), 3, {"esda": 8})


def large() -> None:
    """A hundred times the permutations of the peer, on the same regions."""
    case = voronoi(250_000)
    times = medians(
        {"ours": ours(case, 99_999), "pygeoda, lookup, R = 999": with_pygeoda(case, 999)}, 3
    )
    job = "250,000 regions, R = 99,999"
    print(table(ratios(job, times, "ours", {"pygeoda, lookup, R = 999": 1}), *HEADER), flush=True)


def growth() -> None:
    """Time and memory of large jobs, each in a process of its own."""
    rows = []
    for n, permutations in ((250_000, 9_999), (1_000_000, 9_999), (250_000, 99_999)):
        code = f"import local_moran; local_moran.alone({n}, {permutations})"
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True, check=True
        )
        seconds, grown, kernel = (float(number) for number in run.stdout.split())
        rows.append(
            (f"{n:,}", f"{permutations:,}", written(seconds), f"{grown:.0f} MB", f"{kernel:.0f} MB")
        )
    print(table(rows, "regions", "R", "time", "memory above input", "of this, permutations"))


def alone(n: int, permutations: int) -> None:
    """Print seconds and memory of one call, and the memory of its permutations by themselves."""
    from spatialreg.autocorrelation._conditional import conditional_tails
    from spatialreg.autocorrelation._inputs import prepare

    y, graph = voronoi(n)
    sr.lisa(*voronoi(1000), permutations=99, rng=1)
    ours((y, graph), 99)()  # what labels and graph remember belongs to them
    _, grown = peak_memory(ours((y, graph), permutations))
    seconds = medians({"ours": ours((y, graph), permutations)}, 7)["ours"]
    inputs, rng = prepare(y, graph, subset=False), np.random.default_rng(1)
    numbers = inputs.y.to_numpy()
    _, kernel = peak_memory(lambda: conditional_tails(numbers, inputs.matrix, permutations, rng))
    print(seconds, grown, kernel)


def years() -> None:
    """Twenty years in one call against one year."""
    y, graph = voronoi(2_900)
    panel = pd.concat({year: y + values(2_900, year) for year in range(2001, 2021)}, names=["year"])
    panel = panel.rename("y").to_frame().swaplevel().sort_index()
    one = panel.loc[(slice(None), [2001]), :]
    series = sr.autocorrelation.lisa_series
    times = medians(
        {
            "one year": lambda: series(one, graph, value="y", permutations=9999, rng=1),
            "20 years": lambda: series(panel, graph, value="y", permutations=9999, rng=1),
        },
        7,
    )
    one_year, all_years = times["one year"], times["20 years"]
    ratio = f"{all_years / one_year:.1f} x"
    print(
        table(
            [(written(one_year), written(all_years), ratio, "at most 20 x")],
            "one year of 2,900 regions, R = 9,999",
            "20 years in one call",
            "ratio",
            "to reach",
        )
    )


def first_call() -> None:
    """Give the first call of a process, without and with compiled code on disk."""
    code = (
        "import time, local_moran as b, spatialreg as sr; case = b.voronoi(2_900); sr.lisa; "
        "begin = time.perf_counter(); b.ours(case, 9999)(); print(time.perf_counter() - begin)"
    )
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
        rows = []
        for state in ("nothing compiled", "compiled before"):
            run = subprocess.run(
                [sys.executable, "-c", code],
                cwd=HERE,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            rows.append((state, written(float(run.stdout))))
    print(table(rows, "first call of a process", "time"))


JOBS = {
    "counties": counties,
    "many": many,
    "unequal": unequal,
    "large": large,
    "growth": growth,
    "years": years,
    "first": first_call,
    "precision": lambda: precision(voronoi(2_900), voronoi(40_000), with_esda, with_pygeoda),
}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for name in sys.argv[1:] or JOBS:
        JOBS[name]()
        print()
    print(machine("numpy", "numba", "pandas", "libpysal", "esda", "pygeoda"))
