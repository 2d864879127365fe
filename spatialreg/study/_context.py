"""What a stage takes and gives: the context of the run, and its result."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from .. import join
from .._align import require_columns, some
from .._crs import equal_area_crs
from ..errors import ConfigError
from ..layers import Layer, RasterLayer
from ..plot import chinese_font
from ..prices import constant_prices
from ._config import StudyConfig
from ._sources import Sources


@dataclass(frozen=True)
class Finding:
    """A sentence with numbers in it, computed.

    Attributes
    ----------
    key : str
        Names the finding; a claim refers to it.
    sentence : str
    claim : int or None
        The claim of the register that it speaks to.
    table, figure : str or None
        Names of the table and the figure that show it.
    headline : dict of str to str
        Its rows in the table of headline results: what, and its value.
    numbers : dict of str to float
        Numbers that a claim may be held against, by name.
    """

    key: str
    sentence: str
    claim: int | None = None
    table: str | None = None
    figure: str | None = None
    headline: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class StageResult:
    """What a stage gives: layers, tables, figures (axes), findings, rasters and travel times.

    Tables, figures, rasters and matrices of travel times go by the names of their files.
    """

    layers: tuple[Layer, ...] = ()
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    rasters: dict[str, RasterLayer] = field(default_factory=dict)
    times: dict[str, pd.DataFrame] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Iterable[StageResult]) -> StageResult:
        """Put what the sections of a stage give into one result, in their order."""
        parts = list(parts)
        return cls(
            tuple(layer for part in parts for layer in part.layers),
            {name: table for part in parts for name, table in part.tables.items()},
            {name: figure for part in parts for name, figure in part.figures.items()},
            tuple(finding for part in parts for finding in part.findings),
            {name: raster for part in parts for name, raster in part.rasters.items()},
            {name: matrix for part in parts for name, matrix in part.times.items()},
        )


class Context:
    """The study's inputs, read once, and its seed; every stage runs on one.

    Attributes
    ----------
    config : StudyConfig
    partial : bool
        Whether some of the study's stages were left out of this run.
    findings : list of Finding
        Those of the stages that ran before.
    """

    def __init__(self, config: StudyConfig, folder: Path, *, partial: bool = False) -> None:
        self.config = config
        self.partial = partial
        self.sources = Sources(folder)
        self.findings: list[Finding] = []
        self._memory: dict[str, Any] = {}

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """Give what `make` makes, made once in a run."""
        if key not in self._memory:
            self._memory[key] = make()
        return self._memory[key]

    def seed(self, purpose: str) -> np.random.Generator:
        """Give the generator of one purpose, independent of the order of stages."""
        tag = zlib.crc32(purpose.encode())
        return np.random.default_rng(np.random.SeedSequence([self.config.study.seed, tag]))

    @property
    def regions(self) -> gpd.GeoDataFrame:
        """The map of the study."""
        if "regions" not in self._memory:
            section = self.config.regions
            options = section.model_dump(exclude={"source", "outline"}, exclude_none=True)
            self._memory["regions"] = self.sources.regions(section.source, **options)
        return self._memory["regions"]

    @property
    def outline(self) -> gpd.GeoDataFrame | None:
        """The lines that complete the outline of the map, if the study names them."""
        source = self.config.regions.outline
        if source is None:
            return None
        lines = self.sources.facilities(source)
        if not isinstance(lines, gpd.GeoDataFrame):
            raise ConfigError(f"[regions] outline: {source!r} holds no lines")
        return lines

    @property
    def panel(self) -> pd.DataFrame:
        """The panel, with columns ``per_head`` and, if asked for, ``per_head_constant``."""
        if "panel" not in self._memory:
            self._memory["panel"] = self._read_panel()
        return self._memory["panel"]

    @property
    def measured(self) -> gpd.GeoDataFrame:
        """The regions that have a row in the panel."""
        codes = self.panel.index.get_level_values("code").unique()
        return self.regions[self.regions.index.isin(codes)]

    @property
    def areas(self) -> pd.Series:
        """The area of each region of the map [km2], in an equal-area projection."""
        return self.regions.to_crs(equal_area_crs(self.regions)).area / 1e6

    @property
    def years(self) -> list[int]:
        """The years of the panel."""
        return sorted(self.panel.index.get_level_values("year").unique())

    def english(self, regions: gpd.GeoDataFrame) -> str:
        """Give the column of names for sentences: short English ones where the map has them."""
        return next((c for c in ("short_en", "name_en", "name") if c in regions.columns), "name")

    @staticmethod
    def table(source: str) -> str:
        """Name the table that holds all layers on the regions of a source other than the map."""
        return "regions_" + re.sub(r"[^a-z0-9]+", "_", Path(source.lower()).stem).strip("_")

    @staticmethod
    def named(frame: pd.DataFrame) -> dict[str, str]:
        """Give the aliases of those columns of names that a layer has."""
        aliases = {"name": "Name", "name_en": "Name (English)"}
        return {column: words for column, words in aliases.items() if column in frame.columns}

    def label(self, regions: gpd.GeoDataFrame) -> str:
        """Give the column of names for maps: Chinese where a font holds it, else English."""
        if "short_zh" in regions.columns and chinese_font() is not None:
            return "short_zh"
        return self.english(regions)

    def price_variants(self) -> dict[str, str]:
        """Give the per-head columns of the panel by their words."""
        section = self.config.panel
        if section is None:
            raise ConfigError("the study has no [panel]")
        if section.growth_index is None:
            return {"as given": "per_head"}
        return {
            f"constant {section.base_year} prices": "per_head_constant",
            "current prices": "per_head",
        }

    def _read_panel(self) -> pd.DataFrame:
        section = self.config.panel
        if section is None:
            raise ConfigError("the study has no [panel]")
        panel = self.sources.panel(section.source, code=section.code, year=section.year)
        wanted = [section.per_head, section.value, section.population, section.growth_index]
        require_columns(panel, [c for c in wanted if c], f"the panel {section.source}")
        codes = panel.index.get_level_values("code").unique()
        report = join.check_join(self.regions, pd.DataFrame(index=codes))
        self._memory["join"] = report
        if not len(report.matched):
            raise ConfigError(
                f"no code of the panel ({some(codes)}) is on the map ({some(self.regions.index)}):"
                " name the column of codes in [panel] code="
            )
        panel = panel.copy()
        people = panel[section.population] if section.population else None
        if section.per_head is not None:
            panel["per_head"] = panel[section.per_head].astype(float) * section.factor
        elif people is not None:
            panel["per_head"] = panel[section.value] / people * section.factor
        if section.growth_index is not None and section.base_year is not None:
            total = constant_prices(
                panel,
                value=section.value or "per_head",
                growth_index=section.growth_index,
                base_year=section.base_year,
            )
            scaled = (
                total if people is None or section.per_head else total / people * section.factor
            )
            panel["per_head_constant"] = scaled
        return panel

    @property
    def join_report(self) -> Any:
        """The account of how the panel's codes met the map's."""
        _ = self.panel
        return self._memory["join"]
