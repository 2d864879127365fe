"""Network density: how long the network is in each region, per area and per head.

Lines are cut at the borders exactly and measured geodesically. What runs along a border is shared
in equal parts by the regions that meet there, so that the regions of a partition add up to the
whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._align import require_columns, require_one_of, require_unique, some
from .._crs import equal_area_crs
from .._dates import DateLike, last_day
from .._nearby import WGS84
from ..errors import CRSError, GeometryError, InputError, PrecisionError
from ..transport import Network
from ._coverage_summary import membership
from ._people import people_of

_PER = ("area", "population")


def network_density(
    network: Network | gpd.GeoDataFrame,
    regions: gpd.GeoDataFrame,
    *,
    per: str = "area",
    population: pd.Series | None = None,
    modes: Iterable[str] | None = None,
    classes: Iterable[str] | None = None,
    date: DateLike | None = None,
    scheme: str | None = None,
) -> pd.DataFrame:
    """Measure the length of a network in each region, per 100 km2 or per 10,000 people.

    Parameters
    ----------
    network : Network or GeoDataFrame
        A network, or lines with the columns ``mode``, ``class``, ``opened``, ``closed``,
        ``nature`` as far as they are used. Each edge counts once, whatever its directions: a
        road drawn as two carriageways counts twice.
    regions : GeoDataFrame
        Polygons, indexed by code.
    per : {"area", "population"}
    population : Series
        People per region, NaN where unknown; for ``per="population"`` only.
    modes, classes : iterable of str
        Only edges of these modes, and of these classes.
    date : date, str or int
        The network as it stood at the end of this day.
    scheme : str
        A region scheme, or a column of `regions`: a row a group instead of a region. A group's
        people are those of its regions that have a number, and its length is that of the same.

    Returns
    -------
    DataFrame
        By region (or group): ``length_km`` [km], and ``area_km2`` [km2] with ``km_per_100_km2``, or
        ``people`` with ``km_per_10000_people``.

    Raises
    ------
    PrecisionError
        Lines are schematic, or an edge of the network is not drawn.
    InputError
        A column, mode or class is not there; `population` does not fit `per`.
    AlignmentError
        Regions have no population.
    CRSError, GeometryError
        There is no CRS, or there are shapes that are no lines or no polygons.

    Notes
    -----
    The length of a part of a straight segment is its share of the segment's geodesic length.

    Examples
    --------
    >>> import geopandas as gpd, spatialreg as sr
    >>> from shapely import LineString, box
    >>> regions = gpd.GeoDataFrame(
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], index=["a", "b"], crs=4326)
    >>> roads = gpd.GeoDataFrame(geometry=[LineString([(0.5, 0.5), (1.25, 0.5)])], crs=4326)
    >>> sr.access.network_density(roads, regions)["length_km"].round(2).to_dict()
    {'a': 55.66, 'b': 27.83}
    """
    require_one_of(per, _PER, "per")
    require_unique(regions.index, "regions")
    if (per == "population") != (population is not None):
        raise InputError(
            "per='population' needs population= (people by region)"
            if population is None
            else "per='area' does not use population=: leave it out, or ask per='population'"
        )
    lines = _drawn_lines(network, modes, classes, date)
    shapes = _polygons(regions)
    table = pd.DataFrame({"length_km": _lengths(lines, shapes) / 1000}, index=regions.index)
    if population is not None:
        table["people"] = people_of(population, regions.index)
    else:
        table["area_km2"] = regions.geometry.to_crs(equal_area_crs(regions)).area / 1e6
    members = membership(regions, scheme)
    if members is not None:
        known = table.dropna()
        inside = members.loc[known.index].to_numpy(dtype=float)
        table = pd.DataFrame(
            inside.T @ known.to_numpy(), index=members.columns, columns=table.columns
        ).rename_axis("group")
    column, by, unit = (
        ("km_per_100_km2", "area_km2", 100.0)
        if per == "area"
        else ("km_per_10000_people", "people", 10_000.0)
    )
    table[column] = table["length_km"] / table[by].where(table[by] > 0) * unit
    return table


def _drawn_lines(
    network: Network | gpd.GeoDataFrame,
    modes: Iterable[str] | None,
    classes: Iterable[str] | None,
    date: DateLike | None,
) -> np.ndarray:
    """Give the lines that count, in EPSG:4326, or raise where they do not follow the track."""
    lines = network.edges if isinstance(network, Network) else network
    if not isinstance(lines, gpd.GeoDataFrame):
        raise GeometryError("network must be a Network, or a GeoDataFrame of lines")
    if lines.crs is None:
        raise CRSError("the lines have no CRS: declare it with set_crs()")
    for column, wanted in (("mode", modes), ("class", classes)):
        if wanted is not None:
            lines = _only(lines, column, wanted)
    if date is not None:
        if isinstance(network, Network):
            lines = lines[lines.index.isin(network.at(date).edges.index)]
        else:
            require_columns(lines, ["opened"], "the lines")
            lines = _standing(lines, date)
    if "nature" in lines.columns:
        vague = lines.index[lines["nature"] == "schematic"]
        if len(vague):
            raise PrecisionError(
                f"{len(vague)} lines are schematic ({some(vague)}): they join places and do not "
                "follow the track, so that neither their length nor where they run is known; use "
                "published lengths, or a surveyed network (read_osm)"
            )
    bare = lines.index[lines.geometry.isna() | lines.geometry.is_empty]
    if len(bare):
        raise PrecisionError(
            f"{len(bare)} lines are not drawn ({some(bare)}): density needs their geometry"
        )
    wrong = lines.index[~lines.geom_type.isin(["LineString", "MultiLineString", "LinearRing"])]
    if len(wrong):
        raise GeometryError(f"{len(wrong)} rows are no lines, at {some(wrong)}")
    return np.asarray(shapely.get_parts(lines.geometry.to_crs(4326).to_numpy()))


def _only(lines: gpd.GeoDataFrame, column: str, wanted: Iterable[str]) -> gpd.GeoDataFrame:
    if isinstance(wanted, str):
        raise InputError(f"name {column}s in a list: [{wanted!r}]")
    require_columns(lines, [column], "the lines")
    names = list(wanted)
    unknown = [name for name in names if name not in set(lines[column])]
    if unknown:
        known = sorted(lines[column].dropna().unique())
        raise InputError(
            f"no line has the {column} {some(map(repr, unknown))}; there are "
            f"{some(map(repr, known), 12)}"
        )
    return lines[lines[column].isin(names)]


def _standing(lines: gpd.GeoDataFrame, date: DateLike) -> gpd.GeoDataFrame:
    day = last_day(date)
    opened = pd.to_datetime(lines["opened"])
    undated = lines.index[opened.isna()]
    if len(undated):
        raise InputError(
            f"{len(undated)} lines have no opening date ({some(undated)}): date them, leave them "
            "out, or ask without date="
        )
    closed = pd.to_datetime(lines["closed"]) if "closed" in lines.columns else pd.NaT
    return lines[(opened <= day) & ~(closed <= day)]


def _polygons(regions: gpd.GeoDataFrame) -> np.ndarray:
    if regions.crs is None:
        raise CRSError("regions have no CRS: declare it with set_crs()")
    wrong = regions.index[~regions.geom_type.isin(["Polygon", "MultiPolygon"])]
    if len(wrong):
        raise GeometryError(f"{len(wrong)} regions are no polygons, at {some(wrong)}")
    return np.asarray(regions.geometry.to_crs(4326).to_numpy())


def _lengths(lines: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """Give the geodesic length [m] of lines in each region."""
    found = np.zeros(len(regions))
    if not len(lines) or not len(regions):
        return found
    xy, of = shapely.get_coordinates(lines, return_index=True)
    joined = np.flatnonzero(of[1:] == of[:-1])
    metres = np.asarray(WGS84.inv(*xy[joined].T, *xy[joined + 1].T)[2], dtype=float)
    whole = np.bincount(of[joined], weights=metres, minlength=len(lines))
    at, region, cut = _whole_and_cut(lines, regions)
    found += np.bincount(region, weights=whole[at], minlength=len(regions))
    # most segments of a line that crosses a border still lie inside one region
    left = cut[of[joined]] & (metres > 0)
    metres = metres[left]
    ends = np.stack([xy[joined[left]], xy[joined[left] + 1]], axis=1)
    segments = shapely.linestrings(ends)
    at, region, cut = _whole_and_cut(segments, regions)
    found += np.bincount(region, weights=metres[at], minlength=len(regions))
    segments, metres = segments[cut], metres[cut]
    region, at = shapely.STRtree(segments).query(regions, predicate="intersects")
    share = _shares(segments, regions, at, region)
    found += np.bincount(region, weights=share * metres[at], minlength=len(regions))
    return found


def _whole_and_cut(
    lines: np.ndarray, regions: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pair lines with the regions that they lie inside, and say which have a border to look at.

    Lines that meet the border of any region are in no pair, but among those to be cut.
    """
    tree = shapely.STRtree(lines)
    inside = tree.query(regions, predicate="contains_properly")
    meets = tree.query(regions, predicate="intersects")
    cut = np.bincount(meets[1], minlength=len(lines)) > np.bincount(inside[1], minlength=len(lines))
    region, at = inside[:, ~cut[inside[1]]]
    return at, region, cut


def _shares(
    segments: np.ndarray, regions: np.ndarray, at: np.ndarray, region: np.ndarray
) -> np.ndarray:
    """Give by pair the share of a segment that counts for a region."""
    length = shapely.length(segments)[at]
    share = shapely.length(shapely.intersection(segments[at], regions[region])) / length
    # along a border a segment lies in several regions
    total = np.bincount(at, weights=share, minlength=len(segments))
    shared = np.flatnonzero((total > 1 + 1e-9)[at])
    if not len(shared):
        return np.asarray(share)
    border = shapely.intersection(segments[at[shared]], shapely.boundary(regions[region[shared]]))
    order = np.argsort(at[shared], kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(at[shared][order])) + 1):
        pair = shared[group]
        share[pair] -= _split_up(segments[at[pair[0]]], border[group])
    return np.asarray(share)


def _split_up(segment: shapely.LineString, borders: np.ndarray) -> np.ndarray:
    """Give by region what it must leave to its neighbours of a segment along their border.

    Parameters
    ----------
    segment : LineString
        Of two points.
    borders : ndarray of Geometry
        The parts of it on each region's border.

    Returns
    -------
    ndarray of float
        Shares of the segment.
    """
    spans = []
    for row, border in enumerate(borders):
        for part in shapely.get_parts(border):
            if part.length > 0:
                ends = shapely.line_locate_point(
                    segment, shapely.points(shapely.get_coordinates(part)), normalized=True
                )
                spans.append((ends.min(), ends.max(), row))
    cuts = np.unique([end for start, stop, _ in spans for end in (start, stop)])
    left = np.zeros(len(borders))
    for start, stop in pairwise(cuts):
        middle = (start + stop) / 2
        rows = sorted({row for first, last, row in spans if first < middle < last})
        for row in rows:
            left[row] += (stop - start) * (1 - 1 / len(rows))
    return left
