"""Nominal values divided by a price index, of each region or one for all, of either kind of base.

A price index with the previous year = 100 is chained first; one with a fixed base is scaled to its
own value in the base year, so that any level of it will do.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from .._align import numeric_series, require_columns, some
from ..errors import AlignmentError, InputError, MissingDataWarning
from ._chain import chained, require_base_year

_ALL = "all regions"
_MEND = "pass deflator_base='fixed'"


def by_deflator(
    panel: pd.DataFrame,
    value: str,
    deflator: str | pd.Series | None,
    fixed: bool,
    base_year: int,
) -> tuple[pd.Series, str]:
    """Give the nominal value over prices relative to the base year, and the deflator's name."""
    nominal = numeric_series(panel[value], f"column {value!r}")
    if isinstance(deflator, pd.Series):
        name = str(deflator.name) if deflator.name is not None else "a national price index"
        relative = _national(panel, deflator, fixed, base_year)
    elif isinstance(deflator, str):
        name = deflator
        require_columns(panel, [deflator], "the panel")
        require_base_year(panel.index.get_level_values(1), base_year)
        prices = numeric_series(panel[deflator], f"column {deflator!r}")
        relative = _relative(prices, f"column {deflator!r}", fixed, base_year, stacklevel=5)
    else:
        raise InputError(
            "deflator must be the name of a column or a Series indexed by year, not "
            f"{type(deflator).__name__}"
        )
    without = nominal.index[nominal.notna() & relative.isna()]
    if fixed and len(without):
        warnings.warn(
            f"{len(without)} rows have {value!r} but no price index for it, or none in the base "
            f"year {base_year}, and are NaN: {some(without)}",
            MissingDataWarning,
            stacklevel=3,
        )
    return nominal / relative, name


def _national(panel: pd.DataFrame, deflator: pd.Series, fixed: bool, base_year: int) -> pd.Series:
    """Bring one price index for all regions to the rows of the panel."""
    index = deflator.index
    if index.nlevels != 1 or not pd.api.types.is_integer_dtype(index):
        raise InputError(
            "a Series as deflator must be indexed by whole years alone, one price index for all "
            f"regions, not by {list(index.names)}: prices by region belong into a column of the "
            "panel"
        )
    prices = numeric_series(deflator, "deflator")
    years = panel.index.get_level_values(1)
    lacking = np.setdiff1d(years, prices.index)
    if len(lacking):
        raise AlignmentError(
            f"deflator lacks {len(lacking)} years of the panel ({some(lacking)}): give a value "
            "for each year, NaN where there is none"
        )
    require_base_year(prices.index, base_year, "the deflator")
    # chained over its own years, which may be more than those of the panel
    one = pd.MultiIndex.from_product([[_ALL], prices.index], names=["code", "year"])
    links = pd.Series(prices.to_numpy(), index=one)
    relative = _relative(links, "deflator", fixed, base_year, stacklevel=6)
    return pd.Series(relative[_ALL].reindex(years).to_numpy(), index=panel.index)


def _relative(
    prices: pd.Series, name: str, fixed: bool, base_year: int, *, stacklevel: int
) -> pd.Series:
    """Prices relative to those of the base year, region by region."""
    if not fixed:
        chain = chained(
            prices, base_year, name=name, kind="prices", mend=_MEND, stacklevel=stacklevel
        )
        return chain / 100
    low = prices.index[prices <= 0]
    if len(low):
        raise InputError(
            f"{name} must be a price index with a fixed base; {len(low)} values are zero or "
            f"negative, at {some(low)}: rates of inflation must be made into an index first"
        )
    base = prices.xs(base_year, level=1).reindex(prices.index.get_level_values(0))
    return prices / base.to_numpy()
