"""How central each node of a network is, by the minutes or metres of the ways through it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .._align import require_one_of
from .._dates import DateLike
from .._progress import working
from ..errors import InputError
from ._centrality import betweenness, closeness, harmonic
from ._network import Network
from ._question import MEASURES
from ._routable import Routable, routable
from ._searches import dense

CENTRALITIES = ("closeness", "harmonic", "betweenness")
_BLOCK = 256  # searches whose rows are held at once


def centrality(
    network: Network,
    *,
    measure: str = "closeness",
    date: DateLike | None = None,
    by: str = "minutes",
    direction: str = "to",
    sample: int | None = None,
    rng: int | np.random.Generator | None = None,
) -> pd.DataFrame:
    """Measure how central the nodes of a network are.

    With d the cost of the way between two nodes, n all nodes, and r those that are joined to a
    node, itself among them:

    =============== =============================================================================
    ``closeness``   ``(r - 1) / sum(d)``, times ``(r - 1) / (n - 1)`` so that a node of a small
                    part is less central (Wasserman and Faust 1994)
    ``harmonic``    sum of ``1 / d`` over ``n - 1`` (Marchiori and Latora 2000)
    ``betweenness`` share of pairs of other nodes whose cheapest ways lead through it (Brandes
                    2001)
    =============== =============================================================================

    Parameters
    ----------
    network : Network
    measure : {"closeness", "harmonic", "betweenness"}
    date : date, str or int, optional
        The network as it stood at the end of this day; a year means its last day.
    by : {"minutes", "length_m"}
        What a way costs.
    direction : {"to", "from"}
        Ways to the node or from it; not for betweenness.
    sample : int, optional
        For betweenness: estimate it from ways that begin at so many nodes, drawn without
        replacement.
    rng : int or Generator, optional
        Seed of the sample.

    Returns
    -------
    DataFrame
        On the index of the nodes, a column named as the measure, per minute or metre (closeness,
        harmonic) or a share of pairs; from a sample also ``standard_error``. For betweenness
        ``attrs["edges"]`` has what each edge carries of the ways (both directions together, of all
        pairs), by label: ``pd.Series(frame.attrs["edges"])``.

    Raises
    ------
    InputError
        An argument is out of range or not used; betweenness of a network whose modes have waits.

    Notes
    -----
    In a network whose modes have times of boarding, ways are between places, with their waits and
    changes. Betweenness counts ways through vertices, of which such a node has several; ask for it
    without waits (``network.with_modes``).

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(index=["a", "b", "c"],
    ...     geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a", "b"], "end": ["b", "c"], "minutes": [2.0, 2.0]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> sr.transport.centrality(network, measure="harmonic")["harmonic"].to_dict()
    {'a': 0.375, 'b': 0.5, 'c': 0.375}
    """
    require_one_of(measure, CENTRALITIES, "measure")
    require_one_of(by, MEASURES, "by")
    require_one_of(direction, ("to", "from"), "direction")
    if measure != "betweenness" and (sample is not None or rng is not None):
        raise InputError(f"measure {measure!r} does not use sample= or rng=: leave them out")
    if measure == "betweenness" and direction != "to":
        raise InputError("measure 'betweenness' does not use direction=: leave it out")
    network = network if date is None else network.at(date)
    graph = routable(network, by=by)
    with working(f"{measure} of {len(network.nodes):,} nodes"):
        if measure == "betweenness":
            return _between(network, graph, sample, rng)
        values = _towards(graph, len(network.nodes), measure, direction)
    frame = pd.DataFrame({measure: values}, index=network.nodes.index)
    frame.attrs["definition"] = f"{measure} centrality by {by}, ways {direction} the node"
    return frame


def _towards(graph: Routable, places: int, measure: str, direction: Any) -> np.ndarray:
    """Give closeness or harmonic centrality among the places."""
    others = max(places - 1, 1)
    if graph.arcs.vertices == places:
        if measure == "closeness":
            return closeness(graph.arcs, direction=direction)
        return harmonic(graph.arcs, direction=direction) / others
    arcs = graph.arcs.reversed() if direction == "to" else graph.arcs
    every = np.arange(places)
    values = np.zeros(places)
    for start in range(0, places, _BLOCK):
        rows = every[start : start + _BLOCK]
        cost = dense(arcs, rows, every)
        joined = np.isfinite(cost).sum(axis=1) - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            if measure == "closeness":
                total = np.where(np.isfinite(cost), cost, 0.0).sum(axis=1)
                found = np.where(total > 0, joined / total * joined / others, 0.0)
            else:
                found = np.where(cost > 0, 1 / cost, 0.0).sum(axis=1) / others
        values[rows] = found
    return values


def _between(network: Network, graph: Routable, sample: int | None, rng: Any) -> pd.DataFrame:
    places = len(network.nodes)
    if graph.arcs.vertices != places:
        modes = ", ".join(network.modes.index[(network.modes > 0).any(axis=1)])
        raise InputError(
            f"betweenness is not defined for modes with waits ({modes}): leave the waits out, "
            "network.with_modes({mode: {} ...})"
        )
    found = betweenness(graph.arcs, sample=sample, rng=rng)
    frame = pd.DataFrame({"betweenness": found.vertex}, index=network.nodes.index)
    if found.vertex_error is not None:
        frame["standard_error"] = found.vertex_error
    carried = np.bincount(graph.edge, weights=found.arc, minlength=len(network.edges))
    frame.attrs["definition"] = "betweenness centrality: share of pairs of other nodes"
    # numbers by label, for an array among the attributes can be neither compared nor written
    frame.attrs["edges"] = dict(zip(network.edges.index.tolist(), carried.tolist(), strict=True))
    return frame
