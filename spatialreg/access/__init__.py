"""Access: how well the transport network reaches the regions.

Coverage answers yes or no for each region, in one of several definitions that disagree, so every
answer carries its definition in words.
"""

from ._attribution import attribute_change
from ._compare import compare_access, compare_networks
from ._coverage import DEFINITIONS, coverage
from ._opened_lines import opened_lines
from ._over_time import access_series
from ._series import coverage_by_date, newly_covered
from ._times_change import times_change

__all__ = [
    "DEFINITIONS",
    "access_series",
    "attribute_change",
    "compare_access",
    "compare_networks",
    "coverage",
    "coverage_by_date",
    "newly_covered",
    "opened_lines",
    "times_change",
]
