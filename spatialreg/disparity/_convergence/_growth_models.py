"""The models of growth: least squares, spatial lag, error and Durbin, and what speaks for which.

Takes growth periods and weights and gives estimates with their covariance, residuals and
likelihood. Maximum likelihood and the Lagrange multiplier tests are those of spreg; effects of
regions and years, and covariances, are made here.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse, stats
from scipy.optimize import minimize_scalar

from ...errors import InputError
from ._growth_data import Growth
from ._regression import least_squares, require_independent

SPATIAL = {"lag": "rho", "durbin": "rho", "error": "lambda"}
# spreg's default leaves the fifth digit of lambda open
_TOLERANCE = 1e-11
_EDGE = 0.9999


@dataclass(frozen=True)
class Design:
    """An equation ready to be estimated.

    Attributes
    ----------
    y : ndarray
    x : ndarray
        Columns that are reported, then those of the years.
    names : list of str
        Of the columns that are reported.
    absorbed : int
        Effects of regions, which were taken out of `y` and `x` by their means.
    periods : int
    """

    y: np.ndarray
    x: np.ndarray
    names: list[str]
    absorbed: int
    periods: int

    @property
    def dof(self) -> int:
        """Observations beyond the coefficients, effects among these."""
        return len(self.y) - self.x.shape[1] - self.absorbed


@dataclass(frozen=True)
class Fit:
    """Estimates of the reported coefficients, a spatial one last.

    Attributes
    ----------
    names : list of str
    estimate : ndarray
    covariance : ndarray
    dof : float
        Degrees of freedom of the t distribution; infinite for the normal.
    residuals : ndarray
        Estimates of the errors that are taken to be independent.
    r2, log_likelihood : float
    parameters : int
        Coefficients, effects and the variance of the errors.
    """

    names: list[str]
    estimate: np.ndarray
    covariance: np.ndarray
    dof: float
    residuals: np.ndarray
    r2: float
    log_likelihood: float
    parameters: int


def design_of(growth: Growth, effects: str | None, lagged: sparse.csr_matrix | None) -> Design:
    """Put the columns together; with `lagged` also the mean of each among the neighbours."""
    n, periods = len(growth.codes), len(growth.years)
    x, names = growth.x, list(growth.names)
    if lagged is not None:
        x = np.hstack([x, stacked(lagged, periods) @ x])
        names += [f"lag_{name}" for name in growth.names]
    by_year = effects in ("year", "region+year")
    by_region = effects in ("region", "region+year")
    if effects is None:
        x, names = np.column_stack([np.ones(len(x)), x]), ["constant", *names]
        what = "the constant and the other columns"
    else:
        what = f"the effects ({effects}) and the other columns"
    every = list(names)
    if by_year:
        # beside effects of regions, one year follows from the others
        dummies = np.kron(np.eye(periods), np.ones((n, 1)))[:, int(by_region) :]
        x = np.hstack([x, dummies])
        every += [f"year {year}" for year in growth.years[int(by_region) :]]
    y = growth.growth
    length = np.linalg.norm(x, axis=0)
    if by_region:
        y, x = _without_means(y[:, None], periods)[:, 0], _without_means(x, periods)
        # what rounding leaves of a column that is constant in each region is no variation
        x[:, np.linalg.norm(x, axis=0) <= 1e-12 * length] = 0.0
    design = Design(y, x, names, n if by_region else 0, periods)
    if design.dof < 1:
        raise InputError(
            f"{len(y)} observations do not suffice for {x.shape[1] + design.absorbed} "
            "coefficients: leave out controls or effects, or take shorter periods"
        )
    require_independent(x, every, what)
    return design


def stacked(matrix: sparse.csr_matrix, periods: int) -> sparse.csr_matrix:
    """Give the weights of all periods: neighbours are those of the same period."""
    return sparse.csr_matrix(sparse.kron(sparse.identity(periods), matrix, format="csr"))


def fit_ols(design: Design, covariance: str) -> Fit:
    """Least squares; R squared after the effects of regions were taken out, if any."""
    fit = least_squares(design.y, design.x)
    n, k = len(design.y), len(design.names)
    regions = n // design.periods
    dof: float = design.dof
    if covariance == "classic":
        v = fit.classic(design.dof)
    elif covariance == "HC1":
        v = fit.hc1(design.dof)
    else:
        counted = design.x.shape[1] + bool(design.absorbed)
        v = fit.clustered(np.tile(np.arange(regions), design.periods), counted)
        dof = regions - 1
    squares = fit.residuals @ fit.residuals
    centred = design.y - design.y.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        return Fit(
            design.names,
            fit.estimate[:k],
            v[:k, :k],
            dof,
            fit.residuals,
            float(1 - squares / (centred @ centred)),
            float(-n / 2 * (np.log(2 * np.pi * squares / n) + 1)),
            design.x.shape[1] + design.absorbed + 1,
        )


def fit_spatial(design: Design, matrix: sparse.csr_matrix, model: str) -> Fit:
    """Maximum likelihood of the spatial lag, Durbin or error model, by spreg."""
    from libpysal.weights import WSP
    from spreg.ml_error import BaseML_Error
    from spreg.ml_lag import BaseML_Lag

    weights = WSP(stacked(matrix, design.periods))
    estimator: Callable[..., Any] = BaseML_Error if model == "error" else BaseML_Lag
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sparse.SparseEfficiencyWarning)
        if estimator is BaseML_Lag:
            _require_inside(_likeliest_rho(design, weights.sparse), "rho")
        # of spreg's three methods, "ord" gives wrong standard errors (it takes a symmetric matrix
        # of the same eigenvalues for W) and "full" a determinant of zero for a thousand regions
        fit = estimator(
            design.y[:, None],
            design.x,
            weights,
            method="LU",
            epsilon=_TOLERANCE,
        )
        if estimator is BaseML_Error:
            _require_inside(float(np.squeeze(fit.lam)), "lambda")
    k, all_of_them = len(design.names), design.x.shape[1]
    places = [*range(k), all_of_them]
    covariance = np.asarray(fit.vm)[np.ix_(places, places)]
    if design.absorbed:
        covariance = covariance * (design.periods / (design.periods - 1))
    residuals = fit.e_filtered if model == "error" else fit.u
    return Fit(
        [*design.names, SPATIAL[model]],
        np.asarray(fit.betas).ravel()[places],
        covariance,
        np.inf,
        residuals.ravel(),
        float(np.corrcoef(design.y, fit.predy.ravel())[0, 1] ** 2),
        float(np.squeeze(fit.logll)),
        all_of_them + design.absorbed + 2,
    )


def _likeliest_rho(design: Design, weights: sparse.csr_matrix) -> float:
    """Give rho to a few digits: spreg sums powers of rho W, which have no end where rho is -1."""
    from spreg.ml_lag import lag_c_loglik_sp

    own = least_squares(design.y, design.x).residuals[:, None]
    lagged = least_squares(weights @ design.y, design.x).residuals[:, None]
    identity = sparse.identity(len(own))
    found = minimize_scalar(
        lambda rho: float(
            np.squeeze(lag_c_loglik_sp(rho, len(own), own, lagged, identity, weights))
        ),
        bounds=(-1.0, 1.0),
        method="bounded",
    )
    return float(found.x)


def _require_inside(coefficient: float, name: str) -> None:
    if abs(coefficient) > _EDGE:
        raise InputError(
            f"the likelihood is highest at the edge of the range from -1 to 1, {name} = "
            f"{coefficient:.4f}, so there is no estimate: too few regions, or neighbours that do "
            "not go together as the model has it; look at the tests of model='ols', or build the "
            "graph otherwise"
        )


def spatial_tests(design: Design, matrix: sparse.csr_matrix) -> pd.DataFrame:
    """Test for spatial dependence in the residuals of least squares, by spreg."""
    from libpysal.weights import WSP
    from spreg.diagnostics_sp import LMtests, MoranRes
    from spreg.ols import BaseOLS

    ols = BaseOLS(design.y[:, None], design.x)
    weights = WSP(stacked(matrix, design.periods))
    if not design.absorbed:
        weights = weights.to_W(silence_warnings=True)
    rows: dict[str, dict[str, float]] = {}
    if not design.absorbed:
        with np.errstate(invalid="ignore"):  # where Moran's I cannot vary, z is NaN
            moran = MoranRes(ols, weights, z=True)
        rows["Moran's I"] = {
            "statistic": moran.I,
            "expected": moran.eI,
            "z_score": moran.zI,
            "p_value": moran.p_norm,
        }
    found = LMtests(ols, weights, tests=["lml", "lme", "rlml", "rlme", "sarma"])
    for name, dof, (statistic, p_value) in (
        ("LM lag", 1, found.lml),
        ("LM error", 1, found.lme),
        ("Robust LM lag", 1, found.rlml),
        ("Robust LM error", 1, found.rlme),
        ("LM SARMA", 2, found.sarma),
    ):
        rows[name] = {"statistic": statistic, "dof": dof, "p_value": p_value}
    return _tests(rows)


def likelihood_ratio(model: str, fit: Fit, restricted: Fit) -> pd.DataFrame:
    """Test least squares against a model that contains it, by their likelihoods."""
    statistic = 2 * (fit.log_likelihood - restricted.log_likelihood)
    dof = fit.parameters - restricted.parameters
    return _tests(
        {
            f"Likelihood ratio {model}": {
                "statistic": statistic,
                "dof": dof,
                "p_value": float(stats.chi2.sf(statistic, dof)),
            }
        }
    )


def _tests(rows: dict[str, dict[str, float]]) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(rows, orient="index", dtype=float)
    columns = ["statistic", "expected", "z_score", "dof", "p_value"]
    return frame.reindex(columns=columns).rename_axis("test")


def _without_means(columns: np.ndarray, periods: int) -> np.ndarray:
    """Take the mean of each region out of columns ordered by period, then region."""
    cube = columns.reshape(periods, -1, columns.shape[1])
    return (cube - cube.mean(axis=0)).reshape(columns.shape)
