"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._change import decompose_change
from ._convergence import sigma_convergence
from ._dagum import decompose_gini
from ._decomposition import decompose_theil
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, palma, theil
from ._one_vs_rest import decompose_one_vs_rest
from ._over_time import inequality
from ._shapley import decompose_shapley
from ._sources import decompose_sources

__all__ = [
    "atkinson",
    "cv",
    "decompose_change",
    "decompose_gini",
    "decompose_one_vs_rest",
    "decompose_shapley",
    "decompose_sources",
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
