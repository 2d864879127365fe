"""Which share of each industry the groups of regions hold, and how wide the doubt about it is.

Where the source of a scheme counts a part of a region in another group, the shares are told both
ways: with the region whole in the scheme's group, and whole in the other. The truth lies between.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._align import require_columns, some
from ...errors import ConfigError
from .._context import Context, Finding, StageResult
from .._sections import OURS, ConcentrationSection, DoubtSection, MarkSection, VintageSection
from ._concentration_held import ALL, Grouping, Held, grouping
from ._defined import stacked


def shared(context: Context, section: ConcentrationSection, held: Held) -> StageResult:
    """Give shares by scheme: a table, bars of the years compared, lines over all years, words."""
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    totals = held.panel.assign(**{ALL: held.panel.sum(axis=1)})
    vintages = {v.name: _vintage(context, v) for v in section.vintage}
    for scheme in section.schemes:
        doubts = [doubt for doubt in section.doubt if doubt.scheme == scheme]
        marks = [mark for mark in section.mark if mark.scheme == scheme]
        group = grouping(scheme, totals.index.unique("code"), "[concentration] schemes")
        _require(group, doubts, marks)
        parts = {OURS: _shares(totals, group, doubts, held)}
        for name, panel in vintages.items():
            older = grouping(scheme, panel.index.unique("code"), "[concentration] schemes")
            parts[name] = _shares(panel, older, doubts, held)
        table = stacked(parts, ["vintage"])
        key = f"concentration_{group.scheme.name}"
        tables[key] = table.reset_index()
        bars: Any = table.loc[OURS]["share"].unstack("group")[list(group.words.values())]
        bars = bars.loc[[(i, year) for i in totals.columns for year in section.compare]]
        where = f"Where production stands, by {group.title}"
        figures[key] = plot.part_bars(
            bars,
            title=where + held.prices,
            ax=plot.figure(figsize=(7.8, 1.3 + 0.3 * len(bars))),
        )
        looked_up = table.sort_index()
        figures[f"{key}_over_time"] = _lines(looked_up, group, doubts, marks, held)
        findings.append(_finding(key, looked_up, group, doubts, marks, section, held))
    return StageResult((), tables, figures, tuple(findings))


def _vintage(context: Context, vintage: VintageSection) -> pd.DataFrame:
    panel = context.sources.panel(vintage.source, code=vintage.code, year=vintage.year)
    where = f"[[concentration.vintage]] {vintage.name!r}"
    require_columns(panel, [vintage.column], f"{where}: the panel {vintage.source}")
    table = panel[[vintage.column]].set_axis([ALL], axis=1)
    # years that do not have all the regions are not comparable with those that do
    count = table[ALL].groupby(level="year").transform("count")
    table = table[count == count.max()].dropna()
    if table.empty:
        raise ConfigError(f"{where}: {vintage.column!r} has no values")
    return table


def _require(group: Grouping, doubts: list[DoubtSection], marks: list[MarkSection]) -> None:
    items: list[tuple[str, Any]] = [("doubt", item) for item in doubts]
    items += [("mark", item) for item in marks]
    for kind, item in items:
        if item.group not in group.words:
            raise ConfigError(
                f"[[concentration.{kind}]] group: scheme {group.scheme.name!r} has no group "
                f"{item.group!r}; its groups are {some(group.words)}"
            )
    for doubt in doubts:
        if doubt.region not in group.groups.index:
            raise ConfigError(
                f"[[concentration.doubt]] region: {doubt.region!r} is not among the regions of the "
                f"panel in scheme {group.scheme.name!r} ({some(group.groups.index)})"
            )


def _shares(
    panel: pd.DataFrame, group: Grouping, doubts: list[DoubtSection], held: Held
) -> pd.DataFrame:
    """Give by (industry, group, year) value, share and regions, and with doubts low and high."""
    inside = panel.index.get_level_values("code").isin(group.groups.index)
    if not inside.all():
        outside = panel.index[~inside].unique("code")
        note = f"{some(outside)} stand outside scheme {group.scheme.name!r} and are in no share"
        if note not in held.notes:
            held.notes.append(note)
    panel = panel[inside]
    parts = {}
    for industry in panel.columns:
        table = _by_group(panel, industry, group.groups)[["value", "share", "regions"]]
        if doubts:
            table["low"], table["high"] = table["share"], table["share"]
        for words in group.words.values() if doubts else ():
            # a group has least where all that may leave it do, and most where all come that may
            mine = {
                d.region: group.words[d.group]
                for d in doubts
                if d.region in group.groups.index and d.group in group.words
            }
            leaving = {r: w for r, w in mine.items() if group.groups[r] == words}
            coming = {r: w for r, w in mine.items() if w == words}
            for column, moved in (("low", leaving), ("high", coming)):
                other = group.groups.copy()
                other.loc[list(moved)] = list(moved.values())
                share = _by_group(panel, industry, other)["share"]
                table.loc[[words], column] = share.reindex(table.loc[[words]].index, fill_value=0.0)
        parts[industry] = table
    return stacked(parts, ["industry"])


def _by_group(panel: pd.DataFrame, industry: str, groups: pd.Series) -> pd.DataFrame:
    return disparity.group_shares(panel, value=industry, by=groups)


def _shown_group(group: Grouping, marks: list[MarkSection]) -> str:
    """Give the group that is told of a scheme of two: the marked one, else the first."""
    return group.words[marks[0].group] if marks else next(iter(group.words.values()))


def _lines(
    table: pd.DataFrame,
    group: Grouping,
    doubts: list[DoubtSection],
    marks: list[MarkSection],
    held: Held,
) -> Any:
    """Draw one group's share by industry where there are two, else all groups' of the total."""
    two = len(group.words) == 2
    shown = _shown_group(group, marks)
    title = f"Share of {shown} in each industry" if two else f"Shares by {group.title}"
    lines: dict[str, dict[str, pd.Series]] = {}
    bands: dict[Any, pd.DataFrame] = {}
    for vintage in table.index.unique("vintage"):
        rows = table.loc[vintage]
        own = vintage == OURS
        drawn = OURS if own else f"vintage {vintage}"
        names = [*held.panel.columns, ALL] if two else list(group.words.values())
        for name in names:
            key = (name, shown) if two else (ALL, name)
            if key not in rows.index:  # an older vintage may lack a whole group
                continue
            line = rows.loc[key]
            lines.setdefault(drawn, {})[name] = line["share"]
            # bands of several industries would hide each other
            if doubts and (not two or not own or name == held.focus):
                bands[name if own else (drawn, name)] = line[["low", "high"]]
    which = f" ({held.focus}, vintages)" if two else ""
    return plot.share_lines(
        lines.pop(OURS),
        earlier=lines,
        bands=bands,
        band_words=f"{_names(doubts, held)} either way{which}",
        marks={mark.words: mark.share for mark in marks},
        title=f"{title}{held.prices}",
        ax=plot.figure(figsize=(8.8, 4.6)),
    )


def _names(doubts: Iterable[DoubtSection], held: Held) -> str:
    return some([str(held.names.get(doubt.region, doubt.region)) for doubt in doubts])


def _finding(
    key: str,
    table: pd.DataFrame,
    group: Grouping,
    doubts: list[DoubtSection],
    marks: list[MarkSection],
    section: ConcentrationSection,
    held: Held,
) -> Finding:
    first, last = section.compare[0], section.compare[-1]
    mine: Any = table.loc[OURS]
    share: Any = mine["share"].unstack("group")[list(group.words.values())]
    two = len(group.words) == 2
    shown = _shown_group(group, marks)
    told = [
        _changed(industry, share.loc[(industry, first)], share.loc[(industry, last)], two, shown)
        for industry in [*section.industries, ALL]
    ]
    what = f"Share of {shown}" if two else "Where production stands"
    by = "" if two and group.title.partition(",")[0] == shown else f", by {group.title}"
    sentence = f"{what}{by}{held.prices}, {first} to {last}: {'; '.join(told)}."
    label = f"{shown}'s share of {held.focus} in {first} and {last}"
    value = " and ".join(f"{share.loc[(held.focus, y), shown]:.1%}" for y in (first, last))
    if doubts:
        ends: Any = mine.loc[(held.focus, shown)].loc[[first, last], ["low", "high"]].to_numpy()
        width = " and ".join(f"{low:.1%} to {high:.1%}" for low, high in ends)
        own = some(sorted({str(group.groups[d.region]) for d in doubts}))
        why = "; ".join(d.words for d in doubts if d.words)
        sentence += (
            f" {_names(doubts, held)} is counted in {own} here{f': {why}' if why else ''}; with it "
            f"in one group or the other, {shown} has {width} of {held.focus} in {first} and {last}."
        )
        value += f" (counted either way {width})"
    for name in table.index.unique("vintage").drop(OURS):
        if (name, ALL, shown) not in table.index:
            continue
        line = table.loc[(name, ALL, shown), "share"]
        sentence += (
            f" In the vintage {name}, which is not joined to these years, {shown} had "
            f"{line.iloc[0]:.1%} of the total in {line.index[0]} and {line.iloc[-1]:.1%} in "
            f"{line.index[-1]}."
        )
    for mark in marks:
        sentence += (
            f" For orientation, {group.words[mark.group]}: {mark.share:.0%} {mark.words}; these "
            "years cannot test it."
        )
    return Finding(key, sentence, None, key, f"{key}_over_time", {label: value})


def _changed(industry: str, one: pd.Series, other: pd.Series, two: bool, shown: str) -> str:
    """Tell one group's change where there are two, else who has most, who gained and who lost."""
    change = (other - one) * 100
    if two:
        return f"{industry} {one[shown]:.1%} to {other[shown]:.1%} ({change[shown]:+.1f} points)"
    up, down, most = (str(which) for which in (change.idxmax(), change.idxmin(), other.idxmax()))
    return (
        f"{industry} most in {most} ({other[most]:.1%}), {up} gained most ({change[up]:+.1f} "
        f"points to {other[up]:.1%}), {down} lost most ({change[down]:+.1f} to {other[down]:.1%})"
    )
