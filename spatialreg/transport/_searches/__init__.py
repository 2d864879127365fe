"""Searches of a directed graph by its cheapest paths, each for a question of its own.

:func:`nearest` and :func:`k_nearest` answer for every vertex, :func:`within` for all that is
within a cut-off, :func:`dense` for few sources or targets, :func:`shortest_path` for one pair.
Vertices are numbers; labels, dates and modes are the business of the floors above. Matrices of
many by many have a module of their own.
"""

from __future__ import annotations

from ._k_nearest import k_nearest
from ._many import Reached, dense, dense_along, within
from ._nearest import NearestResult, nearest
from ._paths import paths_from_tree, shortest_path, tree_arcs

__all__ = [
    "NearestResult",
    "Reached",
    "dense",
    "dense_along",
    "k_nearest",
    "nearest",
    "paths_from_tree",
    "shortest_path",
    "tree_arcs",
    "within",
]
