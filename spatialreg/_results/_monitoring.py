"""What the monitoring of targets gives."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from .._palettes import STATUS_COLOURS
from ._printed import _Printed

STATUSES = tuple(STATUS_COLOURS)
FAILING = ("missed", "off track")


@dataclass(frozen=True, repr=False)
class MonitoringResult(_Printed):
    """The status of every target, region by region.

    Attributes
    ----------
    year : int
        The year as of which targets are judged: nothing later was looked at.
    window, confidence, max_age
        As given: years behind the pace, level of the interval, age of a value that still counts.
    definition : str
        What the statuses mean, in words.
    frame : DataFrame
        A row a target and region: target, region (a code, or the name of the aggregate), aggregate
        (whether it is one), status, level, level_year, reached, direction, threshold,
        target_year, unit, baseline_year, baseline, progress (share of the planned change),
        required_pace and actual_pace [unit a year], values (behind the pace), projection, low,
        high, words.
    """

    year: int
    window: int
    confidence: float
    max_age: int
    definition: str
    frame: pd.DataFrame = field(repr=False)

    @property
    def summary(self) -> pd.DataFrame:
        """Number of regions by target and status, a column a status."""
        return count_statuses(self.frame, ["target"], "status")

    @property
    def failing(self) -> pd.DataFrame:
        """The rows that are missed or off track."""
        return self.frame[self.frame["status"].isin(FAILING)]

    @property
    def all_on_track(self) -> bool:
        """Whether no region misses a target or is off track."""
        return self.failing.empty


@dataclass(frozen=True, repr=False)
class PlanEvaluation(_Printed):
    """Targets of a plan at its baseline, its middle and its end.

    Attributes
    ----------
    period : str
        The plan in words.
    first, last, mid_year : int
        Its first and last year, and that of the mid-term evaluation.
    definition : str
        How baselines, paths and statuses are computed, in words.
    frame : DataFrame
        A row a target and region: target, region, aggregate, unit, baseline_year, baseline,
        direction, threshold, target_year; ``mid_value``, ``mid_expected`` (on the straight path),
        ``mid_share`` (of the planned change), ``mid_ahead`` (on the path or ahead of it),
        ``mid_status``, and the same with ``final_``.
    """

    period: str
    first: int
    last: int
    mid_year: int
    definition: str
    frame: pd.DataFrame = field(repr=False)

    @property
    def mid_term(self) -> pd.DataFrame:
        """The mid-term evaluation: value, expected, share of the planned change, status."""
        return self._stage("mid", self.mid_year)

    @property
    def final(self) -> pd.DataFrame:
        """The final evaluation: value, expected, share of the planned change, status."""
        return self._stage("final", self.last)

    @property
    def summary(self) -> pd.DataFrame:
        """Number of regions by target, stage (mid-term, final) and status."""
        stages = {"mid-term": "mid_status", "final": "final_status"}
        tables = {
            stage: count_statuses(self.frame, ["target"], column, ("not due",))
            for stage, column in stages.items()
        }
        table = pd.concat(tables, names=["stage"]).swaplevel()
        targets = self.frame["target"].unique()
        return table.loc[[(target, stage) for target in targets for stage in stages]]

    def _stage(self, stage: str, year: int) -> pd.DataFrame:
        shared = [
            "target",
            "region",
            "aggregate",
            "unit",
            "baseline_year",
            "baseline",
            "direction",
            "threshold",
        ]
        own = [f"{stage}_{c}" for c in ("value", "expected", "share", "ahead", "status")]
        table = self.frame[[*shared, "target_year", *own]]
        table = table.rename(columns={c: c.removeprefix(f"{stage}_") for c in own})
        table.insert(list(table.columns).index("target_year") + 1, "year", year)
        return table


def count_statuses(
    frame: pd.DataFrame, by: list[str], column: str, further: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Count the rows of `frame` by group and status, groups in the order of their rows."""
    counts = frame.groupby([*by, column], sort=False).size().unstack(fill_value=0)
    order = frame[by].drop_duplicates()
    labels = order[by[0]] if len(by) == 1 else pd.MultiIndex.from_frame(order)
    table = counts.reindex(index=labels, columns=[*STATUSES, *further], fill_value=0)
    return table.rename_axis(columns=None)
