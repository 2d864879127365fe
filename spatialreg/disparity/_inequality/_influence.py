"""What one region does to a measure: influence functions.

The influence of region i is the change of a measure for a little more weight on it, with the mean
over people zero. Its spread gives the standard error of a measure for regions drawn at random
(Cowell and Flachaire 2007). Takes the arrays of :mod:`._measures`, gives an array of their shape.
"""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy

from .._measures import Kernel, Measure, atkinson, relative


def influence(measure: Measure) -> Kernel | None:
    """Give the influence function of a measure; None where it has none without a density."""
    if measure.family in _PARAMETRIC:
        return _PARAMETRIC[measure.family](measure.parameter)
    return _PLAIN.get(measure.name)


def standard_error(of_people: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Give the standard error from influences, for regions drawn with their people."""
    return np.sqrt(squares(of_people * share_of(w), (w > 0).sum(axis=-1)))


def share_of(w: np.ndarray) -> np.ndarray:
    """Give population shares."""
    with np.errstate(invalid="ignore"):
        return w / w.sum(axis=-1, keepdims=True)


def squares(terms: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Give the variance of a sum of `n` terms of mean zero, from the terms themselves."""
    return (terms**2).sum(axis=-1) * n / np.maximum(n - 1, 1)


def _mean(share: np.ndarray, value: np.ndarray) -> np.ndarray:
    return (share * value).sum(axis=-1, keepdims=True)


def _gini(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    share, z = relative(y, w)
    order = np.argsort(z, axis=-1, kind="stable")
    people = np.take_along_axis(share, order, axis=-1)
    ranked = np.take_along_axis(z, order, axis=-1)
    below = np.cumsum(people, axis=-1) - people
    value = np.cumsum(people * ranked, axis=-1) - people * ranked
    # mean distance to all others; ties may stand on either side, at a distance of zero
    distance = ranked * (2 * below - 1) + 1 - 2 * value
    spread = np.empty_like(distance)
    np.put_along_axis(spread, order, distance, axis=-1)
    index = _mean(share, spread) / 2
    return spread - index - index * z


def _theil(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    share, z = relative(y, w)
    term = xlogy(z, z)
    return term - _mean(share, term) * z - (z - 1)


def _mld(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    share, z = relative(y, w)
    log = np.log(z)
    return z - 1 - (log - _mean(share, log))


def _power(z: np.ndarray, share: np.ndarray, power: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the mean of z to a power, and its influence, the mean of z being at work in it too."""
    with np.errstate(divide="ignore"):
        term = np.where(share > 0, z**power, 0.0)
    mean = _mean(share, term)
    return mean, term - mean - power * mean * (z - 1)


def _ge(alpha: float) -> Kernel:
    if alpha in (0, 1):
        return _theil if alpha else _mld

    def kernel(y: np.ndarray, w: np.ndarray) -> np.ndarray:
        share, z = relative(y, w)
        return _power(z, share, alpha)[1] / (alpha * (alpha - 1))

    return kernel


def _atkinson(epsilon: float) -> Kernel:
    if epsilon == 1:
        return lambda y, w: (1 - atkinson(1)(y, w)[..., np.newaxis]) * _mld(y, w)

    def kernel(y: np.ndarray, w: np.ndarray) -> np.ndarray:
        share, z = relative(y, w)
        power = 1 - epsilon
        mean, term = _power(z, share, power)
        return -(mean ** (1 / power - 1)) * term / power

    return kernel


def _cv(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    share, z = relative(y, w)
    mean, term = _power(z, share, 2)
    return term / (2 * np.sqrt(np.maximum(mean - 1, 0)))


def _hoover(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    share, z = relative(y, w)
    lack = np.maximum(1 - z, 0)
    index = _mean(share, lack)
    poor = _mean(share, (z < 1).astype(float))
    return lack - index + (poor - index) * (z - 1)


def _sd_log(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    share, z = relative(y, w)
    log = np.log(z)
    square = (log - _mean(share, log)) ** 2
    variance = _mean(share, square)
    return (square - variance) / (2 * np.sqrt(variance))


_PLAIN: dict[str, Kernel] = {
    "gini": _gini,
    "theil": _theil,
    "mld": _mld,
    "cv": _cv,
    "hoover": _hoover,
    "sd_log": _sd_log,
}
_PARAMETRIC = {"ge": _ge, "atkinson": _atkinson}
