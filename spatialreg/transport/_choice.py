"""Which way to a matrix of costs takes least: searches, a dissection or a contraction of the graph.

A search costs by the vertices that it reaches, a dissection by the whole graph, and hardly by the
number of sources; a contraction makes the graph that is searched smaller. All give the same matrix,
so this is a matter of time alone, and rough figures do. All are in one unit, a vertex settled by a
search (25 to 50 nanoseconds where the constants were measured, by two threads on street grids of
5,000 to a million vertices).

What a dissection costs is known only after the graph has been cut. Before, it is taken to be that
of a road network: separators as in a planar graph. After, the true sizes are put in their place,
and a graph that cannot be cut well falls back to a contraction, or to searches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ._arcs import Arcs
from ._searches import within

Method = Literal["searches", "dissection"]

_START = 10.0  # vertices that a search might settle in the time that it takes to begin and end
_READ = 0.05  # for each cost that is read off
_CUT = 2.4  # times n log2(n)
_ELIMINATE = 0.003  # for each step of the elimination
_QUERY = 0.0017  # for each entry of the packed blocks and source

# steps of the elimination over n ** 1.5, and entries over n log2(n), in street grids
_PLANAR_STEPS = 11.0
_PLANAR_ENTRIES = 1.2

_CONTRACT = 55.0  # for each vertex
_ARC = 0.1  # of a search, for each arc of a vertex
_CORE = 0.5  # of a search, before a contraction has been made

_PROBES = 8


@dataclass(frozen=True)
class Choice:
    """The method that is predicted to take less, and both predictions, in vertices settled.

    ``number`` searches are thought to reach ``reached`` vertices each.
    """

    method: Method
    searches: float
    dissection: float
    number: int
    reached: float


def chosen(
    arcs: Arcs,
    sources: np.ndarray,
    targets: np.ndarray,
    cutoff: float = np.inf,
    *,
    steps: float | None = None,
    entries: float | None = None,
) -> Choice:
    """Predict both methods for a matrix from `sources` to `targets`, and choose.

    Parameters
    ----------
    arcs : Arcs
    sources, targets : ndarray of int
        Vertices.
    cutoff : float
        In the unit of cost.
    steps, entries : float, optional
        Of a dissection that has been made, see :func:`predicted_dissection`.

    Returns
    -------
    Choice
        Searches where both predictions are equal.
    """
    fewer = sources if len(sources) <= len(targets) else targets
    graph = arcs if fewer is sources else arcs.reversed()
    reached = predicted_reach(graph, fewer, cutoff)
    searches = predicted_searches(len(fewer), reached, max(len(sources), len(targets)))
    dissection = predicted_dissection(arcs.vertices, len(fewer), steps, entries)
    method: Method = "searches" if searches <= dissection else "dissection"
    return Choice(method, searches, dissection, len(fewer), reached)


def predicted_reach(arcs: Arcs, sources: np.ndarray, cutoff: float) -> float:
    """Predict how many vertices a search reaches: the mean of a few sources, evenly taken.

    Without a cut-off, or without sources, all vertices. The few are at most one in sixteen of the
    sources (or one), so that asking does not cost what it is to save.
    """
    if math.isinf(cutoff) or len(sources) == 0:
        return float(arcs.vertices)
    probes = max(min(_PROBES, len(sources) // 16), 1)
    at = np.linspace(0, len(sources) - 1, probes + 2)[1:-1].astype(int)
    return len(within(arcs, np.asarray(sources)[at], cutoff).vertex) / probes


def predicted_searches(number: int, reached: float, read: int = 0) -> float:
    """Predict `number` searches that reach so many vertices, of which so many are read off each.

    Parameters
    ----------
    number : int
    reached : float
        Vertices a search, as from :func:`predicted_reach`.
    read : int
        Targets.

    Returns
    -------
    float
        In vertices settled.

    Examples
    --------
    >>> predicted_searches(20, 1_000)
    20200.0
    """
    return number * (_START + reached + _READ * read)


def predicted_dissection(
    vertices: int, sources: int, steps: float | None = None, entries: float | None = None
) -> float:
    """Predict a dissection of the graph, its elimination and one query for all sources.

    Parameters
    ----------
    vertices : int
    sources : int
        The smaller side of the matrix.
    steps : float, optional
        Of the elimination: the sum over the tree of ``S (S + B)**2``, for a separator of ``S``
        vertices with ``B`` on its boundary. By default that of a road network.
    entries : float, optional
        Of the packed blocks that a query reads: the sum of about ``S (S / 2 + B)`` over the
        ancestors of targets. By default that of a road network with targets everywhere.

    Returns
    -------
    float
        In vertices settled.
    """
    levels = math.log2(max(vertices, 2))
    if steps is None:
        steps = _PLANAR_STEPS * vertices**1.5
    if entries is None:
        entries = _PLANAR_ENTRIES * vertices * levels
    return _CUT * vertices * levels + _ELIMINATE * steps + _QUERY * entries * sources


def predicted_contraction(
    arcs: Arcs, number: int, reached: float, read: int = 0, core: Arcs | None = None
) -> float:
    """Predict a contraction of the graph and `number` searches of what is left.

    Parameters
    ----------
    arcs : Arcs
    number, reached, read
        As for :func:`predicted_searches`, of the whole graph.
    core : Arcs, optional
        What was left, once that is known.

    Returns
    -------
    float
        In vertices settled.
    """
    share = _CORE if core is None else _size(core) / max(_size(arcs), 1.0)
    return _CONTRACT * arcs.vertices + predicted_searches(number, share * reached, 2 * read)


def _size(arcs: Arcs) -> float:
    return arcs.vertices + _ARC * len(arcs.tail)
