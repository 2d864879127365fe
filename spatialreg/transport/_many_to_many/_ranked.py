"""Arcs between ranks, grouped by the end that is eliminated first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._compiled import compiled


class RankedArcs(NamedTuple):
    """For each vertex, the arcs that join it to vertices of higher rank.

    Attributes
    ----------
    leaving, arriving : ndarray of int64, shape (n + 1,)
        Arcs that leave rank ``r`` are ``leaving[r]`` to ``leaving[r + 1] - 1``; likewise those that
        arrive at it.
    to, come : ndarray of int32
        Their other ends.
    to_cost, come_cost : ndarray
    """

    leaving: np.ndarray
    to: np.ndarray
    to_cost: np.ndarray
    arriving: np.ndarray
    come: np.ndarray
    come_cost: np.ndarray


@compiled
def by_lower_rank(
    tail: np.ndarray, head: np.ndarray, cost: np.ndarray, rank: np.ndarray
) -> RankedArcs:
    """Group arcs by their lower end: counted first, then entered. Loops are left out."""
    vertices = len(rank)
    leaving = np.zeros(vertices + 1, np.int64)
    arriving = np.zeros(vertices + 1, np.int64)
    for arc in range(len(tail)):
        u, v = rank[tail[arc]], rank[head[arc]]
        if u < v:
            leaving[u + 1] += 1
        elif v < u:
            arriving[v + 1] += 1
    for r in range(vertices):
        leaving[r + 1] += leaving[r]
        arriving[r + 1] += arriving[r]
    free_leaving = leaving[:vertices].copy()
    free_arriving = arriving[:vertices].copy()
    to = np.empty(leaving[vertices], np.int32)
    to_cost = np.empty(leaving[vertices], cost.dtype)
    come = np.empty(arriving[vertices], np.int32)
    come_cost = np.empty(arriving[vertices], cost.dtype)
    for arc in range(len(tail)):
        u, v = rank[tail[arc]], rank[head[arc]]
        if u < v:
            to[free_leaving[u]] = v
            to_cost[free_leaving[u]] = cost[arc]
            free_leaving[u] += 1
        elif v < u:
            come[free_arriving[v]] = u
            come_cost[free_arriving[v]] = cost[arc]
            free_arriving[v] += 1
    return RankedArcs(leaving, to, to_cost, arriving, come, come_cost)
