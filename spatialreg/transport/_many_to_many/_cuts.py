"""The best straight cut through a part of a graph, and the parts that it leaves.

A direction lays the vertices of a part along a line, in at most 512 bins. A cut between two bins
has two candidates for a separator: the vertices before it that have a neighbour behind it, and
those behind it that have one before it. The sizes of all these, for every cut, come from one pass
over the edges.
"""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled

_BINS = 512
_BALANCE = 0.3  # the smaller side has at least this share of the vertices
_MANY = 2000  # vertices from which slanting directions pay
# weights of the coordinates: two of hops, two of position; straight ones first
_DIRECTIONS = np.array(
    [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
        [1, 1, 0, 0],
        [1, -1, 0, 0],
        [0, 0, 1, 1],
        [0, 0, 1, -1],
    ],
    dtype=np.float32,
)
_STRAIGHT = 4
_ORDER = len(_DIRECTIONS)  # one more: the order in which vertices stand


@compiled
def best_cut(
    order: np.ndarray,
    start: int,
    stop: int,
    indptr: np.ndarray,
    indices: np.ndarray,
    coordinates: np.ndarray,
    part: np.ndarray,
    bins: np.ndarray,
    tallies: np.ndarray,
) -> tuple[int, bool]:
    """Find the cut with the smallest separator; leave the bins of its direction in `bins`.

    Returns
    -------
    (int, bool)
        Vertices in bins below the first are on the left; whether the separator is taken from these.
    """
    size = stop - start
    best = np.inf
    chosen = len(_DIRECTIONS)  # the order, unless a direction has a cut
    cut = 0
    left = True
    for direction in range(_ORDER if size > _MANY else _STRAIGHT):
        count = _into_bins(order, start, stop, coordinates, direction, bins)
        if count > 0:
            _tally(order, start, stop, indptr, indices, part, bins, count, tallies)
            score, low, from_left = _least(tallies, count, size)
            if score < best:
                best, chosen, cut, left = score, direction, low, from_left
    count = _into_bins(order, start, stop, coordinates, chosen, bins)
    if chosen == _ORDER:  # too many vertices in one place, whichever way they are looked at
        _tally(order, start, stop, indptr, indices, part, bins, count, tallies)
        best, cut, left = _least(tallies, count, size)
    return cut, left


@compiled
def _least(tallies: np.ndarray, count: int, size: int) -> tuple[float, int, bool]:
    """Find the best cut of one direction: its score, its first bin on the right, its side.

    A cut in the middle is worth a somewhat larger separator.
    """
    best = np.inf
    cut = 1
    left = True
    before = 0
    from_left = 0
    from_right = 0
    for low in range(1, count):
        before += tallies[0, low]
        from_left += tallies[0, low] - tallies[1, low]
        from_right += tallies[2, low] - tallies[0, low]
        smaller = min(before, size - before)
        if smaller >= max(1.0, _BALANCE * size):
            lopsided = 0.5 - smaller / size
            score = (min(from_left, from_right) + 0.5) * (1.0 + 2.0 * lopsided * lopsided)
            if score < best:
                best, cut, left = score, low, from_left <= from_right
    return best, cut, left


@compiled
def _into_bins(
    order: np.ndarray,
    start: int,
    stop: int,
    coordinates: np.ndarray,
    direction: int,
    bins: np.ndarray,
) -> int:
    """Lay vertices along a direction; give the number of bins, 0 where all lie in one place."""
    size = stop - start
    count = min(_BINS, max(8, size // 2))
    if direction == _ORDER:
        for place in range(start, stop):
            bins[order[place]] = (place - start) * count // size
        return count
    along = _DIRECTIONS[direction]
    a, b, c, d = along[0], along[1], along[2], along[3]
    least = np.float32(np.inf)
    most = np.float32(-np.inf)
    for place in range(start, stop):
        at = coordinates[order[place]]
        z = a * at[0] + b * at[1] + c * at[2] + d * at[3]
        least = min(least, z)
        most = max(most, z)
    if not most > least:
        return 0
    width = np.float32((count - 0.01) / (most - least))
    for place in range(start, stop):
        at = coordinates[order[place]]
        z = a * at[0] + b * at[1] + c * at[2] + d * at[3]
        bins[order[place]] = min(count - 1, int((z - least) * width))
    return count


@compiled
def _tally(
    order: np.ndarray,
    start: int,
    stop: int,
    indptr: np.ndarray,
    indices: np.ndarray,
    part: np.ndarray,
    bins: np.ndarray,
    count: int,
    tallies: np.ndarray,
) -> None:
    """Count, for every cut, what changes there: vertices before it, and both separators.

    A vertex in bin ``b`` whose neighbours reach up to bin ``high`` is in the left separator of the
    cuts ``b + 1`` to ``high``: it enters at the first of them and leaves behind the last. If they
    reach down to bin ``low``, it is in the right separator of the cuts ``low + 1`` to ``b``. So
    three numbers suffice: how many vertices are in the bin before a cut (they enter the left
    separator and leave the right one), how many leave the left one, how many enter the right one.
    The running sums of these are the sizes at each cut.
    """
    vertices, leave_left, enter_right = tallies[0], tallies[1], tallies[2]
    for low in range(count + 1):
        vertices[low] = 0
        leave_left[low] = 0
        enter_right[low] = 0
    name = part[order[start]]
    for place in range(start, stop):
        vertex = order[place]
        here = bins[vertex]
        high = here
        low = here
        for e in range(indptr[vertex], indptr[vertex + 1]):
            other = indices[e]
            there = bins[other] if part[other] == name else here
            high = max(high, there)
            low = min(low, there)
        vertices[here + 1] += 1
        leave_left[high + 1] += 1
        enter_right[low + 1] += 1


@compiled
def partition(
    order: np.ndarray,
    start: int,
    stop: int,
    indptr: np.ndarray,
    indices: np.ndarray,
    part: np.ndarray,
    bins: np.ndarray,
    cut: int,
    left: bool,
    spare: np.ndarray,
) -> tuple[int, int]:
    """Reorder a part into left side, right side, separator; give where the last two begin.

    The right side and the separator get new names in `part`; the left side keeps that of the whole.
    """
    name = part[order[start]]
    lefts = start  # left side: stays in front
    rights = start  # right side: from the front of `spare`
    separators = stop  # separator: from the back of `spare`
    for place in range(start, stop):
        vertex = order[place]
        on_left = bins[vertex] < cut
        across = False
        if on_left == left:
            for e in range(indptr[vertex], indptr[vertex + 1]):
                other = indices[e]
                if part[other] == name and (bins[other] < cut) != on_left:
                    across = True
                    break
        if across:
            separators -= 1
            spare[separators] = vertex
        elif on_left:
            order[lefts] = vertex
            lefts += 1
        else:
            spare[rights] = vertex
            rights += 1
    for i in range(rights - start):
        order[lefts + i] = spare[start + i]
        part[spare[start + i]] = lefts
    for place in range(separators, stop):
        order[place] = spare[place]
        part[spare[place]] = -1
    return lefts, separators
