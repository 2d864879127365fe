"""Taking vertices with few neighbours out of a graph, one after the other.

Takes neighbours with the costs of both directions; gives the order in which vertices went and, for
each, the neighbours that it had then: those that go later, or stay. Ways through a vertex that goes
become arcs between its neighbours, unless another way of two arcs is as short. All costs of ways
between the vertices that are left stay what they were.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._compiled import compiled

MOST = 6  # neighbours of a vertex that goes: with more, the core's arcs grow faster than it shrinks
_ROOM = 3  # times the neighbours at first; what finds no room stays in the core


class Lists(NamedTuple):
    """The neighbours of each vertex, in lists that can grow: ``begin`` to ``begin + length``."""

    begin: np.ndarray
    length: np.ndarray  # of the list
    room: np.ndarray  # how many the list may hold before it moves
    other: np.ndarray  # the neighbour
    out: np.ndarray  # cost to it, infinite where no arc leads there
    back: np.ndarray  # cost from it
    used: np.ndarray  # how much of these arrays is taken, one number


@compiled
def contract(
    indptr: np.ndarray, other: np.ndarray, out: np.ndarray, back: np.ndarray
) -> tuple[np.ndarray, Lists]:
    """Take out every vertex that can go, those with fewest neighbours first.

    Of vertices that are neighbours one goes in each sweep, so that no long chains arise in which
    each hangs on the next.

    Parameters
    ----------
    indptr, other : ndarray
        Neighbours of either direction: of `v` from ``indptr[v]`` to ``indptr[v + 1]``.
    out, back : ndarray of float64
        Costs to and from them.

    Returns
    -------
    order : ndarray of int32
        The vertices that went.
    lists : Lists
        The neighbours of each when it went, or at the end.
    """
    n = len(indptr) - 1
    lists = filled(indptr, other, out, back)
    way, reached = np.full(n, np.inf), np.empty(n, np.int32)
    through = np.empty((MOST, MOST))
    order, gone = np.empty(n, np.int32), 0
    left = np.arange(n).astype(np.int32)
    swept = np.full(n, -1, np.int32)  # the sweep in which a neighbour went
    sweep = 0
    for most in range(MOST + 1):
        before = -1
        while before != gone:
            before, kept = gone, 0
            for i in range(len(left)):
                v = left[i]
                goes = lists.length[v] <= most and swept[v] != sweep and has_room(lists, v)
                if not goes:
                    left[kept] = v
                    kept += 1
                    continue
                shortest_through(lists, v, way, reached, through)
                for e in range(lists.begin[v], lists.begin[v] + lists.length[v]):
                    swept[lists.other[e]] = sweep
                    relink(lists, v, e - lists.begin[v], through)
                order[gone] = v
                gone += 1
            left = left[:kept]
            sweep += 1
    return order[:gone], lists


@compiled
def filled(indptr: np.ndarray, other: np.ndarray, out: np.ndarray, back: np.ndarray) -> Lists:
    """Copy the neighbours into lists with some room each, and more room behind them."""
    n = len(indptr) - 1
    begin, count, room = np.empty(n, np.int64), np.empty(n, np.int32), np.empty(n, np.int32)
    used = 0
    for v in range(n):
        begin[v] = used
        count[v] = indptr[v + 1] - indptr[v]
        room[v] = count[v] + 2
        used += room[v]
    size = _ROOM * used + 64
    lists = Lists(
        begin, count, room,
        np.empty(size, np.int32), np.empty(size), np.empty(size), np.full(1, used),
    )  # fmt: skip
    for v in range(n):
        for e in range(count[v]):
            lists.other[begin[v] + e] = other[indptr[v] + e]
            lists.out[begin[v] + e] = out[indptr[v] + e]
            lists.back[begin[v] + e] = back[indptr[v] + e]
    return lists


@compiled
def has_room(lists: Lists, v: int) -> bool:
    """Say whether the neighbours of `v` could all grow if it went."""
    wanted = 0
    for e in range(lists.begin[v], lists.begin[v] + lists.length[v]):
        u = lists.other[e]
        wanted += 2 * (lists.length[u] + lists.length[v])
    return lists.used[0] + wanted <= len(lists.other)


@compiled
def shortest_through(
    lists: Lists, v: int, way: np.ndarray, reached: np.ndarray, through: np.ndarray
) -> None:
    """Give in `through` the cost of each way over `v` that no other of two arcs is as short as.

    `through[i, j]` is from the `i`-th neighbour to the `j`-th, infinite where another way will do.
    """
    begin, count = lists.begin[v], lists.length[v]
    for i in range(count):
        u, to = lists.other[begin + i], lists.back[begin + i]
        farthest = -1.0
        for j in range(count):
            through[i, j] = np.inf if i == j else to + lists.out[begin + j]
            if through[i, j] < np.inf:
                farthest = max(farthest, through[i, j])
        if farthest < 0:
            continue
        way[u] = 0.0
        reached[0] = u
        found, first = 1, 0
        for _ in range(2):
            last = found
            for q in range(first, last):
                x = reached[q]
                for e in range(lists.begin[x], lists.begin[x] + lists.length[x]):
                    y, fresh = lists.other[e], way[x] + lists.out[e]
                    if y != v and fresh <= farthest and fresh < way[y]:
                        if way[y] == np.inf:
                            reached[found] = y
                            found += 1
                        way[y] = fresh
            first = last
        for j in range(count):
            if way[lists.other[begin + j]] <= through[i, j]:
                through[i, j] = np.inf
        for q in range(found):
            way[reached[q]] = np.inf


@compiled
def relink(lists: Lists, v: int, i: int, through: np.ndarray) -> None:
    """Take `v` out of the list of its `i`-th neighbour, and put in the ways over it."""
    begin, count = lists.begin[v], lists.length[v]
    u = lists.other[begin + i]
    length = lists.length[u] - 1
    at = place_of(lists, u, length + 1, v)
    end = lists.begin[u] + length
    lists.other[at] = lists.other[end]
    lists.out[at] = lists.out[end]
    lists.back[at] = lists.back[end]
    if length + count > lists.room[u]:
        move(lists, u, length, 2 * (length + count))
    for j in range(count):
        out, back = through[i, j], through[j, i]
        if out == np.inf and back == np.inf:
            continue
        at = place_of(lists, u, length, lists.other[begin + j])
        if at < 0:
            at = lists.begin[u] + length
            length += 1
            lists.other[at] = lists.other[begin + j]
            lists.out[at] = out
            lists.back[at] = back
        else:
            lists.out[at] = min(lists.out[at], out)
            lists.back[at] = min(lists.back[at], back)
    lists.length[u] = length


@compiled
def place_of(lists: Lists, u: int, length: int, sought: int) -> int:
    """Give where a neighbour stands in the list of `u`, or -1."""
    for e in range(lists.begin[u], lists.begin[u] + length):
        if lists.other[e] == sought:
            return e
    return -1


@compiled
def move(lists: Lists, u: int, length: int, room: int) -> None:
    """Move the list of `u` to the end, where it has more room."""
    old, new = lists.begin[u], lists.used[0]
    for e in range(length):
        lists.other[new + e] = lists.other[old + e]
        lists.out[new + e] = lists.out[old + e]
        lists.back[new + e] = lists.back[old + e]
    lists.begin[u] = new
    lists.room[u] = room
    lists.used[0] = new + room
