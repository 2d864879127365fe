"""The formulas, as functions of arrays: values and weights along the last axis, regions.

`y` is the value per head and `w` the weight (people, or 1 for each region), zero where a region
takes no part. Leading axes (years, bootstrap replicates) broadcast, so that one call computes all
years. An axis without any weight gives NaN. Every index is that of the given regions as a
population: no correction for small samples.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import kl_div

from .._align import some
from ..errors import InputError

Kernel = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Measure:
    """A measure by name: its formula, its words, and whether zero values are outside its domain."""

    name: str
    kernel: Kernel
    words: str
    positive: bool = False
    family: str = ""
    parameter: float = np.nan


def relative(y: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give population shares and values relative to their mean (1 where there is no weight)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = w / w.sum(axis=-1, keepdims=True)
        value = np.where(w > 0, y, 0.0)
        ratio = value / (share * value).sum(axis=-1, keepdims=True)
    return share, np.where(w > 0, ratio, 1.0)


def gini_of_equals(y: np.ndarray) -> float:
    """Gini of values that weigh the same: one sort, and one pass over it."""
    ranked, n = np.sort(y), len(y)
    # the ranks less their middle, by which the people below and above a region differ
    return float(np.arange(1 - n, n, 2, dtype=float) @ ranked / (n * ranked.sum()))


def gini(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Half the relative mean difference, from one sort of `y`."""
    order = np.argsort(y, axis=-1, kind="stable")
    ranked = np.take_along_axis(y, order, axis=-1)
    weight = np.take_along_axis(w, np.broadcast_to(order, w.shape), axis=-1)
    share, ratio = relative(ranked, weight)
    below = np.cumsum(share, axis=-1)
    # share below minus share above, with a region's own people on neither side
    return (share * ratio * (2 * below - share - 1)).sum(axis=-1)


def theil(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Theil's T. Written with z ln z - z + 1, whose terms are never negative."""
    share, ratio = relative(y, w)
    return (share * kl_div(ratio, 1.0)).sum(axis=-1)


def mld(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Theil's L, the mean log deviation. Written with z - 1 - ln z, never negative."""
    share, ratio = relative(y, w)
    return (share * kl_div(1.0, ratio)).sum(axis=-1)


def ge(alpha: float) -> Kernel:
    """Generalised entropy of order `alpha`."""
    if alpha == 0:
        return mld
    if alpha == 1:
        return theil

    def kernel(y: np.ndarray, w: np.ndarray) -> np.ndarray:
        share, ratio = relative(y, w)
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(ratio)
            # expm1 keeps the digits where alpha comes near 0 or 1 and the index near T or L
            if alpha > 0.5:
                term = np.where(ratio > 0, ratio * np.expm1((alpha - 1) * log), 0.0)
            else:
                term = np.expm1(alpha * log)
        return (share * term).sum(axis=-1) / (alpha * (alpha - 1))

    return kernel


def atkinson(epsilon: float) -> Kernel:
    """Atkinson's index with inequality aversion `epsilon`."""
    if epsilon == 1:
        return lambda y, w: -np.expm1(-mld(y, w))

    def kernel(y: np.ndarray, w: np.ndarray) -> np.ndarray:
        share, ratio = relative(y, w)
        power = 1 - epsilon
        with np.errstate(divide="ignore"):
            mean = (share * np.expm1(power * np.log(ratio))).sum(axis=-1)
        return -np.expm1(np.log1p(mean) / power)

    return kernel


def cv(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Coefficient of variation, ddof = 0; with people as weights, Williamson's."""
    share, ratio = relative(y, w)
    return np.sqrt((share * (ratio - 1) ** 2).sum(axis=-1))


def hoover(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Share of the total that would have to move for all regions to be equal."""
    share, ratio = relative(y, w)
    return (share * np.abs(ratio - 1)).sum(axis=-1) / 2


def palma(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Value of the top tenth of people over that of the bottom four tenths."""
    order = np.argsort(y, axis=-1, kind="stable")
    ranked = np.take_along_axis(y, order, axis=-1)
    weight = np.take_along_axis(w, np.broadcast_to(order, w.shape), axis=-1)
    share, ratio = relative(ranked, weight)
    start = np.cumsum(share, axis=-1) - share
    # people of a region that straddles the cut count on both sides, at the region's mean
    bottom = np.clip(0.4 - start, 0.0, share)
    top = np.clip(start + share - 0.9, 0.0, share)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (top * ratio).sum(axis=-1) / (bottom * ratio).sum(axis=-1)


def sd_log(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Spread of the natural logarithm: its standard deviation, ddof = 0."""
    share, ratio = relative(y, w)
    log = np.log(ratio)
    centred = log - (share * log).sum(axis=-1, keepdims=True)
    return np.sqrt((share * centred**2).sum(axis=-1))


def max_min(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Highest value over the lowest, of the regions that take part."""
    high = np.where(w > 0, y, -np.inf).max(axis=-1, initial=-np.inf)
    low = np.where(w > 0, y, np.inf).min(axis=-1, initial=np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(w.sum(axis=-1) > 0, high / low, np.nan)


def quantile_ratio(upper: float, lower: float) -> Kernel:
    """Quantile `upper` of people over quantile `lower`."""

    def kernel(y: np.ndarray, w: np.ndarray) -> np.ndarray:
        order = np.argsort(y, axis=-1, kind="stable")
        ranked = np.broadcast_to(np.take_along_axis(y, order, axis=-1), w.shape)
        weight = np.take_along_axis(w, np.broadcast_to(order, w.shape), axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            below = np.cumsum(weight, axis=-1) / weight.sum(axis=-1, keepdims=True)
            ratio = _quantile(ranked, weight, below, upper) / _quantile(
                ranked, weight, below, lower
            )
        return np.where(w.sum(axis=-1) > 0, ratio, np.nan)

    return kernel


def _quantile(ranked: np.ndarray, weight: np.ndarray, below: np.ndarray, q: float) -> np.ndarray:
    """Value where the share of people reaches `q`; on the border of two regions, their mean.

    This is the inverse of the distribution function (type 2 of Hyndman and Fan 1996): copies of
    all regions leave it as it is, which interpolating definitions do not.
    """
    rounding = 1e-12
    here = weight > 0
    low = (here & (below >= q - rounding)).argmax(axis=-1)
    high = (here & (below > q + rounding)).argmax(axis=-1)
    at = [np.take_along_axis(ranked, i[..., np.newaxis], axis=-1)[..., 0] for i in (low, high)]
    return (at[0] + at[1]) / 2


_PLAIN = {
    "gini": Measure("gini", gini, "Gini: half the relative mean difference"),
    "theil": Measure("theil", theil, "Theil T: mean of z ln z, z = value over mean"),
    "mld": Measure("mld", mld, "Theil L (mean log deviation): mean of -ln z", positive=True),
    "cv": Measure("cv", cv, "coefficient of variation, ddof = 0"),
    "hoover": Measure("hoover", hoover, "Hoover: half the mean of |z - 1|"),
    "palma": Measure("palma", palma, "Palma: value of the top 10 % over the bottom 40 %"),
    "sd_log": Measure(
        "sd_log", sd_log, "standard deviation of the logarithm, ddof = 0", positive=True
    ),
    "max_min": Measure("max_min", max_min, "highest value over the lowest"),
}
_PARAMETRIC = re.compile(r"^(ge|atkinson)\(\s*([-+0-9.eE]+)\s*\)$")
_QUANTILES = re.compile(r"^quantile_ratio\(\s*([0-9.]+)\s*,\s*([0-9.]+)\s*\)$")


def chosen(names: Iterable[str]) -> list[Measure]:
    """Give the measures called so, each once."""
    if isinstance(names, str):
        raise InputError(f"measures must be a sequence of names: pass [{names!r}]")
    measures = [find_measure(name) for name in names]
    if not measures:
        raise InputError("measures must name at least one measure")
    return list({m.name: m for m in measures}.values())


def find_measure(name: str) -> Measure:
    """Give the measure called `name`: ``"theil"``, ``"ge(2)"``, ``"atkinson(0.5)"``, ..."""
    if isinstance(name, str):
        if name in _PLAIN:
            return _PLAIN[name]
        match = _PARAMETRIC.match(name)
        if match:
            try:
                parameter = float(match[2])
            except ValueError:
                parameter = np.nan
            if np.isfinite(parameter):
                return _parametric(name, match[1], parameter)
        match = _QUANTILES.match(name)
        if match and match[1].count(".") <= 1 >= match[2].count("."):
            upper, lower = check_quantiles(float(match[1]), float(match[2]))
            words = f"quantile {upper:g} over quantile {lower:g}"
            return Measure(name, quantile_ratio(upper, lower), words)
    raise InputError(
        f"measures must be among {some(map(repr, _PLAIN), 10)}, 'ge(alpha)', "
        "'atkinson(epsilon)' and 'quantile_ratio(upper, lower)' with numbers, for example "
        f"'ge(2)' or 'quantile_ratio(0.9, 0.1)'; not {name!r}"
    )


def _parametric(name: str, family: str, parameter: float) -> Measure:
    if family == "ge":
        words = f"generalised entropy of order {parameter:g}"
        kernel, positive = ge(check_alpha(parameter)), parameter <= 0
        return Measure(name, kernel, words, positive, family, parameter)
    words = f"Atkinson with inequality aversion {parameter:g}"
    kernel, positive = atkinson(check_epsilon(parameter)), parameter >= 1
    return Measure(name, kernel, words, positive, family, parameter)


def check_alpha(alpha: float) -> float:
    """Raise unless `alpha` is a finite number."""
    if not np.isfinite(alpha):
        raise InputError(f"alpha must be a finite number, not {alpha!r}")
    return alpha


def check_epsilon(epsilon: float) -> float:
    """Raise unless `epsilon` is a finite number above zero."""
    if not (np.isfinite(epsilon) and epsilon > 0):
        raise InputError(
            f"epsilon must be a finite number above 0 (0 would see no inequality), not {epsilon!r}"
        )
    return epsilon


def check_quantiles(upper: float, lower: float) -> tuple[float, float]:
    """Raise unless both are between 0 and 1, the upper above the lower."""
    if not 0 < lower < upper < 1:
        raise InputError(
            "the quantiles must be shares between 0 and 1, the upper first, for example 0.9 and "
            f"0.1; not {upper!r} and {lower!r}"
        )
    return upper, lower
