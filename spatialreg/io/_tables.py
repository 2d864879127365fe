"""Tables from files: what a statistical office prints, as a frame with numbers in it.

Rows that are no data are left out and listed in ``attrs``, together with the encoding, the sheet
and the row of the header, so that no row is lost silently.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from .._align import require_columns, some, to_panel
from ..errors import InputError, MissingDataWarning, RepairWarning
from ..regions import CODE_COLUMNS, tidy_code
from ._cells import decimal_comma, typed
from ._grid import Grid, sheet_grid, text_grid
from ._printed import take_apart
from ._wide import to_long, year_of

TEXT = {".csv", ".tsv", ".txt", ".tab"}
BOOKS = {".xlsx", ".xlsm", ".xls"}
PARQUET = {".parquet", ".pq"}


def read_table(
    source: str | os.PathLike[str] | pd.DataFrame,
    *,
    code: str | None = None,
    year: str | None = None,
    encoding: str | None = None,
    sheet: str | int | None = None,
) -> pd.DataFrame:
    r"""Read a table: CSV and other delimited text, Excel, Parquet, or a frame to be cleaned.

    Encodings (UTF-8 with and without byte-order mark, UTF-16 with one, GB18030 and with it GBK) and
    delimiters (comma, tab, semicolon, bar) are found. Titles, units, notes and sources as printed
    around tables are left out. Thousands separators and full-width digits become numbers; a blank,
    a dash and dots (``-``, ``…``, ``...``) are missing. Numbers with leading zeros, and columns
    named like a code, stay text.

    Parameters
    ----------
    source : path or DataFrame
    code : str, optional
        The column of codes; it becomes the index ``code``, as text. Where `year` is given and this
        is not, a column with a usual name of codes is taken.
    year : str, optional
        The column of years: the result is a panel on (``code``, ``year``). ``"columns"`` says that
        the table is wide: columns ``2019`` or ``2019年`` become one column ``value``, columns
        ``gdp_2019`` become one column ``gdp``. This is never guessed, since a column named after a
        year can be one measurement.
    encoding : str, optional
        The encoding of delimited text, where it is not found.
    sheet : str or int, optional
        The sheet of a workbook, by name or from 0; needed where several hold data.

    Returns
    -------
    DataFrame
        ``attrs`` holds the account: source, encoding, delimiter or sheet, header_row, rows_read,
        rows_kept, and dropped_rows, a list of row (counted from 1), reason and text.

    Raises
    ------
    InputError
        The file is of no known kind or not well formed, its encoding is unknown, several sheets
        hold data, a column is missing, several could be the codes, or a pair of code and year
        stands twice.

    Warns
    -----
    MissingDataWarning
        Rows without a code were left out, or a column of numbers stays text for a few of its cells.
    RepairWarning
        Columns without a name, or with another's, were named.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import spatialreg as sr
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "table.csv"
    >>> _ = path.write_bytes('表1 人口\n代码,人口\n110101,"708,829"\n'.encode("gb18030"))
    >>> table = sr.read_table(path, code="代码")
    >>> int(table.loc["110101", "人口"]), table.attrs["encoding"], len(table.attrs["dropped_rows"])
    (708829, 'gb18030', 1)
    """
    if isinstance(source, pd.DataFrame):
        frame, account = _cleaned(source)
    else:
        path = Path(source)
        if not path.is_file():
            raise InputError(f"there is no file {path}")
        suffix = path.suffix.lower()
        _refuse_unused(suffix, encoding, sheet)
        if suffix in PARQUET:
            frame = pd.read_parquet(path)
            frame, account = _named_index(frame), {"rows_read": len(frame), "dropped_rows": []}
            frame.attrs = {}
        elif suffix in TEXT | BOOKS:
            grid = text_grid(path, encoding) if suffix in TEXT else sheet_grid(path, sheet)
            frame, account = _from_grid(grid, str(path), code)
        else:
            raise InputError(
                f"{path} is no table that can be read: give .csv, .tsv, .txt, .xlsx, .xls or "
                ".parquet (maps go through read_regions)"
            )
        account = {"source": str(path), **account}
    frame = _indexed(frame, code, year, account)
    account["rows_kept"] = len(frame)
    frame.attrs = dict(account.items())
    return frame


def guess_code(frame: pd.DataFrame, what: str, mend: str) -> str:
    """Give the one column with a usual name of codes that is filled throughout; else raise."""
    usual = [c for c in frame.columns if str(c).strip().lower() in CODE_COLUMNS]
    if len(usual) > 1:
        full = [c for c in usual if frame[c].notna().all()]
        usual = full or usual
    if len(usual) == 1:
        return str(usual[0])
    if usual:
        raise InputError(
            f"{what} has {len(usual)} columns that could be the codes "
            f"({some(map(repr, usual))}): {mend}"
        )
    raise InputError(
        f"{what} has no column with a usual name of codes; its columns are "
        f"{some(map(repr, frame.columns), 12)}: {mend}"
    )


def _refuse_unused(suffix: str, encoding: str | None, sheet: str | int | None) -> None:
    if encoding is not None and suffix not in TEXT:
        raise InputError(f"encoding= is for delimited text; a {suffix} file carries its own")
    if sheet is not None and suffix not in BOOKS:
        raise InputError(f"sheet= is for workbooks; a {suffix} file has no sheets")


def _from_grid(grid: Grid, what: str, code: str | None) -> tuple[pd.DataFrame, dict[str, Any]]:
    printed = take_apart(grid.rows, what)
    if printed.renamed:
        warnings.warn(
            RepairWarning(
                f"{what}: {len(printed.renamed)} columns have no name or another's; they are read "
                f"as {some(printed.renamed)}: name them in row {printed.header_row}"
            ),
            stacklevel=3,
        )
    comma = grid.account.get("delimiter") == ";" and decimal_comma(printed.rows)
    columns = list(zip(*printed.rows, strict=True)) or [()] * len(printed.header)
    data = {
        name: typed(
            list(cells), text=_is_code(name, code), comma=comma, rows=printed.numbers, name=name
        )
        for name, cells in zip(printed.header, columns, strict=True)
    }
    account = {
        **grid.account,
        "header_row": printed.header_row,
        "rows_read": len(grid.rows),
        "dropped_rows": printed.dropped,
    }
    frame = pd.DataFrame(data)
    # rows keep their numbers in the file until the codes are set, for messages
    frame.index = pd.Index(printed.numbers, name=None, dtype="int64")
    return frame, account


def _cleaned(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Clean the text columns of a frame as those of a file; its other columns stay."""
    frame = _named_index(frame)
    data = {}
    for name, column in frame.items():
        texts = pd.api.types.is_string_dtype(column) or column.dtype == object
        if texts and column.map(lambda x: isinstance(x, str) or x is None or x != x).all():
            cells = ["" if cell is None or cell != cell else str(cell).strip() for cell in column]
            column = typed(
                cells,
                text=_is_code(str(name), None),
                comma=False,
                rows=list(frame.index),
                name=str(name),
            )
            column.index = frame.index
        data[name] = column
    cleaned = pd.DataFrame(data, index=frame.index)
    return cleaned, {"source": "frame", "rows_read": len(frame), "dropped_rows": []}


def _named_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn a named index into columns, so that codes are found wherever they stand."""
    return frame.reset_index() if any(name is not None for name in frame.index.names) else frame


def _is_code(name: str, code: str | None) -> bool:
    return name == code or name.strip().lower() in CODE_COLUMNS


def _indexed(
    frame: pd.DataFrame, code: str | None, year: str | None, account: dict[str, Any]
) -> pd.DataFrame:
    if code is None and year is None:
        return frame.reset_index(drop=True)
    what = account["source"] if account["source"] != "frame" else "the frame"
    if code is None:
        code = guess_code(frame, what, "name it with code=")
    wide = year == "columns"
    if wide and "columns" in frame.columns:
        raise InputError(f"{what} has a column 'columns': rename it, since it means a wide table")
    require_columns(frame, [code] if wide or year is None else [code, str(year)], what)
    codes = pd.Series([tidy_code(value) for value in frame[code]], index=frame.index, dtype="str")
    lacking = frame.index[codes.isna()]
    if len(lacking):
        for label in lacking:
            text = " | ".join(map(str, frame.loc[label].dropna()))
            number = int(label) if isinstance(label, int) else str(label)
            account["dropped_rows"].append({"row": number, "reason": "no code", "text": text[:200]})
        told = some(f"{e['row']}: {e['text']}" for e in account["dropped_rows"][-len(lacking) :])
        warnings.warn(
            MissingDataWarning(
                f"{what}: {len(lacking)} rows have no code in {code!r} and are left out (row "
                f"{told}): write their codes, or take the rows out if they are totals"
            ),
            stacklevel=3,
        )
    frame = frame.assign(**{code: codes}).loc[codes.notna()]
    if year is None:
        return frame.rename(columns={code: "code"}).set_index("code")
    if wide:
        frame, year = to_long(frame, code, what), "year"
    elif not pd.api.types.is_numeric_dtype(frame[year]):
        frame = frame.assign(**{year: [year_of(value) for value in frame[year]]})
    return to_panel(frame, code=code, year=str(year))
