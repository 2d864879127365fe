"""Travel times by timetable from first principles: a graph of every event, searched by networkx.

Nodes are "aboard this connection" and "ready at this stop at this moment"; edges are what a
traveller can do next. It shares nothing with the package but the frames that a timetable is.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import networkx as nx
import numpy as np

from spatialreg.transport import Timetable

Seconds = Mapping[tuple[str, str], int]


class TimeExpanded:
    """The time-expanded graph of a timetable; times in whole seconds.

    `changes` holds for each pair of stops the seconds from alighting to boarding. With `rides`,
    everything stands once for each number of rides.
    """

    def __init__(self, timetable: Timetable, changes: Seconds, rides: int | None = None) -> None:
        table = timetable.connections
        self.layers = 1 if rides is None else rides
        self.limited = rides is not None
        self.rows = [
            (
                row.run, row.sequence, row.start, row.end, round(row.departure * 60),
                round(row.arrival * 60), row.boarding, row.alighting,
            )
            for row in table.itertuples()
        ]  # fmt: skip
        self.rows.sort(key=lambda row: (row[0], row[1]))
        self.changes = changes
        self.graph = nx.DiGraph()
        ready: dict[str, set[int]] = {stop: set() for stop in timetable.stops.index}
        for _, _, start, end, departure, arrival, _, _ in self.rows:
            ready[start].add(departure)
            for (alight, board), seconds in changes.items():
                if alight == end:
                    ready[board].add(arrival + seconds)
        self.ready = {stop: sorted(times) for stop, times in ready.items()}
        for k in range(self.layers):
            self._layer(k)

    def _layer(self, k: int) -> None:
        for stop, times in self.ready.items():
            for one, two in itertools.pairwise(times):
                self.graph.add_edge((stop, one, k), (stop, two, k), weight=two - one)
        for c, (run, _, start, end, departure, arrival, boarding, alighting) in enumerate(
            self.rows
        ):
            if boarding:
                self.graph.add_edge((start, departure, k), (c, k), weight=0)
            if c + 1 < len(self.rows) and self.rows[c + 1][0] == run:
                self.graph.add_edge((c, k), (c + 1, k), weight=self.rows[c + 1][4] - departure)
            after = k + 1 if self.limited else k
            if alighting and after < self.layers:
                for (alight, board), seconds in self.changes.items():
                    if alight == end:
                        self.graph.add_edge(
                            (c, k), (board, arrival + seconds, after),
                            weight=arrival + seconds - departure,
                        )  # fmt: skip

    def times(
        self,
        access: Mapping[str, int],
        egress: Mapping[str, int],
        moments: np.ndarray,
        walk: float = math.inf,
    ) -> np.ndarray:
        """Give the seconds to the target for those who set out at each of `moments`."""
        graph = self.graph.copy()
        graph.add_node("target")
        for c, (_, _, _, end, departure, arrival, _, alighting) in enumerate(self.rows):
            if alighting and end in egress:
                for k in range(self.layers):
                    graph.add_edge((c, k), "target", weight=arrival + egress[end] - departure)
        left = nx.single_source_dijkstra_path_length(graph.reverse(copy=False), "target")
        found = np.full(len(moments), float(walk))
        for place, moment in enumerate(moments):
            for stop, seconds in access.items():
                later = [t for t in self.ready[stop] if t >= moment + seconds]
                if later:
                    rest = left.get((stop, later[0], 0), math.inf)
                    found[place] = min(found[place], later[0] - moment + rest)
        return found
