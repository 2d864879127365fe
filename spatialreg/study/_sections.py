"""Sections of the study file about monitoring, where production stands, and what makes the gap."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .._align import some


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TargetSection(_Section):
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


class WatchedGapSection(_Section):
    """A gap that is warned about where it widens or its trend breaks."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    column: str
    over: str | None = None
    factor: float = Field(1.0, gt=0)
    since: int | None = Field(None, description="First year: after a change of definition, say.")
    scheme: str | None = Field(None, description="Watch the gap between its groups too.")
    measures: list[str] = ["theil", "cv"]


class MonitorSection(_Section):
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


OURS = "the study"  # names the panel of the study among vintages


class DoubtSection(_Section):
    """A region of which the scheme's source counts a part in another group than the scheme does."""

    scheme: str
    region: str = Field(description="Its code.")
    group: str = Field(description="The other group.")
    words: str = ""


class MarkSection(_Section):
    """A share that is drawn beside a group's, for orientation: of another time or measure."""

    scheme: str
    group: str
    share: float = Field(gt=0, lt=1)
    words: str


class VintageSection(_Section):
    """The same total in an older compilation, told beside and never joined."""

    name: str
    source: str
    column: str
    code: str | None = None
    year: str | None = None


class ConcentrationSection(_Section):
    """Where production stands by group and region, what regions live on, and who outgrew whom."""

    industries: dict[str, str] = Field(
        min_length=2, description="Words to columns of the panel, totals that add up."
    )
    focus: str | None = Field(None, description="The industry that is mapped; the first.")
    reference: str = Field(
        "total", description='What industries are held against: "total", "area", or a column.'
    )
    schemes: list[str] = Field(min_length=1)
    compare: list[int] = Field(min_length=2)
    prices: Literal["current", "constant"] | None = Field(
        None, description="Of which prices the columns are, where they are money."
    )
    doubt: list[DoubtSection] = []
    mark: list[MarkSection] = []
    vintage: list[VintageSection] = []
    claim: int | None = None

    @model_validator(mode="after")
    def _named_within(self) -> ConcentrationSection:
        if self.focus is not None and self.focus not in self.industries:
            raise ValueError(
                f"focus must be one of the industries {some(self.industries)}, not {self.focus!r}"
            )
        for kind in ("doubt", "mark"):
            for item in getattr(self, kind):
                if item.scheme not in self.schemes:
                    raise ValueError(
                        f"{kind} is of scheme {item.scheme!r}, which is not among schemes "
                        f"({some(self.schemes)})"
                    )
        names = [OURS, *(vintage.name for vintage in self.vintage)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"each vintage needs a name of its own: {some(map(repr, twice))}")
        _require_order(self.compare)
        return self


class DecompositionSection(_Section):
    """Which groups of regions, and which sectors, make the gap in the value of the panel."""

    scheme: str
    sources: dict[str, str] = Field(
        {}, description="Words to columns that add up to the value of the panel."
    )
    compare: list[int] = Field(min_length=2)
    claim: int | None = None

    @model_validator(mode="after")
    def _sources(self) -> DecompositionSection:
        if len(self.sources) == 1:
            raise ValueError("sources must name two columns or more, which add up to the value")
        _require_order(self.compare)
        return self


def _require_order(compare: list[int]) -> None:
    years = sorted(set(compare))
    if years != compare or len(years) < 2:
        raise ValueError(f"compare must name two years or more in order, each once, not {compare}")
