"""Disparities between regions: how large, between and within which groups, and since when."""

from __future__ import annotations

from ._concentration._ellison_glaeser import ellison_glaeser
from ._concentration._group_shares import group_shares
from ._concentration._growth_rates import shift_share_rates
from ._concentration._location import location_quotient, locational_gini, theil_concentration
from ._concentration._shift_share import shift_share
from ._concentration._specialisation import herfindahl, krugman_index
from ._convergence._clubs import club_convergence
from ._convergence._growth import beta_convergence
from ._convergence._log_t import log_t_test
from ._convergence._sigma import sigma_convergence
from ._decomposition._change import decompose_change
from ._decomposition._dagum import decompose_gini
from ._decomposition._one_vs_rest import decompose_one_vs_rest
from ._decomposition._shapley import decompose_shapley
from ._decomposition._sources import decompose_sources
from ._decomposition._theil import decompose_theil
from ._dynamics._chains import markov
from ._dynamics._densities import densities, stochastic_kernel
from ._dynamics._modes import modes
from ._dynamics._rank_mobility import rank_mobility
from ._dynamics._spatial_chains import spatial_markov
from ._flows._flow_lines import flow_lines
from ._flows._flows import net_flows
from ._inequality._breaks import trend_breaks
from ._inequality._by_level import inequality_by_level
from ._inequality._compare_answers import compare_answers
from ._inequality._leave_one_out import leave_one_out
from ._inequality._one_year import atkinson, cv, ge, gini, hoover, lorenz, mld, sd_log, theil
from ._inequality._over_time import inequality
from ._inequality._ratios import max_min_ratio, palma, quantile_ratio
from ._inequality._trend import trend_test
from ._markets._market import market_segmentation
from ._markets._market_change import segmentation_change
from ._monitoring._early_warning import early_warning
from ._monitoring._plan import evaluate_plan
from ._monitoring._targets import evaluate_targets
from ._services._composite import composite_index
from ._services._coupling import coupling
from ._services._hierarchy import services_template
from ._services._sensitivity import rank_sensitivity
from ._services._transfers import concentration_coefficient, transfer_effect
from ._services._urban_rural import urban_rural_gap

__all__ = [
    "atkinson",
    "beta_convergence",
    "club_convergence",
    "compare_answers",
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
    "leave_one_out",
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
    "shift_share_rates",
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
