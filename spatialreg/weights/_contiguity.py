"""Which polygons meet: by shared vertices where they share them, by geometry where they do not.

A vertex that stands in two polygons is a point of both, and so is a segment: such pairs need no
geometry, only a sort and a sparse product. The converse does not hold. A corner may lie on the
middle of another's side (a T-junction), outlines may cross (an overlap), one polygon may lie within
another. All of these have bounding boxes that meet, so the remaining pairs of boxes, few in a clean
coverage, are tested by geometry. The result is that of a geometric test of every pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from . import _distances

# gaps narrower than this share of the side of the median region (the root of its area) are
# suspected to be slips of drawing: 40 m between counties that are 40 km across
_SUSPECT = 1e-3
# squares that meet in a corner only have two tolerances of border each within one tolerance of the
# other; a border in common has these at its two ends, so three find all stretches of one tolerance
_STRETCH = 3.0
# shares of a stretch where its gap is sounded: one tolerance from the ends or farther
_SOUNDINGS = (1 / 3, 1 / 2, 2 / 3)
# corners as near as this differ by rounding, and what lies between them does, too
_ROUNDING_M = 1e-3


class Pairs(NamedTuple):
    """Positions of two regions each, the smaller first."""

    one: np.ndarray
    other: np.ndarray

    def where(self, keep: np.ndarray) -> Pairs:
        """Give those where `keep` holds."""
        return Pairs(self.one[keep], self.other[keep])

    def beside(self, more: Pairs) -> Pairs:
        """Give these and `more`."""
        return Pairs(np.concatenate([self.one, more.one]), np.concatenate([self.other, more.other]))

    def among(self, others: Pairs) -> np.ndarray:
        """Say which of these stand in `others`."""
        # both positions in one key of 64 bits; a search in sorted keys is faster than numpy's isin
        keys = np.sort(others.one << 32 | others.other)
        asked = self.one << 32 | self.other
        if not len(keys):
            return np.zeros(len(asked), dtype=bool)
        return keys[np.minimum(np.searchsorted(keys, asked), len(keys) - 1)] == asked


@dataclass(frozen=True)
class Contiguity:
    """Pairs that are neighbours, and those that nearly are.

    `misses` lie no more than the tolerance apart without meeting, and are among `pairs`; where no
    tolerance was asked they lie suspiciously close and are not among them.
    """

    pairs: Pairs
    misses: Pairs


def contiguity(shapes: gpd.GeoSeries, method: str, tolerance: float | None) -> Contiguity:
    """Find the pairs of polygons that meet.

    Parameters
    ----------
    shapes : GeoSeries
        Valid polygons and multipolygons.
    method : {"queen", "rook"}
        Whether a point in common is enough, or a stretch of border (or an area) is needed.
    tolerance : float, optional
        Width of gaps to look over [m].
    """
    geometry = shapes.to_numpy()
    suspect = 0.0
    if tolerance is None:
        suspect = _SUSPECT * float(np.sqrt(np.median(shapely.area(geometry))))
    tree = shapely.STRtree(geometry)
    pairs, close = _meeting(tree, method, suspect)
    if tolerance is None:
        return Contiguity(pairs, _facing_gaps(tree, close, suspect)[0])
    tree = shapely.STRtree(_distances.planar(shapes).to_numpy())
    bridged = _within(tree, tolerance, known=pairs)
    facing, rest = _facing_gaps(tree, bridged, tolerance)
    if method == "queen":
        facing = facing.beside(rest.where(_corners_meet(tree, rest)))
    bridged = bridged.where(bridged.among(facing))
    return Contiguity(pairs.beside(bridged), bridged)


def gaps(shapes: gpd.GeoSeries, pairs: Pairs) -> np.ndarray:
    """Give the distance between the two of each pair [m], or in the layer's unit without a CRS."""
    if not len(pairs.one):
        return np.empty(0)
    rows = np.unique(np.concatenate(pairs))
    some = shapes.iloc[rows]
    plane = (some if shapes.crs is None else _distances.planar(some)).to_numpy()
    at = [np.searchsorted(rows, side) for side in pairs]
    return shapely.distance(plane[at[0]], plane[at[1]])


def _meeting(tree: shapely.STRtree, method: str, reach: float) -> tuple[Pairs, Pairs]:
    """Give the pairs of neighbours, and the pairs up to `reach` apart with no point in common."""
    geometry = tree.geometries
    held = _vertices(geometry) if method == "queen" else _segments(geometry)
    shared = _sharing(*held, len(geometry))
    rest = _within(tree, reach, known=shared)
    touch = shapely.intersects(geometry[rest.one], geometry[rest.other])
    touching, close = rest.where(touch), rest.where(~touch)
    if method == "rook":
        sides = geometry[touching.one], geometry[touching.other]
        # the borders share a line, or the interiors an area
        line = shapely.relate_pattern(*sides, "****1****")
        touching = touching.where(line | shapely.relate_pattern(*sides, "2********"))
    return shared.beside(touching), close


def _vertices(geometry: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give a number for each distinct vertex, and the position of its region, by vertex."""
    xy, region = shapely.get_coordinates(geometry, return_index=True)
    return _numbered(xy), region


def _segments(geometry: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give a number for each distinct segment, whichever way it is drawn, and its region."""
    # taking regions apart into rings is slow, and most are one ring
    single = (shapely.get_type_id(geometry) == 3) & (shapely.get_num_interior_rings(geometry) == 0)
    parts, owner = shapely.get_parts(geometry[~single], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    region_of = np.concatenate([np.flatnonzero(single), np.flatnonzero(~single)[owner[part]]])
    pieces = np.concatenate([geometry[single], rings])
    xy, ring = shapely.get_coordinates(pieces, return_index=True)
    vertex = _numbered(xy)
    start, end = vertex[:-1], vertex[1:]
    # the end of one ring and the start of the next are no segment, nor is a vertex drawn twice
    real = (ring[:-1] == ring[1:]) & (start != end)
    low, high = np.minimum(start, end)[real], np.maximum(start, end)[real]
    number = pd.factorize(low * (vertex.max() + 1) + high)[0]
    return number, region_of[ring[:-1][real]]


def _numbered(xy: np.ndarray) -> np.ndarray:
    # a complex number is one key for both coordinates; adding zero makes -0.0 the same as 0.0
    return pd.factorize((xy[:, 0] + 0.0) + 1j * (xy[:, 1] + 0.0))[0]


def _sharing(item: np.ndarray, region: np.ndarray, n: int) -> Pairs:
    """Give the pairs of regions that have an item in common, by the product of who holds what."""
    several = np.bincount(item) > 1
    common = several[item]
    item, region = (np.cumsum(several) - 1)[item[common]], region[common]
    ones = np.ones(len(item), dtype=np.int32)
    holds = sparse.csr_array((ones, (region, item)), shape=(n, max(int(several.sum()), 1)))
    product = sparse.coo_array(holds @ holds.T)
    above = product.row < product.col
    return Pairs(product.row[above].astype(np.int64), product.col[above].astype(np.int64))


def _within(tree: shapely.STRtree, reach: float, known: Pairs) -> Pairs:
    """Give the pairs up to `reach` apart that are not `known`."""
    geometry = tree.geometries
    west, south, east, north = shapely.bounds(geometry).T
    # the search looks at bounding boxes only, and a diagonal is made sooner than its box
    corners = np.column_stack([west - reach, south - reach, east + reach, north + reach])
    found = Pairs(*tree.query(shapely.linestrings(corners.reshape(-1, 2, 2))))
    found = found.where(found.one < found.other)
    found = found.where(~found.among(known))
    if not reach:
        return found.where(shapely.intersects(geometry[found.one], geometry[found.other]))
    with _prepared(geometry[np.unique(found.one)]):
        return found.where(shapely.dwithin(geometry[found.one], geometry[found.other], reach))


@contextmanager
def _prepared(geometry: np.ndarray) -> Iterator[None]:
    """Index the detailed ones of `geometry` for the block, and take the index away after it.

    It makes distances between outlines of thousands of vertices faster by thirty times; the
    geometries are the caller's, who should not find them grown.
    """
    ours = geometry[(shapely.get_num_coordinates(geometry) > 64) & ~shapely.is_prepared(geometry)]
    shapely.prepare(ours)
    try:
        yield
    finally:
        shapely.destroy_prepared(ours)


def _facing_gaps(tree: shapely.STRtree, close: Pairs, reach: float) -> tuple[Pairs, Pairs]:
    """Give those of `close` that run side by side with nothing in the gap, and those that do not.

    Two regions on either side of a narrow third are no near miss, and stand in neither. The gap is
    sounded away from the ends of the stretch, where third regions do touch.
    """
    geometry = tree.geometries
    beside, stretch = _run_beside(geometry, close, reach)
    facing, rest = close.where(beside), close.where(~beside)
    if not len(facing.one):
        return facing, rest
    stretch = shapely.line_merge(stretch[beside])
    clear = np.zeros(len(stretch), dtype=bool)
    for share in _SOUNDINGS:
        bank = shapely.line_interpolate_point(stretch, share, normalized=True)
        across = shapely.shortest_line(bank, geometry[facing.other])
        clear |= _nothing_between(tree, facing, across)
    return facing.where(clear), rest


def _corners_meet(tree: shapely.STRtree, close: Pairs) -> np.ndarray:
    """Say which of `close` have nothing between them where they come nearest."""
    geometry = tree.geometries
    across = shapely.shortest_line(geometry[close.one], geometry[close.other])
    return _nothing_between(tree, close, across) | (shapely.length(across) < _ROUNDING_M)


def _nothing_between(tree: shapely.STRtree, pairs: Pairs, across: np.ndarray) -> np.ndarray:
    """Say which of the lines `across` from one to the other no third region covers by half."""
    line, third = tree.query(across, predicate="intersects")
    is_third = (third != pairs.one[line]) & (third != pairs.other[line])
    line, third = line[is_third], third[is_third]
    # drawn carelessly, thirds overlap with the two and with one another at the line's ends
    inside = shapely.length(shapely.intersection(across[line], tree.geometries[third]))
    covered = np.bincount(line, inside, minlength=len(across))
    return covered <= shapely.length(across) / 2


def _run_beside(plane: np.ndarray, close: Pairs, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """Say where a stretch of either's border runs within `tolerance` of the other.

    The stretches of the first of each pair are given beside.
    """
    stretch = _stretch(plane, close.one, close.other, tolerance)
    there = shapely.length(stretch)
    back = shapely.length(_stretch(plane, close.other, close.one, tolerance))
    return np.minimum(there, back) > _STRETCH * tolerance, stretch


def _stretch(plane: np.ndarray, one: np.ndarray, other: np.ndarray, reach: float) -> np.ndarray:
    """Give the borders of `one` as far as they lie within `reach` of `other`."""
    # round corners need not be very round: it is the sides that borders run beside
    around = shapely.buffer(plane[other], reach, quad_segs=2)
    return shapely.intersection(shapely.boundary(plane[one]), around)
