"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._convergence import sigma_convergence
from ._decomposition import decompose_theil
from ._growth import beta_convergence
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, palma, theil
from ._over_time import inequality

__all__ = [
    "atkinson",
    "beta_convergence",
    "cv",
    "decompose_theil",
    "ge",
    "gini",
    "hoover",
    "inequality",
    "lorenz",
    "mld",
    "palma",
    "sigma_convergence",
    "theil",
]
