"""Sections of the study file about convergence and monitoring, and the weights of neighbours."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from .._align import some


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WeightsSection(_Section):
    """Who is whose neighbour."""

    method: Literal["queen", "rook", "knn", "distance_band"] = "queen"
    k: int | None = None
    threshold: float | None = None
    order: int = 1
    isolates: Literal["keep", "nearest", "raise"] = "nearest"


class ClubsSection(_Section):
    """How convergence clubs are looked for; see docs/disparity_clubs.md."""

    filter: float = Field(400.0, ge=0, description="Smoothing of the trend; 0 takes none.")
    trim: float = Field(1 / 3, gt=0, lt=1, description="Share of first years left out.")
    order: Literal["last", "last third"] = "last"
    merge: Literal["phillips-sul", "lyncker-thoennessen", "none"] = "phillips-sul"


class ConvergenceSection(_Section):
    """Whether gaps close: dispersion, growth against level, clubs, and moves between classes."""

    compare: list[int] = Field([], description="Years between which it is asked; first and last.")
    step: int | None = Field(None, ge=1, description="Years in a period of a panel; none without.")
    controls: list[str] = Field([], description="Columns of the panel, for conditional models.")
    models: list[Literal["ols", "lag", "error", "durbin"]] = ["ols", "lag", "error"]
    weights: WeightsSection = WeightsSection()
    clubs: ClubsSection | None = ClubsSection.model_validate({})
    dynamics: bool = True
    classes: int = Field(5, ge=2, le=20, description="Quantiles of all years, for the chain.")
    spatial_classes: int = Field(3, ge=2, le=20, description="The same, by neighbours' classes.")
    permutations: int = Field(999, ge=99)
    alpha: float = Field(0.05, gt=0, lt=1)
    claim: int | None = None

    @field_validator("clubs", mode="before")
    @classmethod
    def _switch(cls, clubs: Any) -> Any:
        if isinstance(clubs, bool):
            return {} if clubs else None
        return clubs

    @model_validator(mode="after")
    def _spans(self) -> ConvergenceSection:
        if self.compare and len(set(self.compare)) < 2:
            raise ValueError("compare needs two years or more: a change is between them")
        if len(set(self.models)) < len(self.models):
            raise ValueError(f"models names one twice: {some(self.models)}")
        if "ols" not in self.models:
            raise ValueError(
                "models must have 'ols': the tests for the others are of its residuals"
            )
        return self


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
