"""One layer as GeoParquet, GeoJSON and Shapefile, read back by geopandas."""

from __future__ import annotations

import json
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from spatialreg.errors import InputError, RepairWarning
from spatialreg.layers import Layer, Simple, write_vectors
from spatialreg.layers._vectors import field_names


@pytest.fixture
def clusters(layers) -> Layer:
    return layers[0]


def test_parquet_keeps_all(clusters, regions, tmp_path):
    back = gpd.read_parquet(write_vectors(clusters, tmp_path / "x.parquet"))
    assert back["name"].tolist() == regions["name"].tolist()
    assert back["cluster"].notna().all()
    assert back.crs == regions.crs
    np.testing.assert_array_equal(back["income"], regions["income"])


def test_geojson_is_in_degrees(clusters, regions, tmp_path):
    from dataclasses import replace

    projected = replace(clusters, frame=clusters.frame.to_crs(3857))
    path = write_vectors(projected, tmp_path / "x.geojson")
    document = json.loads(path.read_text(encoding="utf-8"))
    # the standard (RFC 7946) knows one reference system and does not name it
    assert "crs" not in document
    assert document["features"][0]["properties"]["name"] == "北京市"
    assert document["features"][4]["properties"]["income"] is None
    back = gpd.read_file(path)
    assert back.total_bounds == pytest.approx(regions.total_bounds, abs=1e-6)


def test_shapefile_in_chinese(clusters, regions, tmp_path):
    path = write_vectors(clusters, tmp_path / "x.shp")
    assert (tmp_path / "x.cpg").read_text() == "UTF-8"
    assert (tmp_path / "x.prj").exists()
    back = gpd.read_file(path)
    assert back["name"].tolist() == regions["name"].tolist()
    assert back["code"].tolist() == regions.index.tolist()
    np.testing.assert_array_equal(back["income"], regions["income"])


def test_field_names_of_a_shapefile_are_documented(regions, tmp_path):
    frame = regions.rename(columns={"income": "income_2019", "people": "income_2020"})
    frame = frame.assign(income_2019_real=1.0, 省="x")
    layer = Layer(
        name="x", title="X", group="", frame=frame, style=Simple("#222222"),
        aliases={"income_2020": "Income [yuan]"},
    )  # fmt: skip
    back = gpd.read_file(write_vectors(layer, tmp_path / "x.shp"))
    table = pd.read_csv(tmp_path / "x_fields.csv", encoding="utf-8-sig").fillna("")
    assert table["field"].tolist() == list(back.columns.drop("geometry"))
    named = dict(zip(table["column"], table["field"], strict=True))
    assert named["income_2019"] == "income_201"
    assert named["income_2020"] == "income_202"
    assert named["income_2019_real"] == "income_2_2"
    assert named["省"] == "field"
    assert table.set_index("column").loc["income_2020", "alias"] == "Income [yuan]"


def test_field_names_are_ten_distinct_characters():
    columns = [f"population_of_the_year_{n}" for n in range(120)] + ["Population", "省", "市", "1a"]
    names = list(field_names(columns).values())
    assert len({name.lower() for name in names}) == len(names)
    assert all(1 <= len(name) <= 10 and name.isascii() for name in names)


def test_dates_and_truths_in_a_shapefile(tmp_path):
    frame = gpd.GeoDataFrame(
        {
            "day": pd.to_datetime(["2012-11-15", None]),
            "time": pd.to_datetime(["2012-11-15 10:30", "2013-01-01 00:00"]),
            "yes": [True, False],
            "perhaps": [True, None],
        },
        geometry=[Point(0, 0), Point(1, 1)],
        crs=4326,
    )
    layer = Layer(name="x", title="X", group="", frame=frame, style=Simple("#222222"))
    back = gpd.read_file(write_vectors(layer, tmp_path / "x.shp"))
    assert back["day"].tolist()[0] == "2012-11-15"
    assert back["day"].isna().tolist() == [False, True]
    assert back["time"].tolist() == ["2012-11-15T10:30:00", "2013-01-01T00:00:00"]
    assert back["yes"].tolist() == [1, 0]
    assert back["perhaps"].isna().tolist() == [False, True]


def test_long_texts_are_cut_between_characters_with_a_warning(tmp_path):
    frame = gpd.GeoDataFrame(
        {"long": ["省" * 100, "short"]}, geometry=[Point(0, 0), Point(1, 1)], crs=4326
    )
    layer = Layer(name="x", title="X", group="", frame=frame, style=Simple("#222222"))
    with pytest.warns(RepairWarning, match=r"long \(1\)"):
        path = write_vectors(layer, tmp_path / "x.shp")
    # a field holds 254 bytes and a Chinese character takes three: 84 of them
    assert gpd.read_file(path)["long"].tolist() == ["省" * 84, "short"]


@pytest.mark.parametrize("name", ["x.parquet", "x.geojson", "x.shp"])
def test_the_same_layer_gives_the_same_bytes(clusters, tmp_path, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for folder in ("one", "two"):
            write_vectors(clusters, tmp_path / folder / name)
    one, two = (sorted((tmp_path / folder).iterdir()) for folder in ("one", "two"))
    assert [file.name for file in one] == [file.name for file in two]
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in two]


def test_indexes_of_an_older_shapefile_go(clusters, tmp_path):
    (tmp_path / "x.sbn").write_bytes(b"stale")
    write_vectors(clusters, tmp_path / "x.shp")
    assert not (tmp_path / "x.sbn").exists()


@pytest.mark.parametrize("name", ["x.parquet", "x.geojson", "x.shp"])
def test_a_failed_write_leaves_the_old_file(clusters, tmp_path, monkeypatch, name):
    path = write_vectors(clusters, tmp_path / name)
    old = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("spatialreg.layers._atomic.os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_vectors(clusters, path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == old


def test_other_endings_raise(clusters, tmp_path):
    with pytest.raises(InputError, match=r"'\.geojson', '\.shp', not '\.kml'"):
        write_vectors(clusters, tmp_path / "x.kml")
