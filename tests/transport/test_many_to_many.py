"""Matrices of travel times by elimination: by hand, and beside scipy and networkx.

The loops of the elimination stand beside their twins in test_elimination.py.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from spatialreg.errors import InputError
from spatialreg.transport._arcs import Arcs
from spatialreg.transport._many_to_many import Dissected

from .graphs import arcs_of, eliminated, searched, streets

INF = np.inf
NO_WAY = 2**30 - 1
EXACT = {"rtol": 1e-12, "atol": 1e-12}  # the same costs, added up in another order


# --- by hand -------------------------------------------------------------------------------------


def test_a_ring_road_with_a_spur():
    """0 -> 1 -> 2 -> 3 -> 0 one way round (1, 2, 3, 4), and a spur 2 - 4 (10) both ways."""
    links = [(0, 1, 1), (1, 2, 2), (2, 3, 3), (3, 0, 4), (2, 4, 10), (4, 2, 10)]
    arcs = arcs_of(links, 6)
    expected = [
        [0, 1, 3, 6, 13, INF],
        [9, 0, 2, 5, 12, INF],
        [7, 8, 0, 3, 10, INF],
        [4, 5, 7, 0, 17, INF],
        [17, 18, 10, 13, 0, INF],
        [INF, INF, INF, INF, INF, 0],
    ]
    everyone = np.arange(6)
    assert_array_equal(eliminated(arcs, everyone, everyone), expected)
    assert_array_equal(eliminated(arcs, [4, 0], [3]), [[13], [6]])
    assert_array_equal(eliminated(arcs, [5, 3], [3, 5, 1]), [[INF, 0, INF], [0, INF, 5]])


def test_the_cheapest_of_parallel_arcs_counts_and_a_loop_does_not():
    arcs = arcs_of([(0, 1, 5), (0, 1, 3), (0, 1, 4), (0, 0, 1), (1, 1, 0)], 2)
    assert_array_equal(eliminated(arcs, [0, 1], [0, 1]), [[0, 3], [INF, 0]])


def test_costs_of_zero_are_ways():
    arcs = arcs_of([(0, 1, 0), (1, 2, 0), (2, 0, 7)], 3)
    assert_array_equal(eliminated(arcs, [0, 1, 2], [0, 1, 2]), [[0, 0, 0], [7, 0, 0], [7, 7, 0]])


def test_one_vertex_no_arcs_nobody_asked_nobody_there():
    one = arcs_of([], 1)
    assert_array_equal(eliminated(one, [0, 0], [0]), [[0], [0]])
    three = arcs_of([], 3)
    assert_array_equal(eliminated(three, [2, 0], [0, 1]), [[INF, INF], [0, INF]])
    for sources, targets in (([], [0, 1]), ([0, 1, 2], []), ([], [])):
        times = eliminated(three, sources, targets)
        assert times.shape == (len(sources), len(targets))
        assert times.dtype == float
    assert eliminated(arcs_of([], 0), [], []).shape == (0, 0)


def test_a_cutoff_keeps_what_is_just_as_far():
    arcs = arcs_of([(0, 1, 2), (1, 2, 2), (2, 3, 2)], 4)
    times = eliminated(arcs, [0], [0, 1, 2, 3], cutoff=4)
    assert_array_equal(times, [[0, 2, 4, INF]])


# --- beside scipy and networkx -------------------------------------------------------------------

GRAPHS = {
    "streets": {},
    "islands": {"deleted": 0.45},
    "one way": {"oneway": 1.0, "deleted": 0.02},
    "random links": {"links": 40},
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_as_scipy_says(name, workers):
    arcs = streets(40, **GRAPHS[name])
    rng = np.random.default_rng(1)
    sources, targets = rng.integers(0, 1600, 70), rng.integers(0, 1600, 300)
    for s, t in ((sources, targets), (targets, sources), (sources, sources)):
        expected = searched(arcs, s, t)
        times = eliminated(arcs, s, t, workers=workers)
        assert_allclose(times, expected, **EXACT)
        assert times.flags.c_contiguous
    if name == "islands":
        assert np.isinf(expected).any()
        assert np.isfinite(expected).sum() > 500


def test_threads_change_no_digit():
    arcs = streets(60, seed=5)
    some = np.arange(0, 3600, 17)
    alone = eliminated(arcs, some, some, workers=1)
    for workers in (2, 7):
        assert_array_equal(eliminated(arcs, some, some, workers=workers), alone)


def test_as_networkx_says():
    arcs = streets(12, seed=3)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(144))
    graph.add_weighted_edges_from(zip(arcs.tail, arcs.head, arcs.cost, strict=True))
    expected = np.full((144, 144), INF)
    for source, lengths in nx.all_pairs_dijkstra_path_length(graph):
        expected[source, list(lengths)] = list(lengths.values())
    everyone = np.arange(144)
    assert_allclose(eliminated(arcs, everyone, everyone), expected, **EXACT)


@pytest.mark.parametrize("positions", ["none", "noise", "missing", "far"])
def test_positions_change_nothing(positions):
    arcs = streets(30)
    rng = np.random.default_rng(2)
    x = {
        "none": np.zeros(900),
        "noise": rng.normal(size=900),
        "missing": np.where(rng.random(900) < 0.2, np.nan, arcs.x),
        "far": arcs.x * 1e-3 + 3e7,
    }[positions]
    moved = Arcs(900, arcs.tail, arcs.head, arcs.cost, x, x[::-1].copy())
    some = rng.integers(0, 900, 90)
    assert_allclose(eliminated(moved, some, some), searched(arcs, some, some), **EXACT)


def shapes():
    """Graphs that nobody would call a road network."""
    star = [(0, i, i) for i in range(1, 200)] + [(i, 0, 1) for i in range(1, 200)]
    line = [(i, i + 1, 1) for i in range(299)]
    rng = np.random.default_rng(0)
    clique = [(i, j, rng.integers(1, 50)) for i in range(60) for j in range(60)]
    tangle = [(*rng.integers(0, 150, 2), rng.integers(0, 9)) for _ in range(600)]
    return {
        "star": (star, 200),
        "line": (line, 300),
        "clique": (clique, 60),
        "tangle": (tangle, 150),
    }


@pytest.mark.parametrize("name", ["star", "line", "clique", "tangle"])
def test_any_graph_is_borne(name):
    links, vertices = shapes()[name]
    arcs = arcs_of(links, vertices)
    everyone = np.arange(vertices)
    # whole costs add up exactly
    assert_array_equal(eliminated(arcs, everyone, everyone), searched(arcs, everyone, everyone))


def test_a_cutoff_takes_away_and_changes_nothing_else():
    arcs = streets(40)
    some = np.arange(0, 1600, 11)
    whole = eliminated(arcs, some, some)
    for cutoff in (0, 1, 5, 100):
        expected = np.where(whole > cutoff, INF, whole)
        assert_array_equal(eliminated(arcs, some, some, cutoff=cutoff), expected)


def test_blocks_are_the_rows_of_the_matrix():
    arcs = streets(25)
    sources, targets = np.arange(0, 600, 3), np.arange(5, 600, 40)
    for s, t in ((sources, targets), (targets, sources)):
        whole = eliminated(arcs, s, t)
        blocks = list(Dissected(arcs).blocks(s, t, size=7))
        assert [rows.start for rows, _ in blocks] == list(range(0, len(s), 7))
        for rows, times in blocks:
            assert_allclose(times, whole[rows], **EXACT)


def test_other_costs_on_the_same_arcs():
    arcs = streets(25)
    graph = Dissected(arcs)
    some = np.arange(0, 625, 9)
    rng = np.random.default_rng(4)
    closed = np.where(rng.random(len(arcs.cost)) < 0.2, INF, arcs.cost * rng.uniform(1, 2))
    open_ = np.isfinite(closed)
    rest = Arcs(625, arcs.tail[open_], arcs.head[open_], closed[open_], arcs.x, arcs.y)
    assert_allclose(graph.times(some, some, cost=closed), searched(rest, some, some), **EXACT)
    assert_allclose(graph.times(some, some), searched(arcs, some, some), **EXACT)
    whole = graph.times(some, some, cost=closed, whole_milliseconds=True)
    assert_array_equal(np.isinf(whole), np.isinf(searched(rest, some, some)))


def test_inputs_stay_as_they_are_and_may_be_of_any_type():
    arcs = streets(15)
    arrays = (arcs.tail, arcs.head, arcs.cost, arcs.x, arcs.y)
    copies = [array.copy() for array in arrays]
    some = np.arange(0, 225, 5)
    expected = eliminated(arcs, some, some)
    for array in (*arrays, some):
        array.flags.writeable = False
    assert_array_equal(eliminated(arcs, some, some), expected)
    for array, copy in zip(arrays, copies, strict=True):
        assert_array_equal(array, copy)
    other = Arcs(225, arcs.tail.astype(np.int64), arcs.head.astype(np.int64), *arrays[2:])
    assert_array_equal(eliminated(other, some.astype(np.uint16), some.tolist()), expected)


# --- whole milliseconds --------------------------------------------------------------------------


def test_whole_milliseconds_are_exact():
    arcs = streets(30, whole=True)
    some = np.arange(0, 900, 7)
    in_ms = Arcs(900, arcs.tail, arcs.head, np.rint(arcs.cost * 60_000), arcs.x, arcs.y)
    expected = searched(in_ms, some, some)  # floats hold whole numbers exactly
    for s, t in ((some, some), (some[:20], some), (some, some[:20])):
        times = eliminated(arcs, s, t, whole_milliseconds=True)
        of = np.searchsorted(some, s)[:, None], np.searchsorted(some, t)[None, :]
        assert_array_equal(times, expected[of] / 60_000)


def test_costs_are_rounded_to_the_millisecond():
    arcs = arcs_of([(0, 1, 0.4 / 60_000), (1, 2, 0.6 / 60_000), (2, 3, 1 / 3)], 4)
    times = eliminated(arcs, [0], [1, 2, 3], whole_milliseconds=True)
    assert_allclose(times * 60_000, [[0, 1, 20_001]], rtol=1e-15)


@pytest.mark.parametrize("leg", [NO_WAY // 2 - 1, NO_WAY // 2 + 1, NO_WAY - 1, NO_WAY, 2 * NO_WAY])
def test_ways_that_32_bits_do_not_hold_are_added_up_as_floats(leg):
    """A line of 40 vertices: some legs are in a front, some in a climb, some in a descent."""
    arcs = arcs_of([(i, i + 1, leg / 60_000) for i in range(39)], 40)
    everyone = np.arange(40)
    times = eliminated(arcs, everyone, everyone, whole_milliseconds=True)
    steps = everyone[None, :] - everyone[:, None]
    assert_allclose(times, np.where(steps >= 0, steps * leg / 60_000, INF), rtol=1e-12)


def test_many_short_legs_that_32_bits_do_not_hold_together():
    """Each leg takes an hour: 400 of them are farther than 12.4 days."""
    arcs = arcs_of([(i, i + 1, 60) for i in range(400)], 401)
    times = eliminated(arcs, [0], [250, 299, 400], whole_milliseconds=True)
    assert_array_equal(times, [[250 * 60, 299 * 60, 400 * 60]])


def test_a_cutoff_within_32_bits_needs_no_floats():
    arcs = arcs_of([(i, i + 1, 60) for i in range(400)], 401)
    times = eliminated(arcs, [0], [100, 290, 400], whole_milliseconds=True, cutoff=290 * 60)
    assert_array_equal(times, [[100 * 60, 290 * 60, INF]])


# --- what is predicted ---------------------------------------------------------------------------


def test_the_work_is_that_of_all_fronts():
    """A line of 17 vertices is cut once: by one vertex, which both sides touch."""
    arcs = arcs_of([(i, i + 1, 1) for i in range(16)], 17)
    graph = Dissected(arcs)
    # fronts in fours: sides of 8 vertices (or 7 and 9) with 1 around them, the separator alone
    assert graph.work in {2 * 8 * 12**2 + 4 * 4**2, 8 * 12**2 + 12 * 16**2 + 4 * 4**2}
    assert graph.predicted(np.arange(2), np.arange(2))[0] > graph.work


def test_entries_are_those_above_targets(cut):
    """Twin: for each node above a target, four by four, on the diagonal and to the right of it."""
    arcs, parts, fronts = cut
    targets = [0, arcs.vertices // 2, 7]
    above = set()
    for rank in np.argsort(parts.order)[targets]:
        node = np.searchsorted(parts.first, rank, side="right") - 1
        while node >= 0:
            above.add(node)
            node = parts.parent[node]
    expected = sum(
        16
        for node in above
        for k in range(0, fronts.separators[node], 4)
        for _ in range(k, fronts.rows[node], 4)
    )
    assert Dissected(arcs).entries(targets) == expected


def test_messages():
    arcs = streets(5)
    with pytest.raises(InputError, match=r"sources must be vertices from 0 to 24, not 25, -1"):
        eliminated(arcs, [0, 25, -1], [0])
    with pytest.raises(InputError, match=r"targets must be a list of vertices .* float64"):
        eliminated(arcs, [0], [0.5])
    with pytest.raises(InputError, match="shape"):
        eliminated(arcs, [[0]], [0])
    for cost in (np.ones(3), -arcs.cost, np.where(arcs.cost > 1, np.nan, arcs.cost)):
        with pytest.raises(InputError, match="a number for each"):
            Dissected(arcs).times([0], [0], cost=cost)
