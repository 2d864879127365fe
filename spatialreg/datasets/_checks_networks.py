"""Checks of the map, seats, high-speed rail, expressways and airports."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from .._crs import CHINA_ALBERS
from ._airports import airports, cities
from ._check import Outcome, check, must, none_of, short, within
from ._china import china
from ._networks import expressway_places, expressways, hsr_lines, hsr_stations
from ._seats import seats
from ._tables import national_series, provinces, read_data

_WGS84 = Geod(ellps="WGS84")
_KM_NEAR, _KM_FAR = 1.0, 250.0
_BORDER_M = 500.0  # borders are simplified by as much


@check("china_provinces", "34 provinces; areas are the official ones (10 %)")
def _areas() -> Outcome:
    area = china("province").to_crs(CHINA_ALBERS).area / 1e6
    ratio = (area / provinces()["area_km2"]).dropna()
    far = ratio[(ratio - 1).abs() > 0.1]
    words = f"{len(area)} provinces, ratio {ratio.min():.3f} to {ratio.max():.3f}"
    if len(far):
        words += f"; beyond: {', '.join(f'{code} {value:.2f}' for code, value in far.items())}"
    # a strip of water belongs to the coast; Hainan's official area is of the land alone
    known = {"310000", "460000", "810000", "820000"}
    return Outcome("yes" if far.empty else "known" if set(far.index) <= known else "no", words)


@check("china_prefectures", "370 units, each within its province")
def _prefectures() -> Outcome:
    frame, upper = china("prefecture"), china("province").geometry
    inside = frame.representative_point().within(upper.loc[frame["province"]], align=False)
    result = none_of(frame.index[~inside], "lie elsewhere", len(frame))
    return must(len(frame) == 370 and result.holds == "yes", result.found)


@check("china_counties", "2,875 units that neither overlap nor leave gaps between them")
def _counties() -> Outcome:
    frame = china("county")
    whole = bool(shapely.coverage_is_valid(frame.geometry.to_numpy()))
    words = f"{len(frame):,} units, {'a' if whole else 'no'} valid coverage"
    return must(len(frame) == 2875 and whole, words)


@check("seats_county", "every seat lies in its county (2 km); how many are settlements")
def _county_seats() -> Outcome:
    return _seats_of("county")


@check("seats_prefecture", "every seat lies in its prefecture (2 km)")
def _prefecture_seats() -> Outcome:
    return _seats_of("prefecture")


@check("seats_province", "every seat lies in its province (2 km)")
def _province_seats() -> Outcome:
    return _seats_of("province")


@check("prefecture_seats", "every seat stated is a county of that prefecture")
def _stated_seats() -> Outcome:
    stated = read_data("prefecture_seats.csv")
    counties = china("county")
    wrong = stated.loc[
        ~stated["county"].isin(counties.index)
        | (stated["county"].map(counties["prefecture"]).fillna("") != stated["prefecture"]),
        "prefecture",
    ]
    return none_of(wrong, "prefectures have a seat elsewhere", len(stated))


@check("hsr_sections", "length of class new over the published operating length (0.95-1.03)")
def _held() -> Outcome:
    table = hsr_lines()
    new = table[table["class"] == "new"]
    published = national_series()["hsr_km"].dropna()
    held = pd.Series(
        {year: new.loc[new["counted_from"] <= year, "length_km"].sum() for year in published.index}
    )
    ratio = held / published
    words = ", ".join(f"{year} {value:.3f}" for year, value in ratio.items())
    # the published length took in older lines from 2016 to 2019, and which when is not known
    older = ratio.index.isin([2016, 2017, 2018])
    if not ratio[~older].between(0.95, 1.03).all():
        return Outcome("no", words)
    return within(ratio.min(), ratio.max(), (0.95, 1.03), (0.91, 1.03), words)


@check("hsr_sections", "no section is shorter than the straight way through its stations (2 %)")
def _not_too_short() -> Outcome:
    table = hsr_lines()
    placed = _placed_sections()
    table = table[table.index.isin(placed)]
    wrong = table.index[table["length_km"] < 0.98 * table["schematic_length_km"]]
    # the length of these counts from a junction, or to one: see their notes
    return short(len(wrong), 16, none_of(wrong, "sections are shorter", len(table)).found)


@check("hsr_sections", "neighbouring stations lie 1 to 250 km apart")
def _spacing() -> Outcome:
    points = hsr_stations().geometry
    order = read_data("hsr_section_stations.csv").sort_values(["section", "order"])
    wrong = []
    for section, rows in order.groupby("section"):
        for one, two in pairwise(rows["station"]):
            km = _km(points[one], points[two])
            if not _KM_NEAR <= km <= _KM_FAR:
                wrong.append(f"{section}: {one}-{two} {km:.0f} km")
    return short(len(wrong), 2, none_of(wrong, "pairs are not", len(order)).found)


@check("hsr_sections", "differences of date to an unofficial list have a reason each")
def _dates() -> Outcome:
    table = read_data("hsr_date_differences.csv")
    bare = table.loc[table["reason"].isna(), "section"]
    return none_of(bare, "differences have no reason", len(table))


@check("hsr_section_stations", "orders run from one, and every station is one of the table")
def _orders() -> Outcome:
    table = read_data("hsr_section_stations.csv")
    known = set(read_data("hsr_stations.csv")["station"])
    wrong = [
        str(section)
        for section, rows in table.groupby("section")
        if sorted(rows["order"]) != list(range(1, len(rows) + 1)) or set(rows["station"]) - known
    ]
    return none_of(wrong, "sections are wrong", table["section"].nunique())


@check("hsr_date_differences", "every difference has a reason")
def _date_reasons() -> Outcome:
    return _dates()


@check("hsr_stations", "every point lies in the county that the station names (its precision)")
def _points_inside() -> Outcome:
    stations = hsr_stations()
    own = stations[~stations["coordinate_source"].str.startswith("seat of")]
    outside = _outside(own, own["county"], own["precision_m"] + _BORDER_M)
    result = none_of(outside, "points lie outside", len(own))
    seat = len(stations) - len(own)
    words = f"{result.found}; {seat:,} of {len(stations):,} stations stand at a seat"
    return short(len(outside), 0, words)


@check("hsr_stations", "how many stations have a county that is uncertain")
def _uncertain() -> Outcome:
    table = hsr_stations()
    unsure = int(table["note"].fillna("").str.contains("uncertain").sum())
    return short(unsure, 4, f"{unsure} of {len(table):,}")


@check("expressways", "7 radials, 11 north-south, 18 east-west routes; rings and connections")
def _kinds() -> Outcome:
    table = expressways()
    count = {str(kind): len(rows) for kind, rows in table.groupby("kind")}
    words = ", ".join(f"{kind} {number}" for kind, number in count.items())
    wanted = {"radial": 7, "north-south": 11, "east-west": 18}
    right = all(count.get(kind) == number for kind, number in wanted.items())
    return must(right, f"{words}; {int((table['plan'] == 2022).sum())} of the plan of 2022 only")


@check("expressways", "the schematic length is 0.7 to 1.0 of the official one")
def _schematic() -> Outcome:
    table = expressways()
    ratio = (table["schematic_length_km"] / table["official_length_km"]).dropna()
    far = ratio[~ratio.between(0.7, 1.0)]
    words = f"{len(far)} of {len(ratio)} are not; {len(table) - len(ratio)} have no length"
    if len(far):
        words += f" ({', '.join(f'{route} {value:.2f}' for route, value in far.items())})"
    return short(len(far), 10, words)


@check("expressway_places", "every place is a county of the map, and none follows itself")
def _places() -> Outcome:
    table = expressway_places()
    lost = table.loc[~table["county"].isin(china("county").index), "place_zh"]
    again = table.loc[
        (table["county"] == table["county"].shift()) & (table["route"] == table["route"].shift()),
        "place_zh",
    ]
    return none_of([*lost, *again], "places are wrong", len(table))


@check("civil_airports", "the number by year is the published one (2 airports)")
def _by_year() -> Outcome:
    published = national_series()["civil_airports"].dropna()
    years = [int(year) for year in published.index]
    off = {year: len(airports(date=year)) - int(published[year]) for year in years}
    words = ", ".join(f"{year} {int(published[year])} ({gap:+d})" for year, gap in off.items())
    # Nanyuan and Jiujiang are not in it; two were certified in 2015 and served from 2016
    worst = max(map(abs, off.values()))
    return Outcome("yes" if worst <= 2 else "known" if worst <= 4 else "no", words)


@check("civil_airports", "the point of the package lies in the county stated (5 km)")
def _airport_points() -> Outcome:
    table = airports(civil=True)
    own = table[table["coordinate_source"] == "airportsdata"]
    outside = _outside(own, own["county"], pd.Series(5000.0, own.index))
    result = none_of(outside, "do not: the package has another site", len(own))
    return short(len(outside), 9, result.found)


@check("airports", "how many aerodromes of the package are civil transport airports")
def _aerodromes() -> Outcome:
    table = airports()
    civil = int(table["civil"].sum())
    seat = int((table["coordinate_source"] != "airportsdata").sum())
    words = f"{civil - seat} of {len(table) - seat}; {seat} civil ones are not in the package"
    return Outcome("yes", words)


@check("cities", "settlements that lie in no county of the map")
def _cities() -> Outcome:
    table = cities()
    lost = int(table["county"].isna().sum())
    return short(lost, len(table) // 1000, f"{lost} of {len(table):,}")


def _seats_of(level: str) -> Outcome:
    table = seats(level)
    outside = _outside(table, table.index.to_series(), pd.Series(2500.0, table.index), level)
    result = none_of(outside, "lie outside", len(table))
    return Outcome(result.holds, f"{result.found}; {table['geonameid'].notna().mean():.0%} settled")


def _outside(
    points: gpd.GeoDataFrame, codes: pd.Series, reach_m: pd.Series, level: str = "county"
) -> pd.Index:
    """Give the points that lie farther from the unit stated than their reach."""
    units = china(level).geometry.to_crs(CHINA_ALBERS)
    known = codes.isin(units.index)
    at = points.geometry.to_crs(CHINA_ALBERS)[known]
    metres = shapely.distance(at.to_numpy(), units.loc[codes[known]].to_numpy())
    far = pd.Series(metres, at.index) > reach_m[known]
    return points.index[~known].union(far.index[far])


def _placed_sections() -> set[str]:
    """Give the sections whose stations all have points of their own."""
    stations = hsr_stations()
    seat = stations.index[stations["coordinate_source"].str.startswith("seat of")]
    order = read_data("hsr_section_stations.csv")
    loose = set(order.loc[order["station"].isin(seat), "section"])
    return set(order["section"]) - loose


def _km(one: shapely.Point, two: shapely.Point) -> float:
    return float(np.round(_WGS84.inv(one.x, one.y, two.x, two.y)[2] / 1000, 3))
