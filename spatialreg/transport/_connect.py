"""Connectors: how places off the network get onto it.

Seats, centroids and settlements stand beside the network. Each is joined to its nearest nodes, or
to the nearest point of an edge, by a straight line that is ridden at a speed off the road.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._align import require_one_of, some
from .._crs import equal_area_crs
from .._nearby import distances, nearest_points, pairs_within
from ..errors import CRSError, GeometryError, InputError
from ._arcs import Arcs
from ._network import Network
from ._routable import NO_EDGE, Routable, shrink

_SAME_COURSE = 1e-6  # edges as near as this much to the nearest are joined as well [m]


@dataclass(frozen=True)
class Connectors:
    """How points are joined to a network.

    Attributes
    ----------
    speed_kmh : float
        Speed off the network [km/h].
    detour : float
        How much longer the way is than the straight line.
    nearest : int or None
        How many nodes a point is joined to; None for all that are within `within_m`. With a number,
        a node that opens may take the place of one farther away that leads to more; with None, more
        of a network never makes a way longer, so take it where networks are compared.
    within_m : float
        No connector is longer, as the crow flies [m].
    to : {"nodes", "edges"}
        Join to nodes, or to the nearest point of the nearest edge (its geometry, or the straight
        line between its nodes). Only edges of one's own vehicle can be joined between nodes.
    modes : tuple of str, optional
        Join only to nodes or edges of these modes.
    direct : bool
        Whether one may also go straight from origin to destination, off the network all the way,
        however far that is.

    Raises
    ------
    InputError
        A value is out of its range.

    Examples
    --------
    >>> import spatialreg as sr
    >>> sr.Connectors(speed_kmh=40, nearest=3).minutes(10_000.0)
    19.5
    """

    speed_kmh: float = 30.0
    detour: float = 1.3
    nearest: int | None = 1
    within_m: float = np.inf
    to: str = "nodes"
    modes: tuple[str, ...] | None = None
    direct: bool = True

    def __post_init__(self) -> None:
        require_one_of(self.to, ["nodes", "edges"], "to")
        for name, least in (("speed_kmh", 0.0), ("within_m", 0.0)):
            if not getattr(self, name) > least:
                raise InputError(f"{name} must be a positive number, not {getattr(self, name)!r}")
        if not (np.isfinite(self.detour) and self.detour >= 1):
            raise InputError(f"detour must be 1 or more, not {self.detour!r}")
        if self.nearest is None:
            if not np.isfinite(self.within_m):
                raise InputError("nearest=None joins all nodes within within_m=: give it")
        elif not (isinstance(self.nearest, int) and self.nearest >= 1):
            raise InputError(f"nearest must be a whole number from 1 on, not {self.nearest!r}")
        if self.to == "edges" and self.nearest != 1:
            raise InputError("to='edges' joins a point to one edge: leave nearest out")

    def minutes(self, metres: float | np.ndarray) -> float | np.ndarray:
        """Give the minutes for a straight distance [m]."""
        return metres * self.detour / 1000 / self.speed_kmh * 60

    @property
    def words(self) -> str:
        """The connectors in words."""
        if self.to == "edges":
            where = "the nearest point of an edge"
        elif self.nearest is None:
            where = "every node"
        else:
            where = f"the {self.nearest} nearest nodes" if self.nearest > 1 else "the nearest node"
        limit = "" if np.isinf(self.within_m) else f" within {self.within_m / 1000:g} km"
        straight = ", or straight to the destination" if self.direct else ""
        return (
            f"from points to {where}{limit} at {self.speed_kmh:g} km/h over {self.detour:g} times "
            f"the straight distance{straight}"
        )


def connected(
    graph: Routable, network: Network, points: gpd.GeoSeries, connectors: Connectors, by: str
) -> tuple[Routable, np.ndarray, np.ndarray]:
    """Join points to a graph, each as a vertex that is left and one that is reached.

    Parameters
    ----------
    graph : Routable
        Of `network`.
    points : GeoSeries
        In EPSG:4326.
    connectors : Connectors
    by : {"minutes", "length_m"}
        What an arc costs.

    Returns
    -------
    (Routable, ndarray, ndarray)
        The graph with the points; by point the vertex to leave from and the one to arrive at. They
        differ, so that no way leads through a point.
    """
    if connectors.to == "edges":
        graph, at, vertex, metres = _split(graph, network, points, connectors, by)
    else:
        at, node, metres = _nearest_nodes(network, points, connectors)
        vertex = node
    count = graph.arcs.vertices
    leave = count + np.arange(len(points))
    arrive = leave + len(points)
    length = metres * connectors.detour
    cost = np.asarray(connectors.minutes(metres)) if by == "minutes" else length
    east = points.x.to_numpy() * shrink(network)
    north = points.y.to_numpy()
    arcs = Arcs(
        count + 2 * len(points),
        np.r_[graph.arcs.tail, leave[at], vertex].astype(np.int32),
        np.r_[graph.arcs.head, vertex, arrive[at]].astype(np.int32),
        np.r_[graph.arcs.cost, cost, cost],
        np.r_[graph.arcs.x, east, east],
        np.r_[graph.arcs.y, north, north],
    )
    more = 2 * len(at)
    joined = Routable(
        arcs,
        np.r_[graph.edge, np.full(more, NO_EDGE)],
        np.r_[graph.length, length, length],
        np.r_[graph.step, np.full(more, "connector", dtype=object)],
        np.r_[graph.node, np.full(2 * len(points), NO_EDGE)],
    )
    return joined, leave, arrive


def point_series(places: gpd.GeoDataFrame | gpd.GeoSeries, what: str) -> gpd.GeoSeries:
    """Give places as points in EPSG:4326, or raise."""
    shapes = places.geometry
    if shapes.crs is None:
        raise CRSError(f"{what} have no CRS: declare it with set_crs()")
    wrong = shapes.index[~((shapes.geom_type == "Point") & ~shapes.is_empty)]
    if len(wrong):
        raise GeometryError(
            f"{what} must be points; {len(wrong)} are not, at {some(wrong)}: take seats, or "
            "representative points of the regions"
        )
    return shapes.to_crs(4326)


def _joinable(network: Network, connectors: Connectors) -> pd.DataFrame:
    edges = network.edges
    if connectors.modes is not None:
        unknown = [mode for mode in connectors.modes if mode not in set(edges["mode"])]
        if unknown:
            raise InputError(
                f"connectors name modes that the network has not: {some(map(repr, unknown))}; it "
                f"has {some(sorted(edges['mode'].unique()))}"
            )
        edges = edges[edges["mode"].isin(connectors.modes)]
    return edges


def _nearest_nodes(
    network: Network, points: gpd.GeoSeries, connectors: Connectors
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    edges = _joinable(network, connectors)
    used = np.zeros(len(network.nodes), dtype=bool)
    for column in ("start", "end"):  # get_indexer is many times as quick as isin on text
        used[network.nodes.index.get_indexer(edges[column])] = True
    where = np.flatnonzero(used & network.nodes["boards"].to_numpy())
    nodes = network.nodes.geometry.iloc[where]
    if connectors.nearest is None:
        at, near, metres = pairs_within(points, nodes, connectors.within_m)
    else:
        at, near, metres = nearest_points(points, nodes, connectors.nearest, connectors.within_m)
    return at, where[near], metres


def _split(
    graph: Routable, network: Network, points: gpd.GeoSeries, connectors: Connectors, by: str
) -> tuple[Routable, np.ndarray, np.ndarray, np.ndarray]:
    """Cut the nearest edge of each point where the point meets it.

    The arcs of a cut edge are replaced by a chain through its cuts, so that two points on one edge
    reach each other along it.
    """
    edges = _joinable(network, connectors)
    served = network.modes.index[(network.modes > 0).any(axis=1)]
    own = ~edges["mode"].isin(served)
    if not own.any():
        raise InputError(
            "to='edges' needs edges of one's own vehicle, which can be left anywhere; the modes "
            f"{some(sorted(edges['mode'].unique()))} are boarded at nodes: use to='nodes'"
        )
    edges = edges[own]
    metric = equal_area_crs(network.nodes)
    lines = gpd.GeoSeries(drawn_edges(edges, network), index=edges.index, crs=4326).to_crs(metric)
    flat = points.to_crs(metric).to_numpy()
    # edges on one course, such as the two directions of a road, are equally near but for rounding
    (at, near), metres = lines.sindex.nearest(flat, return_all=False, return_distance=True)
    reach = np.zeros(len(points))
    reach[at] = metres + _SAME_COURSE
    at, near = lines.sindex.query(flat, predicate="dwithin", distance=reach)
    shapes = lines.to_numpy()[near]
    share = shapely.line_locate_point(shapes, flat[at], normalized=True)
    feet = gpd.GeoSeries(
        shapely.line_interpolate_point(shapes, share, normalized=True), crs=metric
    ).to_crs(4326)
    metres = distances(points.iloc[at], feet)
    kept = metres <= connectors.within_m
    at, near, share, feet, metres = at[kept], near[kept], share[kept], feet[kept], metres[kept]
    position = network.edges.index.get_indexer(edges.index)[near]
    vertex = graph.arcs.vertices + np.arange(len(at))
    chain = _chains(network, position, share, vertex)
    whole = ~np.isin(graph.edge, position)
    arcs = graph.arcs
    split = Routable(
        Arcs(
            arcs.vertices + len(at),
            np.r_[arcs.tail[whole], chain["tail"]].astype(np.int32),
            np.r_[arcs.head[whole], chain["head"]].astype(np.int32),
            np.r_[arcs.cost[whole], chain[by]],
            np.r_[arcs.x, feet.x.to_numpy() * shrink(network)],
            np.r_[arcs.y, feet.y.to_numpy()],
        ),
        np.r_[graph.edge[whole], chain["edge"]],
        np.r_[graph.length[whole], chain["length_m"]],
        np.r_[graph.step[whole], np.full(len(chain), "ride", dtype=object)],
        np.r_[graph.node, np.full(len(at), NO_EDGE)],
    )
    return split, at, vertex, metres


def _chains(
    network: Network, position: np.ndarray, share: np.ndarray, vertex: np.ndarray
) -> pd.DataFrame:
    """List the arcs of cut edges: from the start through the cuts in their order to the end."""
    cut = pd.DataFrame({"edge": position, "share": share, "vertex": vertex})
    used = np.unique(position)
    edges = network.edges.iloc[used]
    ends = [
        pd.DataFrame({"edge": used, "share": where,
                      "vertex": network.nodes.index.get_indexer(edges[column])})
        for column, where in (("start", -1.0), ("end", 2.0))
    ]  # fmt: skip
    cuts = pd.concat([cut, *ends]).sort_values(["edge", "share", "vertex"], kind="stable")
    cuts["share"] = cuts["share"].clip(0.0, 1.0)
    following = cuts.shift(-1)
    pairs = cuts["edge"] == following["edge"]
    piece = (following["share"] - cuts["share"])[pairs].to_numpy()
    edge = cuts["edge"][pairs].to_numpy()
    about = network.edges.iloc[edge]
    ahead = pd.DataFrame(
        {
            "tail": cuts["vertex"][pairs].to_numpy(),
            "head": following["vertex"][pairs].to_numpy(),
            "minutes": piece * about["minutes"].to_numpy(),
            "length_m": piece * about["length_m"].to_numpy(),
            "edge": edge,
        }
    )
    back = ahead[~about["oneway"].to_numpy()].rename(columns={"tail": "head", "head": "tail"})
    return pd.concat([ahead, back], ignore_index=True)


def drawn_edges(edges: pd.DataFrame, network: Network) -> np.ndarray:
    """Give each edge as drawn, or straight between its nodes."""
    shapes = edges.geometry.to_numpy().copy()
    bare = np.flatnonzero(shapely.is_missing(shapes))
    ends = [
        shapely.get_coordinates(network.nodes.geometry.loc[edges[c].iloc[bare]].to_numpy())
        for c in ("start", "end")
    ]
    shapes[bare] = shapely.linestrings(np.stack(ends, axis=1)) if len(bare) else shapes[bare]
    return shapes
