"""People and groups of regions, on the index that access has.

Takes what callers of the measures of access pass, a Series by region or the name of a scheme;
gives it in the order of the regions asked about, or raises and names those that it lacks.
"""

from __future__ import annotations

import pandas as pd

from .._align import numeric_series, require_unique, some
from ..errors import AlignmentError, InputError
from ..regions import Scheme, assign_scheme


def people_of(population: pd.Series | None, regions: pd.Index) -> pd.Series:
    """Give people by region, or one for each region; NaN stays.

    Raises
    ------
    InputError
        `population` is no Series, not numeric, infinite or negative.
    AlignmentError
        It lacks regions, or has one twice.
    """
    if population is None:
        return pd.Series(1.0, index=regions)
    given = numeric_series(population, "population")
    _require_all(regions, given.index, "population")
    people = given.reindex(regions)
    negative = people.index[people < 0]
    if len(negative):
        raise InputError(f"population must not be negative, and is at {some(negative)}")
    return people


def groups_of(by: pd.Series | str | Scheme, regions: pd.Index) -> pd.Series:
    """Give the group of each region, missing where it has none; no region may be in two.

    Raises
    ------
    InputError
        The groups of a scheme overlap.
    AlignmentError
        `by` lacks regions, or has one twice.
    """
    if isinstance(by, pd.Series):
        require_unique(by.index, "by")
        _require_all(regions, by.index, "by")
        return by.reindex(regions)
    assigned = assign_scheme(pd.DataFrame(index=regions), by)
    if assigned.shape[1] != 1 or pd.api.types.is_bool_dtype(assigned.dtypes.iloc[0]):
        raise InputError(
            f"by={by!r} has groups that overlap, and each region must be in one: take a scheme "
            "that is a partition (list_schemes() says which are)"
        )
    return assigned.iloc[:, 0]


def named_groups(groups: pd.Series) -> pd.Series:
    """Give the group of each region as text, and raise where it has none."""
    without = groups.index[groups.isna()]
    if len(without):
        raise InputError(
            f"{len(without)} regions have no group ({some(without)}): give them one with fillna, "
            "or leave them out before the call"
        )
    return groups.astype(str).rename("group")


def _require_all(regions: pd.Index, given: pd.Index, what: str) -> None:
    lacking = regions.difference(given)
    if len(lacking):
        raise AlignmentError(
            f"{what} lacks {len(lacking)} regions ({some(lacking)}): index it by the same codes"
        )
