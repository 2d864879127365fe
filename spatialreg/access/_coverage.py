"""Coverage: which regions a network or its facilities reach, by a stated definition.

Takes regions and facilities (stations, listed places, lines), gives a
:class:`~spatialreg._results.CoverageResult` whose words say what was counted, on what date, from
lines of what nature and points of what precision. A point is never used for a question finer than
its precision.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from .._dates import DateLike, last_day
from .._results import CoverageResult
from ..transport import Connectors, Network
from ._coverage_question import DEFINITIONS, asked_coverage
from ._coverage_summary import answered, membership, open_on
from ._facilities import check_precision

__all__ = ["DEFINITIONS", "coverage"]


def coverage(
    regions: gpd.GeoDataFrame,
    facilities: pd.DataFrame,
    *,
    definition: str = "inside",
    network: Network | None = None,
    connectors: Connectors | None = None,
    seats: gpd.GeoDataFrame | None = None,
    settlements: gpd.GeoDataFrame | None = None,
    threshold: float | None = None,
    min_share: float | None = None,
    population: pd.Series | None = None,
    date: DateLike | None = None,
    scheme: str | None = None,
) -> CoverageResult:
    """Say which regions are reached, by a stated definition and date.

    Parameters
    ----------
    regions : GeoDataFrame
        One row a region, indexed by code.
    facilities : GeoDataFrame or DataFrame
        Points, places with a column ``county`` (``"listed"``), or lines (``"crosses"``). Optional
        columns: ``opened``, ``closed`` (a facility counts from the one day on, and no longer from
        the other), ``county`` (the region in which it is stated to stand, which goes before its
        point), ``precision_m``, ``nature``.
    definition : str
        Of the region as a whole: ``"inside"`` (a facility stands inside), ``"listed"`` (it is
        listed as a place that the network serves, a lower bound of what it reaches),
        ``"crosses"`` (a line crosses it; refused on schematic lines). Of its seat:
        ``"seat_distance"`` (a facility lies within `threshold`, by geodesic distance),
        ``"seat_time"`` (a facility is reached within `threshold` over the network). By the share
        that is within `threshold`: ``"population_distance"``, ``"population_time"``,
        ``"settlements_distance"``, ``"settlements_time"``, ``"area_distance"``, ``"area_time"``;
        a region counts as covered where the share is at least `min_share`.
    network : Network
        For times only. Times are those to the facility; on a schematic network they are allowed,
        and the words say so.
    connectors : Connectors
        How seats, settlements and facilities are joined to the network; for times only.
        ``Connectors()`` by default; for ``"area_time"`` that of :func:`isochrones`.
    seats : GeoDataFrame
        A point per region, indexed by code; for the seat's definitions only. Every region is to
        have an answer, so that seats with a ``precision_m`` above the threshold are kept, and the
        words count them; so for settlements.
    settlements : GeoDataFrame
        Points, with a column ``people`` where shares of people are asked for; each counts for the
        region that holds it (or that its column ``county`` states).
    threshold : float
        Metres for distances, minutes for times.
    min_share : float
        From which share on a region counts; 0.5 by default.
    population : Series
        People per region, NaN where unknown (these are left out, and ``words`` counts the others);
        gives ``population_share``.
    date : date, str or int
        Facilities and network as they were at the end of this day; a year means its last day.
        None: all.
    scheme : str
        A region scheme, or a column of `regions`; gives ``by_scheme``.

    Returns
    -------
    CoverageResult
        ``.frame`` on the regions' index: ``covered`` (bool) and ``since`` (first date, NaT where
        unknown); ``facilities`` (their number) and ``distance_m`` [m] where pairs are counted,
        ``minutes`` [min] for ``"seat_time"``; for shares ``share``, ``reached`` and ``out_of``
        (people, settlements or km2), and the share of all together in ``.reached_share``. Over a
        network, and for areas, ``since`` takes an answer per date: :func:`coverage_series`.

    Raises
    ------
    InputError
        An argument is missing, or given to a definition that does not use it.
    PrecisionError
        The lines are schematic, or every point is placed less precisely than `threshold` (in
        minutes: than the way off the network that it leaves time for).
    AlignmentError
        A stated region is not among `regions`, or a seat is missing.

    Warns
    -----
    PrecisionWarning
        Points were left out because they are placed less precisely than `threshold`.

    See Also
    --------
    coverage_series : The same at several dates.
    compare_coverage : Several definitions side by side.

    Examples
    --------
    >>> import geopandas as gpd, spatialreg as sr
    >>> from shapely import box, Point
    >>> regions = gpd.GeoDataFrame(
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], index=["a", "b"], crs=4326)
    >>> stations = gpd.GeoDataFrame(
    ...     {"opened": ["2010-06-01", "2015-01-01"]},
    ...     geometry=[Point(0.5, 0.5), Point(1.5, 0.5)], crs=4326)
    >>> sr.coverage(regions, stations, date=2012).frame["covered"].to_dict()
    {'a': True, 'b': False}
    >>> towns = gpd.GeoDataFrame({"people": [3.0, 1.0]},
    ...     geometry=[Point(0.5, 0.6), Point(1.2, 0.6)], crs=4326)
    >>> near = sr.coverage(regions, stations, definition="population_distance",
    ...     settlements=towns, threshold=20_000)
    >>> near.frame["covered"].to_dict(), near.reached_share
    ({'a': True, 'b': False}, 0.75)
    """
    day = None if date is None else last_day(date)
    question = asked_coverage(
        regions, facilities, definition=definition, network=network, connectors=connectors,
        seats=seats, settlements=settlements, threshold=threshold, min_share=min_share,
        dated=day is not None,
    )  # fmt: skip
    if question.of_what:
        opened = open_on(question, day)
        check_precision(opened, question.limit_metres, question.limit_words, stacklevel=3)
    return answered(question, day, population, membership(regions, scheme))
