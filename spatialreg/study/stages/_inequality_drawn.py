"""Inequality as a layer and figures: series, turning points, parts, and where answers part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._results import AnswersComparison
from ...layers import Graduated, Layer
from .._context import Context
from .._sections import InequalitySection
from ._inequality_grouped import Grouped
from ._inequality_measured import AS_COMPARED, UNTIL_THE_END, YEAR_BY_YEAR, Measured
from ._words import capital, label_words, measure_words


def disparity_layer(context: Context) -> Layer:
    """Give the value per head of the last year, and what it is of the mean of regions."""
    section = context.config.panel
    year = context.years[-1]
    unit = section.unit if section else ""
    words = label_words(context)
    latest = context.panel.xs(year, level="year")
    columns = list(context.price_variants().values())
    frame = context.regions[[c for c in ("name", "name_en", "geometry") if c in context.regions]]
    frame = frame.join(latest[columns])
    frame["relative"] = frame["per_head"] / frame["per_head"].mean()
    label = {v: f"{words}, {k} [{unit}]" for k, v in context.price_variants().items()}
    return Layer(
        name="disparity",
        title=f"{capital(words)}, {year}",
        group="Disparity",
        frame=frame,
        style=Graduated("per_head", k=5, scheme="quantiles", palette="YlOrRd", unit=unit),
        aliases={
            **context.named(frame),
            **label,
            "relative": "Relative to the mean of regions [1]",
        },
        abstract=f"{words} in {year}, {unit}.",
    )


def inequality_figures(
    context: Context, section: InequalitySection, measured: Measured
) -> dict[str, Any]:
    """Draw every measure by year, where the answers part, the groups, and the last year's map."""
    figures = {
        f"inequality_{measure}": _lines(context, measured, str(measure))
        for measure in measured.series.index.unique("measure")
    }
    words = label_words(context)
    titles = {
        YEAR_BY_YEAR: ("by_year", ", year by year"),
        UNTIL_THE_END: ("until_end", f" until {context.years[-1]}, by first year"),
        AS_COMPARED: ("compared", ", compared years"),
    }
    for kind, result in measured.parts.items():
        name, when = titles[kind]
        rows, columns = len(result.changes) // len(result.frame), len(result.frame)
        figures[f"inequality_answers_{name}"] = plot.answers_matrix(
            _with_words(result),
            title=f"Inequality of {words}{when}",
            ax=plot.figure(figsize=(5.0 + max(0.27 * columns, 3.0), 1.7 + 0.19 * rows)),
        )
    if measured.grouped is not None:
        figures |= _group_figures(context, section, measured.grouped)
    figures["lorenz"] = plot.lorenz(
        _curves(context, measured),
        title=f"Lorenz curve of {words}",
        ax=plot.figure(figsize=(5.2, 5.0)),
    )
    figures["per_head_map"] = _map(context)
    return figures


def _lines(context: Context, measured: Measured, measure: str) -> Any:
    """Draw the variants of a measure, with the intervals of the first prices."""
    first = next(iter(context.price_variants()))
    keys = [key for key in measured.keys if key[0] == measure]
    names = {key: f"{key[1]}, {key[2]}" for key in keys}
    compared = sorted({year for span in measured.spans for year in span})
    return plot.inequality_lines(
        {names[key]: measured.series.T[key] for key in keys},
        ylabel=measure_words(measure),
        title=f"{capital(measure_words(measure))} of {label_words(context)}",
        marks={year: str(year) for year in compared[1:-1]},
        bands={names[key]: measured.bounds(key) for key in keys if key[1] == first},
        turns={names[key]: measured.turning_years(key) for key in keys},
        ax=plot.figure(),
    )


def _with_words(result: AnswersComparison) -> AnswersComparison:
    """Write the measures as readers know them."""
    return replace(
        result,
        changes=result.changes.assign(measure=result.changes["measure"].map(measure_words)),
    )


def _group_figures(
    context: Context, section: InequalitySection, grouped: Grouped
) -> dict[str, Any]:
    words = label_words(context)
    prices = next(iter(context.price_variants()))
    names = {**grouped.names, grouped.split.by[0]: grouped.words}
    told = section.measures[0]
    lines = {
        f"{where}, {at}": rows.droplevel(["prices", "level"])
        for (at, where), rows in grouped.by_level[told].groupby(["prices", "level"], sort=False)
    }
    changes = {f"{a}-{b}\n{at}": change for (at, (a, b)), change in grouped.changes.items()}
    return {
        "theil_decomposition": plot.decomposition(
            grouped.split,
            names=names,
            title=f"Theil T of {words}, {prices}, by {grouped.words}",
            ax=plot.figure(),
        ),
        "inequality_change": plot.change_bars(
            changes,
            names=grouped.names,
            title=f"What changed Theil T of {words}: where, and why",
            ax=plot.figure(figsize=(7.8, 1.6 + 0.75 * len(changes))),
        ),
        "inequality_by_level": plot.inequality_lines(
            lines,
            ylabel=measure_words(told),
            title=f"{measure_words(told)} of {words}, by level",
            ax=plot.figure(),
        ),
    }


def _curves(context: Context, measured: Measured) -> dict[str, pd.DataFrame]:
    section = context.config.panel
    column = next(iter(context.price_variants().values()))
    curves = {}
    for year in measured.spans[0]:
        frame = context.panel.xs(year, level="year")
        people = frame[section.population] if section and section.population else None
        curves[str(year)] = disparity.lorenz(frame[column], population=people)
    return curves


def _map(context: Context) -> Any:
    year = context.years[-1]
    words = label_words(context)
    unit = context.config.panel.unit if context.config.panel else ""
    drawn = context.regions.join(context.panel.xs(year, level="year")["per_head"])
    return plot.choropleth(
        drawn,
        "per_head",
        label=context.label(drawn),
        outline=context.outline,
        title=f"{capital(words)}, {year}",
        legend=f"{unit}, quintiles",
        ax=plot.figure(figsize=(8.6, 6.6)),
    )
