"""From a file to a grid of cells: text with its delimiter, or a sheet of a workbook.

Everything comes out as text, row by row with the number that the row has in the file, so that a
printed table from a yearbook is taken apart in one place whatever it came in.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from .._align import some
from ..errors import InputError
from ._encoding import decode

_DELIMITERS = (",", "\t", ";", "|")


class Grid(NamedTuple):
    """Rows of cells as text, and how they were read."""

    rows: list[list[str]]
    account: dict[str, Any]


def text_grid(path: Path, encoding: str | None) -> Grid:
    """Read delimited text; encoding and delimiter are found and said in the account."""
    text, used = decode(path.read_bytes(), encoding, str(path))
    lines = [line for line in text[:500_000].splitlines() if line.strip()]
    delimiter = _delimiter(lines[:500])
    # strict: a quote that is never closed would swallow the rest of the file
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(
            f"{path} is no well-formed delimited text ({error}): mend the quotes in that row"
        ) from error
    return Grid(rows, {"encoding": used, "delimiter": delimiter})


def sheet_grid(path: Path, sheet: str | int | None) -> Grid:
    """Read one sheet of a workbook (xlsx, xlsm, xls)."""
    try:
        with pd.ExcelFile(path) as book:
            names = [str(name) for name in book.sheet_names]
            chosen = _sheet(book, names, sheet, path)
            frame = _raw(book, chosen)
    except ImportError as error:
        raise InputError(f"{path} cannot be read as a workbook here: {error}") from error
    except InputError:
        raise
    except (ValueError, KeyError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise InputError(f"{path} is no workbook that can be read: {error}") from error
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    return Grid(rows, {"encoding": None, "sheet": chosen})


def _delimiter(lines: list[str]) -> str:
    """Choose the delimiter that cuts most rows into the same number of cells, more than one."""
    best, score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        # the share of rows that agree; among equals the one that cuts more
        value = rows / max(len(lines), 1) + width / 1e4 if width > 1 else 0.0
        if value > score:
            best, score = delimiter, value
    return best


def _sheet(book: pd.ExcelFile, names: list[str], sheet: str | int | None, path: Path) -> str:
    if isinstance(sheet, int):
        if not 0 <= sheet < len(names):
            raise InputError(f"{path} has {len(names)} sheets, counted from 0, no sheet {sheet}")
        return names[sheet]
    if sheet is not None:
        if sheet not in names:
            raise InputError(f"{path} has no sheet {sheet!r}; it has {some(map(repr, names), 20)}")
        return sheet
    filled = names if len(names) == 1 else [name for name in names if not _raw(book, name).empty]
    if len(filled) > 1:
        raise InputError(
            f"{path} has {len(filled)} sheets with data ({some(map(repr, filled), 20)}): "
            "choose one with sheet="
        )
    return filled[0] if filled else names[0]


def _raw(book: pd.ExcelFile, name: str) -> pd.DataFrame:
    return book.parse(name, header=None, dtype=object, keep_default_na=False, na_values=[])


def _cell(value: Any) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    return repr(value) if isinstance(value, float) else str(value)
