"""What a comparison of access takes: indicators at two times, or matrices of times, as floats."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .._align import require_unique, some
from ..errors import AlignmentError, InputError


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
