"""Items on one scale: missing values by a stated rule, then standardised values, more is better.

Takes the values of the items as the data have them, rows x items in sorted order, and gives the
standardised ones. What a value is held against (the rows of reference) is explicit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from ..._align import some
from ...errors import InputError
from ._hierarchy import Tree

BOUNDED = ("range", "target", "rank")  # scores from 0 to 1
SCALES = {
    "range": "(x - low) / (high - low), low and high the goalposts given or the least and the "
    "largest value",
    "target": "(x - low) / (target - low), low 0 unless given; where less is better "
    "(high - x) / (high - target)",
    "zscore": "(x - mean) / standard deviation (ddof = 0)",
    "rank": "(rank - 1) / (n - 1), ties at their mean rank",
    "vector": "x over the root of the sum of squares",
}
RULES = {
    "raise": "no value may be missing",
    "nan": "a score that lacks an item is NaN",
    "renormalise": "the weight of a missing item goes to the other items of its category in "
    "proportion, that of an empty category to the others of its aspect, that of an empty aspect "
    "to the others",
    "impute mean": "a missing value is the mean of the item over the regions that have it, in a "
    "panel of the same year",
    "interpolate": "a gap inside the years of a region is filled along a straight line",
}


@dataclass(frozen=True)
class Scope:
    """Rows that are standardised together, and the rows that give them their scale."""

    rows: np.ndarray
    reference: np.ndarray


def scopes(
    index: pd.Index, reference_years: str | Sequence[int] | None
) -> tuple[list[Scope], np.ndarray]:
    """Give the scopes, and which rows are the reference for weights."""
    every = np.ones(len(index), dtype=bool)
    if index.nlevels == 1:
        return [Scope(every, every)], every
    years = index.get_level_values(1).to_numpy()
    if reference_years == "each":
        return [Scope(years == year, years == year) for year in np.unique(years)], every
    if reference_years is None:
        return [Scope(every, every)], every
    reference = np.isin(years, np.asarray(reference_years))
    return [Scope(every, reference)], reference


def fill(values: pd.DataFrame, tree: Tree, rule: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Treat missing values; give the values, and a row a missing value with what was done."""
    absent = values.isna().to_numpy()
    if not absent.any():
        return values, _told(values, absent, tree, lambda _row, _item: "")
    if rule == "raise":
        items = values.columns[np.flatnonzero(absent.any(axis=0))]
        rows = values.index[np.flatnonzero(absent.any(axis=1))]
        raise InputError(
            f"{int(absent.sum())} values of {len(items)} items ({some(items)}) are missing, at "
            f"{len(rows)} rows ({some(rows)}): leave them out, or say what to do by missing="
            + some((repr(name) for name in RULES if name != "raise"), 9)
        )
    if rule == "nan":
        return values, _told(values, absent, tree, lambda _row, _item: "scores left NaN")
    if rule == "renormalise":
        has_category = (~absent) @ tree.in_category > 0
        has_aspect = has_category @ tree.in_aspect > 0

        def where(row: int, item: int) -> str:
            category = tree.category[item]
            if has_category[row, category]:
                return f"weight shared within the category {tree.categories[category]}"
            if has_aspect[row, tree.aspect[category]]:
                return f"weight shared within the aspect {tree.aspects[tree.aspect[category]]}"
            return "weight shared among the other aspects"

        return values, _told(values, absent, tree, where)
    filled = _means(values) if rule == "impute mean" else _lines(values)
    still = filled.isna().to_numpy()
    if still.any():
        items = filled.columns[np.flatnonzero(still.any(axis=0))]
        rows = filled.index[np.flatnonzero(still.any(axis=1))]
        why = (
            "no region has the item in that year"
            if rule == "impute mean"
            else "they lie before the first or after the last value of the region"
        )
        raise InputError(
            f"{int(still.sum())} values of {len(items)} items ({some(items)}) cannot be filled by "
            f"missing={rule!r} since {why}, at {some(rows)}: leave those years or items out, or "
            "pass missing='renormalise'"
        )
    verb = "imputed" if rule == "impute mean" else "interpolated"
    given = filled.to_numpy()
    return filled, _told(values, absent, tree, lambda row, item: f"{verb}: {given[row, item]:.6g}")


def standardise(
    values: pd.DataFrame,
    tree: Tree,
    how: str,
    scope: list[Scope],
    *,
    clip: bool,
    floor: float,
) -> tuple[np.ndarray, int]:
    """Give standardised values, and how many were clipped."""
    x = values.to_numpy(dtype=float)
    if how == "target":
        _require_targets(tree)
    scores = np.full(x.shape, np.nan)
    for part in scope:
        scores[part.rows] = _scaled(x[part.rows], x[part.reference], tree, how)
    clipped = 0
    if clip:
        bounded = np.clip(scores, 0, 1)
        clipped = int((bounded != scores)[~np.isnan(scores)].sum())
        scores = bounded
    if floor:
        scores = floor + (1 - floor) * scores
    return scores, clipped


def _scaled(x: np.ndarray, reference: np.ndarray, tree: Tree, how: str) -> np.ndarray:
    up = tree.direction > 0
    seen = (~np.isnan(reference)).any(axis=0)
    least = np.full(x.shape[1], np.nan)
    largest, mean, deviation, length = least.copy(), least.copy(), least.copy(), least.copy()
    least[seen] = np.nanmin(reference[:, seen], axis=0)
    largest[seen] = np.nanmax(reference[:, seen], axis=0)
    if how == "target":
        low = np.where(np.isnan(tree.low), 0.0, tree.low)
        return np.where(up, (x - low) / (tree.target - low), _down(x, tree))
    if how == "range":
        low = np.where(np.isnan(tree.low), least, tree.low)
        high = np.where(np.isnan(tree.high), largest, tree.high)
        _require_width(low, high, seen, tree)
        share = (x - low) / (high - low)
        return np.where(up, share, 1 - share)
    _require_width(least, largest, seen, tree)
    if how == "rank":
        return _ranked(x * tree.direction)
    mean[seen] = np.nanmean(reference[:, seen], axis=0)
    deviation[seen] = np.nanstd(reference[:, seen], axis=0)
    length[seen] = np.sqrt(np.nansum(reference[:, seen] ** 2, axis=0))
    return tree.direction * ((x - mean) / deviation if how == "zscore" else x / length)


def _down(x: np.ndarray, tree: Tree) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return (tree.high - x) / (tree.high - tree.target)


def _ranked(x: np.ndarray) -> np.ndarray:
    count = (~np.isnan(x)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (rankdata(x, axis=0, nan_policy="omit") - 1) / (count - 1)


def _require_width(low: np.ndarray, high: np.ndarray, seen: np.ndarray, tree: Tree) -> None:
    """Raise where an item has no width between its lower and its upper end."""
    flat = [tree.items[i] for i in np.flatnonzero(seen & ~(high > low))]
    if flat:
        raise InputError(
            f"{len(flat)} items do not vary over the rows of reference, or have goalposts with "
            f"low not below high ({some(flat)}): leave them out, or give low and high in the "
            "hierarchy and standardise='range'"
        )
    blind = [tree.items[i] for i in np.flatnonzero(~seen & ~(high > low))]
    if blind:
        raise InputError(
            f"{len(blind)} items have no value in the rows of reference ({some(blind)}): leave "
            "them out, or choose other reference_years"
        )


def _require_targets(tree: Tree) -> None:
    lacking = [tree.items[i] for i in np.flatnonzero(np.isnan(tree.target))]
    if lacking:
        raise InputError(
            f"{len(lacking)} items have no target in the hierarchy ({some(lacking)}): fill the "
            "column, or standardise otherwise"
        )
    up = tree.direction > 0
    open_ended = [tree.items[i] for i in np.flatnonzero(~up & np.isnan(tree.high))]
    if open_ended:
        raise InputError(
            f"{len(open_ended)} items of which less is better have no high ({some(open_ended)}): "
            "give the value at which the score is 0"
        )
    low = np.where(np.isnan(tree.low), 0.0, tree.low)
    wrong = np.where(up, tree.target <= low, tree.high <= tree.target)
    if wrong.any():
        raise InputError(
            "a target must lie above low (0 unless given), and where less is better below high; "
            f"not so for {some(tree.items[i] for i in np.flatnonzero(wrong))}"
        )


def _means(values: pd.DataFrame) -> pd.DataFrame:
    if values.index.nlevels == 1:
        return values.fillna(values.mean())
    return values.fillna(values.groupby(level=1).transform("mean"))


def _lines(values: pd.DataFrame) -> pd.DataFrame:
    filled = values.copy()
    for _, rows in values.groupby(level=0, sort=False):
        years = rows.index.get_level_values(1).to_numpy(dtype=float)
        for item in values.columns[rows.isna().any()]:
            known = rows[item].notna().to_numpy()
            if known.any():
                line = np.interp(
                    years, years[known], rows[item].to_numpy()[known], left=np.nan, right=np.nan
                )
                filled.loc[rows.index, item] = np.where(known, rows[item], line)
    return filled


def _told(
    values: pd.DataFrame, absent: np.ndarray, tree: Tree, done: Callable[[int, int], str]
) -> pd.DataFrame:
    row, item = np.nonzero(absent)
    return pd.DataFrame(
        {
            "item": [tree.items[i] for i in item],
            "done": [done(r, i) for r, i in zip(row.tolist(), item.tolist(), strict=True)],
        },
        index=values.index[row],
        columns=["item", "done"],
    )
