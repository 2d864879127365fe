"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._breaks import trend_breaks
from ._composite import composite_index
from ._convergence import sigma_convergence
from ._coupling import coupling
from ._decomposition import decompose_theil
from ._flow_lines import flow_lines
from ._flows import net_flows
from ._growth import beta_convergence
from ._hierarchy import services_template
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, sd_log, theil
from ._market import market_segmentation
from ._market_change import segmentation_change
from ._over_time import inequality
from ._ratios import max_min_ratio, palma, quantile_ratio
from ._sensitivity import rank_sensitivity
from ._transfers import concentration_coefficient, transfer_effect
from ._trend import trend_test
from ._urban_rural import urban_rural_gap

__all__ = [
    "atkinson",
    "beta_convergence",
    "composite_index",
    "concentration_coefficient",
    "coupling",
    "cv",
    "decompose_theil",
    "flow_lines",
    "ge",
    "gini",
    "hoover",
    "inequality",
    "lorenz",
    "market_segmentation",
    "max_min_ratio",
    "mld",
    "net_flows",
    "palma",
    "quantile_ratio",
    "rank_sensitivity",
    "sd_log",
    "segmentation_change",
    "services_template",
    "sigma_convergence",
    "theil",
    "transfer_effect",
    "trend_breaks",
    "trend_test",
    "urban_rural_gap",
]
