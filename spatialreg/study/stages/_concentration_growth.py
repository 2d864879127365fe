"""Who outgrew the nation by its structure, and who by its own: shift-share of growth."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd

from ... import disparity, plot
from .._context import Finding, StageResult
from .._sections import ConcentrationSection
from ._concentration_held import Grouping, Held, grouping
from ._defined import defined, stacked

_MANY = 3  # regions named at each end


def grown(section: ConcentrationSection, held: Held) -> StageResult:
    """Take growth apart between the years compared, by region and by group."""
    codes = held.panel.index.unique("code")
    group = grouping(section.schemes[0], codes, "[concentration] schemes")
    whole = (section.compare[0], section.compare[-1])
    steps = list(pairwise(section.compare))
    rates: list[pd.DataFrame] = []
    parts: dict[Any, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for start, end in dict.fromkeys([*steps, whole]):
        options: dict[str, Any] = {"start": start, "end": end}
        single = disparity.shift_share_rates(held.panel, **options)
        inside = held.panel[held.panel.index.get_level_values("code").isin(group.groups.index)]
        # the nation is all regions, those outside the scheme too
        nation = held.panel.groupby(level="year").sum()
        joint = disparity.shift_share_rates(inside, by=group.groups, nation=nation, **options)
        joint = joint.reindex(list(group.words.values())).dropna(how="all")
        rates += [
            _rows(single, "region", held.names, options),
            _rows(joint, "group", None, options),
        ]
        detail = disparity.shift_share(held.panel, dynamic=True, **options)
        parts[start, end] = detail.groupby(level=["code", "industry"], sort=False).sum()
        if (start, end) not in steps:
            continue
        key = f"concentration_growth_{start}_{end}"
        figures[key] = plot.growth_quadrants(
            single,
            groups=group.groups,
            names=held.labels,
            title=f"Growth {start}-{end} beyond that of all together{held.prices}",
            ax=plot.figure(figsize=(8.4, 5.4)),
        )
        findings.append(_finding(key, single, joint, group, held, (start, end)))
    tables = {
        "concentration_growth": defined(pd.concat(rates, ignore_index=True), *rates),
        "concentration_growth_parts": stacked(parts, ["start", "end"]).reset_index(),
    }
    return StageResult((), tables, figures, tuple(findings))


def _rows(
    rates: pd.DataFrame, level: str, names: dict[Any, str] | None, options: dict[str, Any]
) -> pd.DataFrame:
    rows = rates.rename_axis("code").reset_index()
    rows.insert(1, "name", rows["code"] if names is None else rows["code"].map(names))
    where = pd.DataFrame({**options, "level": level}, index=rows.index)
    return defined(pd.concat([where, rows], axis=1), rates)


def _finding(
    key: str,
    single: pd.DataFrame,
    joint: pd.DataFrame,
    group: Grouping,
    held: Held,
    years: tuple[int, int],
) -> Finding:
    known = single.dropna()
    ahead = int((known["growth"] > known["national"]).sum())
    larger = int((known["competitive"].abs() > known["mix"].abs()).sum())
    told = [
        f"by structure {_ends(known['mix'], held)}",
        f"by their own {_ends(known['competitive'], held)}",
    ]
    groups = "; ".join(
        f"{name} {row['growth']:.1f} % ({_points(row['mix'])} by structure, "
        f"{_points(row['competitive'])} by its own)"
        for name, row in joint.iterrows()
    )
    nation = known["national"].iloc[0]
    sentence = (
        f"Growth {years[0]}-{years[1]}{held.prices}: all regions together grew by {nation:.1f} % a "
        f"year, and {ahead} of {len(known)} regions outgrew them. Most and least, in points a "
        f"year: {'; '.join(told)}. Groups: {groups}. In {larger} of {len(known)} regions their own "
        "growth weighs more than their structure; own is what is left, not a cause."
    )
    net = joint["mix"] + joint["competitive"]
    headline = {
        f"Growth beyond all regions together {years[0]}-{years[1]}, {group.title}": ", ".join(
            f"{name} {_points(value)}" for name, value in net.items()
        )
        + " points a year"
    }
    return Finding(key, sentence, None, "concentration_growth", key, headline)


def _points(value: float) -> str:
    return f"{round(value, 1) + 0.0:+.1f}"  # never a minus zero


def _ends(values: pd.Series, held: Held) -> str:
    ordered = values.rename(index=held.names).sort_values(kind="stable")
    count = min(_MANY, max(1, len(ordered) // 2))
    high = ", ".join(f"{name} {_points(v)}" for name, v in ordered.iloc[: -count - 1 : -1].items())
    low = ", ".join(f"{name} {_points(v)}" for name, v in ordered.iloc[:count].items())
    return f"{high}, and {low}"
