"""Coverage over time, read off one result: how many by each date, which ones in between."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from .._align import some
from .._dates import DateLike, last_day
from .._results import CoverageResult
from ..errors import InputError


def coverage_by_date(result: CoverageResult, dates: Iterable[DateLike]) -> pd.DataFrame:
    """Count the regions covered by the end of each date.

    Parameters
    ----------
    result : CoverageResult
        Computed from dated facilities, for the last of `dates` or later.
    dates : iterable of date, str or int
        A year means its last day.

    Returns
    -------
    DataFrame
        Indexed by day: ``covered`` (regions), ``share``, ``added`` (since the date before).

    Raises
    ------
    InputError
        A covered region has no first date, or a date lies after the result's own.
    """
    since = _dated(result)
    days = sorted(last_day(date) for date in dates)
    if result.date is not None and days and days[-1] > pd.Timestamp(result.date):
        raise InputError(
            f"the result knows facilities up to {result.date}, and {days[-1]:%Y-%m-%d} was asked "
            "for: compute coverage for the later date"
        )
    covered = [int((since <= day).sum()) for day in days]
    frame = pd.DataFrame({"covered": covered}, index=pd.DatetimeIndex(days, name="date"))
    frame["share"] = frame["covered"] / result.total
    frame["added"] = frame["covered"].diff().fillna(frame["covered"]).astype(int)
    return frame


def newly_covered(result: CoverageResult, *, after: DateLike, until: DateLike) -> pd.Index:
    """List the regions first covered after one day and by the end of another.

    Parameters
    ----------
    result : CoverageResult
        Computed from dated facilities.
    after, until : date, str or int
        The first day is not counted, the last is.

    Returns
    -------
    Index
        Codes, in the order of the result.
    """
    since = _dated(result)
    return since.index[(since > last_day(after)) & (since <= last_day(until))]


def _dated(result: CoverageResult) -> pd.Series:
    since = result.frame.loc[result.frame["covered"], "since"]
    undated = since.index[since.isna()]
    if len(undated):
        raise InputError(
            f"{len(undated)} covered regions have no first date ({some(undated)}): "
            "give facilities a column 'opened'"
        )
    return since
