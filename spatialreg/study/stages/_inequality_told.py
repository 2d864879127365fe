"""Inequality in sentences: by how much, how surely, since when, where, and on what it hangs."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from ..._align import some
from ..._results import AnswersComparison
from .._context import Context, Finding
from .._sections import InequalitySection
from ._inequality_groups_told import group_findings
from ._inequality_measured import AS_COMPARED, UNTIL_THE_END, YEAR_BY_YEAR, Measured
from ._words import (
    and_words,
    at_prices,
    capital,
    label_words,
    measure_words,
    p_number,
    p_words,
    percent,
    percent_span,
    with_commas,
    year_runs,
)


def inequality_findings(
    context: Context, section: InequalitySection, measured: Measured
) -> tuple[Finding, ...]:
    """Tell the changes, where answers part, the turns, the groups, the levels, what is left out."""
    findings = [_changes(context, section, measured)]
    if measured.parts:
        findings.append(_parting(context, section, measured))
    findings.append(_turning(context, section, measured))
    if measured.grouped is not None:
        findings += group_findings(context, section, measured, measured.grouped)
    if measured.notes:
        words = "; ".join(measured.notes)
        findings.append(Finding("inequality_notes", f"Left out in measuring inequality: {words}."))
    return tuple(findings)


def _changes(context: Context, section: InequalitySection, measured: Measured) -> Finding:
    """Tell every change of the first measures with its p-value, and the first series' interval."""
    heads = [m for m in ("theil", "gini") if m in section.measures] or section.measures[:1]
    answers = measured.answers[measured.answers["measure"].isin(heads)]
    alpha = 1 - section.ci
    told = []
    for start, end in measured.spans:
        rows = answers[(answers["from"] == start) & (answers["to"] == end)]
        by_measure = [_of_measure(m, rows[rows["measure"] == m]) for m in heads]
        tested = rows["p_value"].dropna()
        words = f"{start}-{end}: {'; '.join(by_measure)}"
        if len(tested) > 1:
            sure = int((tested <= alpha).sum())
            words += f"; p is {p_number(alpha)} or less in {sure or 'none'} of these {len(tested)}"
        told.append(words)
    keys = next(key for key in measured.keys if key[0] == heads[0])
    levels = measured.bounds(keys)
    start, end = measured.spans[0]
    opening = (
        f"{measure_words(heads[0])} of {label_words(context)} between regions "
        f"({with_commas(*keys[1:])}) went from {levels['value'].loc[start]:.4f} "
        f"({section.ci:.0%} interval {levels['low'].loc[start]:.3f} to "
        f"{levels['high'].loc[start]:.3f}) in {start} to {levels['value'].loc[end]:.4f} "
        f"({levels['low'].loc[end]:.3f} to {levels['high'].loc[end]:.3f}) in {end}"
    )
    ending = ""
    if answers["p_value"].notna().any():
        ending = (
            f" p-values: paired permutation of years, {section.permutations:,} times, regions "
            "taken as independent."
        )
    return Finding(
        "inequality",
        f"{capital(opening)}. {'. '.join(told)}.{ending}",
        section.claim,
        "inequality_answers",
        f"inequality_{heads[0]}",
        _headline(measured, answers[answers["measure"] == heads[0]]),
    )


def _of_measure(measure: str, rows: pd.DataFrame) -> str:
    """Tell in which series a measure rose and fell: shortly where all went one way."""
    name = measure_words(measure)
    signs = [(word, rows[told]) for word, told in _signs(rows["change"]) if told.any()]
    if len(rows) == 1 and len(signs) == 1:
        only = rows.iloc[0]
        return f"{name} {signs[0][0]} by {_size(only['relative_change'], only['p_value'])}"
    if len(signs) != 1:
        return f"{name} " + " but ".join(
            f"{word} "
            + ", ".join(_of_prices(p, part) for p, part in moved.groupby("prices", sort=False))
            for word, moved in signs
        )
    word, moved = signs[0]
    size, p = moved["relative_change"].abs(), moved["p_value"].dropna()
    words = f"{name} {word} in all {len(rows)} series, by {percent_span(size.min(), size.max())}"
    return words + (f" (p from {p_number(p.min())} to {p_number(p.max())})" if len(p) else "")


def _signs(change: pd.Series) -> list[tuple[str, pd.Series]]:
    return [("fell", change < 0), ("rose", change > 0), ("stayed as it was", change == 0)]


def _of_prices(prices: object, rows: pd.DataFrame) -> str:
    each = "; ".join(
        f"{row['weighting']} {_size(row['relative_change'], row['p_value'])}"
        for row in rows.to_dict("records")
    )
    return f"{at_prices(str(prices))}({each})"


def _size(change: float, p: float) -> str:
    return percent(abs(change)) + (f", {p_words(p)}" if p == p else "")


def _headline(measured: Measured, rows: pd.DataFrame) -> dict[str, str]:
    """Give the first measure in the compared years, by prices and weighting."""
    years = sorted({year for span in measured.spans for year in span})
    start, end = measured.spans[0]
    whole = rows[(rows["from"] == start) & (rows["to"] == end)]
    headline = {}
    for row in whole.to_dict("records"):
        keys = (row["measure"], row["prices"], row["weighting"])
        values = measured.series.loc[keys, years]
        p = "" if row["p_value"] != row["p_value"] else f", {p_words(row['p_value'])}"
        headline[
            f"{measure_words(row['measure'])} in {', '.join(map(str, years))} "
            f"({with_commas(row['prices'], row['weighting'])})"
        ] = (
            ", ".join(f"{v:.4f}" for v in values)
            + f" ({start}-{end} {row['relative_change']:+.0%}{p})"
        )
    return headline


def _parting(context: Context, section: InequalitySection, measured: Measured) -> Finding:
    """Tell the years and spans in which the sign of the answer changes, and on what it hangs."""
    yearly, until, compared = (
        measured.parts[kind] for kind in (YEAR_BY_YEAR, UNTIL_THE_END, AS_COMPARED)
    )
    last = context.years[-1]
    choices = [c for c in compared.by if len(compared.changes[c].unique()) > 1]
    series = len(compared.changes) // len(compared.frame)
    slack = (
        f"; changes up to {percent(section.tolerance)} count as none" if section.tolerance else ""
    )
    words = [
        f"Whether inequality of {label_words(context)} rose or fell was asked in {series} series, "
        f"by {and_words(choices)}{slack}"
    ]
    torn = yearly.frame[yearly.frame["parts"]]
    words.append(
        f"From one year to the next the answers part in {year_runs(torn['to'], context.years)}"
        f"{_hanging(torn)}"
        if len(torn)
        else "From one year to the next the answers never part"
    )
    torn = until.frame[until.frame["parts"]]
    words.append(
        f"Until {last} they part if one starts in {year_runs(torn['from'], context.years)}"
        f"{_hanging(torn)}"
        if len(torn)
        else f"Until {last} they agree from whichever year one starts"
    )
    words += [_of_span(compared, row) for row in compared.frame.to_dict("records")]
    torn = compared.frame[compared.frame["parts"]]
    told = [f"{row['from']}-{row['to']} ({row['hangs_on']})" for row in torn.to_dict("records")]
    return Finding(
        "inequality_parts",
        ". ".join(words) + ".",
        section.claim,
        "inequality_answers_part",
        "inequality_answers_by_year",
        {"Compared years between which the sign of the answer changes": some(told) or "none"},
    )


def _hanging(torn: pd.DataFrame) -> str:
    """Tell on which choices it hangs, in how many of the spans."""
    counts = torn["hangs_on"].str.split(", ").explode().value_counts()
    told = [f"on {choice} in {n}" for choice, n in counts.items() if choice]
    return f" (the sign hangs {', '.join(told)} of these {len(torn)})" if told else ""


def _of_span(compared: AnswersComparison, row: dict[Hashable, Any]) -> str:
    rose, fell = row["rose"], row["fell"]
    when = f"{row['from']}-{row['to']}"
    if not row["parts"]:
        still = [f"{row[k]} {k}" for k in ("rose", "fell", "unchanged", "no_value") if row[k]]
        every = "all " if len(still) == 1 else ""
        return f"{when}: {every}{', '.join(still).replace('no_value', 'without a value')}"
    changes = compared.changes
    mine = changes[(changes["from"] == row["from"]) & (changes["to"] == row["to"])]
    where = _where(mine, compared.by, "rose")
    on = and_words(str(row["hangs_on"]).split(", "))
    return f"{when}: {rose} rose{where} and {fell} fell; the sign hangs on {on}"


def _where(changes: pd.DataFrame, by: tuple[str, ...], word: str) -> str:
    """Describe the variants that went one way by their choices, where these say exactly which."""
    mine = changes["direction"] == word
    told = []
    inside = pd.Series(True, index=changes.index)
    for choice in by:
        labels = changes.loc[mine, choice].unique()
        if len(labels) < changes[choice].nunique():
            told.append(f"{choice}: {and_words([str(label) for label in labels])}")
            inside &= changes[choice].isin(labels)
    return f" ({'; '.join(told)})" if told and inside.equals(mine) else ""


def _turning(context: Context, section: InequalitySection, measured: Measured) -> Finding:
    """Tell the stretches of every series of the first measure, and how the last one points."""
    measure = section.measures[0]
    rows = measured.turns[measured.turns["measure"] == measure]
    name = f"{measure_words(measure)} of {label_words(context)}"
    known = rows[rows["not_searched_because"] == ""]
    told, points = [], {}
    last: dict[str, dict[str, list[str]]] = {"falls": {}, "rises": {}}
    for (prices, weighting), stretches in known.groupby(["prices", "weighting"], sort=False):
        keys = with_commas(str(prices), str(weighting))
        each = [
            f"{row['percent_a_year']:+.1f}% a year {row['from']}-{row['to']}"
            for row in stretches.to_dict("records")
        ]
        told.append(capital(f"{at_prices(str(prices))}{weighting}: {', '.join(each)}"))
        points[keys] = stretches["turning_points"].iloc[0] or "none"
        final = stretches.iloc[-1]
        way = "falls" if final["percent_a_year"] < 0 else "rises"
        last[way].setdefault(at_prices(str(prices)), []).append(
            f"{weighting} since {final['from']}"
        )
    if not told:
        why = rows["not_searched_because"].iloc[0]
        return Finding(
            "inequality_turns", f"No turning points of {name} were searched: {why.split(': ')[0]}."
        )
    words = f"The trend of {name}. {'. '.join(told)}."
    if all(last.values()):
        ways = [
            f"{way} " + ", ".join(f"{at}({and_words(series)})" for at, series in where.items())
            for way, where in last.items()
        ]
        words += f" In its last stretch it {' but '.join(ways)}."
    words += (
        f" Turning points by tests at .05; {len(context.years)} years hold little proof, and the "
        "year of a turn is a best guess."
    )
    first = next(iter(points))
    return Finding(
        "inequality_turns",
        words,
        section.claim,
        "inequality_turning_points",
        f"inequality_{measure}",
        {f"Years in which the trend of {measure_words(measure)} turns ({first})": points[first]},
    )
