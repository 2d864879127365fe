"""What regions have of their own and what they spend: gaps before and after transfers.

It is an account of what stands in the budgets, by year, not of what would be without transfers:
what is spent beyond own revenue comes from transfers, borrowing and balances of other years, and a
region that got none would raise or spend otherwise.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._align import require_columns, some
from ..._results import TransferResult
from ...errors import InputError
from ...layers import Graduated, Layer
from .._context import Context, Finding, StageResult
from .._sections import TransfersSection
from ._defined import defined
from ._gap import FEWEST, changes_of
from ._gap_told import step_words
from ._words import capital, measure_words


def run(context: Context) -> StageResult:
    """Table, draw and tell each account of transfers."""
    layers: list[Layer] = []
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in context.config.transfers:
        panel = _panel(context, section)
        result = disparity.transfer_effect(
            panel, before="before", after="after", population="people", measures=section.measures
        )
        regions = _regions(context, section, result)
        tables[section.name] = defined(result.frame.reset_index(), result)
        tables[f"{section.name}_gini"] = result.gini.rename(columns={"share": "net_share"})
        tables[f"{section.name}_regions"] = regions
        layer, drawn = _shown(context, section, panel, regions)
        layers.append(layer)
        figures |= drawn
        findings += _findings(context, section, panel, result, regions)
    return StageResult(tuple(layers), tables, figures, tuple(findings))


def _panel(context: Context, section: TransfersSection) -> pd.DataFrame:
    """Give both sides per head and people, of years with all regions."""
    given = [section.before, section.after, section.population]
    require_columns(context.panel, given, "the panel")
    panel = context.panel[given].dropna()
    people = panel[section.population]
    frame = pd.DataFrame(
        {
            "before": panel[section.before] / people * section.factor,
            "after": panel[section.after] / people * section.factor,
            "people": people,
        }
    )
    count = people.groupby(level="year").transform("count")
    frame = frame[count == count.max()]
    known = sorted(frame.index.get_level_values("year").unique())
    lacking = [str(year) for year in section.compare if year not in known]
    if lacking:
        raise InputError(
            f"[[transfers]] {section.name!r} compares {', '.join(lacking)}, which lack "
            f"{section.before!r}, {section.after!r} or people; the years that have them in all "
            f"regions are {some(known, 30)}"
        )
    return frame


def _regions(context: Context, section: TransfersSection, result: TransferResult) -> pd.DataFrame:
    """Give what each region has, spends and gains in the last year that is compared."""
    table = result.regions
    table = table[table.index.get_level_values("year") == section.compare[-1]].droplevel("year")
    measured = context.measured
    names = measured[context.english(measured)].reindex(table.index)
    table.insert(0, "name", names.fillna(table.index.to_series()))
    table["covered"] = table["before"] / table["after"].where(table["after"] > 0)
    return table


def _shown(
    context: Context, section: TransfersSection, panel: pd.DataFrame, regions: pd.DataFrame
) -> tuple[Layer, dict[str, Any]]:
    last, unit = section.compare[-1], f" [{section.unit}]" if section.unit else ""
    everywhere = context.regions
    frame = everywhere[[c for c in ("name", "name_en", "geometry") if c in everywhere]].copy()
    frame = frame.join(regions[["before", "after", "gain", "covered"]])
    before = capital(section.before_words)
    layer = Layer(
        name=section.name,
        title=f"{before} over {section.after_words}, {last}",
        group="Gaps",
        frame=frame,
        style=Graduated("covered", k=5, scheme="quantiles", palette="YlGnBu"),
        aliases={
            **context.named(frame),
            "before": f"{before} per head, {last}{unit}",
            "after": f"{section.after_words} per head, {last}{unit}",
            "gain": f"What transfers and borrowing add per head, {last}{unit}",
            "covered": f"{before} over {section.after_words}, {last} [1]",
        },
        abstract=f"{section.before} and {section.after} over {section.population}, {last}.",
        visible=False,
    )
    lines = {}
    for side, words in (("before", section.before_words), ("after", section.after_words)):
        options: dict[str, Any] = {}
        if len(regions) >= FEWEST:
            rng = context.seed(f"{section.name} intervals {side}")
            options = {"ci": section.ci, "rng": rng}
        gini = disparity.inequality(
            panel, per_head=side, population="people", measures=["gini"], **options
        )
        lines[words] = gini.rename(
            columns={"gini": "value", "gini_low": "low", "gini_high": "high"}
        ).reindex(columns=["value", "low", "high"])
    names = everywhere[context.label(everywhere)].reindex(regions.index).fillna(regions["name"])
    bars = regions.rename(columns={"before": section.before_words, "after": section.after_words})
    return layer, {
        section.name: plot.interval_lines(
            lines,
            interval=f"{section.ci:.0%} interval",
            ylabel="Gini, weighted by people",
            title=f"{section.title}: gaps between regions",
            ax=plot.figure(),
        ),
        f"{section.name}_regions": plot.growth_bars(
            bars.set_index(names),
            [section.before_words, section.after_words],
            xlabel=f"per head, {last}{unit}",
            title=f"{section.title}, {last}",
            ax=plot.figure(figsize=(6.4, 1.4 + 0.2 * len(regions))),
        ),
        f"{section.name}_map": plot.choropleth(
            everywhere.assign(covered=frame["covered"]),
            "covered",
            palette="YlGnBu",
            label=context.label(everywhere),
            outline=context.outline,
            title=f"{before} over {section.after_words}, {last}",
            legend="share, quintiles",
            ax=plot.figure(figsize=(8.6, 6.6)),
        ),
    }


def _findings(
    context: Context,
    section: TransfersSection,
    panel: pd.DataFrame,
    result: TransferResult,
    regions: pd.DataFrame,
) -> list[Finding]:
    first, last = section.compare[0], section.compare[-1]
    years, parts = section.compare, result.gini
    sides = {"before": section.before_words, "after": section.after_words}
    steps, numbers, headline = [], {}, {}
    for side, words in sides.items():
        tested = changes_of(
            panel,
            years,
            ["gini"],
            section.permutations,
            per_head=side,
            population="people",
            ci=section.ci,
            rng=context.seed(f"{section.name} changes {side}"),
        )
        steps.append(step_words(f"the Gini of {words}", parts[side], years, tested))
        numbers[f"{section.name}.{side}.gini"] = float(parts[side][last])
        key = f"{section.title}: Gini of {words} in {first} and {last}"
        headline[key] = f"{parts[side][first]:.3f} and {parts[side][last]:.3f}"
    level = result.frame.unstack("measure").loc[last]
    others = [
        f"{measure_words(m)} {level['before', m]:.3f} against {level['after', m]:.3f}"
        for m in section.measures
        if m != "gini"
    ]
    apart = -parts["redistribution"] / parts["before"]
    differences = ", ".join(f"{apart[year]:+.0%} in {year}" for year in years)
    vertical, reranking = float(parts["vertical"][last]), float(parts["reranking"][last])
    text = (
        f"{section.title}, weighted by people. {capital(steps[0])}; {steps[1]}. So from "
        f"{section.before_words} to {section.after_words} the Gini changes by {differences}. In "
        f"{last} the vertical effect is {vertical:+.3f} (above zero where those who have less gain "
        f"more), and changes of rank take {reranking:.3f} off it"
        + (f" ({'; '.join(others)})." if others else ".")
    )
    total = panel[["before", "after"]].mul(panel["people"], axis=0).groupby(level="year").sum()
    share = total["before"] / total["after"]
    ordered = regions.sort_values("covered")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    covered = (
        f"{capital(section.before_words)} covered {share[first]:.0%} of {section.after_words} in "
        f"{first} and {share[last]:.0%} in {last}, then from {low['covered']:.0%} in "
        f"{low['name']} to {high['covered']:.0%} in {high['name']}. The rest is transfers, "
        "borrowing and balances of other years. This is an account of budgets: it does not say "
        "what regions would raise or spend "
        "without transfers."
    )
    name = section.name
    numbers |= {
        f"{name}.covered": float(share[last]),
        f"{name}.vertical": vertical,
        f"{name}.reranking": reranking,
    }
    return [
        Finding(name, text, section.claim, name, name, headline, numbers),
        Finding(
            f"{name}_covered", covered, section.claim, f"{name}_regions", f"{name}_regions",
            {f"{capital(section.before_words)} over {section.after_words}, {first} and {last}":
             f"{share[first]:.0%} and {share[last]:.0%}"},
        ),
    ]  # fmt: skip
