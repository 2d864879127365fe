"""Travel times by elimination: by hand, beside scipy and networkx, each loop beside a twin."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from scipy.sparse import csgraph

from spatialreg.errors import InputError
from spatialreg.transport._arcs import Arcs
from spatialreg.transport._many_to_many import Dissected
from spatialreg.transport._many_to_many._cuts import best_cut, partition
from spatialreg.transport._many_to_many._dissection import LEAF, dissect
from spatialreg.transport._many_to_many._elimination import eliminate_front
from spatialreg.transport._many_to_many._hops import components, hop_coordinates
from spatialreg.transport._many_to_many._query import fall, rise
from spatialreg.transport._many_to_many._ranked import by_lower_rank
from spatialreg.transport._many_to_many._subtrees import most_stacked, share_out
from spatialreg.transport._many_to_many._symbolic import lay_out
from spatialreg.transport._many_to_many._symmetric import neighbours, renumbered
from spatialreg.transport._many_to_many._tiles import longest, relax, settle

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


# --- slow twins: the graph and its cuts ----------------------------------------------------------


def matrix_of(indptr, indices):
    n = len(indptr) - 1
    return sparse.csr_array((np.ones(len(indices)), indices, indptr), shape=(n, n)).toarray()


def test_neighbours_are_those_of_either_direction():
    arcs = streets(9, links=30)
    twin = np.zeros((81, 81))
    for u, v in zip(arcs.tail, arcs.head, strict=True):
        if u != v:
            twin[u, v] = twin[v, u] = 1
    indptr, indices = neighbours(arcs.tail, arcs.head, 81)
    assert_array_equal(matrix_of(indptr, indices), twin)
    order = np.random.default_rng(0).permutation(81).astype(np.int32)
    assert_array_equal(matrix_of(*renumbered(indptr, indices, order)), twin[np.ix_(order, order)])


def test_components_and_hops_as_scipy_finds_them():
    arcs = streets(20, deleted=0.4)
    indptr, indices = neighbours(arcs.tail, arcs.head, 400)
    order, starts = components(indptr, indices)
    assert_array_equal(np.sort(order), np.arange(400))
    count, label = csgraph.connected_components(matrix_of(indptr, indices))
    assert len(starts) == count + 1
    for start, stop in itertools.pairwise(starts):
        assert len(set(label[order[start:stop]])) == 1
    graph = renumbered(indptr, indices, order)
    hops = csgraph.shortest_path(matrix_of(*graph), unweighted=True)
    out = np.full((400, 4), -7, dtype=np.float32)
    hop_coordinates(*graph, starts, 16, out)
    assert (out[:, 2:] == -7).all()
    for start, stop in itertools.pairwise(starts):
        if stop - start <= 16:
            assert (out[start:stop] == -7).all()
            continue
        inside = hops[start:stop, start:stop]
        differences = inside[:, :, None] - inside[:, None, :]
        for axis in (0, 1):  # each is the difference from some two vertices
            same = (differences == out[start:stop, axis, None, None]).all(axis=0)
            assert same.any()
        # the ends of the first axis are far apart: at least half of the longest way there is
        assert np.ptp(out[start:stop, 0]) >= inside.max()


@pytest.mark.parametrize("seed", range(5))
def test_the_best_cut_is_the_best_of_all_cuts(seed):
    """Twin: each direction, each cut between two bins, both separators counted one by one."""
    arcs = streets(10, seed=seed)
    indptr, indices = neighbours(arcs.tail, arcs.head, 100)
    joined = matrix_of(indptr, indices) > 0
    coordinates = np.zeros((100, 4), dtype=np.float32)
    coordinates[:, 2], coordinates[:, 3] = arcs.x, arcs.y
    order = np.arange(100, dtype=np.int32)
    inside = slice(7, 93)  # a part: the others are no vertices of it
    part = np.full(100, -1, dtype=np.int32)
    part[inside] = 7
    bins, tallies = np.zeros(100, dtype=np.int16), np.empty((3, 514), dtype=np.int32)
    cut, left = best_cut(
        order, 7, 93, indptr, indices, coordinates, part, bins, tallies
    )  # fmt: skip

    def separator(side, other):
        members, others = np.flatnonzero(side), np.flatnonzero(other)
        return [v for v in members if joined[v, others].any()]

    def scored(before, size):
        within = np.zeros(100, dtype=bool)
        within[inside] = True
        on_left = np.zeros(100, dtype=bool)
        on_left[inside] = before
        smaller = min(before.sum(), size - before.sum())
        if smaller < 0.3 * size:
            return INF
        sides = (on_left, within & ~on_left)
        least = min(len(separator(*sides)), len(separator(*sides[::-1])))
        return (least + 0.5) * (1 + 2 * (0.5 - smaller / size) ** 2)

    best = INF
    for values in (arcs.x[inside], arcs.y[inside]):
        values = values.astype(np.float32)
        place = (values - values.min()) * np.float32(42.99 / np.ptp(values))
        for low in range(1, 43):
            best = min(best, scored(place.astype(int) < low, 86))
    assert scored(bins[inside] < cut, 86) == pytest.approx(best)

    on_left = bins < cut
    spare = np.empty(100, dtype=np.int32)
    right, middle = partition(order, 7, 93, indptr, indices, part, bins, cut, left, spare)
    assert_array_equal(np.sort(order[inside]), np.arange(7, 93))
    sides = on_left, ~on_left
    mask = np.zeros(100, dtype=bool)
    mask[inside] = True
    sides = [side & mask for side in (sides if left else sides[::-1])]
    assert set(order[middle:93]) == set(separator(*sides))
    assert not joined[np.ix_(order[7:right], order[right:middle])].any()
    assert (part[order[7:right]] == 7).all()
    assert (part[order[right:middle]] == right).all()
    assert (part[order[middle:93]] == -1).all()


# --- slow twins: the tree and its fronts ---------------------------------------------------------


@pytest.fixture(params=[{}, {"deleted": 0.45}, {"links": 30}, {"side": 75}], ids=str)
def cut(request):
    options = {"side": 30, **request.param}
    arcs = streets(**options)
    parts = dissect(arcs.tail, arcs.head, arcs.x, arcs.y, 2)
    return arcs, parts, lay_out(parts)


def test_separators_separate(cut):
    arcs, parts, _ = cut
    n = arcs.vertices
    assert_array_equal(np.sort(parts.order), np.arange(n))
    rank = np.argsort(parts.order)
    low = np.minimum(rank[arcs.tail], rank[arcs.head])
    high = np.maximum(rank[arcs.tail], rank[arcs.head])
    node = np.repeat(np.arange(len(parts.parent)), np.diff(parts.first))
    assert len(node) == n
    # whatever is joined lies in one node, or one of them encloses the other
    assert (low >= parts.first[parts.lowest_node[node[high]]]).all()
    # a node's part is itself and all nodes whose ancestor it is
    for t, parent in enumerate(parts.parent):
        assert parent == -1 or parent > t
        if parent >= 0:
            assert parts.lowest_node[parent] <= parts.lowest_node[t]
            assert parent == min(
                u for u in range(t + 1, len(parts.parent)) if parts.lowest_node[u] <= t
            )
    leaves = parts.lowest_node == np.arange(len(parts.parent))
    assert np.diff(parts.first)[leaves].max() <= LEAF


def test_boundaries_are_the_fill_in(cut):
    """Twin: eliminating vertex by vertex, which joins all later neighbours of each."""
    arcs, parts, fronts = cut
    n = arcs.vertices
    rank = np.argsort(parts.order)
    later = [set() for _ in range(n)]
    for u, v in zip(rank[arcs.tail], rank[arcs.head], strict=True):
        if u != v:
            later[min(u, v)].add(max(u, v))
    for vertex in range(n):
        if later[vertex]:
            after = min(later[vertex])
            later[after] |= later[vertex] - {after}
    for t in range(len(parts.parent)):
        own = range(parts.first[t], parts.first[t + 1])
        boundary = fronts.boundary[fronts.begin[t] : fronts.begin[t + 1]]
        touched = set().union(*(later[v] for v in own)) - set(own)
        assert touched <= set(boundary)
        # a separator may be in pieces, and then its front holds more than the fill-in; never more
        # than what the whole part touches
        part = set(range(parts.first[parts.lowest_node[t]], parts.first[t + 1]))
        beyond = set().union(*(later[v] for v in part)) - part
        assert boundary.tolist() == sorted(beyond)


def test_rows_in_the_parent(cut):
    _, parts, fronts = cut
    assert (fronts.separators % 4 == 0).all()
    assert (fronts.rows % 4 == 0).all()
    for t, parent in enumerate(parts.parent):
        mine = slice(fronts.begin[t], fronts.begin[t + 1])
        if parent < 0:
            assert mine.start == mine.stop
            assert (fronts.depth[t], fronts.above[t]) == (0, 0)
            continue
        own = np.arange(parts.first[parent], parts.first[parent + 1])
        around = fronts.boundary[fronts.begin[parent] : fronts.begin[parent + 1]]
        rows = {rank: row for row, rank in enumerate(own)}
        rows |= {rank: fronts.separators[parent] + row for row, rank in enumerate(around)}
        assert fronts.place[mine].tolist() == [rows[rank] for rank in fronts.boundary[mine]]
        assert fronts.depth[t] == fronts.depth[parent] + 1
        assert fronts.above[t] == fronts.above[parent] + fronts.separators[parent]
    for t in range(len(parts.parent)):
        child, found = fronts.last_child[t], []
        while child >= 0:
            found.append(child)
            child = fronts.sibling[child]
        assert found == np.flatnonzero(parts.parent == t)[::-1].tolist()


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_everything_is_eliminated_once_and_after_what_lies_below(cut, workers):
    _, parts, fronts = cut
    shares = share_out(parts, fronts, workers)
    done = np.concatenate([*shares.tasks, shares.rest]).astype(int)
    assert_array_equal(np.sort(done), np.arange(len(parts.parent)))
    place = np.argsort(done)
    inner = parts.parent >= 0
    assert (place[parts.parent[inner]] > place[np.flatnonzero(inner)]).all()
    task = np.full(len(parts.parent), -1)
    for number, nodes in enumerate(shares.tasks):
        task[nodes] = number
    # no task waits for another: what leaves a task is handed over
    crossing = inner & (task >= 0) & (task != np.where(inner, task[parts.parent], -1))
    assert (shares.handed_at[crossing] >= 0).all()
    within = inner & (shares.handed_at < 0)
    assert_array_equal(task[within], task[parts.parent[within]])
    if workers > 1 and fronts.work.sum() > 1e6:
        assert len(shares.tasks) > workers
    # twin of the stack: a list
    for nodes in (*shares.tasks, shares.rest):
        stack, most = {}, 0
        for node in nodes:
            for child in np.flatnonzero(parts.parent == node):
                stack.pop(child, None)
            if shares.handed_at[node] < 0:
                stack[node] = int(fronts.begin[node + 1] - fronts.begin[node]) ** 2
            most = max(most, sum(stack.values()))
        assert most_stacked(nodes, fronts, shares.handed_at) == most


def test_arcs_by_lower_rank():
    arcs = streets(8, links=20)
    rank = np.random.default_rng(0).permutation(64).astype(np.int32)
    grouped = by_lower_rank(arcs.tail, arcs.head, arcs.cost, rank)
    u, v = rank[arcs.tail], rank[arcs.head]
    for r in range(64):
        out = slice(grouped.leaving[r], grouped.leaving[r + 1])
        into = slice(grouped.arriving[r], grouped.arriving[r + 1])
        for found, mask, other in (
            ((grouped.to[out], grouped.to_cost[out]), (u == r) & (v > r), v),
            ((grouped.come[into], grouped.come_cost[into]), (v == r) & (u > r), u),
        ):
            expected = zip(other[mask], arcs.cost[mask], strict=True)
            assert sorted(zip(*found, strict=True)) == sorted(expected)


# --- slow twins: the numbers ---------------------------------------------------------------------

DTYPES = {"float64": INF, "int32": NO_WAY}


def numbers(rng, shape, dtype, share=0.2):
    """Give random whole numbers, some of them infinity."""
    values = rng.integers(0, 1000, shape).astype(dtype)
    values[rng.random(shape) < share] = DTYPES[dtype]
    return values


def added(a, b, infinity):
    """Add without overflow; infinity stays infinity."""
    return min(float(a) + float(b), float(infinity))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("start", "stop"), [(0, 37), (5, 6), (3, 3), (1, 33)])
def test_four_rows_from_four(dtype, start, stop):
    rng, infinity = np.random.default_rng(0), DTYPES[dtype]
    rows, weights = numbers(rng, (13, 37), dtype), numbers(rng, 40, dtype)
    twin = rows.copy()
    for a, b, i in itertools.product(range(4), range(4), range(start, stop)):
        way = added(rows[8 + b, i], weights[7 + 4 * a + b], infinity)
        twin[2 + a, i] = min(twin[2 + a, i], way)
    relax(rows, 2, 8, weights, 7, start, stop)
    assert_array_equal(rows, twin)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("at", "step"), [(2, 1), (6, -1)])
def test_four_rows_among_themselves(dtype, at, step):
    rng, infinity = np.random.default_rng(1), DTYPES[dtype]
    rows = numbers(rng, (9, 40), dtype)
    weights = {(b, a): numbers(rng, 1, dtype)[0] for b in range(4) for a in range(b)}
    twin = rows.copy()
    for b in range(4):
        for a in range(b):
            for i in range(3, 39):
                way = added(twin[at + a * step, i], weights[b, a], infinity)
                twin[at + b * step, i] = min(twin[at + b * step, i], way)
    settle(rows, at, step, *(weights[k] for k in sorted(weights)), 3, 39)
    assert_array_equal(rows, twin)


def test_the_longest_that_is_finite():
    rows = np.array([[1, NO_WAY, 5], [NO_WAY, NO_WAY, 9], [3, 70, 80]], dtype=np.int32)
    assert longest(rows, 2, 0, 3, NO_WAY) == 9
    assert longest(rows, 2, 0, 2, NO_WAY) == 1
    assert longest(rows, 1, 1, 2, NO_WAY) == 0


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("separator", "rows"), [(4, 4), (4, 12), (16, 16), (72, 96), (132, 140)])
def test_a_front_as_floyd_and_warshall_would(dtype, separator, rows):
    """Twin: one vertex after the other, for all pairs of later ones (Floyd 1962)."""
    infinity = DTYPES[dtype]
    front = numbers(np.random.default_rng(2), (rows, rows), dtype, share=0.8)
    np.fill_diagonal(front, 0)
    twin = front.astype(float)
    for k in range(separator):
        through = np.minimum(twin[:, k, None] + twin[None, k, :], infinity)
        later = np.arange(rows) > k
        both = later[:, None] & later[None, :]
        twin = np.where(both, np.minimum(twin, through), twin)
    eliminate_front(front, separator, np.empty(16, dtype))
    assert_array_equal(front, twin.astype(dtype))


def tiles_of(front, separator, up):
    """Twin of how shortcuts are kept: of four vertices and four, to row a from row b."""
    tiles = []
    for k in range(0, separator, 4):
        for i in range(k, len(front), 4):
            low, high = range(k, k + 4), range(i, i + 4)
            to, of = (high, low) if up else (low, high)
            tiles.extend(front[b, a] for a in to for b in of)
    return np.array(tiles, dtype=front.dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("up", [True, False])
def test_up_and_down_a_front(dtype, up):
    """Twin: one arc after the other, in the order in which vertices become final."""
    separator, size, infinity = 12, 24, DTYPES[dtype]
    rng = np.random.default_rng(3)
    front = numbers(rng, (size, size), dtype)
    rows = numbers(rng, (size, 20), dtype)
    twin = rows.copy()
    low_first = range(separator) if up else range(separator - 1, -1, -1)
    for k in low_first:
        for other in range(k + 1, size):
            of, to = (k, other) if up else (other, k)
            for lane in range(2, 19):
                way = added(twin[of, lane], front[of, to], infinity)
                twin[to, lane] = min(twin[to, lane], way)
    tiles = np.append(np.zeros(3, dtype), tiles_of(front, separator, up))
    (rise if up else fall)(rows, separator, tiles, 3, 2, 19)
    assert_array_equal(rows, twin)
