"""Local Moran's I of rates: where risk gathers, however few people some regions have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._results import LocalResult
from .._significance import Alternative, Correction
from ._local import lisa
from ._rates import standardised_rates


def lisa_rate(
    events: pd.Series,
    population: pd.Series,
    graph: Graph,
    *,
    permutations: int = 9999,
    alpha: float = 0.05,
    correction: Correction | None = None,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> LocalResult:
    """Local Moran's I of rates standardised by empirical Bayes (Assuncao and Reis 1999).

    The rate of a small population varies by chance more than that of a large one. Each rate is put
    in standard deviations of its own from the overall rate; then it is :func:`lisa`.

    Parameters
    ----------
    events : Series
        Cases per region, not negative.
    population : Series
        People at risk, above zero, on the same labels; a region that has NaN in either is left out.
    graph : libpysal.graph.Graph
        Who is whose neighbour, as :func:`spatialreg.build_weights` gives it.
    permutations, alpha, correction, alternative, rng, subset
        As in :func:`lisa`.

    Returns
    -------
    LocalResult
        Its ``frame`` on the index of `events`: ``events``, ``population`` and ``rate``, their
        ratio; then the columns of :func:`lisa`, of which ``y`` is the standardised rate.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`lisa`; or events are negative, populations zero or negative, there is no
        event at all, or the labels of `events` and `population` differ.

    Warns
    -----
    IsolateWarning, PermutationWarning
        As in :func:`lisa`.

    Notes
    -----
    With events ``e_i``, populations ``p_i``, rates ``r_i = e_i / p_i`` and the overall rate
    ``b = sum e / sum p``, the standardised rate is ``(r_i - b) / sqrt(v_i)``, where
    ``v_i = a + b / p_i`` and ``a = sum p_i (r_i - b)**2 / sum p - b n / sum p`` estimates how much
    the risk itself varies. Where ``v_i`` would not be above zero, chance alone counts:
    ``v_i = b / p_i``.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> from libpysal.graph import Graph
    >>> graph = Graph.from_dicts({"a": ["b"], "b": ["a", "c"], "c": ["b", "d"], "d": ["c"]})
    >>> events = pd.Series([9, 80, 2, 20], index=list("abcd"))
    >>> population = pd.Series([100, 1000, 100, 1000], index=list("abcd"))
    >>> result = sr.autocorrelation.lisa_rate(events, population, graph, rng=1)
    >>> result.frame[["rate", "y", "statistic"]].round(3)
       rate      y  statistic
    a  0.09  1.079      0.744
    b  0.08  0.990      0.101
    c  0.02 -0.831      0.096
    d  0.02 -1.021      0.739
    """
    z = standardised_rates(events, population)
    result = lisa(
        z,
        graph,
        permutations=permutations,
        alpha=alpha,
        correction=correction,
        alternative=alternative,
        rng=rng,
        subset=subset,
    )
    given = pd.DataFrame({"events": events.astype(float)})
    given["population"] = population.astype(float)
    given["rate"] = given["events"] / given["population"]
    whole = pd.concat([given, result.frame], axis=1)
    return replace(result, name="local Moran's I of rates (empirical Bayes)", frame=whole)
