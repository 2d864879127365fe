"""The steps of noding: ends, lines that pass them, crossings, pieces; and what goes in and out."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from ..._align import require_one_of
from ..._crs import equal_area_crs
from ._dropped import kept_pieces
from ._layer import checked_layer, line_groups
from ._meeting import SAME, Cuts, clustered, distinct, ends_on_lines, meetings, shared_vertices
from ._pieces import Pieces, pieces_of
from ._report import noding_report
from ._segments import Parts, along, check_scale, parts_of, segments_of, transformed

CROSSINGS = (True, False, "vertices")
# these belong to a whole line, and each piece gets its share
_SHARED_OUT = ("length_m", "minutes")


class Noded(NamedTuple):
    """What :func:`noded` gives: ``nodes``, ``edges``, and the ``report`` of what did not join."""

    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    report: gpd.GeoDataFrame


def noded(
    lines: gpd.GeoDataFrame,
    *,
    tolerance: float = 1.0,
    crossings: bool | str = True,
    gap: float | None = None,
) -> Noded:
    """Join lines where they meet, and cut them where they join.

    Parameters
    ----------
    lines : GeoDataFrame
        Lines or multilines with a CRS; the index holds their labels. Columns that count, all
        optional: ``mode`` (lines of different modes join at their ends alone); ``layer`` (levels as
        whole numbers), ``bridge`` and ``tunnel`` (yes or no): lines of different levels join at
        their ends alone; ``oneway`` (yes or no, or -1 for against the drawing: the line is turned
        round); ``length_m`` and ``minutes``, which the pieces of a line share by their lengths.
    tolerance : float
        [m], whatever the CRS. Ends within it become one node. An end within it of a line that
        passes moves onto that line, which is cut there. Where lines end together already, the node
        stays and others move to it. Lines shorter than this vanish.
    crossings : {True, False, "vertices"}
        Whether lines of one level join where they cross or touch: anywhere, nowhere, or only where
        both have a vertex (as in layers made from OpenStreetMap).
    gap : float, optional
        Ends that hang no farther than this from another line are reported as gaps [m]. The default
        is five times the tolerance.

    Returns
    -------
    nodes : GeoDataFrame
        Points in EPSG:4326 on the index ``node``, whose labels are the coordinates; ``degree`` is
        the number of edges that end there.
    edges : GeoDataFrame
        Lines in EPSG:4326 on the index ``edge``: the line's label, or ``LABEL.0``, ``LABEL.1``, ...
        for the pieces of one that was cut; ``start``, ``end``, ``line`` (the label, where the layer
        has no such column), ``length_m`` (geodesic [m], unless given), ``oneway``, and the columns
        of the layer.
    report : GeoDataFrame
        A finding a row, with a point to look at: ``kind`` (``"gap"``, ``"dangling"``,
        ``"island"``, ``"dropped"``), ``line``, ``node``, ``other`` (the nearest line that is not
        joined, or the edge that a dropped one repeats), ``distance_m`` to it, ``edges`` and
        ``length_m`` (of an island or of what was dropped), ``reason``.

    Raises
    ------
    InputError
        `lines` is no GeoDataFrame or empty, an argument or a column holds what it must not.
    AlignmentError
        A label stands twice.
    CRSError
        The layer has no CRS.
    GeometryError
        There are points or polygons in it.

    Warns
    -----
    PrecisionWarning
        The layer is so wide that metres differ within it by more than a tenth.

    Notes
    -----
    Lines are straight between vertices in the CRS of the layer, and are cut there; distances are
    measured in an equal-area projection fitted to the layer. The order of rows changes nothing.
    What is exactly the same twice (shape, mode, line, class, direction, dates, level) is kept once.
    Where two lines run on the same course they join at every vertex on it.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from spatialreg.transport import noded
    >>> roads = gpd.GeoDataFrame(index=["main", "side"], crs=4326, geometry=[
    ...     LineString([(0, 0), (0.02, 0)]), LineString([(0.01, 0.00002), (0.01, 0.01)])])
    >>> nodes, edges, report = noded(roads, tolerance=5)
    >>> edges["length_m"].round(1).to_dict()
    {'main.0': 1113.2, 'main.1': 1113.2, 'side': 1105.7}
    >>> report["kind"].value_counts().to_dict()
    {'dangling': 3}
    """
    require_one_of(crossings, CROSSINGS, "crossings")
    layer = checked_layer(lines, tolerance, gap)
    metric = equal_area_crs(layer)
    parts = parts_of(layer.geometry, line_groups(layer), metric)
    to_degrees = Transformer.from_crs(layer.crs, "EPSG:4326", always_xy=True)
    vertices = transformed(to_degrees, parts.xy)
    check_scale(vertices, metric, tolerance)
    cuts, places = _joined(parts, tolerance, crossings)
    lonlat = transformed(to_degrees, places)
    pieces = pieces_of(parts, cuts, vertices, lonlat)
    kept, dropped = kept_pieces(pieces, layer, parts, tolerance)
    pieces_kept = pieces.take(kept)
    used, (start, end) = _used(pieces_kept)
    nodes = _nodes(lonlat[used], np.bincount(np.r_[start, end], minlength=len(used)))
    edges = _edges(layer, parts, pieces, kept, nodes.index[start], nodes.index[end])
    report = noding_report(
        nodes, edges, dropped, metric, tolerance, 5 * tolerance if gap is None else gap
    )
    return Noded(nodes, edges, report)


def _joined(parts: Parts, tolerance: float, crossings: bool | str) -> tuple[Cuts, np.ndarray]:
    """Give all cuts, and the places of the nodes in the reference system of the layer."""
    segments = segments_of(parts, tolerance)
    ends = parts.ends
    one_of, number = distinct(parts.metric[ends])
    ending = np.bincount(number, minlength=len(one_of))
    moved = clustered(parts.metric[ends[one_of]], tolerance, ending)
    stays, seed = np.unique(moved, return_inverse=True)
    node = seed[number]  # by end
    metric, xy = parts.metric[ends[one_of[stays]]], parts.xy[ends[one_of[stays]]]
    weight = np.bincount(node, minlength=len(stays))
    onto = ends_on_lines(parts, segments, node, metric, tolerance)
    metric, xy = _moved_onto(parts, onto, metric, xy)
    # ends that moved onto a line may have come together there
    again = clustered(metric, tolerance, weight)
    node, onto = again[node], onto._replace(node=again[onto.node])
    own = np.arange(len(parts))
    cuts = [Cuts(np.r_[own, own], ends.astype(float), node), onto]
    if crossings is not False:
        found = meetings(parts, segments) if crossings is True else shared_vertices(parts)
        met, xy = _at_nodes(parts, *found, cuts, metric, xy, tolerance)
        cuts.append(met)
    return Cuts(*(np.concatenate(column) for column in zip(*cuts, strict=True))), xy


def _moved_onto(
    parts: Parts, onto: Cuts, metric: np.ndarray, xy: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Move nodes onto the lines that they were found beside; one that is there stays exactly."""
    metric, xy = metric.copy(), xy.copy()
    first = np.r_[True, onto.node[1:] != onto.node[:-1]][: len(onto.node)]
    node, place = onto.node[first], onto.place[first]
    points = along(parts.xy, place)
    moved = transformed(parts.to_metric, points) if len(points) else points
    off = np.hypot(*(moved - metric[node]).T) > SAME
    metric[node[off]], xy[node[off]] = moved[off], points[off]
    return metric, xy


def _at_nodes(
    parts: Parts,
    met: Cuts,
    points: np.ndarray,
    cuts: list[Cuts],
    metric: np.ndarray,
    xy: np.ndarray,
    tolerance: float,
) -> tuple[Cuts, np.ndarray]:
    """Take meetings for a node of one of their lines that is near, else number them after these."""
    if not len(points):
        return met, xy
    place = transformed(parts.to_metric, points)
    same = clustered(place, SAME, np.zeros(len(place)))
    number = len(metric) + same[met.node]
    # an overshoot: the line ends within the tolerance of the crossing
    tree = shapely.STRtree(shapely.points(metric))
    at, near = tree.query(shapely.points(place), predicate="dwithin", distance=tolerance)
    pairs = pd.DataFrame({"at": at, "near": near}).merge(
        pd.DataFrame({"at": met.node, "part": met.part}), on="at"
    )
    known = np.concatenate([cut.part * len(metric) + cut.node for cut in cuts])
    pairs = pairs[(pairs["part"] * len(metric) + pairs["near"]).isin(known)]
    at, near = pairs["at"].to_numpy(), pairs["near"].to_numpy()
    order = np.lexsort((near, np.hypot(*(place[at] - metric[near]).T), at))
    at, near = at[order], near[order]
    fresh = np.r_[True, at[1:] != at[:-1]][: len(at)]
    target = np.full(len(place), -1)
    target[at[fresh]] = near[fresh]
    at_node = target[met.node]
    number = np.where(at_node >= 0, at_node, number)
    return Cuts(met.part, met.place, number), np.concatenate([xy, points])


def _used(pieces: Pieces) -> tuple[np.ndarray, np.ndarray]:
    """Give the nodes at which pieces end, and by piece their numbers among these."""
    used, number = np.unique(np.r_[pieces.start, pieces.end], return_inverse=True)
    return used, number.reshape(2, -1)


def _nodes(lonlat: np.ndarray, degree: np.ndarray) -> gpd.GeoDataFrame:
    labels = pd.Series([f"{lon:.7f},{lat:.7f}" for lon, lat in (lonlat + 0.0).tolist()], dtype=str)
    again = labels.groupby(labels).cumcount()
    labels = labels.where(again == 0, labels + "#" + again.astype(str))
    index = pd.Index(labels, name="node")
    points = gpd.points_from_xy(lonlat[:, 0], lonlat[:, 1])
    return gpd.GeoDataFrame({"degree": degree}, geometry=points, index=index, crs="EPSG:4326")


def _edges(
    layer: gpd.GeoDataFrame,
    parts: Parts,
    pieces: Pieces,
    kept: np.ndarray,
    start: pd.Index,
    end: pd.Index,
) -> gpd.GeoDataFrame:
    """Give the edges with what the layer says of their lines."""
    whole = np.bincount(parts.row[pieces.part], weights=pieces.length, minlength=len(layer))
    row, length = parts.row[pieces.part[kept]], pieces.length[kept]
    edges = pd.DataFrame(layer.drop(columns=[layer.geometry.name, "_level"])).iloc[row]
    if "line" not in edges:
        edges.insert(0, "line", layer.index[row].to_numpy())
    k = pd.Series(row).groupby(row).cumcount().to_numpy()
    cut = np.bincount(row, minlength=len(layer))[row] > 1
    names = layer.index[row].to_numpy(dtype=object)
    labels = [f"{n}.{i}" if c else n for n, i, c in zip(names, k, cut, strict=True)]
    edges.index = pd.Index(labels, dtype=str, name="edge")
    for column in _SHARED_OUT:
        if column in edges:
            share = np.divide(length, whole[row], out=np.ones(len(row)), where=whole[row] > 0)
            edges[column] = pd.to_numeric(edges[column]) * share
    if "length_m" in edges:
        edges["length_m"] = edges["length_m"].fillna(pd.Series(length, edges.index))
    else:
        edges["length_m"] = length
    edges = edges.drop(columns=["start", "end"], errors="ignore")
    edges.insert(0, "start", start.to_numpy())
    edges.insert(1, "end", end.to_numpy())
    return gpd.GeoDataFrame(edges, geometry=pieces.shape[kept], crs="EPSG:4326")
