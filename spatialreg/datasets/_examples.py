"""Two countries beside China: incomes of US states and output of Mexican states.

Both come from the examples that libpysal carries in its wheel, so that they need no download. A map
has the values in columns by year, a panel the same values in long form.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from libpysal import examples

from .._align import to_panel
from ..errors import InputError

_NO_DATUM = (
    "the file declares no reference system; its coordinates are longitude and latitude, and "
    "WGS-84 is assumed (another datum would move the outlines by some 100 m at most)"
)


def us_states() -> gpd.GeoDataFrame:
    """Give the 48 contiguous United States with their incomes per head, 1929-2009.

    Returns
    -------
    GeoDataFrame
        Index ``code`` (two-digit FIPS text), in its order; columns ``name``, ``abbreviation``,
        ``income_1929`` to ``income_2009`` [current US dollars per head], ``geometry``
        (longitude and latitude). Without Alaska, Hawaii and the District of Columbia, which the
        example lacks. The scheme ``us_bea_regions`` groups them.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> states = datasets.us_states()
    >>> states.loc["06", "name"], int(states.loc["06", "income_1929"])
    ('California', 991)
    """
    shapes = gpd.read_file(_path("us48.shp")).rename(
        columns={"STATE_FIPS": "code", "STATE_NAME": "name", "STATE_ABBR": "abbreviation"}
    )
    incomes = _us_table().set_index("code").drop(columns="name").add_prefix("income_")
    frame = shapes.set_index("code")[["name", "abbreviation", "geometry"]].join(incomes)
    frame = frame[["name", "abbreviation", *incomes.columns, "geometry"]]
    frame = frame.sort_index().set_crs("EPSG:4326")
    frame.attrs.update(_US, crs_note=_NO_DATUM)
    return frame


def us_incomes() -> pd.DataFrame:
    """Give the panel of incomes per head of the 48 contiguous United States, 1929-2009.

    Returns
    -------
    DataFrame
        MultiIndex (``code``, ``year``); column ``income`` [current US dollars per head].

    Examples
    --------
    >>> from spatialreg import datasets
    >>> int(datasets.us_incomes().loc[("06", 1929), "income"])
    991
    """
    long = _us_table().melt(["code", "name"], var_name="year", value_name="income")
    panel = to_panel(long.drop(columns="name"))
    panel.attrs.update(_US)
    return panel


def mexico() -> gpd.GeoDataFrame:
    """Give the 32 Mexican states with their output per head, 1940-2000.

    Returns
    -------
    GeoDataFrame
        Index ``code`` (the example's codes ``MX01`` to ``MX32``: those of the old list FIPS 10-4,
        not those of the national statistics), in its order; columns ``name``, ``gdp_1940`` to
        ``gdp_2000`` by decade [per head; the example does not state the unit], ``geometry``
        (longitude and latitude). The scheme ``mexico_regions`` groups them.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> states = datasets.mexico()
    >>> states.loc["MX09", "name"], float(states.loc["MX09", "gdp_2000"])
    ('Distrito Federal', 54349.0)
    """
    shapes = gpd.read_file(_path("mexicojoin.shp"))
    columns = {f"PCGDP{year}": f"gdp_{year}" for year in range(1940, 2001, 10)}
    frame = shapes.rename(columns={"CODE": "code", "NAME": "name", **columns})
    frame = frame.set_index("code")[["name", *columns.values(), "geometry"]]
    frame = frame.sort_index().set_crs("EPSG:4326")
    frame.attrs.update(_MEXICO, crs_note=_NO_DATUM)
    return frame


def mexico_gdp() -> pd.DataFrame:
    """Give the panel of output per head of the Mexican states by decade, 1940-2000.

    Returns
    -------
    DataFrame
        MultiIndex (``code``, ``year``); column ``gdp`` [per head; the example does not state the
        unit].

    Examples
    --------
    >>> from spatialreg import datasets
    >>> float(datasets.mexico_gdp().loc[("MX09", 2000), "gdp"])
    54349.0
    """
    wide = pd.DataFrame(mexico().drop(columns=["name", "geometry"]))
    long = wide.reset_index().melt("code", var_name="year", value_name="gdp")
    panel = to_panel(long.assign(year=long["year"].str.removeprefix("gdp_")))
    panel.attrs = {}
    panel.attrs.update(_MEXICO)
    return panel


_US = {
    "source": "libpysal example us_income, from the US Bureau of Economic Analysis",
    "vintage": "1929-2009, as published about 2010",
    "licence": "libpysal: BSD-3-Clause; figures of the US government",
    "unit": "current US dollars per head",
}
_MEXICO = {
    "source": "libpysal example mexico, used in Rey and Sastre Gutierrez (2010)",
    "vintage": "1940-2000 by decade",
    "licence": "libpysal: BSD-3-Clause",
    "unit": "per head; not stated in the example",
}


def _us_table() -> pd.DataFrame:
    table = pd.read_csv(_path("usjoin.csv")).rename(columns={"Name": "name", "STATE_FIPS": "code"})
    return table.assign(code=table["code"].astype(str).str.zfill(2))


def _path(name: str) -> str:
    path = examples.get_path(name)
    if path is None:
        raise InputError(
            f"the installed libpysal does not carry {name!r}: use a release of the range that "
            "spatialreg asks for"
        )
    return str(path)
