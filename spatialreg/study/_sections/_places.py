"""The study itself, its map and its panel."""

from __future__ import annotations

from pydantic import Field, model_validator

from ._base import Section


class StudySection(Section):
    """Name, title, place of the outputs, and the seed of every random draw."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$", description="Names the files.")
    title: str
    output: str = Field("results", description="Folder, from the folder of the study file.")
    seed: int = Field(0, ge=0)


class RegionsSection(Section):
    """The map on which the panel is measured."""

    source: str = Field(description="A file, or an embedded map such as china:province.")
    code: str | None = None
    name: str | None = None
    level: str | None = None
    crs: str | None = None
    layer: str | None = None
    outline: str | None = Field(None, description="Lines that complete the outline of the map.")


class PanelSection(Section):
    """Values by region and year; per head either as given or as value over population."""

    source: str
    code: str | None = None
    year: str | None = None
    per_head: str | None = Field(None, description="Column that is per head already.")
    value: str | None = Field(None, description="Column of totals, divided by population.")
    population: str | None = None
    factor: float = Field(1.0, gt=0, description="value / population x factor is in `unit`.")
    unit: str = ""
    growth_index: str | None = Field(None, description="Real growth, previous year = 100.")
    base_year: int | None = None
    national: str | None = Field(None, description="Table of national totals by year.")
    breaks: str | None = Field(None, description="Table of known breaks: column, code, year.")
    label: str = "value per head"

    @model_validator(mode="after")
    def _one_way(self) -> PanelSection:
        if (self.per_head is None) == (self.value is None):
            raise ValueError("give either per_head, or value together with population")
        if self.value is not None and self.population is None:
            raise ValueError("value needs population: the column of people to divide by")
        if (self.growth_index is None) != (self.base_year is None):
            raise ValueError("growth_index and base_year go together: constant prices need both")
        return self
