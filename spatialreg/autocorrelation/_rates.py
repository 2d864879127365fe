"""Moran's I of rates, whose precision differs from region to region."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator, some
from .._results import GlobalResult
from .._significance import Alternative, require_test
from ..errors import InputError
from ._global import moran_of
from ._inference import Assumption, require_assumption
from ._inputs import prepare, warn_of_cut_off
from ._pair_inputs import require_values, same_regions


def moran_rate(
    events: pd.Series,
    population: pd.Series,
    graph: Graph,
    *,
    assumption: Assumption = "randomisation",
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> GlobalResult:
    """Moran's I of the rate ``events / population``, each in units of its own standard error.

    Parameters
    ----------
    events : Series
        Counted events per region, not negative.
    population : Series
        People at risk per region, above zero. A region without either number is left out.
    graph : libpysal.graph.Graph
        Who is whose neighbour. Weights are used as given.
    assumption, permutations, alternative, rng, subset
        As in :func:`moran`.

    Returns
    -------
    GlobalResult
        As of :func:`moran`.

    Raises
    ------
    InputError
        As in :func:`moran`; events are negative, or populations are not above zero; there are no
        events at all.
    AlignmentError
        As in :func:`moran`; or `events` and `population` are not on the same regions.

    Warns
    -----
    IsolateWarning
        Regions lost all their neighbours because these have no value.

    Notes
    -----
    A rate is known less well where fewer people live, so that small regions have the highest and
    the lowest rates by chance alone, which hides or feigns autocorrelation. Assuncao and Reis
    (1999) give each region ``z_i = (p_i - b) / sqrt(v_i)``: ``p_i`` its rate, ``b`` that of all
    together, ``v_i = a + b / x_i`` with its population ``x_i`` and ``a = sum_i x_i (p_i - b)**2 /
    sum_i x_i - b / mean(x)``. Where ``v_i`` is negative it is ``b / x_i``, the variance of a
    Poisson rate. Moran's I is that of ``z``.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> people = pd.Series(1000.0, index=states.index)
    >>> result = sr.autocorrelation.moran_rate(states["income_1929"], people, graph, rng=1)
    >>> round(result.statistic, 3)  # equal populations: that of the events
    0.627
    """
    require_test(permutations, alternative)
    require_assumption(assumption)
    z = standardised_rates(events, population)
    inputs = prepare(z, graph, subset=subset)
    warn_of_cut_off(inputs)
    return moran_of(
        inputs,
        permutations,
        alternative,
        generator(rng),
        assumption=assumption,
        name="Moran's I of rates",
    )


def standardised_rates(events: pd.Series, population: pd.Series) -> pd.Series:
    """Give each region's rate in units of its standard error (Assuncao and Reis 1999).

    Returns
    -------
    Series
        On the index of `events`; NaN where either is missing.
    """
    events, population = same_regions(events, population, ("events", "population"))
    present = events.notna()
    require_values(present, "events and population")
    for values, bad, need in (
        (events, events < 0, "must not be negative"),
        (population, population <= 0, "must be above zero"),
    ):
        if bad.any():
            what = "events" if values is events else "population"
            raise InputError(
                f"{what} {need}; {int(bad.sum())} regions are not so, at "
                f"{some(bad.index[bad])}: set them to NaN where the number is not known"
            )
    if events.sum() == 0:
        raise InputError(
            f"there are no events in any of the {int(present.sum())} regions with a value, so that "
            "there is no rate to compare: check the column and the year"
        )
    # in the order of sorted labels, so that sums do not depend on the order of rows
    count, people = events[present].sort_index(), population[present].sort_index()
    rate, overall = count / people, count.sum() / people.sum()
    squared = float((people * (rate - overall) ** 2).sum() / people.sum())
    between = squared - overall / people.mean()
    chance = overall / people
    variance = (between + chance).where(between + chance > 0, chance)
    # equal rates leave a trace of rounding, which is not a difference
    difference = (rate - overall).where((rate - overall).abs() > 1e-14 * rate.abs().max(), 0.0)
    if not difference.any():
        raise InputError(
            f"the rate is the same in all {len(rate)} regions with a value, so that it has no "
            "autocorrelation: check the columns"
        )
    return (difference / np.sqrt(variance)).reindex(events.index)
