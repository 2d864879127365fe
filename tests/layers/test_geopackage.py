"""The GeoPackage: layers, classes, aliases, styles; whole or not at all; the same bytes again."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely import Point, box

import spatialreg as sr
from spatialreg.errors import CRSError, GeometryError, InputError
from spatialreg.layers import Categorised, Graduated, Layer, Simple

from .small_study import parse


def rows(path, query):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def package(layers, tmp_path):
    return sr.write_layers(tmp_path / "study.gpkg", layers)


def test_layers_stand_in_their_order(package, layers):
    listed = pyogrio.list_layers(package)[: len(layers)]
    assert listed[:, 0].tolist() == [layer.name for layer in layers]
    assert listed[:, 1].tolist() == ["MultiPolygon"] * 3 + ["MultiLineString", "Point"]


def test_values_codes_and_chinese_names_come_back(package, regions):
    back = pyogrio.read_dataframe(package, layer="income")
    assert back["code"].tolist() == regions.index.tolist()
    assert back["name"].tolist() == regions["name"].tolist()
    np.testing.assert_array_equal(back["income"], regions["income"])
    assert back.crs == regions.crs
    assert back.geometry.geom_equals(regions.geometry.reset_index(drop=True)).all()


def test_no_class_is_null(package, regions):
    assert rows(package, "SELECT count(*) FROM lisa_2019 WHERE cluster IS NULL") == [(0,)]
    missing = regions.index[regions["cluster"].isna()].tolist()
    found = rows(package, "SELECT code FROM lisa_2019 WHERE cluster = 'No data' ORDER BY code")
    assert [code for (code,) in found] == missing == ["150000", "190000"]


def test_missing_numbers_stay_missing(package):
    assert rows(package, "SELECT code FROM income WHERE income IS NULL") == [("150000",)]


def test_titles_and_abstracts_are_the_contents(package):
    found = rows(
        package,
        "SELECT identifier, description FROM gpkg_contents WHERE table_name = 'lisa_2019'",
    )
    assert found == [("局部聚类 2019", "Local Moran's I, 999 permutations.")]


def test_same_titles_are_told_apart(regions, tmp_path):
    layers = [
        Layer(name=name, title="T", group="", frame=regions, style=Simple("#222222"))
        for name in ("one", "two")
    ]
    path = sr.write_layers(tmp_path / "x.gpkg", layers)
    found = rows(path, "SELECT identifier FROM gpkg_contents WHERE data_type = 'features'")
    assert found == [("T (one)",), ("T (two)",)]


def test_aliases_are_stored(package):
    found = rows(
        package,
        "SELECT column_name, name, title FROM gpkg_data_columns WHERE table_name = 'income'",
    )
    assert found == [("income", "Income [yuan]", "Income [yuan]")]
    assert rows(
        package, "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'"
    ) == [("gpkg_data_columns",)]


def test_aliases_that_two_columns_share_are_stored(regions, tmp_path):
    layer = Layer(
        name="one", title="T", group="", frame=regions, style=Simple("#222222"),
        aliases={"income": "Value", "people": "Value"},
    )  # fmt: skip
    path = sr.write_layers(tmp_path / "x.gpkg", [layer])
    assert rows(path, "SELECT name FROM gpkg_data_columns ORDER BY name") == [
        ("Value (income)",),
        ("Value (people)",),
    ]


def test_each_layer_has_one_default_style(package, layers):
    found = rows(
        package,
        "SELECT f_table_catalog, f_table_schema, f_table_name, f_geometry_column, useAsDefault "
        "FROM layer_styles ORDER BY id",
    )
    # empty text, not NULL: that is how QGIS 3.22 looks them up
    assert found == [("", "", layer.name, "geom", 1) for layer in layers]
    geometry = rows(package, "SELECT DISTINCT column_name FROM gpkg_geometry_columns")
    assert geometry == [("geom",)]


def test_styles_are_xml_with_their_classes(package):
    styles = dict(rows(package, "SELECT f_table_name, styleQML FROM layer_styles"))
    parsed = {name: parse(text) for name, text in styles.items()}
    kinds = {name: root.find("renderer-v2").get("type") for name, root in parsed.items()}
    assert kinds == {
        "lisa_2019": "categorizedSymbol",
        "income": "RuleRenderer",
        "people": "graduatedSymbol",
        "lines": "singleSymbol",
        "stations": "singleSymbol",
    }
    dashes = parsed["lines"].findall(".//Option[@name='use_custom_dash']")
    assert [option.get("value") for option in dashes] == ["1"]


def test_the_version_is_1_2(package):
    # the standard: user_version 10200 is GeoPackage 1.2.0, application_id "GPKG"
    assert rows(package, "PRAGMA user_version") == [(10200,)]
    assert rows(package, "PRAGMA application_id") == [(int.from_bytes(b"GPKG", "big"),)]
    assert rows(package, "PRAGMA integrity_check") == [("ok",)]


def test_the_same_layers_give_the_same_bytes(layers, tmp_path):
    one = sr.write_layers(tmp_path / "one" / "study.gpkg", layers, project="P")
    two = sr.write_layers(tmp_path / "two" / "study.gpkg", layers, project="P")
    assert one.read_bytes() == two.read_bytes()


def test_dates_follow_the_epoch_of_the_environment(layers, tmp_path, monkeypatch):
    # 1 609 459 200 s after 1970 is 2021-01-01T00:00:00Z
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1609459200")
    path = sr.write_layers(tmp_path / "study.gpkg", layers)
    dates = rows(path, "SELECT DISTINCT last_change FROM gpkg_contents")
    assert dates == [("2021-01-01T00:00:00.000Z",)]


def test_the_date_of_gdal_is_given_back(layers, tmp_path):
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    sr.write_layers(tmp_path / "study.gpkg", layers)
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == before


@pytest.mark.parametrize("step", ["_write_table", "_store_styles"])
def test_an_interrupted_write_leaves_the_old_file(layers, tmp_path, monkeypatch, step):
    path = sr.write_layers(tmp_path / "study.gpkg", layers)
    old = path.read_bytes()

    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(f"spatialreg.layers._geopackage.{step}", interrupt)
    with pytest.raises(KeyboardInterrupt):
        sr.write_layers(path, layers[:1])
    assert path.read_bytes() == old
    assert [file.name for file in tmp_path.iterdir()] == ["study.gpkg"]


def test_a_new_write_replaces_all(layers, tmp_path):
    path = sr.write_layers(tmp_path / "study.gpkg", layers, project="P")
    sr.write_layers(path, layers[:1])
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["lisa_2019", "layer_styles"]
    assert len(rows(path, "SELECT * FROM layer_styles")) == 1
    tables = rows(path, "SELECT name FROM sqlite_master WHERE name = 'qgis_projects'")
    assert tables == []


def test_frames_are_not_touched(layers, tmp_path):
    before = [layer.frame.copy(deep=True) for layer in layers]
    sr.write_layers(tmp_path / "study.gpkg", layers)
    for layer, frame in zip(layers, before, strict=True):
        assert_geodataframe_equal(layer.frame, frame)


def test_columns_of_every_kind_are_written(tmp_path):
    frame = gpd.GeoDataFrame(
        {
            2019: [1, 2],
            "kind": pd.Categorical(["a", None]),
            "month": pd.period_range("2020-01", periods=2, freq="M"),
            "day": pd.to_datetime(["2012-11-15", None]),
            "known": [True, None],
            "whole": pd.array([1, None], dtype="Int64"),
            "fid": ["x", "y"],
        },
        geometry=[Point(0, 0), None],
        crs=4326,
    )
    layer = Layer(name="p", title="P", group="", frame=frame, style=Simple("#222222"))
    path = sr.write_layers(tmp_path / "x.gpkg", [layer])
    back = pyogrio.read_dataframe(path, layer="p")
    assert back["2019"].tolist() == [1, 2]
    assert back["kind"].isna().tolist() == [False, True]
    assert back["month"].tolist() == ["2020-01", "2020-02"]
    assert back["day"].isna().tolist() == [False, True]
    assert rows(path, "SELECT known, whole, fid FROM p") == [(1, 1, "x"), (None, None, "y")]
    assert back.geometry.isna().tolist() == [False, True]


def test_a_layer_without_rows_is_written(regions, tmp_path):
    layer = Layer(
        name="none", title="N", group="", frame=regions.iloc[:0], style=Graduated("income")
    )
    path = sr.write_layers(tmp_path / "x.gpkg", [layer])
    assert pyogrio.read_info(path, layer="none")["features"] == 0


SQUARE = gpd.GeoDataFrame({"a": ["x"], "n": [1.0]}, geometry=[box(0, 0, 1, 1)], crs=4326)
SIMPLE = Simple("#222222")


def build(**changes):
    given = {"name": "one", "title": "T", "group": "", "frame": SQUARE, "style": SIMPLE}
    return Layer(**{**given, **changes})


MIXED = pd.concat([SQUARE, SQUARE.set_geometry([Point(0, 0)], crs=4326)])


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: build(name=" "), InputError, "name must not be empty"),
        (lambda: build(name="gpkg_x"), InputError, "gpkg_x"),
        (lambda: build(name="layer_styles"), InputError, "layer_styles"),
        (lambda: build(name="a|b"), InputError, "bars"),
        (lambda: build(frame=pd.DataFrame(SQUARE)), InputError, "GeoDataFrame, not DataFrame"),
        (lambda: build(frame=SQUARE.set_crs(None, allow_override=True)), CRSError, "set_crs"),
        (lambda: build(frame=MIXED), GeometryError, "Point, Polygon: make a layer of each"),
        (lambda: build(aliases={"b": "B"}), InputError, "columns that it lacks .'b'."),
        (lambda: build(style=Categorised("b", [("x", "X", "#000000")])), InputError, "'b'"),
        (lambda: build(style=Categorised("a", [("y", "Y", "#000000")])), InputError, "'x'"),
        (lambda: build(style=Graduated("a")), InputError, "must be numeric"),
        (lambda: build(style=Graduated("z")), InputError, "no column 'z'"),
        (lambda: Categorised("a", []), InputError, "has no classes"),
        (lambda: Categorised("a", [("x", "X", "red")]), InputError, "'red'"),
        (lambda: Categorised("a", [(1, "", "#000000"), ("1", "", "#000000")]), InputError, "once"),
        (lambda: Graduated("n", k=10), InputError, "1 to 9 classes, not 10"),
        (lambda: Graduated("n", scheme="jenks"), InputError, "scheme"),
        (lambda: Graduated("n", palette="jet"), InputError, "palette"),
        (lambda: Simple("#12"), InputError, "hex"),
        (lambda: Simple("#123456", width=0), InputError, "positive"),
    ],
)
def test_messages_of_layers_and_styles(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_messages_of_the_writer(tmp_path):
    path = tmp_path / "x.gpkg"
    with pytest.raises(InputError, match=r"ends in \.gpkg"):
        sr.write_layers(tmp_path / "x.shp", [build()])
    with pytest.raises(InputError, match="no layers"):
        sr.write_layers(path, [])
    with pytest.raises(InputError, match="more than one layer"):
        sr.write_layers(path, [build(), build(name="ONE")])
    with pytest.raises(InputError, match="differ in case"):
        sr.write_layers(path, [build(frame=SQUARE.assign(A=1))])
    with pytest.raises(InputError, match="column 'geom'"):
        sr.write_layers(path, [build(frame=SQUARE.assign(geom=1))])
    with pytest.raises(InputError, match="cannot be written"):
        sr.write_layers(path, [build(frame=SQUARE.assign(b=pd.Timedelta(1)))])
    with pytest.raises(InputError, match="cannot be written"):
        sr.write_layers(path, [build(frame=SQUARE.assign(b=[["list"]]))])
    path.mkdir()
    with pytest.raises(InputError, match="is a folder"):
        sr.write_layers(path, [build()])


def shared_layers(regions, **changes):
    frame = regions[["geometry"]].assign(x=range(len(regions)), y=1.5)
    frame.index.name = "code"
    other = regions[["geometry"]].assign(x=range(len(regions)), kind="a")
    other.index.name = "code"
    one = Layer(
        name="one", title="One", group="", frame=frame, style=Graduated("y"),
        aliases={"y": "Yield [t]"}, table="both",
    )  # fmt: skip
    two = Layer(
        name="two", title="Two", group="", frame=changes.get("frame", other),
        style=Categorised("kind", classes=[("a", "A", "#ff0000")]), table="both",
    )  # fmt: skip
    return [one, two]


def test_layers_that_share_a_table_are_written_once(regions, tmp_path):
    path = sr.write_layers(tmp_path / "shared.gpkg", shared_layers(regions))
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["both", "layer_styles"]
    frame = pyogrio.read_dataframe(path, layer="both")
    assert frame.columns.to_list() == ["code", "x", "y", "kind", "geometry"]
    assert rows(path, "SELECT f_table_name, styleName, useAsDefault FROM layer_styles") == [
        ("both", "one", 1),
        ("both", "two", 0),
    ]
    assert ("Yield [t]",) in rows(path, "SELECT title FROM gpkg_data_columns")


def test_layers_that_do_not_fit_cannot_share_a_table(regions, tmp_path):
    fewer = regions[["geometry"]].iloc[1:].assign(kind="a")
    with pytest.raises(InputError, match="share the table 'both', but their features differ"):
        sr.write_layers(tmp_path / "a.gpkg", shared_layers(regions, frame=fewer))
    clash = regions[["geometry"]].assign(kind="a", x=7)
    with pytest.raises(InputError, match="column 'x' of layer 'two' is not that of the other"):
        sr.write_layers(tmp_path / "a.gpkg", shared_layers(regions, frame=clash))
    assert not (tmp_path / "a.gpkg").exists()
