"""In which year something happened in each region: how many by when, and where.

For a list of events with the region's code and a year, such as counties taken off a list.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ... import plot
from ..._align import require_columns, some
from ..._palettes import NO_DATA
from ...errors import InputError
from ...layers import Categorised, Layer
from .._context import Context, Finding, StageResult
from .._sections import EventsSection
from ._coverage_drawn import blues

_NONE = "none"


def run(context: Context) -> StageResult:
    """Count, draw and tell the events of every section."""
    parts = [_run_one(context, section) for section in context.config.events]
    return StageResult(
        tuple(part.layers[0] for part in parts),
        {name: table for part in parts for name, table in part.tables.items()},
        {name: figure for part in parts for name, figure in part.figures.items()},
        tuple(part.findings[0] for part in parts),
    )


def _run_one(context: Context, section: EventsSection) -> StageResult:
    regions = context.sources.regions(section.regions)
    table = context.sources.table(section.table)
    if section.code == table.index.name:
        table = table.reset_index()
    require_columns(table, [section.code, section.year], f"the table {section.table}")
    bare = table.index[table[section.code].isna()]
    if len(bare):
        raise InputError(
            f"{len(bare)} rows of the table {section.table} have no {section.code!r} "
            f"({some(bare)}): fill the codes in, or leave these rows out"
        )
    events = pd.DataFrame(
        {"code": table[section.code].astype(str), "year": _years(section, table[section.year])}
    )
    count = events["year"].value_counts().sort_index().rename("events").to_frame()
    count["so_far"] = count["events"].cumsum()
    undated = int(events["year"].isna().sum())
    # a region with two events is drawn by its first
    first = events.groupby("code")["year"].min().reindex(regions.index)
    words = first.astype("str").where(first.notna(), _NONE)
    shades = dict(zip(map(str, count.index), blues(len(count)), strict=True))
    shades[_NONE] = "#f2f2f2"
    drawn = regions[[c for c in ("name", "geometry") if c in regions.columns]].copy()
    drawn[section.name] = words
    numbers = words.value_counts()
    layer = Layer(
        name=section.name,
        title=section.title,
        group="Events",
        frame=drawn,
        style=Categorised(
            section.name,
            classes=[(c, f"{c} ({numbers[c]})", s) for c, s in shades.items() if c in numbers],
        ),
        aliases={**context.named(drawn), section.name: f"{section.title} [year]"},
        abstract=f"{section.title}: {section.table}, column {section.year}.",
        visible=False,
        table=context.table(section.regions),
    )
    figure: Any = plot.categories(
        drawn,
        section.name,
        colours={c: s for c, s in {**shades, "No data": NO_DATA}.items() if c in numbers},
        title=section.title,
        legend="year",
        outline=context.outline,
        ax=plot.figure(figsize=(8.6, 6.6)),
    )
    return StageResult(
        (layer,),
        {section.name: count.rename_axis("year")},
        {section.name: figure},
        (_finding(section, events, count, undated, regions.index),),
    )


def _years(section: EventsSection, given: pd.Series) -> pd.Series:
    """Give the years of a column of years or dates."""
    years = pd.to_numeric(given, errors="coerce")
    dates = pd.to_datetime(given.where(years.isna()), format="ISO8601", errors="coerce")
    years = years.fillna(dates.dt.year)
    wrong = given.index[given.notna() & (years.isna() | (years % 1 != 0))]
    if len(wrong) or years.isna().all():
        told = f"{len(wrong)} rows are not, at {some(wrong)}" if len(wrong) else "it is empty"
        raise InputError(
            f"column {section.year!r} of the table {section.table} must hold years or dates; {told}"
        )
    return years.astype("Int64")


def _finding(
    section: EventsSection,
    events: pd.DataFrame,
    count: pd.DataFrame,
    undated: int,
    on_map: pd.Index,
) -> Finding:
    told = ", ".join(f"{year}: {row['events']:,}" for year, row in count.iterrows())
    total, last = len(events), count.index[-1]
    lost = sorted(set(events["code"]) - set(on_map))
    sentence = (
        f"{section.title}: {total:,} in the list ({told}); {total - undated:,} by {last}, "
        f"{undated:,} without a year"
    )
    if lost:
        sentence += f"; {len(lost)} codes are not on the map ({some(lost)})"
    return Finding(
        section.name,
        sentence + ".",
        section.claim,
        section.name,
        section.name,
        {section.title: f"{total - undated:,} of {total:,} by {last}"},
        {
            f"{section.name}.total": total,
            **{f"{section.name}.after_{y}": total - int(n) for y, n in count["so_far"].items()},
        },
    )
