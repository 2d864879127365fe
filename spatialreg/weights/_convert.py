"""To and from ``libpysal.weights.W``, the older form of spatial weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from libpysal.weights import W
from scipy import sparse

from .._graph import graph_from_matrix
from ..errors import InputError

# W and Graph use the same letters; what W does not know is taken as it stands
_LETTERS = ("B", "R", "D", "V")


def from_w(w: W) -> Graph:
    """Give a ``libpysal.weights.W`` as a Graph, with its islands, ids, weights and transformation.

    Parameters
    ----------
    w : libpysal.weights.W

    Returns
    -------
    libpysal.graph.Graph
        In the order of the ids of `w`. Its transformation is kept (libpysal's own
        ``Graph.from_W`` calls every graph untransformed, so that row standardisation is not
        restored where regions drop out). Links of weight zero are left out.

    Raises
    ------
    InputError
        `w` is no W.

    Examples
    --------
    >>> from libpysal.weights import W
    >>> import spatialreg as sr
    >>> graph = sr.weights.from_w(W({"a": ["b"], "b": ["a"], "c": []}, silence_warnings=True))
    >>> graph["a"].to_dict(), list(graph.isolates)
    ({'b': 1.0}, ['c'])
    """
    if not isinstance(w, W):
        raise InputError(f"w must be a libpysal.weights.W, not {type(w).__name__}")
    letter = str(w.transform).upper()
    matrix = sparse.csr_array(w.sparse)
    return graph_from_matrix(matrix, pd.Index(w.id_order), letter if letter in _LETTERS else "O")


def to_w(graph: Graph) -> W:
    """Give a Graph as a ``libpysal.weights.W``, with its isolates, labels and transformation.

    Parameters
    ----------
    graph : libpysal.graph.Graph

    Returns
    -------
    libpysal.weights.W
        In the order of `graph`. Its untransformed weights (``w.transform = "o"``) are the weights
        of `graph`, which does not know what they were before.

    Raises
    ------
    InputError
        `graph` is no Graph.

    Examples
    --------
    >>> import spatialreg as sr
    >>> w = sr.weights.to_w(sr.build_weights(sr.datasets.us_states()))
    >>> w.n, w.transform, w.neighbors["06"]
    (48, 'R', ['04', '32', '41'])
    """
    if not isinstance(graph, Graph):
        raise InputError(f"graph must be a libpysal.graph.Graph, not {type(graph).__name__}")
    matrix = sparse.csr_array(graph.sparse)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    labels = np.asarray(graph.unique_ids, dtype=object)
    rows = [slice(*ends) for ends in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)]
    w = W(
        {i: labels[matrix.indices[row]].tolist() for i, row in zip(labels, rows, strict=True)},
        {i: matrix.data[row].tolist() for i, row in zip(labels, rows, strict=True)},
        id_order=labels.tolist(),
        silence_warnings=True,
    )
    if graph.transformation in _LETTERS:
        w.transform = graph.transformation  # the same weights again, and the letter
    return w
