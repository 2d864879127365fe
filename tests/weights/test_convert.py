"""To libpysal.weights.W and back: islands, ids, weights and transformation survive."""

import numpy as np
import pandas as pd
import pytest
from libpysal import examples, weights
from libpysal.io import open as open_weights

import spatialreg as sr
from spatialreg.errors import InputError, IsolateWarning
from spatialreg.weights import from_w, to_w

from .shapes import links


@pytest.fixture
def w():
    """Unequal weights, ids that are not in order, an island, a link without return."""
    return weights.W(
        {"b": ["a", "c"], "a": ["b"], "c": [], "d": ["b"]},
        {"b": [1.0, 3.0], "a": [2.0], "c": [], "d": [0.5]},
        id_order=["b", "a", "c", "d"],
        silence_warnings=True,
    )


def test_from_w(w):
    graph = from_w(w)
    assert list(graph.unique_ids) == ["b", "a", "c", "d"]
    assert list(graph.isolates) == ["c"]
    assert graph["b"].to_dict() == {"a": 1, "c": 3}
    assert graph.transformation == "O"
    assert w.transform == "O"


@pytest.mark.parametrize("letter", ["r", "b", "v", "d"])
def test_transformation_is_kept(w, letter):
    w.transform = letter
    graph = from_w(w)
    assert graph.transformation == letter.upper()
    back = to_w(graph)
    assert back.transform == letter.upper()
    np.testing.assert_allclose(back.sparse.toarray(), w.sparse.toarray(), rtol=1e-14)
    assert w.transform == letter.upper()


def test_round_trip_of_a_graph(coast, lattice):
    with pytest.warns(IsolateWarning):
        island = sr.build_weights(coast, transform="o")
    for graph in (island, sr.build_weights(lattice), sr.build_weights(lattice, "knn", k=3)):
        w = to_w(graph)
        assert w.id_order == list(graph.unique_ids)
        assert w.islands == list(graph.isolates)
        again = from_w(w)
        assert again.transformation == graph.transformation
        pd.testing.assert_series_equal(again.adjacency, graph.adjacency, rtol=1e-14)


def test_whole_numbers_stay_whole_numbers(lattice):
    w = to_w(sr.build_weights(lattice.set_index(pd.Index(range(9)))))
    assert all(type(label) is int for label in w.id_order)
    assert w.neighbors[0] == [1, 3, 4]


def test_queen_as_the_older_libpysal_builds_it(lattice):
    w = weights.Queen.from_dataframe(lattice, use_index=True)
    assert links(from_w(w)) == links(sr.build_weights(lattice))


def test_moran_is_that_of_the_file():
    """sids2.gal, which esda's documentation gives I = 0.248 for."""
    path = examples.get_path("sids2.gal")
    graph = from_w(open_weights(path).read()).transform("r")
    table = open_weights(examples.get_path("sids2.dbf"))
    y = pd.Series(table.by_col("SIDR74"), index=graph.unique_ids)
    assert round(sr.moran(y, graph, permutations=99, rng=1).statistic, 3) == 0.248


def test_arguments(w):
    with pytest.raises(InputError, match=r"w must be a libpysal\.weights\.W, not Graph"):
        from_w(from_w(w))
    with pytest.raises(InputError, match=r"graph must be a libpysal\.graph\.Graph, not W"):
        to_w(w)
