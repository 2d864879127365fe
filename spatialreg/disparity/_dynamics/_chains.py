"""How regions move between classes of a value from year to year: a Markov chain.

Takes a panel; gives counts and probabilities of moves, what they tend to, how mobile regions are,
and whether a chain of this kind describes them at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ... import _markov
from ..._results import MarkovResult
from ...errors import InputError
from .._wide import relative_to_mean, wide
from ._classes import (
    Quantiles,
    chosen_step,
    class_words,
    classify,
    later,
    names_of,
    require_classes,
    square,
)


def markov(
    panel: pd.DataFrame,
    *,
    value: str,
    classes: int | Sequence[float] = 5,
    quantiles: Quantiles | None = None,
    relative: bool = True,
    step: int | None = None,
    breaks: Sequence[int] | None = None,
) -> MarkovResult:
    """Estimate a Markov chain of moves between classes of a value (Quah 1993).

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`). A region without a row in a year has no data in that year.
    value : str
        Column with the value, commonly per head.
    classes : int or sequence of float
        A number of quantile classes, or the rising bounds between classes in the unit of what is
        classified; a value on a bound is in the class below it.
    quantiles : {"pooled", "year"}, optional
        For a number of classes: quantiles of all years together (unless told otherwise), so that
        a class is the same level in all years; or of each year by itself, so that classes are
        ranks and as many regions rise as fall.
    relative : bool
        Classify the value over the mean of its year (each region counting once), so that common
        growth and prices do not move regions. False classifies the value itself.
    step : int
        Years between the beginning and the end of a move; where left out, the smallest gap between
        the panel's years. A `step` of several gaps counts moves from every year, which overlap.
    breaks : sequence of int
        Years with which a new period begins, for the test of homogeneity over time; a move belongs
        to the period in which it begins. Where left out, the years are halved.

    Returns
    -------
    MarkovResult
        ``counts``, ``probabilities``, ``distribution`` (shares in the first and last year, ergodic
        shares, mean stays), ``first_passage``, ``mobility`` and ``indices``, ``tests`` and
        ``frame``. Classes are named "1" (lowest), "2", ...

        ``tests`` has a row a hypothesis, by Pearson's statistic and by the likelihood ratio:
        "memory", that the class reached does not depend on the class left (the chain has order 0);
        "order", that it does not depend on the class before that either (order 1, not 2); and
        "homogeneity", that the probabilities are the same in all periods (Bickenbach and Bode
        2003, with their degrees of freedom). A chain describes the data where memory is rejected
        and the other two are not.

    Raises
    ------
    InputError
        The panel lacks the column or its index, an argument is out of range, or there are too many
        equal values for quantiles.

    Warns
    -----
    MissingDataWarning
        Pairs of region and year without a value, or gaps between years wider than the step, count
        no moves.

    Notes
    -----
    Probabilities are shares of counted moves, the estimate of maximum likelihood. The tests take
    moves as independent; those of neighbours and those that overlap are not, so that p-values are
    too small. The ergodic distribution is that of the counted probabilities, should they last; it
    forecasts nothing. Classes are a choice, and results depend on it: hold them against
    :func:`spatialreg.disparity.densities`. First passages and stays are means over the counted
    probabilities, in years (moves times `step`); see :class:`MarkovResult` for the indices, whose
    formulas are those of Shorrocks (1978), Sommers and Conlisk (1979) and Bartholomew (1973).

    Examples
    --------
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import markov
    >>> chain = markov(sr.datasets.us_incomes(), value="income")
    >>> chain.probabilities.round(3)
    to        1      2      3      4      5
    from
    1     0.915  0.075  0.009  0.001  0.000
    2     0.066  0.827  0.105  0.001  0.001
    3     0.005  0.103  0.794  0.095  0.003
    4     0.000  0.009  0.094  0.849  0.048
    5     0.000  0.000  0.000  0.062  0.938
    >>> chain.distribution["ergodic"].round(3).tolist()
    [0.18, 0.216, 0.215, 0.211, 0.178]
    """
    require_classes(classes, quantiles)
    if quantiles is not None and not isinstance(classes, int | np.integer):
        raise InputError(
            "quantiles is used for a number of classes only; classes gives their bounds"
        )
    table = wide(panel, value)
    years = table.columns.to_numpy()
    chosen = chosen_step(years, step)
    shown = relative_to_mean(table, value) if relative else table
    codes, bounds, count = classify(shown.to_numpy(), classes, quantiles, f"column {value!r}")
    reached = later(codes, years, chosen)
    counted = (codes >= 0) & (reached >= 0)
    require_moves(counted, chosen)
    period = _markov.periods(years[np.isin(years + chosen, years)], breaks)
    number = np.array([period.get(int(year), 0) for year in years])
    tables = np.zeros((number.max() + 1, count, count), dtype=int)
    which = np.broadcast_to(number, codes.shape)
    np.add.at(tables, (which[counted], codes[counted], reached[counted]), 1)
    counts = tables.sum(axis=0)
    names = names_of(count)
    return MarkovResult(
        step=chosen,
        regions=int(counted.any(axis=1).sum()),
        moves=int(counts.sum()),
        mobility=_markov.mobility(counts),
        definition=_words(value, relative, classes, quantiles, bounds, chosen, years),
        bounds=bounds,
        counts=square(counts, names),
        probabilities=square(_markov.probabilities(counts), names),
        first_passage=square(_markov.first_passage(counts) * chosen, names),
        tests=_tests(tables, _by_previous(codes, reached, years, chosen, count)),
        distribution=_distribution(codes, counts, names, chosen),
        indices=_indices(counts, chosen),
        frame=_frame(panel, shown, codes, np.where(counted, reached, -1), names),
    )


def require_moves(counted: np.ndarray, step: int) -> None:
    """Raise where no move can be counted."""
    if not counted.any():
        raise InputError(
            f"no region has values in two years that are {step} apart: choose another step"
        )


def _by_previous(
    codes: np.ndarray, reached: np.ndarray, years: np.ndarray, step: int, count: int
) -> np.ndarray:
    """Count moves by the class a step before them."""
    after = later(reached, years, step)
    whole = (codes >= 0) & (reached >= 0) & (after >= 0)
    tables = np.zeros((count, count, count), dtype=int)
    np.add.at(tables, (codes[whole], reached[whole], after[whole]), 1)
    return tables


def _tests(periods: np.ndarray, previous: np.ndarray) -> pd.DataFrame:
    rows = {
        "memory": _markov.memory(periods.sum(axis=0)),
        "order": _markov.homogeneity(previous),
        "homogeneity": _markov.homogeneity(periods),
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=_markov.ChainTest._fields)
    return frame.rename_axis("hypothesis")


def _distribution(
    codes: np.ndarray, counts: np.ndarray, names: pd.Index, step: int
) -> pd.DataFrame:
    each = (codes[:, :, None] == np.arange(len(names))).sum(axis=0)
    known = each[each.sum(axis=1) > 0]
    shares = known / known.sum(axis=1, keepdims=True)
    leaving = 1.0 - np.diag(_markov.probabilities(counts))
    with np.errstate(divide="ignore"):
        mean_stay = step / leaving
    return pd.DataFrame(
        {
            "first": shares[0],
            "last": shares[-1],
            "ergodic": _markov.ergodic(counts),
            "leaving": leaving,
            "mean_stay": mean_stay,
        },
        index=names,
    )


def _indices(counts: np.ndarray, step: int) -> pd.Series:
    indices = pd.Series(_markov.mobility_indices(counts), name="mobility")
    indices["half_life"] *= step
    return indices


def _frame(
    panel: pd.DataFrame,
    shown: pd.DataFrame,
    codes: np.ndarray,
    reached: np.ndarray,
    names: pd.Index,
) -> pd.DataFrame:
    row = shown.index.get_indexer(panel.index.get_level_values(0))
    column = shown.columns.get_indexer(panel.index.get_level_values(1))
    return pd.DataFrame(
        {
            "value": shown.to_numpy()[row, column],
            "state": labelled(codes[row, column], names),
            "next": labelled(reached[row, column], names),
        },
        index=panel.index,
    )


def labelled(codes: np.ndarray, names: pd.Index) -> np.ndarray:
    """Give the names of codes; missing for -1."""
    return np.append(names.to_numpy(dtype=object), np.nan)[codes]


def _words(
    value: str,
    relative: bool,
    classes: int | Sequence[float],
    quantiles: str | None,
    bounds: tuple[float, ...] | None,
    step: int,
    years: np.ndarray,
) -> str:
    what = f"{value} over the mean of its year" if relative else value
    return (
        f"moves of regions, each counting once, between {class_words(classes, quantiles, bounds)} "
        f"of {what}, over {step} year{'s' if step > 1 else ''}, {years[0]} to {years[-1]}; "
        "probabilities are shares of moves, moves taken as independent in the tests"
    )
