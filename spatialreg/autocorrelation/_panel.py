"""Statistics year by year: did like regions draw together or apart, overall and where."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator, numeric_series, require_columns, require_panel
from ._cases import Attempts, Statistic, Words, tabulate
from ._local import lisa
from ._significance import Alternative, Correction, require_level, require_test


def moran_series(
    panel: pd.DataFrame,
    graph: Graph,
    *,
    value: str,
    statistic: Statistic = "moran",
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> pd.DataFrame:
    """Moran's I, or another global statistic, of a panel's value in each year.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`). A region without a row in a year has no data in that year.
    graph : libpysal.graph.Graph
        Who is whose neighbour, in all years.
    value : str
        The column.
    statistic : "moran" or callable
        A function with the arguments of :func:`moran` that gives a ``GlobalResult``.
    permutations, alternative, subset
        As in :func:`moran`.
    rng : int or Generator
        Seed. An int gives every year the result of :func:`moran` with that int, whichever other
        years are in the panel; a Generator is used up year after year.

    Returns
    -------
    DataFrame
        Index ``year``, sorted; ``statistic``, ``expected``; ``lower`` and ``upper``, between which
        lie the middle 95 % of the permutations; ``z_score``, ``p_value``, ``p_analytic``; ``n``
        and ``isolates``, the regions with a value and those of them without neighbours.

    Raises
    ------
    InputError
        The panel lacks the column or its index, or no year can be computed.
    AlignmentError
        The graph lacks regions of the panel, or is wider without ``subset=True``.

    Warns
    -----
    MissingDataWarning
        Years with fewer than four values, or all values equal, are NaN.
    IsolateWarning
        In some years regions lost all their neighbours because these have no value.

    Notes
    -----
    An int seed rearranges the regions of all years in the same way, as long as the same regions
    have values. The years' p-values are then comparable, and their sampling errors are alike: they
    are not independent tests. A year's statistic lies outside its band just where its two-sided
    p-value is at most 0.05 (where 0.025 times the permutations and one is a whole number).

    Examples
    --------
    >>> import spatialreg as sr
    >>> graph = sr.build_weights(sr.datasets.us_states(), "queen")
    >>> panel = sr.datasets.us_incomes()
    >>> years = sr.moran_series(panel, graph, value="income", permutations=999, rng=1)
    >>> years.loc[[1929, 2009], ["statistic", "p_value"]].round(3)
          statistic  p_value
    year
    1929      0.627    0.002
    2009      0.429    0.002
    """
    frame = tabulate(
        ((year, y, graph) for year, y in by_year(panel, value)),
        statistic,
        Words("years", "in"),
        permutations=permutations,
        alternative=alternative,
        rng=rng,
        subset=subset,
    )
    frame.index.name = "year"
    return frame


def lisa_series(
    panel: pd.DataFrame,
    graph: Graph,
    *,
    value: str,
    permutations: int = 9999,
    alpha: float = 0.05,
    correction: Correction | None = None,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> pd.DataFrame:
    """Local Moran's I of a panel's value in each year.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`). A region without a row in a year has no data in that year.
    graph : libpysal.graph.Graph
        Who is whose neighbour, in all years.
    value : str
        The column.
    permutations, alpha, correction, alternative, subset
        As in :func:`lisa`, for each year by itself.
    rng : int or Generator
        Seed. An int gives every year the result of :func:`lisa` with that int, whichever other
        years are in the panel; a Generator is used up year after year.

    Returns
    -------
    DataFrame
        On the index of `panel`, with the columns of the frame of :func:`lisa`.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`moran_series` and :func:`lisa`.

    Warns
    -----
    MissingDataWarning
        Years with fewer than four values, or all values equal, are NaN and "No data".
    IsolateWarning, PermutationWarning
        As in :func:`lisa`, once for all years.

    Examples
    --------
    >>> import spatialreg as sr
    >>> graph = sr.build_weights(sr.datasets.us_states(), "queen")
    >>> panel = sr.datasets.us_incomes()
    >>> frame = sr.autocorrelation.lisa_series(
    ...     panel, graph, value="income", permutations=999, rng=1
    ... )
    >>> frame.loc[[("28", 1929), ("28", 2009)], ["y", "statistic", "cluster"]].round(2)
                     y  statistic          cluster
    code year
    28   1929    286.0       1.75          Low-Low
         2009  29318.0       1.10  Not significant
    """
    require_test(permutations, alternative)
    require_level(alpha, correction)
    frame, attempts = local_by_year(
        panel,
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
    return frame


def local_by_year(
    panel: pd.DataFrame,
    graph: Graph,
    value: str,
    rng: int | np.random.Generator | None,
    **options: Any,
) -> tuple[pd.DataFrame, Attempts]:
    """Compute :func:`lisa` year by year, on the panel's index; what went wrong is not yet said."""
    seed = generator(rng) if isinstance(rng, np.random.Generator) else rng
    attempts = Attempts(Words("years", "in"))
    frames: dict[int, pd.DataFrame] = {}
    for year, y in by_year(panel, value):
        result = attempts.make(year, partial(lisa, y, graph, rng=seed, **options))
        unknown = pd.DataFrame({"y": y, "cluster": "No data"})
        frames[year] = unknown if result is None else result.frame
    whole = pd.concat(frames).swaplevel().reindex(panel.index)
    return whole, attempts


def by_year(panel: pd.DataFrame, value: str) -> Iterator[tuple[int, pd.Series]]:
    """Give each year of a panel, in order, with its values on all the panel's regions.

    The panel is checked before the first year is asked for.
    """
    require_panel(panel)
    require_columns(panel, [value], "the panel")
    codes = panel.index.get_level_values(0).unique()
    years = np.unique(panel.index.get_level_values(1))
    values = panel[value]

    def generate() -> Iterator[tuple[int, pd.Series]]:
        for year in years:
            y = values.xs(year, level=1).reindex(codes)
            yield int(year), numeric_series(y, f"column {value!r} in {year}")

    return generate()
