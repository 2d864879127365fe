"""A directed graph as arrays: what every search of a network walks on.

A network of nodes, edges and modes is compiled into vertices and arcs, once for each question; the
searches know nothing of labels, dates or modes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

Compressed = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Arcs:
    """Vertices 0 to ``vertices - 1``, and arcs between them with their costs.

    Attributes
    ----------
    vertices : int
    tail, head : ndarray of int32, shape (m,)
        Where each arc begins and ends. Parallel arcs and arcs from a vertex to itself may occur.
    cost : ndarray of float64, shape (m,)
        Finite and not negative; zero is allowed.
    x, y : ndarray of float64, shape (vertices,)
        Positions in any unit. They change how fast a search is and nothing else.
    """

    vertices: int
    tail: np.ndarray
    head: np.ndarray
    cost: np.ndarray
    x: np.ndarray
    y: np.ndarray

    @cached_property
    def forward(self) -> Compressed:
        """Arcs by their tail, parallel ones merged to the cheapest: (indptr, indices, cost)."""
        return _compressed(self.tail, self.head, self.cost, self.vertices)

    @cached_property
    def backward(self) -> Compressed:
        """Arcs by their head, parallel ones merged to the cheapest: (indptr, indices, cost)."""
        return _compressed(self.head, self.tail, self.cost, self.vertices)

    def reversed(self) -> Arcs:
        """Give the graph with every arc turned round."""
        turned = Arcs(self.vertices, self.head, self.tail, self.cost, self.x, self.y)
        for name, other in (("forward", "backward"), ("backward", "forward")):
            if other in self.__dict__:  # do not sort again what has been sorted
                turned.__dict__[name] = self.__dict__[other]
        return turned

    def matrix(self) -> sparse.csr_array:
        """Give the arcs by their tail as scipy's graph routines take them."""
        indptr, indices, cost = self.forward
        return sparse.csr_array((cost, indices, indptr), shape=(self.vertices, self.vertices))


def _compressed(
    first: np.ndarray, second: np.ndarray, cost: np.ndarray, vertices: int
) -> Compressed:
    order = np.lexsort((cost, second, first))
    first, second, cost = first[order], second[order], cost[order]
    kept = np.ones(len(first), dtype=bool)
    kept[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    kept &= first != second
    indptr = np.zeros(vertices + 1, dtype=np.int32)
    np.cumsum(np.bincount(first[kept], minlength=vertices), out=indptr[1:])
    return indptr, second[kept].astype(np.int32), cost[kept]
