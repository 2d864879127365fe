"""How far everywhere is from the nearest facility, as a raster, and how many people that is."""

from __future__ import annotations

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
from ._surface_ground import Ground, ground_of, on_passable
from ._surface_people import People, people_within, shares_of_area, wide


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
    ground = ground_of(context, section)
    land = ground.land
    points = _facilities(context, section, ground)
    surfaces, remarks = {}, list(ground.remarks)
    for year, friction in ground.friction.items():
        standing, moved = on_passable(_open_by(points, year), friction)
        surfaces[year] = raster.travel_time_surface(friction, standing, missing="impassable")
        remarks += [f"{moved}{'' if year is None else f' in {year}'}"] if moved else []
    words = "; ".join([ground.words, *remarks])
    shares = shares_of_area(section, land, surfaces)
    tables = {f"{section.name}_regions": defined(wide(shares, land), words, "shares of area")}
    people = people_within(context, section, ground, surfaces, shares)
    if people is not None:
        counted = [] if people.regions is None else [f"people {people.words}"]
        tables[section.name] = defined(people.table, words, *counted)
        if people.regions is not None:
            tables[f"{section.name}_people"] = defined(
                people.regions, words, *counted, "shares of each region's people"
            )
    last = list(surfaces)[-1]
    return StageResult(
        tables=tables,
        figures={section.name: _drawn(context, section, surfaces[last], last)},
        findings=(_finding(section, people, words),),
        rasters={
            _named(section, year): _layer(
                section, surface, year, "; ".join([_by(ground.words, points, year), *remarks])
            )
            for year, surface in surfaces.items()
        },
    )


def _layer(
    section: SurfaceSection, surface: raster.Raster, year: int | None, words: str
) -> RasterLayer:
    return RasterLayer(
        title=_titled(section, year),
        group="Surfaces",
        raster=surface,
        style=_style(section, surface),
        abstract=f"Travel time [min] {words}. Cells that are not reached are clear.",
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


def _facilities(context: Context, section: SurfaceSection, ground: Ground) -> gpd.GeoDataFrame:
    """Give the facilities that stand on the land, in the grid's CRS."""
    points = context.sources.facilities(section.facilities)
    if not isinstance(points, gpd.GeoDataFrame):
        raise ConfigError(f"[[surface]] {section.name!r}: facilities are no points")
    if section.years and not ground.dated:
        require_columns(points, ["opened"], f"the facilities {section.facilities}")
    points = points.to_crs(ground.on_land.crs)
    pace = raster.sample(ground.on_land, points)
    return points[pace.notna().to_numpy() & (pace < float("inf")).to_numpy()]


def _by(words: str, facilities: gpd.GeoDataFrame, year: int | None) -> str:
    """Say by which day the facilities were open."""
    if year is None or "opened" not in facilities.columns:
        return words
    return f"{words} open by {last_day(year):%Y-%m-%d}"


def _open_by(facilities: gpd.GeoDataFrame, year: int | None) -> gpd.GeoDataFrame:
    if year is None or "opened" not in facilities.columns:
        return facilities
    return facilities[pd.to_datetime(facilities["opened"]) <= last_day(year)]


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


def _finding(section: SurfaceSection, people: People | None, words: str) -> Finding:
    sentence = f"{section.title} ({words})"
    numbers: dict[str, float] = {}
    headline = {}
    if people is not None:
        table, told = people.table, []
        for minutes, rows in table.groupby("minutes"):
            share = rows.set_index("year")["share"].astype(float)
            shares = ", ".join(f"{value:.0%} in {year}" for year, value in share.items())
            told.append(f"within {minutes:g} minutes {shares}")
            numbers |= {f"{section.name}.within_{minutes}_{y}": v for y, v in share.items()}
        sentence += f": of people, {people.words}, " + "; ".join(told)
        last = table[table["year"] == table["year"].iloc[-1]].set_index("minutes")["share"]
        middle = section.breaks[len(section.breaks) // 2]
        headline[f"{section.title}: people within {middle:g} minutes"] = f"{last[middle]:.0%}"
    return Finding(
        section.name, sentence + ".", section.claim, section.name if people is not None else None,
        section.name, headline, numbers,
    )  # fmt: skip
