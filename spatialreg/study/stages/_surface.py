"""How far everywhere is from the nearest facility, as a raster, and how many people that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ... import plot, raster
from ..._align import require_columns
from ..._dates import last_day
from ...errors import ConfigError
from ...layers import Graduated, RasterLayer
from .._context import Context, Finding, StageResult
from .._sections import SurfaceSection
from ._defined import defined

_MILLION = 1e6


def run(context: Context) -> StageResult:
    """Run every surface section of the study."""
    parts = [_run_one(context, section) for section in context.config.surface]
    return StageResult(
        tables={name: table for part in parts for name, table in part.tables.items()},
        figures={name: figure for part in parts for name, figure in part.figures.items()},
        findings=tuple(finding for part in parts for finding in part.findings),
        rasters={name: surface for part in parts for name, surface in part.rasters.items()},
    )


def _run_one(context: Context, section: SurfaceSection) -> StageResult:
    regions = context.sources.regions(section.regions)
    land = regions[~regions.index.str.startswith(tuple(section.leave_out) or ("\0",))]
    grid = raster.grid(land, section.resolution_m)
    land = land.to_crs(grid.crs)
    friction = raster.friction(grid, off_road=section.speed_kmh, within=land)
    facilities = _facilities(context, section, grid, friction)
    years: list[int | None] = [*section.years] or [None]
    surfaces = {
        year: raster.travel_time_surface(friction, _open_by(facilities, year)) for year in years
    }
    people = _people(context, section, land)
    words = (
        f"straight over land at {section.speed_kmh:g} km/h, in cells of "
        f"{section.resolution_m / 1000:g} km, to the nearest of {section.facilities}"
    )
    shares = _shares(section, land, surfaces)
    wide = shares.set_axis(
        [f"within_{pair[1]:g}_{pair[0]}" for pair in shares.columns.to_list()], axis="columns"
    )
    names = land[[c for c in ("name",) if c in land.columns]]
    tables = {f"{section.name}_regions": defined(names.join(wide), words, "shares of area")}
    if people is not None:
        tables[section.name] = defined(_counted(shares, people), words)
    last = years[-1]
    return StageResult(
        tables=tables,
        figures={section.name: _drawn(context, section, surfaces[last], last)},
        findings=(_finding(section, tables.get(section.name), words),),
        rasters={
            _named(section, year): _layer(section, surface, year, words)
            for year, surface in surfaces.items()
        },
    )


def _layer(
    section: SurfaceSection, surface: raster.Raster, year: int | None, words: str
) -> RasterLayer:
    opened = "" if year is None else f" open by {last_day(year):%Y-%m-%d}"
    return RasterLayer(
        title=_titled(section, year),
        group="Surfaces",
        raster=surface,
        style=_style(section, surface),
        abstract=f"Travel time [min] {words}{opened}. Cells that are not reached are clear.",
    )


def _style(section: SurfaceSection, surface: raster.Raster) -> Graduated:
    """Give the classes of the figure, the last up to the longest time."""
    values = surface.floats()
    longest = float(np.ceil(values[np.isfinite(values)].max(initial=0.0)))
    breaks = [b for b in section.breaks if b < longest]
    return Graduated(
        surface.name, breaks=[*breaks, max(longest, 1.0)], palette="YlGnBu", unit="min"
    )


def _titled(section: SurfaceSection, year: int | None) -> str:
    return section.title + ("" if year is None else f", {year}")


def _named(section: SurfaceSection, year: int | None) -> str:
    return section.name if year is None else f"{section.name}_{year}"


def _facilities(
    context: Context, section: SurfaceSection, grid: raster.Raster, friction: raster.Raster
) -> gpd.GeoDataFrame:
    """Give the facilities that stand on the land, in the grid's CRS."""
    points = context.sources.facilities(section.facilities)
    if not isinstance(points, gpd.GeoDataFrame):
        raise ConfigError(f"[[surface]] {section.name!r}: facilities are no points")
    if section.years:
        require_columns(points, ["opened"], f"the facilities {section.facilities}")
    points = points.to_crs(grid.crs)
    pace = raster.sample(friction, points)
    return points[pace.notna().to_numpy() & (pace < float("inf")).to_numpy()]


def _open_by(facilities: gpd.GeoDataFrame, year: int | None) -> gpd.GeoDataFrame:
    if year is None:
        return facilities
    return facilities[pd.to_datetime(facilities["opened"]) <= last_day(year)]


def _people(context: Context, section: SurfaceSection, land: gpd.GeoDataFrame) -> pd.Series | None:
    if section.population is None:
        return None
    return context.sources.numbers(section.population, section.population_column, land.index)


def _shares(
    section: SurfaceSection, land: gpd.GeoDataFrame, surfaces: Mapping[int | None, raster.Raster]
) -> pd.DataFrame:
    """Give the share of each region's area within so many minutes, by (year, minutes)."""
    parts = {}
    for year, surface in surfaces.items():
        minutes = surface.floats()
        for limit in section.breaks:
            within = np.where(np.isnan(minutes), np.nan, minutes <= limit)
            share = raster.zonal_stats(surface.with_values(within), land, ["mean"])["mean"]
            parts["all" if year is None else str(year), limit] = share
    return pd.DataFrame(parts).rename_axis(columns=["year", "minutes"])


def _counted(shares: pd.DataFrame, people: pd.Series) -> pd.DataFrame:
    """Count the people within, taken as spread evenly over their region."""
    within = shares.mul(people, axis=0).sum()
    total = people[shares.notna().any(axis=1)].sum()
    table = pd.DataFrame({"people": within, "share": within / total})
    return table.reset_index()


def _drawn(
    context: Context, section: SurfaceSection, surface: raster.Raster, year: int | None
) -> Any:
    return plot.minutes_surface(
        surface,
        breaks=section.breaks,
        regions=context.regions,
        outline=context.outline,
        title=_titled(section, year),
        legend="minutes",
        ax=plot.figure(figsize=(8.6, 6.6)),
    )


def _finding(
    section: SurfaceSection,
    table: pd.DataFrame | None,
    words: str,
) -> Finding:
    sentence = f"{section.title} ({words})"
    numbers: dict[str, float] = {}
    headline = {}
    if table is not None:
        told = []
        for minutes, rows in table.groupby("minutes"):
            share = rows.set_index("year")["share"].astype(float)
            shares = ", ".join(f"{value:.0%} in {year}" for year, value in share.items())
            told.append(f"within {minutes:g} minutes {shares}")
            numbers |= {f"{section.name}.within_{minutes}_{y}": v for y, v in share.items()}
        sentence += ": of people, taken as spread evenly over their regions, " + "; ".join(told)
        last = table[table["year"] == table["year"].iloc[-1]].set_index("minutes")["share"]
        middle = section.breaks[len(section.breaks) // 2]
        headline[f"{section.title}: people within {middle:g} minutes"] = f"{last[middle]:.0%}"
    return Finding(
        section.name, sentence + ".", section.claim, section.name if table is not None else None,
        section.name, headline, numbers,
    )  # fmt: skip
