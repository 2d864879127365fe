"""Bivariate Moran's I: does one value go with another value in the neighbouring regions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator
from .._results import GlobalResult
from .._significance import Alternative, require_test
from ._global_permutation import new_seeds, shuffled_dots
from ._inference import infer
from ._inputs import warn_of_cut_off
from ._pair_inputs import prepare_two
from ._pairs import pairs_of


def moran_bv(
    x: pd.Series,
    y: pd.Series,
    graph: Graph,
    *,
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> GlobalResult:
    """Bivariate Moran's I: `x` of a region with `y` of its neighbours.

    Parameters
    ----------
    x, y : Series
        Values on the same regions, in any units. A region without a value of either is left out.
    graph : libpysal.graph.Graph
        Who is whose neighbour. Weights are used as given.
    permutations : int
        Random rearrangements of `y`, while `x` stays where it is.
    alternative : {"two-sided", "greater", "less", "directed"}
        "greater" asks whether high `x` goes with high `y` next door, "less" whether it goes with
        low `y`.
    rng, subset
        As in :func:`moran`.

    Returns
    -------
    GlobalResult
        As of :func:`moran`. The statistic is expected at 0; its variance is that over all
        rearrangements of `y`, and the same if `y` is drawn from a normal distribution.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`moran`, for `x` or `y`; or they are not on the same regions.

    Warns
    -----
    IsolateWarning
        Regions lost all their neighbours because these have no value.

    Notes
    -----
    ``I = n / S0 * sum_ij w_ij x_i y_j / sqrt(sum x_i**2 sum y_j**2)`` with both centred (Wartenberg
    1985): with ``x = y`` Moran's I, and with standardised rows and no isolates the slope that GeoDa
    shows. The permutations break the tie between `x` and `y` in the same region, too. A small
    p-value can therefore come from `x` and `y` that go together within each region and are each
    autocorrelated; :func:`lee` keeps them together.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> before, after = states["income_1929"], states["income_2009"]
    >>> result = sr.autocorrelation.moran_bv(before, after, graph, rng=1)
    >>> round(result.statistic, 3), result.p_value
    (0.457, 0.0002)
    """
    require_test(permutations, alternative)
    first, second, inputs = prepare_two(x, y, graph, subset=subset)
    warn_of_cut_off(inputs)
    pairs = pairs_of(inputs.matrix)
    near = inputs.matrix.T @ first.z  # what each region's y is multiplied by, wherever it comes to
    seeds = new_seeds(permutations, generator(rng))
    dots = shuffled_dots(second.z, near[:, np.newaxis], seeds)[:, 0]
    # a mean over all rearrangements of products of two columns (Daniels 1944)
    spread = near - near.mean()
    spread[np.abs(spread) <= 1e-13 * np.abs(near).max()] = 0.0
    variance = float(spread @ spread) * inputs.n / (inputs.n - 1) / pairs.total**2
    return infer(
        "bivariate Moran's I",
        float(near @ second.z) / pairs.total,
        dots / pairs.total,
        (0.0, variance),
        tie=pairs.rounding(max(first.noise, second.noise)),
        alternative=alternative,
        regions=inputs,
    )
