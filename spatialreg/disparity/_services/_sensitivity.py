"""How far the ranks of a composite index hang on its weights and on single items.

Takes a :class:`CompositeResult` and ranks the regions again under random weights, under each
weighting method, and with each item left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from ..._align import generator
from ..._results import CompositeResult, SensitivityResult
from ...errors import InputError
from . import _composite_weights as weighting
from ._composite_scale import Scope, scopes
from ._composite_scores import Prepared, index_only, prepare
from ._hierarchy import INDEX, Tree, tree_of

_CELLS = 4_000_000  # pairs that are held at once


def rank_sensitivity(
    result: CompositeResult,
    *,
    replicates: int = 1000,
    rng: int | np.random.Generator | None = None,
) -> SensitivityResult:
    """Ranks of a composite index under other weights and without single items.

    Parameters
    ----------
    result : CompositeResult
        Of :func:`composite_index`. Standardisation, aggregation and the rule for missing values
        stay as they are there.
    replicates : int
        Draws of random weights: uniform over all weights that sum to one (Dirichlet with
        parameters 1), at each level of the hierarchy on its own, so that their mean is equal
        weights within each level.
    rng : int or Generator, optional
        Seed of the draws.

    Returns
    -------
    SensitivityResult
        ``frame`` has rank, median and 5-95 % of the ranks by region; ``stable_pairs`` the share of
        pairs whose order never changes; ``scenarios`` the shift of ranks under each method of
        weighting and without each item.

    Raises
    ------
    InputError
        `result` is no composite index, or has no two regions to compare; `replicates` is below 1.

    Notes
    -----
    After Saisana, Saltelli and Tarantola (2005) and the OECD and JRC Handbook (2008): the shift is
    the mean of absolute differences of ranks. Random weights are a worst case, without any
    knowledge of what matters: a region whose interval is narrow stands firm against any weighting;
    a wide one means that the rank is a matter of choice. An item left out takes its weight with it:
    the method weighs the others anew (weights that were given are divided by their sum).

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import composite_index, rank_sensitivity
    >>> regions = pd.DataFrame({"beds": [6.0, 2.0, 4.0], "roads": [3.0, 1.0, 2.0],
    ...                         "doctors": [9.0, 6.0, 2.0]}, index=["a", "b", "c"])
    >>> hierarchy = pd.DataFrame({
    ...     "aspect": "Services", "category": ["Health", "Transport", "Health"],
    ...     "item": ["Beds", "Roads", "Doctors"], "column": ["beds", "roads", "doctors"],
    ...     "direction": 1})
    >>> ranks = rank_sensitivity(composite_index(regions, hierarchy), replicates=200, rng=1)
    >>> ranks.frame[["rank", "median", "low", "high"]]
       rank  median  low  high
    a   1.0     1.0  1.0   1.0
    b   3.0     3.0  2.0   3.0
    c   2.0     2.0  2.0   3.0
    >>> round(ranks.stable_pairs, 3)
    0.667
    """
    if not isinstance(result, CompositeResult):
        raise InputError(
            "rank_sensitivity takes the result of composite_index, not "
            f"{type(result).__name__}: pass composite_index(frame, hierarchy, ...)"
        )
    if isinstance(replicates, bool) or replicates < 1:
        raise InputError(f"replicates must be at least 1, not {replicates!r}")
    case = _case(result)
    base = case.base
    groups = [rows for rows in case.groups if np.isfinite(base[rows]).sum() > 1]
    if not groups:
        raise InputError("there are no two regions with an index (in the same year) to compare")
    rank = _ranks(base, case.groups)
    drawn = _drawn(case, int(replicates), generator(rng))
    found = np.array([_ranks(scores, case.groups) for scores in drawn])
    shift = np.abs(found - rank).mean(axis=0)
    table = pd.DataFrame(
        {
            INDEX: base,
            "rank": rank,
            "median": np.median(found, axis=0),
            "low": np.quantile(found, 0.05, axis=0, method="inverted_cdf"),
            "high": np.quantile(found, 0.95, axis=0, method="inverted_cdf"),
            "mean_shift": shift,
        },
        index=case.rows,
    )
    table.loc[np.isnan(rank), ["median", "low", "high"]] = np.nan
    by_year, stable = _by_year(case, drawn, base, shift)
    scenarios, ranks = _scenarios(case, rank)
    caller = result.frame.index
    return SensitivityResult(
        definition=_definition(result, int(replicates)),
        replicates=int(replicates),
        stable_pairs=stable,
        mean_shift=float(np.nanmean(shift)),
        by_year=by_year,
        scenarios=scenarios,
        ranks=ranks.reindex(caller),
        frame=table.reindex(caller),
    )


@dataclass(frozen=True)
class _Case:
    """A result made ready for other weights, in sorted order of rows and items."""

    result: CompositeResult
    rows: pd.Index
    scores: np.ndarray
    tree: Tree
    scope: list[Scope]
    reference: np.ndarray
    groups: list[np.ndarray]  # rows that are ranked together: those of a year
    base: np.ndarray  # the index of the result
    weight: np.ndarray
    prepared: Prepared

    def index(self, weight: np.ndarray) -> np.ndarray:
        return self.by_levels(weighting.local(weight, self.tree))

    def by_levels(self, weight: weighting.Local) -> np.ndarray:
        """Give the index of the rows that have one by the weights of the result."""
        return np.where(np.isfinite(self.base), index_only(self.prepared, weight), np.nan)

    def weigh(self, method: str) -> np.ndarray:
        """Give weights by `method`; those that were given stay, over their sum."""
        if method == "given":
            return self.weight / self.weight.sum()
        return weighting.weigh(method, self.scores[self.reference], self.tree).weight

    def without(self, item: str) -> _Case:
        keep = np.array([name != item for name in self.tree.items])
        table = self.result.weights.reset_index()
        return _made(
            self, self.scores[:, keep], tree_of(table[table["item"] != item]), self.weight[keep]
        )


def _case(result: CompositeResult) -> _Case:
    table = result.weights.reset_index()
    tree = tree_of(table)
    scores = result.standardised.sort_index()[tree.items]
    years = result.reference_years
    scope, reference = scopes(scores.index, None if years in ("all", "none") else years)
    groups = [np.arange(len(scores))]
    if scores.index.nlevels > 1:
        year = scores.index.get_level_values(1).to_numpy()
        groups = [np.flatnonzero(year == value) for value in np.unique(year)]
    values = scores.to_numpy()
    weight = result.weights["weight"].loc[tree.items].to_numpy()
    base = result.frame[INDEX].sort_index().to_numpy()
    prepared = _prepared(result, tree, values, scope)
    return _Case(
        result, scores.index, values, tree, scope, reference, groups, base, weight, prepared
    )


def _made(case: _Case, scores: np.ndarray, tree: Tree, weight: np.ndarray) -> _Case:
    prepared = _prepared(case.result, tree, scores, case.scope)
    return replace(case, scores=scores, tree=tree, weight=weight, prepared=prepared)


def _prepared(
    result: CompositeResult, tree: Tree, scores: np.ndarray, scope: list[Scope]
) -> Prepared:
    return prepare(
        tree,
        scores,
        scope,
        standardise=result.standardise,
        aggregate=result.aggregate,
        missing=result.missing_rule,
        min_share=0.0,  # the weights of the result say which rows have enough of them
        floor=result.floor,
    )


def _ranks(scores: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """Rank within each group, 1 for the highest, equal scores by the best of their ranks."""
    ranks = np.full(len(scores), np.nan)
    for rows in groups:
        known = rows[np.isfinite(scores[rows])]
        # scores that differ by rounding only are equal
        ranks[known] = rankdata(-np.round(scores[known], 12), method="min")
    return ranks


def _drawn(case: _Case, replicates: int, rng: np.random.Generator) -> np.ndarray:
    """Draw weights level by level; give the index by replicate and row."""
    tree = case.tree
    item = rng.standard_exponential((replicates, len(tree.items)))
    category = rng.standard_exponential((replicates, len(tree.categories)))
    aspect = rng.standard_exponential((replicates, len(tree.aspects)))
    item /= (item @ tree.in_category)[:, tree.category]
    category /= (category @ tree.in_aspect)[:, tree.aspect]
    aspect /= aspect.sum(axis=1, keepdims=True)
    drawn = [
        case.by_levels(weighting.Local(*levels))
        for levels in zip(item, category, aspect, strict=True)
    ]
    return np.array(drawn)


def _by_year(
    case: _Case, drawn: np.ndarray, base: np.ndarray, shift: np.ndarray
) -> tuple[pd.DataFrame, float]:
    table, pairs, stable = [], 0, 0
    for rows in case.groups:
        known = rows[np.isfinite(base[rows])]
        of, same = len(known) * (len(known) - 1) // 2, _stable(drawn[:, known])
        pairs, stable = pairs + of, stable + same
        table.append(
            {
                "regions": len(known),
                "stable_pairs": same / of if of else np.nan,
                "mean_shift": float(shift[known].mean()) if len(known) else np.nan,
            }
        )
    index: pd.Index = pd.RangeIndex(1)
    if case.rows.nlevels > 1:
        index = pd.Index([case.rows[rows[0]][1] for rows in case.groups], name="year")
    return pd.DataFrame(table, index=index), stable / pairs


def _stable(drawn: np.ndarray) -> int:
    """Count the pairs of which one lies above the other in every draw."""
    scores = np.round(drawn, 12)
    n = scores.shape[1]
    block = max(1, _CELLS // max(n, 1))
    count = 0
    for start in range(0, n, block):
        # pairs of the first draw, of which each further draw leaves those that it orders alike
        above, below = np.nonzero(scores[0, start : start + block, np.newaxis] > scores[0])
        above += start
        for draw in scores[1:]:
            same = draw[above] > draw[below]
            above, below = above[same], below[same]
        count += len(above)
    return count


def _scenarios(case: _Case, rank: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ranks under each method, and without each item."""
    table: dict[str, dict[str, object]] = {}
    ranks: dict[str, np.ndarray] = {}

    def add(name: str, kind: str, case: _Case, method: str) -> None:
        row: dict[str, object] = {"kind": kind, "mean_shift": np.nan, "largest_shift": np.nan}
        try:
            ranks[name] = _ranks(case.index(case.weigh(method)), case.groups)
        except InputError as error:
            ranks[name] = np.full(len(rank), np.nan)
            table[name] = {**row, "largest_at": None, "note": str(error)}
            return
        shift = np.abs(ranks[name] - rank)
        at = int(np.nanargmax(shift)) if np.isfinite(shift).any() else None
        table[name] = {
            "kind": kind,
            "mean_shift": np.nan if at is None else float(np.nanmean(shift)),
            "largest_shift": np.nan if at is None else float(shift[at]),
            "largest_at": None if at is None or shift[at] == 0 else case.rows[at],
            "note": "" if at is not None else "no region has an index",
        }

    for method in ("equal", "entropy", "critic", "pca"):
        add(method, "weights", case, method)
    if case.result.weighting == "given":
        add("given", "weights", case, "given")
    if len(case.tree.items) > 1:
        for item in case.tree.shown:
            add(f"without {item}", "item", case.without(item), case.result.weighting)
    scenarios = pd.DataFrame.from_dict(table, orient="index").rename_axis("scenario")
    return scenarios, pd.DataFrame(ranks, index=case.rows)


def _definition(result: CompositeResult, replicates: int) -> str:
    within = "" if result.reference_years == "none" else ", within each year"
    return (
        f"ranks of the index (1 is the highest, ties the best{within}) under {replicates} draws of "
        "weights, uniform at each level of the hierarchy (Dirichlet with parameters 1); under "
        "each weighting method; and without each item, the others weighed anew "
        f"({result.weighting}); shift: mean of |rank - rank of the index|; stable: the same "
        "order in every draw. " + result.definition
    )
