"""What a surface of travel times goes over: roads, land, slope and water, by year.

Takes a section, gives for each of its years the minutes that a metre takes by cell, and the words
that say what was used.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

from ... import raster
from ..._align import some
from ..._dates import last_day
from ...errors import ConfigError
from ...transport import Network
from .._context import Context
from .._networks import network_of
from .._sections import SurfaceSection
from ._words import and_words

# natures of edges that do not lie where they are drawn
_NOT_ON_THE_GROUND = ("schematic", "connector", "timetable")

Year = int | None  # None where a study gives no years


@dataclass(frozen=True)
class Roads:
    """Edges that are roads, in the CRS of the grid, also by year, whether dated, and from when."""

    edges: gpd.GeoDataFrame
    by_year: dict[Year, gpd.GeoDataFrame]
    dated: bool
    when: str


@dataclass(frozen=True)
class Ground:
    """What is travelled over: the land, its friction by year [min/m], and words about both.

    Attributes
    ----------
    land : GeoDataFrame
        In the CRS of the grid.
    on_land : Raster
        Finite in cells of land.
    friction : dict of year to Raster
    dated : bool
        Whether the friction differs by year.
    words : str
    remarks : tuple of str
        What else a reader must know.
    """

    land: gpd.GeoDataFrame
    on_land: raster.Raster
    friction: dict[Year, raster.Raster]
    dated: bool
    words: str
    remarks: tuple[str, ...]


def ground_of(context: Context, section: SurfaceSection) -> Ground:
    """Give the friction of each year.

    Raises
    ------
    ConfigError
        The network, or a raster, is not what a surface can use.
    """
    regions = context.sources.regions(section.regions)
    land = regions[~regions.index.str.startswith(tuple(section.leave_out) or ("\0",))]
    grid = raster.grid(land, section.resolution_m)
    land = land.to_crs(grid.crs)
    years: list[Year] = [*section.years] or [None]
    plain = raster.friction(grid, off_road=section.speed_kmh, within=land)
    roads = None if section.network is None else _roads(context, section, grid, years)
    options = _off_road(context, section, grid)
    if roads is None:
        once = raster.friction(grid, within=land, **options) if len(options) > 1 else plain
        friction = dict.fromkeys(years, once)
    else:
        options |= {"slow_roads": section.slow_roads, "bridges": section.bridges}
        known: dict[tuple[Any, ...], raster.Raster] = {}
        friction = {}
        for year, edges in roads.by_year.items():
            same = tuple(edges.index)
            if same not in known:
                known[same] = raster.friction(grid, roads=edges, within=land, **options)
            friction[year] = known[same]
    remarks = _without_data(section, friction[years[-1]], plain)
    dated = roads is not None and roads.dated
    return Ground(land, plain, friction, dated, _words(section, roads), remarks)


def on_passable(
    facilities: gpd.GeoDataFrame, friction: raster.Raster
) -> tuple[gpd.GeoDataFrame, str]:
    """Bring facilities whose cell no one passes to the nearest one beside it that can be passed.

    A river or lake takes every cell that it touches, and with them the towns on its banks.

    Returns
    -------
    (GeoDataFrame, str)
        Those that can be reached, and how many were moved or left out; nothing where none were.
    """
    left, _, _, top = friction.bounds
    wide, high = friction.resolution
    x, y = facilities.geometry.x.to_numpy(), facilities.geometry.y.to_numpy()
    across, down = (way.ravel() for way in np.meshgrid([0, -1, 1], [0, -1, 1]))
    height, width = friction.shape
    # what stands on the lower or right edge of the grid belongs to its last row or column
    columns = np.minimum((x - left) // wide, width - 1).astype(int)[:, None] + across
    rows = np.minimum((top - y) // high, height - 1).astype(int)[:, None] + down
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    passable = np.zeros(rows.shape, dtype=bool)
    passable[inside] = np.isfinite(friction.at(rows[inside], columns[inside]))
    stuck = ~passable[:, 0]
    if not stuck.any():
        return facilities, ""
    centres = left + (columns + 0.5) * wide, top - (rows + 0.5) * high
    far = np.hypot(centres[0] - x[:, None], centres[1] - y[:, None])
    nearest = np.where(passable, far, np.inf).argmin(axis=1)
    each = np.arange(len(facilities))
    beside = gpd.points_from_xy(
        *(np.where(stuck, c[each, nearest], own) for c, own in zip(centres, (x, y), strict=True)),
        crs=facilities.crs,
    )
    reached = passable.any(axis=1)
    moved, lost = int((stuck & reached).sum()), int((~reached).sum())
    told = [f"{moved:,} of {len(facilities):,} facilities moved to the next cell that is passed"]
    told += [f"{lost:,} left out where there is none"] if lost else []
    return facilities.set_geometry(beside)[reached], ", ".join(told)


def _off_road(context: Context, section: SurfaceSection, grid: raster.Raster) -> dict[str, Any]:
    """Give what is off the roads, on the grid, as :func:`spatialreg.raster.friction` takes it."""
    sources = context.sources
    options: dict[str, Any] = {}
    with ExitStack() as files:
        # brought to the grid here, so that large files are read once and not once a year
        for name, method in (("elevation", "continuous"), ("land_cover", "mode")):
            source = getattr(section, name)
            if source is not None:
                dataset = files.enter_context(sources.raster(source))
                options[name] = raster.resample(dataset, grid, method)
                if not np.isfinite(options[name].floats()).any():
                    raise ConfigError(
                        f"[[surface]] {section.name!r}: {source} has no value on the land"
                    )
    if section.land_cover is None:
        options["off_road"] = section.speed_kmh
    else:
        options["land_speeds"] = section.land_speeds
    if section.barriers is not None:
        barriers = sources.facilities(section.barriers)
        if not isinstance(barriers, gpd.GeoDataFrame):
            raise ConfigError(
                f"[[surface]] {section.name!r}: barriers {section.barriers} holds no lines or "
                "polygons"
            )
        options["barriers"] = barriers.to_crs(grid.crs)
    return options


def _roads(
    context: Context, section: SurfaceSection, grid: raster.Raster, years: list[Year]
) -> Roads:
    """Give the edges of the network that are roads, those of each year."""
    network = network_of(context, str(section.network))
    chosen = _chosen(section, network)
    last = chosen[["opened", "closed"]].max().max()
    edges = chosen.to_crs(grid.crs)
    if not edges.intersects(box(*grid.bounds)).any():
        raise ConfigError(
            f"[[surface]] {section.name!r}: no road of the network {section.network!r} lies on the "
            "land: are its coordinates those that its file says?"
        )
    if pd.isna(last):
        when = "the same in every year" if len(years) > 1 else ""
        return Roads(edges, dict.fromkeys(years, edges), False, when)
    # without years, after all that is known to have opened or closed
    days = {year: last if year is None else last_day(year) for year in years}
    by_year = {
        year: edges[edges.index.isin(network.at(day).edges.index)] for year, day in days.items()
    }
    when = "those of each year" if section.years else "all but those that closed"
    return Roads(edges, by_year, True, when)


def _chosen(section: SurfaceSection, network: Network) -> gpd.GeoDataFrame:
    """Give the edges of the modes and classes that count, or raise where they are no roads."""
    what = f"[[surface]] {section.name!r}: the network {section.network!r}"
    modes = section.modes or ["road"]
    edges = _of_kinds(network.edges, "mode", modes, what)
    if section.classes is not None:
        edges = _of_kinds(edges, "class", section.classes, what)
    drawn = edges.index[edges["nature"].isin(_NOT_ON_THE_GROUND)]
    if len(drawn):
        natures = and_words(sorted(edges.loc[drawn, "nature"].unique()))
        raise ConfigError(
            f"{what} has {len(drawn):,} edges that do not lie where they are drawn ({natures}: "
            f"{some(drawn)}): they serve for travel times on the network only; name modes, classes "
            "or a network without them"
        )
    bare = edges.index[edges.geometry.isna() | edges.geometry.is_empty]
    if len(bare):
        raise ConfigError(
            f"{what} has {len(bare):,} edges without a line on the map ({some(bare)}): give them "
            "a geometry, or name modes or classes without them"
        )
    timed = network.modes.index[(network.modes > 0).any(axis=1)].intersection(modes).tolist()
    if timed:
        raise ConfigError(
            f"{what} takes time to get on and off of {some(map(repr, timed))}, and a surface knows "
            "no stops: ask it with [[access]], or leave these out of modes"
        )
    return edges


def _of_kinds(
    edges: gpd.GeoDataFrame, column: str, wanted: list[str], what: str
) -> gpd.GeoDataFrame:
    kinds = sorted(edges[column].dropna().unique())
    unknown = [kind for kind in wanted if kind not in kinds]
    if unknown:
        raise ConfigError(
            f"{what} has no road of the {column} {some(map(repr, unknown))}; it has "
            f"{some(map(repr, kinds), 12) or 'none'}"
        )
    return edges[edges[column].isin(wanted)]


def _without_data(
    section: SurfaceSection, friction: raster.Raster, on_land: raster.Raster
) -> tuple[str, ...]:
    """Tell how much of the land has neither a height nor a class, and so no speed."""
    land = np.isfinite(on_land.values)
    lost = int((friction.missing() & land).sum())
    if not lost:
        return ()
    names = and_words([s for s in (section.elevation, section.land_cover) if s is not None])
    if lost == land.sum():
        raise ConfigError(f"[[surface]] {section.name!r}: {names} has no value on the land")
    return (f"no way through {lost:,} of {land.sum():,} cells of land that {names} lacks",)


def _words(section: SurfaceSection, roads: Roads | None) -> str:
    """Say what is travelled over, and how quickly."""
    over = f"over land at {section.speed_kmh or 0:g} km/h"
    if section.land_cover is not None:
        speeds = ", ".join(
            f"{kind} at {speed:g} km/h" if speed else f"{kind} not at all"
            for kind, speed in section.land_speeds.items()
        )
        over = f"over land by the classes of {section.land_cover} ({speeds})"
    if section.elevation is not None:
        over += f", slower up slopes by the heights of {section.elevation} (Tobler's function)"
    way = f"straight {over}" if roads is None else f"{_road_words(section, roads)}, else {over}"
    if section.barriers is not None:
        crossed = roads is not None and section.bridges
        way += f", through {section.barriers} {'only by road' if crossed else 'not at all'}"
    return (
        f"{way}, in cells of {section.resolution_m / 1000:g} km, to the nearest of "
        f"{section.facilities}"
    )


def _road_words(section: SurfaceSection, roads: Roads) -> str:
    kinds = f"mode {and_words(section.modes or ['road'])}"
    if section.classes is not None:
        kinds += f", class {and_words(section.classes)}"
    slowest, fastest = roads.edges["speed_kmh"].min(), roads.edges["speed_kmh"].max()
    speeds = f"{slowest:.3g} to {fastest:.3g}" if slowest < fastest else f"{fastest:.3g}"
    when = roads.when and f", {roads.when}"
    slowed = ", slower up slopes too" if section.slow_roads else ""
    return f"by road at {speeds} km/h (network {section.network}, {kinds}{when}{slowed})"
