"""Chains of ways as the nodes and edges of a network."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ..._crs import equal_area_crs
from .._geodesic import WGS84, line_lengths
from ._topology import Chains, Vertices

COLUMNS = (
    "start", "end", "mode", "line", "class", "length_m", "speed_kmh", "maxspeed_kmh", "minutes",
    "oneway", "opened", "closed", "nature", "name", "ref", "lanes", "bridge", "tunnel", "highspeed",
    "usage", "way",
)  # fmt: skip
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
    rail = index.str.endswith(".rail")
    boards = ~rail | index.isin(stations["node"].dropna())
    return gpd.GeoDataFrame({"boards": boards}, geometry=points[first], index=index, crs=4326)


def station_links(
    nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, reach: float
) -> gpd.GeoDataFrame:
    """Add a straight footpath from each station to the nearest node of a road to walk along."""
    roads = edges[(edges["mode"] == "road") & ~edges["class"].str.startswith("motorway")]
    to = pd.Index(np.unique(np.r_[roads["start"], roads["end"]].astype(str)))
    at = pd.Index(np.unique(stations["node"].dropna().to_numpy(dtype=str)))
    if not len(to) or not len(at):
        return edges
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
        index=pd.Index("link." + at, name="edge"),
    )  # fmt: skip
    ends_of = np.stack([np.column_stack([p.x, p.y]) for p in (a, b)], axis=1)
    drawn = gpd.GeoDataFrame(links, geometry=shapely.linestrings(ends_of), crs="EPSG:4326")
    drawn = drawn.reindex(columns=edges.columns)
    for column in edges.columns.drop("geometry"):
        if column != "way":
            drawn[column] = drawn[column].astype(edges[column].dtype)
    both = pd.concat([edges.astype({"way": "Int64"}), drawn.astype({"way": "Int64"})])
    return both.rename_axis("edge")


def _labels(ways: pd.DataFrame, chains: Chains) -> pd.Index:
    """Name an edge after the first of its pieces: the way, and which piece of it if it is cut."""
    way, number = chains.piece_way[chains.first], chains.piece_number[chains.first]
    pieces = np.bincount(chains.piece_way, minlength=len(ways))
    ids = ways["way"].to_numpy()
    # a street with rails in it is a way twice
    twice = ways["way"].duplicated(keep=False).to_numpy() & (ways["mode"] == "rail").to_numpy()
    names = [
        f"w{ids[w]}{'.rail' if twice[w] else ''}{f'.{k}' if pieces[w] > 1 else ''}"
        for w, k in zip(way.tolist(), number.tolist(), strict=True)
    ]
    return pd.Index(names, dtype="str", name="edge")
