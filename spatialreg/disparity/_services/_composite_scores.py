"""From standardised items to scores of categories, of aspects and of the whole.

Weights inside each level are shared anew where items are missing; then the scores are weighted
means, arithmetic or geometric, or the closeness of TOPSIS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._align import some
from ...errors import InputError
from ._composite_scale import BOUNDED, Scope
from ._composite_weights import Local
from ._hierarchy import Tree

AGGREGATES = {
    "arithmetic": "weighted arithmetic mean",
    "geometric": "weighted geometric mean",
    "topsis": "TOPSIS closeness: distance to the worst over the sum of distances to the worst and "
    "the best, of items times weight",
}


@dataclass(frozen=True)
class Prepared:
    """Standardised items, ready for any weights."""

    tree: Tree
    scores: np.ndarray  # rows x items, 0 where missing
    present: np.ndarray
    aggregate: str
    strict: bool  # a score that lacks an item is NaN
    min_share: float
    best: np.ndarray  # rows x items, for TOPSIS
    worst: np.ndarray


def prepare(
    tree: Tree,
    scores: np.ndarray,
    scope: list[Scope],
    *,
    standardise: str,
    aggregate: str,
    missing: str,
    min_share: float,
    floor: float,
) -> Prepared:
    """Check that the scores suit the aggregate, and find the ends for TOPSIS."""
    present = ~np.isnan(scores)
    best, worst = np.ones_like(scores), np.full_like(scores, floor)
    if aggregate == "topsis" and standardise not in BOUNDED:
        for part in scope:
            rows = np.where(present[part.rows], scores[part.rows], np.nan)
            seen = present[part.rows].any(axis=0)
            best[np.ix_(part.rows, seen)] = np.nanmax(rows[:, seen], axis=0)
            worst[np.ix_(part.rows, seen)] = np.nanmin(rows[:, seen], axis=0)
    if aggregate == "geometric":
        low = np.flatnonzero((np.where(present, scores, 1.0) <= 0).any(axis=0))
        if len(low):
            raise InputError(
                f"aggregate='geometric' needs scores above zero; {len(low)} items have a zero or "
                f"less ({some(tree.items[i] for i in low)}): give goalposts beyond the data in "
                "the hierarchy (low and high), or pass floor=0.01, the score of the worst"
            )
    ready = np.where(present, scores, 0.0)
    if aggregate == "geometric":
        ready = np.log(np.where(present, scores, 1.0))
    return Prepared(tree, ready, present, aggregate, missing == "nan", min_share, best, worst)


def nodes(prepared: Prepared, base: Local) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the index by row, rows x aspects and rows x categories."""
    tree = prepared.tree
    item, category, aspect = _shared(prepared, base)
    in_category = tree.in_category
    in_aspect = in_category @ tree.in_aspect
    upper = item * category[:, tree.category]
    whole = upper * aspect[:, tree.aspect[tree.category]]
    # of each score, the share of its items' weights that is present
    own = base.item * base.category[tree.category]
    return (
        _scores(prepared, whole, np.ones((len(tree.items), 1)), _full(base, tree))[:, 0],
        _scores(prepared, upper, in_aspect, own),
        _scores(prepared, item, in_category, base.item),
    )


def index_only(prepared: Prepared, base: Local) -> np.ndarray:
    """Give the index by row."""
    tree = prepared.tree
    item, category, aspect = _shared(prepared, base)
    whole = item * category[:, tree.category] * aspect[:, tree.aspect[tree.category]]
    return _scores(prepared, whole, np.ones((len(tree.items), 1)), _full(base, tree))[:, 0]


def _full(base: Local, tree: Tree) -> np.ndarray:
    return base.item * base.category[tree.category] * base.aspect[tree.aspect[tree.category]]


def _shared(prepared: Prepared, base: Local) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share weights among the items, categories and aspects that a row has."""
    tree = prepared.tree
    if prepared.present.all():
        return base.item[np.newaxis], base.category[np.newaxis], base.aspect[np.newaxis]
    item, has_category = _among(base.item, prepared.present, tree.in_category, tree.category)
    category, has_aspect = _among(base.category, has_category, tree.in_aspect, tree.aspect)
    one = np.ones((len(tree.aspects), 1))
    aspect, _ = _among(base.aspect, has_aspect, one, np.zeros(len(tree.aspects), dtype=int))
    return item, category, aspect


def _among(
    weight: np.ndarray, has: np.ndarray, members: np.ndarray, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    kept = weight * has
    total = kept @ members
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(total[:, group] > 0, kept / total[:, group], 0.0)
    return shares, total > 0


def _scores(
    prepared: Prepared, weight: np.ndarray, members: np.ndarray, base: np.ndarray
) -> np.ndarray:
    """Scores of the nodes whose items `members` marks, by weights that sum to one in each."""
    if prepared.aggregate == "topsis":
        to_best = np.sqrt((weight * (prepared.scores - prepared.best)) ** 2 @ members)
        to_worst = np.sqrt((weight * (prepared.scores - prepared.worst)) ** 2 @ members)
        with np.errstate(invalid="ignore", divide="ignore"):
            result = to_worst / (to_best + to_worst)
    else:
        result = (weight * prepared.scores) @ members
        if prepared.aggregate == "geometric":
            result = np.exp(result)
    if prepared.present.all():
        return result
    if prepared.strict:
        known = prepared.present @ members == members.sum(axis=0)
    else:
        share = (prepared.present * base) @ members / (base @ members)
        known = (share > 0) & (share >= prepared.min_share - 1e-12)
    return np.where(known, result, np.nan)
