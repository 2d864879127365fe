"""A global statistic year by year: did like regions draw together or apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import numeric_series, require_columns, require_panel
from ._cases import Statistic, Words, tabulate
from ._significance import Alternative


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
