"""How much less a place counts the longer it takes to get there.

A decay is a function of minutes that gives weights of zero or more. Those of the literature are
made here by name, each a small frozen object that says in words what it is; any function of the
user's own serves as well, if it takes an array of minutes and gives an array of weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .._align import some
from ..errors import InputError
from ..weights._times import decayed
from ._times import Reached, pair_names

Weighting = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Decay:
    """A function of minutes that gives weights, with its name and its parameters.

    Attributes
    ----------
    name : str
        ``"power"``, ``"exponential"``, ``"gaussian"``, ``"gaussian_to_zero"``, ``"linear"``,
        ``"logistic"`` or ``"steps"``.
    parameters : tuple of float
        In the order of the formula.
    words : str
        The formula with its numbers.
    limit : float
        From where on it is zero [min]; infinite where it never is.
    """

    name: str
    parameters: tuple[float, ...]
    words: str
    limit: float = np.inf

    def __call__(self, minutes: np.ndarray | float) -> np.ndarray:
        """Give the weight at each time."""
        t = np.asarray(minutes, dtype=float)
        with np.errstate(divide="ignore", over="ignore"):
            return np.asarray(_FORMULAS[self.name](t, *self.parameters))


def power(exponent: float = 1.0, *, floor: float = 0.0) -> Decay:
    """Inverse power of time: ``max(t, floor) ** -exponent``.

    Parameters
    ----------
    exponent : float
        1 is usual between regions (Gutierrez 2001), 2 the gravity of early studies.
    floor : float
        Shorter times count as this one [min]; with 0, times of zero have no weight and raise where
        they are met.

    Returns
    -------
    Decay

    Raises
    ------
    InputError
        The exponent is not above zero, or the floor is negative.

    Examples
    --------
    >>> from spatialreg.access import power
    >>> power(2)([1, 10]).tolist()
    [1.0, 0.01]
    """
    _positive(exponent=exponent)
    if not (np.isfinite(floor) and floor >= 0):
        raise InputError(f"floor must be zero or more and finite [min], not {floor!r}")
    least = f"max(t, {floor:g})" if floor else "t"
    return Decay("power", (float(exponent), float(floor)), f"{least} ** -{exponent:g}")


def exponential(*, rate: float | None = None, half: float | None = None) -> Decay:
    """Exponential decay: ``exp(-rate t)``.

    Parameters
    ----------
    rate : float
        Per minute.
    half : float
        Instead of it, the time after which half is left [min].

    Returns
    -------
    Decay

    Raises
    ------
    InputError
        Not exactly one of them is given, or it is not above zero.

    Examples
    --------
    >>> from spatialreg.access import exponential
    >>> exponential(half=60)([0, 60, 120]).tolist()
    [1.0, 0.5, 0.25]
    """
    name, value = _one_of(rate=rate, half=half)
    rate = value if name == "rate" else np.log(2) / value
    return Decay("exponential", (float(rate),), f"exp(-{rate:.4g} t){_half(name, value)}")


def gaussian(
    *, scale: float | None = None, half: float | None = None, limit: float | None = None
) -> Decay:
    """Gaussian decay: ``exp(-(t / scale)**2 / 2)``.

    Parameters
    ----------
    scale : float
        The standard deviation [min].
    half : float
        Instead of it, the time after which half is left [min].
    limit : float
        Instead of both, the time [min] at which the curve comes down to zero and stays there:
        ``(exp(-(t / limit)**2 / 2) - exp(-1/2)) / (1 - exp(-1/2))`` (Dai 2010), the "Gaussian"
        of most two-step floating catchments.

    Returns
    -------
    Decay

    Raises
    ------
    InputError
        Not exactly one of them is given, or it is not above zero.

    Examples
    --------
    >>> from spatialreg.access import gaussian
    >>> gaussian(half=60)([0, 60]).round(3).tolist()
    [1.0, 0.5]
    >>> gaussian(limit=60)([0, 30, 60, 90]).round(3).tolist()
    [1.0, 0.701, 0.0, 0.0]
    """
    name, value = _one_of(scale=scale, half=half, limit=limit)
    if name == "limit":
        words = f"Gaussian that is zero from {value:g} min on (Dai 2010)"
        return Decay("gaussian_to_zero", (value,), words, value)
    scale = value if name == "scale" else value / np.sqrt(2 * np.log(2))
    words = f"exp(-(t / {scale:.4g})**2 / 2){_half(name, value)}"
    return Decay("gaussian", (float(scale),), words)


def linear(limit: float) -> Decay:
    """Linear decay: ``1 - t / limit``, zero from the limit on.

    Parameters
    ----------
    limit : float
        [min].

    Returns
    -------
    Decay

    Raises
    ------
    InputError
        The limit is not above zero.

    Examples
    --------
    >>> from spatialreg.access import linear
    >>> linear(60)([0, 30, 90]).tolist()
    [1.0, 0.5, 0.0]
    """
    _positive(limit=limit)
    return Decay("linear", (float(limit),), f"1 - t / {limit:g}, zero beyond", float(limit))


def logistic(middle: float, spread: float) -> Decay:
    """Logistic decay, flat near by and far away: ``1 / (1 + exp((t - middle) / s))``.

    Parameters
    ----------
    middle : float
        Where half is left [min].
    spread : float
        Standard deviation of the logistic distribution [min]; ``s = spread sqrt(3) / pi``.

    Returns
    -------
    Decay

    Raises
    ------
    InputError
        A parameter is not above zero.

    Examples
    --------
    >>> from spatialreg.access import logistic
    >>> logistic(60, 20)([0, 60, 120]).round(3).tolist()
    [0.996, 0.5, 0.004]
    """
    _positive(middle=middle, spread=spread)
    words = f"logistic, half at {middle:g} min, spread {spread:g} min"
    return Decay("logistic", (float(middle), float(spread)), words)


def steps(bands: Mapping[float, float]) -> Decay:
    """Weights by band of time, as the enhanced floating catchments have them.

    Parameters
    ----------
    bands : mapping of float to float
        The last minute of each band, which belongs to it, and its weight: ``{10: 1, 20: 0.68,
        30: 0.22}`` (Luo and Qi 2009). Beyond the last band the weight is zero.

    Returns
    -------
    Decay

    Raises
    ------
    InputError
        There is no band, or a weight rises with time, is negative, or not finite.

    Examples
    --------
    >>> from spatialreg.access import steps
    >>> steps({10: 1, 20: 0.68, 30: 0.22})([0, 10, 11, 30, 31]).tolist()
    [1.0, 1.0, 0.68, 0.22, 0.0]
    """
    if not isinstance(bands, Mapping) or not bands:
        raise InputError("bands must map the last minute of each band to its weight: {30: 1.0}")
    ends = sorted(float(end) for end in bands)
    weights = [float(bands[end]) for end in sorted(bands)]
    values = np.array([*ends, *weights])
    if not (np.isfinite(values).all() and (values >= 0).all()):
        raise InputError(f"bands must hold minutes and weights of zero or more, not {dict(bands)}")
    if any(b > a for a, b in pairwise(weights)):
        raise InputError(f"the weights of bands must not rise with time, and do in {dict(bands)}")
    pairs = zip(ends, weights, strict=True)
    words = ", ".join(f"{weight:g} to {end:g} min" for end, weight in pairs)
    return Decay("steps", (*ends, *weights), words, ends[-1])


def weights_of(decay: Weighting, block: Reached, destinations: Any) -> np.ndarray:
    """Give the weight of each pair, and raise where it is none."""
    return decayed(
        decay,
        block.minutes,
        lambda bad: pair_names(block, destinations, bad),
        ": a power of a time of zero has none; give internal times (own=), a floor "
        "(power(1, floor=10)), or another decay",
    )


def words_of(decay: Weighting) -> str:
    """Say what a decay is."""
    if isinstance(decay, Decay):
        return decay.words
    return f"the function {getattr(decay, '__name__', type(decay).__name__)}"


def _steps(t: np.ndarray, *bands: float) -> np.ndarray:
    count = len(bands) // 2
    weights = np.append(bands[count:], 0.0)
    return weights[np.searchsorted(bands[:count], t, side="left")]


def _gaussian_to_zero(t: np.ndarray, limit: float) -> np.ndarray:
    rest = np.exp(-0.5)
    return np.maximum((np.exp(-((t / limit) ** 2) / 2) - rest) / (1 - rest), 0.0)


def _logistic(t: np.ndarray, middle: float, spread: float) -> np.ndarray:
    return 1 / (1 + np.exp((t - middle) * np.pi / (spread * np.sqrt(3))))


_FORMULAS: dict[str, Callable[..., np.ndarray]] = {
    "power": lambda t, exponent, floor: np.maximum(t, floor) ** -exponent,
    "exponential": lambda t, rate: np.exp(-rate * t),
    "gaussian": lambda t, scale: np.exp(-((t / scale) ** 2) / 2),
    "gaussian_to_zero": _gaussian_to_zero,
    "linear": lambda t, limit: np.maximum(1 - t / limit, 0.0),
    "logistic": _logistic,
    "steps": _steps,
}


def _one_of(**given: float | None) -> tuple[str, float]:
    chosen = {name: value for name, value in given.items() if value is not None}
    if len(chosen) != 1:
        raise InputError(f"give exactly one of {some(given)}, not {some(chosen) or 'none'}")
    _positive(**chosen)
    name, value = next(iter(chosen.items()))
    return name, float(value)


def _half(name: str, value: float) -> str:
    """Say after which time half is left, where the decay was given by it."""
    return f", half after {value:g} min" if name == "half" else ""


def _positive(**given: float) -> None:
    for name, value in given.items():
        if not (np.isfinite(value) and value > 0):
            raise InputError(f"{name} must be above zero and finite, not {value!r}")
