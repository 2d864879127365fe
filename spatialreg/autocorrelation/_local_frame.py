"""What local statistics share: checked inputs, moments given a region's own value, one result.

Every local statistic gives the same nine columns in the same order, so that maps, tables and
comparisons need not know which it is. A column that a statistic does not have is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import numeric_series, some
from .._results import LocalResult
from ..errors import AlignmentError, InputError
from ._inputs import Inputs, prepare
from ._significance import adjust, require_level, require_test

NEGLIGIBLE = 1e-12  # a share of a sum of squares that is nothing but rounding
_NUMBERS = ("lag", "statistic", "z_score", "p_value", "p_adjusted", "p_analytic")


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


def labels(
    at_least: np.ndarray, at_most: np.ndarray, z_score: np.ndarray, above: str, otherwise: str
) -> np.ndarray:
    """Name regions by the side of the middle of the draws that they are on.

    Not by the mean: a few extreme values may draw that beyond a value that is itself above nearly
    all draws, and the label would contradict the test. NaN where nothing can vary.
    """
    names = np.where(at_least < at_most, above, otherwise).astype(object)
    names[np.isnan(z_score)] = np.nan
    return names


def local_result(
    name: str,
    inputs: Inputs,
    inference: Inference,
    columns: Mapping[str, Any],
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
    columns : mapping
        ``lag``, ``statistic``, ``z_score``, ``p_value``, ``p_analytic`` and ``quadrant`` in that
        order of regions; what is left out is NaN.
    given : mapping
        The caller's columns, which stand first, on the caller's index.
    lonely : ndarray of bool
        Regions that have no neighbour; those of `inputs` by default. All their numbers are NaN.
    untested : ndarray of bool
        Other regions of which the statistic says nothing: their p-values are NaN, and their cluster
        is "Not tested".
    """
    lonely = inputs.isolated if lonely is None else lonely
    frame = pd.DataFrame(index=inputs.y.index)
    for column in _NUMBERS:
        frame[column] = np.asarray(columns.get(column, np.nan), dtype=float)
    frame["quadrant"] = pd.Series(columns["quadrant"], frame.index)
    frame.loc[lonely, [*_NUMBERS, "quadrant"]] = np.nan
    if untested is not None:
        frame.loc[untested, ["z_score", "p_value", "p_analytic", "quadrant"]] = np.nan
    frame["p_adjusted"] = adjust(frame["p_value"].to_numpy(), inference.correction)
    significant = frame["p_adjusted"] <= inference.alpha
    cluster = frame["quadrant"].where(significant, "Not significant")
    if untested is not None:
        cluster[untested] = "Not tested"
    cluster[lonely] = "Isolate"
    frame["cluster"] = cluster
    whole = pd.concat(
        [pd.DataFrame(dict(given)).astype(float), frame.reindex(inputs.given.index)], axis=1
    )
    whole["cluster"] = whole["cluster"].fillna("No data")
    return LocalResult(
        name=name,
        alternative=inference.alternative,
        permutations=int(inference.permutations),
        alpha=float(inference.alpha),
        correction=inference.correction,
        cut_off=float(frame.loc[significant, "p_value"].max()),
        n=inputs.n,
        isolates=int(lonely.sum()),
        missing=inputs.missing,
        frame=whole,
    )
