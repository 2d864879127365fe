"""A value beside a coverage: is the network where people are well off, and who has neither."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ... import plot
from ..._results import CoverageResult
from .._context import Context, Finding, StageResult
from .._sections import SideBySideSection
from ._coverage import first_result
from ._cross_section import Values, values_of


def run(context: Context) -> StageResult:
    """Cross each value with each coverage asked for."""
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in context.config.side_by_side:
        measured = next(s for s in context.config.cross_section if s.name == section.value)
        values = values_of(context, measured)
        result = first_result(context, section.coverage)
        table = _by_group(section, values, result)
        tables[section.name] = table
        figures[section.name] = plot.side_by_side(
            context.sources.regions(measured.regions),
            values.y,
            result.frame["covered"],
            titles=(measured.title, _title(context, section.coverage)),
            legend=f"{measured.unit}, quintiles",
            outline=context.outline,
            title=section.title,
            ax=plot.figure(figsize=(13.0, 5.6)),
        )
        findings.append(_finding(section, measured.unit, values, result, table))
    return StageResult((), tables, figures, tuple(findings))


def _title(context: Context, name: str) -> str:
    return next(s.title for s in context.config.coverage if s.name == name)


def _both_known(values: Values, result: CoverageResult) -> tuple[pd.Series, pd.Series]:
    """Give the values and the coverage of the regions that have both."""
    y = values.y.dropna()
    y = y[y.index.isin(result.frame.index)]
    return y, result.frame.loc[y.index, "covered"].astype(bool)


def _by_group(section: SideBySideSection, values: Values, result: CoverageResult) -> pd.DataFrame:
    """Give a row a quantile of the value: regions, its bounds, and the share reached."""
    y, covered = _both_known(values, result)
    # equal values share a rank, and so a group, whatever the order of rows
    ranks = y.rank(pct=True)
    group = pd.Series(np.ceil(ranks * section.groups).astype(int), y.index, name="group")
    rows = pd.DataFrame({"y": y, "covered": covered})
    grouped = rows.groupby(group)
    table = pd.DataFrame(
        {
            "regions": grouped.size(),
            "lowest": grouped["y"].min(),
            "highest": grouped["y"].max(),
            "covered": grouped["covered"].sum(),
            "share_covered": grouped["covered"].mean(),
        }
    )
    if values.weight is not None:
        people = values.weight.reindex(y.index)
        inside = people.where(covered, 0.0)
        table["people_share_covered"] = inside.groupby(group).sum() / people.groupby(group).sum()
    return table


def _finding(
    section: SideBySideSection,
    unit: str,
    values: Values,
    result: CoverageResult,
    table: pd.DataFrame,
) -> Finding:
    y, covered = _both_known(values, result)
    weight = values.weight.reindex(y.index) if values.weight is not None else y * 0 + 1
    means = [
        float((y[which] * weight[which]).sum() / weight[which].sum())
        for which in (covered, ~covered)
    ]
    low, high = table.index[0], table.index[-1]
    unit = f" {unit}" if unit else ""
    sentence = (
        f"{section.title}: mean {means[0]:.2f}{unit} where the network reaches and {means[1]:.2f} "
        f"where it does not; of the {table.loc[high, 'regions']:,} regions with the highest values "
        f"{table.loc[high, 'share_covered']:.0%} are reached, of the "
        f"{table.loc[low, 'regions']:,} with the lowest {table.loc[low, 'share_covered']:.0%}."
    )
    headline = {section.title: f"{means[0]:.2f}{unit} where reached, {means[1]:.2f} where not"}
    return Finding(section.name, sentence, None, section.name, section.name, headline)
