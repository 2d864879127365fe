"""Searches on graphs small enough to follow by hand, and on one large enough for both queues."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from spatialreg.errors import InputError
from spatialreg.transport import _searches
from spatialreg.transport._arcs import Arcs
from spatialreg.transport._searches import (
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

from .graphs import arcs_of, grid

INF = np.inf


@pytest.fixture
def ring() -> Arcs:
    """Make a one-way ring 0 -> 1 -> 2 -> 3 -> 0 of costs 1, 2, 4, 8, and a vertex 4 by itself."""
    return arcs_of([(0, 1, 1), (1, 2, 2), (2, 3, 4), (3, 0, 8)], 5)


def test_nearest_goes_to_the_facility_or_from_it(ring):
    to = nearest(ring, np.array([2, 0]))
    np.testing.assert_array_equal(to.cost, [0, 2, 0, 8, INF])
    np.testing.assert_array_equal(to.facility, [1, 0, 0, 1, -1])
    np.testing.assert_array_equal(to.parent, [-1, 2, -1, 0, -1])
    away = nearest(ring, np.array([2, 0]), direction="from")
    np.testing.assert_array_equal(away.cost, [0, 1, 0, 4, INF])
    np.testing.assert_array_equal(away.facility, [1, 1, 0, 0, -1])
    np.testing.assert_array_equal(away.parent, [-1, 0, -1, 2, -1])


def test_the_cut_off_is_included(ring):
    found = nearest(ring, np.array([0]), cutoff=3, direction="from")
    np.testing.assert_array_equal(found.cost, [0, 1, 3, INF, INF])
    np.testing.assert_array_equal(found.facility, [0, 0, 0, -1, -1])
    np.testing.assert_array_equal(nearest(ring, np.array([0]), cutoff=0).cost[[0, 3]], [0, INF])


def test_of_facilities_equally_near_the_first_given_wins():
    street = arcs_of([(0, 1, 5), (2, 1, 5)], 3)
    for order in ([0, 2], [2, 0]):
        assert nearest(street, np.array(order), direction="from").facility[1] == 0
    # and across an arc without cost, which is followed after both are found
    free = arcs_of([(0, 1, 5), (2, 3, 5), (3, 1, 0), (1, 3, 0)], 4)
    found = nearest(free, np.array([2, 0]), direction="from")
    np.testing.assert_array_equal(found.facility, [1, 0, 0, 0])
    assert found.parent[1] == 3
    twice = nearest(street, np.array([0, 0]), direction="from")
    np.testing.assert_array_equal(twice.facility, [0, 0, -1])


def test_without_facilities_or_arcs_nothing_is_reached(ring):
    none = np.array([], dtype=int)
    assert np.isinf(nearest(ring, none).cost).all()
    assert np.isinf(k_nearest(ring, none, 2)[0]).all()
    assert len(within(ring, none, 5).vertex) == 0
    assert dense(ring, none, np.array([1])).shape == (0, 1)
    assert dense(ring, np.array([1]), none).shape == (1, 0)
    bare = Arcs(2, *np.zeros((2, 0), dtype=np.int32), np.zeros(0), np.zeros(2), np.zeros(2))
    np.testing.assert_array_equal(nearest(bare, np.array([1])).cost, [INF, 0])
    np.testing.assert_array_equal(k_nearest(bare, np.array([1]), 1)[1], [[-1], [0]])


def test_arguments_that_make_no_sense_raise(ring):
    with pytest.raises(InputError, match=r"facilities has 2 values .*: -1, 5, at positions 0, 2"):
        nearest(ring, np.array([-1, 0, 5]))
    with pytest.raises(InputError, match="one-dimensional array of whole numbers"):
        within(ring, np.array([0.5]), 3)
    with pytest.raises(InputError, match="cutoff must be zero or more"):
        within(ring, np.array([0]), float("nan"))
    with pytest.raises(InputError, match="direction must be one of 'to', 'from'"):
        nearest(ring, np.array([0]), direction="both")
    with pytest.raises(InputError, match="k must be at least 1"):
        k_nearest(ring, np.array([0]), 0)
    with pytest.raises(InputError, match="one value for each of the 4 arcs"):
        nearest(ring, np.array([0]), second=np.ones(3))
    with pytest.raises(InputError, match="1 values that are negative, missing or infinite, at"):
        nearest(ring, np.array([0]), second=np.array([1, 1, -1, 1]))


def test_k_nearest_lists_facilities_by_cost_and_then_as_given(ring):
    cost, facility = k_nearest(ring, np.array([1, 3, 1]), 3, direction="from")
    np.testing.assert_array_equal(
        cost, [[8, 14, 14], [0, 0, 9], [2, 2, 11], [0, 6, 6], [INF, INF, INF]]
    )
    np.testing.assert_array_equal(
        facility, [[1, 0, 2], [0, 2, 1], [0, 2, 1], [1, 0, 2], [-1, -1, -1]]
    )


def test_k_nearest_takes_late_ties_over_arcs_without_cost():
    free = arcs_of([(0, 1, 5), (2, 3, 5), (3, 1, 0), (1, 3, 0)], 4)
    cost, facility = k_nearest(free, np.array([2, 0]), 1, direction="from")
    np.testing.assert_array_equal(facility[:, 0], [1, 0, 0, 0])
    np.testing.assert_array_equal(cost[:, 0], [0, 5, 0, 5])


def test_within_gives_each_source_what_it_reaches(ring):
    found = within(ring, np.array([3, 4, 3]), 9)
    np.testing.assert_array_equal(found.indptr, [0, 3, 4, 7])
    np.testing.assert_array_equal(found.vertex, [3, 0, 1, 4, 3, 0, 1])
    np.testing.assert_array_equal(found.cost, [0, 8, 9, 0, 0, 8, 9])


def test_dense_is_the_same_from_either_side(ring):
    every = np.array([0, 1, 2, 3, 4])
    full = dense(ring, every, every)
    np.testing.assert_array_equal(full[0], [0, 1, 3, 7, INF])
    np.testing.assert_array_equal(dense(ring, every, np.array([3, 3])), full[:, [3, 3]])
    np.testing.assert_array_equal(
        dense(ring, np.array([3]), every, cutoff=9)[0], [8, 9, INF, 0, INF]
    )


def test_the_second_value_is_the_least_of_equal_paths():
    #      1            minutes 2 + 2 either way, metres 70 by vertex 1 and 50 by vertex 2;
    #   0     3 -> 4    two arcs from 3 to 4 of the same minutes, the second of which is shorter,
    #      2            and a shorter one that takes longer
    graph = arcs_of(
        [(0, 1, 2), (1, 3, 2), (0, 2, 2), (2, 3, 2), (3, 4, 1), (3, 4, 1), (3, 4, 2)], 5
    )
    metres = np.array([30, 40, 20, 30, 9, 8, 1.0])
    cost, along = dense_along(graph, np.array([0]), np.array([3, 4]), metres)
    np.testing.assert_array_equal(cost, [[4, 5]])
    np.testing.assert_array_equal(along, [[50, 58]])
    back_cost, back = dense_along(graph, np.array([0, 1, 2]), np.array([4]), metres)
    np.testing.assert_array_equal(back_cost[:, 0], [5, 3, 3])
    np.testing.assert_array_equal(back[:, 0], [58, 48, 38])
    found = nearest(graph, np.array([4]), second=metres)
    np.testing.assert_array_equal(found.second, [58, 48, 38, 8, 0])
    np.testing.assert_array_equal(shortest_path(graph, 0, 4, second=metres), [2, 3, 5])
    np.testing.assert_array_equal(shortest_path(graph, 0, 4), [0, 1, 4])


def test_paths_are_arcs_in_the_order_of_travel(ring):
    np.testing.assert_array_equal(shortest_path(ring, 2, 1), [2, 3, 0])
    assert len(shortest_path(ring, 2, 2)) == 0
    assert shortest_path(ring, 2, 4) is None
    for direction, path in (("to", [2, 3]), ("from", [0, 1])):
        found = nearest(ring, np.array([0]), direction=direction)
        of_tree = tree_arcs(ring, found.parent, direction=direction)
        indptr, arc = paths_from_tree(
            found.parent, of_tree, np.array([4, 2, 0]), direction=direction
        )
        np.testing.assert_array_equal(indptr, [0, 0, 2, 2])
        np.testing.assert_array_equal(arc, path)


@pytest.mark.parametrize("spread", [0.5, 4.0, 9.0])
def test_both_queues_agree_with_scipy_whatever_the_costs(spread):
    # beyond a spread of about three the longest arc would need too many buckets
    arcs = grid(60, np.random.default_rng(3), spread)
    assert (new_room(graph_of(arcs), INF).scale[0] > 0) == (spread < 1)
    sources = np.array([0, 1777, 3599])
    expected = dijkstra(arcs.matrix(), indices=sources)
    np.testing.assert_array_equal(dense(arcs, sources, np.arange(3600)), expected)
    np.testing.assert_array_equal(
        nearest(arcs, sources, direction="from").cost, expected.min(axis=0)
    )


def test_costs_at_the_ends_of_floating_point_are_still_summed():
    arcs = arcs_of([(0, 1, 5e-324), (1, 2, 5e-324), (0, 2, 1.5e-323)], 3)
    np.testing.assert_array_equal(dense(arcs, np.array([0]), np.arange(3))[0], [0, 5e-324, 1e-323])
    arcs = arcs_of([(0, 1, 1.5e308), (1, 2, 1.0), (0, 2, 1.6e308)], 3)
    np.testing.assert_array_equal(
        dense(arcs, np.array([0]), np.arange(3))[0], [0, 1.5e308, 1.5e308]
    )


def test_buckets_hand_over_where_too_many_vertices_would_be_scanned_again():
    # along a chain of short arcs every way in is better than those farther on, and found later
    chain = [(i, i + 1, 1e-7) for i in range(999)]
    ways_in = [(1000, i, 1 + 1e-5 * i) for i in range(1000)]
    leaves = [(1000, 1001 + i, 2.0) for i in range(1000)]
    arcs = arcs_of([*chain, *ways_in, *leaves], 2001)
    room = new_room(graph_of(arcs), INF)
    assert room.scale[0] > 0
    search(graph_of(arcs), np.array([1000], dtype=np.int32), INF, room, np.zeros(0, np.uint8), -1)
    assert room.scale[0] == 0
    np.testing.assert_array_equal(room.cost, dijkstra(arcs.matrix(), indices=1000))


def test_any_number_of_threads_gives_the_same(monkeypatch):
    arcs = grid(30, np.random.default_rng(1))
    sources = np.arange(0, 900, 17)
    metres = np.random.default_rng(2).random(len(arcs.cost))

    def answers():
        reached = within(arcs, sources, 4.0)
        return (
            reached.indptr, reached.vertex, reached.cost,
            *dense_along(arcs, sources, np.arange(0, 900, 3), metres),
        )  # fmt: skip

    alone = []
    for workers in (1, 3):
        monkeypatch.setattr(_searches._many, "processors", lambda workers=workers: workers)
        alone.append(answers())
    for one, three in zip(*alone, strict=True):
        np.testing.assert_array_equal(one, three)
