"""Which way to travel times is the least work, and both ways behind one call.

Takes arcs, sources and targets; gives a :class:`Plan` that says what will be done and why, and the
matrix by it. Both ways are exact: sums of the same costs, added up in another order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse.csgraph import dijkstra

from ..._align import require_one_of
from .._arcs import Arcs
from ._dissected import BLOCK, MILLISECONDS, Dissected, checked_vertices

Method = Literal["auto", "elimination", "dijkstra"]
METHODS = ("auto", "elimination", "dijkstra")

# additions in the time that a search takes for one arc: 50 ns against .1 to .3 ns (benchmarks)
_ARC = 250.0
# searches in the time that cutting the graph takes: below that it does not pay to look further
_FEW = 20
_MOST_BYTES = 8e9  # of the numbers of an elimination, from which searches are taken in any case
_SEARCHES = 64  # at a time, each of which holds a number for every vertex


@dataclass(frozen=True, eq=False)
class Plan:
    """How travel times will be computed.

    Attributes
    ----------
    method : {"elimination", "dijkstra"}
    work : float
        Additions that it takes; those of searches are counted by the time that they take.
    words : str
        What was chosen, and why.
    graph : Dissected or None
        For elimination, the graph made ready.
    """

    method: str
    work: float
    words: str
    graph: Dissected | None = None


def plan(
    arcs: Arcs,
    sources: np.ndarray,
    targets: np.ndarray,
    *,
    method: Method = "auto",
    workers: int | None = None,
) -> Plan:
    """Choose between elimination and Dijkstra's searches from the smaller side.

    Below 20 searches these are taken at once. Otherwise the graph is cut, and elimination is taken
    if its predicted work is less. `method` says that one of them is wanted whatever it takes.
    """
    require_one_of(method, METHODS, "method")
    sources = checked_vertices(sources, arcs.vertices, "sources")
    targets = checked_vertices(targets, arcs.vertices, "targets")
    searches = min(len(sources), len(targets))
    side = "sources" if len(sources) <= len(targets) else "targets"
    searching = searches * _ARC * (len(arcs.tail) + arcs.vertices)
    by_search = f"Dijkstra's search from each of {searches} {side}"
    if method == "dijkstra" or (method == "auto" and searches < _FEW):
        return Plan("dijkstra", searching, by_search)
    graph = Dissected(arcs, workers=workers)
    work, memory = graph.predicted(sources, targets)
    beside = f"{work:.2g} additions, beside {searching:.2g} of searches"
    if method == "auto" and (work > searching or memory > _MOST_BYTES):
        return Plan("dijkstra", searching, f"{by_search}; elimination would take {beside}")
    return Plan("elimination", work, f"nested dissection and elimination: {beside}", graph)


def predicted_work(arcs: Arcs, sources: np.ndarray, targets: np.ndarray) -> float:
    """Predict the additions that elimination and its queries take, before any of them is done."""
    return plan(arcs, sources, targets, method="elimination").work


def many_to_many(
    arcs: Arcs,
    sources: np.ndarray,
    targets: np.ndarray,
    *,
    cutoff: float = np.inf,
    whole_milliseconds: bool = False,
    method: Method = "auto",
    workers: int | None = None,
) -> np.ndarray:
    """Give the least cost of a way from each source to each target.

    Parameters
    ----------
    arcs : Arcs
    sources, targets : array of int
        Vertices, in any order; some may occur more than once.
    cutoff : float
        Longer ways are infinite.
    whole_milliseconds : bool
        Round costs, which are minutes, to whole milliseconds, and compute with 32-bit numbers where
        their range suffices: about twice as fast.
    method : {"auto", "elimination", "dijkstra"}
        See :func:`plan`.
    workers : int, optional
        Threads. None: as many as there are processors.

    Returns
    -------
    ndarray of float64, shape (len(sources), len(targets))
        Infinite where there is no way.

    Raises
    ------
    InputError
        A source or target is not a vertex.

    Notes
    -----
    Both methods add up the costs of the same way, in another order: in floats, they agree to about
    ``1e-12`` of the number.

    Examples
    --------
    >>> import numpy as np
    >>> from spatialreg.transport._arcs import Arcs
    >>> tail, head = np.array([0, 1, 2], np.int32), np.array([1, 2, 0], np.int32)
    >>> arcs = Arcs(4, tail, head, np.array([1.0, 2.0, 4.0]), np.zeros(4), np.zeros(4))
    >>> many_to_many(arcs, [0, 1], [0, 2, 3])
    array([[ 0.,  3., inf],
           [ 6.,  2., inf]])
    """
    blocks = many_to_many_blocks(
        arcs, sources, targets, cutoff=cutoff, whole_milliseconds=whole_milliseconds,
        method=method, workers=workers, size=max(1, len(sources)),
    )  # fmt: skip
    for _, times in blocks:
        return times
    return np.empty((0, len(targets)))


def many_to_many_blocks(
    arcs: Arcs,
    sources: np.ndarray,
    targets: np.ndarray,
    *,
    cutoff: float = np.inf,
    whole_milliseconds: bool = False,
    method: Method = "auto",
    workers: int | None = None,
    size: int = BLOCK,
) -> Iterator[tuple[slice, np.ndarray]]:
    """Give the rows of :func:`many_to_many` in blocks of `size`: (which sources, their rows).

    The graph is made ready once, with the first block; memory is that of the graph's shortcuts and
    of one block.
    """
    chosen = plan(arcs, sources, targets, method=method, workers=workers)
    if chosen.graph is not None:
        yield from chosen.graph.blocks(
            sources, targets, cutoff=cutoff, whole_milliseconds=whole_milliseconds, size=size
        )
        return
    if whole_milliseconds:
        cost = np.rint(arcs.cost * MILLISECONDS) / MILLISECONDS
        arcs = Arcs(arcs.vertices, arcs.tail, arcs.head, cost, arcs.x, arcs.y)
    sources = checked_vertices(sources, arcs.vertices, "sources")
    targets = checked_vertices(targets, arcs.vertices, "targets")
    for start in range(0, len(sources), size):
        rows = slice(start, min(start + size, len(sources)))
        yield rows, _searched(arcs, sources[rows], targets, cutoff)


def _searched(arcs: Arcs, sources: np.ndarray, targets: np.ndarray, cutoff: float) -> np.ndarray:
    """Search from the smaller side, on arcs that are turned round if it is the targets."""
    if len(targets) < len(sources):
        return np.ascontiguousarray(_searched(arcs.reversed(), targets, sources, cutoff).T)
    times = np.empty((len(sources), len(targets)))
    matrix = arcs.matrix()
    for start in range(0, len(sources), _SEARCHES):
        part = slice(start, start + _SEARCHES)
        times[part] = dijkstra(matrix, indices=sources[part], limit=cutoff)[:, targets]
    return times
