"""Travel times by hand, and beside scipy and networkx."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely import LineString, Point

import spatialreg as sr
from spatialreg.errors import AlignmentError, CRSError, DisconnectedWarning, InputError

DEGREE = Geod(ellps="WGS84").inv(0, 0, 1, 0)[2]  # of longitude on the equator [m]


def points(*places, index):
    return gpd.GeoSeries([Point(*place) for place in places], index=index, crs=4326)


@pytest.fixture
def rail():
    """Two lines that cross at c: A runs a-c-e, B runs b-c-d; a road joins a and b."""
    nodes = gpd.GeoDataFrame(
        index=list("abcde"), geometry=gpd.points_from_xy([0, 0, 1, 2, 2], [1, 0, 0.5, 0, 1]),
        crs=4326,
    )  # fmt: skip
    edges = pd.DataFrame(
        [
            ("a", "c", "A", "rail", 20.0),
            ("c", "e", "A", "rail", 30.0),
            ("b", "c", "B", "rail", 25.0),
            ("c", "d", "B", "rail", 35.0),
            ("a", "b", None, "road", 60.0),
        ],
        columns=["start", "end", "line", "mode", "minutes"],
    )
    waits = {"rail": {"boarding": 15.0, "waiting": 5.0, "transfer": 10.0, "alighting": 3.0}}
    return sr.Network.from_frames(nodes, edges, modes=waits)


def test_boarding_changing_and_alighting_by_hand(rail):
    times = sr.travel_times(list("ab"), list("abcde"), rail)
    assert times.loc["a"].tolist() == [
        0.0,
        60.0,  # by road: by rail it is 15 + 5 + 20 + 10 + 5 + 25 + 3 = 83
        15 + 5 + 20 + 3,
        15 + 5 + 20 + 10 + 5 + 35 + 3,  # changes at c, and waits again
        15 + 5 + 20 + 30 + 3,  # stays on its line
    ]
    assert times.loc["b", "e"] == 15 + 5 + 25 + 10 + 5 + 30 + 3


def test_a_change_costs_no_more_than_getting_off_and_on_again(rail):
    dear = rail.with_modes({"rail": {"boarding": 15.0, "transfer": 99.0, "alighting": 3.0}})
    assert sr.travel_times(["a"], ["d"], dear).loc["a", "d"] == 15 + 20 + 3 + 15 + 35 + 3


def test_a_free_mode_is_ridden_between_places(rail):
    free = rail.with_modes({"rail": {}})
    assert sr.travel_times(["a"], ["d"], free).loc["a", "d"] == 20 + 35


def test_lengths_know_no_waits(rail):
    nodes = rail.nodes.geometry
    geod = Geod(ellps="WGS84")
    direct = sum(
        geod.inv(nodes[u].x, nodes[u].y, nodes[v].x, nodes[v].y)[2] for u, v in ("ac", "cd")
    )
    assert sr.travel_times(["a"], ["d"], rail, by="length_m").loc["a", "d"] == pytest.approx(direct)


def test_one_way_edges():
    nodes = gpd.GeoDataFrame(
        index=["a", "b"], geometry=gpd.points_from_xy([0, 1], [0, 0]), crs=4326
    )
    edges = pd.DataFrame({"start": ["a"], "end": ["b"], "minutes": [5.0], "oneway": [True]})
    network = sr.Network.from_frames(nodes, edges)
    with pytest.warns(DisconnectedWarning, match=r"1 of 2 origins reach no destination \(b\)"):
        times = sr.travel_times(["a", "b"], ["a", "b"], network)
    assert times.to_numpy().tolist() == [[0.0, 5.0], [np.inf, 0.0]]
    assert times.attrs["unreachable"] == 1


def test_cutoffs_leave_infinity(rail):
    times = sr.travel_times(["a"], list("abcde"), rail, cutoff=60)
    assert times.loc["a"].tolist() == [0.0, 60.0, 43.0, np.inf, np.inf]
    # the cut-off itself is reached
    assert sr.travel_times(["a"], ["c"], rail, cutoff=43).loc["a", "c"] == 43.0


def test_points_are_joined_by_connectors(rail):
    away = points((0, 1.1), (2, -0.1), index=["p", "q"])
    how = sr.Connectors(speed_kmh=60, detour=1.0, direct=False)
    times = sr.travel_times(away.loc[["p"]], away.loc[["q"]], rail, connectors=how)
    geod = Geod(ellps="WGS84")
    on = geod.inv(0, 1.1, 0, 1)[2] / 1000
    off = geod.inv(2, -0.1, 2, 0)[2] / 1000
    assert times.loc["p", "q"] == pytest.approx(on + 93.0 + off)
    assert "at 60 km/h over 1 times the straight distance" in times.attrs["definition"]


def test_one_may_go_straight(rail):
    near = points((0.001, 1.0), (0.003, 1.0), index=["p", "q"])
    how = sr.Connectors(speed_kmh=30, detour=1.5)
    metres = Geod(ellps="WGS84").inv(0.001, 1, 0.003, 1)[2]
    times = sr.travel_times(near, near, rail, connectors=how)
    assert times.loc["p", "q"] == pytest.approx(metres * 1.5 / 1000 / 30 * 60)
    assert times.loc["p", "p"] == 0.0
    assert np.isinf(sr.travel_times(near, near, rail, connectors=how, cutoff=0.1).loc["p", "q"])
    # without the straight way one walks to the node and back
    around = sr.Connectors(speed_kmh=30, detour=1.5, direct=False)
    assert sr.travel_times(near, near, rail, connectors=around).loc["p", "q"] > 2 * metres / 1e3


def test_the_straight_way_is_the_geodesic_wherever_it_is_shorter(rail):
    rng = np.random.default_rng(1)
    spread = gpd.GeoSeries(
        gpd.points_from_xy(rng.uniform(-170, 170, 60), rng.uniform(-80, 80, 60)), crs=4326
    ).set_axis([f"p{i}" for i in range(60)])
    how = sr.Connectors(speed_kmh=60, detour=1.2, nearest=2)
    through = sr.travel_times(
        spread, spread, rail, connectors=sr.Connectors(60, 1.2, 2, direct=False)
    )
    geod = Geod(ellps="WGS84")
    lon, lat = np.meshgrid(spread.x, spread.x)[0], np.meshgrid(spread.y, spread.y)[0]
    metres = geod.inv(lon, lat, lon.T, lat.T)[2]
    expected = np.minimum(through.to_numpy(), metres * 1.2 / 1000 / 60 * 60)
    found = sr.travel_times(spread, spread, rail, connectors=how).to_numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    cut = sr.travel_times(spread, spread, rail, connectors=how, cutoff=3000.0).to_numpy()
    np.testing.assert_array_equal(cut, np.where(found <= 3000.0, found, np.inf))


def test_no_way_leads_through_a_point(rail):
    # the point in the middle joins a and e by fast connectors: nobody else may ride them
    how = sr.Connectors(speed_kmh=3000, nearest=5, direct=False)
    places = points((1, 0.7), (0, 1.001), (2, 1.001), index=["middle", "p", "q"])
    alone = places.loc[["p", "q"]]
    one = sr.Connectors(speed_kmh=3000, nearest=1, direct=False)
    expected = sr.travel_times(alone, alone, rail, connectors=one)
    together = sr.travel_times(places, places, rail, connectors=one)
    assert together.loc["p", "q"] == expected.loc["p", "q"]
    assert sr.travel_times(places, ["e"], rail, connectors=how).loc["middle", "e"] < 10


def test_more_of_a_network_never_makes_a_way_longer(rail):
    # the nearest node is that of a line that leads nowhere else
    at = points((0.4, 0.5), index=["p"])
    spur = gpd.GeoDataFrame(index=["x", "y"], geometry=gpd.points_from_xy([0.4, 0.3], [0.5, 0.5]),
                            crs=4326)  # fmt: skip
    edges = pd.DataFrame({"start": ["x"], "end": ["y"], "minutes": [1.0], "line": ["spur"],
                          "mode": ["rail"]}, index=["xy"])  # fmt: skip
    nodes = pd.concat([rail.nodes, spur.assign(boards=True)])
    wider = sr.Network.from_frames(nodes, rail.edges, modes=rail.modes).with_lines(edges)
    one = sr.Connectors(speed_kmh=60, nearest=1, direct=False)
    every = sr.Connectors(speed_kmh=60, nearest=None, within_m=100_000, direct=False)
    to = ["d"]
    with pytest.warns(DisconnectedWarning):
        assert np.isinf(sr.travel_times(at, to, wider, connectors=one).iloc[0, 0])
    before = sr.travel_times(at, to, rail, connectors=every).iloc[0, 0]
    assert sr.travel_times(at, to, wider, connectors=every).iloc[0, 0] == before
    assert "every node within 100 km" in every.words


@pytest.fixture
def street():
    """One street of two degrees, bent, and a side street at its end."""
    nodes = gpd.GeoDataFrame(
        index=["w", "e", "n"], geometry=gpd.points_from_xy([0, 2, 2], [0, 0, 1]), crs=4326
    )
    edges = gpd.GeoDataFrame(
        {"start": ["w", "e"], "end": ["e", "n"], "speed_kmh": [60.0, 60.0]},
        geometry=[LineString([(0, 0), (1, 0), (2, 0)]), LineString([(2, 0), (2, 1)])],
        crs=4326,
    )
    return sr.Network.from_frames(nodes, edges)


def test_points_are_joined_to_edges_where_they_meet_them(street):
    homes = points((0.5, 0.01), (1.5, 0.01), index=["p", "q"])
    how = sr.Connectors(speed_kmh=60, detour=1.0, to="edges", direct=False)
    times = sr.travel_times(homes, homes, street, connectors=how)
    up = Geod(ellps="WGS84").inv(0.5, 0.01, 0.5, 0)[2] / 1000
    # along the street they share, without going round by its ends
    assert times.loc["p", "q"] == pytest.approx(DEGREE / 1000 + 2 * up, rel=1e-4)
    to_end = sr.travel_times(homes, ["n"], street, connectors=how)
    north = Geod(ellps="WGS84").inv(2, 0, 2, 1)[2] / 1000
    assert to_end.loc["q", "n"] == pytest.approx(0.5 * DEGREE / 1000 + north + up, rel=1e-4)


def test_a_one_way_street_is_entered_and_left_along_it(street):
    edges = street.edges.assign(oneway=True).drop(columns=["opened", "closed"])
    oneway = sr.Network.from_frames(street.nodes, edges)
    homes = points((0.5, 0.0), (1.5, 0.0), index=["p", "q"])
    how = sr.Connectors(speed_kmh=60, detour=1.0, to="edges", direct=False)
    with pytest.warns(DisconnectedWarning, match="q"):
        times = sr.travel_times(homes, homes, oneway, connectors=how)
    assert times.loc["p", "q"] == pytest.approx(DEGREE / 1000, rel=1e-4)
    assert np.isinf(times.loc["q", "p"])


def test_both_directions_of_a_road_are_joined():
    """Two one-way edges on one course: whichever is nearer by rounding, both can be ridden."""
    nodes = gpd.GeoDataFrame(
        index=["a", "b"], geometry=[Point(10.013, 50.007), Point(10.041, 50.019)], crs=4326
    )
    edges = pd.DataFrame({"start": ["a", "b"], "end": ["b", "a"], "speed_kmh": 30.0,
                          "oneway": True}, index=["ab", "ba"])  # fmt: skip
    for order in (["ab", "ba"], ["ba", "ab"]):
        network = sr.Network.from_frames(nodes, edges.loc[order])
        home = points((10.027, 50.0123), index=["p"])
        how = sr.Connectors(speed_kmh=5, to="edges", direct=False)
        times = sr.travel_times(home, ["a", "b"], network, connectors=how)
        assert np.isfinite(times.to_numpy()).all()
        back = sr.travel_times(["a", "b"], home, network, connectors=how)
        assert back["p"].tolist() == pytest.approx(times.loc["p"].tolist(), rel=1e-6)


def test_connectors_that_are_too_long_are_none(rail):
    far = points((0, 3), (2, -0.01), index=["far", "near"])
    how = sr.Connectors(within_m=50_000.0, direct=False)
    with pytest.warns(DisconnectedWarning, match="far"):
        times = sr.travel_times(far, ["a"], rail, connectors=how)
    assert np.isinf(times.loc["far", "a"])
    assert np.isfinite(times.loc["near", "a"])


def test_places_named_by_their_nodes(rail):
    seats = pd.Series(["a", "e"], index=["north", "east"])
    times = sr.travel_times(seats, seats, rail)
    assert times.loc["north", "east"] == 73.0
    assert times.index.tolist() == ["north", "east"]


def test_blocks_are_the_rows_of_the_matrix(rail):
    whole = sr.travel_times(list("abcde"), list("ec"), rail)
    parts = list(sr.transport.travel_time_blocks(list("abcde"), list("ec"), rail, block=2))
    assert [len(part) for part in parts] == [2, 2, 1]
    pd.testing.assert_frame_equal(pd.concat(parts), whole)


def test_shuffled_rows_give_the_same(rail):
    nodes = rail.nodes.sample(frac=1, random_state=1)
    edges = rail.edges.sample(frac=1, random_state=2)
    other = sr.Network.from_frames(nodes, edges, modes=rail.modes)
    one = sr.travel_times(list("abcde"), list("abcde"), rail)
    two = sr.travel_times(list("ecdab"), list("bdace"), other)
    pd.testing.assert_frame_equal(one, two.loc[one.index, one.columns])


def test_random_networks_beside_networkx():
    rng = np.random.default_rng(5)
    labels = [f"n{i}" for i in range(60)]
    nodes = gpd.GeoDataFrame(
        index=labels, geometry=gpd.points_from_xy(rng.random(60), rng.random(60)), crs=4326
    )
    ends = rng.integers(0, 60, (2, 150))
    edges = pd.DataFrame(
        {
            "start": np.array(labels)[ends[0]],
            "end": np.array(labels)[ends[1]],
            "minutes": rng.integers(0, 30, 150).astype(float),
            "oneway": rng.random(150) < 0.3,
        }
    )
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(labels)
    for row in edges.itertuples():
        graph.add_edge(row.start, row.end, weight=row.minutes)
        if not row.oneway:
            graph.add_edge(row.end, row.start, weight=row.minutes)
    known = dict(nx.all_pairs_dijkstra_path_length(graph))
    expected = [[known[a].get(b, np.inf) for b in labels[:20]] for a in labels]
    network = sr.Network.from_frames(nodes, edges)
    times = sr.travel_times(labels, labels[:20], network, cutoff=np.inf)
    assert times.to_numpy().tolist() == expected


@pytest.mark.parametrize("cutoff", [None, 25.0])
def test_both_searches_give_the_same(cutoff):
    rng = np.random.default_rng(8)
    size = 900
    labels = [f"n{i}" for i in range(size)]
    row, column = np.divmod(np.arange(size), 30)
    nodes = gpd.GeoDataFrame(
        index=labels, geometry=gpd.points_from_xy(column / 100, row / 100), crs=4326
    )
    right = np.flatnonzero(column < 29)
    up = np.flatnonzero(row < 29)
    start, end = np.r_[right, up], np.r_[right + 1, up + 30]
    kept = rng.random(len(start)) < 0.8  # islands remain
    edges = pd.DataFrame(
        {
            "start": np.array(labels)[start[kept]],
            "end": np.array(labels)[end[kept]],
            "minutes": rng.integers(1, 9, kept.sum()).astype(float),
            "oneway": rng.random(kept.sum()) < 0.2,
        }
    )
    network = sr.Network.from_frames(nodes, edges)
    options = {"cutoff": np.inf if cutoff is None else cutoff}
    searched = sr.travel_times(labels[::3], labels, network, method="searches", **options)
    assert searched.attrs["method"] == "searches"
    assert np.isinf(searched.to_numpy()).any()
    for method in ("dissection", "contraction"):
        taken = {"method": method, **options}
        whole = sr.travel_times(labels[::3], labels, network, **taken)
        assert whole.attrs["method"] == method
        # whole minutes add up to the same in any order
        pd.testing.assert_frame_equal(searched, whole)
        parts = sr.transport.travel_time_blocks(labels[::3], labels, network, block=77, **taken)
        pd.testing.assert_frame_equal(pd.concat(parts), whole)


def test_messages(rail):
    with pytest.raises(AlignmentError, match=r"1 of the origins are no nodes .*\(z\)"):
        sr.travel_times(["z"], ["a"], rail)
    with pytest.raises(InputError, match="a list of nodes"):
        sr.travel_times("a", ["a"], rail)
    with pytest.raises(AlignmentError, match="more than once"):
        sr.travel_times(["a", "a"], ["a"], rail)
    with pytest.raises(InputError, match="destinations are empty"):
        sr.travel_times(["a"], [], rail)
    with pytest.raises(InputError, match="connectors= joins points"):
        sr.travel_times(["a"], ["b"], rail, connectors=sr.Connectors())
    with pytest.raises(InputError, match=r"must be a spatialreg\.Network"):
        sr.travel_times(["a"], ["b"], rail.edges)
    with pytest.raises(InputError, match="by must be one of"):
        sr.travel_times(["a"], ["b"], rail, by="hours")
    with pytest.raises(InputError, match="method must be one of"):
        sr.travel_times(["a"], ["b"], rail, method="magic")
    with pytest.raises(InputError, match="cutoff must be"):
        sr.travel_times(["a"], ["b"], rail, cutoff=-1)
    with pytest.raises(CRSError, match="origins have no CRS"):
        sr.travel_times(gpd.GeoSeries([Point(0, 0)]), ["b"], rail)
    with pytest.raises(InputError, match="modes that the network has not: 'ship'"):
        how = sr.Connectors(modes=("ship",))
        sr.travel_times(points((0, 0), index=["p"]), ["b"], rail, connectors=how)
    with pytest.raises(InputError, match="needs edges of one's own vehicle"):
        how = sr.Connectors(modes=("rail",), to="edges")
        sr.travel_times(points((0, 0), index=["p"]), ["b"], rail, connectors=how)
    for options, message in (
        ({"speed_kmh": 0}, "speed_kmh must be"),
        ({"detour": 0.9}, "detour must be"),
        ({"nearest": 0}, "nearest must be"),
        ({"nearest": None}, "all nodes within within_m="),
        ({"nearest": 2, "to": "edges"}, "joins a point to one edge"),
        ({"to": "roads"}, "to must be one of"),
    ):
        with pytest.raises(InputError, match=message):
            sr.Connectors(**options)
