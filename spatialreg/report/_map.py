"""The data of the report's map: each set of geometries once, each layer's colours and rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..layers import Layer, RasterLayer, colour_rows
from ._picture import picture

# about one pixel at the zoom that shows the whole of a large country
_PIXELS = 1500
_DIGITS = 3


def map_data(layers: Sequence[Layer], rasters: Sequence[RasterLayer] = ()) -> dict[str, Any]:
    """Give what the page's script draws.

    Parameters
    ----------
    layers : sequence of Layer
        The first visible one is shown at first.
    rasters : sequence of RasterLayer
        Listed below the layers.

    Returns
    -------
    dict
        ``geometries``: key to a list of GeoJSON geometries; ``layers``: for each its title, group,
        key, kind, a colour and a row of values per feature, and the legend; for a raster instead
        of these its picture and where it lies.
    """
    geometries: dict[str, list[Any]] = {}
    described = []
    groups = list(dict.fromkeys(layer.group for layer in layers))
    for layer in sorted(layers, key=lambda layer: groups.index(layer.group)):
        frame = layer.frame.to_crs(4326)
        key = hashlib.sha256(b"".join(shapely.to_wkb(frame.geometry.to_numpy()))).hexdigest()[:12]
        if key not in geometries:
            geometries[key] = _simple(frame)
        colours, legend = colour_rows(layer)
        columns = [c for c in frame.columns if c != frame.geometry.name]
        described.append(
            {
                "title": layer.title,
                "group": layer.group,
                "visible": layer.visible,
                "geometry": key,
                "colours": list(colours),
                "legend": [[label, colour] for label, colour in legend],
                "columns": ["Code", *(layer.aliases.get(c, c) for c in columns)],
                "rows": [
                    [str(index), *(_plain(value) for value in row)]
                    for index, row in zip(
                        frame.index, frame[columns].itertuples(index=False), strict=True
                    )
                ],
                "abstract": layer.abstract,
            }
        )
    described += [_picture(layer) for layer in rasters]
    return {"geometries": geometries, "layers": described}


def _picture(layer: RasterLayer) -> dict[str, Any]:
    image, bounds, legend = picture(layer)
    return {
        "title": layer.title,
        "group": layer.group,
        "visible": layer.visible,
        "image": image,
        "bounds": bounds,
        "legend": [[label, colour] for label, colour in legend],
        "abstract": layer.abstract,
    }


def _simple(frame: gpd.GeoDataFrame) -> list[Any]:
    """Simplify to what a screen can show, polygons as a coverage so that borders stay shared."""
    geometry = frame.geometry.to_numpy()
    west, south, east, north = frame.total_bounds
    tolerance = max(east - west, north - south) / _PIXELS
    if (frame.geom_type.isin(["Polygon", "MultiPolygon"])).all():
        geometry = shapely.coverage_simplify(geometry, tolerance)
    elif not (frame.geom_type == "Point").all():
        geometry = shapely.simplify(geometry, tolerance)
    return [_geojson(shape) for shape in geometry]


def _geojson(shape: Any) -> dict[str, Any] | None:
    if shape is None or shape.is_empty:
        return None
    mapping = shapely.geometry.mapping(shape)
    return {"type": mapping["type"], "coordinates": _round(mapping["coordinates"])}


def _round(value: Any) -> Any:
    """Round coordinates to about 100 m."""
    if isinstance(value, int | float):
        return round(value, _DIGITS)
    return [_round(part) for part in value]


def _plain(value: Any) -> str | int | float | bool | None:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(f"{value:.6g}") if np.isfinite(value) else None
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
