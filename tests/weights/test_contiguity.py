"""Polygons that meet: by hand, and against libpysal's strict builder on clean and careless maps."""

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from libpysal import examples
from libpysal.graph import Graph
from shapely.geometry import MultiPolygon, Polygon, box

import spatialreg as sr
from spatialreg.errors import CRSError, IsolateWarning, PrecisionWarning

from .shapes import frame, links, neighbours


def built(shapes, method="queen", **options):
    """The links, whatever is warned of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return links(sr.build_weights(shapes, method, **options))


def strict(shapes, method):
    return links(Graph.build_contiguity(shapes, rook=method == "rook", strict=True))


def overlapping(shapes):
    """Ordered pairs whose interiors share an area, by testing every pair."""
    geometry, labels = shapes.geometry.to_numpy(), shapes.index
    one, other = (a.ravel() for a in np.indices((len(labels), len(labels))))
    one, other = one[one != other], other[one != other]
    wide = shapely.relate_pattern(geometry[one], geometry[other], "2********")
    return set(zip(labels[one[wide]], labels[other[wide]], strict=True))


# --- borders as they come ---------------------------------------------------------------------


def test_borders_need_no_common_vertices():
    graph = sr.build_weights(
        frame({"long": box(0, 0, 1, 3), "short": box(1, 1, 2, 2), "low": box(1, -5, 2, 0.5)}),
        "rook",
    )
    assert set(graph["long"].index) == {"short", "low"}
    assert list(graph["short"].index) == ["long"]


def test_a_corner_on_the_side_of_another_is_a_point_in_common():
    wedge = Polygon([(1, 1), (3, 0.5), (3, 1.5)])
    shapes = frame({"a": box(0, 0, 1, 3), "b": wedge, "c": box(0, 3, 1, 4)})
    assert built(shapes) == {("a", "b"), ("b", "a"), ("a", "c"), ("c", "a")}
    assert built(shapes, "rook") == {("a", "c"), ("c", "a")}


@pytest.mark.parametrize("method", ["queen", "rook"])
def test_overlapping_polygons_are_neighbours(method):
    # the outlines cross in two points and share no line; one within the other; two the same
    crossed = frame({"a": box(0, 0, 2, 2), "b": box(1.9, 0.5, 4, 3)})
    within = frame({"a": box(0, 0, 9, 9), "b": box(1, 1, 2, 2)})
    twice = frame({"a": box(0, 0, 2, 2), "b": box(0, 0, 2, 2)})
    for shapes in (crossed, within, twice):
        assert neighbours(sr.build_weights(shapes, method), "a") == "b"


@pytest.mark.parametrize("method", ["queen", "rook"])
def test_an_enclave_touches_the_hole_that_it_fills(method):
    around = Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (3, 6), (6, 6), (6, 3)]])
    assert built(frame({"a": around, "b": box(3, 3, 6, 6)}), method) == {("a", "b"), ("b", "a")}


def test_parts_of_a_region_are_not_joined_by_a_phantom_side():
    # from the last vertex of one part to the first of the next runs no border: "b" has that side
    upper = Polygon([(5, 2), (6, 2), (6, 3), (5, 3)])
    lower = Polygon([(1, 0), (1, 1), (0, 1), (0, 0)])
    side = Polygon([(1, 0), (5, 2), (5, -2)])
    shapes = frame({"a": MultiPolygon([lower, upper]), "b": side})
    assert built(shapes, "rook") == set()
    assert built(shapes) == {("a", "b"), ("b", "a")}


def test_how_an_outline_is_drawn_does_not_matter():
    # clockwise or not, a vertex drawn twice, a zero with a minus, another first vertex
    plain = frame({"a": box(0, 0, 1, 1), "b": box(-1, 0, 0, 1)})
    drawn = frame(
        {
            "a": Polygon([(1, 0), (1, 1), (0, 1), (0, 1), (0, 0)]),
            "b": Polygon([(-0.0, 1), (-0.0, -0.0), (-1, 0), (-1, 1)]),
        }
    )
    for method in ("queen", "rook"):
        assert built(drawn, method) == built(plain, method) == {("a", "b"), ("b", "a")}


# --- libpysal's strict builder ----------------------------------------------------------------


def real_layers():
    yield "us", sr.datasets.us_states
    yield "mexico", sr.datasets.mexico
    path = examples.get_path("columbus.shp")
    yield "columbus", lambda: gpd.read_file(path).set_index("POLYID")
    yield "us48", lambda: gpd.read_file(examples.get_path("us48.shp"))
    yield "provinces", lambda: sr.datasets.china("province")
    yield "prefectures", lambda: sr.datasets.china("prefecture")
    yield "counties", lambda: sr.datasets.china("county")


LAYERS = dict(real_layers())


@pytest.mark.parametrize("method", ["queen", "rook"])
@pytest.mark.parametrize("name", LAYERS)
def test_real_layers_as_libpysal_has_them(name, method):
    layer = LAYERS[name]()
    assert built(layer, method) == strict(layer, method)


@pytest.mark.slow
@pytest.mark.parametrize("tolerance", [2000, 5000])
def test_counties_keep_their_neighbours_however_simplified(tolerance):
    layer = sr.datasets.china("county", tolerance=tolerance)
    for method in ("queen", "rook"):
        assert built(layer, method) == strict(layer, method)
        assert built(layer, method) == built(sr.datasets.china("county"), method)


def careless(seed, kind):
    """Voronoi cells, drawn again one by one with small errors."""
    rng = np.random.default_rng(seed)
    points = shapely.multipoints(rng.uniform(0, 1000, (60, 2)))
    frame_of_all = box(0, 0, 1000, 1000)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame_of_all))
    cells = shapely.intersection(cells, frame_of_all)
    if kind == "grown":  # slivers of overlap and of gap
        cells = np.array(
            [
                shapely.affinity.scale(c, f, f)
                for c, f in zip(cells, rng.normal(1, 3e-3, 60), strict=True)
            ]
        )
    elif kind == "rounded":  # T-junctions that miss by the rounding
        cells = shapely.segmentize(cells, 40)
        cells = shapely.transform(cells, lambda xy: np.round(xy / 3) * 3)
        cells = shapely.make_valid(cells)
    elif kind == "divided":  # T-junctions that hit
        cells = shapely.transform(cells, lambda xy: np.round(xy / 50) * 50)
        cells = shapely.make_valid(cells)
        cells = np.concatenate(
            [shapely.intersection(cells, box(0, 0, 1000, y)) for y in (500,)]
            + [shapely.difference(cells, box(0, 0, 1000, 500))]
        )
    elif kind == "simplified":  # each on its own
        cells = shapely.simplify(shapely.segmentize(cells, 30), rng.uniform(0, 4, 60))
        cells = shapely.make_valid(cells)
    kept = [c for c in cells if shapely.area(c) > 0 and c.geom_type in ("Polygon", "MultiPolygon")]
    return gpd.GeoDataFrame(geometry=kept, index=[f"r{i:03d}" for i in range(len(kept))], crs=32650)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["clean", "grown", "rounded", "divided", "simplified"])
def test_careless_maps_as_libpysal_has_them_and_overlaps_too(kind, seed):
    layer = careless(seed, kind)
    overlaps = overlapping(layer)
    assert overlaps or kind not in ("grown", "simplified")
    for method in ("queen", "rook"):
        ours = built(layer, method)
        assert ours - overlaps == strict(layer, method)
        assert overlaps <= ours


# --- tolerance and near misses ----------------------------------------------------------------


def test_tolerance_bridges_gaps():
    shapes = frame({"a": box(0, 0, 10, 10), "b": box(13, 0, 20, 10), "c": box(30, 0, 40, 10)})
    with pytest.warns(IsolateWarning, match="3 of 3"):
        sr.build_weights(shapes)
    for method in ("queen", "rook"):
        with pytest.warns(IsolateWarning, match=r"1 of 3 .*\(c\)"):
            graph = sr.build_weights(shapes, method, tolerance=3)
        assert neighbours(graph, "a") == "b"
        assert graph.build_notes["near_misses"] == 1
        assert graph.build_notes["near_miss_pairs"] == [("a", "b")]
        assert graph.build_notes["near_miss_gap_m"] == 3
        assert graph.build_notes["tolerance_m"] == 3


@pytest.mark.parametrize("method", ["queen", "rook"])
@pytest.mark.parametrize("height", [200, 1000])
def test_tolerance_does_not_reach_across_a_third_region(method, height):
    a, c = box(0, 0, 1000, height), box(1050, 0, 2000, height)
    whole = frame({"a": a, "b": box(1000, 0, 1050, height), "c": c})
    assert ("a", "c") not in built(whole, method, tolerance=100)
    halves = [box(1000, y, 1050, y + height / 2) for y in (0, height / 2)]
    parted = frame({"a": a, "b": halves[0], "c": c, "d": halves[1]})
    assert ("a", "c") not in built(parted, method, tolerance=100)
    assert built(whole.drop("b"), "queen", tolerance=100) == {("a", "c"), ("c", "a")}


@pytest.mark.parametrize("method", ["queen", "rook"])
def test_tolerance_joins_beside_a_third_region_that_fills_part_of_the_gap(method):
    a, b, c = box(0, 0, 1000, 2000), box(1000, 0, 1050, 1100), box(1050, 0, 2000, 2000)
    assert ("a", "c") in built(frame({"a": a, "b": b, "c": c}), method, tolerance=100)


def test_tolerance_is_in_metres_for_degrees():
    gap = 0.001  # 111 m of latitude
    shapes = frame({"a": box(100, 30, 101, 31), "b": box(100, 31 + gap, 101, 32)}, crs="EPSG:4326")
    with pytest.warns(IsolateWarning):
        sr.build_weights(shapes, tolerance=90)
    graph = sr.build_weights(shapes, tolerance=130)
    assert neighbours(graph, "a") == "b"
    # 0.001 degrees of latitude at 31 degrees north: 110.87 m on the ellipsoid; the plane keeps
    # areas, so lengths are a little off
    assert graph.build_notes["near_miss_gap_m"] == pytest.approx(110.87, rel=0.01)


def test_tolerance_does_not_make_rook_neighbours_of_those_that_meet_in_a_corner(lattice):
    assert built(lattice, "rook", tolerance=20) == built(lattice, "rook")
    assert built(lattice, "queen", tolerance=20) == built(lattice, "queen")
    moved = lattice.geometry.copy()
    moved["e"] = box(1003, 1004, 1998, 1997)  # gaps all around
    assert built(moved, "rook", tolerance=20) == built(lattice, "rook")
    assert built(moved, "queen", tolerance=20) == built(lattice, "queen")
    assert ("d", "e") not in built(moved, "queen")


def test_near_misses_are_told_of_without_being_asked():
    a, b, c = box(0, 0, 1000, 1000), box(1000.5, 0, 2000, 1000), box(0, 1000, 2000, 2000)
    shapes = frame({"a": a, "b": b, "c": c})
    with pytest.warns(PrecisionWarning, match=r"1 pairs .* 0\.5 m apart .*\(a and b\).*=0\.55"):
        graph = sr.build_weights(shapes)
    assert neighbours(graph, "c") == "ab"
    told = sr.describe_weights(graph)
    assert told[["near_misses", "near_miss_gap_m"]].to_list() == [1, 0.5]
    assert neighbours(sr.build_weights(shapes, tolerance=0.55), "a") == "bc"
    assert neighbours(sr.build_weights(shapes, tolerance=0.1), "a") == "c"  # and no warning
    with pytest.warns(PrecisionWarning, match=r"0\.5 units of the layer apart .*set_crs"):
        sr.build_weights(shapes.set_crs(None, allow_override=True))


def test_what_is_no_near_miss():
    wide = frame({"a": box(0, 0, 1000, 1000), "b": box(1002, 0, 2000, 1000)})  # 0.2 % of the side
    between = frame(
        {
            "a": box(0, 0, 1000, 1000),
            "river": box(1000, 0, 1000.5, 1000),
            "b": box(1000.5, 0, 2000, 1000),
            "c": box(0, 1000, 2000, 2000),
        }
    )
    corner = frame({"a": box(0, 0, 1000, 1000), "b": box(1000.5, 1000.5, 2000, 2000)})
    for shapes in (wide, corner):
        with pytest.warns(IsolateWarning):
            graph = sr.build_weights(shapes)
        assert graph.build_notes["near_misses"] == 0
    graph = sr.build_weights(between)
    assert graph.build_notes["near_misses"] == 0
    assert neighbours(graph, "a") == "criver"


def test_one_narrow_strait_among_many_borders_is_counted_and_not_warned_of():
    cells = {f"{x:02d}{y:02d}": box(x, y, x + 1, y + 1) for x in range(24) for y in range(24)}
    cells["far"] = box(24.0004, 3, 25, 4)
    with pytest.warns(IsolateWarning, match=r"1 of 577 .*\(far\)"):
        graph = sr.build_weights(frame(cells))
    assert graph.build_notes["near_misses"] == 1


def test_the_counties_of_china_have_one_narrow_strait():
    """Huli on Xiamen island and Jimei are drawn 12 m apart at the default simplification."""
    with pytest.warns(IsolateWarning):
        graph = sr.build_weights(sr.datasets.china("county"))
    assert graph.build_notes["near_miss_pairs"] == [("350206", "350211")]


@pytest.mark.parametrize("metres", [1000, 2000])
def test_tolerance_restores_the_borders_of_counties_simplified_one_by_one(metres):
    clean = sr.datasets.china("county").query("province == '440000'")
    apart = clean.set_geometry(clean.simplify(metres / 111_195).make_valid())
    queen = built(clean)
    assert queen - built(apart)  # some borders are lost...
    assert not queen - built(apart, tolerance=2 * metres)  # ...and all come back
    assert len(strict(apart, "queen")) < len(queen) / 2  # libpysal leaves the overlapping ones out


def test_outlines_are_given_back_as_they_were():
    ring = shapely.segmentize(box(0, 0, 1000, 1000), 10)
    shapes = frame({"a": ring, "b": shapely.affinity.translate(ring, 1000.1)})
    shapely.prepare(shapes.geometry.iloc[1])
    before = shapes.copy(deep=True)
    sr.build_weights(shapes, tolerance=5)
    pd.testing.assert_frame_equal(shapes, before)
    assert shapely.is_prepared(shapes.geometry.to_numpy()).tolist() == [False, True]


def test_tolerance_needs_a_reference_system(lattice):
    for method in ("queen", "rook"):
        with pytest.raises(CRSError, match="no CRS"):
            sr.build_weights(lattice.set_crs(None, allow_override=True), method, tolerance=5)
