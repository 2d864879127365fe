"""Cells of text as values: numbers as people print them, and the marks of what is missing."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from .._align import some
from ..errors import MissingDataWarning
from ..regions import tidy_code

# marks of a missing value in a column of any kind, and words for it in a column of numbers
_MARKS = re.compile(r"^[-–—―‒−－_]+$|^[.…·⋯]{2,}$|^…$|^⋯$|^/$|^#N/A$", re.IGNORECASE)
_WORDS = frozenset({"na", "n/a", "n.a.", "nan", "null", "none", "无", "缺", "空", "x", "*", "#"})
_ZERO = re.compile(r"^[+-]?0\d")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_PLAIN = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$", re.ASCII)
_COMMA = re.compile(r"^[+-]?\d{1,3}(\.\d{3})*,\d+$|^[+-]?\d+,\d+$")
_MINUS = str.maketrans({"−": "-", "－": "-", "–": "-"})


def typed(
    cells: list[str], *, text: bool, comma: bool, rows: Sequence[object], name: str
) -> pd.Series:
    """Give a column of cells its type.

    Parameters
    ----------
    cells : list of str
    text : bool
        The column holds codes: text, tidied, whatever it looks like.
    comma : bool
        A comma is the decimal mark.
    rows : sequence
        The number of each cell's row, for messages.
    name : str

    Returns
    -------
    Series
        int64, float64 or text. A number with a leading zero makes the column text.
    """
    if text:
        return pd.Series([tidy_code(cell) for cell in cells], dtype="str")
    numbers: list[float | None] = []
    odd: list[int] = []
    whole, zeros = True, False
    for place, cell in enumerate(cells):
        # the common case first: a number in plain digits
        plain = cell if not comma and _PLAIN.match(cell) else plain_text(cell, comma=comma)
        if plain is None:
            if not cell or _MARKS.match(cell) or cell.lower() in _WORDS:
                numbers.append(None)
                continue
            odd.append(place)
            numbers.append(None)
            continue
        zeros = zeros or bool(_ZERO.match(plain))
        whole = whole and plain.lstrip("+-").isdigit() and len(plain) < 16
        numbers.append(float(plain))
    given = sum(number is not None for number in numbers)
    if odd and given > len(odd):
        told = some(f"{cells[place]!r} in row {rows[place]}" for place in odd)
        warnings.warn(
            MissingDataWarning(
                f"column {name!r} stays text, since {len(odd)} of its cells are no numbers "
                f"({told}): mend them, or use pd.to_numeric(column, errors='coerce')"
            ),
            stacklevel=4,
        )
    if odd or zeros or not given:
        # a column in which nothing stands is missing numbers, not text
        if not odd and not zeros:
            return pd.Series(np.nan, index=range(len(cells)), dtype="float64")
        kept = [None if not cell or _MARKS.match(cell) else cell for cell in cells]
        return pd.Series(kept, dtype="str")
    if whole and given == len(numbers):
        return pd.Series(numbers).astype("int64")
    return pd.Series(numbers, dtype="float64")


def plain_text(cell: str, *, comma: bool = False) -> str | None:
    """Give a printed number in the form that Python reads, or None if it is none.

    >>> plain_text("1,234.5"), plain_text("１２.５"), plain_text("1.234,5", comma=True)
    ('1234.5', '12.5', '1234.5')
    """
    text = unicodedata.normalize("NFKC", cell).translate(_MINUS)
    text = re.sub(r"(?<=\d)[\s'](?=\d{3}(\D|$))", "", text.strip())
    if comma:
        return text.replace(".", "").replace(",", ".") if _COMMA.match(text) else _plain(text)
    if _THOUSANDS.match(text):
        text = text.replace(",", "")
    return _plain(text)


def decimal_comma(rows: Iterable[Sequence[str]]) -> bool:
    """Say whether the comma is the decimal mark: some cell can be read in no other way."""
    return any(
        _COMMA.match(cell) and not _THOUSANDS.match(cell) for row in rows for cell in row if cell
    )


def _plain(text: str) -> str | None:
    return text if _PLAIN.match(text) else None
