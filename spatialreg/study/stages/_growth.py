"""How a column of the panel grew by region between two years."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ... import plot
from ..._align import require_columns
from ...layers import Graduated, Layer
from .._context import Context, Finding, StageResult
from .._sections import GrowthSection


def run(context: Context) -> StageResult:
    """Table, draw and tell the growth of each column asked for."""
    layers: list[Layer] = []
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in context.config.growth:
        table = _grown(context, section)
        layer, figure, finding = _shown(context, section, table)
        layers.append(layer)
        tables[section.name] = table
        figures[section.name] = figure
        findings.append(finding)
    return StageResult(tuple(layers), tables, figures, tuple(findings))


def _grown(context: Context, section: GrowthSection) -> pd.DataFrame:
    require_columns(context.panel, [section.column], "the panel")
    first, last = section.compare
    wide = context.panel[section.column].unstack("year")[[first, last]] * section.factor
    wide.columns = [str(first), str(last)]
    regions = context.measured
    wide.insert(0, "name", regions[context.english(regions)].reindex(wide.index))
    wide["growth"] = wide[str(last)] - wide[str(first)]
    wide["ratio"] = wide[str(last)] / wide[str(first)].where(wide[str(first)] > 0)
    return wide


def _shown(
    context: Context, section: GrowthSection, table: pd.DataFrame
) -> tuple[Layer, Any, Finding]:
    first, last = (str(year) for year in section.compare)
    frame = context.regions[["name", "geometry"]].join(table[[first, last, "growth", "ratio"]])
    frame = frame.rename(columns={first: f"y{first}", last: f"y{last}"})
    layer = Layer(
        name=section.name,
        title=section.title,
        group="Networks",
        frame=frame,
        style=Graduated(f"y{last}", k=5, scheme="quantiles", palette="Blues", unit=section.unit),
        aliases={
            f"y{first}": f"{first} [{section.unit}]",
            f"y{last}": f"{last} [{section.unit}]",
            "growth": f"Growth [{section.unit}]",
            "ratio": "Ratio [1]",
        },
        abstract=f"{section.title}, {first} and {last}.",
        visible=False,
    )
    figure = plot.growth_bars(
        table.set_index("name"),
        [first, last],
        xlabel=section.unit,
        title=section.title,
        ax=plot.figure(figsize=(6.4, 1.4 + 0.2 * len(table))),
    )
    total, known = table[[first, last]].sum(), table[[first, last]].count()
    top = table.dropna(subset="growth").sort_values("growth").iloc[-1]
    zero = int((table[first] == 0).sum())
    sentence = (
        f"{section.title}: {total[first]:,.0f} {section.unit} in {first} ({known[first]} regions "
        f"with a figure) and {total[last]:,.0f} in {last} ({known[last]}), "
        f"{total[last] / total[first]:.2f} times; of those with both, most was added in "
        f"{top['name']} ({top['growth']:,.0f} {section.unit})"
    )
    if zero:
        sentence += f"; {zero} regions had none in {first}"
    headline = {
        f"{section.title}, {first} and {last}": (
            f"{total[first]:,.0f} and {total[last]:,.0f} {section.unit}"
        )
    }
    numbers = {
        f"{section.name}.first": float(total[first]),
        f"{section.name}.last": float(total[last]),
        f"{section.name}.ratio": float(total[last] / total[first]),
    }
    name = section.name
    return (
        layer,
        figure,
        Finding(name, sentence + ".", section.claim, name, name, headline, numbers),
    )
