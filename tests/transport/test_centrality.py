"""Centralities on graphs small enough to work out by hand; networkx stands in the properties."""

from __future__ import annotations

import numpy as np
import pytest

from spatialreg.errors import InputError
from spatialreg.transport import _centrality
from spatialreg.transport._arcs import Arcs
from spatialreg.transport._centrality import betweenness, closeness, harmonic

from .graphs import arcs_of, grid


@pytest.fixture
def street() -> Arcs:
    """Make a one-way street 0 -> 1 -> 2 of costs 2 and 3, and an island 3, 4 of cost 1."""
    return arcs_of([(0, 1, 2), (1, 2, 3), (3, 4, 1), (4, 3, 1)], 5)


def test_closeness_counts_who_can_come_and_shrinks_small_parts(street):
    # vertex 2: 0 and 1 come at 5 and 3, two of the four others; vertex 3: one of them, at 1
    np.testing.assert_allclose(
        closeness(street), [0, 1 / 2 / 4, 2 / 8 * 2 / 4, 1 / 4, 1 / 4], rtol=1e-15
    )
    np.testing.assert_allclose(
        closeness(street, np.array([0, 2]), direction="from"), [2 / 7 * 2 / 4, 0], rtol=1e-15
    )


def test_harmonic_sums_inverse_costs(street):
    np.testing.assert_allclose(harmonic(street), [0, 1 / 2, 1 / 3 + 1 / 5, 1, 1], rtol=1e-15)


def test_those_at_no_cost_add_nothing_to_either():
    joined = arcs_of([(0, 1, 0), (2, 1, 4)], 3)
    np.testing.assert_allclose(harmonic(joined), [0, 1 / 4, 0])
    # the sum of costs is 4 for two vertices
    np.testing.assert_allclose(closeness(joined), [0, 2 / 4, 0])
    np.testing.assert_array_equal(closeness(arcs_of([(0, 1, 0)], 2)), [0, 0])


def test_betweenness_shares_pairs_among_equal_paths():
    # 0 to 3 by 1 or by 2 at equal cost; of the two arcs from 3 to 4 the cheaper is taken
    diamond = arcs_of(
        [(0, 1, 1), (1, 3, 1), (0, 2, 1), (2, 3, 1), (3, 4, 9), (3, 4, 1), (3, 4, 1)], 5
    )
    found = betweenness(diamond, normalised=False)
    # 1: half of 0-3 and of 0-4; 3: all of 0-4, 1-4, 2-4
    np.testing.assert_array_equal(found.vertex, [0, 1, 1, 3, 0])
    # 0-1: 0-1, half of 0-3 and 0-4; 1-3: those halves, 1-3 and 1-4; 3-4: all that go to 4
    np.testing.assert_array_equal(found.arc, [2, 3, 2, 3, 0, 4, 0])
    shares = betweenness(diamond)
    np.testing.assert_allclose(shares.vertex, found.vertex / 12)
    np.testing.assert_allclose(shares.arc, found.arc / 20)
    assert found.vertex_error is None


def test_parts_of_all_sources_add_up():
    arcs = grid(8, np.random.default_rng(0))
    whole = betweenness(arcs)
    parts = [betweenness(arcs, sources=np.arange(a, a + 16)) for a in (0, 16, 32, 48)]
    np.testing.assert_allclose(sum(p.vertex for p in parts), whole.vertex, rtol=1e-12)
    np.testing.assert_allclose(sum(p.arc for p in parts), whole.arc, rtol=1e-12, atol=1e-18)


def test_a_sample_errs_by_its_standard_error():
    arcs = grid(8, np.random.default_rng(0))
    whole = betweenness(arcs)
    samples = [betweenness(arcs, sample=20, rng=seed) for seed in range(200)]
    for name in ("vertex", "arc"):
        true = getattr(whole, name)
        drawn = np.array([getattr(s, name) for s in samples])
        error = np.array([getattr(s, f"{name}_error") for s in samples])
        inner = true > np.median(true)  # where few sources matter a sample often holds none
        spread = np.sqrt(((drawn - true) ** 2).mean(axis=0))
        ratio = np.sqrt((error**2).mean(axis=0))[inner] / spread[inner]
        assert 0.9 < ratio.mean() < 1.1
        assert abs((drawn.mean(axis=0) - true)[inner] / spread[inner]).max() < 4.5 / 200**0.5
    every = betweenness(arcs, sample=64, rng=0)
    np.testing.assert_allclose(every.vertex, whole.vertex, rtol=1e-12)
    assert (every.vertex_error == 0).all()


def test_any_number_of_threads_gives_the_same(monkeypatch):
    arcs = grid(12, np.random.default_rng(5))
    found = []
    for workers in (1, 3):
        monkeypatch.setattr(_centrality, "processors", lambda workers=workers: workers)
        flow = betweenness(arcs, sample=50, rng=1)
        found.append((closeness(arcs), harmonic(arcs), flow.vertex, flow.arc, flow.arc_error))
    for one, three in zip(*found, strict=True):
        np.testing.assert_array_equal(one, three)


def test_arguments_that_exclude_one_another_raise(street):
    with pytest.raises(InputError, match="pass sample or sources, not both"):
        betweenness(street, sources=np.array([0]), sample=2, rng=0)
    with pytest.raises(InputError, match="rng is used only with sample"):
        betweenness(street, rng=0)
    with pytest.raises(InputError, match="a sample needs rng"):
        betweenness(street, sample=2)
    with pytest.raises(InputError, match="from 2 to the number of vertices, 5, not 1"):
        betweenness(street, sample=1, rng=0)
    with pytest.raises(InputError, match="vertices has 1 values that are no vertex: 9"):
        closeness(street, np.array([9]))
