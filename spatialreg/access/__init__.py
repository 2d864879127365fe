"""Access: how well the transport network reaches the regions.

Coverage answers yes or no for each region, in one of several definitions that disagree, so every
answer carries its definition in words.
"""

from ._coverage import DEFINITIONS, coverage
from ._coverage_compared import compare_coverage
from ._coverage_series import coverage_series
from ._density import network_density
from ._isochrones import isochrones, service_lines
from ._series import coverage_by_date, newly_covered

__all__ = [
    "DEFINITIONS",
    "compare_coverage",
    "coverage",
    "coverage_by_date",
    "coverage_series",
    "isochrones",
    "network_density",
    "newly_covered",
    "service_lines",
]
