"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._breaks import trend_breaks
from ._by_level import inequality_by_level
from ._chains import markov
from ._change import decompose_change
from ._clubs import club_convergence
from ._composite import composite_index
from ._convergence import sigma_convergence
from ._coupling import coupling
from ._dagum import decompose_gini
from ._decomposition import decompose_theil
from ._densities import densities, stochastic_kernel
from ._early_warning import early_warning
from ._ellison_glaeser import ellison_glaeser
from ._flow_lines import flow_lines
from ._flows import net_flows
from ._group_shares import group_shares
from ._growth import beta_convergence
from ._hierarchy import services_template
from ._inequality import atkinson, cv, ge, gini, hoover, lorenz, mld, sd_log, theil
from ._location import location_quotient, locational_gini, theil_concentration
from ._log_t import log_t_test
from ._market import market_segmentation
from ._market_change import segmentation_change
from ._modes import modes
from ._one_vs_rest import decompose_one_vs_rest
from ._over_time import inequality
from ._plan import evaluate_plan
from ._rank_mobility import rank_mobility
from ._ratios import max_min_ratio, palma, quantile_ratio
from ._sensitivity import rank_sensitivity
from ._shapley import decompose_shapley
from ._shift_share import shift_share
from ._sources import decompose_sources
from ._spatial_chains import spatial_markov
from ._specialisation import herfindahl, krugman_index
from ._targets import evaluate_targets
from ._transfers import concentration_coefficient, transfer_effect
from ._trend import trend_test
from ._urban_rural import urban_rural_gap

__all__ = [
    "atkinson",
    "beta_convergence",
    "club_convergence",
    "composite_index",
    "concentration_coefficient",
    "coupling",
    "cv",
    "decompose_change",
    "decompose_gini",
    "decompose_one_vs_rest",
    "decompose_shapley",
    "decompose_sources",
    "decompose_theil",
    "densities",
    "early_warning",
    "ellison_glaeser",
    "evaluate_plan",
    "evaluate_targets",
    "flow_lines",
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
    "log_t_test",
    "lorenz",
    "market_segmentation",
    "markov",
    "max_min_ratio",
    "mld",
    "modes",
    "net_flows",
    "palma",
    "quantile_ratio",
    "rank_mobility",
    "rank_sensitivity",
    "sd_log",
    "segmentation_change",
    "services_template",
    "shift_share",
    "sigma_convergence",
    "spatial_markov",
    "stochastic_kernel",
    "theil",
    "theil_concentration",
    "transfer_effect",
    "trend_breaks",
    "trend_test",
    "urban_rural_gap",
]
