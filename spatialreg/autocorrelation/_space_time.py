"""Space and time together: are regions like what their neighbours were some years before."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import generator
from .._compiled import compiled, processors, sharing
from .._results import GlobalResult
from .._significance import Alternative, Correction, require_level, require_test
from ..errors import InputError
from ._cases import Attempts, Words, tabulate
from ._global_permutation import new_seeds
from ._inference import infer
from ._inputs import prepare, warn_of_cut_off
from ._local_bivariate import lisa_bv
from ._pairs import pairs_of
from ._panel import Layout
from ._splitmix import shuffle

_LARGE = 2**26  # regions times permutations from which a second thread saves more than it costs


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
    rearrangements is known. Where only the earlier values are rearranged, as ``Moran_BV`` and
    :func:`moran_bv` do it, regions lose their own past too, and the statistic seems to vary less
    than it does: where values persist but have no pattern in space, and links go both ways, one
    test in six comes out below 0.05.

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
        ((year, pair, graph) for year, pair in pairs_of_years(Layout(panel, value), value, lag)),
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
    layout = Layout(panel, value)
    pairs = pairs_of_years(layout, value, lag)
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
    whole = layout.together(frames)
    whole["y"] = panel[value].astype(float)
    whole["cluster"] = whole["cluster"].fillna("No data")
    return whole


def pairs_of_years(layout: Layout, value: str, lag: int) -> Iterator[tuple[int, pd.DataFrame]]:
    """Give each year that has one `lag` before it, with the columns ``now`` and ``before``."""
    whole = isinstance(lag, int | np.integer) and not isinstance(lag, bool)
    if not whole or lag < 1:
        raise InputError(f"lag must be a whole number of years of at least 1, not {lag!r}")
    values = dict(layout.by_year(value))
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
    observed, null = _shuffled_histories(x, y, weights, new_seeds(permutations, generator(rng)))
    return infer(
        "space-time Moran's I",
        observed / s0,
        null / s0,
        _moments(x, y, weights),
        tie=pairs_of(weights).rounding(max(now.noise, before.noise)),
        alternative=alternative,
        regions=now,
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
    x: np.ndarray, y: np.ndarray, weights: sparse.csr_array, seeds: np.ndarray
) -> tuple[float, np.ndarray]:
    """Sum ``w_ij x_i y_j``, as observed and with the pairs of x and y shuffled over all regions.

    A shuffle of a seed is the same for any values: the years of a panel share them.
    """
    links = weights.indptr.astype(np.int32), weights.indices.astype(np.int32), weights.data
    sums = np.empty(len(seeds))
    workers = processors() if len(x) * len(seeds) >= _LARGE else 1
    with sharing(workers) as share:
        share(
            lambda start, stop: _shuffle_and_multiply(
                x, y, *links, seeds[start:stop], sums[start:stop]
            ),
            len(seeds),
        )
    return float(_product(x, y, *links)), sums


@compiled
def _product(
    x: np.ndarray, y: np.ndarray, starts: np.ndarray, neighbours: np.ndarray, weights: np.ndarray
) -> float:
    """Sum ``w_ij x_i y_j`` over all links, which may differ from those the other way."""
    total = 0.0
    for i in range(len(x)):
        around = 0.0
        for e in range(starts[i], starts[i + 1]):
            around += weights[e] * y[neighbours[e]]
        total += around * x[i]
    return total


@compiled
def _shuffle_and_multiply(
    x: np.ndarray,
    y: np.ndarray,
    starts: np.ndarray,
    neighbours: np.ndarray,
    weights: np.ndarray,
    seeds: np.ndarray,
    sums: np.ndarray,
) -> None:
    """Fill ``sums[r]`` with the product of pairs shuffled by ``seeds[r]``."""
    places = np.empty(len(x), dtype=np.int32)
    now, before = np.empty_like(x), np.empty_like(y)
    for r in range(len(seeds)):
        places[:] = np.arange(len(x))
        shuffle(places, seeds[r])
        for i in range(len(x)):
            now[i], before[i] = x[places[i]], y[places[i]]
        sums[r] = _product(now, before, starts, neighbours, weights)
