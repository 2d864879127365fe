"""The files of a GTFS feed as frames, with the number of each row in its file, and an account.

A frame's index is the row in the file (the header is row 1), so that a message can say where to
look. Rows that are left out go into the account, each with its reason.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

from .._align import some
from ..errors import InputError, MissingDataWarning, MissingDependencyError


class Account:
    """What was left out of a feed: every row with its file and the reason."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._parts: list[pd.DataFrame] = []

    def without(
        self, frame: pd.DataFrame, table: str, wrong: pd.Series, reason: str, mend: str
    ) -> pd.DataFrame:
        """Give `frame` without the rows that are `wrong`; list them and warn."""
        rows = frame.index[wrong.to_numpy(dtype=bool)]
        self.leave_out(table, rows, reason, mend)
        return frame.drop(index=rows) if len(rows) else frame

    def leave_out(self, table: str, rows: pd.Index, reason: str, mend: str) -> None:
        """List `rows` of a file as left out, and warn if there are any."""
        if not len(rows):
            return
        self._parts.append(pd.DataFrame({"file": f"{table}.txt", "row": rows, "reason": reason}))
        self.warn(
            f"{table}.txt: {len(rows)} rows {reason} (rows {some(rows)}) and are left out: {mend}"
        )

    def warn(self, message: str) -> None:
        """Warn about the feed."""
        warnings.warn(f"{self.source}: {message}", MissingDataWarning, stacklevel=2)

    def frame(self) -> pd.DataFrame:
        """Give all that was left out: file, row, reason."""
        if not self._parts:
            return pd.DataFrame(columns=["file", "row", "reason"])
        return pd.concat(self._parts, ignore_index=True)


class Tables:
    """The tables of a feed by name, without ``.txt``."""

    def __init__(self, source: str, frames: dict[str, pd.DataFrame]) -> None:
        self.source = source
        self._frames = frames

    def required(self, table: str, columns: Sequence[str]) -> pd.DataFrame:
        """Give a table that must be there and have `columns`; else raise."""
        frame = self._frames.get(table)
        if frame is None:
            raise InputError(
                f"{self.source} has no {table}.txt, or no row in it; it has "
                f"{some(sorted(self._frames), 20)}: a feed needs stops, routes, trips, "
                "stop_times, and calendar or calendar_dates"
            )
        return self._with(table, frame, columns)

    def optional(self, table: str, columns: Sequence[str] = ()) -> pd.DataFrame:
        """Give a table that may be missing (then without rows); where it is, with `columns`."""
        frame = self._frames.get(table)
        if frame is None:
            return pd.DataFrame(columns=list(columns))
        return self._with(table, frame, columns)

    def unique(self, table: str, column: str) -> None:
        """Raise if `column` holds a value twice."""
        values = self._frames[table][column]
        twice = values.index[values.duplicated(keep=False) & values.notna()]
        if len(twice):
            raise InputError(
                f"{self.source}, {table}.txt: {column} must be unique; rows {some(twice)} share "
                f"{some(values[twice].unique())}: keep one row for each"
            )

    def _with(self, table: str, frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
        missing = [column for column in columns if column not in frame.columns]
        if missing:
            raise InputError(
                f"{self.source}, {table}.txt: there is no column {some(map(repr, missing))}; its "
                f"columns are {some(map(repr, frame.columns), 12)}"
            )
        return frame


def texts(frame: pd.DataFrame, column: str) -> np.ndarray:
    """Give a column as text, None where it is blank or missing."""
    if column not in frame.columns:
        return np.full(len(frame), None, dtype=object)
    column_text = frame[column].astype(object)
    return column_text.where(frame[column].notna(), None).to_numpy()


def numbers(frame: pd.DataFrame, column: str) -> np.ndarray:
    """Give a column as numbers, NaN where it is blank or missing."""
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    return frame[column].to_numpy(dtype=float, na_value=np.nan)


def read_tables(path: Path, account: Account) -> Tables:
    """Read the files of a feed with gtfs-kit, or say which file cannot be read and why."""
    kit = _gtfs_kit()
    if not path.exists():  # gtfs-kit would take it for an address and ask the network
        raise InputError(f"there is no file or folder {path}")
    try:
        # the unit of shape_dist_traveled plays no part: only shares of it are used
        feed = kit.read_feed(path, dist_units="km")
    except Exception as error:  # what the first wrong cell makes pandas raise, without its file
        raise InputError(f"{path} cannot be read as GTFS: {_culprit(path, kit, error)}") from error
    frames = {}
    for table in kit.constants.DTYPES:
        frame = getattr(feed, table)
        if frame is not None:
            frames[table] = _tidied(frame)
    return Tables(account.source, frames)


def _gtfs_kit() -> ModuleType:
    try:
        import gtfs_kit
    except ImportError as error:
        raise MissingDependencyError(
            "GTFS feeds are read by the package gtfs-kit, which is not installed: "
            'pip install "spatialreg[gtfs]"'
        ) from error
    return gtfs_kit


def _tidied(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the rows their number in the file, and take blanks off the ends of labels."""
    frame = frame.set_axis(pd.RangeIndex(2, len(frame) + 2), axis="index")
    for column in frame.columns:
        if str(column).endswith(("_id", "_station")):
            text = frame[column].astype("string").str.strip()
            frame[column] = text.mask(text == "")
    return frame


def _culprit(path: Path, kit: ModuleType, error: Exception) -> str:
    """Find the file, column and rows that a feed cannot be read for."""
    if path.is_file() and not zipfile.is_zipfile(path):
        return "it is no zip file; give the feed's zip, or the folder of its files"
    for name, content in _files(path):
        table = Path(name).stem
        if table not in kit.constants.DTYPES:
            continue
        try:
            frame = pd.read_csv(BytesIO(content), dtype=str, encoding="utf-8-sig")
        except UnicodeDecodeError:
            return f"{name} is not in UTF-8: save it in UTF-8"
        except (ValueError, pd.errors.ParserError) as wrong:
            return f"{name} is no table ({wrong})"
        frame = frame.set_axis(frame.columns.str.strip(), axis="columns")
        for column, kind in kit.constants.DTYPES[table].items():
            if column not in frame.columns or kind == "string":
                continue
            text = frame[column].str.strip().replace("", None)
            number = pd.to_numeric(text, errors="coerce")
            wrong_row = text.notna() & number.isna()
            limit = {"Int16": 2**15 - 1, "Int32": 2**31 - 1}.get(kind)
            if limit is not None:
                wrong_row |= (number.abs() > limit) | (number % 1 != 0) & number.notna()
            if wrong_row.any():
                rows = frame.index[wrong_row] + 2
                needed = "a number" if limit is None else f"a whole number up to {limit}"
                return (
                    f"{name}, column {column}, rows {some(rows)}: "
                    f"{some(map(repr, text[wrong_row]))} where {needed} must stand"
                )
    return str(error)


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Give the name and the bytes of each text file."""
    if path.is_dir():
        for file in sorted(path.glob("*.txt")):
            yield file.name, file.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".txt"):
                yield name, archive.read(name)
