"""Exact travel times from many vertices to many, by elimination.

Takes a graph as arrays (:class:`Arcs`), sources and targets; gives their matrix, whole or in
blocks of sources. The graph is cut into parts by small separators (``_dissection``), every vertex
but those of the separators above it is eliminated (``_symbolic``, ``_elimination``), and queries go
up the tree of separators and down again (``_query``). Whether that is less work than searches is
for the floor above to say (``transport._choice``).
"""

from __future__ import annotations

from ._dissected import Dissected

__all__ = ["Dissected"]
