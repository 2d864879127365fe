"""A composite index, item by item."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ._base import Section


class CompositeItem(Section):
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


class CompositeSection(Section):
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
