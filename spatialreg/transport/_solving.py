"""Which search answers a matrix of travel times."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse.csgraph import dijkstra

from .._align import require_one_of
from ._arcs import Arcs

METHODS = ("auto", "dijkstra")
_ROWS = 64  # searches at a time: a row of every vertex each


def solved(
    arcs: Arcs, sources: np.ndarray, targets: np.ndarray, cutoff: float, method: str
) -> tuple[np.ndarray, str]:
    """Give the costs from each source to each target, shape (sources, targets), and the search.

    Raises
    ------
    InputError
        There is no such method.
    """
    parts = list(solved_blocks(arcs, sources, targets, cutoff, method, max(len(sources), 1)))
    return parts[0][1], parts[0][2]


def solved_blocks(
    arcs: Arcs, sources: np.ndarray, targets: np.ndarray, cutoff: float, method: str, block: int
) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    """Yield positions of sources, their rows of the matrix, and the search taken."""
    require_one_of(method, METHODS, "method")
    for start in range(0, len(sources), block):
        rows = np.arange(start, min(start + block, len(sources)))
        yield rows, _dijkstra(arcs, sources[rows], targets, cutoff), "dijkstra"


def _dijkstra(arcs: Arcs, sources: np.ndarray, targets: np.ndarray, cutoff: float) -> np.ndarray:
    """Search from the smaller side, so that there are as few searches as can be."""
    if len(targets) < len(sources):
        return _dijkstra(arcs.reversed(), targets, sources, cutoff).T
    found = np.empty((len(sources), len(targets)))
    matrix = arcs.matrix()
    for start in range(0, len(sources), _ROWS):
        some = sources[start : start + _ROWS]
        found[start : start + _ROWS] = dijkstra(matrix, indices=some, limit=cutoff)[:, targets]
    return found
