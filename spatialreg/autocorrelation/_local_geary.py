"""Local Geary: which regions resemble their neighbours, in one variable or in several at once."""

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
from ..errors import InputError
from ._conditional import conditional_tails_squared, rounding
from ._inputs import EPS, Inputs, warn_of_cut_off
from ._local_frame import (
    NEGLIGIBLE,
    RESULT_COLUMNS,
    Inference,
    local_result,
    moments_of_draws,
    named,
    prepare_columns,
    scores,
    sides,
)

_QUADRANTS = ("Other positive", "Negative", "High-High", "Low-Low")


def local_geary(
    y: pd.Series | pd.DataFrame,
    graph: Graph,
    *,
    permutations: int = 9999,
    alpha: float = 0.05,
    correction: Correction | None = None,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> LocalResult:
    """Local Geary's c of every region, of one variable or of several (Anselin 2019).

    ``c_i = sum_j w_ij (z_i - z_j)**2``, for several variables the mean of theirs, with ``z`` in
    standard deviations from the mean (the sum of their squares is ``n``). Small is alike: each
    variable counts by how much a region differs from its neighbours, not by which side of the mean
    they are on.

    Parameters
    ----------
    y : Series or DataFrame
        One value per region, or one column per variable, in any unit; a region that has NaN in any
        column is left out.
    graph : libpysal.graph.Graph
        Who is whose neighbour, as :func:`spatialreg.build_weights` gives it.
    permutations, alpha, correction, rng, subset
        As in :func:`lisa`. Of several variables a region's values are drawn together.
    alternative : {"two-sided", "greater", "less", "directed"}
        As in :func:`lisa`: "greater" asks for regions that resemble their neighbours, whose ``c_i``
        is small; "less" for those that differ.

    Returns
    -------
    LocalResult
        Its ``frame`` on the index of `y`: the columns of `y` (a Series is called ``y``); ``lag``,
        the weighted sum of the neighbours' ``y`` (NaN for several variables); ``statistic``;
        ``z_score``, below zero where regions are alike, and ``p_analytic``, from the moments given
        the region's values (Sokal, Oden and Thomson 1998); ``p_value`` from the permutations;
        ``p_adjusted``; ``quadrant``, for one variable "High-High" or "Low-Low" where most of the
        permutations give a larger ``c_i`` and the region and its neighbours are on the same side of
        the mean, "Other positive" where they are not, and "Negative" where most give a smaller one;
        for several "Positive" or "Negative"; ``cluster``, the quadrant where significant, else "Not
        significant", "Isolate" or "No data". Isolates and regions without data are NaN.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`lisa`, for any column; or a frame has no or doubled columns.

    Warns
    -----
    IsolateWarning, PermutationWarning
        As in :func:`lisa`.

    Notes
    -----
    spdep and GeoDa divide by ``n - 1`` in the standard deviation, so that their statistics are
    ``(n - 1) / n`` of these; z-scores and p-values are the same.

    Given the region's values, ``c_i`` is a weighted sum of draws from the differences to all
    others, whose mean and variance are known; so are those of ``c_i``, exactly. The squares make
    its distribution skewed: with few neighbours ``p_analytic`` is rough.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> result = sr.autocorrelation.local_geary(states["income_1929"], graph, rng=1)
    >>> result.frame.loc[["28", "31", "09"], ["statistic", "z_score", "cluster"]].round(3)
          statistic  z_score    cluster
    code
    28        0.140   -1.803    Low-Low
    31        0.145   -1.774    Low-Low
    09        0.368   -2.187  High-High
    """
    inference = Inference(permutations, alternative, alpha, correction)
    given = {"y": y} if isinstance(y, pd.Series) else _columns(y)
    several = prepare_columns(given, graph, subset=subset)
    inputs, *_ = several.values()
    warn_of_cut_off(inputs)
    warn_of_coarse_p(*inference.coarse(int((~inputs.isolated).sum())))
    z = np.column_stack([each.z for each in several.values()])
    weights, width = inputs.matrix, len(several)
    statistic = _statistic(z, inputs)
    expected, variance = moments_of_draws(*_moments_of_differences(z), weights)
    z_score = scores(statistic, expected / width, variance / width**2)
    columns = _in_steps(inputs.y.to_numpy())[:, np.newaxis] if width == 1 else z
    at_least, at_most = conditional_tails_squared(columns, weights, permutations, generator(rng))
    # to be alike is to differ little: the tails change places
    side = named(at_most, at_least, z_score)
    return local_result(
        "local Geary's c" if width == 1 else f"local Geary's c of {width} variables",
        inputs,
        inference,
        {
            "lag": weights @ inputs.y.to_numpy() if width == 1 else np.nan,
            "statistic": statistic,
            "z_score": z_score,
            "p_value": permutation_p(at_most, at_least, permutations, alternative),
            "p_analytic": normal_p(-z_score, alternative),
        },
        ("Positive", "Negative") if width > 1 else _QUADRANTS,
        side if width > 1 else _quadrants(inputs, side),
        given=given,
    )


def _columns(y: pd.DataFrame) -> dict[str, pd.Series]:
    if not isinstance(y, pd.DataFrame):
        raise InputError(
            f"y must be a Series, or a DataFrame of several variables, not {type(y).__name__}"
        )
    names = [str(name) for name in y.columns]
    if not names or len(set(names)) < len(names):
        raise InputError(
            f"y must have columns, each with a name of its own, not {names}: choose some, "
            "y[['a', 'b']]"
        )
    taken = [name for name in names if name in RESULT_COLUMNS]
    if taken:
        raise InputError(
            f"columns named {taken} would be hidden by those of the result: rename them, for "
            "example y.add_prefix('y_')"
        )
    return {name: y.iloc[:, k] for k, name in enumerate(names)}


def _statistic(z: np.ndarray, inputs: Inputs) -> np.ndarray:
    """Give the mean over the columns of ``sum_j w_ij (z_i - z_j)**2``."""
    weights = inputs.matrix
    rows = np.repeat(np.arange(inputs.n), np.diff(weights.indptr))
    apart = ((z[rows] - z[weights.indices]) ** 2).mean(axis=1)
    return np.bincount(rows, weights.data * apart, minlength=inputs.n)


def _in_steps(y: np.ndarray) -> np.ndarray:
    """Give decimals as whole numbers of their last digit, counted from the smallest.

    The differences of 98.1, 98.2 and 98.3 are equal only as written: floats round them by more
    than sums of small squares do, and ties would be lost. What is no decimal is brought near one
    by a power of two, which is exact, so that its squares neither overflow nor vanish.
    """
    for digits in range(7):
        scaled = y * 10.0**digits
        whole = np.rint(scaled)
        if np.abs(whole).max() > 2**50:
            break
        if (np.abs(scaled - whole) <= 4 * EPS * np.abs(whole)).all():
            return whole - whole.min()
    return np.ldexp(y, -int(np.frexp(np.abs(y).max())[1]))


def _moments_of_differences(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give mean and variance over all others of their squared distance from each region.

    With ``a`` the squared distance from the mean, that between `i` and `k` is
    ``a_i + a_k - 2 z_i z_k``; summed over all `k`, its square takes a few sums of products only.
    To itself a region has distance zero, so that it adds nothing.
    """
    n = len(z)
    a = (z**2).sum(axis=1)
    total = n * a + a.sum()
    across = ((z @ (z.T @ z)) * z).sum(axis=1)
    squares = n * a**2 + a @ a + 2 * a * a.sum() + 4 * across - 4 * z @ (z.T @ a)
    mean = total / (n - 1)
    variance = squares / (n - 1) - mean**2
    return mean, np.where(variance > NEGLIGIBLE * mean**2, variance, 0.0)


def _quadrants(inputs: Inputs, side: np.ndarray) -> np.ndarray:
    """Tell likeness above the mean from likeness below it."""
    noise = inputs.noise + EPS
    tie = rounding(inputs.matrix, float(np.abs(inputs.z).max())) + noise * inputs.matrix.sum(axis=1)
    own, around = sides(inputs.z, noise), sides(inputs.matrix @ inputs.z, tie)
    codes = side.copy()
    alike = side == 0
    codes[alike & (own > 0) & (around > 0)] = 2
    codes[alike & (own < 0) & (around < 0)] = 3
    return codes
