"""How fast does a gap close: speed and half-life from a coefficient of growth per year.

Takes the coefficient of ln initial value in an equation of growth per year over periods of T years,
with its standard error, and gives the speed of convergence and the half-life with intervals. It is
the one place where this is computed. Where the numbers are not defined it gives NaN, and words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Speed:
    """Speed [per year] and half-life [years] of a coefficient; `note` says where they are NaN."""

    estimate: float
    std_error: float
    speed: float = np.nan
    speed_std_error: float = np.nan
    speed_low: float = np.nan
    speed_high: float = np.nan
    half_life: float = np.nan
    half_life_std_error: float = np.nan
    half_life_low: float = np.nan
    half_life_high: float = np.nan
    note: str = ""


def speed_of(coefficient: float, std_error: float, years: float, quantile: float) -> Speed:
    """Give speed and half-life that belong to a coefficient, with intervals.

    A gap that shrinks at the constant rate s leaves the share exp(-s T) of itself after T years, so
    that growth per year falls with ln initial value by b = -(1 - exp(-s T)) / T. Solved for the
    speed, s = -ln(1 + b T) / T; half of the gap is left after ln 2 / s years. Standard errors are
    by the delta method. The interval of the half-life holds the half-lives of all speeds above
    zero in the interval of the speed: its upper end is infinite if that reaches zero.

    Parameters
    ----------
    coefficient, std_error : float
        b [per year] and its standard error.
    years : float
        T, the length of a period.
    quantile : float
        Of the distribution that b is held against, for the intervals.
    """
    left = 1 + coefficient * years
    if not left > 0:
        return Speed(
            coefficient,
            std_error,
            note=f"undefined: 1 + coefficient x {years:g} years is {left:.3g}, not above zero; "
            "regions change places within a period, which no speed gives",
        )
    # log1p keeps the digits where b T is small; adding 0.0 makes -0.0 a plain zero
    speed = -float(np.log1p(coefficient * years)) / years + 0.0
    error = std_error / left
    low, high = speed - quantile * error, speed + quantile * error
    known = (coefficient, std_error, speed, error, low, high)
    if speed < 0:
        return Speed(*known, note="diverging: the gap widens, there is no half-life")
    if speed == 0:
        return Speed(*known, half_life=np.inf, note="neither: the gap stays as it is")
    half = float(np.log(2))
    return Speed(
        *known,
        half_life=half / speed,
        half_life_std_error=half / speed * (error / speed),
        half_life_low=half / high,
        half_life_high=half / low if low > 0 else np.inf,
        note="converging" if low > 0 else "converging, but the interval holds a speed of zero",
    )
