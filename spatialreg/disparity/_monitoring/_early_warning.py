"""Does a gap between regions widen, or does its trend break: a warning before targets are missed.

Takes a panel with a value per head; measures inequality between the same regions year by year, and
gives a frame that says in which years a measure had risen several years running, and in which year
its trend changed, if it did.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from ..._align import generator, require_columns, require_panel, some
from ..._results import BreaksResult
from ...errors import InputError, MissingDataWarning
from .._inequality._breaks import trend_breaks
from .._inequality._over_time import inequality
from .._measures import theil

_SIDE, _LEAST_YEARS = 3, 8  # years of a stretch, and of a series that can be tested


def early_warning(
    panel: pd.DataFrame,
    *,
    value: str,
    population: str | None = None,
    by: str | None = None,
    measures: Sequence[str] = ("theil", "cv"),
    years: int = 2,
    alpha: float = 0.05,
    simulations: int = 1999,
    rng: int | np.random.Generator | None = None,
) -> pd.DataFrame:
    """Warn in the years in which a gap had widened several years running or its trend broke.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    value : str
        Column with the value per head, not negative; over time at constant prices
        (:func:`spatialreg.constant_prices`).
    population : str, optional
        Column with people; without it each region counts once.
    by : str, optional
        Column of groups, the same for a region in all years. The Theil T between the groups is then
        watched too, as ``"theil between {by}"``.
    measures : sequence of str
        As :func:`spatialreg.inequality` names them.
    years : int
        Warn where a measure rose in so many years one after another.
    alpha : float
        Level of the search for turning points of the trend.
    simulations : int
        Series drawn for each of its tests.
    rng : int or Generator, optional
        Seed of the draws.

    Returns
    -------
    DataFrame
        A row a measure and year: `measure`, `year`, `value`, `change` on the year before,
        `widening_years` (rises one after another up to this year), `trend_break` (the trend turns
        in this year), `warning`, and `reason` in words. ``attrs["definition"]`` says what was
        computed; ``attrs["breaks"]`` has the years and tests of each measure that was tested.

    Raises
    ------
    InputError
        A column is missing or not what it should be, fewer than two regions have a value
        throughout, a group is missing or changes, or an argument is out of range.

    Warns
    -----
    MissingDataWarning
        Regions without a value in some year that others have were left out of all, so that a change
        is never one of membership.

    Notes
    -----
    Any rise counts, however small: look at `change` beside the measure. A year without data ends
    a run of rises.

    Turning points are those of :func:`trend_breaks`, of the measure itself, with stretches of at
    least three years: in the last unbroken run of years, at least eight. Few years say little: see
    there. A change of definition breaks a trend as well as a policy does.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": ["a"] * 4 + ["b"] * 4, "year": [2016, 2017, 2018, 2019] * 2,
    ...     "income": [1.0, 1.0, 1.0, 1.0, 3.0, 2.0, 3.0, 4.0]}))
    >>> warned = sr.disparity.early_warning(panel, value="income", measures=["cv"])
    >>> warned[["year", "value", "widening_years", "warning"]].round(3)
       year  value  widening_years  warning
    0  2016  0.500               0    False
    1  2017  0.333               0    False
    2  2018  0.500               1    False
    3  2019  0.600               2     True
    """
    _check_options(years, alpha, simulations)
    frame = _same_regions(panel, value, population, by)
    series = inequality(frame, per_head=value, population=population, measures=measures)
    words = (
        f"{series.attrs['definition']}; {frame.index.unique(0).size} regions, the same each year"
    )
    if by is not None:
        series[f"theil between {by}"] = _between(frame, value, population, by)
    seed = int(generator(rng).integers(2**63))
    broken = {
        str(name): trend_breaks(
            run, min_years=_SIDE, alpha=alpha, log=False, replicates=simulations, rng=seed
        )
        for name, column in series.items()
        if len(run := _last_run(column)) >= _LEAST_YEARS
    }
    result = pd.concat(
        [_watched(str(n), c, broken.get(str(n)), years) for n, c in series.items()],
        ignore_index=True,
    )
    result.attrs["breaks"] = {
        name: {"years": list(found.years), "tests": found.tests.to_dict("records")}
        for name, found in broken.items()
    }
    result.attrs["definition"] = (
        f"{words}. Warning: the measure rose {years} years running, or its trend turns: straight "
        f"stretches of at least {_SIDE} years that meet, their number by tests at {alpha:g} "
        f"({simulations} simulated series with autocorrelated errors), from at least "
        f"{_LEAST_YEARS} years without a gap"
    )
    return result


def _check_options(years: int, alpha: float, simulations: int) -> None:
    for name, number, least in (("years", years, 1), ("simulations", simulations, 99)):
        if isinstance(number, bool) or int(number) != number or number < least:
            raise InputError(f"{name} must be a whole number from {least} on, not {number!r}")
    if not 0 < alpha < 1:
        raise InputError(f"alpha must be a level between 0 and 1, for example 0.05, not {alpha!r}")


def _same_regions(
    panel: pd.DataFrame, value: str, population: str | None, by: str | None
) -> pd.DataFrame:
    """Give the regions that have a value in every year in which any has one."""
    require_panel(panel)
    numbers = [value] if population is None else [value, population]
    columns = numbers if by is None else [*numbers, by]
    require_columns(panel, columns, "the panel")
    known = panel[columns].dropna(subset=numbers)
    years = known.index.get_level_values(1).nunique()
    codes = known.index.get_level_values(0)
    count = codes.value_counts()
    full = count.index[count == years]
    if len(full) < 2:
        raise InputError(
            f"{len(full)} regions have {' and '.join(map(repr, numbers))} in each of the {years} "
            "years that have any; a gap needs two: shorten the panel to years with more data"
        )
    everyone = panel.index.unique(0).sort_values()
    lost = everyone[~everyone.isin(full)]
    if len(lost):
        warnings.warn(
            f"{len(lost)} of {len(everyone)} regions lack {value!r} in some year and were left out "
            f"of all: {some(lost)}",
            MissingDataWarning,
            stacklevel=3,
        )
    kept = known[codes.isin(full)].sort_index()
    if by is not None:
        bare = kept.index[kept[by].isna()].unique(0)
        groups = kept.groupby(level=0)[by].nunique()
        moved = groups.index[groups > 1]
        if len(bare) or len(moved):
            wrong, what = (bare, "no group") if len(bare) else (moved, "several groups")
            raise InputError(
                f"{len(wrong)} regions have {what} in column {by!r} ({some(wrong)}): give each "
                "region one group, the same in all years"
            )
    return kept


def _between(frame: pd.DataFrame, value: str, population: str | None, by: str) -> pd.Series:
    """Theil T of the groups' means, weighted by their people, by year."""
    people = frame[population].astype(float) if population else pd.Series(1.0, frame.index)
    parts = pd.DataFrame({"total": frame[value] * people, "people": people, "group": frame[by]})
    sums = parts.groupby([parts.index.get_level_values(1), "group"]).sum()
    weights = sums["people"].unstack().fillna(0.0)
    means = (sums["total"] / sums["people"].where(sums["people"] > 0)).unstack().fillna(0.0)
    return pd.Series(theil(means.to_numpy(), weights.to_numpy()), index=means.index)


def _last_run(series: pd.Series) -> pd.Series:
    """Give the last years that follow one another without a gap, by year."""
    known = series.dropna()
    gaps = np.flatnonzero(np.diff(known.index.to_numpy()) != 1)
    return known.iloc[gaps[-1] + 1 :] if len(gaps) else known


def _watched(name: str, series: pd.Series, broken: BreaksResult | None, years: int) -> pd.DataFrame:
    """Give the rows of one measure, a year each."""
    at = series.index.to_numpy()
    values = series.to_numpy(dtype=float)
    change = np.full(len(values), np.nan)
    change[1:] = np.where(np.diff(at) == 1, np.diff(values), np.nan)
    widening = np.zeros(len(values), dtype=int)
    for i in range(1, len(values)):
        # what differs by rounding only has not risen
        rose = change[i] > 1e-9 * abs(values[i])
        widening[i] = widening[i - 1] + 1 if rose else 0
    turned = _turned(broken)
    rows = pd.DataFrame(
        {
            "measure": name,
            "year": at,
            "value": values,
            "change": change,
            "widening_years": widening,
            "trend_break": np.isin(at, list(turned)),
        }
    )
    rows["warning"] = (widening >= years) | rows["trend_break"]
    rows["reason"] = [
        "; ".join([*_rose(running, years), *turned.get(year, ())])
        for year, running in zip(at.tolist(), widening.tolist(), strict=True)
    ]
    return rows


def _rose(running: int, years: int) -> list[str]:
    if running < years:
        return []
    return [f"rose {running} {'year' if running == 1 else 'years running'}"]


def _turned(broken: BreaksResult | None) -> dict[int, list[str]]:
    """Say for each turning point what the trend was and what it became."""
    if broken is None:
        return {}
    words = {}
    for before, after in pairwise(broken.frame.to_dict("records")):
        side = "wider" if after["slope"] > before["slope"] else "narrower"
        words[int(after["start"])] = [
            f"the trend turns: {before['slope']:+.3g} a year before {after['start']}, "
            f"{after['slope']:+.3g} from then on, a gap {side} than the old trend led to"
        ]
    return words
