"""Travel times from many to many: exact matrices on synthetic road networks.

    python benchmarks/travel_times.py               all but the largest (about five minutes)
    python benchmarks/travel_times.py matrix        one of the jobs: matrix, first, large

What each job measures stands in travel_times.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

import numpy as np
from _compare import HEADER, machine, medians, peak_memory, ratios, table, written
from scipy.sparse.csgraph import dijkstra

from spatialreg.transport._arcs import Arcs
from spatialreg.transport._many_to_many import Dissected
from spatialreg.transport._solving import prepared, solved

OURS = "spatialreg"
PEER = "scipy dijkstra"
BLOCK = 0.2  # km between crossings


def many_to_many(arcs: Arcs, sources: np.ndarray, targets: np.ndarray, **options) -> np.ndarray:
    """Prepare the graph and ask for the matrix: the whole of it is timed."""
    if options.pop("whole_milliseconds", False):
        return Dissected(arcs).times(sources, targets, whole_milliseconds=True)
    return solved(arcs, sources, targets, np.inf, "auto")[0]


def roads(
    side: int,
    *,
    oneway: float = 0.0,
    deleted: float = 0.06,
    links: int = 0,
    reach: int = 20,
    bends: int = 0,
) -> Arcs:
    """Give a road network of `side` x `side` crossings, 200 m apart on average.

    Crossings are moved by up to 80 m. Streets go at 30 km/h, every eighth at 60, every fortieth at
    100, and take up to half as long again as the straight line does. `deleted` of all segments are
    missing, a few of them on the main roads. `links` more roads at 100 km/h join crossings up to
    `reach` blocks apart. With `bends`, each segment has so many vertices inside, as lines of
    OpenStreetMap have.
    """
    rng = np.random.default_rng(0)
    row, column = np.divmod(np.arange(side * side), side)
    x, y = column + rng.uniform(-0.4, 0.4, side**2), row + rng.uniform(-0.4, 0.4, side**2)
    grid = np.arange(side**2).reshape(side, side)
    a = np.concatenate([grid[:, :-1].ravel(), grid[:-1].ravel()])
    b = np.concatenate([grid[:, 1:].ravel(), grid[1:].ravel()])
    street = np.where(b == a + 1, row[a], column[a])
    speed = np.where(street % 40 == 0, 100.0, np.where(street % 8 == 0, 60.0, 30.0))
    kept = rng.random(len(a)) >= deleted * np.where(street % 8 == 0, 0.2, 1.1)
    a, b, speed = a[kept], b[kept], speed[kept]
    near = rng.integers(0, side**2, links)
    to = [
        np.clip(p[near] + rng.integers(-reach, reach + 1, links), 0, side - 1)
        for p in (row, column)
    ]
    a, b = np.append(a, near), np.append(b, to[0] * side + to[1])
    speed = np.append(speed, np.full(links, 100.0))
    minutes = np.hypot(x[a] - x[b], y[a] - y[b]) * BLOCK / speed * 60
    minutes *= rng.uniform(1, 1.5, len(a))
    if bends:
        inner = side**2 + np.arange(len(a) * bends).reshape(len(a), bends)
        path = np.column_stack([a, inner, b])
        share = np.linspace(0, 1, bends + 2)[1:-1]
        x = np.append(x, (np.outer(x[a], 1 - share) + np.outer(x[b], share)).ravel())
        y = np.append(y, (np.outer(y[a], 1 - share) + np.outer(y[b], share)).ravel())
        a, b = path[:, :-1].ravel(), path[:, 1:].ravel()
        minutes = np.repeat(minutes / (bends + 1), bends + 1)
    back = rng.random(len(a)) >= oneway
    tail, head = np.concatenate([a, b[back]]), np.concatenate([b, a[back]])
    cost = np.concatenate([minutes, minutes[back]])
    return Arcs(len(x), tail.astype(np.int32), head.astype(np.int32), cost, x, y)


def places(arcs: Arcs, sources: int, targets: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.choice(arcs.vertices, sources, False), rng.choice(arcs.vertices, targets, False)


def matrix() -> str:
    """3,000 x 1,000: the peer searches from the 1,000; timed from 20 of them, times 50."""
    jobs = {
        "260,000 nodes": (roads(510), 20),
        "the same, whole milliseconds": (roads(510), 20),
        "30 % one-way": (roads(510, oneway=0.3), 20),
        "with islands": (roads(510, deleted=0.35), 20),
        "20,000 links of up to 4 km": (roads(510, links=20_000), 10),
        "lines with bends": (roads(230, bends=2), 20),
        "1 million nodes": (roads(1010), 20),
        "20,000 links anywhere": (roads(510, links=20_000, reach=510), 10),
    }
    rows, memory = [], []
    for job, (arcs, target) in jobs.items():
        targets, sources = places(arcs, 1000, 3000)
        turned, some = arcs.reversed().matrix(), targets[:20]
        options = {"whole_milliseconds": "whole" in job}
        times = medians(
            {
                PEER: lambda turned=turned, some=some: dijkstra(turned, indices=some),
                OURS: lambda arcs=arcs, s=sources, t=targets, o=options: many_to_many(
                    arcs, s, t, **o
                ),
            },
            3,
        )
        times[PEER] *= len(targets) / len(some)
        size = f"{arcs.vertices:,} nodes, {len(arcs.tail):,} arcs"
        taken = type(prepared(arcs, sources, targets, np.inf)).__name__.lower()
        rows += ratios(f"{job} ({size}, {taken})", times, OURS, {PEER: target})
        found = many_to_many(arcs, sources, targets, **options)[:, :20]
        expected = dijkstra(turned, indices=some)[:, sources].T
        # rounding to whole milliseconds, on ways of some hundred arcs
        rounding = {"atol": 0.02} if options["whole_milliseconds"] else {"rtol": 1e-12}
        np.testing.assert_allclose(found, expected, **rounding)
        grown = peak_memory(
            lambda arcs=arcs, s=sources, t=targets, o=options: many_to_many(arcs, s, t, **o)
        )[1]
        memory.append((job, f"{grown:,.0f} MB"))
    return "\n\n".join([table(rows, *HEADER), table(memory, "job", "memory above the input")])


def first() -> str:
    """The first call ever, in a process of its own, with nothing compiled before."""
    program = (
        "import time; from travel_times import *; "
        "arcs = roads(510); places = places(arcs, 3000, 1000); "
        "begin = time.perf_counter(); cpu = time.process_time(); many_to_many(arcs, *places); "
        "print(time.perf_counter() - begin, time.process_time() - cpu)"
    )
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for _ in range(2):
            run = subprocess.run(
                [sys.executable, "-c", program],
                env=os.environ | {"NUMBA_CACHE_DIR": folder},
                cwd=os.path.dirname(os.path.abspath(__file__)),
                capture_output=True,
                text=True,
                check=True,
            )
            found.append([written(float(seconds)) for seconds in run.stdout.split()])
    rows = [("nothing compiled", *found[0], "15 s"), ("compiled before", *found[1], "")]
    return table(rows, "first call in a process", "time", "processor time", "to reach")


def large() -> str:
    """3,000 x 3,000 on 5 million nodes, in blocks of 1,024 sources; once."""
    arcs = roads(2240)
    sources, targets = places(arcs, 3000, 3000)

    def run() -> None:
        for rows, times in Dissected(arcs).blocks(sources, targets):
            found.append((rows, float(times[np.isfinite(times)].max())))

    found: list = []
    seconds, grown = peak_memory(run)
    forward = arcs.matrix()
    begin = time.perf_counter()
    dijkstra(forward, indices=sources[:3])
    searched = (time.perf_counter() - begin) * 1000
    row = (
        f"{arcs.vertices:,} nodes, {len(arcs.tail):,} arcs",
        written(seconds),
        f"{grown:,.0f} MB",
    )
    return table(
        [(*row, written(searched), f"{searched / seconds:.0f} x")],
        "3,000 x 3,000 on", "time", "memory above the input", PEER, "ratio",
    )  # fmt: skip


JOBS = {"matrix": matrix, "first": first, "large": large}

if __name__ == "__main__":
    for name in sys.argv[1:] or ["matrix", "first"]:
        print(JOBS[name](), end="\n\n", flush=True)
    print(machine("numpy", "scipy", "numba"))
