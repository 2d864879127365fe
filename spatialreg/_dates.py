"""Dates as users give them: a date, ISO text, or an int year that means its last day."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

import pandas as pd

from .errors import InputError

DateLike: TypeAlias = int | str | dt.date | pd.Timestamp


def last_day(date: DateLike) -> pd.Timestamp:
    """Give the day that `date` means; an int year means 31 December of that year.

    Raises
    ------
    InputError
        `date` is neither a year, an ISO date nor a date object.

    Examples
    --------
    >>> last_day(2012)
    Timestamp('2012-12-31 00:00:00')
    >>> last_day("2012-11-15")
    Timestamp('2012-11-15 00:00:00')
    """
    if isinstance(date, bool):
        raise InputError(f"a date must be a year, ISO text or a date, not {date!r}")
    if isinstance(date, int):
        return pd.Timestamp(year=date, month=12, day=31)
    if isinstance(date, str) and date.isdigit() and len(date) == 4:
        return last_day(int(date))
    try:
        return pd.Timestamp(date).normalize()
    except (TypeError, ValueError) as error:
        raise InputError(
            f"a date must be a year, ISO text (2012-11-15) or a date, not {date!r}"
        ) from error
