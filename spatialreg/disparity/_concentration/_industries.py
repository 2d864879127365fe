"""The validator of the measures of concentration: totals by region and industry, as one block.

Takes a frame indexed by region, or a panel indexed (`code`, `year`), whose columns are industries
(or any other parts of a total), and what the industries are compared with in space. Gives years x
regions x industries in sorted-label order, and the way back to the caller's index.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, some
from ...errors import InputError, MissingDataWarning
from .._groups import on_rows
from .._inputs import _require_not_negative, is_panel, require_frame


@dataclass(frozen=True)
class Industries:
    """Totals as years x regions x industries, and where the rows of the caller stand in them.

    Where a region takes no part in a year, `known` is False and totals and reference are zero.
    """

    totals: np.ndarray
    reference: np.ndarray  # years x regions
    known: np.ndarray  # years x regions
    names: list[str]
    years: np.ndarray | None  # None for a frame of one year
    index: pd.Index  # that of the caller, whose rows stand at (row, column)
    row: np.ndarray
    column: np.ndarray

    def by_region(self, values: np.ndarray, name: str) -> pd.Series:
        """Bring years x regions to the caller's index; NaN where a region takes no part."""
        values = np.where(self.known, values, np.nan)
        return pd.Series(values[self.row, self.column], index=self.index, name=name)

    def by_industry(self, columns: dict[str, np.ndarray]) -> pd.DataFrame:
        """Lay out arrays of years x industries as rows by industry (and year)."""
        if self.years is None:
            index: pd.Index = pd.Index(self.names, name="industry")
        else:
            index = pd.MultiIndex.from_product([self.names, self.years], names=["industry", "year"])
        return pd.DataFrame({name: v.T.ravel() for name, v in columns.items()}, index=index)


def read_industries(
    table: pd.DataFrame,
    industries: Sequence[str] | None,
    *,
    reference: str | pd.Series | None = None,
    also: Sequence[str] = (),
    least: int = 1,
) -> Industries:
    """Give the block of totals, checked.

    `reference` of None is the sum of the industries. Columns in `also` are used otherwise and are
    no industries. `least` is the number of industries that the measure needs.
    """
    require_frame(table)
    used = [*also, *([reference] if isinstance(reference, str) else [])]
    names = _names(table, industries, used, least if reference is None else 1)
    values = pd.DataFrame({name: _totals(table[name], f"column {name!r}") for name in names})
    base, what = _reference(table, values, reference)
    missing = values.isna().any(axis=1) | base.isna()
    if missing.all():
        raise InputError(f"no region has a value for {what}: nothing can be measured")
    if missing.any():
        warnings.warn(
            f"{int(missing.sum())} of {len(values)} rows lack a value for {what} and were left "
            f"out, of totals too: {some(values.index[missing].sort_values())}",
            MissingDataWarning,
            stacklevel=3,
        )
    panel = is_panel(table)
    codes = table.index.get_level_values(0) if panel else table.index
    years = np.unique(table.index.get_level_values(1).to_numpy()) if panel else None
    row = (
        np.zeros(len(table), dtype=int)
        if years is None
        else np.searchsorted(years, table.index.get_level_values(1).to_numpy())
    )
    column, labels = pd.factorize(codes, sort=True)
    shape = (1 if years is None else len(years), len(labels))
    totals, weight, known = np.zeros((*shape, len(names))), np.zeros(shape), np.zeros(shape, bool)
    kept = ~missing.to_numpy()
    where = (row[kept], column[kept])
    totals[where], weight[where], known[where] = values[kept], base[kept], True
    return Industries(totals, weight, known, names, years, table.index, row, column)


def require_reference(block: Industries, what: str) -> None:
    """Raise where an industry is present in a region whose reference is zero."""
    bad = (block.reference == 0) & (block.totals > 0).any(axis=2)
    rows = block.index[bad[block.row, block.column]].sort_values()
    if len(rows):
        raise InputError(
            f"{what} compares industries with a reference that is zero at {len(rows)} rows where "
            f"an industry is not ({some(rows)}): take another reference, or join these regions to "
            "others"
        )


def shares(totals: np.ndarray, axis: int) -> np.ndarray:
    """Shares along an axis; NaN where the sum is zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return totals / totals.sum(axis=axis, keepdims=True)


def reference_words(reference: str | pd.Series | None) -> str:
    """Say what industries are compared with in space."""
    if reference is None:
        return "the sum of the industries"
    name = reference if isinstance(reference, str) else reference.name
    return str(name) if name is not None else "the reference given"


def _names(
    table: pd.DataFrame, industries: Sequence[str] | None, used: list[str], least: int
) -> list[str]:
    if isinstance(industries, str):
        raise InputError(f"industries must be a sequence of columns: pass [{industries!r}]")
    if industries is None:
        names = [name for name in table.columns if name not in used]
        _require_once(table, names)
        other = [n for n in names if not pd.api.types.is_numeric_dtype(table.dtypes[n])]
        if other:
            raise InputError(
                f"without industries every column is one, and {some(map(repr, other))} hold no "
                "numbers: name the columns, industries=[...]"
            )
    else:
        names = list(industries)
        require_columns(table, names, "the frame")
        _require_once(table, names)
    both = [name for name in names if name in used]
    if both:
        raise InputError(f"{some(map(repr, both))} cannot be an industry and the reference too")
    if len(names) < least:
        raise InputError(
            f"{len(names)} industries given, and at least {least} are needed to be compared: name "
            "more, or the reference that they are part of where the measure takes one"
        )
    require_columns(table, used, "the frame")
    return names


def _require_once(table: pd.DataFrame, names: list[str]) -> None:
    twice = [
        n for n in dict.fromkeys(names) if names.count(n) > 1 or (table.columns == n).sum() > 1
    ]
    if twice:
        raise InputError(f"industries has {some(map(repr, twice))} more than once")


def _totals(column: pd.Series, what: str) -> pd.Series:
    values = numeric_series(column, what)
    _require_not_negative(values, what)
    return values


def _reference(
    table: pd.DataFrame, values: pd.DataFrame, reference: str | pd.Series | None
) -> tuple[pd.Series, str]:
    industries = "all industries"
    if reference is None:
        return values.sum(axis=1, skipna=False), industries
    if isinstance(reference, pd.Series):
        base = on_rows(reference, table.index, "the reference")
        return _totals(base, "reference"), f"{industries} and the reference"
    return (
        _totals(table[reference], f"column {reference!r}"),
        f"{industries} and the reference {reference!r}",
    )
