"""Cutting a numeric column into the classes of a map, with labels that tell them apart."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import mapclassify
import numpy as np
import pandas as pd

from .._align import numeric_series, require_one_of
from ..errors import InputError

_CLASSIFIERS = {
    "quantiles": mapclassify.Quantiles,
    # Fisher and Jenks's exact cut: the k-means one draws random numbers
    "natural_breaks": mapclassify.FisherJenks,
    "equal_interval": mapclassify.EqualInterval,
    "box_plot": mapclassify.BoxPlot,
}
SCHEMES = tuple(_CLASSIFIERS)
_MOST_DECIMALS = 12


@dataclass(frozen=True)
class Classes:
    """Classes of a column: each holds what is above its lower and not above its upper bound.

    Attributes
    ----------
    lower, upper : tuple of float
        Bounds; the lowest class holds its lower bound too.
    labels : tuple of str
    codes : Series of int
        The class of each row, from 0; -1 where there is no value.
    """

    lower: tuple[float, ...]
    upper: tuple[float, ...]
    labels: tuple[str, ...]
    codes: pd.Series = field(repr=False)

    def __len__(self) -> int:
        return len(self.labels)


def classify(
    values: pd.Series,
    *,
    scheme: str = "quantiles",
    k: int = 5,
    breaks: Sequence[float] | None = None,
) -> Classes:
    """Cut numbers into classes.

    Parameters
    ----------
    values : Series
        Numeric; NaN belongs to no class.
    scheme : {"quantiles", "natural_breaks", "equal_interval", "box_plot"}
        How classes are cut (mapclassify). Ties that put two bounds in one
        place make one class of them.
    k : int
        Number of classes; fewer where there are fewer distinct values.
    breaks : sequence of float
        Upper bounds of the classes, instead of `scheme` and `k`; values above the last one make a
        class of their own.

    Returns
    -------
    Classes

    Raises
    ------
    InputError
        Values are not numeric or infinite, the scheme is not known, or `breaks` do not increase.

    Examples
    --------
    >>> import pandas as pd
    >>> classes = classify(pd.Series([1.0, 2.0, 3.0, 4.0, float("nan")]), k=2)
    >>> classes.labels
    ('1.00 – 2.50', '2.50 – 4.00')
    >>> classes.codes.tolist()
    [0, 0, 1, 1, -1]
    """
    numbers = numeric_series(values, "values")
    valid = numbers.dropna()
    codes = pd.Series(-1, index=numbers.index, dtype=int, name="class")
    if valid.empty:
        return Classes((), (), (), codes)
    upper = _upper_bounds(valid, scheme, k, breaks)
    lower = np.concatenate([[min(float(valid.min()), upper[0])], upper[:-1]])
    # side="left" puts a value that equals a bound into the class below it
    codes.loc[valid.index] = np.searchsorted(upper, valid.to_numpy(), side="left")
    return Classes(tuple(lower.tolist()), tuple(upper.tolist()), _labels(lower, upper), codes)


def _upper_bounds(
    valid: pd.Series, scheme: str, k: int, breaks: Sequence[float] | None
) -> np.ndarray:
    top = float(valid.max())
    if breaks is not None:
        upper = np.asarray(breaks, dtype=float)
        if not upper.size or not np.isfinite(upper).all() or (np.diff(upper) <= 0).any():
            raise InputError(f"breaks must be finite numbers that increase, not {list(breaks)}")
        return upper if upper[-1] >= top else np.append(upper, top)
    require_one_of(scheme, SCHEMES, "scheme")
    distinct = int(valid.nunique())
    if distinct == 1:
        return np.array([top])
    classifier = _CLASSIFIERS[scheme]
    if scheme == "box_plot":
        upper = np.asarray(classifier(valid.to_numpy()).bins, dtype=float)
        # fences beyond the data would make classes that hold nothing
        upper = upper[(upper >= valid.min())]
        upper = np.append(upper[upper < top], top)
    else:
        with warnings.catch_warnings():
            # ties make fewer classes, which the legend shows
            warnings.simplefilter("ignore", UserWarning)
            upper = np.asarray(classifier(valid.to_numpy(), k=min(k, distinct)).bins, dtype=float)
        # arithmetic on the range may end a hair below the largest value
        upper[-1] = top
    return np.unique(upper)


def _labels(lower: np.ndarray, upper: np.ndarray) -> tuple[str, ...]:
    """Write bounds with as many decimals as tell them apart, and three digits at least."""
    bounds = np.unique(np.concatenate([lower[:1], upper]))
    whole = bool((bounds % 1 == 0).all())
    size = float(np.abs(bounds).max())
    decimals = 0 if whole else min(max(2 - math.floor(math.log10(size)), 0), _MOST_DECIMALS)
    while decimals < _MOST_DECIMALS:
        if len({f"{bound:.{decimals}f}" for bound in bounds}) == len(bounds):
            break
        decimals += 1
    written = [f"{bound:,.{decimals}f}".replace("-", "\N{MINUS SIGN}") for bound in upper]
    first = f"{lower[0]:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    starts = [first, *written[:-1]]
    return tuple(
        end if start == end else f"{start} \N{EN DASH} {end}"
        for start, end in zip(starts, written, strict=True)
    )
