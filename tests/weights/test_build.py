"""Graphs of regions: by hand on a 3 x 3 lattice, and by known distances on the earth."""

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from scipy import sparse
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

import spatialreg as sr
from spatialreg.errors import (
    AlignmentError,
    CRSError,
    GeometryError,
    InputError,
    IsolateWarning,
)
from spatialreg.weights._distances import nearest_outline

from .shapes import frame, neighbours

# --- methods, by hand -------------------------------------------------------------------------


def test_queen_and_rook(lattice):
    queen, rook = sr.build_weights(lattice), sr.build_weights(lattice, "rook")
    assert neighbours(queen, "e") == "abcdfghi"
    assert neighbours(queen, "a") == "bde"
    assert neighbours(rook, "e") == "bdfh"
    assert neighbours(rook, "a") == "bd"
    assert queen["a"].to_list() == pytest.approx([1 / 3] * 3)  # rows are standardised


@pytest.mark.parametrize(
    ("transform", "weight"), [("r", 1 / 3), ("b", 1), ("o", 1), ("d", 1 / 40), ("R", 1 / 3)]
)
def test_transform(lattice, transform, weight):
    # a 3 x 3 lattice has 4 corners of 3, 4 edges of 5 and a centre of 8 queen links: 40
    graph = sr.build_weights(lattice, transform=transform)
    assert graph["a"].to_list() == pytest.approx([weight] * 3)


def test_order_takes_exactly_that_many_steps(lattice):
    graph = sr.build_weights(lattice, "rook", order=2)
    assert neighbours(graph, "a") == "ceg"
    assert neighbours(graph, "b") == "dfh"
    with pytest.warns(IsolateWarning, match="1 of 9 regions .*e"):  # all others touch the centre
        assert neighbours(sr.build_weights(lattice, order=2), "a") == "cfghi"


def test_lower_orders_on_request(lattice):
    graph = sr.build_weights(lattice, "rook", order=2, lower_order=True)
    assert neighbours(graph, "a") == "bcdeg"
    assert neighbours(graph, "e") == "abcdfghi"
    assert graph["a"].to_list() == pytest.approx([1 / 5] * 5)


@pytest.mark.parametrize("order", [2, 3, 5])
def test_orders_are_lengths_of_shortest_paths(order):
    states = sr.datasets.us_states()
    first = sr.build_weights(states, "queen", transform="b")
    steps = sparse.csgraph.shortest_path(first.sparse, unweighted=True)
    exact = sr.build_weights(states, "queen", order=order, transform="b").sparse.toarray()
    np.testing.assert_array_equal(exact, steps == order)
    lower = sr.build_weights(states, "queen", order=order, lower_order=True, transform="b")
    np.testing.assert_array_equal(lower.sparse.toarray(), (steps > 0) & (steps <= order))


def test_nearest_takes_ties_by_label(lattice):
    graph = sr.build_weights(lattice, "knn", k=2)
    assert neighbours(graph, "e") == "bd"  # b, d, f and h are 1 km away
    assert neighbours(graph, "a") == "bd"
    assert neighbours(sr.build_weights(lattice, "knn", k=3), "a") == "bde"


def test_nearest_of_coincident_points():
    points = frame({"x": Point(0, 0), "y": Point(0, 0), "z": Point(0, 0), "far": Point(9, 0)})
    graph = sr.build_weights(points, "knn", k=1)
    assert [neighbours(graph, label) for label in ("x", "y", "z", "far")] == ["y", "x", "x", "x"]


def test_distance_band_reaches_its_threshold(lattice):
    near = sr.build_weights(lattice, "distance_band", threshold=1000)
    assert neighbours(near, "e") == "bdfh"
    wide = sr.build_weights(lattice, "distance_band", threshold=1415)  # the diagonal is 1414.2 m
    assert neighbours(wide, "e") == "abcdfghi"


def test_bisquare_kernel(lattice):
    graph = sr.build_weights(lattice, "kernel", bandwidth=2000, transform="o")
    row = graph["e"]
    assert row["b"] == pytest.approx((1 - 1 / 4) ** 2)
    assert row["a"] == pytest.approx((1 - 2 / 4) ** 2)
    assert "c" not in graph["a"].index  # 2 km away, where the kernel is zero


@pytest.mark.parametrize(
    ("kernel", "side", "diagonal"),
    [
        ("bisquare", (1 - 1 / 4) ** 2, (1 - 2 / 4) ** 2),
        ("triangular", 1 - 1 / 2, 1 - np.sqrt(2) / 2),
        ("epanechnikov", 1 - 1 / 4, 1 - 2 / 4),
        ("gaussian", np.exp(-1 / 8), np.exp(-2 / 8)),
    ],
)
def test_kernels(lattice, kernel, side, diagonal):
    # neighbours in the lattice are 1 km away, and sqrt(2) km across a corner
    graph = sr.build_weights(lattice, "kernel", kernel=kernel, bandwidth=2000, transform="o")
    assert graph["e"][["b", "a"]].to_list() == pytest.approx([side, diagonal])


def test_gaussian_is_cut_at_three_bandwidths(lattice):
    graph = sr.build_weights(lattice, "kernel", kernel="gaussian", bandwidth=667, transform="o")
    assert graph["a"]["c"] == pytest.approx(np.exp(-((2000 / 667) ** 2) / 2))
    assert "f" not in graph["a"].index  # sqrt(5) km, more than 2.001


def test_bandwidths_of_the_kth_nearest():
    points = frame({"a": Point(0, 0), "b": Point(10, 0), "c": Point(30, 0), "d": Point(70, 0)})
    graph = sr.build_weights(points, "kernel", kernel="gaussian", k=2, transform="o")
    assert graph["a"].to_dict() == pytest.approx({"b": np.exp(-1 / 18), "c": np.exp(-1 / 2)})
    assert graph["d"].to_dict() == pytest.approx({"b": np.exp(-1 / 2), "c": np.exp(-2 / 9)})
    # a kernel that ends leaves the k-th, where it is zero, out
    graph = sr.build_weights(points, "kernel", kernel="triangular", k=2, transform="o")
    assert graph["a"].to_dict() == pytest.approx({"b": 2 / 3})


def test_no_bandwidth_where_all_lie_at_one_point():
    points = frame({"x": Point(0, 0), "y": Point(0, 0), "z": Point(5, 0)})
    with pytest.raises(InputError, match=r"the 1 nearest of 2 regions \(x, y\) lie where they do"):
        sr.build_weights(points, "kernel", k=1)


# --- distances on the earth -------------------------------------------------------------------


def test_nearest_by_the_ground_not_by_degrees():
    # at 60 degrees north a degree of longitude is half as long: 1.5 of them are 83 km
    points = frame({"a": Point(0, 60), "east": Point(1.5, 60), "north": Point(0, 61)}, "EPSG:4326")
    assert list(sr.build_weights(points, "knn", k=1)["a"].index) == ["east"]


def test_great_circles_agree_with_geodesics():
    a, b = (104.0, 30.6), (116.4, 39.9)
    metres = Geod(ellps="WGS84").inv(*a, *b)[2]
    points = frame({"a": Point(a), "b": Point(b)}, "EPSG:4326")
    assert (
        neighbours(sr.build_weights(points, "distance_band", threshold=metres * 1.006), "a") == "b"
    )
    with pytest.warns(IsolateWarning, match="within"):
        sr.build_weights(points, "distance_band", threshold=metres * 0.994)


def test_a_degree_on_the_equator():
    # 6 371 008.8 m x pi / 180
    points = frame({"a": Point(0, 0), "b": Point(1, 0)}, "EPSG:4326")
    graph = sr.build_weights(points, "distance_band")
    assert graph.build_notes["threshold_m"] == pytest.approx(111_195.08, abs=0.01)


def test_across_the_date_line():
    points = frame({"a": Point(179.9, 0), "b": Point(-179.9, 0), "c": Point(178, 0)}, "EPSG:4326")
    assert neighbours(sr.build_weights(points, "knn", k=1), "a") == "b"


def test_web_mercator_is_measured_on_the_ground():
    points = frame({"a": Point(0, 60), "b": Point(1, 60)}, "EPSG:4326")
    metres = [
        sr.build_weights(shapes, "distance_band").build_notes["threshold_m"]
        for shapes in (points, points.to_crs(3857))
    ]
    assert metres[0] == pytest.approx(metres[1])
    assert metres[0] < 56_000  # 111 km in the projection's own metres


def test_feet_become_metres():
    points = frame({"a": Point(0, 0), "b": Point(1000, 0)}, "EPSG:2263")  # US survey feet
    graph = sr.build_weights(points, "distance_band")
    assert graph.build_notes["threshold_m"] == pytest.approx(1000 * 1200 / 3937)


# --- regions without neighbours ---------------------------------------------------------------


def test_threshold_waits_for_no_far_island(coast):
    with pytest.warns(IsolateWarning, match=r"1 of 4 .*\(island\) within 1 km"):
        graph = sr.build_weights(coast, "distance_band")
    assert graph.build_notes["threshold_m"] == pytest.approx(1000)
    assert list(graph.isolates) == ["island"]


def test_threshold_of_chinese_counties_waits_for_no_islands_of_the_south_china_sea():
    counties = sr.datasets.china("county")
    with pytest.warns(IsolateWarning, match=r"2 of 2875 regions .*\(460301, 460302\) within 29\d"):
        graph = sr.build_weights(counties, "distance_band")
    assert set(graph.isolates) == {"460301", "460302"}  # Xisha and Nansha
    # it is Ruoqiang, in the desert, that is waited for: any less would leave it alone
    rest, threshold = counties.drop(["460301", "460302"]), graph.build_notes["threshold_m"]
    assert not len(sr.build_weights(rest, "distance_band", threshold=threshold).isolates)
    with pytest.warns(IsolateWarning, match=r"1 of 2873 regions .*\(652824\)"):
        sr.build_weights(rest, "distance_band", threshold=threshold - 1)


def test_threshold_covers_a_near_island():
    # the island, 1.5 km from q, is nearer than r is to its neighbour, whose middle is 2 km away
    shapes = frame(
        {
            "p": box(0, 0, 1000, 1000),
            "q": box(1000, 0, 2000, 1000),
            "r": box(2000, 0, 5000, 1000),
            "island": box(1000, 1500, 2000, 2500),
        }
    )
    graph = sr.build_weights(shapes, "distance_band")
    assert graph.build_notes["threshold_m"] == pytest.approx(2000)
    assert neighbours(graph, "island") == "pq"  # 1.8 km and 1.5 km


def test_threshold_of_points_and_of_islands_alone_covers_all(coast):
    points = coast.set_geometry(coast.representative_point())
    islands = coast.loc[["p", "r", "island"]]
    for shapes, metres in ((points, 101_000), (islands, 101_000)):
        graph = sr.build_weights(shapes, "distance_band")
        assert graph.build_notes["threshold_m"] == pytest.approx(metres)


def test_isolates_are_kept_with_a_warning(coast):
    with pytest.warns(IsolateWarning, match=r"1 of 4 regions have no neighbour \(island\)"):
        graph = sr.build_weights(coast)
    assert list(graph.isolates) == ["island"]
    assert list(graph.unique_ids) == ["p", "q", "r", "island"]


def test_isolates_join_the_nearest_outline(coast):
    with pytest.warns(IsolateWarning, match="island to r, 100 km"):
        graph = sr.build_weights(coast, isolates="nearest")
    assert neighbours(graph, "island") == "r"
    assert set(graph["r"].index) == {"q", "island"}
    assert graph.build_notes["joined"] == {"island": "r"}
    assert sr.describe_weights(graph)["joined"] == "island to r"


def test_isolates_join_by_outline_not_by_middle():
    # the middle of "near" is farther than that of "small", its shore is closer
    shapes = frame(
        {
            "near": box(0, 0, 100, 10),
            "touching": box(0, 10, 100, 20),
            "small": box(130, 0, 131, 10),
            "also": box(131, 0, 132, 10),
            "island": box(110, 0, 111, 10),
        }
    )
    with pytest.warns(IsolateWarning, match="island to near"):
        sr.build_weights(shapes, isolates="nearest")


def test_equally_near_outlines_go_by_label():
    shapes = frame({"b": box(0, 0, 1, 1), "a": box(4, 0, 5, 1), "m": box(2, 0, 3, 1)})
    with pytest.warns(IsolateWarning, match="3 of 3"):
        graph = sr.build_weights(shapes, isolates="nearest", transform="o")
    assert graph.build_notes["joined"] == {"b": "m", "a": "m", "m": "a"}
    assert graph["m"].to_dict() == {"b": 1, "a": 1}  # a and m chose one another: one link


def test_isolates_join_across_the_date_line():
    west, east, far = Point(179.9, 52), Point(-179.9, 52), Point(170, 52)
    shapes = frame({"w": west, "far": far, "e": east, "farther": Point(168, 52)}, "EPSG:4326")
    with pytest.warns(IsolateWarning, match=r"w to e, 13\.7 km.*e to w, 13\.7 km"):
        graph = sr.build_weights(shapes, "distance_band", threshold=1000, isolates="nearest")
    assert graph.build_notes["joined"] == {"w": "e", "far": "farther", "e": "w", "farther": "far"}
    with pytest.warns(IsolateWarning):
        mercator = sr.build_weights(
            shapes.to_crs(3857), "distance_band", threshold=1000, isolates="nearest"
        )
    assert mercator.build_notes["joined"] == graph.build_notes["joined"]


def test_outlines_are_measured_on_the_globe_as_geodesics_are():
    # a region in two parts, half the globe apart; the second part is the one that is near
    spread = MultiPolygon([box(0, 40, 2, 42), box(178, -20, 179, -19)])
    shapes = frame(
        {
            "spread": spread,
            "atoll": box(-178, -20, -177, -19),
            "shelf": box(170, -21, 174, -19),
            "pole": box(-180, -90, 180, -60),
        },
        "EPSG:4326",
    )
    with pytest.warns(IsolateWarning):
        joined = sr.build_weights(shapes, isolates="nearest").build_notes["joined"]
    assert joined == {"spread": "atoll", "atoll": "spread", "shelf": "spread", "pole": "shelf"}
    _, metres = nearest_outline(shapes.geometry, np.array([0, 1]))
    truth = Geod(ellps="WGS84").inv(179, -20, -178, -20)[2]
    np.testing.assert_allclose(metres, truth, rtol=0.006)


def test_isolates_raise(coast):
    with pytest.raises(InputError, match=r"\(island\): isolates='nearest' joins"):
        sr.build_weights(coast, isolates="raise")


# --- order of rows, and what stays as it was --------------------------------------------------


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("queen", {}),
        ("rook", {"order": 2}),
        ("knn", {"k": 2}),
        ("distance_band", {"threshold": 1415}),
        ("kernel", {"bandwidth": 2500}),
        ("kernel", {"k": 3, "kernel": "gaussian"}),
        ("queen", {"tolerance": 5, "order": 2, "lower_order": True}),
    ],
)
def test_order_of_rows_does_not_matter(lattice, method, options):
    before = lattice.copy(deep=True)
    one = sr.build_weights(lattice, method, **options)
    other = sr.build_weights(lattice.sample(frac=1, random_state=4), method, **options)
    pd.testing.assert_frame_equal(lattice, before)
    assert list(one.unique_ids) == list("abcdefghi")  # the caller's order
    assert one.adjacency.to_dict() == pytest.approx(other.adjacency.to_dict())


def test_whole_numbers_serve_as_labels(lattice):
    graph = sr.build_weights(lattice.set_index(pd.Index(range(110, 119))))
    assert set(graph[110].index) == {111, 113, 114}


# --- messages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("king", {}, "method must be one of 'queen', 'rook'"),
        ("queen", {"k": 4}, r"k=4 is not used by method 'queen' \(it belongs to knn and kernel\)"),
        ("queen", {"threshold": 5}, "threshold=5 is not used by method 'queen'"),
        ("knn", {"k": 2, "bandwidth": 5}, "bandwidth=5 is not used by method 'knn'"),
        ("knn", {"k": 2, "tolerance": 5}, r"tolerance=5 .* \(it belongs to queen and rook\)"),
        ("queen", {"kernel": "gaussian"}, r"kernel='gaussian' is not used by method 'queen'"),
        ("knn", {"k": 2, "lower_order": True}, "lower_order=True is not used by method 'knn'"),
        ("queen", {"lower_order": True}, "lower_order=True needs an order above 1"),
        ("queen", {"order": 2, "lower_order": "yes"}, "lower_order must be one of True, False"),
        ("kernel", {"bandwidth": 5, "k": 2}, "not both"),
        ("kernel", {"bandwidth": 5, "kernel": "cosine"}, "kernel must be one of None, 'bisquare'"),
        ("kernel", {"k": 0}, "k must be a whole number of at least 1 for method 'kernel'"),
        ("knn", {"k": 2, "order": 2}, "order=2 is not used by method 'knn'"),
        ("knn", {}, "k must be a whole number of at least 1 for method 'knn', not None"),
        ("knn", {"k": 2.5}, "k must be a whole number"),
        ("knn", {"k": True}, "k must be a whole number"),
        ("knn", {"k": 9}, "k=9 neighbours need at least 10 regions, but there are 9"),
        ("queen", {"order": 0}, "order must be a whole number of at least 1"),
        ("distance_band", {"threshold": 0}, "threshold must be above zero and finite"),
        ("queen", {"tolerance": -1}, "tolerance must be above zero"),
        ("kernel", {}, "method 'kernel' needs bandwidth"),
        ("kernel", {"bandwidth": np.inf}, "bandwidth must be above zero and finite"),
        ("queen", {"isolates": "drop"}, "isolates must be one of"),
        ("queen", {"transform": "x"}, "transform must be one of"),
    ],
)
def test_arguments(lattice, method, options, message):
    with pytest.raises(InputError, match=message):
        sr.build_weights(lattice, method, **options)


def test_regions(lattice):
    with pytest.raises(InputError, match="must be a GeoDataFrame or GeoSeries, not list"):
        sr.build_weights([1, 2])
    with pytest.raises(InputError, match="must be at least two, not 1"):
        sr.build_weights(lattice.iloc[:1])
    with pytest.raises(AlignmentError, match=r"regions has 1 labels more than once \(a\)"):
        sr.build_weights(lattice.rename(index={"b": "a"}))


def test_geometries(lattice):
    hollow = lattice.copy()
    hollow.loc[["b", "c"], "geometry"] = [None, Polygon()]
    with pytest.raises(GeometryError, match=r"2 regions have no geometry \(b, c\)"):
        sr.build_weights(hollow)
    bowtie = lattice.copy()
    bowtie.loc["d", "geometry"] = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(GeometryError, match=r"1 regions have invalid geometry \(d\): repair"):
        sr.build_weights(bowtie)
    mixed = lattice.copy()
    mixed.loc["e", "geometry"] = LineString([(0, 0), (1, 1)])
    with pytest.raises(GeometryError, match=r"1 regions are not \(e is LineString\)"):
        sr.build_weights(mixed)
    with pytest.raises(GeometryError, match=r"9 regions are not .* use method 'knn'"):
        sr.build_weights(lattice.set_geometry(lattice.representative_point()))


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("knn", {"k": 1}),
        ("distance_band", {}),
        ("kernel", {"bandwidth": 5}),
        ("queen", {"tolerance": 5}),
    ],
)
def test_distances_need_a_reference_system(lattice, coast, method, options):
    with pytest.raises(CRSError, match="no CRS"):
        sr.build_weights(lattice.set_crs(None, allow_override=True), method, **options)
    sr.build_weights(lattice.set_crs(None, allow_override=True))  # contiguity needs none
    with pytest.raises(CRSError, match="no CRS"):
        sr.build_weights(coast.set_crs(None, allow_override=True), isolates="nearest")
