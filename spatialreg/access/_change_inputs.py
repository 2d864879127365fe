"""What a comparison of access takes: indicators at two times, people and groups, on one index."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .._align import require_unique, some
from ..errors import AlignmentError, InputError
from ..regions import Scheme, assign_scheme


def read_access(access: Any, what: str) -> pd.Series:
    """Give an indicator as floats by region; of a matrix of times the mean to all other places.

    Infinity says that nothing is reached, or in a matrix that not all places are.
    """
    if isinstance(access, pd.DataFrame):
        return mean_times(access, what)
    if not isinstance(access, pd.Series):
        raise InputError(
            f"{what} must be a Series by region or a matrix of times, not {type(access).__name__}"
        )
    require_unique(access.index, what)
    try:
        values = access.astype(float)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} must be numeric: {error}") from error
    negative = values.index[np.isneginf(values.to_numpy())]
    if len(negative):
        raise InputError(f"{what} is minus infinity at {some(negative)}, which is no access")
    return values


def mean_times(times: pd.DataFrame, what: str) -> pd.Series:
    """Give the mean of each row of a matrix of times, leaving a place itself out."""
    values = time_matrix(times, what)
    itself = times.index.to_numpy()[:, None] == times.columns.to_numpy()[None, :]
    count = (~itself).sum(axis=1)
    if not count.all():
        raise InputError(f"{what} holds no time to another place: it has one place only")
    mean = np.where(itself, 0.0, values).sum(axis=1) / count
    return pd.Series(mean, index=times.index, name="mean time [min]")


def time_matrix(times: Any, what: str) -> np.ndarray:
    """Give a matrix of times as floats, or raise; infinity and NaN stay."""
    if not isinstance(times, pd.DataFrame):
        raise InputError(
            f"{what} must be a matrix of times, a row an origin and a column a destination, not "
            f"{type(times).__name__}"
        )
    require_unique(times.index, what)
    require_unique(times.columns, f"{what}, in its columns,")
    try:
        values = times.to_numpy(dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} must be numeric: {error}") from error
    bad = times.index[np.flatnonzero((values < 0).any(axis=1))]
    if len(bad):
        raise InputError(f"{what} has times below zero, in the rows {some(bad)}")
    return values


def same_labels(before: pd.Index, after: pd.Index, of: str = "regions") -> None:
    """Raise unless both have the same labels, in whatever order."""
    for first, second, names in (
        (before, after, ("before", "after")), (after, before, ("after", "before")),
    ):  # fmt: skip
        beyond = first.difference(second)
        if len(beyond):
            raise AlignmentError(
                f"{len(beyond)} {of} of {names[0]} are not in {names[1]} ({some(beyond)}): ask "
                "both about the same ones, and give infinity where nothing is reached"
            )


def people_of(population: pd.Series | None, regions: pd.Index) -> pd.Series:
    """Give people by region, or one for each region; NaN stays."""
    if population is None:
        return pd.Series(1.0, index=regions)
    if not isinstance(population, pd.Series):
        raise InputError(f"population must be a Series by region, not {type(population).__name__}")
    require_unique(population.index, "population")
    lacking = regions.difference(population.index)
    if len(lacking):
        raise AlignmentError(
            f"population lacks {len(lacking)} regions ({some(lacking)}): index it by the same codes"
        )
    people = population.reindex(regions).astype(float)
    bad = people.index[(people < 0) | np.isinf(people)]
    if len(bad):
        raise InputError(f"population must be finite and not negative; it is not at {some(bad)}")
    return people


def groups_of(by: pd.Series | str | Scheme, regions: pd.Index) -> pd.Series:
    """Give the group of each region as text; each must be in one."""
    if isinstance(by, pd.Series):
        require_unique(by.index, "by")
        lacking = regions.difference(by.index)
        if len(lacking):
            raise AlignmentError(
                f"by lacks {len(lacking)} regions ({some(lacking)}): index it by the same codes"
            )
        groups = by.reindex(regions)
    else:
        assigned = assign_scheme(pd.DataFrame(index=regions), by)
        if assigned.shape[1] != 1 or pd.api.types.is_bool_dtype(assigned.dtypes.iloc[0]):
            raise InputError(
                f"by={by!r} has groups that overlap, and each region must be in one: take a scheme "
                "that is a partition (list_schemes() says which are)"
            )
        groups = assigned.iloc[:, 0]
    without = regions[groups.isna()]
    if len(without):
        raise InputError(
            f"{len(without)} regions have no group ({some(without)}): give them one with fillna, "
            "or leave them out before the call"
        )
    return groups.astype(str).rename("group")
