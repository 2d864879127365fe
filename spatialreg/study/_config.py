"""The study file: what it may say, and messages that name the line and the mend.

A study is a TOML file. ``read_config`` gives the checked :class:`StudyConfig`; relative paths in
it start from the folder of the file.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .._align import some
from ..errors import ConfigError
from ._sections import MonitorSection


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StudySection(_Section):
    """Name, title, place of the outputs, and the seed of every random draw."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$", description="Names the files.")
    title: str
    output: str = Field("results", description="Folder, from the folder of the study file.")
    seed: int = Field(0, ge=0)


class RegionsSection(_Section):
    """The map on which the panel is measured."""

    source: str = Field(description="A file, or an embedded map such as china:province.")
    code: str | None = None
    name: str | None = None
    level: str | None = None
    crs: str | None = None
    layer: str | None = None
    outline: str | None = Field(None, description="Lines that complete the outline of the map.")


class PanelSection(_Section):
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


class InequalitySection(_Section):
    """Which measures, over which groups, and the years that the sentences compare."""

    measures: list[str] = Field(["gini", "theil", "mld", "cv"], min_length=1)
    scheme: str | None = Field(None, description="Groups to decompose by; without, none are.")
    compare: list[int] = Field([], description="Years between which change is told.")
    ci: float = Field(0.95, gt=0, lt=1, description="Level of the intervals.")
    permutations: int = Field(9999, ge=99, description="Of the tests of change.")
    tolerance: float = Field(
        0.005, ge=0, description="Relative change up to which an answer counts as none."
    )
    claim: int | None = None

    @model_validator(mode="after")
    def _two_years(self) -> InequalitySection:
        if len(set(self.compare)) == 1:
            raise ValueError("compare needs two years or more, or none for the first and the last")
        return self


class WeightsSection(_Section):
    """Who is whose neighbour."""

    method: Literal["queen", "rook", "knn", "distance_band"] = "queen"
    k: int | None = None
    threshold: float | None = None
    order: int = 1
    isolates: Literal["keep", "nearest", "raise"] = "nearest"


class AutocorrelationSection(_Section):
    """Moran's I by year and local clusters in chosen years."""

    years: list[int] = Field([], description="Years of the cluster maps; default first and last.")
    permutations: int = Field(9999, ge=99)
    alpha: float = Field(0.05, gt=0, lt=1)
    correction: Literal["fdr_bh", "fdr_by", "bonferroni"] | None = None
    weights: WeightsSection = WeightsSection()


class CrossSection(_Section):
    """One column of a table of one year: how unequal it is, and where it clusters."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    regions: str
    table: str
    column: str
    per_area: bool = Field(False, description="Divide the column by the area in km2.")
    weight: str | None = Field(None, description="Column that weights the mean: people.")
    year: int | None = None
    unit: str = ""
    log: bool = Field(False, description="Tell Moran's I of the logarithm too.")
    leave_out: list[str] = Field([], description="Regions whose codes start so have no data.")
    permutations: int = Field(9999, ge=99)
    alpha: float = Field(0.05, gt=0, lt=1)
    correction: Literal["fdr_bh", "fdr_by", "bonferroni"] | None = None
    weights: WeightsSection = WeightsSection()
    claim: int | None = None

    @model_validator(mode="after")
    def _one_weight(self) -> CrossSection:
        if self.per_area and self.weight is not None:
            raise ValueError("per_area weights by the area itself: leave weight out")
        return self


class CoverageSection(_Section):
    """Which regions a network reaches, by date and definition."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    regions: str
    facilities: str
    lines: str | None = None
    seats: str | None = None
    thresholds: list[float] = Field([], description="Metres, for seat_distance.")
    definitions: list[Literal["inside", "listed", "crosses", "seat_distance"]] = ["inside"]
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
        near = "seat_distance" in self.definitions
        if near != bool(self.thresholds) or near != (self.seats is not None):
            raise ValueError("seat_distance, seats and thresholds go together")
        if self.after is not None and not self.years:
            raise ValueError("after counts what was added by the last of years: give years")
        if self.claimed is not None and self.after is None:
            raise ValueError("claimed is the number that a claim gives for after: give after")
        return self


class GrowthSection(_Section):
    """How a column of the panel grew by region, between two years."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    column: str
    unit: str = ""
    factor: float = 1.0
    compare: tuple[int, int]
    claim: int | None = None


class GapSection(_Section):
    """How far regions lie apart in one column over another, year by year: services, incomes."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    columns: dict[str, str] = Field(min_length=1, description="Words to columns of the panel.")
    over: str | None = Field(None, description="Column to divide by: people, or another income.")
    factor: float = Field(1.0, gt=0)
    unit: str = ""
    population: str | None = Field(None, description="Column of people that weights regions.")
    measures: list[str] = ["cv", "theil"]
    tell: Literal["spread", "median"] = Field(
        "spread", description="What the figure and the headline show: of a ratio the median."
    )
    compare: list[int] = Field(min_length=2)
    claim: int | None = None


class EventsSection(_Section):
    """In which year something happened in each region: counts by year, and a map."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    regions: str
    table: str = Field(description="A row an event, with the region's code.")
    code: str = "code"
    year: str = "year"
    claim: int | None = None


class SideBySideSection(_Section):
    """A cross section beside a coverage: whether well-off regions also have the network."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    value: str = Field(description="Name of a [[cross_section]].")
    coverage: str = Field(description="Name of a [[coverage]].")
    groups: int = Field(5, ge=2, le=20)


class LevelsSection(_Section):
    """The same measures at several levels, in one table."""

    columns: list[str] = Field(min_length=1, description="Columns of the regions, the finer first.")
    cross_section: list[str] = []
    coverage: list[str] = []


class ClaimsSection(_Section):
    """A register of claims to print beside what the data show."""

    source: str


class StudyConfig(_Section):
    """A whole study; a section that is absent is a stage that does not run."""

    study: StudySection
    regions: RegionsSection
    panel: PanelSection | None = None
    inequality: InequalitySection | None = None
    autocorrelation: AutocorrelationSection | None = None
    cross_section: list[CrossSection] = []
    coverage: list[CoverageSection] = []
    growth: list[GrowthSection] = []
    gap: list[GapSection] = []
    events: list[EventsSection] = []
    side_by_side: list[SideBySideSection] = []
    levels: LevelsSection | None = None
    monitor: MonitorSection | None = None
    claims: ClaimsSection | None = None
    extra: dict[str, dict[str, Any]] = Field({}, description="Options of added stages.")

    @model_validator(mode="after")
    def _panel_where_measured(self) -> StudyConfig:
        single = ("inequality", "autocorrelation", "monitor")
        wanting = [n for n in single if getattr(self, n) is not None]
        wanting += [n for n in ("growth", "gap") if getattr(self, n)]
        if wanting and self.panel is None:
            raise ValueError(f"[panel] is missing, and {some(wanting)} is measured on it")
        kinds = ("cross_section", "coverage", "growth", "gap", "events", "side_by_side")
        names = [section.name for kind in kinds for section in getattr(self, kind)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"each [[{']], [['.join(kinds)}]] needs a name of its own: {some(twice)}"
            )
        return self

    @model_validator(mode="after")
    def _named_sections(self) -> StudyConfig:
        values = {section.name for section in self.cross_section}
        coverage = {section.name for section in self.coverage}
        asked = [(pair.value, values, "cross_section") for pair in self.side_by_side]
        asked += [(pair.coverage, coverage, "coverage") for pair in self.side_by_side]
        if self.levels is not None:
            asked += [(name, values, "cross_section") for name in self.levels.cross_section]
            asked += [(name, coverage, "coverage") for name in self.levels.coverage]
        for name, known, kind in asked:
            if name not in known:
                raise ValueError(
                    f"there is no [[{kind}]] named {name!r}; there are {some(sorted(known))}"
                )
        return self


def read_config(path: str | Path) -> StudyConfig:
    """Read and check a study file.

    Parameters
    ----------
    path : str or Path
        A TOML file.

    Returns
    -------
    StudyConfig

    Raises
    ------
    ConfigError
        The file is missing, is no TOML, or says something that a study cannot say. The message
        lists every fault with its line.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            f"there is no study file {path}: write one with 'spatialreg init {path}'"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text: save it as UTF-8") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is no valid TOML: {error}") from error
    try:
        return StudyConfig.model_validate(data)
    except ValidationError as error:
        faults = "\n".join(f"  {_fault(item, text)}" for item in error.errors())
        raise ConfigError(f"{path} cannot be run as it stands:\n{faults}") from error


def _fault(item: Any, text: str) -> str:
    where = [part for part in item["loc"] if isinstance(part, str | int)]
    names = ".".join(str(part) for part in where) or "the file"
    line = _line_of(text, where)
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        message = f"is not known here; known are {', '.join(_known(where[:-1]))}"
    elif item["type"] == "missing":
        message = "is missing"
    return f"line {line}: {names}: {message}" if line else f"{names}: {message}"


def _known(where: list[Any]) -> list[str]:
    """List the keys that the section at `where` may have."""
    model: Any = StudyConfig
    for part in where:
        if isinstance(part, int):
            continue
        kind = model.model_fields[part].annotation
        options = [kind, *getattr(kind, "__args__", ())]
        model = next(o for o in options if isinstance(o, type) and issubclass(o, BaseModel))
    return list(model.model_fields)


def _line_of(text: str, where: list[Any]) -> int | None:
    """Find the line of a key: its table's header first, then the key below it."""
    lines = text.splitlines()
    keys = [part for part in where if isinstance(part, str)]
    if not keys:
        return None
    number = next((part for part in where if isinstance(part, int)), 0)
    start, depth = None, 0
    for size in range(len(keys), 0, -1):
        header = re.compile(r"^\s*\[\[?\s*" + re.escape(".".join(keys[:size])) + r"\s*\]?\]")
        at = [i for i, line in enumerate(lines) if header.match(line)]
        if at:
            start, depth = at[min(number, len(at) - 1)], size
            break
    if start is None:
        return None
    for key in keys[depth : depth + 1]:
        wanted = re.compile(rf"^\s*{re.escape(key)}\s*[=.]")
        for i in range(start + 1, len(lines)):
            if lines[i].lstrip().startswith("["):
                break
            if wanted.match(lines[i]):
                return i + 1
    return start + 1
