"""Isochrones and service lines: what is reached from facilities within so many minutes.

Takes facilities (points or nodes) and a network, gives polygons that are exact for one model: along
the network, then straight off it; or the reached pieces of the network as lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._align import require_one_of, some
from .._dates import DateLike
from .._progress import each
from ..errors import InputError, PrecisionError
from ..transport import Connectors, Network
from ..transport._question import Places
from ._drawing import ReachedAreas
from ._reached import Search, prepared
from ._tapered import degrees

DIRECTIONS = ("from", "to")


def isochrones(
    facilities: Places,
    network: Network,
    *,
    breaks: Sequence[float] = (30, 60, 120),
    date: DateLike | None = None,
    connectors: Connectors | None = None,
    direction: str = "from",
    merged: bool = True,
    rings: bool = False,
    fill_holes_km2: float = 0.0,
    quad_segs: int = 8,
) -> gpd.GeoDataFrame:
    """Give the areas reached within each of some times, along the network and then straight off it.

    Parameters
    ----------
    facilities : GeoDataFrame, GeoSeries, Series, Index or sequence
        Points, labels of nodes of the network, or a Series that gives for each facility its node.
    network : Network
    breaks : sequence of float
        [min].
    date : date, str or int, optional
        The network as it stood at the end of this day.
    connectors : Connectors, optional
        How facilities are joined to the network and how it is left: at ``speed_kmh`` over
        ``detour`` times the straight distance, at most ``within_m`` far. ``to="edges"`` (the
        default where there are edges of one's own vehicle) leaves it anywhere along such edges and
        at the nodes of other modes, ``to="nodes"`` at nodes only. ``nearest`` counts for the
        facilities alone. Schematic edges, whose course is not known, are left at their nodes only.
    direction : {"from", "to"}
        What is reached from the facilities, or from where they are reached.
    merged : bool
        One area a break for all facilities, or one for each.
    rings : bool
        Without the area of the break before.
    fill_holes_km2 : float
        Holes below this area are filled [km2].
    quad_segs : int
        Segments a quarter of a circle.

    Returns
    -------
    GeoDataFrame
        Valid multipolygons (EPSG:4326), by facility and rising break: ``facility`` (unless
        `merged`), ``minutes``, ``area_km2`` [km2]. An area that holds nothing is empty.
        ``attrs["definition"]``: the model in words.

    Raises
    ------
    InputError
        An argument is out of range.
    AlignmentError
        A facility is no node of the network, or stands twice.

    Notes
    -----
    Along a straight part of an edge the remaining minutes fall linearly, so that what is reached
    off it is the convex hull of two discs. Discs are geodesic circles as polygons of the same area.
    Each point of the result can be reached within the break, and no point outside it, by ways that
    follow the network and leave it once.

    See Also
    --------
    service_lines : The reached pieces of the network.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(index=["a", "b"],
    ...     geometry=gpd.points_from_xy([10.0, 10.5], [50.0, 50.0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a"], "end": ["b"], "speed_kmh": [60.0]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> walking = sr.Connectors(speed_kmh=5, detour=1.0, to="edges")
    >>> areas = sr.access.isochrones(["a"], network, breaks=[10, 20], connectors=walking)
    >>> areas[["minutes", "area_km2"]].round(1).values.tolist()
    [[10.0, 9.5], [20.0, 37.8]]
    """
    limits = _breaks(breaks)
    _check(direction, fill_holes_km2, quad_segs)
    search = _search(facilities, network, date, connectors, direction)
    make = ReachedAreas(search, quad_segs)
    rows, shapes = [], []
    for labels, times in _by_facility(search, limits[-1], merged):
        before: shapely.Geometry = shapely.MultiPolygon()
        for number, limit in enumerate(limits):
            shape = shapely.union_all([before, make.within(times, limit, labels)])
            shape = _filled(shape, fill_holes_km2 * 1e6)
            shapes.append(shapely.difference(shape, before) if rings else shape)
            since = limits[number - 1] if number else 0.0
            row = {"facility": _label(search, labels), "from_minutes": since}
            rows.append({**row, "minutes": limit, "area_km2": shapes[-1].area / 1e6})
            before = shape
    unused = {"facility": merged, "from_minutes": not rings}
    frame = pd.DataFrame(rows).drop(columns=[name for name, drop in unused.items() if drop])
    found = gpd.GeoDataFrame(
        frame, geometry=degrees(np.array(shapes, dtype=object), search.metric), crs=4326
    )
    found.attrs["definition"] = search.words
    return found


def service_lines(
    facilities: Places,
    network: Network,
    *,
    breaks: Sequence[float] = (30, 60, 120),
    date: DateLike | None = None,
    connectors: Connectors | None = None,
    direction: str = "from",
    merged: bool = True,
) -> gpd.GeoDataFrame:
    """Give the pieces of the network that are reached within each of some times.

    Edges of one's own vehicle are cut where the break falls; of modes that are boarded, travellers
    see the nodes alone, and they give no lines.

    Parameters
    ----------
    facilities, network, breaks, date, connectors, direction, merged
        As in :func:`isochrones`.

    Returns
    -------
    GeoDataFrame
        A piece a row (EPSG:4326), by facility, rising break and edge: ``facility`` (unless
        `merged`), ``minutes`` (the break), ``edge``, ``line``, ``mode``, ``start_share``,
        ``end_share`` (where on the edge the piece begins and ends, from 0 to 1), ``length_m`` [m].

    Raises
    ------
    PrecisionError
        Edges of one's own vehicle are schematic.
    InputError
        An argument is out of range.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(index=["a", "b"],
    ...     geometry=gpd.points_from_xy([10.0, 10.5], [50.0, 50.0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a"], "end": ["b"], "minutes": [40.0]}, index=["road"])
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> sr.access.service_lines(["a"], network, breaks=[10])[["edge", "end_share"]].values.tolist()
    [['road', 0.25]]
    """
    limits = _breaks(breaks)
    _check(direction, 0.0, 1)
    search = _search(facilities, network, date, connectors, direction, along=True)
    edges = search.network.edges
    own = ~edges["mode"].isin(search.network.modes.index[(search.network.modes > 0).any(axis=1)])
    vague = edges.index[own & (edges["nature"] == "schematic")]
    if len(vague):
        raise PrecisionError(
            f"{len(vague)} edges are schematic ({some(vague)}): they do not follow the track, and "
            "pieces of them lie nowhere; ask for travel_times between places, or use a surveyed "
            "network"
        )
    make = ReachedAreas(search, 1)
    parts = []
    for labels, times in _by_facility(search, limits[-1], merged):
        for limit in limits:
            part = make.lines(times, limit)
            part.insert(0, "minutes", limit)
            part.insert(0, "facility", [_label(search, labels)] * len(part))
            parts.append(part)
    found = pd.concat(parts, ignore_index=True)
    about = edges.iloc[found.pop("at").to_numpy(dtype=np.int64)]
    found.insert(2, "edge", about.index)
    found.insert(3, "line", about["line"].to_numpy())
    found.insert(4, "mode", about["mode"].to_numpy())
    share = found["end_share"] - found["start_share"]
    found["length_m"] = share * about["length_m"].to_numpy()
    shapes = gpd.GeoSeries(found.pop("shape").to_numpy(), crs=search.metric).to_crs(4326)
    lines = gpd.GeoDataFrame(found, geometry=shapes.to_numpy(), crs=4326)
    lines.attrs["definition"] = search.words
    return lines.drop(columns="facility") if merged else lines


def _label(search: Search, at: np.ndarray) -> object:
    """Give the label of a facility, or None for all together."""
    labels = search.question.destinations if search.towards else search.question.origins
    return labels[at[0]] if len(at) == 1 else None


def _search(
    facilities: Places,
    network: Network,
    date: DateLike | None,
    connectors: Connectors | None,
    direction: str,
    *,
    along: bool = False,
) -> Search:
    if not isinstance(network, Network):
        raise InputError(f"network must be a Network, not {type(network).__name__}")
    network = network if date is None else network.at(date)
    return prepared(facilities, network, connectors, towards=direction == "to", along=along)


def _by_facility(
    search: Search, limit: float, merged: bool
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    count = len(search.question.leave if not search.towards else search.question.arrive)
    total = 1 if merged else count
    yield from each(search.times(limit, merged=merged), "isochrones", total=total)


def _breaks(breaks: Sequence[float]) -> list[float]:
    values = np.atleast_1d(np.asarray(breaks, dtype=float))
    if not len(values) or not (np.isfinite(values) & (values > 0)).all():
        raise InputError(f"breaks must be positive numbers of minutes, not {breaks!r}")
    if len(np.unique(values)) < len(values):
        raise InputError(f"breaks must differ, not {breaks!r}")
    return [float(value) for value in np.sort(values)]


def _check(direction: str, holes: float, quad_segs: int) -> None:
    require_one_of(direction, DIRECTIONS, "direction")
    if not holes >= 0:
        raise InputError(f"fill_holes_km2 must be an area from 0 on, not {holes!r}")
    if not (isinstance(quad_segs, int) and quad_segs >= 1):
        raise InputError(f"quad_segs must be a whole number from 1 on, not {quad_segs!r}")


def _filled(shape: shapely.Geometry, least: float) -> shapely.Geometry:
    """Fill holes smaller than `least` [m2]."""
    if not least:
        return shape
    parts = []
    for part in shapely.get_parts(shape):
        holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= least]
        parts.append(shapely.Polygon(part.exterior, holes))
    return shapely.union_all(parts)
