"""How quickly a network brings regions to one another, by date, and what its lines changed."""

from __future__ import annotations

import pandas as pd

from .._context import Context, StageResult
from ._access_drawn import figures_of, layers_of
from ._access_measured import Accessed, measure, names_of
from ._access_told import findings_of
from ._defined import defined, stacked


def run(context: Context) -> StageResult:
    """Run every access section of the study."""
    return StageResult.of(
        _run_one(context, measure(context, section)) for section in context.config.access
    )


def _run_one(context: Context, found: Accessed) -> StageResult:
    return StageResult(
        layers_of(context, found),
        _tables(found),
        figures_of(context, found),
        findings_of(context, found),
        times=_times(found),
    )


def _times(found: Accessed) -> dict[str, pd.DataFrame]:
    if not found.section.keep_times:
        return {}
    return {f"{found.section.name}_{year}": matrix for year, matrix in found.times.items()}


def _tables(found: Accessed) -> dict[str, pd.DataFrame]:
    name = found.section.name
    names = names_of(found.regions)
    values = found.panel.drop(columns="people")
    regions = pd.DataFrame(
        {
            f"{column}_{year}": values[column].xs(year, level="year")
            for column in values.columns
            for year in found.section.years
        }
    )
    regions.insert(0, "name", names.reindex(regions.index))
    regions.insert(1, "people", found.people.reindex(regions.index))
    means = values.mul(found.panel["people"], axis=0)
    weights = found.panel["people"].groupby("year").sum()
    by_year: pd.DataFrame = means.groupby("year").sum(min_count=1).div(weights, axis=0)
    tables = {
        f"{name}_by_year": defined(by_year, found.definition, "means over people"),
        f"{name}_regions": defined(regions, found.definition),
        f"{name}_inequality": found.inequality.reset_index(),
    }
    if found.clusters:
        clusters = stacked(found.clusters, ["of"], frame="frame").reset_index()
        tables[f"{name}_clusters"] = clusters
    for indicator, compared in found.compared.items():
        table = compared.frame.copy()
        table.insert(0, "name", names.reindex(table.index))
        tables[f"{name}_{indicator}_change"] = defined(table, compared)
    for indicator, attributed in found.attributed.items():
        table = attributed.by_region.rename_axis(["line", "code"]).reset_index()
        table.insert(1, "name", names.reindex(table["code"]).to_numpy())
        tables[f"{name}_{indicator}_lines"] = defined(table, attributed)
    return tables
