"""Isochrones on streets whose areas can be worked out by hand, and point by point against routing.

Streets are ridden at 60 km/h, a kilometre a minute, and left at 5 km/h.
"""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod
from shapely import LineString, Point

import spatialreg as sr
from spatialreg.access import isochrones, service_lines
from spatialreg.errors import AlignmentError, InputError, PrecisionError

WGS84 = Geod(ellps="WGS84")
WALKING = sr.Connectors(speed_kmh=5, detour=1.0, to="edges")
PACE = 5 / 60  # [km/min]


def away(lon, lat, azimuth, km):
    """Give the point so far away."""
    return WGS84.fwd(lon, lat, azimuth, km * 1000)[:2]


def network(points, edges, **options):
    nodes = gpd.GeoDataFrame(
        index=list(points), geometry=[Point(p) for p in points.values()], crs=4326
    )
    return sr.Network.from_frames(nodes, pd.DataFrame(edges), **options)


@pytest.fixture
def cross():
    """Two streets of 40 km that cross in the middle."""
    points = {"c": (10.0, 50.0)}
    points |= {name: away(10, 50, 90 * i, 20) for i, name in enumerate("nesw")}
    edges = {"start": ["c"] * 4, "end": list("nesw"), "minutes": 20.0, "length_m": 20_000.0}
    return network(points, edges)


def true_area(shape):
    return abs(WGS84.geometry_area_perimeter(shape)[0]) / 1e6


def test_a_cross_of_streets_is_a_star(cross):
    areas = isochrones(["c"], cross, breaks=[10, 5], connectors=WALKING, quad_segs=32)
    assert areas["minutes"].tolist() == [5, 10]
    for minutes, area in zip(areas["minutes"], areas["area_km2"], strict=True):
        # from the tip of an arm of length L a tangent touches the disc of radius r around the
        # middle, at an angle with tan a = r / sqrt(L^2 - r^2); neighbouring arms meet on the
        # diagonal, at x = L tan a / (1 + tan a): four quadrants of L x
        arm, r = minutes * 1.0, minutes * PACE
        slope = r / np.sqrt(arm**2 - r**2)
        assert area == pytest.approx(4 * arm**2 * slope / (1 + slope), rel=1e-3)
    for shape, area in zip(areas.geometry, areas["area_km2"], strict=True):
        assert true_area(shape) == pytest.approx(area, rel=1e-4)
    assert "left anywhere, at 5 km/h over 1 times" in areas.attrs["definition"]


def test_past_the_end_of_a_street_there_is_a_disc(cross):
    # all of the street and 10 minutes left at its ends: the hull of discs of 30 and 10 minutes
    area = isochrones(["c"], cross, breaks=[30], connectors=WALKING)
    shape = area.geometry.iloc[0]
    tip = away(10, 50, 0, 20)
    for azimuth in (0, 90, 270):
        assert shape.covers(Point(away(*tip, azimuth, 0.99 * 10 * PACE)))
        assert not shape.covers(Point(away(*tip, azimuth, 1.01 * 10 * PACE + 0.25)))
    assert not shape.covers(Point(away(*tip, 0, 1.01 * 10 * PACE)))


def test_areas_are_nested_valid_and_of_one_type(cross):
    breaks = [3, 7, 15, 40]
    areas = isochrones(["c"], cross, breaks=breaks, connectors=WALKING)
    assert areas.is_valid.all()
    assert (areas.geom_type == "MultiPolygon").all()
    assert areas["area_km2"].is_monotonic_increasing
    flat = areas.geometry.to_crs(3035)
    for inner, outer in pairwise(flat):
        assert inner.difference(outer).area < 1.0  # [m2]: the edges are drawn in degrees
    rings = isochrones(["c"], cross, breaks=breaks, connectors=WALKING, rings=True)
    assert rings["from_minutes"].tolist() == [0, 3, 7, 15]
    assert rings["area_km2"].cumsum().tolist() == pytest.approx(areas["area_km2"].tolist())


def test_by_facility_and_merged(cross):
    each = isochrones(["n", "s"], cross, breaks=[10, 30], connectors=WALKING, merged=False)
    assert each["facility"].tolist() == ["n", "n", "s", "s"]
    both = isochrones(["n", "s"], cross, breaks=[10, 30], connectors=WALKING)
    assert "facility" not in both
    assert both["area_km2"].iloc[0] == pytest.approx(each["area_km2"].iloc[[0, 2]].sum())
    union = each.geometry.iloc[[1, 3]].union_all()
    assert true_area(union) == pytest.approx(both["area_km2"].iloc[1], rel=1e-4)


def test_one_way_streets_count_by_direction():
    points = {"a": (10.0, 50.0), "b": away(10, 50, 90, 20)}
    street = network(points, {"start": ["a"], "end": ["b"], "minutes": [20.0], "oneway": True})
    there = isochrones(["a"], street, breaks=[10], connectors=WALKING)["area_km2"].iloc[0]
    back = isochrones(["b"], street, breaks=[10], connectors=WALKING)["area_km2"].iloc[0]
    assert back == pytest.approx(np.pi * (10 * PACE) ** 2, rel=1e-3)
    # towards the facility it is the other way round
    to_b = isochrones(["b"], street, breaks=[10], connectors=WALKING, direction="to")
    to_a = isochrones(["a"], street, breaks=[10], connectors=WALKING, direction="to")
    assert to_b["area_km2"].iloc[0] == pytest.approx(there, rel=1e-3)
    assert to_a["area_km2"].iloc[0] == pytest.approx(back, rel=1e-3)
    assert service_lines(["b"], street, breaks=[10]).empty
    assert service_lines(["b"], street, breaks=[10], direction="to")[
        ["start_share", "end_share"]
    ].to_numpy().tolist() == [[0.5, 1.0]]


def test_discs_are_geodesic_circles_far_from_the_middle_of_the_map():
    """In the plane of a large map they are ellipses."""
    points = {"a": (75.0, 22.0), "b": (130.0, 52.0), "x": (100.0, 50.0)}
    land = network(points, {"start": ["a"], "end": ["b"], "minutes": [1e5]})
    far = gpd.GeoSeries([Point(100.0, 50.0)], index=["x"], crs=4326)
    driving = sr.Connectors(speed_kmh=60, detour=1.0)
    shape = isochrones(far, land, breaks=[50], connectors=driving, quad_segs=32).geometry.iloc[0]
    lon, lat = shapely.get_coordinates(shape).T
    metres = WGS84.inv(np.full(len(lon), 100.0), np.full(len(lon), 50.0), lon, lat)[2]
    assert metres == pytest.approx(50_000, rel=2e-3)


def test_modes_that_are_boarded_are_left_at_their_nodes():
    points = {"a": (10.0, 50.0), "b": away(10, 50, 90, 20), "c": away(10, 50, 90, 40)}
    rail = network(
        points,
        {"start": ["a", "b"], "end": ["b", "c"], "minutes": 8.0, "mode": "rail", "line": "one"},
        modes={"rail": {"boarding": 2.0, "alighting": 1.0}},
    )
    area = isochrones(["a"], rail, breaks=[15], connectors=sr.Connectors(speed_kmh=5, detour=1.0))
    # b after 2 + 8 + 1 minutes, c after 19
    expected = np.pi * ((15 * PACE) ** 2 + (4 * PACE) ** 2)
    assert area["area_km2"].iloc[0] == pytest.approx(expected, rel=1e-3)
    assert len(shapely.get_parts(area.geometry.iloc[0])) == 2
    assert "left at nodes" in area.attrs["definition"]


def test_schematic_edges_are_left_at_their_nodes_and_give_no_lines(cross):
    schematic = network(
        dict(zip(cross.nodes.index, map(tuple, shapely.get_coordinates(cross.nodes.geometry)),
                 strict=True)),
        cross.edges[["start", "end", "minutes"]].assign(nature="schematic"),
    )  # fmt: skip
    area = isochrones(["c"], schematic, breaks=[30], connectors=WALKING)["area_km2"].iloc[0]
    assert area == pytest.approx(np.pi * ((30 * PACE) ** 2 + 4 * (10 * PACE) ** 2), rel=1e-3)
    with pytest.raises(PrecisionError, match="4 edges are schematic"):
        service_lines(["c"], schematic)


def test_never_farther_off_than_the_connectors_allow():
    points = {"a": (10.0, 50.0), "b": away(10, 50, 90, 20)}
    street = network(points, {"start": ["a"], "end": ["b"], "minutes": [20.0]})
    narrow = sr.Connectors(speed_kmh=5, detour=1.0, to="edges", within_m=200)
    area = isochrones(["a"], street, breaks=[10], connectors=narrow, quad_segs=32)
    # 200 m take 2.4 minutes: a band to the eighth kilometre (7.6), then a point at the tenth
    band = 0.4 * 7.6 + np.pi * 0.2**2 / 2
    tip = 2.4 * np.sqrt(1 - (0.2 / 2.4) ** 2) * 0.2  # two right triangles with tangents
    assert area["area_km2"].iloc[0] == pytest.approx(band + tip, rel=5e-3)


def test_holes_are_filled_on_request():
    corners = {"a": (10.0, 50.0), "b": away(10, 50, 90, 3)}
    corners["c"], corners["d"] = away(*corners["b"], 180, 3), away(10, 50, 180, 3)
    block = network(corners, {"start": list("abcd"), "end": list("bcda"), "minutes": 3.0})
    narrow = sr.Connectors(speed_kmh=5, detour=1.0, to="edges", within_m=100)
    open_block = isochrones(["a"], block, breaks=[20], connectors=narrow)
    full = isochrones(["a"], block, breaks=[20], connectors=narrow, fill_holes_km2=10)
    kept = isochrones(["a"], block, breaks=[20], connectors=narrow, fill_holes_km2=1)
    hole = 2.8**2
    assert full["area_km2"].iloc[0] - open_block["area_km2"].iloc[0] == pytest.approx(
        hole, rel=1e-2
    )
    assert kept["area_km2"].iloc[0] == pytest.approx(open_block["area_km2"].iloc[0])


def test_a_facility_beside_a_street():
    points = {"a": (10.0, 50.0), "b": away(10, 50, 90, 20)}
    street = network(points, {"start": ["a"], "end": ["b"], "minutes": [20.0]})
    middle = away(10, 50, 90, 10)
    shop = gpd.GeoSeries([Point(away(*middle, 0, 0.25))], index=["shop"], crs=4326)
    # 3 minutes to the street, then 2 minutes each way
    lines = service_lines(shop, street, breaks=[5], connectors=WALKING)
    assert lines[["start_share", "end_share"]].to_numpy().tolist() == [
        pytest.approx([0.4, 0.6], abs=1e-3)
    ]
    assert lines["length_m"].iloc[0] == pytest.approx(4_000, rel=5e-3)
    assert WGS84.geometry_length(lines.geometry.iloc[0]) == pytest.approx(4_000, rel=5e-3)
    # in 2 minutes the street is not reached: the disc around the shop
    near = isochrones(shop, street, breaks=[2], connectors=WALKING)["area_km2"].iloc[0]
    assert near == pytest.approx(np.pi * (2 * PACE) ** 2, rel=1e-3)


def test_lines_are_cut_where_the_break_falls(cross):
    found = service_lines(["c"], cross, breaks=[5, 30])
    assert found["minutes"].tolist() == [5] * 4 + [30] * 4
    assert found["end_share"].tolist() == pytest.approx([0.25] * 4 + [1.0] * 4)
    assert found["length_m"].tolist() == pytest.approx([5_000] * 4 + [20_000] * 4)
    drawn = [WGS84.geometry_length(line) for line in found.geometry]
    assert drawn == pytest.approx(found["length_m"].tolist(), rel=1e-4)
    assert service_lines(["c", "n"], cross, breaks=[5], merged=False)["facility"].tolist() == [
        "c", "c", "c", "c", "n",
    ]  # fmt: skip


def test_lines_do_not_hang_on_where_the_network_is_left(cross):
    shop = gpd.GeoSeries([Point(away(10, 50, 45, 0.5))], index=["shop"], crs=4326)
    at_nodes = sr.Connectors(speed_kmh=5, detour=1.0)
    lines = service_lines(shop, cross, breaks=[10], connectors=at_nodes)
    # 6 minutes to the crossing, then 4 km each way
    assert lines["length_m"].tolist() == pytest.approx([4_000] * 4, rel=1e-3)


def test_a_street_that_is_entered_from_both_ends():
    ring = LineString([away(10, 50, azimuth, 2) for azimuth in range(0, 361, 10)])
    points = {"a": ring.coords[0], "b": away(10, 50, 0, 4)}
    edges = gpd.GeoDataFrame(
        {"start": ["a", "a"], "end": ["a", "b"], "minutes": [30.0, 50.0]}, index=["ring", "off"],
        geometry=[ring, LineString([ring.coords[0], points["b"]])], crs=4326,
    )  # fmt: skip
    nodes = gpd.GeoDataFrame(
        index=list(points), geometry=[Point(p) for p in points.values()], crs=4326
    )
    streets = sr.Network.from_frames(nodes, edges)
    lines = service_lines(["a"], streets, breaks=[10, 16]).query("edge == 'ring'")
    cut = lines[["start_share", "end_share"]].to_numpy().tolist()
    # after 10 of 30 minutes a third from either end; after 16 all, in one piece
    assert cut == [pytest.approx([0, 1 / 3]), pytest.approx([2 / 3, 1]), pytest.approx([0, 1])]
    parts = [WGS84.geometry_length(g) for g in lines.geometry]
    assert parts == pytest.approx(lines["length_m"].tolist(), rel=1e-3)


def test_dates(cross):
    edges = cross.edges[["start", "end", "minutes"]].assign(
        opened=["2008-01-01", "2008-01-01", "2012-01-01", "2012-01-01"]
    )
    growing = sr.Network.from_frames(cross.nodes, edges)
    assert len(service_lines(["c"], growing, breaks=[5], date=2010)) == 2
    early = isochrones(["c"], growing, breaks=[5], date=2000, connectors=WALKING)
    assert early["area_km2"].iloc[0] == 0.0  # a node without edges is joined to nothing
    assert early.geometry.iloc[0].is_empty
    place = gpd.GeoSeries([Point(10.0, 50.0)], crs=4326)
    alone = isochrones(place, growing, breaks=[5], date=2000, connectors=WALKING)
    assert alone["area_km2"].iloc[0] == pytest.approx(np.pi * (5 * PACE) ** 2, rel=1e-3)
    assert "as it stood on 2000-12-31" in alone.attrs["definition"]


def test_points_inside_are_reached_and_points_outside_are_not():
    """Against the matrix of travel times on the same streets cut into steps of 50 m."""
    rng = np.random.default_rng(3)
    points = {f"n{i}": (10 + x, 50 + y) for i, (x, y) in enumerate(rng.uniform(0, 0.08, (8, 2)))}
    pairs = [("n0", "n1"), ("n1", "n2"), ("n2", "n3"), ("n3", "n0"), ("n4", "n1"), ("n5", "n6"),
             ("n6", "n7"), ("n7", "n2"), ("n4", "n5")]  # fmt: skip
    speed, oneway = rng.uniform(10, 50, len(pairs)), rng.random(len(pairs)) < 0.4
    streets = network(
        points, {"start": [a for a, _ in pairs], "end": [b for _, b in pairs],
                 "speed_kmh": speed, "oneway": oneway},
    )  # fmt: skip
    fine_points, fine = dict(points), []
    for number, (a, b) in enumerate(pairs):
        first, last = np.array(points[a]), np.array(points[b])
        steps = int(WGS84.inv(*first, *last)[2] / 50) + 1
        names = [a, *(f"{number}.{k}" for k in range(1, steps)), b]
        for k in range(1, steps):
            fine_points[names[k]] = tuple(first + (last - first) * k / steps)
        minutes = streets.edges["minutes"].iloc[number] / steps
        fine += [(x, y, minutes, oneway[number]) for x, y in pairwise(names)]
    dense = network(
        fine_points, dict(zip(["start", "end", "minutes", "oneway"], zip(*fine, strict=True),
                              strict=True)),
    )  # fmt: skip
    where = rng.uniform((9.98, 49.98), (10.1, 50.1), (400, 2))
    asked = gpd.GeoSeries(gpd.points_from_xy(*where.T), crs=4326)
    every = sr.Connectors(speed_kmh=5, detour=1.0, nearest=len(fine_points))
    for direction in ("from", "to"):
        area = isochrones(
            ["n0"], streets, breaks=[20], connectors=WALKING, direction=direction, quad_segs=32
        ).geometry.iloc[0]
        if direction == "from":
            times = sr.travel_times(["n0"], asked, dense, connectors=every).to_numpy()[0]
        else:
            times = sr.travel_times(asked, ["n0"], dense, connectors=every).to_numpy()[:, 0]
        clear = np.abs(times - 20) > 0.15  # what the steps and the polygons leave open
        inside = shapely.covers(area, asked.to_numpy())
        assert (inside == (times <= 20))[clear].all()
        assert clear.sum() > 380
        assert 40 < inside.sum() < 360
    # one nearest edge is one way among all: it is never quicker
    nearest = sr.travel_times(["n0"], asked, streets, connectors=WALKING).to_numpy()[0]
    shape = isochrones(["n0"], streets, breaks=[20], connectors=WALKING, quad_segs=32)
    outside = ~shapely.covers(shape.geometry.iloc[0], asked.to_numpy())
    assert (nearest[outside] > 20 - 0.05).all()


def test_inputs_are_left_alone_and_their_order_changes_nothing(cross):
    shops = gpd.GeoSeries(
        [Point(away(10, 50, 45, 1)), Point(away(10, 50, 200, 7))], index=["x", "y"], crs=4326
    )
    before = shops.copy(), cross.edges.copy(), cross.nodes.copy()
    plain = isochrones(shops, cross, breaks=[9], connectors=WALKING, merged=False)
    turned = sr.Network.from_frames(
        cross.nodes.iloc[::-1], cross.edges[["start", "end", "minutes", "length_m"]].iloc[::-1]
    )
    other = isochrones(shops.iloc[::-1], turned, breaks=[9], connectors=WALKING, merged=False)
    assert other["facility"].tolist() == ["y", "x"]
    assert other["area_km2"].tolist()[::-1] == pytest.approx(plain["area_km2"].tolist(), rel=1e-9)
    for now, was in zip((shops, cross.edges, cross.nodes), before, strict=True):
        assert now.equals(was)


def test_messages(cross):
    with pytest.raises(InputError, match="breaks must be positive"):
        isochrones(["c"], cross, breaks=[0, 10])
    with pytest.raises(InputError, match="breaks must be positive"):
        isochrones(["c"], cross, breaks=[])
    with pytest.raises(InputError, match="breaks must differ"):
        isochrones(["c"], cross, breaks=[10, 10.0])
    with pytest.raises(InputError, match="direction must be one of"):
        isochrones(["c"], cross, direction="both")
    with pytest.raises(InputError, match="fill_holes_km2"):
        isochrones(["c"], cross, fill_holes_km2=-1)
    with pytest.raises(InputError, match="quad_segs"):
        isochrones(["c"], cross, quad_segs=0)
    with pytest.raises(InputError, match="must be a Network"):
        isochrones(["c"], cross.edges)
    with pytest.raises(AlignmentError, match="no nodes of the network"):
        isochrones(["z"], cross)


def test_only_edges_of_the_modes_named_are_left(cross):
    """A railway beside the streets can be left nowhere along it, if only roads are named."""
    rail = pd.DataFrame(
        {"start": ["c"], "end": ["n"], "minutes": [2.0], "mode": ["rail"]}, index=["fast"]
    )
    both = cross.with_lines(rail)
    roads = sr.Connectors(speed_kmh=5, detour=1.0, to="edges", modes=("road",))
    every = isochrones(["c"], both, breaks=[3], connectors=WALKING)["area_km2"].iloc[0]
    named = isochrones(["c"], both, breaks=[3], connectors=roads)["area_km2"].iloc[0]
    assert named < every
    # the quick train still brings one to its end, a node of the streets
    north = isochrones(["c"], both, breaks=[3], connectors=roads).geometry.iloc[0]
    assert shapely.covers(north, both.nodes.geometry["n"])
