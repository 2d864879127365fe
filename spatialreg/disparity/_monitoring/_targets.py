"""Is every region on the way to its targets, from its level, its trend and the pace it needs.

Takes a panel and a table of targets with dates and thresholds; gives a
:class:`MonitoringResult` with a status, a projection and a sentence for each region and target.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student
from scipy.stats import theilslopes

from ..._results import MonitoringResult
from ...errors import InputError
from ._target_table import Measured, Target, measured_targets, read_targets

_LEAST_VALUES = 3


def evaluate_targets(
    panel: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    year: int | None = None,
    population: str | None = None,
    window: int = 5,
    confidence: float = 0.8,
    max_age: int = 2,
) -> MonitoringResult:
    """Status of each region on each target, from level, trend and required pace.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`), with the columns that the targets are about.
    targets : DataFrame
        A row a target. Needed are `name`; `column` of the panel; `direction`, ``"at least"`` or
        ``"at most"``; `threshold`; and `target_year`, a year or a date (of which the year counts).
        Optional are

        - `scope`: whom the target binds. ``"regions"`` (the default), each region by itself; a
          code or a list of codes, which go before a row of that name for all regions; ``"mean"``
          or ``"sum"`` over the regions; or a measure of inequality between them, as
          :func:`spatialreg.inequality` names it, for example ``"cv"``;
        - `relative_to`: what the threshold counts. Blank, the value itself; ``"baseline"``, its
          change since `baseline_year` in per cent; ``"mean"``, its share of the mean of regions
          in the same year (1 is the mean);
        - `baseline_year`: where the planned change begins;
        - `tolerance`: by how much a projection may miss and only be at risk, in the unit of the
          threshold; 0 unless told;
        - `unit`, `note` and `source`, which are words.
    year : int, optional
        The year as of which to judge; no later value is looked at. By default the last year of
        the panel.
    population : str, optional
        Column of people that weights means and measures of inequality; without it each region
        counts once.
    window : int
        The pace is that of the values in so many years, the year of the level included.
    confidence : float
        Level of the interval of the projection, two-sided.
    max_age : int
        A region whose last value is more than so many years older than `year` has no data.

    Returns
    -------
    MonitoringResult
        ``frame`` has a row a target and region, ``summary`` counts them by status.

    Raises
    ------
    InputError
        A target is incomplete or contradicts itself, names a column, code or measure that does
        not exist, or stands twice; an argument is out of range.

    Warns
    -----
    MissingDataWarning
        Years that lack some regions have no mean, sum or inequality.

    Notes
    -----
    The actual pace is the median of the slopes between all pairs of values in the window (Theil
    1950, Sen 1968), so that one odd year does not decide it. The required pace is (threshold -
    level) / years left, the projection level + actual pace x years left. Its interval takes the
    changes from year to year as independent draws around a lasting pace (a random walk with
    drift): projection -+ t s sqrt(h + h^2 / m), with s the standard deviation of the m changes in
    the window (ddof = 1), h the years left and t the quantile of Student's distribution with m - 1
    degrees of freedom. A change over a gap of d years has d times the variance.

    A target that is not due yet is **on track** if the projection and the worse bound of its
    interval reach the threshold; **at risk** if only the projection does, if it misses by no more
    than the tolerance, or if the level reaches the threshold and the projection does not; **off
    track** otherwise. A threshold that is reached early is thus on track as long as the trend
    keeps it there (see ``reached``). A target that is due is **met** or **missed** by the value of
    its year alone, without tolerance. **No data** says that the value is missing or too old, or
    that fewer than three values are in the window and the threshold is not reached.

    A turn of the trend is not in the interval, and with few values it is wide. Held against what
    came 1 to 3 years later in the embedded provincial panel (beds, technicians, income ratios,
    urban shares), intervals at 0.8 held 67 to 90 values in 100.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": ["a"] * 4 + ["b"] * 4, "year": [2015, 2016, 2017, 2018] * 2,
    ...     "ratio": [3.0, 2.9, 2.8, 2.7, 3.4, 3.4, 3.3, 3.3]}))
    >>> targets = pd.DataFrame([{"name": "income ratio", "column": "ratio",
    ...     "direction": "at most", "threshold": 2.5, "target_year": 2020}])
    >>> result = sr.disparity.evaluate_targets(panel, targets)
    >>> result.frame[["region", "status", "required_pace", "actual_pace"]].round(3)
      region     status  required_pace  actual_pace
    0      a   on track           -0.1       -0.100
    1      b  off track           -0.4       -0.042
    """
    checked_options(window, confidence, max_age)
    read = read_targets(targets)
    measured = measured_targets(panel, read, population)
    years = panel.index.get_level_values(1)
    judged = int(years.max()) if year is None else _judged(year, years)
    frame = evaluated(measured, judged, window, confidence, max_age)
    words = definition(population, window, confidence, max_age)
    return MonitoringResult(judged, window, confidence, max_age, words, frame)


def checked_options(window: int, confidence: float, max_age: int) -> None:
    """Raise unless the parameters of a status are in range."""
    if isinstance(window, bool) or int(window) != window or window < _LEAST_VALUES:
        raise InputError(
            f"window must be a whole number of years from {_LEAST_VALUES} on, not {window!r}: a "
            f"trend needs {_LEAST_VALUES} values"
        )
    if not 0 < confidence < 1:
        raise InputError(
            f"confidence must be a level between 0 and 1, for example 0.9, not {confidence!r}"
        )
    if isinstance(max_age, bool) or int(max_age) != max_age or max_age < 0:
        raise InputError(f"max_age must be a whole number of years from 0 on, not {max_age!r}")


def evaluated(
    measured: list[Measured], year: int, window: int, confidence: float, max_age: int
) -> pd.DataFrame:
    """Give the rows of a :class:`MonitoringResult` as of `year`."""
    rows = []
    for item in measured:
        known = item.table[item.table.index <= year]
        at, numbers = known.index.to_numpy(), known.to_numpy(dtype=float)
        for region, values in zip(item.table.columns, numbers.T, strict=True):
            row = {"target": item.target.name, "region": region, "aggregate": item.aggregate}
            rows.append(row | _status(item.target, at, values, year, window, confidence, max_age))
    frame = pd.DataFrame(rows)
    order = {name: i for i, name in enumerate(frame["target"].unique())}
    place = frame["target"].map(order)
    frame = frame.assign(_place=place, _code=frame["region"].map(str))
    frame = frame.sort_values(["_place", "_code"], ignore_index=True, kind="stable")
    whole = dict.fromkeys(["level_year", "baseline_year"], "Int64")
    return frame.drop(columns=["_place", "_code"]).astype(whole)


def definition(population: str | None, window: int, confidence: float, max_age: int) -> str:
    """Say in words what the statuses rest on."""
    weighting = "each region counting once" if population is None else f"weighted by {population}"
    return (
        f"actual pace: median slope (Theil-Sen) of the values of the last {window} years; required "
        "pace: (threshold - level) / years left; projection: level + actual pace x years left, "
        f"with a {confidence:g} interval from the spread of yearly changes. On track: projection "
        "and worse bound reach the threshold; at risk: the projection alone does, or misses by no "
        "more than the tolerance, or leaves a threshold that is reached; off track: else; met or "
        "missed: by the value of the target year; no data: no value of the target year, none of "
        f"the last {max_age + 1} years, or fewer than {_LEAST_VALUES} values for a pace. Means and "
        f"inequality over regions: {weighting}"
    )


def _judged(year: int, years: pd.Index) -> int:
    if isinstance(year, bool) or not isinstance(year, int | np.integer) or year < years.min():
        raise InputError(
            f"year must be a whole year from {years.min()} on, the first of the panel, not {year!r}"
        )
    return int(year)


def _status(
    target: Target,
    at: np.ndarray,
    values: np.ndarray,
    year: int,
    window: int,
    confidence: float,
    max_age: int,
) -> dict[str, Any]:
    """Judge one region on one target."""
    known = ~np.isnan(values) & (at <= target.year)
    baseline = _value_at(at, values, target.baseline_year)
    row: dict[str, Any] = {
        "status": "no data",
        "level": np.nan,
        "level_year": None,
        "reached": False,
        "direction": target.direction,
        "threshold": target.threshold,
        "target_year": target.year,
        "unit": target.unit,
        "baseline_year": target.baseline_year,
        "baseline": baseline,
        "progress": np.nan,
        "required_pace": np.nan,
        "actual_pace": np.nan,
        "values": 0,
        "projection": np.nan,
        "low": np.nan,
        "high": np.nan,
    }
    due = target.year <= year
    if not known.any():
        return row | {"words": f"no value up to {min(year, target.year)}"}
    last = int(at[known][-1])
    level = float(values[known][-1])
    row |= {
        "level": level,
        "level_year": last,
        "reached": target.surplus(level) >= 0,
        "progress": share_of_change(target, baseline, level),
    }
    if due:
        return row | _verdict(target, level, last)
    if year - last > max_age:
        return row | {"words": f"the last value, {_told(level)}, is of {last}"}
    left = target.year - last
    row["required_pace"] = (target.threshold - level) / left
    recent = known & (at > last - window)
    row["values"] = int(recent.sum())
    if row["values"] < _LEAST_VALUES:
        return row | _without_trend(target, row)
    pace, error = _pace(at[recent].astype(float), values[recent], left, confidence)
    projection = level + pace * left
    row |= {"actual_pace": pace, "projection": projection}
    row |= {"low": projection - error, "high": projection + error}
    return row | _forecast(target, row)


def _pace(at: np.ndarray, values: np.ndarray, left: int, confidence: float) -> tuple[float, float]:
    """Give the pace, and by how much a projection over `left` years may be off."""
    pace = float(theilslopes(values, at).slope)
    span, steps = np.diff(at), np.diff(values)
    total = at[-1] - at[0]
    surprises = steps - (values[-1] - values[0]) / total * span
    degrees = len(steps) - 1
    variance = float((surprises**2 / span).sum()) / degrees
    error = np.sqrt(variance * (left + left**2 / total))
    return pace, float(student.ppf((1 + confidence) / 2, degrees) * error)


def share_of_change(target: Target, baseline: float, value: float) -> float:
    """Give the share of the planned change that is done; NaN where none was needed."""
    if not target.surplus(baseline) < 0:  # NaN is no baseline
        return float("nan")
    return (value - baseline) / (target.threshold - baseline)


def _value_at(at: np.ndarray, values: np.ndarray, year: int | None) -> float:
    at_year = values[at == year] if year is not None else values[:0]
    return float(at_year[0]) if len(at_year) else float("nan")


def _verdict(target: Target, level: float, last: int) -> dict[str, Any]:
    """Judge a target that is due, by the value of its year."""
    if last != target.year:
        words = f"due in {target.year}, of which there is no value; {_told(level)} in {last}"
        return {"status": "no data", "reached": False, "words": words}
    beyond = target.surplus(level)
    start = f"{_told(level)} in {last}, {target.direction} {_told(target.threshold)}"
    if beyond >= 0:
        return {"status": "met", "words": f"{start}: met"}
    within = " (within the tolerance)" if -beyond <= target.tolerance else ""
    return {"status": "missed", "words": f"{start}: missed by {-beyond:,.3g}{within}"}


def _without_trend(target: Target, row: dict[str, Any]) -> dict[str, Any]:
    few = f"{row['values']} values are too few for a pace"
    start = f"{_told(row['level'])} in {row['level_year']}"
    if row["reached"]:
        return {"status": "on track", "words": f"{start}: the threshold is reached; {few}"}
    needed = f"needs {_told(row['required_pace'], '+')} a year until {target.year}"
    return {"words": f"{start}, {needed}; {few}"}


def _forecast(target: Target, row: dict[str, Any]) -> dict[str, Any]:
    """Judge a target that is not due, by its projection."""
    worse = row["low"] if target.sign > 0 else row["high"]
    beyond = target.surplus(row["projection"])
    if beyond >= 0 and target.surplus(worse) >= 0:
        status, why = "on track", ""
    elif beyond >= 0:
        status, why = "at risk", ", and the interval does not exclude missing"
    elif -beyond <= target.tolerance:
        status, why = "at risk", f", which misses by {-beyond:,.3g}, within the tolerance"
    elif row["reached"]:
        status, why = "at risk", ", away from the threshold that is reached now"
    else:
        status, why = "off track", f", which misses by {-beyond:,.3g}"
    if row["reached"]:
        start = f"the threshold is reached with {_told(row['level'])} in {row['level_year']}"
    else:
        start = (
            f"{_told(row['level'])} in {row['level_year']}: needs "
            f"{_told(row['required_pace'], '+')} a year"
        )
    words = (
        f"{start}; moves {_told(row['actual_pace'], '+')} a year and heads for "
        f"{_told(row['projection'])} ({_told(row['low'])} to {_told(row['high'])}) in "
        f"{target.year}{why}"
    )
    return {"status": status, "words": words}


def _told(value: float, sign: str = "") -> str:
    """Write a number for a sentence; a pace, which has a sign, with a digit less."""
    if abs(value) >= 1000:
        return f"{value:{sign},.0f}"
    return f"{value:{sign}.{3 if sign else 4}g}"
