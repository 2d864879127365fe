"""How far apart town and country are: in each region, in all together, and inside against between.

The ratio of all regions together weighs each region's means by its people, as a published ratio of
the nation does with its own survey weights; the two are held against each other where the study
file states the published one.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._align import require_columns, some
from ...errors import InputError
from ...layers import Graduated, Layer
from .._context import Context, Finding, StageResult
from .._sections import UrbanRuralSection
from ._defined import defined
from ._gap import changes_of
from ._gap_told import step_words, verb

_TOTAL = "all regions"
_PLACES = ("town", "country")


def run(context: Context) -> StageResult:
    """Table, draw and tell each gap between town and country."""
    layers: list[Layer] = []
    tables: dict[str, pd.DataFrame] = {}
    figures: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in context.config.urban_rural:
        panel = _panel(context, section)
        gap = disparity.urban_rural_gap(
            panel,
            urban="urban",
            rural="rural",
            urban_population="in_town",
            rural_population="in_country",
            total=_TOTAL,
        )
        whole = gap.index.get_level_values("code") == _TOTAL
        regions = gap[~whole]
        table = _by_year(gap[whole].droplevel("code"), regions, _parts(panel))
        wide = _wide(context, section, regions)
        tables[section.name] = defined(table, gap)
        tables[f"{section.name}_regions"] = defined(wide, gap)
        layer, drawn = _shown(context, section, regions, table, wide)
        layers.append(layer)
        figures |= drawn
        findings += _findings(context, section, regions, table, wide)
    return StageResult(tuple(layers), tables, figures, tuple(findings))


def _panel(context: Context, section: UrbanRuralSection) -> pd.DataFrame:
    """Give the rows that have both values and people, of years with all regions."""
    given = [section.urban, section.rural, section.urban_population, section.population]
    require_columns(context.panel, given, "the panel")
    panel = context.panel[given].dropna()
    urban, rural, in_town, people = (panel[column] for column in given)
    more = panel.index[in_town > people]
    if len(more):
        raise InputError(
            f"[[urban_rural]] {section.name!r}: {section.urban_population!r} is above "
            f"{section.population!r} in {len(more)} rows ({some(more)}): population must hold all "
            "people, in the same unit"
        )
    frame = pd.DataFrame(
        {"urban": urban, "rural": rural, "in_town": in_town, "in_country": people - in_town}
    )
    count = frame["urban"].groupby(level="year").transform("count")
    frame = frame[count == count.max()]
    known = sorted(frame.index.get_level_values("year").unique())
    lacking = [str(year) for year in section.compare if year not in known]
    if lacking:
        raise InputError(
            f"[[urban_rural]] {section.name!r} compares {', '.join(lacking)}, which lack values or "
            f"people; the years that have them in all regions are {some(known, 30)}"
        )
    return frame


def _parts(panel: pd.DataFrame) -> pd.DataFrame:
    """Split Theil's T over town and country of every region: inside and between the regions."""
    sides = []
    for place, (value, people) in zip(
        _PLACES, (("urban", "in_town"), ("rural", "in_country")), strict=True
    ):
        side = panel[[value, people]].set_axis(["value", "people"], axis=1).reset_index()
        side["region"] = side["code"]
        side["code"] = side["code"].astype(str) + f" {place}"
        side["place"] = place
        sides.append(side)
    units = pd.concat(sides).set_index(["code", "year"]).sort_index()
    columns = {}
    for by, between, within in (
        ("region", "theil_between_regions", "theil_inside_regions"),
        ("place", "theil_between_town_and_country", "theil_inside_town_and_country"),
    ):
        frame = disparity.decompose_theil(units, per_head="value", population="people", by=by).frame
        whole = frame[frame["group"] == "all"].pivot(index="year", columns="component")
        columns[between], columns[within] = whole["value", "between"], whole["value", "within"]
        columns[f"{within}_share"] = whole["share", "within"]
        columns[f"{between}_share"] = whole["share", "between"]
    parts = pd.DataFrame(columns)
    parts.insert(0, "theil", parts["theil_between_regions"] + parts["theil_inside_regions"])
    return parts


def _by_year(total: pd.DataFrame, regions: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    by_year = regions["ratio"].groupby(level="year")
    frame = pd.DataFrame(
        {
            "ratio_together": total["ratio"],
            "difference_together": total["difference"],
            "urban_share": total["urban_share"],
            "regions": by_year.count(),
            "median_ratio": by_year.median(),
            "lowest_ratio": by_year.min(),
            "highest_ratio": by_year.max(),
        }
    )
    return frame.join(parts)


def _wide(context: Context, section: UrbanRuralSection, regions: pd.DataFrame) -> pd.DataFrame:
    ratio, theil = (regions[c].unstack("year") for c in ("ratio", "theil"))
    measured = context.measured
    wide = pd.DataFrame({"name": measured[context.english(measured)].reindex(ratio.index)})
    wide["name"] = wide["name"].fillna(wide.index.to_series())
    for year in section.compare:
        wide[f"ratio_{year}"] = ratio[year]
        wide[f"theil_{year}"] = theil[year]
    first, last = section.compare[0], section.compare[-1]
    wide["change"] = ratio[last] - ratio[first]
    return wide


def _shown(
    context: Context,
    section: UrbanRuralSection,
    regions: pd.DataFrame,
    table: pd.DataFrame,
    wide: pd.DataFrame,
) -> tuple[Layer, dict[str, Any]]:
    first, last = section.compare[0], section.compare[-1]
    everywhere = context.regions
    frame = everywhere[[c for c in ("name", "name_en", "geometry") if c in everywhere]].copy()
    aliases = context.named(frame)
    for year in section.compare:
        frame[f"ratio_{year}"] = wide[f"ratio_{year}"].reindex(frame.index)
        aliases[f"ratio_{year}"] = f"Town over country, {year} [times]"
        frame[f"theil_{year}"] = wide[f"theil_{year}"].reindex(frame.index)
        aliases[f"theil_{year}"] = f"Theil T between town and country, {year} [1]"
    frame["change"] = wide["change"].reindex(frame.index)
    aliases["change"] = f"Change of the ratio, {first} to {last} [times]"
    column = f"ratio_{last}"
    layer = Layer(
        name=section.name,
        title=f"{section.title}, {last}",
        group="Gaps",
        frame=frame,
        style=Graduated(column, k=5, scheme="quantiles", palette="YlOrRd", unit="times"),
        aliases=aliases,
        abstract=f"{section.urban} over {section.rural}, per head, {last}.",
        visible=False,
    )
    name = everywhere[context.label(everywhere)]
    lines = plot.spread_over_time(
        regions["ratio"],
        total=table["ratio_together"],
        names=name,
        ylabel="town over country [times]",
        title=section.title,
        ax=plot.figure(figsize=(7.6, 4.8)),
    )
    mapped = plot.choropleth(
        everywhere.assign(ratio=frame[column]),
        "ratio",
        label=context.label(everywhere),
        outline=context.outline,
        title=f"{section.title}, {last}",
        legend="times, quintiles",
        ax=plot.figure(figsize=(8.6, 6.6)),
    )
    parts = plot.inequality_lines(
        {
            "all": table["theil"],
            "town against country, inside regions": table["theil_inside_regions"],
            "between regions": table["theil_between_regions"],
        },
        ylabel="Theil T over town and country of every region",
        title=f"{section.title}: inside and between regions",
        ax=plot.figure(),
    )
    return layer, {
        section.name: lines,
        f"{section.name}_map": mapped,
        f"{section.name}_theil": parts,
    }


def _findings(
    context: Context,
    section: UrbanRuralSection,
    regions: pd.DataFrame,
    table: pd.DataFrame,
    wide: pd.DataFrame,
) -> list[Finding]:
    first, last = section.compare[0], section.compare[-1]
    together, median = table["ratio_together"], table["median_ratio"]
    steps = step_words("", together, section.compare, pd.DataFrame(), ".2f")
    fell = int((wide["change"] < 0).sum())
    ordered = wide.sort_values(f"ratio_{last}")
    low, top = ordered.iloc[0], ordered.iloc[-1]
    tested = changes_of(
        regions,
        [first, last],
        ["cv"],
        section.permutations,
        per_head="ratio",
        rng=context.seed(f"{section.name} spread of the ratio"),
    )
    cv = disparity.inequality(regions, per_head="ratio", measures=["cv"])["cv"]
    spread = step_words("the spread over regions (cv)", cv, [first, last], tested)
    unit = f" {section.unit}" if section.unit else ""
    text = (
        f"{section.title}. Of all regions together it{steps}{_published(section, together)}. It "
        f"fell in {fell} of {len(wide)} regions, median {median[first]:.2f} to "
        f"{median[last]:.2f}; {spread}. In {last} {top['name']} had the highest "
        f"({top[f'ratio_{last}']:.2f}) and {low['name']} the lowest "
        f"({low[f'ratio_{last}']:.2f}). The difference of all together "
        f"{_went(table['difference_together'], first, last)}{unit}."
    )
    share = table["theil_inside_regions_share"]
    inside, between = table["theil_inside_regions"], table["theil_between_regions"]
    parts = (
        f"{section.title}: of Theil's T over town and country of every region, {share[first]:.0%} "
        f"lay between town and country inside regions in {first} and {share[last]:.0%} in {last}. "
        f"That part {_went(inside, first, last, '.4f')}, the part between regions "
        f"{_went(between, first, last, '.4f')}. Prices by place, and differences among the people "
        "of one town or countryside, are not in it."
    )
    name = section.name
    headline = {
        f"{section.title}, all regions together, {first} and {last}": (
            f"{together[first]:.2f} and {together[last]:.2f}"
        )
    }
    shares = {
        f"{section.title}: share of Theil T inside regions, {first} and {last}": (
            f"{share[first]:.0%} and {share[last]:.0%}"
        )
    }
    numbers = {
        f"{name}.first": float(together[first]),
        f"{name}.last": float(together[last]),
        f"{name}.fell": float(fell),
    }
    return [
        Finding(name, text, section.claim, f"{name}_regions", name, headline, numbers),
        Finding(f"{name}_theil", parts, section.claim, name, f"{name}_theil", shares),
    ]


def _went(values: pd.Series, first: int, last: int, form: str = ",.0f") -> str:
    one, two = float(values[first]), float(values[last])
    return f"{verb(one, two)} from {one:{form}} to {two:{form}}"


def _published(section: UrbanRuralSection, ours: pd.Series) -> str:
    """Hold the published ratios against ours."""
    years = [year for year in section.published if year in ours.index]
    if not years:
        return ""
    stated = ", ".join(f"{section.published[year]:.2f} in {year}" for year in years)
    apart = ", ".join(f"{ours[year] - section.published[year]:+.2f}" for year in years)
    source = f" by the {section.published_source}" if section.published_source else ""
    return (
        f"; published{source}: {stated}; ours differ by {apart}, likely as they weigh the regions' "
        "means by residents"
    )
