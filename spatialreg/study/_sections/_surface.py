"""A surface of travel times: how far everywhere is from the nearest facility."""

from __future__ import annotations

from pydantic import Field, model_validator

from ._base import Section


class SurfaceSection(Section):
    """Minutes from each cell of land to the nearest facility, by date, and the people within."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    regions: str = Field(description="The map whose polygons are land, and hold the people.")
    facilities: str = Field(description="Points, with a column opened where years are given.")
    years: list[int] = []
    resolution_m: float = Field(default=5000.0, gt=0)
    speed_kmh: float = Field(gt=0, description="Over land, detours included.")
    leave_out: list[str] = Field([], description="Regions whose codes start so are no land.")
    breaks: list[float] = Field([30.0, 60.0, 120.0], description="Minutes.", min_length=1)
    population: str | None = Field(None, description="Table of people by region.")
    population_column: str = "population"
    claim: int | None = None

    @model_validator(mode="after")
    def _rising(self) -> SurfaceSection:
        for name in ("years", "breaks"):
            values = getattr(self, name)
            if values != sorted(set(values)):
                raise ValueError(f"{name} must rise: each once, the lowest first")
        return self
