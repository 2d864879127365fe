"""Which regions have data, and which rows have no region."""

from __future__ import annotations

import pandas as pd

from ..._align import some
from ...layers import Categorised, Layer, Simple
from .._context import Context, Finding, StageResult

_COLOURS = {"joined": "#c7e9c0", "no data": "#d95f0e"}


def run(context: Context) -> StageResult:
    """Draw the join as a layer, and table what did not match."""
    report = context.join_report
    regions = context.regions
    status = pd.Series("joined", index=regions.index).where(
        regions.index.isin(report.matched), "no data"
    )
    names = regions[context.english(regions)]
    lacking = regions.index[status == "no data"]
    counts = status.value_counts()
    layer = Layer(
        name="join_problems",
        title="Join of panel and map",
        group="Join problems",
        frame=regions[["geometry"]].assign(name=names, status=status),
        style=Categorised(
            "status",
            classes=[(s, f"{s} ({counts.get(s, 0)})", c) for s, c in _COLOURS.items()],
        ),
        aliases={"name": "Name", "status": "Join status"},
        abstract="Regions of the map with and without a row in the panel.",
        visible=False,
    )
    rows = [
        *({"code": c, "side": "map only", "name": names.get(c, "")} for c in report.regions_only),
        *({"code": c, "side": "panel only", "name": ""} for c in report.table_only),
    ]
    table = pd.DataFrame(rows, columns=["code", "side", "name"]).set_index("code")
    sentence = f"{len(report.matched)} of {len(regions)} regions of the map have data"
    if len(lacking):
        sentence += f"; without: {some(names[lacking], 8)}"
    if len(report.table_only):
        sentence += f"; {len(report.table_only)} codes of the panel are not on the map"
    finding = Finding("join", sentence + ".", table="join_problems")
    checks = _national(context), _breaks(context)
    return StageResult(
        (layer, *_outline(context)),
        {"join_problems": table, **{c[0].key: c[1] for c in checks if c is not None}},
        {},
        (finding, *(c[0] for c in checks if c is not None)),
    )


def _outline(context: Context) -> tuple[Layer, ...]:
    if context.outline is None:
        return ()
    layer = Layer(
        name="outline",
        title="Outline of the map",
        group="Outline",
        frame=context.outline,
        style=Simple("#777777", width=0.5),
        abstract=f"Lines that complete the outline: {context.config.regions.outline}.",
    )
    return (layer,)


def _national(context: Context) -> tuple[Finding, pd.DataFrame] | None:
    """Hold the sums over regions against the national totals, year by year."""
    section = context.config.panel
    if section is None or section.national is None:
        return None
    published = context.sources.by_year(section.national)
    columns = [c for c in (section.value, section.population) if c in published.columns]
    sums = context.panel[columns].groupby(level="year").sum(min_count=1)
    ratio = (sums / published[columns]).dropna(how="all")
    told = "; ".join(
        f"{column} {ratio[column].min():.3f} ({ratio[column].idxmin()}) to "
        f"{ratio[column].max():.3f} ({ratio[column].idxmax()})"
        for column in columns
    )
    key = "sums_over_national"
    return Finding(key, f"Sums over regions as ratios of the national total: {told}.", None, key), (
        ratio.round(5)
    )


def _breaks(context: Context) -> tuple[Finding, pd.DataFrame] | None:
    """List the known breaks in the columns that the study uses."""
    section = context.config.panel
    if section is None or section.breaks is None:
        return None
    used = [section.per_head, section.value, section.population, section.growth_index]
    used += [growth.column for growth in context.config.growth]
    used += [column for gap in context.config.gap for column in gap.columns.values()]
    table = context.sources.table(section.breaks)
    table = table[table["column"].isin(used)]
    unexplained = int(table["reason"].str.contains("unexplained", case=False).sum())
    key = "breaks"
    sentence = (
        f"{len(table)} breaks are flagged in the columns used, {unexplained} of them without a "
        "known reason; none is smoothed."
    )
    return Finding(key, sentence, None, key), table.set_index("column")
