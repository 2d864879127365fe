"""Weights as a global statistic needs them: one number for each pair of neighbours.

A sum of ``w_ij f(i, j)`` over all links, with ``f`` the same either way round, depends on nothing
but ``w_ij + w_ji``. Each pair is therefore kept once, with both its weights together: half the
work of the links, and asymmetric weights need no second thought.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import reverse_cuthill_mckee

from ._inputs import EPS

# regions from which values no longer fit into the processor's own memory (4 lanes of 8 bytes in
# 1 MB): pairs are then numbered so that neighbours stand close together
_LARGE = 2**15


@dataclass(frozen=True)
class Pairs:
    """Pairs of neighbours, as the upper triangle of a sparse matrix.

    Attributes
    ----------
    starts, neighbours : ndarray of int32
        Row ``i`` pairs region ``i`` with ``neighbours[starts[i]:starts[i + 1]]``, none of them
        below ``i``.
    weights : ndarray
        Their ``w_ij + w_ji``; a weight of a region on itself stands there as it is.
    order : ndarray of int or None
        The region that stands at each position of the pairs; None where that is its own number.
    reach : float
        Largest sum of weights that leave a region, times the largest of those that arrive at one.
    """

    starts: np.ndarray
    neighbours: np.ndarray
    weights: np.ndarray
    order: np.ndarray | None
    reach: float

    @property
    def n(self) -> int:
        """Number of regions."""
        return len(self.starts) - 1

    @cached_property
    def own(self) -> np.ndarray:
        """Weight of each region on itself, in the order of the pairs."""
        loops = self._rows == self.neighbours
        return np.bincount(self._rows[loops], self.weights[loops], self.n)

    @cached_property
    def degree(self) -> np.ndarray:
        """Sum of each region's weights to and from others, in the order of the pairs."""
        both = np.bincount(self._rows, self.weights, self.n)
        both += np.bincount(self.neighbours, self.weights, self.n)
        return both - 2 * self.own

    @cached_property
    def squares(self) -> float:
        """Sum of squares of the pairs' weights, without those of regions on themselves (S1)."""
        return float(self.weights @ self.weights - self.own @ self.own)

    @cached_property
    def total(self) -> float:
        """Sum of all weights (S0)."""
        return float(self.weights.sum())

    @cached_property
    def _rows(self) -> np.ndarray:
        return np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.starts))

    def placed(self, values: np.ndarray) -> np.ndarray:
        """Put one value, or row, for each region in the order of the pairs."""
        return values if self.order is None else values[self.order]

    def rounding(self, noise: float) -> float:
        """Bound the rounding error of ``n / S0 * sum w_ij x_i y_j / n``, ``x`` and ``y`` scaled.

        The sum of ``w_ij |x_i y_j|`` is at most n times the geometric mean of the largest row and
        column sums, where the squares of ``x`` and of ``y`` sum to n. Two values that differ by
        less than the bound are the same.

        Parameters
        ----------
        noise : float
            Rounding error that a scaled value may carry.
        """
        size = self.n / self.total * np.sqrt(self.reach)
        return float(size * (2 * noise + 4 * EPS * np.sqrt(2 * len(self.weights))))


def pairs_of(matrix: sparse.csr_array, *, large: int = _LARGE) -> Pairs:
    """Give the pairs of a matrix of weights.

    Parameters
    ----------
    matrix : csr_array, shape (n, n)
        Weights, with or without those of regions on themselves.
    large : int
        Regions from which the pairs are renumbered (Cuthill and McKee 1969), so that a region and
        its neighbours are read from the same part of memory.
    """
    leaving = matrix.sum(axis=1)
    arriving = np.bincount(matrix.indices, matrix.data, matrix.shape[1])
    both = sparse.csr_array(matrix + matrix.T)
    order = None
    if matrix.shape[0] >= large:
        order = reverse_cuthill_mckee(sparse.csr_matrix(both), symmetric_mode=True)
        both = both[order][:, order]
    upper = sparse.csr_array(sparse.triu(both, format="csr"))
    upper.sort_indices()
    starts, neighbours = upper.indptr.astype(np.int32), upper.indices.astype(np.int32)
    weights = upper.data.astype(float)
    # a region's weight on itself was added to itself
    weights[neighbours == np.repeat(np.arange(len(starts) - 1), np.diff(starts))] /= 2
    return Pairs(starts, neighbours, weights, order, float(leaving.max() * arriving.max()))
