"""Matrices of travel times to Parquet and back, block by block.

A matrix of many places does not fit into memory; its rows are written as they come, wide (a column
a destination) or long (a row a pair that is reached).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .._align import some
from ..errors import AlignmentError, InputError
from ._atomic import replacing

_ORIGIN, _DESTINATION, _VALUE = "origin", "destination", "minutes"


def write_times(
    blocks: pd.DataFrame | Iterable[pd.DataFrame],
    path: str | os.PathLike[str],
    *,
    long: bool = False,
    dtype: str = "float64",
) -> Path:
    """Write travel times, whole or in blocks of rows, to a Parquet file.

    Parameters
    ----------
    blocks : DataFrame or iterable of DataFrame
        Rows by origin, columns by destination [min], all blocks with the same columns, such as
        ``spatialreg.transport.travel_time_blocks`` yields.
    path : str or path
        Ends in .parquet. The file is moved into place when all is written.
    long : bool
        A row a pair (``origin``, ``destination``, ``minutes``), without those that are not reached;
        else a row an origin and a column a destination, infinity where there is no way.
    dtype : {"float64", "float32"}
        Of the minutes; float32 keeps seven digits in half the space.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    InputError
        There is no block, or the suffix or `dtype` is another.
    AlignmentError
        A block has other columns than the first, or an origin comes twice.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pandas as pd, spatialreg as sr
    >>> times = pd.DataFrame({"b": [5.0], "c": [float("inf")]}, index=["a"])
    >>> path = sr.io.write_times(times, pathlib.Path(tempfile.mkdtemp()) / "times.parquet")
    >>> sr.io.read_times(path).loc["a", "b"]
    np.float64(5.0)
    """
    target = Path(path)
    if target.suffix.lower() != ".parquet":
        raise InputError(f"travel times are written as .parquet, not {target.suffix or target}")
    if dtype not in {"float64", "float32"}:
        raise InputError(f"dtype must be 'float64' or 'float32', not {dtype!r}")
    given = iter([blocks] if isinstance(blocks, pd.DataFrame) else blocks)
    first = next(given, None)
    if first is None:
        raise InputError("there is no block of travel times to write")
    about = {
        str(key): str(value) for key, value in first.attrs.items() if isinstance(value, str | int)
    }
    seen: set[str] = set()
    with replacing(target) as fresh:
        writer: pq.ParquetWriter | None = None
        try:
            for block in _chained(first, given):
                _check(block, first, seen)
                table = _table(block, long, dtype)
                if writer is None:
                    schema = table.schema.with_metadata({"spatialreg": repr(about)})
                    writer = pq.ParquetWriter(fresh, schema, compression="zstd")
                writer.write_table(table.cast(writer.schema))
        finally:
            if writer is not None:
                writer.close()
    return target


def read_times(
    path: str | os.PathLike[str], *, destinations: Sequence[str] | None = None
) -> pd.DataFrame:
    """Read travel times that :func:`write_times` wrote.

    Parameters
    ----------
    path : str or path
    destinations : sequence of str, optional
        Only these columns of a wide file, without reading the others.

    Returns
    -------
    DataFrame
        Wide or long, as it was written.

    Raises
    ------
    InputError
        The file lacks a destination, or holds no travel times.
    """
    known = pq.read_schema(path).names
    if _ORIGIN not in known:
        raise InputError(f"{path} holds no travel times: it has no column {_ORIGIN!r}")
    wide = known[1:] != [_DESTINATION, _VALUE]
    if destinations is None:
        frame = pd.read_parquet(path)
    elif wide:
        lost = [name for name in destinations if name not in known]
        if lost:
            raise InputError(f"{path} has no destination {some(map(repr, lost))}")
        frame = pd.read_parquet(path, columns=[_ORIGIN, *destinations])
    else:
        frame = pd.read_parquet(path, filters=[(_DESTINATION, "in", list(destinations))])
    return frame.set_index(_ORIGIN).rename_axis(columns=_DESTINATION) if wide else frame


def _chained(first: pd.DataFrame, rest: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    yield first
    yield from rest


def _check(block: pd.DataFrame, first: pd.DataFrame, seen: set[str]) -> None:
    if not block.columns.equals(first.columns):
        other = block.columns.symmetric_difference(first.columns)
        raise AlignmentError(
            "all blocks must have the same destinations in the same order"
            + (f"; these are not in each: {some(other)}" if len(other) else "")
        )
    labels = block.index.astype(str)
    twice = [label for label in labels if label in seen]
    if twice or not labels.is_unique:
        raise AlignmentError(f"origins come twice: {some(twice or labels[labels.duplicated()])}")
    seen.update(labels)


def _table(block: pd.DataFrame, long: bool, dtype: str) -> pa.Table:
    values = block.to_numpy(dtype=dtype)
    origins = block.index.astype(str).to_numpy(dtype=object)
    destinations = block.columns.astype(str).to_numpy(dtype=object)
    if not long:
        columns = [pa.array(origins, pa.string()), *(pa.array(c) for c in values.T)]
        return pa.table(columns, names=[_ORIGIN, *destinations])
    row, column = np.nonzero(np.isfinite(values))
    return pa.table(
        {
            _ORIGIN: pa.array(origins[row], pa.string()),
            _DESTINATION: pa.array(destinations[column], pa.string()),
            _VALUE: pa.array(values[row, column]),
        }
    )
