"""What a variable does in a model with a spatial lag: to the region itself, and to all.

In y = rho W y + X beta + W X theta + u the answer of all regions to a change of variable k anywhere
is the matrix S (beta_k I + theta_k W) with S = (I - rho W)^-1. Takes the estimates and their
covariance and gives the mean of its diagonal (direct), the mean of its row sums (total) and their
difference (indirect), as LeSage and Pace (2009) define them, with standard errors by the delta
method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Impact:
    """The impact of one variable of one kind, and its variance."""

    estimate: float
    variance: float


def impacts(
    matrix: sparse.csr_matrix,
    rho: float,
    coefficients: np.ndarray,
    covariance: np.ndarray,
    places: list[tuple[int, int | None]],
    rho_place: int,
) -> list[dict[str, Impact]]:
    """Give the impacts of each variable.

    Parameters
    ----------
    matrix : csr_matrix, shape (n, n)
        W.
    rho : float
    coefficients, covariance : ndarray
        All estimates of the model, rho among them.
    places : list of (int, int or None)
        For each variable, where its coefficient and that of its lag stand.
    rho_place : int
        Where rho stands.
    """
    n = matrix.shape[0]
    w = matrix.toarray()
    s = np.linalg.inv(np.eye(n) - rho * w)
    sw = s @ w
    # S, S W, and their derivatives by rho, S W S and S W S W: mean diagonal and mean row sum
    ends = s.sum(axis=1)  # S 1
    once = w.sum(axis=1)  # W 1
    direct = np.array([np.trace(s), np.trace(sw), np.sum(sw * s.T), np.sum(sw * sw.T)]) / n
    total = np.array([ends.sum(), (s @ once).sum(), (sw @ ends).sum(), (sw @ (s @ once)).sum()]) / n
    result = []
    for own, lagged in places:
        found = {}
        for kind, (m, mw, dm, dmw) in (
            ("direct", direct),
            ("indirect", total - direct),
            ("total", total),
        ):
            gradient = np.zeros(len(coefficients))
            theta = 0.0 if lagged is None else coefficients[lagged]
            gradient[own] = m
            if lagged is not None:
                gradient[lagged] = mw
            gradient[rho_place] = coefficients[own] * dm + theta * dmw
            found[kind] = Impact(
                float(coefficients[own] * m + theta * mw),
                float(gradient @ covariance @ gradient),
            )
        result.append(found)
    return result
