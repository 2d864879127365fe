"""Which facility is nearest to each place, how far it is, and by which way."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._dates import DateLike
from .._nearby import nearest_points
from ..errors import InputError
from ._connect import Connectors
from ._network import Network
from ._paths import line_along
from ._question import Places, Question, asked, limit_of
from ._searches import NearestResult, k_nearest, nearest, paths_from_tree, tree_arcs

STRAIGHT = "straight"
NETWORK = "network"


def nearest_facility(
    origins: Places,
    facilities: Places,
    network: Network,
    *,
    k: int = 1,
    date: DateLike | None = None,
    cutoff: float | None = None,
    connectors: Connectors | None = None,
    by: str = "minutes",
    paths: bool = False,
) -> pd.DataFrame:
    """Find the facility that is nearest to each place through a network.

    Parameters
    ----------
    origins, facilities : GeoDataFrame, GeoSeries, Series, Index or sequence
        Places as in :func:`travel_times`.
    network : Network
    k : int
        How many facilities an origin.
    date, cutoff, connectors, by
        As in :func:`travel_times`.
    paths : bool
        Give the way as a line too; for ``k=1``.

    Returns
    -------
    DataFrame or GeoDataFrame
        On the origins' index, with ``k`` above 1 on (``origin``, ``rank``) from rank 1 on:
        ``facility`` (its label, missing where none is reached), the measure (``minutes`` [min], or
        ``length_m`` [m]), infinite where none is reached, and ``way``: ``"network"``, or
        ``"straight"`` off the network. For ``k=1`` by minutes also ``length_m``, along the quickest
        way, the shortest of those equally quick. With `paths` a GeoDataFrame (EPSG:4326).
        ``attrs["definition"]`` says it in words.

    Raises
    ------
    AlignmentError, InputError
        As in :func:`travel_times`; `k` is no whole number from 1 on, or `paths` is asked for with
        several facilities.

    Notes
    -----
    Of facilities equally near, the earlier one in the order of `facilities` counts. One search
    from all facilities against the direction of the arcs answers for all origins.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(index=["a", "b", "c"],
    ...     geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a", "b"], "end": ["b", "c"], "minutes": [50.0, 40.0]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> sr.nearest_facility(["a", "b"], ["c", "a"], network)[["facility", "minutes"]]
           facility  minutes
    origin
    a             a      0.0
    b             c     40.0
    """
    if isinstance(k, bool) or not (isinstance(k, int | np.integer) and k >= 1):
        raise InputError(f"k must be a whole number from 1 on, not {k!r}")
    if paths and k > 1:
        raise InputError("paths=True gives the way to the nearest facility: leave k out")
    question = asked(origins, facilities, network, date=date, connectors=connectors, by=by)
    limit = limit_of(cutoff)
    if k == 1:
        found = nearest(
            question.graph.arcs, question.arrive, cutoff=limit, second=question.graph.length
        )
        answer = _one(question, found, limit)
        if paths:
            answer = _with_lines(
                answer, found, question, network if date is None else network.at(date)
            )
    else:
        answer = _several(question, limit, int(k))
    answer.attrs["definition"] = f"the nearest facility by {question.words}"
    return answer


def _one(question: Question, found: NearestResult, limit: float) -> pd.DataFrame:
    cost, facility = found.cost[question.leave], found.facility[question.leave]
    along = found.cost if found.second is None else found.second
    length = np.where(facility >= 0, along[question.leave], np.inf)
    origin, near, straight, metres = _straight(question, 1, limit)
    better = straight < cost[origin]
    way = np.full(len(cost), None, dtype=object)
    way[facility >= 0] = NETWORK
    at = origin[better]
    cost[at], facility[at], length[at] = straight[better], near[better], metres[better]
    way[at] = STRAIGHT
    frame = pd.DataFrame(index=question.origins.rename("origin"))
    frame["facility"] = _labels(question, facility)
    frame[question.by] = cost
    if question.by == "minutes":
        frame["length_m"] = length
    frame["way"] = pd.array(way, dtype="str")
    return frame


def _several(question: Question, limit: float, k: int) -> pd.DataFrame:
    cost, facility = k_nearest(question.graph.arcs, question.arrive, k, cutoff=limit)
    cost, facility = cost[question.leave], facility[question.leave]
    size = len(question.origins)
    rows = pd.DataFrame(
        {
            "origin": np.repeat(np.arange(size), cost.shape[1]),
            "facility": facility.ravel(),
            "cost": cost.ravel(),
            "way": NETWORK,
        }
    )
    origin, near, straight, _ = _straight(question, k, limit)
    direct = pd.DataFrame({"origin": origin, "facility": near, "cost": straight, "way": STRAIGHT})
    rows = pd.concat([rows[rows["facility"] >= 0], direct], ignore_index=True)
    rows = rows.sort_values(["origin", "cost", "facility"], kind="stable")
    rows = rows.drop_duplicates(["origin", "facility"])
    rows["rank"] = rows.groupby("origin").cumcount() + 1
    rows = rows[rows["rank"] <= k].set_index(["origin", "rank"])
    whole = pd.MultiIndex.from_product([range(size), range(1, k + 1)], names=["origin", "rank"])
    rows = rows.reindex(whole)
    index = whole.set_levels([question.origins.tolist()], level=["origin"], verify_integrity=False)
    frame = pd.DataFrame(index=index)
    frame["facility"] = _labels(question, rows["facility"].fillna(-1).to_numpy(int))
    frame[question.by] = rows["cost"].fillna(np.inf).to_numpy()
    frame["way"] = rows["way"].astype("str").where(rows["way"].notna()).to_numpy()
    return frame


def _straight(
    question: Question, k: int, limit: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Give for each origin the facilities that are nearest off the network, within the limit."""
    empty = np.empty(0, dtype=np.int64)
    if question.points is None or question.connectors is None:
        return empty, empty, np.empty(0), np.empty(0)
    origin, near, metres = nearest_points(*question.points, k)
    length = metres * question.connectors.detour
    cost = np.asarray(question.connectors.minutes(metres))
    if question.by != "minutes":
        cost = length
    kept = cost <= limit
    return origin[kept], near[kept], cost[kept], length[kept]


def _labels(question: Question, facility: np.ndarray) -> Any:
    """Give the labels of facilities by position, missing where there is none."""
    labels = question.destinations.to_numpy(dtype=object)[np.maximum(facility, 0)]
    labels[facility < 0] = None
    kind = "str" if question.destinations.dtype in ("str", "object") else "object"
    return pd.array(labels, dtype=kind)


def _with_lines(
    answer: pd.DataFrame, found: NearestResult, question: Question, network: Network
) -> gpd.GeoDataFrame:
    """Draw the way of each origin along the tree of the search."""
    graph = question.graph
    of_tree = tree_arcs(graph.arcs, found.parent, direction="to", second=graph.length)
    ends, arcs = paths_from_tree(found.parent, of_tree, question.leave, direction="to")
    place = question.destinations.get_indexer(pd.Index(answer["facility"]))
    shapes: list[shapely.Geometry | None] = []
    for row, way in enumerate(answer["way"]):
        if way == STRAIGHT:
            shapes.append(question.straight_line(row, int(place[row])))
        else:
            shapes.append(line_along(graph, network, question, arcs[ends[row] : ends[row + 1]]))
    return gpd.GeoDataFrame(answer, geometry=gpd.GeoSeries(shapes, index=answer.index, crs=4326))
