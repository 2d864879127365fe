"""Moran's I: are neighbouring regions more alike than regions placed at random."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator
from .._results import GlobalResult
from ._inputs import EPS, Inputs, prepare, warn_of_cut_off
from ._permutation import permuted_products
from ._significance import Alternative, normal_p, permutation_p, require_test


def moran(
    y: pd.Series,
    graph: Graph,
    *,
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> GlobalResult:
    """Moran's I of a value over regions, with its moments under randomisation.

    ``I = n / S0 * sum_ij w_ij z_i z_j / sum_i z_i**2`` with ``z`` centred on its mean and ``S0``
    the sum of weights. Weights are used as given.

    Parameters
    ----------
    y : Series
        One value per region, in any unit; NaN marks a region without data.
    graph : libpysal.graph.Graph
        Who is whose neighbour, as :func:`spatialreg.build_weights` gives it.
    permutations : int
        Random rearrangements of the values over the regions.
    alternative : {"two-sided", "greater", "less", "directed"}
        "greater" asks whether neighbours are more alike than by chance, "less" whether they are
        less alike; "directed" takes the smaller tail as it comes (what esda and GeoDa print, about
        half the two-sided p-value).
    rng : int or Generator
        Seed. Draws are made in the order of sorted labels, so that the order of rows changes
        nothing.
    subset : bool
        Allow a graph wider than `y`.

    Returns
    -------
    GlobalResult
        ``p_value`` from the permutations, ``p_analytic`` from the normal approximation with
        ``expected`` and ``variance`` under randomisation (Cliff and Ord 1981). Isolates have no
        neighbours to resemble, but their values count in the mean and are rearranged with the
        others. ``z_score`` and ``p_analytic`` are NaN where the statistic cannot vary.

    Raises
    ------
    InputError
        `y` is not numeric, constant, or has fewer than four values; no two regions with a value
        are neighbours; weights are negative, infinite or of a region on itself.
    AlignmentError
        Labels are doubled, the graph lacks regions of `y`, or is wider without ``subset=True``.

    Warns
    -----
    IsolateWarning
        Regions lost all their neighbours because these have no value.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> result = sr.moran(states["income_1929"], sr.build_weights(states, "queen"), rng=1)
    >>> round(result.statistic, 3), result.p_value
    (0.627, 0.0002)
    """
    require_test(permutations, alternative)
    inputs = prepare(y, graph, subset=subset)
    warn_of_cut_off(inputs)
    return moran_of(inputs, permutations, alternative, generator(rng))


def moran_of(
    inputs: Inputs, permutations: int, alternative: str, rng: np.random.Generator
) -> GlobalResult:
    """Compute Moran's I of checked inputs."""
    s0 = float(inputs.matrix.sum())
    product, products = permuted_products(inputs.z, inputs.matrix, permutations, rng)
    statistic, null = product / s0, products / s0
    expected, variance = randomisation_moments(inputs)
    z_score = (statistic - expected) / np.sqrt(variance) if variance > 0 else np.nan
    tie = _rounding(inputs, s0)
    p_value = permutation_p(
        int(np.sum(null >= statistic - tie)),
        int(np.sum(null <= statistic + tie)),
        permutations,
        alternative,
    )
    null.flags.writeable = False
    return GlobalResult(
        name="Moran's I",
        statistic=statistic,
        expected=expected,
        variance=variance,
        z_score=float(z_score),
        p_value=float(p_value),
        p_analytic=float(normal_p(z_score, alternative)),
        alternative=alternative,
        permutations=int(permutations),
        n=inputs.n,
        isolates=int(inputs.isolated.sum()),
        missing=inputs.missing,
        null_distribution=null,
    )


def randomisation_moments(inputs: Inputs) -> tuple[float, float]:
    """Give mean and variance of Moran's I over all rearrangements (Cliff and Ord 1981, p. 21)."""
    n, z = float(inputs.n), inputs.z
    weights = inputs.matrix
    s0 = float(weights.sum())
    both = weights + weights.T
    s1 = float((both.data**2).sum()) / 2.0
    s2 = float(((weights.sum(axis=1) + weights.sum(axis=0)) ** 2).sum())
    kurtosis = float(np.mean(z**4)) / float(np.mean(z**2)) ** 2
    free = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    peaked = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    expected = -1.0 / (n - 1)
    square = (free - peaked) / ((n - 1) * (n - 2) * (n - 3) * s0**2)
    variance = square - expected**2
    # where all rearrangements give the same value, rounding leaves a trace of either sign
    return expected, variance if variance > 1e-12 * (square + expected**2) else 0.0


def _rounding(inputs: Inputs, s0: float) -> float:
    """Bound the rounding error of the statistic, within which two values are the same.

    The sum of ``w_ij |z_i z_j|`` is at most n times the geometric mean of the largest row and
    column sums.
    """
    weights = inputs.matrix
    size = inputs.n / s0 * np.sqrt(weights.sum(axis=1).max() * weights.sum(axis=0).max())
    return float(size * (2 * inputs.noise + 4 * EPS * np.sqrt(weights.nnz)))
