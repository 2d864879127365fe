"""What shape the distribution of a value has, by year: one hump or two, drawing in or apart.

Takes a panel; gives kernel densities on one grid, and how the later value is distributed given the
earlier one. How many humps there are is tested in ``_modes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import gaussian_kde

from ..._align import some
from ...errors import InputError
from .._inputs import caution
from .._wide import relative_to_mean, wide
from ._classes import chosen_step

Bandwidth = Literal["silverman", "scott"] | float


def densities(
    panel: pd.DataFrame,
    *,
    value: str,
    years: Sequence[int] | None = None,
    population: str | None = None,
    relative: bool = True,
    points: int = 200,
    bandwidth: Bandwidth = "silverman",
) -> pd.DataFrame:
    """Kernel densities of a value between regions, by year, on one common grid.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    value : str
        Column with the value, commonly per head.
    years : sequence of int, optional
        Which years; all where left out.
    population : str, optional
        Column with people. With it a region counts as its people, and relative values are over the
        mean of all people; without, each region counts once.
    relative : bool
        Use the value over the mean of its year. False uses the value itself.
    points : int
        Places of the grid.
    bandwidth : {"silverman", "scott"} or float
        Standard deviation of the Gaussian kernel: (n 3/4)^(-1/5) or n^(-1/5) times the standard
        deviation of the year, or a number in the unit of what is shown, the same in all years.
        With people n is the effective number 1 / (sum of squared shares), as in scipy.

    Returns
    -------
    DataFrame
        Index ``value``, the grid, from three (largest) bandwidths below the lowest value to three
        above the highest; a column a year. ``attrs["definition"]`` says what was computed,
        ``attrs["bandwidth"]`` has the bandwidth and ``attrs["regions"]`` the number of regions by
        year.

    Raises
    ------
    InputError
        A column or a year is missing, population is negative, an argument is out of range, or a
        year has fewer than two different values.

    Warns
    -----
    MissingDataWarning
        Pairs of region and year without a value or people were left out.
    TotalsWarning
        The values rise with the people as totals do: they should be per head.

    Notes
    -----
    The kernel is symmetric and spreads a little below zero where values are near it. A density by
    regions and one by people answer different questions: where regions are, and where people live.

    Examples
    --------
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import densities
    >>> curves = densities(sr.datasets.us_incomes(), value="income", years=[1929, 2009])
    >>> curves.shape
    (200, 2)
    >>> curves.idxmax().round(2).tolist()
    [0.93, 0.93]
    """
    if not isinstance(points, int | np.integer) or points < 2:
        raise InputError(f"points must be a whole number of at least 2, not {points!r}")
    _require_bandwidth(bandwidth)
    table, weights = values_by_year(panel, value, population, years)
    shown = table
    if relative:
        weighted = (table * weights).sum() / weights.where(table.notna()).sum()
        shown = table / _positive(weighted, value)
    estimates = {
        int(year): _estimate(shown[year], weights[year], bandwidth, value, int(year))
        for year in shown.columns
    }
    widths = {year: float(np.sqrt(kde.covariance[0, 0])) for year, kde in estimates.items()}
    reach = 3.0 * max(widths.values())
    used = shown.where(weights > 0)
    grid = np.linspace(np.nanmin(used) - reach, np.nanmax(used) + reach, int(points))
    result = pd.DataFrame(
        {year: kde(grid) for year, kde in estimates.items()},
        index=pd.Index(grid, name="value"),
    )
    result.columns.name = "year"
    over = "all people" if population is not None else "the regions"
    what = f"{value} over the mean of {over} in its year" if relative else value
    counting = "once" if population is None else f"as its people ({population})"
    rule = f"rule {bandwidth!r}" if isinstance(bandwidth, str) else f"{bandwidth:g}"
    result.attrs["definition"] = (
        f"Gaussian kernel densities of {what}, each region counting {counting}; bandwidth {rule}"
    )
    result.attrs["bandwidth"] = widths
    result.attrs["regions"] = {year: int(kde.n) for year, kde in estimates.items()}
    return result


def stochastic_kernel(
    panel: pd.DataFrame,
    *,
    value: str,
    relative: bool = True,
    step: int | None = None,
    points: int = 50,
    bandwidth: Literal["silverman", "scott"] = "silverman",
) -> pd.DataFrame:
    """How the later value is distributed given the earlier one (Quah 1997).

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    value : str
        Column with the value, commonly per head.
    relative : bool
        Use the value over the mean of its year, each region counting once.
    step : int
        Years between the earlier and the later value; where left out, the smallest gap. All pairs
        of years that far apart are put together.
    points : int
        Places of the grid, in either direction.
    bandwidth : {"silverman", "scott"}
        Rule for the joint density of both values.

    Returns
    -------
    DataFrame
        A row for each earlier value (index ``earlier``), a column for each later one (``later``),
        on one grid between the lowest and the highest value: densities of the later value, which in
        each row come to one over the whole line. Mass on the diagonal is persistence.
        ``attrs["definition"]`` says what was computed, ``attrs["moves"]`` the number of pairs.

    Raises
    ------
    InputError
        As in :func:`spatialreg.disparity.densities`, or no region has values a step apart.

    Warns
    -----
    MissingDataWarning
        Pairs of region and year without a value, or gaps between years wider than the step.

    Notes
    -----
    The joint Gaussian kernel density of both values over that of the earlier value with the same
    bandwidth. Rows with few regions near them rest on little.

    Examples
    --------
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import stochastic_kernel
    >>> kernel = stochastic_kernel(sr.datasets.us_incomes(), value="income", step=10)
    >>> kernel.shape, kernel.attrs["moves"]
    ((50, 50), 3408)
    """
    if not isinstance(points, int | np.integer) or points < 2:
        raise InputError(f"points must be a whole number of at least 2, not {points!r}")
    if bandwidth not in ("silverman", "scott"):
        raise InputError(f"bandwidth must be 'silverman' or 'scott', not {bandwidth!r}")
    table = wide(panel, value)
    years = table.columns.to_numpy()
    chosen = chosen_step(years, step)
    data = (relative_to_mean(table, value) if relative else table).to_numpy()
    begins = np.flatnonzero(np.isin(years + chosen, years))
    ends = np.searchsorted(years, years[begins] + chosen)
    pairs = np.array([data[:, begins].ravel(), data[:, ends].ravel()])
    pairs = pairs[:, ~np.isnan(pairs).any(axis=0)]
    # a density in two directions needs points that are not on a line
    if pairs.shape[1] < 3 or np.linalg.matrix_rank(np.cov(pairs)) < 2:
        raise InputError(
            f"column {value!r} has {pairs.shape[1]} pairs of values {chosen} years apart that do "
            "not spread in two directions: no density can be given"
        )
    joint = gaussian_kde(pairs, bw_method=bandwidth)
    earlier = gaussian_kde(pairs[0], bw_method=joint.factor)
    grid = np.linspace(pairs.min(), pairs.max(), int(points))
    rows, columns = np.meshgrid(grid, grid, indexing="ij")
    together = joint(np.array([rows.ravel(), columns.ravel()])).reshape(rows.shape)
    given = earlier(grid)[:, None]
    # far from any region both are zero
    values = np.divide(together, given, out=np.full(rows.shape, np.nan), where=given > 0)
    result = pd.DataFrame(
        values, index=pd.Index(grid, name="earlier"), columns=pd.Index(grid, name="later")
    )
    what = f"{value} over the mean of its year" if relative else value
    result.attrs["definition"] = (
        f"density of {what} {chosen} years later given its value before, pairs of all years from "
        f"{years[0]} to {years[-1]} together, each region counting once; Gaussian kernel, rule "
        f"{bandwidth!r}"
    )
    result.attrs["moves"] = int(pairs.shape[1])
    return result


def values_by_year(
    panel: pd.DataFrame, value: str, population: str | None, years: Sequence[int] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give values and weights of the chosen years, NaN and zero where one of both is missing."""
    table = wide(panel, value, stacklevel=4)
    weights = pd.DataFrame(1.0, index=table.index, columns=table.columns)
    if population is not None:
        weights = wide(panel, population, stacklevel=4)
        negative = weights.index[(weights < 0).any(axis=1)]
        if len(negative):
            raise InputError(
                f"column {population!r} must not be negative; it is in {some(negative)}"
            )
    if years is not None:
        lacking = [year for year in years if year not in table.columns]
        if lacking or not len(years):
            raise InputError(
                f"years must name years of the panel; it has no {some(lacking)}"
                if lacking
                else "years must name at least one year"
            )
        table, weights = table[list(years)], weights[list(years)]
    missing = table.isna() | weights.isna()
    table, weights = table.mask(missing), weights.mask(missing, 0.0)
    if population is not None:
        given = panel[[value, population]].dropna()
        given = given[given[population] > 0]
        names = (f"column {value!r}", f"column {population!r}")
        caution(given[value].astype(float), given[population].astype(float), names, 4)
    return table, weights


def _positive(mean: pd.Series, value: str) -> pd.Series:
    low = mean.index[~(mean > 0)]
    if len(low):
        raise InputError(
            f"the mean of {value!r} is not above zero in {some(low)}, so that nothing is relative "
            "to it: pass relative=False"
        )
    return mean


def _require_bandwidth(bandwidth: str | float) -> None:
    if isinstance(bandwidth, str):
        known = bandwidth in ("silverman", "scott")
    else:
        number = isinstance(bandwidth, int | float | np.number)
        known = number and not isinstance(bandwidth, bool) and bandwidth > 0
    if not known:
        raise InputError(
            "bandwidth must be 'silverman', 'scott' or a number above 0 in the unit of the "
            f"values, not {bandwidth!r}"
        )


def _estimate(
    values: pd.Series, weights: pd.Series, bandwidth: Bandwidth, value: str, year: int
) -> gaussian_kde:
    used = (weights > 0).to_numpy()
    x, w = values.to_numpy()[used], weights.to_numpy()[used]
    if len(np.unique(x)) < 2:
        raise InputError(
            f"{year} has fewer than two different values of {value!r}: leave it out of years"
        )
    if isinstance(bandwidth, str):
        return gaussian_kde(x, bw_method=bandwidth, weights=w)
    spread = np.sqrt(np.cov(x, aweights=w))
    return gaussian_kde(x, bw_method=bandwidth / float(spread), weights=w)
