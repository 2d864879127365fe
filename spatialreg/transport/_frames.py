"""The frames of a network, checked and completed: nodes, edges, modes.

Takes frames as users have them, gives frames with every column that routing needs; lengths are
geodesic, times follow from lengths and speeds where they are not given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._align import require_columns, require_unique, some
from .._nearby import WGS84, distances
from ..errors import AlignmentError, CRSError, GeometryError, InputError

WAITS = ("boarding", "waiting", "transfer", "alighting")
_TEXT = {"mode": "road", "line": None, "class": None, "nature": "surveyed"}


def clean_nodes(nodes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give nodes as points in EPSG:4326 on the index ``node``, with the days they open and close.

    ``boards`` says whether a traveller may get on and off there; it is True unless it is given.

    Raises
    ------
    GeometryError, CRSError, AlignmentError
        Nodes are no points, have no CRS, or share a label.
    """
    if not isinstance(nodes, gpd.GeoDataFrame):
        raise GeometryError("nodes must be a GeoDataFrame of points, one row a node")
    require_unique(nodes.index, "nodes")
    if nodes.crs is None:
        raise CRSError("nodes have no CRS: declare it with set_crs()")
    points: pd.Series = (nodes.geom_type == "Point") & ~nodes.geometry.is_empty
    wrong = nodes.index[~points]
    if len(wrong):
        raise GeometryError(f"{len(wrong)} nodes are no points, at {some(wrong)}")
    cleaned = nodes.to_crs(4326).rename_axis("node")
    if cleaned.geometry.name != "geometry":
        cleaned = cleaned.rename_geometry("geometry")
    for column in ("opened", "closed"):
        cleaned[column] = _days(cleaned, column, "nodes")
    boards = cleaned["boards"] if "boards" in cleaned else pd.Series(True, cleaned.index)
    cleaned["boards"] = _flags(boards, "boards", "nodes")
    return cleaned


def clean_edges(
    edges: pd.DataFrame,
    nodes: gpd.GeoDataFrame,
    speeds: Mapping[str, float] | None,
    detour: Mapping[str, float] | None,
) -> gpd.GeoDataFrame:
    """Give edges with length, speed, time, direction and days, between nodes that exist.

    Raises
    ------
    InputError
        A column is missing or holds what it must not.
    AlignmentError
        An edge ends at a node that is not among the nodes.
    """
    require_columns(edges, ["start", "end"], "edges")
    require_unique(edges.index, "edges")
    given = edges.rename_axis("edge")
    _require_ends(given, nodes)
    shapes = _shapes(given)
    cleaned = _typed(given)
    lengths = _drawn_lengths(cleaned, shapes, nodes, detour)
    cleaned["length_m"] = cleaned["length_m"].fillna(lengths)
    cleaned["speed_kmh"] = cleaned["speed_kmh"].fillna(_speed_of(cleaned, speeds))
    _require_times(cleaned)
    return gpd.GeoDataFrame(_timed(cleaned), geometry=shapes, crs="EPSG:4326")


def clean_modes(modes: Mapping[str, Mapping[str, float]] | pd.DataFrame | None) -> pd.DataFrame:
    """Give by mode the minutes of boarding, waiting, changing line and alighting, zero by default.

    Raises
    ------
    InputError
        A time has another name, is missing, negative or infinite.
    """
    if isinstance(modes, pd.DataFrame):
        table = modes.copy()
    else:
        table = pd.DataFrame.from_dict(dict(modes or {}), orient="index")
    unknown = [column for column in table.columns if column not in WAITS]
    if unknown:
        raise InputError(f"modes have the times {some(WAITS)} [min], not {some(unknown)}")
    table = table.reindex(columns=list(WAITS)).astype(float).fillna(0.0).rename_axis("mode")
    values = table.to_numpy()
    bad = table.index[~(np.isfinite(values) & (values >= 0)).all(axis=1)]
    if len(bad):
        raise InputError(f"times of modes must be finite and not negative, in {some(bad)}")
    require_unique(table.index, "modes")
    return table.sort_index()


def _require_ends(edges: pd.DataFrame, nodes: gpd.GeoDataFrame) -> None:
    for column in ("start", "end"):
        lost = edges.index[~edges[column].isin(nodes.index)]
        if len(lost):
            raise AlignmentError(
                f"{len(lost)} edges have in {column!r} a node that is not among the nodes "
                f"({some(edges.loc[lost, column])}, of edges {some(lost)}): add these nodes"
            )


def _shapes(edges: pd.DataFrame) -> np.ndarray:
    """Give the line of each edge in degrees, None where it is not drawn."""
    if not isinstance(edges, gpd.GeoDataFrame):
        return np.full(len(edges), None, dtype=object)
    if edges.crs is None and edges.geometry.notna().any():
        raise CRSError("edges have no CRS: declare it with set_crs()")
    shapes = edges.geometry if edges.crs is None else edges.geometry.to_crs(4326)
    wrong = edges.index[shapes.notna() & (shapes.geom_type != "LineString")]
    if len(wrong):
        raise GeometryError(
            f"{len(wrong)} edges are no single lines, at {some(wrong)}: make the network with "
            "Network.from_lines, which splits and joins them"
        )
    return shapes.to_numpy()


def _typed(edges: pd.DataFrame) -> pd.DataFrame:
    """Give every column but the geometry in its type, filled where it has a default."""
    drawn_in = edges.geometry.name if isinstance(edges, gpd.GeoDataFrame) else "geometry"
    typed = pd.DataFrame(edges.drop(columns=[drawn_in], errors="ignore")).copy()
    for column, default in _TEXT.items():
        text = typed[column] if column in typed else pd.Series(None, typed.index, dtype="str")
        text = text.astype("str").where(text.notna())
        typed[column] = text if default is None else text.fillna(default)
    for column in ("opened", "closed"):
        typed[column] = _days(typed, column, "edges")
    oneway = typed["oneway"] if "oneway" in typed else pd.Series(False, typed.index)
    typed["oneway"] = _flags(oneway, "oneway", "edges")
    for column in ("length_m", "speed_kmh", "minutes"):
        typed[column] = _amounts(typed, column, zero=column != "speed_kmh")
    return typed


def _drawn_lengths(
    edges: pd.DataFrame,
    shapes: np.ndarray,
    nodes: gpd.GeoDataFrame,
    detour: Mapping[str, float] | None,
) -> pd.Series:
    """Give the geodesic length [m] as drawn, or straight between the nodes, with the detour."""
    lengths = np.full(len(edges), np.nan)
    has = ~shapely.is_missing(shapes)
    lengths[has] = [WGS84.geometry_length(shape) for shape in shapes[has]]
    bare = np.flatnonzero(~has)
    ends = (nodes.geometry.loc[edges[column].iloc[bare]] for column in ("start", "end"))
    lengths[bare] = distances(*ends)
    return edges["nature"].map(dict(detour or {})).fillna(1.0).astype(float) * lengths


def _speed_of(edges: pd.DataFrame, speeds: Mapping[str, float] | None) -> pd.Series:
    """Look the speed up by class, else by mode."""
    table = dict(speeds or {})
    bad = [name for name, speed in table.items() if not (np.isfinite(speed) and speed > 0)]
    if bad:
        raise InputError(f"speeds must be positive numbers of km/h, not those of {some(bad)}")
    return edges["class"].map(table).fillna(edges["mode"].map(table)).astype(float)


def _require_times(edges: pd.DataFrame) -> None:
    untold = edges["minutes"].isna() & edges["speed_kmh"].isna()
    slow = edges.index[untold & (edges["length_m"] > 0)]
    if len(slow):
        kinds = edges.loc[slow, "class"].fillna(edges.loc[slow, "mode"]).unique()
        raise InputError(
            f"{len(slow)} edges have neither minutes nor speed_kmh ({some(slow)}): fill one of "
            f"these columns, or give speeds={{...}} [km/h] for {some(map(repr, kinds))}"
        )


def _timed(edges: pd.DataFrame) -> pd.DataFrame:
    """Give times by length and speed where they are missing, and speeds by the times elsewhere."""
    given = edges["minutes"].notna()
    by_speed = edges["length_m"] / 1000 / edges["speed_kmh"] * 60
    minutes = edges["minutes"].fillna(by_speed).fillna(0.0)
    implied = edges["length_m"] / 1000 / (minutes / 60).where(minutes > 0)
    return edges.assign(minutes=minutes, speed_kmh=edges["speed_kmh"].mask(given, implied))


def _days(frame: pd.DataFrame, column: str, what: str) -> pd.Series:
    if column not in frame:
        return pd.Series(pd.NaT, frame.index, dtype="datetime64[s]")
    try:
        return pd.to_datetime(frame[column], format="ISO8601")
    except (TypeError, ValueError) as error:
        days = pd.to_datetime(frame[column], format="ISO8601", errors="coerce")
        bad = frame.index[days.isna() & frame[column].notna()]
        raise InputError(
            f"column {column!r} of {what} must hold ISO dates (2012-12-01); {len(bad)} rows do "
            f"not, at {some(bad)} ({some(map(repr, frame.loc[bad, column]))})"
        ) from error


def _flags(values: pd.Series, column: str, what: str) -> pd.Series:
    words = {True: True, False: False, "yes": True, "no": False, "true": True, "false": False}
    flags = values.map(lambda v: words.get(v.lower() if isinstance(v, str) else v))
    bad = values.index[flags.isna()]
    if len(bad):
        raise InputError(
            f"column {column!r} of {what} must be True or False; {len(bad)} rows are not, at "
            f"{some(bad)} ({some(map(repr, values[bad]))})"
        )
    return flags.astype(bool)


def _amounts(edges: pd.DataFrame, column: str, *, zero: bool) -> pd.Series:
    if column not in edges:
        return pd.Series(np.nan, edges.index)
    amounts: Any = pd.to_numeric(edges[column], errors="coerce").astype(float)
    wrong = edges[column].notna() & ~(np.isfinite(amounts) & (amounts >= 0))
    if not zero:
        wrong |= amounts == 0
    bad = edges.index[wrong]
    if len(bad):
        least = "numbers not below zero" if zero else "positive numbers"
        raise InputError(
            f"column {column!r} of edges must hold {least}; {len(bad)} rows do not, at "
            f"{some(bad)} ({some(map(repr, edges.loc[bad, column]))})"
        )
    return amounts
