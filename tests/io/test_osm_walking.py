"""Ways on foot of OpenStreetMap extracts: each rule on a small file, real ones beside pyrosm."""

from __future__ import annotations

import networkx as nx
import numpy as np
import osmium
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.io import read_osm
from spatialreg.io._osm._walking import (
    OTHERS,
    PATHS,
    STREETS,
    STREETS_IF_SAID,
    closed_on_foot,
    direction_on_foot,
)
from spatialreg.transport import DEFAULT_SPEEDS

from .extracts import GEOD, extract, metres, pairs, real, road


def on_foot(folder, ways, nodes=None, **keywords):
    return read_osm(extract(folder, ways, nodes), modes="foot", **keywords)


def test_ways_on_foot_have_nodes_and_labels_of_their_own(tmp_path):
    ways = {1: road(11, 21, 31, kind="residential", name="Main"), 2: road(21, 22, kind="footway")}
    found = on_foot(tmp_path, ways)
    assert pairs(found.edges) == {
        "w1.foot.0": ("n11.foot", "n21.foot"),
        "w1.foot.1": ("n21.foot", "n31.foot"),
        "w2.foot": ("n21.foot", "n22.foot"),
    }
    edges = found.edges
    assert edges["class"].tolist() == ["walk_residential", "walk_residential", "footway"]
    assert set(edges["mode"]) == {"walk"}
    assert edges["length_m"]["w2.foot"] == pytest.approx(metres(21, 22))
    assert found.nodes.index.tolist() == ["n11.foot", "n21.foot", "n22.foot", "n31.foot"]
    assert found.nodes["boards"].all()
    assert edges["line"].fillna("").tolist() == ["Main", "Main", ""]


def test_a_street_is_there_once_for_cars_and_once_for_walkers(tmp_path):
    ways = {
        1: road(11, 21, kind="primary", ref="55", name="Main", maxspeed="50", lanes="2"),
        2: road(21, 31, kind="footway"),
        3: road(31, 41, kind="primary", railway="tram"),
        4: road(41, 51, kind="motorway"),
    }
    path = extract(tmp_path, ways)
    both = read_osm(path, modes=("road", "foot", "rail"), rails="tram", link_stations=None)
    edges = both.edges
    assert edges["mode"].to_dict() == {
        "w1": "road", "w1.foot": "walk", "w2.foot": "walk", "w3.rail": "rail", "w3": "road",
        "w3.foot": "walk", "w4": "road",
    }  # fmt: skip
    # each stands as it does when it is read alone
    for modes, kept in (("road", "road"), ("foot", "walk")):
        alone = read_osm(path, modes=modes).edges
        same = edges[edges["mode"] == kept]
        pd.testing.assert_frame_equal(pd.DataFrame(alone), pd.DataFrame(same))
    # a car does not go along the footway, a walker not along the motorway
    graph = nx.Graph(list(zip(edges["start"], edges["end"], strict=True)))
    assert not nx.has_path(graph, "n11", "n31")
    assert nx.has_path(graph, "n11.foot", "n41.foot")
    assert "n51.foot" not in graph
    # limits and lanes are those of vehicles; who walks knows the name, not the number
    assert edges.loc["w1", ["line", "maxspeed_kmh", "lanes"]].tolist() == ["55", 50, 2]
    walked = edges.loc["w1.foot"]
    assert walked["line"] == "Main"
    assert walked[["speed_kmh", "maxspeed_kmh", "lanes"]].isna().all()


def test_what_is_said_of_vehicles_does_not_part_ways_on_foot(tmp_path):
    ways = {
        1: road(11, 21, kind="residential", maxspeed="30", oneway="yes"),
        2: road(31, 21, kind="residential", maxspeed="fast", lanes="2", oneway="yes"),
    }
    found = on_foot(tmp_path, ways)
    assert pairs(found.edges) == {"w1.foot": ("n11.foot", "n31.foot")}
    assert not len(found.left_out)
    assert not found.edges["oneway"].any()


def test_walking_speeds_follow_from_the_mode_and_on_steps_from_the_class(tmp_path):
    kinds = [*PATHS, *STREETS]
    ways = {k: road(k, k + 30, kind=kind) for k, kind in enumerate(kinds, 1)}
    found = on_foot(tmp_path, ways)
    speeds = sr.Network.from_frames(found.nodes, found.edges, speeds=DEFAULT_SPEEDS).edges
    assert len(speeds) == len(kinds)
    expected = np.where(speeds["class"] == "steps", DEFAULT_SPEEDS["steps"], DEFAULT_SPEEDS["walk"])
    assert speeds["speed_kmh"].tolist() == expected.tolist()
    # one's own pace
    own = {**DEFAULT_SPEEDS, "walk": 5.0}
    speeds = sr.Network.from_frames(found.nodes, found.edges, speeds=own).edges["speed_kmh"]
    assert sorted(set(speeds)) == [DEFAULT_SPEEDS["steps"], 5.0]


def test_classes_on_foot(tmp_path):
    highways = [*PATHS, *STREETS, *STREETS_IF_SAID, "motorway", "motorway_link", "raceway"]
    tags = [{"highway": kind} for kind in highways] + [{key: value} for key, value in OTHERS]
    ways = {k: ([k, k + 40], said) for k, said in enumerate(tags, 1)}
    found = on_foot(tmp_path, ways)
    expected = [*PATHS, *(f"walk_{kind}" for kind in STREETS), "platform", "platform", "pier"]
    assert found.edges["class"].tolist() == expected
    # motorways and what is no street are none of these at all
    assert found.left_out[["mode", "class", "count"]].to_numpy().tolist() == [
        ["walk", f"walk_{kind}", 1] for kind in sorted(STREETS_IF_SAID)
    ]
    assert set(found.left_out["reason"]) == {"neither foot nor sidewalk says that one may walk"}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, None),
        ({"access": "private"}, "access=private"),
        ({"access": "no"}, "access=no"),
        ({"access": "private", "foot": "yes"}, None),
        ({"access": "no", "foot": "designated"}, None),
        ({"access": "yes", "foot": "no"}, "foot=no"),
        ({"foot": "use_sidepath"}, "foot=use_sidepath"),
        ({"foot": "private", "sidewalk": "both"}, "foot=private"),
        ({"access": "destination"}, None),
        ({"access": "customers"}, None),
        ({"access": "permissive"}, None),
        ({"access": "military"}, "access=military"),
        ({"access": "forestry"}, "access=forestry"),
        ({"access": "private", "foot": "unknown"}, None),
        # what is said of others says nothing of walkers
        ({"vehicle": "no"}, None),
        ({"motor_vehicle": "no", "bicycle": "no"}, None),
        ({"sidewalk": "no"}, None),
        ({"sidewalk": "none"}, None),
        ({"sidewalk": "separate"}, "sidewalk=separate"),
        ({"sidewalk:both": "separate"}, "sidewalk=separate"),
        ({"sidewalk:left": "separate", "sidewalk:right": "no"}, "sidewalk=separate"),
        ({"sidewalk:left": "separate", "sidewalk:right": "yes"}, None),
        ({"sidewalk": "separate", "foot": "yes"}, None),
        ({"sidewalk": "both", "access": "private"}, "access=private"),
        ({"motorroad": "yes"}, "motorroad=yes"),
        ({"motorroad": "yes", "foot": "yes"}, None),
        ({"motorroad": "yes", "sidewalk": "right"}, None),
    ],
)
def test_what_closes_a_street_to_walkers(tags, expected):
    assert closed_on_foot(tags, "secondary") == expected


@pytest.mark.parametrize(
    ("tags", "opens"),
    [
        ({"foot": "yes"}, True),
        ({"foot": "designated"}, True),
        ({"sidewalk": "both"}, True),
        ({"sidewalk:left": "yes"}, True),
        ({}, False),
        ({"access": "yes"}, False),
        ({"sidewalk": "no"}, False),
        ({"foot": "unknown"}, False),
        ({"foot": "no", "sidewalk": "both"}, False),
    ],
)
def test_a_trunk_road_is_open_where_that_is_said(tags, opens):
    for highway in STREETS_IF_SAID:
        assert (closed_on_foot(tags, highway) is None) == opens


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, 0),
        ({"oneway": "yes"}, 0),
        ({"junction": "roundabout"}, 0),
        ({"oneway:foot": "yes"}, 1),
        ({"oneway:foot": "-1"}, -1),
        ({"oneway:foot": "no", "oneway": "yes"}, 0),
        ({"oneway:foot": "what"}, 0),
        ({"foot:backward": "no"}, 1),
        ({"foot:forward": "no"}, -1),
        ({"foot:backward": "yes", "foot:forward": "yes"}, 0),
        ({"conveying": "forward"}, 1),
        ({"conveying": "backward"}, -1),
        ({"conveying": "reversible"}, 0),
        ({"conveying": "yes"}, 0),
        ({"conveying": "forward", "oneway:foot": "no"}, 0),
    ],
)
def test_directions_on_foot(tags, expected):
    assert direction_on_foot(tags) == expected


def test_directions_are_those_of_the_edges(tmp_path):
    ways = {
        1: road(11, 21, kind="steps", conveying="backward"),
        2: road(31, 41, kind="footway", **{"oneway:foot": "yes"}),
        3: road(51, 61, kind="residential", oneway="-1"),
    }
    edges = on_foot(tmp_path, ways).edges
    assert pairs(edges) == {
        "w1.foot": ("n21.foot", "n11.foot"),
        "w2.foot": ("n31.foot", "n41.foot"),
        "w3.foot": ("n51.foot", "n61.foot"),
    }
    assert edges["oneway"].tolist() == [True, True, False]


def test_areas_and_outlines_are_left_out(tmp_path):
    ring = (11, 21, 22, 12, 11)
    ways = {
        1: road(*ring, kind="pedestrian", area="yes"),
        2: road(*ring, kind="platform"),
        3: (list(ring), {"railway": "platform"}),
        4: (list(ring), {"railway": "platform", "area": "no"}),
        5: road(*ring, kind="footway"),
        6: ([41, 51], {"man_made": "pier"}),
        7: ([42, 52], {"man_made": "pier", "highway": "footway", "access": "private"}),
    }
    found = on_foot(tmp_path, ways, link_stations=None)
    assert found.edges[["way", "class"]].drop_duplicates().to_numpy().tolist() == [
        [4, "platform"], [5, "footway"], [6, "pier"]
    ]  # fmt: skip
    counted = found.left_out.groupby(["class", "reason"])["count"].sum()
    assert counted.to_dict() == {
        ("pedestrian", "area=yes"): 1,
        ("platform", "the outline of an area"): 2,
        ("footway", "access=private"): 1,
    }


def test_ways_on_foot_that_are_planned_or_gone(tmp_path):
    ways = {
        1: road(11, 21, kind="construction", construction="footway", opening_date="2030-05"),
        2: road(31, 41, kind="proposed", proposed="steps"),
        3: road(51, 61, kind="path", disused="yes"),
        4: road(12, 22, kind="construction", construction="residential", opening_date="2030"),
        5: road(32, 42, kind="footway", start_date="2012-06"),
    }
    found = on_foot(tmp_path, ways)
    assert found.edges["class"].to_dict() == {
        "w1.foot": "footway", "w4.foot": "walk_residential", "w5.foot": "footway"
    }  # fmt: skip
    days = found.edges["opened"].dt.strftime("%Y-%m-%d").tolist()
    assert days == ["2030-05-31", "2030-12-31", "2012-06-30"]
    assert found.left_out[["class", "reason"]].to_numpy().tolist() == [
        ["path", "disused or abandoned"], ["steps", "proposed, without a day of opening"]
    ]  # fmt: skip


def test_ferries_join_the_network_of_those_who_take_them(tmp_path):
    ways = {
        1: road(11, 21, kind="residential"),
        2: ([21, 31], {"route": "ferry", "duration": "00:30", "motor_vehicle": "no"}),
        3: road(31, 41, kind="path"),
        4: ([21, 61], {"route": "ferry", "foot": "no"}),
    }
    path = extract(tmp_path, ways)

    def ferries(*modes):
        classes = "all" if "road" in modes else None
        edges = read_osm(path, modes=(*modes, "ferry"), classes=classes).edges
        return pairs(edges[edges["mode"] == "ferry"])

    assert ferries("foot") == {"w2.foot": ("n21.foot", "n31.foot")}
    assert ferries("road") == {"w4": ("n21", "n61")}
    assert ferries("road", "foot") == {**ferries("road"), **ferries("foot")}
    found = read_osm(path, modes=("foot", "ferry"))
    network = sr.Network.from_frames(found.nodes, found.edges, speeds={"walk": 60})
    times = sr.travel_times(["n11.foot"], ["n41.foot"], network)
    walked = (metres(11, 21) + metres(31, 41)) / 1000
    assert times.iloc[0, 0] == pytest.approx(walked + 30)
    assert found.left_out["reason"].tolist() == ["foot=no"]


def test_stations_are_linked_to_the_ways_on_foot(tmp_path):
    ways = {
        1: ([11, 21, 31], {"railway": "rail"}),
        2: road(22, 32, kind="footway"),
        3: road(23, 33, kind="primary"),
    }
    path = extract(tmp_path, ways, {21: {"railway": "station"}})

    def links(*modes):
        edges = read_osm(path, modes=("rail", *modes), link_stations=3000.0).edges
        return pairs(edges[edges["class"] == "station_link"])

    walked = {"link.n21.rail.foot": ("n21.rail", "n22.foot")}
    driven = {"link.n21.rail": ("n21.rail", "n23")}
    assert links("foot") == walked
    assert links("road") == driven
    assert links("road", "foot") == {**walked, **driven}
    # from the footway to the train, and on
    found = read_osm(path, modes=("foot", "rail"), link_stations=3000.0)
    network = sr.Network.from_frames(found.nodes, found.edges, speeds=DEFAULT_SPEEDS)
    minutes = sr.travel_times(["n32.foot"], ["n21.rail"], network).iloc[0, 0]
    assert minutes == pytest.approx(0.06 * (metres(32, 22) + metres(22, 21)) / 4.5)


def test_a_platform_alone_is_no_way_into_town(tmp_path):
    beside = 0.5  # of a step of the grid: 500 m or so
    ways = {
        1: ([11, 21], {"railway": "rail"}),
        2: road(21, 22, kind="footway", name="town"),
        3: ([201, 202], {"railway": "platform"}),
    }
    path = extract(tmp_path, ways, {11: {"railway": "station"}})
    # two nodes a hundred metres apart, nearer to the station than the town
    text = path.with_suffix(".xml")
    writer = osmium.SimpleWriter(str(text))
    for item in osmium.FileProcessor(str(path), osmium.osm.NODE):
        writer.add(item)
    for node, lat in ((201, 0.01 + 0.01 * beside), (202, 0.011 + 0.01 * beside)):
        location = (0.01, lat)
        writer.add_node(osmium.osm.mutable.Node(id=node, location=location, tags={}))
    for item in osmium.FileProcessor(str(path), osmium.osm.WAY):
        writer.add(item)
    writer.close()
    found = read_osm(text, modes=("foot", "rail"), link_stations=3000.0)
    assert "w3.foot" in found.edges.index
    assert found.edges.loc["link.n11.rail.foot", "end"] == "n21.foot"


@pytest.mark.parametrize("name", ["Helsinki.osm.pbf", "test.osm.pbf"])
@pytest.mark.filterwarnings("ignore")
def test_ways_on_foot_are_those_of_pyrosm_and_three_kinds_more(name):
    """All that pyrosm walks along, to the metre; and of what it leaves out what rules here take.

    pyrosm follows OSMnx, which leaves out all cycleways, also where walkers are meant to use them,
    and platforms; piers and platforms that are no highway it does not know.
    """
    import pyrosm

    peer = pyrosm.OSM(str(real(name))).get_network(network_type="walking")
    metres = pd.Series([GEOD.geometry_length(shape) for shape in peer.geometry])
    expected = metres.groupby(peer["id"].to_numpy()).sum()
    edges = read_osm(real(name), modes="foot", contract=False).edges
    given = edges.groupby("way")["length_m"].sum()
    assert set(expected.index) <= set(given.index)
    assert np.allclose(given[expected.index], expected, rtol=1e-9)
    more = edges[~edges["way"].isin(expected.index)]
    assert set(more["class"]) <= {"cycleway", "platform", "pier"}
    assert not set(edges.loc[edges["way"].isin(expected.index), "class"]) & set(more["class"])
    # among them no cycleway that is closed to walkers, and each one that is not
    tagged = {
        way.id: dict(way.tags) for way in osmium.FileProcessor(str(real(name)), osmium.osm.WAY)
    }
    cycled = {way for way, tags in tagged.items() if tags.get("highway") == "cycleway"}
    closed = {way for way in cycled if tagged[way].get("foot") == "no"}
    read = set(more.loc[more["class"] == "cycleway", "way"])
    assert read <= cycled - closed
    if name.startswith("test"):
        assert read == cycled - closed  # no way of these lies outside the extract
    # pieces are joined, and not a metre is lost
    joined = read_osm(real(name), modes="foot").edges
    assert len(joined) < len(edges)
    assert joined["length_m"].sum() == pytest.approx(edges["length_m"].sum(), rel=1e-9)


def test_helsinki_on_foot_and_by_rail():
    path = real("Helsinki.osm.pbf")
    found = read_osm(path, modes=("foot", "rail"), rails=("rail", "subway"))
    links = found.edges[found.edges["class"] == "station_link"]
    assert len(links) == 3
    assert (links["length_m"] < 100).all()
    network = sr.Network.from_frames(found.nodes, found.edges, speeds=DEFAULT_SPEEDS)
    walked = network.edges[network.edges["mode"] == "walk"]
    assert walked["speed_kmh"].max() == 4.5  # nobody walks as fast as cars go
    # with all at one speed none is there sooner than straight, and none by a way twice as long
    walkers = sr.Connectors(speed_kmh=4.5, detour=1.0, direct=False)
    slow = network.with_speeds(dict.fromkeys(network.edges["class"].unique(), 4.5))
    stops = found.nodes.loc[found.stations["node"]]
    times = sr.travel_times(found.settlements, stops, slow, connectors=walkers)
    settlements, stops = (points.to_crs(3067) for points in (found.settlements, stops))
    for stop in times.columns:
        straight = settlements.distance(stops.geometry[stop])[times.index] * 0.06 / 4.5
        assert (times[stop] > straight * 0.999).all()
        assert (times[stop] < straight * 2).all()
