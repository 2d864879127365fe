"""Maps from files: one row a region, indexed by code, with geometry that can be trusted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from .._align import require_columns, some
from ..errors import CRSError, InputError
from ..regions import CODE_COLUMNS, NAME_COLUMNS, tidy_code
from ._geometry import checked_geometry
from ._shapefile import read_cut, shapefile_encoding

_PARQUET = {".parquet", ".pq", ".geoparquet"}
_SHAPEFILES = {".shp", ".zip"}


def read_regions(
    source: str | os.PathLike[str] | gpd.GeoDataFrame,
    *,
    code: str | None = None,
    name: str | None = None,
    level: str | None = None,
    crs: Any = None,
    layer: str | None = None,
    repair: bool = True,
) -> gpd.GeoDataFrame:
    """Read regions: GeoPackage, Shapefile (also zipped), GeoJSON, GeoParquet, or a frame.

    Text of a shapefile is read by its ``.cpg``; where that is missing or wrong, UTF-8 or GB18030 is
    found in the table itself. Heights (z) are left out.

    Parameters
    ----------
    source : path or GeoDataFrame
    code : str, optional
        The column of codes. Where it is not given, an index or the one column with a usual name
        (code, adcode, GEOID, 区划代码, ...) that is unique and complete is taken.
    name : str, optional
        The column of names; where it is not given, the first with a usual name. A column that is
        called ``name`` without being chosen is kept as ``name_given``.
    level : str, optional
        A column with the level of each region, or the level of all of them (``"county"``).
    crs : anything that pyproj takes, optional
        Declares the CRS of data that come without one. It does not reproject: use ``to_crs``.
    layer : str, optional
        The layer of a file that has several.
    repair : bool
        Make invalid polygons valid, keeping their polygon parts, with a warning; else they raise.

    Returns
    -------
    GeoDataFrame
        Index ``code`` (text, unique); columns ``name`` and ``level`` where known, the others of the
        source, ``geometry`` last. Codes written as numbers lose their ``.0``; whether they are
        adcodes is left to :func:`spatialreg.regions.normalise_codes`.

    Raises
    ------
    InputError
        The file or layer is not there, several columns could be the codes, or codes are missing or
        stand twice.
    CRSError
        There is no CRS, `crs` contradicts it, or coordinates are no degrees although the CRS is.
    GeometryError
        Geometries are missing, empty, mixed, neither polygons nor points, or invalid beyond repair.

    Warns
    -----
    RepairWarning
        Polygons were made valid, or the declared encoding was wrong; the message says which.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import spatialreg as sr
    >>> from shapely import box
    >>> squares = gpd.GeoDataFrame({"adcode": [110000.0, 120000.0], "名称": ["北京市", "天津市"]},
    ...                            geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)])
    >>> sr.read_regions(squares, crs=4326)["name"].to_dict()
    {'110000': '北京市', '120000': '天津市'}
    """
    frame, what = opened(source, layer)
    frame = declared(frame, crs, what)
    column = _code_column(frame, code, what)
    codes = _codes(frame, column, what)
    frame = frame.drop(columns=[] if column is None else [column])
    frame.index = codes
    frame = _named(frame, name, what)
    if level is not None:
        if level in frame.columns and level != "level":
            frame = frame.drop(columns="level", errors="ignore").rename(columns={level: "level"})
        elif level not in frame.columns:
            frame["level"] = level
    if frame.geometry.name != "geometry":
        frame = frame.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
    geometry = checked_geometry(frame.geometry, repair=repair, what=what)
    require_degrees(geometry, what)
    first = [c for c in ("name", "level") if c in frame.columns]
    rest = [c for c in frame.columns if c not in (*first, "geometry")]
    result = gpd.GeoDataFrame(frame[[*first, *rest]], geometry=geometry, crs=geometry.crs)
    result.attrs = {"source": what}
    return result


def opened(source: Any, layer: str | None) -> tuple[gpd.GeoDataFrame, str]:
    """Give the frame of a file or frame, and what to call it in messages."""
    if isinstance(source, gpd.GeoDataFrame):
        if layer is not None:
            raise InputError("layer= is for files; the source is a frame already")
        if source._geometry_column_name is None:
            raise InputError("the frame has no active geometry: set it with set_geometry()")
        return source.copy(), "the frame"
    if isinstance(source, pd.DataFrame):
        raise InputError("a map needs geometry; a table is read by read_table")
    path = Path(source)
    if not path.exists():
        raise InputError(f"there is no file {path}")
    if path.suffix.lower() in _PARQUET:
        if layer is not None:
            raise InputError("layer= is for files with layers; GeoParquet has none")
        try:
            return gpd.read_parquet(path), str(path)
        except ValueError as error:
            raise InputError(f"{path} is no GeoParquet: {error}") from error
    try:
        chosen = _layer(path, layer)
        encoding = shapefile_encoding(path)
        options = {} if encoding is None else {"encoding": encoding}
        try:
            frame = gpd.read_file(path, layer=chosen, engine="pyogrio", **options)
        except UnicodeDecodeError as error:
            if path.suffix.lower() not in _SHAPEFILES:
                raise InputError(f"{path} holds text that is not in UTF-8: {error}") from error
            frame = read_cut(path, chosen, encoding or "utf-8")
    except pyogrio.errors.DataSourceError as error:
        raise InputError(
            f"{path} cannot be read as a map ({error}): give a GeoPackage, Shapefile, GeoJSON or "
            "GeoParquet"
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(f"{path} has no geometry: a table is read by read_table")
    return frame, str(path)


def _layer(path: Path, layer: str | None) -> str:
    """Choose the layer: the one asked for, or the only one with geometry."""
    listed = pyogrio.list_layers(path)
    names = [str(name) for name, kind in listed if kind is not None]
    if layer is not None:
        if layer not in names:
            raise InputError(f"{path} has no layer {layer!r}; it has {some(map(repr, names), 20)}")
        return layer
    if not names:
        raise InputError(f"{path} has no layer with geometry: a table is read by read_table")
    if len(names) > 1:
        raise InputError(
            f"{path} has {len(names)} layers ({some(map(repr, names), 20)}): choose one with layer="
        )
    return names[0]


def declared(frame: gpd.GeoDataFrame, crs: Any, what: str) -> gpd.GeoDataFrame:
    """Give the frame with the CRS that it has or that is declared, or raise."""
    if crs is None:
        if frame.crs is None:
            raise CRSError(
                f"{what} has no CRS: declare it, for example crs='EPSG:4326' for longitude and "
                "latitude (a shapefile has lost its .prj)"
            )
        return frame
    try:
        stated = CRS.from_user_input(crs)
    except ProjError as error:
        raise CRSError(f"crs={crs!r} is no coordinate reference system: {error}") from error
    if frame.crs is None:
        return frame.set_crs(stated)
    same = frame.crs.equals(stated, ignore_axis_order=True) or (
        stated.to_epsg() is not None and frame.crs.to_epsg() == stated.to_epsg()
    )
    if not same:
        raise CRSError(
            f"{what} is in {frame.crs.name}, not in {stated.name}: crs= declares what is "
            "missing; leave it out, and reproject with to_crs()"
        )
    return frame


def _code_column(frame: gpd.GeoDataFrame, code: str | None, what: str) -> str | None:
    """Find the column of codes; None is the index."""
    if code is not None:
        if code == frame.index.name and code not in frame.columns:
            return None
        require_columns(frame, [code], what)
        return code
    if frame.index.name is not None and str(frame.index.name).lower() in CODE_COLUMNS:
        return None
    usual = [column for column in frame.columns if str(column).strip().lower() in CODE_COLUMNS]
    fit = [column for column in usual if frame[column].notna().all() and frame[column].is_unique]
    if len(fit) == 1 or len(usual) == 1:
        return (fit or usual)[0]
    if fit or usual:
        raise InputError(
            f"{what} has {len(fit or usual)} columns that could be the codes "
            f"({some(map(repr, fit or usual))}): choose one with code="
        )
    others = frame.columns.drop(frame.geometry.name)
    raise InputError(
        f"{what} has no column with a usual name of codes; its columns are "
        f"{some(map(repr, others), 12)}: choose one with code="
    )


def _codes(frame: gpd.GeoDataFrame, column: str | None, what: str) -> pd.Index:
    given = frame.index if column is None else frame[column]
    codes = pd.Index([tidy_code(value) for value in given], dtype="str", name="code")
    label = f"{what}, in {column or 'its index'!r},"
    if codes.hasnans:
        rows = [position for position, lacks in enumerate(codes.isna()) if lacks]
        raise InputError(
            f"{label} lacks {len(rows)} codes (row {some(row + 1 for row in rows)}): write them, "
            "or leave those regions out"
        )
    if not codes.is_unique:
        twice = codes[codes.duplicated()].unique()
        raise InputError(
            f"{label} has {len(twice)} codes more than once ({some(twice)}): keep one row a "
            "region, by dissolve(by=...) where parts are rows, or one level of several"
        )
    return codes


def _named(frame: gpd.GeoDataFrame, name: str | None, what: str) -> gpd.GeoDataFrame:
    if name is None:
        lower = {str(column).strip().lower(): column for column in reversed(frame.columns)}
        name = next((lower[usual] for usual in NAME_COLUMNS if usual in lower), None)
        if name is None:
            return frame
    else:
        require_columns(frame, [name], what)
    if name == "name":
        return frame
    return frame.rename(columns={"name": "name_given"}).rename(columns={name: "name"})


def require_degrees(geometry: gpd.GeoSeries, what: str) -> None:
    """Raise if a CRS in degrees comes with coordinates that are none."""
    if not len(geometry) or geometry.crs is None or not geometry.crs.is_geographic:
        return
    west, south, east, north = geometry.total_bounds
    if west < -361 or east > 361 or south < -90.001 or north > 90.001:
        raise CRSError(
            f"{what} says degrees ({geometry.crs.name}), but its coordinates run from "
            f"{west:.0f}, {south:.0f} to {east:.0f}, {north:.0f}: declare the CRS in which they "
            "were made (set_crs(..., allow_override=True))"
        )
