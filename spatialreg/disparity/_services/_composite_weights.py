"""Weights of items: equal at each level, by entropy, CRITIC or principal component, or given.

Takes standardised values of the rows of reference and gives a weight for each item, which sum to
one, with what they rest on. Entropy, CRITIC and the component see all items at once, as their
authors define them; the weight of a category is then the sum of those of its items.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import xlogy

from ..._align import some
from ...errors import InputError
from ._hierarchy import Tree

METHODS = {
    "equal": "equal within each level: items in a category, categories in an aspect, aspects",
    "entropy": "entropy: 1 - e over its sum, e the entropy of the shares of rows over ln n, "
    "0 ln 0 = 0",
    "critic": "CRITIC (Diakoulaki et al. 1995): standard deviation x sum of (1 - r) over the "
    "items, over its sum",
    "pca": "squared elements of the first principal component of the correlations",
    "given": "as given, over their sum",
}


@dataclass(frozen=True)
class Weighting:
    """Weights by item, with what they rest on; ``explained`` and ``kmo`` for the component."""

    weight: np.ndarray
    diagnostics: pd.DataFrame
    explained: float = np.nan
    kmo: float = np.nan


@dataclass(frozen=True)
class Local:
    """Weights inside each level: of items in their category, and so on up."""

    item: np.ndarray
    category: np.ndarray
    aspect: np.ndarray


def weigh(method: str, scores: np.ndarray, tree: Tree) -> Weighting:
    """Give weights by a method that needs none from outside.

    `scores` are the rows of reference; those without a missing item count.
    """
    if method == "equal":
        return Weighting(equal(tree), pd.DataFrame(index=pd.Index(tree.items, name="item")))
    whole = scores[~np.isnan(scores).any(axis=1)]
    if len(whole) < 3:
        raise InputError(
            f"weights={method!r} needs at least 3 rows of reference with all items; there are "
            f"{len(whole)} of {len(scores)}"
        )
    if method == "entropy":
        return _entropy(whole, tree)
    if len(tree.items) == 1:
        raise InputError(f"weights={method!r} needs two items or more, for it correlates them")
    flat = np.flatnonzero(np.ptp(whole, axis=0) == 0)
    if len(flat):
        raise InputError(
            f"weights={method!r} correlates the items, and {len(flat)} do not vary once they are "
            f"standardised ({some(tree.items[i] for i in flat)}): leave them out, or pass "
            "weights='equal'"
        )
    return _critic(whole, tree) if method == "critic" else _pca(whole, tree)


def given(weights: Mapping[str, float] | None, tree: Tree) -> Weighting:
    """Give the weights of a mapping by item, or (for None) of the hierarchy's column."""
    if weights is None:
        values = tree.weight
        lacking = [tree.items[i] for i in np.flatnonzero(np.isnan(values))]
        if lacking:
            raise InputError(
                f"weights='given' takes the column weight of the hierarchy, which {len(lacking)} "
                f"items lack ({some(lacking)}): fill it, or pass a mapping of item to weight"
            )
    else:
        lacking = [item for item in tree.items if item not in weights]
        beyond = [item for item in weights if item not in tree.items]
        if lacking or beyond:
            raise InputError(
                "a mapping of weights must name every item of the hierarchy and no other; it "
                f"lacks {some(lacking) or 'none'} and has besides {some(beyond) or 'none'}"
            )
        column = pd.to_numeric(pd.Series([weights[i] for i in tree.items]), errors="coerce")
        values = column.to_numpy(dtype=float)
    wrong = [tree.items[i] for i in np.flatnonzero(~((values > 0) & np.isfinite(values)))]
    if wrong:
        raise InputError(
            f"weights must be numbers above zero; not so for {some(wrong)}: leave an item out of "
            "the hierarchy rather than giving it no weight"
        )
    empty = pd.DataFrame(index=pd.Index(tree.items, name="item"))
    return Weighting(values / values.sum(), empty)


def equal(tree: Tree) -> np.ndarray:
    """Weights that are equal within each level."""
    in_category = np.bincount(tree.category)[tree.category]
    in_aspect = np.bincount(tree.aspect)[tree.aspect][tree.category]
    return 1 / (in_category * in_aspect * len(tree.aspects))


def local(weight: np.ndarray, tree: Tree) -> Local:
    """Take weights of items apart into those inside each level."""
    by_category = np.bincount(tree.category, weight)
    by_aspect = np.bincount(tree.aspect, by_category)
    return Local(
        _share(weight, by_category, tree.category),
        _share(by_category, by_aspect, tree.aspect),
        by_aspect / by_aspect.sum(),
    )


def _share(weight: np.ndarray, total: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Shares in the total of the group; equal ones in a group of which nothing has weight."""
    alike = 1 / np.bincount(group)[group]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total[group] > 0, weight / total[group], alike)


def _entropy(scores: np.ndarray, tree: Tree) -> Weighting:
    negative = np.flatnonzero((scores < 0).any(axis=0) | (scores.sum(axis=0) <= 0))
    if len(negative):
        raise InputError(
            "weights='entropy' takes shares of the standardised values, which must not be "
            f"negative nor all zero; not so for {some(tree.items[i] for i in negative)}: "
            "standardise by range, target (clipped) or rank"
        )
    share = scores / scores.sum(axis=0)
    entropy = -xlogy(share, share).sum(axis=0) / np.log(len(scores))
    # equal shares leave a rest of rounding, which must not become a weight
    divergence = np.where(np.ptp(scores, axis=0) == 0, 0.0, np.maximum(1 - entropy, 0.0))
    if divergence.sum() == 0:
        raise InputError(
            "weights='entropy' needs an item that varies: none does once they are standardised"
        )
    table = {"entropy": entropy, "divergence": divergence}
    return Weighting(divergence / divergence.sum(), _diagnostics(table, tree))


def _critic(scores: np.ndarray, tree: Tree) -> Weighting:
    deviation = scores.std(axis=0, ddof=1)
    conflict = np.maximum((1 - _correlations(scores)).sum(axis=0), 0.0)
    information = deviation * conflict
    if conflict.max() < 1e-9:
        raise InputError(
            "weights='critic' finds no conflict: all items are perfectly correlated, so any "
            "weights give the same order; pass weights='equal'"
        )
    table = {"deviation": deviation, "conflict": conflict, "information": information}
    return Weighting(information / information.sum(), _diagnostics(table, tree))


def _pca(scores: np.ndarray, tree: Tree) -> Weighting:
    r = _correlations(scores)
    values, vectors = np.linalg.eigh(r)
    first = vectors[:, -1] * (1.0 if vectors[:, -1].sum() >= 0 else -1.0)
    overall, by_item = _kmo(r)
    table = {"loading": first * np.sqrt(values[-1]), "kmo": by_item}
    return Weighting(
        first**2 / (first**2).sum(),
        _diagnostics(table, tree),
        explained=float(values[-1] / len(values)),
        kmo=overall,
    )


def _kmo(r: np.ndarray) -> tuple[float, np.ndarray]:
    """Kaiser-Meyer-Olkin: squared correlations over themselves and squared partial ones."""
    if np.linalg.matrix_rank(r, tol=1e-10) < len(r):
        return np.nan, np.full(len(r), np.nan)
    inverse = np.linalg.inv(r)
    scale = np.sqrt(np.diag(inverse))
    partial = (inverse / np.outer(scale, scale)) ** 2
    plain = r**2
    np.fill_diagonal(partial, 0.0)
    np.fill_diagonal(plain, 0.0)
    total = plain.sum(axis=0) + partial.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(plain.sum() / total.sum()), plain.sum(axis=0) / total


def _correlations(scores: np.ndarray) -> np.ndarray:
    r = np.clip(np.corrcoef(scores, rowvar=False), -1.0, 1.0)
    np.fill_diagonal(r, 1.0)
    return r


def _diagnostics(columns: dict[str, np.ndarray], tree: Tree) -> pd.DataFrame:
    return pd.DataFrame(columns, index=pd.Index(tree.items, name="item"))
