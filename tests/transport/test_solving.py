"""Which method a matrix is computed by, and that the answer does not hang on it."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from spatialreg.transport._arcs import Arcs
from spatialreg.transport._contracted import Contracted
from spatialreg.transport._many_to_many import Dissected
from spatialreg.transport._solving import prepared, solved, solved_blocks

from .graphs import searched, streets

EXACT = {"rtol": 1e-12, "atol": 1e-12}


def test_few_searches_are_not_worth_a_dissection():
    arcs = streets(40)
    few, every = np.arange(5), np.arange(1600)
    assert prepared(arcs, few, every, np.inf) is None
    assert prepared(arcs, every, few, np.inf) is None
    assert solved(arcs, few, every, np.inf, "auto")[1] == "searches"


def test_many_searches_are_taken_together():
    arcs = streets(40)
    every = np.arange(1600)
    assert isinstance(prepared(arcs, every, every, np.inf), Dissected)
    values, taken = solved(arcs, every, every, np.inf, "auto")
    assert taken == "dissection"
    assert_allclose(values, searched(arcs, every, every), **EXACT)


def test_a_short_cutoff_makes_searches_short():
    arcs = streets(40)
    every = np.arange(1600)
    values, taken = solved(arcs, every, every, float(np.median(arcs.cost)), "auto")
    assert taken == "searches"
    assert (np.isfinite(values).sum(axis=1) >= 1).all()


def test_a_graph_without_small_separators_is_searched():
    rng = np.random.default_rng(0)
    # of any vertex five arcs lead anywhere, and five arrive
    tail, head = (
        np.tile(np.arange(3000), 5),
        np.concatenate([rng.permutation(3000) for _ in range(5)]),
    )
    ends = (end.astype(np.int32) for end in (tail, head))
    arcs = Arcs(3000, *ends, rng.exponential(1, 15_000), *rng.random((2, 3000)))
    some = np.arange(0, 3000, 5)
    # nor can it be contracted: every vertex has some ten neighbours
    assert prepared(arcs, some, some, np.inf) is None
    values, taken = solved(arcs, some, some, np.inf, "auto")
    assert taken == "searches"
    assert_array_equal(values, searched(arcs, some, some))


def test_streets_with_links_anywhere_are_contracted():
    arcs = streets(60, links=1500)
    some = np.arange(0, 3600, 9)
    graph = prepared(arcs, some, some, np.inf)
    assert isinstance(graph, Contracted)
    assert graph.core.vertices < 0.7 * arcs.vertices
    values, taken = solved(arcs, some, some, np.inf, "auto")
    assert taken == "contraction"
    assert_allclose(values, searched(arcs, some, some), **EXACT)


def test_blocks_of_either_method_are_the_rows():
    arcs = streets(25)
    sources, targets = np.arange(0, 600, 3), np.arange(5, 600, 40)
    expected = searched(arcs, sources, targets)
    for method in ("searches", "dissection", "contraction"):
        blocks = list(solved_blocks(arcs, sources, targets, np.inf, method, 7))
        assert [rows.start for rows, *_ in blocks] == list(range(0, 200, 7))
        for rows, values, taken in blocks:
            assert taken == method
            assert_allclose(values, expected[rows], **EXACT)
