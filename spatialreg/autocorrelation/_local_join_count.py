"""Local join counts: around which events do events gather, of one kind or of two."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse
from scipy.stats import hypergeom

from .._align import generator, some
from .._results import LocalResult
from .._significance import Alternative, Correction, _combine, permutation_p, warn_of_coarse_p
from ..errors import InputError
from ._conditional import conditional_tails
from ._inputs import Inputs, warn_of_cut_off
from ._local_frame import (
    Inference,
    local_result,
    moments_of_draws,
    moments_of_others,
    named,
    prepare_columns,
    scores,
)


def local_join_count(
    x: pd.Series,
    graph: Graph,
    *,
    y: pd.Series | None = None,
    colocation: bool = False,
    permutations: int = 9999,
    alpha: float = 0.05,
    correction: Correction | None = None,
    alternative: Alternative = "greater",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> LocalResult:
    """Count the neighbours with an event of each region with an event (Anselin and Li 2019).

    ``BB_i = x_i sum_j w_ij x_j`` with 0 or 1 for ``x`` and ``w``. With a second kind of event it is
    the neighbours that have `y` only of a region that has `x` only,
    ``x_i (1 - y_i) sum_j w_ij y_j (1 - x_j)``, or with `colocation` the neighbours that have both
    of a region that has both.

    Parameters
    ----------
    x : Series
        1 (or True) where there is an event, 0 where there is none; NaN marks a region without data.
    graph : libpysal.graph.Graph
        Who is whose neighbour. Neighbours are counted, whatever their weights.
    y : Series
        The second kind of event, on the same labels; a region that has NaN in either is left out.
    colocation : bool
        Count where both happen together.
    permutations, alpha, correction, rng, subset
        As in :func:`lisa`.
    alternative : {"greater", "less", "two-sided", "directed"}
        "greater" asks where events gather, "less" where they keep apart.

    Returns
    -------
    LocalResult
        Its ``frame`` on the index of `x`: ``x``, and ``y`` (NaN without it); ``lag``, the
        neighbours with an event; ``statistic``, the count, 0 for a region without the event;
        ``z_score`` from the moments given the region's value; ``p_value`` from the permutations;
        ``p_adjusted``; ``p_analytic``, which is exact; ``quadrant``, "Joined" where most of the
        permutations give fewer, else "Apart"; ``cluster``, the quadrant where significant, else
        "Not significant", "Not tested" for regions without the event, "Isolate" or "No data".
        Only regions with the event have scores, p-values and a quadrant.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`lisa`; or values are neither 0 nor 1; no region has the event; the
        neighbours' event is everywhere or nowhere; or `colocation` is asked for without `y`.

    Warns
    -----
    IsolateWarning, PermutationWarning
        As in :func:`lisa`.

    Notes
    -----
    The neighbours of a region are a draw without replacement from the others, so that their events
    follow the hypergeometric distribution: ``p_analytic`` is its tail, and ``p_value`` approaches
    it with the number of permutations.

    Regions that have both kinds count in neither place of the bivariate count.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> poor = states["income_1929"] < 400
    >>> graph = sr.build_weights(states, "queen")
    >>> result = sr.autocorrelation.local_join_count(poor, graph, rng=1)
    >>> result.frame.loc[["28", "34"], ["statistic", "p_analytic", "cluster"]].round(4)
          statistic  p_analytic     cluster
    code
    28          3.0      0.0126      Joined
    34          0.0         NaN  Not tested
    """
    inference = Inference(permutations, alternative, alpha, correction)
    if colocation and y is None:
        raise InputError("colocation asks where two events happen together: pass the second, y=")
    inputs, given, own, event = _events(x, y, graph, colocation=colocation, subset=subset)
    tested = own & ~inputs.isolated
    warn_of_cut_off(inputs)
    warn_of_coarse_p(*inference.coarse(int(tested.sum())))
    weights = sparse.csr_array(inputs.matrix, copy=True)
    weights.data[:] = 1.0
    count = weights @ event
    at_least, at_most = conditional_tails(event, weights, permutations, generator(rng))
    z_score = scores(count, *moments_of_draws(*moments_of_others(event), weights))
    tails = _exact_tails(event, count, np.diff(weights.indptr))
    numbers = {
        "lag": count,
        "statistic": own * count,
        "z_score": z_score,
        "p_value": permutation_p(at_least, at_most, permutations, alternative),
        "p_analytic": _combine(*tails, alternative),
    }
    name = "local join count"
    if y is not None:
        name += ", co-located" if colocation else ", bivariate"
    return local_result(
        name,
        inputs,
        inference,
        numbers,
        ("Joined", "Apart"),
        named(at_least, at_most, z_score),
        given=given,
        untested=~own,
    )


def _exact_tails(
    event: np.ndarray, count: np.ndarray, neighbours: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give the shares of draws with at least, and at most, as many events, for each region."""
    others = event.sum() - event
    # regions differ in few ways: in their neighbours, in the events among these, and in their own
    kinds, which = np.unique(
        np.column_stack([others, neighbours, count]), axis=0, return_inverse=True
    )
    events, drawn, least = kinds.T
    law = hypergeom(len(event) - 1, events, drawn)
    upper, lower = law.sf(least - 1), law.cdf(least)
    # what rounding leaves beyond the whole of the draws
    return np.minimum(upper, 1.0)[which.ravel()], np.minimum(lower, 1.0)[which.ravel()]


def _events(
    x: pd.Series, y: pd.Series | None, graph: Graph, *, colocation: bool, subset: bool
) -> tuple[Inputs, dict[str, pd.Series], np.ndarray, np.ndarray]:
    """Give checked inputs, the caller's columns, who has the event, and who is counted."""
    if y is None:
        inputs = prepare_columns({"x": x}, graph, subset=subset)["x"]
        _require_events("x", inputs)
        event = inputs.y.to_numpy()
        return inputs, {"x": x, "y": pd.Series(np.nan, x.index)}, event == 1, event
    both = prepare_columns({"x": x, "y": y}, graph, subset=subset)
    for name, each in both.items():
        _require_events(name, each)
    one, other = (each.y.to_numpy() for each in both.values())
    own, event = (
        (one * other, one * other) if colocation else (one * (1 - other), other * (1 - one))
    )
    kind = "both" if colocation else "{} only"
    for who, name in ((own, "x"), (event, "y")):
        if not 0 < who.sum() < len(who):
            number = "no region has" if not who.any() else "all regions have"
            raise InputError(
                f"{number} {kind.format(name)}, so that there is nothing to count: check the "
                f"columns, or pass colocation={not colocation}"
            )
    return both["x"], {"x": x, "y": y}, own == 1, event


def _require_events(name: str, inputs: Inputs) -> None:
    bad = inputs.y.index[~inputs.y.isin([0.0, 1.0])]
    if len(bad):
        raise InputError(
            f"{name} must be 0 or 1 (or False or True); {len(bad)} regions are neither "
            f"({some(bad)}): make it of a condition, for example frame['column'] > 0"
        )
