"""Which regions a network reaches, and what else is told by region."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ._access import ConnectorsSection
from ._base import Section


class CoverageSection(Section):
    """Which regions a network reaches, by date and definition."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    regions: str
    facilities: str
    lines: str | None = None
    seats: str | None = None
    thresholds: list[float] = Field([], description="Metres, for seat_distance.")
    minutes: list[float] = Field([], description="Minutes, for seat_time.")
    network: str | None = Field(None, description="Name of a [[network]], for seat_time.")
    connectors: ConnectorsSection | None = Field(None, description="For seat_time.")
    definitions: list[Literal["inside", "listed", "crosses", "seat_distance", "seat_time"]] = [
        "inside"
    ]
    years: list[int] = []
    after: str | None = Field(None, description="Count what was added after this day.")
    leave_out: list[str] = Field([], description="Regions whose codes start so have no data.")
    scheme: str | None = Field(None, description="A scheme, or a column of the regions.")
    kinds: str | None = Field(None, description="Column of the regions by which to count.")
    population: str | None = Field(None, description="Table with people by region.")
    population_column: str = "population"
    among: str | None = Field(None, description="Table whose codes are told apart: who is meant.")
    published: str | None = Field(None, description="Table of published lengths by year.")
    published_column: str | None = Field(None, description="Its column, in km.")
    claim: int | None = None
    claimed: int | None = Field(None, description="The number that the claim gives for `after`.")

    @model_validator(mode="after")
    def _seat_distance(self) -> CoverageSection:
        near, timed = ("seat_distance" in self.definitions), ("seat_time" in self.definitions)
        if near != bool(self.thresholds) or (near or timed) != (self.seats is not None):
            raise ValueError("seat_distance, seats and thresholds go together")
        if {bool(self.minutes), self.network is not None, self.connectors is not None} != {timed}:
            raise ValueError("seat_time, seats, minutes, network and connectors go together")
        if self.after is not None and not self.years:
            raise ValueError("after counts what was added by the last of years: give years")
        if self.claimed is not None and self.after is None:
            raise ValueError("claimed is the number that a claim gives for after: give after")
        return self


class GrowthSection(Section):
    """How a column of the panel grew by region, between two years."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    column: str
    unit: str = ""
    factor: float = 1.0
    compare: tuple[int, int]
    claim: int | None = None


class EventsSection(Section):
    """In which year something happened in each region: counts by year, and a map."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    regions: str
    table: str = Field(description="A row an event, with the region's code.")
    code: str = "code"
    year: str = "year"
    claim: int | None = None


class SideBySideSection(Section):
    """A cross section beside a coverage: whether well-off regions also have the network."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    value: str = Field(description="Name of a [[cross_section]].")
    coverage: str = Field(description="Name of a [[coverage]].")
    groups: int = Field(5, ge=2, le=20)


class LevelsSection(Section):
    """The same measures at several levels, in one table."""

    columns: list[str] = Field(min_length=1, description="Columns of the regions, the finer first.")
    cross_section: list[str] = []
    coverage: list[str] = []


class ClaimsSection(Section):
    """A register of claims to print beside what the data show."""

    source: str
