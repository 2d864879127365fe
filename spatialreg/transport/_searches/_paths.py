"""Paths as arcs: from one vertex to another, or through the tree that a search has left."""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled
from .._arcs import Arcs
from ._inputs import checked_second, checked_vertices, turned
from ._nearest import Direction
from ._queues import new_room, search
from ._ties import follow_ties, graph_with


def shortest_path(
    arcs: Arcs, source: int, target: int, *, second: np.ndarray | None = None
) -> np.ndarray | None:
    """Find a cheapest path.

    Parameters
    ----------
    arcs : Arcs
    source, target : int
        Vertices.
    second : ndarray of float64, shape (m,), optional
        Another value of each arc, not negative: of paths that cost the same, one with the least sum
        of it.

    Returns
    -------
    ndarray of int32 or None
        Positions in ``arcs.tail`` in the order of travel; none of them where source and target are
        one vertex. None where there is no way. Of parallel arcs the cheapest, then that of the
        least second value, then the first.

    Raises
    ------
    InputError
        Source or target is no vertex, or `second` does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> street = Arcs(3, *np.array([[1, 0], [2, 1]], dtype=np.int32), np.array([4.0, 3.0]),
    ...               np.arange(3.0), np.zeros(3))
    >>> shortest_path(street, 0, 2)
    array([1, 0], dtype=int32)
    >>> shortest_path(street, 2, 0) is None
    True
    """
    begin, end = (
        checked_vertices(np.array([v]), arcs.vertices, what)
        for v, what in ((source, "source"), (target, "target"))
    )
    second = checked_second(second, arcs)
    graph = graph_with(arcs, second, turned=False)
    room = new_room(graph, np.inf, labelled=True, summing=second is not None)
    wanted = np.zeros(arcs.vertices, dtype=np.uint8)
    wanted[end] = 1
    if search(graph, begin, np.inf, room, wanted, 1):
        follow_ties(graph, begin, room)
    if np.isinf(room.cost[end[0]]):
        return None
    of_tree = tree_arcs(arcs, room.parent, direction="from", second=second)
    return paths_from_tree(room.parent, of_tree, end, direction="from")[1]


def tree_arcs(
    arcs: Arcs, parent: np.ndarray, *, direction: Direction, second: np.ndarray | None = None
) -> np.ndarray:
    """Find the arc between each vertex and its parent.

    Parameters
    ----------
    arcs : Arcs
    parent : ndarray of int32, shape (n,)
        As in :class:`NearestResult`.
    direction : {'to', 'from'}
        As the search went: arcs lead to the parent, or from it.
    second : ndarray of float64, shape (m,), optional
        The value that the search was given.

    Returns
    -------
    ndarray of int32, shape (n,)
        Positions in ``arcs.tail``, -1 where there is no parent.
    """
    leads_to = turned(direction)
    given = checked_second(second, arcs)
    found = np.full(arcs.vertices, -1, dtype=np.int32)
    below, above = (arcs.tail, arcs.head) if leads_to else (arcs.head, arcs.tail)
    _match(parent, below, above, arcs.cost, arcs.cost if given is None else given, found)
    return found


def paths_from_tree(
    parent: np.ndarray, of_tree: np.ndarray, vertices: np.ndarray, *, direction: Direction
) -> tuple[np.ndarray, np.ndarray]:
    """Follow the tree from each of many vertices to its root, or from the root to each.

    Parameters
    ----------
    parent, of_tree : ndarray of int32, shape (n,)
        As from a search, and from :func:`tree_arcs`.
    vertices : ndarray of int, shape (v,)
    direction : {'to', 'from'}
        As the search went.

    Returns
    -------
    indptr : ndarray of int64, shape (v + 1,)
    arc : ndarray of int32
        Path ``i`` has the arcs from ``indptr[i]`` to ``indptr[i + 1]``, in the order of travel. A
        root and a vertex that was not reached have none: the cost tells one from the other.
    """
    leads_to = turned(direction)
    starts = checked_vertices(vertices, len(parent), "vertices")
    indptr = np.zeros(len(starts) + 1, dtype=np.int64)
    _measure(parent, starts, indptr)
    arc = np.empty(indptr[-1], dtype=np.int32)
    _walk(parent, of_tree, starts, leads_to, indptr, arc)
    return indptr, arc


@compiled
def _match(
    parent: np.ndarray,
    below: np.ndarray,
    above: np.ndarray,
    cost: np.ndarray,
    second: np.ndarray,
    found: np.ndarray,
) -> None:
    """Fill `found` in one pass over all arcs, each of which may join a vertex to its parent."""
    for e in range(len(below)):
        v = below[e]
        if parent[v] == above[e]:
            best = found[v]
            if (
                best < 0
                or cost[e] < cost[best]
                or (cost[e] == cost[best] and second[e] < second[best])
            ):
                found[v] = e


@compiled
def _measure(parent: np.ndarray, vertices: np.ndarray, indptr: np.ndarray) -> None:
    """Fill `indptr` by counting the steps from each vertex to its root."""
    for i in range(len(vertices)):
        v, steps = vertices[i], 0
        while parent[v] >= 0:
            v = parent[v]
            steps += 1
        indptr[i + 1] = indptr[i] + steps


@compiled
def _walk(
    parent: np.ndarray,
    of_tree: np.ndarray,
    vertices: np.ndarray,
    leads_to: bool,
    indptr: np.ndarray,
    arc: np.ndarray,
) -> None:
    """Fill `arc` with the steps from each vertex to its root, backwards where arcs lead from it."""
    for i in range(len(vertices)):
        v, step = vertices[i], 0
        while parent[v] >= 0:
            arc[indptr[i] + step if leads_to else indptr[i + 1] - 1 - step] = of_tree[v]
            v = parent[v]
            step += 1
