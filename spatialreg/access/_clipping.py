"""How much of each region an area covers: exact clipping that stays quick for large areas.

An area of a whole country may have a million vertices, and clipping all of it by each region would
look at all of them each time. So it is cut into small tiles first.
"""

from __future__ import annotations

import numpy as np
import shapely

_VERTICES = 256  # of a tile at most
_DEPTH = 24  # a shape that is still larger then has its vertices in one place


def areas_within(area: shapely.Geometry, regions: np.ndarray) -> np.ndarray:
    """Give by region how much of it `area` covers.

    Parameters
    ----------
    area : Geometry
        Valid, in the plane of the regions.
    regions : ndarray of Geometry
        Valid.

    Returns
    -------
    ndarray of float, shape (regions,)
        In the square of the plane's unit.
    """
    tiles = subdivided(area)
    covered = np.zeros(len(regions))
    if not len(tiles):
        return covered
    tree = shapely.STRtree(tiles)
    region, tile = tree.query(regions, predicate="intersects")
    whole = np.zeros(len(region), dtype=bool)
    inside = tree.query(regions, predicate="contains_properly")
    whole = np.isin(region * len(tiles) + tile, inside[0] * len(tiles) + inside[1])
    size = shapely.area(tiles)[tile]
    part = ~whole
    size[part] = shapely.area(shapely.intersection(regions[region[part]], tiles[tile[part]]))
    return np.asarray(np.bincount(region, weights=size, minlength=len(regions)))


def subdivided(area: shapely.Geometry) -> np.ndarray:
    """Cut an area into polygons of few vertices that cover it without overlap."""
    left = shapely.get_parts(np.array([area], dtype=object))
    left = shapely.get_parts(left[~shapely.is_empty(left)])
    small = []
    for _ in range(_DEPTH):
        large = shapely.get_num_coordinates(left) > _VERTICES
        small.append(left[~large])
        left = left[large]
        if not len(left):
            break
        bounds = shapely.bounds(left)
        middle = (bounds[:, :2] + bounds[:, 2:]) / 2
        wide = bounds[:, 2] - bounds[:, 0] > bounds[:, 3] - bounds[:, 1]
        first, second = bounds.copy(), bounds.copy()
        first[wide, 2] = second[wide, 0] = middle[wide, 0]
        first[~wide, 3] = second[~wide, 1] = middle[~wide, 1]
        halves = [shapely.intersection(left, shapely.box(*half.T)) for half in (first, second)]
        parts = shapely.get_parts(np.concatenate(halves))
        left = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]
    return np.concatenate([*small, left])
