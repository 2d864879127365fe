"""Comparable prices: what a nominal series would be at the prices of one year.

Gaps between regions over time are compared at constant prices, and the base year is said. Official
tables give a nominal value and an index of real growth with the previous year = 100; the value of
the base year is carried forwards and backwards along that index, each region along its own. Takes
a panel indexed (`code`, `year`); gives a Series on the same index.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from ._align import numeric_series, require_columns, require_panel, some
from .errors import InputError, MissingDataWarning

# A year in which output falls to a fifth or grows fivefold is a typing error or another kind of
# index; the widest recorded national swings (wars, first oil) stay inside.
_LOWEST, _HIGHEST = 20.0, 500.0
# years of unbroken rise from a year in which every region has 100: an index with a fixed base
_FIXED_BASE_YEARS = 5


def constant_prices(
    panel: pd.DataFrame, *, value: str, growth_index: str, base_year: int
) -> pd.Series:
    """Value at the constant prices of a base year, chained by an index of real growth.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    value : str
        Column with the nominal value, in any unit of money.
    growth_index : str
        Column with the index of real growth, previous year = 100.
    base_year : int
        The year whose prices are used; there the result equals the nominal value.

    Returns
    -------
    Series
        Named ``{value}_{base_year}_prices``, in the unit of `value`, on the panel's index. NaN
        where the nominal value of the base year is missing, and beyond a gap in the index.

    Raises
    ------
    InputError
        A column or the base year is missing, or the index is not of the kind previous
        year = 100 (a ratio, a growth rate, an index with a fixed base).

    Warns
    -----
    MissingDataWarning
        Regions lack the nominal value of the base year, or the chain is broken; the message says
        which, and in which year.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": "a", "year": [2009, 2010, 2011],
    ...     "gdp": [80.0, 100.0, 130.0], "growth": [110.0, 125.0, 120.0]}))
    >>> sr.constant_prices(panel, value="gdp", growth_index="growth", base_year=2010)
    code  year
    a     2009     80.0
          2010    100.0
          2011    120.0
    Name: gdp_2010_prices, dtype: float64
    """
    require_panel(panel)
    require_columns(panel, [value, growth_index], "the panel")
    chain = _chain(panel, growth_index, base_year)
    nominal = numeric_series(panel[value], f"column {value!r}")
    at_base = nominal.xs(base_year, level=1)
    codes = panel.index.get_level_values(0)
    anchored = pd.Series(at_base.reindex(codes).to_numpy(), index=panel.index)
    unanchored = codes.unique()[at_base.reindex(codes.unique()).isna()]
    if len(unanchored):
        warnings.warn(
            f"{len(unanchored)} regions have no {value!r} in the base year {base_year} and are "
            f"NaN throughout: {some(unanchored)}",
            MissingDataWarning,
            stacklevel=2,
        )
    result = (anchored * chain / 100).rename(f"{value}_{base_year}_prices")
    result.attrs["definition"] = (
        f"{value} at constant prices of {base_year}: the nominal value of {base_year} chained by "
        f"{growth_index} (real growth, previous year = 100)"
    )
    return result


def rebase_index(panel: pd.DataFrame, *, growth_index: str, base_year: int) -> pd.Series:
    """Chain an index of real growth into one with a fixed base, base year = 100.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    growth_index : str
        Column with the index of real growth, previous year = 100.
    base_year : int
        The year that becomes 100 in every region.

    Returns
    -------
    Series
        Named ``{growth_index}_{base_year}_base``, on the panel's index; NaN beyond a gap.

    Raises
    ------
    InputError
        As :func:`constant_prices`.

    Warns
    -----
    MissingDataWarning
        The chain is broken in some region; the message says where.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": "a", "year": [2009, 2010, 2011], "growth": [110.0, 125.0, 120.0]}))
    >>> sr.prices.rebase_index(panel, growth_index="growth", base_year=2009).tolist()
    [100.0, 125.0, 150.0]
    """
    require_panel(panel)
    require_columns(panel, [growth_index], "the panel")
    return _chain(panel, growth_index, base_year).rename(f"{growth_index}_{base_year}_base")


def _chain(panel: pd.DataFrame, growth_index: str, base_year: int) -> pd.Series:
    """Chain the index from 100 in the base year, on the panel's index."""
    years = panel.index.get_level_values(1)
    if base_year not in years:
        raise InputError(
            f"base year {base_year!r} is not in the panel; its years are {_spans(years)}"
        )
    growth = numeric_series(panel[growth_index], f"column {growth_index!r}")
    # every year between the first and the last: growth over a year without a row is unknown
    span = np.arange(years.min(), years.max() + 1)
    row, codes = pd.factorize(panel.index.get_level_values(0), sort=True)
    column = years.to_numpy() - span[0]
    table = np.full((len(codes), len(span)), np.nan)
    table[row, column] = growth
    _check_growth(growth, table, span, growth_index)
    base = int(base_year) - int(span[0])
    chained = np.full(table.shape, 100.0)
    chained[:, base + 1 :] *= np.cumprod(table[:, base + 1 :] / 100, axis=1)
    # the index of year t says how t compares with t - 1, so going back divides by it
    chained[:, :base] /= np.cumprod(table[:, base:0:-1] / 100, axis=1)[:, ::-1]
    chain = pd.Series(chained[row, column], index=panel.index)
    lost = np.unique(row[chain.isna()])
    if len(lost):
        gaps = [f"{codes[i]} {_gap(np.isnan(table[i]), span, base)}" for i in lost[:5]]
        gaps += [""] * (len(lost) - len(gaps))
        warnings.warn(
            f"{growth_index!r} is missing where the chain from {base_year} needs it, so that "
            f"{len(lost)} regions are NaN beyond the gap: {some(gaps)}",
            MissingDataWarning,
            stacklevel=3,
        )
    return chain


def _check_growth(growth: pd.Series, table: np.ndarray, span: np.ndarray, name: str) -> None:
    """Raise unless the index looks like previous year = 100."""
    given = f"column {name!r} must be an index of real growth, previous year = 100"
    known = growth.dropna()
    if known.empty:
        raise InputError(f"{given}; it has no values")
    middle = float(known.median())
    if 0 < middle <= 2:
        raise InputError(
            f"{given}; its median is {middle:.4g}, which looks like a ratio: multiply it by 100"
        )
    if middle < 50:
        raise InputError(
            f"{given}; its median is {middle:.4g}, which looks like growth in per cent: add 100"
        )
    blank = np.isnan(table)
    level = ((table == 100) | blank).all(axis=0) & ~blank.all(axis=0)
    for column in np.flatnonzero(level[:-_FIXED_BASE_YEARS]):
        steps = np.diff(table[:, column:], axis=1)
        if ((steps > 0) | np.isnan(steps)).all() and (steps > 0).any():
            year = span[column]
            raise InputError(
                f"{given}; every region has 100 in {year} and rises from there without a break, "
                f"which looks like an index with the fixed base {year}: divide each year by the "
                "year before it and multiply by 100"
            )
    odd = known.index[(known <= _LOWEST) | (known >= _HIGHEST)]
    if len(odd):
        raise InputError(
            f"{given}; {len(odd)} values are not between {_LOWEST:g} and {_HIGHEST:g}, at "
            f"{some(odd)}: correct them, or make them NaN"
        )


def _gap(missing: np.ndarray, span: np.ndarray, base: int) -> str:
    """Say where a region's chain ends: at the gaps nearest to the base year on either side."""
    before = span[1 : base + 1][missing[1 : base + 1]][-1:]
    after = span[base + 1 :][missing[base + 1 :]][:1]
    sides = [f"before {year}" for year in before] + [f"from {year}" for year in after]
    return " and ".join(sides)


def _spans(years: pd.Index) -> str:
    """Write years as spans: ``2000 to 2005, 2010``."""
    known = np.unique(years.to_numpy())
    runs = np.split(known, np.flatnonzero(np.diff(known) > 1) + 1)
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
