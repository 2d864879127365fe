"""How many humps a distribution has: one country, or a rich and a poor one.

Takes a panel; gives Silverman's test by year.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import gaussian_kde

from ..._align import generator
from ...errors import InputError
from .._wide import relative_to_mean
from ._densities import values_by_year

_GRID = 1024  # places at which modes are looked for


def modes(
    panel: pd.DataFrame,
    *,
    value: str,
    years: Sequence[int] | None = None,
    relative: bool = True,
    at_most: int = 1,
    replicates: int = 999,
    rng: int | np.random.Generator | None = None,
) -> pd.DataFrame:
    """Test by year whether the distribution has more modes than stated (Silverman 1981).

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    value : str
        Column with the value, commonly per head.
    years : sequence of int, optional
        Which years; all where left out.
    relative : bool
        Show bandwidths in units of the year's mean. The test itself does not depend on it.
    at_most : int
        The hypothesis: the density has at most so many modes.
    replicates : int
        Draws of the smoothed bootstrap.
    rng : int or Generator
        Seed. An int gives a year the same result whichever other years are asked for; a Generator
        is used up year after year.

    Returns
    -------
    DataFrame
        Index ``year``; ``modes``, the number at Silverman's rule-of-thumb bandwidth;
        ``critical_bandwidth``, the smallest Gaussian bandwidth at which there are at most
        `at_most`; ``p_value``, ``0 < p <= 1``. ``attrs["definition"]`` says what was computed.

    Raises
    ------
    InputError
        A column or a year is missing, an argument is out of range, or a year has too few different
        values.

    Warns
    -----
    MissingDataWarning
        Pairs of region and year without a value were left out.

    Notes
    -----
    With h the critical bandwidth and s the standard deviation (ddof = 0) of a year, samples are
    drawn as m + (x - m + h e) / (1 + h^2 / s^2)^0.5, x a region drawn with replacement, m the mean
    and e standard normal; p is the share of samples that have more than `at_most` modes at h, the
    observed one counted with them. The test is conservative (Hall and York 2001): true levels are
    below the nominal ones, so that a p-value of 0.1 already speaks. It takes regions as
    independent draws. Each region counts once.

    Examples
    --------
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import modes
    >>> panel = sr.datasets.us_incomes()
    >>> modes(panel, value="income", years=[1929, 2009], replicates=199, rng=1).round(3)
          modes  critical_bandwidth  p_value
    year
    1929      1               0.117    0.720
    2009      1               0.059    0.515
    """
    for name, number in (("at_most", at_most), ("replicates", replicates)):
        if not isinstance(number, int | np.integer) or isinstance(number, bool) or number < 1:
            raise InputError(f"{name} must be a whole number of at least 1, not {number!r}")
    table, _ = values_by_year(panel, value, None, years)
    shown = relative_to_mean(table, value) if relative else table
    rows = []
    for year in shown.columns:
        x = shown[year].dropna().to_numpy()
        different = len(np.unique(x))
        if different <= max(at_most, 2):
            raise InputError(
                f"{year} has {different} different values of {value!r}, too few for a test of "
                f"{at_most} mode{'s' if at_most > 1 else ''}"
            )
        rule = gaussian_kde(x, bw_method="silverman")
        critical = _critical_bandwidth(x, at_most)
        p = _bootstrap(x, critical, at_most, replicates, generator(rng))
        rows.append((_count_modes(x, float(np.sqrt(rule.covariance[0, 0]))), critical, p))
    result = pd.DataFrame(
        rows,
        columns=["modes", "critical_bandwidth", "p_value"],
        index=pd.Index(shown.columns, name="year"),
    )
    what = f"{value} over the mean of its year" if relative else value
    result.attrs["definition"] = (
        f"Silverman's test (1981) that the density of {what} has at most {at_most} mode"
        f"{'s' if at_most > 1 else ''}, each region counting once and taken as independent; "
        f"{replicates} draws of the smoothed bootstrap; modes counted at Silverman's rule of thumb"
    )
    return result


def _count_modes(x: np.ndarray, h: float) -> int:
    """Count where the density's slope turns from up to down; modes lie between the values."""
    grid = np.linspace(x.min(), x.max(), _GRID)
    z = (x - grid[:, None]) / h
    slope = np.sign((z * np.exp(-0.5 * z**2)).sum(axis=1))
    # outside the values the slope points towards them
    slope = np.concatenate([[1.0], slope[1:-1], [-1.0]])
    slope = slope[slope != 0]
    return int(((slope[:-1] > 0) & (slope[1:] < 0)).sum())


def _critical_bandwidth(x: np.ndarray, at_most: int) -> float:
    """Find the smallest bandwidth with at most so many modes; a larger one never has more."""
    high = float(np.ptp(x))
    low = high / _GRID
    while high - low > 1e-7 * high:
        middle = (low + high) / 2.0
        if _count_modes(x, middle) > at_most:
            low = middle
        else:
            high = middle
    return high


def _bootstrap(
    x: np.ndarray, h: float, at_most: int, replicates: int, rng: np.random.Generator
) -> float:
    mean = x.mean()
    shrink = np.sqrt(1.0 + (h / x.std()) ** 2)
    more = 0
    for _ in range(replicates):
        drawn = x[rng.integers(len(x), size=len(x))] - mean + h * rng.standard_normal(len(x))
        more += _count_modes(mean + drawn / shrink, h) > at_most
    return (more + 1) / (replicates + 1)
