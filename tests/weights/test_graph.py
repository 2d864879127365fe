"""Graphs made from matrices are those that libpysal makes, only sooner."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from scipy import sparse

from spatialreg._graph import graph_from_matrix, standardised_rows

LABELS = {
    "text": pd.Index([f"{i:02d}" for i in range(30)][::-1], name="code"),
    "whole numbers": pd.Index(range(100, 130)),
    "shuffled": pd.Index(np.random.default_rng(2).permutation(30)),
    "mixed": pd.Index([*range(15), *"abcdefghijklmno"], dtype=object),
}


def some_matrix(seed):
    """30 x 30 with unequal weights; rows 0, 7 and 29 and their columns are empty."""
    matrix = sparse.random_array((30, 30), density=0.15, rng=np.random.default_rng(seed)).toarray()
    matrix[[0, 7, 29], :] = 0
    matrix[:, [0, 7, 29]] = 0
    np.fill_diagonal(matrix, 0)
    return sparse.csr_array(matrix)


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_as_libpysal_makes_it(labels):
    matrix = some_matrix(1)
    ours, theirs = graph_from_matrix(matrix, labels), Graph.from_sparse(matrix, ids=labels)
    assert ours == theirs
    pd.testing.assert_series_equal(
        ours.adjacency, theirs.adjacency, check_index_type=False, check_dtype=False
    )
    assert list(ours.unique_ids) == list(labels)
    assert set(ours.isolates) == set(labels[[0, 7, 29]])
    assert (ours.sparse != matrix).nnz == 0
    one = labels[3]
    pd.testing.assert_series_equal(ours[one], theirs[one], check_index_type=False)
    again = graph_from_matrix(standardised_rows(matrix), labels, "R")
    assert again == theirs.transform("r")
    assert again.transformation == "R"


def test_stored_zeros_are_no_links_and_double_entries_are_one():
    one, other, weight = [0, 0, 1, 1], [1, 2, 0, 0], [1.0, 0.0, 2.0, 3.0]
    matrix = sparse.csr_array((weight, (one, other)), shape=(3, 3))
    graph = graph_from_matrix(matrix, pd.Index(list("abc")))
    assert graph.adjacency.to_dict() == {("a", "b"): 1, ("b", "a"): 5, ("c", "c"): 0}
    assert matrix.nnz == 3  # the zero is still in the caller's
