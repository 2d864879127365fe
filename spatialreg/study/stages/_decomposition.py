"""Which groups of regions, and which sectors, make the gap between regions.

The Gini coefficient is taken apart by groups (within them, between them, where they overlap) and
pairs of groups, and by the sectors or sources that add up to the value.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._align import require_columns, some
from ..._results import GiniDecomposition, SourceDecomposition
from ...errors import ConfigError, MissingDataWarning
from .._context import Context, Finding, StageResult
from .._sections import DecompositionSection
from ._concentration_held import Grouping, grouping, require_years
from ._defined import stacked

_METHODS = {"natural rule": "natural", "Shapley value": "shapley"}
_COMPONENTS = {
    "net between": "net between groups",
    "within": "within them",
    "transvariation": "overlap of groups",
}


def run(context: Context) -> StageResult:
    """Take the Gini coefficient apart by groups and, where sources are given, by source."""
    section = context.config.decomposition
    if section is None:
        return StageResult()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", MissingDataWarning)
        parts = [_by_group(context, section)]
        if section.sources:
            parts.append(_by_source(context, section))
    lost = dict.fromkeys(
        str(w.message) for w in caught if issubclass(w.category, MissingDataWarning)
    )
    findings = [finding for part in parts for finding in part.findings]
    if lost:
        findings.append(Finding("decomposition_notes", f"Mind: {'; '.join(lost)}."))
    return StageResult(
        (),
        {name: table for part in parts for name, table in part.tables.items()},
        {name: figure for part in parts for name, figure in part.figures.items()},
        tuple(findings),
    )


def _weighting(context: Context) -> tuple[str | None, str]:
    people = context.config.panel.population if context.config.panel else None
    return people, "each region counts once" if people is None else "weighted by people"


def _by_group(context: Context, section: DecompositionSection) -> StageResult:
    people, _ = _weighting(context)
    codes = context.panel.index.unique("code")
    group = grouping(section.scheme, codes, "[decomposition] scheme")
    panel = context.panel[context.panel.index.get_level_values("code").isin(group.groups.index)]
    results = {}
    for prices, column in context.price_variants().items():
        results[prices] = disparity.decompose_gini(
            panel.dropna(subset=[column]), per_head=column, population=people, by=group.groups
        )
        years = results[prices].frame["year"].unique().tolist()
        require_years(section.compare, years, "[decomposition]", f"a value at {prices}")
    prices, result = next(iter(results.items()))
    words = context.config.panel.label if context.config.panel else "value per head"
    matrices = {
        (p, year): r.matrix("gini", year=year).reindex(
            index=list(group.words.values()), columns=list(group.words.values())
        )
        for p, r in results.items()
        for year in section.compare
    }
    pairs = _joined(results, "pairs")
    tables = {
        "decomposition_gini": _joined(results, "frame"),
        "decomposition_groups": _joined(results, "groups"),
        "decomposition_pairs": pairs[pairs["year"].isin(section.compare)].reset_index(drop=True),
        "decomposition_matrices": pd.concat(matrices, names=["prices", "year"])
        .rename_axis(columns=None)
        .reset_index(),
    }
    figure = plot.gini_parts(
        result,
        title=f"Gini of {words}, by {group.title}{f' ({prices})' if len(results) > 1 else ''}",
        ax=plot.figure(figsize=(8.2, 4.4)),
    )
    finding = _of_groups(context, section, group, results)
    return StageResult((), tables, {"decomposition_gini": figure}, (finding,))


def _joined(results: Mapping[str, Any], frame: str, key: str = "prices") -> pd.DataFrame:
    return stacked(results, [key], frame=frame).reset_index(key).reset_index(drop=True)


def _of_groups(
    context: Context,
    section: DecompositionSection,
    group: Grouping,
    results: dict[str, GiniDecomposition],
) -> Finding:
    words = context.config.panel.label if context.config.panel else "value per head"
    first, last = section.compare[0], section.compare[-1]
    told, headline = [], {}
    for prices, result in results.items():
        wide = result.frame.pivot_table(index="year", columns="component", values="value")
        total: Any = wide.sum(axis=1)
        share: Any = wide.div(total, axis=0)
        parts = ", ".join(
            f"{name} {share.loc[first, part]:.0%} then {share.loc[last, part]:.0%}"
            for part, name in _COMPONENTS.items()
        )
        at = f"at {prices} " if len(results) > 1 else ""
        told.append(f"{at}{total[first]:.3f} in {first} and {total[last]:.3f} in {last}: {parts}")
        what = f"Net part between {group.title} in the Gini, {first} and {last}"
        headline[f"{what} ({prices})" if len(results) > 1 else what] = (
            f"{share.loc[first, 'net between']:.0%} and {share.loc[last, 'net between']:.0%}"
        )
    sentence = (
        f"Gini of {words} between regions ({_weighting(context)[1]}), taken apart by "
        f"{group.title}, {'; '.join(told)}."
    )
    if len(group.words) > 2:
        sentence += _of_pairs(next(iter(results.values())), first, last, _at(results))
    key = "decomposition_gini"
    return Finding(key, sentence, section.claim, key, key, headline)


def _of_pairs(result: GiniDecomposition, first: int, last: int, prices: str) -> str:
    """Tell which groups lie farthest apart, which make the gap, and which drew apart."""
    pairs: Any = result.pairs[result.pairs["year"] == last]
    far, near = (pairs.loc[at] for at in (pairs["gini"].idxmax(), pairs["gini"].idxmin()))
    heavy = pairs.loc[pairs["net_between"].idxmax()]
    part = heavy["net_between"] / pairs["net_between"].sum()
    gini = {
        (row["year"], *sorted([row["group"], row["other"]])): row["gini"]
        for row in result.pairs.to_dict("records")
    }
    change = {(a, b): g - gini[first, a, b] for (y, a, b), g in gini.items() if y == last}
    apart, closer = (choose(change, key=change.__getitem__) for choose in (max, min))
    told = (
        f" In {last}{prices} {far['group']} and {far['other']} lie farthest apart (Gini between "
        f"them {far['gini']:.3f}), {near['group']} and {near['other']} nearest "
        f"({near['gini']:.3f}); {heavy['group']} over {heavy['other']} makes {part:.0%} of the net "
        "part."
    )
    words = [
        f"{pair[0]} and {pair[1]} {word} ({change[pair]:+.3f})"
        for pair, word, holds in (
            (apart, "drew apart most", change[apart] > 0),
            (closer, "drew together most", change[closer] < 0),
        )
        if holds
    ]
    return f"{told} From {first} to {last} {', '.join(words)}." if words else told


def _at(results: dict[str, Any]) -> str:
    return f" (at {next(iter(results))})" if len(results) > 1 else ""


def _by_source(context: Context, section: DecompositionSection) -> StageResult:
    settings = context.config.panel
    if settings is None:
        raise ConfigError("the study has no [panel]")
    people, weighting = _weighting(context)
    columns = list(section.sources.values())
    require_columns(context.panel, columns, "[decomposition] sources: the panel")
    # where the panel's value is a total, so are its sources
    total = settings.value is not None
    panel = context.panel.dropna(subset=columns)
    panel = panel[columns + ([people] if people is not None else [])]
    panel = panel.rename(columns={c: words for words, c in section.sources.items()})
    results = {
        words: disparity.decompose_sources(
            panel,
            sources=list(section.sources),
            population=people,
            values="total" if total else "per head",
            method=method,
        )
        for words, method in _METHODS.items()
    }
    years = results["natural rule"].totals.index.tolist()
    require_years(section.compare, years, "[decomposition]", "all sources")
    value = context.panel[settings.value if total else settings.per_head]
    gap = panel[list(section.sources)].sum(axis=1) / value.reindex(panel.index) - 1
    tables = {"decomposition_sources": _joined(results, "frame", key="method")}
    variants = list(context.price_variants())
    prices = f" ({variants[-1]})" if len(variants) > 1 else ""
    figure = plot.source_lines(
        results,
        title=f"What the Gini of {settings.label} comes from{prices}",
        ax=plot.figure(figsize=(7.8, 4.4)),
    )
    finding = _of_sources(
        settings.label, section, results, prices, weighting, float(gap.abs().max())
    )
    return StageResult((), tables, {"decomposition_sources": figure}, (finding,))


def _of_sources(
    label: str,
    section: DecompositionSection,
    results: dict[str, SourceDecomposition],
    prices: str,
    weighting: str,
    gap: float,
) -> Finding:
    first, last = section.compare[0], section.compare[-1]
    natural, shapley = (results[words] for words in _METHODS)
    share: Any = natural.frame.pivot_table(index="year", columns="source", values="share")
    other: Any = shapley.frame.pivot_table(index="year", columns="source", values="share")
    size: Any = natural.frame.pivot_table(index="year", columns="source", values="source_share")
    told = ", ".join(
        f"{source} {share.loc[first, source]:.0%} and then {share.loc[last, source]:.0%} "
        f"(of {label} {size.loc[first, source]:.0%} and {size.loc[last, source]:.0%}; by the "
        f"Shapley value {other.loc[first, source]:.0%} and {other.loc[last, source]:.0%})"
        for source in section.sources
    )
    sentence = (
        f"Gini of {label} between regions{prices}, {weighting}: {natural.totals[first]:.3f} in "
        f"{first} and {natural.totals[last]:.3f} in {last}. It comes from {told}"
    )
    negative = [source for source in section.sources if share.loc[last, source] < 0]
    if negative:
        sentence += f"; below zero means that {some(negative)} evens the gap out"
    leader = share.idxmax(axis=1)
    turned = leader[leader != leader.iloc[-1]]
    now = leader.iloc[-1]
    if len(turned) and now == leader[last]:
        since = share.index[share.index.get_loc(turned.index[-1]) + 1]
        sentence += f"; {now} has made the largest part since {since}"
    else:
        sentence += f"; {leader[last]} makes the largest part"
    response: Any = natural.frame[natural.frame["year"] == last].set_index("source")["elasticity"]
    up, down = response.idxmax(), response.idxmin()
    sentence += (
        f". One percent more of {up} in all regions would raise the Gini of {last} by "
        f"{response[up]:.2f} %, one percent more of {down} change it by {response[down]:+.2f} %."
    )
    if gap > 0.001:
        sentence += f" The sources miss {label} by up to {gap:.1%} in a region and year."
    key = "decomposition_sources"
    headline = {
        f"Part of {source} in the Gini{prices}, {first} and {last}": (
            f"{share.loc[first, source]:.0%} and {share.loc[last, source]:.0%}"
        )
        for source in section.sources
    }
    return Finding(key, sentence, None, key, key, headline)
