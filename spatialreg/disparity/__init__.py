"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._convergence import sigma_convergence
from ._decomposition import decompose_theil
from ._early_warning import early_warning
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, palma, theil
from ._over_time import inequality
from ._plan import evaluate_plan
from ._targets import evaluate_targets

__all__ = [
    "atkinson",
    "cv",
    "decompose_theil",
    "early_warning",
    "evaluate_plan",
    "evaluate_targets",
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
