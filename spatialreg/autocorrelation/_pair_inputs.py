"""Two variables on the same regions, checked together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import numeric_series, some
from ..errors import AlignmentError, InputError
from ._inputs import EPS, FEWEST, Inputs, prepare


@dataclass(frozen=True)
class Scaled:
    """A variable in standard deviations from its mean (sum of squares n), in sorted-label order.

    Attributes
    ----------
    z : ndarray
    noise : float
        Rounding error that a scaled value may carry.
    """

    z: np.ndarray
    noise: float


def same_regions(
    first: pd.Series, second: pd.Series, names: tuple[str, str]
) -> tuple[pd.Series, pd.Series]:
    """Give two numeric Series on the index of the first, NaN where either has no value.

    Raises
    ------
    AlignmentError
        A label of one is not in the other.
    """
    one, other = numeric_series(first, names[0]), numeric_series(second, names[1])
    for index, beside, there, here in (
        (other.index, one.index, names[1], names[0]),
        (one.index, other.index, names[0], names[1]),
    ):
        lacking = beside.difference(index)
        if len(lacking):
            raise AlignmentError(
                f"{there} lacks {len(lacking)} of the {len(beside)} regions of {here} "
                f"({some(lacking)}): reindex both to the same regions (NaN where there is no value)"
            )
    other = other.reindex(one.index)
    both = one.notna() & other.notna()
    return one.where(both), other.where(both)


def scaled(values: pd.Series, name: str) -> Scaled:
    """Standardise the values that are not missing; raise if they are all the same."""
    y = values.dropna().sort_index().to_numpy()
    size = float(np.abs(y).max())
    if np.ptp(y) <= 4 * EPS * size:
        raise InputError(
            f"{name} is constant ({y[0]:g} in all {len(y)} regions with a value): "
            "check the column and the year"
        )
    # in units of the largest value, so that squares neither overflow nor vanish
    centred = y / size
    centred -= centred.mean()
    scale = float(np.sqrt(np.mean(centred**2)))
    return Scaled(centred / scale, 4 * EPS / scale)


def prepare_two(
    x: pd.Series, y: pd.Series, graph: Graph, *, subset: bool
) -> tuple[Scaled, Scaled, Inputs]:
    """Check and align two variables and weights.

    Raises
    ------
    InputError, AlignmentError
        As :func:`prepare`, for either variable; or they are not on the same regions.
    """
    x, y = same_regions(x, y, ("x", "y"))
    require_values(y.notna(), "x and y")
    first, second = scaled(x, "x"), scaled(y, "y")
    return first, second, prepare(y, graph, subset=subset)


def require_values(present: pd.Series, names: str) -> None:
    """Raise where too few regions have all their values."""
    count = int(present.sum())
    if count < FEWEST:
        raise InputError(
            f"{names} both have values for {count} of their {len(present)} regions, but "
            f"autocorrelation needs at least {FEWEST}: fill the others or choose a year with data"
        )
