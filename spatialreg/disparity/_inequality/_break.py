"""Does the trend of a series break: one line against two, at the likeliest year.

Takes a yearly series; gives a :class:`Break` with the F of Chow's test and a p-value from simulated
series without a break.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SIDE = 3  # years that a trend needs on either side of a break
LEAST_YEARS = 8  # below, four coefficients leave fewer than four years to test them with


@dataclass(frozen=True)
class Break:
    """The likeliest break of a series: the year in which the new trend begins, and its test.

    `excess` is how far the values lie above the old trend from then on, on average.
    """

    year: int
    statistic: float
    p_value: float
    before: float
    after: float
    excess: float
    years: int
    persistence: float


def find_break(series: pd.Series, simulations: int, seed: int) -> Break | None:
    """Test the last unbroken run of years for one break of its trend; None if it is too short."""
    known = series.dropna()
    at = known.index.to_numpy()
    start = np.flatnonzero(np.diff(at) != 1)[-1] + 1 if (np.diff(at) != 1).any() else 0
    at, y = at[start:], known.to_numpy(dtype=float)[start:]
    n = len(y)
    if n < LEAST_YEARS:
        return None
    one, two = _residual_makers(n)
    statistic, split = _largest_f(y[np.newaxis], one, two)
    rest = y @ one
    alike = rest @ rest <= 1e-20 * max(y @ y, 1e-300)
    persistence = 0.0 if alike else float(np.clip(rest[1:] @ rest[:-1] / (rest @ rest), 0.0, 0.95))
    # every measure meets the same draws, so that it matters to none which others were asked for
    drawn = _autocorrelated(np.random.default_rng(seed), simulations, n, persistence)
    reached = int((_largest_f(drawn, one, two)[0] >= statistic[0]).sum())
    cut = int(split[0]) + SIDE
    before, after = (
        np.polyfit(at[:cut] - at[cut], y[:cut], 1),
        np.polyfit(at[cut:] - at[cut], y[cut:], 1),
    )
    return Break(
        year=int(at[cut]),
        statistic=0.0 if alike else float(statistic[0]),
        p_value=1.0 if alike else (reached + 1) / (simulations + 1),
        before=float(before[0]),
        after=float(after[0]),
        excess=float((y[cut:] - np.polyval(before, at[cut:] - at[cut])).mean()),
        years=n,
        persistence=persistence,
    )


def _residual_makers(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Matrices that give the residuals from one line, and from two lines for each break."""

    def maker(size: int) -> np.ndarray:
        line = np.column_stack([np.ones(size), np.arange(size) - (size - 1) / 2])
        return np.eye(size) - line @ np.linalg.pinv(line)

    two = np.zeros((n - 2 * SIDE + 1, n, n))
    for i, cut in enumerate(range(SIDE, n - SIDE + 1)):
        two[i, :cut, :cut] = maker(cut)
        two[i, cut:, cut:] = maker(n - cut)
    return maker(n), two


def _largest_f(y: np.ndarray, one: np.ndarray, two: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the largest F of Chow's test over all breaks, and which break it is, row by row."""
    whole = ((y @ one) ** 2).sum(axis=1)
    parts = np.stack([((y @ matrix) ** 2).sum(axis=1) for matrix in two])
    best = parts.argmin(axis=0)
    least = parts.min(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = (whole - least) / 2 / (least / (y.shape[1] - 4))
    return statistic, best


def _autocorrelated(rng: np.random.Generator, draws: int, n: int, persistence: float) -> np.ndarray:
    """Draw stationary series with normal errors that carry over from year to year."""
    errors = rng.standard_normal((draws, n))
    errors[:, 0] /= np.sqrt(1 - persistence**2)
    for i in range(1, n):
        errors[:, i] += persistence * errors[:, i - 1]
    return errors
