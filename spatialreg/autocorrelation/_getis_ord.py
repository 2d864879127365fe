"""The general G: do high values gather, or do low ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator, numeric_series, some
from .._results import GlobalResult
from .._significance import Alternative, require_test
from ..errors import InputError
from ._global_permutation import new_seeds, shuffled_products
from ._inference import infer
from ._inputs import EPS, prepare, warn_of_cut_off
from ._links import links_of
from ._moments import moments, raw_products_side, weights_side
from ._pairs import pairs_of


def getis_ord_g(
    y: pd.Series,
    graph: Graph,
    *,
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> GlobalResult:
    """Getis and Ord's general G: the share of all products of two values that neighbours have.

    Parameters
    ----------
    y : Series
        One value per region, not negative and with a natural zero (an income, a count); NaN marks
        a region without data.
    graph : libpysal.graph.Graph
        Who is whose neighbour. A link counts as 1, however the rows are standardised.
    permutations, rng, subset
        As in :func:`moran`.
    alternative : {"two-sided", "greater", "less", "directed"}
        "greater" asks whether high values lie side by side, "less" whether low ones do (or high
        ones keep apart).

    Returns
    -------
    GlobalResult
        As of :func:`moran`, with moments under randomisation.

    Raises
    ------
    InputError
        As in :func:`moran`; or a value is negative, fewer than two are above zero, or weights tell
        how near neighbours are.
    AlignmentError
        As in :func:`moran`.

    Warns
    -----
    IsolateWarning
        Regions lost all their neighbours because these have no value.

    Notes
    -----
    ``G = sum_ij w_ij y_i y_j / sum_(i != j) y_i y_j``, expected at ``S0 / (n (n - 1))`` with ``S0``
    the number of links (Getis and Ord 1992). Moran's I cannot tell clusters of high values from
    clusters of low ones; G can, but for the price that it depends on where zero is.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> result = sr.autocorrelation.getis_ord_g(states["income_1929"], graph, rng=1)
    >>> round(result.statistic / result.expected, 3)
    1.022
    """
    require_test(permutations, alternative)
    _require_positive(numeric_series(y))
    inputs = prepare(y, graph, subset=subset)
    warn_of_cut_off(inputs)
    pairs = pairs_of(links_of(inputs.matrix, "the general G"))
    values = inputs.y.to_numpy()
    if not 1e-100 < values.max() < 1e100:  # squares would overflow or vanish
        values = values / values.max()
    seeds = new_seeds(permutations, generator(rng))
    product, products = shuffled_products(values, pairs, seeds)
    mean, deviation = float(values.mean()), float(values.std())
    every = float(values.sum() ** 2 - values @ values)
    expected, variance = moments(weights_side(pairs), raw_products_side(inputs.z, mean, deviation))
    null = products / every
    return infer(
        "Getis-Ord G",
        product / every,
        null,
        (expected / every, variance / every**2),
        # all terms are positive, so that the sum bounds its own rounding error
        tie=4 * EPS * np.sqrt(len(pairs.weights)) * max(product / every, float(np.max(null))),
        alternative=alternative,
        regions=inputs,
    )


def _require_positive(y: pd.Series) -> None:
    negative = y.index[y < 0]
    if len(negative):
        raise InputError(
            f"the general G needs values from zero upwards, but {len(negative)} are negative "
            f"({some(negative)}): use moran, which does not depend on where zero is"
        )
    if (y > 0).sum() < 2:
        raise InputError(
            f"the general G multiplies the values of two regions, but {int((y > 0).sum())} of "
            f"{len(y)} are above zero: use join_counts for who is where"
        )
