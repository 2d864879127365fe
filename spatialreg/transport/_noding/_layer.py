"""A layer of lines, checked and put in order: labels, geometry, directions, levels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..._align import require_unique, some
from ...errors import CRSError, GeometryError, InputError
from ...io._line_values import directions, level, read_cells, structure

_LINES = ("LineString", "MultiLineString", "LinearRing")


def checked_layer(lines: gpd.GeoDataFrame, tolerance: float, gap: float | None) -> gpd.GeoDataFrame:
    """Give the layer sorted by label, one-way lines drawn in their direction, with ``_level``.

    Raises
    ------
    InputError, AlignmentError, CRSError, GeometryError
        As in :func:`spatialreg.transport.noded`.
    """
    for name, value in (("tolerance", tolerance), ("gap", gap)):
        if value is not None and not (np.isfinite(value) and value > 0):
            raise InputError(f"{name} must be above zero and finite [m], not {value!r}")
    if not isinstance(lines, gpd.GeoDataFrame):
        raise InputError(f"lines must be a GeoDataFrame, a line a row, not {type(lines).__name__}")
    require_unique(lines.index, "lines")
    labels = pd.Index([str(label) for label in lines.index], name="edge", dtype=str)
    require_unique(labels, "lines (labels as text)")
    if lines.crs is None:
        raise CRSError(
            "lines have no CRS: declare it with set_crs(), since the tolerance is in metres"
        )
    shapes = lines.geometry
    wrong = lines.index[~(shapes.isna() | shapes.geom_type.isin(_LINES))]
    if len(wrong):
        raise GeometryError(
            f"{len(wrong)} rows are no lines ({some(wrong)} is {shapes[wrong[0]].geom_type}): "
            "leave them out, or take the boundary of polygons"
        )
    if not (shapes.notna() & ~shapes.is_empty).any():
        raise InputError("the layer holds no lines")
    layer = lines.set_axis(labels).sort_index()
    reading = directions(layer["oneway"].unique() if "oneway" in layer else [])
    ways = _read(layer, "oneway", reading, "yes, no or -1")
    flat = shapely.force_2d(layer.geometry.to_numpy())
    against = (ways == -1).to_numpy()
    flat[against] = shapely.reverse(flat[against])
    layer = layer.drop(columns=layer.geometry.name)
    layer["oneway"] = ways != 0
    layer["_level"] = _levels(layer)
    return gpd.GeoDataFrame(layer, geometry=flat, crs=lines.crs)


def line_groups(layer: gpd.GeoDataFrame) -> np.ndarray:
    """Give one number to lines that join along their course: those of one mode and level."""
    keys = ["_level", *(["mode"] if "mode" in layer else [])]
    return layer.groupby(keys, dropna=False, sort=True).ngroup().to_numpy(np.int64)


def _levels(layer: pd.DataFrame) -> pd.Series:
    """Give each line's level: its ``layer``, else 1 for a bridge and -1 for a tunnel."""
    levels = _read(layer, "layer", level, "whole numbers, the levels of lines")
    for column, height in (("bridge", 1), ("tunnel", -1)):
        inside = _read(layer, column, structure, "yes or no").astype(bool)
        levels = levels.mask(inside & (levels == 0), height)
    return levels.astype(np.int64)


def _read(
    layer: pd.DataFrame, column: str, reading: Callable[[Any], Any], expected: str
) -> pd.Series:
    """Read the cells of a column, zeros where there is none."""
    if column not in layer:
        return pd.Series(0, layer.index)
    return read_cells(layer[column], reading, expected, "lines")
