"""Networks, and how quickly they bring regions to one another."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ._base import Section
from ._clusters import WeightsSection


class LinksSection(Section):
    """Straight links between nodes that stand near each other."""

    within_m: float = Field(gt=0)
    speed_kmh: float = Field(gt=0)
    detour: float = Field(1.3, ge=1)


class NetworkSection(Section):
    """A transport network: embedded, of lines, of nodes and edges, or from OpenStreetMap."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    source: str = Field(
        description="china:hsr_network, nodes and edges in a GeoPackage, a layer of lines, or an "
        "OpenStreetMap extract."
    )
    layer: str | None = Field(None, description="Of a file of lines that has several.")
    columns: dict[str, str] = Field({}, description="Of lines: what a column holds, its name.")
    dates: str | None = Field(None, description="How dates of lines are written: %d/%m/%Y.")
    mode: str = Field("road", description="Of lines, unless a column says it.")
    tolerance_m: float = Field(1.0, gt=0, description="Ends of lines this close are joined.")
    classes: str | list[str] | None = Field(
        None, description="Of OpenStreetMap: the lowest class of roads, or a list of them."
    )
    read_modes: list[Literal["road", "rail", "ferry", "foot"]] = Field(
        ["road", "rail", "ferry"], min_length=1, description="Of OpenStreetMap: what is read."
    )
    speeds: dict[str, float] = Field(
        {}, description="km/h by class or mode, before those of the package."
    )
    detour: dict[str, float] = Field({}, description="Factor on drawn lengths, by nature.")
    modes: dict[str, dict[str, float]] = Field(
        {}, description="Minutes of boarding, waiting, transfer and alighting, by mode."
    )
    links: LinksSection | None = None


class ConnectorsSection(Section):
    """How places are joined to a network."""

    speed_kmh: float = Field(default=30.0, gt=0)
    detour: float = Field(default=1.3, ge=1)
    nearest: int | None = Field(default=None, ge=1, description="None: all within within_m.")
    within_m: float | None = Field(default=None, gt=0)
    to: Literal["nodes", "edges"] = "nodes"
    modes: list[str] | None = None
    direct: bool = True

    @model_validator(mode="after")
    def _bounded(self) -> ConnectorsSection:
        if self.nearest is None and self.within_m is None and self.to == "nodes":
            raise ValueError("give within_m [m], or nearest: how many nodes a place is joined to")
        return self


class AccessSection(Section):
    """Travel times between places by date, what they reach, and what lines changed."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    network: str = Field(description="Name of a [[network]].")
    regions: str = Field(description="The map of the places.")
    places: str = Field(description="Points by the codes of the regions: seats.")
    population: str = Field(description="Table of people by code.")
    population_column: str = "population"
    years: list[int] = Field(min_length=1)
    leave_out: list[str] = Field([], description="Regions whose codes start so have no data.")
    hours: float = Field(4.0, gt=0, description="Of daily accessibility.")
    scheme: str | None = Field(None, description="A scheme, or a column of the regions.")
    facilities: str | None = Field(None, description="Points: the time to the nearest one.")
    lines: dict[str, list[str]] = Field({}, description="Lines whose effect is asked for.")
    keep_times: bool = Field(False, description="Write the travel times themselves, by year.")
    nearest_neighbours: int = Field(8, ge=1, description="Of the weights by travel time.")
    permutations: int = Field(9999, ge=99)
    alpha: float = Field(0.05, gt=0, lt=1)
    correction: Literal["fdr_bh", "fdr_by", "bonferroni"] | None = None
    weights: WeightsSection = WeightsSection()
    connectors: ConnectorsSection = ConnectorsSection(nearest=1)
    claim: int | None = None

    @model_validator(mode="after")
    def _rising(self) -> AccessSection:
        if self.years != sorted(set(self.years)):
            raise ValueError("years must rise: each once, the earliest first")
        if self.lines and len(self.years) < 2:
            raise ValueError("lines are judged between the first and the last of years: give two")
        return self
