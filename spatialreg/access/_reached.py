"""What is reached along a network: pieces of edges, with the times at their ends.

An edge of one's own vehicle is entered from its ends (one-way edges from one), and from where a
facility is joined to it. Along each part between such points the time is the lower of two linear
functions. Cut where these meet and where the break falls, it falls into pieces along which time is
linear, and which lines and areas are made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from scipy.sparse.csgraph import dijkstra

from .._crs import equal_area_crs
from ..transport import Connectors, Network
from ..transport._connect import drawn_edges
from ..transport._question import Question, asked
from ..transport._routable import NO_EDGE

_SEARCHES = 64  # at a time: a row of every vertex each


@dataclass(frozen=True, eq=False)
class Stretches:
    """Edges of one's own vehicle, cut where facilities join them.

    Attributes
    ----------
    edge : ndarray of int
        Position of the edge in the network.
    share : ndarray of float, shape (stretches, 2)
        Where on the edge it starts and ends, from 0 to 1.
    vertex : ndarray of int, shape (stretches, 2)
        The vertices of the graph at its ends.
    minutes : ndarray of float
        What it takes along the whole stretch [min].
    ahead, back : ndarray of bool
        Whether a point on it has a way through the vertex at its start, and at its end.
    """

    edge: np.ndarray
    share: np.ndarray
    vertex: np.ndarray
    minutes: np.ndarray
    ahead: np.ndarray
    back: np.ndarray


@dataclass(frozen=True, eq=False)
class Pieces:
    """Parts of edges along which time is linear.

    Attributes
    ----------
    edge : ndarray of int
    share : ndarray of float, shape (pieces, 2)
    time : ndarray of float, shape (pieces, 2)
        At their ends [min].
    """

    edge: np.ndarray
    share: np.ndarray
    time: np.ndarray


@dataclass(frozen=True, eq=False)
class Search:
    """Facilities on a network, ready to be searched from.

    Attributes
    ----------
    network : Network
    question : Question
    connectors : Connectors
    points : GeoSeries or None
        The facilities in EPSG:4326; None where they are nodes.
    metric : CRS
        Equal-area.
    stretches : Stretches
    nodes : ndarray of int
        Nodes at which one may leave the network, and whose surroundings no stretch covers.
    towards : bool
        Whether times are those to the facilities, instead of from them.
    """

    network: Network
    question: Question
    connectors: Connectors
    points: gpd.GeoSeries | None
    metric: CRS
    stretches: Stretches
    nodes: np.ndarray
    towards: bool

    @property
    def words(self) -> str:
        """The model in words."""
        off = self.connectors
        where = "anywhere" if len(self.stretches.edge) else "at nodes"
        far = "" if np.isinf(off.within_m) else f", at most {off.within_m:g} m"
        words = [
            "to the facilities" if self.towards else "from the facilities",
            self.question.words,
            f"the network is left {where}, at {off.speed_kmh:g} km/h over {off.detour:g} times the "
            f"straight distance{far}",
        ]
        if (self.network.edges["nature"] == "schematic").any():
            words.append("schematic edges are left at their nodes only")
        return "; ".join(words)

    def times(self, limit: float, *, merged: bool) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield positions of facilities and the minutes at every vertex: all at once, or each."""
        arcs = self.question.graph.arcs
        matrix = (arcs.reversed() if self.towards else arcs).matrix()
        start = self.question.arrive if self.towards else self.question.leave
        every = np.arange(len(start))
        if merged:
            yield every, dijkstra(matrix, indices=start, limit=limit, min_only=True)
            return
        for first in range(0, len(start), _SEARCHES):
            some = every[first : first + _SEARCHES]
            found = dijkstra(matrix, indices=start[some], limit=limit)
            for at, row in zip(some, found, strict=True):
                yield np.array([at]), row


def prepared(
    facilities: gpd.GeoDataFrame | gpd.GeoSeries | pd.Series | pd.Index | list[str],
    network: Network,
    connectors: Connectors | None,
    *,
    towards: bool,
    along: bool = False,
) -> Search:
    """Join facilities to a network, and list what is reached along its edges.

    Parameters
    ----------
    facilities : points or labels of nodes
    network : Network
        As it stood on the day asked about.
    connectors : Connectors or None
        By default to edges where there are edges that can be left anywhere, else to nodes.
    towards : bool
    along : bool
        List the stretches of edges even where the network is left at nodes only.
    """
    own = _leavable(network)
    if connectors is not None and connectors.modes is not None:
        own = own & network.edges["mode"].isin(connectors.modes).to_numpy()
    points = None
    if isinstance(facilities, gpd.GeoDataFrame | gpd.GeoSeries):
        points = facilities.geometry.to_crs(4326)
    joined = connectors or Connectors(to="edges" if own.any() else "nodes")
    if not len(network.edges):  # before the first line opens there is nothing to be joined to
        joined = replace(joined, to="nodes", modes=None)
    anywhere = network.nodes.index[:1]
    origins, destinations = (anywhere, facilities) if towards else (facilities, anywhere)
    question = asked(origins, destinations, network, connectors=None if points is None else joined)
    metric = equal_area_crs(network.nodes)
    stretches = _stretches(
        question, network, metric, own if along or joined.to == "edges" else None
    )
    if towards:  # from a point on a stretch one goes on to its end, against a one-way edge never
        stretches = Stretches(
            stretches.edge, stretches.share, stretches.vertex, stretches.minutes,
            stretches.back, stretches.ahead,
        )  # fmt: skip
    whole = stretches.vertex[stretches.ahead & stretches.back]
    usable = network.edges
    if joined.modes is not None:
        usable = usable[usable["mode"].isin(joined.modes)]
    used = np.zeros(len(network.nodes), dtype=bool)
    for column in ("start", "end"):
        used[network.nodes.index.get_indexer(usable[column])] = True
    boards = network.nodes["boards"].to_numpy() & used
    nodes = np.flatnonzero(boards & ~np.isin(np.arange(len(boards)), whole))
    return Search(network, question, joined, points, metric, stretches, nodes, towards)


def pieces_within(stretches: Stretches, times: np.ndarray, limit: float) -> Pieces:
    """Cut stretches where the quickest way turns and where `limit` falls.

    Parameters
    ----------
    stretches : Stretches
    times : ndarray of float, shape (vertices,)
        [min], infinity where a vertex is not reached.
    limit : float
        [min].

    Returns
    -------
    Pieces
        Only those reached within `limit`.
    """
    start, end = times[stretches.vertex[:, 0]], times[stretches.vertex[:, 1]]
    start = np.where(stretches.ahead, start, np.inf)
    end = np.where(stretches.back, end, np.inf)
    whole = stretches.minutes
    reached = (start <= limit) | (end <= limit)
    with np.errstate(invalid="ignore", divide="ignore"):
        meet = np.where(whole > 0, (end - start + whole) / (2 * whole), (start <= end) * 1.0)
        meet = np.where(np.isinf(start), 0.0, np.where(np.isinf(end), 1.0, np.clip(meet, 0, 1)))
        far = np.where(whole > 0, (limit - start) / whole, (start <= limit) * 1.0)
        near = np.where(whole > 0, 1 - (limit - end) / whole, (end > limit) * 1.0)
        until, since = np.minimum(meet, far), np.maximum(meet, near)
    tables = []
    for first, last, base, sign in ((0.0, until, start, 1), (since, 1.0, end, -1)):
        cut = np.column_stack(np.broadcast_arrays(first, last))
        kept = np.flatnonzero(reached & (cut[:, 1] > cut[:, 0]))
        cut = cut[kept]
        gone = cut if sign > 0 else 1 - cut
        time = base[kept, None] + gone * whole[kept, None]
        spread = np.diff(stretches.share[kept], axis=1)
        share = stretches.share[kept, :1] + cut * spread
        tables.append((stretches.edge[kept], share, time))
    edge, share, time = (np.concatenate(parts) for parts in zip(*tables, strict=True))
    return Pieces(edge, share, time)


def _leavable(network: Network) -> np.ndarray:
    """Say which edges can be left anywhere: of one's own vehicle, and where they are drawn.

    A schematic edge joins places and does not follow the track, so it is left at nodes only.
    """
    served = network.modes.index[(network.modes > 0).any(axis=1)]
    edges = network.edges
    return (~edges["mode"].isin(served) & (edges["nature"] != "schematic")).to_numpy()


def _stretches(
    question: Question, network: Network, metric: CRS, own: np.ndarray | None
) -> Stretches:
    edges = network.edges
    used = np.flatnonzero(own) if own is not None else np.empty(0, dtype=np.int64)
    start = network.nodes.index.get_indexer(edges["start"].iloc[used])
    end = network.nodes.index.get_indexer(edges["end"].iloc[used])
    edge, share, vertex = _cuts(question, network, metric)
    inside = np.isin(edge, used)
    cuts = pd.DataFrame(
        {
            "edge": np.r_[used, edge[inside], used],
            "share": np.r_[np.zeros(len(used)), share[inside], np.ones(len(used))],
            "vertex": np.r_[start, vertex[inside], end],
            "order": np.repeat([0, 1, 2], [len(used), inside.sum(), len(used)]),
        }
    ).sort_values(["edge", "order", "share", "vertex"], kind="stable")
    at, on = cuts["edge"].to_numpy(), cuts["share"].to_numpy()
    point = cuts["vertex"].to_numpy()
    same = np.flatnonzero(at[1:] == at[:-1])
    about = edges.iloc[at[same]]
    both = ~about["oneway"].to_numpy()
    between = np.column_stack([on[same], on[same + 1]])
    return Stretches(
        at[same],
        between,
        np.column_stack([point[same], point[same + 1]]),
        np.diff(between, axis=1)[:, 0] * about["minutes"].to_numpy(),
        np.ones(len(same), dtype=bool),
        both,
    )


def _cuts(
    question: Question, network: Network, metric: CRS
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find where facilities were joined to edges: the edge, the share of it, the vertex."""
    graph, edges = question.graph, network.edges
    ride = graph.edge != NO_EDGE
    ends = pd.DataFrame(
        {
            "vertex": np.r_[graph.arcs.tail[ride], graph.arcs.head[ride]].astype(np.int64),
            "edge": np.r_[graph.edge[ride], graph.edge[ride]],
        }
    )
    # what edges are cut at stands at no node
    found = (
        ends[graph.node[ends["vertex"]] == NO_EDGE].drop_duplicates("vertex").sort_values("vertex")
    )
    edge, vertex = found["edge"].to_numpy(), found["vertex"].to_numpy()
    if not len(vertex):
        return edge, np.empty(0), vertex
    lat = network.nodes.geometry.y
    lon = graph.arcs.x[vertex] / float(np.cos(np.radians(lat.mean())))
    feet = gpd.GeoSeries(gpd.points_from_xy(lon, graph.arcs.y[vertex]), crs=4326).to_crs(metric)
    lines = gpd.GeoSeries(drawn_edges(edges.iloc[edge], network), crs=4326).to_crs(metric)
    share = shapely.line_locate_point(lines.to_numpy(), feet.to_numpy(), normalized=True)
    return edge, np.asarray(share), vertex
