"""How has inequality moved? Several measures by year, with bootstrap intervals on request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from .._align import generator
from ..errors import InputError
from ._inputs import by_year, is_panel
from ._measures import Measure, find_measure

_REPLICATES = 999
_CELLS = 2_000_000  # replicates x years x regions that are held at once


def inequality(
    panel_or_frame: pd.DataFrame,
    *,
    per_head: str,
    population: str | None = None,
    measures: Sequence[str] = ("gini", "theil", "mld", "cv"),
    ci: float | None = None,
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
        Of ``"gini"``, ``"theil"``, ``"mld"``, ``"cv"``, ``"hoover"``, ``"palma"``,
        ``"ge(alpha)"`` and ``"atkinson(epsilon)"`` with a number for the parameter.
    ci : float, optional
        Level of percentile bootstrap intervals, for example 0.95. Whole regions are drawn with
        replacement, each with all its years, so that intervals of different years belong
        together. With few regions such intervals are too narrow; and where the regions are all
        there are, they say how much the figure hangs on single regions, not a sampling error.
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
    chosen = _chosen(measures)
    level, draws = _bootstrap_arguments(ci, replicates, rng)
    positive = next((repr(m.name) for m in chosen if m.positive), None)
    values, weights = by_year(panel_or_frame, per_head, population, positive=positive)
    rows, y, w = _grid(panel_or_frame, values, weights)
    columns = {m.name: m.kernel(y, w) for m in chosen}
    if level is not None:
        bounds = _intervals(chosen, y, w, level, draws, generator(rng))
        columns = {
            name: column
            for m in chosen
            for name, column in (
                (m.name, columns[m.name]),
                (f"{m.name}_low", bounds[m.name][0]),
                (f"{m.name}_high", bounds[m.name][1]),
            )
        }
    result = pd.DataFrame(columns, index=rows)
    result.attrs["definition"] = _definition(chosen, per_head, population, level, draws)
    result.attrs["regions"] = dict(zip(rows.tolist(), (w > 0).sum(axis=-1).tolist(), strict=True))
    return result


def _chosen(names: Iterable[str]) -> list[Measure]:
    if isinstance(names, str):
        raise InputError(f"measures must be a sequence of names: pass [{names!r}]")
    chosen = [find_measure(name) for name in names]
    if not chosen:
        raise InputError("measures must name at least one measure")
    return list({m.name: m for m in chosen}.values())


def _bootstrap_arguments(
    ci: float | None, replicates: int | None, rng: object
) -> tuple[float | None, int]:
    if ci is None:
        unused = [n for n, v in (("replicates", replicates), ("rng", rng)) if v is not None]
        if unused:
            raise InputError(
                f"{' and '.join(unused)} is used for intervals only: pass ci too, for example "
                "ci=0.95"
            )
        return None, 0
    if not 0 < ci < 1:
        raise InputError(f"ci must be a level between 0 and 1, for example 0.95, not {ci!r}")
    draws = _REPLICATES if replicates is None else replicates
    if draws < 1:
        raise InputError(f"replicates must be at least 1, not {replicates!r}")
    return float(ci), int(draws)


def _grid(
    frame: pd.DataFrame, values: pd.Series, weights: pd.Series
) -> tuple[pd.Index, np.ndarray, np.ndarray]:
    """Lay values and weights out as years x regions; the weight is zero where there is no row."""
    if not is_panel(frame):
        rows: pd.Index = pd.RangeIndex(1)
        return rows, values.to_numpy()[np.newaxis], weights.to_numpy()[np.newaxis]
    years = np.unique(frame.index.get_level_values(1).to_numpy())
    row = np.searchsorted(years, values.index.get_level_values(1).to_numpy())
    column, codes = pd.factorize(values.index.get_level_values(0), sort=True)
    y = np.zeros((len(years), len(codes)))
    w = np.zeros_like(y)
    y[row, column] = values
    w[row, column] = weights
    return pd.Index(years, name="year"), y, w


def _intervals(
    chosen: list[Measure],
    y: np.ndarray,
    w: np.ndarray,
    level: float,
    draws: int,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Percentile intervals from drawing regions (columns) with replacement."""
    regions = y.shape[1]
    counts = rng.multinomial(regions, np.full(regions, 1 / max(regions, 1)), size=draws)
    block = max(1, _CELLS // max(y.size, 1))
    sampled: dict[str, list[np.ndarray]] = {m.name: [] for m in chosen}
    for start in range(0, draws, block):
        # a region drawn twice weighs twice: the same as its row standing there twice
        drawn = counts[start : start + block, np.newaxis, :] * w
        for m in chosen:
            sampled[m.name].append(m.kernel(y, drawn))
    tail = (1 - level) / 2
    return {name: _quantiles(np.concatenate(parts), tail) for name, parts in sampled.items()}


def _quantiles(sampled: np.ndarray, tail: float) -> np.ndarray:
    """Both quantiles by year; a draw without any value in a year says nothing about it."""
    bounds = np.full((2, sampled.shape[1]), np.nan)
    known = ~np.isnan(sampled).all(axis=0)
    bounds[:, known] = np.nanquantile(sampled[:, known], [tail, 1 - tail], axis=0)
    return bounds


def _definition(
    chosen: list[Measure], per_head: str, population: str | None, level: float | None, draws: int
) -> str:
    weighting = (
        "each region counting once"
        if population is None
        else f"each region counting as its people ({population})"
    )
    words = f"inequality of {per_head} between regions, {weighting}, natural logarithms, no "
    words += "small-sample correction; " + "; ".join(m.words for m in chosen)
    if level is not None:
        words += f"; {level:.4g} percentile intervals from {draws} bootstrap draws of regions"
    return words
