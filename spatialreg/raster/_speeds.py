"""Speeds that a friction surface starts from, and what slope does to walking.

The speeds by road are assumptions for cars in free flow, a little below the design speeds of
China's standard for highways (JTG B01-2014: expressways 80 to 120 km/h, class I 60 to 100, II 60 to
80, III 30 to 40, IV 20 to 30), under the names that OpenStreetMap gives to classes. Nothing hangs
on them but as the start of a table of one's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

# km/h
ROAD_SPEEDS: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 100.0,
        "trunk": 80.0,
        "primary": 60.0,
        "secondary": 50.0,
        "tertiary": 40.0,
        "unclassified": 30.0,
        "residential": 20.0,
        "track": 10.0,
        "path": 5.0,
        "motorway_link": 50.0,
        "trunk_link": 40.0,
        "primary_link": 40.0,
        "secondary_link": 30.0,
        "tertiary_link": 30.0,
    }
)
# km/h: off the path Tobler takes three fifths of his function, which is 5.04 on level ground
OFF_ROAD_SPEED = 3.0
MINUTES_PER_METRE = 0.06  # at 1 km/h


def uphill(slope: np.ndarray) -> np.ndarray:
    """Give the speed of walking up a slope, over that on level ground.

    Tobler's hiking function is W = 6 exp(-3.5 |S + 0.05|) km/h at the slope S (rise over run);
    W(S) / W(0) = exp(-3.5 S) for S >= 0 (Tobler 1993, Three presentations on geographical analysis
    and modeling, NCGIA Technical Report 93-1). Weiss and others (2018) take it in the same way, up
    the steepest slope of a cell whatever the direction of travel.
    """
    return np.exp(-3.5 * slope)
