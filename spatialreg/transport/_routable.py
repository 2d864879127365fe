"""A network compiled into vertices and arcs: how modes become a graph.

A node is one vertex, its place. Modes of one's own vehicle run between places. A mode with times of
boarding has vertices of its own at each node: a concourse, and a platform for each line::

    place --boarding--> concourse --waiting--> platform of line A --ride--> the next platform of A
                            ^                        |
                            +--------transfer--------+        platform --alighting--> place

So every change of line costs its transfer and another wait, and staying on a line costs nothing.
Where travellers do not board, platforms let trains through and the concourse is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ._arcs import Arcs
from ._network import Network

NO_EDGE = -1
# under this name a network may carry a function of `by` that gives it compiled
READY = "_ready"


@dataclass(frozen=True, eq=False)
class Routable:
    """A network as arcs, and what each arc and vertex was in the network.

    Attributes
    ----------
    arcs : Arcs
        Vertices 0 to ``len(network.nodes) - 1`` are the places, in the order of the nodes.
    edge : ndarray of int, shape (arcs,)
        Position of the edge that an arc rides along, ``NO_EDGE`` for getting on, off and over.
    length : ndarray of float, shape (arcs,)
        [m].
    step : ndarray of str, shape (arcs,)
        ``"ride"``, or the name of the time that is spent.
    node : ndarray of int, shape (vertices,)
        Position of the node at which a vertex stands.
    """

    arcs: Arcs
    edge: np.ndarray
    length: np.ndarray
    step: np.ndarray
    node: np.ndarray


def routable(network: Network, *, by: str = "minutes") -> Routable:
    """Compile a network.

    Parameters
    ----------
    network : Network
    by : {"minutes", "length_m"}
        What an arc costs.

    Returns
    -------
    Routable
    """
    if READY in vars(network):
        ready: Routable = vars(network)[READY](by)
        return ready
    nodes, edges = network.nodes, network.edges
    start = nodes.index.get_indexer(edges["start"])
    end = nodes.index.get_indexer(edges["end"])
    served = edges["mode"].isin(network.modes.index[(network.modes > 0).any(axis=1)]).to_numpy()
    platforms = _Platforms(edges[served], start[served], end[served], len(nodes))
    tail, head = start.astype(np.int64), end.astype(np.int64)
    tail[served], head[served] = platforms.ends()
    at = np.arange(len(edges))
    both = ~edges["oneway"].to_numpy()
    rides = pd.DataFrame(
        {
            "tail": np.r_[tail, head[both]],
            "head": np.r_[head, tail[both]],
            "minutes": np.r_[edges["minutes"], edges["minutes"][both]],
            "length_m": np.r_[edges["length_m"], edges["length_m"][both]],
            "edge": np.r_[at, at[both]],
            "step": "ride",
        }
    )
    boards = nodes["boards"].to_numpy()
    table = pd.concat([rides, *platforms.changes(network.modes, boards)], ignore_index=True)
    node = np.r_[np.arange(len(nodes)), platforms.node]
    lon, lat = nodes.geometry.x.to_numpy(), nodes.geometry.y.to_numpy()
    east = lon * shrink(network)
    arcs = Arcs(
        len(node),
        table["tail"].to_numpy(np.int32),
        table["head"].to_numpy(np.int32),
        table[by].to_numpy(float),
        east[node],
        lat[node],
    )
    return Routable(
        arcs,
        table["edge"].to_numpy(np.int64),
        table["length_m"].to_numpy(float),
        table["step"].to_numpy(object),
        node,
    )


def shrink(network: Network) -> float:
    """Give the factor by which longitudes are shortened in the positions of the graph."""
    lat = network.nodes.geometry.y
    return float(np.cos(np.radians(lat.mean()))) if len(lat) else 1.0


class _Platforms:
    """The vertices of modes with times: a concourse a node and mode, a platform a line of it."""

    def __init__(
        self, edges: pd.DataFrame, start: np.ndarray, end: np.ndarray, places: int
    ) -> None:
        touched = pd.DataFrame(
            {
                "node": np.r_[start, end],
                "mode": np.r_[edges["mode"], edges["mode"]],
                "line": np.r_[edges["line"].fillna(""), edges["line"].fillna("")],
            }
        )
        self._platform, self._touched = _numbered(touched, ["node", "mode", "line"])
        self._concourse, _ = _numbered(self._platform, ["node", "mode"])
        self._of = self._platform.merge(
            self._concourse.reset_index(names="concourse"), on=["node", "mode"], how="left"
        )["concourse"].to_numpy()
        self._first_platform = places
        self._first_concourse = places + len(self._platform)

    @property
    def node(self) -> np.ndarray:
        """Positions of the nodes of platforms, then of concourses."""
        return np.r_[self._platform["node"], self._concourse["node"]].astype(np.int64)

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Give the platforms between which each edge runs."""
        vertex = self._touched + self._first_platform
        half = len(vertex) // 2
        return vertex[:half], vertex[half:]

    def changes(self, modes: pd.DataFrame, boards: np.ndarray) -> list[pd.DataFrame]:
        """List the arcs of getting on, changing and getting off, where travellers may."""
        concourse, platform = self._concourse, self._platform
        hall = np.arange(len(concourse)) + self._first_concourse
        track = np.arange(len(platform)) + self._first_platform
        steps = (
            ("boarding", concourse, concourse["node"].to_numpy(), hall),
            ("waiting", platform, hall[self._of], track),
            ("transfer", platform, track, hall[self._of]),
            ("alighting", platform, track, platform["node"].to_numpy()),
        )
        tables = []
        for step, frame, tail, head in steps:
            open_here = boards[frame["node"].to_numpy(np.int64)]
            minutes = frame["mode"].map(modes[step]).to_numpy(float)
            arcs = pd.DataFrame({"tail": tail, "head": head, "minutes": minutes})
            tables.append(arcs.assign(length_m=0.0, edge=NO_EDGE, step=step)[open_here])
        return tables


def _numbered(frame: pd.DataFrame, keys: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Give the distinct rows of `keys`, sorted, and the number of each row among them."""
    groups = frame.groupby(keys, sort=True)
    distinct = groups.size().reset_index()[keys]
    return distinct, groups.ngroup().to_numpy(np.int64)
