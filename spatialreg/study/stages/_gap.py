"""How far regions lie apart in services, spending or incomes, year by year.

A column is divided by another (people, or the incomes of the other half of a ratio); its spread
over regions is told by year, so that it can be seen whether gaps narrowed.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._align import require_columns, some
from ...errors import InputError
from .._config import GapSection
from .._context import Context, Finding, StageResult
from ._inequality import MEASURE_WORDS


def run(context: Context) -> StageResult:
    """Measure the spread of every column asked for, by year."""
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in context.config.gap:
        table = _measured(context, section)
        tables[section.name] = table
        shown = "median" if section.tell == "median" else section.measures[0]
        lines = {
            str(series): rows.set_index("year")[shown]
            for series, rows in table.groupby("series", sort=False)
        }
        breaks = _breaks(context, section)
        figures[section.name] = plot.inequality_lines(
            lines,
            ylabel=f"median [{section.unit}]" if shown == "median" else _words(shown),
            title=section.title,
            marks={year: "break" for year in breaks},
            ax=plot.figure(),
        )
        findings.append(_finding(section, table, breaks))
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
        frame = frame.dropna()
        # years that do not have all the regions are not comparable with those that do
        count = frame["value"].groupby(level="year").transform("count")
        frame = frame[count == count.max()]
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


def _words(measure: str) -> str:
    return MEASURE_WORDS.get(measure, measure)


def _breaks(context: Context, section: GapSection) -> list[int]:
    """List the years in which a column's definition changes for all regions."""
    panel = context.config.panel
    if panel is None or panel.breaks is None:
        return []
    table = context.sources.table(panel.breaks)
    mine = table["column"].isin(section.columns.values()) & table["code"].isna()
    return sorted({int(year) for year in table.loc[mine, "year"]})


def _finding(section: GapSection, table: pd.DataFrame, breaks: list[int]) -> Finding:
    told, headline = [], {}
    measure = section.measures[0]
    for series, rows in table.groupby("series", sort=False):
        known = rows.set_index("year")
        lacking = [str(year) for year in section.compare if year not in known.index]
        if lacking:
            raise InputError(
                f"[[gap]] {section.name!r} compares {', '.join(lacking)}, when {series!r} has no "
                f"value in all regions; the years that have are {some(known.index, 30)}"
            )
        first, last = section.compare[0], section.compare[-1]
        one, two = (float(known[measure].loc[year]) for year in (first, last))
        before, after = (float(known["median"].loc[year]) for year in (first, last))
        word = "fell" if two < one else "rose" if two > one else "stayed"
        change = f" ({two / one - 1:+.1%})" if one else ""
        text = (
            f"{series}: {_words(measure)} {word} from {one:.3f} in {first} to {two:.3f} in {last}"
            f"{change}, median {_digits(before)} to {_digits(after)}"
            f"{' ' + section.unit if section.unit else ''}"
        )
        told.append(text)
        if section.tell == "median":
            what, shown = "median", f"{_digits(before)} and {_digits(after)} {section.unit}"
        else:
            what, shown = _words(measure), f"{one:.3f} and {two:.3f}"
        headline[f"{section.title}, {series}: {what} in {first} and {last}"] = shown.strip()
    weighted = "unweighted" if section.population is None else f"weighted by {section.population}"
    sentence = f"{section.title} ({weighted}). {'; '.join(told)}."
    if breaks:
        sentence += f" The definition changes in {some(breaks)}: years across are not comparable."
    return Finding(section.name, sentence, section.claim, section.name, section.name, headline)
