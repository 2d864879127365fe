"""The search behind travel-time surfaces: minutes from the nearest source to every cell of a grid.

Cells are joined to their eight neighbours. A move costs its length times the mean friction of the
two cells. The queue is a ring of buckets, each of which holds the cells whose minutes lie in one
narrow interval; cells too far ahead for the ring wait apart. A bucket is worked through until it
stays empty, so the width of the intervals decides about speed alone and never about the result:
the minutes of a cell are the least sum over all paths, added up in double precision from the source
on, and that is one number whatever the order of work. For the same reason a search that goes by
tiles ends at the same numbers.

Arrays in, arrays changed in place; what they mean, and which inputs are wrong, is known above.
"""

from __future__ import annotations

import numpy as np

from .._compiled import compiled

RING = 1 << 14  # buckets, a power of two
APART = RING  # the place of the list of those who wait apart
# the way from a cell to the next one of its path: rows and columns by code, clockwise from north
ROW_STEP = np.array([0, -1, -1, 0, 1, 1, 1, 0, -1])
COLUMN_STEP = np.array([0, 0, 1, 1, 1, 0, -1, -1, -1])
AT_SOURCE, NOWHERE = 0, 255
NOBODY = -1  # the source of cells that none reaches


@compiled
def spread(
    friction: np.ndarray,
    across: np.ndarray,
    down: np.ndarray,
    slant: np.ndarray,
    minutes: np.ndarray,
    nearest: np.ndarray,
    tracking: bool,
    window: tuple[int, int, int, int],
    rows: np.ndarray,
    columns: np.ndarray,
    cutoff: float,
    width: float,
) -> int:
    """Lower `minutes` (and follow the nearest source) until no move can lower them further.

    Parameters
    ----------
    friction : float array, shape (m, n)
        Minutes per metre; inf or NaN where no one can pass.
    across, down, slant : float array, shape (m,)
        Half the length of a move [m]: within row i; from row i to i + 1; from row i to a
        diagonal neighbour in row i + 1.
    minutes : float64 array, shape (m, n)
        What is known so far, inf where nothing is; changed in place.
    nearest : int32 array, shape (m, n), or (1, 1) where not tracking
        The number of the source that `minutes` are counted from; of equally near ones the lowest.
        Changed in place.
    tracking : bool
        Whether `nearest` is kept.
    window : (top, bottom, left, right)
        Only cells in these rows and columns are changed; those around them are starts at most.
    rows, columns : int array
        Cells to start from, whose minutes are set.
    cutoff : float
        Minutes beyond which nothing is written.
    width : float
        Of a bucket [min].

    Returns
    -------
    int
        How many cells were taken from the queue.
    """
    top, bottom, left, right = window
    mask = RING - 1
    scale = 1.0 / width
    # the entries of all lists: a cell, and the entry behind it in its list (or in that of the free)
    room = max(4096, 2 * len(rows))
    at_row = np.empty(room, np.int32)
    at_column = np.empty(room, np.int32)
    behind = np.empty(room, np.int32)
    head = np.full(RING + 1, -1, np.int32)
    for entry in range(len(rows)):
        at_row[entry], at_column[entry] = rows[entry], columns[entry]
        behind[entry] = entry - 1
    head[APART] = len(rows) - 1
    for entry in range(len(rows), room):
        behind[entry] = entry + 1
    behind[room - 1] = -1
    free = len(rows)
    bucket = np.int64(0)
    horizon = bucket
    waiting = 0  # entries in the ring
    taken = 0
    while True:
        if waiting == 0:
            if head[APART] < 0:
                return taken
            # the ring is empty: go on at the nearest of those who wait apart
            lowest = np.inf
            entry = head[APART]
            while entry >= 0:
                lowest = min(lowest, minutes[at_row[entry], at_column[entry]])
                entry = behind[entry]
            bucket = max(bucket, np.int64(lowest * scale))
            horizon = bucket + RING
            entry = head[APART]
            head[APART] = -1
            while entry >= 0:
                following = behind[entry]
                number = np.int64(minutes[at_row[entry], at_column[entry]] * scale)
                if number < bucket:  # lowered since, and done from a nearer bucket
                    behind[entry] = free
                    free = entry
                else:
                    place = number & mask if number < horizon else APART
                    behind[entry] = head[place]
                    head[place] = entry
                    waiting += place != APART
                entry = following
            continue
        entry = head[bucket & mask]
        if entry < 0:
            bucket += 1
            continue
        # what the cells of this list put into the same bucket makes a new list, done after it
        head[bucket & mask] = -1
        while entry >= 0:
            row, column = int(at_row[entry]), int(at_column[entry])
            following = behind[entry]
            behind[entry] = free
            free = entry
            entry = following
            waiting -= 1
            here = minutes[row, column]
            if np.int64(here * scale) != bucket:
                continue  # lowered since, and done from a nearer bucket
            taken += 1
            own = np.float64(friction[row, column])
            for r in range(max(top, row - 1), min(bottom, row + 2)):
                straight = across[row] if r == row else down[min(r, row)]
                for c in range(max(left, column - 1), min(right, column + 2)):
                    half = straight if r == row or c == column else slant[min(r, row)]
                    value = here + half * (own + friction[r, c])
                    # impassable cells have an infinite value, or none, and stay as they are
                    if not value <= cutoff or value > minutes[r, c]:
                        continue
                    if tracking:
                        source = nearest[row, column]
                        if value == minutes[r, c] and source >= nearest[r, c]:
                            continue
                        nearest[r, c] = source
                    elif value == minutes[r, c]:
                        continue
                    minutes[r, c] = value
                    if free < 0:
                        at_row, at_column, behind = _longer(at_row, at_column, behind)
                        free = room
                        room *= 2
                    new = free
                    free = behind[new]
                    at_row[new], at_column[new] = r, c
                    number = np.int64(value * scale)
                    place = number & mask if number < horizon else APART
                    behind[new] = head[place]
                    head[place] = new
                    waiting += place != APART


@compiled
def _longer(
    at_row: np.ndarray, at_column: np.ndarray, behind: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give room for twice as many entries; the new ones are chained as free."""
    room = len(behind)
    rows, columns = np.empty(2 * room, np.int32), np.empty(2 * room, np.int32)
    after = np.empty(2 * room, np.int32)
    for i in range(room):
        rows[i], columns[i], after[i] = at_row[i], at_column[i], behind[i]
    for i in range(room, 2 * room):
        after[i] = i + 1
    after[2 * room - 1] = -1
    return rows, columns, after


def plant(nearest: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> None:
    """Write the number of each source into its cell; of several in one cell that of the first."""
    first = np.unique(rows * nearest.shape[1] + columns, return_index=True)[1]
    nearest[rows[first], columns[first]] = first


@compiled
def point_back(
    friction: np.ndarray,
    across: np.ndarray,
    down: np.ndarray,
    slant: np.ndarray,
    minutes: np.ndarray,
    nearest: np.ndarray,
    window: tuple[int, int, int, int],
    back: np.ndarray,
) -> None:
    """Write into `back`, for each cell of `window`, the code of the move towards its source.

    Of several neighbours through which the least minutes come from the same source, it is the first
    clockwise from north. Minutes fall strictly along the way, so that it cannot run in a circle.
    """
    top, bottom, left, right = window
    m, n = minutes.shape
    for r in range(top, bottom):
        for c in range(left, right):
            here = minutes[r, c]
            back[r - top, c - left] = NOWHERE
            if here == 0:
                back[r - top, c - left] = AT_SOURCE
                continue
            if here == np.inf:
                continue
            for code in range(1, 9):
                row, column = r + ROW_STEP[code], c + COLUMN_STEP[code]
                if row < 0 or row >= m or column < 0 or column >= n:
                    continue
                if not minutes[row, column] < here or nearest[row, column] != nearest[r, c]:
                    continue
                if row == r:
                    half = across[r]
                else:
                    half = down[min(r, row)] if column == c else slant[min(r, row)]
                own = np.float64(friction[row, column])
                if minutes[row, column] + half * (own + friction[r, c]) == here:
                    back[r - top, c - left] = code
                    break


@compiled
def survey(friction: np.ndarray) -> tuple[int, int]:
    """Count the cells without a value and those whose friction is not positive."""
    missing, wrong = 0, 0
    for r in range(friction.shape[0]):
        for c in range(friction.shape[1]):
            value = friction[r, c]
            missing += np.isnan(value)
            wrong += value <= 0
    return missing, wrong
