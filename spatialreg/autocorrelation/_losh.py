"""Local spatial heteroscedasticity: around which regions do values vary more than elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse
from scipy.stats import chi2

from .._align import generator
from .._results import LocalResult
from .._significance import (
    _TINY,
    Alternative,
    Correction,
    _combine,
    permutation_p,
    warn_of_coarse_p,
)
from ..errors import InputError
from ._conditional import conditional_tails
from ._inputs import EPS, FEWEST, Inputs, prepare, warn_of_cut_off
from ._local_frame import NEGLIGIBLE, UNNAMED, Inference, local_result, named, scores


def losh(
    y: pd.Series,
    graph: Graph,
    *,
    power: float = 2.0,
    permutations: int = 9999,
    alpha: float = 0.05,
    correction: Correction | None = None,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> LocalResult:
    """Local spatial heteroscedasticity, LOSH, of every region (Ord and Getis 2012).

    ``H_i = sum_j w_ij |e_j|**power / (h sum_j w_ij)``, where ``e_j`` is what region `j` differs
    from the weighted mean of its neighbours, and ``h`` the mean of ``|e|**power`` over all regions.
    Above 1 the neighbours of a region differ from their surroundings more than is usual.

    Parameters
    ----------
    y : Series
        One value per region, in any unit; NaN marks a region without data.
    graph : libpysal.graph.Graph
        Who is whose neighbour, as :func:`spatialreg.build_weights` gives it.
    power : float
        2 compares variances, 1 absolute deviations.
    permutations, alpha, correction, rng, subset
        As in :func:`lisa`.
    alternative : {"two-sided", "greater", "less", "directed"}
        "greater" asks where values vary much, "less" where they vary little.

    Returns
    -------
    LocalResult
        Its ``frame`` on the index of `y`: ``y``; ``lag``, the weighted mean of the neighbours'
        ``y``; ``statistic``, ``H_i``; ``z_score``, from the expectation 1 and the variance of Ord
        and Getis; ``p_analytic``, from their chi-square approximation (NaN unless `power` is 2);
        ``p_value`` from the permutations; ``p_adjusted``; ``quadrant``, "Heterogeneous" where most
        of the permutations give less, else "Homogeneous"; ``cluster``, the quadrant where
        significant, else "Not significant", "Isolate" or "No data". Isolates and regions without
        data are NaN.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`lisa`; `power` is not above zero; fewer than four regions have a neighbour; or
        each equals the mean of its neighbours.

    Warns
    -----
    IsolateWarning, PermutationWarning
        As in :func:`lisa`.

    Notes
    -----
    With ``W_i`` and ``S_i`` the sums of weights and of squared weights, and ``v`` the variance of
    ``|e|**power`` over the ``n`` regions, the variance is
    ``v (n S_i - W_i**2) / ((n - 1) h**2 W_i**2)``. With ``V`` the variance, ``2 H_i / V`` is about
    chi-square with ``2 / V`` degrees of freedom.

    Permutations draw the residuals ``e`` of the neighbours from those of all other regions.
    spdep's ``LOSH.mc`` permutes the values and computes the residuals anew, so that its null
    hypothesis is of no pattern at all, in the mean or in the variance.

    An isolate has no residual and counts nowhere; it is not a neighbour either, where others list
    it as one.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> result = sr.autocorrelation.losh(states["income_1929"], graph, rng=1)
    >>> result.frame.loc[["18", "45"], ["statistic", "p_analytic", "cluster"]].round(3)
          statistic  p_analytic        cluster
    code
    18        2.915       0.036  Heterogeneous
    45        0.025       0.049    Homogeneous
    """
    inference = Inference(permutations, alternative, alpha, correction)
    if isinstance(power, bool) or not np.isfinite(power) or power <= 0:
        raise InputError(f"power must be above zero (2 compares variances), not {power!r}")
    inputs = prepare(y, graph, subset=subset)
    warn_of_cut_off(inputs)
    held = np.flatnonzero(~inputs.isolated)
    apart = _residuals(inputs)[held]
    spread = apart**power
    weights = sparse.csr_array(inputs.matrix[held][:, held])
    lonely = np.ones(inputs.n, dtype=bool)
    lonely[held] = np.diff(weights.indptr) == 0
    _require_spread(spread, lonely)
    warn_of_coarse_p(*inference.coarse(int((~lonely).sum())))
    total = weights.sum(axis=1)
    usual = np.where(total > 0, total, 1.0) * spread.mean()
    statistic = weights @ spread / usual
    variance = _variance(spread, weights, usual)
    z_score = scores(statistic, np.ones(len(held)), variance)
    # sums that differ by rounding are equal: what is added to all values changes no comparison,
    # and makes the rounding that is allowed for as large as that which residuals have
    error = float(np.max((apart + _noise(inputs, apart)) ** power - spread))
    at_least, at_most = conditional_tails(
        spread + error / (2 * EPS), weights, permutations, generator(rng)
    )
    numbers = {
        "statistic": statistic,
        "z_score": z_score,
        "p_value": permutation_p(at_least, at_most, permutations, alternative),
        "p_analytic": _chi_square_p(statistic, variance, alternative) if power == 2 else np.nan,
    }
    whole = {c: _spread_out(values, held, inputs.n) for c, values in numbers.items()}
    whole["lag"] = _means(inputs, inputs.y.to_numpy())
    quadrant = np.full(inputs.n, UNNAMED, dtype=np.int8)
    quadrant[held] = named(at_least, at_most, z_score)
    return local_result(
        "LOSH",
        inputs,
        inference,
        whole,
        ("Heterogeneous", "Homogeneous"),
        quadrant,
        given={"y": inputs.given},
        lonely=lonely,
    )


def _means(inputs: Inputs, values: np.ndarray) -> np.ndarray:
    """Give the weighted mean of the neighbours' values; zero for isolates."""
    total = inputs.matrix.sum(axis=1)
    return np.asarray(inputs.matrix @ values / np.where(total > 0, total, 1.0))


def _residuals(inputs: Inputs) -> np.ndarray:
    """Give what each region differs from its neighbours' mean, in standard deviations."""
    apart = np.abs(inputs.z - _means(inputs, inputs.z))
    noise = _noise(inputs, apart)
    return np.where(apart <= noise, 0.0, apart)


def _noise(inputs: Inputs, apart: np.ndarray) -> float:
    """Bound the rounding error of a residual: that of a value, and that of a mean of values."""
    return 2 * inputs.noise + 8 * EPS * max(1.0, float(apart.max()))


def _require_spread(spread: np.ndarray, lonely: np.ndarray) -> None:
    if len(spread) < FEWEST or lonely.all():
        raise InputError(
            f"{len(spread)} regions have a value and a neighbour with one, but at least {FEWEST} "
            "must, and be neighbours: widen the weights (a larger threshold or k)"
        )
    if not spread.any():
        raise InputError(
            "y equals the mean of the neighbours in every region, so that nothing varies: check "
            "the column and the weights"
        )


def _variance(spread: np.ndarray, weights: sparse.csr_array, usual: np.ndarray) -> np.ndarray:
    n = len(spread)
    squares, total = (weights**2).sum(axis=1), weights.sum(axis=1)
    free = n * squares - total**2
    free = np.where(free > NEGLIGIBLE * n * squares, free, 0.0)
    varies = spread.var() if np.ptp(spread) > NEGLIGIBLE * spread.max() else 0.0
    return np.asarray(varies * free / ((n - 1) * usual**2))


def _chi_square_p(statistic: np.ndarray, variance: np.ndarray, alternative: str) -> np.ndarray:
    p = np.full(len(statistic), np.nan)
    varies = variance > 0
    v = variance[varies]
    law, value = chi2(2 / v), 2 * statistic[varies] / v
    p[varies] = np.maximum(_combine(law.sf(value), law.cdf(value), alternative), _TINY)
    return p


def _spread_out(values: np.ndarray | float, held: np.ndarray, n: int) -> np.ndarray:
    """Put the values of the regions that are held among all `n`."""
    whole = np.full(n, np.nan)
    whole[held] = values
    return whole
