"""Read an extract into the frames of a network."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ...errors import InputError, MissingDependencyError
from ._stream import read_extract
from ._tags import wanted

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
        ``count`` of ways (and stations) by ``mode``, ``class`` and ``reason``; ``kept`` where the
        way is there and only a tag of it was not used.
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
    """Read roads, railways, ferries and ways on foot from an OpenStreetMap extract.

    Needs the package osmium (``pip install "spatialreg[osm]"``).

    Parameters
    ----------
    source : path
        An extract: .osm.pbf, .osm, .osm.bz2, .osm.gz.
    modes : iterable of {"road", "rail", "ferry", "foot"}
        What is read. Roads, railways and ways on foot are three networks that share no node;
        ferries are in that of the roads and in that on foot, where these are read.
    classes : str or iterable of str, optional
        The lowest class of roads to read, with all above it and their ramps: ``"motorway"``,
        ``"trunk"``, ``"primary"``, ``"secondary"`` (the default), ``"tertiary"``,
        ``"unclassified"``, ``"residential"``, ``"living_street"``, ``"service"``, ``"track"``;
        ``"all"`` is all streets for cars, down to ``"living_street"``. Or a list of exactly the
        classes to read. Ways on foot are always read whole.
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
        a station to the nearest node of a way on foot, and to that of a road that is no motorway;
        None for no such paths. They are made where railways are read with one of these or both.

    Returns
    -------
    OsmNetwork
        ``nodes``: index ``node`` (``n`` and the id of OpenStreetMap, ``.rail`` after it for
        railways, ``.foot`` for ways on foot), ``boards`` (at railways only stations). ``edges``:
        index ``edge`` (``w`` and the id of the way, ``.foot`` on foot, ``.rail`` for rails in a
        street that is read too, and ``.0``, ``.1``, ... where it is cut), ``start``, ``end``,
        ``mode`` (on foot ``"walk"``), ``line`` (``ref``, else ``name``; of railways and on foot the
        other way round), ``class`` (the value of ``highway`` or ``railway``; ``highspeed``; on foot
        with ``walk_`` before it where vehicles use the street too, so that it does not get their
        speed), ``length_m`` [m, geodesic], ``speed_kmh``,
        ``maxspeed_kmh`` [km/h], ``minutes`` [min, of ferries with a duration], ``oneway``,
        ``opened``, ``closed``, ``nature`` (``"osm"``), ``name``, ``ref``, ``lanes``, ``bridge``,
        ``tunnel``, ``highspeed``, ``usage``, ``way``, ``geometry``. ``junctions`` (of motorways:
        tagged, and where ramps join), ``stations`` (``node``: their node, ``distance_m`` to it,
        ``serves``, ``highspeed``), ``airports`` (``iata``, ``icao``), ``settlements`` (``place``,
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
    The file is read as a stream, in four passes or five. What stays in memory are the ways that are
    chosen and the places of nodes: of all nodes of a file up to 400 MB (16 bytes each), else of
    those that the ways go through.

    Examples
    --------
    >>> import spatialreg as sr
    >>> found = sr.io.read_osm("Helsinki.osm.pbf", classes="all")  # doctest: +SKIP
    >>> network = sr.Network.from_frames(
    ...     found.nodes, found.edges, speeds=sr.transport.DEFAULT_SPEEDS)  # doctest: +SKIP
    >>> city = sr.io.read_osm("Helsinki.osm.pbf", modes=("foot", "rail"))  # doctest: +SKIP
    """
    path = Path(source)
    if not path.is_file():
        raise InputError(f"there is no file {path}")
    box = _checked_bounds(bounds)
    if link_stations is not None and not (np.isfinite(link_stations) and link_stations > 0):
        raise InputError(f"link_stations must be above zero and finite [m], not {link_stations!r}")
    choice = wanted(modes, classes, rails)
    osmium = _osmium()
    # what compiles loops is loaded only here, so that reading tables stays quick to begin
    from ._build import built

    extract = read_extract(osmium, path, choice)
    if not len(extract.ways):
        raise InputError(
            f"{path} holds none of the ways asked for: choose lower classes= or other modes="
        )
    frames = built(
        extract, choice, box, contract=contract, limits=limits, link_stations=link_stations
    )
    for frame in frames:
        frame.attrs = {
            "source": str(path),
            "timestamp": extract.timestamp or None,
            "newest_edit": extract.newest or None,
            "attribution": ATTRIBUTION,
        }
    return OsmNetwork(*frames)


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
