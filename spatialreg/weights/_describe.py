"""Sum up a graph in a few lines."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import some
from ..errors import DisconnectedWarning, InputError


def describe_weights(graph: Graph) -> pd.Series:
    """Sum up a graph: how many neighbours regions have, and whether it hangs together.

    Parameters
    ----------
    graph : libpysal.graph.Graph

    Returns
    -------
    Series
        ``regions``; ``links`` (directed); ``mean_neighbours``, ``min_neighbours``,
        ``max_neighbours``; ``isolates``; ``components`` (parts that no link joins, isolates among
        them); ``one_way_links`` (without a link back); ``transformation`` (libpysal's letter);
        and, of a graph fresh from :func:`build_weights`, ``method``, ``threshold_m``,
        ``tolerance_m``, ``near_misses`` (pairs that nearly touch, see there), ``near_miss_gap_m``
        (the widest gap) and ``joined`` (isolates and the regions that they were joined to).

    Raises
    ------
    InputError
        `graph` is no Graph.

    Warns
    -----
    DisconnectedWarning
        The graph has more than one component.

    Examples
    --------
    >>> import spatialreg as sr
    >>> summary = sr.describe_weights(sr.build_weights(sr.datasets.us_states(), "queen"))
    >>> summary[["regions", "links", "max_neighbours", "components"]].to_dict()
    {'regions': 48, 'links': 214, 'max_neighbours': 8, 'components': 1}
    """
    if not isinstance(graph, Graph):
        raise InputError(f"graph must be a libpysal.graph.Graph, not {type(graph).__name__}")
    links = sparse.csr_array(graph.sparse)
    links.eliminate_zeros()
    links = links.astype(bool).astype(int)
    cardinality = np.diff(links.indptr)
    parts, part = sparse.csgraph.connected_components(links, directed=False)
    notes = getattr(graph, "build_notes", {})
    if parts > 1:
        sizes = np.bincount(part)
        apart = graph.unique_ids[part != np.argmax(sizes)]
        warnings.warn(
            f"the graph falls into {parts} parts; {len(apart)} regions lie outside the largest "
            f"({some(apart)}): statistics see no relation between the parts",
            DisconnectedWarning,
            stacklevel=2,
        )
    return pd.Series(
        {
            "regions": graph.n,
            "links": int(links.sum()),
            "mean_neighbours": float(cardinality.mean()),
            "min_neighbours": int(cardinality.min()),
            "max_neighbours": int(cardinality.max()),
            "isolates": int((cardinality == 0).sum()),
            "components": int(parts),
            "one_way_links": int((links - links.multiply(links.T)).sum()),
            "transformation": graph.transformation,
            "method": notes.get("method"),
            "threshold_m": notes.get("threshold_m", np.nan),
            "tolerance_m": notes.get("tolerance_m", np.nan),
            "near_misses": notes.get("near_misses"),
            "near_miss_gap_m": notes.get("near_miss_gap_m", np.nan),
            "joined": "; ".join(f"{a} to {b}" for a, b in notes.get("joined", {}).items()),
        },
        dtype=object,
        name="weights",
    )
