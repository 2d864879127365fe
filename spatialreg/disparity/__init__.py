"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._composite import composite_index
from ._convergence import sigma_convergence
from ._coupling import coupling
from ._decomposition import decompose_theil
from ._hierarchy import services_template
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, palma, theil
from ._over_time import inequality
from ._sensitivity import rank_sensitivity

__all__ = [
    "atkinson",
    "composite_index",
    "coupling",
    "cv",
    "decompose_theil",
    "ge",
    "gini",
    "hoover",
    "inequality",
    "lorenz",
    "mld",
    "palma",
    "rank_sensitivity",
    "services_template",
    "sigma_convergence",
    "theil",
]
