"""Has the dispersion between regions narrowed since the first year (sigma convergence)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t as student

from ..._align import some
from ...errors import InputError
from .._wide import balanced
from ._regression import least_squares

_FEWEST_YEARS = 4
_ROUNDING = 1e-12


def sigma_convergence(panel: pd.DataFrame, *, value: str) -> pd.DataFrame:
    """Dispersion of a value between regions by year, and whether it differs from the first year.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    value : str
        Column with the value, above zero; over time at constant prices
        (:func:`spatialreg.constant_prices`). Each region counts once.

    Returns
    -------
    DataFrame
        Index `year`; `sigma`, the standard deviation of the logarithm; `cv`, the coefficient of
        variation (ddof = 0); and `p_value`, two-sided, of the test by Pitman and Morgan that the
        variance of the logarithm equals that of the first year. The test takes account of regions
        being the same in both years; it assumes that their logarithms are jointly normal and that
        regions are independent of one another, which neighbours rarely are.
        ``attrs["definition"]`` says so in words, ``attrs["regions"]`` the number of regions, and
        ``attrs["trend"]`` is the slope of `sigma` on the year as a dict: slope [per year],
        std_error, statistic, dof, p_value (two-sided, of a slope of zero), lags; None if the panel
        has fewer than four years.

    Raises
    ------
    InputError
        The column is missing, not numeric, negative or zero, the panel has one year only, or
        fewer than three regions have a value in every year.

    Warns
    -----
    MissingDataWarning
        Regions without a value in some year were left out of all, so that dispersion is always of
        the same regions.

    Notes
    -----
    `sigma` has ddof = 1, so that its square is the unbiased variance that the test compares; the
    index :func:`spatialreg.disparity.sd_log` has ddof = 0 and may be weighted by people. Of n
    regions it is smaller by the factor ((n - 1) / n)^0.5.

    Years that follow one another depend on one another. The standard error of the trend allows for
    this (Newey and West 1987, with 4 (years / 100) ^ (2 / 9) lags, counted in years of the panel,
    and years / (years - 2) for small samples); its statistic is held against t with years - 2
    degrees of freedom. In a series of less than twenty years or so it still finds trends too often.
    It takes the regions as given, and asks about the course of their dispersion over the years.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import sigma_convergence
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": list("abcd") * 2, "year": [2000] * 4 + [2010] * 4,
    ...     "income": [1.0, 2.0, 4.0, 8.0, 4.0, 5.0, 7.0, 8.0]}))
    >>> sigma_convergence(panel, value="income").round(4)
           sigma      cv  p_value
    year
    2000  0.8948  0.7149      NaN
    2010  0.3156  0.2635   0.0075
    """
    table = _logs(panel, value)
    logs, years = table.to_numpy(), table.index.to_numpy()
    sd = logs.std(axis=1, ddof=1)
    level = np.exp(logs)
    result = pd.DataFrame(
        {
            "sigma": sd,
            "cv": level.std(axis=1) / level.mean(axis=1),
            "p_value": [np.nan, *(_pitman_morgan(logs[0], later) for later in logs[1:])],
        },
        index=pd.Index(years, name="year"),
    )
    result.attrs["definition"] = (
        f"dispersion of {value} between {logs.shape[1]} regions, each counting once: standard "
        f"deviation of the logarithm (ddof = 1), coefficient of variation (ddof = 0); p_value of "
        f"the Pitman-Morgan test against {years[0]}, two-sided, regions taken as independent; "
        f"trend: slope of the standard deviation on the year, Newey-West standard error"
    )
    result.attrs["trend"] = _trend(sd, years)
    result.attrs["regions"] = logs.shape[1]
    return result


def _trend(sd: np.ndarray, years: np.ndarray) -> dict[str, float] | None:
    """Test that the slope of dispersion on the year is zero."""
    n = len(years)
    if n < _FEWEST_YEARS:
        return None
    lags, dof = int(4 * (n / 100) ** (2 / 9)), n - 2
    fit = least_squares(sd, np.column_stack([np.ones(n), years - years.mean()]))
    slope = float(fit.estimate[1])
    error = float(np.sqrt(fit.newey_west(lags, dof)[1, 1]))
    noise = _ROUNDING * sd.max() / (years[-1] - years[0])
    if abs(slope) <= noise and error <= noise:  # dispersion is the same in every year
        slope, statistic = 0.0, 0.0
    else:
        statistic = slope / error if error > 0 else float(np.copysign(np.inf, slope))
    p_value = max(float(2 * student.sf(abs(statistic), dof)), float(np.finfo(float).tiny))
    return {
        "slope": slope,
        "std_error": error,
        "statistic": statistic,
        "dof": dof,
        "p_value": p_value,
        "lags": lags,
    }


def _logs(panel: pd.DataFrame, value: str) -> pd.DataFrame:
    """Give logarithms as years x regions, of the regions that have a value in every year."""
    table, _ = balanced(panel, value, least=3, stacklevel=4)
    if table.shape[1] < 2:
        raise InputError("the panel has one year: convergence compares at least two")
    low = table.index[(table <= 0).any(axis=1)]
    if len(low):
        raise InputError(
            f"column {value!r} must be above zero, as its logarithm is taken; it is not in "
            f"{len(low)} regions ({some(low)}): make blanks NaN, or leave these regions out"
        )
    return pd.DataFrame(np.log(table.T))


def _pitman_morgan(first: np.ndarray, later: np.ndarray) -> float:
    """Two-sided p-value that two paired samples have the same variance.

    The sum and the difference of the pairs are uncorrelated exactly if the variances are equal.
    """
    total, difference = later + first, later - first
    total, difference = total - total.mean(), difference - difference.mean()
    lengths = np.linalg.norm(total), np.linalg.norm(difference)
    if min(lengths) <= 1e-12 * max(lengths):  # only rounding is left of one of them
        return 1.0
    r = np.clip(total @ difference / (lengths[0] * lengths[1]), -1.0, 1.0)
    degrees = len(first) - 2
    with np.errstate(divide="ignore"):
        statistic = abs(r) * np.sqrt(degrees / (1 - r**2))
    # two years that are exact images of one another leave no chance at all, but p stays above 0
    return max(float(2 * student.sf(statistic, degrees)), float(np.finfo(float).tiny))
