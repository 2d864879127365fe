"""How many regions the network reached by date, by each definition, and which were added.

Definitions disagree, so they stand side by side in one table, each in words.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from ... import access, plot
from ..._align import require_columns
from ..._dates import last_day
from ..._palettes import NO_DATA
from ..._results import CoverageResult
from ...errors import PrecisionWarning
from ...layers import Categorised, Layer, Simple
from .._config import CoverageSection
from .._context import Context, Finding, StageResult

_NOT_REACHED, _NOT_LISTED = "not reached", "not listed"
_DARKEST, _MIDDLE, _LIGHTEST = (8, 48, 107), (66, 146, 198), (198, 219, 239)  # of Blues


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


def _people(context: Context, section: CoverageSection, regions: pd.Index) -> pd.Series | None:
    if section.population is None:
        return None
    table = context.sources.by_code(section.population, regions)
    require_columns(table, [section.population_column], f"the table {section.population}")
    return table[section.population_column].astype(float)


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
        _layers(context, section, drawn, first, facilities, drawn_lines),
        tables,
        _figures(section, drawn, everywhere, results, facilities, drawn_lines, context.outline),
        _findings(context, section, results, remarks, held, kinds, len(facilities)),
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
    asked: list[tuple[str, dict[str, Any]]] = []
    for definition in section.definitions:
        if definition != "seat_distance":
            asked.append((definition, {"definition": definition}))
            continue
        seats = context.sources.facilities(section.seats or "")
        asked += [
            (
                f"seat within {metres / 1000:g} km",
                {"definition": definition, "seats": seats, "threshold": metres},
            )
            for metres in section.thresholds
        ]
    date = max(section.years) if section.years else None
    results, remarks = {}, {}
    for name, options in asked:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", PrecisionWarning)
            results[name] = access.coverage(
                counted,
                facilities,
                date=date,
                scheme=section.scheme,
                population=_people(context, section, counted.index),
                **options,
            )
        remarks[name] = "; ".join(
            str(w.message) for w in caught if issubclass(w.category, PrecisionWarning)
        )
    return results, remarks


def _classes(result: CoverageResult, years: list[int]) -> pd.Series:
    """Put each region in the span of years in which it was first reached."""
    if not years:
        listed = result.definition == "listed"
        yes, no = ("listed", _NOT_LISTED) if listed else ("reached", _NOT_REACHED)
        return result.frame["covered"].map({True: yes, False: no})
    bounds = sorted(years)
    since = result.frame["since"]
    classes = pd.Series(_NOT_REACHED, index=since.index)
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


def _shares(shares: pd.Series) -> str:
    """Write every share, or of more than six the three highest and the three lowest."""
    words = [f"{group} {share:.0%}" for group, share in shares.sort_values()[::-1].items()]
    if len(words) <= 6:
        return ", ".join(words)
    return f"highest {', '.join(words[:3])}; lowest {', '.join(words[-3:])}"


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


def _layers(
    context: Context,
    section: CoverageSection,
    drawn: gpd.GeoDataFrame,
    first: CoverageResult,
    facilities: pd.DataFrame,
    lines: pd.DataFrame | None,
) -> tuple[Layer, ...]:
    counts = drawn["reached"].value_counts()
    colours = _colours(list(counts.index))
    name = section.name
    frame = drawn.rename(columns={"reached": f"{name}_reached"})
    frame[f"{name}_facilities"] = first.frame["facilities"]
    frame[f"{name}_since"] = first.frame["since"].dt.strftime("%Y-%m-%d")
    layers = [
        Layer(
            name=f"{section.name}_coverage",
            title=f"{section.title}: regions reached",
            group="Coverage",
            frame=frame,
            style=Categorised(
                f"{name}_reached",
                classes=[(c, f"{c} ({counts[c]})", rgb) for c, rgb in colours.items()],
            ),
            aliases={
                **context.named(frame),
                f"{name}_reached": f"{section.title}: first reached",
                f"{name}_facilities": f"{section.title}: facilities [number]",
                f"{name}_since": f"{section.title}: since [date]",
            },
            abstract=first.words,
            visible=False,
            table=context.table(section.regions),
        )
    ]
    if isinstance(lines, gpd.GeoDataFrame):
        schematic = "nature" in lines.columns and bool((lines["nature"] == "schematic").any())
        layers.append(
            Layer(
                name=f"{section.name}_lines",
                title=f"{section.title}: lines" + (" (schematic)" if schematic else ""),
                group="Networks",
                frame=lines.reset_index(),
                style=Simple("#b30000", width=0.5, dash=schematic),
                abstract=str(lines.attrs.get("note", "")),
                visible=False,
            )
        )
    if isinstance(facilities, gpd.GeoDataFrame):
        layers.append(
            Layer(
                name=f"{section.name}_points",
                title=f"{section.title}: points",
                group="Networks",
                frame=facilities.reset_index(),
                style=Simple("#222222", size=1.4),
                abstract=str(facilities.attrs.get("note", "")),
                visible=False,
            )
        )
    return tuple(layers)


def _colours(names: list[str]) -> dict[str, str]:
    """Darkest for the earliest span; grey for what was not reached."""
    spans = sorted(
        (n for n in names if n not in {_NOT_REACHED, _NOT_LISTED, "No data"}),
        key=lambda n: (not n.startswith("by"), n),
    )
    if spans in (["reached"], ["listed"]):
        shades = {spans[0]: "#2171b5"}
    else:
        shades = dict(zip(spans, blues(len(spans)), strict=True))
    rest = {_NOT_REACHED: "#f2f2f2", _NOT_LISTED: "#f2f2f2", "No data": NO_DATA}
    for name, colour in rest.items():
        if name in names:
            shades[name] = colour
    return shades


def blues(count: int) -> list[str]:
    """Give as many blues as asked for, all different, from the darkest to the lightest."""
    shades = []
    for i in range(count):
        at = 2 * i / max(1, count - 1)
        ends = (_DARKEST, _MIDDLE) if at < 1 else (_MIDDLE, _LIGHTEST)
        mixed = (round(a + (b - a) * (at % 1 if at < 2 else 1)) for a, b in zip(*ends, strict=True))
        shades.append("#" + "".join(f"{part:02x}" for part in mixed))
    return shades


def _figures(
    section: CoverageSection,
    drawn: gpd.GeoDataFrame,
    everywhere: gpd.GeoDataFrame,
    results: dict[str, CoverageResult],
    facilities: pd.DataFrame,
    lines: pd.DataFrame | None,
    outline: gpd.GeoDataFrame | None,
) -> dict[str, Any]:
    figures: dict[str, Any] = {
        f"{section.name}_coverage": plot.categories(
            drawn,
            "reached",
            colours=_colours(list(drawn["reached"].unique())),
            title=section.title,
            legend=next(iter(results)),
            outline=outline,
            ax=plot.figure(figsize=(8.6, 6.6)),
        )
    }
    if section.years:
        counts = {
            name: access.coverage_by_date(
                r, [*r.frame["since"].dropna().unique(), max(section.years)]
            )["covered"]
            for name, r in results.items()
        }
        mark = None if section.after is None else (last_day(section.after), section.after)
        figures[f"{section.name}_over_time"] = plot.coverage_over_time(
            counts, mark=mark, title=f"{section.title}: regions reached", ax=plot.figure()
        )
    if isinstance(lines, gpd.GeoDataFrame):
        if "province" in everywhere.columns:
            ground = everywhere.dissolve("province")
        else:
            ground = everywhere
        points = facilities if isinstance(facilities, gpd.GeoDataFrame) else None
        figures[f"{section.name}_network"] = plot.network_map(
            ground,
            lines=lines,
            points=points,
            outline=outline,
            title=f"{section.title}: network",
            ax=plot.figure(figsize=(8.6, 6.6)),
        )
    return figures


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
    people = _people(context, section, covered.index)
    weight = pd.Series(1.0, covered.index) if people is None else people
    share = float(weight[covered].sum() / weight.sum())
    what = "of them" if people is None else "of their people"
    return f"of the {len(covered):,} regions of {section.among}, {share:.1%} {what}", share


def _findings(
    context: Context,
    section: CoverageSection,
    results: dict[str, CoverageResult],
    remarks: dict[str, str],
    held: pd.DataFrame | None,
    kinds: pd.DataFrame | None,
    facilities: int,
) -> tuple[Finding, ...]:
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
