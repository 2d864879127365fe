"""Targets, and gaps to watch."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from ..._align import some
from ._base import Section


class TargetSection(Section):
    """One target: a column of the panel, a threshold and a date; see docs/monitoring.md."""

    name: str
    column: str
    over: str | None = Field(None, description="Column to divide by: people, or another income.")
    factor: float = Field(1.0, gt=0)
    direction: Literal["at least", "at most"]
    threshold: float
    target_year: int | dt.date
    scope: str | list[str] = "regions"
    relative_to: Literal["", "baseline", "mean"] = ""
    baseline_year: int | None = None
    tolerance: float = Field(0.0, ge=0)
    unit: str = ""
    note: str = ""
    source: str = ""


class WatchedGapSection(Section):
    """A gap that is warned about where it widens or its trend breaks."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    column: str
    over: str | None = None
    factor: float = Field(1.0, gt=0)
    since: int | None = Field(None, description="First year: after a change of definition, say.")
    scheme: str | None = Field(None, description="Watch the gap between its groups too.")
    measures: list[str] = ["theil", "cv"]


class MonitorSection(Section):
    """Targets with dates and thresholds, gaps to watch, and the plan to evaluate."""

    targets: str | None = Field(None, description="Table of targets, a row each.")
    target: list[TargetSection] = []
    year: int | None = Field(None, description="As of which to judge; the panel's last year.")
    period: str | tuple[int, int] | None = Field(None, description="The plan to evaluate.")
    mid_year: int | None = None
    population: str | None = Field(None, description="Weights means; that of the panel.")
    window: int = Field(5, ge=3)
    confidence: float = Field(0.8, gt=0, lt=1)
    max_age: int = Field(2, ge=0)
    map: str | None = Field(None, description="Target to draw; the first that binds regions.")
    gap: list[WatchedGapSection] = []
    years: int = Field(2, ge=1, description="Warn after so many years of widening.")
    alpha: float = Field(0.05, gt=0, lt=1)
    claim: int | None = None

    @model_validator(mode="after")
    def _one_table(self) -> MonitorSection:
        if (self.targets is None) == (not self.target):
            raise ValueError(
                "give the targets either as [[monitor.target]] tables or as a table of their own "
                "with targets ="
            )
        if self.mid_year is not None and self.period is None:
            raise ValueError("mid_year is of the plan to evaluate: give its period")
        names = [gap.name for gap in self.gap]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"each [[monitor.gap]] needs a name of its own: {some(twice)}")
        return self
