"""Where high and low regions cluster, and how clustering moved over the years."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ... import autocorrelation, plot
from ..._align import some
from ..._palettes import CLUSTER_COLOURS
from ..._results import LocalResult
from ...layers import Categorised, Layer
from .._context import Context, Finding, StageResult
from ._neighbours import neighbours


def run(context: Context) -> StageResult:
    """Compute Moran's I by year and local clusters in the chosen years."""
    section = context.config.autocorrelation
    if section is None:
        return StageResult()
    regions = context.measured
    graph, islands = neighbours(context, section.weights)
    series = {
        words: autocorrelation.moran_series(
            context.panel,
            graph,
            value=column,
            permutations=section.permutations,
            rng=context.seed(f"moran {column}"),
        )
        for words, column in context.price_variants().items()
    }
    years = section.years or [context.years[0], context.years[-1]]
    results = {year: _local(context, graph, year) for year in years}
    names = regions[context.english(regions)]
    return StageResult(
        tuple(_layer(context, year, result) for year, result in results.items()),
        {
            "moran": pd.concat(series, names=["prices"]).reset_index(),
            "lisa": pd.concat(
                {year: r.frame.assign(name=names) for year, r in results.items()}, names=["year"]
            ).reset_index(),
        },
        _figures(context, series, results),
        (*_findings(series, results, names, years), *_weights(graph, islands)),
    )


def _weights(graph: Any, islands: tuple[str, ...]) -> tuple[Finding, ...]:
    """Say who is whose neighbour, and what became of islands."""
    cards = graph.cardinalities
    sentence = f"Weights: {graph.n} regions, {cards.mean():.2f} neighbours on average"
    sentence += "." if not islands else f". {' '.join(islands)}"
    return (Finding("weights", sentence),)


def _local(context: Context, graph: Any, year: int) -> LocalResult:
    section = context.config.autocorrelation
    y = context.panel.xs(year, level="year")["per_head"].reindex(context.measured.index)
    if section is None:
        raise ValueError("no [autocorrelation]")
    return autocorrelation.lisa(
        y,
        graph,
        permutations=section.permutations,
        alpha=section.alpha,
        correction=section.correction,
        rng=context.seed(f"lisa {year}"),
    )


def _layer(context: Context, year: int, result: LocalResult) -> Layer:
    regions = context.regions
    frame = regions[[c for c in ("name", "name_en", "geometry") if c in regions.columns]].join(
        result.frame
    )
    frame["cluster"] = frame["cluster"].astype(object).fillna("No data")
    counts = frame["cluster"].value_counts()
    classes = [(c, f"{c} ({counts[c]})", rgb) for c, rgb in CLUSTER_COLOURS.items() if c in counts]
    return Layer(
        name=f"lisa_{year}",
        title=f"LISA clusters, {year}",
        group="LISA clusters",
        frame=frame,
        style=Categorised("cluster", classes=classes),
        aliases={
            **context.named(frame),
            "y": "Value",
            "lag": "Mean of the neighbours",
            "statistic": "Local Moran's I [1]",
            "p_value": f"p ({result.alternative}, {result.permutations} permutations)",
            "cluster": f"Cluster at p ≤ {result.alpha:g}",
        },
        abstract=f"{result.name}, {result.alternative}, {result.permutations} permutations.",
        visible=year == max(context.years),
    )


def _figures(
    context: Context,
    series: dict[str, pd.DataFrame],
    results: dict[int, LocalResult],
) -> dict[str, Any]:
    label = context.label(context.regions)
    words = context.config.panel.label if context.config.panel else "value per head"
    figures: dict[str, Any] = {
        "moran": plot.moran_lines(series, title=f"Moran's I of {words}", ax=plot.figure())
    }
    for year, result in results.items():
        figures[f"lisa_{year}"] = plot.lisa_map(
            context.regions,
            result,
            label=label,
            outline=context.outline,
            title=f"Clusters of {words}, {year}",
            ax=plot.figure(figsize=(8.6, 6.6)),
        )
        figures[f"moran_scatter_{year}"] = plot.moran_scatter(
            result,
            names=context.regions[context.label(context.regions)],
            title=f"{words}, {year}",
            ax=plot.figure(figsize=(7.4, 5.0)),
        )
    return figures


def _findings(
    series: dict[str, pd.DataFrame],
    results: dict[int, LocalResult],
    names: pd.Series,
    years: list[int],
) -> tuple[Finding, ...]:
    told, headline = [], {}
    for words, frame in series.items():
        first, last = frame.index.min(), frame.index.max()
        (one, p_one), (two, p_two) = (
            frame.loc[year, ["statistic", "p_value"]] for year in (first, last)
        )
        told.append(
            f"at {words} {one:.3f} (p = {p_one:.4f}) in {first} and "
            f"{two:.3f} (p = {p_two:.4f}) in {last}"
        )
        headline[f"Moran's I in {first} and {last} ({words})"] = f"{one:.3f} and {two:.3f}"
    findings = [
        Finding("moran", f"Moran's I was {'; '.join(told)}.", None, "moran", "moran", headline),
    ]
    for year in years:
        cluster = results[year].frame["cluster"]
        parts = [
            f"{label}: {some(sorted(names[cluster.index[cluster == label]]), 12)}"
            for label in ("High-High", "Low-Low", "High-Low", "Low-High")
            if (cluster == label).any()
        ]
        words = "; ".join(parts) if parts else "no cluster"
        findings.append(
            Finding(
                f"lisa_{year}",
                f"Clusters in {year} at p ≤ {results[year].alpha:g}, current prices: {words}.",
                None,
                "lisa",
                f"lisa_{year}",
                {f"Clusters in {year}": words},
            )
        )
    return tuple(findings)
