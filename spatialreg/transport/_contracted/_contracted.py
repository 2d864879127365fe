"""A graph with what is easy taken out of it, to be asked for travel times."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..._compiled import processors, sharing
from ..._nearby import neighbouring
from .._arcs import Arcs, Compressed
from .._searches import dense
from .._searches._inputs import checked_vertices
from ._contraction import Lists, contract
from ._neighbours import both_ways
from ._ways import Climbed, Up, above, climb, descend

_SOURCES = 256  # whose costs are handed down at once,
_NUMBERS = 2**25  # or fewer, for so many numbers in all


class Contracted:
    """A graph whose vertices with few neighbours have been taken out.

    Parameters
    ----------
    arcs : Arcs

    Attributes
    ----------
    arcs : Arcs
    core : Arcs
        What is left, with arcs for the ways through what was taken out.

    Examples
    --------
    >>> import numpy as np
    >>> from spatialreg.transport._arcs import Arcs
    >>> ends = np.array([[0, 1, 2], [1, 2, 0]], np.int32)
    >>> graph = Contracted(Arcs(4, *ends, np.array([1.0, 2.0, 4.0]), np.zeros(4), np.zeros(4)))
    >>> graph.times(np.array([0, 1]), np.array([0, 2, 3]))
    array([[ 0.,  3., inf],
           [ 6.,  2., inf]])
    """

    def __init__(self, arcs: Arcs) -> None:
        self.arcs = arcs
        # copies: an array that cannot be written to is another type, and would be compiled for anew
        tail, head = np.array(arcs.tail, np.int32), np.array(arcs.head, np.int32)
        order, lists = contract(*both_ways(tail, head, np.array(arcs.cost), arcs.vertices))
        stays = np.ones(arcs.vertices, dtype=bool)
        stays[order] = False
        kept = np.flatnonzero(stays)
        # neighbours next to each other: what is searched together lies together in memory
        kept = kept[neighbouring(arcs.x[kept], arcs.y[kept])]
        self._outside = len(order)
        self._number = np.empty(arcs.vertices, dtype=np.int32)
        self._number[np.concatenate([order, kept])] = np.arange(arcs.vertices, dtype=np.int32)
        self._up = Up(*self._listed(lists, order))
        indptr, to, out, back = self._listed(lists, kept)
        to -= self._outside
        tail = np.repeat(np.arange(len(kept), dtype=np.int32), np.diff(indptr))
        there = np.isfinite(out)
        ends = tail[there], to[there]
        self.core = Arcs(len(kept), *ends, out[there], arcs.x[kept], arcs.y[kept])
        # the lists are in the order of the core's vertices already
        vars(self.core).update(forward=_rows(indptr, to, out), backward=_rows(indptr, to, back))

    @cached_property
    def _turned(self) -> Arcs:
        return self.core.reversed()

    def _listed(
        self, lists: Lists, vertices: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Give the neighbours of some vertices one after the other, by their new numbers."""
        indptr = np.zeros(len(vertices) + 1, dtype=np.int64)
        np.cumsum(lists.length[vertices], out=indptr[1:])
        at = np.arange(indptr[-1]) + np.repeat(lists.begin[vertices] - indptr[:-1], np.diff(indptr))
        return indptr, self._number[lists.other[at]], lists.out[at], lists.back[at]

    def times(
        self, sources: np.ndarray, targets: np.ndarray, *, cutoff: float = np.inf
    ) -> np.ndarray:
        """Give the least cost of a way from each source to each target.

        Parameters
        ----------
        sources, targets : ndarray of int
            Vertices, in any order; some may occur more than once.
        cutoff : float
            Longer ways are infinite.

        Returns
        -------
        ndarray of float64, shape (len(sources), len(targets))
            Infinite where there is no way.

        Raises
        ------
        InputError
            A source or target is no vertex.
        """
        sources = checked_vertices(sources, self.arcs.vertices, "sources")
        targets = checked_vertices(targets, self.arcs.vertices, "targets")
        turned = len(targets) < len(sources)
        up, core = self._up, self.core
        if turned:
            sources, targets = targets, sources
            up, core = Up(up.indptr, up.to, up.back, up.out), self._turned
        begins, ends = self._number[sources], self._number[targets]
        needed = above(up, self.arcs.vertices, ends)
        times = np.empty((len(begins), len(ends)))
        # those near each other together: their searches go side by side
        x, y = self.arcs.x[sources], self.arcs.y[sources]
        order = neighbouring(x, y)
        size = min(_SOURCES, max(_NUMBERS // max(len(needed), 1), 1))
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            climbed = climb(up, self.arcs.vertices, begins[rows])
            at = (x[rows], y[rows])
            times[rows] = self._handed_down(up, core, climbed, needed, ends, at, cutoff)
        times[times > cutoff] = np.inf
        return times.T.copy() if turned else times

    def _handed_down(
        self,
        up: Up,
        core: Arcs,
        climbed: Climbed,
        needed: np.ndarray,
        ends: np.ndarray,
        at: tuple[np.ndarray, np.ndarray],
        cutoff: float,
    ) -> np.ndarray:
        """Search the core from where each source enters it, and hand the costs down."""
        slot = np.full(self.arcs.vertices, -1, dtype=np.int32)
        slot[needed] = np.arange(len(needed), dtype=np.int32)
        sources = len(climbed.indptr) - 1
        source = np.repeat(np.arange(sources), np.diff(climbed.indptr))
        inside = climbed.vertex >= self._outside
        counts = np.bincount(source[inside], minlength=sources)
        entries = Climbed(
            np.concatenate([[0], np.cumsum(counts)]),
            climbed.vertex[inside] - self._outside,
            climbed.cost[inside],
        )
        low = np.searchsorted(needed, self._outside)
        cost = np.full((len(needed), sources), np.inf)
        cost[low:] = _searched(core, entries, needed[low:] - self._outside, at, cutoff).T
        met = ~inside & (slot[climbed.vertex] >= 0)
        cost[slot[climbed.vertex[met]], source[met]] = climbed.cost[met]

        def loop(start: int, stop: int) -> None:
            part = cost[:, start:stop].copy()
            descend(up, needed, slot, part)
            cost[:, start:stop] = part

        with sharing(min(processors(), max(sources // 32, 1))) as share:
            share(loop, sources)
        return cost[slot[ends]].T


def _searched(
    core: Arcs,
    entries: Climbed,
    targets: np.ndarray,
    at: tuple[np.ndarray, np.ndarray],
    cutoff: float,
) -> np.ndarray:
    """Search the core from every source, which becomes a vertex with arcs to where it enters.

    Returns
    -------
    ndarray of float64, shape (sources, targets)
    """
    n, counts = core.vertices, np.diff(entries.indptr)
    sources = np.arange(n, n + len(counts), dtype=np.int32)
    indptr, indices, cost = core.forward
    graph = Arcs(
        n + len(counts),
        np.concatenate([core.tail, np.repeat(sources, counts)]),
        np.concatenate([core.head, entries.vertex]),
        np.concatenate([core.cost, entries.cost]),
        np.concatenate([core.x, at[0]]),
        np.concatenate([core.y, at[1]]),
    )
    # the rows of the sources follow those of the core, which are sorted already
    vars(graph)["forward"] = (
        np.concatenate([indptr, indptr[-1] + entries.indptr[1:]]).astype(np.int32),
        np.concatenate([indices, entries.vertex]),
        np.concatenate([cost, entries.cost]),
    )
    return dense(graph, sources, targets, cutoff)


def _rows(indptr: np.ndarray, other: np.ndarray, cost: np.ndarray) -> Compressed:
    """Leave out what is infinite: no arc leads there."""
    there = np.isfinite(cost)
    kept = np.concatenate([[0], np.cumsum(there)])[indptr]
    return kept.astype(np.int32), other[there], cost[there]
