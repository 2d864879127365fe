"""Elimination on a graph, each of its loops beside a slow twin: cuts, fronts, numbers.

The matrices that come of it are in test_many_to_many.py.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy import sparse
from scipy.sparse import csgraph

from spatialreg.transport._many_to_many._cuts import best_cut, partition
from spatialreg.transport._many_to_many._dissection import LEAF
from spatialreg.transport._many_to_many._elimination import eliminate_front
from spatialreg.transport._many_to_many._hops import components, hop_coordinates
from spatialreg.transport._many_to_many._query import fall, rise
from spatialreg.transport._many_to_many._ranked import by_lower_rank
from spatialreg.transport._many_to_many._subtrees import most_stacked, share_out
from spatialreg.transport._many_to_many._symmetric import neighbours, renumbered
from spatialreg.transport._many_to_many._tiles import longest, relax, settle

from .graphs import streets

INF = np.inf
NO_WAY = 2**30 - 1


# --- the graph and its cuts ----------------------------------------------------------------------


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


# --- the tree and its fronts ---------------------------------------------------------------------


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


# --- the numbers ---------------------------------------------------------------------------------

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
