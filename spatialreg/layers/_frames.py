"""Frames as they are written: plain columns, one kind of geometry, no class left empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import pandas as pd
import shapely

from .._align import some
from ..errors import InputError
from ._layer import Layer, category_values, plain_text
from ._styles import Categorised

_PROMOTED = {
    "Polygon": (shapely.GeometryType.POLYGON, shapely.multipolygons, "MultiPolygon"),
    "Line": (shapely.GeometryType.LINESTRING, shapely.multilinestrings, "MultiLineString"),
    "Point": (shapely.GeometryType.POINT, shapely.multipoints, "MultiPoint"),
}


def written_frame(layer: Layer) -> tuple[gpd.GeoDataFrame, str]:
    """Give a layer's frame as it is written, and its geometry type; the caller's is untouched.

    The index becomes a column where it has a name; categories become text, periods become text,
    and the column of a :class:`Categorised` style is text with a class for missing values.
    Polygons and lines become multi-part, points only where some are.

    Raises
    ------
    InputError
        Two columns share a name but for case, or a column holds what no format can write.
    """
    frame = _with_index(layer)
    if isinstance(layer.style, Categorised):
        frame[layer.style.column] = category_values(layer, layer.style).to_numpy()
    columns = [column for column in frame.columns if column != frame.geometry.name]
    _require_distinct([str(column) for column in columns], layer)
    data = {str(column): _plain(frame[column], layer) for column in columns}
    shapes, kind = _promote(frame.geometry, layer.kind)
    geometry = free_name(("geometry", "geom", "shape", "the_geom"), data)
    return gpd.GeoDataFrame({**data, geometry: shapes}, geometry=geometry, crs=frame.crs), kind


def by_table(layers: Sequence[Layer]) -> dict[str, list[Layer]]:
    """Group layers by the table that holds them, in the order of first appearance."""
    tables: dict[str, list[Layer]] = {}
    for layer in layers:
        tables.setdefault(layer.stored_in, []).append(layer)
    return tables


def written_table(layers: Sequence[Layer]) -> tuple[gpd.GeoDataFrame, str]:
    """Give the columns of layers that share a table, side by side over one geometry.

    Raises
    ------
    InputError
        Their features differ, or a column that they share does.
    """
    table, kind = written_frame(layers[0])
    for layer in layers[1:]:
        frame, other = written_frame(layer)
        same = other == kind and len(frame) == len(table) and frame.crs == table.crs
        if (
            not same
            or not shapely.equals_identical(
                frame.geometry.to_numpy(), table.geometry.to_numpy()
            ).all()
        ):
            raise InputError(
                f"layers {layers[0].name!r} and {layer.name!r} are to share the table "
                f"{layer.stored_in!r}, but their features differ: give one a table of its own"
            )
        for column in frame.columns:
            if column in table.columns and column != frame.geometry.name:
                if (
                    not frame[column]
                    .reset_index(drop=True)
                    .equals(table[column].reset_index(drop=True))
                ):
                    raise InputError(
                        f"column {column!r} of layer {layer.name!r} is not that of the other "
                        f"layers in the table {layer.stored_in!r}: rename it"
                    )
            elif column != frame.geometry.name:
                table.insert(table.shape[1] - 1, column, frame[column].to_numpy())
    return table, kind


def table_columns(layers: Sequence[Layer]) -> list[str]:
    """Give the columns of layers that share a table as they are written, without the geometry."""
    return list(dict.fromkeys(column for layer in layers for column in written_columns(layer)))


def written_columns(layer: Layer) -> list[str]:
    """Give the columns of a layer as they are written, without the geometry."""
    frame = _with_index(layer)
    return [str(column) for column in frame.columns if column != frame.geometry.name]


def free_name(names: Iterable[str], columns: Iterable[str]) -> str:
    """Give the first of `names` that no column bears, whatever the case."""
    taken = {column.lower() for column in columns}
    return next(name for name in names if name not in taken)


def _with_index(layer: Layer) -> gpd.GeoDataFrame:
    frame = layer.frame
    named = [name for name in frame.index.names if name is not None]
    if not named or set(named) & set(frame.columns):
        return frame.reset_index(drop=True)
    return frame.reset_index()


def _require_distinct(columns: list[str], layer: Layer) -> None:
    folded = [column.lower() for column in columns]
    twice = sorted({column for column in columns if folded.count(column.lower()) > 1})
    if twice:
        raise InputError(
            f"layer {layer.name!r} has columns that differ in case only or not at all "
            f"({some(map(repr, twice))}), which no format keeps apart: rename them"
        )


def _plain(values: pd.Series, layer: Layer) -> pd.Series:
    """Bring a column to a type that every format writes."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if isinstance(values.dtype, pd.PeriodDtype):
        values = values.astype(str)
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.is_numeric_dtype(values.dtype):
        if values.dtype.kind == "c" or pd.api.types.is_timedelta64_dtype(values.dtype):
            raise _unwritable(values, layer)
        return values
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values
    if isinstance(values.dtype, gpd.array.GeometryDtype) or values.dtype.kind == "m":
        raise _unwritable(values, layer)
    strange = values.map(lambda value: isinstance(value, list | dict | tuple | set))
    if strange.any():
        raise _unwritable(values, layer)
    if all(isinstance(value, bool) for value in values.dropna()) and values.notna().any():
        return values.astype("boolean")
    texts = values.astype(object)
    return texts.map(lambda value: plain_text(str(value)), na_action="ignore").where(
        texts.notna(), None
    )


def _unwritable(values: pd.Series, layer: Layer) -> InputError:
    return InputError(
        f"column {values.name!r} of layer {layer.name!r} holds {values.dtype} values that cannot "
        "be written: turn it into numbers, text or dates, or drop it"
    )


def _promote(shapes: gpd.GeoSeries, kind: str) -> tuple[gpd.GeoSeries, str]:
    single, build, multi = _PROMOTED[kind]
    if kind == "Line":
        # a closed ring is a line like any other
        rings = shapely.get_type_id(shapes.to_numpy()) == shapely.GeometryType.LINEARRING
        if rings.any():
            shapes = shapes.copy()
            shapes[rings] = shapely.linestrings(
                [shapely.get_coordinates(ring) for ring in shapes[rings]]
            ).tolist()
    types = shapely.get_type_id(shapes.to_numpy())
    if kind == "Point" and not (types == shapely.GeometryType.MULTIPOINT).any():
        return shapes, "Point"
    values = shapes.to_numpy().copy()
    for position in (types == single).nonzero()[0]:
        values[position] = build([values[position]])
    return gpd.GeoSeries(values, index=shapes.index, crs=shapes.crs), multi
