"""Sections of the study file about gaps, monitoring, and the composite index."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .._align import some


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GapSection(_Section):
    """How far regions lie apart in one column over another, year by year: services, incomes."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    columns: dict[str, str] = Field(min_length=1, description="Words to columns of the panel.")
    over: str | None = Field(None, description="Column to divide by: people, or another income.")
    per_area: bool = Field(False, description="Divide by the area in km2 instead.")
    factor: float = Field(1.0, gt=0)
    blank: float | None = Field(None, ge=0, description="What a blank is: 0 where none is yet.")
    unit: str = ""
    population: str | None = Field(None, description="Column of people that weights regions.")
    weighting: list[Literal["weighted", "once"]] = Field(
        [], description="Weighted by people (or area), each region once, or both."
    )
    measures: list[str] = Field(["cv", "theil"], min_length=1)
    tell: Literal["spread", "median"] = Field(
        "spread", description="What the figure and the headline show: of a ratio the median."
    )
    compare: list[int] = Field(min_length=2)
    ci: float = Field(0.95, gt=0, lt=1, description="Level of the intervals.")
    permutations: int = Field(9999, ge=99)
    map: bool = Field(False, description="Draw the last of compare, as figures and layers.")
    claim: int | None = None

    @model_validator(mode="after")
    def _one_base(self) -> GapSection:
        if self.per_area and (self.over is not None or self.population is not None):
            raise ValueError(
                "per_area divides by the area and weights by it: leave over and population out"
            )
        if "weighted" in self.weighting and not self.per_area and self.population is None:
            raise ValueError("weighting = weighted needs population, the column of people")
        if len(set(self.weighting)) < len(self.weighting):
            raise ValueError("weighting names one way twice")
        if sorted(set(self.compare)) != self.compare:
            raise ValueError("compare must hold years in order, each once")
        return self

    @property
    def weightings(self) -> list[str]:
        """The ways to count regions, the one that is told first in front."""
        weighted = self.per_area or self.population is not None
        return list(self.weighting) or ["weighted" if weighted else "once"]


class UrbanRuralSection(_Section):
    """How far town and country lie apart, in each region and in all together."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    urban: str = Field(description="Column with the value per head in town.")
    rural: str = Field(description="Column with the value per head in the country.")
    urban_population: str
    population: str = Field(description="Column with all people; the rural ones are the rest.")
    unit: str = ""
    compare: list[int] = Field(min_length=2)
    published: dict[int, float] = Field({}, description="Published ratios by year, to hold against")
    published_source: str = ""
    permutations: int = Field(9999, ge=99)
    claim: int | None = None

    @model_validator(mode="after")
    def _in_order(self) -> UrbanRuralSection:
        if sorted(set(self.compare)) != self.compare:
            raise ValueError("compare must hold years in order, each once")
        return self


class TransfersSection(_Section):
    """What regions have of their own and what they spend: gaps before and after transfers."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    before: str = Field(description="Column of totals before transfers: own revenue.")
    after: str = Field(description="Column of totals after them: expenditure.")
    before_words: str = "before transfers"
    after_words: str = "after transfers"
    population: str
    factor: float = Field(1.0, gt=0)
    unit: str = ""
    measures: list[str] = ["gini", "theil", "cv"]
    compare: list[int] = Field(min_length=2)
    ci: float = Field(0.95, gt=0, lt=1)
    permutations: int = Field(9999, ge=99)
    claim: int | None = None

    @model_validator(mode="after")
    def _two_columns(self) -> TransfersSection:
        if "gini" not in self.measures:
            raise ValueError("measures must hold gini, whose parts are told")
        if sorted(set(self.compare)) != self.compare:
            raise ValueError("compare must hold years in order, each once")
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


class CompositeItem(_Section):
    """One item of a composite index: a column of the panel, divided and counted as it is told."""

    aspect: str = Field(min_length=1)
    category: str = Field("", description="Of its aspect; without one, the aspect itself.")
    item: str = Field(min_length=1, description="Its name, as tables and figures write it.")
    column: str = Field(min_length=1)
    over: str | None = Field(None, description="Column to divide by, or area: km2 of the map.")
    factor: float = Field(1.0, gt=0)
    unit: str = ""
    deflate: bool = Field(False, description="Bring to the prices of one year, by deflator.")
    direction: Literal[1, -1] = Field(1, description="1: more is better, -1: less is better.")
    low: float | None = Field(None, description="Lower end of the scale: the least, unless told.")
    high: float | None = Field(None, description="Upper end of the scale: the largest.")
    target: float | None = None
    weight: float | None = Field(None, gt=0, description='With weights = "given".')


class CompositeSection(_Section):
    """A composite index of aspects, categories and items, and the coupling of its aspects."""

    title: str = "Composite index"
    items: str | None = Field(None, description="Table of the items, a row each.")
    item: list[CompositeItem] = []
    years: tuple[int, int] | None = Field(
        None, description="First and last; by default the years in which every item has values."
    )
    compare: list[int] = Field([], description="Years between which change is told.")
    standardise: Literal["range", "target", "rank"] = "range"
    weights: Literal["equal", "entropy", "critic", "pca", "given"] = "equal"
    aggregate: Literal["arithmetic", "geometric", "topsis"] = "arithmetic"
    missing: Literal["raise", "nan", "renormalise", "impute mean", "interpolate"] = "raise"
    min_share: float | None = None
    floor: float = Field(0.0, ge=0, lt=1, description="Score of the worst.")
    reference_years: Literal["each"] | list[int] | None = None
    deflator: str | None = Field(
        None, description="national: implied by the national totals; or a column of prices."
    )
    deflator_base: Literal["fixed", "previous year"] = "fixed"
    price_year: int | None = Field(None, description="Whose prices; those of the last year.")
    population: str | None = Field(None, description="Column of people, to weigh regions too.")
    measures: list[str] = Field(["cv", "gini"], min_length=1)
    ci: float = Field(0.95, gt=0, lt=1)
    alpha: float = Field(0.05, gt=0, lt=1)
    permutations: int = Field(9999, ge=99)
    replicates: int = Field(1000, ge=100, description="Draws of random weights.")
    systems: list[str] | None = Field(None, description="Scores to couple; all aspects.")
    form: Literal["standard", "liao", "wang"] = "standard"
    scheme: str | None = Field(None, description="Groups of regions to tell apart.")
    standard: str | None = Field(None, description="Table of the levels of a standard to count.")
    standard_claim: int | None = None
    claim: int | None = None

    @model_validator(mode="after")
    def _agree(self) -> CompositeSection:
        if (self.items is None) == (not self.item):
            raise ValueError(
                "give the items either as [[composite.item]] tables or as a table of their own "
                "with items ="
            )
        if self.item:
            deflated = [item.item for item in self.item if item.deflate]
            if bool(deflated) != (self.deflator is not None):
                raise ValueError(
                    "deflator brings the items with deflate = true to the prices of one year: "
                    "give both or neither"
                )
        if self.deflator is None and self.price_year is not None:
            raise ValueError("price_year is of the prices of deflator: give deflator")
        if self.years is not None and self.years[0] >= self.years[1]:
            raise ValueError("years are the first and the last, the first below the last")
        if len(set(self.compare)) == 1:
            raise ValueError("compare needs two years or more")
        if self.systems is not None and len(set(self.systems)) < max(2, len(self.systems)):
            raise ValueError("systems couples two or more different scores, or is left out")
        if self.standard is None and self.standard_claim is not None:
            raise ValueError("standard_claim is of the standard that is counted: give standard")
        return self
