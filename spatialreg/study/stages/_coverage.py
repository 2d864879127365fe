"""How many regions the network reached by date, by each definition, and which were added.

Definitions disagree, so they stand side by side in one table, each in words.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from ... import access
from ..._align import require_columns
from ..._dates import last_day
from ..._results import CoverageResult
from ...errors import PrecisionWarning
from ...layers import Layer
from .._context import Context, Finding, StageResult
from .._networks import connectors_of, network_of
from .._sections import CoverageSection
from ._coverage_drawn import NOT_LISTED, NOT_REACHED, coverage_figures, coverage_layers
from ._coverage_told import coverage_findings, people_of


def run(context: Context) -> StageResult:
    """Run every coverage section of the study."""
    layers: list[Layer] = []
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in context.config.coverage:
        one = _run_one(context, section)
        layers.extend(one.layers)
        tables.update(one.tables)
        figures.update(one.figures)
        findings.extend(one.findings)
    return StageResult(tuple(layers), tables, figures, tuple(findings))


def first_result(context: Context, name: str) -> CoverageResult:
    """Give the result of a section by its first definition, for stages that build on it."""
    section = next(s for s in context.config.coverage if s.name == name)
    return next(iter(_results(context, section)[0].values()))


def _results(
    context: Context, section: CoverageSection
) -> tuple[dict[str, CoverageResult], dict[str, str]]:
    """Compute a section once in a run."""

    def compute() -> tuple[dict[str, CoverageResult], dict[str, str]]:
        facilities = _counted(context.sources.facilities(section.facilities), section.leave_out)
        results, remarks = _by_definition(context, section, _regions(context, section), facilities)
        return _named(context, results), remarks

    found: tuple[dict[str, CoverageResult], dict[str, str]] = context.once(
        f"coverage {section.name}", compute
    )
    return found


def _regions(context: Context, section: CoverageSection) -> gpd.GeoDataFrame:
    everywhere = context.sources.regions(section.regions)
    return everywhere[~everywhere.index.str.startswith(tuple(section.leave_out) or ("\0",))]


def _run_one(context: Context, section: CoverageSection) -> StageResult:
    everywhere, counted = context.sources.regions(section.regions), _regions(context, section)
    facilities = _counted(context.sources.facilities(section.facilities), section.leave_out)
    facilities = _open_by(facilities, section)
    results, remarks = _results(context, section)
    first = next(iter(results.values()))
    drawn = everywhere[[c for c in ("name", "geometry") if c in everywhere.columns]].copy()
    drawn["reached"] = _classes(first, section.years).reindex(everywhere.index).fillna("No data")
    lines = None if section.lines is None else context.sources.facilities(section.lines)
    lines = None if lines is None else _open_by(lines, section)
    if isinstance(lines, gpd.GeoDataFrame):
        drawn_lines: pd.DataFrame | None = lines[lines.geometry.notna()]
    else:
        drawn_lines = lines
    tables = {
        f"{section.name}_definitions": _definitions(results, remarks),
        f"{section.name}_regions": _by_region(counted, results),
    }
    if section.years:
        counts = {n: access.coverage_by_date(r, section.years) for n, r in results.items()}
        tables[f"{section.name}_by_year"] = pd.concat(counts, names=["definition"]).reset_index()
    if len(results) > 1:
        compared = access.compare_coverage(results)
        tables[f"{section.name}_agreement"] = compared.agreement.reset_index()
    if section.scheme is not None:
        tables[f"{section.name}_by_group"] = pd.concat(
            {name: r.by_scheme for name, r in results.items()}, names=["definition"]
        ).reset_index()
    held = _held(context, section, lines)
    if held is not None:
        tables[f"{section.name}_network_held"] = held
    kinds = _by_kind(section, counted, first)
    if kinds is not None:
        tables[f"{section.name}_by_kind"] = kinds
    return StageResult(
        coverage_layers(context, section, drawn, first, facilities, drawn_lines),
        tables,
        coverage_figures(
            section, drawn, everywhere, results, facilities, drawn_lines, context.outline
        ),
        coverage_findings(context, section, results, remarks, held, kinds, len(facilities)),
    )


def _open_by(frame: pd.DataFrame, section: CoverageSection) -> pd.DataFrame:
    """Keep what was open at the end of the last year asked about."""
    if not section.years or "opened" not in frame.columns:
        return frame
    return frame[pd.to_datetime(frame["opened"]) <= last_day(max(section.years))]


def _counted(facilities: pd.DataFrame, leave_out: list[str]) -> pd.DataFrame:
    """Keep the facilities that are not stated to stand in a region left out."""
    if "county" not in facilities.columns or not leave_out:
        return facilities
    return facilities[~facilities["county"].str.startswith(tuple(leave_out))]


def _by_definition(
    context: Context,
    section: CoverageSection,
    counted: gpd.GeoDataFrame,
    facilities: pd.DataFrame,
) -> tuple[dict[str, CoverageResult], dict[str, str]]:
    """Compute each definition; what a definition refuses is kept as its remark."""
    date = max(section.years) if section.years else None
    results, remarks = {}, {}
    for name, options in _asked(context, section):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", PrecisionWarning)
            results[name] = access.coverage(
                counted,
                facilities,
                date=date,
                scheme=section.scheme,
                population=people_of(context, section, counted.index),
                **options,
            )
            if options["definition"] == "seat_time" and len(section.years) > 1:
                # over a network the day is known to the dates asked about, no closer: the day
                # after which regions are counted as added must be one of them
                days = {last_day(d) for d in (*section.years, section.after) if d is not None}
                series = access.coverage_series(counted, facilities, dates=sorted(days), **options)
                dated = results[name].frame.assign(since=series.frame["since"])
                results[name] = replace(results[name], frame=dated)
        remarks[name] = "; ".join(
            str(w.message) for w in caught if issubclass(w.category, PrecisionWarning)
        )
    return results, remarks


def _asked(context: Context, section: CoverageSection) -> list[tuple[str, dict[str, Any]]]:
    """List the definitions of a section with their thresholds and what else they use."""
    asked: list[tuple[str, dict[str, Any]]] = []
    for definition in section.definitions:
        options: dict[str, Any] = {"definition": definition}
        if definition in ("seat_distance", "seat_time"):
            options["seats"] = context.sources.places(section.seats or "")
        if section.network is not None and definition == "seat_time":
            network = network_of(context, section.network)
            options["network"] = network
            if section.connectors is not None:
                options["connectors"] = connectors_of(section.connectors)
        if definition == "seat_distance":
            asked += [
                (f"seat within {m / 1000:g} km", {**options, "threshold": m})
                for m in section.thresholds
            ]
        elif definition == "seat_time":
            asked += [
                (f"seat within {m:g} minutes", {**options, "threshold": m}) for m in section.minutes
            ]
        else:
            asked.append((definition, options))
    return asked


def _classes(result: CoverageResult, years: list[int]) -> pd.Series:
    """Put each region in the span of years in which it was first reached."""
    if not years:
        listed = result.definition == "listed"
        yes, no = ("listed", NOT_LISTED) if listed else ("reached", NOT_REACHED)
        return result.frame["covered"].map({True: yes, False: no})
    bounds = sorted(years)
    since = result.frame["since"]
    classes = pd.Series(NOT_REACHED, index=since.index)
    for start, end in zip([None, *bounds[:-1]], bounds, strict=True):
        inside = since <= last_day(end)
        if start is not None:
            inside &= since > last_day(start)
        words = f"by {end}" if start is None else f"{start + 1}-{end}"
        classes[inside] = words if start is None or start + 1 < end else str(end)
    return classes


def _definitions(results: dict[str, CoverageResult], remarks: dict[str, str]) -> pd.DataFrame:
    rows = {
        name: {
            "covered": r.covered,
            "total": r.total,
            "share": r.share,
            "in_words": r.words,
            "left_out": remarks[name],
        }
        for name, r in results.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("definition")


def _by_region(counted: gpd.GeoDataFrame, results: dict[str, CoverageResult]) -> pd.DataFrame:
    table = pd.DataFrame({"name": counted["name"]}, index=counted.index)
    for name, result in results.items():
        table[f"covered, {name}"] = result.frame["covered"]
        table[f"since, {name}"] = result.frame["since"]
    return table


def _by_kind(
    section: CoverageSection, counted: gpd.GeoDataFrame, result: CoverageResult
) -> pd.DataFrame | None:
    """Count by kind of region: all, reached, and added after the day."""
    if section.kinds is None:
        return None
    require_columns(counted, [section.kinds], f"the regions {section.regions}")
    kind = counted[section.kinds]
    table = pd.DataFrame(
        {
            "total": kind.value_counts(),
            "covered": kind[result.frame["covered"]].value_counts(),
        }
    )
    if section.after is not None and result.date is not None:
        added = access.newly_covered(result, after=section.after, until=result.date)
        table["added"] = kind[added].value_counts()
    return table.fillna(0).astype(int).rename_axis("kind")


def _named(context: Context, results: dict[str, CoverageResult]) -> dict[str, CoverageResult]:
    """Write the names of groups that are regions of the study's map, instead of their codes."""
    names = context.regions[context.english(context.regions)]
    return {
        key: replace(result, by_scheme=result.by_scheme.rename(index=names))
        for key, result in results.items()
    }


def _held(
    context: Context, section: CoverageSection, lines: pd.DataFrame | None
) -> pd.DataFrame | None:
    """Compare the length that the data hold with the published one, year by year."""
    if section.published is None or section.published_column is None or lines is None:
        return None
    published = context.sources.by_year(section.published)[section.published_column].dropna()
    new = lines[lines["class"] == "new"] if "class" in lines.columns else lines
    dated = "counted_from" if "counted_from" in new.columns else "opened"
    require_columns(new, ["length_km", dated], f"the lines {section.lines}")
    years = [year for year in published.index if not section.years or year <= max(section.years)]
    if "counted_from" in new.columns:
        counted = [new["counted_from"] <= year for year in years]
    else:
        opened = pd.to_datetime(new["opened"])
        counted = [opened <= last_day(int(year)) for year in years]
    held = [float(new["length_km"][which].sum()) for which in counted]
    table = pd.DataFrame({"held_km": held, "published_km": published.loc[years]}, index=years)
    table["ratio"] = table["held_km"] / table["published_km"]
    return table.rename_axis("year")
