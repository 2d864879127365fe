"""Local Moran's I: around which regions do like values gather, and which differ from theirs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import generator
from .._results import LocalResult
from .._significance import (
    Alternative,
    Correction,
    adjust,
    normal_p,
    permutation_p,
    require_level,
    require_test,
    warn_of_coarse_p,
)
from ._conditional import conditional_tails, rounding
from ._inputs import EPS, Inputs, prepare, warn_of_cut_off

_NAMES = (
    *("Low-Low", "Low-High", "High-Low", "High-High"),  # own side counts two, the neighbours' one
    *("Not significant", "Isolate", "No data"),
)
_NOT_SIGNIFICANT, _ISOLATE, _NO_DATA, _UNNAMED = 4, 5, 6, -1


def lisa(
    y: pd.Series,
    graph: Graph,
    *,
    permutations: int = 9999,
    alpha: float = 0.05,
    correction: Correction | None = None,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> LocalResult:
    """Local Moran's I of every region, with conditional permutations and clusters (Anselin 1995).

    ``I_i = (n - 1) z_i sum_j w_ij z_j / sum_k z_k**2`` with ``z`` centred on its mean, as esda and
    GeoDa scale it. Weights are used as given. Under the null hypothesis a region keeps its value
    and its neighbours' values are drawn without replacement from all other regions.

    Parameters
    ----------
    y : Series
        One value per region, in any unit; NaN marks a region without data.
    graph : libpysal.graph.Graph
        Who is whose neighbour, as :func:`spatialreg.build_weights` gives it.
    permutations : int
        Draws per region. All regions share them: see the notes.
    alpha : float
        A region belongs to a cluster where its adjusted p-value is at most this.
    correction : {None, "fdr_bh", "fdr_by", "bonferroni"}
        Adjustment for testing every region; None leaves ``p_adjusted`` equal to ``p_value``.
    alternative : {"two-sided", "greater", "less", "directed"}
        "greater" asks for regions that resemble their neighbours, "less" for those that differ;
        "directed" takes the smaller tail as it comes (what esda and GeoDa print).
    rng : int or Generator
        Seed. Draws are made in the order of sorted labels, so that the order of rows changes
        nothing.
    subset : bool
        Allow a graph wider than `y`.

    Returns
    -------
    LocalResult
        Its ``frame`` on the index of `y`: ``y``; ``lag``, the weighted sum of the neighbours' ``y``
        (their mean where rows are standardised); ``statistic``; ``z_score`` and ``p_analytic`` from
        the moments given the region's value (Sokal, Oden and Thomson 1998); ``p_value`` from the
        permutations; ``p_adjusted``; ``quadrant``, own value and neighbours' against the mean
        ("High" is strictly above); ``cluster``, the quadrant where significant, else "Not
        significant", "Isolate" or "No data". Isolates and regions without data are NaN. A region
        exactly at the mean has statistic 0 and p-value 1.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`moran`; or `alpha` or `correction` is not as above.

    Warns
    -----
    IsolateWarning
        Regions lost all their neighbours because these have no value.
    PermutationWarning
        There are too few permutations for any p-value to reach `alpha`.

    Notes
    -----
    One table of random samples without replacement serves all regions: each reads as many rows of
    it as it has neighbours, and the last region in place of itself, which makes every column a
    valid draw from exactly the others. Where a region's weights are equal, the sums drawn for its
    number of neighbours are sorted once for all such regions, and its place among them is looked
    up; unequal weights are multiplied out for each region. Sums that differ by no more than
    rounding are ties, and ties count in both tails, so that counts with many equal values keep
    their level.

    Each p-value has the sampling error of `permutations` independent draws. But regions share the
    sample, so that their errors go together, and neighbouring regions share values as well: the
    p-values are not independent. Of the corrections, "fdr_by" and "bonferroni" hold under any
    dependence. Many permutations cost little; keep to the default or go above it.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> result = sr.lisa(states["income_1929"], sr.build_weights(states, "queen"), rng=1)
    >>> result.frame.loc[["34", "28"], ["lag", "statistic", "cluster"]].round(2)
             lag  statistic    cluster
    code
    34    985.33       2.30  High-High
    28    356.25       1.75    Low-Low
    """
    require_test(permutations, alternative)
    require_level(alpha, correction)
    inputs = prepare(y, graph, subset=subset)
    warn_of_cut_off(inputs)
    tested = int((~inputs.isolated).sum())
    warn_of_coarse_p(permutations, alternative, alpha, correction, tested)
    numbers, quadrant = _measure(inputs, permutations, alternative, correction, generator(rng))
    significant = numbers["p_adjusted"] <= alpha
    found = numbers["p_value"][significant]
    cluster = np.where(significant, quadrant, _NOT_SIGNIFICANT)
    cluster[inputs.isolated] = _ISOLATE
    quadrant[inputs.isolated] = _UNNAMED
    return LocalResult(
        name="local Moran's I",
        alternative=alternative,
        permutations=int(permutations),
        alpha=float(alpha),
        correction=correction,
        cut_off=float(found.max()) if len(found) else np.nan,
        n=inputs.n,
        isolates=int(inputs.isolated.sum()),
        missing=inputs.missing,
        frame=_frame(inputs, numbers, quadrant, cluster),
    )


def _measure(
    inputs: Inputs,
    permutations: int,
    alternative: str,
    correction: str | None,
    rng: np.random.Generator,
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Compute the numbers and the code of the quadrant, for the regions with a value, sorted."""
    y, z, weights = inputs.y.to_numpy(), inputs.z, inputs.matrix
    total, lag_z = weights @ np.ones(inputs.n), weights @ z
    tie = inputs.noise + EPS
    lag_tie = rounding(weights, float(np.abs(z).max())) + tie * total
    side = np.where(np.abs(z) <= tie, 0.0, np.sign(z))
    at_least, at_most = conditional_tails(y, weights, permutations, rng)
    # the statistic is the neighbours' sum times the own value: below the mean its tails change
    # places, and at the mean it is zero whatever is drawn
    above = np.select([side > 0, side < 0], [at_least, at_most], permutations)
    below = np.select([side > 0, side < 0], [at_most, at_least], permutations)
    z_score = side * _conditional_scores(z, lag_z, total, inputs)
    p_value = permutation_p(above, below, permutations, alternative)
    p_value[inputs.isolated] = np.nan
    numbers = {
        "lag": weights @ y,
        "statistic": (inputs.n - 1) / inputs.n * z * lag_z * np.abs(side),
        "z_score": z_score,
        "p_value": p_value,
        "p_adjusted": adjust(p_value, correction),
        "p_analytic": normal_p(z_score, alternative),
    }
    for column in numbers.values():
        column[inputs.isolated] = np.nan
    return numbers, (2 * (side > 0) + (lag_z > lag_tie)).astype(np.int8)


def _conditional_scores(
    z: np.ndarray, lag_z: np.ndarray, total: np.ndarray, inputs: Inputs
) -> np.ndarray:
    """Standardise each region's neighbours' sum over all draws from the other regions.

    The others have mean ``-z_i / (n - 1)`` and a variance that lacks the share of ``z_i``; without
    replacement, a weighted sum of them varies by ``sum w**2 - (sum w)**2 / (n - 1)`` of it, times
    ``(n - 1) / (n - 2)``. This is equations A7 and A8 of Sokal, Oden and Thomson (1998). NaN where
    the sum cannot vary: the region at the mean, all others equal, or all of them neighbours alike.
    """
    n, weights = inputs.n, inputs.matrix
    squared = sparse.csr_array((weights.data**2, weights.indices, weights.indptr), weights.shape)
    squares = squared @ np.ones(n)
    spread = squares - total**2 / (n - 1)
    others = 1.0 - z**2 / (n - 1)
    varies = (spread > 1e-12 * squares) & (others > 1e-12) & (np.abs(z) > inputs.noise + EPS)
    scores = np.full(n, np.nan)
    deviation = np.sqrt(n / (n - 2) * spread[varies] * others[varies])
    scores[varies] = (lag_z + total * z / (n - 1))[varies] / deviation
    return scores


def _frame(
    inputs: Inputs, numbers: dict[str, np.ndarray], quadrant: np.ndarray, cluster: np.ndarray
) -> pd.DataFrame:
    """Put numbers and names on the caller's index; without data there are none."""
    given, names = inputs.given, pd.Series(_NAMES).array

    def placed(column: np.ndarray, empty: float) -> np.ndarray:
        whole = np.full(len(given), empty, dtype=column.dtype)
        whole[inputs.places] = column
        return whole

    # names are taken by code, for a million pieces of text would take longer than their p-values
    return pd.DataFrame(
        {
            "y": given.to_numpy(),
            **{name: placed(column, np.nan) for name, column in numbers.items()},
            "quadrant": names.take(placed(quadrant, _UNNAMED), allow_fill=True),
            "cluster": names.take(placed(cluster, _NO_DATA)),
        },
        index=given.index,
    )
