"""Where lines meet: ends with ends, ends with the course of a line, courses with each other.

Everything is measured in metres, and every choice between equals is settled by position, so that
the order of the lines decides nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ..._compiled import compiled
from ._segments import Parts, Segments, along

# what computed positions are off by: closer than this [m] is the same place
SAME = 1e-3


class Cuts(NamedTuple):
    """Places at which parts are cut: the part, the place on its vertices, and the node there."""

    part: np.ndarray
    place: np.ndarray
    node: np.ndarray


def distinct(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the position of one point of each place, and by point the number of its place."""
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    fresh = np.ones(len(xy), dtype=bool)
    fresh[1:] = (xy[order[1:]] != xy[order[:-1]]).any(axis=1)
    number = np.empty(len(xy), dtype=np.int64)
    number[order] = np.cumsum(fresh) - 1
    return order[fresh], number


def clustered(xy: np.ndarray, tolerance: float, weight: np.ndarray) -> np.ndarray:
    """Give for each point the one that it moves to: itself, or another within the tolerance.

    The heaviest points stay (of equals the westernmost, then the southernmost), and each other
    moves to the nearest that stays. None moves farther than the tolerance, so a chain of points
    does not collapse into one.
    """
    nearest = np.arange(len(xy))
    pairs = cKDTree(xy).query_pairs(tolerance, output_type="ndarray") if len(xy) else nearest
    if not len(pairs):
        return nearest
    order = np.lexsort((xy[:, 1], xy[:, 0], -weight))
    rank = np.empty(len(xy), dtype=np.int64)
    rank[order] = np.arange(len(xy))
    one, other = np.r_[pairs[:, 0], pairs[:, 1]], np.r_[pairs[:, 1], pairs[:, 0]]
    by_rank = np.argsort(rank[one], kind="stable")
    one, other = one[by_rank], other[by_rank]
    stays = np.ones(len(xy), dtype=np.bool_)
    _settle(one, other, rank, stays)
    moves = ~stays[one] & stays[other]
    one, other = one[moves], other[moves]
    away = np.hypot(*(xy[one] - xy[other]).T)
    choice = np.lexsort((rank[other], away, one))
    one, other = one[choice], other[choice]
    first = np.ones(len(one), dtype=bool)
    first[1:] = one[1:] != one[:-1]
    nearest[one[first]] = other[first]
    return nearest


@compiled
def _settle(one: np.ndarray, other: np.ndarray, rank: np.ndarray, stays: np.ndarray) -> None:
    """Let points stay by rank, unless one that is within reach stays already."""
    for i in range(len(one)):
        if stays[one[i]] and rank[other[i]] > rank[one[i]]:
            stays[other[i]] = False


def ends_on_lines(
    parts: Parts,
    segments: Segments,
    node: np.ndarray,
    xy: np.ndarray,
    tolerance: float,
) -> Cuts:
    """Find for each node the nearest line within the tolerance that passes without ending there.

    Parameters
    ----------
    parts, segments : Parts, Segments
    node : ndarray of int, shape (2 p,)
        The node of each end of a part, as in ``parts.ends``.
    xy : ndarray, shape (n, 2)
        The nodes [m].
    tolerance : float
        [m].

    Returns
    -------
    Cuts
        The nearest line of each node, and those that pass through the same point. A line that
        comes back to its own end counts.
    """
    at, segment = segments.tree.query(shapely.points(xy), predicate="dwithin", distance=tolerance)
    groups = parts.group.max(initial=0) + 1
    known = node * groups + np.tile(parts.group, 2)
    fits = pd.Index(at * groups + parts.group[segments.part[segment]]).isin(known)
    at, segment = at[fits], segment[fits]
    order = np.lexsort((segment, at))
    at, segment = at[order], segment[order]
    part = segments.part[segment]
    # neighbouring segments are one passing; a line may pass a node twice
    fresh = np.ones(len(at), dtype=bool)
    fresh[1:] = (at[1:] != at[:-1]) | (segment[1:] != segment[:-1] + 1) | (part[1:] != part[:-1])
    passing = np.cumsum(fresh) - 1
    first = np.r_[True, segments.part[1:] != segments.part[:-1]]
    last = np.r_[segments.part[1:] != segments.part[:-1], True]
    count = len(parts)
    ending = (first[segment] & (node[part] == at)) | (last[segment] & (node[count + part] == at))
    ends = np.zeros(len(at), dtype=bool)
    ends[passing[ending]] = True
    kept = ~ends[passing]
    at, segment, passing = at[kept], segment[kept], passing[kept]
    share, away = _foot(xy[at], segments.a[segment], segments.b[segment])
    choice = np.lexsort((segment, away, passing))
    choice = choice[np.r_[True, passing[choice][1:] != passing[choice][:-1]][: len(choice)]]
    at, segment, share, away = at[choice], segment[choice], share[choice], away[choice]
    foot = segments.a[segment] + share[:, None] * (segments.b[segment] - segments.a[segment])
    order = np.lexsort((foot[:, 1], foot[:, 0], np.round(away, 6), at))
    at, segment, share, foot = at[order], segment[order], share[order], foot[order]
    begins = np.r_[True, at[1:] != at[:-1]][: len(at)]
    nearest = foot[np.flatnonzero(begins)[np.cumsum(begins) - 1]] if len(at) else foot
    same = np.hypot(*(foot - nearest).T) <= SAME
    place = _whole(segments.place(segment, share), parts)
    return Cuts(segments.part[segment][same], place[same], at[same])


def meetings(parts: Parts, segments: Segments) -> tuple[Cuts, np.ndarray]:
    """Find the points at which lines of one group cross, touch, or begin to run together.

    Returns
    -------
    (Cuts, ndarray)
        Two cuts for each meeting, whose node is its number; and the points, shape (meetings, 2), in
        the reference system of the layer. Meetings of two ends are left out, for they are known.
    """
    # not "intersects": what touches may miss by what rounding takes
    one, other = segments.tree.query(segments.shapes, predicate="dwithin", distance=SAME)
    part_one, part_other = segments.part[one], segments.part[other]
    kept = (one < other) & (parts.group[part_one] == parts.group[part_other])
    following = (part_one == part_other) & (other == one + 1)
    # the next segment counts only where the line turns back on itself
    back = ((segments.b[one] - segments.a[one]) * (segments.b[other] - segments.a[other])).sum(
        axis=1
    )
    kept &= ~following | (back < 0)
    one, other, following = one[kept], other[kept], following[kept]
    first = np.r_[True, segments.part[1:] != segments.part[:-1]]
    last = np.r_[segments.part[1:] != segments.part[:-1], True]
    known = following.copy()
    for end_one, tip_one in ((first, segments.a), (last, segments.b)):
        for end_other, tip_other in ((first, segments.a), (last, segments.b)):
            both = end_one[one] & end_other[other]
            known |= both & (tip_one[one] == tip_other[other]).all(axis=1)
    touching, tips = [], np.zeros(len(one), dtype=np.int64)
    for a, b in ((one, other), (other, one)):
        for share, tip in ((0.0, segments.a), (1.0, segments.b)):
            foot, away = _foot(tip[a], segments.a[b], segments.b[b])
            touching.append((a, np.full(len(a), share), b, foot, away <= SAME))
            tips += away <= SAME
    # two tips are one common end; with a third, the segments run on one course
    kept = ~known | (tips > 2)
    found = [tuple(column[kept & on] for column in rest) for *rest, on in touching]
    across = tips == 0
    one, other = one[across], other[across]
    along_one, along_other = (segments.b[s] - segments.a[s] for s in (one, other))
    cross = _cross(along_one, along_other)
    gap = segments.a[other] - segments.a[one]
    share_one = (_cross(gap, along_other) / cross).clip(0, 1)
    share_other = (_cross(gap, along_one) / cross).clip(0, 1)
    found.append((one, share_one, other, share_other))
    a, share_a, b, share_b = (np.concatenate(column) for column in zip(*found, strict=True))
    place_a = _whole(segments.place(a, share_a), parts)
    place_b = _whole(segments.place(b, share_b), parts)
    # a vertex is exact, a point on the way to the next is computed
    place = np.where((place_b % 1 == 0) & (place_a % 1 != 0), place_b, place_a)
    number = np.arange(len(a))
    cuts = Cuts(
        np.r_[segments.part[a], segments.part[b]], np.r_[place_a, place_b], np.r_[number, number]
    )
    return cuts, along(parts.xy, place)


def shared_vertices(parts: Parts) -> tuple[Cuts, np.ndarray]:
    """Find the vertices that lines of one group have in common; as :func:`meetings`."""
    part = np.repeat(np.arange(len(parts)), np.diff(parts.offset))
    _, number = distinct(parts.xy)
    groups = parts.group.max(initial=0) + 1
    _, place, times = np.unique(
        number * groups + parts.group[part], return_inverse=True, return_counts=True
    )
    inner = np.ones(len(part), dtype=bool)
    inner[parts.ends] = False
    met = np.zeros(len(times), dtype=bool)
    met[place[inner]] = True
    met &= times > 1
    at = np.flatnonzero(met[place])
    _, first, node = np.unique(place[at], return_index=True, return_inverse=True)
    return Cuts(part[at], at.astype(float), node), parts.xy[at[first]]


def _foot(point: np.ndarray, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the share of the way from a to b at which each point's foot is, and its distance."""
    way = b - a
    share = ((point - a) * way).sum(axis=1) / (way**2).sum(axis=1)
    share = share.clip(0, 1)
    return share, np.hypot(*(point - a - share[:, None] * way).T)


def _cross(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]


def _whole(place: np.ndarray, parts: Parts) -> np.ndarray:
    """Take places within a hair of a vertex for that vertex."""
    vertex = np.round(place).astype(np.int64).clip(0, len(parts.xy) - 1)
    lower = np.floor(place).astype(np.int64).clip(0, len(parts.xy) - 2)
    way = np.hypot(*(parts.metric[lower + 1] - parts.metric[lower]).T)
    return np.where(np.abs(place - vertex) * way <= SAME, vertex.astype(float), place)
