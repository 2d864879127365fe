"""A matrix of travel times by whichever method is predicted to take less."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from .._align import require_one_of
from ._arcs import Arcs
from ._choice import chosen, predicted_contraction, predicted_dissection
from ._contracted import Contracted
from ._many_to_many import Dissected
from ._searches import dense

METHODS = ("auto", "searches", "dissection", "contraction")
_MOST_BYTES = 8e9  # of the numbers of a dissection, beyond which searches are run in any case
_ROWS = 4096  # of a matrix, where it is given in one piece


def solved(
    arcs: Arcs, sources: np.ndarray, targets: np.ndarray, cutoff: float, method: str
) -> tuple[np.ndarray, str]:
    """Give the costs from each source to each target, shape (sources, targets), and the method.

    Raises
    ------
    InputError
        There is no such method.
    """
    values = np.empty((len(sources), len(targets)))
    taken = ""
    for rows, block, by in solved_blocks(arcs, sources, targets, cutoff, method, _ROWS):
        values[rows] = block
        taken = by
    return values, taken


def solved_blocks(
    arcs: Arcs, sources: np.ndarray, targets: np.ndarray, cutoff: float, method: str, block: int
) -> Iterator[tuple[slice, np.ndarray, str]]:
    """Yield which sources, their rows of the matrix, and the method taken, the same for all."""
    require_one_of(method, METHODS, "method")
    graph = prepared(arcs, sources, targets, cutoff, method)
    if isinstance(graph, Dissected):
        for rows, values in graph.blocks(sources, targets, cutoff=cutoff, size=block):
            yield rows, values, "dissection"
        return
    for start in range(0, len(sources), block):
        rows = slice(start, min(start + block, len(sources)))
        if graph is None:
            yield rows, dense(arcs, sources[rows], targets, cutoff), "searches"
        else:
            yield rows, graph.times(sources[rows], targets, cutoff=cutoff), "contraction"


def prepared(
    arcs: Arcs, sources: np.ndarray, targets: np.ndarray, cutoff: float, method: str = "auto"
) -> Dissected | Contracted | None:
    """Cut or contract the graph where that pays, or where it is asked for.

    Whether a dissection pays is first predicted from the sizes alone; only then is the graph cut,
    and what its elimination takes is known. Where that is too much, the graph may be contracted.
    """
    if method == "dissection":
        return Dissected(arcs)
    if method == "contraction":
        return Contracted(arcs)
    if method == "searches":
        return None
    choice = chosen(arcs, sources, targets, cutoff)
    if choice.method == "searches":
        return None
    dissected = Dissected(arcs)
    few, many = sorted((sources, targets), key=len)
    cut = predicted_dissection(arcs.vertices, len(few), dissected.work, dissected.entries(many))
    if dissected.predicted(sources, targets)[1] > _MOST_BYTES:
        cut = math.inf
    sizes = (arcs, choice.number, choice.reached, len(many))
    if predicted_contraction(*sizes) < min(cut, choice.searches):
        contracted = Contracted(arcs)
        if predicted_contraction(*sizes, contracted.core) < min(cut, choice.searches):
            return contracted
    return dissected if cut < choice.searches else None
