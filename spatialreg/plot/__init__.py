"""Figures of frames and results.

Every function takes what a measure gave (with the regions where a map is drawn), an optional
``ax``, and returns the Axes. Chinese labels are drawn where a font for them is installed, and the
English ones where not: never empty boxes.
"""

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
from ._fonts import chinese_font, has_chinese
from ._maps import categories, choropleth, lisa_map, network_map, side_by_side
from ._monitoring import status_bars, status_matrix
from ._parts import change_bars, decomposition

__all__ = [
    "answers_matrix",
    "categories",
    "change_bars",
    "chinese_font",
    "choropleth",
    "consensus_map",
    "correlogram",
    "coverage_over_time",
    "decomposition",
    "figure",
    "growth_bars",
    "has_chinese",
    "inequality_lines",
    "lisa_map",
    "lorenz",
    "moran_band",
    "moran_lines",
    "moran_scatter",
    "network_map",
    "save",
    "side_by_side",
    "status_bars",
    "status_matrix",
    "transition_matrix",
]
