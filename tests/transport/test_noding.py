"""Noding: small layers drawn on a plane in metres, whose joints can be counted by eye."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal
from pyproj import Geod
from shapely import LineString, MultiLineString, Point

from spatialreg.errors import AlignmentError, CRSError, GeometryError, InputError, PrecisionWarning
from spatialreg.transport import noded

ORIGIN = np.array([500_000.0, 4_400_000.0])
# on the central meridian of a UTM zone a metre on the map is 1 / 0.9996 m on the ground
SCALE = 0.9996


def layer(drawn: dict[str, list[tuple[float, float]]], **columns: list[object]) -> gpd.GeoDataFrame:
    shapes = [LineString(ORIGIN + np.array(points)) for points in drawn.values()]
    return gpd.GeoDataFrame(columns, index=list(drawn), geometry=shapes, crs=32650)


def lengths(edges: gpd.GeoDataFrame) -> dict[str, float]:
    return (edges["length_m"] * SCALE).round(1).to_dict()


def kinds(report: gpd.GeoDataFrame) -> dict[str, int]:
    return report["kind"].value_counts().to_dict()


def ends_at(nodes: gpd.GeoDataFrame, x: float, y: float) -> int:
    """Give the degree of the node at a place, zero if there is none within a decimetre."""
    flat = nodes.to_crs(32650)
    near = flat.distance(Point(ORIGIN + np.array([x, y]))) < 0.1
    return int(nodes["degree"][near].sum())


def test_ends_within_the_tolerance_become_one_node():
    lines = layer({"a": [(0, 0), (100, 0)], "b": [(103, 4), (200, 4)], "c": [(100, 0), (100, -90)]})
    nodes, edges, report = noded(lines, tolerance=5.1)
    assert len(nodes) == 4
    # two ends meet at (100, 0) already, so that the third moves there
    assert ends_at(nodes, 100, 0) == 3
    assert lengths(edges) == {"a": 100.0, "b": 100.1, "c": 90.0}
    assert kinds(report) == {"dangling": 3}
    nodes, _, report = noded(lines, tolerance=4.9)
    assert len(nodes) == 5
    assert kinds(report) == {"gap": 1, "dangling": 3, "island": 1}
    # one that is joined to the line already would be no gap
    gap = report.iloc[0]
    assert (gap["line"], gap["other"], round(gap["distance_m"] * SCALE, 3)) == ("b", "a", 5.0)


def test_a_chain_of_short_lines_does_not_collapse():
    chain = {f"l{k:02}": [(4 * k, 0), (4 * k + 4, 0)] for k in range(25)}
    nodes, edges, report = noded(layer(chain), tolerance=5)
    assert edges["length_m"].sum() * SCALE == pytest.approx(100, abs=10)
    assert kinds(report).get("island", 0) == 0
    assert nodes.to_crs(32650).geometry.x.max() - ORIGIN[0] >= 95


def test_a_line_is_cut_where_another_ends_at_it():
    lines = layer({"main": [(0, 0), (100, 0)], "side": [(40, 3), (40, 50)]})
    nodes, edges, _ = noded(lines, tolerance=5)
    assert lengths(edges) == {"main.0": 40.0, "main.1": 60.0, "side": 50.0}
    assert ends_at(nodes, 40, 0) == 3
    assert edges["line"].tolist() == ["main", "main", "side"]
    _, edges, report = noded(lines, tolerance=2)
    assert edges.index.tolist() == ["main", "side"]
    assert report.loc[report["kind"] == "gap", ["line", "other"]].to_numpy().tolist() == [
        ["side", "main"]
    ]


def test_two_sides_of_a_crossroads_share_its_node():
    lines = layer(
        {"main": [(0, 0), (100, 0)], "north": [(50, 2), (50, 60)], "south": [(50.5, -3), (50, -60)]}
    )
    nodes, edges, report = noded(lines, tolerance=4)
    assert ends_at(nodes, 50, 0) + ends_at(nodes, 50.5, 0) == 4
    assert len(edges) == 4
    assert kinds(report) == {"dangling": 4}


def test_crossings():
    drawn = {"a": [(0, 0), (100, 0)], "b": [(50, -50), (50, 50)]}
    nodes, edges, _ = noded(layer(drawn))
    assert lengths(edges) == {"a.0": 50.0, "a.1": 50.0, "b.0": 50.0, "b.1": 50.0}
    assert ends_at(nodes, 50, 0) == 4
    for lines in (
        layer(drawn, layer=[0, 1]),
        layer(drawn, bridge=["no", "viaduct"]),
        layer(drawn, tunnel=["F", "T"]),
        layer(drawn, mode=["road", "rail"]),
    ):
        assert noded(lines).edges.index.tolist() == ["a", "b"]
    assert len(noded(layer(drawn, layer=["1", 1.0])).edges) == 4
    assert noded(layer(drawn), crossings=False).edges.index.tolist() == ["a", "b"]
    assert noded(layer(drawn), crossings="vertices").edges.index.tolist() == ["a", "b"]
    drawn = {"a": [(0, 0), (50, 0), (100, 0)], "b": [(50, -50), (50, 0), (50, 50)]}
    assert len(noded(layer(drawn), crossings="vertices").edges) == 4


def test_bridges_join_at_their_ends():
    lines = layer(
        {"ramp": [(0, 0), (50, 0)], "bridge": [(50, 0), (150, 0)], "under": [(100, -9), (100, 9)],
         "below": [(120, 0), (120, -80)]},
        layer=[0, 1, 0, 0],
    )  # fmt: skip
    nodes, edges, _ = noded(lines)
    assert edges.index.tolist() == ["below", "bridge", "ramp", "under"]
    assert ends_at(nodes, 50, 0) == 2


def test_an_overshoot_leaves_no_stub():
    lines = layer({"main": [(0, 0), (100, 0)], "side": [(50, -3), (50, 60)]})
    _, edges, report = noded(lines, tolerance=5)
    assert lengths(edges) == {"main.0": 50.0, "main.1": 50.0, "side": 60.0}
    assert kinds(report) == {"dangling": 3}


def test_lines_that_come_back():
    _, edges, _ = noded(layer({"p": [(0, 0), (100, 0), (100, 50), (50, 0.2)]}))
    assert list(edges.index) == ["p.0", "p.1"]
    assert edges.loc["p.1", "start"] == edges.loc["p.1", "end"]
    _, edges, _ = noded(layer({"eight": [(0, 0), (100, 100), (100, 0), (0, 100)]}))
    assert lengths(edges) == {"eight.0": 70.7, "eight.1": 241.4, "eight.2": 70.7}
    nodes, edges, report = noded(layer({"ring": [(0, 0), (50, 0), (50, 50), (0, 0)]}))
    assert (len(nodes), len(edges)) == (1, 1)
    assert nodes["degree"].tolist() == [2]
    assert kinds(report) == {}


def test_what_is_dropped_is_listed():
    lines = layer(
        {"a": [(0, 0), (100, 0)], "again": [(100, 0), (0, 0)], "dot": [(5, 5), (5, 5)],
         "speck": [(100, 0), (100.5, 0.5)], "stretch": [(20, 0), (60, 0)]},
    )  # fmt: skip
    lines.loc["none", "geometry"] = None
    _, edges, report = noded(lines)
    assert lengths(edges) == {"a.0": 20.0, "a.1": 40.0, "a.2": 40.0}
    dropped = report[report["kind"] == "dropped"].set_index("line")
    assert dropped["reason"].to_dict() == {
        "again": "duplicate",
        "dot": "no length",
        "none": "no geometry",
        "speck": "shorter than the tolerance",
        "stretch": "duplicate",
    }
    assert dropped["other"]["again"] == "a"
    assert dropped["length_m"]["speck"] == pytest.approx(0.5**0.5, rel=1e-3)
    assert dropped.geometry.notna().to_dict()["none"] is False


def test_what_differs_is_no_duplicate():
    drawn = {"a": [(0, 0), (100, 0)], "b": [(100, 0), (0, 0)]}
    assert len(noded(layer(drawn)).edges) == 1
    assert len(noded(layer(drawn, line=["G4", "G5"])).edges) == 2
    assert len(noded(layer(drawn, oneway=["yes", "yes"])).edges) == 2
    # against the drawing, both lead from (0, 0) to (100, 0)
    assert len(noded(layer(drawn, oneway=["yes", "-1"])).edges) == 1


def test_oneway_against_the_drawing_is_turned_round():
    lines = layer({"a": [(0, 0), (100, 0)], "b": [(0, 9), (100, 9)]}, oneway=["-1", None])
    nodes, edges, _ = noded(lines)
    assert edges["oneway"].to_dict() == {"a": True, "b": False}
    start = nodes.geometry[edges.loc["a", "start"]]
    assert start.equals(shapely.get_point(edges.geometry["a"], 0))
    assert start.x > nodes.geometry[edges.loc["a", "end"]].x
    letters = layer({k: [(0, y), (9, y)] for y, k in enumerate("abc")}, oneway=["F", "T", "B"])
    ways = noded(letters, tolerance=0.1).edges
    assert ways["oneway"].tolist() == [True, True, False]
    assert shapely.get_x(shapely.get_point(ways.geometry["b"], 0)) > 117.0001


def test_islands_are_listed_with_their_length():
    lines = layer(
        {"a": [(0, 0), (100, 0)], "b": [(100, 0), (200, 0)], "far": [(0, 900), (50, 900)]}
    )
    report = noded(lines).report
    island = report[report["kind"] == "island"].iloc[0]
    assert (island["line"], island["edges"]) == ("far", 1)
    assert island["length_m"] * SCALE == pytest.approx(50, rel=1e-6)
    far = report[(report["kind"] == "dangling") & (report["line"] == "far")]
    assert (far["distance_m"] * SCALE).round(1).tolist() == [900.0, 900.0]


def test_multilines_attributes_and_shares():
    shapes = [
        MultiLineString([[(0, 0), (1, 0)], [(1, 0), (1, 1)]]),
        LineString([(0.5, 0), (0, -1)]),
    ]
    lines = gpd.GeoDataFrame(
        {"class": ["motorway", "primary"], "minutes": [30.0, 9.0], "length_m": [300_000.0, np.nan],
         "name": ["京沪", None]},
        geometry=shapes, index=[1, 2], crs=4326,
    )  # fmt: skip
    edges = noded(lines).edges
    assert edges.index.tolist() == ["1.0", "1.1", "1.2", "2"]
    assert edges["class"].tolist() == ["motorway"] * 3 + ["primary"]
    assert edges["line"].tolist() == ["1", "1", "1", "2"]
    assert edges["minutes"].sum() == pytest.approx(39)
    assert edges["length_m"].iloc[:3].sum() == pytest.approx(300_000)
    # the equator's degree is longer than the meridian's
    shares = edges["minutes"].iloc[:3] / 30
    assert shares.tolist() == pytest.approx([111_319.5 / 443_777, 0.2508, 0.4983], abs=1e-3)
    assert edges["length_m"].iloc[3] == pytest.approx(
        Geod(ellps="WGS84").geometry_length(shapes[1])
    )


def test_an_end_on_a_long_segment_is_found_where_it_was_drawn():
    # drawn straight in degrees over 20 degrees: hundreds of kilometres off in any projection
    lines = gpd.GeoDataFrame(
        geometry=[LineString([(100, 40), (120, 40)]), LineString([(107, 40), (107, 41)])],
        index=["main", "side"], crs=4326,
    )  # fmt: skip
    nodes, edges, _ = noded(lines)
    assert edges.index.tolist() == ["main.0", "main.1", "side"]
    assert "107.0000000,40.0000000" in nodes.index


@pytest.mark.parametrize("crossings", [True, "vertices", False])
def test_order_of_rows_changes_nothing(crossings):
    rng = np.random.default_rng(5)
    points = rng.integers(0, 40, size=(60, 2, 2)) * 10.0
    drawn = {f"r{k}": [tuple(a), tuple(b)] for k, (a, b) in enumerate(points) if (a != b).any()}
    lines = layer(drawn, oneway=rng.choice(["yes", "no", "-1"], len(drawn)))
    expected = noded(lines, tolerance=4, crossings=crossings)
    before = lines.copy(deep=True)
    for seed in range(3):
        given = noded(lines.sample(frac=1, random_state=seed), tolerance=4, crossings=crossings)
        for one, other in zip(given, expected, strict=True):
            assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))
    assert_frame_equal(pd.DataFrame(lines), pd.DataFrame(before))


def test_messages():
    lines = layer({"a": [(0, 0), (100, 0)], "b": [(0, 5), (100, 5)]})
    with pytest.raises(InputError, match="must be a GeoDataFrame"):
        noded(pd.DataFrame())
    with pytest.raises(InputError, match="holds no lines"):
        noded(lines.iloc[:0])
    with pytest.raises(CRSError, match="set_crs"):
        noded(lines.set_crs(None, allow_override=True))
    with pytest.raises(GeometryError, match=r"1 rows are no lines \(b is Point\)"):
        noded(lines.assign(geometry=[lines.geometry["a"], Point(0, 0)]))
    with pytest.raises(AlignmentError, match="more than once"):
        noded(lines.set_axis(["a", "a"]))
    with pytest.raises(AlignmentError, match="labels as text"):
        noded(lines.set_axis([1, "1"]))
    with pytest.raises(InputError, match="tolerance must be above zero"):
        noded(lines, tolerance=0)
    with pytest.raises(InputError, match="gap must be above zero"):
        noded(lines, gap=-1)
    with pytest.raises(InputError, match="crossings must be one of"):
        noded(lines, crossings="some")
    with pytest.raises(InputError, match=r"'oneway' of lines must hold yes, no .* 1 rows .* at b"):
        noded(lines.assign(oneway=["yes", "often"]))
    with pytest.raises(InputError, match="'layer' of lines must hold whole numbers"):
        noded(lines.assign(layer=["ROADS", "0"]))


def test_a_layer_wider_than_any_projection_is_told_of():
    wide = gpd.GeoDataFrame(
        geometry=[LineString([(-170, 60), (170, 60)]), LineString([(0, 0), (0, 70)])], crs=4326
    )
    with pytest.warns(PrecisionWarning, match="the tolerance of 1 m is between"):
        noded(wide)
