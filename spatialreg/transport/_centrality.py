"""How central a vertex is: closeness, harmonic closeness and betweenness, by cost.

All three come from one search a source. Their definitions and their treatment of graphs in several
parts are networkx's. Costs count as equal where they are equal to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._compiled import compiled, processors, sharing
from ..errors import InputError
from ._arcs import Arcs
from ._searches._inputs import checked_vertices, turned
from ._searches._nearest import NOTHING_WANTED, Direction
from ._searches._queues import Graph, Room, clear, graph_of, new_room, search, search_by_heap
from ._searches._ties import arc_between

_PARTS = 4  # sums are taken in so many parts, whatever the number of processors


def closeness(
    arcs: Arcs, vertices: np.ndarray | None = None, *, direction: Direction = "to"
) -> np.ndarray:
    """Give the inverse of the mean cost between a vertex and all those that it is joined to.

    With ``r`` the vertices that can go to it, itself among them, ``n`` all vertices, and ``d``
    their costs: ``(r - 1) / sum(d) * (r - 1) / (n - 1)``. The second factor makes vertices of small
    parts less central (Wasserman and Faust 1994, formula 5.22).

    Parameters
    ----------
    arcs : Arcs
    vertices : ndarray of int, shape (v,), optional
        Of which; all by default, at one search each.
    direction : {'to', 'from'}
        Costs of going to the vertex, as networkx counts them, or from it.

    Returns
    -------
    ndarray of float64, shape (v,)
        Per unit of cost; zero where nothing is joined to a vertex or all is at no cost.

    Examples
    --------
    >>> import numpy as np
    >>> tail, head = np.array([[0, 1, 1, 2], [1, 0, 2, 1]], dtype=np.int32)
    >>> path = Arcs(3, tail, head, np.array([2.0, 2.0, 3.0, 3.0]), np.arange(3.0), np.zeros(3))
    >>> closeness(path)
    array([0.28571429, 0.4       , 0.25      ])
    """
    total, _, joined = _summed(arcs, vertices, direction)
    others = joined - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = others / total * others / (arcs.vertices - 1)
    return np.where(total > 0, ratio, 0.0)


def harmonic(
    arcs: Arcs, vertices: np.ndarray | None = None, *, direction: Direction = "to"
) -> np.ndarray:
    """Give the sum of ``1 / d`` over all others (Marchiori and Latora 2000).

    Those that are not joined to the vertex add nothing; nor, as in networkx, do those at no cost.

    Parameters
    ----------
    arcs, vertices, direction
        As for :func:`closeness`.

    Returns
    -------
    ndarray of float64, shape (v,)
        Vertices per unit of cost, not divided by their number.

    Examples
    --------
    >>> import numpy as np
    >>> tail, head = np.array([[0, 1, 1, 2], [1, 0, 2, 1]], dtype=np.int32)
    >>> path = Arcs(3, tail, head, np.array([2.0, 2.0, 2.0, 2.0]), np.arange(3.0), np.zeros(3))
    >>> harmonic(path)
    array([0.75, 1.  , 0.75])
    """
    return _summed(arcs, vertices, direction)[1]


@dataclass(frozen=True, eq=False)
class Betweenness:
    """How many cheapest paths lead through each vertex and each arc.

    Attributes
    ----------
    vertex : ndarray of float64, shape (n,)
    arc : ndarray of float64, shape (m,)
        Of parallel arcs only the cheapest, and of these the first, is passed through.
    vertex_error, arc_error : ndarray of float64, or None
        Standard errors where the sources are a sample.
    """

    vertex: np.ndarray
    arc: np.ndarray
    vertex_error: np.ndarray | None = None
    arc_error: np.ndarray | None = None


def betweenness(
    arcs: Arcs,
    *,
    sources: np.ndarray | None = None,
    sample: int | None = None,
    normalised: bool = True,
    rng: int | np.random.Generator | None = None,
) -> Betweenness:
    """Give the sum, over pairs of vertices, of the share of their cheapest paths through each.

    By the algorithm of Brandes (2001), as networkx counts on a directed graph: the ends of a path
    are not on it, pairs that are not joined add nothing. Paths through arcs without cost follow the
    order in which a search settles them, for otherwise they might have no end.

    Parameters
    ----------
    arcs : Arcs
    sources : ndarray of int, optional
        Only pairs that begin at these vertices; parts of all sources add up to the whole.
    sample : int, optional
        Estimate the whole from so many sources, drawn without replacement. Not with `sources`.
    normalised : bool
        Divide by the number of pairs: ``(n - 1) (n - 2)`` for vertices, ``n (n - 1)`` for arcs.
    rng : int or numpy.random.Generator, optional
        For `sample` only, and needed there.

    Returns
    -------
    Betweenness
        The estimate from a sample of ``k`` of ``n`` sources is ``n`` times the mean of their parts;
        with ``s`` the standard deviation of these, its standard error is
        ``n s sqrt((1 - k / n) / k)``.

    Raises
    ------
    InputError
        Arguments that exclude one another; a sample smaller than two or larger than ``n``.

    Examples
    --------
    >>> import numpy as np
    >>> tail, head = np.array([[0, 1, 1, 2], [1, 0, 2, 1]], dtype=np.int32)
    >>> path = Arcs(3, tail, head, np.ones(4), np.arange(3.0), np.zeros(3))
    >>> betweenness(path, normalised=False).vertex
    array([0., 2., 0.])
    """
    n = arcs.vertices
    if sample is None:
        if rng is not None:
            raise InputError("rng is used only with sample: pass sample, or leave out rng")
        seeds = _all_or(sources, n)
    else:
        seeds = _drawn(sources, sample, rng, n)
    parts = _accumulated(graph_of(arcs), seeds, squares=sample is not None)
    factor = {"vertex": 1 / max((n - 1) * (n - 2), 1), "arc": 1 / max(n * (n - 1), 1)}
    found: dict[str, Any] = {}
    for name, (total, squared) in zip(("vertex", "arc"), parts, strict=True):
        scale = factor[name] if normalised else 1.0
        if sample is not None:
            spread = np.sqrt(np.maximum(squared - total**2 / sample, 0) / (sample - 1))
            found[f"{name}_error"] = scale * n * spread * np.sqrt((1 - sample / n) / sample)
            scale *= n / sample
        found[name] = scale * total
    for name in [name for name in found if name.startswith("arc")]:
        found[name] = _by_position(arcs, found[name])
    return Betweenness(**found)


def _all_or(vertices: Any, n: int) -> np.ndarray:
    if vertices is None:
        return np.arange(n, dtype=np.int32)
    return checked_vertices(vertices, n, "vertices")


def _drawn(sources: Any, sample: int, rng: int | np.random.Generator | None, n: int) -> np.ndarray:
    if sources is not None:
        raise InputError("sample draws from all sources: pass sample or sources, not both")
    if rng is None:
        raise InputError("a sample needs rng, a seed or a numpy.random.Generator")
    if not 2 <= sample <= n:
        raise InputError(f"sample must be from 2 to the number of vertices, {n}, not {sample}")
    drawn = np.random.default_rng(rng).choice(n, sample, replace=False)
    return np.sort(drawn).astype(np.int32)


def _summed(
    arcs: Arcs, vertices: Any, direction: Direction
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give for each vertex the sums of costs and of inverse costs, and how many were reached."""
    graph = graph_of(arcs, turned=turned(direction))
    seeds = _all_or(vertices, arcs.vertices)
    sums = np.zeros((3, len(seeds)))

    def loop(start: int, stop: int) -> None:
        room = new_room(graph, np.inf)
        _sum_costs(graph, seeds[start:stop], room, NOTHING_WANTED, sums[:, start:stop])

    with sharing(min(processors(), max(len(seeds) // 8, 1))) as share:
        share(loop, len(seeds))
    return sums[0], sums[1], sums[2]


def _accumulated(
    graph: Graph, seeds: np.ndarray, *, squares: bool
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Sum the parts of all sources, and their squares, at each vertex and each arc of `graph`.

    Slices of the sources are summed by themselves and put together in order, so that the result
    does not hang on the number of processors.
    """
    sizes = (len(graph.indptr) - 1, len(graph.cost))
    tables = [np.zeros((_PARTS, 2 if squares else 1, size)) for size in sizes]
    cuts = [len(seeds) * part // _PARTS for part in range(_PARTS + 1)]

    def loop(start: int, stop: int) -> None:
        for part in range(start, stop):
            room = new_room(graph, np.inf)
            mine = seeds[cuts[part] : cuts[part + 1]]
            _accumulate(graph, mine, room, NOTHING_WANTED, tables[0][part], tables[1][part])

    with sharing(min(processors(), _PARTS) if len(seeds) >= 2 * _PARTS else 1) as share:
        share(loop, _PARTS)
    return [(table[:, 0].sum(axis=0), table[:, -1].sum(axis=0)) for table in tables]


def _by_position(arcs: Arcs, values: np.ndarray) -> np.ndarray:
    """Bring values of the merged arcs to the positions of all arcs."""
    found = np.zeros(len(arcs.cost))
    taken = np.zeros(len(values), dtype=np.uint8)
    _spread(graph_of(arcs), arcs.tail, arcs.head, arcs.cost, values, taken, found)
    return found


@compiled
def _spread(
    graph: Graph,
    tail: np.ndarray,
    head: np.ndarray,
    cost: np.ndarray,
    values: np.ndarray,
    taken: np.ndarray,
    found: np.ndarray,
) -> None:
    """Fill `found` at the first of the cheapest parallel arcs."""
    for i in range(len(tail)):
        if tail[i] != head[i]:
            e = arc_between(graph, tail[i], head[i])
            if cost[i] == graph.cost[e] and not taken[e]:
                taken[e] = 1
                found[i] = values[e]


@compiled
def _sum_costs(
    graph: Graph, sources: np.ndarray, room: Room, wanted: np.ndarray, sums: np.ndarray
) -> None:
    """Fill a column of `sums` for each source: costs, inverse costs, number of vertices."""
    cost, count, reached = room.cost, room.found, room.reached
    for i in range(len(sources)):
        search(graph, sources[i : i + 1], np.inf, room, wanted, -1)
        total, inverse = 0.0, 0.0
        for j in range(count[0]):
            d = cost[reached[j]]
            total += d
            if d > 0:
                inverse += 1 / d
        sums[0, i] = total
        sums[1, i] = inverse
        sums[2, i] = count[0]
        clear(room)


@compiled
def _accumulate(
    graph: Graph,
    sources: np.ndarray,
    room: Room,
    wanted: np.ndarray,
    by_vertex: np.ndarray,
    by_arc: np.ndarray,
) -> None:
    """Add each source's part to the first row of each table, and its square to a second if any.

    Paths are counted forwards in the order of cost. The part of a vertex is then, from the farthest
    back, a sum over its tight arcs: the share of the head's paths that come by the arc, times one
    (for the head) and the head's own part.
    """
    indptr, indices, arc, _ = graph
    cost, count, order = room.cost, room.found, room.reached
    n, squares = len(cost), len(by_vertex) == 2
    paths, part, rank = np.zeros(n), np.zeros(n), np.zeros(n, dtype=np.int32)
    for k in range(len(sources)):
        s = sources[k]
        search_by_heap(graph, sources[k : k + 1], np.inf, room, wanted, -1)
        for i in range(count[0]):
            rank[order[i]] = i
            paths[order[i]] = 0.0
            part[order[i]] = 0.0
        paths[s] = 1.0
        for i in range(count[0]):
            u = order[i]
            for e in range(indptr[u], indptr[u + 1]):
                v = indices[e]
                if cost[u] + arc[e] == cost[v] and rank[v] > i:
                    paths[v] += paths[u]
        for i in range(count[0] - 1, -1, -1):
            u = order[i]
            for e in range(indptr[u], indptr[u + 1]):
                v = indices[e]
                if cost[u] + arc[e] == cost[v] and rank[v] > i:
                    share = paths[u] / paths[v] * (1 + part[v])
                    part[u] += share
                    by_arc[0, e] += share
                    if squares:
                        by_arc[1, e] += share * share
            if u != s:
                by_vertex[0, u] += part[u]
                if squares:
                    by_vertex[1, u] += part[u] * part[u]
        clear(room)
