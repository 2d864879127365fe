"""Coverage over time, read off one result: how many by each date, which ones in between."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from .._align import some
from .._dates import DateLike, last_day
from .._results import CoverageResult, CoverageSeries
from ..errors import InputError


def coverage_by_date(
    result: CoverageResult | CoverageSeries, dates: Iterable[DateLike]
) -> pd.DataFrame:
    """Count the regions covered by the end of each date.

    Parameters
    ----------
    result : CoverageResult or CoverageSeries
        A result of dated facilities, for the last of `dates` or later; or a series, some of whose
        dates these are.
    dates : iterable of date, str or int
        A year means its last day.

    Returns
    -------
    DataFrame
        Indexed by day: ``covered`` (regions), ``share``, ``added`` (since the date before, net of
        those lost).

    Raises
    ------
    InputError
        A covered region has no first date, a date lies after the result's own, or is none of the
        series.
    """
    days = sorted(last_day(date) for date in dates)
    if isinstance(result, CoverageSeries):
        covered = [int(_on(result, day).sum()) for day in days]
    else:
        since = _dated(result)
        if result.date is not None and days and days[-1] > pd.Timestamp(result.date):
            raise InputError(
                f"the result knows facilities up to {result.date}, and {days[-1]:%Y-%m-%d} was "
                "asked for: compute coverage for the later date"
            )
        covered = [int((since <= day).sum()) for day in days]
    frame = pd.DataFrame({"covered": covered}, index=pd.DatetimeIndex(days, name="date"))
    frame["share"] = frame["covered"] / result.total
    frame["added"] = frame["covered"].diff().fillna(frame["covered"]).astype(int)
    return frame


def newly_covered(
    result: CoverageResult | CoverageSeries, *, after: DateLike, until: DateLike
) -> pd.Index:
    """List the regions first covered after one day and by the end of another.

    Parameters
    ----------
    result : CoverageResult or CoverageSeries
        A result of dated facilities; or a series, two of whose dates are asked about: then the
        regions that were not covered on the first and are on the second.
    after, until : date, str or int
        The first day is not counted, the last is.

    Returns
    -------
    Index
        Codes, in the order of the result.

    Raises
    ------
    InputError
        As in :func:`coverage_by_date`.
    """
    if isinstance(result, CoverageSeries):
        new = _on(result, last_day(until)) & ~_on(result, last_day(after))
        return result.covered.index[new]
    since = _dated(result)
    return since.index[(since > last_day(after)) & (since <= last_day(until))]


def _on(series: CoverageSeries, day: pd.Timestamp) -> pd.Series:
    if day not in series.covered.columns:
        known = [f"{date:%Y-%m-%d}" for date in series.covered.columns]
        raise InputError(
            f"the series has no {day:%Y-%m-%d}, only {some(known, 20)}: ask coverage_series for "
            "that date too"
        )
    return series.covered[day]


def _dated(result: CoverageResult) -> pd.Series:
    since = result.frame.loc[result.frame["covered"], "since"]
    undated = since.index[since.isna()]
    if len(undated):
        searched = result.definition.endswith("_time") or result.definition.startswith("area_")
        mend = "ask coverage_series" if searched else "give facilities a column 'opened'"
        raise InputError(
            f"{len(undated)} covered regions have no first date ({some(undated)}): {mend}"
        )
    return since
