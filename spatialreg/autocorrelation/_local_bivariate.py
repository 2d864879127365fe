"""Bivariate local Moran's I: do high values of one variable lie among high ones of another."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator
from .._results import LocalResult
from .._significance import (
    Alternative,
    Correction,
    normal_p,
    permutation_p,
    warn_of_coarse_p,
)
from ._conditional import conditional_tails, rounding
from ._inputs import EPS, warn_of_cut_off
from ._local_frame import (
    Inference,
    local_result,
    moments_of_draws,
    moments_of_others,
    prepare_columns,
    scores,
    sides,
)


def lisa_bv(
    x: pd.Series,
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
    """Bivariate local Moran's I: a region's `x` against its neighbours' `y` (Anselin et al. 2002).

    ``I_i = (n - 1) / n * zx_i sum_j w_ij zy_j`` with ``zx`` and ``zy`` in standard deviations from
    their means. Under the null hypothesis a region keeps its values and its neighbours' ``y`` is
    drawn without replacement from all other regions.

    Parameters
    ----------
    x, y : Series
        One value per region each, in any unit, on the same labels; a region that has NaN in either
        is left out.
    graph : libpysal.graph.Graph
        Who is whose neighbour, as :func:`spatialreg.build_weights` gives it.
    permutations, alpha, correction, alternative, rng, subset
        As in :func:`lisa`.

    Returns
    -------
    LocalResult
        Its ``frame`` on the index of `x`: ``x`` and ``y``; ``lag``, the weighted sum of the
        neighbours' ``y``; ``statistic``; ``z_score`` and ``p_analytic`` from the moments given the
        region's values; ``p_value`` from the permutations; ``p_adjusted``; ``quadrant``, own ``x``
        and neighbours' ``y`` against their means ("High" is strictly above); ``cluster``, the
        quadrant where significant, else "Not significant", "Isolate" or "No data". Isolates and
        regions without data are NaN. A region whose ``x`` is exactly at the mean has statistic 0
        and p-value 1.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`lisa`, for either; or the labels of `x` and `y` differ.

    Warns
    -----
    IsolateWarning, PermutationWarning
        As in :func:`lisa`.

    Notes
    -----
    A region's own ``y`` takes no part: where `x` and `y` go together in each region and `y` is
    clustered, so is this. It does not say that `x` acts on `y`, nor the other way round.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> result = sr.autocorrelation.lisa_bv(
    ...     states["income_1929"], states["income_2009"], graph, rng=1
    ... )
    >>> result.frame.loc[["34", "28"], ["lag", "statistic", "quadrant"]].round(2)
               lag  statistic   quadrant
    code
    34    41935.33       1.20  High-High
    28    33107.50       1.13    Low-Low
    """
    inference = Inference(permutations, alternative, alpha, correction)
    given = {"x": x, "y": y}
    own, other = prepare_columns(given, graph, subset=subset).values()
    warn_of_cut_off(own)
    warn_of_coarse_p(*inference.coarse(int((~own.isolated).sum())))
    weights, values = other.matrix, other.y.to_numpy()
    side = sides(own.z, own.noise + EPS)
    lag_z = weights @ other.z
    tie = rounding(weights, float(np.abs(other.z).max()))
    around = sides(lag_z, tie + (other.noise + EPS) * weights.sum(axis=1))
    at_least, at_most = conditional_tails(values, weights, permutations, generator(rng))
    # the neighbours' sum is multiplied by the own value: below the mean its tails change places,
    # and at the mean the product is zero whatever is drawn
    above = np.select([side > 0, side < 0], [at_least, at_most], permutations)
    below = np.select([side > 0, side < 0], [at_most, at_least], permutations)
    z_score = side * scores(lag_z, *moments_of_draws(*moments_of_others(other.z), weights))
    z_score[side == 0] = np.nan
    return local_result(
        "bivariate local Moran's I",
        own,
        inference,
        {
            "lag": weights @ values,
            "statistic": (own.n - 1) / own.n * own.z * lag_z * np.abs(side),
            "z_score": z_score,
            "p_value": permutation_p(above, below, permutations, alternative),
            "p_analytic": normal_p(z_score, alternative),
        },
        ("Low-Low", "Low-High", "High-Low", "High-High"),
        (2 * (side > 0) + (around > 0)).astype(np.int8),
        given=given,
    )
