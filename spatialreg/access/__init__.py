"""Access: how well the transport network reaches the regions.

Coverage answers yes or no for each region, in one of several definitions that disagree, so every
answer carries its definition in words. Indicators, catchments and circles are computed from travel
times, whatever network or timetable these came from.
"""

from ._accessibility import accessibility
from ._attribution import attribute_change
from ._catchments import floating_catchment
from ._circles import city_circles, city_rings, hinterlands
from ._compare import compare_access, compare_networks
from ._coverage import DEFINITIONS, coverage
from ._coverage_compared import compare_coverage
from ._coverage_series import coverage_series
from ._cumulative import cumulative_opportunities
from ._decay import Decay, exponential, gaussian, linear, logistic, power, steps
from ._density import network_density
from ._indicators import MEASURES, access_from_times
from ._inequality import access_inequality
from ._isochrones import isochrones, service_lines
from ._opened_lines import opened_lines
from ._over_time import access_series
from ._series import coverage_by_date, newly_covered
from ._times import internal_times
from ._times_change import times_change

__all__ = [
    "DEFINITIONS",
    "MEASURES",
    "Decay",
    "access_from_times",
    "access_inequality",
    "access_series",
    "accessibility",
    "attribute_change",
    "city_circles",
    "city_rings",
    "compare_access",
    "compare_coverage",
    "compare_networks",
    "coverage",
    "coverage_by_date",
    "coverage_series",
    "cumulative_opportunities",
    "exponential",
    "floating_catchment",
    "gaussian",
    "hinterlands",
    "internal_times",
    "isochrones",
    "linear",
    "logistic",
    "network_density",
    "newly_covered",
    "opened_lines",
    "power",
    "service_lines",
    "steps",
    "times_change",
]
