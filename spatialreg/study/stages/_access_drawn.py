"""Access as layers and figures: minutes and people in reach by date, their spread, their change."""

from __future__ import annotations

from typing import Any

from ... import plot
from ..._palettes import CLUSTER_COLOURS
from ..._results import AttributionResult
from ...layers import Categorised, Graduated, Layer
from .._context import Context
from ._access_measured import DAILY, MEAN_TIME, Accessed
from ._access_units import shared_breaks, units_of

_GROUP = "Access"


def layers_of(context: Context, found: Accessed) -> tuple[Layer, ...]:
    """Give the regions by mean time, people in reach, change and clusters, in one table."""
    section, name = found.section, found.section.name
    years, units = section.years, units_of(found)
    frame = found.regions[[c for c in ("name", "geometry") if c in found.regions.columns]].copy()
    aliases = dict(context.named(frame))
    for column, words, scale in (
        (MEAN_TIME, "mean travel time [min]", 1.0),
        (DAILY, f"people within {units.within_short} [{units.count or 'number'}]", units.people),
        ("nearest", "to the nearest facility [min]", 1.0),
    ):
        if column not in found.panel:
            continue
        wide = found.panel[column].unstack("year") / scale
        for year in years:
            frame[f"{name}_{column}_{year}"] = wide[year].reindex(frame.index)
            aliases[f"{name}_{column}_{year}"] = f"{section.title}: {words}, {year}"
    first, last = years[0], years[-1]
    shared: dict[str, Any] = {
        "group": _GROUP,
        "visible": False,
        "table": context.table(section.regions),
        "abstract": found.definition,
    }
    if len(years) > 1:
        frame[f"{name}_change"] = frame[f"{name}_{MEAN_TIME}_{last}"].sub(
            frame[f"{name}_{MEAN_TIME}_{first}"]
        )
        aliases[f"{name}_change"] = f"{section.title}: change of mean travel time [min]"
    clusters = {}
    for words, local in found.clusters.items():
        column = f"{name}_cluster_{words.replace('-', '_')}"
        frame[column] = local.frame["cluster"].reindex(frame.index).astype(object)
        frame[column] = frame[column].fillna("No data")
        aliases[column] = f"{section.title}: clusters of mean travel time, {words}"
        clusters[words] = column
    layers = [
        Layer(
            name=f"{name}_{MEAN_TIME}",
            title=f"{section.title}: mean travel time, {last}",
            frame=frame,
            style=Graduated(
                f"{name}_{MEAN_TIME}_{last}", k=5, scheme="quantiles", palette="YlGnBu", unit="min"
            ),
            aliases=aliases,
            **shared,
        ),
        Layer(
            name=f"{name}_{DAILY}",
            title=f"{section.title}: people within {units.within_short}, {last}",
            frame=frame,
            style=Graduated(
                f"{name}_{DAILY}_{last}",
                k=5,
                scheme="quantiles",
                palette="Blues",
                unit=units.count,
            ),
            aliases=aliases,
            **shared,
        ),
    ]
    if len(years) > 1:
        layers.append(
            Layer(
                name=f"{name}_change",
                title=f"{section.title}: change of mean travel time, {first}-{last}",
                frame=frame,
                style=Graduated(
                    f"{name}_change", k=5, scheme="quantiles", palette="Purples_r", unit="min"
                ),
                aliases=aliases,
                **shared,
            )
        )
    for words, column in clusters.items():
        counts = frame[column].value_counts()
        layers.append(
            Layer(
                name=column,
                title=f"{section.title}: clusters of mean travel time, {words}",
                frame=frame,
                style=Categorised(
                    column,
                    classes=[
                        (c, f"{c} ({counts[c]})", rgb)
                        for c, rgb in CLUSTER_COLOURS.items()
                        if c in counts
                    ],
                ),
                aliases=aliases,
                **shared,
            )
        )
    return tuple(layers)


def figures_of(context: Context, found: Accessed) -> dict[str, Any]:
    """Draw the maps of the first and the last year, and how unequal access was."""
    section, name = found.section, found.section.name
    units = units_of(found)
    first, last = section.years[0], section.years[-1]
    minutes = found.panel[MEAN_TIME].unstack("year")
    people = found.panel[DAILY].unstack("year")
    figures: dict[str, Any] = {}
    for year in dict.fromkeys((first, last)):
        figures[f"{name}_{MEAN_TIME}_{year}"] = plot.minutes_map(
            found.regions,
            minutes[year].reindex(found.regions.index),
            breaks=shared_breaks(minutes.to_numpy()),
            title=f"{section.title}: mean travel time, {year}",
            legend="to all others, by people",
            outline=context.outline,
            ax=plot.figure(figsize=(8.6, 6.6)),
        )
    figures[f"{name}_{DAILY}"] = plot.choropleth(
        found.regions.assign(value=people[last].reindex(found.regions.index) / units.people),
        "value",
        palette="Blues",
        title=f"{section.title}: people within {units.within}, {last}",
        legend=f"{units.counted}, quintiles",
        outline=context.outline,
        ax=plot.figure(figsize=(8.6, 6.6)),
    )
    figures[f"{name}_lorenz"] = plot.access_lorenz(
        {str(year): people[year] for year in section.years},
        population=found.people,
        title=f"{section.title}: people within {units.within}",
        ax=plot.figure(figsize=(5.6, 5.2)),
    )
    if first != last:
        gini = found.inequality["gini"].unstack("indicator")
        figures[f"{name}_inequality"] = plot.inequality_lines(
            {
                "mean travel time": gini[MEAN_TIME].sort_index(),
                f"people within {units.within}": gini[DAILY].sort_index(),
            },
            ylabel="Gini coefficient",
            title=f"{section.title}: inequality of access",
            ax=plot.figure(),
        )
    if "nearest" in found.panel:
        nearest = found.panel["nearest"].unstack("year")
        figures[f"{name}_nearest"] = plot.people_by_minutes(
            {str(year): nearest[year] for year in nearest.columns},
            population=found.people,
            marks=(30, 60, 120),
            limit=600,
            xlabel="minutes to the nearest facility",
            title=f"{section.title}: people by time to the nearest facility",
            ax=plot.figure(),
        )
    for indicator, result in found.attributed.items():
        figures[f"{name}_{indicator}_lines"] = _line_map(context, found, indicator, result)
    for words, local in found.clusters.items():
        figures[f"{name}_clusters_{words.replace('-', '_')}"] = plot.lisa_map(
            found.regions,
            local,
            title=f"{section.title}: clusters of mean travel time, {words}",
            outline=context.outline,
            ax=plot.figure(figsize=(8.6, 6.6)),
        )
    return figures


def _line_map(context: Context, found: Accessed, indicator: str, result: AttributionResult) -> Any:
    """Draw what the first line asked for changes, region by region."""
    line = next(iter(found.section.lines))
    change = result.by_region.loc[line]["leave_one_out"].reindex(found.regions.index)
    minutes, units = indicator == MEAN_TIME, units_of(found)
    shown = -change if minutes else change / units.people
    what = "saved, mean travel time" if minutes else f"within {units.within}"
    return plot.choropleth(
        found.regions.assign(value=shown),
        "value",
        scheme="natural_breaks",
        palette="YlGnBu",
        title=f"{found.section.title}: what {line} changes, {found.section.years[-1]}",
        legend=f"{'minutes' if minutes else units.counted} {what}",
        outline=context.outline,
        ax=plot.figure(figsize=(8.6, 6.6)),
    )
