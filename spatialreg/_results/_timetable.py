"""A timetable of one day as frames: where vehicles stop, and every ride from a stop to the next.

It is what :func:`spatialreg.io.read_gtfs` gives and what the questions of travel by timetable take.
A table of trains that comes from elsewhere becomes one through :meth:`Timetable.from_calls`. Times
are minutes after midnight of the day; those of the night after it lie beyond 1440.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from .._align import require_columns, require_unique, some
from ..errors import AlignmentError, InputError

Day: TypeAlias = pd.Timestamp | NaTType

_CLOCK = r"^\s*(\d{1,3}):([0-5]\d)(?::([0-5]\d))?\s*$"
_TRANSFERS = ("start", "end", "minutes")


@dataclass(frozen=True, eq=False, repr=False)
class Timetable:
    """Stops, lines, runs and connections of one day.

    Attributes
    ----------
    stops : GeoDataFrame
        Index ``stop``; ``name``, ``station`` (the label of the station that the stop belongs to, or
        its own), points in EPSG:4326.
    lines : DataFrame
        Index ``line``; ``name``, ``mode``.
    runs : DataFrame
        Index ``run``: one journey of one vehicle; ``line``, ``trip``, ``day`` (of the service: -1
        began the day before, 1 belongs to the day after).
    connections : DataFrame
        A ride from a stop to the next without a halt between: ``run``, ``sequence`` (its order
        within the run), ``start``, ``end`` (stops), ``departure``, ``arrival`` [min after
        midnight], ``boarding``, ``alighting`` (whether passengers may board at the start, and
        alight at the end), by departure.
    transfers : DataFrame
        Rules of changing from one stop to another, or at one: ``start``, ``end``, ``minutes``
        [min]; NaN is the usual time of a change, infinity that there is none.
    date, first_day, last_day : Timestamp or NaT
        The day, and the first and last day that the feed speaks of.
    agencies : DataFrame
        Whom to name as the source: ``name``, ``role``, ``url``.
    left_out : DataFrame
        What was not used: ``file``, ``row`` (1 is the header), ``reason``.
    """

    stops: gpd.GeoDataFrame
    lines: pd.DataFrame
    runs: pd.DataFrame
    connections: pd.DataFrame
    transfers: pd.DataFrame
    date: Day = pd.NaT
    first_day: Day = pd.NaT
    last_day: Day = pd.NaT
    agencies: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["name", "role", "url"])
    )
    left_out: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["file", "row", "reason"])
    )

    @classmethod
    def from_calls(
        cls,
        stops: gpd.GeoDataFrame,
        calls: pd.DataFrame,
        *,
        lines: pd.DataFrame | None = None,
        transfers: pd.DataFrame | None = None,
        date: pd.Timestamp | str | None = None,
    ) -> Timetable:
        """Make a timetable from a table of trains: one row a run and a stop at which it calls.

        Parameters
        ----------
        stops : GeoDataFrame
            Points indexed by stop; optional columns ``name`` and ``station``.
        calls : DataFrame
            ``run`` (the train), ``sequence`` (order of its calls), ``stop``, ``arrival`` and
            ``departure``: minutes after midnight [min] or clock times (``"07:42"``; ``"25:10"`` is
            ten past one in the night after). Optional: ``line``, and ``boarding``, ``alighting``
            (bool). The arrival of a first call and the departure of a last one may be missing.
        lines : DataFrame, optional
            Index ``line``; ``name``, ``mode``. Without it every line is of the mode ``"rail"``.
        transfers : DataFrame, optional
            ``start``, ``end``, ``minutes`` [min].
        date : date or str, optional
            The day that it is for.

        Returns
        -------
        Timetable

        Raises
        ------
        InputError
            A column is missing, a time cannot be read or goes backwards, or a call stands twice.
        AlignmentError
            A call names a stop or a line that the table of stops or lines lacks.

        Examples
        --------
        >>> import geopandas as gpd, pandas as pd
        >>> from spatialreg.transport import Timetable
        >>> stops = gpd.GeoDataFrame(index=["a", "b"],
        ...     geometry=gpd.points_from_xy([116.4, 117.2], [39.9, 39.1]), crs=4326)
        >>> calls = pd.DataFrame({"run": ["G1", "G1"], "sequence": [1, 2], "stop": ["a", "b"],
        ...     "arrival": [None, "07:35"], "departure": ["07:00", None]})
        >>> Timetable.from_calls(stops, calls)
        Timetable: 2 stops, 2 stations, 1 lines, 1 runs, 1 connections
        """
        require_columns(calls, ["run", "sequence", "stop", "arrival", "departure"], "calls")
        require_unique(stops.index, "stops")
        unknown = calls.loc[~calls["stop"].isin(stops.index), "stop"].unique()
        if len(unknown):
            raise AlignmentError(
                f"calls name {len(unknown)} stops that stops lacks ({some(unknown)}): add them"
            )
        calls = calls.assign(
            arrival=clock_minutes(calls["arrival"], "calls, column 'arrival'"),
            departure=clock_minutes(calls["departure"], "calls, column 'departure'"),
        )
        calls["arrival"], calls["departure"] = (
            calls["arrival"].fillna(calls["departure"]),
            calls["departure"].fillna(calls["arrival"]),
        )
        timeless = calls.index[calls["arrival"].isna()]
        if len(timeless):
            raise InputError(
                f"{len(timeless)} calls have neither arrival nor departure, at {some(timeless)}: "
                "state one, or leave the call out"
            )
        calls = _ordered(calls)
        if "line" not in calls.columns:
            calls["line"] = "line"
        runs = calls.groupby("run")["line"].first().to_frame()
        runs = runs.assign(trip=runs.index, day=0)
        if lines is None:
            labels = pd.Index(sorted(runs["line"].unique()), name="line")
            lines = pd.DataFrame({"name": labels, "mode": "rail"}, index=labels)
        lost = runs.index[~runs["line"].isin(lines.index)]
        if len(lost):
            raise AlignmentError(
                f"{len(lost)} runs are of lines that lines lacks ({some(lost)}): add those lines"
            )
        return cls(
            stops=_completed(stops),
            lines=lines.rename_axis("line"),
            runs=runs,
            connections=connect(calls),
            transfers=_checked_transfers(transfers, stops.index),
            date=pd.NaT if date is None else pd.Timestamp(date),
        )

    @cached_property
    def station_codes(self) -> tuple[np.ndarray, pd.Index]:
        """Stations as whole numbers, one for each stop, and their labels."""
        codes, labels = pd.factorize(self.stops["station"], sort=True)
        return codes, pd.Index(labels, name="station")

    def __repr__(self) -> str:
        day = "" if pd.isna(self.date) else f" of {self.date:%Y-%m-%d}"
        return (
            f"Timetable{day}: {len(self.stops):,} stops, "
            f"{self.stops['station'].nunique():,} stations, {len(self.lines):,} lines, "
            f"{len(self.runs):,} runs, {len(self.connections):,} connections"
        )


def clock_minutes(times: pd.Series, what: str) -> pd.Series:
    """Give minutes after midnight from clock times (``H:MM``, ``HH:MM:SS``) or from minutes.

    Blanks give NaN; hours may pass 24. Anything else raises and names the rows.
    """
    if pd.api.types.is_numeric_dtype(times):
        return times.astype(float)
    # a table has far fewer times than rows
    codes, texts = pd.factorize(times)
    parts = pd.Series(texts, dtype=object).astype(str).str.extract(_CLOCK)
    hours, minutes, seconds = (pd.to_numeric(parts[i]).to_numpy(dtype=float) for i in range(3))
    values = hours * 60 + minutes + np.nan_to_num(seconds) / 60
    # code -1 stands for a blank and takes the last place
    found = np.append(values, np.nan)[codes]
    bad = np.isnan(found) & (codes >= 0)
    if bad.any():
        raise InputError(
            f"{what}: {int(bad.sum())} times cannot be read ({some(times[bad].unique())}), in rows "
            f"{some(times.index[bad])}: write HH:MM:SS"
        )
    return pd.Series(found, index=times.index)


def connect(calls: pd.DataFrame) -> pd.DataFrame:
    """Join each call with the next of its run; `calls` stand by run and order, with minutes."""
    run = calls["run"].to_numpy()
    follows = run[:-1] == run[1:]
    before, after = calls.iloc[:-1][follows], calls.iloc[1:][follows]
    connections = pd.DataFrame(
        {
            "run": before["run"].to_numpy(),
            "sequence": before["sequence"].to_numpy(),
            "start": before["stop"].to_numpy(),
            "end": after["stop"].to_numpy(),
            "departure": before["departure"].to_numpy(dtype=float),
            "arrival": after["arrival"].to_numpy(dtype=float),
            "boarding": _allowed(before, "boarding"),
            "alighting": _allowed(after, "alighting"),
        }
    )
    order = np.lexsort((connections["arrival"], connections["departure"]))
    return connections.iloc[order].reset_index(drop=True)


def _allowed(calls: pd.DataFrame, column: str) -> np.ndarray:
    if column not in calls.columns:
        return np.ones(len(calls), dtype=bool)
    return calls[column].to_numpy(dtype=bool)


def _ordered(calls: pd.DataFrame) -> pd.DataFrame:
    """Sort by run and sequence; raise where a call stands twice or time goes backwards."""
    calls = calls.sort_values(["run", "sequence"], kind="stable")
    twice = calls.index[calls.duplicated(["run", "sequence"])]
    if len(twice):
        raise InputError(
            f"{len(twice)} calls have the run and sequence of another, at {some(twice)}: "
            "number the calls of each run"
        )
    same = calls["run"].to_numpy()[1:] == calls["run"].to_numpy()[:-1]
    back = np.zeros(len(calls), dtype=bool)
    back[1:] = same & (calls["arrival"].to_numpy()[1:] < calls["departure"].to_numpy()[:-1])
    back |= (calls["departure"] < calls["arrival"]).to_numpy()
    if back.any():
        raise InputError(
            f"{int(back.sum())} calls are before the one that they follow, or leave before they "
            f"arrive, at {some(calls.index[back])}: times after midnight go on from 24:00"
        )
    return calls


def _completed(stops: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give stops in EPSG:4326 with a name and a station each."""
    if stops.crs is None:
        raise InputError("stops have no CRS: declare it with set_crs()")
    stops = stops.to_crs(4326).rename_axis("stop")
    own = pd.Series(stops.index, index=stops.index)
    for column in ("name", "station"):
        given = stops[column] if column in stops.columns else own
        stops[column] = given.fillna(own)
    return stops[["name", "station", "geometry"]]


def _checked_transfers(transfers: pd.DataFrame | None, stops: pd.Index) -> pd.DataFrame:
    if transfers is None:
        return pd.DataFrame({"start": [], "end": [], "minutes": np.empty(0)})
    require_columns(transfers, _TRANSFERS, "transfers")
    for column in ("start", "end"):
        unknown = transfers.loc[~transfers[column].isin(stops), column].unique()
        if len(unknown):
            raise AlignmentError(f"transfers name stops that stops lacks ({some(unknown)})")
    if (transfers["minutes"] < 0).any():
        raise InputError("transfers take minutes from 0 on; some are negative")
    return transfers[list(_TRANSFERS)].reset_index(drop=True)
