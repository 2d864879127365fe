"""Searches: the nearest of many facilities, all within a cut-off, and the k nearest.

    python benchmarks/searches.py            all jobs (about two minutes)
    python benchmarks/searches.py nearest    one of them

What each job measures stands in searches.md.
"""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
import pandas as pd
from _compare import HEADER, machine, medians, ratios, table
from scipy.sparse.csgraph import dijkstra

from spatialreg.transport._arcs import Arcs
from spatialreg.transport._searches import k_nearest, nearest, within

OURS = "spatialreg"


@cache
def roads(side: int = 510) -> Arcs:
    """Make a grid of streets about 1 km long, some missing, at 30 to 80 km/h: minutes."""
    rng = np.random.default_rng(0)
    at = np.arange(side * side).reshape(side, side)
    y, x = np.divmod(np.arange(side * side, dtype=float), side)
    x, y = (v + rng.uniform(-0.35, 0.35, side * side) for v in (x, y))
    a = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    b = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    kept = rng.random(len(a)) < 0.942
    a, b = a[kept], b[kept]
    length = np.hypot(x[a] - x[b], y[a] - y[b]) * rng.uniform(1, 1.3, len(a))
    minutes = 60 * length / rng.choice([30.0, 40.0, 60.0, 80.0], len(a))
    tail, head = np.concatenate([a, b]), np.concatenate([b, a])
    return Arcs(
        side * side, tail.astype(np.int32), head.astype(np.int32), np.tile(minutes, 2), x, y
    )


def some_vertices(arcs: Arcs, number: int) -> np.ndarray:
    return np.random.default_rng(1).choice(arcs.vertices, number, replace=False)


def nearest_facility() -> str:
    """Of 1,000 facilities for all nodes: cost alone, and with which and by which way."""
    arcs, turned = roads(), roads().reversed().matrix()
    facilities = some_vertices(arcs, 1_000)

    def theirs(ways: bool) -> np.ndarray | tuple[np.ndarray, ...]:
        return dijkstra(turned, indices=facilities, min_only=True, return_predecessors=ways)

    cost, before, source = theirs(True)
    found = nearest(arcs, facilities)
    np.testing.assert_array_equal(found.cost, cost)
    np.testing.assert_array_equal(facilities[found.facility], source)
    np.testing.assert_array_equal(found.parent, np.where(before < 0, -1, before))
    times = medians(
        {
            "scipy, min_only": lambda: theirs(False),
            "scipy, min_only, with predecessors": lambda: theirs(True),
            OURS: lambda: nearest(arcs, facilities),
        },
        9,
    )
    targets = {"scipy, min_only": 1.5}
    return table(ratios("nearest of 1,000 facilities", times, OURS, targets), *HEADER)


def within_cutoffs() -> str:
    """Of 1,000 searches; scipy in blocks of 50, whose dense rows would else take 2 GB."""
    arcs, matrix = roads(), roads().matrix()
    sources = some_vertices(arcs, 1_000)
    rows = []
    for minutes, target in ((60.0, 1.5), (30.0, 3.0)):
        found = within(arcs, sources, minutes)
        row = np.repeat(np.arange(1_000), np.diff(found.indptr))
        for start in range(0, 1_000, 50):
            block = dijkstra(matrix, indices=sources[start : start + 50], limit=minutes)
            ours = np.full_like(block, np.inf)
            mine = (row >= start) & (row < start + 50)
            ours[row[mine] - start, found.vertex[mine]] = found.cost[mine]
            np.testing.assert_array_equal(ours, block)

        def theirs(limit: float = minutes) -> None:
            for start in range(0, 1_000, 50):
                dijkstra(matrix, indices=sources[start : start + 50], limit=limit)

        times = medians({"scipy": theirs, OURS: lambda m=minutes: within(arcs, sources, m)}, 3)
        job = f"1,000 searches, {minutes:g} min ({len(row) / 1_000:,.0f} nodes each)"
        rows += ratios(job, times, OURS, {"scipy": target})
    return table(rows, *HEADER)


def k_nearest_facilities() -> str:
    """Of 100 facilities for 10,000 nodes, beside pandana, whose hierarchy is made before."""
    import pandana

    arcs = roads(100)
    half = len(arcs.cost) // 2
    facilities = some_vertices(arcs, 100)
    x, y = pd.Series(arcs.x), pd.Series(arcs.y)
    edges = pd.Series(arcs.tail[:half]), pd.Series(arcs.head[:half])
    network = pandana.Network(x, y, *edges, pd.DataFrame({"minutes": arcs.cost[:half]}))
    rows = []
    for k in (1, 5):
        network.set_pois("facilities", 1_000.0, k, x[facilities], y[facilities])

        def theirs(k: int = k) -> pd.DataFrame:
            return network.nearest_pois(1_000.0, "facilities", num_pois=k)

        # pandana rounds each arc to thousandths
        ours = k_nearest(arcs, facilities, k)[0]
        np.testing.assert_allclose(theirs().to_numpy(), ours, atol=0.2)
        calls = {"pandana": theirs, OURS: lambda k=k: k_nearest(arcs, facilities, k)}
        rows += ratios(f"{k} nearest of 100, 10,000 nodes", medians(calls, 5), OURS, {})
    return table(rows, *HEADER)


JOBS = {"nearest": nearest_facility, "within": within_cutoffs, "k_nearest": k_nearest_facilities}

if __name__ == "__main__":
    print(f"{roads().vertices:,} nodes, {len(roads().cost):,} arcs", end="\n\n")
    for name in sys.argv[1:] or JOBS:
        print(JOBS[name](), end="\n\n", flush=True)
    print(machine("numpy", "numba", "scipy", "pandana"))
