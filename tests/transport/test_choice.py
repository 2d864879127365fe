"""The choice between searches and a dissection follows the sizes, once and in one direction."""

from __future__ import annotations

import numpy as np
import pytest

from spatialreg.transport._choice import (
    chosen,
    predicted_dissection,
    predicted_reach,
    predicted_searches,
)

from .graphs import arcs_of, grid


def test_many_searches_of_a_large_graph_ask_for_a_dissection():
    n = 260_000
    assert predicted_searches(20, n) < predicted_dissection(n, 20)
    assert predicted_searches(1_000, n) > 10 * predicted_dissection(n, 1_000)
    # an hour's reach of a thousand sources is no more than twenty searches of it all
    assert predicted_searches(1_000, 5_000) < predicted_dissection(n, 1_000)
    # a graph that cannot be cut
    assert predicted_searches(1_000, n) < predicted_dissection(n, 1_000, steps=1e13)


@pytest.mark.parametrize("vertices", [10, 500, 20_000, 1_000_000])
def test_once_the_dissection_pays_it_pays_for_more(vertices):
    numbers = np.unique(np.geomspace(1, 1e6, 60).astype(int))
    for reached in (0.0, vertices / 50, vertices / 5, vertices):
        pays = [predicted_dissection(vertices, k) < predicted_searches(k, reached) for k in numbers]
        assert pays == sorted(pays)
    for k in numbers:
        reach = np.linspace(0, vertices, 9)
        pays = [predicted_dissection(vertices, k) < predicted_searches(k, r) for r in reach]
        assert pays == sorted(pays)


def test_predictions_grow_with_every_size():
    for changed in ((11, 50, 5), (10, 51, 5), (10, 50, 25)):
        assert predicted_searches(*changed) > predicted_searches(10, 50, 5)
    for changed in ((101, 5, 9, 9), (100, 6, 9, 9), (100, 5, 10, 9), (100, 5, 9, 10)):
        assert predicted_dissection(*changed) > predicted_dissection(100, 5, 9, 9)


def test_reach_is_counted_on_a_few_sources():
    arcs = grid(20, np.random.default_rng(0))
    assert predicted_reach(arcs, np.arange(400), np.inf) == 400
    assert predicted_reach(arcs, np.arange(400), 0.0) == 1
    assert predicted_reach(arcs, np.array([], dtype=int), 3.0) == 400
    near, far = (predicted_reach(arcs, np.arange(400), cutoff) for cutoff in (2.0, 4.0))
    assert 1 < near < far < 400


def test_the_smaller_side_is_searched_from_and_against_the_arcs_if_need_be():
    # 1 ... 50 lead to 0, and 0 leads nowhere
    star = arcs_of([(i, 0, 1.0) for i in range(1, 51)], 51)
    many, one = np.arange(1, 51), np.array([0])
    assert chosen(star, many, one, cutoff=2.0).searches == pytest.approx(10 + 51 + 0.05 * 50)
    assert chosen(star, one, many, cutoff=2.0).searches == pytest.approx(10 + 1 + 0.05 * 50)
    assert chosen(star, one, many).method == "searches"
    assert chosen(star, many, many, steps=0.0, entries=0.0).method == "dissection"
    assert chosen(star, many, many, steps=1e12).method == "searches"
