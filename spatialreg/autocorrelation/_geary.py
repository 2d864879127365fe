"""Geary's C: how much neighbouring regions differ, against how much any two regions do."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator
from .._results import GlobalResult
from .._significance import Alternative, require_test
from ._global_permutation import new_seeds, shuffled_differences
from ._inference import Assumption, constants, infer, require_assumption
from ._inputs import prepare, warn_of_cut_off
from ._moments import differences_side, moments, weights_side
from ._pairs import Pairs, pairs_of


def geary(
    y: pd.Series,
    graph: Graph,
    *,
    assumption: Assumption = "randomisation",
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> GlobalResult:
    """Geary's C of a value over regions: below 1 where neighbours are alike, above where not.

    Parameters
    ----------
    y : Series
        One value per region, in any unit; NaN marks a region without data.
    graph : libpysal.graph.Graph
        Who is whose neighbour. Weights are used as given.
    assumption : {"randomisation", "normality"}
        Under which ``variance``, ``z_score`` and ``p_analytic`` hold.
    permutations, rng, subset
        As in :func:`moran`.
    alternative : {"two-sided", "greater", "less", "directed"}
        As in :func:`moran`, "greater" asks whether neighbours are more alike than by chance. C is
        then *small* and its ``z_score`` negative.

    Returns
    -------
    GlobalResult
        As of :func:`moran`; the statistic is expected at 1.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`moran`.

    Warns
    -----
    IsolateWarning
        Regions lost all their neighbours because these have no value.

    Notes
    -----
    ``C = (n - 1) / (2 S0) * sum_ij w_ij (y_i - y_j)**2 / sum_i z_i**2`` with ``z`` centred on its
    mean and ``S0`` the sum of weights (Geary 1954); moments as in Cliff and Ord (1981, p. 21).
    Where Moran's I weighs how far a pair lies from the mean, C weighs how far apart its two values
    are, so that it answers more to single regions that differ from their neighbours.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> result = sr.autocorrelation.geary(states["income_1929"], graph, rng=1)
    >>> round(result.statistic, 3), result.p_value
    (0.368, 0.0002)
    """
    require_test(permutations, alternative)
    require_assumption(assumption)
    inputs = prepare(y, graph, subset=subset)
    warn_of_cut_off(inputs)
    pairs = pairs_of(inputs.matrix)
    seeds = new_seeds(permutations, generator(rng))
    differences, shuffled = shuffled_differences(inputs.z, pairs, seeds)
    # the squares of z sum to n
    scale = (inputs.n - 1) / (2 * pairs.total * inputs.n)
    return infer(
        "Geary's C",
        scale * differences,
        scale * shuffled,
        _moments(inputs.z, pairs, assumption, scale),
        # a squared difference is at most twice the squares, which stand in up to 2 n products
        tie=4 * pairs.rounding(inputs.noise),
        alternative=alternative,
        regions=inputs,
        assumption=assumption,
        likeness=-1,
    )


def _moments(z: np.ndarray, pairs: Pairs, assumption: str, scale: float) -> tuple[float, float]:
    n = pairs.n
    if assumption == "normality":
        s0, s1, s2 = constants(pairs)
        free = (2 * s1 + s2) * (n - 1)
        variance = (free - 4 * s0**2) / (2 * (n + 1) * s0**2)
        return 1.0, variance if variance > 1e-12 * free / (2 * (n + 1) * s0**2) else 0.0
    expected, variance = moments(weights_side(pairs), differences_side(z))
    return scale * expected, scale**2 * variance
