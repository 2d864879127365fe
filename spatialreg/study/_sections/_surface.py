"""A surface of travel times: how far everywhere is from the nearest facility."""

from __future__ import annotations

from pydantic import Field, NonNegativeFloat, model_validator

from ._base import Section

# what is of no use without something else: the option, what it needs
_NEEDS = {
    "modes": ("network",),
    "classes": ("network",),
    "land_speeds": ("land_cover",),
    "slow_roads": ("network", "elevation"),
    "bridges": ("network", "barriers"),
}


class SurfaceSection(Section):
    """Minutes from each cell of land to the nearest facility, by date, and the people within."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    regions: str = Field(description="The map whose polygons are land, and hold the people.")
    facilities: str = Field(description="Points, with a column opened where years are given.")
    years: list[int] = []
    resolution_m: float = Field(default=5000.0, gt=0)
    speed_kmh: float | None = Field(
        None, gt=0, description="Over land, detours included; with a network: off its roads."
    )
    network: str | None = Field(None, description="Name of a [[network]] whose edges are roads.")
    modes: list[str] | None = Field(
        None, min_length=1, description='Of the edges that are roads: ["road"] unless given.'
    )
    classes: list[str] | None = Field(
        None, min_length=1, description="Of the edges that are roads: all unless given."
    )
    elevation: str | None = Field(None, description="Raster of heights [m]: slope slows.")
    slow_roads: bool = Field(False, description="Slope slows on roads too.")
    land_cover: str | None = Field(None, description="Raster of classes, in place of speed_kmh.")
    land_speeds: dict[int, NonNegativeFloat] = Field(
        {}, description="km/h off the road by class of land_cover; 0: no one can pass."
    )
    barriers: str | None = Field(None, description="Lines or polygons that no one passes: water.")
    bridges: bool = Field(True, description="Roads cross barriers; else barriers cut them.")
    leave_out: list[str] = Field([], description="Regions whose codes start so are no land.")
    breaks: list[float] = Field([30.0, 60.0, 120.0], description="Minutes.", min_length=1)
    population: str | None = Field(None, description="Table of people by region.")
    population_column: str = "population"
    population_raster: str | None = Field(
        None, description="Raster of people by cell, in place of population."
    )
    claim: int | None = None

    @property
    def sources(self) -> list[str]:
        """The inputs that it names, but for those of its network."""
        named = (
            self.regions, self.facilities, self.elevation, self.land_cover, self.barriers,
            self.population, self.population_raster,
        )  # fmt: skip
        return [source for source in named if source is not None]

    @model_validator(mode="after")
    def _rising(self) -> SurfaceSection:
        for name in ("years", "breaks"):
            values = getattr(self, name)
            if values != sorted(set(values)):
                raise ValueError(f"{name} must rise: each once, the lowest first")
        return self

    @model_validator(mode="after")
    def _used(self) -> SurfaceSection:
        if (self.speed_kmh is None) == (self.land_cover is None):
            raise ValueError(
                "give speed_kmh, the speed over land, or land_cover with land_speeds: one of them"
            )
        if self.land_cover is not None and not self.land_speeds:
            raise ValueError("land_cover needs land_speeds: the km/h of each class")
        for option, needs in _NEEDS.items():
            lacking = [name for name in needs if getattr(self, name) is None]
            if option in self.model_fields_set and lacking:
                raise ValueError(f"{option} is not used without {' and '.join(lacking)}")
        if self.population is not None and self.population_raster is not None:
            raise ValueError("population and population_raster both hold the people: give one")
        return self
