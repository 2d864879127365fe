"""How far regions lie apart in services, spending or incomes, year by year.

A column is divided by another (people, or the incomes of the other half of a ratio); its spread
over regions is told by year, so that it can be seen whether gaps narrowed.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._align import require_columns
from .._config import GapSection
from .._context import Context, Finding, StageResult


def run(context: Context) -> StageResult:
    """Measure the spread of every column asked for, by year."""
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in context.config.gap:
        table = _measured(context, section)
        tables[section.name] = table
        for measure in section.measures[:1]:
            lines = {
                str(column): rows.set_index("year")[measure]
                for column, rows in table.groupby("series", sort=False)
            }
            figures[section.name] = plot.inequality_lines(
                lines, ylabel=measure, title=section.title, ax=plot.figure()
            )
        findings.append(_finding(section, table))
    return StageResult((), tables, figures, tuple(findings))


def _measured(context: Context, section: GapSection) -> pd.DataFrame:
    """Give a row a (series, year): regions, mean, lowest, highest and the measures."""
    panel = context.panel
    wanted = [*section.columns.values(), *(c for c in (section.over, section.population) if c)]
    require_columns(panel, wanted, "the panel")
    parts = []
    for words, column in section.columns.items():
        value = panel[column] * section.factor
        if section.over is not None:
            value = value / panel[section.over]
        frame = pd.DataFrame({"value": value})
        if section.population is not None:
            frame["people"] = panel[section.population]
        # years that do not have all the regions are not comparable with those that do
        count = frame["value"].groupby(level="year").transform("count")
        frame = frame[count == count.max()].dropna()
        spread = disparity.inequality(
            frame,
            per_head="value",
            population=None if section.population is None else "people",
            measures=tuple(section.measures),
        )[list(section.measures)]
        by_year = frame["value"].groupby(level="year")
        described = pd.DataFrame(
            {
                "series": words,
                "regions": by_year.size(),
                "median": by_year.median(),
                "lowest": by_year.min(),
                "highest": by_year.max(),
            }
        )
        parts.append(described.join(spread).reset_index())
    return pd.concat(parts, ignore_index=True)


def _digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"


def _finding(section: GapSection, table: pd.DataFrame) -> Finding:
    told, headline = [], {}
    measure = section.measures[0]
    for column, rows in table.groupby("series", sort=False):
        known = rows.set_index("year")
        years = [year for year in section.compare if year in known.index]
        first, last = (years[0], years[-1]) if len(years) > 1 else (known.index[0], known.index[-1])
        one, two = (float(known[measure].loc[year]) for year in (first, last))
        before, after = (float(known["median"].loc[year]) for year in (first, last))
        word = "fell" if two < one else "rose"
        text = (
            f"{column}: {measure} {word} from {one:.3f} in {first} to {two:.3f} in {last} "
            f"({two / one - 1:+.1%}), median {_digits(before)} to {_digits(after)}"
            f"{' ' + section.unit if section.unit else ''}"
        )
        lacking = [str(year) for year in section.compare if year not in known.index]
        if lacking:
            text += f" (no values for all regions in {', '.join(lacking)})"
        told.append(text)
        headline[f"{section.title}, {column}: {measure} in {first} and {last}"] = (
            f"{one:.3f} and {two:.3f}"
        )
    weighted = "unweighted" if section.population is None else f"weighted by {section.population}"
    sentence = f"{section.title} ({weighted}). {'; '.join(told)}."
    return Finding(section.name, sentence, section.claim, section.name, section.name, headline)
