"""Decays: their formulas by hand, what they say, and what they refuse."""

import copy

import numpy as np
import pytest

from spatialreg.access import exponential, gaussian, linear, logistic, power, steps
from spatialreg.errors import InputError


@pytest.mark.parametrize(
    ("decay", "minutes", "weights"),
    [
        (power(), [1, 2, 10], [1, 1 / 2, 1 / 10]),
        (power(1.5), [4], [1 / 8]),
        (power(1, floor=10), [0, 5, 20], [1 / 10, 1 / 10, 1 / 20]),
        (exponential(rate=0.01), [0, 100], [1, np.exp(-1)]),
        (exponential(half=30), [30, 90], [1 / 2, 1 / 8]),
        (gaussian(scale=20), [0, 20, 40], [1, np.exp(-1 / 2), np.exp(-2)]),
        (gaussian(half=60), [60, 120], [1 / 2, 1 / 16]),
        (gaussian(limit=30), [0, 30, 31], [1, 0, 0]),
        (linear(60), [0, 15, 60, 90], [1, 3 / 4, 0, 0]),
        (logistic(60, np.pi / np.sqrt(3)), [60, 61], [1 / 2, 1 / (1 + np.e)]),
        (
            steps({10: 1, 30: 0.22, 20: 0.68}),
            [0, 10, 10.1, 20, 30, 30.1],
            [1, 1, 0.68, 0.68, 0.22, 0],
        ),
    ],
)
def test_formulas(decay, minutes, weights):
    given = np.array(minutes, dtype=float)
    assert decay(given).tolist() == pytest.approx(weights)
    assert given.tolist() == minutes
    assert decay.words
    assert decay == copy.deepcopy(decay)
    assert hash(decay) == hash(copy.copy(decay))


def test_the_gaussian_of_dai():
    # (exp(-t^2 / 2 d^2) - exp(-1/2)) / (1 - exp(-1/2)) at half the limit
    expected = (np.exp(-1 / 8) - np.exp(-1 / 2)) / (1 - np.exp(-1 / 2))
    assert gaussian(limit=60)(30) == pytest.approx(expected)
    assert gaussian(limit=60).limit == 60
    assert gaussian(scale=60).limit == np.inf


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: power(0), "exponent must be above zero"),
        (lambda: power(floor=-1), "floor must be zero or more"),
        (lambda: exponential(), "exactly one of rate, half, not none"),
        (lambda: exponential(rate=1, half=1), "exactly one of rate, half, not rate, half"),
        (lambda: exponential(half=-1), "half must be above zero"),
        (lambda: gaussian(scale=np.nan), "scale must be above zero"),
        (lambda: linear(np.inf), "limit must be above zero and finite"),
        (lambda: logistic(60, 0), "spread must be above zero"),
        (lambda: steps({}), "bands must map the last minute"),
        (lambda: steps({10: -1}), "weights of zero or more"),
        (lambda: steps({10: 0.5, 20: 1}), "must not rise with time"),
    ],
)
def test_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
