"""The nearest of many facilities to every vertex: which, at what cost, and by which way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .._arcs import Arcs
from ._inputs import checked_cutoff, checked_second, checked_vertices, turned
from ._queues import new_room, search
from ._ties import follow_ties, graph_with

Direction = Literal["to", "from"]
NOTHING_WANTED = np.zeros(0, dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class NearestResult:
    """The nearest facility of each vertex.

    Attributes
    ----------
    cost : ndarray of float64, shape (n,)
        Infinite where no facility is within the cut-off.
    facility : ndarray of int32, shape (n,)
        Position in the facilities given; -1 where there is none.
    parent : ndarray of int32, shape (n,)
        The vertex one step nearer to the facility: the next on the way to it, or the last before on
        the way from it. -1 at the facility itself and where there is none.
    second : ndarray of float64, shape (n,), or None
        The second value summed along the way, infinite where there is none.
    direction : {'to', 'from'}
    """

    cost: np.ndarray
    facility: np.ndarray
    parent: np.ndarray
    second: np.ndarray | None
    direction: Direction


def nearest(
    arcs: Arcs,
    facilities: np.ndarray,
    *,
    cutoff: float = np.inf,
    direction: Direction = "to",
    second: np.ndarray | None = None,
) -> NearestResult:
    """Find the nearest facility of every vertex, in one search from all of them.

    Parameters
    ----------
    arcs : Arcs
    facilities : ndarray of int
        Vertices, in any order; one may occur more than once.
    cutoff : float
        In the unit of cost; a vertex at just this cost counts.
    direction : {'to', 'from'}
        The way there, from each vertex to a facility, or from a facility to each vertex.
    second : ndarray of float64, shape (m,), optional
        Another value of each arc, not negative, to be summed along the way: metres where the cost
        is minutes.

    Returns
    -------
    NearestResult
        Of facilities equally near the one given first. Costs are sums from the facility outwards,
        and equal to the last bit what scipy's Dijkstra gives (for ``'to'`` on the reversed graph).

    Raises
    ------
    InputError
        A facility is no vertex, or an argument is negative or missing.

    Examples
    --------
    A one-way street from 0 to 1 to 2:

    >>> import numpy as np
    >>> street = Arcs(3, *np.array([[0, 1], [1, 2]], dtype=np.int32), np.array([3.0, 4.0]),
    ...               np.arange(3.0), np.zeros(3))
    >>> nearest(street, np.array([1])).cost
    array([ 3.,  0., inf])
    >>> nearest(street, np.array([1]), direction="from").cost
    array([inf,  0.,  4.])
    """
    seeds = checked_vertices(facilities, arcs.vertices, "facilities")
    cutoff = checked_cutoff(cutoff)
    second = checked_second(second, arcs)
    graph = graph_with(arcs, second, turned=turned(direction))
    room = new_room(graph, cutoff, labelled=True, summing=second is not None)
    if search(graph, seeds, cutoff, room, NOTHING_WANTED, -1):
        follow_ties(graph, seeds, room)
    along = None if second is None else room.along
    return NearestResult(room.cost, room.facility, room.parent, along, direction)
