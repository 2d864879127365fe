"""Are the targets within reach, which gaps widen, and what has the plan come to.

``evaluate`` computes, ``run`` and ``shown`` table, draw and tell it; the command that monitors a
study without running it uses the same two.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._align import require_columns, some
from ..._palettes import STATUS_COLOURS
from ..._results import MonitoringResult
from ...errors import ConfigError, MissingDataWarning
from ...layers import Categorised, Layer
from ...regions import assign_scheme, read_scheme
from .._context import Context, StageResult
from .._sections import MonitorSection, TargetSection, WatchedGapSection
from ._defined import defined, stacked
from ._monitor_told import Monitored, findings_of
from ._words import capital, measure_words

_MOST_ROWS = 80  # regions that still can be read in one figure


def run(context: Context) -> StageResult:
    """Evaluate the targets, the plan and the gaps, and show them."""
    section = context.config.monitor
    return StageResult() if section is None else shown(context, section, evaluate(context, section))


def evaluate(context: Context, section: MonitorSection) -> Monitored:
    """Compute statuses, plan and warnings as of the section's year, else the panel's last."""
    panel = context.panel
    people = section.population
    if people is None and context.config.panel is not None:
        people = context.config.panel.population
    targets, panel = _targets(context, section, panel)
    options: dict[str, Any] = {
        "population": people,
        "window": section.window,
        "confidence": section.confidence,
        "max_age": section.max_age,
    }
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", MissingDataWarning)
        result = disparity.evaluate_targets(panel, targets, year=section.year, **options)
        plan = None
        if section.period is not None:
            plan = disparity.evaluate_plan(
                panel[panel.index.get_level_values("year") <= result.year],
                targets,
                period=section.period,
                mid_year=section.mid_year,
                **options,
            )
        watched = section.gap or [_own_gap(context)]
        gaps = {gap.name: _gap(context, section, gap, people, result.year) for gap in watched}
    notes = dict.fromkeys(
        str(w.message) for w in caught if issubclass(w.category, MissingDataWarning)
    )
    return Monitored(result, plan, gaps, {gap.name: gap.title for gap in watched}, tuple(notes))


def shown(context: Context, section: MonitorSection, monitored: Monitored) -> StageResult:
    """Give the layer, tables, figures and findings of what was evaluated."""
    names = context.regions[context.english(context.regions)]
    result, plan = monitored.result, monitored.plan
    tables = {
        "monitor_status": defined(named(result.frame, names), result),
        "monitor_summary": result.summary.reset_index(),
        "monitor_warnings": stacked(monitored.gaps, ["gap"]).reset_index("gap"),
    }
    if plan is not None:
        tables["monitor_mid_term"] = defined(named(plan.mid_term, names), plan)
        tables["monitor_final"] = defined(named(plan.final, names), plan)
        tables["monitor_plan"] = plan.summary.reset_index()
    layers, figures = _drawn(context, section, monitored)
    return StageResult(layers, tables, figures, findings_of(section, monitored, names))


def named(frame: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Put the names of regions beside their codes; an aggregate is one of the nation."""
    labels = [
        f"all regions: {row.region}" if row.aggregate else names.get(row.region, "")
        for row in frame[["region", "aggregate"]].itertuples()
    ]
    named = frame.drop(columns="aggregate")
    named.insert(2, "name", labels)
    return named


def _targets(
    context: Context, section: MonitorSection, panel: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the table of targets, and the panel with the columns that they divide."""
    if section.targets is None:
        rows = [target.model_dump() for target in section.target]
    else:
        table = context.sources.table(section.targets)
        known = list(TargetSection.model_fields)
        unknown = [str(c) for c in table.columns if c not in known]
        if unknown:
            raise ConfigError(
                f"the table of targets {section.targets} has columns that mean nothing here: "
                f"{some(unknown)}; known are {some(known, 20)}"
            )
        rows = [{str(key): cell for key, cell in row.items()} for row in table.to_dict("records")]
    prepared = []
    for row in rows:
        over, factor = row.pop("over", None), row.pop("factor", None)
        over = None if over is None or over != over or over == "" else over
        factor = 1.0 if factor is None or factor != factor else float(factor)
        column, panel = _derived(panel, row.get("column"), over, factor)
        prepared.append({**row, "column": column})
    return pd.DataFrame(prepared), panel


def _derived(
    panel: pd.DataFrame, column: Any, over: str | None, factor: float
) -> tuple[Any, pd.DataFrame]:
    """Give a column of the panel divided by another, under the name of what was done."""
    if over is None and factor == 1.0:
        return column, panel
    require_columns(panel, [column, *([] if over is None else [over])], "the panel")
    words = column if over is None else f"{column} / {over}"
    words += "" if factor == 1.0 else f" x {factor:g}"
    values = panel[column] * factor
    if over is not None:
        values = values / panel[over].where(panel[over] != 0)
    return words, panel.assign(**{words: values})


def _own_gap(context: Context) -> WatchedGapSection:
    """Watch the value of the panel, at constant prices where it has them."""
    column = next(iter(context.price_variants().values()))
    label = context.config.panel.label if context.config.panel else "value per head"
    return WatchedGapSection.model_validate({"name": "per_head", "title": label, "column": column})


def _gap(
    context: Context,
    section: MonitorSection,
    gap: WatchedGapSection,
    people: str | None,
    year: int,
) -> pd.DataFrame:
    years = context.panel.index.get_level_values("year")
    inside = years <= year if gap.since is None else (years <= year) & (years >= gap.since)
    panel = context.panel[inside]
    column, panel = _derived(panel, gap.column, gap.over, gap.factor)
    by = None
    if gap.scheme is not None:
        scheme = read_scheme(gap.scheme)
        by = scheme.words
        panel = assign_scheme(panel, gap.scheme).rename(columns={scheme.name: by})
        panel = panel[panel[by].notna()]
    return disparity.early_warning(
        panel,
        value=column,
        population=people,
        by=by,
        measures=gap.measures,
        years=section.years,
        alpha=section.alpha,
        rng=context.seed(f"warning {gap.name}"),
    )


def _drawn(
    context: Context, section: MonitorSection, monitored: Monitored
) -> tuple[tuple[Layer, ...], dict[str, Any]]:
    """Draw statuses, a map of one target, and the watched gaps."""
    result = monitored.result
    names = context.regions[context.label(context.regions)]
    title = f"Targets as of {result.year}"
    figures: dict[str, Any] = {
        "monitor_summary": plot.status_bars(
            result.summary,
            title=title,
            ax=plot.figure(figsize=(8.2, 1.4 + 0.42 * len(result.summary))),
        )
    }
    single = result.frame[~result.frame["aggregate"]]
    # a target of one region would be a column of one cell
    several = single.groupby("target")["region"].transform("nunique") > 1
    many = single[several]
    if 0 < many["region"].nunique() <= _MOST_ROWS:
        size = (3.6 + 1.15 * many["target"].nunique(), 1.3 + 0.2 * many["region"].nunique())
        figures["monitor_status"] = plot.status_matrix(
            replace(result, frame=many), names=names, title=title, ax=plot.figure(figsize=size)
        )
    for name, frame in monitored.gaps.items():
        broken = frame[frame["trend_break"]]
        figures[f"monitor_gap_{name}"] = plot.inequality_lines(
            {
                measure_words(measure): rows.set_index("year")["value"]
                for measure, rows in frame.groupby("measure", sort=False)
            },
            title=f"Gap in {monitored.titles[name]}",
            marks=dict.fromkeys(broken["year"].astype(int), "new trend"),
            ax=plot.figure(),
        )
    target = _drawn_target(section, single)
    if target is None:
        return (), figures
    layer = _layer(context, result, single[single["target"] == target])
    figures["monitor_map"] = plot.categories(
        layer.frame,
        "status",
        colours=STATUS_COLOURS,
        label=context.label(context.regions),
        title=layer.title,
        legend="status",
        outline=context.outline,
        ax=plot.figure(figsize=(8.6, 6.6)),
    )
    return (layer,), figures


def _drawn_target(section: MonitorSection, single: pd.DataFrame) -> str | None:
    drawable = list(single["target"].unique())
    if section.map is None:
        return drawable[0] if drawable else None
    if section.map not in drawable:
        raise ConfigError(
            f"[monitor] map: no target {section.map!r} binds single regions; those that do are "
            f"{some(drawable)}"
        )
    return section.map


def _layer(context: Context, result: MonitoringResult, rows: pd.DataFrame) -> Layer:
    target = str(rows["target"].iloc[0])
    unit = rows["unit"].iloc[0]
    regions = context.regions
    shape = [*context.named(regions), context.label(regions), "geometry"]
    numbers = ["status", "level", "threshold", "required_pace", "actual_pace", "projection"]
    told = rows.set_index("region")[[*numbers, "words"]]
    frame = regions[list(dict.fromkeys(shape))].join(told)
    frame["status"] = frame["status"].astype(object).fillna("no data")
    counts = frame["status"].value_counts()
    classes = [(s, f"{s} ({counts[s]})", rgb) for s, rgb in STATUS_COLOURS.items() if s in counts]
    first = rows.iloc[0]
    return Layer(
        name="monitor_status",
        title=f"{capital(target)}: status as of {result.year}",
        group="Monitoring",
        frame=frame,
        style=Categorised("status", classes=classes, no_data="no data"),
        aliases={
            **context.named(frame),
            "status": "Status",
            "level": f"Level [{unit}]",
            "threshold": f"Threshold [{unit}]",
            "required_pace": f"Required pace [{unit} a year]",
            "actual_pace": f"Actual pace [{unit} a year]",
            "projection": f"Projection for {first['target_year']} [{unit}]",
            "words": "In words",
        },
        abstract=f"{target}, due in {first['target_year']}. {result.definition}.",
        visible=False,
    )
