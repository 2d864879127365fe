"""Values in tables of roads and railways as people write them: speeds, directions, days, yes or no.

Each function takes one cell and gives its meaning, NaN, NaT or None where the cell says nothing,
and raises ValueError where it says what cannot be read. The callers name the rows.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
from pandas.api.typing import NaTType

from .._align import some
from ..errors import InputError

KNOT, MILE = 1.852, 1.609344  # [km]
_YES = frozenset({"yes", "y", "true", "t", "1", "是", "有", "对"})
_NO = frozenset({"no", "n", "false", "f", "0", "否", "无", "不是"})
_ALONG = _YES | {"+1", "单向", "单行", "ft", "forward"}
_AGAINST = frozenset({"-1", "reverse", "tf", "backward", "逆向", "反向"})
_BOTH = _NO | {"双向", "b", "both", "reversible", "alternating"}
# where B stands beside them, F and T are from and to, as in Geofabrik's shapefiles
_LETTERS = {"f": 1, "t": -1, "b": 0}
_UNLIMITED = frozenset({"none", "signals", "variable", "unknown", "unposted", "无", "不限"})
_SPEED = re.compile(
    r"^(\d+(?:\.\d+)?)(km/?h|kph|kmph|公里/?(?:小)?时|千米/?(?:小)?时|mph|knots?|kn)?$"
)
_WALK = 6.0
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}.*)?$")
_MONTH = re.compile(r"^(\d{4})[-/.年](\d{1,2})月?$")
_YEAR = re.compile(r"^(\d{4})年?$")
_PACKED = re.compile(r"^(\d{4})(\d{2})(\d{2})$")


def text_of(value: Any) -> str:
    """Give a cell as trimmed text in plain characters; empty where it is missing."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


def truth(value: Any) -> bool | None:
    """Give yes or no: ``True``, ``"yes"``, ``"是"``, ``1``, ``"T"``; None where the cell is empty.

    >>> truth("是"), truth("no"), truth(1.0), truth(None)
    (True, False, True, None)
    """
    word = text_of(value).lower()
    if not word:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f"{value!r} is neither yes nor no")


def direction(value: Any) -> int:
    """Give 1 for one-way as drawn, -1 for one-way against the drawing, 0 for both ways or nothing.

    >>> direction("yes"), direction("-1"), direction("否"), direction(True)
    (1, -1, 0, 1)
    """
    word = text_of(value).lower()
    if not word or word in _BOTH:
        return 0
    if word in _ALONG:
        return 1
    if word in _AGAINST:
        return -1
    raise ValueError(f"{value!r} is no direction")


def directions(values: Iterable[Any]) -> Callable[[Any], int]:
    """Give the function that reads a column of directions.

    F and T are no and yes, unless B stands in the column too: then they are along and against.

    >>> [directions(["T", "F"])(letter) for letter in "FT"]
    [0, 1]
    >>> [directions(["T", "F", "B"])(letter) for letter in "FT"]
    [1, -1]
    """
    words = {text_of(value).lower() for value in values}
    if "b" in words and words <= {*_LETTERS, ""}:
        return lambda value: _LETTERS.get(text_of(value).lower(), 0)
    return direction


def speed_kmh(value: Any) -> float:
    """Give a speed [km/h]: a number, ``"100 km/h"``, ``"60 mph"``, ``"80公里/小时"``.

    Zero, a negative number and words such as ``none`` say nothing; of several, the lowest counts.

    >>> speed_kmh("100 km/h"), round(speed_kmh("60 mph"), 1), speed_kmh("80;60"), speed_kmh("none")
    (100.0, 96.6, 60.0, nan)
    """
    text = text_of(value).lower().replace(" ", "").replace(",", ".")
    if not text or text in _UNLIMITED or text.startswith("-"):
        return math.nan
    if text == "walk":
        return _WALK
    speeds = []
    for part in re.split("[;|]", text):
        found = _SPEED.match(part)
        if found is None and part not in _UNLIMITED:
            raise ValueError(f"{value!r} is no speed")
        if found is not None and float(found[1]) > 0:
            speeds.append(float(found[1]) * _unit(found[2]))
    return min(speeds, default=math.nan)


def day(value: Any, form: str | None = None) -> pd.Timestamp | NaTType:
    """Give the day of a cell: a date, ISO text, ``2012/12/1``, ``2012年12月``, ``20121201``.

    A month or a year alone means its last day, for only then is it sure to have passed.

    Parameters
    ----------
    value : object
    form : str, optional
        How the text is written, as in :func:`datetime.datetime.strptime`.

    Examples
    --------
    >>> [str(day(cell).date()) for cell in ("2012年11月", 2012, "2012/1/5")]
    ['2012-11-30', '2012-12-31', '2012-01-05']
    """
    if isinstance(value, dt.date):  # datetime and Timestamp too
        return pd.NaT if value is pd.NaT else pd.Timestamp(value).tz_localize(None).normalize()
    text = text_of(value)
    if not text or text in {"0", "-", "无", "NaT"}:
        return pd.NaT
    if form is not None:
        return pd.Timestamp(dt.datetime.strptime(text, form)).normalize()
    for pattern in (_DAY, _PACKED):
        if found := pattern.match(text):
            return pd.Timestamp(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH.match(text):
        return pd.Timestamp(int(found[1]), int(found[2]), 1) + pd.offsets.MonthEnd(0)
    if found := _YEAR.match(text):
        return pd.Timestamp(int(found[1]), 12, 31)
    raise ValueError(f"{value!r} is no date")


def _unit(word: str | None) -> float:
    if word is None or (word[0] in "k公千" and not word.startswith("kn")):
        return 1.0
    return MILE if word == "mph" else KNOT


def level(value: Any) -> int:
    """Give a level as a whole number, zero where the cell is empty."""
    return int(text_of(value) or 0)


def structure(value: Any) -> bool:
    """Say whether there is a bridge or tunnel; kinds such as ``viaduct`` are one, too."""
    try:
        return bool(truth(value))
    except ValueError:
        return True


def read_cells(
    cells: pd.Series, reading: Callable[[Any], Any], expected: str, what: str
) -> pd.Series:
    """Read the cells of a column, each distinct one once.

    Parameters
    ----------
    cells : Series
    reading : callable
        Gives the meaning of a cell, or raises ValueError.
    expected : str
        What the column must hold, for messages.
    what : str
        The source, for messages.

    Raises
    ------
    InputError
        A cell cannot be read; the message names the rows.
    """
    known: dict[str, Any] = {}
    for value in cells.unique():
        try:
            known[text_of(value)] = reading(value)
        except ValueError as error:
            bad = cells.index[cells.map(text_of) == text_of(value)]
            raise InputError(
                f"column {cells.name!r} of {what} must hold {expected}; {len(bad)} rows do not, at "
                f"{some(bad)} ({value!r})"
            ) from error
    return pd.Series([known[text_of(value)] for value in cells], index=cells.index)
