"""What local statistics share: checked inputs, moments given a region's own value, one result.

Every local statistic gives the same nine columns in the same order, so that maps, tables and
comparisons need not know which it is. A column that a statistic does not have is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import numeric_series, some
from .._results import LocalResult
from .._significance import adjust, require_level, require_test
from ..errors import AlignmentError, InputError
from ._inputs import Inputs, prepare

NEGLIGIBLE = 1e-12  # a share of a sum of squares that is nothing but rounding
UNNAMED = -1
_NUMBERS = ("lag", "statistic", "z_score", "p_value", "p_adjusted", "p_analytic")
RESULT_COLUMNS = (*_NUMBERS, "quadrant", "cluster")


@dataclass(frozen=True)
class Inference:
    """How significance is found, checked on the way in."""

    permutations: int
    alternative: str
    alpha: float
    correction: str | None

    def __post_init__(self) -> None:
        require_test(self.permutations, self.alternative)
        require_level(self.alpha, self.correction)

    def coarse(self, tests: int) -> tuple[int, str, float, str | None, int]:
        """Give the arguments of ``warn_of_coarse_p``."""
        return self.permutations, self.alternative, self.alpha, self.correction, tests


def prepare_columns(
    columns: Mapping[str, pd.Series], graph: Graph, *, subset: bool
) -> dict[str, Inputs]:
    """Check and align several columns on the same regions: those that have a value in each.

    Raises
    ------
    InputError, AlignmentError
        As :func:`prepare`, for any of the columns; or their labels differ.
    """
    given = {name: numeric_series(column, name) for name, column in columns.items()}
    first, *others = given
    for name in others:
        apart = given[name].index.symmetric_difference(given[first].index)
        if len(apart):
            raise AlignmentError(
                f"{first} and {name} differ in {len(apart)} labels ({some(apart)}): reindex both "
                "to the same regions (NaN where there is no value)"
            )
    frame = pd.DataFrame(given, index=given[first].index)
    whole = frame.where(frame.notna().all(axis=1))
    return {name: _prepare(name, whole[name], graph, subset) for name in given}


def _prepare(name: str, column: pd.Series, graph: Graph, subset: bool) -> Inputs:
    """Call the validator, which knows only "y", and say which column it means."""
    try:
        return prepare(column, graph, subset=subset)
    except InputError as error:
        message = str(error)
        if name == "y" or not message.startswith("y "):
            raise
        raise type(error)(name + message[1:]) from error


def moments_of_others(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give mean and variance of the values of all others, for each region."""
    others = len(values) - 1
    mean = values.mean()
    centred = values - mean
    squares = float(centred @ centred)
    # leaving one out moves the mean of the others away from it
    left = squares - centred**2 * (1 + 1 / others)
    return mean - centred / others, np.where(left > NEGLIGIBLE * squares, left / others, 0.0)


def moments_of_draws(
    mean: np.ndarray, variance: np.ndarray, weights: sparse.csr_array
) -> tuple[np.ndarray, np.ndarray]:
    """Give mean and variance of each region's weighted sum over all draws of its neighbours.

    They are drawn without replacement from the ``n - 1`` others, whose mean and variance are given:
    the sum varies by ``sum w**2 - (sum w)**2 / (n - 1)`` of that variance, times
    ``(n - 1) / (n - 2)``, and not at all where all the others are neighbours with equal weights.
    """
    others = weights.shape[0] - 1
    total, squares = weights.sum(axis=1), (weights**2).sum(axis=1)
    spread = squares - total**2 / others
    spread = np.where(spread > NEGLIGIBLE * squares, spread, 0.0)
    return total * mean, spread * variance * others / (others - 1)


def scores(observed: np.ndarray, expected: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Give deviations from what is expected, in standard deviations; NaN where nothing varies."""
    z = np.full(len(observed), np.nan)
    varies = variance > 0
    z[varies] = (observed - expected)[varies] / np.sqrt(variance[varies])
    return z


def sides(z: np.ndarray, noise: float | np.ndarray) -> np.ndarray:
    """Tell values above the mean (1) from those below (-1) and at it (0), up to rounding."""
    return np.where(np.abs(z) <= noise, 0.0, np.sign(z))


def named(at_least: np.ndarray, at_most: np.ndarray, z_score: np.ndarray) -> np.ndarray:
    """Tell regions above the middle of the draws (0) from the others (1), as codes of their names.

    Not above the mean: a few extreme values may draw that beyond a value that is itself above
    nearly all draws, and the label would contradict the test. -1 where nothing can vary.
    """
    codes = np.where(at_least < at_most, 0, 1).astype(np.int8)
    codes[np.isnan(z_score)] = UNNAMED
    return codes


def local_result(
    name: str,
    inputs: Inputs,
    inference: Inference,
    numbers: Mapping[str, Any],
    names: Sequence[str],
    quadrant: np.ndarray,
    *,
    given: Mapping[str, pd.Series],
    lonely: np.ndarray | None = None,
    untested: np.ndarray | None = None,
) -> LocalResult:
    """Put a result together on the caller's index.

    Parameters
    ----------
    name : str
    inputs : Inputs
        Of the regions with a value, in sorted-label order.
    inference : Inference
    numbers : mapping
        ``lag``, ``statistic``, ``z_score``, ``p_value`` and ``p_analytic`` in that order of
        regions; what is left out is NaN.
    names : sequence of str
        The quadrants of this statistic.
    quadrant : ndarray of int8
        Which of `names` a region has; -1 for none.
    given : mapping
        The caller's columns, which stand first, by label.
    lonely : ndarray of bool
        Regions that have no neighbour; those of `inputs` by default. All their numbers are NaN.
    untested : ndarray of bool
        Other regions of which the statistic says nothing: their p-values are NaN, and their cluster
        is "Not tested".
    """
    lonely = inputs.isolated if lonely is None else lonely
    columns = {c: np.full(inputs.n, numbers.get(c, np.nan), dtype=float) for c in _NUMBERS}
    silent = lonely if untested is None else lonely | untested
    for column in ("z_score", "p_value", "p_analytic"):
        columns[column][silent] = np.nan
    for column in ("lag", "statistic"):
        columns[column][lonely] = np.nan
    columns["p_adjusted"] = adjust(columns["p_value"], inference.correction)
    significant = columns["p_adjusted"] <= inference.alpha
    found = columns["p_value"][significant]
    words = [*names, "Not significant", "Not tested", "Isolate", "No data"]
    not_significant, not_tested, isolate, no_data = range(len(names), len(words))
    cluster = np.where(significant, quadrant, not_significant)
    cluster[silent], cluster[lonely] = not_tested, isolate
    whole = {
        **{c: values.astype(float) for c, values in given.items()},
        **{c: _placed(values, inputs, np.nan) for c, values in columns.items()},
        # by code: a million pieces of text would take longer than their p-values
        "quadrant": _taken(words, _placed(np.where(silent, UNNAMED, quadrant), inputs, UNNAMED)),
        "cluster": _taken(words, _placed(cluster, inputs, no_data)),
    }
    return LocalResult(
        name=name,
        alternative=inference.alternative,
        permutations=int(inference.permutations),
        alpha=float(inference.alpha),
        correction=inference.correction,
        cut_off=float(found.max()) if len(found) else np.nan,
        n=inputs.n,
        isolates=int(lonely.sum()),
        missing=inputs.missing,
        frame=pd.DataFrame(whole, index=inputs.given.index),
    )


def _placed(column: np.ndarray, inputs: Inputs, empty: float) -> np.ndarray:
    """Put the values of the regions that have data among all regions of the caller."""
    whole = np.full(len(inputs.given), empty, dtype=column.dtype)
    whole[inputs.places] = column
    return whole


def _taken(words: Sequence[str], codes: np.ndarray) -> Any:
    return pd.Series(words).array.take(codes, allow_fill=True)
