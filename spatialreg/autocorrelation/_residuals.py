"""Moran's I of what a regression leaves unexplained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import linalg

from .._align import generator, numeric_series, require_unique, some
from .._results import GlobalResult
from .._significance import Alternative, require_test
from ..errors import AlignmentError, InputError
from ._global_permutation import new_seeds, shuffled_dots, shuffled_products
from ._inference import infer
from ._inputs import EPS, Inputs, prepare, warn_of_cut_off
from ._pairs import Pairs, pairs_of


def moran_residuals(
    y: pd.Series,
    regressors: pd.DataFrame | pd.Series,
    graph: Graph,
    *,
    constant: bool = True,
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> GlobalResult:
    """Moran's I of the residuals of a least-squares regression, with the moments that they have.

    Residuals are no observations: fitting has made them uncorrelated with every regressor, which
    leaves its mark on Moran's I. Tested as if they were data, they look less autocorrelated than
    the errors are.

    Parameters
    ----------
    y : Series
        The variable to be explained. Residuals of an earlier fit on the same regressors give the
        same result.
    regressors : DataFrame or Series
        A column for each explaining variable, on the same regions. A region without a value in any
        of them is left out.
    graph : libpysal.graph.Graph
        Who is whose neighbour. Weights are used as given.
    constant : bool
        Add a constant, unless one is among the regressors.
    permutations : int
        Random rearrangements of the residuals. Each is regressed again before Moran's I is taken
        (Freedman and Lane 1983), so that it has lost what fitting takes away.
    alternative, rng, subset
        As in :func:`moran`.

    Returns
    -------
    GlobalResult
        As of :func:`moran`, with ``assumption="normality"``: ``expected`` and ``variance`` are
        exact for independent normal errors of one variance. With the constant as the only
        regressor they are those of ``moran(y, graph, assumption="normality")``.

    Raises
    ------
    InputError
        As in :func:`moran`; or regressors are not numeric, depend on one another, explain `y`
        entirely, or are as many as there are regions.
    AlignmentError
        As in :func:`moran`; or `y` and `regressors` are not on the same regions.

    Warns
    -----
    IsolateWarning
        Regions lost all their neighbours because these have no value.

    Notes
    -----
    ``I = n / S0 * e'We / e'e`` with residuals ``e = M y``, ``M = 1 - X (X'X)^-1 X'``. With ``U = (W
    + W') / 2`` and k columns of X, ``E[I] = n / S0 * tr(MU) / (n - k)`` and ``E[I**2] = (n / S0)**2
    * (tr(MU)**2 + 2 tr(MUMU)) / ((n - k) (n - k + 2))`` (Cliff and Ord 1981, p. 202).

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> before, after = states["income_1929"], states["income_2009"]
    >>> result = sr.autocorrelation.moran_residuals(after, before, graph, rng=1)
    >>> round(result.statistic, 3), round(result.expected, 3)
    (0.196, -0.035)
    """
    require_test(permutations, alternative)
    y, table = _same_regions(y, regressors)
    inputs = prepare(y, graph, subset=subset)
    warn_of_cut_off(inputs)
    fit = _Fit.of(inputs, table.loc[inputs.y.index], constant)
    pairs = pairs_of(inputs.matrix)
    basis, residuals = fit.basis, fit.residuals
    # Moran's I of a shuffled and again regressed e: with Q an orthonormal basis of X, the part
    # that X explains is Q Q'e, and all products with it follow from Q'e and (UQ)'e
    lagged = (inputs.matrix @ basis + inputs.matrix.T @ basis) / 2
    crossed = basis.T @ lagged
    seeds = new_seeds(permutations, generator(rng))
    product, products = shuffled_products(residuals, pairs, seeds)
    columns = pairs.placed(np.hstack([basis, lagged]))
    explained, across = np.hsplit(shuffled_dots(pairs.placed(residuals), columns, seeds), 2)
    products -= 2 * np.sum(explained * across, axis=1)
    products += np.sum((explained @ crossed) * explained, axis=1)
    squares = float(residuals @ residuals)
    null = products / (squares - np.sum(explained**2, axis=1))
    scale = inputs.n / pairs.total
    return infer(
        "Moran's I of residuals",
        scale * product / squares,
        scale * null,
        _moments(lagged, crossed, pairs),
        tie=4 * pairs.rounding(fit.noise),
        alternative=alternative,
        regions=inputs,
        assumption="normality",
    )


def _moments(lagged: np.ndarray, crossed: np.ndarray, pairs: Pairs) -> tuple[float, float]:
    """Give mean and variance of Moran's I of residuals.

    ``tr(MU) = -tr(Q'UQ)``, as U has no diagonal, and ``tr(MUMU) = tr(UU) - 2 tr(Q'UUQ) +
    tr(Q'UQ Q'UQ)``.
    """
    free = pairs.n - len(crossed)
    first = -float(np.trace(crossed))
    second = pairs.squares / 2 - 2 * float(np.sum(lagged**2)) + float(np.sum(crossed * crossed.T))
    mean = first / free
    square = (first**2 + 2 * second) / (free * (free + 2))
    scale = pairs.n / pairs.total
    variance = square - mean**2
    return scale * mean, scale**2 * variance if variance > 1e-12 * square else 0.0


@dataclass(frozen=True)
class _Fit:
    """Least squares of scaled values.

    Attributes
    ----------
    basis : ndarray, shape (n, k)
        Orthonormal columns that span the regressors.
    residuals : ndarray, shape (n,)
        Scaled to a sum of squares of n.
    noise : float
        Rounding error that a residual may carry.
    """

    basis: np.ndarray
    residuals: np.ndarray
    noise: float

    @classmethod
    def of(cls, inputs: Inputs, table: pd.DataFrame, constant: bool) -> _Fit:
        y, z = inputs.y.to_numpy(), inputs.z
        columns = table.to_numpy(dtype=float)
        names = [str(name) for name in table.columns]
        level = ((np.ptp(columns, axis=0) == 0) & (columns[0] != 0)).any()
        if not (constant or level):
            z = y / np.sqrt(np.mean((y / np.abs(y).max()) ** 2)) / np.abs(y).max()
        if constant and not level:
            columns = np.column_stack([np.ones(len(z)), columns])
            names = ["constant", *names]
        if len(z) - len(names) < 2:
            raise InputError(
                f"{len(names)} regressors ({some(names)}) leave {max(0, len(z) - len(names))} of "
                f"{len(z)} regions with values to tell anything by: use fewer"
            )
        size = np.abs(columns).max(axis=0)
        columns = columns / np.where(size > 0, size, 1.0)
        basis, triangle, order = linalg.qr(columns, mode="economic", pivoting=True)
        pivots = np.abs(np.diag(triangle))
        dependent = pivots <= len(z) * EPS * pivots[0]
        if dependent.any():
            raise InputError(
                f"{int(dependent.sum())} of {len(names)} regressors follow from the others "
                f"({some(sorted(names[k] for k in order[dependent]))}): leave them out"
            )
        residuals = z - basis @ (basis.T @ z)
        residuals -= basis @ (basis.T @ residuals)  # once more, for what rounding left
        scale = float(np.sqrt(np.mean(residuals**2)))
        if scale <= 1e-10:
            raise InputError(
                "the regressors explain y entirely, so that there are no residuals to test"
            )
        return cls(basis, residuals / scale, 4 * EPS * np.sqrt(len(names)) / scale)


def _same_regions(
    y: pd.Series, regressors: pd.DataFrame | pd.Series
) -> tuple[pd.Series, pd.DataFrame]:
    """Give `y` with NaN wherever a regressor has none, and the regressors as numbers."""
    y = numeric_series(y)
    if isinstance(regressors, pd.Series):
        regressors = regressors.to_frame(regressors.name or "x")
    if not isinstance(regressors, pd.DataFrame):
        raise InputError(
            "regressors must be a DataFrame with a column for each, or a Series, not "
            f"{type(regressors).__name__}"
        )
    if not regressors.shape[1]:
        raise InputError("regressors has no columns: for a constant alone use moran")
    require_unique(regressors.index, "regressors")
    lacking = y.index.symmetric_difference(regressors.index)
    if len(lacking):
        raise AlignmentError(
            f"{len(lacking)} regions are in one of y and regressors only ({some(lacking)}): "
            "reindex both to the same regions (NaN where there is no value)"
        )
    numeric = pd.DataFrame(
        {
            place: numeric_series(column, f"regressor {name!r}")
            for place, (name, column) in enumerate(regressors.items())
        }
    )
    numeric.columns = regressors.columns
    return y.where(numeric.reindex(y.index).notna().all(axis=1)), numeric
