"""How regions move between local clusters: who stays, who joins, and what it tends to."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .. import _markov
from .._align import require_one_of, some
from .._results import TransitionsResult
from .._significance import Alternative, Correction, require_level, require_test
from ..errors import MissingDataWarning
from ._panel import Layout, local_by_year

QUADRANTS = ("High-High", "Low-Low", "High-Low", "Low-High")
STATES = {"quadrant": QUADRANTS, "cluster": (*QUADRANTS, "Not significant")}
_OWN, _NEIGHBOURS = np.array([0, 1, 0, 1]), np.array([0, 1, 1, 0])  # of QUADRANTS: 0 is high
_KEPT = ("y", "lag", "statistic", "p_value", "p_adjusted", "quadrant", "cluster")


def lisa_transitions(
    panel: pd.DataFrame,
    graph: Graph,
    *,
    value: str,
    states: Literal["cluster", "quadrant"] = "cluster",
    step: int | None = None,
    breaks: Sequence[int] | None = None,
    permutations: int = 9999,
    alpha: float = 0.05,
    correction: Correction | None = None,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> TransitionsResult:
    """Count how regions move between the states of local Moran's I, from year to year (Rey 2001).

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`). A region without a row in a year has no data in that year.
    graph : libpysal.graph.Graph
        Who is whose neighbour, in all years.
    value : str
        The column.
    states : {"cluster", "quadrant"}
        "cluster": the four kinds of significant clusters, and "Not significant". "quadrant": own
        value and neighbours' against the mean, significant or not.
    step : int
        Years between the beginning and the end of a move. Where left out, the smallest gap between
        the panel's years; wider gaps then count no moves, with a warning.
    breaks : sequence of int
        Years with which a new period begins, for the test of homogeneity; a move belongs to the
        period in which it begins. Where left out, the years are halved.
    permutations, alpha, correction, alternative, subset
        As in :func:`lisa`, for each year by itself.
    rng : int or Generator
        Seed. An int gives every year the result of :func:`lisa` with that int; a Generator is used
        up year after year.

    Returns
    -------
    TransitionsResult
        ``counts`` and ``probabilities`` of moves; ``tests`` with a row a hypothesis: "memory" (the
        state reached does not depend on the state left), "homogeneity" (probabilities are the same
        in all periods; Bickenbach and Bode 2003) and, for quadrants, "separateness" (own value and
        neighbours cross the mean independently of one another; Rey 2001), each by Pearson's
        statistic and by the likelihood ratio; ``distribution``, ``mobility`` and ``frame``.

    Raises
    ------
    InputError
        As in :func:`moran_series` and :func:`lisa`; or the panel has no two years a step apart,
        or `step` or `breaks` are out of range.
    AlignmentError
        As in :func:`moran`.

    Warns
    -----
    MissingDataWarning
        Years without local statistics, or gaps wider than the step, count no moves.
    IsolateWarning, PermutationWarning
        As in :func:`lisa`, once for all years.

    Notes
    -----
    Isolates and regions without data have no state; moves from and to them are not counted. The
    tests take moves as independent, but those of neighbours are not, and with more than one break
    of few moves their chi-squared distribution is rough: compare p-values, do not decide by them.
    A region near the edge of significance moves in and out of its cluster by chance, so that
    clusters always look more mobile than quadrants. The ergodic distribution is that of the
    counted probabilities, should they last; it forecasts nothing.

    Examples
    --------
    >>> import spatialreg as sr
    >>> graph = sr.build_weights(sr.datasets.us_states(), "queen")
    >>> panel = sr.datasets.us_incomes()
    >>> result = sr.lisa_transitions(
    ...     panel, graph, value="income", states="quadrant", permutations=99, rng=1
    ... )
    >>> result.counts.loc["High-High"].to_dict()
    {'High-High': 1087, 'Low-Low': 4, 'High-Low': 34, 'Low-High': 44}
    >>> result.tests[["chi2", "dof"]].round(1).loc["separateness"].to_dict()
    {'chi2': 60.3, 'dof': 8.0}
    """
    require_one_of(states, tuple(STATES), "states")
    require_test(permutations, alternative)
    require_level(alpha, correction)
    _markov.require_step(step)
    layout = Layout(panel, value)
    years = layout.years.astype(int)
    chosen, wide = _markov.years_apart(years, step)
    begins = years[np.isin(years + chosen, years)]
    periods = _markov.periods(begins, breaks)
    frame, attempts = local_by_year(
        layout,
        graph,
        value,
        rng,
        permutations=permutations,
        alpha=alpha,
        correction=correction,
        alternative=alternative,
        subset=subset,
    )
    attempts.report("local Moran's I")
    if wide:
        warnings.warn(
            f"{len(wide)} gaps between years are wider than {chosen} and count no moves "
            f"({some(wide)}): pass step= for moves over more years",
            MissingDataWarning,
            stacklevel=2,
        )
    frame = frame.reindex(columns=list(_KEPT))
    names = STATES[states]
    left = _coded(frame[states], names)
    following = layout.later(frame[states], chosen)
    reached = _coded(following, names)
    counted = (left >= 0) & (reached >= 0)
    frame["next"] = following.where(counted)
    frame["move"] = _moves(frame["quadrant"], layout.later(frame["quadrant"], chosen))
    tables = np.zeros((max(periods.values(), default=0) + 1, len(names), len(names)), dtype=int)
    period = np.array([periods.get(int(y), 0) for y in frame.index.get_level_values(1)])
    np.add.at(tables, (period[counted], left[counted], reached[counted]), 1)
    counts = tables.sum(axis=0)
    return TransitionsResult(
        states=states,
        step=chosen,
        regions=frame.index.get_level_values(0)[counted].nunique(),
        moves=int(counts.sum()),
        mobility=_markov.mobility(counts),
        counts=_square(counts, names),
        probabilities=_square(_markov.probabilities(counts), names),
        tests=_tests(tables, quadrants=states == "quadrant"),
        distribution=_distribution(frame[states], counts, names, chosen),
        frame=frame,
    )


def _coded(states: pd.Series, names: Sequence[str]) -> np.ndarray:
    """Give the place of each state among `names`; -1 is none of them (isolate, no data)."""
    return np.asarray(pd.Index(names).get_indexer(pd.Index(states.astype(object))))


def _moves(before: pd.Series, after: pd.Series) -> pd.Series:
    """Say who crossed the mean: Rey's types 0, I, II and III."""
    one, other = _coded(before, QUADRANTS), _coded(after, QUADRANTS)
    own = _OWN[one] != _OWN[other]
    neighbours = _NEIGHBOURS[one] != _NEIGHBOURS[other]
    words = np.select([own & neighbours, own, neighbours], ["Both", "Own", "Neighbours"], "None")
    return pd.Series(words, index=before.index).where((one >= 0) & (other >= 0))


def _square(table: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        table, index=pd.Index(names, name="from"), columns=pd.Index(names, name="to")
    )


def _tests(tables: np.ndarray, *, quadrants: bool) -> pd.DataFrame:
    counts = tables.sum(axis=0)
    rows = {"memory": _markov.memory(counts), "homogeneity": _markov.homogeneity(tables)}
    if quadrants:
        rows["separateness"] = _markov.separateness(counts, _OWN, _NEIGHBOURS)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=_markov.ChainTest._fields)
    return frame.rename_axis("hypothesis")


def _distribution(
    states: pd.Series, counts: np.ndarray, names: Sequence[str], step: int
) -> pd.DataFrame:
    by_year = (
        states.where(states.isin(names)).dropna().groupby(level=1).value_counts(normalize=True)
    )
    shares = by_year.unstack(0).reindex(list(names)).fillna(0.0)
    stays = np.diag(_markov.probabilities(counts))
    with np.errstate(divide="ignore"):
        mean_stay = step / (1.0 - stays)
    return pd.DataFrame(
        {
            "first": shares.iloc[:, 0],
            "last": shares.iloc[:, -1],
            "ergodic": _markov.ergodic(counts),
            "mean_stay": mean_stay,
        },
        index=pd.Index(names, name="state"),
    )
