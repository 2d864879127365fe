"""Join counts: how often neighbours are of the same kind, and how often of two given kinds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator, require_unique, some
from .._results import JoinCountsResult
from .._significance import Alternative, require_test
from ..errors import InputError
from ._global_permutation import new_seeds, shuffled_joins
from ._inference import infer
from ._inputs import EPS, prepare, warn_of_cut_off
from ._links import links_of
from ._moments import Side, moments, side, weights_side
from ._pairs import pairs_of

MOST = 50  # categories: all pairs of them are counted in every permutation
DIFFERENT = "different"


def join_counts(
    y: pd.Series,
    graph: Graph,
    *,
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> JoinCountsResult:
    """Count pairs of neighbours by the categories that they belong to.

    Parameters
    ----------
    y : Series
        One category per region: 0 and 1, True and False, or up to 50 numbers or words. Missing
        values mark regions without data.
    graph : libpysal.graph.Graph
        Who is whose neighbour. A link counts as 1, however the rows are standardised.
    permutations, rng, subset
        As in :func:`moran`.
    alternative : {"two-sided", "greater", "less", "directed"}
        "greater" asks whether there are more of these joins than by chance, "less" whether there
        are fewer. Where like gathers with like, there are many joins of the same category and few
        of two different ones.

    Returns
    -------
    JoinCountsResult
        Its ``frame`` has a row for each pair of categories: for 0 and 1 ``BB`` (both 1), ``BW`` and
        ``WW`` (both 0); else ``a:a`` and ``a:b``, and of more than two categories ``different``,
        all joins of two different ones. Columns: ``first``, ``second``, ``statistic``,
        ``expected``, ``variance``, ``z_score``, ``p_value``, ``p_analytic``.
        ``result.of("BB")`` gives a row as a ``GlobalResult``.

    Raises
    ------
    InputError
        All regions are of one category, or there are more than 50; fewer than four have one; no
        two regions with a value are neighbours; weights tell how near neighbours are.
    AlignmentError
        As in :func:`moran`.

    Warns
    -----
    IsolateWarning
        Regions lost all their neighbours because these have no value.

    Notes
    -----
    ``BB = sum_ij w_ij y_i y_j / 2``, and so on: a pair of mutual neighbours is one join, a link in
    one direction alone is half of one. Moments are those of all rearrangements (sampling without
    replacement, which spdep calls nonfree; Cliff and Ord 1981). The rows are not independent of one
    another: the counts of all pairs of categories add up to half the number of links.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> rich = states["income_1929"] > states["income_1929"].median()
    >>> result = sr.autocorrelation.join_counts(rich, graph, permutations=999, rng=1)
    >>> result.frame[["statistic", "expected", "p_value"]].round(3)
           statistic  expected  p_value
    joins
    BB          33.0    26.181    0.110
    BW          33.0    54.638    0.002
    WW          41.0    26.181    0.002
    """
    require_test(permutations, alternative)
    codes, categories = _codes(y)
    inputs = prepare(codes, graph, subset=subset)
    warn_of_cut_off(inputs)
    pairs = pairs_of(links_of(inputs.matrix, "join_counts"))
    kinds = len(categories)
    placed = inputs.y.to_numpy().astype(np.int64)
    counts = np.bincount(placed, minlength=kinds)
    observed, tables = shuffled_joins(placed, kinds, pairs, new_seeds(permutations, generator(rng)))
    near = weights_side(pairs)
    joins = _joins(categories)
    results = {}
    for join in joins:
        first, second = join.cells
        expected, variance = moments(near, _alike(placed, counts, join))
        results[join.name] = infer(
            f"join count {join.name}",
            float(observed[first, second].sum()),
            tables[:, first, second].sum(axis=1),
            (expected / 2, variance / 4),
            tie=4 * EPS * pairs.total,  # halves of whole numbers, summed without rounding
            alternative=alternative,
            regions=inputs,
        )
    return JoinCountsResult.from_results(
        results, [join.first for join in joins], [join.second for join in joins]
    )


@dataclass(frozen=True)
class _Join:
    """A row of the result: its name, its two categories, and its cells of the table of joins."""

    name: str
    first: object
    second: object
    cells: tuple[np.ndarray, np.ndarray]


def _codes(y: object) -> tuple[pd.Series, pd.Index]:
    """Give each region the number of its category, NaN where it has none, and the categories."""
    if not isinstance(y, pd.Series):
        raise InputError(
            f"y must be a pandas Series labelled by region, not {type(y).__name__}: "
            "pass a column of the frame, frame['column']"
        )
    require_unique(y.index, "y")
    if pd.api.types.is_numeric_dtype(y) and not pd.api.types.is_bool_dtype(y):
        infinite = y.index[np.isinf(y.to_numpy(dtype=float, na_value=np.nan))]
        if len(infinite):
            raise InputError(
                f"y has {len(infinite)} infinite values, at {some(infinite)}: "
                "replace them by NaN or leave those regions out"
            )
    kinds = pd.Categorical(y, categories=_in_order(y))
    if len(kinds.categories) == 1:
        raise InputError(
            f"y is constant ({kinds.categories[0]} in all regions with a value), so that all "
            "joins are of one kind: check the column"
        )
    if len(kinds.categories) > MOST:
        raise InputError(
            f"y has {len(kinds.categories)} categories, but at most {MOST} can be told apart: "
            "put values into classes first, or use moran for a number"
        )
    codes = pd.Series(kinds.codes.astype(float), y.index)
    return codes.where(kinds.codes >= 0), kinds.categories


def _in_order(y: pd.Series) -> pd.Index:
    """Give the categories in an order that does not depend on that of the rows."""
    if isinstance(y.dtype, pd.CategoricalDtype):
        return y.cat.remove_unused_categories().cat.categories
    seen = pd.Index(y.dropna().unique())
    try:
        return seen.sort_values()
    except TypeError:  # of several types
        return seen[np.argsort([f"{type(kind).__name__} {kind}" for kind in seen])]


def _joins(categories: pd.Index) -> list[_Join]:
    """List the pairs of categories: each with itself, each two, and all that differ."""
    kinds = len(categories)
    if set(categories) == {0, 1}:
        white, black = (list(categories).index(kind) for kind in (0, 1))
        cells = {"BB": (black, black), "BW": (black, white), "WW": (white, white)}
    else:
        pairs = [(k, k) for k in range(kinds)] + list(combinations(range(kinds), 2))
        cells = {f"{categories[a]}:{categories[b]}": (a, b) for a, b in pairs}
        if len(cells) < len(pairs):
            raise InputError(
                f"some of the categories ({some(categories)}) cannot be told apart in writing: "
                "rename them"
            )
    joins = [
        # the table of joins has its upper triangle filled
        _Join(
            name,
            categories[a],
            categories[b],
            (np.array([min(a, b)]), np.array([max(a, b)])),
        )
        for name, (a, b) in cells.items()
    ]
    if kinds > 2:
        joins.append(_Join(DIFFERENT, None, None, np.triu_indices(kinds, 1)))
    return joins


def _alike(codes: np.ndarray, counts: np.ndarray, join: _Join) -> Side:
    """Split the matrix that is 1 where two regions make such a join, in either order."""
    first, second = join.cells
    kinds = len(counts)
    makes = np.zeros((kinds, kinds))
    makes[first, second] = makes[second, first] = 1.0
    # with how many others a region of each category makes one: not with itself
    partners = makes @ counts - np.diag(makes)
    sums = partners[codes]
    return side(sums, float(sums.sum()), np.zeros(len(codes)))
