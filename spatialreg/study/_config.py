"""The study file: what it may say, and messages that name the line and the mend.

A study is a TOML file. ``read_config`` gives the checked :class:`StudyConfig`; relative paths in
it start from the folder of the file.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError, model_validator

from .._align import some
from ..errors import ConfigError
from ._sections import (
    AccessSection,
    AutocorrelationSection,
    ClaimsSection,
    CompositeSection,
    ConcentrationSection,
    ConvergenceSection,
    CoverageSection,
    CrossSection,
    DecompositionSection,
    EventsSection,
    FlowsSection,
    GapSection,
    GrowthSection,
    InequalitySection,
    LevelsSection,
    MarketSection,
    MonitorSection,
    NetworkSection,
    PanelSection,
    RegionsSection,
    Section,
    SideBySideSection,
    StudySection,
    SurfaceSection,
    TransfersSection,
    UrbanRuralSection,
)


class StudyConfig(Section):
    """A whole study; a section that is absent is a stage that does not run."""

    study: StudySection
    regions: RegionsSection
    panel: PanelSection | None = None
    inequality: InequalitySection | None = None
    autocorrelation: AutocorrelationSection | None = None
    cross_section: list[CrossSection] = []
    coverage: list[CoverageSection] = []
    network: list[NetworkSection] = []
    access: list[AccessSection] = []
    surface: list[SurfaceSection] = []
    growth: list[GrowthSection] = []
    gap: list[GapSection] = []
    urban_rural: list[UrbanRuralSection] = []
    transfers: list[TransfersSection] = []
    market: list[MarketSection] = []
    flows: list[FlowsSection] = []
    events: list[EventsSection] = []
    side_by_side: list[SideBySideSection] = []
    levels: LevelsSection | None = None
    composite: CompositeSection | None = None
    concentration: ConcentrationSection | None = None
    convergence: ConvergenceSection | None = None
    decomposition: DecompositionSection | None = None
    monitor: MonitorSection | None = None
    claims: ClaimsSection | None = None
    extra: dict[str, dict[str, Any]] = Field({}, description="Options of added stages.")

    @model_validator(mode="after")
    def _panel_where_measured(self) -> StudyConfig:
        single = (
            "inequality", "autocorrelation", "composite", "concentration", "convergence",
            "decomposition", "monitor",
        )  # fmt: skip
        wanting = [n for n in single if getattr(self, n) is not None]
        several = ("growth", "gap", "urban_rural", "transfers")
        wanting += [n for n in several if getattr(self, n)]
        if wanting and self.panel is None:
            raise ValueError(f"[panel] is missing, and {some(wanting)} is measured on it")
        kinds = (
            "cross_section", "coverage", "network", "access", "surface", *several, "market",
            "flows", "events", "side_by_side",
        )  # fmt: skip
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
        networks = {section.name for section in self.network}
        asked = [(pair.value, values, "cross_section") for pair in self.side_by_side]
        asked += [(section.network, networks, "network") for section in self.access]
        asked += [(s.network, networks, "network") for s in self.coverage if s.network is not None]
        asked += [(s.network, networks, "network") for s in self.surface if s.network is not None]
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
