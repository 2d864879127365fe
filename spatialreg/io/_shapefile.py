"""The encoding of a shapefile's text, which its ``.cpg`` may lack or state wrongly.

The table of a shapefile (dBASE) is read just far enough to decode its text strictly. Software that
writes GBK often leaves no ``.cpg``, or says ISO-8859-1, which accepts any bytes.
"""

from __future__ import annotations

import codecs
import struct
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import geopandas as gpd
import pandas as pd

from ..errors import RepairWarning
from ._encoding import detect

# a field cut at its width can end in the middle of a character: so many bytes may be missing
_CUT = 3
_SINGLE_BYTE = {"iso8859-1", "cp1252", "latin-1", "ascii"}
_ENOUGH = 2_000_000


def shapefile_encoding(path: Path) -> str | None:
    """Give the encoding to read a shapefile with, or None to leave it to the file.

    Warns
    -----
    RepairWarning
        The ``.cpg`` states an encoding in which the text cannot be.
    """
    table, stated = _parts(path)
    if table is None:
        return None
    declared = _codec(stated)
    pieces = list(_texts(table))
    if all(piece.isascii() for piece, _ in pieces):
        return None
    found = next((name for name in ("utf-8", "gb18030") if _is_in(pieces, name)), None)
    if declared is None:
        return found
    fits = declared not in _SINGLE_BYTE and _whole(pieces, declared) is not None
    if fits or found is None:
        return None
    warnings.warn(
        RepairWarning(f"{path}: its .cpg says {stated!r}, but its text is in {found}; read so"),
        stacklevel=5,
    )
    return found


def read_cut(path: Path, layer: str, encoding: str) -> gpd.GeoDataFrame:
    """Read a shapefile whose text is cut inside a character: what is left of it is taken away.

    The bytes go through a code page that keeps each of them, and are decoded afterwards.
    """

    def decoded(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        return text.encode("latin-1").decode(encoding, errors="ignore")

    frame = gpd.read_file(path, layer=layer, engine="pyogrio", encoding="ISO-8859-1")
    frame = frame.rename(columns={c: decoded(c) for c in frame.columns})
    for column in frame.columns.drop(frame.geometry.name):
        if pd.api.types.is_string_dtype(frame[column]):
            frame[column] = frame[column].map(decoded)
    return frame


def _parts(path: Path) -> tuple[bytes | None, str | None]:
    """Give the bytes of the .dbf and the text of the .cpg, from the folder or the archive."""
    suffix = path.suffix.lower()
    if suffix == ".shp":
        beside = {item.suffix.lower(): item for item in path.parent.glob(f"{path.stem}.*")}
        table, note = beside.get(".dbf"), beside.get(".cpg")
        return (
            table.read_bytes() if table else None,
            note.read_text("ascii", errors="replace").strip() if note else None,
        )
    if suffix == ".zip" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            inside = {PurePosixPath(item).suffix.lower(): item for item in archive.namelist()}
            if ".dbf" not in inside or ".shp" not in inside:
                return None, None
            note_bytes = archive.read(inside[".cpg"]) if ".cpg" in inside else None
            return (
                archive.read(inside[".dbf"]),
                note_bytes.decode("ascii", "replace").strip() if note_bytes is not None else None,
            )
    return None, None


def _codec(stated: str | None) -> str | None:
    """Give Python's name of what a .cpg states: UTF-8, GBK, 936, CP936, ISO-8859-1, ..."""
    if not stated:
        return None
    for name in (stated, f"cp{stated}", stated.replace("ANSI ", "cp").replace("OEM ", "cp")):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return None


def _texts(table: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield the names of the fields and the text in them, and whether each fills its place."""
    if len(table) < 32:
        return
    count, head, width = struct.unpack_from("<IHH", table, 4)
    fields, place, offset = [], 32, 1
    while place + 32 <= min(head, len(table)) and table[place] != 0x0D:
        name = table[place : place + 11].split(b"\0")[0]
        yield name, len(name) >= 10
        length = table[place + 16]
        if table[place + 11 : place + 12] == b"C":
            fields.append((offset, length))
        offset += length
        place += 32
    for row in range(min(count, _ENOUGH // max(width, 1) + 1)):
        start = head + row * width
        for offset, length in fields:
            text = table[start + offset : start + offset + length].rstrip(b" \0")
            # UTF-8 and GB18030 are cut to within a character of the width, then padded
            yield text, len(text) > length - _CUT


def _is_in(pieces: list[tuple[bytes, bool]], encoding: str) -> bool:
    whole = _whole(pieces, encoding)
    return whole is not None and detect(whole) == encoding


def _whole(pieces: list[tuple[bytes, bool]], encoding: str) -> list[bytes] | None:
    """Give the pieces without a character that is cut at their end, or None if they do not fit."""
    result = []
    for piece, full in pieces:
        for cut in range(_CUT + 1 if full else 1):
            part = piece[: len(piece) - cut]
            try:
                part.decode(encoding)
            except UnicodeDecodeError:
                continue
            result.append(part)
            break
        else:
            return None
    return result
