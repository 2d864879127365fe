"""A timetable as the arrays of a search: whole seconds, stops and runs as numbers, changes.

Labels, stations, rules of changing and walks are brought together here, once for each question.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from .._align import require_columns, some
from .._results import Timetable
from ..errors import AlignmentError, InputError
from ._connection_scan import Connections

_LONGEST = 10**7
"""Seconds beyond which a change or a walk is not one: numbers must fit into 32 bits."""


class Walks(NamedTuple):
    """Pairs of stops as numbers, each once, with minutes."""

    start: np.ndarray
    end: np.ndarray
    minutes: np.ndarray


def ways_between(
    timetable: Timetable, footpaths: pd.DataFrame | None, transfer_minutes: float
) -> Walks:
    """Give the ways on foot from stop to stop, as they count at either end of a journey.

    Within a station they take no time; between stations they are those of `footpaths` and of the
    timetable's own rules, which go before (a rule without a time takes `transfer_minutes`).
    """
    code, labels = timetable.station_codes
    order = np.argsort(code, kind="stable")
    size = np.bincount(code, minlength=len(labels))
    begin = np.cumsum(size) - size
    start = np.repeat(order, size[code[order]])
    step = np.arange(len(start)) - np.repeat(
        np.cumsum(size[code[order]]) - size[code[order]], size[code[order]]
    )
    end = order[begin[code[start]] + step]
    parts = [pd.DataFrame({"start": start, "end": end, "minutes": 0.0, "rank": 2})]
    rules = timetable.transfers
    if len(rules):
        at = timetable.stops.index
        own = pd.DataFrame(
            {
                "start": at.get_indexer(rules["start"]),
                "end": at.get_indexer(rules["end"]),
                "minutes": rules["minutes"].fillna(transfer_minutes).to_numpy(dtype=float),
                "rank": 0,
            }
        )
        parts.append(own[code[own["start"]] != code[own["end"]]])
    if footpaths is not None:
        parts.append(_footpaths(timetable, footpaths).assign(rank=1))
    ways = pd.concat(parts).sort_values(["start", "end", "rank", "minutes"], kind="stable")
    ways = ways.drop_duplicates(["start", "end"])
    ways = ways[~np.isinf(ways["minutes"])]
    return Walks(*(ways[c].to_numpy() for c in ("start", "end", "minutes")))


def _footpaths(timetable: Timetable, footpaths: pd.DataFrame) -> pd.DataFrame:
    require_columns(footpaths, ["start", "end", "minutes"], "footpaths")
    at = timetable.stops.index
    frame = pd.DataFrame(
        {
            "start": at.get_indexer(footpaths["start"]),
            "end": at.get_indexer(footpaths["end"]),
            "minutes": footpaths["minutes"].to_numpy(dtype=float),
        }
    )
    for column in ("start", "end"):
        unknown = footpaths.loc[(frame[column] < 0).to_numpy(), column].unique()
        if len(unknown):
            raise AlignmentError(
                f"footpaths name {len(unknown)} stops that the timetable lacks ({some(unknown)}): "
                "make them from the same timetable"
            )
    if not (frame["minutes"] >= 0).all():
        raise InputError("footpaths take minutes from 0 on; some are negative or missing")
    frame = _for_all_platforms(timetable, frame)
    code = timetable.station_codes[0]
    # a station's own changes are a matter of transfer_minutes and of the timetable's rules
    return frame[code[frame["start"]] != code[frame["end"]]]


def _for_all_platforms(timetable: Timetable, frame: pd.DataFrame) -> pd.DataFrame:
    """Let a walk to or from a station hold for its stops, after the walks that these have."""
    own = timetable.stops.index.get_indexer(timetable.stops["station"])
    stop = np.arange(len(own))
    members = pd.DataFrame({"station": own, "stop": stop})[(own >= 0) & (own != stop)]
    frame = frame.assign(general=0)
    for column in ("start", "end"):
        other = frame.merge(members, left_on=column, right_on="station")
        other = other.assign(**{column: other["stop"], "general": other["general"] + 1})
        frame = pd.concat([frame, other[list(frame.columns)]])
    frame = frame.sort_values(["start", "end", "general", "minutes"], kind="stable")
    return frame.drop_duplicates(["start", "end"]).drop(columns="general")


def changes(timetable: Timetable, ways: Walks, transfer_minutes: float) -> Walks:
    """Give every change: from the stop at which one alights to that at which one can board.

    A change takes the way on foot, and `transfer_minutes` at least; where the timetable has a rule
    for the pair of stops, it takes what the rule says.
    """
    frame = pd.DataFrame(
        {
            "start": ways.start,
            "end": ways.end,
            "minutes": np.maximum(ways.minutes, transfer_minutes),
            "rank": 1,
        }
    )
    rules = timetable.transfers
    if len(rules):
        at = timetable.stops.index
        minutes = rules["minutes"].fillna(transfer_minutes).to_numpy(dtype=float)
        own = pd.DataFrame(
            {
                "start": at.get_indexer(rules["start"]),
                "end": at.get_indexer(rules["end"]),
                "minutes": minutes,
                "rank": 0,
            }
        )
        frame = pd.concat([own, frame]).sort_values(
            ["start", "end", "rank", "minutes"], kind="stable"
        )
        frame = frame.drop_duplicates(["start", "end"])
        frame = frame[~np.isinf(frame["minutes"])]
    return Walks(*(frame[c].to_numpy() for c in ("start", "end", "minutes")))


def whole_seconds(minutes: pd.Series | np.ndarray) -> np.ndarray:
    """Round minutes to whole seconds."""
    seconds = np.rint(np.asarray(minutes, dtype=float) * 60)
    return np.minimum(seconds, _LONGEST).astype(np.int32)


class Rides(NamedTuple):
    """Connections by number, before they are sorted for a direction of search."""

    start: np.ndarray
    end: np.ndarray
    departure: np.ndarray
    arrival: np.ndarray
    boarding: np.ndarray
    alighting: np.ndarray
    run: np.ndarray
    row: np.ndarray


def rides(timetable: Timetable, opening: int, closing: float) -> Rides:
    """Give the connections that leave from `opening` on and arrive by `closing` [s].

    They stand in the order in which each run makes them, run by run, whatever the order of the
    frame's rows.
    """
    table = timetable.connections
    departure, arrival = whole_seconds(table["departure"]), whole_seconds(table["arrival"])
    row = np.flatnonzero((departure >= opening) & (arrival <= closing))
    at = timetable.stops.index
    run = pd.factorize(table["run"].iloc[row], sort=True)[0]
    order = np.lexsort((table["sequence"].to_numpy()[row], run))
    row, run = row[order], run[order]
    part = table.iloc[row]
    return Rides(
        at.get_indexer(part["start"]).astype(np.int32),
        at.get_indexer(part["end"]).astype(np.int32),
        departure[row],
        arrival[row],
        part["boarding"].to_numpy(dtype=bool),
        part["alighting"].to_numpy(dtype=bool),
        run,
        row,
    )


def connections(
    ridden: Rides, change: Walks, stops: int, *, turned: bool = False
) -> tuple[Connections, np.ndarray]:
    """Sort rides for a search, and give the row of the timetable that each one is.

    With `turned`, time runs backwards and every ride leads from its end to its start: a search for
    the ways to a place then finds the ways from it.
    """
    start, end, departure, arrival = ridden[:4]
    boarding, alighting = ridden.boarding, ridden.alighting
    here, there = change.start, change.end
    same = ridden.run[1:] == ridden.run[:-1]
    following = np.full(len(start), -1, dtype=np.int64)
    if turned:
        start, end, departure, arrival = end, start, -arrival, -departure
        boarding, alighting = alighting, boarding
        here, there = there, here
        following[1:][same] = np.flatnonzero(same)
    else:
        following[:-1][same] = np.flatnonzero(same) + 1
    order = np.lexsort((np.arange(len(start)), -arrival, -departure))
    rank = np.empty(len(order) + 1, dtype=np.int32)
    rank[order] = np.arange(len(order))
    rank[-1] = -1
    still = np.isin(departure, departure[departure == arrival])
    by_stop = np.lexsort((there, here))
    net = Connections(
        start[order],
        end[order],
        departure[order],
        arrival[order],
        boarding[order],
        alighting[order],
        rank[following[order]],
        still[order],
        _offsets(here, stops),
        there[by_stop].astype(np.int32),
        whole_seconds(change.minutes[by_stop]),
        _offsets(start, stops),
    )
    return net, ridden.row[order]


def _offsets(group: np.ndarray, groups: int) -> np.ndarray:
    """Give where each group begins once its members are sorted."""
    offsets = np.zeros(groups + 1, dtype=np.int32)
    np.cumsum(np.bincount(group, minlength=groups), out=offsets[1:])
    return offsets
