"""What must hold of travel times between many vertices for any graph whatever."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from spatialreg.transport._arcs import Arcs
from spatialreg.transport._many_to_many import Dissected

from ..transport.graphs import eliminated, searched

MANY = settings(max_examples=150, deadline=None)
EXACT = {"rtol": 1e-12, "atol": 1e-12}


@st.composite
def graphs(draw):
    """Digraphs with islands, loops, parallel arcs and costs of zero; with positions or without."""
    vertices = draw(st.integers(1, 120))
    count = draw(st.integers(0, 300))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    tail = rng.integers(0, vertices, count)
    reach = draw(st.sampled_from([1, 3, 120]))  # 1: a line; 120: no small separators
    head = np.clip(tail + rng.integers(-reach, reach + 1, count), 0, vertices - 1)
    cost = rng.integers(0, draw(st.sampled_from([1, 3, 1000])), count).astype(float)
    x, y = rng.random((2, vertices)) * draw(st.sampled_from([0, 1, 1e6]))
    if draw(st.booleans()):
        x = np.arange(vertices) + x
    return Arcs(vertices, tail.astype(np.int32), head.astype(np.int32), cost, x, y)


@st.composite
def questions(draw):
    """A graph, with sources and targets, some of them more than once."""
    arcs = draw(graphs())
    vertices = st.integers(0, arcs.vertices - 1)
    return arcs, *(draw(st.lists(vertices, min_size=1, max_size=40)) for _ in range(2))


@given(questions(), st.integers(1, 3))
@MANY
def test_equal_to_scipy(question, workers):
    times = eliminated(*question, workers=workers)
    assert_array_equal(times, searched(*question))  # whole costs add up exactly


@given(questions(), st.floats(1e-3, 1e3))
@MANY
def test_equal_to_scipy_in_any_unit(question, unit):
    arcs, sources, targets = question
    scaled = Arcs(arcs.vertices, arcs.tail, arcs.head, arcs.cost * unit, arcs.x, arcs.y)
    times = eliminated(scaled, sources, targets)
    assert_allclose(times, searched(scaled, sources, targets), **EXACT)
    assert_allclose(times, unit * searched(*question), **EXACT)


@given(questions())
@MANY
def test_whole_milliseconds_are_exact(question):
    arcs, sources, targets = question
    minutes = Arcs(arcs.vertices, arcs.tail, arcs.head, arcs.cost / 60_000, arcs.x, arcs.y)
    times = eliminated(minutes, sources, targets, whole_milliseconds=True)
    assert_array_equal(times, searched(*question) / 60_000)


@given(questions(), st.integers(0, 2000), st.integers(1, 9))
@MANY
def test_cutoffs_and_blocks_leave_the_rest_as_it_is(question, cutoff, size):
    arcs, sources, targets = question
    whole = searched(*question)
    expected = np.where(whole > cutoff, np.inf, whole)
    blocks = Dissected(arcs).blocks(sources, targets, cutoff=cutoff, size=size)
    assert_array_equal(np.concatenate([times for _, times in blocks]), expected)


@given(questions())
@MANY
def test_turning_all_arcs_round_transposes(question):
    arcs, sources, targets = question
    there = eliminated(arcs, sources, targets)
    back = eliminated(arcs.reversed(), targets, sources)
    assert_array_equal(there, back.T)


@given(questions(), st.randoms(use_true_random=False))
@MANY
def test_names_of_vertices_and_the_order_of_arcs_do_not_matter(question, random):
    arcs, sources, targets = question
    rng = np.random.default_rng(random.randrange(2**32))
    name, order = rng.permutation(arcs.vertices), rng.permutation(len(arcs.tail))
    place = np.argsort(name)
    other = Arcs(
        arcs.vertices,
        name[arcs.tail[order]].astype(np.int32),
        name[arcs.head[order]].astype(np.int32),
        arcs.cost[order],
        arcs.x[place],
        arcs.y[place],
    )
    times = eliminated(other, name[sources], name[targets])
    assert_array_equal(times, eliminated(arcs, sources, targets))


@given(questions())
@MANY
def test_no_detour_is_shorter(question):
    arcs, sources, _ = question
    times = eliminated(arcs, sources, sources)
    assert (np.diag(times) == 0).all()
    assert (times[:, :, None] + times[None, :, :] >= times[:, None, :]).all()
