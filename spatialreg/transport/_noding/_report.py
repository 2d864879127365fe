"""What did not join: ends that hang, gaps, islands, and what was dropped on the way."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from scipy import sparse

from ...io._geodesic import WGS84

COLUMNS = (
    "kind", "line", "node", "other", "distance_m", "edges", "length_m", "reason", "geometry",
)  # fmt: skip
# an end looks so many times the tolerance around for another line, then twice as far, ...
_FIRST_LOOK = 8
_FARTHEST = 2e7


def noding_report(
    nodes: gpd.GeoDataFrame,
    edges: gpd.GeoDataFrame,
    dropped: pd.DataFrame,
    metric: CRS,
    tolerance: float,
    gap: float,
) -> gpd.GeoDataFrame:
    """List what did not join, a finding a row.

    Parameters
    ----------
    nodes, edges : GeoDataFrame
        As :func:`spatialreg.transport.noded` gives them.
    dropped : DataFrame
        What became no edge: ``line``, ``other``, ``reason``, ``length_m``, ``geometry``.
    metric : CRS
        In which distances are measured.
    tolerance, gap : float
        [m].

    Returns
    -------
    GeoDataFrame
        Gaps, other dangling ends, islands, dropped pieces; within each by line and node.
    """
    start = nodes.index.get_indexer(edges["start"])
    end = nodes.index.get_indexer(edges["end"])
    found = [
        _hanging(nodes, edges, (start, end), metric, tolerance, gap),
        _islands(nodes, edges, start, end),
    ]
    table = pd.concat([part for part in (*found, dropped) if len(part)] or [dropped])
    table = table.reindex(columns=list(COLUMNS))
    kinds = pd.Categorical(table["kind"], ["gap", "dangling", "island", "dropped"])
    order = np.lexsort(
        (table["node"].fillna("").astype(str), table["line"].fillna("").astype(str), kinds.codes)
    )
    table = table.iloc[order].reset_index(drop=True)
    table["edges"] = table["edges"].astype("Int64")
    for column in ("distance_m", "length_m"):
        table[column] = table[column].astype(float)
    report = gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")
    report.attrs = {"tolerance_m": tolerance, "gap_m": gap}
    return report


def _hanging(
    nodes: gpd.GeoDataFrame,
    edges: gpd.GeoDataFrame,
    ends: tuple[np.ndarray, np.ndarray],
    metric: CRS,
    tolerance: float,
    gap: float,
) -> pd.DataFrame:
    """List the ends at which one edge ends, with the nearest line that it is not joined to."""
    start, end = ends
    hangs = np.flatnonzero(nodes["degree"].to_numpy() == 1)
    edge_at = np.full(len(nodes), -1)
    edge_at[start] = np.arange(len(edges))
    edge_at[end] = np.arange(len(edges))
    own = edge_at[hangs]
    far = np.where(start[own] == hangs, end[own], start[own])
    other, point = _nearest_other(nodes, edges, (hangs, own, far), ends, metric, tolerance)
    there = other >= 0
    away = np.full(len(hangs), np.nan)
    at = nodes.geometry.iloc[hangs]
    x, y = at.x.to_numpy()[there], at.y.to_numpy()[there]
    away[there] = np.asarray(WGS84.inv(x, y, point[there, 0], point[there, 1])[2])
    names = edges.index.to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "kind": np.where(away <= gap, "gap", "dangling"),
            "line": names[own],
            "node": nodes.index[hangs],
            "other": np.where(there, names[other], None),
            "distance_m": away,
            "geometry": at.to_numpy(),
        }
    )


def _nearest_other(
    nodes: gpd.GeoDataFrame,
    edges: gpd.GeoDataFrame,
    hanging: tuple[np.ndarray, np.ndarray, np.ndarray],
    ends: tuple[np.ndarray, np.ndarray],
    metric: CRS,
    tolerance: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Find the nearest edge of the same mode that is neither a hanging edge nor joined to it.

    Returns
    -------
    (ndarray of int, ndarray)
        The edge, -1 where there is none, and its nearest point in degrees.
    """
    hangs, own, far = hanging
    shapes = edges.geometry.to_crs(metric).to_numpy()
    points = nodes.geometry.iloc[hangs].to_crs(metric).to_numpy()
    mode = pd.factorize(edges["mode"])[0] if "mode" in edges else np.zeros(len(edges), dtype=int)
    tree = shapely.STRtree(shapes)
    other = np.full(len(hangs), -1)
    left, look = np.arange(len(hangs)), _FIRST_LOOK * tolerance
    while len(left) and look < _FARTHEST:
        at, edge = tree.query(points[left], predicate="dwithin", distance=look)
        at = left[at]
        joined = (ends[0][edge] == far[at]) | (ends[1][edge] == far[at])
        fits = ~joined & (edge != own[at]) & (mode[edge] == mode[own[at]])
        at, edge = at[fits], edge[fits]
        away = shapely.distance(points[at], shapes[edge])
        order = np.lexsort((edge, away, at))
        at, edge = at[order], edge[order]
        fresh = np.r_[True, at[1:] != at[:-1]][: len(at)]
        other[at[fresh]] = edge[fresh]
        left, look = left[other[left] < 0], 2 * look
    nearest = np.zeros((len(hangs), 2))
    there = np.flatnonzero(other >= 0)
    if len(there):
        feet = shapely.get_point(shapely.shortest_line(points[there], shapes[other[there]]), 1)
        feet = gpd.GeoSeries(feet, crs=metric).to_crs(4326)
        nearest[there] = np.column_stack([feet.x, feet.y])
    return other, nearest


def _islands(
    nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, start: np.ndarray, end: np.ndarray
) -> pd.DataFrame:
    """List the parts of the network that do not hang together with its longest part."""
    links = sparse.coo_array((np.ones(len(start)), (start, end)), shape=(len(nodes),) * 2)
    count, part = sparse.csgraph.connected_components(links, directed=False)
    length = np.bincount(part[start], weights=edges["length_m"].fillna(0), minlength=count)
    size = np.bincount(part[start], minlength=count)
    order = np.lexsort((edges.index.to_numpy(dtype=str), part[start]))
    first = order[np.r_[True, part[start][order][1:] != part[start][order][:-1]][: len(order)]]
    main = np.argmax(length) if count else 0
    first = first[part[start[first]] != main]
    of = part[start[first]]
    return pd.DataFrame(
        {
            "kind": "island",
            "line": edges.index[first],
            "node": nodes.index[start[first]],
            "edges": size[of],
            "length_m": length[of],
            "geometry": nodes.geometry.iloc[start[first]].to_numpy(),
        }
    )
