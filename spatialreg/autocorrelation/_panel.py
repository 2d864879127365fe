"""Moran's I year by year: did like regions draw together or apart."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator, numeric_series, require_columns, require_panel, some
from ..errors import AlignmentError, InputError, IsolateWarning, MissingDataWarning
from ._global import moran_of
from ._inputs import prepare
from ._significance import Alternative, require_test

_COLUMNS = ("statistic", "expected", "z_score", "p_value", "p_analytic", "n")


def moran_series(
    panel: pd.DataFrame,
    graph: Graph,
    *,
    value: str,
    permutations: int = 9999,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> pd.DataFrame:
    """Moran's I of a panel's value in each year.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`). A region without a row in a year has no data in that year.
    graph : libpysal.graph.Graph
        Who is whose neighbour, in all years.
    value : str
        The column.
    permutations, alternative, subset
        As in :func:`moran`.
    rng : int or Generator
        Seed. An int gives every year the result of :func:`moran` with that int, whichever other
        years are in the panel; a Generator is used up year after year.

    Returns
    -------
    DataFrame
        Index ``year``, sorted; ``statistic``, ``expected``, ``z_score``, ``p_value``,
        ``p_analytic``, and ``n``, the regions with a value.

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
    require_test(permutations, alternative)
    require_panel(panel)
    require_columns(panel, [value], "the panel")
    codes = panel.index.get_level_values(0).unique()
    values = panel[value]
    rows: dict[int, tuple[float, ...]] = {}
    failed: dict[int, str] = {}
    cut_off: dict[int, pd.Index] = {}
    shared = generator(rng) if isinstance(rng, np.random.Generator) else None
    for year in np.unique(panel.index.get_level_values(1)):
        y = values.xs(year, level=1).reindex(codes)
        y = numeric_series(y, f"column {value!r} in {year}")
        try:
            inputs = prepare(y, graph, subset=subset)
        except AlignmentError:
            raise  # the labels are wrong in every year
        except InputError as error:
            failed[year] = str(error)
            rows[year] = (np.nan,) * 5 + (float(y.notna().sum()),)
            continue
        if len(inputs.cut_off):
            cut_off[year] = inputs.cut_off
        result = moran_of(inputs, permutations, alternative, shared or generator(rng))
        rows[year] = tuple(float(getattr(result, column)) for column in _COLUMNS)
    _report(failed, cut_off, len(rows))
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(_COLUMNS))
    frame.index.name = "year"
    return frame.astype({"n": int})


def _report(failed: dict[int, str], cut_off: dict[int, pd.Index], years: int) -> None:
    if failed:
        first = next(iter(failed))
        reason = f"in {first}: {failed[first]}"
        if len(failed) == years:
            raise InputError(f"Moran's I can be computed in none of {years} years; {reason}")
        warnings.warn(
            f"{len(failed)} of {years} years have no Moran's I ({some(failed)}); {reason}",
            MissingDataWarning,
            stacklevel=3,
        )
    if cut_off:
        first = next(iter(cut_off))
        warnings.warn(
            f"in {len(cut_off)} years ({some(cut_off)}) regions have no neighbour with a value and "
            f"count as isolates; in {first}: {some(cut_off[first])}",
            IsolateWarning,
            stacklevel=3,
        )
