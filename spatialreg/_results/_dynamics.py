"""What the measures of convergence clubs and of moving distributions give."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class LogTResult(_Printed):
    """The log t test of convergence.

    Attributes
    ----------
    b, se : float
        Slope on log t, and its standard error, robust to heteroskedasticity and autocorrelation.
    statistic : float
        ``b / se``; convergence is rejected where it is at or below ``critical``.
    p_value : float
        One-sided: the chance of a statistic so low if the regions converge.
    critical : float
    converges : bool
        ``statistic > critical``: convergence is not rejected.
    speed : float
        ``b / 2``: the rate at which differences shrink; from 1 on levels meet, between 0 and 1
        growth rates do.
    n, years : int
        Regions, and years that the regression rests on.
    trimmed : int
        Years left out at the beginning.
    definition : str
        In words.
    frame : DataFrame
        By year: ``variation`` (the cross-sectional variance H of the relative values), ``log_t``,
        ``log_ratio`` (what is regressed on it) and ``fitted``; the last two are NaN for the years
        left out.
    """

    b: float
    se: float
    statistic: float
    p_value: float
    critical: float
    converges: bool
    speed: float
    n: int
    years: int
    trimmed: int
    definition: str
    frame: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class ClubResult(_Printed):
    """Convergence clubs.

    Attributes
    ----------
    regions, divergent, missing : int
        Regions that took part, those of them in no club, and regions left out for missing values.
    definition : str
        In words.
    parameters : dict
        As they were given.
    overall : LogTResult
        The test of all regions together.
    clubs : DataFrame
        A row a club, from the highest: ``n``, ``b``, ``se``, ``statistic``, ``p_value``,
        ``members`` (a tuple of codes) and ``merged_from`` (a tuple of the clubs that were merged).
    initial : DataFrame
        The clubs before merging, with ``core`` (size of the core group) and ``c_star`` (the
        threshold at which the club was closed).
    merging : DataFrame
        The tests of merging in their order: ``first`` and ``second`` (tuples of clubs of
        ``initial``), ``b``, ``se``, ``statistic``, ``p_value``, ``merged``.
    frame : DataFrame
        By code: ``club`` ("1", "2", ... from the highest, "divergent", or missing for regions left
        out), and the relative value in the first and last year (``first``, ``last``).
    paths : DataFrame
        The relative transition paths: a row a region that took part, a column a year, the value as
        it was compared (its logarithm, filtered) over the mean of the regions.
    """

    regions: int
    divergent: int
    missing: int
    definition: str
    parameters: dict[str, object] = field(repr=False)
    overall: LogTResult = field(repr=False)
    clubs: pd.DataFrame = field(repr=False)
    initial: pd.DataFrame = field(repr=False)
    merging: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)
    paths: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class MarkovResult(_Printed):
    """A Markov chain of classes of a value.

    Attributes
    ----------
    step : int
        Years between the beginning and the end of a move.
    regions, moves : int
        Regions with at least one move, and moves counted, those to the same class among them.
    mobility : float
        Shorrocks' index: 0 if no region ever changes, 1 if classes were drawn anew every time.
    definition : str
        In words.
    bounds : tuple of float, or None
        Upper bounds of all classes but the last, each belonging to the class below it; None where
        the classes are each year's own quantiles.
    counts, probabilities : DataFrame
        A row for the class left, a column for the class reached; a class that was never left has
        NaN probabilities.
    first_passage : DataFrame
        Mean years until a region of the class in the row first reaches the class in the column (on
        the diagonal: until it returns); infinite where it may never.
    tests : DataFrame
        A row a hypothesis: chi2, chi2_p, lr, lr_p, dof.
    distribution : DataFrame
        By class: shares of regions ``first`` and ``last`` (in the first and last year that have
        any), the ``ergodic`` share, ``leaving`` (the chance to leave in one move; Prais) and
        ``mean_stay`` [years].
    indices : Series
        shorrocks, determinant, second_eigenvalue, unconditional, bartholomew, half_life [years].
    frame : DataFrame
        On the panel's index: ``value`` as classified, ``state``, and ``next``, the state a step
        later where the move counts.
    """

    step: int
    regions: int
    moves: int
    mobility: float
    definition: str
    bounds: tuple[float, ...] | None = field(repr=False)
    counts: pd.DataFrame = field(repr=False)
    probabilities: pd.DataFrame = field(repr=False)
    first_passage: pd.DataFrame = field(repr=False)
    tests: pd.DataFrame = field(repr=False)
    distribution: pd.DataFrame = field(repr=False)
    indices: pd.Series = field(repr=False)
    frame: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class SpatialMarkovResult(_Printed):
    """A Markov chain for each class of the neighbours' mean, and whether they differ.

    Attributes
    ----------
    step : int
        Years between the beginning and the end of a move.
    regions, moves : int
        Regions with at least one move, and moves counted.
    isolates : int
        Regions without neighbours, whose moves count nowhere.
    chi2, chi2_p, lr, lr_p : float
        Pearson's statistic and the likelihood ratio of the hypothesis that the probabilities are
        the same whatever the neighbours, with their p-values from the chi-squared distribution.
    dof : int
        Degrees of freedom (Bickenbach and Bode 2003).
    chi2_p_permutation, lr_p_permutation : float
        From regions rearranged over the map, each with all its years; ``0 < p <= 1``.
    permutations : int
    definition : str
        In words.
    bounds, lag_bounds : tuple of float, or None
        Upper bounds of all classes but the last; None where they are each year's own quantiles.
    counts, probabilities : DataFrame
        Rows by class of the neighbours (``lag``) and class left (``from``), a column for the class
        reached.
    first_passage : DataFrame
        Mean years to first reach a class, among regions whose neighbours stay in their class.
    distribution : DataFrame
        By ``lag`` and class: ``ergodic`` and ``mean_stay`` [years].
    null_distribution : DataFrame
        ``chi2`` and ``lr`` of each permutation.
    frame : DataFrame
        On the panel's index: ``value``, ``lag``, ``state``, ``lag_state``, ``next``.
    """

    step: int
    regions: int
    moves: int
    isolates: int
    chi2: float
    chi2_p: float
    lr: float
    lr_p: float
    dof: int
    chi2_p_permutation: float
    lr_p_permutation: float
    permutations: int
    definition: str
    bounds: tuple[float, ...] | None = field(repr=False)
    lag_bounds: tuple[float, ...] | None = field(repr=False)
    counts: pd.DataFrame = field(repr=False)
    probabilities: pd.DataFrame = field(repr=False)
    first_passage: pd.DataFrame = field(repr=False)
    distribution: pd.DataFrame = field(repr=False)
    null_distribution: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class RankMobilityResult(_Printed):
    """How far regions kept their ranks between two years.

    Attributes
    ----------
    start, end : int
        The years.
    statistic : float
        Kendall's tau-b of all pairs of regions: 1 if no pair changed its order, -1 if all did.
    p_value : float
        Two-sided, of the hypothesis that the later order has nothing to do with the earlier one.
    n, missing : int
        Regions used, and regions left out for missing values.
    definition : str
        In words.
    pairs : DataFrame
        Rows "all" and, with a graph, "neighbours" and "others": ``pairs``, ``concordant``,
        ``discordant``, ``tied`` (in either year), ``tau``.
    spatial : DataFrame or None
        With a graph or groups: rows "neighbours" (tau of neighbours) and "groups" (theta):
        ``statistic``, ``expected`` (the mean of the permutations), ``p_value``, ``alternative``,
        ``permutations``.
    null_distribution : dict
        The permutations of each row of ``spatial``.
    frame : DataFrame
        By code: ``first``, ``last`` (values), ``rank_first``, ``rank_last`` (1 is the highest;
        equal values share the mean of their ranks) and ``change`` (places gained).
    """

    start: int
    end: int
    statistic: float
    p_value: float
    n: int
    missing: int
    definition: str
    pairs: pd.DataFrame = field(repr=False)
    spatial: pd.DataFrame | None = field(repr=False)
    null_distribution: dict[str, object] = field(repr=False)
    frame: pd.DataFrame = field(repr=False)
