"""What must hold of any layer that is noded: nothing is lost, nothing crosses, all is one graph."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from spatialreg.transport import noded

ORIGIN = np.array([500_000.0, 4_400_000.0])
_points = st.tuples(st.integers(0, 6), st.integers(0, 6))
_lines = st.lists(st.lists(_points, min_size=2, max_size=4), min_size=1, max_size=7)


def drawn(lines: list[list[tuple[int, int]]]) -> gpd.GeoDataFrame | None:
    shapes = [LineString(ORIGIN + 100.0 * np.array(points)) for points in lines]
    shapes = [shape for shape in shapes if shape.length > 0]
    return gpd.GeoDataFrame(geometry=shapes, crs=32650) if shapes else None


@settings(max_examples=40, deadline=None)
@given(_lines)
def test_shapely_nodes_the_same(lines):
    """shapely.node on the same lines covers the same ground, as long, and meets only at ends."""
    layer = drawn(lines)
    if layer is None:
        return
    nodes, edges, _ = noded(layer, tolerance=0.01)
    flat = edges.geometry.to_crs(32650)
    expected = shapely.node(shapely.union_all(layer.geometry.to_numpy()))
    assert np.isclose(flat.length.sum(), expected.length, rtol=1e-6)
    assert expected.hausdorff_distance(shapely.union_all(flat.to_numpy())) < 1e-3
    rounded = shapely.set_precision(flat.to_numpy(), 0.001)
    one, other = shapely.STRtree(rounded).query(rounded, predicate="crosses")
    assert len(one) == len(other) == 0
    assert (nodes["degree"] > 0).all()


@settings(max_examples=25, deadline=None)
@given(_lines)
def test_parts_are_those_of_the_drawing(lines):
    """As many components as the union of the lines has, and the report lists all but one."""
    layer = drawn(lines)
    if layer is None:
        return
    nodes, edges, report = noded(layer, tolerance=0.01)
    graph = nx.MultiGraph(list(zip(edges["start"], edges["end"], strict=True)))
    touching = layer.geometry.buffer(0.1).union_all()
    assert nx.number_connected_components(graph) == shapely.get_num_geometries(touching)
    assert (report["kind"] == "island").sum() == shapely.get_num_geometries(touching) - 1
    assert dict(graph.degree()) == nodes["degree"].to_dict()


@settings(max_examples=20, deadline=None)
@given(st.sets(st.tuples(_points, st.booleans()), min_size=1, max_size=12), st.integers(0, 2**31))
def test_ends_that_are_drawn_roughly_join_as_exact_ones(streets, seed):
    """Streets of a grid, each end up to two metres off, make the graph of the grid."""
    pairs = [((x, y), (x + 1, y) if east else (x, y + 1)) for (x, y), east in streets]
    exact = nx.MultiGraph(pairs)
    noise = np.random.default_rng(seed).uniform(-1.4, 1.4, (len(pairs), 2, 2))
    lines = shapely.linestrings(ORIGIN + 100.0 * np.array(pairs) + noise)
    edges = noded(gpd.GeoDataFrame(geometry=lines, crs=32650), tolerance=5).edges
    given_ = nx.MultiGraph(list(zip(edges["start"], edges["end"], strict=True)))
    assert sorted(d for _, d in given_.degree()) == sorted(d for _, d in exact.degree())
    assert nx.number_connected_components(given_) == nx.number_connected_components(exact)
