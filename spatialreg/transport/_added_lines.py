"""What is added to a network that stands: drawn lines, and links between nodes that are near."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from .._align import require_unique, some
from .._crs import equal_area_crs
from .._nearby import pairs_within
from ..errors import CRSError, GeometryError, InputError


def edges_along(
    lines: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame, tolerance: float
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Cut lines at the nodes that they pass, and make nodes of ends that are at none.

    Parameters
    ----------
    lines : GeoDataFrame
        Single lines, one row each.
    nodes : GeoDataFrame
        Points in EPSG:4326.
    tolerance : float
        How far from a node a line may pass and still join it [m].

    Returns
    -------
    (GeoDataFrame, GeoDataFrame)
        The nodes with the new ones (``LINE.start``, ``LINE.end``), and the edges ``LINE.0``,
        ``LINE.1``, ... in the order of each line, with ``start``, ``end`` and the line's columns;
        an edge's own ``line`` is the line's label where none is given.

    Raises
    ------
    GeometryError, CRSError, InputError
        `lines` are no single lines or have no CRS, or `tolerance` is not positive.
    """
    if not tolerance > 0:
        raise InputError(f"tolerance must be a positive number of metres, not {tolerance!r}")
    require_unique(lines.index, "lines")
    if lines.crs is None:
        raise CRSError("lines have no CRS: declare it with set_crs()")
    wrong = lines.index[lines.geom_type != "LineString"]
    if len(wrong):
        raise GeometryError(f"{len(wrong)} rows are no single lines, at {some(wrong)}: explode()")
    metric = equal_area_crs(lines)
    drawn = lines.geometry.to_crs(metric)
    points = nodes.geometry.to_crs(metric)
    at, near = points.sindex.query(drawn, predicate="dwithin", distance=tolerance)
    added: dict[str, shapely.Point] = {}
    rows, shapes = [], []
    for row, (label, line) in enumerate(drawn.items()):
        passed = points.iloc[near[at == row]]
        stops = pd.Series(line.project(passed.to_numpy()), index=passed.index)
        for end, where in (("start", 0.0), ("end", line.length)):
            if not (np.abs(stops - where) <= tolerance).any():
                added[f"{label}.{end}"] = line.interpolate(where)
                stops[f"{label}.{end}"] = where
        stops = stops.sort_values(kind="stable")
        for k, (start, end) in enumerate(zip(stops.index[:-1], stops.index[1:], strict=True)):
            rows.append((f"{label}.{k}", label, start, end))
            shapes.append(substring(line, stops.iloc[k], stops.iloc[k + 1]))
    edges = pd.DataFrame(rows, columns=["edge", "label", "start", "end"]).set_index("edge")
    about = lines.drop(columns=lines.geometry.name).loc[edges.pop("label")]
    named = about.set_index(edges.index)
    if "line" not in named:
        named["line"] = [edge.rsplit(".", 1)[0] for edge in edges.index]
    edges = gpd.GeoDataFrame(pd.concat([edges, named], axis=1), geometry=shapes, crs=metric)
    ends = gpd.GeoDataFrame(index=list(added), geometry=list(added.values()), crs=metric)
    both = pd.concat([nodes, ends.to_crs(4326)]) if added else nodes
    if added:
        both["boards"] = both["boards"].astype("boolean").fillna(True)
    return both, edges.to_crs(4326)


def links_between(
    nodes: gpd.GeoDataFrame, *, within_m: float, speed_kmh: float, detour: float, mode: str
) -> pd.DataFrame:
    """Give an edge for each pair of nodes that stand within so many metres of each other.

    Raises
    ------
    InputError
        A number is not positive.
    """
    for name, value in (("within_m", within_m), ("speed_kmh", speed_kmh), ("detour", detour)):
        if not value > 0:
            raise InputError(f"{name} must be a positive number, not {value!r}")
    points = nodes.geometry.sort_index()
    first, second, metres = pairs_within(points, points, within_m)
    once = first < second
    start, end = points.index[first[once]], points.index[second[once]]
    return pd.DataFrame(
        {
            "start": start,
            "end": end,
            "mode": mode,
            "length_m": metres[once] * detour,
            "speed_kmh": speed_kmh,
            "nature": "connector",
        },
        index=[f"{one}-{two}" for one, two in zip(start, end, strict=True)],
    )
