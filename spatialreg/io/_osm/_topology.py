"""Ways as a graph: cut at the nodes that they share, then joined where nothing branches.

Two ways meet where they have a node in common, and only there: a bridge has none with what it
crosses. Roads make one graph, railways another and ways on foot a third, for a level crossing is no
way from a road to a railway, nor a footpath one for cars; ferries are in the first and the last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._compiled import compiled
from .._geodesic import line_lengths


class Vertices(NamedTuple):
    """The vertices of ways, one after the other.

    Attributes
    ----------
    way : ndarray of int, shape (v,)
        Row of the way, ascending.
    run : ndarray of int, shape (v,)
        Stretch without a missing node, ascending.
    point : ndarray of int, shape (v,)
        The point that the vertex is: a node in one of the graphs.
    lonlat : ndarray, shape (v, 2)
    """

    way: np.ndarray
    run: np.ndarray
    point: np.ndarray
    lonlat: np.ndarray


class Chains(NamedTuple):
    """Stretches between two joints, each along one or several pieces of ways.

    Attributes
    ----------
    vertex : ndarray of int
        Vertices of all chains, in their order.
    chain : ndarray of int
        The chain of each, ascending.
    first : ndarray of int, shape (c,)
        The piece with the lowest way that each goes along.
    piece_chain : ndarray of int, shape (p,)
        The chain of each piece.
    piece_way, piece_number : ndarray of int, shape (p,)
        The way of each piece, and which of the way's pieces it is.
    piece_length : ndarray, shape (p,)
        [m].
    """

    vertex: np.ndarray
    chain: np.ndarray
    first: np.ndarray
    piece_chain: np.ndarray
    piece_way: np.ndarray
    piece_number: np.ndarray
    piece_length: np.ndarray


def chains_of(
    vertices: Vertices, joint: np.ndarray, alike: np.ndarray, oneway: np.ndarray, *, contract: bool
) -> Chains:
    """Cut ways where they meet, and join pieces where two of one kind meet and no third.

    Parameters
    ----------
    vertices : Vertices
    joint : ndarray of bool, by point
        Points that are kept as nodes whatever meets there.
    alike : ndarray of int, by way
        Only ways with the same number are joined.
    oneway : ndarray of bool, by way
        These are joined only where one leads into the other.
    contract : bool
        Whether pieces are joined at all.

    Returns
    -------
    Chains
    """
    run, point = vertices.run, vertices.point
    last = np.r_[run[1:] != run[:-1], True][: len(run)]
    first = np.r_[True, run[1:] != run[:-1]][: len(run)]
    times = np.bincount(point, minlength=len(joint))
    cut = first | last | (times[point] > 1) | joint[point]
    # a piece goes from one cut to the next of the same run
    at = np.flatnonzero(cut)
    same = run[at[1:]] == run[at[:-1]]
    begin, end = at[:-1][same], at[1:][same]
    way = vertices.way[begin]
    number = np.arange(len(way)) - np.searchsorted(way, way)
    ends = np.stack([point[begin], point[end]], axis=1)
    links = np.full((len(way), 2), -1, dtype=np.int64)
    if contract:
        links = _links(ends, joint, alike[way], oneway[way])
    order, turned, chain = _walk(links, oneway[way])
    vertex, which = _laid_out(begin[order], end[order], turned, chain)
    starts = np.searchsorted(chain, np.arange(chain[-1] + 1 if len(chain) else 0))
    lowest = np.minimum.reduceat(order, starts) if len(order) else order
    piece_chain = np.empty(len(order), dtype=np.int64)
    piece_chain[order] = chain
    size = end - begin + 1
    inside = np.repeat(begin - np.r_[0, np.cumsum(size)[:-1]], size) + np.arange(size.sum())
    length = line_lengths(vertices.lonlat[inside], np.repeat(np.arange(len(way)), size), len(way))
    return Chains(vertex, which, lowest, piece_chain, way, number, length)


def _links(
    ends: np.ndarray, joint: np.ndarray, alike: np.ndarray, oneway: np.ndarray
) -> np.ndarray:
    """Give for each end of a piece (2 piece + side) the end that it is joined to, -1 for none."""
    links = np.full(ends.size, -1, dtype=np.int64)
    point = ends.ravel()
    order = np.argsort(point, kind="stable")
    met = np.bincount(point, minlength=len(joint))
    pairs = order[(met[point[order]] == 2) & ~joint[point[order]]].reshape(-1, 2)
    one, other = pairs.T
    fits = (one // 2 != other // 2) & (alike[one // 2] == alike[other // 2])
    fits &= ~oneway[one // 2] | (one % 2 != other % 2)
    one, other = one[fits], other[fits]
    links[one], links[other] = other, one
    return links.reshape(-1, 2)


@compiled
def _walk(links: np.ndarray, oneway: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Follow the links: pieces in the order of their chains, whether turned round, the chain.

    Chains begin at a free end, one-way chains at that of their beginning; then come the rings.
    """
    count = len(links)
    order = np.empty(count, np.int64)
    turned = np.empty(count, np.bool_)
    chain = np.empty(count, np.int64)
    seen = np.zeros(count, np.bool_)
    done, number = 0, 0
    for rings in range(2):
        for piece in range(count):
            if seen[piece]:
                continue
            side = 0
            if rings == 0 and links[piece, 0] >= 0:
                if oneway[piece] or links[piece, 1] >= 0:
                    continue
                side = 1
            while not seen[piece]:
                seen[piece] = True
                order[done], turned[done], chain[done] = piece, side == 1, number
                done += 1
                onward = links[piece, 1 - side]
                if onward < 0:
                    break
                piece, side = onward // 2, onward % 2
            number += 1
    return order, turned, chain


def _laid_out(
    begin: np.ndarray, end: np.ndarray, turned: np.ndarray, chain: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give the vertices of each chain; where two pieces meet, the vertex stands once."""
    follows = np.r_[False, chain[1:] == chain[:-1]][: len(chain)]
    size = end - begin + 1 - follows
    which = np.repeat(np.arange(len(size)), size)
    k = np.arange(len(which)) - (np.cumsum(size) - size)[which] + follows[which]
    vertex = np.where(turned[which], end[which] - k, begin[which] + k)
    return vertex, chain[which]
