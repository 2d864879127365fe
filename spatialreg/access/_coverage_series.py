"""Coverage on several dates: a search for each, on what stood and was open by then."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd

from .._dates import DateLike, last_day
from .._progress import each
from .._results import CoverageResult, CoverageSeries
from ..errors import InputError
from ..transport import Connectors, Network
from ._coverage_question import asked_coverage
from ._coverage_summary import answered, membership, open_on
from ._facilities import check_precision

_VALUE = ("share", "minutes", "distance_m", "facilities")  # the first that a frame has


def coverage_series(
    regions: gpd.GeoDataFrame,
    facilities: pd.DataFrame,
    *,
    dates: Iterable[DateLike],
    definition: str = "inside",
    network: Network | None = None,
    connectors: Connectors | None = None,
    seats: gpd.GeoDataFrame | None = None,
    settlements: gpd.GeoDataFrame | None = None,
    threshold: float | None = None,
    min_share: float | None = None,
    population: pd.Series | None = None,
    scheme: str | None = None,
) -> CoverageSeries:
    """Say which regions are reached on each of several dates.

    Over a network that opens and closes lines, every date takes a search of its own. Facilities
    that are placed too coarsely are left out on all dates.

    Parameters
    ----------
    regions, facilities, definition, network, connectors, seats, settlements, threshold, min_share
        As in :func:`coverage`.
    dates : iterable of date, str or int
        A year means its last day.
    population, scheme
        As in :func:`coverage`; the same people on all dates, so that what changes is access.

    Returns
    -------
    CoverageSeries
        :func:`coverage_by_date` and :func:`newly_covered` read it as they read a result.

    Raises
    ------
    InputError, PrecisionError, AlignmentError
        As in :func:`coverage`; there are no dates, or one stands twice.

    Warns
    -----
    PrecisionWarning
        As in :func:`coverage`, once.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> from shapely import box
    >>> regions = gpd.GeoDataFrame(
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], index=["a", "b"], crs=4326)
    >>> towns = gpd.GeoDataFrame(
    ...     geometry=gpd.points_from_xy([0.5, 1.5], [0.5, 0.5]), index=["a", "b"], crs=4326)
    >>> road = pd.DataFrame(
    ...     {"start": ["a"], "end": ["b"], "minutes": [40.0], "opened": ["2015-01-01"]})
    >>> network = sr.Network.from_frames(towns, road)
    >>> found = sr.access.coverage_series(regions, towns.loc[["a"]], dates=[2010, 2020],
    ...     definition="seat_time", seats=towns, network=network, threshold=60)
    >>> found.by_date["covered"].tolist(), found.by_date["added"].tolist()
    ([1, 2], [1, 1])
    """
    days = [last_day(date) for date in dates]
    if not days or len(set(days)) < len(days):
        raise InputError(f"dates must be one or more different days, not {list(map(str, days))}")
    days.sort()
    question = asked_coverage(
        regions, facilities, definition=definition, network=network, connectors=connectors,
        seats=seats, settlements=settlements, threshold=threshold, min_share=min_share,
        dated=True,
    )  # fmt: skip
    if question.of_what:
        counted = open_on(question, days[-1])
        check_precision(counted, question.limit_metres, question.limit_words, stacklevel=3)
    members = membership(regions, scheme)
    results = [
        answered(question, day, population, members)
        for day in each(days, f"coverage, {definition}", total=len(days))
    ]
    covered = pd.DataFrame(
        {day: result.frame["covered"] for day, result in zip(days, results, strict=True)},
        index=regions.index,
    ).rename_axis(columns="date")
    value = next(column for column in _VALUE if column in results[-1].frame.columns)
    values = pd.DataFrame(
        {day: result.frame[value] for day, result in zip(days, results, strict=True)},
        index=regions.index,
    ).rename_axis(columns="date")
    groups = {day: result.by_scheme for day, result in zip(days, results, strict=True)}
    return CoverageSeries(
        definition=definition,
        words=results[-1].words,
        total=len(regions),
        by_date=_by_date(covered, results),
        by_scheme=pd.concat(groups, names=["date"]) if scheme else results[-1].by_scheme,
        covered=covered,
        values=values,
        frame=results[-1].frame.assign(since=_since(results[-1], covered)),
    )


def _by_date(covered: pd.DataFrame, results: list[CoverageResult]) -> pd.DataFrame:
    now = covered.to_numpy(dtype=bool)
    before = np.column_stack([np.zeros(len(now), dtype=bool), now[:, :-1]])
    return pd.DataFrame(
        {
            "covered": now.sum(axis=0),
            "share": now.mean(axis=0) if len(now) else np.nan,
            "added": (now & ~before).sum(axis=0),
            "lost": (before & ~now).sum(axis=0),
            "population_share": [result.population_share for result in results],
            "reached_share": [result.reached_share for result in results],
        },
        index=covered.columns,
    )


def _since(last: CoverageResult, covered: pd.DataFrame) -> pd.Series:
    """Give the exact first day where it is known, else the first date of the last spell."""
    now = covered.to_numpy(dtype=bool)
    spell = np.logical_and.accumulate(now[:, ::-1], axis=1)[:, ::-1]
    first = pd.Series(covered.columns[spell.argmax(axis=1)], index=covered.index)
    return last.frame["since"].fillna(first).where(last.frame["covered"])
