"""Mean and variance of a global statistic over all rearrangements of the values, exactly.

Moran's I, Geary's C, the general G, join counts and Lee's L are all sums over pairs of regions of
``a_ij b_ij``: ``a`` says how near the two are, ``b`` how alike their values are, and a
rearrangement of the values renumbers the rows and columns of ``b`` (Mantel 1967). One formula
therefore gives the moments of all of them. It is the same as the long ones in Cliff and Ord (1981),
written so that nothing large is taken from something large.

Each side is split into its mean over pairs, what belongs to single regions, and the rest, which
sums to zero around every region: ``a_ij = mean + line_i + line_j + rest_ij``. Over all
rearrangements the three parts do not mix, so that the variance is the sum of that of the lines and
that of the rest, neither of which can be negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._pairs import Pairs

# where all regions have the same sums, or all pairs the same weight, rounding leaves a trace
_TRACE = 1e-13


@dataclass(frozen=True)
class Side:
    """One side of a sum over ordered pairs, weights or values, split into its parts.

    Attributes
    ----------
    mean : float
        Mean of the entries off the diagonal.
    line : ndarray, shape (n,)
        What belongs to each region; sums to zero.
    rest : float
        Sum of squares, off the diagonal, of what is left.
    own : ndarray, shape (n,)
        The diagonal.
    """

    mean: float
    line: np.ndarray
    rest: float
    own: np.ndarray


def moments(weights: Side, values: Side) -> tuple[float, float]:
    """Give mean and variance of ``sum_ij a_ij b_ij`` over all rearrangements of the values.

    Parameters
    ----------
    weights, values : Side
        Of the same number of regions, at least four.
    """
    n = len(weights.line)
    expected = n * (n - 1) * weights.mean * values.mean + weights.own.sum() * values.own.mean()
    # sums of one number a region: those of the lines, and the diagonal
    near = np.array([2 * (n - 2) * weights.line, weights.own - weights.own.mean()])
    alike = np.array([values.line, values.own - values.own.mean()])
    single = float(np.sum((near @ near.T) * (alike @ alike.T))) / (n - 1)
    paired = 2 * weights.rest * values.rest / (n * (n - 3))
    return float(expected), max(single, 0.0) + paired


def weights_side(pairs: Pairs) -> Side:
    """Split weights, each pair's two of them at their mean."""
    return side(pairs.degree / 2, pairs.squares / 2, pairs.own)


def products_side(x: np.ndarray, y: np.ndarray) -> Side:
    """Split ``(x_i y_j + x_j y_i) / 2``, both with mean 0 and sum of squares n."""
    n, both = len(x), x * y
    squares = (n**2 + both.sum() ** 2) / 2 - float(both @ both)
    return side(-both, squares, both)


def differences_side(z: np.ndarray) -> Side:
    """Split ``(z_i - z_j)**2``, the values with mean 0 and sum of squares n.

    It is ``z_i**2 + z_j**2``, which belongs to single regions, less twice the product.
    """
    n, product = len(z), products_side(z, z)
    line = z**2 - 1 - 2 * product.line
    return Side(2 * n / (n - 1), line, 4 * product.rest, np.zeros(n))


def raw_products_side(z: np.ndarray, mean: float, deviation: float) -> Side:
    """Split ``x_i x_j`` with ``x = mean + deviation * z``, `z` with mean 0 and squares n."""
    product = products_side(z, z)
    return Side(
        mean**2 + deviation**2 * product.mean,
        mean * deviation * z + deviation**2 * product.line,
        deviation**4 * product.rest,
        (mean + deviation * z) ** 2,
    )


def side(sums: np.ndarray, squares: float, own: np.ndarray) -> Side:
    """Split a symmetric matrix.

    Parameters
    ----------
    sums : ndarray, shape (n,)
        Of each row, off the diagonal.
    squares : float
        Sum of squares off the diagonal.
    own : ndarray, shape (n,)
        The diagonal.
    """
    n = len(sums)
    mean = float(sums.mean()) / (n - 1)
    line = sums - sums.mean()
    line[np.abs(line) <= _TRACE * np.abs(sums).max()] = 0.0
    line /= n - 2
    rest = squares - 2 * (n - 2) * float(line @ line) - n * (n - 1) * mean**2
    return Side(mean, line, rest if rest > _TRACE * squares else 0.0, own)
