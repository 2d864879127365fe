"""Chains of ways as the nodes and edges of a network."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..._crs import equal_area_crs
from .._geodesic import WGS84, line_lengths
from ._tags import ON_FOOT, RAILS, ROADS
from ._topology import Chains, Vertices

COLUMNS = (
    "start", "end", "mode", "line", "class", "length_m", "speed_kmh", "maxspeed_kmh", "minutes",
    "oneway", "opened", "closed", "nature", "name", "ref", "lanes", "bridge", "tunnel", "highspeed",
    "usage", "way",
)  # fmt: skip
# ways on foot that hang together over less lead nowhere, unless there are no others [m]
_LEAST_PART = 1000.0
_TEXT = ("mode", "line", "class", "nature", "name", "ref", "usage")


def edge_frame(
    ways: pd.DataFrame, vertices: Vertices, chains: Chains, labels: np.ndarray, *, limits: bool
) -> gpd.GeoDataFrame:
    """Give an edge a chain, with what the tags of its ways say.

    Parameters
    ----------
    ways : DataFrame
    vertices : Vertices
    chains : Chains
    labels : ndarray of str
        Of points.
    limits : bool
        Whether the speed limit is the speed.
    """
    lonlat = vertices.lonlat[chains.vertex]
    count = len(chains.first)
    shapes = shapely.linestrings(lonlat, indices=chains.chain) if count else []
    begins = np.searchsorted(chains.chain, np.arange(count))
    stops = np.r_[begins[1:], len(chains.chain)] - 1 if count else begins
    way = chains.piece_way[chains.first]
    edges = ways.iloc[way].drop(columns=["first", "stop"]).reset_index(drop=True)
    edges["start"] = labels[vertices.point[chains.vertex[begins]]]
    edges["end"] = labels[vertices.point[chains.vertex[stops]]]
    edges["oneway"] = edges["oneway"] != 0
    edges["length_m"] = line_lengths(lonlat, chains.chain, count)
    edges["speed_kmh"] = edges["maxspeed_kmh"] if limits else np.nan
    edges["nature"] = "osm"
    of_pieces = ways.loc[chains.piece_way, ["bridge", "tunnel", "lanes"]]
    groups = of_pieces.groupby(chains.piece_chain)
    for column in ("bridge", "tunnel"):
        edges[column] = groups[column].any().to_numpy(dtype=bool)
    edges["lanes"] = groups["lanes"].min().to_numpy(dtype=float)
    whole = np.bincount(chains.piece_way, weights=chains.piece_length, minlength=len(ways))
    share = edges["length_m"] / np.where(whole[way] > 0, whole[way], 1.0)
    edges["minutes"] = edges["minutes"].astype(float) * share
    for column in _TEXT:
        edges[column] = edges[column].astype("str").where(edges[column].notna())
    for column in ("opened", "closed"):
        edges[column] = pd.to_datetime(edges[column])
    edges["highspeed"] = edges["highspeed"].astype(bool)
    edges.index = _labels(ways, chains)
    return gpd.GeoDataFrame(edges[list(COLUMNS)], geometry=shapes, crs="EPSG:4326")


def node_frame(edges: gpd.GeoDataFrame, stations: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the nodes at which edges end; at railways only stations are boarded at."""
    labels = np.r_[edges["start"], edges["end"]]
    points = np.r_[
        shapely.get_point(edges.geometry.to_numpy(), 0),
        shapely.get_point(edges.geometry.to_numpy(), -1),
    ]
    found, first = np.unique(labels.astype(str), return_index=True)
    index = pd.Index(found, dtype="str", name="node")
    rail = index.str.endswith(RAILS)
    boards = ~rail | index.isin(stations["node"].dropna())
    return gpd.GeoDataFrame({"boards": boards}, geometry=points[first], index=index, crs=4326)


def station_links(
    nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, reach: float
) -> gpd.GeoDataFrame:
    """Add straight footpaths from each station to the nearest road and to the nearest way on foot.

    Of roads motorways do not count, and of ways on foot short parts that hang together with no
    other: a platform that no path leads to is no way into a town.
    """
    roads = edges[(edges["mode"] == "road") & ~edges["class"].str.startswith("motorway")]
    ways = edges[edges["mode"] == "walk"]
    length = _part_lengths(ways)
    ways = ways[length >= min(_LEAST_PART, length.max(initial=0.0))]
    at = pd.Index(np.unique(stations["node"].dropna().to_numpy(dtype=str)))
    found = [
        _links(nodes, at, np.unique(np.r_[to["start"], to["end"]].astype(str)), reach, network)
        for to, network in ((roads, ROADS), (ways, ON_FOOT))
        if len(to) and len(at)
    ]
    for drawn in found:
        shaped = drawn.reindex(columns=edges.columns)
        for column in edges.columns.drop("geometry"):
            if column != "way":
                shaped[column] = shaped[column].astype(edges[column].dtype)
        edges = pd.concat([edges.astype({"way": "Int64"}), shaped.astype({"way": "Int64"})])
    return edges.rename_axis("edge")


def _part_lengths(edges: pd.DataFrame) -> np.ndarray:
    """Give for each edge the length of all that it hangs together with [m]."""
    ends, codes = np.unique(np.r_[edges["start"], edges["end"]].astype(str), return_inverse=True)
    start, end = codes.reshape(2, -1)
    joined = coo_array((np.ones(len(start)), (start, end)), shape=(len(ends), len(ends)))
    part = connected_components(joined, directed=False)[1][start]
    return np.bincount(part, weights=edges["length_m"])[part]


def _links(
    nodes: gpd.GeoDataFrame, at: pd.Index, to: np.ndarray, reach: float, network: str
) -> gpd.GeoDataFrame:
    """Link each station to the nearest of the nodes of a network that is within reach."""
    metric = equal_area_crs(nodes)
    ends = nodes.geometry.loc[to].to_crs(metric)
    platforms = nodes.geometry.loc[at].to_crs(metric)
    away, near = cKDTree(np.column_stack([ends.x, ends.y])).query(
        np.column_stack([platforms.x, platforms.y]), distance_upper_bound=reach
    )
    there = np.isfinite(away)
    at, to = at[there], to[near[there]]
    a, b = nodes.geometry.loc[at], nodes.geometry.loc[to]
    metres = np.asarray(WGS84.inv(a.x, a.y, b.x, b.y)[2])
    links = pd.DataFrame(
        {
            "start": at, "end": to, "mode": "walk", "class": "station_link", "length_m": metres,
            "oneway": False, "nature": "connector", "bridge": False, "tunnel": False,
            "highspeed": False,
        },
        index=pd.Index("link." + at + network, name="edge"),
    )  # fmt: skip
    ends_of = np.stack([np.column_stack([p.x, p.y]) for p in (a, b)], axis=1)
    return gpd.GeoDataFrame(links, geometry=shapely.linestrings(ends_of), crs="EPSG:4326")


def _labels(ways: pd.DataFrame, chains: Chains) -> pd.Index:
    """Name an edge after the first of its pieces: the way, and which piece of it if it is cut.

    What is in the network on foot always says so, for most streets are in that of roads too; what
    is in that of railways only where the street around the rails is read as well.
    """
    way, number = chains.piece_way[chains.first], chains.piece_number[chains.first]
    pieces = np.bincount(chains.piece_way, minlength=len(ways))
    ids = ways["way"].to_numpy()
    network = ways["network"].to_numpy()
    twice = ways["way"].isin(ways.loc[network == ROADS, "way"]).to_numpy()
    ending = np.where(twice | (network == ON_FOOT), network, "")
    names = [
        f"w{ids[w]}{ending[w]}{f'.{k}' if pieces[w] > 1 else ''}"
        for w, k in zip(way.tolist(), number.tolist(), strict=True)
    ]
    return pd.Index(names, dtype="str", name="edge")
