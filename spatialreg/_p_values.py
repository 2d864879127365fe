"""P-values from counts of permutations, and what each alternative means.

Every p-value is above zero and at most one, and belongs to a stated alternative:

- ``"two-sided"``: twice the smaller tail;
- ``"greater"``, ``"less"``: more, or less, alike than by chance;
- ``"directed"``: the smaller tail alone, as GeoDa and esda print it. It is about half of the
  two-sided p-value and no level of a test that did not fix its direction beforehand.

Permutations that equal the observed value count in both tails, and the observed value counts as one
permutation, so that the test keeps its level with ties too.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from ._align import require_one_of
from .errors import InputError

Alternative = Literal["two-sided", "greater", "less", "directed"]
ALTERNATIVES = ("two-sided", "greater", "less", "directed")


def require_test(permutations: object, alternative: str) -> None:
    """Raise unless `permutations` is a count above zero and `alternative` is known."""
    if isinstance(permutations, bool) or not isinstance(permutations, int | np.integer):
        raise InputError(f"permutations must be a whole number, not {permutations!r}")
    if permutations < 1:
        raise InputError(f"permutations must be at least 1 (9999 is usual), not {permutations}")
    require_one_of(alternative, ALTERNATIVES, "alternative")


def permutation_p(
    at_least: np.ndarray | int, at_most: np.ndarray | int, permutations: int, alternative: str
) -> np.ndarray:
    """Give p-values from how many permutations reach the observed value from above and below.

    Parameters
    ----------
    at_least, at_most : array of int
        Permutations not below, and not above, the observed value.
    permutations : int
        All of them.
    alternative : str
        One of ``ALTERNATIVES``.
    """
    upper = (np.asarray(at_least) + 1.0) / (permutations + 1.0)
    lower = (np.asarray(at_most) + 1.0) / (permutations + 1.0)
    return combine(upper, lower, alternative)


def combine(upper: np.ndarray, lower: np.ndarray, alternative: str) -> np.ndarray:
    """Give the p-values of an alternative from those of either tail."""
    if alternative == "greater":
        return upper
    if alternative == "less":
        return lower
    smaller = np.minimum(upper, lower)
    return smaller if alternative == "directed" else np.minimum(1.0, 2.0 * smaller)
