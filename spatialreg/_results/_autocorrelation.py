"""What the measures of spatial autocorrelation give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InputError
from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class GlobalResult(_Printed):
    """A global statistic with its inference.

    Attributes
    ----------
    name : str
        The statistic, for example ``"Moran's I"``.
    statistic, expected, variance, z_score : float
        The value, and its moments under the stated assumption.
    p_value : float
        From permutations, in the stated alternative; ``0 < p <= 1``.
    p_analytic : float
        From the normal approximation with these moments, in the same alternative.
    alternative : str
    permutations : int
    n, isolates, missing : int
        Regions used, those of them without neighbours, and regions left out for missing values.
    null_distribution : ndarray, shape (permutations,)
    assumption : {"randomisation", "normality"}
        What the moments rest on: that the values at hand could stand in any order, or that they (or
        a model's errors) are normal.
    """

    name: str
    statistic: float
    expected: float
    variance: float
    z_score: float
    p_value: float
    p_analytic: float
    alternative: str
    permutations: int
    n: int
    isolates: int
    missing: int
    null_distribution: np.ndarray = field(repr=False)
    assumption: str = "randomisation"


@dataclass(frozen=True, repr=False)
class JoinCountsResult(_Printed):
    """Joins of neighbours by category, each with its inference.

    Attributes
    ----------
    alternative : str
    permutations : int
    n, isolates, missing : int
        Regions used, those of them without neighbours, and regions left out for missing values.
    frame : DataFrame
        A row for each pair of categories: first, second, statistic, expected, variance, z_score,
        p_value, p_analytic.
    results : dict
        Each row as a ``GlobalResult``, with its null distribution.
    """

    alternative: str
    permutations: int
    n: int
    isolates: int
    missing: int
    frame: pd.DataFrame = field(repr=False)
    results: dict[str, GlobalResult] = field(repr=False)

    @classmethod
    def from_results(
        cls, results: dict[str, GlobalResult], first: list[Any], second: list[Any]
    ) -> JoinCountsResult:
        """Put the results of the single joins into a frame."""
        some = next(iter(results.values()))
        columns = ("statistic", "expected", "variance", "z_score", "p_value", "p_analytic")
        numbers = {c: [getattr(result, c) for result in results.values()] for c in columns}
        index = pd.Index(list(results), name="joins")
        frame = pd.DataFrame({"first": first, "second": second, **numbers}, index=index)
        return cls(
            some.alternative,
            some.permutations,
            some.n,
            some.isolates,
            some.missing,
            frame,
            results,
        )

    def of(self, joins: str) -> GlobalResult:
        """Give the result of one row, for example ``of("BB")``."""
        if joins not in self.results:
            raise InputError(f"there are no joins {joins!r}: they are {', '.join(self.results)}")
        return self.results[joins]


@dataclass(frozen=True, repr=False)
class LocalResult(_Printed):
    """A local statistic with its inference; ``.frame`` has a row per region of the caller's index.

    Attributes
    ----------
    name : str
    alternative : str
    permutations : int
    alpha : float
        Level at which ``cluster`` labels are given.
    correction : str or None
        Multiple-testing correction behind ``p_adjusted``.
    cut_off : float
        Largest unadjusted p-value that is significant; NaN if none is.
    n, isolates, missing : int
    frame : DataFrame
        y, lag, statistic, z_score, p_value, p_adjusted, p_analytic, quadrant, cluster.
    """

    name: str
    alternative: str
    permutations: int
    alpha: float
    correction: str | None
    cut_off: float
    n: int
    isolates: int
    missing: int
    frame: pd.DataFrame = field(repr=False)

    @property
    def counts(self) -> pd.Series:
        """Number of regions per cluster label."""
        return self.frame["cluster"].value_counts().rename("regions")


@dataclass(frozen=True, repr=False)
class TransitionsResult(_Printed):
    """How regions move between the states of a local statistic, from year to year.

    Attributes
    ----------
    states : str
        What the states are: ``"cluster"`` or ``"quadrant"``.
    step : int
        Years between the beginning and the end of a move.
    regions, moves : int
        Regions with at least one move, and moves counted, those to the same state among them.
    mobility : float
        Shorrocks' index: 0 if no region ever changes, 1 if states were drawn anew every time.
    counts, probabilities : DataFrame
        A row for the state left, a column for the state reached; a state that was never left has
        NaN probabilities.
    tests : DataFrame
        A row a hypothesis: chi2, chi2_p, lr, lr_p, dof.
    distribution : DataFrame
        By state: the shares of regions ``first`` and ``last`` (in the first and last year that
        have any), the ``ergodic`` share, and ``mean_stay`` [years].
    frame : DataFrame
        On the panel's index: y, lag, statistic, p_value, p_adjusted, quadrant, cluster, ``next``
        (the state a step later) and ``move`` (who crossed the mean: "None", "Own", "Neighbours",
        "Both").
    """

    states: str
    step: int
    regions: int
    moves: int
    mobility: float
    counts: pd.DataFrame = field(repr=False)
    probabilities: pd.DataFrame = field(repr=False)
    tests: pd.DataFrame = field(repr=False)
    distribution: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)

    @property
    def by_region(self) -> pd.DataFrame:
        """For each region: moves counted, how many changed its state, states seen, usual state."""
        state = self.frame[self.states].where(self.frame[self.states].isin(self.counts.index))
        follows = self.frame["next"]
        by = self.frame.index.get_level_values(0)
        order = {name: place for place, name in enumerate(self.counts.index)}

        def usual(values: pd.Series) -> object:
            seen = values.dropna().value_counts()
            often = seen.index[seen == seen.max()]
            return min(often, key=order.__getitem__, default=np.nan)

        groups = state.groupby(by, sort=False)
        return pd.DataFrame(
            {
                "moves": follows.notna().groupby(by, sort=False).sum(),
                "changes": (follows.notna() & (follows != state)).groupby(by, sort=False).sum(),
                "states": groups.nunique(),
                "usual": groups.agg(usual),
            }
        )


@dataclass(frozen=True, repr=False)
class RobustnessResult(_Printed):
    """How far local clusters depend on who counts as a neighbour.

    Attributes
    ----------
    name, alternative : str
    permutations : int
    alpha : float
    correction : str or None
    reference : str
        The specification whose labels are held against the others.
    n, missing : int
        Regions used, and regions left out for missing values.
    describe : DataFrame
        A row a specification: links, mean_neighbours, isolates, the number of regions with each
        label, and ``agreement``, the share of its labels that are the consensus.
    labels : DataFrame
        On the caller's index, a column a specification: the labels.
    frame : DataFrame
        On the caller's index: ``label`` under the reference, ``label_share`` of specifications
        under which it holds, ``consensus`` label and ``consensus_share``, ``cluster_share`` of
        specifications under which the region is in any cluster, and ``specifications``, the
        number of those that give it a label.
    """

    name: str
    alternative: str
    permutations: int
    alpha: float
    correction: str | None
    reference: str
    n: int
    missing: int
    describe: pd.DataFrame = field(repr=False)
    labels: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)

    @property
    def counts(self) -> pd.Series:
        """Number of regions per consensus label."""
        return self.frame["consensus"].value_counts().rename("regions")
