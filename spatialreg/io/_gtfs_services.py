"""Which services of a feed run on a day: weekly calendars, and the days that depart from them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .._align import some
from ..errors import InputError
from ._gtfs_tables import Account, Tables

_WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Services:
    """The services of a feed, and the days on which each of them runs."""

    def __init__(self, tables: Tables, account: Account) -> None:
        self._source = account.source
        weekly = tables.optional("calendar", ["service_id", *_WEEK, "start_date", "end_date"])
        single = tables.optional("calendar_dates", ["service_id", "date", "exception_type"])
        if not len(weekly) and not len(single):
            raise InputError(
                f"{account.source} has neither calendar.txt nor calendar_dates.txt with rows: "
                "without them no service runs on any day"
            )
        self._weekly = weekly.assign(
            start_date=self._days(weekly, "calendar", "start_date"),
            end_date=self._days(weekly, "calendar", "end_date"),
        )
        self._single = single.assign(date=self._days(single, "calendar_dates", "date"))
        odd = single.index[~single["exception_type"].isin([1, 2])]
        if len(odd):
            raise InputError(
                f"{account.source}, calendar_dates.txt: exception_type must be 1 (runs) or 2 "
                f"(does not run), in rows {some(odd)}"
            )
        bounds = pd.concat(
            [self._weekly["start_date"], self._weekly["end_date"], self._single["date"]]
        )
        self.first_day: pd.Timestamp = bounds.min()
        self.last_day: pd.Timestamp = bounds.max()

    def on(self, day: pd.Timestamp) -> set[str]:
        """Give the services that run on `day`."""
        weekly = self._weekly
        within = (weekly["start_date"] <= day) & (day <= weekly["end_date"])
        that_weekday = weekly[_WEEK[day.weekday()]].fillna(0) == 1
        running = set(weekly.loc[within & that_weekday, "service_id"].dropna())
        single = self._single[self._single["date"] == day]
        # a service that a day both adds and takes away runs: the row that adds it is the rarer
        removed = set(single.loc[single["exception_type"] == 2, "service_id"].dropna())
        added = set(single.loc[single["exception_type"] == 1, "service_id"].dropna())
        return (running - removed) | added

    def busiest(self, services: pd.Series) -> pd.Timestamp:
        """Give the first of the days on which most trips run; `services` has one row a trip."""
        trips = services.value_counts()
        days = pd.date_range(self.first_day, self.last_day)
        counts = [int(trips.reindex(list(self.on(day))).sum()) for day in days]
        return days[int(np.argmax(counts))]

    def require(self, day: pd.Timestamp) -> None:
        """Raise if `day` lies outside what the feed speaks of."""
        if not self.first_day <= day <= self.last_day:
            raise InputError(
                f"{self._source} speaks of {self.first_day:%Y-%m-%d} to {self.last_day:%Y-%m-%d}, "
                f"not of {day:%Y-%m-%d}: choose a date within, or leave date= out for the day "
                "with the most runs"
            )

    def _days(self, frame: pd.DataFrame, table: str, column: str) -> pd.Series:
        days = pd.to_datetime(
            frame[column].astype("string").str.strip(), format="%Y%m%d", errors="coerce"
        )
        bad = frame.index[days.isna()]
        if len(bad):
            raise InputError(
                f"{self._source}, {table}.txt: {column} must be a day written YYYYMMDD; rows "
                f"{some(bad)} have {some(map(repr, frame[column][bad]))}"
            )
        return days
