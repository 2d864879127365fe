"""Whether the regions are one market: how far prices move together, and whether that changed."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._align import require_columns, some
from ..._results import SegmentationResult
from ...errors import ConfigError, MissingDataWarning
from ...layers import Graduated, Layer
from .._context import Context, Finding, StageResult
from .._sections import MarketSection
from ._defined import defined
from ._neighbours import neighbours
from ._words import p_words


def run(context: Context) -> StageResult:
    """Measure segmentation from each table of prices."""
    layers: list[Layer] = []
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in context.config.market:
        result, notes = _measured(context, section)
        years = section.compare or [int(result.frame.index[0]), int(result.frame.index[-1])]
        lacking = [str(y) for y in years if y not in result.frame.dropna(subset="variance").index]
        if lacking:
            raise ConfigError(
                f"[[market]] {section.name!r} compares {', '.join(lacking)}, when no pair has "
                f"enough commodities; the years that have are {some(result.frame.index, 40)}"
            )
        names = context.regions[context.english(context.regions)]
        by_region = result.by_region.reset_index()
        by_region.insert(1, "name", by_region["code"].map(names))
        tables[section.name] = defined(result.frame.reset_index(), result)
        tables[f"{section.name}_regions"] = by_region
        tables[f"{section.name}_pairs"] = result.pairs
        tables[f"{section.name}_commodities"] = result.coverage.reset_index()
        latest = result.by_region.xs(years[-1], level="year")["variance"] * 1e4
        layers.append(_layer(context, section, latest, years[-1]))
        figures |= _figures(context, section, result, layers[-1], years)
        findings.append(_finding(section, result, latest.rename(names), years, notes))
    return StageResult(tuple(layers), tables, figures, tuple(findings))


def _measured(context: Context, section: MarketSection) -> tuple[SegmentationResult, list[str]]:
    prices = context.sources.panel(section.source, code=section.code, year=section.year)
    on_map = prices.index.get_level_values("code").isin(context.regions.index)
    if not on_map.any():
        raise ConfigError(
            f"[[market]] {section.name!r}: no code of {section.source} is on the map "
            f"({some(prices.index.unique('code'))}): name the column of codes with code ="
        )
    prices = prices[on_map]
    unknown = [c for c in section.leave_out if c not in prices.columns]
    if unknown:
        raise ConfigError(
            f"[[market]] {section.name!r}: leave_out names {some(unknown)}, which "
            f"{section.source} does not have"
        )
    numbers = prices.select_dtypes("number").columns.drop(section.leave_out, errors="ignore")
    asked = section.commodities or list(numbers)
    require_columns(prices, asked, f"the prices {section.source}")
    graph, notes = None, list[str]()
    if section.same_basket:
        priced = prices[asked].notna().groupby(level="year").any()
        whole = priced.columns[priced[priced.any(axis=1)].all()]
        if len(whole) < len(asked):
            notes.append(
                f"{len(asked) - len(whole)} commodities without prices in some year left out"
            )
        asked = list(whole)
    if section.pairs == "neighbours":
        with_prices = context.regions.loc[context.regions.index.isin(prices.index.unique("code"))]
        graph, told = neighbours(context, section.weights, with_prices)
        notes += told
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", MissingDataWarning)
        result = disparity.market_segmentation(
            prices,
            graph,
            commodities=asked,
            form=section.form,
            fixed_effects=section.fixed_effects,
            min_commodities=section.min_commodities,
        )
    notes += [str(w.message) for w in caught if issubclass(w.category, MissingDataWarning)]
    return result, notes


def _layer(context: Context, section: MarketSection, latest: pd.Series, year: int) -> Layer:
    everywhere = context.regions
    frame = everywhere[[c for c in ("name", "name_en", "geometry") if c in everywhere]].copy()
    frame["variance"] = latest.reindex(frame.index)
    return Layer(
        name=section.name,
        title=f"{section.title}: segmentation, {year}",
        group="Markets",
        frame=frame,
        style=Graduated("variance", k=5, scheme="quantiles", palette="Oranges"),
        aliases={
            **context.named(frame),
            "variance": f"Mean variance of relative prices with others, {year} [1/10,000]",
        },
        abstract="The higher, the less prices move with those of other regions.",
        visible=False,
    )


def _figures(
    context: Context,
    section: MarketSection,
    result: SegmentationResult,
    layer: Layer,
    years: list[int],
) -> dict[str, Any]:
    return {
        section.name: plot.inequality_lines(
            {"mean over pairs": result.frame["variance"] * 1e4},
            ylabel="variance of relative prices [1/10,000]",
            title=section.title,
            marks={year: str(year) for year in years[1:-1]},
            ax=plot.figure(),
        ),
        f"{section.name}_map": plot.choropleth(
            context.regions.join(layer.frame["variance"]),
            "variance",
            palette="Oranges",
            label=context.label(context.regions),
            title=layer.title,
            legend="1/10,000, quintiles",
            outline=context.outline,
            ax=plot.figure(figsize=(8.6, 6.6)),
        ),
    }


def _finding(
    section: MarketSection,
    result: SegmentationResult,
    latest: pd.Series,
    years: list[int],
    notes: list[str],
) -> Finding:
    level = result.frame["variance"] * 1e4
    first, last = years[0], years[-1]
    change = disparity.segmentation_change(result, first=first, last=last)
    word = "fell" if change.statistic < 0 else "rose"
    course = ", ".join(f"{level[year]:.3g} in {year}" for year in years)
    known = latest.dropna().sort_values(ascending=False)
    sentence = (
        f"{section.title}: the variance of relative prices over {len(result.coverage.columns)} "
        f"commodities (mean over {change.pairs} pairs of {change.regions} regions, 1/10,000) was "
        f"{course}. From {first} to {last} it {word} by {abs(change.statistic) * 1e4:.3g} "
        f"(standard error {change.standard_error * 1e4:.2g}, {p_words(change.p_value)}, jackknife "
        f"over regions). Highest was {level.idxmax()} ({level.max():.3g}). In {last} "
        f"{some(known.index[:3])} moved least with the others, {some(known.index[::-1][:3])} most."
    )
    if notes:
        sentence += f" Mind: {'; '.join(notes)}."
    headline = {
        f"{section.title}: variance of relative prices in {first} and {last} [1/10,000]": (
            f"{level[first]:.3g} and {level[last]:.3g}"
        )
    }
    numbers = {f"{section.name}.{year}": float(level[year]) for year in years}
    return Finding(
        section.name, sentence, section.claim, section.name, section.name, headline, numbers
    )
