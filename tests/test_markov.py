"""Chains by hand, against scipy's tables of contingency, and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from spatialreg import _markov

COUNTS = np.array([[30, 5, 1], [4, 20, 6], [2, 3, 9]])
LATER = np.array([[12, 9, 4], [6, 8, 5], [0, 7, 11]])


def test_probabilities_and_states_never_left():
    p = _markov.probabilities(np.array([[3, 1], [0, 0]]))
    assert p == pytest.approx(np.array([[0.75, 0.25], [np.nan, np.nan]]), nan_ok=True)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # balance by hand: a tenth of the first leaves it, three tenths of the second
        ([[9, 1], [3, 7]], [0.75, 0.25]),
        ([[0, 5], [5, 0]], [0.5, 0.5]),  # a chain that only swaps
        ([[1, 1, 0], [0, 9, 1], [0, 3, 7]], [0, 0.75, 0.25]),  # the first is left for good
        ([[9, 1, 0], [3, 7, 0], [0, 0, 0]], [0.75, 0.25, 0]),  # never seen
        ([[5, 0], [0, 5]], [np.nan, np.nan]),  # it ends where it began
        ([[5, 1, 1], [0, 4, 0], [0, 0, 4]], [np.nan] * 3),  # it may end in either
        ([[5, 1], [0, 0]], [np.nan, np.nan]),  # what follows the second is unknown
        ([[5, 1], [0, 4]], [0, 1]),
        ([[0, 0], [0, 0]], [np.nan, np.nan]),
    ],
)
def test_long_run_shares(counts, expected):
    assert _markov.ergodic(np.array(counts)) == pytest.approx(expected, nan_ok=True)


def test_long_run_is_reached_by_many_steps():
    p = COUNTS / COUNTS.sum(axis=1, keepdims=True)
    far = np.linalg.matrix_power(p, 500)
    assert _markov.ergodic(COUNTS) == pytest.approx(far[0], rel=1e-9)


def test_mobility_by_hand():
    assert _markov.mobility(np.diag([3, 4, 5])) == 0
    # trace 0.75 + 0.6; (2 - 1.35) / 1
    assert _markov.mobility(np.array([[3, 1], [2, 3]])) == pytest.approx(0.65)
    # rows alike: the next state is drawn anew
    assert _markov.mobility(np.array([[6, 3], [4, 2]])) == pytest.approx(1)
    assert np.isnan(_markov.mobility(np.array([[3, 1], [0, 0]])))


def test_memory_is_the_test_of_a_table():
    for table in (COUNTS, COUNTS * [[1], [1], [0]]):
        test = _markov.memory(table)
        kept = table[table.sum(axis=1) > 0]
        for statistic, p, kind in (
            (test.chi2, test.chi2_p, "pearson"),
            (test.lr, test.lr_p, "log-likelihood"),
        ):
            peer = chi2_contingency(kept, correction=False, lambda_=kind)
            assert (statistic, p) == pytest.approx((peer.statistic, peer.pvalue), rel=1e-9)
            assert test.dof == peer.dof


def test_homogeneity_adds_up_the_tests_of_each_row():
    """A row is a table of its own: periods by the states reached."""
    periods = np.array([COUNTS, LATER])
    test = _markov.homogeneity(periods)
    for statistic, kind in ((test.chi2, "pearson"), (test.lr, "log-likelihood")):
        peers = [chi2_contingency(periods[:, i], correction=False, lambda_=kind) for i in range(3)]
        assert statistic == pytest.approx(sum(peer.statistic for peer in peers), rel=1e-9)
        assert test.dof == sum(peer.dof for peer in peers) == 6


def test_homogeneity_leaves_out_what_was_never_seen():
    # one state more, in neither period: nothing changes
    wider = np.pad(np.array([COUNTS, LATER]), ((0, 0), (0, 1), (0, 1)))
    assert _markov.homogeneity(wider) == _markov.homogeneity(np.array([COUNTS, LATER]))
    # the last row has moves in the first period only: 2 rows of 2 x 3 tables are left
    assert _markov.homogeneity(np.array([COUNTS, LATER * [[1], [1], [0]]])).dof == 4
    none = _markov.homogeneity(np.array([COUNTS]))
    assert none.dof == 0
    assert np.isnan(none.chi2_p)


HALVES = np.array([0, 1, 0, 1]), np.array([0, 1, 1, 0])


def chain(rng, p, regions, years):
    states = np.zeros((years, regions), dtype=int)
    for year in range(1, years):
        states[year] = rng.random(regions) < p[states[year - 1], 1]
    return states


def test_separateness_follows_its_distribution():
    """Two chains that know nothing of one another: mean 8 (degrees of freedom), not 9."""
    rng = np.random.default_rng(5)
    statistics = []
    place = np.array([[0, 2], [3, 1]])  # of the four states, by either half
    for _ in range(400):
        own = chain(rng, np.array([[0.8, 0.2], [0.3, 0.7]]), 60, 60)
        other = chain(rng, np.array([[0.7, 0.3], [0.4, 0.6]]), 60, 60)
        states = place[own, other]
        counts = np.zeros((4, 4), dtype=int)
        np.add.at(counts, (states[:-1], states[1:]), 1)
        test = _markov.separateness(counts, *HALVES)
        assert test.dof == 8
        statistics.append((test.chi2, test.lr))
    mean, error = np.mean(statistics, axis=0), np.sqrt(2 * 8 / 400)
    assert (np.abs(mean - 8) < 4 * error).all()
    assert (np.abs(mean - 9) > 3 * error).all()


def test_separateness_by_hand():
    # both halves change together, from either state as often as not
    counts = np.zeros((4, 4), dtype=int)
    counts[0, 0] = counts[0, 1] = counts[1, 0] = counts[1, 1] = 8
    # own chain: 8 of 16 leave either state, and so do the neighbours': a quarter of 16 is expected
    # in each cell, 4 of 16: four cells of (8 - 4)^2 / 4 and four of (0 - 4)^2 / 4
    test = _markov.separateness(counts, *HALVES)
    assert test.chi2 == pytest.approx(8 * 4)
    assert test.lr == pytest.approx(2 * 4 * 8 * np.log(2))
    assert test.dof == 2 * 3 - 4  # two rows of four cells, four probabilities
