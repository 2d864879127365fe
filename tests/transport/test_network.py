"""Networks by hand: frames, dates, lines added and taken away."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely import LineString, Point

import spatialreg as sr
from spatialreg.errors import (
    AlignmentError,
    CRSError,
    GeometryError,
    InputError,
)

DEGREE = Geod(ellps="WGS84").inv(0, 0, 1, 0)[2]  # of longitude on the equator [m]


@pytest.fixture
def nodes():
    return gpd.GeoDataFrame(
        {"opened": [None, "2009-01-01", None, None]},
        index=["a", "b", "c", "d"],
        geometry=gpd.points_from_xy([0, 1, 2, 1], [0, 0, 0, 1]),
        crs=4326,
    )


@pytest.fixture
def edges():
    return pd.DataFrame(
        {
            "start": ["a", "b", "a"],
            "end": ["b", "c", "c"],
            "line": ["one", "one", "two"],
            "speed_kmh": [100.0, 100.0, 50.0],
            "opened": ["2008-01-01", "2012-06-01", None],
            "closed": [None, None, "2013-01-01"],
        },
        index=["ab", "bc", "ac"],
    )


@pytest.fixture
def network(nodes, edges):
    return sr.Network.from_frames(nodes, edges)


def test_times_follow_from_lengths_and_speeds(network):
    minutes = network.edges["minutes"]
    assert minutes["ab"] == pytest.approx(DEGREE / 1000 / 100 * 60, rel=1e-12)
    assert minutes["ac"] == pytest.approx(2 * DEGREE / 1000 / 50 * 60, rel=1e-12)
    assert network.edges["nature"].tolist() == ["surveyed"] * 3
    assert not network.edges["oneway"].any()


def test_what_is_given_goes_before_what_is_derived(nodes, edges):
    edges = edges.assign(length_m=[1000.0, np.nan, np.nan], minutes=[np.nan, 30.0, np.nan])
    network = sr.Network.from_frames(nodes, edges, detour={"surveyed": 1.5})
    assert network.edges["minutes"].tolist()[:2] == pytest.approx([0.6, 30.0])
    # a detour lengthens what was drawn, not what was given
    assert network.edges["length_m"].tolist() == pytest.approx([1000, DEGREE * 1.5, DEGREE * 3])
    assert network.edges.loc["bc", "speed_kmh"] == pytest.approx(DEGREE * 1.5 / 1000 / 0.5)


def test_speeds_by_class_go_before_those_by_mode(nodes, edges):
    edges = edges.drop(columns="speed_kmh").assign(**{"class": ["motorway", None, None]})
    network = sr.Network.from_frames(nodes, edges, speeds={"motorway": 120, "road": 60})
    assert network.edges["speed_kmh"].tolist() == [120, 60, 60]
    faster = network.with_speeds({"motorway": 60})
    assert faster.edges["minutes"].tolist()[0] == 2 * network.edges["minutes"].tolist()[0]
    assert faster.edges["minutes"].tolist()[1:] == network.edges["minutes"].tolist()[1:]


@pytest.mark.parametrize(
    ("date", "stand"),
    [
        (2007, ["ac"]),
        (2008, ["ab", "ac"]),
        ("2012-06-01", ["ab", "bc", "ac"]),
        (2013, ["ab", "bc"]),
    ],
)
def test_a_date_keeps_what_had_opened_and_not_closed(network, date, stand):
    then = network.at(date)
    assert then.edges.index.tolist() == stand
    assert then.nodes.index.tolist() == ["a", "b", "c", "d"]


def test_a_station_that_is_not_open_lets_trains_through(network):
    rail = network.with_modes({"road": {"boarding": 10.0, "waiting": 5.0}})
    network = rail.at("2008-12-31")
    assert not network.nodes.loc["b", "boards"]
    edges = pd.DataFrame({"start": ["b"], "end": ["c"], "minutes": [7.0], "line": ["one"]})
    through = network.with_lines(edges.set_index(pd.Index(["later"])))
    ab = network.edges.loc["ab", "minutes"]
    with pytest.warns(sr.errors.DisconnectedWarning):
        times = sr.travel_times(["a"], ["b"], through)
    assert np.isinf(times.loc["a", "b"])
    assert sr.travel_times(["a"], ["c"], through).loc["a", "c"] == pytest.approx(15 + ab + 7)


def test_lines_taken_away_and_added(network, edges):
    without = network.without("one")
    assert without.edges.index.tolist() == ["ac"]
    assert without.nodes is network.nodes
    again = without.with_lines(edges.loc[["bc", "ab"]])
    assert again.edges.loc[["ab", "bc"], "minutes"].equals(
        network.edges.loc[["ab", "bc"], "minutes"]
    )
    with pytest.raises(InputError, match="no line 'won': did you mean"):
        network.without("won")
    with pytest.raises(AlignmentError, match="labels that the network has already"):
        network.with_lines(edges)


def test_added_edges_obey_the_date(network):
    edges = pd.DataFrame(
        {"start": ["c"], "end": ["d"], "minutes": [9.0], "opened": ["2020-01-01"]}, index=["cd"]
    )
    assert "cd" not in network.at(2015).with_lines(edges).edges.index
    assert "cd" in network.with_lines(edges).at(2020).edges.index


def test_a_drawn_line_joins_the_nodes_that_it_passes(network):
    drawn = gpd.GeoDataFrame(
        {"speed_kmh": [60.0]},
        geometry=[LineString([(0, 0.0001), (1, 0.0001), (1, 1), (2, 2)])],
        index=["new"],
        crs=4326,
    )
    wider = network.with_lines(drawn, tolerance=50)
    added = wider.edges.drop(index=network.edges.index)
    assert added["start"].tolist() == ["a", "b", "d"]
    assert added["end"].tolist() == ["b", "d", "new.end"]
    assert added["line"].tolist() == ["new"] * 3
    total = Geod(ellps="WGS84").geometry_length(drawn.geometry.iloc[0])
    assert added["length_m"].sum() == pytest.approx(total, rel=1e-6)
    assert bool(wider.nodes.loc["new.end", "boards"])
    # nothing is passed within a metre: the line stands by itself
    alone = network.with_lines(drawn, tolerance=1)
    assert {"new.start", "new.end"} <= set(alone.nodes.index)


def test_a_geometry_by_any_name_is_drawn(nodes, edges):
    shapes = [LineString([(0, 0), (0.5, 1), (1, 0)]), None, None]
    drawn = gpd.GeoDataFrame(edges, geometry=shapes, crs=4326)
    renamed = drawn.rename_geometry("geom")
    network = sr.Network.from_frames(nodes, drawn)
    other = sr.Network.from_frames(nodes, renamed)
    pd.testing.assert_frame_equal(network.edges, other.edges)
    assert network.edges.loc["ab", "length_m"] > 2 * DEGREE


def test_inputs_are_left_alone(nodes, edges):
    before = nodes.copy(), edges.copy()
    network = sr.Network.from_frames(nodes, edges)
    network.at(2010).without("one")
    pd.testing.assert_frame_equal(nodes, before[0])
    pd.testing.assert_frame_equal(edges, before[1])


def test_other_projections_give_the_same(nodes, edges):
    geographic = sr.Network.from_frames(nodes, edges)
    projected = sr.Network.from_frames(nodes.to_crs(3857), edges)
    assert projected.edges["minutes"].tolist() == pytest.approx(
        geographic.edges["minutes"].tolist(), rel=1e-9
    )


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda n, e: (n, e.assign(end=["b", "z", "c"])), AlignmentError, "'end' a node .*z, of"),
        (lambda n, e: (n, e.drop(columns="start")), InputError, "edges has no column 'start'"),
        (lambda n, e: (n, e.drop(columns="speed_kmh")), InputError, "neither minutes nor speed"),
        (lambda n, e: (n, e.assign(speed_kmh=[0, 1, 1])), InputError, "positive numbers"),
        (lambda n, e: (n, e.assign(minutes=[-1, 1, 1])), InputError, "numbers not below zero"),
        (lambda n, e: (n, e.assign(oneway=["maybe", "no", "yes"])), InputError, "True or False"),
        (lambda n, e: (n, e.assign(opened="spring")), InputError, "'opened' of edges must hold"),
        (lambda n, e: (n, pd.concat([e, e])), AlignmentError, "more than once"),
        (lambda n, e: (n.set_crs(None, allow_override=True), e), CRSError, "nodes have no CRS"),
        (lambda n, e: (n.set_geometry(n.buffer(1)), e), GeometryError, "are no points"),
        (lambda n, e: (pd.DataFrame(n), e), GeometryError, "GeoDataFrame of points"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_messages(nodes, edges, change, error, message):
    with pytest.raises(error, match=message):
        sr.Network.from_frames(*change(nodes, edges))


def test_messages_of_modes_and_dates(nodes, edges):
    with pytest.raises(InputError, match="boarding, waiting, transfer, alighting"):
        sr.Network.from_frames(nodes, edges, modes={"rail": {"wait": 3.0}})
    with pytest.raises(InputError, match="finite and not negative, in rail"):
        sr.Network.from_frames(nodes, edges, modes={"rail": {"waiting": -3.0}})
    undated = sr.Network.from_frames(
        nodes.drop(columns="opened"), edges.drop(columns=["opened", "closed"])
    )
    with pytest.raises(InputError, match="no dates"):
        undated.at(2010)
    with pytest.raises(InputError, match="no class or mode 'rail'; it has road"):
        undated.with_speeds({"rail": 3})


def test_it_prints_what_it_holds(network):
    assert repr(network.at(2012)).splitlines() == [
        "Network at 2012-12-31: 4 nodes",
        "  road: 3 edges, 445 km, surveyed, opened 2008-01-01 to 2012-06-01",
    ]
    assert "<table" in network._repr_html_()


def test_a_point_has_no_place_in_edges(nodes, edges):
    shaped = gpd.GeoDataFrame(edges, geometry=[Point(0, 0)] * 3, crs=4326)
    with pytest.raises(GeometryError, match="no single lines"):
        sr.Network.from_frames(nodes, shaped)


def test_what_did_not_join_stays_with_the_network_and_out_of_the_edges(tmp_path):
    lines = gpd.GeoDataFrame(
        {"line": ["one", "two", "far"], "opened": ["2008-01-01", "2012-01-01", None]},
        geometry=[
            LineString([(0, 0), (2, 0)]),
            LineString([(1, 0), (1, 1)]),
            LineString([(9, 9), (9, 8)]),
        ],
        crs=4326,
    )
    network = sr.Network.from_lines(lines, speeds={"road": 60})
    # each of the three ends of the cross hangs, and both of the line that stands alone
    assert network.noding["kind"].tolist() == ["dangling"] * 5 + ["island"]
    for other in (
        network.at(2010),
        network.without("two"),
        network.with_speeds({"road": 30}),
        network.with_modes({"rail": {"waiting": 5.0}}),
        network.with_links(within_m=200_000, speed_kmh=30),
    ):
        assert other.noding is network.noding
    longer = sr.Network.from_lines(lines.head(2), speeds={"road": 60})
    assert len(pd.concat([network.edges, longer.edges])) == len(network.edges) + len(longer.edges)
    network.edges.to_parquet(tmp_path / "edges.parquet")
    nodes, edges = network.nodes, pd.DataFrame(network.edges.drop(columns="geometry"))
    assert sr.Network.from_frames(nodes, edges).noding is None


def test_links_join_nodes_that_stand_near(network):
    linked = network.with_links(within_m=150_000, speed_kmh=50, detour=1.2)
    added = linked.edges[linked.edges["nature"] == "connector"]
    # a-b, b-c and b-d are a degree apart; a-d and c-d are a diagonal of 157 km
    assert added.index.tolist() == ["a-b", "b-c", "b-d"]
    assert added.loc["a-b", "minutes"] == pytest.approx(DEGREE * 1.2 / 1000 / 50 * 60)
    assert added["line"].isna().all()
    with pytest.raises(InputError, match="speed_kmh must be a positive number"):
        network.with_links(within_m=1, speed_kmh=0)
