"""How precise the p-values are: against independent draws, and with ties against exact ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import comb
from typing import Any

import numba
import numpy as np
import pandas as pd
from _compare import table
from libpysal.graph import Graph

import spatialreg as sr

Case = tuple[pd.Series, Graph]
PERMUTATIONS, INDEPENDENT = 9_999, 99_999


def precision(small: Case, large: Case, with_esda: Callable, with_pygeoda: Callable) -> None:
    _errors(small)
    print()
    _ties(large, with_esda, with_pygeoda)


def _rows(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    focal, neighbor = graph.adjacency.index.codes
    return np.searchsorted(focal, np.arange(graph.n + 1)), np.asarray(neighbor, dtype=np.int64)


def _errors(case: Case) -> None:
    """Root mean square error of p over all regions, for ten seeds."""
    y, graph = case
    starts, neighbor = _rows(graph)
    numbers = y.to_numpy().copy()
    truth = (_independent(numbers, starts, neighbor, INDEPENDENT, 7) + 1) / (INDEPENDENT + 1)
    greater = numbers > numbers.mean()
    truth = np.where(greater, truth[0], truth[1])
    theory = np.sqrt(np.mean(truth * (1 - truth)) * (1 / PERMUTATIONS + 1 / INDEPENDENT))
    rows = []
    for seed in range(10):
        result = sr.lisa(y, graph, permutations=PERMUTATIONS, alternative="greater", rng=seed)
        error = np.sqrt(np.mean((result.frame["p_value"] - truth) ** 2))
        rows.append(error / theory)
    mean = np.sqrt(np.mean(np.square(rows)))
    print(
        table(
            [(f"{theory:.6f}", f"{mean:.3f}", f"{min(rows):.3f}", f"{max(rows):.3f}")],
            "RMS error in theory",
            "ours over theory, ten seeds together",
            "smallest",
            "largest",
        )
    )


@numba.njit
def _independent(
    values: np.ndarray, starts: np.ndarray, neighbor: np.ndarray, permutations: int, seed: int
) -> np.ndarray:
    """Count tails from draws made for each region anew, a neighbour again where it came twice."""
    np.random.seed(seed)  # noqa: NPY002 - the only generator that compiled code can seed itself
    n = len(values)
    tails = np.zeros((2, n))
    hand = np.empty(100, dtype=np.int64)
    for i in range(n):
        cards = starts[i + 1] - starts[i]
        observed = 0.0
        for e in range(starts[i], starts[i + 1]):
            observed += values[neighbor[e]]
        for _ in range(permutations):
            drawn = 0.0
            for j in range(cards):
                again = True
                while again:
                    k = np.random.randint(0, n - 1)  # noqa: NPY002
                    k += k >= i
                    again = False
                    for before in range(j):
                        again |= hand[before] == k
                hand[j] = k
                drawn += values[k]
            tails[0, i] += drawn >= observed - 1e-9
            tails[1, i] += drawn <= observed + 1e-9
    return tails


def _ties(case: Case, with_esda: Callable, with_pygeoda: Callable) -> None:
    """Share of regions below 0.05 (directed), where values are counts: Poisson with mean 1."""
    _, graph = case
    counts = np.random.default_rng(3).poisson(1, graph.n).astype(float)
    y = pd.Series(counts, index=graph.unique_ids)
    exact = _exact(counts, *_rows(graph))
    ours = sr.lisa(y, graph, permutations=PERMUTATIONS, alternative="directed", rng=1)
    peers: dict[str, Any] = {
        "exact": exact,
        "ours": ours.frame["p_value"].to_numpy(),
        "esda": with_esda((y, graph), PERMUTATIONS)().p_sim,
        "pygeoda, lookup": np.array(with_pygeoda((y, graph), PERMUTATIONS)().lisa_pvalues()),
    }
    rows = [
        (peer, f"{(p < 0.05).mean():.4f}", f"{np.abs(p - exact).max():.4f}")
        for peer, p in peers.items()
    ]
    print(table(rows, "counts, 40,000 regions", "share below 0.05", "largest error of p"))


def _exact(counts: np.ndarray, starts: np.ndarray, neighbor: np.ndarray) -> np.ndarray:
    """Give the smaller tail of each region, ties on both sides, in whole numbers.

    The neighbours' sum is all that is drawn. Its distribution over all draws depends on the
    region's own value and number of neighbours alone: of ``c`` others with value ``v``, ``m`` are
    drawn in ``c choose m`` ways.
    """
    kinds = {int(v): int((counts == v).sum()) for v in np.unique(counts)}

    @cache
    def sums(own: int, cards: int) -> dict[int, int]:
        ways = {(0, 0): 1}
        for v, c in kinds.items():
            grown: dict[tuple[int, int], int] = {}
            others = c - (v == own)
            for (drawn, total), count in ways.items():
                for m in range(min(others, cards - drawn) + 1):
                    key = drawn + m, total + m * v
                    grown[key] = grown.get(key, 0) + count * comb(others, m)
            ways = grown
        return {total: count for (drawn, total), count in ways.items() if drawn == cards}

    p = np.empty(len(counts))
    for i, own in enumerate(counts):
        others = neighbor[starts[i] : starts[i + 1]]
        observed = int(counts[others].sum())
        ways = sums(int(own), len(others))
        upper = sum(count for total, count in ways.items() if total >= observed)
        lower = sum(count for total, count in ways.items() if total <= observed)
        p[i] = min(upper, lower) / comb(len(counts) - 1, len(others))
    return p
