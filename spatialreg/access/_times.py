"""Travel times as they are given: one matrix, blocks of its rows, or a long table of pairs.

Every indicator of access takes times in any of these shapes and walks over the pairs that are
reached, block by block, so that a matrix larger than memory is never held as a whole and all shapes
give the same answer. A pair without a time, or with an infinite one, is not reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from .._align import numeric_series, require_unique, some
from .._progress import each
from ..errors import AlignmentError, InputError

Times: TypeAlias = pd.DataFrame | pd.Series | Iterable[pd.DataFrame]
_LONG = ("origin", "destination", "minutes")
_CELLS = 2_000_000  # of a matrix, that are taken apart at once


@dataclass(frozen=True)
class Reached:
    """The pairs of one block that are reached.

    Attributes
    ----------
    origins : Index
        All origins of the block, also those that reach nothing.
    row, column : ndarray of int, shape (pairs,)
        Positions of the origin in `origins` and of the destination among all destinations.
    minutes : ndarray of float, shape (pairs,)
        Finite, not negative [min].
    own : ndarray of int, shape (origins,)
        The position of each origin among the destinations, -1 where it is none.
    """

    origins: pd.Index
    row: np.ndarray
    column: np.ndarray
    minutes: np.ndarray
    own: np.ndarray

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Add up a value per pair for each origin."""
        return np.bincount(self.row, weights=values, minlength=len(self.origins))

    def keep(self, pairs: np.ndarray) -> Reached:
        """Give the block with these pairs only."""
        return Reached(
            self.origins, self.row[pairs], self.column[pairs], self.minutes[pairs], self.own
        )


class Opened(NamedTuple):
    """Times as they are read: all destinations, whether as pairs, and what is reached by block."""

    destinations: pd.Index
    long: bool
    blocks: Iterator[Reached]


def open_times(
    times: Times,
    *,
    destinations: pd.Index | None = None,
    origins: Any = None,
    what: str = "opportunities",
) -> Opened:
    """Read times in any shape.

    `destinations` are those that an argument called `what` knows; None takes those of the times.
    `origins` names all origins of a long table, in which one that reaches nothing has no row.
    """
    first, frames = _frames(times)
    long = is_long(first)
    if origins is not None and not long:
        raise InputError(
            "origins= is not used by a matrix, whose rows are the origins: leave it out, or pass a "
            f"long table with the columns {some(_LONG)}"
        )
    if destinations is None:
        if long and not isinstance(times, pd.DataFrame | pd.Series):
            raise InputError(
                f"blocks of a long table do not say what all destinations are: pass {what}="
            )
        found = first["destination"].unique() if long else first.columns
        destinations = pd.Index(found).rename(None)
        if long:
            destinations = destinations.sort_values()
    wanted = None if origins is None else pd.Index(origins)
    if wanted is not None:
        require_unique(wanted, "origins")
    return Opened(destinations, long, _blocks(frames, destinations, wanted, long, what))


def is_long(frame: pd.DataFrame) -> bool:
    """Say whether a table has a row for each pair, and not one for each origin."""
    return set(_LONG) <= set(frame.columns)


def pair_names(block: Reached, destinations: pd.Index, at: np.ndarray) -> str:
    """Write some pairs of a block: ``a to b (30 min)``."""
    return some(
        f"{block.origins[block.row[i]]} to {destinations[block.column[i]]} "
        f"({block.minutes[i]:g} min)"
        for i in np.asarray(at)
    )


def with_own_times(block: Reached, destinations: pd.Index, own: str | pd.Series) -> Reached:
    """Treat the pairs of a place with itself: keep them, leave them out, or set their times."""
    if isinstance(own, str) and own == "given":
        return block
    others = block.keep(block.column != block.own[block.row])
    if isinstance(own, str):
        return others
    inside = np.flatnonzero(block.own >= 0)
    labels = block.origins[inside]
    lacking = labels.difference(own.index)
    if len(lacking):
        raise AlignmentError(
            f"own lacks the internal time of {len(lacking)} places that are origins and "
            f"destinations ({some(lacking)}): index it by the same labels"
        )
    minutes = own.loc[labels].to_numpy()
    bad = labels[~(minutes >= 0)]
    if len(bad):
        raise InputError(
            f"own must hold times of zero or more [min]; {len(bad)} do not, at {some(bad)}"
        )
    column = destinations.get_indexer(labels)
    return Reached(
        block.origins,
        np.concatenate([others.row, inside]),
        np.concatenate([others.column, column]),
        np.concatenate([others.minutes, minutes]),
        block.own,
    )


def internal_times(area: pd.Series, *, speed: float, radius_share: float = 0.5) -> pd.Series:
    """Time inside a region, from its size: a share of the radius of the circle of its area.

    Parameters
    ----------
    area : Series
        Area by region [km2].
    speed : float
        Speed inside the region [km/h].
    radius_share : float
        The share of the radius that an inner trip takes: a half after Rich (1980); Keeble, Owens
        and Thompson (1982) took a third. The mean way from the middle of a circle to all its
        points is two thirds.

    Returns
    -------
    Series
        ``minutes`` [min] on the index of `area`; NaN where the area is missing.

    Raises
    ------
    InputError
        An area, the speed or the share is not above zero.

    Notes
    -----
    How much of a potential is a region's own hangs on this choice, most of all for large cities
    (Frost and Spence 1995): compute it with two shares before a ranking is believed.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.access import internal_times
    >>> internal_times(pd.Series({"a": 314.159265}), speed=30).round(3).to_dict()  # radius 10 km
    {'a': 10.0}
    """
    size = numeric_series(area, "area")
    bad = size.index[size <= 0]
    if len(bad):
        raise InputError(f"area must be above zero [km2]; {len(bad)} are not, at {some(bad)}")
    for name, value in (("speed", speed), ("radius_share", radius_share)):
        if not (np.isfinite(value) and value > 0):
            raise InputError(f"{name} must be above zero and finite, not {value!r}")
    return (radius_share * np.sqrt(size / np.pi) / speed * 60).rename("minutes")


def _frames(times: Any) -> tuple[pd.DataFrame, Iterator[pd.DataFrame]]:
    """Give the first table and all of them, the first included."""
    if isinstance(times, pd.Series) and times.index.nlevels == 2:
        names = list(_LONG)
        times = times.rename_axis(names[:2]).rename(names[2]).reset_index()
    if isinstance(times, pd.DataFrame):
        return times, iter([times])
    if isinstance(times, pd.Series | str | np.ndarray) or not isinstance(times, Iterable):
        raise InputError(
            "times must be a DataFrame (origins by destinations), a long table with the columns "
            f"{some(_LONG)}, or an iterator of such blocks, not {type(times).__name__}"
        )
    frames = each(iter(times), "travel times")
    first = next(frames, None)
    if not isinstance(first, pd.DataFrame):
        given = "nothing" if first is None else type(first).__name__
        raise InputError(f"times must give blocks as DataFrames, and gave {given}")
    return first, chain([first], frames)


def _blocks(
    frames: Iterator[pd.DataFrame],
    destinations: pd.Index,
    origins: pd.Index | None,
    long: bool,
    what: str,
) -> Iterator[Reached]:
    seen = pd.Index([])
    for frame in frames:
        if is_long(frame) != long:
            raise InputError("blocks of times must all be matrices, or all be long tables")
        parts = _of_long(frame, destinations, what) if long else _of_wide(frame, destinations, what)
        for block in parts:
            twice = block.origins.intersection(seen)
            if len(twice) or not block.origins.is_unique:
                twice = twice.union(block.origins[block.origins.duplicated()])
                raise AlignmentError(
                    f"{len(twice)} origins stand in times more than once ({some(twice)}): give "
                    "each in one row, or all its pairs in one block"
                )
            unknown = block.origins.difference(origins if origins is not None else block.origins)
            if len(unknown):
                raise AlignmentError(
                    f"origins lacks {len(unknown)} origins that stand in times ({some(unknown)})"
                )
            seen = seen.append(block.origins) if len(seen) else block.origins
            yield block
    if origins is not None:
        silent = origins[~origins.isin(seen)]
        none = np.empty(0, dtype=np.intp)
        yield Reached(silent, none, none, np.empty(0), destinations.get_indexer(silent))


def _of_wide(frame: pd.DataFrame, destinations: pd.Index, what: str) -> Iterator[Reached]:
    """Take a matrix apart, so many rows at once that no array of pairs grows large."""
    require_unique(frame.columns, "times, in its columns,")
    place = destinations.get_indexer(frame.columns)
    _require_known(frame.columns[place < 0], what)
    lacking = destinations.difference(frame.columns)
    if len(lacking):
        raise AlignmentError(
            f"times has no column for {len(lacking)} labels of {what} ({some(lacking)}): pass "
            f"{what}.loc[times.columns], or a column of inf for what cannot be reached"
        )
    try:
        values = frame.to_numpy(dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"times must be numeric [min]: {error}. A long table needs the columns {some(_LONG)}"
        ) from error
    step = max(1, _CELLS // max(frame.shape[1], 1))
    for start in range(0, len(frame), step):
        part = values[start : start + step]
        reached = np.isfinite(part)
        row, column = np.nonzero(reached)
        labels = frame.index[start : start + step]
        yield _checked(labels, row, place[column], part[reached], destinations)


def _of_long(frame: pd.DataFrame, destinations: pd.Index, what: str) -> Iterator[Reached]:
    try:
        minutes = frame["minutes"].to_numpy(dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(f"column 'minutes' of times must be numeric: {error}") from error
    for name in _LONG[:2]:
        blank = frame.index[frame[name].isna()]
        if len(blank):
            raise InputError(f"{len(blank)} rows of times have no {name}, at {some(blank)}")
    column = destinations.get_indexer(pd.Index(frame["destination"]))
    _require_known(pd.Index(frame["destination"])[column < 0].unique(), what)
    row, labels = pd.factorize(frame["origin"])
    key = row.astype(np.int64) * len(destinations) + column
    twice = pd.Series(key).duplicated().to_numpy()
    if twice.any():
        pairs = frame.loc[twice, list(_LONG[:2])].head(5)
        names = (f"{a} to {b}" for a, b in pairs.itertuples(index=False))
        raise AlignmentError(
            f"{int(twice.sum())} pairs stand in times more than once ({some(names)}): keep one row "
            "a pair, for example times.groupby(['origin', 'destination'], as_index=False).min()"
        )
    reached = np.isfinite(minutes)
    yield _checked(pd.Index(labels), row[reached], column[reached], minutes[reached], destinations)


def _checked(
    origins: pd.Index,
    row: np.ndarray,
    column: np.ndarray,
    minutes: np.ndarray,
    destinations: pd.Index,
) -> Reached:
    block = Reached(origins, row, column, minutes, destinations.get_indexer(origins))
    negative = np.flatnonzero(minutes < 0)
    if len(negative):
        raise InputError(
            f"{len(negative)} times are negative ({pair_names(block, destinations, negative)}): "
            "write inf, or nothing, for what is not reached"
        )
    return block


def _require_known(unknown: pd.Index, what: str) -> None:
    if len(unknown):
        raise AlignmentError(
            f"{what} lacks {len(unknown)} destinations of times ({some(unknown)}): index both by "
            "the same labels (text and number are not the same)"
        )
