"""Statistics year by year: did like regions draw together or apart, overall and where."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator, numeric_series, require_columns, require_panel
from .._significance import Alternative, Correction, require_level, require_test
from ._cases import Attempts, Statistic, Words, tabulate
from ._local import lisa


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
        ((year, y, graph) for year, y in Layout(panel, value).by_year(value)),
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
    >>> frame.loc[[("28", 1929), ("56", 1929)], ["y", "statistic", "cluster"]].round(2)
                   y  statistic          cluster
    code year
    28   1929  286.0       1.75          Low-Low
    56   1929  675.0      -0.08  Not significant
    """
    require_test(permutations, alternative)
    require_level(alpha, correction)
    frame, attempts = local_by_year(
        Layout(panel, value),
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
    layout: Layout,
    graph: Graph,
    value: str,
    rng: int | np.random.Generator | None,
    **options: Any,
) -> tuple[pd.DataFrame, Attempts]:
    """Compute :func:`lisa` year by year, on the panel's index; what went wrong is not yet said."""
    seed = generator(rng) if isinstance(rng, np.random.Generator) else rng
    attempts = Attempts(Words("years", "in"))
    frames: dict[int, pd.DataFrame] = {}
    for year, y in layout.by_year(value):
        result = attempts.make(year, partial(lisa, y, graph, rng=seed, **options))
        unknown = pd.DataFrame({"y": y, "cluster": "No data"})
        frames[year] = unknown if result is None else result.frame
    return layout.together(frames), attempts


class Layout:
    """Where the rows of a panel stand: years with all the panel's regions, and back again.

    Looking rows up by number and not by pairs of labels is what keeps twenty years at the cost of
    twenty single ones.

    Attributes
    ----------
    panel : DataFrame
    codes : Index
        Regions, in the order in which the panel first names them.
    years : ndarray of int
        Sorted.
    """

    def __init__(self, panel: pd.DataFrame, value: str) -> None:
        require_panel(panel)
        require_columns(panel, [value], "the panel")
        self.panel = panel
        self._code, self.codes = pd.factorize(panel.index.get_level_values(0))
        self.years, self._year = np.unique(panel.index.get_level_values(1), return_inverse=True)
        self._row = np.full((len(self.years), len(self.codes)), -1)
        self._row[self._year, self._code] = np.arange(len(panel))

    def by_year(self, value: str) -> Iterator[tuple[int, pd.Series]]:
        """Give each year, in order, with its values on all regions."""
        column = self.panel[value]
        known = column.to_numpy() if column.dtype == float else None
        for year, rows in zip(self.years, self._row, strict=True):
            if known is None:  # read as numbers, or refused with the labels at fault
                y = column.reset_index(drop=True).reindex(rows).set_axis(self.codes)
            else:
                y = pd.Series(np.where(rows < 0, np.nan, known[rows]), self.codes, name=value)
            yield int(year), numeric_series(y, f"column {value!r} in {year}")

    def together(self, frames: dict[int, pd.DataFrame]) -> pd.DataFrame:
        """Put frames of years, each on ``codes``, on the index of the panel; other rows are NaN."""
        first = np.full(len(self.years), -1)
        first[np.isin(self.years, list(frames))] = np.arange(len(frames)) * len(self.codes)
        begin = first[self._year]
        whole = pd.concat([frames[year] for year in sorted(frames)], ignore_index=True)
        if (begin >= 0).all():
            return whole.take(begin + self._code).set_axis(self.panel.index)
        place = np.where(begin < 0, -1, begin + self._code)
        return whole.reindex(place).set_axis(self.panel.index)

    def later(self, values: pd.Series, years: int) -> pd.Series:
        """Give each row of the panel the value that its region has `years` later."""
        target = np.searchsorted(self.years, self.years + years)
        target[target == len(self.years)] = 0
        target[self.years[target] != self.years + years] = -1
        year = target[self._year]
        rows = np.where(year < 0, -1, self._row[year, self._code])
        return values.reset_index(drop=True).reindex(rows).set_axis(self.panel.index)
