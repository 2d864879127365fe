"""Do regions draw together in the long run: the log t test of Phillips and Sul.

Takes a balanced panel; gives the regression of the cross-sectional variance of relative values on
the logarithm of time. The kernels below work on many groups of regions at once, for the clubs that
are formed by many such tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from ..._align import some
from ..._results import LogTResult
from ...errors import InputError
from .._wide import balanced

CRITICAL = -1.65  # the 5 % quantile of the normal distribution as Phillips and Sul round it
LEAST_YEARS = 5  # of the regression: two are used up by its line, two by the standard error


def log_t_test(
    panel: pd.DataFrame,
    *,
    value: str,
    log: bool = True,
    filter: float | None = 400.0,
    trim: float = 1 / 3,
    critical: float = CRITICAL,
) -> LogTResult:
    """Test whether all regions converge, each along a path of its own (Phillips and Sul 2007).

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`); years evenly spaced.
    value : str
        Column with the value per head, above zero, at constant prices.
    log : bool
        Take the logarithm first, as Phillips and Sul do with incomes. The test then depends on the
        unit (see Notes). False for a value that is used as it stands.
    filter : float, optional
        Smoothing parameter of the Hodrick-Prescott filter: each region's series (after the
        logarithm) is replaced by its trend, so that business cycles do not count as divergence.
        400 is what Phillips and Sul take for annual data, 6.25 what Ravn and Uhlig (2002) advise
        for them. None uses the series unfiltered.
    trim : float
        Share of the years at the beginning that the regression leaves out. Phillips and Sul advise
        0.3 for up to 50 years and 0.2 for 100 and more; many who follow them take 1/3.
    critical : float
        Convergence is rejected where the statistic is at or below it; -1.65 is the 5 % level.

    Returns
    -------
    LogTResult
        ``b``, ``se``, ``statistic``, ``p_value`` (one-sided), ``converges`` and the ``frame``.

    Raises
    ------
    InputError
        The panel or the column is not as above; years are unevenly spaced or too few; a value has
        no logarithm, or the logarithm is not positive; all regions are equal in some year.

    Warns
    -----
    MissingDataWarning
        Regions without a value in some year were left out of all.

    Notes
    -----
    With X the filtered logarithm, h = X / mean of X over regions is a region's relative transition,
    and H the mean of (h - 1)^2 over regions. For t = [rT] + 1, ..., T, with T years, r = `trim` and
    [rT] rounded to the nearest whole number (halves to the even one),

        log(H_1 / H_t) - 2 log(log t) = a + b log t + error

    is fitted by least squares. The variance of b is the long-run variance of the residuals times
    its entry of (X'X)^-1. The long-run variance has the quadratic spectral kernel with the
    bandwidth of Andrews (1991) for an autoregression of order 1, 1.3221 (T' 4 r^2 / (1 - r)^4)^0.2
    for T' residuals with the autoregressive coefficient r, in the form in which Phillips and Sul
    programmed it and in which Stata's ``logtreg`` (Du 2017) and R's ``ConvergenceClubs`` (method
    "FQSB") have it: autocovariances leave out the last residual, and all terms are divided by
    T' - 1.

    With logarithms h depends on the unit: in a unit a thousand times smaller all logarithms are
    6.9 larger, and relative differences smaller. H_1 / H_t takes most of it out, not all: state the
    unit, and do not use one in which values are near 1. For the same reason logarithms at current
    prices seem to converge as prices rise; with ``log=False, filter=None`` prices that rise alike
    everywhere cancel. The theory is of long series of independent regions: with fewer than some 15
    years, or regions that move together beyond the common trend, levels are rough.

    Examples
    --------
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import log_t_test
    >>> test = log_t_test(
    ...     sr.datasets.us_incomes(), value="income", log=False, filter=None
    ... )
    >>> test.n, test.years, round(test.b, 2), round(test.statistic, 2)
    (48, 54, 0.04, 0.29)
    """
    settings = Settings.checked(log=log, filter=filter, trim=trim, critical=critical)
    paths, _ = transition_values(panel, value, settings, least=2)
    return whole_test(paths, value, settings)


@dataclass(frozen=True)
class Settings:
    """How the test is done; checked once for the test and for the clubs."""

    log: bool
    filter: float | None
    trim: float
    critical: float

    @classmethod
    def checked(cls, *, log: bool, filter: float | None, trim: float, critical: float) -> Settings:
        """Raise unless each argument is in its range."""
        if filter is not None and not filter > 0:
            raise InputError(
                f"filter must be a smoothing parameter above 0 (400 or 6.25 for annual data) or "
                f"None for no filter, not {filter!r}"
            )
        if not 0 < trim < 1:
            raise InputError(f"trim must be a share between 0 and 1 (1/3 is usual), not {trim!r}")
        if not np.isfinite(critical):
            raise InputError(f"critical must be a number (-1.65 is usual), not {critical!r}")
        return cls(bool(log), None if filter is None else float(filter), float(trim), critical)

    def words(self, value: str) -> str:
        """Say what is done to the values before they are compared."""
        words = f"the logarithm of {value}" if self.log else value
        if self.filter is not None:
            words = f"the Hodrick-Prescott trend (lambda = {self.filter:g}) of {words}"
        return words


def transition_values(
    panel: pd.DataFrame, value: str, settings: Settings, *, least: int
) -> tuple[pd.DataFrame, pd.Index]:
    """Give the values that regions are compared by, regions x years, and the regions left out."""
    table, lost = balanced(panel, value, least=least, stacklevel=4)
    years = table.columns.to_numpy()
    _require_years(years, settings.trim)
    data = table.to_numpy()
    what = f"column {value!r}"
    if settings.log:
        bad = table.index[np.any(data <= 1, axis=1)]
        if len(bad):
            raise InputError(
                f"{what} must be above 1 for logarithms that are positive, as the test needs to "
                f"divide by their mean; {len(bad)} regions have values that are not "
                f"({some(bad)}): use a smaller unit, or log=False"
            )
        data = np.log(data)
    elif (data.mean(axis=0) <= 0).any():
        raise InputError(
            f"{what} must have a mean above zero in every year, as the test divides by it"
        )
    if settings.filter is not None:
        data = hp_trend(data, settings.filter)
    return pd.DataFrame(data, index=table.index, columns=table.columns), lost


def _require_years(years: np.ndarray, trim: float) -> None:
    gaps = np.diff(years)
    if len(gaps) and (gaps != gaps[0]).any():
        k = int(np.flatnonzero(gaps != gaps[0])[0])
        raise InputError(
            f"years must be evenly spaced, as time is counted 1, 2, 3, ...; from {years[k]} to "
            f"{years[k + 1]} it is {gaps[k]}, before {gaps[0]}: choose years that are"
        )
    start = trimmed(len(years), trim)
    if start < 1:
        raise InputError(
            f"trim={trim:.4g} leaves out none of {len(years)} years, but the first has no log log "
            "t: raise it"
        )
    if len(years) - start < LEAST_YEARS:
        raise InputError(
            f"{len(years)} years with trim={trim:.4g} leave {len(years) - start} for the "
            f"regression; at least {LEAST_YEARS} are needed, and 15 for a test to trust"
        )


def trimmed(years: int, trim: float) -> int:
    """Give the number of years left out at the beginning."""
    return round(years * trim)


def hp_trend(data: np.ndarray, smoothing: float) -> np.ndarray:
    """Give the Hodrick-Prescott trend of each row."""
    count = data.shape[1]
    second = np.diff(np.eye(count), n=2, axis=0)
    # taken off first: the trend of a constant is the constant, without any rounding
    level = data.mean(axis=1, keepdims=True)
    system = np.eye(count) + smoothing * second.T @ second
    return level + np.linalg.solve(system, (data - level).T).T


@dataclass(frozen=True)
class Fits:
    """The regression of each of several groups."""

    a: np.ndarray
    b: np.ndarray
    se: np.ndarray

    @property
    def statistic(self) -> np.ndarray:
        """Slope over its standard error; NaN where there is none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.b / self.se


def variation(values: np.ndarray) -> np.ndarray:
    """Give the variance of the relative values of one group, regions x years, by year."""
    mean = values.mean(axis=0)
    return ((values / mean - 1.0) ** 2).mean(axis=0)


def log_ratio(h: np.ndarray, start: int) -> tuple[np.ndarray, np.ndarray]:
    """Give log t and what is regressed on it, for the years from `start` on."""
    t = np.arange(start + 1, h.shape[-1] + 1)
    x = np.log(t)
    with np.errstate(invalid="ignore", divide="ignore"):
        return x, np.log(h[..., :1] / h[..., start:]) - 2.0 * np.log(x)


def fit(h: np.ndarray, start: int) -> Fits:
    """Regress each row of H; where a group is all equal in some year the result is NaN."""
    x, y = log_ratio(np.atleast_2d(h), start)
    centred = x - x.mean()
    squares = centred @ centred
    with np.errstate(invalid="ignore", divide="ignore"):
        b = y @ centred / squares
        a = y.mean(axis=1) - b * x.mean()
        residual = y - a[:, None] - b[:, None] * x
        se = np.sqrt(long_run_variance(residual) / squares)
    return Fits(a, b, se)


def long_run_variance(residual: np.ndarray) -> np.ndarray:
    """Long-run variance of each row, as Phillips and Sul programmed it (see `log_t_test`)."""
    count = residual.shape[-1]
    before, after = residual[:, :-1], residual[:, 1:]
    rho = (before * after).sum(axis=1) / (before**2).sum(axis=1)
    bandwidth = 1.3221 * (4.0 * rho**2 / (1.0 - rho) ** 4 * count) ** 0.2
    total = (residual**2).sum(axis=1)
    for lag in range(1, count - 1):
        products = (residual[:, : count - 1 - lag] * residual[:, lag : count - 1]).sum(axis=1)
        total += 2.0 * _quadratic_spectral(lag / bandwidth) * products
    return total / (count - 1)


def _quadratic_spectral(x: np.ndarray) -> np.ndarray:
    z = 1.2 * np.pi * x
    weight = 3.0 / z**2 * (np.sin(z) / z - np.cos(z))
    weight = np.where(z < 1e-3, 1.0 - z**2 / 10.0, weight)  # where the fraction loses its digits
    return np.where(np.isinf(z), 0.0, weight)  # no bandwidth, no autocovariances


def whole_test(paths: pd.DataFrame, value: str, settings: Settings) -> LogTResult:
    """Test all regions together, with the frame by year."""
    data, years = paths.to_numpy(), paths.columns
    start = trimmed(len(years), settings.trim)
    h = variation(data)
    if not (h > 0).all():
        raise InputError(
            f"all regions have the same {value!r} in {some(years[h <= 0])}: there is nothing that "
            "could converge"
        )
    fits = fit(h, start)
    x, y = log_ratio(h, start)
    blank = np.full(start, np.nan)
    frame = pd.DataFrame(
        {
            "variation": h,
            "log_t": np.log(np.arange(1, len(years) + 1)),
            "log_ratio": np.concatenate([blank, y]),
            "fitted": np.concatenate([blank, fits.a[0] + fits.b[0] * x]),
        },
        index=years,
    )
    statistic = float(fits.statistic[0])
    return LogTResult(
        b=float(fits.b[0]),
        se=float(fits.se[0]),
        statistic=statistic,
        p_value=one_sided(statistic),
        critical=settings.critical,
        converges=statistic > settings.critical,
        speed=float(fits.b[0]) / 2.0,
        n=len(paths),
        years=len(years) - start,
        trimmed=start,
        definition=(
            f"log t test (Phillips and Sul 2007) of {settings.words(value)}, relative to the mean "
            f"of {len(paths)} regions, each counting once, {years[0]} to {years[-1]}; the first "
            f"{start} years are left out of the regression; standard error with the quadratic "
            "spectral kernel and automatic bandwidth; one-sided, regions are taken to converge "
            f"unless the statistic is at or below {settings.critical:g}"
        ),
        frame=frame,
    )


def one_sided(statistic: float) -> float:
    """Give the lower tail of the normal distribution, above zero."""
    return max(float(norm.cdf(statistic)), float(np.finfo(float).tiny))
