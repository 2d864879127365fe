"""Coverage by what is reached: seats by time, and shares of people, settlements and area.

Shares are of what is known of a region: where it has no settlement, its share is NaN and it does
not count as covered.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._nearby import pairs_within
from ..transport import Network
from ._clipping import areas_within
from ._coverage_question import CoverageQuestion
from ._drawing import ReachedAreas
from ._facilities import placed, too_coarse
from ._quickest import minutes_to_nearest
from ._reached import prepared
from ._tapered import Discs
from ._united import united

_EQUAL = 1e-9  # shares are sums of parts: what differs less is the same
_QUAD_SEGS = 8


def seat_by_time(
    question: CoverageQuestion, facilities: pd.DataFrame, network: Network
) -> tuple[pd.DataFrame, list[str]]:
    """Take the regions from whose seat a facility is reached in time."""
    points, words = _precise(question, facilities)
    minutes = minutes_to_nearest(question.seat_points, points, network, question.joined)
    frame = pd.DataFrame({"minutes": minutes}, index=question.regions.index)
    frame.insert(0, "covered", frame["minutes"] <= question.limit)
    frame["since"] = pd.NaT
    lost = int(np.isinf(minutes).sum())
    told = [f"from {lost} seats there is no way at all"] if lost and len(points) else []
    return frame, [*words, *_network_words(question, network), *told]


def settlements_by_distance(
    question: CoverageQuestion, facilities: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """Sum the settlements, or their people, near a facility by geodesic distance."""
    points, words = _precise(question, facilities)
    near, facility, _ = pairs_within(question.settled_points, points, question.limit)
    opened = facilities.loc[points.index, "opened"].to_numpy()[facility]
    first = pd.Series(opened).groupby(near).min() if len(near) else pd.Series(dtype="datetime64[s]")
    reached = np.isin(np.arange(len(question.settled)), near)
    frame, remark = _settled(question, reached)
    frame["since"] = _share_since(question, first)
    return frame, [*words, *remark]


def settlements_by_time(
    question: CoverageQuestion, facilities: pd.DataFrame, network: Network
) -> tuple[pd.DataFrame, list[str]]:
    """Sum the settlements, or their people, from which a facility is reached in time."""
    points, words = _precise(question, facilities)
    minutes = minutes_to_nearest(
        question.settled_points, points, network, question.joined, question.limit
    )
    frame, remark = _settled(question, minutes <= question.limit)
    return frame, [*words, *_network_words(question, network), *remark]


def area_by_distance(
    question: CoverageQuestion, facilities: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """Measure the area near a facility, as geodesic discs."""
    points, words = _precise(question, facilities)
    crs = question.flat_regions.crs
    xy = shapely.get_coordinates(points.to_crs(crs).to_numpy())
    discs = Discs(crs, _QUAD_SEGS).around(xy, np.full(len(xy), question.limit))
    return _areal(question, united(discs)), words


def area_by_time(
    question: CoverageQuestion, facilities: pd.DataFrame, network: Network
) -> tuple[pd.DataFrame, list[str]]:
    """Measure the area from which a facility is reached in time."""
    points, words = _precise(question, facilities)
    if not len(points):
        return _areal(question, shapely.MultiPolygon()), words
    located = points.reset_index(drop=True)
    search = prepared(located, network, question.connectors, towards=True)
    make = ReachedAreas(search, _QUAD_SEGS)
    every, times = next(search.times(question.limit, merged=True))
    shape = make.within(times, question.limit, every)
    crs = question.flat_regions.crs
    if search.metric != crs:
        shape = shapely.make_valid(
            gpd.GeoSeries([shapely.segmentize(shape, 5_000.0)], crs=search.metric)
            .to_crs(crs).iloc[0]
        )  # fmt: skip
    return _areal(question, shape), [*words, search.words]


def _precise(
    question: CoverageQuestion, facilities: pd.DataFrame
) -> tuple[gpd.GeoSeries, list[str]]:
    """Give the facilities that are placed precisely enough, as points in EPSG:4326."""
    points = question.points(facilities)
    coarse = too_coarse(facilities, question.limit_metres)
    return points[~coarse], placed(facilities, coarse)


def _network_words(question: CoverageQuestion, network: Network) -> list[str]:
    natures = ", ".join(sorted(network.edges["nature"].unique()))
    words = [f"on a network that is {natures}" if natures else "on a network without edges"]
    if network.date is not None:
        words.append(f"as it stood on {network.date:%Y-%m-%d}")
    return [*words, question.joined.words]


def _settled(question: CoverageQuestion, reached: np.ndarray) -> tuple[pd.DataFrame, list[str]]:
    settled, regions = question.settled, question.regions.index
    known = ((settled["region"] >= 0) & settled["weight"].notna()).to_numpy()
    region, weight = settled["region"].to_numpy()[known], settled["weight"].to_numpy()[known]
    size = len(regions)
    out_of = np.bincount(region, weights=weight, minlength=size)
    within = np.bincount(region, weights=weight * reached[known], minlength=size)
    out_of[np.bincount(region, minlength=size) == 0] = np.nan
    frame = _shares(question, within, out_of)
    words = []
    outside = int((settled["region"] < 0).sum())
    missing = int(settled["weight"].isna().sum())
    empty = int((~(out_of > 0)).sum())
    if outside:
        words.append(f"{outside:,} settlements stand in no region")
    if missing:
        words.append(f"the people of {missing:,} settlements are unknown and left out")
    if empty:
        what = "people" if question.of_what == "population" else "settlements"
        words.append(f"{empty:,} regions without {what} do not count as reached")
    return frame, words


def _areal(question: CoverageQuestion, shape: shapely.Geometry) -> pd.DataFrame:
    flat = question.flat_regions.to_numpy()
    invalid = ~shapely.is_valid(flat)
    if invalid.any():
        flat = flat.copy()
        flat[invalid] = shapely.make_valid(flat[invalid])
    return _shares(question, areas_within(shape, flat) / 1e6, shapely.area(flat) / 1e6)


def _shares(question: CoverageQuestion, within: np.ndarray, out_of: np.ndarray) -> pd.DataFrame:
    """Lay out what is reached of what, by region: people, settlements or km2."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(out_of > 0, within / out_of, np.nan)
    frame = pd.DataFrame(
        {
            "covered": np.nan_to_num(share) >= question.min_share - _EQUAL,
            "share": share,
            "reached": np.where(np.isnan(out_of), np.nan, within),
            "out_of": out_of,
        },
        index=question.regions.index,
    )
    frame["since"] = pd.NaT
    return frame


def _share_since(question: CoverageQuestion, first: pd.Series) -> pd.Series:
    """Give the first day on which the share that counts was reached, by region.

    Parameters
    ----------
    first : Series
        The first opening near each settlement, by its position.
    """
    settled = question.settled.assign(opened=first.reindex(question.settled.index))
    settled = settled[(settled["region"] >= 0) & settled["weight"].notna()]
    total = settled.groupby("region")["weight"].sum()
    dated = settled.dropna(subset="opened").sort_values(["region", "opened"], kind="stable")
    so_far = dated.groupby("region")["weight"].cumsum() / dated["region"].map(total)
    enough = dated[so_far >= question.min_share - _EQUAL].groupby("region")["opened"].first()
    since = enough.reindex(np.arange(len(question.regions)))
    return pd.Series(pd.to_datetime(since.to_numpy()), index=question.regions.index)
