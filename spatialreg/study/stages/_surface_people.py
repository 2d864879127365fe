"""How much of each region, and how many people, lie within so many minutes of a facility.

People come by region, and are then taken as spread evenly over it, or by cell of a raster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from ... import raster
from ...errors import ConfigError
from .._context import Context
from .._sections import SurfaceSection
from ._surface_ground import Ground, Year
from ._words import percent

Surfaces = Mapping[Year, raster.Raster]


@dataclass(frozen=True)
class People:
    """People within so many minutes: of all regions and, counted by cells, of each.

    Attributes
    ----------
    table : DataFrame
        ``year``, ``minutes``, ``people``, ``share``.
    words : str
        How they were counted.
    regions : DataFrame or None
        By region, and so many minutes and year: shares of its ``people``.
    """

    table: pd.DataFrame
    words: str
    regions: pd.DataFrame | None = None


def shares_of_area(
    section: SurfaceSection, land: gpd.GeoDataFrame, surfaces: Surfaces
) -> pd.DataFrame:
    """Give the share of each region's area within so many minutes, by (year, minutes)."""
    parts = {}
    for year, surface in surfaces.items():
        minutes = surface.floats()
        for limit in section.breaks:
            within = np.where(np.isnan(minutes), np.nan, minutes <= limit)
            share = raster.zonal_stats(surface.with_values(within), land, ["mean"])["mean"]
            parts[_said(year), limit] = share
    return pd.DataFrame(parts).rename_axis(columns=["year", "minutes"])


def wide(shares: pd.DataFrame, land: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give shares by (year, minutes) a column each, beside the names of regions."""
    flat = shares.set_axis(
        [f"within_{pair[1]:g}_{pair[0]}" for pair in shares.columns.to_list()], axis="columns"
    )
    return land[[c for c in ("name",) if c in land.columns]].join(flat)


def people_within(
    context: Context,
    section: SurfaceSection,
    ground: Ground,
    surfaces: Surfaces,
    shares: pd.DataFrame,
) -> People | None:
    """Count the people within, where the study says where they are.

    Raises
    ------
    ConfigError
        The raster of people has none on the land.
    """
    if section.population_raster is not None:
        return _by_cell(context, section, section.population_raster, ground, surfaces)
    if section.population is None:
        return None
    people = context.sources.numbers(section.population, section.population_column, shares.index)
    total = people[shares.notna().any(axis=1)].sum()
    table = _table(shares.mul(people, axis=0).sum(), total)
    return People(table, "taken as spread evenly over their regions")


def _by_cell(
    context: Context,
    section: SurfaceSection,
    source: str,
    ground: Ground,
    surfaces: Surfaces,
) -> People:
    """Count by cells of a raster, read by parts: on a border by the share that lies inside."""
    land, last = ground.land, ground.friction[list(surfaces)[-1]]
    # in the place of minutes: who lives where someone can pass is within none
    passable = last.with_values(np.where(np.isfinite(last.values), np.float32(0), np.inf))
    with context.sources.raster(source) as cells:
        regions = land[["geometry"]].rename_axis("code").to_crs(cells.crs)
        counted = pd.concat(
            {
                _said(year): raster.population_within(
                    cells, surface, section.breaks, regions=regions
                )
                for year, surface in surfaces.items()
            },
            names=["year"],
        )
        settled = raster.population_within(cells, passable, 0.0, regions=regions)
    people = counted["total"].groupby("code", sort=False).first().reindex(regions.index)
    if not people.sum() > 0:
        raise ConfigError(f"[[surface]] {section.name!r}: {source} has nobody on the land")
    within = counted["people"].groupby(["year", "minutes"], sort=False).sum()
    shares = counted["share"].unstack(["year", "minutes"]).reindex(regions.index)
    by_region = wide(shares.set_axis(land.index), land)
    by_region.insert(by_region.shape[1] - shares.shape[1], "people", people.to_numpy())
    words = f"counted by the cells of {source}"
    stuck = 1 - settled["people"].sum() / people.sum()
    if stuck > 0.0005:
        words += f", {percent(stuck)} of them in cells that no one passes, who count as not within"
    empty = int((people == 0).sum())
    if empty:
        words += f" ({empty:,} of {len(people):,} regions have none)"
    return People(_table(within, people.sum()), words, by_region)


def _table(within: pd.Series, total: float) -> pd.DataFrame:
    table = pd.DataFrame({"people": within, "share": within / total})
    return table.reset_index()


def _said(year: Year) -> str:
    return "all" if year is None else str(year)
