"""Any embedded data set by its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from .. import regions
from .._align import require_one_of
from . import _airports, _census, _china, _examples, _networks, _seats, _tables


def _plain(name: str) -> pd.DataFrame:
    """Read a table as it stands."""
    return _tables.described(_tables.read_data(f"{name}.csv"), name)


_LOADERS: dict[str, Callable[[], Any]] = {
    "provinces": _tables.provinces,
    "provincial_panel": _tables.provincial_panel,
    "poverty_counties": _tables.poverty_counties,
    "services_standard_2021": _tables.services_standard,
    "census_2020_provinces": _tables.census_totals,
    "provincial_panel_1978_1999": lambda: _tables.provincial_panel("1978-1999"),
    "provincial_panel_2020_2022": lambda: _tables.provincial_panel("2020-2022"),
    "provincial_panel_2020_2023": lambda: _tables.provincial_panel("2020-2023"),
    "national_series": _tables.national_series,
    "panel_breaks": _tables.panel_breaks,
    "panel_breaks_1978_1999": lambda: _tables.panel_breaks(vintage="1978-1999"),
    "county_census": _census.county_census,
    "county_census_map": lambda: _census.county_census(codes="map"),
    "county_census_prefecture": lambda: _census.county_census(codes="prefecture"),
    **{
        name: partial(_plain, name)
        for name in (
            "census_zones",
            "census_units",
            "census_corrections",
            "hsr_section_stations",
            "hsr_date_differences",
            "code_change_differences",
        )
    },
    "code_changes": lambda: _tables.described(regions.list_code_changes(), "code_changes"),
    "periods": regions.list_periods,
    "schemes": regions.list_schemes,
    "claims": _tables.claims,
    "hsr_sections": _networks.hsr_lines,
    "hsr_stations": _networks.hsr_stations,
    "expressways": _networks.expressways,
    "expressway_places": _networks.expressway_places,
    "prefecture_seats": lambda: _tables.described(
        _tables.read_data("prefecture_seats.csv").set_index("prefecture"), "prefecture_seats"
    ),
    "china_provinces": lambda: _china.china("province"),
    "china_prefectures": lambda: _china.china("prefecture"),
    "china_counties": lambda: _china.china("county"),
    "seats_province": lambda: _seats.seats("province"),
    "seats_prefecture": lambda: _seats.seats("prefecture"),
    "seats_county": lambda: _seats.seats("county"),
    "airports": _airports.airports,
    "cities": _airports.cities,
    "civil_airports": lambda: _airports.airports(civil=True),
    "us_states": _examples.us_states,
    "us_incomes": _examples.us_incomes,
    "mexico": _examples.mexico,
    "mexico_gdp": _examples.mexico_gdp,
}


def load(name: str) -> pd.DataFrame:
    """Give an embedded data set by the name that :func:`sources` lists.

    Parameters
    ----------
    name : str
        A label of ``sources().index``.

    Returns
    -------
    DataFrame or GeoDataFrame
        What the function of that data set gives, for example ``china("county")`` for
        ``"china_counties"``.

    Raises
    ------
    InputError
        There is no such data set.
    MissingDependencyError
        A package of the extra ``china`` is needed and not installed.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> datasets.load("us_incomes").shape
    (3888, 1)
    """
    require_one_of(name, list(_LOADERS), "name")
    return _LOADERS[name]()
