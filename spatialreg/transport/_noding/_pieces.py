"""Lines cut at their nodes: the pieces with their shape, length and ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from ...io._geodesic import line_lengths
from ._meeting import Cuts
from ._segments import Parts, along

_DECIMALS = 9  # of a degree: a tenth of a millimetre


class Pieces(NamedTuple):
    """The stretches of parts between one cut and the next.

    Attributes
    ----------
    part : ndarray of int
    start, end : ndarray of int
        Nodes.
    shape : ndarray of LineString
        In longitude and latitude.
    length : ndarray of float
        Geodesic [m].
    drawn : ndarray of float
        Before the ends were moved, in the metric projection [m].
    """

    part: np.ndarray
    start: np.ndarray
    end: np.ndarray
    shape: np.ndarray
    length: np.ndarray
    drawn: np.ndarray

    def take(self, kept: np.ndarray) -> Pieces:
        """Give some of the pieces."""
        return Pieces(*(column[kept] for column in self))


def pieces_of(parts: Parts, cuts: Cuts, lonlat: np.ndarray, nodes: np.ndarray) -> Pieces:
    """Cut parts, and lay each piece from node to node.

    Parameters
    ----------
    parts : Parts
    cuts : Cuts
        With both ends of each part.
    lonlat : ndarray, shape (v, 2)
        The vertices of the parts in degrees.
    nodes : ndarray, shape (n, 2)
        The nodes in degrees.

    Returns
    -------
    Pieces
        In the order of the parts and along each, those of no extent included.
    """
    order = np.lexsort((cuts.node, cuts.place, cuts.part))
    part, place, node = (column[order] for column in cuts)
    again = np.zeros(len(part), dtype=bool)
    again[1:] = (part[1:] == part[:-1]) & (place[1:] == place[:-1]) & (node[1:] == node[:-1])
    part, place, node = part[~again], place[~again], node[~again]
    follows = np.flatnonzero(part[1:] == part[:-1])
    start, end = follows, follows + 1
    # vertices strictly between two cuts
    lower = np.floor(place[start]).astype(np.int64) + 1
    upper = np.ceil(place[end]).astype(np.int64)
    inner = np.maximum(upper - lower, 0)
    size = inner + 2
    offset = np.cumsum(size) - size
    which = np.repeat(np.arange(len(start)), size)
    k = np.arange(len(which)) - offset[which]
    vertex = (lower[which] + k - 1).clip(0, len(lonlat) - 1)
    xy = lonlat[vertex]
    xy[offset] = nodes[node[start]]
    xy[offset + size - 1] = nodes[node[end]]
    shape = shapely.linestrings(xy, indices=which) if len(which) else np.empty(0, dtype=object)
    length = line_lengths(xy, which, len(start))
    steps = np.r_[0.0, np.hypot(*np.diff(parts.metric, axis=0).T)]
    way = along(np.cumsum(steps)[:, None], place)[:, 0]
    return Pieces(part[start], node[start], node[end], shape, length, way[end] - way[start])


def duplicates(pieces: Pieces, alike: np.ndarray, oneway: np.ndarray) -> np.ndarray:
    """Give for each piece the first that is the same, itself if none is.

    Parameters
    ----------
    pieces : Pieces
    alike : ndarray of int
        By piece; pieces are the same only where this is.
    oneway : ndarray of bool
        By piece; those drawn in opposite directions are then two.
    """
    first = np.arange(len(pieces.part))
    low, high = np.minimum(pieces.start, pieces.end), np.maximum(pieces.start, pieces.end)
    keys = (shapely.get_num_coordinates(pieces.shape), np.round(pieces.length, 2), alike, high, low)
    order = np.lexsort(keys)
    close = np.ones(len(order), dtype=bool)
    close[1:] = False
    for key in keys:
        close[1:] |= key[order][1:] != key[order][:-1]
    run = np.cumsum(close) - 1
    suspects = order[np.bincount(run)[run] > 1] if len(order) else order
    shapes = shapely.transform(pieces.shape[suspects], lambda xy: np.round(xy, _DECIMALS))
    shapes[~oneway[suspects]] = shapely.normalize(shapes[~oneway[suspects]])
    seen: dict[tuple[int, bytes], int] = {}
    for position, code, shape in sorted(
        zip(suspects, alike[suspects], shapely.to_wkb(shapes), strict=True)
    ):
        first[position] = seen.setdefault((int(code), shape), int(position))
    return first
