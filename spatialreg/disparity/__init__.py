"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._chains import markov
from ._clubs import club_convergence
from ._convergence import sigma_convergence
from ._decomposition import decompose_theil
from ._densities import densities, stochastic_kernel
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, palma, theil
from ._log_t import log_t_test
from ._modes import modes
from ._over_time import inequality
from ._rank_mobility import rank_mobility
from ._spatial_chains import spatial_markov

__all__ = [
    "atkinson",
    "club_convergence",
    "cv",
    "decompose_theil",
    "densities",
    "ge",
    "gini",
    "hoover",
    "inequality",
    "log_t_test",
    "lorenz",
    "markov",
    "mld",
    "modes",
    "palma",
    "rank_mobility",
    "sigma_convergence",
    "spatial_markov",
    "stochastic_kernel",
    "theil",
]
