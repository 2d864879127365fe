"""Line layers of roads and railways as users have them, and networks to files and back.

A layer comes with columns of any name and with cells as people write them; it leaves with the
standard columns that noding and networks take. A finished network, nodes and edges, goes into one
GeoPackage and comes back with the types of its columns.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio

from .._align import require_columns, require_one_of, require_unique, some
from ..errors import AlignmentError, GeometryError, InputError
from ._atomic import replacing
from ._network_columns import found_columns, standard_columns
from ._vectors import declared, opened, require_degrees

_LINES = {"LineString", "MultiLineString"}
_DTYPES = "spatialreg_dtypes"


class NetworkFrames(NamedTuple):
    """The frames that ``spatialreg.Network.from_frames(nodes, edges, modes=modes)`` takes.

    Attributes
    ----------
    nodes : GeoDataFrame
    edges : DataFrame or GeoDataFrame
    modes : DataFrame or None
        Minutes of boarding, waiting, transfer and alighting by mode; None where they are not known.
    """

    nodes: gpd.GeoDataFrame
    edges: pd.DataFrame
    modes: pd.DataFrame | None = None


def read_network(
    source: str | os.PathLike[str] | gpd.GeoDataFrame,
    *,
    layer: str | None = None,
    mode: str = "road",
    columns: Mapping[str, str] | None = None,
    nature: str = "surveyed",
    dates: str | None = None,
    crs: Any = None,
) -> gpd.GeoDataFrame:
    """Read a layer of roads or railways: GeoPackage, Shapefile, GeoJSON, GeoParquet, or a frame.

    Files and the encoding of their text are read as :func:`read_regions` reads them.

    Parameters
    ----------
    source : path or GeoDataFrame
    layer : str, optional
        The layer of a file that has several.
    mode : str
        The mode of all lines, unless a column says it.
    columns : mapping of str to str, optional
        The standard name and the column that holds it: ``{"class": "道路等级"}``. For the others
        the first column with a usual name is taken (``fclass``, ``highway``, ``限速``,
        ``通车时间``, ...); ``attrs["columns"]`` says which. An empty text (``{"class": ""}``) means
        that there is none.
    nature : str
        Of all lines, unless a column says it: ``"surveyed"``, ``"osm"``, ``"schematic"``, ...
    dates : str, optional
        How dates are written, as for ``datetime.strptime`` (``"%d/%m/%Y"``). Without it dates have
        the year first: ``2012-12-01``, ``2012/12/1``, ``20121201``, ``2012年12月``, ``2012``; a
        month or year alone means its last day.
    crs : anything that pyproj takes, optional
        Declares the CRS of data that come without one.

    Returns
    -------
    GeoDataFrame
        Lines in the CRS of the source on the index ``edge`` (the column of ids, where there is one
        that is complete and unique, else the number of the row, from 1), with ``line``, ``class``,
        ``mode``, ``speed_kmh`` [km/h], ``oneway`` (bool; lines that are one-way against their
        drawing are turned round), ``opened``, ``closed`` (datetime), ``layer`` (level, whole
        number), ``bridge``, ``tunnel`` (bool), ``nature``, and the other columns of the source.
        ``attrs`` hold ``source`` and ``columns``.

    Raises
    ------
    InputError
        The file, the layer or a column is not there, or a direction, date or level cannot be read.
    GeometryError
        There are points or polygons, or no lines at all.
    CRSError
        There is no CRS, or it cannot be that of the coordinates.

    Warns
    -----
    MissingDataWarning
        Rows without geometry were left out, or speeds could not be read and are missing.

    Examples
    --------
    >>> import geopandas as gpd, spatialreg as sr
    >>> from shapely import LineString
    >>> roads = gpd.GeoDataFrame(
    ...     {"道路等级": ["高速"], "限速": ["120公里/小时"], "单向": ["是"],
    ...      "通车时间": ["2012年12月"]},
    ...     geometry=[LineString([(116, 40), (117, 40)])], crs=4326)
    >>> lines = sr.io.read_network(roads)
    >>> lines["speed_kmh"].tolist(), lines["oneway"].tolist(), str(lines["opened"].iloc[0].date())
    ([120.0], [True], '2012-12-31')
    """
    frame, what = opened(source, layer)
    frame = declared(frame, crs, what)
    if frame.geometry.name != "geometry":
        frame = frame.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
    wrong = frame.index[frame.geometry.notna() & ~frame.geom_type.isin(_LINES)]
    if len(wrong):
        raise GeometryError(
            f"{what} must hold lines; {len(wrong)} rows do not ({some(wrong)} is "
            f"{frame.geom_type[wrong[0]]}): choose another layer, or leave them out"
        )
    chosen = found_columns(frame, dict(columns or {}), what)
    stated = bool((columns or {}).get("edge"))
    lines = standard_columns(
        frame, chosen, what, mode=mode, nature=nature, dates=dates, stated=stated
    )
    if not len(lines):
        raise GeometryError(f"{what} holds no lines")
    require_degrees(lines.geometry, what)
    lines.attrs = {"source": what, "columns": chosen}
    return lines


def write_network(
    nodes: gpd.GeoDataFrame,
    edges: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    modes: pd.DataFrame | None = None,
) -> Path:
    """Write a network into one GeoPackage, as the layers ``nodes``, ``edges`` and ``modes``.

    The file is written beside its place and moved there, so that an interruption leaves the old
    one whole.

    Parameters
    ----------
    nodes : GeoDataFrame
        Points; the index holds the labels.
    edges : DataFrame or GeoDataFrame
        With ``start`` and ``end``, labels of nodes.
    path : str or path
        Ends in .gpkg.
    modes : DataFrame, optional
        Minutes by mode, a table without geometry.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    InputError
        The name ends otherwise, or there is no geometry of nodes, no ``start`` or ``end``.
    AlignmentError
        Labels repeat, or an edge ends at no node.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(
    ...     index=["a", "b"], geometry=gpd.points_from_xy([0, 1], [0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a"], "end": ["b"], "oneway": [True]}, index=["ab"])
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "net.gpkg"
    >>> back = sr.io.read_nodes_and_edges(sr.io.write_network(nodes, edges, path))
    >>> back.edges["oneway"].to_dict()
    {'ab': True}
    """
    target = Path(path)
    require_one_of(target.suffix.lower(), (".gpkg",), "the suffix of a network")
    if not isinstance(nodes, gpd.GeoDataFrame):
        raise InputError("nodes must be a GeoDataFrame of points, one row a node")
    require_columns(edges, ["start", "end"], "edges")
    frames = {"nodes": nodes, "edges": edges}
    if modes is not None:
        frames["modes"] = modes
    for what, frame in frames.items():
        require_unique(frame.index, what)
    for column in ("start", "end"):
        lost = edges.index[~edges[column].isin(nodes.index)]
        if len(lost):
            raise AlignmentError(
                f"{len(lost)} edges have in {column!r} a node that is not among the nodes "
                f"({some(lost)}): add these nodes, or leave these edges out"
            )
    with replacing(target) as fresh:
        for name, frame in frames.items():
            _write_layer(frame, fresh, name)
    return target


def read_nodes_and_edges(path: str | os.PathLike[str]) -> NetworkFrames:
    """Read a network that :func:`write_network` wrote.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    NetworkFrames
        ``nodes``, ``edges`` and, if there are any, ``modes``, with the index and the types of
        columns that they were written with.

    Raises
    ------
    InputError
        The file is not there, or lacks nodes or edges.
    """
    source = Path(path)
    if not source.is_file():
        raise InputError(f"there is no file {source}")
    try:
        names = [str(name) for name in pyogrio.list_layers(source)[:, 0]]
    except pyogrio.errors.DataSourceError as error:
        raise InputError(f"{source} cannot be read as a network ({error})") from error
    for name in ("nodes", "edges"):
        if name not in names:
            raise InputError(
                f"{source} has no layer {name!r}; it has {some(map(repr, names))}: write a network "
                "with write_network(), or read a layer of lines with read_network()"
            )
    return NetworkFrames(
        _shaped(_read_layer(source, "nodes")),
        _shaped(_read_layer(source, "edges")),
        _read_layer(source, "modes") if "modes" in names else None,
    )


def _write_layer(frame: pd.DataFrame, path: Path, name: str) -> None:
    label = str(frame.index.name or name[:-1])
    if label in frame.columns:
        raise InputError(
            f"{name} have a column {label!r}, which is the name of their index: rename one of them"
        )
    flat = frame.rename_axis(label).reset_index()
    types = {str(column): str(flat[column].dtype) for column in flat.columns}
    pyogrio.write_dataframe(
        flat,
        path,
        layer=name,
        driver="GPKG",
        promote_to_multi=False,
        layer_metadata={_DTYPES: json.dumps({"index": label, "types": types})},
        **({"geometry_type": "Unknown"} if isinstance(frame, gpd.GeoDataFrame) else {}),
    )


def _read_layer(path: Path, name: str) -> pd.DataFrame:
    frame = pyogrio.read_dataframe(path, layer=name)
    noted = (pyogrio.read_info(path, layer=name).get("layer_metadata") or {}).get(_DTYPES)
    if noted is None:
        label = name[:-1]
        return frame.set_index(label) if label in frame else frame
    kept = json.loads(noted)
    for column, dtype in kept["types"].items():
        if column in frame and str(frame[column].dtype) != dtype and dtype != "geometry":
            frame[column] = frame[column].astype(dtype)
    frame = frame.set_index(kept["index"])
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    shape = next(column for column, dtype in kept["types"].items() if dtype == "geometry")
    return frame if shape == frame.geometry.name else frame.rename_geometry(shape)


def _shaped(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give the frame with geometry, missing where the layer had none: edges drawn straight."""
    if isinstance(frame, gpd.GeoDataFrame):
        return frame
    return gpd.GeoDataFrame(frame, geometry=[None] * len(frame), crs="EPSG:4326")
