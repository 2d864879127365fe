"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._by_level import inequality_by_level
from ._convergence import sigma_convergence
from ._decomposition import decompose_theil
from ._ellison_glaeser import ellison_glaeser
from ._group_shares import group_shares
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, palma, theil
from ._location import location_quotient, locational_gini, theil_concentration
from ._over_time import inequality
from ._shift_share import shift_share
from ._specialisation import herfindahl, krugman_index

__all__ = [
    "atkinson",
    "cv",
    "decompose_theil",
    "ellison_glaeser",
    "ge",
    "gini",
    "group_shares",
    "herfindahl",
    "hoover",
    "inequality",
    "inequality_by_level",
    "krugman_index",
    "location_quotient",
    "locational_gini",
    "lorenz",
    "mld",
    "palma",
    "shift_share",
    "sigma_convergence",
    "theil",
    "theil_concentration",
]
