"""One layer as GeoParquet, GeoJSON or Shapefile, for programs that do not read GeoPackages."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from .._align import require_one_of, some
from ..errors import RepairWarning
from ._atomic import beside
from ._frames import written_frame
from ._geopackage import timestamp
from ._layer import Layer
from ._qml import alias

# what a dBASE table can hold
_NAME_LENGTH = 10
_TEXT_BYTES = 254
# written by other programs for the old file, wrong for the new one
_STALE = (".qix", ".sbn", ".sbx", ".cst", ".fbn", ".fbx", ".ain", ".aih", ".shp.xml", ".qpj")


def write_vectors(layer: Layer, path: str | os.PathLike[str]) -> Path:
    """Write one layer in the format that the name's ending says.

    Parameters
    ----------
    layer : Layer
    path : path
        ``.parquet``: GeoParquet, in the layer's CRS. ``.geojson``: in longitude and latitude
        (WGS-84), as the standard demands. ``.shp``: Shapefile with UTF-8 text; field names are cut
        to ten ASCII characters, and a table beside it, ``NAME_fields.csv``, says which column and
        alias each stands for.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    InputError
        The ending is none of these, or a column cannot be written.

    Warns
    -----
    RepairWarning
        Texts longer than the 254 bytes of a Shapefile's field were cut.

    Examples
    --------
    >>> import tempfile
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> from spatialreg.layers import Layer, Simple, write_vectors
    >>> seats = gpd.GeoDataFrame({"name": ["北京"]}, geometry=[Point(116.4, 39.9)], crs=4326)
    >>> layer = Layer(name="seats", title="Seats", group="", frame=seats, style=Simple("#222222"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_vectors(layer, f"{folder}/seats.geojson")
    ...     print(gpd.read_file(path)["name"].tolist())
    ['北京']
    """
    target = Path(path)
    ending = target.suffix.lower()
    require_one_of(ending, tuple(_WRITERS), "the ending of a file of vectors")
    frame, kind = written_frame(layer)
    with beside(target) as fresh:
        _WRITERS[ending](frame, fresh, kind, layer)
    if ending == ".shp":
        for stale in _STALE:
            target.with_suffix(stale).unlink(missing_ok=True)
    return target


def _parquet(frame: gpd.GeoDataFrame, path: Path, _kind: str, _layer: Layer) -> None:
    frame.to_parquet(path, index=False)


def _geojson(frame: gpd.GeoDataFrame, path: Path, kind: str, layer: Layer) -> None:
    pyogrio.write_dataframe(
        frame.to_crs(4326),
        path,
        driver="GeoJSON",
        geometry_type=kind,
        layer_options={
            "RFC7946": "YES",
            "WRITE_NAME": "YES",
            "DESCRIPTION": layer.abstract or layer.title,
        },
    )


def _shapefile(frame: gpd.GeoDataFrame, path: Path, kind: str, layer: Layer) -> None:
    columns = [column for column in frame.columns if column != frame.geometry.name]
    names = field_names(columns)
    plain = frame.assign(**{column: _dbase(frame[column]) for column in columns})
    _warn_of_long_texts(plain[columns], layer)
    plain = plain.assign(**{column: _cut(plain[column]) for column in columns})
    pyogrio.write_dataframe(
        plain.rename(columns=names),
        path,
        driver="ESRI Shapefile",
        # a Shapefile tells parts from multi-parts for points only
        geometry_type=kind if kind.endswith("Point") else kind.removeprefix("Multi"),
        promote_to_multi=False,
        layer_options={"ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": timestamp()[:10]},
    )
    table = pd.DataFrame(
        {
            "field": [names[column] for column in columns],
            "column": columns,
            "alias": [alias(layer, column) for column in columns],
        }
    )
    # the mark at the beginning tells spreadsheets that it is UTF-8
    table.to_csv(path.with_name(f"{path.stem}_fields.csv"), index=False, encoding="utf-8-sig")


_WRITERS: dict[str, Callable[[gpd.GeoDataFrame, Path, str, Layer], None]] = {
    ".parquet": _parquet,
    ".geojson": _geojson,
    ".shp": _shapefile,
}


def field_names(columns: list[str]) -> dict[str, str]:
    """Map column names to distinct field names of a Shapefile: ten ASCII characters, no case.

    Examples
    --------
    >>> field_names(["population_2019", "population_2020", "省", "y"])
    {'population_2019': 'population', 'population_2020': 'populati_2', '省': 'field', 'y': 'y'}
    """
    taken: set[str] = set()
    names = {}
    for column in columns:
        stem = re.sub(r"[^A-Za-z0-9_]+", "", column).lstrip("_0123456789")[:_NAME_LENGTH]
        stem = stem or "field"
        name, number = stem, 1
        while name.lower() in taken:
            number += 1
            tail = f"_{number}"
            name = stem[: _NAME_LENGTH - len(tail)] + tail
        taken.add(name.lower())
        names[column] = name
    return names


def _dbase(values: pd.Series) -> pd.Series:
    """Bring a column to what dBASE knows: whole numbers, decimals, text."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("Int32") if values.isna().any() else values.astype("int32")
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days = bool((values.dropna() == values.dropna().dt.normalize()).all())
        return values.dt.strftime("%Y-%m-%d" if days else "%Y-%m-%dT%H:%M:%S").astype(object)
    return values


def _is_text(values: pd.Series) -> bool:
    return values.dtype == object or pd.api.types.is_string_dtype(values.dtype)


def _cut(values: pd.Series) -> pd.Series:
    """Cut texts to the bytes of a field, between characters."""
    if not _is_text(values):
        return values
    return values.map(
        lambda text: text.encode()[:_TEXT_BYTES].decode(errors="ignore"), na_action="ignore"
    )


def _warn_of_long_texts(frame: pd.DataFrame, layer: Layer) -> None:
    long = {
        column: int(
            (frame[column].dropna().map(lambda text: len(text.encode())) > _TEXT_BYTES).sum()
        )
        for column in frame.columns
        if _is_text(frame[column])
    }
    cut = [f"{column} ({count})" for column, count in long.items() if count]
    if cut:
        warnings.warn(
            f"layer {layer.name!r} has texts longer than the {_TEXT_BYTES} bytes of a Shapefile's "
            f"field, which were cut: {some(cut)}; write a GeoPackage to keep them whole",
            RepairWarning,
            stacklevel=4,
        )
