"""Least squares with the covariances that regional data ask for.

Takes a response and columns as arrays and gives estimates, residuals and a covariance: for equal
variances, for unequal ones (HC1), for observations that belong to the same region, and for years
that depend on the years before (Newey and West). Columns that say the same twice are refused by
name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr

from ..._align import some
from ...errors import InputError

_ALIKE = 1e-9  # share of a column's length that must not follow from the other columns


@dataclass(frozen=True)
class LeastSquares:
    """Estimates by least squares.

    Attributes
    ----------
    x : ndarray, shape (n, k)
    estimate : ndarray, shape (k,)
    residuals : ndarray, shape (n,)
    bread : ndarray, shape (k, k)
        Inverse of x'x.
    """

    x: np.ndarray
    estimate: np.ndarray
    residuals: np.ndarray
    bread: np.ndarray

    def classic(self, dof: int) -> np.ndarray:
        """Covariance where all errors have one variance and none depends on another."""
        return self.bread * (self.residuals @ self.residuals / dof)

    def hc1(self, dof: int) -> np.ndarray:
        """Covariance for errors of unequal variance (White 1980), times n / dof."""
        return self._sandwich(self.x * self.residuals[:, None]) * (len(self.x) / dof)

    def clustered(self, groups: np.ndarray, counted: int) -> np.ndarray:
        """Covariance for errors that depend on one another within groups.

        `groups` are whole numbers from 0; `counted` the coefficients that the correction for small
        samples counts: G / (G - 1) x (n - 1) / (n - counted), as Stata and fixest do.
        """
        n, number = len(self.x), groups.max() + 1
        scores = np.zeros((number, self.x.shape[1]))
        np.add.at(scores, groups, self.x * self.residuals[:, None])
        return self._sandwich(scores) * (number / (number - 1) * (n - 1) / (n - counted))

    def newey_west(self, lags: int, dof: int) -> np.ndarray:
        """Covariance for rows in order of time (Newey and West 1987), times n / dof."""
        scores = self.x * self.residuals[:, None]
        meat = scores.T @ scores
        for lag in range(1, lags + 1):
            cross = scores[lag:].T @ scores[:-lag]
            meat += (1 - lag / (lags + 1)) * (cross + cross.T)
        return self.bread @ meat @ self.bread * (len(self.x) / dof)

    def _sandwich(self, scores: np.ndarray) -> np.ndarray:
        half = scores @ self.bread
        return half.T @ half


def least_squares(y: np.ndarray, x: np.ndarray) -> LeastSquares:
    """Fit `y` by the columns of `x`, which must not follow from one another."""
    # columns of unlike size (a constant and people, say) are brought to length 1 for the algebra
    size = np.linalg.norm(x, axis=0)
    q, r = np.linalg.qr(x / size)
    inverse = np.linalg.inv(r)
    estimate = inverse @ (q.T @ y) / size
    bread = (inverse @ inverse.T) / np.outer(size, size)
    return LeastSquares(x, estimate, y - x @ estimate, bread)


def require_independent(x: np.ndarray, names: Sequence[str], what: str) -> None:
    """Raise if a column of `x` is zero or a combination of the others; `what` names the reason."""
    size = np.linalg.norm(x, axis=0)
    _, r, order = qr(x / np.where(size > 0, size, 1), mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(r))
    if len(diagonal) == x.shape[1] and (diagonal > _ALIKE).all():
        return
    rank = int((diagonal > _ALIKE).sum())
    extra = [names[i] for i in sorted(order[rank:])]
    raise InputError(
        f"{some(map(repr, extra))} cannot be told apart from {what}: leave out controls that are "
        "constant, that follow from other controls, or that the effects hold already"
    )
