"""Which search answers a matrix of travel times, and the matrix by it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .._align import require_one_of
from ._arcs import Arcs
from ._choice import chosen
from ._many_to_many import plan
from ._searches import dense

METHODS = ("auto", "searches", "dissection")
_ROWS = 4096  # of a matrix, where it is given in one piece


def solved(
    arcs: Arcs, sources: np.ndarray, targets: np.ndarray, cutoff: float, method: str
) -> tuple[np.ndarray, str]:
    """Give the costs from each source to each target, shape (sources, targets), and the search.

    Raises
    ------
    InputError
        There is no such method.
    """
    values = np.empty((len(sources), len(targets)))
    taken = {}
    for rows, block, search in solved_blocks(arcs, sources, targets, cutoff, method, _ROWS):
        values[rows] = block
        taken[search] = True
    return values, ", ".join(taken)


def solved_blocks(
    arcs: Arcs, sources: np.ndarray, targets: np.ndarray, cutoff: float, method: str, block: int
) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    """Yield positions of sources, their rows of the matrix, and the search taken.

    A dissection pays where many ask for many. Whether it does is first predicted from the sizes
    alone; only then is the graph cut, and what its elimination takes is known.
    """
    require_one_of(method, METHODS, "method")
    likely = method == "dissection" or (
        method == "auto" and chosen(arcs, sources, targets, cutoff).method == "dissection"
    )
    if likely:
        made = plan(arcs, sources, targets, method="auto" if method == "auto" else "elimination")
        if made.graph is not None:
            for part, values in made.graph.blocks(sources, targets, cutoff=cutoff, size=block):
                yield np.arange(part.start, part.stop), values, "dissection"
            return
    for start in range(0, len(sources), block):
        rows = np.arange(start, min(start + block, len(sources)))
        yield rows, dense(arcs, sources[rows], targets, cutoff), "searches"
