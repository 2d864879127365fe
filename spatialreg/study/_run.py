"""Run a study: its stages in order, then everything that it writes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from .._align import some
from .._crs import equal_area_crs
from .._results import _Printed
from ..errors import ConfigError
from ..layers import Layer, RasterLayer
from ._config import StudyConfig, read_config
from ._context import Context, Finding
from ._manifest import manifest, write_manifest
from ._outputs import (
    MANIFEST,
    replacing_folder,
    write_figures,
    write_html,
    write_matrices,
    write_project,
    write_rasters,
    write_tables,
)
from ._sources import Sources
from .stages import Stage, all_stages

Progress = Callable[[str, float | None], None]


@dataclass(frozen=True, repr=False)
class Study(_Printed):
    """A study that ran.

    Attributes
    ----------
    title : str
    folder : Path
        Where its outputs stand.
    findings : tuple of Finding
    tables : dict of str to DataFrame
    paths : dict of str to Path
        The GeoPackage, the QGIS project, the report, and the folders of tables, figures and
        rasters; where the stages that ran have no layers there is no GeoPackage, and without
        rasters no project either.
    seconds : dict
        Stage to time [s].
    frame : DataFrame
        The headline results: ``result`` and ``value``.
    """

    title: str
    folder: Path
    findings: tuple[Finding, ...] = field(repr=False)
    tables: dict[str, pd.DataFrame] = field(repr=False)
    paths: dict[str, Path] = field(repr=False)
    seconds: dict[str, float] = field(repr=False)
    frame: pd.DataFrame = field(repr=False)

    def __repr__(self) -> str:
        findings = "\n".join(f"  - {finding.sentence}" for finding in self.findings)
        return f"{super().__repr__()}\n{findings}"


def check_study(path: str | Path) -> StudyConfig:
    """Check a study file and that its inputs exist, without running it.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    StudyConfig

    Raises
    ------
    ConfigError
        The study says something that it cannot say, or names an input that does not exist.
    """
    config = read_config(path)
    sources = Sources(Path(path).resolve().parent)
    named = [config.regions.source]
    named += [config.regions.outline] if config.regions.outline is not None else []
    named += [section.source for section in (config.panel, config.claims) if section is not None]
    if config.panel is not None:
        named += [s for s in (config.panel.national, config.panel.breaks) if s is not None]
    for measured in config.cross_section:
        named += [measured.regions, measured.table]
    for section in config.coverage:
        named += [section.regions, section.facilities]
        optional = (
            section.lines, section.seats, section.published, section.population, section.among,
        )  # fmt: skip
        named += [s for s in optional if s is not None]
    for surface in config.surface:
        named += surface.sources
    for happened in config.events:
        named += [happened.regions, happened.table]
    if config.composite is not None:
        tables = (config.composite.items, config.composite.standard)
        named += [s for s in tables if s is not None]
    if config.concentration is not None:
        named += [vintage.source for vintage in config.concentration.vintage]
    if config.monitor is not None and config.monitor.targets is not None:
        named.append(config.monitor.targets)
    named += [prices.source for prices in config.market]
    named += [flows.source for flows in config.flows]
    for source in named:
        sources.check(source)
    return config


def run_study(
    study: str | Path | StudyConfig,
    *,
    output: str | Path | None = None,
    only: Sequence[str] = (),
    progress: Progress | None = None,
) -> Study:
    """Run a study and write its layers, tables, figures, report and manifest.

    Parameters
    ----------
    study : str, Path or StudyConfig
        A study file, or its checked content (whose paths then start from the working folder).
    output : str or Path
        Folder of the outputs, instead of the one that the study names.
    only : sequence of str
        Names of the stages to run; without any, all that the study asks for.
    progress : callable
        Called with a stage's title before it runs (and None), and after it with its time [s].

    Returns
    -------
    Study

    Raises
    ------
    ConfigError
        The study says something that it cannot say, or `only` names a stage that it does not have.
    InputError
        An input is not what the study takes it for; or the output folder holds something else.
    """
    if isinstance(study, StudyConfig):
        config, base = study, Path.cwd()
    else:
        config, base = read_config(study), Path(study).resolve().parent
    stages = _stages(config, only)
    target = Path(output).absolute() if output is not None else base / config.study.output
    seconds: dict[str, float] = {}

    def timed(title: str, work: Callable[[], Any]) -> Any:
        if progress is not None:
            progress(title, None)
        start = time.perf_counter()
        result = work()
        seconds[title] = time.perf_counter() - start
        if progress is not None:
            progress(title, seconds[title])
        return result

    with replacing_folder(target) as folder:
        context = Context(config, base, partial=bool(only))
        layers: list[Layer] = []
        tables: dict[str, pd.DataFrame] = {}
        figures: dict[str, Any] = {}
        rasters: dict[str, RasterLayer] = {}
        times: dict[str, pd.DataFrame] = {}
        chapters: list[tuple[str, int]] = []
        for stage in stages:
            result = timed(stage.title, partial(stage.run, context))
            layers += result.layers
            tables |= result.tables
            figures |= result.figures
            rasters |= result.rasters
            times |= result.times
            context.findings += result.findings
            chapters.append((stage.title, len(result.findings)))
        findings = context.findings
        tables["findings"] = pd.DataFrame(
            [{"key": f.key, "claim": f.claim, "sentence": f.sentence} for f in findings]
        ).set_index("key")
        frame = pd.DataFrame(
            [(k, v) for f in findings for k, v in f.headline.items()], columns=["result", "value"]
        )
        tables["headline"] = frame.set_index("result")
        tables["definitions"] = _definitions(tables)
        first = [name for name in ("claims", "headline", "findings") if name in tables]
        tables = {name: tables[name] for name in [*first, *tables]}
        timed("Tables", lambda: write_tables(tables, folder / "tables"))
        timed("Figures", lambda: write_figures(figures, folder / "figures"))
        files: dict[Path, RasterLayer] = {}
        if rasters:
            files = timed("Rasters", lambda: write_rasters(rasters, folder / "rasters"))
        if times:
            timed("Travel times", lambda: write_matrices(times, folder / "travel_times"))
        crs = equal_area_crs(context.regions)
        if layers or files:  # a part of the stages may have none
            timed(
                "GeoPackage and project",
                lambda: write_project(config, layers, files, folder, crs),
            )
        timed(
            "Report",
            lambda: write_html(
                config, layers, tables, findings, context.sources.account, folder, chapters, files
            ),
        )
        names = [stage.name for stage in stages]
        write_manifest(manifest(context, names, folder, seconds), folder / MANIFEST)
    name = config.study.name
    paths = {
        "report": target / "report.html",
        "QGIS project": target / f"{name}.qgz",
        "GeoPackage": target / f"{name}.gpkg",
        "tables": target / "tables",
        "figures": target / "figures",
        "rasters": target / "rasters",
        "travel times": target / "travel_times",
        "manifest": target / MANIFEST,
    }
    paths = {what: path for what, path in paths.items() if path.exists()}
    return Study(config.study.title, target, tuple(findings), tables, paths, seconds, frame)


def _definitions(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Say by table what was computed: a table's file holds its columns only."""
    said = {
        name: table.attrs["definition"]
        for name, table in tables.items()
        if "definition" in table.attrs
    }
    return pd.Series(said, name="definition", dtype=str).rename_axis("table").to_frame()


def _stages(config: StudyConfig, only: Sequence[str]) -> list[Stage]:
    """Give the stages that the study asks for, or those of them that are named."""
    asked = [stage for stage in all_stages() if stage.applies(config)]
    names = [stage.name for stage in asked]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise ConfigError(
            f"this study has no stage {some(map(repr, unknown))}; its stages are {some(names, 30)}"
        )
    return [stage for stage in asked if not only or stage.name in only]
