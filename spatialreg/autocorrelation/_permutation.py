"""Random permutations of all values over all regions.

Draws come from numpy's Generator, in blocks that bound memory without changing a result; the loops
over them are compiled. Positions stand for regions in sorted-label order.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from ._compiled import compiled
from ._conditional import conditional_tails, conditional_tails_many, conditional_tails_squared

__all__ = [
    "conditional_tails",
    "conditional_tails_many",
    "conditional_tails_squared",
    "permuted_products",
]

_BLOCK = 2**21  # numbers drawn at a time (16 MB)


def permuted_products(
    z: np.ndarray,
    matrix: sparse.csr_array,
    permutations: int,
    rng: np.random.Generator,
    *,
    block: int = _BLOCK,
) -> tuple[float, np.ndarray]:
    """Sum ``w_ij z_i z_j`` over all pairs, as observed and with `z` shuffled over all regions.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Centred values.
    matrix : csr_array, shape (n, n)
        Weights.
    permutations : int
    rng : Generator
    block : int
        Numbers drawn at a time; it bounds memory and changes no result.

    Returns
    -------
    (float, ndarray of shape (permutations,))
    """
    # a pair is counted once with both its weights: the product is the same either way
    pairs = sparse.triu(matrix + matrix.T, k=1).tocoo()
    first, second = pairs.row.astype(np.int64), pairs.col.astype(np.int64)
    observed, sums = np.empty(1), np.empty(permutations)
    _pair_sums(z[np.newaxis], first, second, pairs.data, observed)
    rows = max(1, block // len(z))
    for start in range(0, permutations, rows):
        part = sums[start : start + rows]
        shuffled = rng.permuted(np.broadcast_to(z, (len(part), len(z))), axis=1)
        _pair_sums(shuffled, first, second, pairs.data, part)
    return float(observed[0]), sums


@compiled
def _pair_sums(
    z: np.ndarray, first: np.ndarray, second: np.ndarray, weight: np.ndarray, sums: np.ndarray
) -> None:
    """Fill ``sums[r]`` with the sum over pairs ``e`` of ``weight * z[r, first] * z[r, second]``."""
    for r in range(z.shape[0]):
        total = 0.0
        for e in range(len(weight)):
            total += weight[e] * z[r, first[e]] * z[r, second[e]]
        sums[r] = total
