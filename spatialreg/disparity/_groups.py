"""The rows that a decomposition takes, and the groups in which they stand.

One validator for all decompositions. Takes a frame or a panel with its columns and gives the
values and people that take part, by sorted label, with the label of the group of each row at each
level. A decomposition needs every region in one group: a table of indicators, in which a region
may be in several or in none, is refused with the ways out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from .._align import require_columns, require_unique, some
from ..errors import AlignmentError, InputError
from ._inputs import by_year, is_panel

ALL = "all"  # names the sum over all groups
By: TypeAlias = str | pd.Series | Sequence[str | pd.Series]


@dataclass(frozen=True)
class Rows:
    """Values and people of the rows that take part, in sorted-label order."""

    index: pd.Index
    y: np.ndarray
    w: np.ndarray
    years: np.ndarray  # zero in a frame of one year
    panel: bool
    unit: str  # what a row is, from the name of the index

    def totals(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Give the years, the position of each row's year among them, and shares of people."""
        years, position = np.unique(self.years, return_inverse=True)
        return years, position, self.w / np.bincount(position, self.w)[position]


def read_rows(
    frame: pd.DataFrame,
    per_head: str,
    population: str | None,
    *,
    positive: str | None = None,
    stacklevel: int = 5,
) -> Rows:
    """Give the rows with a value and people; there must be something to take apart."""
    values, weights = by_year(frame, per_head, population, positive=positive, stacklevel=stacklevel)
    panel = is_panel(frame)
    years = values.index.get_level_values(1).to_numpy() if panel else np.zeros(len(values), int)
    _require_something(values, years, per_head, panel)
    return Rows(
        values.index,
        values.to_numpy(),
        weights.to_numpy(),
        years,
        panel,
        unit_of(frame),
    )


def unit_of(frame: pd.DataFrame) -> str:
    """Say what a row of the frame is: the name of its index, or a region."""
    return str(frame.index.names[0] or "region")


def read_levels(
    frame: pd.DataFrame, by: By, index: pd.Index, *, argument: str = "by"
) -> pd.DataFrame:
    """Give the group labels as text, one column a level, on the rows `index` that take part."""
    single = isinstance(by, str | pd.Series | pd.DataFrame) or not isinstance(by, Iterable)
    given: list[Any] = [by] if single else list(by)
    if not given:
        raise InputError(f"{argument} must name at least one grouping, outermost first")
    columns: dict[str, pd.Series] = {}
    for number, item in enumerate(given, start=1):
        _require_labels(item, argument)
        if isinstance(item, pd.Series):
            name = str(item.name) if item.name is not None else f"group {number}"
            labels = on_rows(item, index, f"{argument} {name!r}")
        else:
            require_columns(frame, [item], "the frame")
            name, labels = item, frame[item].reindex(index)
        if name in columns:
            raise InputError(f"{argument} has {name!r} twice: each level needs its own name")
        without = index[labels.isna()]
        if len(without):
            raise InputError(
                f"{len(without)} rows with data have no group in {name!r} ({some(without)}): "
                "give them a group of their own with fillna, or leave them out before the call"
            )
        text = labels.astype(str)
        if (text == ALL).any():
            raise InputError(
                f"{name!r} has a group called {ALL!r}, which names the sum of all groups: rename it"
            )
        columns[name] = text
    if unit_of(frame) in columns:
        raise InputError(
            f"{argument} has the name of the index, {unit_of(frame)!r}: rename the column or the "
            "index"
        )
    return pd.DataFrame(columns, index=index)


def on_rows(groups: pd.Series, index: pd.Index, what: str) -> pd.Series:
    """Bring a Series of groups to the rows; for a panel one by code serves all years."""
    require_unique(groups.index, what)
    wanted = index
    if index.nlevels > 1 and groups.index.nlevels == 1:
        wanted = index.get_level_values(0)
    elif index.nlevels != groups.index.nlevels:
        raise AlignmentError(
            f"{what} has {groups.index.nlevels} index levels and the frame {index.nlevels}: "
            "index the groups by region"
        )
    lacking = wanted[~wanted.isin(groups.index)].unique()
    if len(lacking):
        raise AlignmentError(
            f"{what} lacks {len(lacking)} regions with data ({some(lacking)}): index the "
            "groups by the same codes as the frame"
        )
    return pd.Series(groups.reindex(wanted).to_numpy(), index=index)


def _require_labels(item: Any, argument: str) -> None:
    """Raise for a table of indicators, and for what is neither a column nor a Series."""
    if isinstance(item, str | pd.Series):
        return
    if not isinstance(item, pd.DataFrame):
        raise InputError(
            f"{argument} takes columns by name, or Series of groups labelled by region, not "
            f"{type(item).__name__}"
        )
    ways = "decompose_one_vs_rest(..., members=table) sets each group against the rest"
    if not all(pd.api.types.is_bool_dtype(dtype) for dtype in item.dtypes):
        raise InputError(
            f"{argument} is a table with the columns {some(map(repr, item.columns))}: pass one "
            f"column, or a list of columns, outermost first; for indicators (bool) {ways}"
        )
    several = item.index[item.sum(axis=1).to_numpy() > 1]
    if len(several):
        raise InputError(
            f"{argument} is a table of indicators in which {len(several)} rows are in more than "
            f"one group ({some(several)}), and a decomposition needs each region in one: take a "
            f"scheme that is a partition (list_schemes() says which are); or {ways}"
        )
    raise InputError(
        f"{argument} is a table of indicators: pass the labels, table.idxmax(axis=1).where("
        f"table.any(axis=1)), as its groups do not overlap; or {ways}"
    )


def _require_something(values: pd.Series, years: np.ndarray, per_head: str, panel: bool) -> None:
    largest = values.groupby(years).max()
    if values.empty or (not panel and largest.iloc[0] == 0):
        raise InputError(
            f"column {per_head!r} has no region with people and a value above zero: nothing can "
            "be decomposed"
        )
    zero = largest.index[largest == 0]
    if len(zero):
        raise InputError(
            f"column {per_head!r} is zero everywhere in {some(zero)}, where inequality is "
            "undefined: leave those years out or make them NaN"
        )
