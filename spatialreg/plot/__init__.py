"""Figures of frames and results.

Every function takes what a measure gave (with the regions where a map is drawn), an optional
``ax``, and returns the Axes. Chinese labels are drawn where a font for them is installed, and the
English ones where not: never empty boxes.
"""

from ._access import access_lorenz, minutes_map, people_by_minutes
from ._access_change import access_change_map, attribution_bars, inequality_arrows
from ._answers import answers_matrix
from ._autocorrelation import consensus_map, correlogram, moran_band, transition_matrix
from ._axes import figure, save
from ._charts import (
    coverage_over_time,
    growth_bars,
    inequality_lines,
    lorenz,
    moran_lines,
    moran_scatter,
)
from ._concentration import part_bars, share_lines
from ._convergence import convergence_scatter, convergence_speeds, sigma_lines
from ._decomposition import change_bars, decomposition
from ._dynamics import density_lines, rank_slopes, transition_paths
from ._fonts import chinese_font, has_chinese
from ._gaps import interval_lines, spread_over_time
from ._isochrones import coverage_lines, coverage_maps, isochrone_map
from ._maps import categories, choropleth, lisa_map, network_map, side_by_side
from ._monitoring import status_bars, status_matrix
from ._parts import gini_parts, source_lines
from ._quadrants import growth_quadrants
from ._services import (
    coordination_lines,
    rank_intervals,
    score_profiles,
)
from ._surfaces import minutes_surface

__all__ = [
    "access_change_map",
    "access_lorenz",
    "answers_matrix",
    "attribution_bars",
    "categories",
    "change_bars",
    "chinese_font",
    "choropleth",
    "consensus_map",
    "convergence_scatter",
    "convergence_speeds",
    "coordination_lines",
    "correlogram",
    "coverage_lines",
    "coverage_maps",
    "coverage_over_time",
    "decomposition",
    "density_lines",
    "figure",
    "gini_parts",
    "growth_bars",
    "growth_quadrants",
    "has_chinese",
    "inequality_arrows",
    "inequality_lines",
    "interval_lines",
    "isochrone_map",
    "lisa_map",
    "lorenz",
    "minutes_map",
    "minutes_surface",
    "moran_band",
    "moran_lines",
    "moran_scatter",
    "network_map",
    "part_bars",
    "people_by_minutes",
    "rank_intervals",
    "rank_slopes",
    "save",
    "score_profiles",
    "share_lines",
    "side_by_side",
    "sigma_lines",
    "source_lines",
    "spread_over_time",
    "status_bars",
    "status_matrix",
    "transition_matrix",
    "transition_paths",
]
