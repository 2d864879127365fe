"""Moran's I: are neighbouring regions more alike than regions placed at random."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator
from .._results import GlobalResult
from .._significance import Alternative, require_test
from ._global_permutation import new_seeds, shuffled_products
from ._inference import Assumption, constants, infer, require_assumption
from ._inputs import Inputs, prepare, warn_of_cut_off
from ._moments import moments, products_side, weights_side
from ._pairs import Pairs, pairs_of


def moran(
    y: pd.Series,
    graph: Graph,
    *,
    assumption: Assumption = "randomisation",
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> GlobalResult:
    """Moran's I of a value over regions.

    Parameters
    ----------
    y : Series
        One value per region, in any unit; NaN marks a region without data.
    graph : libpysal.graph.Graph
        Who is whose neighbour, as :func:`spatialreg.build_weights` gives it. Weights are used as
        given.
    assumption : {"randomisation", "normality"}
        Under which ``variance``, ``z_score`` and ``p_analytic`` hold: that the values at hand could
        stand in any order, or that they are drawn from a normal distribution.
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
        ``p_value`` from the permutations; ``expected`` and ``variance``, and from them ``z_score``
        and, by the normal approximation, ``p_analytic``. These two are NaN where the statistic
        cannot vary. Isolates have no neighbours to resemble, but their values count in the mean and
        are rearranged with the others.

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

    Notes
    -----
    ``I = n / S0 * sum_ij w_ij z_i z_j / sum_i z_i**2`` with ``z`` centred on its mean and ``S0``
    the sum of weights; it is expected at ``-1 / (n - 1)``. The moments are those of Cliff and Ord
    (1981, p. 21), under randomisation exact for the values at hand. Permutations are full
    rearrangements, each with a stream of random numbers of its own, so that the first 999 of 9999
    are those that ``permutations=999`` draws.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> result = sr.moran(states["income_1929"], sr.build_weights(states, "queen"), rng=1)
    >>> round(result.statistic, 3), result.p_value
    (0.627, 0.0002)
    """
    require_test(permutations, alternative)
    require_assumption(assumption)
    inputs = prepare(y, graph, subset=subset)
    warn_of_cut_off(inputs)
    return moran_of(inputs, permutations, alternative, generator(rng), assumption=assumption)


def moran_of(
    inputs: Inputs,
    permutations: int,
    alternative: str,
    rng: np.random.Generator,
    *,
    assumption: str = "randomisation",
    name: str = "Moran's I",
) -> GlobalResult:
    """Compute Moran's I of checked inputs."""
    pairs = pairs_of(inputs.matrix)
    seeds = new_seeds(permutations, rng)
    product, products = shuffled_products(inputs.z, pairs, seeds)
    return infer(
        name,
        product / pairs.total,
        products / pairs.total,
        moran_moments(inputs.z, pairs, assumption),
        tie=pairs.rounding(inputs.noise),
        alternative=alternative,
        regions=inputs,
        assumption=assumption,
    )


def moran_moments(z: np.ndarray, pairs: Pairs, assumption: str) -> tuple[float, float]:
    """Give mean and variance of Moran's I (Cliff and Ord 1981, p. 21)."""
    n = pairs.n
    if assumption == "normality":
        s0, s1, s2 = constants(pairs)
        square = (n**2 * s1 - n * s2 + 3 * s0**2) / ((n**2 - 1) * s0**2)
        expected = -1 / (n - 1)
        variance = square - expected**2
        # where all arrangements give the same value, rounding leaves a trace of either sign
        return expected, variance if variance > 1e-12 * square else 0.0
    expected, variance = moments(weights_side(pairs), products_side(z, z))
    return expected / pairs.total, variance / pairs.total**2
