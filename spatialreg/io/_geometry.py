"""Geometry as it comes, checked and mended: all there, of one kind, valid."""

from __future__ import annotations

import warnings

import geopandas as gpd
import shapely

from .._align import some
from ..errors import GeometryError, RepairWarning

_POLYGONS = {"Polygon", "MultiPolygon"}
_POINTS = {"Point", "MultiPoint"}


def checked_geometry(geometry: gpd.GeoSeries, *, repair: bool, what: str) -> gpd.GeoSeries:
    """Give the geometries, two-dimensional and valid, or raise and name the regions at fault.

    Parameters
    ----------
    geometry : GeoSeries
        Polygons or points, labelled by code.
    repair : bool
        Make invalid polygons valid and keep their polygon parts.
    what : str
        The source, for messages.

    Raises
    ------
    GeometryError
        A geometry is missing, empty, of another or a second kind, or invalid (beyond repair).

    Warns
    -----
    RepairWarning
        Polygons were made valid; the message says how many and which.
    """
    for kind, wrong in (("missing", geometry.isna()), ("empty", geometry.is_empty)):
        if wrong.any():
            labels = geometry.index[wrong]
            raise GeometryError(
                f"{what} has {len(labels)} {kind} geometries ({some(labels)}): supply them, or "
                "leave those regions out before the call"
            )
    kinds = set(geometry.geom_type.unique())
    if not kinds <= _POLYGONS and not kinds <= _POINTS:
        usual = _POINTS if geometry.geom_type.isin(_POINTS).mean() > 0.5 else _POLYGONS
        labels = geometry.index[~geometry.geom_type.isin(usual)]
        raise GeometryError(
            f"{what} must hold polygons only or points only; it holds {some(sorted(kinds))}, at "
            f"{some(labels)}: leave the others out"
        )
    geometry = gpd.GeoSeries(
        shapely.force_2d(geometry.to_numpy()), index=geometry.index, crs=geometry.crs
    )
    invalid = geometry.index[~geometry.is_valid]
    if not len(invalid):
        return geometry
    reasons = [f"{label}: {shapely.is_valid_reason(geometry.loc[label])}" for label in invalid[:5]]
    told = some([*reasons, *invalid[5:]])
    if not repair:
        raise GeometryError(f"{what} has {len(invalid)} invalid geometries ({told}): repair=True")
    mended = shapely.make_valid(geometry.loc[invalid].to_numpy())
    mended = [_polygons(shape) for shape in mended]
    gone = [label for label, shape in zip(invalid, mended, strict=True) if shape.is_empty]
    if gone:
        raise GeometryError(
            f"{what} has {len(gone)} polygons without any area ({some(gone)}): draw them again, or "
            "leave those regions out"
        )
    warnings.warn(
        RepairWarning(f"{what}: {len(invalid)} polygons were made valid ({told})"), stacklevel=3
    )
    geometry = geometry.copy()
    geometry.loc[invalid] = mended
    return geometry


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the polygon parts of a shape: what make_valid leaves of spikes are lines."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in _POLYGONS]
    if len(parts) == 1:
        return parts[0]
    return shapely.union_all(parts) if parts else shapely.Polygon()
