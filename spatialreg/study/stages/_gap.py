"""How far regions lie apart in services, spending, incomes or networks, year by year.

A column is divided by another (people, or the incomes of the other half of a ratio) or by the area
of the regions; its spread over regions is told by year, with intervals, a test of each change and
the region that it hangs on most, so that it can be seen whether gaps narrowed, and how surely.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._align import require_columns, some
from ...errors import InputError
from ...layers import Graduated, Layer
from .._context import Context, Finding, StageResult
from .._sections import GapSection
from ._defined import defined
from ._gap_told import told
from ._inequality_measured import spans_of
from ._words import capital, measure_words

FEWEST = 5  # regions, of which a change can be tested
# they hang on few regions' values, and have neither a standard error nor a sensible interval
_UNTESTED = ("palma", "max_min", "quantile_ratio")


def run(context: Context) -> StageResult:
    """Measure the spread of every column asked for, by year."""
    layers: list[Layer] = []
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in context.config.gap:
        values = {words: _values(context, section, words) for words in section.columns}
        table = _measured(context, section, values)
        _require_years(section, table)
        changes = _changes(context, section, values)
        without = _without(context, section, values)
        breaks = _breaks(context, section)
        tables[section.name] = table
        tables[f"{section.name}_changes"] = changes
        tables[f"{section.name}_without"] = without
        figures[section.name] = _figure(section, table, breaks)
        if section.map:
            regions, drawn, mapped = _maps(context, section, values)
            tables[f"{section.name}_regions"] = regions
            figures |= drawn
            layers += mapped
        findings += told(section, table, changes, without, breaks)
    return StageResult(tuple(layers), tables, figures, tuple(findings))


def changes_of(
    panel: pd.DataFrame, years: list[int], measures: list[str], permutations: int, **options: Any
) -> pd.DataFrame:
    """Give a row a (span, measure): its change, interval and p-value; none where none is due.

    The whole span is tested by every measure, the steps between by the first.
    """
    codes = [set(panel.xs(year, level="year").index) for year in years]
    tested = [m for m in measures if not m.startswith(_UNTESTED)]
    if len(set.intersection(*codes)) < FEWEST or not tested:
        return pd.DataFrame()
    parts = []
    for first, last in spans_of(years):
        whole = (first, last) == (years[0], years[-1])
        test = disparity.trend_test(
            panel,
            start=first,
            end=last,
            measures=tested if whole else tested[:1],
            permutations=permutations,
            **options,
        )
        frame = test.frame.drop(columns="statistic").reset_index()
        frame.insert(0, "from_year", first)
        frame.insert(1, "to_year", last)
        parts.append(defined(frame, test))
    return defined(pd.concat(parts, ignore_index=True), *parts)


def _values(context: Context, section: GapSection, words: str) -> pd.DataFrame:
    """Give the value of one column by region and year, and what weights it, of complete years."""
    panel, column = context.panel, section.columns[words]
    wanted = [column, *(c for c in (section.over, section.population) if c)]
    require_columns(panel, wanted, "the panel")
    value = panel[column] * section.factor
    if section.blank is not None:
        value = value.fillna(section.blank * section.factor)
    area = pd.Series(context.areas.reindex(panel.index.get_level_values("code")).to_numpy(),
                     index=panel.index)  # fmt: skip
    if section.per_area:
        value = value / area
    elif section.over is not None:
        value = value / panel[section.over]
    frame = pd.DataFrame({"value": value})
    if section.per_area:
        frame["weight"] = area
    elif section.population is not None:
        frame["weight"] = panel[section.population]
    frame = frame.dropna()
    # years that do not have all the regions are not comparable with those that do
    count = frame["value"].groupby(level="year").transform("count")
    return frame[count == count.max()]


def _weight(weighting: str) -> str | None:
    return "weight" if weighting == "weighted" else None


def _measured(
    context: Context, section: GapSection, values: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Give a row a (series, weighting, year): regions, mean, median, ends and the measures."""
    parts = []
    for words, frame in values.items():
        by_year = frame["value"].groupby(level="year")
        for weighting in section.weightings:
            options: dict[str, Any] = {}
            if by_year.size().max() >= FEWEST:
                purpose = f"{section.name} intervals {words} {weighting}"
                options = {"ci": section.ci, "rng": context.seed(purpose)}
            spread = disparity.inequality(
                frame,
                per_head="value",
                population=_weight(weighting),
                measures=tuple(section.measures),
                **options,
            )
            weight = frame["weight"] if weighting == "weighted" else frame["value"] * 0 + 1
            total = (frame["value"] * weight).groupby(level="year").sum()
            described = pd.DataFrame(
                {
                    "series": words,
                    "weighting": _counted(section, weighting),
                    "regions": by_year.size(),
                    "mean": total / weight.groupby(level="year").sum(),
                    "median": by_year.median(),
                    "lowest": by_year.min(),
                    "highest": by_year.max(),
                }
            )
            parts.append(defined(described.join(spread).reset_index(), spread))
    return defined(pd.concat(parts, ignore_index=True), *parts)


def _counted(section: GapSection, weighting: str) -> str:
    if weighting == "once":
        return "each region once"
    return f"weighted by {'area' if section.per_area else 'people'}"


def _require_years(section: GapSection, table: pd.DataFrame) -> None:
    for series, rows in table.groupby("series", sort=False):
        known = sorted(rows["year"].unique())
        lacking = [str(year) for year in section.compare if year not in known]
        if lacking:
            raise InputError(
                f"[[gap]] {section.name!r} compares {', '.join(lacking)}, when {series!r} has no "
                f"value in all regions; the years that have are {some(known, 30)}; if a blank "
                "means none, say blank = 0"
            )


def _changes(
    context: Context, section: GapSection, values: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Test every change between the years that are compared."""
    parts = []
    for words, frame in values.items():
        for weighting in section.weightings:
            part = changes_of(
                frame,
                section.compare,
                section.measures,
                section.permutations,
                per_head="value",
                population=_weight(weighting),
                ci=section.ci,
                rng=context.seed(f"{section.name} changes {words} {weighting}"),
            )
            part.insert(0, "series", words)
            part.insert(1, "weighting", _counted(section, weighting))
            parts.append(part)
    return defined(pd.concat(parts, ignore_index=True), *parts)


def _without(
    context: Context, section: GapSection, values: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Give the first measure without each region, in the years that are compared."""
    regions = context.measured
    names = regions[context.english(regions)] if len(regions.columns) else pd.Series(dtype=object)
    parts = []
    for words, frame in values.items():
        for weighting in section.weightings:
            measure = section.measures[0]
            left = disparity.leave_one_out(
                frame, per_head="value", population=_weight(weighting), measures=[measure]
            )
            wide = left.unstack("year")
            part = pd.DataFrame(
                {
                    "series": words,
                    "weighting": _counted(section, weighting),
                    "measure": measure,
                    "region": wide.index,
                    "name": names.reindex(wide.index).fillna(wide.index.to_series()),
                }
            )
            for year in section.compare:
                part[f"y{year}"] = wide[measure, year]
                part[f"change_{year}"] = wide[f"{measure}_change", year]
            parts.append(defined(part, left))
    return defined(pd.concat(parts, ignore_index=True), *parts)


def _figure(section: GapSection, table: pd.DataFrame, breaks: list[int]) -> Any:
    shown = "median" if section.tell == "median" else section.measures[0]
    several = len(section.weightings) > 1 and shown != "median"
    lines = {}
    for (series, weighting), rows in table.groupby(["series", "weighting"], sort=False):
        if shown == "median" and series in lines:
            continue  # a median has no weights
        line = rows.set_index("year").rename(columns={shown: "value"})
        low, high = f"{shown}_low", f"{shown}_high"
        line["low"] = line[low] if low in line else float("nan")
        line["high"] = line[high] if high in line else float("nan")
        lines[f"{series}, {weighting}" if several else str(series)] = line
    return plot.interval_lines(
        lines,
        interval=f"{section.ci:.0%} interval",
        ylabel=f"median [{section.unit}]" if shown == "median" else measure_words(shown),
        title=section.title,
        marks={year: "break" for year in breaks},
        ax=plot.figure(),
    )


def _maps(
    context: Context, section: GapSection, values: dict[str, pd.DataFrame]
) -> tuple[pd.DataFrame, dict[str, Any], list[Layer]]:
    """Give the table by region, and a map and a layer of each column in the last year."""
    everywhere = context.regions
    frame = everywhere[[c for c in ("name", "name_en", "geometry") if c in everywhere]].copy()
    last, unit = section.compare[-1], f" [{section.unit}]" if section.unit else ""
    aliases, columns = context.named(frame), {}
    for words, value in values.items():
        slug = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "value"
        wide = value["value"].unstack("year")
        for year in section.compare:
            column = f"{slug}_{year}"
            frame[column] = wide[year].reindex(frame.index)
            aliases[column] = f"{capital(words)}, {year}{unit}"
        columns[words] = (slug, f"{slug}_{last}")
    figures, layers = {}, []
    for words, (slug, column) in columns.items():
        name = section.name if len(columns) == 1 else f"{section.name}_{slug}"
        title = section.title if len(columns) == 1 else f"{section.title}: {words}"
        style = Graduated(column, k=5, scheme="quantiles", palette="YlGnBu", unit=section.unit)
        layers.append(
            Layer(
                name=name,
                title=f"{title}, {last}",
                group="Gaps",
                frame=frame,
                style=style,
                aliases=aliases,
                abstract=f"{title}, {last}{unit}; {_base(section)}.",
                visible=False,
                table=f"{section.name}_regions",
            )
        )
        shown = everywhere.assign(value=frame[column])
        figures[f"{name}_map"] = plot.choropleth(
            shown,
            "value",
            palette="YlGnBu",
            label=context.label(everywhere),
            outline=context.outline,
            title=f"{title}, {last}",
            legend=f"{section.unit}, quintiles".removeprefix(", "),
            ax=plot.figure(figsize=(8.6, 6.6)),
        )
    table = frame.drop(columns="geometry").dropna(
        subset=[c for _, c in columns.values()], how="all"
    )
    return table, figures, layers


def _base(section: GapSection) -> str:
    if section.per_area:
        return "over the area of the map's region, in an equal-area projection"
    return f"over {section.over}" if section.over else "as given"


def _breaks(context: Context, section: GapSection) -> list[int]:
    """List the years in which a column's definition changes for all regions."""
    panel = context.config.panel
    if panel is None or panel.breaks is None:
        return []
    table = context.sources.table(panel.breaks)
    mine = table["column"].isin([*section.columns.values(), section.over]) & table["code"].isna()
    return sorted({int(year) for year in table.loc[mine, "year"]})
