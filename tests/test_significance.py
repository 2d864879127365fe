"""P-values by hand."""

import numpy as np
import pytest
from scipy.stats import norm

from spatialreg import _significance as significance
from spatialreg.errors import InputError, PermutationWarning


@pytest.mark.parametrize(
    ("alternative", "expected"),
    [
        # 99 permutations, 4 not below and 96 not above (one ties): tails of 5 and 97 in 100
        ("two-sided", 0.10),
        ("directed", 0.05),
        ("greater", 0.05),
        ("less", 0.97),
    ],
)
def test_permutation_p(alternative, expected):
    assert significance.permutation_p(4, 96, 99, alternative) == pytest.approx(expected)


@pytest.mark.parametrize("alternative", significance.ALTERNATIVES)
def test_ties_alone_are_no_evidence(alternative):
    assert significance.permutation_p(99, 99, 99, alternative) == 1


@pytest.mark.parametrize(
    ("alternative", "expected"),
    [("two-sided", 0.05), ("directed", 0.025), ("greater", 0.025), ("less", 0.975)],
)
def test_normal_p(alternative, expected):
    z = norm.isf(0.025)
    assert significance.normal_p(z, alternative) == pytest.approx(expected)


@pytest.mark.parametrize("alternative", significance.ALTERNATIVES)
def test_normal_p_is_never_zero(alternative):
    p = significance.normal_p(np.array([-60.0, 60.0, np.nan]), alternative)
    assert (p[:2] > 0).all()
    assert (p[:2] <= 1).all()
    assert np.isnan(p[2])


@pytest.mark.parametrize(
    ("correction", "expected"),
    [
        # by hand: 4 x p; n / rank x p, then the running minimum from the largest;
        # the same times 1 + 1/2 + 1/3 + 1/4 = 25/12
        (None, [0.01, 0.04, 0.02, 0.5]),
        ("bonferroni", [0.04, 0.16, 0.08, 1.0]),
        ("fdr_bh", [0.04, 0.04 * 4 / 3, 0.04, 0.5]),
        ("fdr_by", [0.04 * 25 / 12, 0.04 * 4 / 3 * 25 / 12, 0.04 * 25 / 12, 1.0]),
    ],
)
def test_adjust_leaves_out_what_was_not_tested(correction, expected):
    p = np.array([0.01, np.nan, 0.04, 0.02, 0.5])
    adjusted = significance.adjust(p, correction)
    assert np.isnan(adjusted[1])
    assert np.delete(adjusted, 1) == pytest.approx(expected)
    assert p[0] == 0.01


@pytest.mark.parametrize(
    ("permutations", "alternative", "correction", "needed"),
    [
        (38, "two-sided", None, 39),  # 2 / 40 = 0.05
        (18, "greater", None, 19),
        (999, "two-sided", "bonferroni", 3999),  # 100 x 2 / 4000 = 0.05
        (38, "two-sided", "fdr_bh", 39),
        (206, "two-sided", "fdr_by", 207),  # 5.187 x 2 / 0.05 = 207.5
    ],
)
def test_too_few_permutations(permutations, alternative, correction, needed):
    with pytest.warns(PermutationWarning, match=f"use at least {needed} permutations"):
        significance.warn_of_coarse_p(permutations, alternative, 0.05, correction, 100)
    significance.warn_of_coarse_p(needed, alternative, 0.05, correction, 100)


@pytest.mark.parametrize(
    ("permutations", "alternative", "message"),
    [
        (0, "two-sided", "permutations must be at least 1"),
        (9.5, "two-sided", "permutations must be a whole number, not 9.5"),
        (True, "two-sided", "permutations must be a whole number"),
        (99, "both", "alternative must be one of 'two-sided', 'greater', 'less', 'directed'"),
    ],
)
def test_tests_that_cannot_be(permutations, alternative, message):
    with pytest.raises(InputError, match=message):
        significance.require_test(permutations, alternative)


@pytest.mark.parametrize(
    ("alpha", "correction", "message"),
    [
        (0, None, "alpha must lie between 0 and 1"),
        (5, None, "alpha must lie between 0 and 1"),
        (0.05, "holm", "correction must be one of None, 'fdr_bh', 'fdr_by', 'bonferroni'"),
    ],
)
def test_levels_that_cannot_be(alpha, correction, message):
    with pytest.raises(InputError, match=message):
        significance.require_level(alpha, correction)
