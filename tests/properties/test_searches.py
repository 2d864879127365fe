"""What must hold for searches on any graph; scipy and networkx are the oracles.

Graphs are small and full of ties, parallel arcs, loops, arcs without cost, islands.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from spatialreg.transport._arcs import Arcs
from spatialreg.transport._centrality import betweenness, closeness, harmonic
from spatialreg.transport._searches import (
    _queues,
    dense,
    dense_along,
    k_nearest,
    nearest,
    paths_from_tree,
    shortest_path,
    tree_arcs,
    within,
)
from spatialreg.transport._searches._queues import graph_of, new_room, search

INF = np.inf
# whole numbers make ties, tenths make sums that are equal but for rounding, the rest huge ranges
WHOLE = st.integers(0, 4).map(float)
ANY = st.one_of(WHOLE, st.integers(0, 40).map(lambda t: t / 10), st.sampled_from([1e-12, 1e9]))


@st.composite
def graphs(draw: st.DrawFn, cost: st.SearchStrategy[float] = ANY) -> Arcs:
    n = draw(st.integers(1, 9))
    vertex = st.integers(0, n - 1)
    arcs = draw(st.lists(st.tuples(vertex, vertex, cost), max_size=30))
    tail, head, costs = (np.array([arc[i] for arc in arcs]) for i in range(3))
    place = np.zeros(n)
    return Arcs(n, tail.astype(np.int32), head.astype(np.int32), costs.astype(float), place, place)


@st.composite
def questions(
    draw: st.DrawFn, cost: st.SearchStrategy[float] = ANY
) -> tuple[Arcs, np.ndarray, float]:
    """Draw a graph, some of its vertices (in any order, some twice) and a cut-off."""
    arcs = draw(graphs(cost))
    vertices = draw(st.lists(st.integers(0, arcs.vertices - 1), min_size=1, max_size=6))
    return arcs, np.array(vertices), draw(st.sampled_from([INF, 0.0, 2.0, 3.3, 8.0]))


def costs_from(arcs: Arcs, sources: np.ndarray, cutoff: float = INF) -> np.ndarray:
    return dijkstra(arcs.matrix(), indices=sources, limit=cutoff)


@given(question=questions(), direction=st.sampled_from(["to", "from"]))
@settings(max_examples=200, deadline=None)
def test_nearest_is_the_first_of_the_least(question, direction):
    arcs, facilities, cutoff = question
    oriented = arcs.reversed() if direction == "to" else arcs
    every = costs_from(oriented, facilities, cutoff)
    found = nearest(arcs, facilities, cutoff=cutoff, direction=direction)
    np.testing.assert_array_equal(found.cost, every.min(axis=0))
    reached = np.isfinite(found.cost)
    assert (found.facility[~reached] == -1).all()
    taken = every[found.facility, np.arange(arcs.vertices)]
    np.testing.assert_array_equal(taken[reached], found.cost[reached])
    if (arcs.cost % 1 == 0).all():  # with rounding two may be equally near that are not by sums
        np.testing.assert_array_equal(found.facility[reached], every.argmin(axis=0)[reached])


@given(question=questions(), direction=st.sampled_from(["to", "from"]))
@settings(max_examples=100, deadline=None)
def test_paths_of_the_tree_cost_what_the_search_says(question, direction):
    arcs, facilities, cutoff = question
    found = nearest(arcs, facilities, cutoff=cutoff, direction=direction)
    of_tree = tree_arcs(arcs, found.parent, direction=direction)
    indptr, arc = paths_from_tree(
        found.parent, of_tree, np.arange(arcs.vertices), direction=direction
    )
    for v in np.flatnonzero(np.isfinite(found.cost)):
        path = arc[indptr[v] : indptr[v + 1]]
        stops = [v, *arcs.head[path]] if direction == "to" else [*arcs.tail[path], v]
        ends = (stops[0], stops[-1]) if direction == "to" else (stops[-1], stops[0])
        assert ends == (v, facilities[found.facility[v]])
        np.testing.assert_array_equal(stops[:-1], arcs.tail[path])
        np.testing.assert_array_equal(stops[1:], arcs.head[path])
        assert arcs.cost[path].sum() == pytest.approx(found.cost[v], rel=1e-12)


@given(question=questions(WHOLE), k=st.integers(1, 7), direction=st.sampled_from(["to", "from"]))
@settings(max_examples=200, deadline=None)
def test_k_nearest_are_the_first_k_of_all(question, k, direction):
    arcs, facilities, cutoff = question
    every = costs_from(arcs.reversed() if direction == "to" else arcs, facilities, cutoff).T
    cost, facility = k_nearest(arcs, facilities, k, cutoff=cutoff, direction=direction)
    order = np.argsort(every, axis=1, kind="stable")[:, :k]
    expected = np.take_along_axis(every, order, axis=1)
    some = expected.shape[1]
    np.testing.assert_array_equal(cost[:, :some], expected)
    np.testing.assert_array_equal(facility[:, :some], np.where(np.isfinite(expected), order, -1))
    assert np.isinf(cost[:, some:]).all() and (facility[:, some:] == -1).all()


@given(question=questions(), k=st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_costs_of_the_k_nearest_are_exact_whatever_the_rounding(question, k):
    arcs, facilities, cutoff = question
    every = np.sort(costs_from(arcs.reversed(), facilities, cutoff).T, axis=1)[:, :k]
    cost, _ = k_nearest(arcs, facilities, k, cutoff=cutoff)
    np.testing.assert_array_equal(cost[:, : every.shape[1]], every)


@given(question=questions())
@settings(max_examples=100, deadline=None)
def test_within_is_the_finite_part_of_dijkstra(question):
    arcs, sources, cutoff = question
    found = within(arcs, sources, cutoff)
    full = np.full((len(sources), arcs.vertices), INF)
    row = np.repeat(np.arange(len(sources)), np.diff(found.indptr))
    assert len(set(zip(row, found.vertex, strict=True))) == len(row)
    full[row, found.vertex] = found.cost
    np.testing.assert_array_equal(full, costs_from(arcs, sources, cutoff))


@given(question=questions(), data=st.data())
@settings(max_examples=200, deadline=None)
def test_dense_is_dijkstra_from_the_smaller_side(question, data):
    arcs, sources, cutoff = question
    targets = np.array(data.draw(st.lists(st.integers(0, arcs.vertices - 1), max_size=8)), int)
    found = dense(arcs, sources, targets, cutoff)
    if len(targets) >= len(sources):
        np.testing.assert_array_equal(found, costs_from(arcs, sources, cutoff)[:, targets])
    elif len(targets):
        turned = costs_from(arcs.reversed(), targets, cutoff)[:, sources].T
        np.testing.assert_array_equal(found, turned)
        full = costs_from(arcs, sources)[:, targets]
        near = np.isclose(full, cutoff, rtol=1e-12)  # the cut-off may fall between two roundings
        expected = np.where(full <= cutoff, full, INF)
        np.testing.assert_allclose(found[~near], expected[~near], rtol=1e-12)


@given(question=questions(WHOLE), data=st.data())
@settings(max_examples=200, deadline=None)
def test_the_second_sum_is_the_least_among_the_cheapest(question, data):
    arcs, sources, cutoff = question
    count = len(arcs.cost)
    second = np.array(data.draw(st.lists(WHOLE, min_size=count, max_size=count)), float)
    # one number for both, the second in the places below the first
    both = Arcs(arcs.vertices, arcs.tail, arcs.head, arcs.cost * 4096 + second, arcs.x, arcs.y)
    targets = np.arange(arcs.vertices)
    cost, along = dense_along(arcs, sources, targets, second, cutoff)
    expected = costs_from(both, sources)
    with np.errstate(invalid="ignore"):
        first, rest = np.divmod(expected, 4096)
    kept = np.isfinite(expected) & (first <= cutoff)
    np.testing.assert_array_equal(cost, np.where(kept, first, INF))
    np.testing.assert_array_equal(along, np.where(kept, rest, INF))
    for v in targets:
        path = shortest_path(arcs, sources[0], v, second=second)
        if path is None:
            assert np.isinf(expected[0, v])
        else:
            assert (arcs.cost[path].sum(), second[path].sum()) == divmod(expected[0, v], 4096)
    back = nearest(arcs, sources, cutoff=cutoff, direction="from", second=second)
    reached = np.isfinite(back.cost)
    np.testing.assert_array_equal(
        back.second[reached], along[back.facility[reached], np.flatnonzero(reached)]
    )


@given(question=questions(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_numbering_vertices_and_arcs_otherwise_changes_nothing(question, seed):
    arcs, facilities, cutoff = question
    rng = np.random.default_rng(seed)
    number = rng.permutation(arcs.vertices).astype(np.int32)
    order = rng.permutation(len(arcs.cost))
    second = rng.integers(0, 3, len(arcs.cost)).astype(float)
    other = Arcs(
        arcs.vertices, number[arcs.tail[order]], number[arcs.head[order]], arcs.cost[order],
        arcs.x, arcs.y,
    )  # fmt: skip
    one = nearest(arcs, facilities, cutoff=cutoff, second=second)
    two = nearest(other, number[facilities], cutoff=cutoff, second=second[order])
    for name in ("cost", "facility", "second"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name)[number])


@given(question=questions())
@settings(max_examples=100, deadline=None)
def test_both_queues_leave_the_same_costs(question):
    arcs, sources, cutoff = question
    seeds, none = sources.astype(np.int32), np.zeros(0, dtype=np.uint8)
    rooms = [new_room(graph_of(arcs), cutoff) for _ in range(2)]
    rooms[1].scale[0] = 0
    for room in rooms:
        search(graph_of(arcs), seeds, cutoff, room, none, -1)
    one, two = rooms
    np.testing.assert_array_equal(one.cost, two.cost)
    assert set(one.reached[: one.found[0]]) == set(two.reached[: two.found[0]])


@given(question=questions(), data=st.data())
@settings(max_examples=200, deadline=None)
def test_both_queues_leave_the_same_labels(question, data):
    arcs, facilities, cutoff = question
    count = len(arcs.cost)
    second = np.array(data.draw(st.lists(WHOLE, min_size=count, max_size=count)), float)
    by_buckets = nearest(arcs, facilities, cutoff=cutoff, second=second)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_queues, "_BUCKETS", 0)
        by_heap = nearest(arcs, facilities, cutoff=cutoff, second=second)
    for name in ("cost", "facility", "second"):
        np.testing.assert_array_equal(getattr(by_buckets, name), getattr(by_heap, name))
    before = by_buckets.parent  # among vertices at the same cost any may come first
    told = (before >= 0) & (by_buckets.cost[before] < by_buckets.cost)
    np.testing.assert_array_equal(before[told], by_heap.parent[told])


@given(arcs=graphs(st.integers(1, 40).map(lambda t: t / 8)))
@settings(max_examples=100, deadline=None)
def test_centralities_are_those_of_networkx(arcs):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(arcs.vertices))
    indptr, head, cost = arcs.forward
    tail = np.repeat(np.arange(arcs.vertices), np.diff(indptr))
    graph.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), cost, strict=True))
    pairs = (
        (closeness(arcs), nx.closeness_centrality(graph, distance="weight")),
        (closeness(arcs, direction="from"),
         nx.closeness_centrality(graph.reverse(), distance="weight")),
        (harmonic(arcs), nx.harmonic_centrality(graph, distance="weight")),
        (betweenness(arcs).vertex, nx.betweenness_centrality(graph, weight="weight")),
    )  # fmt: skip
    for ours, theirs in pairs:
        np.testing.assert_allclose(ours, [theirs[v] for v in graph], rtol=1e-12, atol=1e-15)
    by_edge = nx.edge_betweenness_centrality(graph, weight="weight", normalized=False)
    ours = np.zeros((arcs.vertices, arcs.vertices))
    np.add.at(ours, (arcs.tail, arcs.head), betweenness(arcs, normalised=False).arc)
    for (u, v), value in by_edge.items():
        assert ours[u, v] == pytest.approx(value, rel=1e-12)
