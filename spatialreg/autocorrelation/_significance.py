"""Levels, normal p-values, and p-values adjusted for many tests.

What an alternative means, and how permutations become a p-value, is said in ``_p_values``, which
is below all measures.
"""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
from scipy.stats import false_discovery_control, norm

from .._align import require_one_of
from .._p_values import ALTERNATIVES as ALTERNATIVES
from .._p_values import Alternative as Alternative
from .._p_values import combine as _combine
from .._p_values import permutation_p as permutation_p
from .._p_values import require_test as require_test
from ..errors import InputError, PermutationWarning

Correction = Literal["fdr_bh", "fdr_by", "bonferroni"]
CORRECTIONS = (None, "fdr_bh", "fdr_by", "bonferroni")
_TINY = float(np.finfo(float).tiny)


def require_level(alpha: float, correction: str | None) -> None:
    """Raise unless `alpha` lies between 0 and 1 and `correction` is known."""
    number = isinstance(alpha, int | float | np.number) and not isinstance(alpha, bool)
    if not number or not 0 < alpha < 1:
        raise InputError(f"alpha must lie between 0 and 1 (0.05 is usual), not {alpha!r}")
    require_one_of(correction, CORRECTIONS, "correction")


def normal_p(z: np.ndarray | float, alternative: str) -> np.ndarray:
    """Give p-values of standard normal scores; NaN for NaN."""
    z = np.asarray(z, dtype=float)
    p = _combine(norm.sf(z), norm.cdf(z), alternative)
    # beyond 37 standard deviations the tail is smaller than a float can say
    return np.maximum(p, _TINY)


def adjust(p: np.ndarray, correction: str | None) -> np.ndarray:
    """Adjust p-values for the number of tests; NaN is no test and stays NaN.

    ``"fdr_bh"`` (Benjamini and Hochberg 1995) and ``"fdr_by"`` (Benjamini and Yekutieli 2001, under
    any dependence) control the share of false discoveries, ``"bonferroni"`` the chance of one.
    """
    adjusted = np.array(p, dtype=float)
    tested = ~np.isnan(adjusted)
    if correction == "bonferroni":
        adjusted[tested] = np.minimum(1.0, adjusted[tested] * tested.sum())
    elif correction is not None and tested.any():
        adjusted[tested] = false_discovery_control(
            adjusted[tested], method=correction.removeprefix("fdr_")
        )
    return adjusted


def holm(p: np.ndarray) -> np.ndarray:
    """Adjust p-values in steps (Holm 1979): the chance of one false discovery, as Bonferroni's.

    The smallest is multiplied by the number of tests, the next by one less, and so on; none falls
    below a smaller one's. NaN is no test and stays NaN.
    """
    adjusted = np.array(p, dtype=float)
    tested = np.flatnonzero(~np.isnan(adjusted))
    order = tested[np.argsort(adjusted[tested], kind="stable")]
    steps = np.arange(len(order), 0, -1) * adjusted[order]
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted


def warn_of_coarse_p(
    permutations: int, alternative: str, alpha: float, correction: str | None, tests: int
) -> None:
    """Warn where no p-value could be significant, however strong the pattern."""
    sides = 2 if alternative == "two-sided" else 1
    # of the false discovery rates the first can be reached by all regions together
    harmonic = float(np.sum(1.0 / np.arange(1, tests + 1)))
    factor = {"bonferroni": float(tests), "fdr_by": harmonic}.get(correction or "", 1.0)
    smallest = factor * sides / (permutations + 1)
    if smallest > alpha:
        needed = int(np.ceil(factor * sides / alpha)) - 1
        raise_to = f"use at least {needed} permutations"
        instead = " or correction='fdr_bh'" if correction == "bonferroni" else ""
        warnings.warn(
            f"with {permutations} permutations no {alternative} p-value of {tests} regions "
            f"(correction: {correction}) can reach alpha = {alpha:g}: {raise_to}{instead}",
            PermutationWarning,
            stacklevel=3,
        )
