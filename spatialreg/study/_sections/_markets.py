"""Prices of many regions, and money that flows between them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ._base import Section
from ._clusters import WeightsSection


class MarketSection(Section):
    """Whether prices move together: variance of relative prices by pair, region and year."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    source: str = Field(description="A row a region and year, a column a commodity.")
    code: str | None = None
    year: str | None = None
    commodities: list[str] = Field([], description="Columns of prices; by default all.")
    leave_out: list[str] = Field([], description="Columns that are no commodities, or totals.")
    same_basket: bool = Field(True, description="Only commodities with prices in every year.")
    form: Literal["index", "changes", "levels"] = "index"
    fixed_effects: Literal["commodity", "none"] = "commodity"
    min_commodities: int = Field(3, ge=2)
    pairs: Literal["all", "neighbours"] = "all"
    weights: WeightsSection = WeightsSection()
    compare: list[int] = Field([], description="Years between which change is told.")
    claim: int | None = None

    @model_validator(mode="after")
    def _agree(self) -> MarketSection:
        if self.commodities and self.leave_out:
            raise ValueError("leave_out is of all columns: give commodities, or leave_out")
        if (self.compare and sorted(set(self.compare)) != self.compare) or len(self.compare) == 1:
            raise ValueError("compare names two years or more in order, each once")
        return self


class FlowsSection(Section):
    """Who gives to whom: net receipts by region, per head and over its budget, and lines."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    source: str = Field(description="A row a flow: origin, destination, amount.")
    origin: str = "origin"
    destination: str = "destination"
    amount: str = "amount"
    year: str | None = None
    unit: str = ""
    population: str | None = Field(None, description="Column of people of the panel.")
    per_head_factor: float = Field(1.0, gt=0, description="net / people x factor is in its unit.")
    per_head_unit: str = ""
    budget: str | None = Field(None, description="Column of the panel, in the unit of the amount.")
    panel_year: int | None = Field(
        None, description="Whose people and budget, for flows without a year; the panel's last."
    )
    claim: int | None = None

    @model_validator(mode="after")
    def _one_year(self) -> FlowsSection:
        if self.year is not None and self.panel_year is not None:
            raise ValueError("flows by year take the panel's own years: leave panel_year out")
        return self
