"""From what was read of an extract to the frames of a network."""

from __future__ import annotations

from collections import Counter
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ._frames import edge_frame, node_frame, station_links
from ._places import airports_of, at_tracks, junctions_of, located, settlements_of, stations_of
from ._stream import Extract, beside_kind
from ._tags import NETWORKS, RAILS, ROADS, LeftOut, Wanted
from ._topology import Vertices, chains_of

Bounds = tuple[float, float, float, float]
_JUNCTION = ("highway", "motorway_junction")


def built(
    extract: Extract,
    choice: Wanted,
    box: Bounds | None,
    *,
    contract: bool,
    limits: bool,
    link_stations: float | None,
) -> tuple[Any, ...]:
    """Give the frames in the order of :class:`spatialreg.io.OsmNetwork`.

    Parameters
    ----------
    extract : Extract
    choice : Wanted
    box : (west, south, east, north), optional
    contract, limits, link_stations
        As in :func:`spatialreg.io.read_osm`.
    """
    left_out = extract.left_out
    places = _inside(located(extract.beside, extract.ids, extract.lonlat), box)
    stations = stations_of(places, choice, left_out)
    ways = _sorted_ways(extract)
    vertices, points = _vertices(extract, ways, left_out, box)
    stations, joint, point_of = _joints(extract, ways, vertices, points, stations)
    chains = chains_of(
        vertices, joint, _alike(ways), ways["oneway"].to_numpy() != 0, contract=contract
    )
    node, network = _parts(points)
    labels = np.array(
        [f"n{n}{NETWORKS[k]}" for n, k in zip(extract.ids[node], network.tolist(), strict=True)]
    )
    edges = edge_frame(ways, vertices, chains, labels, limits=limits)
    if box is not None:
        edges = edges[_touches(edges, box)]
    known = point_of >= 0
    stations["node"] = pd.Series(None, stations.index, dtype="str")
    stations.loc[known, "node"] = labels[point_of[known]]
    used = set(edges["start"]) | set(edges["end"])
    stations["node"] = stations["node"].where(stations["node"].isin(used))
    nodes = node_frame(edges, stations)
    if link_stations is not None:
        edges = station_links(nodes, edges, stations, link_stations)
    tagged = {item.label: item for item, _ in places if beside_kind(item.tags) == _JUNCTION}
    return (
        nodes,
        edges,
        junctions_of(nodes, edges, tagged),
        stations[[c for c in stations.columns if c != "geometry"] + ["geometry"]],
        airports_of(places),
        settlements_of(places),
        _left_out_table(left_out),
    )


def _within(lonlat: np.ndarray, box: Bounds) -> np.ndarray:
    west, south, east, north = box
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _inside(places: list[Any], box: Bounds | None) -> list[Any]:
    if box is None or not places:
        return places
    inside = _within(np.array([[point.x, point.y] for _, point in places]), box)
    return [place for place, kept in zip(places, inside, strict=True) if kept]


def _touches(edges: gpd.GeoDataFrame, box: Bounds) -> np.ndarray:
    coordinates = edges.geometry.get_coordinates()
    return edges.index.isin(coordinates.index[_within(coordinates.to_numpy(), box)])


def _sorted_ways(extract: Extract) -> pd.DataFrame:
    """Give the columns of ways by ascending id, with the place of their nodes."""
    ways = pd.DataFrame(extract.columns)
    ways["way"] = extract.ways
    ways["first"], ways["stop"] = extract.offset[:-1], extract.offset[1:]
    return ways.sort_values(["way", "mode", "network"], kind="stable", ignore_index=True)


def _parts(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the position of the node of each point, and the number of its network."""
    node, network = np.divmod(points, len(NETWORKS))
    return node, network


def _vertices(
    extract: Extract, ways: pd.DataFrame, left_out: Counter[LeftOut], box: Bounds | None
) -> tuple[Vertices, np.ndarray]:
    """Lay out the vertices of ways, those against their drawing turned round.

    Returns
    -------
    (Vertices, ndarray of int)
        And the points in ascending order, each of them a node in one network (:func:`_parts`).
    """
    size = (ways["stop"] - ways["first"]).to_numpy()
    way = np.repeat(np.arange(len(ways)), size)
    k = np.arange(len(way)) - np.repeat(np.cumsum(size) - size, size)
    against = (ways["oneway"].to_numpy() == -1)[way]
    ref = extract.refs[
        np.where(against, ways["stop"].to_numpy()[way] - 1 - k, ways["first"].to_numpy()[way] + k)
    ]
    at = np.searchsorted(extract.ids, ref).clip(0, max(len(extract.ids) - 1, 0))
    there = extract.ids[at] == ref if len(extract.ids) else np.zeros(len(ref), dtype=bool)
    fresh = np.r_[True, (way[1:] != way[:-1]) | (ref[1:] != ref[:-1])][: len(ref)]
    broken = np.cumsum(~there)  # a missing node ends a run
    kept = there & fresh
    way, at, broken = way[kept], at[kept], broken[kept]
    starts = np.r_[True, (way[1:] != way[:-1]) | (broken[1:] != broken[:-1])][: len(way)]
    run = np.cumsum(starts) - 1
    alone = np.bincount(run)[run] < 2 if len(run) else np.zeros(0, dtype=bool)
    way, at, run = way[~alone], at[~alone], run[~alone]
    lost = np.setdiff1d(np.arange(len(ways)), way)
    for mode, kind in ways.loc[lost, ["mode", "class"]].itertuples(index=False):
        left_out[LeftOut(mode, kind, "its nodes are not in the file")] += 1
    if box is not None:
        near = np.unique(way[_within(extract.lonlat[at], box)])
        kept = pd.Index(way).isin(near)
        way, at, run = way[kept], at[kept], run[kept]
    network = ways["network"].map(NETWORKS.index).to_numpy()[way]
    points, point = np.unique(len(NETWORKS) * at + network, return_inverse=True)
    return Vertices(way, run, point, extract.lonlat[at]), points


def _joints(
    extract: Extract,
    ways: pd.DataFrame,
    vertices: Vertices,
    points: np.ndarray,
    stations: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, np.ndarray, np.ndarray]:
    """Find the points that stay nodes: stations at their tracks, junctions of motorways.

    Returns
    -------
    (GeoDataFrame, ndarray of bool, ndarray of int)
        The stations, the points that are joints, and the point of each station, -1 for none.
    """
    node, network = _parts(points)
    on_track = network == NETWORKS.index(RAILS)
    tracks = pd.DataFrame(
        {"point": vertices.point, "kind": ways["class"].to_numpy()[vertices.way]}
    )[on_track[vertices.point]].drop_duplicates(ignore_index=True)
    at = tracks["point"].to_numpy(np.int64)
    stations, nearest = at_tracks(
        stations, extract.lonlat[node[at]], tracks["kind"].to_numpy(dtype=str)
    )
    joint = np.zeros(len(points), dtype=bool)
    point_of = np.where(nearest >= 0, at[nearest] if len(at) else -1, -1)
    joint[point_of[point_of >= 0]] = True
    tagged = [item.nodes[0] for item in extract.beside if beside_kind(item.tags) == _JUNCTION]
    on_road = network == NETWORKS.index(ROADS)
    joint |= on_road & pd.Index(extract.ids[node]).isin(tagged)
    return stations, joint, point_of


def _alike(ways: pd.DataFrame) -> np.ndarray:
    columns = [
        "mode", "class", "line", "name", "ref", "oneway", "maxspeed_kmh", "highspeed", "usage",
        "opened", "closed", "minutes",
    ]  # fmt: skip
    table = ways[columns].assign(oneway=ways["oneway"] != 0)
    number = table.groupby(columns, dropna=False, sort=False).ngroup().to_numpy().copy()
    # what takes a time of its own is not joined to another
    timed = ways["minutes"].notna().to_numpy()
    number[timed] = number.max(initial=0) + 1 + np.flatnonzero(timed)
    return number


def _left_out_table(left_out: Counter[LeftOut]) -> pd.DataFrame:
    rows = [(*item, count) for item, count in left_out.items()]
    table = pd.DataFrame(rows, columns=["mode", "class", "reason", "kept", "count"])
    return table.sort_values(["mode", "class", "reason"], ignore_index=True)
