"""Coverage in sentences: how many, of how many people, since when, by which definition."""

from __future__ import annotations

import pandas as pd

from ... import access
from ..._align import some
from ..._results import CoverageResult
from ...errors import InputError
from .._context import Context, Finding
from .._sections import CoverageSection


def people_of(context: Context, section: CoverageSection, regions: pd.Index) -> pd.Series | None:
    if section.population is None:
        return None
    return context.sources.numbers(section.population, section.population_column, regions)


def _vintage(context: Context, section: CoverageSection) -> str:
    """Say of when the regions are, where their source says it."""
    when = context.sources.account[section.regions].get("vintage")
    return f"; regions of {when}" if when else ""


def _among(context: Context, section: CoverageSection, result: CoverageResult) -> tuple[str, float]:
    """Tell the share reached among the regions of a list: of their people, else of them."""
    table = context.sources.table(section.among or "")
    codes = table["code"] if "code" in table.columns else table.index.to_series()
    covered = result.frame["covered"]
    covered = covered[covered.index.isin(codes.astype(str))]
    if covered.empty:
        raise InputError(
            f"no code of the list {section.among} ({some(codes)}) is among the regions of "
            f"[[coverage]] {section.name!r}: name its column of codes 'code', in the form of the "
            "map's"
        )
    people = people_of(context, section, covered.index)
    weight = pd.Series(1.0, covered.index) if people is None else people
    share = float(weight[covered].sum() / weight.sum())
    what = "of them" if people is None else "of their people"
    title = context.sources.account[section.among or ""].get("title", section.among)
    return f'of the {len(covered):,} regions in "{title}", {share:.1%} {what}', share


def coverage_findings(
    context: Context,
    section: CoverageSection,
    results: dict[str, CoverageResult],
    remarks: dict[str, str],
    held: pd.DataFrame | None,
    kinds: pd.DataFrame | None,
    facilities: int,
) -> tuple[Finding, ...]:
    """Give a sentence for each definition, with what it rests on and the numbers in it."""
    findings = []
    for number, (name, result) in enumerate(results.items()):
        headline = {
            f"{section.title} ({name}), regions by {result.date or 'any date'}": (
                f"{result.covered:,} of {result.total:,}"
            )
        }
        sentence = (
            f"{section.title} ({name}): {result.covered:,} of {result.total:,} regions "
            f"({result.share:.1%})"
        )
        numbers = {"covered": result.covered, "share": result.share, "facilities": facilities}
        if result.date is not None:
            sentence += f" by {result.date}"
        if section.population is not None:
            sentence += f", with {result.population_share:.1%} of the people"
            numbers["people_share"] = result.population_share
            headline[f"{section.title} ({name}), share of people"] = (
                f"{result.population_share:.1%}"
            )
        if section.among is not None:
            meant, share = _among(context, section, result)
            sentence += f" ({meant})"
            numbers["among"] = share
        if section.after is not None and result.date is not None:
            added = len(access.newly_covered(result, after=section.after, until=result.date))
            numbers["added"] = added
            headline[f"{section.title} ({name}), added after {section.after}"] = f"{added:,}" + (
                f" (claim: {section.claimed:,})" if section.claimed else ""
            )
            sentence += f", of which {added:,} were added after {section.after}"
            if number == 0 and kinds is not None and added:
                words = [f"{kind} {count:,}" for kind, count in kinds["added"].items()]
                sentence += f" ({', '.join(words)})"
            if section.claimed is not None:
                sentence += (
                    f" (the claim: {section.claimed:,}, by a definition that it does not give)"
                )
        sentence += f". Definition: {result.words}{_vintage(context, section)}."
        if remarks[name]:
            sentence += f" Left out: {remarks[name]}."
        if number == 0 and held is not None and len(held):
            year = held.index[-1]
            sentence += (
                f" The data hold {held.loc[year, 'held_km']:,.0f} km of the "
                f"{held.loc[year, 'published_km']:,.0f} km published for {year} "
                f"({held.loc[year, 'ratio']:.0%})."
            )
        if number == 0 and section.scheme is not None and len(result.by_scheme):
            sentence += f" Share by {section.scheme}: {_shares(result.by_scheme['share'])}."
        for group, share in result.by_scheme["share"].items():
            numbers[f"group.{group}"] = float(share)
        if number == 0 and kinds is not None and "added" in kinds:
            numbers |= {f"added.{kind}": int(n) for kind, n in kinds["added"].items()}
        findings.append(
            Finding(
                f"{section.name}_{number}",
                sentence,
                section.claim,
                f"{section.name}_definitions",
                f"{section.name}_coverage",
                headline,
                {f"{section.name}_{number}.{key}": value for key, value in numbers.items()},
            )
        )
    return tuple(findings)


def _shares(shares: pd.Series) -> str:
    """Write every share, or of more than six the three highest and the three lowest."""
    words = [f"{group} {share:.0%}" for group, share in shares.sort_values()[::-1].items()]
    if len(words) <= 6:
        return ", ".join(words)
    return f"highest {', '.join(words[:3])}; lowest {', '.join(words[-3:])}"
