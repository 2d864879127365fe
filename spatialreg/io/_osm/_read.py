"""Read an extract into the frames of a network."""

from __future__ import annotations

import importlib
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ...errors import InputError, MissingDependencyError
from ._frames import edge_frame, node_frame, station_links
from ._places import (
    airports_of,
    at_tracks,
    junctions_of,
    located,
    settlements_of,
    stations_of,
)
from ._stream import Extract, beside_kind, read_extract
from ._tags import LeftOut, wanted
from ._topology import Vertices, chains_of

ATTRIBUTION = "(c) OpenStreetMap contributors"
Bounds = tuple[float, float, float, float]


class OsmNetwork(NamedTuple):
    """What :func:`read_osm` gives.

    Attributes
    ----------
    nodes, edges : GeoDataFrame
        As :meth:`spatialreg.Network.from_frames` takes them.
    junctions, stations, airports, settlements : GeoDataFrame
        Points beside the network.
    left_out : DataFrame
        Ways by ``mode``, ``class`` and ``reason``; ``kept`` where the way is there and only a tag
        of it was not used.
    """

    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    junctions: gpd.GeoDataFrame
    stations: gpd.GeoDataFrame
    airports: gpd.GeoDataFrame
    settlements: gpd.GeoDataFrame
    left_out: pd.DataFrame


def read_osm(
    source: str | os.PathLike[str],
    *,
    modes: Iterable[str] = ("road", "rail"),
    classes: str | Iterable[str] | None = None,
    rails: Iterable[str] = ("rail", "narrow_gauge"),
    bounds: Bounds | None = None,
    contract: bool = True,
    limits: bool = True,
    link_stations: float | None = 1000.0,
) -> OsmNetwork:
    """Read roads, railways and ferries from an OpenStreetMap extract.

    Needs the package osmium (``pip install "spatialreg[osm]"``).

    Parameters
    ----------
    source : path
        An extract: .osm.pbf, .osm, .osm.bz2, .osm.gz.
    modes : iterable of {"road", "rail", "ferry"}
        What is read.
    classes : str or iterable of str, optional
        The lowest class of roads to read, with all above it and their ramps: ``"motorway"``,
        ``"trunk"``, ``"primary"``, ``"secondary"`` (the default), ``"tertiary"``,
        ``"unclassified"``, ``"residential"``, ``"living_street"``, ``"service"``, ``"track"``;
        ``"all"`` is all streets for cars, down to ``"living_street"``. Or a list of exactly the
        classes to read.
    rails : iterable of str
        Values of ``railway``: ``"rail"``, ``"narrow_gauge"``, ``"light_rail"``, ``"subway"``,
        ``"tram"``, ``"monorail"``, ``"funicular"``, ``"preserved"``.
    bounds : (west, south, east, north), optional
        Degrees. Edges with a vertex inside are kept, whole, and points inside.
    contract : bool
        Join pieces of ways to one edge where only two meet that are alike.
    limits : bool
        Take the speed limit for the speed. Else ``speed_kmh`` is missing and speeds follow from the
        class; ``maxspeed_kmh`` is there in any case.
    link_stations : float, optional
        Greatest length [m] of the footpath (mode ``"walk"``, nature ``"connector"``, straight) from
        a station to the nearest node of a road that is no motorway; None for no such paths. They
        are made where both modes are read.

    Returns
    -------
    OsmNetwork
        ``nodes``: index ``node`` (``n`` and the id of OpenStreetMap, ``.rail`` after it for
        railways), ``boards`` (at railways only stations). ``edges``: index ``edge`` (``w`` and the
        id of the way, with ``.0``, ``.1``, ... where it is cut), ``start``, ``end``, ``mode``,
        ``line`` (``ref``, else ``name``; of railways the other way round), ``class`` (the value of
        ``highway`` or ``railway``; ``highspeed``), ``length_m`` [m, geodesic], ``speed_kmh``,
        ``maxspeed_kmh`` [km/h], ``minutes`` [min, of ferries with a duration], ``oneway``,
        ``opened``, ``closed``, ``nature`` (``"osm"``), ``name``, ``ref``, ``lanes``, ``bridge``,
        ``tunnel``, ``highspeed``, ``usage``, ``way``, ``geometry``. ``junctions`` (of motorways:
        tagged, and where ramps join), ``stations`` (``node``: their node, ``distance_m`` to it,
        ``highspeed``), ``airports`` (``iata``, ``icao``), ``settlements`` (``place``,
        ``population``), each with ``name``, ``name_zh``, ``name_en``. ``attrs`` hold ``source``,
        ``timestamp``, ``newest_edit`` and ``attribution``.

    Raises
    ------
    InputError
        The file is not there or no extract, an argument holds what it must not, or nothing of what
        was asked is in the file.
    MissingDependencyError
        The package osmium is not installed.

    Notes
    -----
    The file is read as a stream, in three passes or four; what stays in memory are the ways that
    are chosen and the nodes that they go through (about 100 bytes a node).

    Examples
    --------
    >>> import spatialreg as sr
    >>> found = sr.io.read_osm("Helsinki.osm.pbf", classes="all")  # doctest: +SKIP
    >>> network = sr.Network.from_frames(
    ...     found.nodes, found.edges, speeds=sr.transport.DEFAULT_SPEEDS)  # doctest: +SKIP
    """
    path = Path(source)
    if not path.is_file():
        raise InputError(f"there is no file {path}")
    box = _checked_bounds(bounds)
    if link_stations is not None and not (np.isfinite(link_stations) and link_stations > 0):
        raise InputError(f"link_stations must be above zero and finite [m], not {link_stations!r}")
    choice = wanted(modes, classes, rails)
    extract = read_extract(_osmium(), path, choice)
    if not len(extract.ways):
        raise InputError(
            f"{path} holds none of the ways asked for: choose lower classes= or other modes="
        )
    left_out = extract.left_out
    places = _inside(located(extract.beside, extract.ids, extract.lonlat), box)
    stations = stations_of(places, choice, left_out)
    ways = _sorted_ways(extract)
    vertices, points = _vertices(extract, ways, left_out, box)
    stations, joint, point_of = _joints(extract, ways, vertices, points, stations)
    chains = chains_of(
        vertices, joint, _alike(ways), ways["oneway"].to_numpy() != 0, contract=contract
    )
    labels = np.where(points % 2 == 1, ".rail", "").astype(object)
    labels = np.array(
        [f"n{n}{end}" for n, end in zip(extract.ids[points // 2], labels, strict=True)]
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
    frames = (
        nodes,
        edges,
        junctions_of(nodes, edges, tagged),
        stations[[c for c in stations.columns if c != "geometry"] + ["geometry"]],
        airports_of(places),
        settlements_of(places),
        _left_out_table(left_out),
    )
    for frame in frames:
        frame.attrs = {
            "source": str(path),
            "timestamp": extract.timestamp or None,
            "newest_edit": extract.newest or None,
            "attribution": ATTRIBUTION,
        }
    return OsmNetwork(*frames)


_JUNCTION = ("highway", "motorway_junction")


def _osmium() -> ModuleType:
    try:
        return importlib.import_module("osmium")
    except ImportError as error:
        raise MissingDependencyError(
            "OpenStreetMap extracts are read with the package osmium, which is not installed: "
            'pip install "spatialreg[osm]"'
        ) from error


def _checked_bounds(bounds: Bounds | None) -> Bounds | None:
    if bounds is None:
        return None
    if len(bounds) != 4 or not np.isfinite(bounds).all():
        raise InputError(f"bounds must be west, south, east, north in degrees, not {bounds!r}")
    west, south, east, north = bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InputError(
            f"bounds must be west, south, east, north in degrees, each below the next but one, not "
            f"{bounds!r}"
        )
    return west, south, east, north


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
    return ways.sort_values(["way", "mode"], kind="stable", ignore_index=True)


def _vertices(
    extract: Extract, ways: pd.DataFrame, left_out: Counter[LeftOut], box: Bounds | None
) -> tuple[Vertices, np.ndarray]:
    """Lay out the vertices of ways, those against their drawing turned round.

    Returns
    -------
    (Vertices, ndarray of int)
        And by point twice the position of its node, plus one for railways.
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
        kept = np.isin(way, near)
        way, at, run = way[kept], at[kept], run[kept]
    rail = (ways["mode"] == "rail").to_numpy()[way]
    points, point = np.unique(2 * at + rail, return_inverse=True)
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
    rail = np.flatnonzero(points % 2 == 1)
    fast = np.zeros(len(points), dtype=bool)
    fast[vertices.point[ways["highspeed"].to_numpy(dtype=bool)[vertices.way]]] = True
    stations, nearest = at_tracks(stations, extract.lonlat[points[rail] // 2], fast[rail])
    joint = np.zeros(len(points), dtype=bool)
    point_of = np.where(nearest >= 0, rail[nearest] if len(rail) else -1, -1)
    joint[point_of[point_of >= 0]] = True
    tagged = [item.nodes[0] for item in extract.beside if beside_kind(item.tags) == _JUNCTION]
    joint |= (points % 2 == 0) & np.isin(extract.ids[points // 2], tagged)
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
    table = pd.DataFrame(rows, columns=["mode", "class", "reason", "kept", "ways"])
    return table.sort_values(["mode", "class", "reason"], ignore_index=True)
