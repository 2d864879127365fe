"""The answer to a question of coverage on one day, summed up: in all, by people, by scheme."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from .._results import CoverageResult
from ..regions import assign_scheme, read_scheme
from . import _coverage_points as points
from . import _coverage_reach as reach
from ._coverage_question import CoverageQuestion
from ._facilities import open_by
from ._people import people_of

_AT_ONCE = {
    "inside": points.inside,
    "listed": points.listed,
    "crosses": points.crosses,
    "seat_distance": points.near_the_seat,
    "population_distance": reach.settlements_by_distance,
    "settlements_distance": reach.settlements_by_distance,
    "area_distance": reach.area_by_distance,
}
_OVER_A_NETWORK = {
    "seat_time": reach.seat_by_time,
    "population_time": reach.settlements_by_time,
    "settlements_time": reach.settlements_by_time,
    "area_time": reach.area_by_time,
}


def answered(
    question: CoverageQuestion,
    day: pd.Timestamp | None,
    population: pd.Series | None,
    members: pd.DataFrame | None,
) -> CoverageResult:
    """Answer a question for one day.

    Parameters
    ----------
    question : CoverageQuestion
    day : Timestamp or None
        None: whatever is there.
    population : Series or None
    members : DataFrame or None
        By region, a column of bool a group: what :func:`membership` gives.
    """
    facilities = open_on(question, day)
    if question.by_time:
        frame, remarks = _OVER_A_NETWORK[question.definition](
            question, facilities, question.network_at(day)
        )
    else:
        frame, remarks = _AT_ONCE[question.definition](question, facilities)
    words = [
        question.words,
        *question.vague,
        f"open by {day:%Y-%m-%d}" if day is not None else "whatever its date",
        f"{len(facilities)} facilities",
        *remarks,
    ]
    if population is not None:
        known = int(population.reindex(frame.index).notna().sum())
        if known < len(frame):
            words.append(f"people are known in {known:,} of {len(frame):,} regions")
    share = frame["covered"].mean() if len(frame) else float("nan")
    return CoverageResult(
        definition=question.definition,
        words="; ".join(words),
        date=None if day is None else f"{day:%Y-%m-%d}",
        covered=int(frame["covered"].sum()),
        total=len(frame),
        share=float(share),
        population_share=_population_share(frame["covered"], population),
        by_scheme=_by_group(frame, population, members),
        frame=frame,
        reached_share=_reached(frame)[2],
    )


def open_on(question: CoverageQuestion, day: pd.Timestamp | None) -> pd.DataFrame:
    """Give the facilities open on a day; only where the network is dated may theirs be unknown."""
    undated = question.network_is_dated and bool(question.facilities["opened"].isna().all())
    return open_by(question.facilities, day, dated=not undated)


def membership(regions: gpd.GeoDataFrame, scheme: str | None) -> pd.DataFrame | None:
    """Give by region a column of bool for each group; overlapping groups share regions."""
    if scheme is None:
        return None
    if scheme in regions.columns:
        return pd.get_dummies(regions[scheme]).astype(bool)
    assigned = assign_scheme(regions, scheme)
    name = read_scheme(scheme).name
    if name in assigned.columns:
        return pd.get_dummies(assigned[name]).astype(bool)
    return assigned


def _population_share(covered: pd.Series, population: pd.Series | None) -> float:
    if population is None:
        return float("nan")
    people = people_of(population, covered.index)
    return float(people[covered].sum() / people.sum())


def _reached(frame: pd.DataFrame) -> tuple[float, float, float]:
    """Give what is reached, of what, and the share; NaN for definitions of yes and no."""
    if "out_of" not in frame.columns:
        return float("nan"), float("nan"), float("nan")
    within, out_of = float(frame["reached"].sum()), float(frame["out_of"].sum())
    return within, out_of, within / out_of if out_of > 0 else float("nan")


def _by_group(
    frame: pd.DataFrame, population: pd.Series | None, members: pd.DataFrame | None
) -> pd.DataFrame:
    columns = ["covered", "total", "share", "population_share"]
    shares = "out_of" in frame.columns
    if shares:
        columns += ["reached", "out_of", "reached_share"]
    if members is None:
        return pd.DataFrame(columns=columns)
    rows = {}
    for group in members.columns:
        part = frame[members[group].to_numpy()]
        inside = part["covered"]
        rows[group] = [
            int(inside.sum()),
            len(inside),
            float(inside.mean()) if len(inside) else np.nan,
            _population_share(inside, population),
            *(_reached(part) if shares else []),
        ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("group")
