"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._clubs import club_convergence
from ._convergence import sigma_convergence
from ._decomposition import decompose_theil
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, palma, theil
from ._log_t import log_t_test
from ._over_time import inequality

__all__ = [
    "atkinson",
    "club_convergence",
    "cv",
    "decompose_theil",
    "ge",
    "gini",
    "hoover",
    "inequality",
    "log_t_test",
    "lorenz",
    "mld",
    "palma",
    "sigma_convergence",
    "theil",
]
