"""One GeoPackage for all layers, with aliases, descriptions and default styles in it.

GDAL writes the layers, Python's sqlite3 the rest, one after the other and never at once: two
SQLite libraries with the same file open would corrupt it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyogrio

from .._align import some
from .._progress import each
from ..errors import InputError
from ._atomic import beside
from ._frames import by_table, free_name, table_columns, written_columns, written_table
from ._layer import Layer
from ._qml import alias, qml

GEOMETRY_COLUMN = "geom"

_SCHEMA_EXTENSION = "http://www.geopackage.org/spec121/#extension_schema"
_COLUMNS = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
)
"""
_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(30),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""


def write_layers(
    path: str | os.PathLike[str], layers: Sequence[Layer], *, project: str | None = None
) -> Path:
    """Write layers into one GeoPackage, styled: opened in QGIS each looks as its style says.

    The file is written beside its place and moved there, so that an interrupted run leaves the old
    one whole. The same layers give the same bytes: its dates are that of the environment variable
    ``SOURCE_DATE_EPOCH``, else the first of January 1970.

    Parameters
    ----------
    path : path
        Ends in ``.gpkg``. An existing file is replaced, with all that it held.
    layers : sequence of Layer
        In the order of the legend.
    project : str, optional
        Title of a QGIS project to store in the GeoPackage, in longitude and latitude;
        :func:`write_qgis_project` knows more, and writes a project beside it.

    Returns
    -------
    Path
        Of the GeoPackage.

    Raises
    ------
    InputError
        There are no layers, two share a name, a column cannot be written, or layers that are to
        share a table differ in their features or in a column.

    Examples
    --------
    >>> import tempfile, pyogrio
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> from spatialreg.layers import Layer, Simple, write_layers
    >>> seats = gpd.GeoDataFrame({"name": ["北京"]}, geometry=[Point(116.4, 39.9)], crs=4326)
    >>> layer = Layer(name="seats", title="Seats", group="Base", frame=seats,
    ...               style=Simple("#222222", size=1.5), aliases={"name": "Name"})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_layers(f"{folder}/study.gpkg", [layer])
    ...     print(pyogrio.list_layers(path)[0].tolist())
    ['seats', 'Point']
    """
    from ._entries import vector_entries
    from ._project import store_project

    target = Path(path)
    if target.suffix.lower() != ".gpkg":
        raise InputError(f"a GeoPackage's name ends in .gpkg, not {target.name!r}")
    require_layers(layers)
    with beside(target) as fresh:
        with _fixed_date():
            for name, sharing in each(list(by_table(layers).items()), "Writing layers"):
                _write_table(fresh, name, sharing, _identifier(sharing[0], layers))
        with closing(sqlite3.connect(fresh)) as connection:
            with connection:
                _describe_columns(connection, layers)
                _store_styles(connection, layers)
            if project is not None:
                entries = vector_entries(f"./{target.name}", layers)
                store_project(connection, target.name, entries, title=project)
    return target


def require_layers(layers: Sequence[Layer]) -> None:
    """Raise unless there are layers, each with a name of its own."""
    if not layers:
        raise InputError("there are no layers to write: give at least one")
    names = [layer.name.lower() for layer in layers]
    twice = sorted({name for name in names if names.count(name) > 1})
    tables = by_table(layers)
    folded = [name.lower() for name in tables]
    twice += sorted({name for name in folded if folded.count(name) > 1})
    if twice:
        raise InputError(
            f"{len(twice)} names stand for more than one layer ({some(map(repr, twice))}): "
            "give each layer a name of its own (case does not count)"
        )


def timestamp() -> str:
    """Give the date that is written into files, in UTC."""
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    return f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%dT%H:%M:%S.000Z}"


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Let GDAL write a fixed date, and give back what was set before."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": timestamp()})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _write_table(path: Path, name: str, layers: Sequence[Layer], identifier: str) -> None:
    layer = layers[0]
    frame, kind = written_table(layers)
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    if GEOMETRY_COLUMN in {column.lower() for column in columns}:
        raise InputError(
            f"layer {layer.name!r} has a column {GEOMETRY_COLUMN!r}, which is the name of the "
            "geometry in a GeoPackage: rename it"
        )
    pyogrio.write_dataframe(
        frame,
        path,
        layer=name,
        driver="GPKG",
        geometry_type=kind,
        dataset_options={} if path.exists() else {"VERSION": "1.2"},
        layer_options={
            "IDENTIFIER": identifier,
            "DESCRIPTION": layer.abstract,
            "GEOMETRY_NAME": GEOMETRY_COLUMN,
            "FID": free_name(("fid", "ogc_fid", "gpkg_fid", "feature_id"), columns),
        },
    )


def _identifier(layer: Layer, layers: Sequence[Layer]) -> str:
    """Give the title, told apart by the name where another layer bears it too."""
    shared = sum(other.title == layer.title for other in layers) > 1
    return f"{layer.title} ({layer.name})" if shared else layer.title


def _describe_columns(connection: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    """Store aliases where the standard has them; GDAL takes `name` for a field's other name."""
    rows = []
    for name, sharing in by_table(layers).items():
        words: dict[str, str] = {}
        for layer in sharing:
            for column in written_columns(layer):
                words[column] = words.get(column) or alias(layer, column)
        for column, text in words.items():
            if text:
                # the standard wants the names of a table's columns to differ
                shared = list(words.values()).count(text) > 1
                known = f"{text} ({column})" if shared else text
                rows.append((name, column, known, text, text))
    if not rows:
        return
    connection.execute(_COLUMNS)
    connection.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) "
        "VALUES (?, ?, ?, ?, ?)",
        rows,
    )
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', ?, "
        "'read-write')",
        (_SCHEMA_EXTENSION,),
    )


def _store_styles(connection: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    """Store each layer's style, the first of a table as its default.

    QGIS finds the default by empty text, not by NULL.
    """
    connection.execute(_STYLES)
    tables = by_table(layers)
    for layer in layers:
        sharing = tables[layer.stored_in]
        connection.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "ui, update_time) VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '', NULL, ?)",
            (
                layer.stored_in,
                GEOMETRY_COLUMN,
                layer.name,
                qml(layer, table_columns(sharing)),
                int(layer is sharing[0]),
                layer.title,
                timestamp(),
            ),
        )
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles of the layers', ?)",
        (timestamp(),),
    )
