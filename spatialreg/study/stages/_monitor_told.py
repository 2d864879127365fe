"""What monitoring found, in sentences: by target, by plan, by watched gap."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..._align import some
from ..._palettes import STATUS_COLOURS
from ..._results import MonitoringResult, PlanEvaluation
from .._context import Finding
from .._sections import MonitorSection
from ._words import capital, measure_words

_TOLD_ONE_BY_ONE = 3  # more regions than this are counted by status


@dataclass(frozen=True)
class Monitored:
    """Statuses, the plan if one is evaluated, the watched gaps, and what was left out."""

    result: MonitoringResult
    plan: PlanEvaluation | None
    gaps: dict[str, pd.DataFrame]
    titles: dict[str, str]
    notes: tuple[str, ...]


def findings_of(
    section: MonitorSection, monitored: Monitored, names: pd.Series
) -> tuple[Finding, ...]:
    """Tell the whole, each target, the plan, each gap, and what was left out."""
    result = monitored.result
    findings = [_overall(section, result)]
    for target, rows in result.frame.groupby("target", sort=False):
        findings.append(_of_target(str(target), rows, result, names))
    if monitored.plan is not None:
        findings += [_of_plan(str(t), rows, monitored.plan)
                     for t, rows in monitored.plan.frame.groupby("target", sort=False)]  # fmt: skip
    for name, frame in monitored.gaps.items():
        findings.append(_of_gap(name, monitored.titles[name], frame))
    if monitored.notes:
        words = "; ".join(monitored.notes)
        findings.append(Finding("monitor_notes", f"Left out in monitoring: {words}."))
    return tuple(findings)


def _overall(section: MonitorSection, result: MonitoringResult) -> Finding:
    counts = result.frame["status"].value_counts()
    told = ", ".join(f"{counts[s]} {s}" for s in STATUS_COLOURS if s in counts)
    total = result.frame["target"].nunique()
    sentence = (
        f"As of {result.year}, {total} targets were judged for {len(result.frame)} pairs of target "
        f"and region: {told}. {capital(result.definition)}."
    )
    headline = {f"Targets as of {result.year}": told}
    return Finding(
        "monitor", sentence, section.claim, "monitor_summary", "monitor_summary", headline
    )


def _of_target(
    target: str, rows: pd.DataFrame, result: MonitoringResult, names: pd.Series
) -> Finding:
    due = rows["target_year"].iloc[0]
    parts = [f"all regions, {row['region']}: {row['status']}, {row['words']}"
             for row in rows[rows["aggregate"]].to_dict("records")]  # fmt: skip
    single = rows[~rows["aggregate"]]
    if len(single) <= _TOLD_ONE_BY_ONE:
        parts += [f"{names.get(row['region'], row['region'])}: {row['status']}, {row['words']}"
                  for row in single.to_dict("records")]  # fmt: skip
        single = single.iloc[:0]
    for status in STATUS_COLOURS:
        regions = single.loc[single["status"] == status, "region"]
        if len(regions):
            told = some([names.get(region, region) for region in regions], 8)
            good = status in ("met", "on track") and len(regions) > 3
            parts.append(f"{len(regions)} {status}" + ("" if good else f" ({told})"))
    sentence = f"{capital(target)}, due in {due}, as of {result.year}: {'; '.join(parts)}."
    return Finding(f"monitor_target {target}", sentence, None, "monitor_status", "monitor_status")


def _of_plan(target: str, rows: pd.DataFrame, plan: PlanEvaluation) -> Finding:
    parts = []
    stages = (("mid", f"Mid-term {plan.mid_year}", "monitor_mid_term"),
              ("final", f"End {plan.last}", "monitor_final"))  # fmt: skip
    table = stages[0][2]
    for stage, words, name in stages:
        if (rows[f"{stage}_status"] == "not due").all():
            parts.append(f"{words}: not due")
            continue
        table = name
        nation = [
            f"all regions, {row['region']}: {row[f'{stage}_value']:.4g} against "
            f"{row[f'{stage}_expected']:.4g} on the straight path, {row[f'{stage}_status']}"
            for row in rows[rows["aggregate"]].to_dict("records")
        ]
        single = rows[~rows["aggregate"]]
        if len(single):
            ahead = single[f"{stage}_ahead"]
            known = int(ahead.notna().sum())
            nation.append(
                f"{int(ahead.fillna(False).sum())} of {known} regions on or ahead of the path"
            )
        parts.append(f"{words}: {'; '.join(nation)}")
    sentence = f"{plan.period}: {target}. {'. '.join(parts)}."
    return Finding(f"monitor_plan {target}", sentence, None, table)


def _of_gap(name: str, title: str, frame: pd.DataFrame) -> Finding:
    """Tell the last year's state, and the breaks, of every measure."""
    parts = []
    for measure, rows in frame.groupby("measure", sort=False):
        known = rows.dropna(subset="value")
        if known.empty:  # zero everywhere, for one
            parts.append(f"{measure_words(measure)} is not defined")
            continue
        last = known.iloc[-1]
        words = f"{measure_words(measure)} {last['value']:.4g} in {last['year']}"
        if last["warning"]:
            words += f", warning: {last['reason']}"
        elif last["change"] == last["change"]:
            words += f" ({last['change']:+.2g} on the year before)"
        turned = rows.loc[rows["trend_break"] & (rows["year"] != last["year"]), "year"]
        if len(turned):
            words += f", its trend turned in {some(turned)}"
        parts.append(words)
    warned = frame[frame["warning"] & (frame["year"] == frame["year"].max())]
    state = "warning" if len(warned) else "no warning"
    sentence = f"Gap in {title}: {'; '.join(parts)}."
    headline = {f"Gap in {title}, {frame['year'].max()}": state}
    return Finding(
        f"monitor_gap {name}", sentence, None, "monitor_warnings", f"monitor_gap_{name}", headline
    )
