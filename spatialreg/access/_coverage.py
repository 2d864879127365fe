"""Coverage: which regions a network or its facilities reach, by a stated definition.

Takes regions and facilities (stations, listed places, lines), gives a
:class:`~spatialreg._results.CoverageResult` whose words say what was counted, on what date, from
lines of what nature and points of what precision. A point is never used for a question finer than
its precision.
"""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd

from .._align import numeric_series, require_columns, require_one_of, require_unique, some
from .._dates import DateLike, last_day
from .._nearby import pairs_within
from .._results import CoverageResult
from ..errors import (
    AlignmentError,
    CRSError,
    GeometryError,
    InputError,
    PrecisionError,
    PrecisionWarning,
)
from ..regions import assign_scheme, read_scheme

DEFINITIONS = {
    "inside": "a facility stands inside the region",
    "listed": "the region is listed as a place that the network serves",
    "crosses": "a line of the network crosses the region",
    "seat_distance": "a facility lies within the threshold of the region's seat",
}


def coverage(
    regions: gpd.GeoDataFrame,
    facilities: pd.DataFrame,
    *,
    definition: str = "inside",
    seats: gpd.GeoDataFrame | None = None,
    threshold: float | None = None,
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
        Points (``"inside"``, ``"seat_distance"``), places with a column ``county``
        (``"listed"``), or lines (``"crosses"``). Optional columns: ``opened`` (a facility counts
        from that day on), ``county`` (the region in which it is stated to stand, which goes before
        its point), ``precision_m``, ``nature``.
    definition : {"inside", "listed", "crosses", "seat_distance"}
        ``"inside"``: a facility stands inside the region. ``"listed"``: the region is listed as
        a place that the network serves, a lower bound of what it reaches. ``"crosses"``: a line
        crosses the region; refused on schematic lines. ``"seat_distance"``: a facility lies
        within `threshold` of the region's seat, by geodesic distance.
    seats : GeoDataFrame
        A point per region, indexed by code; for ``"seat_distance"`` only.
    threshold : float
        Metres; for ``"seat_distance"`` only.
    population : Series
        People per region, NaN where unknown (these are left out, and ``words`` counts the others);
        gives ``population_share``.
    date : date, str or int
        Facilities opened by the end of this day; a year means its last day. None: all.
    scheme : str
        A region scheme, or a column of `regions`; gives ``by_scheme``.

    Returns
    -------
    CoverageResult
        ``.frame`` on the regions' index: ``covered`` (bool), ``since`` (first date, NaT where
        unknown), ``facilities`` (their number), and for ``"seat_distance"`` ``distance_m`` [m].

    Raises
    ------
    InputError
        An argument is missing, or given to a definition that does not use it.
    PrecisionError
        The lines are schematic, or every point is placed less precisely than `threshold`.
    AlignmentError
        A stated region is not among `regions`, or a seat is missing.

    Warns
    -----
    PrecisionWarning
        Points were left out because they are placed less precisely than `threshold`.

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
    """
    require_one_of(definition, list(DEFINITIONS), "definition")
    require_unique(regions.index, "regions")
    _check_arguments(definition, seats, threshold)
    day = None if date is None else last_day(date)
    facilities = _open_by(facilities, day)
    if definition == "listed":
        require_columns(facilities, ["county"], "facilities")
        pairs = _stated_pairs(regions, facilities)
        remark = "a lower bound: places between those listed are served too"
    elif definition == "inside":
        pairs, remark = _inside_pairs(regions, facilities)
    elif definition == "crosses":
        pairs, remark = _crossing_pairs(regions, facilities)
    else:
        pairs, remark = _near_pairs(regions, facilities, seats, threshold)
    frame = _summarise(regions.index, pairs)
    words = [DEFINITIONS[definition]]
    if threshold is not None:
        words[0] = words[0].replace("the threshold", f"{threshold / 1000:g} km")
    words.append(f"open by {day:%Y-%m-%d}" if day is not None else "whatever its date")
    words.append(f"{len(facilities)} facilities")
    if remark:
        words.append(remark)
    if population is not None:
        known = int(population.reindex(frame.index).notna().sum())
        if known < len(frame):
            words.append(f"people are known in {known:,} of {len(frame):,} regions")
    share = frame["covered"].mean() if len(frame) else float("nan")
    return CoverageResult(
        definition=definition,
        words="; ".join(words),
        date=None if day is None else f"{day:%Y-%m-%d}",
        covered=int(frame["covered"].sum()),
        total=len(frame),
        share=float(share),
        population_share=_population_share(frame["covered"], population),
        by_scheme=_by_scheme(regions, frame["covered"], population, scheme),
        frame=frame,
    )


def _check_arguments(
    definition: str, seats: gpd.GeoDataFrame | None, threshold: float | None
) -> None:
    given = {"seats": seats is not None, "threshold": threshold is not None}
    for name, present in given.items():
        if definition != "seat_distance" and present:
            raise InputError(f"definition {definition!r} does not use {name}=: leave it out")
    if threshold is not None and not threshold > 0:
        raise InputError(f"threshold must be a positive number of metres, not {threshold!r}")


def _open_by(facilities: pd.DataFrame, day: pd.Timestamp | None) -> pd.DataFrame:
    """Keep the facilities open by `day`, with a datetime column ``opened`` (NaT if unknown)."""
    facilities = facilities.copy()
    if "opened" not in facilities.columns:
        if day is not None:
            raise InputError("date= needs a column 'opened' in facilities")
        facilities["opened"] = pd.NaT
    facilities["opened"] = pd.to_datetime(facilities["opened"])
    if day is None:
        return facilities
    undated = facilities.index[facilities["opened"].isna()]
    if len(undated):
        raise InputError(
            f"{len(undated)} facilities have no opening date ({some(undated)}): "
            "date them, leave them out, or ask without date="
        )
    return facilities[facilities["opened"] <= day]


def _stated_pairs(regions: gpd.GeoDataFrame, facilities: pd.DataFrame) -> pd.DataFrame:
    """Pair facilities with the region that they are stated to stand in.

    A county's code also places a facility in its prefecture and province, whose adcodes share its
    first four and two digits.
    """
    stated = facilities["county"].astype(str)
    region = stated.where(stated.isin(regions.index))
    for digits in (4, 2):
        upper = stated.str[:digits].str.ljust(6, "0")
        region = region.fillna(upper.where(upper.isin(regions.index) & (stated.str.len() == 6)))
    lost = facilities.index[region.isna()]
    if len(lost):
        raise AlignmentError(
            f"{len(lost)} facilities are stated to stand in regions that are not on the map "
            f"({some(stated[region.isna()])}): use regions of the same vintage that hold them, or "
            "leave these facilities out"
        )
    return pd.DataFrame({"region": region, "opened": facilities["opened"]})


def _require_points(facilities: pd.DataFrame, crs: object) -> gpd.GeoDataFrame:
    if not isinstance(facilities, gpd.GeoDataFrame):
        raise GeometryError("facilities must be a GeoDataFrame of points for this definition")
    if facilities.crs is None or facilities.crs != crs:
        raise CRSError(
            f"facilities are in {facilities.crs} and regions in {crs}: "
            "bring both to one CRS with to_crs()"
        )
    wrong = facilities.index[facilities.geom_type != "Point"]
    if len(wrong):
        raise GeometryError(f"{len(wrong)} facilities are no points, at {some(wrong)}")
    return facilities


def _inside_pairs(regions: gpd.GeoDataFrame, facilities: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    if "county" in facilities.columns and facilities["county"].notna().all():
        return _stated_pairs(regions, facilities), "by the county that each is stated to stand in"
    points = _require_points(facilities, regions.crs)
    at, region = regions.sindex.query(points.geometry, predicate="intersects")
    pairs = pd.DataFrame(
        {"region": regions.index[region], "opened": points["opened"].to_numpy()[at]}
    )
    outside = len(points) - len(np.unique(at))
    remark = "by point in polygon"
    if "precision_m" in points.columns and len(points):
        remark += f", points placed to {points['precision_m'].max():g} m or better"
    return pairs, remark + (f"; {outside} stand in no region" if outside else "")


def _crossing_pairs(
    regions: gpd.GeoDataFrame, facilities: pd.DataFrame
) -> tuple[pd.DataFrame, str]:
    if not isinstance(facilities, gpd.GeoDataFrame) or facilities.crs != regions.crs:
        raise CRSError("definition 'crosses' needs lines in the CRS of the regions")
    if "nature" in facilities.columns and (facilities["nature"] == "schematic").any():
        count = int((facilities["nature"] == "schematic").sum())
        raise PrecisionError(
            f"{count} lines are schematic: they join places and do not follow the track, so what "
            "they cross means nothing; use definition 'listed', or a surveyed network"
        )
    at, region = regions.sindex.query(facilities.geometry, predicate="intersects")
    opened = facilities["opened"].to_numpy()[at]
    return pd.DataFrame({"region": regions.index[region], "opened": opened}), ""


def _near_pairs(
    regions: gpd.GeoDataFrame,
    facilities: pd.DataFrame,
    seats: gpd.GeoDataFrame | None,
    threshold: float | None,
) -> tuple[pd.DataFrame, str]:
    if seats is None or threshold is None:
        raise InputError("definition 'seat_distance' needs seats= (points) and threshold= (metres)")
    points = _require_points(facilities, seats.crs).to_crs(4326)
    missing = regions.index.difference(seats.index)
    if len(missing):
        raise AlignmentError(f"{len(missing)} regions have no seat ({some(missing)})")
    refused = 0
    if "precision_m" in points.columns:
        coarse = points["precision_m"] > threshold
        refused = int(coarse.sum())
        if refused and refused == len(points):
            raise PrecisionError(
                f"all {refused} facilities are placed less precisely than the threshold of "
                f"{threshold:g} m: ask for a wider one, or use definition 'inside'"
            )
        if refused:
            warnings.warn(
                f"{refused} of {len(points)} facilities are placed less precisely than "
                f"{threshold:g} m and are left out ({some(points.index[coarse])})",
                PrecisionWarning,
                stacklevel=3,
            )
        points = points[~coarse]
    at = seats.loc[regions.index].to_crs(4326).geometry
    seat, point, metres = pairs_within(at, points.geometry, threshold)
    pairs = pd.DataFrame(
        {
            "region": regions.index[seat],
            "opened": points["opened"].to_numpy()[point],
            "distance_m": metres,
        }
    )
    remark = f"{refused} facilities too coarsely placed left out" if refused else ""
    if "precision_m" in points.columns and len(points):
        placed = f"points placed to {points['precision_m'].max():g} m or better"
        remark = f"{placed}; {remark}" if remark else placed
    return pairs, remark


def _summarise(index: pd.Index, pairs: pd.DataFrame) -> pd.DataFrame:
    grouped = pairs.groupby("region", observed=True)
    count = grouped.size().reindex(index, fill_value=0)
    frame = pd.DataFrame({"covered": count > 0, "facilities": count}, index=index)
    frame["since"] = pd.to_datetime(grouped["opened"].min().reindex(index))
    if "distance_m" in pairs.columns:
        frame["distance_m"] = grouped["distance_m"].min().reindex(index)
    return frame


def _population_share(covered: pd.Series, population: pd.Series | None) -> float:
    if population is None:
        return float("nan")
    people = numeric_series(population, "population")
    missing = covered.index.difference(people.index)
    if len(missing):
        raise AlignmentError(f"population lacks {len(missing)} regions ({some(missing)})")
    people = people.loc[covered.index]
    return float(people[covered].sum() / people.sum())


def _by_scheme(
    regions: gpd.GeoDataFrame,
    covered: pd.Series,
    population: pd.Series | None,
    scheme: str | None,
) -> pd.DataFrame:
    """Count by group; groups of an overlapping scheme count a region in each of theirs."""
    columns = ["covered", "total", "share", "population_share"]
    if scheme is None:
        return pd.DataFrame(columns=columns)
    if scheme in regions.columns:
        member = pd.get_dummies(regions[scheme]).astype(bool)
    else:
        assigned = assign_scheme(regions, scheme)
        name = read_scheme(scheme).name
        member = (
            pd.get_dummies(assigned[name]).astype(bool) if name in assigned.columns else assigned
        )
    rows = {}
    for group in member.columns:
        inside = covered[member[group]]
        rows[group] = [
            int(inside.sum()),
            len(inside),
            float(inside.mean()) if len(inside) else float("nan"),
            _population_share(inside, population),
        ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("group")
