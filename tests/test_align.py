"""Restricted graphs: the matrix stands in the order of the labels, whatever that is."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from spatialreg._align import align_to_graph, restrict_graph

LABELS = list("fbdace")
FOCAL = list("ffbbbddaacce")
OTHER = list("bdfdafbbcaec")


@pytest.fixture
def graph():
    return Graph.from_arrays(FOCAL, OTHER, np.arange(1.0, 13.0))


@pytest.mark.parametrize("labels", [list("abcd"), list("dcba"), list("bf"), list("eafcbd")])
@pytest.mark.parametrize("standardised", [False, True])
def test_the_matrix_stands_in_the_order_of_the_labels(graph, labels, standardised):
    graph = graph.transform("r") if standardised else graph
    found = restrict_graph(graph, pd.Index(labels))
    assert found.unique_ids.tolist() == labels
    expected = np.zeros((len(labels), len(labels)))
    for (focal, other), weight in graph.adjacency.items():
        if focal in labels and other in labels:
            expected[labels.index(focal), labels.index(other)] = weight
    if standardised:
        total = expected.sum(axis=1, keepdims=True)
        expected = np.divide(expected, total, out=expected, where=total > 0)
    np.testing.assert_allclose(found.sparse.toarray(), expected, rtol=1e-15)


def test_regions_without_a_value_leave_the_matrix_too(graph):
    y = pd.Series([1.0, np.nan, 3.0, 4.0, 5.0, 6.0], index=LABELS)
    valid, restricted = align_to_graph(y, graph)
    assert valid.index.tolist() == restricted.unique_ids.tolist() == list("acdef")
    assert restricted.sparse.shape == (5, 5)
    np.testing.assert_allclose(restricted.lag(valid), restricted.sparse @ valid.to_numpy())
