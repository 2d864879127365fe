"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._breaks import trend_breaks
from ._convergence import sigma_convergence
from ._decomposition import decompose_theil
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, sd_log, theil
from ._over_time import inequality
from ._ratios import max_min_ratio, palma, quantile_ratio
from ._trend import trend_test

__all__ = [
    "atkinson",
    "cv",
    "decompose_theil",
    "ge",
    "gini",
    "hoover",
    "inequality",
    "lorenz",
    "max_min_ratio",
    "mld",
    "palma",
    "quantile_ratio",
    "sd_log",
    "sigma_convergence",
    "theil",
    "trend_breaks",
    "trend_test",
]
