"""Comparable prices: what a nominal series would be at the prices of one year.

Gaps between regions over time are compared at constant prices, and the base year is said. There
are two ways. Official tables give a nominal value and an index of real growth with the previous
year = 100: the value of the base year is carried forwards and backwards along that index, each
region along its own. Or prices are known: each year's nominal value is divided by a price index.
Takes a panel indexed (`code`, `year`); gives a Series on the same index.
"""

from __future__ import annotations

import warnings

import pandas as pd

from .._align import numeric_series, require_columns, require_one_of, require_panel, some
from ..errors import InputError, MissingDataWarning
from ._chain import chained
from ._deflators import by_deflator

_BASES = ["previous year", "fixed"]
_DIVIDE = "divide each year by the year before it and multiply by 100"


def constant_prices(
    panel: pd.DataFrame,
    *,
    value: str,
    growth_index: str | None = None,
    deflator: str | pd.Series | None = None,
    deflator_base: str | None = None,
    base_year: int,
) -> pd.Series:
    """Value at the constant prices of a base year, by an index of real growth or of prices.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    value : str
        Column with the nominal value, in any unit of money.
    growth_index : str, optional
        Column with the index of real growth, previous year = 100. Either this or `deflator`.
    deflator : str or Series, optional
        A price index: a column (prices of each region), or a Series indexed by year (one for all
        regions).
    deflator_base : {"previous year", "fixed"}, optional
        What the 100 of `deflator` stands for, and needed with it: the year before (each value is
        a link of a chain), or one year for all (any year; the level is scaled away).
    base_year : int
        The year whose prices are used; there the result equals the nominal value.

    Returns
    -------
    Series
        Named ``{value}_{base_year}_prices``, in the unit of `value`, on the panel's index. By
        `growth_index`, NaN where the nominal value of the base year is missing, and beyond a gap
        in the index; by `deflator`, NaN where the nominal value or the price index is missing, and
        beyond a gap in a chain. ``attrs["definition"]`` says in words what was computed.

    Raises
    ------
    InputError
        A column or the base year is missing, both or none of `growth_index` and `deflator` are
        given, or the index is not of the kind that is said (a ratio, a growth rate, an index with
        a fixed base, a value of zero).
    AlignmentError
        A Series of prices lacks years of the panel.

    Warns
    -----
    MissingDataWarning
        Regions lack the nominal value or the price index of the base year, the chain is broken,
        or a nominal value has no price; the message says which, and in which year.

    Notes
    -----
    The two ways agree exactly where the price index is that of the value itself
    (:func:`spatialreg.prices.implicit_deflator`). A price index of something else, consumer prices
    for output, gives another series: purchasing power over that thing. A national price index
    leaves differences of inflation between regions in the result. Neither way compares price
    *levels* between regions: in the base year all regions are at their own prices.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": "a", "year": [2009, 2010, 2011],
    ...     "gdp": [80.0, 100.0, 132.0], "growth": [110.0, 125.0, 120.0]}))
    >>> sr.constant_prices(panel, value="gdp", growth_index="growth", base_year=2010)
    code  year
    a     2009     80.0
          2010    100.0
          2011    120.0
    Name: gdp_2010_prices, dtype: float64
    >>> prices = pd.Series([98.0, 98.0, 107.8], index=[2009, 2010, 2011])
    >>> sr.constant_prices(
    ...     panel, value="gdp", deflator=prices, deflator_base="fixed", base_year=2010
    ... ).round(6).tolist()
    [80.0, 100.0, 120.0]
    """
    require_panel(panel)
    _check_ways(growth_index, deflator, deflator_base)
    require_columns(panel, [value], "the panel")
    if growth_index is not None:
        result = _by_growth(panel, value, growth_index, base_year)
        words = (
            f"the nominal value of {base_year} chained by {growth_index} (real growth, previous "
            "year = 100)"
        )
    else:
        fixed = deflator_base == "fixed"
        result, name = by_deflator(panel, value, deflator, fixed, base_year)
        words = (
            f"the nominal value of each year divided by {name} "
            f"({'fixed base' if fixed else 'previous year = 100, chained'}; {base_year} = 1)"
        )
    result = result.rename(f"{value}_{base_year}_prices")
    result.attrs["definition"] = f"{value} at constant prices of {base_year}: {words}"
    return result


def implicit_deflator(
    panel: pd.DataFrame, *, value: str, growth_index: str, base_year: int
) -> pd.Series:
    """Price index that a nominal value and its index of real growth imply, base year = 100.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    value : str
        Column with the nominal value.
    growth_index : str
        Column with the index of real growth of the same value, previous year = 100.
    base_year : int
        The year that becomes 100 in every region.

    Returns
    -------
    Series
        Named ``{value}_deflator_{base_year}_base``, on the panel's index: nominal value over the
        value at constant prices, times 100. NaN where either is missing or zero. Jumps in one
        region tell of nominal values and growth that were not revised together, more often than
        of prices.

    Raises
    ------
    InputError
        As :func:`spatialreg.constant_prices` by `growth_index`.

    Warns
    -----
    MissingDataWarning
        As :func:`spatialreg.constant_prices` by `growth_index`.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": "a", "year": [2009, 2010, 2011],
    ...     "gdp": [80.0, 100.0, 132.0], "growth": [110.0, 125.0, 120.0]}))
    >>> sr.prices.implicit_deflator(
    ...     panel, value="gdp", growth_index="growth", base_year=2010).round(6).tolist()
    [100.0, 100.0, 110.0]
    """
    require_panel(panel)
    require_columns(panel, [value], "the panel")
    real = _by_growth(panel, value, growth_index, base_year)
    nominal = numeric_series(panel[value], f"column {value!r}")
    result = (100 * nominal / real).where((nominal > 0) & (real > 0))
    # the quotient of a number with itself, but not after its way through a chain
    result[(panel.index.get_level_values(1) == base_year) & result.notna()] = 100.0
    result = result.rename(f"{value}_deflator_{base_year}_base")
    result.attrs["definition"] = (
        f"implicit price index of {value}, {base_year} = 100: nominal value over the value of "
        f"{base_year} chained by {growth_index} (real growth, previous year = 100)"
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
    return _growth_chain(panel, growth_index, base_year).rename(f"{growth_index}_{base_year}_base")


def _check_ways(growth_index: object, deflator: object, deflator_base: str | None) -> None:
    if (growth_index is None) == (deflator is None):
        given = "neither" if deflator is None else "both"
        raise InputError(
            f"{given} of growth_index and deflator given: name the column of real growth "
            "(growth_index) or a price index (deflator), one of the two"
        )
    if deflator is None:
        if deflator_base is not None:
            raise InputError("deflator_base is used with deflator only: leave it out")
        return
    if deflator_base is None:
        raise InputError(
            "say what the 100 of the deflator stands for: deflator_base='previous year' for links "
            "of a chain, deflator_base='fixed' for an index with one base year"
        )
    require_one_of(deflator_base, _BASES, "deflator_base")


def _by_growth(panel: pd.DataFrame, value: str, growth_index: str, base_year: int) -> pd.Series:
    chain = _growth_chain(panel, growth_index, base_year, stacklevel=5)
    nominal = numeric_series(panel[value], f"column {value!r}")
    at_base = nominal.xs(base_year, level=1)
    codes = panel.index.get_level_values(0)
    unanchored = codes.unique()[at_base.reindex(codes.unique()).isna()]
    if len(unanchored):
        warnings.warn(
            f"{len(unanchored)} regions have no {value!r} in the base year {base_year} and are "
            f"NaN throughout: {some(unanchored)}",
            MissingDataWarning,
            stacklevel=4,
        )
    anchored = at_base.reindex(codes).to_numpy(dtype=float)
    return pd.Series(anchored * chain.to_numpy() / 100, index=panel.index)


def _growth_chain(
    panel: pd.DataFrame, growth_index: str, base_year: int, stacklevel: int = 4
) -> pd.Series:
    require_columns(panel, [growth_index], "the panel")
    growth = numeric_series(panel[growth_index], f"column {growth_index!r}")
    return chained(
        growth,
        base_year,
        name=f"column {growth_index!r}",
        kind="real growth",
        mend=_DIVIDE,
        stacklevel=stacklevel,
    )
