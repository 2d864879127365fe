"""Lee's L: do two values go together once both are smoothed over the neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import generator, restrict_graph, some
from .._results import GlobalResult
from .._significance import Alternative, require_test
from ..errors import InputError
from ._global_permutation import new_seeds, shuffled_products
from ._inference import infer
from ._inputs import Inputs, prepare, warn_of_cut_off, weights_matrix
from ._moments import moments, products_side, weights_side
from ._pair_inputs import require_values, same_regions, scaled
from ._pairs import pairs_of


def lee(
    x: pd.Series,
    y: pd.Series,
    graph: Graph,
    *,
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> GlobalResult:
    """Lee's L: the correlation of `x` and `y`, each averaged over the neighbours.

    Parameters
    ----------
    x, y : Series
        Values on the same regions, in any units. A region without a value of either is left out.
        With ``y = x`` the statistic is the univariate one, Lee's spatial smoothing scalar.
    graph : libpysal.graph.Graph
        Who is whose neighbour. Weights are used as given, and here those of regions on themselves
        are welcome: Lee counts a region among its own neighbours, for which
        ``graph.assign_self_weight(1).transform("r")`` prepares a binary graph.
    permutations : int
        Random rearrangements of the regions; ``x`` and ``y`` of a region stay together.
    alternative : {"two-sided", "greater", "less", "directed"}
        "greater" asks whether smoothed `x` and `y` go together more than by chance, given how they
        go together within regions, "less" whether they do less.
    rng, subset
        As in :func:`moran`.

    Returns
    -------
    GlobalResult
        As of :func:`moran`, with moments under randomisation. What is expected depends on the
        correlation of `x` and `y` and is not near zero where the weights include the regions
        themselves.

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
    ``L = n / sum_i (sum_j w_ij)**2 * sum_i (sum_j w_ij x_j) (sum_j w_ij y_j) / sqrt(sum x_i**2 sum
    y_j**2)`` with both centred on their means (Lee 2001). Moments are those of all rearrangements
    of pairs of values (Lee 2004).

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen", transform="b")
    >>> graph = graph.assign_self_weight(1).transform("r")
    >>> before, after = states["income_1929"], states["income_2009"]
    >>> result = sr.autocorrelation.lee(before, after, graph, rng=1)
    >>> round(result.statistic, 3), round(result.expected, 3), result.p_value
    (0.498, 0.135, 0.0002)
    """
    require_test(permutations, alternative)
    x, y = same_regions(x, y, ("x", "y"))
    require_values(y.notna(), "x and y")
    first, second = scaled(x, "x"), scaled(y, "y")
    regions, matrix = _prepare(y, graph, subset)
    # the sum over i of both averages is one over pairs (j, k), with W'W for the weights
    pairs = pairs_of(sparse.csr_array(matrix.T @ matrix))
    seeds = new_seeds(permutations, generator(rng))
    # x_i y_j + x_j y_i is a quarter of the difference of two squares, which the sums over one
    # variable can do; the same seeds keep the two together
    plus, pluses = shuffled_products(first.z + second.z, pairs, seeds)
    minus, minuses = shuffled_products(first.z - second.z, pairs, seeds)
    expected, variance = moments(weights_side(pairs), products_side(first.z, second.z))
    return infer(
        "Lee's L",
        (plus - minus) / 4 / pairs.total,
        (pluses - minuses) / 4 / pairs.total,
        (expected / pairs.total, variance / pairs.total**2),
        tie=2 * pairs.rounding(max(first.noise, second.noise)),
        alternative=alternative,
        regions=regions,
    )


@dataclass(frozen=True)
class _Regions:
    n: int
    isolated: np.ndarray
    missing: int


def _prepare(
    y: pd.Series, graph: Graph, subset: bool
) -> tuple[Inputs | _Regions, sparse.csr_array]:
    """Check the graph without its weights on the diagonal, and give the matrix with them."""
    own = _own_weights(graph) if isinstance(graph, Graph) else None
    if own is None:  # none, or no graph at all
        inputs = prepare(y, graph, subset=subset)
        warn_of_cut_off(inputs)
        return inputs, inputs.matrix
    inputs = prepare(y, _without(graph, own), subset=subset)
    labels = inputs.y.index
    matrix = weights_matrix(restrict_graph(graph, labels), labels)
    return _Regions(inputs.n, np.diff(matrix.indptr) == 0, inputs.missing), matrix


def _own_weights(graph: Graph) -> np.ndarray | None:
    """Mark the links of regions to themselves, or give None if there are none."""
    adjacency = graph.adjacency
    focal = adjacency.index.get_level_values("focal").to_numpy()
    own = focal == adjacency.index.get_level_values("neighbor").to_numpy()
    weight = adjacency.to_numpy(dtype=float)
    bad = focal[own & (~np.isfinite(weight) | (weight < 0))]
    if len(bad):
        raise InputError(
            f"weights must be finite and not negative; those of {len(bad)} regions on themselves "
            f"are not ({some(bad)})"
        )
    own &= weight != 0
    return own if own.any() else None


def _without(graph: Graph, own: np.ndarray) -> Graph:
    """Give the graph without the marked links; who has no others becomes an isolate."""
    adjacency = graph.adjacency.astype(float)
    left = set(adjacency.index.get_level_values("focal")[~own])
    lonely = own & ~adjacency.index.get_level_values("focal").isin(left)
    kept = adjacency.where(~own, 0.0)[~own | lonely]
    return Graph(kept, is_sorted=True)
