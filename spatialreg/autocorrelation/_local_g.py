"""Local G: around which regions do high values gather (hot spots), around which low ones."""

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
    normal_p,
    permutation_p,
    warn_of_coarse_p,
)
from ._conditional import conditional_tails
from ._inputs import Inputs, prepare, warn_of_cut_off
from ._local_frame import (
    NEGLIGIBLE,
    Inference,
    local_result,
    moments_of_draws,
    moments_of_others,
    named,
    scores,
)


def local_g(
    y: pd.Series,
    graph: Graph,
    *,
    star: bool = False,
    permutations: int = 9999,
    alpha: float = 0.05,
    correction: Correction | None = None,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> LocalResult:
    """Local G or G* of every region: hot spots and cold spots (Getis and Ord 1992).

    ``G_i = sum_j w_ij y_j / sum_j y_j`` over the others, ``j != i``; G* counts the region itself
    in both sums.

    Parameters
    ----------
    y : Series
        One value per region, in any unit; NaN marks a region without data.
    graph : libpysal.graph.Graph
        Who is whose neighbour, as :func:`spatialreg.build_weights` gives it.
    star : bool
        Count a region among its neighbours, with the largest weight of its row; where rows are
        standardised, they are standardised again.
    permutations, alpha, correction, rng, subset
        As in :func:`lisa`.
    alternative : {"two-sided", "greater", "less", "directed"}
        "greater" asks for hot spots, "less" for cold ones.

    Returns
    -------
    LocalResult
        Its ``frame`` on the index of `y`: ``y``; ``lag``, the weighted sum of the neighbours' ``y``
        (and with `star` the region's own); ``statistic``, ``G_i``, NaN if any value is negative,
        since it is a share of a total; ``z_score`` and ``p_analytic`` from the moments of Ord and
        Getis (1995), which hold for any values; ``p_value`` from the permutations;
        ``p_adjusted``; ``quadrant``, "Hot spot" where most of the permutations give less, else
        "Cold spot"; ``cluster``, the quadrant where significant, else "Not significant", "Isolate"
        or "No data". Isolates and regions without data are NaN, with `star` too.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`lisa`.

    Warns
    -----
    IsolateWarning, PermutationWarning
        As in :func:`lisa`.

    Notes
    -----
    With ``W_i`` and ``S_i`` the sums of weights and of squared weights, and with mean ``m`` and
    variance ``s**2`` of the ``N = n - 1`` other regions (of all ``N = n`` for G*), ``lag`` is
    expected to be ``W_i m`` with variance ``s**2 (N S_i - W_i**2) / (N - 1)``. For G* the own value
    varies with the others in these moments.

    Permutations keep a region's own value where it is. It then adds the same to G* in each, so
    that ``p_value`` is that of G for the same seed.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> result = sr.autocorrelation.local_g(states["income_1929"], graph, star=True, rng=1)
    >>> result.frame.loc[["34", "28"], ["statistic", "z_score", "cluster"]].round(3)
          statistic  z_score    cluster
    code
    34        0.033    3.340   Hot spot
    28        0.012   -2.919  Cold spot
    """
    inference = Inference(permutations, alternative, alpha, correction)
    inputs = prepare(y, graph, subset=subset)
    warn_of_cut_off(inputs)
    warn_of_coarse_p(*inference.coarse(int((~inputs.isolated).sum())))
    values = inputs.y.to_numpy()
    weights = inputs.matrix
    if star:
        weights = _with_itself(inputs, standardised=graph.transformation == "R")
    lag = weights @ values
    expected, variance = _moments(inputs.z, weights, star=star)
    z_score = scores(weights @ inputs.z, expected, variance)
    total = np.full(inputs.n, values.sum()) - (0.0 if star else values)
    share = np.full(inputs.n, np.nan)
    if values.min() >= 0:
        np.divide(lag, total, out=share, where=total > 0)
    # given its own value, G and G* of a region differ by a constant alone
    at_least, at_most = conditional_tails(values, inputs.matrix, permutations, generator(rng))
    numbers = {
        "lag": lag,
        "statistic": share,
        "z_score": z_score,
        "p_value": permutation_p(at_least, at_most, permutations, alternative),
        "p_analytic": normal_p(z_score, alternative),
    }
    name = "local G*" if star else "local G"
    return local_result(
        name,
        inputs,
        inference,
        numbers,
        ("Hot spot", "Cold spot"),
        named(at_least, at_most, z_score),
        given={"y": inputs.given},
    )


def _with_itself(inputs: Inputs, *, standardised: bool) -> sparse.csr_array:
    """Add each region to its neighbours; isolates stay without."""
    largest = inputs.matrix.max(axis=1).toarray().ravel()
    weights = sparse.csr_array(inputs.matrix + sparse.diags_array(largest))
    if not standardised:
        return weights
    total = np.where(inputs.isolated, 1.0, weights.sum(axis=1))
    return sparse.csr_array(sparse.diags_array(1.0 / total) @ weights)


def _moments(
    z: np.ndarray, weights: sparse.csr_array, *, star: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Give the moments of the weighted sum of `z` (Ord and Getis 1995)."""
    if not star:
        return moments_of_draws(*moments_of_others(z), weights)
    n = len(z)
    total, squares = weights.sum(axis=1), (weights**2).sum(axis=1)
    spread = squares - total**2 / n
    return np.zeros(n), np.where(spread > NEGLIGIBLE * squares, spread * n / (n - 1), 0.0)
