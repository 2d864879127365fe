"""Line layers as users have them, and networks to files and back."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from shapely import LineString, MultiLineString, Point

from spatialreg.errors import (
    AlignmentError,
    CRSError,
    GeometryError,
    InputError,
    MissingDataWarning,
)
from spatialreg.io import read_network, read_nodes_and_edges, write_network
from spatialreg.io._line_values import day, direction, directions, speed_kmh, truth

LINES = [LineString([(116, 40), (117, 40)]), LineString([(117, 40), (117, 41)])]


def layer(**columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=LINES, crs=4326)


@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
@pytest.mark.parametrize("note", [True, False])
def test_a_chinese_shapefile_in_gbk(tmp_path, note):
    given = layer(
        道路名称=["京沪高速", "长安街"],
        道路等级=["高速公路", "城市道路"],
        限速=["120", "60"],
        单向=["是", "否"],
        通车时间=["2000年12月", "1959-9-1"],
        车道=[4, 10],
    )
    path = tmp_path / "roads.shp"
    given.to_file(path, encoding="gb18030")
    if not note:
        path.with_suffix(".cpg").unlink()
    lines = read_network(path)
    assert lines["line"].tolist() == ["京沪高速", "长安街"]
    assert lines["class"].tolist() == ["高速公路", "城市道路"]
    assert lines["speed_kmh"].tolist() == [120.0, 60.0]
    assert lines["oneway"].tolist() == [True, False]
    assert lines["opened"].dt.strftime("%F").tolist() == ["2000-12-31", "1959-09-01"]
    assert lines["closed"].isna().all()
    assert lines["车道"].tolist() == [4, 10]
    assert lines["mode"].tolist() == ["road", "road"]
    assert lines["nature"].tolist() == ["surveyed", "surveyed"]
    assert lines.index.tolist() == ["1", "2"]
    assert lines.attrs["columns"]["class"] == "道路等级"
    assert lines.crs.to_epsg() == 4326


def test_a_layer_of_openstreetmap_by_geofabrik():
    given = layer(
        osm_id=["10", "20"], fclass=["motorway", "primary"], name=["A 1", None], ref=["A1", "B2"],
        oneway=["T", "B"], maxspeed=[0, 100], layer=[1, 0], bridge=["T", "F"], tunnel=["F", "F"],
    )  # fmt: skip
    lines = read_network(given, nature="osm")
    assert lines.index.tolist() == ["10", "20"]
    assert lines["line"].tolist() == ["A1", "B2"]
    assert lines["name"].fillna("").tolist() == ["A 1", ""]
    assert lines["speed_kmh"].tolist() == pytest.approx([np.nan, 100], nan_ok=True)
    assert lines[["oneway", "bridge", "tunnel"]].to_numpy().tolist() == [
        [True, True, False],
        [False, False, False],
    ]
    assert lines["layer"].tolist() == [1, 0]
    # T is against the drawing here
    assert lines.geometry["10"].coords[0] == (117, 40)
    assert lines.geometry["20"].coords[0] == (117, 40)


def test_columns_that_are_named():
    given = layer(typ=["a", "b"], fclass=["x", "y"], v=["60 mph", "100 km/h"], name=["p", "q"])
    lines = read_network(given, columns={"class": "typ", "speed_kmh": "v", "line": ""}, mode="rail")
    assert lines["class"].tolist() == ["a", "b"]
    assert lines["speed_kmh"].tolist() == pytest.approx([96.56064, 100])
    assert lines["line"].isna().all()
    assert lines["fclass"].tolist() == ["x", "y"]
    assert lines["name"].tolist() == ["p", "q"]
    assert lines["mode"].tolist() == ["rail", "rail"]
    per_line = read_network(layer(mode=["rail", None]))
    assert per_line["mode"].tolist() == ["rail", "road"]
    kept = read_network(
        layer(opened=["2001", "2002"], fclass=["x", "y"]), columns={"class": "opened"}
    )
    assert kept["opened"].isna().all()


def test_one_way_against_the_drawing_is_turned_round():
    lines = read_network(layer(oneway=["-1", "yes"]))
    assert [shape.coords[0] for shape in lines.geometry] == [(117, 40), (117, 40)]
    assert lines["oneway"].all()


def test_dates_in_a_form_of_their_own():
    given = layer(opened=["01/12/2012", None])
    lines = read_network(given, dates="%d/%m/%Y")
    assert lines["opened"].iloc[0] == pd.Timestamp("2012-12-01")
    with pytest.raises(InputError, match=r"'opened' of the frame must hold dates .* at 1"):
        read_network(given)
    with pytest.raises(InputError, match="dates written as '%Y'"):
        read_network(given, dates="%Y")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2012-12-01", "2012-12-01"), ("2012/12/1", "2012-12-01"), (20121201, "2012-12-01"),
        ("2012年12月1日", "2012-12-01"), ("2012年2月", "2012-02-29"), ("2012-02", "2012-02-29"),
        (2012, "2012-12-31"), (2012.0, "2012-12-31"), ("2012", "2012-12-31"),
        (dt.date(2012, 12, 1), "2012-12-01"), (pd.Timestamp("2012-12-01 13:00"), "2012-12-01"),
        ("2012-12-01T08:00:00", "2012-12-01"), ("", None), (None, None), (np.nan, None),
        (pd.NaT, None),
    ],
)  # fmt: skip
def test_days(cell, expected):
    assert day(cell) is pd.NaT if expected is None else day(cell) == pd.Timestamp(expected)


@pytest.mark.parametrize("cell", ["soon", "2012-13-01", "12/2012", "99999999"])
def test_what_is_no_day(cell):
    with pytest.raises(ValueError):
        day(cell)


def test_speeds_words_and_directions():
    assert speed_kmh("80 km/h") == speed_kmh("80公里/小时") == speed_kmh("８０") == 80
    assert speed_kmh(62.5) == 62.5
    assert speed_kmh("50 mph") == pytest.approx(80.4672)
    assert np.isnan([speed_kmh(cell) for cell in (0, -1, "", None, "none", np.nan)]).all()
    with pytest.raises(ValueError, match="no speed"):
        speed_kmh("fast")
    assert [truth(cell) for cell in ("是", "Y", 1, "否", "F", 0, None)] == [True] * 3 + [
        False
    ] * 3 + [None]
    with pytest.raises(ValueError, match="neither yes nor no"):
        truth("maybe")
    assert [direction(c) for c in ("双向", "单向", -1, 1, True, False)] == [0, 1, -1, 1, 1, 0]
    assert [directions(["F", "T", "B"])(cell) for cell in "FTB"] == [1, -1, 0]
    assert [directions(["F", "T"])(cell) for cell in "FT"] == [0, 1]


def test_what_is_left_out_or_cannot_be_read():
    with_gap = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=[LINES[0], None], crs=4326)
    with pytest.warns(MissingDataWarning, match=r"1 rows have no geometry and were left out \(b\)"):
        assert read_network(with_gap).index.tolist() == ["a"]
    with pytest.warns(MissingDataWarning, match=r"1 speeds in 'speed' .*'fast', at 2"):
        lines = read_network(layer(speed=[50, "fast"]))
    assert lines["speed_kmh"].tolist() == pytest.approx([50, np.nan], nan_ok=True)
    with pytest.raises(InputError, match="'oneway' of the frame must hold yes, no or -1"):
        read_network(layer(oneway=["yes", "perhaps"]))
    with pytest.raises(InputError, match="'layer' of the frame must hold whole numbers"):
        read_network(layer(layer=["ROADS", "0"]))


def test_messages_of_reading(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        read_network(tmp_path / "none.gpkg")
    with pytest.raises(InputError, match="columns= has the names"):
        read_network(layer(), columns={"klass": "x"})
    with pytest.raises(InputError, match="has no column 'x'"):
        read_network(layer(), columns={"class": "x"})
    with pytest.raises(InputError, match="one column of the frame two standard names"):
        read_network(layer(x=[1, 2]), columns={"class": "x", "line": "x"})
    with pytest.raises(InputError, match=r"cannot be the labels of lines: 0 are missing, 1 stand"):
        read_network(layer(x=[1, 1]), columns={"edge": "x"})
    with pytest.raises(GeometryError, match="must hold lines"):
        read_network(layer().assign(geometry=[LINES[0], Point(0, 0)]))
    with pytest.raises(GeometryError, match="holds no lines"):
        read_network(layer().iloc[:0])
    with pytest.raises(CRSError, match="has no CRS"):
        read_network(layer().set_crs(None, allow_override=True))
    metres = gpd.GeoDataFrame(geometry=[LineString([(5e5, 4e6), (6e5, 4e6)])])
    with pytest.raises(CRSError, match="says degrees"):
        read_network(metres, crs=4326)
    assert read_network(metres, crs=32650).crs.to_epsg() == 32650


def test_the_frame_that_is_given_stays():
    given = layer(oneway=["-1", "no"], id=[1, 1])
    before = given.copy(deep=True)
    # ids that repeat are no labels; the rows are numbered, and the ids kept
    lines = read_network(given)
    assert lines.index.tolist() == ["1", "2"]
    assert lines["id"].tolist() == [1, 1]
    assert_frame_equal(pd.DataFrame(given), pd.DataFrame(before))


def network() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    nodes = gpd.GeoDataFrame(
        {"boards": [True, False, True], "opened": pd.to_datetime(["2008-08-01", None, None])},
        geometry=[Point(116, 40), Point(117, 40), Point(117, 41)],
        index=pd.Index(["a", "b", "c"], dtype="str", name="node"), crs=4326,
    )  # fmt: skip
    edges = gpd.GeoDataFrame(
        {
            "start": ["a", "b"], "end": ["b", "c"], "mode": ["rail", "road"],
            "line": pd.Series(["京津城际", None], dtype="str"), "length_m": [85_000.5, np.nan],
            "oneway": [True, False], "opened": pd.to_datetime(["2008-08-01", None]).astype("M8[s]"),
            "closed": pd.to_datetime([None, None]), "lanes": pd.array([4, None], dtype="Int64"),
            "way": [1, 2**40],
        },
        geometry=[LINES[0], None], index=pd.Index(["ab", "bc"], dtype="str", name="edge"), crs=4326,
    )  # fmt: skip
    return nodes, edges


def test_a_network_comes_back_as_it_was(tmp_path):
    nodes, edges = network()
    path = write_network(nodes, edges, tmp_path / "net.gpkg")
    back = read_nodes_and_edges(path)
    assert_frame_equal(pd.DataFrame(back.nodes), pd.DataFrame(nodes))
    assert_frame_equal(pd.DataFrame(back.edges), pd.DataFrame(edges))
    assert back.nodes.crs == nodes.crs
    # without shapes of edges, too
    write_network(nodes, pd.DataFrame(edges.drop(columns="geometry")), path)
    again = read_nodes_and_edges(path).edges
    assert again.geometry.isna().all()
    assert_frame_equal(
        pd.DataFrame(again.drop(columns="geometry")), pd.DataFrame(edges.drop(columns="geometry"))
    )
    lines = MultiLineString([LINES[0].coords, LINES[1].coords])
    write_network(nodes, edges.assign(geometry=[LINES[0], lines]), path)
    assert read_nodes_and_edges(path).edges.geom_type.tolist() == ["LineString", "MultiLineString"]


def test_messages_of_writing(tmp_path):
    nodes, edges = network()
    with pytest.raises(InputError, match="suffix of a network"):
        write_network(nodes, edges, tmp_path / "net.shp")
    with pytest.raises(InputError, match="nodes must be a GeoDataFrame"):
        write_network(pd.DataFrame(nodes), edges, tmp_path / "net.gpkg")
    with pytest.raises(InputError, match="edges has no column 'start'"):
        write_network(nodes, edges.drop(columns="start"), tmp_path / "net.gpkg")
    with pytest.raises(AlignmentError, match=r"1 edges have in 'end' a node .*\(bc\)"):
        write_network(nodes.iloc[:2], edges, tmp_path / "net.gpkg")
    with pytest.raises(AlignmentError, match="edges has 1 labels more than once"):
        write_network(nodes, edges.set_axis(["x", "x"]), tmp_path / "net.gpkg")
    with pytest.raises(InputError, match="the name of their index"):
        write_network(nodes.assign(node=1), edges, tmp_path / "net.gpkg")
    assert not (tmp_path / "net.gpkg").exists()
    with pytest.raises(InputError, match="there is no file"):
        read_nodes_and_edges(tmp_path / "net.gpkg")
    layer().to_file(tmp_path / "lines.gpkg", layer="roads")
    with pytest.raises(InputError, match=r"no layer 'nodes'; it has 'roads'"):
        read_nodes_and_edges(tmp_path / "lines.gpkg")
    (tmp_path / "text.gpkg").write_text("no map")
    with pytest.raises(InputError, match="cannot be read as a network"):
        read_nodes_and_edges(tmp_path / "text.gpkg")
