"""P-values by going through every draw of a region's neighbours, in fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd

# what a statistic is of: the region, and its neighbours with their weights
Statistic = Callable[[str, list[tuple[Fraction, str]]], Fraction]
ALTERNATIVES = ("two-sided", "greater", "less", "directed")


def all_draws(
    weights: dict[str, dict[str, Fraction]], statistic: Statistic
) -> dict[str, tuple[Fraction, list[Fraction]]]:
    """Give each region's statistic, and its value for every draw of neighbours from the others."""
    found = {}
    for label, row in weights.items():
        others = [other for other in weights if other != label]
        found[label] = (
            statistic(label, [(w, other) for other, w in row.items()]),
            [
                statistic(label, list(zip(row.values(), draw, strict=True)))
                for draw in permutations(others, len(row))
            ],
        )
    return found


def exact_p(
    draws: dict[str, tuple[Fraction, list[Fraction]]], alternative: str, *, small_is_alike: bool
) -> pd.Series:
    """Give the p-values that permutations approach."""
    p = {}
    for label, (observed, drawn) in draws.items():
        high = sum(d >= observed for d in drawn) / len(drawn)
        low = sum(d <= observed for d in drawn) / len(drawn)
        more, fewer = (low, high) if small_is_alike else (high, low)
        smaller = min(high, low)
        p[label] = {
            "greater": more,
            "less": fewer,
            "directed": smaller,
            "two-sided": min(1.0, 2 * smaller),
        }[alternative]
    return pd.Series(p)


def moments(draws: dict[str, tuple[Fraction, list[Fraction]]]) -> pd.DataFrame:
    """Give mean and standard deviation of the draws, and the score of what is observed."""
    rows = {}
    for label, (observed, drawn) in draws.items():
        numbers = np.array([float(d) for d in drawn])
        rows[label] = (numbers.mean(), numbers.std(), (float(observed) - numbers.mean()))
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "deviation", "z_score"])
    return frame.assign(z_score=frame["z_score"] / frame["deviation"])


def monte_carlo_error(p: Iterable[float], permutations: int, times: float = 5.0) -> np.ndarray:
    """Bound the error of p-values of so many permutations: standard errors of a binomial share.

    A two-sided p-value is twice a share, and the count of the observed value adds one to both.
    """
    share = np.asarray(p, dtype=float)
    largest = np.sqrt(np.maximum(share * (1 - share), share * (1 - share / 2) / 2))
    return times * 2 * largest / np.sqrt(permutations) + 2 / permutations
