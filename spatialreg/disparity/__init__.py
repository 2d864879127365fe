"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._convergence import sigma_convergence
from ._decomposition import decompose_theil
from ._flow_lines import flow_lines
from ._flows import net_flows
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, palma, theil
from ._market import market_segmentation
from ._market_change import segmentation_change
from ._over_time import inequality
from ._transfers import concentration_coefficient, transfer_effect
from ._urban_rural import urban_rural_gap

__all__ = [
    "atkinson",
    "concentration_coefficient",
    "cv",
    "decompose_theil",
    "flow_lines",
    "ge",
    "gini",
    "hoover",
    "inequality",
    "lorenz",
    "market_segmentation",
    "mld",
    "net_flows",
    "palma",
    "segmentation_change",
    "sigma_convergence",
    "theil",
    "transfer_effect",
    "urban_rural_gap",
]
