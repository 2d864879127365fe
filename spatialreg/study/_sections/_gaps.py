"""Gaps between regions: services, transfers, town and country."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ._base import Section


class GapSection(Section):
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


class UrbanRuralSection(Section):
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


class TransfersSection(Section):
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
