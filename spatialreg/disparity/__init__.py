"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._convergence import sigma_convergence
from ._decomposition import decompose_theil
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, palma, theil
from ._market import market_segmentation
from ._market_change import segmentation_change
from ._over_time import inequality

__all__ = [
    "atkinson",
    "cv",
    "decompose_theil",
    "ge",
    "gini",
    "hoover",
    "inequality",
    "lorenz",
    "market_segmentation",
    "mld",
    "palma",
    "segmentation_change",
    "sigma_convergence",
    "theil",
]
