"""Graphs and matrices agree on who is where, in whatever order a graph holds its labels."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from spatialreg._align import align_to_graph
from spatialreg._graph import matrix_from_graph


@pytest.fixture
def blocks():
    """Regions of one letter are neighbours; libpysal lists them group by group."""
    return Graph.build_block_contiguity(pd.Series(list("xyxyx"), index=list("abcde")))


EXPECTED = np.array([[int(p != q and (i - j) % 2 == 0) for j, q in enumerate("abcde")]
                     for i, p in enumerate("abcde")])  # fmt: skip


def test_the_graph_is_in_another_order(blocks):
    # else the tests below could not fail
    assert blocks.unique_ids.tolist() == ["a", "c", "e", "b", "d"]


def test_a_matrix_is_in_the_order_asked_for(blocks):
    for labels in (list("abcde"), list("edcba")):
        matrix = matrix_from_graph(blocks, pd.Index(labels)).toarray()
        back = ["abcde".index(label) for label in labels]
        assert matrix.tolist() == EXPECTED[np.ix_(back, back)].tolist()


def test_a_restricted_graph_is_in_the_order_of_its_labels(blocks):
    y = pd.Series(1.0, index=list("edcba"))
    values, graph = align_to_graph(y, blocks)
    assert graph.unique_ids.tolist() == values.index.tolist() == list("abcde")
    assert graph.sparse.toarray().tolist() == EXPECTED.tolist()
    y["c"] = np.nan
    values, graph = align_to_graph(y, blocks.transform("r"))
    kept = [0, 1, 3, 4]
    assert graph.unique_ids.tolist() == list("abde")
    assert graph.sparse.toarray().tolist() == EXPECTED[np.ix_(kept, kept)].tolist()


def test_isolates_and_links_out_of_reach_leave_no_trace(blocks):
    matrix = matrix_from_graph(blocks, pd.Index(list("abz")))
    assert matrix.nnz == 0
    alone = Graph.from_adjacency(pd.DataFrame({"focal": ["a"], "neighbor": ["a"], "weight": [0]}))
    assert matrix_from_graph(alone, pd.Index(["a"])).nnz == 0
