"""From a statistic and its permutations to a result: scores and p-values, the same way for all."""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np

from .._align import require_one_of
from .._results import GlobalResult
from .._significance import normal_p, permutation_p
from ._pairs import Pairs

Assumption = Literal["randomisation", "normality"]
ASSUMPTIONS = ("randomisation", "normality")


class Regions(Protocol):
    """What a result tells of its regions."""

    @property
    def n(self) -> int:
        """Number of regions with a value."""

    @property
    def isolated(self) -> np.ndarray:
        """Those of them without neighbours."""

    @property
    def missing(self) -> int:
        """Number of regions left out."""


def require_assumption(assumption: str) -> None:
    """Raise unless `assumption` is one under which moments are known."""
    require_one_of(assumption, ASSUMPTIONS, "assumption")


def infer(
    name: str,
    statistic: float,
    null: np.ndarray,
    moments: tuple[float, float],
    *,
    tie: float,
    alternative: str,
    regions: Regions,
    assumption: str = "randomisation",
    likeness: int = 1,
) -> GlobalResult:
    """Put a result together.

    Parameters
    ----------
    name : str
    statistic : float
    null : ndarray
        The statistic of each permutation.
    moments : (float, float)
        Mean and variance.
    tie : float
        Rounding error: values that differ by less are equal.
    alternative : str
    regions : Regions
    assumption : str
        Under which the moments hold.
    likeness : {1, -1}
        -1 where a small statistic means that neighbours are alike, so that "greater", which asks
        for likeness, looks at small values.
    """
    expected, variance = float(moments[0]), float(moments[1])
    z_score = (statistic - expected) / np.sqrt(variance) if variance > 0 else np.nan
    at_least = int(np.sum(null >= statistic - tie))
    at_most = int(np.sum(null <= statistic + tie))
    if likeness < 0:
        at_least, at_most = at_most, at_least
    null.flags.writeable = False
    return GlobalResult(
        name=name,
        statistic=float(statistic),
        expected=expected,
        variance=variance,
        z_score=float(z_score),
        p_value=float(permutation_p(at_least, at_most, len(null), alternative)),
        p_analytic=float(normal_p(likeness * z_score, alternative)),
        alternative=alternative,
        permutations=len(null),
        n=regions.n,
        isolates=int(regions.isolated.sum()),
        missing=regions.missing,
        null_distribution=null,
        assumption=assumption,
    )


def constants(pairs: Pairs) -> tuple[float, float, float]:
    """Give the S0, S1 and S2 of the weights by which Cliff and Ord (1981) write moments."""
    return pairs.total, pairs.squares, float(pairs.degree @ pairs.degree)
