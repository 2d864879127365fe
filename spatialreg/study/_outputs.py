"""Writing a study's outputs: beside the old ones, then moved into their place at once.

An interrupted run leaves the old folder whole; a folder that holds something else than a study is
never replaced.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from .. import io, plot
from ..errors import InputError
from ..layers import (
    Layer,
    RasterLayer,
    write_layers,
    write_qgis_project,
    write_raster_style,
)
from ..report import Report, write_report
from ._config import StudyConfig
from ._context import Finding

MANIFEST = "manifest.json"
_MOST_DRAWN = 20_000  # features of a layer: the report is one file, which a browser must open
MONITOR = "monitor"


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """Give a fresh folder beside `target`, and put it in the place of `target` at the end.

    Raises
    ------
    InputError
        `target` exists and is no folder of a study's outputs.
    """
    require_own_folder(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    try:
        yield fresh
        if (target / MONITOR).exists():
            # what another command wrote stays
            shutil.copytree(target / MONITOR, fresh / MONITOR)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if old.exists() and not target.exists():
            old.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def require_own_folder(target: Path) -> None:
    """Raise unless `target` is free, empty, or holds outputs of a study or its monitoring.

    Raises
    ------
    InputError
        `target` exists and is no folder of a study's outputs.
    """
    if not target.exists():
        return
    if target.is_dir():
        names = {path.name for path in target.iterdir()}
        monitored = names == {MONITOR} and (target / MONITOR / MANIFEST).exists()
        if not names or MANIFEST in names or monitored:
            return
    raise InputError(
        f"{target} exists and holds no study's outputs ({MANIFEST} is not in it): "
        "choose another folder, or empty this one"
    )


def write_tables(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write each table as CSV (UTF-8 with BOM, which spreadsheets recognise) and as Parquet."""
    folder.mkdir()
    for name, table in tables.items():
        flat = table.reset_index() if table.index.name is not None else table
        flat = flat.rename(columns=str)
        io.write_table(flat, folder / f"{name}.csv", index=False)
        io.write_table(flat, folder / f"{name}.parquet", index=False)


def write_matrices(times: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write travel times as Parquet: rows by origin, columns by destination [min]."""
    folder.mkdir()
    for name, matrix in times.items():
        io.write_times(matrix, folder / f"{name}.parquet")


def write_figures(figures: dict[str, Any], folder: Path) -> None:
    """Write each figure as PNG (200 dots per inch) and as SVG."""
    folder.mkdir()
    for name, axes in figures.items():
        plot.save(axes, folder / f"{name}.png")
        plot.save(axes, folder / f"{name}.svg")


def write_rasters(rasters: dict[str, RasterLayer], folder: Path) -> dict[Path, RasterLayer]:
    """Write each raster as a Cloud-Optimized GeoTIFF, and beside it the style that QGIS takes.

    Gives the rasters by their files.
    """
    folder.mkdir()
    written = {}
    for name, layer in rasters.items():
        path = io.write_raster(layer.raster, folder / f"{name}.tif")
        write_raster_style(path, layer.raster, layer.style)
        written[path] = layer
    return written


def write_project(
    config: StudyConfig,
    layers: list[Layer],
    rasters: Mapping[Path, RasterLayer],
    folder: Path,
    crs: Any,
) -> Path:
    """Write the GeoPackage, if there are layers, and the QGIS project of all beside it."""
    name = config.study.name
    package = write_layers(folder / f"{name}.gpkg", layers) if layers else None
    return write_qgis_project(
        folder / f"{name}.qgz", package, layers, title=config.study.title, crs=crs, rasters=rasters
    )


def write_html(
    config: StudyConfig,
    layers: list[Layer],
    tables: dict[str, pd.DataFrame],
    findings: list[Finding],
    inputs: dict[str, Any],
    folder: Path,
    chapters: Sequence[tuple[str, int]] = (),
    rasters: Mapping[Path, RasterLayer] | None = None,
) -> Path:
    """Write the report from what was written already, without the largest layers."""
    report = Report(
        title=config.study.title,
        findings=[(f.sentence, f.claim, f.table, f.figure) for f in findings],
        chapters=chapters,
        tables=tables,
        figures={path.stem: path for path in _svgs(folder)},
        layers=[layer for layer in layers if len(layer.frame) <= _MOST_DRAWN],
        parameters=config.model_dump(mode="json", exclude_none=True),
        inputs=inputs,
        rasters=rasters or {},
    )
    return write_report(folder / "report.html", report)


def _svgs(folder: Path) -> list[Path]:
    return sorted((folder / "figures").glob("*.svg"))
