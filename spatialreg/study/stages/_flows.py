"""Who gives to whom: net receipts by region, per head and over its budget, and lines on the map."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ... import disparity, plot
from ..._align import require_columns, some
from ...errors import ConfigError
from ...layers import Graduated, Layer
from .._context import Context, Finding, StageResult
from .._sections import FlowsSection
from ._defined import defined


def run(context: Context) -> StageResult:
    """Add up, draw and tell each table of flows."""
    layers: list[Layer] = []
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in context.config.flows:
        flows = context.sources.table(section.source)
        columns = [section.origin, section.destination, section.amount, section.year]
        require_columns(flows, [c for c in columns if c], f"the flows {section.source}")
        net = _net(context, section, flows)
        names = context.regions[context.english(context.regions)]
        whole = net if section.year is None else net.groupby(level="code").sum(numeric_only=True)
        shown = net.reset_index()
        shown.insert(1, "name", shown["code"].map(names))
        tables[section.name] = defined(shown, net)
        lines = _lines(context, section, flows)
        layers += [_line_layer(section, lines), _region_layer(context, section, net)]
        figures[f"{section.name}_map"] = _drawn(context, section, layers[-1])
        findings.append(_finding(section, lines, whole.rename(index=names), net))
    return StageResult(tuple(layers), tables, figures, tuple(findings))


def _net(context: Context, section: FlowsSection, flows: pd.DataFrame) -> pd.DataFrame:
    return disparity.net_flows(
        flows,
        origin=section.origin,
        destination=section.destination,
        amount=section.amount,
        year=section.year,
        population=_of_panel(context, section, section.population, 1 / section.per_head_factor),
        budget=_of_panel(context, section, section.budget, 1.0),
    )


def _of_panel(
    context: Context, section: FlowsSection, column: str | None, factor: float
) -> pd.Series | None:
    """Give people or budgets, of one year where the flows have none."""
    if column is None:
        return None
    if context.config.panel is None:
        raise ConfigError(f"[[flows]] {section.name!r}: {column!r} is a column of [panel]: add it")
    require_columns(context.panel, [column], "the panel")
    values = context.panel[column] * factor
    if section.year is not None:
        return values
    year = section.panel_year if section.panel_year is not None else context.years[-1]
    if year not in context.years:
        raise ConfigError(
            f"[[flows]] {section.name!r}: the panel has no year {year}; its years run from "
            f"{context.years[0]} to {context.years[-1]}"
        )
    return values.xs(year, level="year")


def _lines(context: Context, section: FlowsSection, flows: pd.DataFrame) -> Any:
    """Give one line a pair, with the amounts of all years together."""
    ends = [section.origin, section.destination]
    known = flows.dropna(subset=[section.amount])
    pairs = known.groupby(ends)[[section.amount]].sum().reset_index()
    points = context.regions.geometry.representative_point()
    return disparity.flow_lines(
        pairs, points, origin=section.origin, destination=section.destination
    ).rename(columns={section.amount: "amount"})


def _line_layer(section: FlowsSection, lines: Any) -> Layer:
    lines = lines.rename(columns={section.origin: "origin", section.destination: "destination"})
    unit = f" [{section.unit}]" if section.unit else ""
    ends = zip(lines["origin"], lines["destination"], strict=True)
    lines.index = pd.Index([f"{origin} {destination}" for origin, destination in ends])
    return Layer(
        name=f"{section.name}_lines",
        title=section.title,
        group="Flows",
        frame=lines.rename_axis("pair"),
        style=Graduated("amount", k=4, scheme="quantiles", palette="YlOrRd"),
        aliases={"origin": "From", "destination": "To", "amount": f"Amount{unit}"},
        abstract="From origin to destination; the course of a line means nothing.",
    )


def _region_layer(context: Context, section: FlowsSection, net: pd.DataFrame) -> Layer:
    everywhere = context.regions
    column, words = _column(section, net)
    values = net[column]
    if section.year is not None:
        values = values.groupby(level="code").mean()
        words += ", mean of the years"
    frame = everywhere[[c for c in ("name", "name_en", "geometry") if c in everywhere]].copy()
    frame[column] = values.reindex(frame.index)
    return Layer(
        name=section.name,
        title=f"{section.title}: {words}",
        group="Flows",
        frame=frame,
        style=Graduated(column, k=5, scheme="quantiles", palette="PuOr"),
        aliases={**context.named(frame), column: words},
        abstract="Received less given; below zero for those who give more.",
        visible=False,
    )


def _column(section: FlowsSection, net: pd.DataFrame) -> tuple[str, str]:
    if "net_per_head" in net.columns:
        unit = f" [{section.per_head_unit}]" if section.per_head_unit else ""
        return "net_per_head", f"net receipts per head{unit}"
    return "net", f"net receipts{f' [{section.unit}]' if section.unit else ''}"


def _drawn(context: Context, section: FlowsSection, layer: Layer) -> Any:
    column = next(c for c in ("net_per_head", "net") if c in layer.frame.columns)
    return plot.choropleth(
        context.regions.join(layer.frame[column]),
        column,
        palette="PuOr",
        label=context.label(context.regions),
        title=layer.title,
        legend=f"{section.per_head_unit if column != 'net' else section.unit}, quintiles",
        outline=context.outline,
        ax=plot.figure(figsize=(8.6, 6.6)),
    )


def _finding(section: FlowsSection, lines: Any, whole: pd.DataFrame, net: pd.DataFrame) -> Finding:
    unit = f" {section.unit}" if section.unit else ""
    total = float(lines["amount"].sum())
    given = whole["net"].sort_values()
    givers, takers = given[given < 0], given[given > 0][::-1]
    years = "" if section.year is None else _span(net)
    sentence = (
        f"{section.title}: {total:,.4g}{unit} in {len(lines)} pairs{years}. More than they receive "
        f"give {len(givers)} regions, most {_told(givers)}; more than they give receive "
        f"{len(takers)}, most {_told(takers)}{unit}."
    )
    if "net_per_head" in net.columns and section.year is None:
        per_head = whole["net_per_head"].sort_values()
        words = f" {section.per_head_unit}" if section.per_head_unit else ""
        sentence += f" Per head from {per_head.iloc[0]:,.3g} ({per_head.index[0]}) to "
        sentence += f"{per_head.iloc[-1]:,.3g}{words} ({per_head.index[-1]})."
    if "share_of_budget" in net.columns and section.year is None:
        share = whole["share_of_budget"].sort_values()
        sentence += f" Over the budget it is most in {share.index[-1]} ({share.iloc[-1]:.1%})."
    headline = {f"{section.title}: total": f"{total:,.4g}{unit}"}
    numbers = {f"{section.name}.total": total}
    figure = f"{section.name}_map"
    return Finding(section.name, sentence, section.claim, section.name, figure, headline, numbers)


def _span(net: pd.DataFrame) -> str:
    years = np.unique(net.index.get_level_values("year"))
    return f", {years[0]}" if len(years) == 1 else f", {years[0]} to {years[-1]}"


def _told(values: pd.Series) -> str:
    return some(f"{name} ({value:+,.3g})" for name, value in values.iloc[:3].items())
