"""The circles of a city, and to which city each region turns.

One-hour and two-hour circles are what planners draw around a centre: the regions that get there
within so many minutes, with their people and output. Hinterlands go the other way round, from each
region to the city that it reaches first. Both take travel times and give a frame.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd

from .._align import numeric_series, require_one_of, some
from ..errors import AlignmentError, InputError
from ._setting import joined
from ._times import Reached, Times, open_times

Direction = Literal["to", "from"]
UNREACHED = "not reached"


def city_rings(
    times: Times,
    city: Hashable | Sequence[Hashable],
    *,
    breaks: Sequence[float] = (60, 120),
    direction: Direction = "to",
    origins: Any = None,
) -> pd.DataFrame:
    """In which ring around each city every region lies.

    Parameters
    ----------
    times : DataFrame, Series or iterator of DataFrame
        As for :func:`access_from_times`.
    city : label, or a list of labels
        A destination of `times` (or an origin, with ``direction="from"``). A tuple is one label.
    breaks : sequence of float
        Outer limits of the rings [min], rising; a time that equals one is within it.
    direction : {"to", "from"}
        Whether people travel to the city or come from it.
    origins : Index or sequence, optional
        For a long table: all origins.

    Returns
    -------
    DataFrame
        By region, a column a city: ordered categories ``"up to 60 min"``, ``"60 to 120 min"``,
        ``"beyond 120 min"``, ``"not reached"``. The city itself lies in the first.

    Raises
    ------
    InputError
        Breaks are not rising and above zero, or an argument is out of range.
    AlignmentError
        A city does not stand in `times`.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.access import city_rings
    >>> times = pd.DataFrame({"x": [0, 50, 100, 500]}, index=["x", "a", "b", "c"])
    >>> city_rings(times, "x")["x"].to_dict()
    {'x': 'up to 60 min', 'a': 'up to 60 min', 'b': '60 to 120 min', 'c': 'beyond 120 min'}
    """
    limits, names = _rings(breaks)
    minutes = _minutes(times, _cities(city), direction, origins)
    kind = pd.CategoricalDtype(names, ordered=True)
    ring = {}
    for name, column in minutes.items():
        number = np.where(np.isfinite(column), np.searchsorted(limits, column), len(limits) + 1)
        ring[name] = pd.Series(np.array(names, dtype=object)[number], minutes.index, dtype=kind)
    return pd.DataFrame(ring, index=minutes.index).rename_axis(columns="city")


def city_circles(
    times: Times,
    city: Hashable | Sequence[Hashable],
    *,
    breaks: Sequence[float] = (60, 120),
    population: pd.Series | None = None,
    output: pd.Series | None = None,
    direction: Direction = "to",
    origins: Any = None,
) -> pd.DataFrame:
    """Count regions, people and output in the one-hour and two-hour circles of cities.

    Parameters
    ----------
    times, city, breaks, direction, origins
        As for :func:`city_rings`.
    population, output : Series, optional
        What is added up, by region; a missing value counts nothing and shows in ``regions`` only.

    Returns
    -------
    DataFrame
        By (`city`, `ring`): ``regions``; with `population`, ``population`` and
        ``population_share`` of all regions; with `output` the same of it; and what lies within
        the outer limit of the ring, all inner rings counted (``regions_within``,
        ``population_within``, ``output_within``; NaN beyond the last limit).

    Raises
    ------
    InputError, AlignmentError
        As for :func:`city_rings`; `population` or `output` lacks regions.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.access import city_circles
    >>> times = pd.DataFrame({"x": [0, 50, 100, 500]}, index=["x", "a", "b", "c"])
    >>> people = pd.Series({"x": 40, "a": 30, "b": 20, "c": 10})
    >>> circles = city_circles(times, "x", population=people)
    >>> circles.loc["x", ["regions", "population", "population_within"]]
                    regions  population  population_within
    ring
    up to 60 min          2        70.0               70.0
    60 to 120 min         1        20.0               90.0
    beyond 120 min        1        10.0                NaN
    not reached           0         0.0                NaN
    """
    rings = city_rings(times, city, breaks=breaks, direction=direction, origins=origins)
    amounts = {"regions": pd.Series(1, index=rings.index)}
    for name, values in (("population", population), ("output", output)):
        if values is not None:
            amounts[name] = _amount(values, rings.index, name)
    tables = {}
    for label, ring in rings.items():
        sums = pd.DataFrame(amounts).groupby(ring, observed=False).sum()
        within = sums.cumsum().add_suffix("_within").astype(float)
        within.iloc[len(breaks) :] = np.nan
        shares = (sums / sums.sum()).drop(columns="regions").add_suffix("_share")
        tables[label] = pd.concat([sums, shares, within], axis=1)
    table = pd.concat(tables, names=["city", "ring"])
    columns = [name + end for name in amounts for end in ("", "_share")]
    columns += [f"{name}_within" for name in amounts]
    return table[[column for column in columns if column in table]]


def hinterlands(
    times: Times,
    *,
    cities: Sequence[Hashable] | None = None,
    threshold: float | None = None,
    origins: Any = None,
) -> pd.DataFrame:
    """Say which city each region reaches first, and by how much.

    Parameters
    ----------
    times : DataFrame, Series or iterator of DataFrame
        As for :func:`access_from_times`.
    cities : sequence of labels, optional
        The destinations that count; all unless told.
    threshold : float, optional
        A city farther away is not reached [min].
    origins : Index or sequence, optional
        For a long table: all origins.

    Returns
    -------
    DataFrame
        By origin: ``city`` (of equal times the first by label; missing where none is reached),
        ``minutes`` (inf there), ``second``, the next city, and ``margin``, by how many minutes it
        is farther (inf where there is none). Where the margin is small the border between two
        hinterlands hangs on the speeds assumed.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`access_from_times`; a city is no destination.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.access import hinterlands
    >>> times = pd.DataFrame({"x": [10, 50], "y": [40, 45]}, index=["a", "b"])
    >>> hinterlands(times)
      city  minutes second  margin
    a    x     10.0      y    30.0
    b    y     45.0      x     5.0
    """
    if threshold is not None and not threshold > 0:
        raise InputError(f"threshold must be above zero [min], not {threshold!r}")
    destinations, _, blocks = open_times(times, origins=origins, what="cities")
    counted = np.ones(len(destinations), dtype=bool)
    if cities is not None:
        _require_in(pd.Index(cities), destinations, "destinations")
        counted = destinations.isin(pd.Index(cities))
    rank = destinations.argsort().argsort()
    parts, labels = [], []
    for block in blocks:
        near = block.keep(counted[block.column] & (block.minutes <= (threshold or np.inf)))
        order = np.lexsort((rank[near.column], near.minutes, near.row))
        row = near.row[order]
        place = np.arange(len(row)) - np.searchsorted(row, row)
        part = pd.DataFrame(
            {"city": None, "minutes": np.inf, "second": None, "other": np.inf},
            index=np.arange(len(block.origins)),
        )
        for nth, (city, time) in enumerate((("city", "minutes"), ("second", "other"))):
            at = order[place == nth]
            part.loc[near.row[at], city] = destinations[near.column[at]].astype(object)
            part.loc[near.row[at], time] = near.minutes[at]
        parts.append(part)
        labels.append(block.origins)
    found = pd.concat(parts).set_axis(joined(labels))
    with np.errstate(invalid="ignore"):
        margin = found.pop("other") - found["minutes"]
    return found.assign(margin=margin.fillna(np.inf))


def _minutes(times: Times, cities: pd.Index, direction: str, origins: Any) -> pd.DataFrame:
    """Give the minutes between each region and each city, infinite where it is not reached."""
    require_one_of(direction, ("to", "from"), "direction")
    destinations, _, blocks = open_times(times, origins=origins, what="city")
    if direction == "to":
        _require_in(cities, destinations, "destinations")
        minutes = _columns(blocks, destinations, cities)
    else:
        minutes = _rows(blocks, destinations, cities).T
        _require_in(cities, minutes.columns, "origins")
        minutes = minutes[cities]
    for city in cities.intersection(minutes.index):
        minutes.loc[city, city] = 0.0
    return minutes


def _columns(blocks: Iterator[Reached], destinations: pd.Index, cities: pd.Index) -> pd.DataFrame:
    """Take the columns of the cities out of the matrix."""
    place, parts, labels = cities.get_indexer(destinations), [], []
    for block in blocks:
        near = block.keep(place[block.column] >= 0)
        part = np.full((len(block.origins), len(cities)), np.inf)
        part[near.row, place[near.column]] = near.minutes
        parts.append(part)
        labels.append(block.origins)
    return pd.DataFrame(np.concatenate(parts), index=joined(labels), columns=cities)


def _rows(blocks: Iterator[Reached], destinations: pd.Index, cities: pd.Index) -> pd.DataFrame:
    """Take the rows of the cities out of the matrix."""
    parts, labels = [], []
    for block in blocks:
        inside = np.flatnonzero(block.origins.isin(cities))
        near = block.keep(np.isin(block.row, inside))
        part = np.full((len(inside), len(destinations)), np.inf)
        part[np.searchsorted(inside, near.row), near.column] = near.minutes
        parts.append(part)
        labels.append(block.origins[inside])
    return pd.DataFrame(np.concatenate(parts), index=joined(labels), columns=destinations)


def _cities(city: Any) -> pd.Index:
    several = isinstance(city, list | set | pd.Index | pd.Series | np.ndarray)
    cities = pd.Index(list(city) if several else [city])
    if not len(cities) or not cities.is_unique:
        raise InputError(f"city must name one city or several different ones, not {city!r}")
    return cities


def _require_in(cities: pd.Index, labels: pd.Index, what: str) -> None:
    lacking = cities[~cities.isin(labels)]
    if len(lacking):
        raise AlignmentError(
            f"{len(lacking)} cities are no {what} of times ({some(lacking)}); they have "
            f"{some(labels)}"
        )


def _rings(breaks: Sequence[float]) -> tuple[list[float], list[str]]:
    limits = [float(limit) for limit in breaks]
    rising = all(a < b for a, b in pairwise([0.0, *limits]))
    if not limits or not rising or not np.isfinite(limits).all():
        raise InputError(f"breaks must be rising minutes above zero, not {list(breaks)}")
    names = [f"up to {limits[0]:g} min"]
    names += [f"{a:g} to {b:g} min" for a, b in pairwise(limits)]
    return limits, [*names, f"beyond {limits[-1]:g} min", UNREACHED]


def _amount(values: pd.Series, regions: pd.Index, name: str) -> pd.Series:
    numbers = numeric_series(values, name)
    lacking = regions.difference(numbers.index)
    if len(lacking):
        raise AlignmentError(
            f"{name} lacks {len(lacking)} regions of times ({some(lacking)}): index both by the "
            "same labels"
        )
    return numbers.reindex(regions)
