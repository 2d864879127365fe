"""Many networks that are choices of the edges of one, compiled once.

Where the same question is put to hundreds of networks that differ by a few lines, compiling each
from its frames takes longer than the search. Here the network of all edges is compiled, and each
choice takes its arcs from that.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ._arcs import Arcs
from ._network import Network
from ._routable import NO_EDGE, READY, Routable, routable


class EdgeChoices:
    """Networks made of some edges of one.

    Parameters
    ----------
    network : Network
        With every edge that may be chosen; a label may stand twice, for an edge that altered, if
        no choice takes both. Its nodes board where they do in any choice.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._compiled: dict[str, Routable] = {}

    def network(self, chosen: np.ndarray, boards: np.ndarray) -> Network:
        """Give the network of the chosen edges.

        Parameters
        ----------
        chosen : ndarray of bool, shape (edges,)
        boards : ndarray of bool, shape (nodes,)
            Where travellers get on and off.

        Returns
        -------
        Network
            The same as one made of these frames, and compiled in less time. What is derived from it
            (``.at``, ``.without``) is compiled anew.
        """
        nodes = self._network.nodes.assign(boards=boards)
        made = replace(self._network, nodes=nodes, edges=self._network.edges[chosen])
        vars(made)[READY] = lambda by: self._taken(by, chosen, boards)
        return made

    def _taken(self, by: str, chosen: np.ndarray, boards: np.ndarray) -> Routable:
        if by not in self._compiled:
            self._compiled[by] = routable(self._network, by=by)
        full = self._compiled[by]
        ride = full.edge != NO_EDGE
        # platforms without trains stay: they lead nowhere
        kept = np.where(ride, chosen[full.edge], boards[full.node[full.arcs.tail]])
        edge = np.where(ride, (np.cumsum(chosen) - 1)[full.edge], NO_EDGE)
        arcs = full.arcs
        return Routable(
            Arcs(
                arcs.vertices, arcs.tail[kept], arcs.head[kept], arcs.cost[kept], arcs.x, arcs.y
            ),
            edge[kept],
            full.length[kept],
            full.step[kept],
            full.node,
        )  # fmt: skip
