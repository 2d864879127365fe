"""What is asked of a network: from where, to where, at what date, by what measure.

Takes places as users have them (labels of nodes, a Series that names the node of each place, or
points that are joined by connectors), gives vertices of a compiled network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._align import require_one_of, require_unique, some
from .._dates import DateLike
from .._nearby import EARTH_RADIUS, SPHERE_ERROR, WGS84
from ..errors import AlignmentError, InputError
from ._connect import Connectors, connected, point_series
from ._network import Network
from ._routable import Routable, routable, shrink

Places: TypeAlias = gpd.GeoDataFrame | gpd.GeoSeries | pd.Series | pd.Index | Sequence[str]
MEASURES = ("minutes", "length_m")


@dataclass(frozen=True, eq=False)
class Question:
    """Places as vertices of a compiled network.

    Attributes
    ----------
    graph : Routable
    leave, arrive : ndarray of int
        The vertex of each origin, and of each destination.
    origins, destinations : Index
    by : {"minutes", "length_m"}
    connectors : Connectors or None
        How points were joined; None where all places are nodes.
    points : (GeoSeries, GeoSeries) or None
        Where one may also go straight from an origin to a destination.
    shrink : float
        By which longitudes are shortened in the positions of the graph.
    words : str
    """

    graph: Routable
    leave: np.ndarray
    arrive: np.ndarray
    origins: pd.Index
    destinations: pd.Index
    by: str
    connectors: Connectors | None
    points: tuple[gpd.GeoSeries, gpd.GeoSeries] | None
    shrink: float
    words: str

    @cached_property
    def _degrees(self) -> tuple[np.ndarray, ...]:
        """Longitudes and latitudes of the origins, and of the destinations."""
        if self.points is None:
            raise InputError("there is no straight way between nodes")
        return tuple(
            getattr(places, axis).to_numpy() for places in self.points for axis in ("x", "y")
        )

    def straight(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Give what the straight way costs between pairs of origins and destinations."""
        if self.points is None or self.connectors is None:
            return np.full(len(rows), np.inf)
        lon, lat, lon2, lat2 = self._degrees
        ends = lon[rows], lat[rows], lon2[columns], lat2[columns]
        return self._costs(np.asarray(WGS84.inv(*ends)[2], dtype=float))

    def shorten(self, rows: np.ndarray, values: np.ndarray, limit: float) -> np.ndarray:
        """Put the straight way in the place of a longer one, for the rows of these origins.

        The geodesic is asked only where a distance that is surely shorter would do.
        """
        if self.points is None or self.connectors is None:
            return values
        lon, lat, lon2, lat2 = (np.radians(degrees) for degrees in self._degrees)
        shortened = values.copy()
        for at, row in enumerate(rows):
            half = np.sin((lat2 - lat[row]) / 2) ** 2
            half += np.cos(lat[row]) * np.cos(lat2) * np.sin((lon2 - lon[row]) / 2) ** 2
            least = self._costs(2 * EARTH_RADIUS * np.arcsin(np.sqrt(half)) / SPHERE_ERROR)
            where = np.flatnonzero(least < np.minimum(values[at], np.nextafter(limit, np.inf)))
            cost = self.straight(np.full(len(where), row), where)
            cost[cost > limit] = np.inf
            shortened[at, where] = np.minimum(values[at, where], cost)
        return shortened

    def _costs(self, metres: np.ndarray) -> np.ndarray:
        if self.connectors is None:
            raise InputError("there is no straight way without connectors")
        if self.by == "minutes":
            return np.asarray(self.connectors.minutes(metres))
        return metres * self.connectors.detour

    def where(self, vertex: int) -> tuple[float, float]:
        """Give longitude and latitude of a vertex of the graph."""
        arcs = self.graph.arcs
        return float(arcs.x[vertex] / self.shrink), float(arcs.y[vertex])

    def straight_line(self, origin: int, destination: int) -> shapely.LineString:
        """Draw the straight way between an origin and a destination."""
        if self.points is None:
            raise InputError("there is no straight way between nodes")
        return shapely.LineString([self.points[0].iloc[origin], self.points[1].iloc[destination]])


def limit_of(cutoff: float | None) -> float:
    """Give a cut-off as a number: infinity for none.

    Raises
    ------
    InputError
        It is negative or no number.
    """
    if cutoff is None:
        return np.inf
    if isinstance(cutoff, bool) or not cutoff >= 0:
        raise InputError(f"cutoff must be a number from zero on, not {cutoff!r}")
    return float(cutoff)


def asked(
    origins: Places,
    destinations: Places,
    network: Network,
    *,
    date: DateLike | None = None,
    connectors: Connectors | None = None,
    by: str = "minutes",
) -> Question:
    """Resolve places, date and measure.

    Raises
    ------
    InputError
        There are no places, connectors are given and all places are nodes, or `by` is unknown.
    AlignmentError
        A label is no node, or stands twice.
    """
    require_one_of(by, MEASURES, "by")
    if not isinstance(network, Network):
        raise InputError(
            f"network must be a spatialreg.Network, not {type(network).__name__}: make it with "
            "Network.from_frames or Network.from_lines"
        )
    network = network if date is None else network.at(date)
    graph = routable(network, by=by)
    drawn = [isinstance(p, gpd.GeoDataFrame | gpd.GeoSeries) for p in (origins, destinations)]
    if connectors is not None and not any(drawn):
        raise InputError("connectors= joins points: origins and destinations are nodes, leave it")
    if any(drawn):
        connectors = connectors or Connectors()
    points = [
        point_series(places, what) if is_drawn else None
        for places, what, is_drawn in zip(
            (origins, destinations), ("origins", "destinations"), drawn, strict=True
        )
    ]
    given = [p for p in points if p is not None]
    leave = arrive = np.empty(0, dtype=np.int64)
    if given and connectors is not None:
        graph, leave, arrive = connected(graph, network, pd.concat(given), connectors, by)
    cut = len(points[0]) if points[0] is not None else 0
    start = leave[:cut] if drawn[0] else _nodes(origins, network, "origins")
    stop = arrive[cut:] if drawn[1] else _nodes(destinations, network, "destinations")
    labels = [_labels(p, w) for p, w in ((origins, "origins"), (destinations, "destinations"))]
    off = connectors is not None and connectors.direct and points[0] is not None
    both = (points[0], points[1]) if off and points[1] is not None else None
    words = _words(network, by, connectors)
    return Question(
        graph, start, stop, labels[0], labels[1], by, connectors, both, shrink(network), words
    )  # fmt: skip


def _labels(places: Places, what: str) -> pd.Index:
    if isinstance(places, pd.Series | pd.DataFrame):  # a GeoSeries and a GeoDataFrame are such
        labels = places.index
    else:
        labels = pd.Index(list(places))
    require_unique(labels, what)
    if not len(labels):
        raise InputError(f"{what} are empty")
    return labels


def _nodes(places: Places, network: Network, what: str) -> np.ndarray:
    if isinstance(places, str):
        raise InputError(f"{what} must be a list of nodes, [{places!r}], not one text")
    named = pd.Index(list(places))
    at = network.nodes.index.get_indexer(named)
    lost = named[at < 0]
    if len(lost):
        raise AlignmentError(
            f"{len(lost)} of the {what} are no nodes of the network ({some(lost)}): give labels "
            "of its nodes, or points (a GeoSeries) to be joined to it"
        )
    return at.astype(np.int64)


def _words(network: Network, by: str, connectors: Connectors | None) -> str:
    what = "the quickest way [min]" if by == "minutes" else "the shortest way [m]"
    natures = ", ".join(sorted(network.edges["nature"].unique()))
    words = [what, f"on a network that is {natures}" if natures else "on a network without edges"]
    if network.date is not None:
        words.append(f"as it stood on {network.date:%Y-%m-%d}")
    if by == "minutes":
        for mode, times in network.modes.iterrows():
            spent = [f"{name} {value:g}" for name, value in times.items() if value > 0]
            if spent and (network.edges["mode"] == mode).any():
                words.append(f"{mode}: {', '.join(spent)} min")
    if connectors is not None:
        words.append(connectors.words)
    return "; ".join(words)
