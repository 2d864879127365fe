"""Classes of a value, by quantiles or bounds, and the moves between them.

Takes a table of regions and years; gives the class of each cell as a whole number from 0, -1 where
there is no value. A value on a bound belongs to the class below it, as in mapclassify and giddy.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from ... import _markov
from ..._align import require_one_of, some
from ...errors import InputError, MissingDataWarning

Quantiles = Literal["pooled", "year"]
Bounds = tuple[float, ...] | None


def require_classes(
    classes: int | Sequence[float], quantiles: str | None, name: str = "classes"
) -> None:
    """Raise unless `classes` is a number of quantiles, or rising bounds without `quantiles`."""
    if isinstance(classes, int | np.integer) and not isinstance(classes, bool):
        if classes < 2:
            raise InputError(f"{name} must be at least 2 (5 is usual), not {classes}")
        require_one_of(quantiles, ("pooled", "year", None), "quantiles")
        return
    try:
        bounds = np.asarray(classes, dtype=float)
    except (TypeError, ValueError):
        bounds = np.empty(0)
    if bounds.ndim != 1 or not len(bounds) or not (np.diff(bounds) > 0).all():
        raise InputError(
            f"{name} must be a number of quantile classes, or the rising bounds between classes, "
            f"such as [0.5, 0.75, 1, 1.5], not {classes!r}"
        )
    if not np.isfinite(bounds).all():
        raise InputError(
            f"{name} must have finite bounds, not {classes!r}: the lowest and highest class are "
            "open anyway"
        )


def classify(
    data: np.ndarray, classes: int | Sequence[float], quantiles: str | None, what: str
) -> tuple[np.ndarray, Bounds, int]:
    """Give the class of each cell, the bounds (None for each year's quantiles) and their number."""
    if not isinstance(classes, int | np.integer):
        fixed = np.asarray(classes, dtype=float)
        return _place(data, fixed), tuple(fixed.tolist()), len(fixed) + 1
    count = int(classes)
    each_year = quantiles == "year"
    cuts = _cuts(data if each_year else data.reshape(-1, 1), count, what)
    return _place(data, cuts), None if each_year else tuple(cuts[0].tolist()), count


def _cuts(columns: np.ndarray, count: int, what: str) -> np.ndarray:
    """Give the quantiles of each column, interpolated linearly, exact where that is not needed."""
    ordered = np.sort(columns, axis=0)  # NaN last
    known = (~np.isnan(columns)).sum(axis=0)
    last = np.maximum(known - 1, 0)
    place, rest = np.divmod(np.arange(1, count)[:, None] * last, count)
    below = np.take_along_axis(ordered, place, axis=0)
    above = np.take_along_axis(ordered, np.minimum(place + 1, last), axis=0)
    cuts = below + (above - below) * (rest / count)
    top = np.take_along_axis(ordered, last[None, :], axis=0)
    empty_class = (np.diff(np.vstack([cuts, top]), axis=0) <= 0).any(axis=0)
    if empty_class.any():
        raise InputError(
            f"{what} has too few different values for {count} quantile classes: ask for fewer, or "
            "give the bounds between classes"
        )
    return cuts.T


def _place(data: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    above = (data[..., None] > cuts).sum(axis=-1)
    return np.where(np.isnan(data), -1, above)


def later(codes: np.ndarray, years: np.ndarray, step: int) -> np.ndarray:
    """Give the class a step later, -1 where there is none."""
    result = np.full(codes.shape, -1)
    place = np.searchsorted(years, years + step)
    found = place < len(years)
    found[found] = years[place[found]] == years[found] + step
    result[:, found] = codes[:, place[found]]
    return result


def chosen_step(years: np.ndarray, step: int | None) -> int:
    """Give the years of a move; warn of gaps that count none."""
    _markov.require_step(step)
    chosen, gaps = _markov.years_apart(years, step)
    if gaps:
        warnings.warn(
            f"{len(gaps)} gaps between years are wider than {chosen} and count no moves "
            f"({some(gaps)}): pass step= for moves over more years",
            MissingDataWarning,
            stacklevel=3,
        )
    return chosen


def names_of(count: int) -> pd.Index:
    """Name the classes from the lowest: "1", "2", ..."""
    return pd.Index([str(k + 1) for k in range(count)], name="state")


def square(table: np.ndarray, names: pd.Index) -> pd.DataFrame:
    """Label a table of moves."""
    return pd.DataFrame(table, index=names.rename("from"), columns=names.rename("to"))


def class_words(classes: int | Sequence[float], quantiles: str | None, bounds: Bounds) -> str:
    """Say what the classes are."""
    if not isinstance(classes, int | np.integer):
        return f"{len(classes) + 1} classes with the bounds {some(classes, 12)}"
    if quantiles == "year":
        return f"{classes} quantiles of each year by itself"
    return f"{classes} quantiles of all years together ({some([f'{b:.4g}' for b in bounds or ()])})"
