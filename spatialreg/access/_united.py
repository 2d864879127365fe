"""The union of areas reached off a network, of which most lie in others.

Areas reached off a network are hulls of two discs, one for each piece of an edge, and a place may
lie in dozens of them. Few of them have a part in the outline. So cells of a grid that lie in one
hull are marked first; a hull that touches marked cells alone adds nothing to them and is left out.
The marked cells and the hulls that are left have the same union as all hulls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from .._compiled import compiled
from ._tapered import Tapers

_CHUNK = 20_000  # hulls made at a time
_FEWEST = 2_000  # hulls from which on marking is worth its while
_CELLS_A_RADIUS = 12
_CELLS_A_HULL = 400  # at most, on the whole
_MOST_CELLS = 4_000_000


@dataclass(frozen=True, eq=False)
class Grid:
    """Square cells in a plane.

    Attributes
    ----------
    corner : ndarray of float, shape (2,)
        Of the first cell, in the south-west.
    side : float
    covered : ndarray of bool, shape (rows, columns)
        Whether a cell lies in one hull; rows go north.
    """

    corner: np.ndarray
    side: float
    covered: np.ndarray

    def place(self, xy: np.ndarray) -> np.ndarray:
        """Give places in cells from the corner on."""
        return np.ascontiguousarray((xy - self.corner) / self.side)

    def hold(self, boxes: np.ndarray) -> np.ndarray:
        """Say which boxes (west, south, east, north) touch covered cells alone."""
        # how many cells to the south-west of each corner are open
        open_ = np.pad(~self.covered, ((1, 0), (1, 0))).cumsum(axis=0, dtype=np.int32)
        np.cumsum(open_, axis=1, out=open_)
        left, bottom = np.floor(self.place(boxes[:, :2])).astype(int).T
        right, top = np.floor(self.place(boxes[:, 2:])).astype(int).T + 1
        count = open_[top, right] - open_[bottom, right] - open_[top, left] + open_[bottom, left]
        return np.asarray(count == 0)

    def shape(self) -> shapely.Geometry:
        """Give the union of the covered cells.

        Cells side by side in a row are one polygon, and polygons of two rows share the corners of
        both on the line between them: then no crossing has to be looked for.
        """
        ends = np.diff(np.pad(self.covered, ((0, 0), (1, 1))).astype(np.int8), axis=1)
        row, left = np.nonzero(ends == 1)
        right = np.nonzero(ends == -1)[1]
        above, below = (np.pad(ends != 0, (beyond, (0, 0))) for beyond in ((0, 1), (1, 0)))
        line, column = np.nonzero(above | below)
        xy = self.corner + np.column_stack([column, line]) * self.side
        width = ends.shape[1]
        key = line * width + column

        def corner(line: np.ndarray, column: np.ndarray) -> np.ndarray:
            return np.searchsorted(key, line * width + column)

        # to the east on the line below, and back to the west on the line above
        first, turn, last = corner(row, left), corner(row, right), corner(row + 1, right)
        going = turn - first + 1
        count = going + last - corner(row + 1, left) + 1
        polygon = np.repeat(np.arange(len(row)), count)
        step = np.arange(len(polygon)) - np.repeat(np.cumsum(count) - count, count)
        back = step - going[polygon]
        at = np.where(back < 0, first[polygon] + step, last[polygon] - back)
        return shapely.coverage_union_all(
            shapely.polygons(shapely.linearrings(xy[at], indices=polygon)) if len(at) else []
        )


def united(tapers: Tapers) -> shapely.Geometry:
    """Give the union of the hulls."""
    if len(tapers) < _FEWEST or not tapers.radius.any():
        return shapely.union_all(tapers.hulls())
    boxes = tapers.boxes()
    grid = _grid(boxes, tapers.radius)
    for part in _chunks(len(tapers)):
        for rings in _inside(tapers[part]):
            mark(grid.place(rings), grid.covered)
    kept = np.flatnonzero(~grid.hold(boxes))
    outer = []
    for part in _chunks(len(kept)):
        hulls = tapers[kept[part]].hulls()
        xy, ring = shapely.get_coordinates(hulls, return_index=True)
        first = np.searchsorted(ring, np.arange(len(hulls) + 1))
        outer.append(hulls[touch_open(grid.place(xy), first, grid.covered)])
    left = shapely.union_all(np.concatenate([*outer, np.empty(0, dtype=object)]))
    return shapely.union(left, grid.shape())


@compiled
def mark(rings: np.ndarray, covered: np.ndarray) -> None:
    """Mark the cells that lie in one of the convex rings (rings, corners, 2).

    A row of cells lies between two lines, and what a convex shape holds of both lines it holds of
    the row.
    """
    corners = rings.shape[1]
    low, high = np.empty(covered.shape[0] + 1), np.empty(covered.shape[0] + 1)
    for ring in rings:
        bottom, top = int(np.ceil(ring[:, 1].min())), int(np.floor(ring[:, 1].max()))
        low[bottom : top + 1], high[bottom : top + 1] = np.inf, -np.inf
        for i in range(corners):
            x, y = ring[i - 1]
            next_x, next_y = ring[i]
            for line in range(int(np.ceil(min(y, next_y))), int(np.floor(max(y, next_y))) + 1):
                share = (line - y) / (next_y - y) if next_y != y else 0.0
                at = x + share * (next_x - x)
                low[line], high[line] = min(low[line], at), max(high[line], at)
        for row in range(bottom, top):
            left = int(np.ceil(max(low[row], low[row + 1])))
            right = int(np.floor(min(high[row], high[row + 1])))
            for column in range(left, right):
                covered[row, column] = True


@compiled
def touch_open(xy: np.ndarray, first: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """Say which closed convex rings, at ``xy[first[i]:first[i + 1]]``, touch a cell not marked."""
    found = np.zeros(len(first) - 1, dtype=np.bool_)
    low, high = np.empty(covered.shape[0]), np.empty(covered.shape[0])
    for ring in range(len(found)):
        corners = xy[first[ring] : first[ring + 1]]
        bottom, top = int(np.floor(corners[:, 1].min())), int(np.floor(corners[:, 1].max()))
        low[bottom : top + 1], high[bottom : top + 1] = np.inf, -np.inf
        for i in range(1, len(corners)):
            x, y = corners[i - 1]
            next_x, next_y = corners[i]
            south, north = min(y, next_y), max(y, next_y)
            for row in range(int(np.floor(south)), int(np.floor(north)) + 1):
                for line in (max(south, float(row)), min(north, row + 1.0)):
                    share = (line - y) / (next_y - y) if next_y != y else 0.0
                    at = x + share * (next_x - x)
                    low[row], high[row] = min(low[row], at), max(high[row], at)
                if next_y == y:
                    low[row], high[row] = min(low[row], next_x), max(high[row], next_x)
        for row in range(bottom, top + 1):
            for column in range(int(np.floor(low[row])), int(np.floor(high[row])) + 1):
                found[ring] |= not covered[row, column]
    return found


def _grid(boxes: np.ndarray, radius: np.ndarray) -> Grid:
    """Lay cells of a fraction of a usual radius over all boxes, and one more all around."""
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    most = min(_MOST_CELLS, _CELLS_A_HULL * len(boxes))
    side = max(
        float(np.median(radius.max(axis=1))) / _CELLS_A_RADIUS,
        float(np.sqrt(np.prod(high - low) / most)),
    )
    columns, rows = ((high - low) / side).astype(int) + 3
    return Grid(low - side, side, np.zeros((rows, columns), dtype=np.bool_))


def _inside(tapers: Tapers) -> Iterator[np.ndarray]:
    """Yield convex rings that lie in the hulls: both discs, and from side to side of them."""
    rings = tapers.rings()
    yield rings[:, 0]
    yield rings[:, 1]
    way = tapers.xy[:, 1] - tapers.xy[:, 0]
    across = np.einsum("nij,ni->nj", tapers.scale[:, 0], way[:, ::-1] * [-1, 1])
    corners = len(tapers.circle)
    turn = np.arctan2(across[:, 1], across[:, 0]) / (2 * np.pi)
    side = np.rint(turn * corners).astype(int) % corners
    other = (side + corners // 2) % corners
    each = np.arange(len(tapers))
    corner = ((0, side), (0, other), (1, other), (1, side))
    yield np.stack([rings[each, disc, at] for disc, at in corner], axis=1)


def _chunks(count: int) -> Iterator[slice]:
    for start in range(0, count, _CHUNK):
        yield slice(start, start + _CHUNK)
