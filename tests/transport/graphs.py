"""Graphs that the tests of searches share."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from spatialreg.transport._arcs import Arcs
from spatialreg.transport._many_to_many import Dissected


def arcs_of(links, vertices, positions=None):
    """Give arcs from a list of (tail, head, cost)."""
    tail, head, cost = (np.array(c) for c in zip(*links, strict=True)) if links else ([], [], [])
    x, y = np.zeros((2, vertices)) if positions is None else np.asarray(positions, float).T
    ends = (np.asarray(end, dtype=np.int32) for end in (tail, head))
    return Arcs(vertices, *ends, np.asarray(cost, dtype=float), x, y)


def grid(side: int, rng: np.random.Generator, spread: float = 1.0) -> Arcs:
    """Make streets in both directions; with a large spread costs differ by orders of magnitude."""
    at = np.arange(side * side).reshape(side, side)
    a = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    b = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    cost = rng.lognormal(0, spread, 2 * len(a))
    tail, head = np.concatenate([a, b]), np.concatenate([b, a])
    x, y = np.divmod(np.arange(side * side, dtype=float), side)
    return Arcs(side * side, tail.astype(np.int32), head.astype(np.int32), cost, x, y)


def streets(side, seed=0, *, deleted=0.1, oneway=0.2, links=0, whole=False):
    """Give a square of crossings with gaps, one-way streets, islands and random long links."""
    rng = np.random.default_rng(seed)
    at = np.arange(side * side).reshape(side, side)
    a = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    b = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    kept = rng.random(len(a)) >= deleted
    far = rng.integers(0, side * side, (2, links))
    a, b = np.append(a[kept], far[0]), np.append(b[kept], far[1])
    cost = rng.integers(1, 100_000, len(a)) / 60_000 if whole else rng.exponential(1, len(a))
    two = rng.random(len(a)) >= oneway
    turned = rng.random(len(a)) < 0.5
    a, b = np.where(turned, b, a), np.where(turned, a, b)
    x, y = np.divmod(np.arange(side * side), side) + rng.uniform(-0.3, 0.3, (2, side * side))
    tail, head = np.concatenate([a, b[two]]), np.concatenate([b, a[two]])
    cost = np.concatenate([cost, cost[two]])
    return Arcs(side * side, tail.astype(np.int32), head.astype(np.int32), cost, x, y)


def searched(arcs, sources, targets, cost=None):
    """Give the matrix by scipy's Dijkstra, from a graph that scipy makes of the arcs."""
    cost = arcs.cost if cost is None else cost
    cheapest = {}
    for u, v, c in zip(arcs.tail.tolist(), arcs.head.tolist(), cost.tolist(), strict=True):
        cheapest[u, v] = min(c, cheapest.get((u, v), np.inf))
    pairs = np.array(list(cheapest), dtype=int).reshape(-1, 2).T
    shape = (arcs.vertices, arcs.vertices)
    matrix = sparse.csr_array((np.array(list(cheapest.values())), tuple(pairs)), shape=shape)
    return dijkstra(matrix, indices=np.asarray(sources, int))[:, np.asarray(targets, int)]


def eliminated(arcs, sources, targets, *, workers=None, **options):
    """Give the matrix by elimination."""
    return Dissected(arcs, workers=workers).times(sources, targets, **options)
