"""Contraction: what is left keeps its distances, and what was taken out gets them back."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from spatialreg._nearby import neighbouring
from spatialreg.errors import InputError
from spatialreg.transport._contracted import Contracted, _contracted
from spatialreg.transport._contracted._contraction import MOST, contract
from spatialreg.transport._contracted._neighbours import both_ways
from spatialreg.transport._searches import dense

from .graphs import arcs_of, searched, streets

INF = np.inf


def test_neighbours_in_either_direction_with_the_cheapest_costs():
    arcs = arcs_of([(0, 1, 5.0), (0, 1, 3.0), (2, 0, 7.0), (1, 0, 4.0), (1, 1, 1.0)], 4)
    indptr, other, out, back = both_ways(arcs.tail, arcs.head, arcs.cost, 4)
    found = {
        (v, int(other[e])): (out[e], back[e])
        for v in range(4)
        for e in range(indptr[v], indptr[v + 1])
    }
    assert found == {(0, 1): (3, 4), (0, 2): (INF, 7), (1, 0): (4, 3), (2, 0): (7, INF)}


def test_a_way_through_a_vertex_becomes_an_arc_unless_another_is_as_short():
    # 0 - 1 - 2 in a line, and 0 - 3 - 2 as long there, and shorter back
    links = [(0, 1, 2.0), (1, 2, 2.0), (0, 3, 1.0), (3, 2, 3.0)]
    links += [(2, 1, 5.0), (1, 0, 5.0), (2, 3, 1.0), (3, 0, 1.0)]
    order, lists = contract(*both_ways(*arrays(arcs_of(links, 4)), 4))
    assert len(order) == 4
    first = order[0]
    assert lists.length[first] == 2
    # whatever goes first, what its neighbours keep is the lesser of both ways between them
    graph = Contracted(arcs_of(links, 4))
    every = np.arange(4)
    assert_array_equal(graph.times(every, every), searched(arcs_of(links, 4), every, every))


def arrays(arcs):
    return arcs.tail, arcs.head, arcs.cost


def test_what_is_left_keeps_its_distances():
    arcs = streets(30, links=400)
    order, _ = contract(*both_ways(*arrays(arcs), arcs.vertices))
    core = np.setdiff1d(np.arange(arcs.vertices), order)
    core = core[neighbouring(arcs.x[core], arcs.y[core])]
    graph = Contracted(arcs)
    assert graph.core.vertices == len(core)
    assert 0 < len(core) < 0.7 * arcs.vertices
    every = np.arange(len(core))
    assert_allclose(dense(graph.core, every, every), searched(arcs, core, core), rtol=1e-12)
    assert_array_equal(graph.core.x, arcs.x[core])


def test_a_tree_is_taken_out_whole():
    rng = np.random.default_rng(1)
    child = np.arange(1, 300)
    links = [(int(rng.integers(0, c)), int(c), 1.0 + c % 7) for c in child]
    links += [(b, a, cost + 1) for a, b, cost in links[::2]]
    arcs = arcs_of(links, 300)
    graph = Contracted(arcs)
    assert graph.core.vertices == 0
    every = np.arange(300)
    assert_array_equal(graph.times(every, every), searched(arcs, every, every))


def test_a_vertex_with_many_neighbours_stays_until_few_are_left():
    star = arcs_of([(0, i, float(i)) for i in range(1, 50)], 50)
    order, lists = contract(*both_ways(*arrays(star), 50))
    assert order[-1] == 0 or 0 in order[-MOST:]
    assert lists.length[0] <= MOST
    every = np.arange(50)
    assert_array_equal(Contracted(star).times(every, every), searched(star, every, every))


def test_each_side_may_be_the_smaller_and_cutoffs_leave_the_rest():
    arcs = streets(25, links=200, seed=4)
    few, many = np.array([3, 3, 610, 77]), np.arange(0, 625, 4)
    graph = Contracted(arcs)
    for sources, targets in ((few, many), (many, few)):
        whole = searched(arcs, sources, targets)
        assert_allclose(graph.times(sources, targets), whole, rtol=1e-12)
        cutoff = float(np.median(whole[np.isfinite(whole)]))
        cut = graph.times(sources, targets, cutoff=cutoff)
        assert_allclose(cut, np.where(whole > cutoff, INF, whole), rtol=1e-12)


@pytest.mark.parametrize("numbers", [2**25, 10_000, 1])
def test_more_sources_than_are_handed_down_at_once(monkeypatch, numbers):
    monkeypatch.setattr(_contracted, "_NUMBERS", numbers)
    arcs = streets(25, links=300, seed=5)
    sources, targets = np.arange(600), np.arange(601)
    assert_allclose(
        Contracted(arcs).times(sources, targets), searched(arcs, sources, targets), rtol=1e-12
    )


def test_nothing_is_asked_or_there_is_nothing():
    arcs = arcs_of([], 3)
    graph = Contracted(arcs)
    none, every = np.array([], dtype=int), np.arange(3)
    assert graph.times(none, every).shape == (0, 3)
    assert graph.times(every, none).shape == (3, 0)
    assert_array_equal(graph.times(every, every), np.where(np.eye(3) > 0, 0, INF))
    with pytest.raises(InputError, match="vertices go from 0 to 2"):
        graph.times(np.array([3]), every)
