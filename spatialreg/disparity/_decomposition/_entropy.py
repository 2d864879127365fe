"""The indices that fall apart into between and within without a rest: generalised entropy.

Theil's T, Theil's L and all orders alpha are one family (Shorrocks 1980), the only relative one
whose parts inside groups depend on the groups' own indices, people and means. Each is a mean over
people of a convex function of z, value over mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from scipy.special import kl_div, xlogy

from ...errors import InputError

_NAME = re.compile(r"^ge\(\s*([-+0-9.eE]+)\s*\)$")
_ORDERS = {"T": 1.0, "L": 0.0}
_WORDS = {
    1.0: "Theil T: mean of z ln z, z = value over mean; groups weighted by value shares",
    0.0: "Theil L (mean log deviation): mean of -ln z; groups weighted by population shares",
}


@dataclass(frozen=True)
class Entropy:
    """Generalised entropy of order `alpha`: 1 is Theil's T, 0 Theil's L."""

    alpha: float

    @property
    def words(self) -> str:
        """Say what is computed."""
        return _WORDS.get(
            self.alpha,
            f"generalised entropy of order {self.alpha:g}: mean of (z^a - 1) / (a (a - 1)), z = "
            "value over mean; groups weighted by population share^(1 - a) x value share^a",
        )

    @property
    def positive(self) -> str | None:
        """Name the measure if it is not defined where a value is zero."""
        if self.alpha > 0:
            return None
        return "Theil L" if self.alpha == 0 else f"'ge({self.alpha:g})'"

    def weight(self, share: np.ndarray, above: np.ndarray) -> np.ndarray:
        """Weight of people inside a group whose mean is `above` times that of the country."""
        return share * above**self.alpha

    def signed(self, ratio: np.ndarray) -> np.ndarray:
        """Term of the sum as T and L are usually written, of either sign.

        Other orders have no usual way to split the sum by sign; theirs is :meth:`term`.
        """
        if self.alpha == 1:
            return xlogy(ratio, ratio)
        return -np.log(ratio) if self.alpha == 0 else self.term(ratio)

    def term(self, ratio: np.ndarray) -> np.ndarray:
        """Term of the sum, never negative: its distance from the tangent at the mean.

        The tangent is a multiple of ratio - 1, which adds up to nothing over the people of a group.
        """
        a = self.alpha
        if a == 1:
            term = kl_div(ratio, 1.0)
        elif a == 0:
            term = kl_div(1.0, ratio)
        else:
            with np.errstate(divide="ignore", invalid="ignore"):
                log = np.log(ratio)
                # expm1 keeps the digits where alpha comes near 0 or 1
                if a > 0.5:
                    power = np.where(ratio > 0, ratio * np.expm1((a - 1) * log), 0.0)
                    term = power + (1 - a) * (ratio - 1)
                else:
                    term = np.expm1(a * log) - a * (ratio - 1)
            term = term / (a * (a - 1))
        return np.maximum(term, 0.0)


def find_entropy(measure: str) -> Entropy:
    """Give the index called ``"T"``, ``"L"`` or ``"ge(alpha)"``."""
    if isinstance(measure, str):
        if measure in _ORDERS:
            return Entropy(_ORDERS[measure])
        match = _NAME.match(measure)
        try:
            alpha = float(match[1]) if match else np.nan
        except ValueError:
            alpha = np.nan
        if np.isfinite(alpha):
            return Entropy(alpha)
    raise InputError(
        "measure must be 'T', 'L' or 'ge(alpha)' with a number, for example 'ge(2)', not "
        f"{measure!r}: other indices do not fall apart into between and within without a rest"
    )
