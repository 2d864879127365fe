"""How elimination is shared out: whole subtrees to threads, and what lies above them for the end.

Subtrees do not touch each other's vertices, so threads need not wait for one another. What the top
of a subtree hands to its parent is set aside until all are done.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._compiled import compiled
from ._dissection import Dissection
from ._symbolic import Fronts

_BATCHES = 64  # tasks at most; a single subtree among them has at most a quarter of a fair share


class Shares(NamedTuple):
    """Who eliminates what.

    Attributes
    ----------
    tasks : list of ndarray
        Nodes of one subtree or several neighbouring ones, ascending.
    rest : ndarray
        All other nodes, ascending: for one thread, after the tasks.
    handed_at : ndarray of int64, shape (nodes,)
        Where the top of a subtree leaves what it hands to its parent; -1 for all other nodes.
    handed_size : int
    """

    tasks: list[np.ndarray]
    rest: np.ndarray
    handed_at: np.ndarray
    handed_size: int


def share_out(parts: Dissection, fronts: Fronts, workers: int) -> Shares:
    """Share the nodes out among threads; a single one gets all as the rest."""
    parent = parts.parent
    handed_at = np.full(len(parent), -1, dtype=np.int64)
    if workers <= 1 or not len(parent):
        return Shares([], np.arange(len(parent)), handed_at, 0)
    work = _work_below(parent, fronts.work)
    small = work <= fronts.work.sum() / (4 * workers)
    tops = np.flatnonzero(small & ~((parent >= 0) & small[parent]))
    size = np.diff(fronts.begin)[tops] ** 2
    handed_at[tops] = np.cumsum(size) - size
    # whatever lies below a small node is small, and belongs to the next top in the order
    nodes = np.flatnonzero(small)
    due = np.cumsum(work[tops])
    batch = np.floor(due / due[-1:] * (_BATCHES - 1))[np.searchsorted(tops, nodes)]
    tasks = np.split(nodes, np.flatnonzero(np.diff(batch)) + 1) if len(nodes) else []
    return Shares(tasks, np.flatnonzero(~small), handed_at, int(size.sum()))


@compiled
def _work_below(parent: np.ndarray, work: np.ndarray) -> np.ndarray:
    """Give the work of each node with all below it."""
    total = work.copy()
    for node in range(len(parent)):
        if parent[node] >= 0:
            total[parent[node]] += total[node]
    return total


@compiled
def most_stacked(nodes: np.ndarray, fronts: Fronts, handed_at: np.ndarray) -> int:
    """Count the numbers that lie on the stack at most while these nodes are eliminated."""
    now = 0
    most = 0
    for node in nodes:
        child = fronts.last_child[node]
        while child >= 0:
            if handed_at[child] < 0:
                now -= (fronts.begin[child + 1] - fronts.begin[child]) ** 2
            child = fronts.sibling[child]
        if handed_at[node] < 0:
            now += (fronts.begin[node + 1] - fronts.begin[node]) ** 2
        most = max(most, now)
    return most
