"""The validator of targets, and the series of numbers that each target is about.

Takes the user's table of targets, a row each, and a panel; gives checked :class:`Target` objects
with a table of years by regions in the target's own unit: the indicator itself, its change from
the baseline in per cent, its share of the mean of regions, or an aggregate over the regions.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, require_one_of, require_panel, some
from ..._dates import last_day
from ...errors import InputError, MissingDataWarning
from .._inequality._over_time import inequality
from .._measures import find_measure

DIRECTIONS = ("at least", "at most")
RELATIVE_TO = ("", "baseline", "mean")
NEEDED = ("name", "column", "direction", "threshold", "target_year")
OPTIONAL = ("scope", "relative_to", "baseline_year", "tolerance", "unit", "note", "source")


@dataclass(frozen=True)
class Target:
    """One target: an indicator, a threshold, a date, and whom it binds."""

    name: str
    column: str
    direction: str
    threshold: float
    year: int
    scope: str
    relative_to: str
    baseline_year: int | None
    tolerance: float
    unit: str

    @property
    def sign(self) -> int:
        """1 where more is wanted, -1 where less is."""
        return 1 if self.direction == "at least" else -1

    def surplus(self, value: float, threshold: float | None = None) -> float:
        """Give by how much `value` goes beyond the threshold in the wanted direction."""
        bound = self.threshold if threshold is None else threshold
        beyond = self.sign * (value - bound)
        # what differs by rounding only is equal
        return 0.0 if abs(beyond) <= 1e-9 * max(1.0, abs(bound)) else beyond


@dataclass(frozen=True)
class Measured:
    """A target with its numbers: a row a year, a column a region, NaN where unknown."""

    target: Target
    table: pd.DataFrame
    aggregate: bool = False


def read_targets(targets: pd.DataFrame) -> list[Target]:
    """Check a table of targets and give its rows as objects; a list of codes is a row a code."""
    if not isinstance(targets, pd.DataFrame):
        raise InputError(
            f"targets must be a DataFrame with a row a target, not {type(targets).__name__}"
        )
    require_columns(targets, NEEDED, "the table of targets")
    unknown = [c for c in targets.columns if c not in (*NEEDED, *OPTIONAL)]
    if unknown:
        raise InputError(
            f"the table of targets has columns that mean nothing here: {some(map(repr, unknown))}; "
            f"known are {some(map(repr, (*NEEDED, *OPTIONAL)), 20)}"
        )
    if targets.empty:
        raise InputError("the table of targets has no row: give at least one target")
    read = [target for row in targets.to_dict("records") for target in _rows(row)]
    pairs = [(target.name, target.scope) for target in read]
    twice = sorted({f"{name} ({scope})" for name, scope in pairs if pairs.count((name, scope)) > 1})
    if twice:
        raise InputError(
            f"{len(twice)} targets stand more than once for the same regions ({some(twice)}): give "
            "each a name of its own"
        )
    for name in {target.name for target in read}:
        columns = sorted({t.column for t in read if t.name == name})
        if len(columns) > 1:
            raise InputError(
                f"target {name!r} is about several columns ({some(columns)}): one name, one "
                "indicator"
            )
    return read


def measured_targets(
    panel: pd.DataFrame, targets: list[Target], population: str | None
) -> list[Measured]:
    """Give each target its numbers; a region with a row of its own leaves the row for all."""
    require_panel(panel)
    columns = {target.column for target in targets} | ({population} if population else set())
    require_columns(panel, sorted(columns), "the panel")
    codes: dict[str, Hashable] = {str(code): code for code in panel.index.unique(0).sort_values()}
    weights = None if population is None else _wide(panel, population)
    if weights is not None and (weights < 0).any(axis=None):
        raise InputError(f"column {population!r} must not be negative: it weights means by people")
    own = {(target.name, target.scope) for target in targets}
    result = []
    for target in targets:
        wide = _wide(panel, target.column)
        aggregate = False
        if target.scope == "regions":
            free = [code for text, code in codes.items() if (target.name, text) not in own]
            table = _in_its_unit(wide, target, weights)[free]
        elif target.scope in codes:
            table = _in_its_unit(wide, target, weights)[[codes[target.scope]]]
        else:
            whole = _aggregate(panel, wide, target, None if target.scope == "sum" else population)
            table = _in_its_unit(whole, target, None)
            aggregate = True
        result.append(Measured(target, table, aggregate))
    return result


def mean_of_regions(panel: pd.DataFrame, target: Target, population: str | None) -> Measured:
    """Give a target by region as one for the mean of its regions."""
    return measured_targets(panel, [replace(target, scope="mean")], population)[0]


def _rows(row: dict[Any, Any]) -> list[Target]:
    name = _text(row, "name")
    if not name or not _text(row, "column"):
        raise InputError(f"each target needs a name and a column; one has {row!r}")
    what = f"target {name!r}:"
    require_one_of(row["direction"], DIRECTIONS, f"{what} direction")
    relative = _text(row, "relative_to")
    require_one_of(relative, RELATIVE_TO, f"{what} relative_to")
    baseline = None if _blank(row.get("baseline_year")) else _year(row, "baseline_year", what)
    if relative == "baseline" and baseline is None:
        raise InputError(f"{what} a change from the baseline needs a baseline_year")
    year = _year(row, "target_year", what)
    if baseline is not None and baseline >= year:
        raise InputError(
            f"{what} the baseline_year must lie before the target_year; it is {baseline}, and the "
            f"target is due in {year}"
        )
    tolerance = 0.0 if _blank(row.get("tolerance")) else _number(row, "tolerance", what)
    if tolerance < 0:
        raise InputError(
            f"{what} tolerance must not be negative, but is {tolerance:g}: it is how far a "
            "projection may miss the threshold, in the unit of the threshold"
        )
    return [
        Target(
            name=name,
            column=_text(row, "column"),
            direction=row["direction"],
            threshold=_number(row, "threshold", what),
            year=year,
            scope=scope,
            relative_to=relative,
            baseline_year=baseline,
            tolerance=tolerance,
            unit=_text(row, "unit"),
        )
        for scope in _scopes(row.get("scope"))
    ]


def _scopes(given: Any) -> list[str]:
    if isinstance(given, list | tuple | set | np.ndarray):
        return [str(code) for code in given]
    if _blank(given):
        return ["regions"]
    # a column of codes that a spreadsheet read as numbers
    return [str(int(given)) if isinstance(given, float) and given % 1 == 0 else str(given)]


def _blank(value: Any) -> bool:
    return value is None or value is pd.NaT or value != value or value == ""


def _text(row: dict[Any, Any], key: str) -> str:
    value = row.get(key)
    return "" if _blank(value) else str(value)


def _number(row: dict[Any, Any], key: str, what: str) -> float:
    try:
        value = float(row[key])
    except (TypeError, ValueError):
        value = np.nan
    if not np.isfinite(value):
        raise InputError(f"{what} {key} must be a number, not {row[key]!r}")
    return value


def _year(row: dict[Any, Any], key: str, what: str) -> int:
    """Give the year of a year or a date."""
    value = row[key]
    if isinstance(value, float | np.integer) and value % 1 == 0:
        value = int(value)
    try:
        if _blank(value):
            raise ValueError
        return int(last_day(value).year)
    except (InputError, TypeError, ValueError) as error:
        raise InputError(f"{what} {key} must be a year or a date, not {value!r}") from error


def _wide(panel: pd.DataFrame, column: str) -> pd.DataFrame:
    values = numeric_series(panel[column], f"column {column!r}").unstack(0)
    return values.sort_index(axis=0).sort_index(axis=1)


def _mean(wide: pd.DataFrame, weights: pd.DataFrame | None) -> pd.Series:
    """Mean over the regions that have a value, by year; weighted by people where they are given."""
    if weights is None:
        return wide.mean(axis=1)
    known = weights.where(wide.notna())
    total = known.sum(axis=1)
    return (wide * known).sum(axis=1, min_count=1) / total.where(total > 0)


def _in_its_unit(wide: pd.DataFrame, target: Target, weights: pd.DataFrame | None) -> pd.DataFrame:
    if target.relative_to == "mean":
        mean = _mean(wide, weights)
        return wide.div(mean.where(mean > 0), axis=0)
    if target.relative_to == "baseline":
        if target.baseline_year not in wide.index:
            raise InputError(
                f"target {target.name!r}: the panel has no year {target.baseline_year}, the "
                f"baseline; its years are {wide.index.min()} to {wide.index.max()}"
            )
        base = wide.loc[[target.baseline_year]].iloc[0]
        return (wide / base.where(base > 0) - 1) * 100
    return wide


def _aggregate(
    panel: pd.DataFrame, wide: pd.DataFrame, target: Target, population: str | None
) -> pd.DataFrame:
    """One number a year over the regions, of the years in which all of them have a value."""
    scope = target.scope
    _require_aggregate(target, wide.columns)
    weights = None if population is None else _wide(panel, population)
    if weights is not None:
        wide = wide.where(weights.notna())
    count = wide.notna().sum(axis=1)
    complete = count == max(count.max(), 1)
    partial = wide.index[(count > 0) & ~complete]
    if len(partial):
        warnings.warn(
            f"target {target.name!r}: {len(partial)} years lack some of the {count.max()} regions "
            f"and have no aggregate ({some(partial)})",
            MissingDataWarning,
            stacklevel=4,
        )
    kept = wide[complete]
    if scope == "mean":
        value = _mean(kept, weights)
    elif scope == "sum":
        value = kept.sum(axis=1, min_count=1)
    else:
        columns = [target.column] if population is None else [target.column, population]
        rows = panel.loc[panel.index.get_level_values(1).isin(kept.index), columns].dropna()
        by_year = inequality(rows, per_head=target.column, population=population, measures=[scope])
        value = by_year[scope]
    return value.reindex(wide.index).to_frame(scope)


def _require_aggregate(target: Target, codes: pd.Index) -> None:
    """Raise unless the scope names an aggregate, and the target can be of one."""
    if target.scope not in ("mean", "sum"):
        try:
            find_measure(target.scope)
        except InputError as error:
            raise InputError(
                f"target {target.name!r}: scope must be 'regions', a code of the panel "
                f"({some(codes)}), 'mean', 'sum' or a measure of inequality such as 'cv'; not "
                f"{target.scope!r}"
            ) from error
    if target.relative_to == "mean":
        raise InputError(
            f"target {target.name!r}: a share of the mean is of single regions, not of their "
            f"{target.scope}: leave relative_to out, or let the scope be regions"
        )
