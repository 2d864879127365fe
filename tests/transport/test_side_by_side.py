"""Searches side by side give the costs of single ones, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.sparse.csgraph import dijkstra

from spatialreg.transport._searches import _many as many
from spatialreg.transport._searches import dense
from spatialreg.transport._searches._queues import graph_of
from spatialreg.transport._searches._side_by_side import LANES, new_lanes, search_side_by_side

from .graphs import streets


@pytest.mark.parametrize("links", [0, 900])
def test_a_batch_equals_scipy_and_leaves_the_queue_empty(links):
    arcs = streets(40, links=links)
    graph, targets = graph_of(arcs), np.arange(arcs.vertices)
    lanes = new_lanes(graph)
    expected = dijkstra(arcs.matrix())
    for sources in (np.arange(700, 700 + LANES), np.array([5]), np.array([9, 9, 800])):
        assert search_side_by_side(graph, sources, lanes, targets)
        assert_array_equal(lanes.cost[:, : len(sources)].T, expected[sources])
        assert np.isinf(lanes.cost[:, len(sources) :]).all()
        assert (lanes.place == -1).all()
        assert (lanes.first == -1).all()


def test_a_row_is_a_line_of_the_cache():
    lanes = new_lanes(graph_of(streets(7)))
    assert lanes.cost.ctypes.data % 64 == 0
    assert lanes.cost.flags.c_contiguous
    assert lanes.cost.itemsize * LANES == 64


def test_a_batch_ends_once_its_targets_are_settled():
    arcs = streets(60, deleted=0.0, oneway=0.0)
    graph, near = graph_of(arcs), np.array([61, 125])
    lanes = new_lanes(graph)
    assert search_side_by_side(graph, np.array([0, 1, 60]), lanes, near)
    expected = dijkstra(arcs.matrix(), indices=[0, 1, 60])
    assert_array_equal(lanes.cost[near, :3].T, expected[:, near])
    # the other end of the city has not been reached
    assert np.isinf(lanes.cost[-1, 0])
    assert (lanes.place == -1).all()
    assert (lanes.first == -1).all()


def test_sources_far_from_each_other_are_searched_one_by_one():
    # in a long street every vertex has another source nearest: scanned once for each
    n = 4000
    tail, head = np.arange(n - 1, dtype=np.int32), np.arange(1, n, dtype=np.int32)
    ends = np.concatenate([tail, head]), np.concatenate([head, tail])
    arcs = many.Arcs(n, *ends, np.ones(2 * (n - 1)), np.zeros(n), np.zeros(n))
    graph, targets = graph_of(arcs), np.arange(n)
    lanes = new_lanes(graph)
    sources = np.linspace(0, n - 1, LANES).astype(int)
    assert not search_side_by_side(graph, sources, lanes, targets)
    assert (lanes.place == -1).all()
    assert (lanes.first == -1).all()
    spread = np.linspace(0, n - 1, 100).astype(int)
    assert_array_equal(dense(arcs, spread, targets), np.abs(spread[:, None] - targets))


@pytest.mark.parametrize("spread", [1.0, 9.0])
def test_many_searches_equal_scipy_from_either_side(spread):
    rng = np.random.default_rng(2)
    base = streets(30, links=300)
    cost = np.exp(rng.normal(0, spread, len(base.cost)))
    arcs = many.Arcs(base.vertices, base.tail, base.head, cost, base.x, base.y)
    sources, targets = rng.permutation(900)[:150], rng.permutation(900)[:200]
    assert_array_equal(dense(arcs, sources, targets), dijkstra(arcs.matrix())[sources][:, targets])
    turned = dijkstra(arcs.reversed().matrix())[sources][:, targets].T
    assert_array_equal(dense(arcs, targets, sources), turned)
