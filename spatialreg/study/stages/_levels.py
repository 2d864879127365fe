"""The same measures by county, prefecture and province, in one table.

An index of inequality, Moran's I and a share of regions reached all depend on the level at which
they are taken; side by side the level's part in the answer can be seen.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ... import autocorrelation
from ..._align import require_columns
from ..._results import CoverageResult
from ...errors import InputError
from .._context import Context, Finding, StageResult
from .._sections import CrossSection
from ._coverage import first_result
from ._cross_section import Values, graph_of, inequality_of, values_of


def run(context: Context) -> StageResult:
    """Measure each value and coverage at each level."""
    section = context.config.levels
    if section is None:
        return StageResult()
    rows: list[dict[str, Any]] = []
    for name in section.cross_section:
        measured = next(s for s in context.config.cross_section if s.name == name)
        values = values_of(context, measured)
        for level, coarse in _levels(measured, values, section.columns).items():
            lost = 0 if coarse is values else int(values.regions[level].isna().sum())
            rows.append(_measured(context, measured, level, coarse, lost))
    for name in section.coverage:
        covered = next(s for s in context.config.coverage if s.name == name)
        regions = context.sources.regions(covered.regions)
        result = first_result(context, name)
        rows += _covered(covered.title, regions, result, section.columns)
    table = pd.DataFrame(rows).set_index(["measure", "level"])
    return StageResult((), {"levels": table.reset_index()}, {}, _findings(table))


def _levels(section: CrossSection, values: Values, columns: list[str]) -> dict[str, Values]:
    """Give the values at the level of the regions, then pooled into each column's groups."""
    require_columns(values.regions, columns, f"the regions {section.regions}")
    levels = {base_level(values.regions): values}
    for column in columns:
        levels[column] = _pooled(values, column)
    return levels


def _union(parts: gpd.GeoSeries) -> shapely.Geometry:
    """Dissolve polygons: fast where they meet exactly, by overlay where they do not."""
    quick = shapely.coverage_union_all(parts.to_numpy())
    return quick if shapely.is_valid(quick) else shapely.union_all(parts.to_numpy())


def base_level(regions: gpd.GeoDataFrame) -> str:
    """Give the name of the level of the regions themselves, where the map says it."""
    names = regions["level"].unique() if "level" in regions.columns else []
    return str(names[0]) if len(names) == 1 else "regions"


def _pooled(values: Values, column: str) -> Values:
    """Average the value over groups by its weight, and dissolve their polygons."""
    group = values.regions[column]
    known = values.y.notna()
    weight = pd.Series(1.0, values.y.index) if values.weight is None else values.weight
    weight = weight.where(known)
    total = weight.groupby(group).sum(min_count=1)
    y = (values.y * weight).groupby(group).sum(min_count=1) / total
    shapes = values.regions.geometry.groupby(group).agg(_union)
    regions = gpd.GeoDataFrame(
        {"name": shapes.index}, geometry=list(shapes), index=shapes.index, crs=values.regions.crs
    )
    return Values(regions, y, None if values.weight is None else total)


def _measured(
    context: Context, section: CrossSection, level: str, values: Values, lost: int
) -> dict[str, Any]:
    moran, moran_p = np.nan, np.nan
    try:
        found = autocorrelation.moran(
            values.y,
            graph_of(context, section, values.regions),
            permutations=section.permutations,
            rng=context.seed(f"{section.name} level {level}"),
        )
        moran, moran_p = found.statistic, found.p_value
    except InputError as error:  # too few groups, or no two of them neighbours
        why = str(error)
    else:
        why = ""
    return {
        "measure": section.title,
        "level": level,
        "regions": int(values.y.notna().sum()),
        "in_no_group": lost,
        **inequality_of(values),
        "lowest": values.y.min(),
        "highest": values.y.max(),
        "moran": moran,
        "moran_p": moran_p,
        "no_moran_because": why,
        "covered": np.nan,
        "share_covered": np.nan,
    }


def _covered(
    title: str, regions: gpd.GeoDataFrame, result: CoverageResult, columns: list[str]
) -> list[dict[str, Any]]:
    """Count a group as reached where one of its regions is."""
    require_columns(regions, columns, "the regions of the coverage")
    covered = result.frame["covered"]
    rows = []
    for level in (base_level(regions), *columns):
        each = covered if level not in columns else covered.groupby(regions[level]).any()
        reached = each.astype(bool)
        rows.append(
            {
                "measure": title,
                "level": level,
                "regions": len(reached),
                "covered": int(reached.sum()),
                "share_covered": float(reached.mean()),
            }
        )
    return rows


def _findings(table: pd.DataFrame) -> tuple[Finding, ...]:
    told = []
    for measure, rows in table.groupby(level="measure", sort=False):
        rows = rows.droplevel("measure")
        if rows["covered"].isna().all():
            words = [
                f"{level} ({int(row['regions']):,}) Gini {row['gini']:.3f}, "
                + (f"I {row['moran']:.3f}" if row["moran"] == row["moran"] else "no Moran's I")
                for level, row in rows.iterrows()
            ]
        else:
            words = [
                f"{level} {int(row['covered']):,} of {int(row['regions']):,} reached "
                f"({row['share_covered']:.0%})"
                for level, row in rows.iterrows()
            ]
        told.append(f"{measure}: {'; '.join(words)}")
    return (Finding("levels", f"By level. {'. '.join(told)}.", None, "levels"),)
