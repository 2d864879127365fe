"""Who won and who lost: changes of access, what kind each is, and the kinds counted."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

Better: TypeAlias = Literal["less", "more"]
OUTCOMES = (
    "winner", "newly reached", "unchanged", "loser", "lost", "never reached", "no data",
)  # fmt: skip
_SAME = 1e-9  # changes smaller than this, relative to the start, are rounding


def changes(
    before: np.ndarray, after: np.ndarray, better: str, tolerance: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give change, percentage and outcome; no numbers where one of the times is not finite."""
    both = np.isfinite(before) & np.isfinite(after)
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.where(both, after - before, np.nan)
        percent = np.where(both & (before > 0), 100 * change / before, np.nan)
        same = np.abs(change) <= np.maximum(tolerance, _SAME * np.abs(before))
    gain = -change if better == "less" else change
    # the first that is so
    kinds = {
        "no data": np.isnan(before) | np.isnan(after),
        "never reached": np.isinf(before) & np.isinf(after),
        "newly reached": np.isinf(before),
        "lost": np.isinf(after),
        "unchanged": same,
        "winner": gain > 0,
    }
    return change, percent, np.select(list(kinds.values()), list(kinds), "loser")


def by_region(before: pd.Series, after: pd.Series, better: str, tolerance: float) -> pd.DataFrame:
    """Lay out both times, the change, the ranks (1 is the best; ties share the better one)."""
    change, percent, outcome = changes(before.to_numpy(), after.to_numpy(), better, tolerance)
    ranks = [y.rank(method="min", ascending=better == "less").to_numpy() for y in (before, after)]
    return pd.DataFrame(
        {
            "before": before.to_numpy(),
            "after": after.to_numpy(),
            "change": change,
            "percent": percent,
            "rank_before": ranks[0],
            "rank_after": ranks[1],
            "outcome": outcome,
        },
        index=before.index,
    )


def by_outcome(frame: pd.DataFrame, people: pd.Series, known: bool) -> pd.DataFrame:
    """Count regions and people by outcome, with the mean change of each."""
    rows = []
    for outcome in OUTCOMES:
        inside = frame["outcome"] == outcome
        weight = people[inside]
        rows.append(
            {
                "regions": int(inside.sum()),
                "people": float(weight.sum()) if known else np.nan,
                "people_share": float(weight.sum() / people.sum()),
                "mean_change": _mean(frame.loc[inside, "change"], weight),
            }
        )
    return pd.DataFrame(rows, index=pd.Index(OUTCOMES, name="outcome"))


def by_group(frame: pd.DataFrame, people: pd.Series, groups: pd.Series | None) -> pd.DataFrame:
    """Give means over people and counts of outcomes by group."""
    if groups is None:
        return pd.DataFrame()
    rows = {}
    for group, inside in frame.groupby(groups, sort=True):
        both, weight = inside[inside["change"].notna()], people.loc[inside.index]
        counts = inside["outcome"].value_counts()
        rows[group] = {
            "regions": len(inside),
            "people": float(weight.sum()),
            **{name: _mean(both[name], weight) for name in ("before", "after", "change")},
            "winners": int(counts.get("winner", 0)),
            "losers": int(counts.get("loser", 0)),
            "newly_reached": int(counts.get("newly reached", 0)),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")


def _mean(values: pd.Series, people: pd.Series) -> float:
    """Give the mean over people; NaN where there are none."""
    known = values.dropna()
    weight = people.loc[known.index].fillna(0.0)
    return float(np.average(known, weights=weight)) if weight.sum() > 0 else float("nan")
