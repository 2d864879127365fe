"""What stands beside a network: stations, airports, settlements, junctions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ..._crs import equal_area_crs
from .._geodesic import WGS84
from ._stream import Beside, beside_kind
from ._tags import RAIL_CLASSES, LeftOut, Wanted

# how far a station may stand from its track [m]: that of a large one, drawn as an area
STATION_REACH = 500.0
# where trains call at a station that does not say what serves it
_TRAIN_TRACKS = ("highspeed", "rail", "narrow_gauge", "light_rail", "preserved")
_NAMES = {"name": "name", "name_zh": "name:zh", "name_en": "name:en"}


def located(
    beside: Iterable[Beside], ids: np.ndarray, lonlat: np.ndarray
) -> list[tuple[Beside, shapely.Point]]:
    """Give what stands beside a network with a point: a node, or the middle of an outline."""
    found = []
    for item in beside:
        at = np.searchsorted(ids, item.nodes).clip(0, max(len(ids) - 1, 0))
        there = ids[at] == item.nodes if len(ids) else np.zeros(len(item.nodes), dtype=bool)
        xy = lonlat[at[there]]
        if len(xy):
            # parts of an outline come in any order, their hull does not depend on it
            found.append((item, shapely.MultiPoint(xy).convex_hull.centroid))
    return found


def stations_of(
    places: list[tuple[Beside, shapely.Point]], choice: Wanted, left_out: Counter[LeftOut]
) -> gpd.GeoDataFrame:
    """List the stations of the railways that are read; those of others are counted."""
    rows, points = [], []
    for item, point in places:
        kind = beside_kind(item.tags)
        if kind is None or kind[0] != "railway":
            continue
        served = item.tags.get("station", "rail")
        if served in RAIL_CLASSES and served not in choice.rails:
            left_out[LeftOut("rail", served, f"station={served}")] += 1
            continue
        fast = item.tags.get("highspeed") == "yes"
        serves = served if served in RAIL_CLASSES else "rail"
        rows.append({**_named(item), "kind": kind[1], "serves": serves, "highspeed": fast})
        points.append(point)
    return _frame(rows, points, "station", ["kind", "serves", "highspeed"])


def airports_of(places: list[tuple[Beside, shapely.Point]]) -> gpd.GeoDataFrame:
    """List the airports: ``iata``, ``icao`` and ``kind`` beside the names."""
    rows, points = [], []
    for item, point in places:
        if item.tags.get("aeroway") == "aerodrome":
            tags = item.tags
            kind = tags.get("aerodrome:type") or tags.get("aerodrome")
            codes = {"iata": tags.get("iata"), "icao": tags.get("icao"), "kind": kind}
            rows.append({**_named(item), **codes})
            points.append(point)
    return _frame(rows, points, "airport", ["iata", "icao", "kind"])


def settlements_of(places: list[tuple[Beside, shapely.Point]]) -> gpd.GeoDataFrame:
    """List the settlements: ``place`` and ``population`` beside the names."""
    rows, points = [], []
    for item, point in places:
        kind = beside_kind(item.tags)
        if kind is not None and kind[0] == "place":
            people = re.sub(r"[\s,']", "", item.tags.get("population", ""))
            count = float(people) if people.isdigit() else np.nan
            rows.append({**_named(item), "place": kind[1], "population": count})
            points.append(point)
    return _frame(rows, points, "settlement", ["place", "population"])


def at_tracks(
    stations: gpd.GeoDataFrame, lonlat: np.ndarray, kind: np.ndarray
) -> tuple[gpd.GeoDataFrame, np.ndarray]:
    """Put stations at the nearest vertex of a track of their kind.

    Parameters
    ----------
    stations : GeoDataFrame
    lonlat : ndarray, shape (n, 2)
        The vertices of tracks, in degrees.
    kind : ndarray of str, shape (n,)
        The class of the track at each; a vertex of two classes stands twice.

    Returns
    -------
    (GeoDataFrame, ndarray of int)
        The stations with ``distance_m`` [m] and with ``highspeed`` where such a line is within
        reach; and the vertex of each, -1 where none is.
    """
    vertex = np.full(len(stations), -1)
    away = np.full(len(stations), np.nan)
    highspeed = stations["highspeed"].to_numpy(dtype=bool).copy()
    if len(stations) and len(lonlat):
        metric = equal_area_crs(stations)
        tracks = _flat(gpd.GeoSeries.from_xy(*lonlat.T, crs=4326).to_crs(metric))
        points = _flat(stations.geometry.to_crs(metric))
        for serves in stations["serves"].unique():
            here = np.flatnonzero(stations["serves"] == serves)
            own = _TRAIN_TRACKS if serves == "rail" else (serves,)
            fit = np.flatnonzero(np.isin(kind, own))
            there, near = _within_reach(tracks[fit], points[here])
            vertex[here[there]] = fit[near]
            if serves == "rail":
                there, _ = _within_reach(tracks[kind == "highspeed"], points[here])
                highspeed[here[there]] = True
        there = vertex >= 0
        x, y = stations.geometry.x.to_numpy(), stations.geometry.y.to_numpy()
        to = lonlat[vertex[there]]
        away[there] = np.asarray(WGS84.inv(x[there], y[there], to[:, 0], to[:, 1])[2])
    return stations.assign(highspeed=highspeed, distance_m=away), vertex


def _within_reach(tracks: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give which points have a track within reach, and for these the nearest."""
    if not len(tracks):
        return np.zeros(len(points), dtype=bool), np.empty(0, dtype=np.int64)
    away, near = cKDTree(tracks).query(points, distance_upper_bound=STATION_REACH)
    there = np.isfinite(away)
    return there, near[there]


def junctions_of(
    nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, tagged: dict[str, Beside]
) -> gpd.GeoDataFrame:
    """List the junctions of motorways: those that are tagged, and where ramps join.

    Parameters
    ----------
    nodes, edges : GeoDataFrame
        The network.
    tagged : dict of str to Beside
        ``highway=motorway_junction`` by label.

    Returns
    -------
    GeoDataFrame
        On the index ``node``: ``kind`` (``"motorway_junction"`` or ``"ramp"``), ``ref``, the names.
    """
    touched = [
        set(edges.loc[chosen, "start"]) | set(edges.loc[chosen, "end"])
        for chosen in (edges["class"] == "motorway", edges["class"].str.endswith("_link"))
    ]
    ramps = touched[0] & touched[1]
    labels = [label for label in nodes.index if label in tagged or label in ramps]
    rows = []
    for label in labels:
        item = tagged.get(label, Beside(label, {}, [], []))
        kind = "motorway_junction" if label in tagged else "ramp"
        rows.append({**_named(item), "kind": kind, "ref": item.tags.get("ref")})
    return _frame(rows, nodes.geometry.loc[labels].to_list(), "node", ["kind", "ref"])


def _named(item: Beside) -> dict[str, object]:
    return {"label": item.label, **{name: item.tags.get(tag) for name, tag in _NAMES.items()}}


def _frame(
    rows: list[dict[str, object]], points: list[shapely.Point], index: str, columns: list[str]
) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows, columns=["label", *_NAMES, *columns]).rename(
        columns={"label": index}
    )
    for column in table.columns:
        if table[column].dtype == object and column != "highspeed":
            table[column] = table[column].astype("str").where(table[column].notna())
    table["geometry"] = points
    table = table.set_index(index).sort_index()
    return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")


def _flat(points: gpd.GeoSeries) -> np.ndarray:
    return np.column_stack([points.x, points.y])
