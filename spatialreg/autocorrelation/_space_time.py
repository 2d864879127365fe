"""Space and time together: are regions like what their neighbours were some years before."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import generator
from .._results import GlobalResult
from ..errors import InputError
from ._cases import Attempts, Words, tabulate
from ._compiled import compiled
from ._inputs import EPS, prepare, warn_of_cut_off
from ._local_bivariate import lisa_bv
from ._panel import by_year
from ._significance import (
    Alternative,
    Correction,
    normal_p,
    permutation_p,
    require_level,
    require_test,
)

_BLOCK = 2**21  # positions drawn at a time (16 MB)


def moran_space_time(
    panel: pd.DataFrame,
    graph: Graph,
    *,
    value: str,
    lag: int = 1,
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> pd.DataFrame:
    """Moran's I between a year's values and the neighbours' values some years before.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`). A region takes part in a year if it has a value in it and in the
        year before it that `lag` asks for.
    graph : libpysal.graph.Graph
        Who is whose neighbour, in all years.
    value : str
        The column.
    lag : int
        Years between the two.
    permutations, alternative, subset
        As in :func:`moran`.
    rng : int or Generator
        Seed. An int seeds every year alike; a Generator is used up year after year.

    Returns
    -------
    DataFrame
        As of :func:`moran_series`, for the years that have one `lag` before them.

    Raises
    ------
    InputError
        As in :func:`moran_series`; or `lag` is no whole number above zero, or no two years of the
        panel are so far apart.
    AlignmentError
        As in :func:`moran`.

    Warns
    -----
    MissingDataWarning, IsolateWarning
        As in :func:`moran_series`.

    Notes
    -----
    ``I = n / S0 * sum_ij w_ij x_i y_j / sqrt(sum_i x_i**2 sum_i y_i**2)``, with ``x`` the values
    of the year and ``y`` the earlier ones, each centred on its mean: esda's ``Moran_BV`` of the
    two. What differs is the question that is asked of chance. Here the histories of regions are
    rearranged: a region keeps its own past, and is put elsewhere. Then the statistic is expected to
    be ``-r / (n - 1)``, with ``r`` the correlation of ``x`` and ``y``, and its variance over all
    rearrangements is known. Where only the earlier values are rearranged, as ``Moran_BV`` does it,
    regions lose their own past too, and what is found may be nothing but persistence.

    Likeness to the neighbours' past is no proof that it spread from there: where both place and
    time are alike, so is this.

    Examples
    --------
    >>> import spatialreg as sr
    >>> graph = sr.build_weights(sr.datasets.us_states(), "queen")
    >>> frame = sr.autocorrelation.moran_space_time(
    ...     sr.datasets.us_incomes(), graph, value="income", lag=10, permutations=999, rng=1
    ... )
    >>> frame.loc[[1939, 2009], ["statistic", "p_value"]].round(3)
          statistic  p_value
    year
    1939      0.592    0.002
    2009      0.365    0.002
    """
    frame = tabulate(
        ((year, pair, graph) for year, pair in pairs_of_years(panel, value, lag)),
        _lagged,
        Words("years", "in"),
        permutations=permutations,
        alternative=alternative,
        rng=rng,
        subset=subset,
        name="space-time Moran's I",
    )
    frame.index.name = "year"
    return frame


def lisa_space_time(
    panel: pd.DataFrame,
    graph: Graph,
    *,
    value: str,
    lag: int = 1,
    permutations: int = 9999,
    alpha: float = 0.05,
    correction: Correction | None = None,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> pd.DataFrame:
    """Local Moran's I between a region's value and its neighbours' values some years before.

    Parameters
    ----------
    panel, graph, value, lag
        As in :func:`moran_space_time`.
    permutations, alpha, correction, alternative, subset
        As in :func:`lisa`, for each year by itself.
    rng : int or Generator
        Seed. An int seeds every year alike; a Generator is used up year after year.

    Returns
    -------
    DataFrame
        On the index of `panel`: ``y``; ``before``, the region's own value `lag` years earlier;
        ``lag``, the weighted sum of the neighbours' earlier values; and from ``statistic`` to
        ``cluster`` as of :func:`lisa_bv`. A region keeps both its values, and its neighbours'
        earlier ones are drawn from all others. Years without one so much earlier are "No data".

    Raises
    ------
    InputError, AlignmentError
        As in :func:`moran_space_time` and :func:`lisa`.

    Warns
    -----
    MissingDataWarning, IsolateWarning, PermutationWarning
        As in :func:`lisa_series`.

    Examples
    --------
    >>> import spatialreg as sr
    >>> graph = sr.build_weights(sr.datasets.us_states(), "queen")
    >>> frame = sr.autocorrelation.lisa_space_time(
    ...     sr.datasets.us_incomes(), graph, value="income", lag=10, permutations=999, rng=1
    ... )
    >>> frame.loc[[("28", 1929), ("28", 1939)], ["y", "before", "cluster"]]
                   y  before  cluster
    code year
    28   1929  286.0     NaN  No data
         1939  205.0   286.0  Low-Low
    """
    require_test(permutations, alternative)
    require_level(alpha, correction)
    pairs = pairs_of_years(panel, value, lag)
    seed = generator(rng) if isinstance(rng, np.random.Generator) else rng
    attempts = Attempts(Words("years", "in"))
    frames: dict[int, pd.DataFrame] = {}
    for year, pair in pairs:
        compute = partial(
            lisa_bv,
            pair["now"],
            pair["before"],
            graph,
            permutations=permutations,
            alpha=alpha,
            correction=correction,
            alternative=alternative,
            rng=seed,
            subset=subset,
        )
        result = attempts.make(year, compute)
        given = {"x": pair["now"], "y": pair["before"], "cluster": "No data"}
        frame = pd.DataFrame(given) if result is None else result.frame
        frames[year] = frame.rename(columns={"x": "y", "y": "before"})
    attempts.report("space-time local Moran's I")
    whole = pd.concat(frames).swaplevel().reindex(panel.index)
    whole["y"] = panel[value].astype(float)
    whole["cluster"] = whole["cluster"].fillna("No data")
    return whole


def pairs_of_years(panel: pd.DataFrame, value: str, lag: int) -> Iterator[tuple[int, pd.DataFrame]]:
    """Give each year that has one `lag` before it, with the columns ``now`` and ``before``."""
    whole = isinstance(lag, int | np.integer) and not isinstance(lag, bool)
    if not whole or lag < 1:
        raise InputError(f"lag must be a whole number of years of at least 1, not {lag!r}")
    values = dict(by_year(panel, value))
    years = [year for year in values if year - lag in values]
    if not years:
        raise InputError(
            f"no two of the {len(values)} years of the panel are {lag} apart: choose another lag"
        )
    return (
        (year, pd.DataFrame({"now": values[year], "before": values[year - lag]})) for year in years
    )


def _lagged(
    pair: pd.DataFrame,
    graph: Graph,
    *,
    permutations: int,
    alternative: str,
    rng: int | np.random.Generator | None,
    subset: bool,
) -> GlobalResult:
    """Compute the statistic of one pair of years."""
    both = pair.notna().all(axis=1)
    now, before = (prepare(pair[k].where(both), graph, subset=subset) for k in ("now", "before"))
    warn_of_cut_off(now)
    x, y, weights = now.z, before.z, now.matrix
    s0 = float(weights.sum())
    observed, null = _shuffled_histories(x, y, weights, permutations, generator(rng))
    expected, variance = _moments(x, y, weights)
    statistic, null = observed / s0, null / s0
    z_score = (statistic - expected) / np.sqrt(variance) if variance > 0 else np.nan
    # two sums of the same products in another order
    size = now.n / s0 * np.sqrt(weights.sum(axis=1).max() * weights.sum(axis=0).max())
    tie = float(size * (now.noise + before.noise + 4 * EPS * np.sqrt(weights.nnz)))
    p_value = permutation_p(
        int(np.sum(null >= statistic - tie)),
        int(np.sum(null <= statistic + tie)),
        permutations,
        alternative,
    )
    return GlobalResult(
        name="space-time Moran's I",
        statistic=statistic,
        expected=expected,
        variance=variance,
        z_score=float(z_score),
        p_value=float(p_value),
        p_analytic=float(normal_p(z_score, alternative)),
        alternative=alternative,
        permutations=int(permutations),
        n=now.n,
        isolates=int(now.isolated.sum()),
        missing=now.missing,
        null_distribution=null,
    )


def _moments(x: np.ndarray, y: np.ndarray, weights: sparse.csr_array) -> tuple[float, float]:
    """Give mean and variance of ``sum_ij w_ij x_i y_j / S0`` over all rearrangements of pairs.

    The square of the sum has a term for each two links. What it is on average depends on how many
    regions the two links share and in which places; the sums below follow from ``sum x = sum y =
    0`` by inclusion and exclusion.
    """
    n = float(len(x))
    xy, xx_yy = float(x @ y), float(x @ x) * float(y @ y)
    fourth = float((x * y) @ (x * y))
    s0, out, into = float(weights.sum()), weights.sum(axis=1), weights.sum(axis=0)
    same = float((weights.data**2).sum())
    back = float(weights.multiply(weights.T).sum())
    fan = float(out @ out + into @ into) - 2 * same  # two links out of, or into, one region
    path = 2 * (float(out @ into) - back)  # a link into a region and one out of it
    apart = s0**2 - same - back - fan - path
    pairs = n * (n - 1)
    triples = pairs * (n - 2)
    square = (
        same * (xx_yy - fourth) / pairs
        + back * (xy**2 - fourth) / pairs
        + fan * (2 * fourth - xx_yy) / triples
        + path * (2 * fourth - xy**2) / triples
        + apart * (xx_yy + 2 * xy**2 - 6 * fourth) / (triples * (n - 3))
    ) / s0**2
    expected = -xy / pairs
    variance = square - expected**2
    # where all rearrangements give the same value, rounding leaves a trace of either sign
    return expected, variance if variance > 1e-12 * (abs(square) + expected**2) else 0.0


def _shuffled_histories(
    x: np.ndarray,
    y: np.ndarray,
    weights: sparse.csr_array,
    permutations: int,
    rng: np.random.Generator,
) -> tuple[float, np.ndarray]:
    """Sum ``w_ij x_i y_j``, as observed and with the pairs of x and y shuffled over all regions."""
    n = len(x)
    starts, neighbours = weights.indptr.astype(np.int64), weights.indices.astype(np.int64)
    observed, sums = np.empty(1), np.empty(permutations)
    places = np.arange(n, dtype=np.int32)
    _products(x, y, starts, neighbours, weights.data, places[np.newaxis], observed)
    rows = max(1, _BLOCK // n)
    for start in range(0, permutations, rows):
        part = sums[start : start + rows]
        drawn = rng.permuted(np.broadcast_to(places, (len(part), n)), axis=1)
        _products(x, y, starts, neighbours, weights.data, drawn, part)
    return float(observed[0]), sums


@compiled
def _products(
    x: np.ndarray,
    y: np.ndarray,
    starts: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
    places: np.ndarray,
    sums: np.ndarray,
) -> None:
    """Fill ``sums[r]``: region ``i`` has the values of region ``places[r, i]``."""
    for r in range(places.shape[0]):
        total = 0.0
        for i in range(len(x)):
            around = 0.0
            for e in range(starts[i], starts[i + 1]):
                around += weights[e] * y[places[r, neighbours[e]]]
            total += around * x[places[r, i]]
        sums[r] = total
