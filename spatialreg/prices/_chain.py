"""Links of an index with the previous year = 100, joined to one with a fixed base, and checked.

Takes a Series indexed (`code`, `year`), of real growth or of prices; each region is chained along
its own links, forwards and backwards from the base year. A value that cannot be such a link (a
ratio, a rate in per cent, an index with a fixed base) raises.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from .._align import some
from ..errors import InputError, MissingDataWarning

# A year in which output falls to a fifth or grows fivefold is a typing error or another kind of
# index; the widest recorded national swings (wars, first oil) stay inside.
_LOWEST, _HIGHEST = 20.0, 500.0
# years of unbroken rise from a year in which every region has 100: an index with a fixed base
_FIXED_BASE_YEARS = 5


def chained(
    links: pd.Series, base_year: int, *, name: str, kind: str, mend: str, stacklevel: int
) -> pd.Series:
    """Chain `links` from 100 in the base year, on their index; NaN beyond a gap.

    `name` and `kind` (``"real growth"``, ``"prices"``) are the words of the messages, `mend` says
    what to do where the index has a fixed base.
    """
    years = links.index.get_level_values(1)
    require_base_year(years, base_year)
    # every year between the first and the last: a link over a year without a row is unknown
    span = np.arange(years.min(), years.max() + 1)
    row, codes = pd.factorize(links.index.get_level_values(0), sort=True)
    column = years.to_numpy() - span[0]
    table = np.full((len(codes), len(span)), np.nan)
    table[row, column] = links
    _check_links(
        links, table, span, f"{name} must be an index of {kind}, previous year = 100", mend
    )
    base = int(base_year) - int(span[0])
    chain = np.full(table.shape, 100.0)
    chain[:, base + 1 :] *= np.cumprod(table[:, base + 1 :] / 100, axis=1)
    # the link of year t says how t compares with t - 1, so going back divides by it
    chain[:, :base] /= np.cumprod(table[:, base:0:-1] / 100, axis=1)[:, ::-1]
    result = pd.Series(chain[row, column], index=links.index)
    lost = np.unique(row[result.isna()])
    if len(lost):
        gaps = [f"{codes[i]} {_gap(np.isnan(table[i]), span, base)}" for i in lost[:5]]
        gaps += [""] * (len(lost) - len(gaps))
        warnings.warn(
            f"{name} is missing where the chain from {base_year} needs it, so that "
            f"{len(lost)} regions are NaN beyond the gap: {some(gaps)}",
            MissingDataWarning,
            stacklevel=stacklevel,
        )
    return result


def require_base_year(years: pd.Index, base_year: int, what: str = "the panel") -> None:
    """Raise unless `base_year` is one of `years`."""
    if base_year not in years:
        raise InputError(f"base year {base_year!r} is not in {what}; its years are {_spans(years)}")


def _check_links(
    links: pd.Series, table: np.ndarray, span: np.ndarray, given: str, mend: str
) -> None:
    """Raise unless the index looks like previous year = 100."""
    known = links.dropna()
    if known.empty:
        raise InputError(f"{given}; it has no values")
    middle = float(known.median())
    if 0 < middle <= 2:
        raise InputError(
            f"{given}; its median is {middle:.4g}, which looks like a ratio: multiply it by 100 "
            "(a rate in per cent: add 100)"
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
                f"which looks like an index with the fixed base {year}: {mend}"
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
