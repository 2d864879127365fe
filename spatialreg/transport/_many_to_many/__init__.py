"""Exact travel times from many vertices to many, by elimination where that is the less work.

Takes a graph as arrays (:class:`Arcs`), sources and targets; gives their matrix, whole or in
blocks of sources. The graph is cut into parts by small separators (``_dissection``), every vertex
but those of the separators above it is eliminated (``_symbolic``, ``_elimination``), and queries go
up the tree of separators and down again (``_query``). Where few are asked for, or where the graph
has no small separators, Dijkstra's searches are run instead (``_choice``). The answer is the same.
"""

from __future__ import annotations

from ._choice import Plan, many_to_many, many_to_many_blocks, plan, predicted_work
from ._dissected import Dissected

__all__ = ["Dissected", "Plan", "many_to_many", "many_to_many_blocks", "plan", "predicted_work"]
