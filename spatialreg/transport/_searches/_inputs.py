"""What every search asks of its arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..._align import require_one_of, some
from ...errors import InputError
from .._arcs import Arcs


def checked_vertices(given: Any, vertices: int, what: str) -> np.ndarray:
    """Give vertices as int32, or raise if one is none: compiled loops do not look."""
    array = np.asarray(given)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise InputError(
            f"{what} must be vertices in a one-dimensional array of whole numbers, not "
            f"{array.dtype} in {array.ndim} dimensions"
        )
    outside = np.flatnonzero((array < 0) | (array >= vertices))
    if len(outside):
        raise InputError(
            f"{what} has {len(outside)} values that are no vertex: {some(array[outside])}, at "
            f"positions {some(outside)}; vertices go from 0 to {vertices - 1}"
        )
    return array.astype(np.int32)


def checked_cutoff(cutoff: float) -> float:
    """Give the cut-off as a float, or raise if it is negative or missing."""
    if not cutoff >= 0:
        raise InputError(f"cutoff must be zero or more, or infinite for none, not {cutoff!r}")
    return float(cutoff)


def checked_second(second: Any, arcs: Arcs) -> np.ndarray | None:
    """Give the second value of each arc as float64, or raise if it does not fit."""
    if second is None:
        return None
    array = np.ascontiguousarray(second, dtype=float)
    if array.shape != arcs.cost.shape:
        raise InputError(
            f"second must have one value for each of the {len(arcs.cost)} arcs, not the shape "
            f"{array.shape}"
        )
    wrong = np.flatnonzero(~(np.isfinite(array) & (array >= 0)))
    if len(wrong):
        raise InputError(
            f"second has {len(wrong)} values that are negative, missing or infinite, at arcs "
            f"{some(wrong)}"
        )
    return array


def turned(direction: Any) -> bool:
    """Say whether to search against the arcs; raise if `direction` is no direction."""
    require_one_of(direction, ("to", "from"), "direction")
    return bool(direction == "to")
