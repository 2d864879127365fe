"""What a plan has come to at its middle and its end, target by target.

Takes a panel, a table of targets and the period of the plan; gives a :class:`PlanEvaluation` with
the value, what a straight path from baseline to target expects, the share of the planned change,
and the status, for each region and for the nation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ..._align import some
from ..._results import PlanEvaluation
from ...errors import InputError
from ...regions import list_periods
from ._target_table import Measured, Target, mean_of_regions, measured_targets, read_targets
from ._targets import checked_options, definition, evaluated, share_of_change

_STAGES = ("mid", "final")


def evaluate_plan(
    panel: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    period: str | Sequence[int],
    mid_year: int | None = None,
    population: str | None = None,
    window: int = 5,
    confidence: float = 0.8,
    max_age: int = 2,
) -> PlanEvaluation:
    """Evaluate the targets of a plan at mid-term and at its end.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`), with the columns that the targets are about.
    targets : DataFrame
        As for :func:`spatialreg.disparity.evaluate_targets`. A target without a `baseline_year`
        has the year before the plan's first as its baseline.
    period : str or (int, int)
        The id of a period of :func:`spatialreg.list_periods`, or the plan's first and last year,
        both of them in the plan.
    mid_year : int, optional
        The year of the mid-term evaluation. By default the middle year of the plan, of two the
        earlier: the third of five.
    population, window, confidence, max_age
        As for :func:`spatialreg.disparity.evaluate_targets`.

    Returns
    -------
    PlanEvaluation
        ``mid_term`` and ``final`` are its tables, ``frame`` both side by side, ``summary`` the
        counts by status.

    Raises
    ------
    InputError
        There is no such period or it is open, the mid-term year is not in it, no target falls due
        in it or after it, or as :func:`spatialreg.disparity.evaluate_targets`.

    Warns
    -----
    MissingDataWarning
        Years that lack some regions have no mean, sum or inequality.

    Notes
    -----
    The straight path goes from the baseline to the threshold in the target year: expected =
    baseline + (threshold - baseline) x (year - baseline year) / (target year - baseline year). The
    share of the planned change is (value - baseline) / (threshold - baseline), without bounds: it
    is negative where a region moved away. A region that reached the threshold in the
    baseline year had no change to make: its share is missing and the threshold is expected of it.
    Statuses are those of :func:`spatialreg.disparity.evaluate_targets` as of the year of the
    evaluation, with no later value looked at. A year that the panel has not come to is "not due".

    Of a target that binds each region, the row ``"mean"`` is the nation: the mean over regions,
    weighted by people where `population` is given. Targets that were due before the plan began
    are no part of it, and ``definition`` names them.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": "a", "year": range(2015, 2021), "beds": [5.0, 5.1, 5.3, 5.4, 5.9, 6.1]}))
    >>> targets = pd.DataFrame([{"name": "beds", "column": "beds", "scope": "a",
    ...     "direction": "at least", "threshold": 6.0, "target_year": 2020}])
    >>> plan = sr.disparity.evaluate_plan(panel, targets, period="fyp_13")
    >>> plan.mid_term[["year", "value", "expected", "share", "status"]].round(2)
       year  value  expected  share     status
    0  2018    5.4       5.6    0.4  off track
    >>> plan.final[["year", "value", "expected", "share", "status"]].round(2)
       year  value  expected  share status
    0  2020    6.1       6.0    1.1    met
    """
    checked_options(window, confidence, max_age)
    words, first, last = plan_years(period)
    middle = first + (last - first) // 2 if mid_year is None else _inside(mid_year, first, last)
    read = [
        target if target.baseline_year is not None else replace(target, baseline_year=first - 1)
        for target in read_targets(targets)
    ]
    part = [target for target in read if target.year >= first]
    if not part:
        raise InputError(
            f"no target is due in {first}, the first year of the plan, or later: the last is due "
            f"in {max(target.year for target in read)}"
        )
    _require_baselines(part)
    measured = measured_targets(panel, part, population)
    measured += [
        mean_of_regions(panel, target, population)
        for target in part
        if target.scope == "regions" and target.relative_to != "mean"
        and not any(t.name == target.name and t.scope == "mean" for t in part)
    ]  # fmt: skip
    until = int(panel.index.get_level_values(1).max())
    stages = dict(zip(_STAGES, (middle, last), strict=True))
    status = {
        stage: evaluated(measured, year, window, confidence, max_age)
        for stage, year in stages.items()
    }
    shared = ["target", "region", "aggregate", "unit"]
    shared += ["baseline_year", "baseline", "direction", "threshold", "target_year"]
    frame = pd.concat(
        [
            status["final"][shared],
            *(
                _stage(stage, year, measured, status[stage], until)
                for stage, year in stages.items()
            ),
        ],
        axis=1,
    )
    left_out = sorted({target.name for target in read} - {target.name for target in part})
    text = (
        f"plan {words}, baseline of a target {first - 1} unless it names one, mid-term {middle}; "
        "expected: on the straight path from baseline to threshold; share: of the planned change; "
        "statuses as of the year of the evaluation. "
        + definition(population, window, confidence, max_age)
    )
    if left_out:
        text += f". Due before the plan and no part of it: {some(left_out, 20)}"
    return PlanEvaluation(words, first, last, middle, text, frame)


def plan_years(period: str | Sequence[int]) -> tuple[str, int, int]:
    """Give a plan's name, first and last year."""
    if isinstance(period, str):
        listed = list_periods().set_index("id")
        if period not in listed.index:
            raise InputError(
                f"there is no period {period!r}; there are {some(listed.index, 40)}: or give the "
                "plan's first and last year"
            )
        row = listed.loc[[period]].to_dict("records")[0]
        if pd.isna(row["end"]):
            raise InputError(
                f"the period {period!r} has no end, and a plan needs one: give its first and last "
                "year"
            )
        # the table is half-open: its end is the first year after the period
        return str(row["name_en"]), int(row["start"]), int(row["end"]) - 1
    try:
        pair = list(period)
    except TypeError:
        pair = []
    if len(pair) != 2 or not all(map(_is_year, pair)) or pair[0] > pair[1]:
        raise InputError(
            "period must be the id of a period or the plan's first and last year, for example "
            f"(2016, 2020), not {period!r}"
        )
    return f"{pair[0]}-{pair[1]}", int(pair[0]), int(pair[1])


def _is_year(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _inside(mid_year: int, first: int, last: int) -> int:
    if not isinstance(mid_year, int | np.integer) or not first <= mid_year <= last:
        raise InputError(
            f"mid_year must be a year of the plan, {first} to {last}, not {mid_year!r}"
        )
    return int(mid_year)


def _require_baselines(part: list[Target]) -> None:
    late = [t.name for t in part if t.baseline_year is not None and t.baseline_year >= t.year]
    if late:
        raise InputError(
            f"the baseline of {some(sorted(set(late)))} does not lie before the target year: give "
            "these targets a baseline_year"
        )


def _stage(
    stage: str, year: int, measured: list[Measured], status: pd.DataFrame, until: int
) -> pd.DataFrame:
    """Give the columns of one evaluation, on the rows of `status`."""
    found = {
        (item.target.name, region): _at(item, region, year)
        for item in measured
        for region in item.table.columns
    }
    pairs = zip(status["target"], status["region"], strict=True)
    table = pd.DataFrame([found[pair] for pair in pairs], index=status.index)
    table["ahead"] = table["ahead"].astype("boolean")
    table["status"] = "not due" if year > until else status["status"]
    return table.add_prefix(f"{stage}_")


def _at(item: Measured, region: Any, year: int) -> dict[str, Any]:
    target, series = item.target, item.table[region]
    baseline = float(series.get(target.baseline_year, np.nan))
    value = float(series.get(year, np.nan))
    expected = _expected(target, baseline, year)
    ahead = target.surplus(value, expected)
    return {
        "value": value,
        "expected": expected,
        "share": share_of_change(target, baseline, value),
        "ahead": pd.NA if np.isnan(ahead) else ahead >= 0,
    }


def _expected(target: Target, baseline: float, year: int) -> float:
    if target.baseline_year is None:
        raise RuntimeError("a target of a plan has a baseline")
    if np.isnan(baseline) or target.surplus(baseline) >= 0:
        return target.threshold if not np.isnan(baseline) else float("nan")
    way = (year - target.baseline_year) / (target.year - target.baseline_year)
    return baseline + (target.threshold - baseline) * min(way, 1.0)
