"""The way itself: step by step, and as a line."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from .._dates import DateLike
from ..errors import InputError
from ._connect import Connectors
from ._network import Network
from ._question import Places, Question, asked
from ._routable import NO_EDGE, Routable
from ._searches import shortest_path as cheapest_path


def shortest_path(
    origin: Places,
    destination: Places,
    network: Network,
    *,
    date: DateLike | None = None,
    connectors: Connectors | None = None,
    by: str = "minutes",
) -> gpd.GeoDataFrame:
    """Give the quickest way from one place to another, step by step.

    Parameters
    ----------
    origin, destination : GeoDataFrame, GeoSeries, Series, Index or sequence
        One place each, as in :func:`travel_times`.
    network : Network
    date, connectors, by
        As in :func:`travel_times`.

    Returns
    -------
    GeoDataFrame
        A row a step (EPSG:4326): ``step`` (``"ride"``, ``"boarding"``, ``"waiting"``,
        ``"transfer"``, ``"alighting"``, ``"connector"``, ``"straight"``), ``mode``, ``line``,
        ``edge``, ``minutes`` [min], ``length_m`` [m], ``geometry`` (missing where nothing moves). A
        cut edge is a row with the part that is ridden. No rows where there is no way, or where both
        places are one. ``attrs["definition"]`` says it in words.

    Raises
    ------
    AlignmentError, InputError
        As in :func:`travel_times`, or there are several places.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(index=["a", "b", "c"],
    ...     geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a", "b"], "end": ["b", "c"], "minutes": [50.0, 40.0]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> sr.transport.shortest_path(["a"], ["c"], network)[["step", "edge", "minutes"]]
       step  edge  minutes
    0  ride     0     50.0
    1  ride     1     40.0
    """
    question = asked(origin, destination, network, date=date, connectors=connectors, by=by)
    for what, labels in (("origin", question.origins), ("destination", question.destinations)):
        if len(labels) != 1:
            raise InputError(f"{what} must be one place, not {len(labels)}")
    network = network if date is None else network.at(date)
    graph = question.graph
    way = cheapest_path(
        graph.arcs, int(question.leave[0]), int(question.arrive[0]), second=graph.length
    )
    arcs = np.empty(0, dtype=np.int32) if way is None else way
    straight = float(question.straight(np.zeros(1, int), np.zeros(1, int))[0])
    if straight < (np.inf if way is None else graph.arcs.cost[arcs].sum()):
        return _described(_straight_row(question), question)
    edge = graph.edge[arcs]
    about = network.edges.iloc[np.maximum(edge, 0)]
    rides = edge != NO_EDGE
    length = graph.length[arcs]
    share = np.divide(
        length, about["length_m"], out=np.ones(len(arcs)), where=about["length_m"] > 0
    )
    spent = graph.arcs.cost[arcs] if by == "minutes" else np.zeros(len(arcs))
    rows = pd.DataFrame(
        {
            "step": graph.step[arcs],
            "mode": about["mode"].where(rides, None).to_numpy(),
            "line": about["line"].where(rides, None).to_numpy(),
            "edge": np.where(rides, about.index.to_numpy(dtype=object), None),
            "minutes": np.where(rides, about["minutes"] * share, spent),
            "length_m": length,
        }
    )
    shapes = [_shape(graph, network, question, arc) for arc in arcs.tolist()]
    return _described(gpd.GeoDataFrame(rows, geometry=shapes, crs=4326), question)


def line_along(
    graph: Routable, network: Network, question: Question, arcs: np.ndarray
) -> shapely.Geometry | None:
    """Give the way along arcs as one line; nothing where it does not move."""
    parts = [_shape(graph, network, question, int(arc)) for arc in arcs]
    places = [shapely.get_coordinates(part) for part in parts if part is not None]
    if not places:
        return None
    return shapely.remove_repeated_points(shapely.LineString(np.concatenate(places)))


def _described(rows: gpd.GeoDataFrame, question: Question) -> gpd.GeoDataFrame:
    rows.attrs["definition"] = question.words
    return rows


def _straight_row(question: Question) -> gpd.GeoDataFrame:
    cost = float(question.straight(np.zeros(1, int), np.zeros(1, int))[0])
    how = question.connectors
    if how is None:  # a straight way has connectors
        raise InputError("there is no straight way between nodes")
    metres = cost if question.by == "length_m" else cost / 60 * how.speed_kmh * 1000
    row = {
        "step": "straight",
        "mode": None,
        "line": None,
        "edge": None,
        "minutes": metres / 1000 / how.speed_kmh * 60,
        "length_m": metres,
    }
    shape = question.straight_line(0, 0)
    return gpd.GeoDataFrame(pd.DataFrame([row]), geometry=[shape], crs=4326)


def _shape(
    graph: Routable, network: Network, question: Question, arc: int
) -> shapely.Geometry | None:
    """Draw an arc: the edge or its part, in the direction of the ride; or a straight connector."""
    ends = [question.where(int(v)) for v in (graph.arcs.tail[arc], graph.arcs.head[arc])]
    edge = graph.edge[arc]
    if edge == NO_EDGE:
        return None if ends[0] == ends[1] else shapely.LineString(ends)
    shape = network.edges.geometry.iloc[edge]
    if shape is None:
        return None if ends[0] == ends[1] else shapely.LineString(ends)
    about = network.edges.iloc[edge]
    start, stop = (shape.project(shapely.Point(end)) for end in ends)
    nodes = [graph.node[v] for v in (graph.arcs.tail[arc], graph.arcs.head[arc])]
    whole = min(nodes) >= 0
    if whole:  # of a loop both ends are at one place, so direction comes from the nodes
        ahead = network.nodes.index[nodes[0]] == about["start"]
        return shape if ahead else shape.reverse()
    return substring(shape, start, stop)
