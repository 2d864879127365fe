"""Make a ``libpysal.graph.Graph`` from a sparse matrix, without the detour over labels.

libpysal's own constructors look every link up by its labels and sort them; for two million links
that takes longer than finding the links. A sparse matrix knows the positions already, and they are
the codes of the MultiIndex that a Graph holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

if TYPE_CHECKING:
    from libpysal.graph import Graph


def graph_from_matrix(
    matrix: sparse.csr_array, labels: pd.Index, transformation: str = "O"
) -> Graph:
    """Give the graph whose weights stand in `matrix`, its rows and columns labelled by `labels`.

    Parameters
    ----------
    matrix : sparse array
        Weight of the link from row to column; zeros that are stored are no links.
    labels : Index
        Unique, one for each row.
    transformation : {"O", "B", "R", "D", "V"}
        libpysal's letter for what the weights are already; they are taken as they stand.

    Returns
    -------
    libpysal.graph.Graph
        Isolates carry a link of weight zero to themselves, as libpysal has it.
    """
    from libpysal.graph import Graph

    matrix = sparse.csr_array(matrix, dtype=float, copy=True)
    matrix.sum_duplicates()  # which sorts the columns of each row, too
    matrix.eliminate_zeros()
    count = np.diff(matrix.indptr)
    alone = np.flatnonzero(count == 0)
    # where the link of an isolate to itself belongs among the others
    at = matrix.indptr[alone]
    focal = np.insert(np.repeat(np.arange(len(labels)), count), at, alone)
    neighbor = np.insert(matrix.indices, at, alone)
    levels: Any = [labels, labels]  # pandas' stubs want lists of lists, pandas itself does not
    codes: Any = [focal, neighbor]
    index = pd.MultiIndex(
        levels=levels,
        codes=codes,
        names=["focal", "neighbor"],
        verify_integrity=False,
    )
    weight = pd.Series(np.insert(matrix.data, at, 0.0), index=index, name="weight")
    return Graph(weight, transformation=transformation, is_sorted=True)


def matrix_from_graph(graph: Graph, labels: pd.Index) -> sparse.csr_array:
    """Give the weights between `labels` as a matrix in their order, found by label; no zeros.

    ``Graph.sparse`` stands in the order of the index levels of its adjacency, which is not always
    that of ``unique_ids``.
    """
    index = graph.adjacency.index
    row, column = (
        labels.get_indexer(level)[codes]
        for level, codes in zip(index.levels, index.codes, strict=True)
    )
    weight = graph.adjacency.to_numpy(dtype=float)
    kept = (row >= 0) & (column >= 0) & (weight != 0)
    size = (len(labels), len(labels))
    return sparse.csr_array((weight[kept], (row[kept], column[kept])), shape=size)


def standardised_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    """Give `matrix` with rows that sum to one; rows without links stay empty."""
    matrix = sparse.csr_array(matrix, dtype=float, copy=True)
    matrix.sum_duplicates()
    total = matrix.sum(axis=1)
    matrix.data /= np.repeat(total, np.diff(matrix.indptr))
    return matrix
