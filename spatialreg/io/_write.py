"""Tables to files, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import pandas as pd

from .._align import require_one_of
from ..errors import InputError
from ._atomic import replacing

SUFFIXES = (".csv", ".tsv", ".parquet", ".xlsx", ".gpkg", ".geojson")
_VECTOR = {".gpkg", ".geojson"}


def write_table(
    frame: pd.DataFrame, path: str | os.PathLike[str], *, index: bool = True, bom: bool = True
) -> Path:
    """Write a frame to CSV, TSV, Parquet or Excel, and one with geometry to a vector file too.

    The file is written beside its place and moved there, so that an interruption leaves the old one
    whole. In CSV, TSV and Excel a geometry is written as well-known text, in the frame's CRS.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
    path : str or path
        Ends in .csv, .tsv, .parquet or .xlsx; with geometry in .gpkg or .geojson as well.
    index : bool
        Write the index too. An index without a name, which only counts rows, is left out.
    bom : bool
        Begin text with a byte-order mark, by which spreadsheets recognise UTF-8.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    InputError
        The suffix is none of these, or a vector file is asked for without geometry.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> table = pd.DataFrame({"x": [1.5]}, index=pd.Index(["01"], name="code"))
    >>> path = sr.io.write_table(table, pathlib.Path(tempfile.mkdtemp()) / "table.csv")
    >>> sr.read_table(path, code="code").equals(table)
    True
    """
    target = Path(path)
    suffix = target.suffix.lower()
    require_one_of(suffix, SUFFIXES, "the suffix of a table")
    if suffix in _VECTOR and not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(f"{target.name} needs geometry, which the frame has not: write a .csv")
    if not bom and suffix not in {".csv", ".tsv"}:
        raise InputError(f"bom= is for text; a {suffix} file has no byte-order mark")
    named = index and any(name is not None for name in frame.index.names)
    table = frame if named else frame.reset_index(drop=True)
    if suffix in {".csv", ".tsv", ".xlsx"} and isinstance(frame, gpd.GeoDataFrame):
        table = pd.DataFrame(gpd.GeoDataFrame(table).to_wkt())
    with replacing(target) as fresh:
        if suffix in {".csv", ".tsv"}:
            table.to_csv(
                fresh,
                index=named,
                sep="," if suffix == ".csv" else "\t",
                encoding="utf-8-sig" if bom else "utf-8",
                lineterminator="\n",
            )
        elif suffix == ".parquet":
            table.to_parquet(fresh, index=named)
        elif suffix == ".xlsx":
            _write_workbook(table, fresh, named)
        else:
            flat = gpd.GeoDataFrame(table.reset_index() if named else table)
            # the layer would be called after the file that is moved away
            flat.to_file(fresh, engine="pyogrio", layer=target.stem)
    return target


def _write_workbook(table: pd.DataFrame, path: Path, index: bool) -> None:
    flat = table.reset_index() if index else table
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        flat.to_excel(book, index=False, sheet_name="table")
        # text that begins with = is text, not a formula to be run by whoever opens the file
        for row in book.sheets["table"].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"
