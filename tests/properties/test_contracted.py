"""What must hold of a contracted graph and of searches side by side, for any graph whatever."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from spatialreg.transport._arcs import Arcs
from spatialreg.transport._contracted import Contracted
from spatialreg.transport._searches._queues import graph_of
from spatialreg.transport._searches._side_by_side import LANES, new_lanes, search_side_by_side

from ..transport.graphs import searched
from .test_many_to_many import EXACT, MANY, questions


@given(questions())
@MANY
def test_equal_to_scipy(question):
    arcs, sources, targets = question
    # whole costs add up exactly
    assert_array_equal(Contracted(arcs).times(sources, targets), searched(*question))


@given(questions(), st.floats(1e-3, 1e3), st.integers(0, 2000))
@MANY
def test_equal_to_scipy_in_any_unit_and_within_a_cutoff(question, unit, cutoff):
    arcs, sources, targets = question
    scaled = Arcs(arcs.vertices, arcs.tail, arcs.head, arcs.cost * unit, arcs.x, arcs.y)
    assert_allclose(
        Contracted(scaled).times(sources, targets), searched(scaled, sources, targets), **EXACT
    )
    whole = searched(*question)
    cut = Contracted(arcs).times(sources, targets, cutoff=cutoff)
    assert_array_equal(cut, np.where(whole > cutoff, np.inf, whole))


@given(questions())
@MANY
def test_side_by_side_is_dijkstra_unless_it_is_given_up(question):
    arcs, sources, targets = question
    graph, batch = graph_of(arcs), np.array(sources[:LANES])
    lanes = new_lanes(graph)
    if lanes.scale > 0 and search_side_by_side(graph, batch, lanes, np.array(targets)):
        expected = searched(arcs, batch, targets)
        assert_array_equal(lanes.cost[targets][:, : len(batch)].T, expected)
    assert (lanes.place == -1).all()
    assert (lanes.first == -1).all()
