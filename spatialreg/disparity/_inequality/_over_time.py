"""How inequality moved: several measures by year, with intervals on request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .._inputs import by_year, grid
from .._measures import Measure, chosen
from .._resampling import WORDS, Interval, require_interval, resampled_bounds, strata_of

_CELLS = 2_000_000  # replicates x years x regions that are held at once


def inequality(
    panel_or_frame: pd.DataFrame,
    *,
    per_head: str,
    population: str | None = None,
    measures: Sequence[str] = ("gini", "theil", "mld", "cv"),
    ci: float | None = None,
    interval: Interval = "bca",
    strata: str | pd.Series | None = None,
    replicates: int | None = None,
    rng: int | np.random.Generator | None = None,
) -> pd.DataFrame:
    """Measures of inequality between regions, by year.

    Parameters
    ----------
    panel_or_frame : DataFrame
        A panel indexed (`code`, `year`), or a frame of one year indexed by region.
    per_head : str
        Column with the value per head, not negative. For a comparison over time it should be at
        constant prices (:func:`spatialreg.constant_prices`).
    population : str, optional
        Column with people. With it a region counts as its people; without, each region counts
        once.
    measures : sequence of str
        Of ``"gini"``, ``"theil"``, ``"mld"``, ``"cv"``, ``"hoover"``, ``"palma"``, ``"sd_log"``,
        ``"max_min"``, and ``"ge(alpha)"``, ``"atkinson(epsilon)"`` and ``"quantile_ratio(upper,
        lower)"`` with numbers for the parameters.
    ci : float, optional
        Level of intervals, for example 0.95. Whole regions are resampled, each with all its years,
        so that intervals of different years belong together. With few regions such intervals are
        too narrow; and where the regions are all there are, they say how much the figure hangs on
        single regions, not a sampling error.
    interval : {"bca", "percentile", "jackknife"}
        How intervals are made, with `ci`: from bootstrap draws, corrected for bias and skewness
        (Efron 1987) or not, or from leaving out one region at a time (Student's t; not for
        quantiles, on which one region has no smooth influence).
    strata : str or Series, optional
        Groups of regions, a column or labels by code, within which draws are made, so that each
        keeps its number of regions: for groups that are compared. Only with `ci`.
    replicates : int, optional
        Number of bootstrap draws, 999 unless told; only with `ci`.
    rng : int or Generator, optional
        Seed of the draws; only with `ci`.

    Returns
    -------
    DataFrame
        A column per measure, and with `ci` also ``{measure}_low`` and ``{measure}_high``. A panel
        gives a row per year (index `year`; NaN for a year without data or
        with zeros only), a frame one row.
        ``attrs["definition"]`` says in words what was computed; ``attrs["regions"]`` has the
        number of regions that took part, by row.

    Raises
    ------
    InputError
        A column is missing, negative, infinite or not numeric; a measure is unknown or not
        defined for a value of zero; an argument is given that is not used.

    Warns
    -----
    MissingDataWarning
        Rows without a value or population were left out; years may then have different regions.
    TotalsWarning
        The values rise with the people as totals do: they should be per head.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": ["a", "b", "a", "b"], "year": [2000, 2000, 2001, 2001],
    ...     "income": [1.0, 3.0, 2.0, 3.0]}))
    >>> sr.inequality(panel, per_head="income", measures=["gini", "cv"])
          gini   cv
    year
    2000  0.25  0.5
    2001  0.10  0.2
    """
    asked = chosen(measures)
    draws = require_interval(ci, interval, replicates, rng, strata)
    positive = next((repr(m.name) for m in asked if m.positive), None)
    values, weights = by_year(panel_or_frame, per_head, population, positive=positive)
    rows, codes, y, w = grid(panel_or_frame, values, weights)
    columns = {m.name: m.kernel(y, w) for m in asked}
    if ci is not None:
        bounds = _bounds(
            asked,
            y,
            w,
            strata=strata_of(strata, panel_or_frame, codes),
            level=ci,
            interval=interval,
            draws=draws,
            rng=rng,
        )
        columns = {
            name: column
            for m in asked
            for name, column in (
                (m.name, columns[m.name]),
                (f"{m.name}_low", bounds[m.name][0]),
                (f"{m.name}_high", bounds[m.name][1]),
            )
        }
    result = pd.DataFrame(columns, index=rows)
    words = _definition(asked, per_head, population)
    if ci is not None:
        words += f"; {ci:.4g} intervals: {WORDS[interval]}"
        words += f", {draws} draws of regions" if draws else ""
        words += "" if strata is None else f", within {getattr(strata, 'name', strata)}"
    result.attrs["definition"] = words
    result.attrs["regions"] = dict(zip(rows.tolist(), (w > 0).sum(axis=-1).tolist(), strict=True))
    return result


def _bounds(
    measures: list[Measure], y: np.ndarray, w: np.ndarray, **resampling: Any
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Give the bounds of all measures, from the same draws of regions (columns)."""

    def figures(counts: np.ndarray) -> np.ndarray:
        # a region drawn twice weighs twice: the same as its row standing there twice
        drawn = counts[:, np.newaxis, :] * w
        return np.concatenate([m.kernel(y, drawn) for m in measures], axis=1)

    low, high = resampled_bounds(
        figures,
        block=max(1, _CELLS // max(y.size, 1)),
        present=np.tile((w > 0).T, len(measures)),
        **resampling,
    )
    parts = zip(np.split(low, len(measures)), np.split(high, len(measures)), strict=True)
    return {m.name: bounds for m, bounds in zip(measures, parts, strict=True)}


def _definition(measures: list[Measure], per_head: str, population: str | None) -> str:
    weighting = (
        "each region counting once"
        if population is None
        else f"each region counting as its people ({population})"
    )
    words = f"inequality of {per_head} between regions, {weighting}, natural logarithms, no "
    return words + "small-sample correction; " + "; ".join(m.words for m in measures)
