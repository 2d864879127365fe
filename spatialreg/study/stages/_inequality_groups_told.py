"""The groups in sentences: their share of inequality, their part in its change, their level."""

from __future__ import annotations

from ..._results import ChangeDecomposition
from .._context import Context, Finding
from .._sections import InequalitySection
from ._inequality_grouped import Grouped, Span
from ._inequality_measured import Measured
from ._words import (
    at_prices,
    capital,
    in_brackets,
    label_words,
    measure_words,
    signed_percent,
)


def group_findings(
    context: Context, section: InequalitySection, measured: Measured, grouped: Grouped
) -> list[Finding]:
    """Tell the share between the groups, what they did to the change, and what their level says."""
    return [
        _between(context, section, measured, grouped),
        _causes(context, measured, grouped),
        _levels(context, section, measured, grouped),
    ]


def _between(
    context: Context, section: InequalitySection, measured: Measured, grouped: Grouped
) -> Finding:
    """Tell the share between the groups in the first and last year, and each group's within."""
    frame = grouped.split.frame
    every = frame[frame["group"] == "all"].set_index("year")
    between = every[every["component"] == "between"]
    within = every.loc[every["component"] == "within", "value"]
    inside = frame[(frame["component"] == "within") & (frame["group"] != "all")]
    inside = inside.set_index(["year", "group"])["value"].unstack("group")
    first, last = measured.spans[0]
    parts = ", ".join(
        f"{grouped.names.get(group, group)} {inside.loc[first, group]:.4f} to "
        f"{inside.loc[last, group]:.4f}"
        for group in inside.T[last].sort_values(ascending=False).index
    )
    share, low, high = (between[c] for c in ("share", "share_low", "share_high"))
    value = between["value"]
    return Finding(
        "inequality_between",
        f"Between groups ({grouped.words}) stood {share[first]:.0%} of Theil T in {first} "
        f"({section.ci:.0%} interval {low[first]:.0%} to {high[first]:.0%}) and {share[last]:.0%} "
        f"in {last} ({low[last]:.0%} to {high[last]:.0%})"
        f"{in_brackets(next(iter(context.price_variants())))}: the between part went from "
        f"{value[first]:.4f} to {value[last]:.4f}, the within part from {within[first]:.4f} to "
        f"{within[last]:.4f} (inside {parts}).",
        section.claim,
        "inequality_by_group",
        "theil_decomposition",
        {
            f"Theil T between {grouped.words}, share in {first} and {last}": (
                f"{share[first]:.0%} and {share[last]:.0%}"
            )
        },
    )


def _causes(context: Context, measured: Measured, grouped: Grouped) -> Finding:
    """Tell the whole change and the last step at the first prices, the last step at the others."""
    prices = list(context.price_variants())
    spans = list(dict.fromkeys((measured.spans[0], measured.spans[-1])))
    asked = [(prices[0], span) for span in spans] + [(p, spans[-1]) for p in prices[1:]]
    words = [_cause(key, grouped.changes[key], grouped) for key in asked]
    whole = grouped.changes[asked[0]]
    table = grouped.change_table(whole)
    return Finding(
        "inequality_change",
        " ".join(words),
        None,
        "inequality_change",
        "inequality_change",
        {
            f"Change of Theil T {whole.start}-{whole.end}, and of it between {grouped.words}": (
                f"{whole.change:+.4f}, {table['between'].loc['all']:+.4f}"
            )
        },
    )


def _cause(key: tuple[str, Span], change: ChangeDecomposition, grouped: Grouped) -> str:
    table = grouped.change_table(change)
    whole = table.loc["all"]
    each = ", ".join(
        f"{group} {value:+.4f}"
        for group, value in table["within"].drop("all").sort_values().items()
    )
    in_all = ", ".join(
        f"{group} {value:+.4f}"
        for group, value in table["change"].drop("all").sort_values().items()
    )
    return (
        f"Of the change of {change.change:+.4f} in Theil T {change.start}-{change.end}"
        f"{in_brackets(key[0])}, {whole['between']:+.4f} lies between the groups "
        f"({grouped.words}) and {whole['within']:+.4f} within them ({each}); between and within "
        f"together {in_all}. Shifts of people moved it by {change.from_population:+.4f}, relative "
        f"values by {change.from_relative:+.4f}."
    )


def _levels(
    context: Context, section: InequalitySection, measured: Measured, grouped: Grouped
) -> Finding:
    """Tell the change of the first measure at both levels, at all prices."""
    measure = section.measures[0]
    counted = measured.keys[0][2]
    spans = list(dict.fromkeys((measured.spans[0], measured.spans[-1])))
    told = []
    for prices in context.price_variants():
        each = []
        for level in grouped.by_level.index.unique("level"):
            by_year = grouped.at_level(measure, prices, level)
            moved = [
                f"{signed_percent(by_year[end] / by_year[start] - 1)} {start}-{end}"
                for start, end in spans
            ]
            each.append(f"{level} {', '.join(moved)}")
        told.append(capital(f"{at_prices(prices).strip()}: {'; '.join(each)}".removeprefix(": ")))
    return Finding(
        "inequality_level",
        f"{measure_words(measure)} of {label_words(context)} by level ({counted}). "
        f"{'. '.join(told)}.",
        None,
        "inequality_by_level",
        "inequality_by_level",
    )
