"""What a search reached, drawn: areas off the network, and pieces of its edges.

Takes a search and the times at its vertices, gives shapes in the plane of the search.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..transport._connect import drawn_edges
from ._reached import Pieces, Search, pieces_within
from ._tapered import Discs, Drawn, joined, radii
from ._united import united


class ReachedAreas:
    """Draws what a search reached: the areas, and the lines."""

    def __init__(self, search: Search, quad_segs: int) -> None:
        self.search = search
        self.discs = Discs(search.metric, quad_segs)
        edges = search.network.edges
        used, compact = np.unique(search.stretches.edge, return_inverse=True)
        self.used = used
        self.stretches = replace(search.stretches, edge=compact)
        shapes = gpd.GeoSeries(drawn_edges(edges.iloc[used], search.network), crs=4326)
        self.drawn = Drawn.of(shapes.to_crs(search.metric).to_numpy())
        nodes = search.network.nodes.geometry.iloc[search.nodes].to_crs(search.metric)
        self.node_xy = shapely.get_coordinates(nodes.to_numpy())
        if search.points is not None:
            points = search.points.to_crs(search.metric).to_numpy()
            self.point_xy = shapely.get_coordinates(points)

    def within(self, times: np.ndarray, limit: float, labels: np.ndarray) -> shapely.Geometry:
        """Give the area reached within `limit` [min]."""
        off = self.search.connectors
        pace = 1.0 / float(off.minutes(1.0))
        left = (limit - times[self.search.nodes]) * pace
        near = left > 0
        segments = self.drawn.cut(pieces_within(self.stretches, times, limit))
        tapers = [
            self.discs.along(radii(segments, limit, pace, off.within_m)),
            self.discs.around(self.node_xy[near], np.minimum(left[near], off.within_m)),
        ]
        if self.search.points is not None and off.direct:
            around = np.full(len(labels), min(limit * pace, off.within_m))
            tapers.append(self.discs.around(self.point_xy[labels], around))
        return united(joined(tapers))

    def lines(self, times: np.ndarray, limit: float) -> pd.DataFrame:
        """Give the pieces of edges reached within `limit`, those that meet joined."""
        pieces = self._joined(pieces_within(self.stretches, times, limit))
        segments = self.drawn.cut(pieces)
        first = (
            np.r_[True, np.diff(segments.piece) > 0] if len(segments.piece) else np.empty(0, bool)
        )
        xy = np.concatenate([segments.xy[first, 0], segments.xy[:, 1]])
        order = np.argsort(np.r_[segments.piece[first] * 2, segments.piece * 2 + 1], kind="stable")
        which = np.r_[segments.piece[first], segments.piece][order]
        shapes = shapely.linestrings(xy[order], indices=which) if len(which) else []
        return pd.DataFrame(
            {
                "at": self.used[pieces.edge],
                "start_share": pieces.share[:, 0],
                "end_share": pieces.share[:, 1],
                "shape": np.asarray(shapes, dtype=object),
            }
        )

    @staticmethod
    def _joined(pieces: Pieces) -> Pieces:
        order = np.lexsort((pieces.share[:, 0], pieces.edge))
        edge, share = pieces.edge[order], pieces.share[order]
        fresh = np.ones(len(edge), dtype=bool)
        fresh[1:] = (edge[1:] != edge[:-1]) | (share[1:, 0] > share[:-1, 1] + 1e-12)
        first = np.flatnonzero(fresh)
        last = np.r_[first[1:], len(edge)] - 1 if len(first) else first
        ends = np.column_stack([share[first, 0], share[last, 1]])
        return Pieces(edge[first], ends, np.zeros_like(ends))
