"""A column of a panel as a table of regions and years, in sorted order, checked."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from .._align import numeric_series, require_columns, require_panel, some
from ..errors import InputError, MissingDataWarning


def wide(panel: pd.DataFrame, value: str, *, stacklevel: int = 3) -> pd.DataFrame:
    """Lay a column out as regions x years, NaN where there is none; warn of what is missing.

    A region without a row in a year is missing there as one with a row of NaN is. The warning is
    placed `stacklevel` frames up, as for :func:`warnings.warn`.
    """
    table = _table(panel, value)
    gaps = table.isna().to_numpy()
    if gaps.any():
        rows, columns = np.nonzero(gaps)
        names = [
            f"{table.index[i]} {table.columns[j]}"
            for i, j in zip(rows[:5], columns[:5], strict=True)
        ]
        names += [""] * (len(rows) - len(names))
        warnings.warn(
            f"{len(rows)} of {gaps.size} pairs of region and year have no {value!r} and were left "
            f"out: {some(names)}",
            MissingDataWarning,
            stacklevel=stacklevel,
        )
    return table


def balanced(
    panel: pd.DataFrame,
    value: str,
    *,
    least: int,
    years: tuple[int, ...] | None = None,
    stacklevel: int = 3,
) -> tuple[pd.DataFrame, pd.Index]:
    """Give the regions with a value in every year (or in all of `years`), and those without.

    Regions without are left out with a warning; fewer than `least` regions raise.
    """
    table = _table(panel, value)
    if years is not None:
        table = table[list(years)]
    full = table.notna().all(axis=1)
    lost = table.index[~full]
    span = f"{table.columns[0]} to {table.columns[-1]}" if years is None else some(table.columns)
    if len(lost):
        warnings.warn(
            f"{len(lost)} of {len(table)} regions lack {value!r} in some year ({span}) and were "
            f"left out: {some(lost)}",
            MissingDataWarning,
            stacklevel=stacklevel,
        )
    if full.sum() < least:
        raise InputError(
            f"{int(full.sum())} regions have {value!r} in every year ({span}); at least {least} "
            "are needed: shorten the panel to years with more data"
        )
    return table[full], lost


def relative_to_mean(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """Divide by each year's mean over its regions, which must be above zero."""
    mean = table.mean(axis=0)
    low = mean.index[mean <= 0]
    if len(low):
        raise InputError(
            f"the mean of {value!r} is not above zero in {some(low)}, so that nothing is relative "
            "to it: pass relative=False"
        )
    return table / mean


def _table(panel: pd.DataFrame, value: str) -> pd.DataFrame:
    if not isinstance(panel, pd.DataFrame):
        raise InputError(f"the panel must be a DataFrame, not {type(panel).__name__}")
    require_panel(panel)
    require_columns(panel, [value], "the panel")
    column = numeric_series(panel[value], f"column {value!r}")
    table = column.unstack().sort_index().sort_index(axis=1)
    table.index.name, table.columns.name = panel.index.names
    return table
