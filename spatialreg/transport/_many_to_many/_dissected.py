"""A graph made ready for travel times between many vertices: its order, its fronts, its work.

Takes :class:`Arcs`, gives an object that answers for any sources and targets, and for other costs
on the same arcs (a line closed, a speed changed), without cutting the graph again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..._align import some
from ..._compiled import processors
from ...errors import InputError
from .._arcs import Arcs
from ._dissection import dissect
from ._elimination import Shortcuts, eliminate
from ._query import enclosing, query
from ._ranked import by_lower_rank
from ._symbolic import lay_out

MILLISECONDS = 60_000  # in a minute
_NO_WAY = 2**30 - 1  # infinity of whole numbers: twice it still has 32 bits
BLOCK = 1024  # sources whose times are held at once


class Dissected:
    """A graph cut by nested dissection, to be asked for travel times.

    Parameters
    ----------
    arcs : Arcs
    workers : int
        Threads. None: as many as there are processors.

    Attributes
    ----------
    arcs : Arcs
    work : float
        Additions that elimination takes: the sum of ``S (S + B)**2`` over all fronts, ``S`` the
        vertices of a separator and ``B`` those of its boundary.

    Examples
    --------
    >>> import numpy as np
    >>> from spatialreg.transport._arcs import Arcs
    >>> tail, head = np.array([0, 1, 2], np.int32), np.array([1, 2, 0], np.int32)
    >>> arcs = Arcs(4, tail, head, np.array([1.0, 2.0, 4.0]), np.zeros(4), np.zeros(4))
    >>> graph = Dissected(arcs)
    >>> graph.times([0, 1], [0, 2, 3])
    array([[ 0.,  3., inf],
           [ 6.,  2., inf]])
    >>> graph.times([0, 1], [0, 2, 3], cost=np.array([1.0, np.inf, 4.0]))
    array([[ 0., inf, inf],
           [inf, inf, inf]])
    """

    def __init__(self, arcs: Arcs, *, workers: int | None = None) -> None:
        self.arcs = arcs
        self.workers = processors() if workers is None else workers
        # copies: an array that cannot be written to is another type, and would be compiled for anew
        self._tail, self._head = np.array(arcs.tail, np.int32), np.array(arcs.head, np.int32)
        self._parts = dissect(self._tail, self._head, arcs.x, arcs.y, self.workers)
        self._fronts = lay_out(self._parts)
        self._rank = np.empty(arcs.vertices, dtype=np.int32)
        self._rank[self._parts.order] = np.arange(arcs.vertices, dtype=np.int32)
        self.work = float(self._fronts.work.sum())

    def entries(self, targets: np.ndarray) -> float:
        """Count the numbers that a query reads for each source, on its way to these targets."""
        ranks = self._rank[checked_vertices(targets, self.arcs.vertices, "targets")]
        return 16.0 * float(self._fronts.tiles[enclosing(ranks, self._parts)].sum())

    def predicted(self, sources: np.ndarray, targets: np.ndarray) -> tuple[float, float]:
        """Predict additions and bytes of a matrix of times, before any of it is computed."""
        few, many = sorted((sources, targets), key=len)
        down = self.entries(many)
        widest = float(self._fronts.rows.max(initial=0)) ** 2
        return self.work + len(few) * down, 8 * (self.entries(few) + down + 2 * widest)

    def times(
        self,
        sources: np.ndarray,
        targets: np.ndarray,
        *,
        cost: np.ndarray | None = None,
        cutoff: float = np.inf,
        whole_milliseconds: bool = False,
    ) -> np.ndarray:
        """Give the least cost of a way from each source to each target.

        Parameters
        ----------
        sources, targets : array of int
            Vertices, in any order; some may occur more than once.
        cost : ndarray, shape (m,)
            Costs in the place of those of the arcs; infinite where an arc is closed.
        cutoff : float
            Longer ways are infinite.
        whole_milliseconds : bool
            Costs are minutes; they are rounded to whole milliseconds and added up as 32-bit whole
            numbers, which is about twice as fast. These numbers reach to 12.4 days. Where a number
            above half of that occurs, and no cut-off below 12.4 days makes it idle, the rounded
            costs are added up as floats instead.

        Returns
        -------
        ndarray of float64, shape (len(sources), len(targets))
            Infinite where there is no way.
        """
        blocks = self.blocks(
            sources, targets, cost=cost, cutoff=cutoff, whole_milliseconds=whole_milliseconds,
            size=max(1, len(sources)),
        )  # fmt: skip
        for _, times in blocks:
            return times
        return np.empty((0, len(targets)))

    def blocks(
        self,
        sources: np.ndarray,
        targets: np.ndarray,
        *,
        cost: np.ndarray | None = None,
        cutoff: float = np.inf,
        whole_milliseconds: bool = False,
        size: int = BLOCK,
    ) -> Iterator[tuple[slice, np.ndarray]]:
        """Give the times of `size` sources after the other: (which sources, their rows).

        The graph is eliminated once, with the first block. Arguments are those of :meth:`times`.
        """
        sources = checked_vertices(sources, self.arcs.vertices, "sources")
        targets = checked_vertices(targets, self.arcs.vertices, "targets")
        cost = self.arcs.cost if cost is None else _costs(cost, self.arcs.cost)
        matrix = _Matrix(self, sources, targets, cost, cutoff, whole_milliseconds)
        for start in range(0, len(sources), size):
            rows = slice(start, min(start + size, len(sources)))
            yield rows, matrix.rows(rows)


class _Matrix:
    """Travel times between given vertices, by given costs; shortcuts are made when first needed."""

    def __init__(
        self,
        graph: Dissected,
        sources: np.ndarray,
        targets: np.ndarray,
        cost: np.ndarray,
        cutoff: float,
        whole: bool,
    ) -> None:
        self.graph = graph
        self.cutoff = cutoff
        # the smaller side goes up, on arcs that are turned round if it is the targets
        self.turned = len(targets) < len(sources)
        self.sources, self.targets = graph._rank[sources], graph._rank[targets]
        self.cost = np.rint(cost * MILLISECONDS) if whole else np.array(cost)
        self.unit = MILLISECONDS if whole else 1
        self.limit = min(cutoff * self.unit, _NO_WAY) if whole else cutoff
        self.whole = whole
        self.shortcuts: Shortcuts | None = None
        if whole and self._too_long(self.cost[np.isfinite(self.cost)].max(initial=0)):
            self._take_floats()

    def rows(self, rows: slice) -> np.ndarray:
        """Give the times from some of the sources to all targets."""
        sources, targets = self.sources[rows], self.targets
        if not len(sources) or not len(targets):
            return np.full((len(sources), len(targets)), np.inf)
        if self.turned:
            sources, targets = targets, sources
        numbers = self._query(sources, targets)
        times = (numbers.T if self.turned else numbers).astype(float, order="C")
        if self.whole:
            times[times == _NO_WAY] = np.inf
        times /= self.unit
        if self.cutoff < np.inf:
            times[times > self.cutoff] = np.inf
        return times

    def _query(self, sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
        graph = self.graph
        if self.shortcuts is None:
            self.shortcuts = self._eliminate()
        found = query(
            graph._parts, graph._fronts, self.shortcuts, sources, targets, self.limit, graph.workers
        )
        if self.whole and self._too_long(found.longest):
            self._take_floats()
            return self._query(sources, targets)
        return found.numbers

    def _too_long(self, number: float) -> bool:
        """Say whether a sum may have been lost to infinity: then one addend is above half of it.

        What is beyond a cut-off may be lost.
        """
        return self.limit >= _NO_WAY and 2 * number > _NO_WAY

    def _take_floats(self) -> None:
        self.whole, self.shortcuts, self.limit = False, None, self.cutoff * self.unit

    def _eliminate(self) -> Shortcuts:
        graph = self.graph
        cost, infinity = self.cost, np.inf
        if self.whole:
            cost, infinity = np.minimum(cost, _NO_WAY).astype(np.int32), _NO_WAY
        ends = (graph._tail, graph._head)
        tail, head = ends[::-1] if self.turned else ends
        few, many = (self.targets, self.sources) if self.turned else (self.sources, self.targets)
        return eliminate(
            graph._parts,
            graph._fronts,
            by_lower_rank(tail, head, cost, graph._rank),
            infinity,
            enclosing(few, graph._parts),
            enclosing(many, graph._parts),
            graph.workers,
        )


def checked_vertices(given: np.ndarray, vertices: int, what: str) -> np.ndarray:
    """Give vertices as an array of whole numbers, or raise."""
    given = np.asarray(given)
    if given.size == 0:
        return np.empty(0, dtype=np.int64)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise InputError(
            f"{what} must be a list of vertices (whole numbers), "
            f"not an array of {given.dtype} of shape {given.shape}"
        )
    if given.min() < 0 or given.max() >= vertices:
        wrong = given[(given < 0) | (given >= vertices)]
        raise InputError(f"{what} must be vertices from 0 to {vertices - 1}, not {some(wrong)}")
    return given.astype(np.int64)


def _costs(given: np.ndarray, instead_of: np.ndarray) -> np.ndarray:
    """Give costs as floats, or raise."""
    given = np.asarray(given, dtype=float)
    if given.shape != instead_of.shape or not (given >= 0).all():
        raise InputError(
            f"cost must hold a number for each of the {len(instead_of)} arcs, none negative or "
            "missing (infinity closes an arc)"
        )
    return given
