"""Sparse matrices of links between positions."""

from __future__ import annotations

import numpy as np
from scipy import sparse


def link_matrix(
    one: np.ndarray, other: np.ndarray, n: int, weight: np.ndarray | None = None
) -> sparse.csr_array:
    """Give the matrix with a link from each of `one` to its `other`, of weight one if not given."""
    values = np.ones(len(one)) if weight is None else weight
    return sparse.csr_array((values, (one, other)), shape=(n, n))


def pair_matrix(one: np.ndarray, other: np.ndarray, n: int) -> sparse.csr_array:
    """Give the matrix with links of weight one both ways between each of `one` and its `other`."""
    return link_matrix(np.concatenate([one, other]), np.concatenate([other, one]), n)


def steps_away(matrix: sparse.csr_array, order: int, *, lower: bool) -> sparse.csr_array:
    """Give links to those that take exactly `order` steps to reach, or at most as many (`lower`).

    Like a wave that spreads from every region at once: what it touches for the first time in step
    `order` is that many steps away.
    """
    step = (matrix != 0).astype(np.int32)
    front = step
    reached = (step + sparse.eye_array(step.shape[0], dtype=np.int32, format="csr")) != 0
    for _ in range(order - 1):
        touched = (front @ step) != 0
        front = (touched > reached).astype(np.int32)
        reached = (reached.astype(np.int32) + front) != 0
    if not lower:
        return sparse.csr_array(front.astype(float))
    within = reached.astype(float) - sparse.eye_array(step.shape[0], format="csr")
    within.eliminate_zeros()
    return sparse.csr_array(within)
