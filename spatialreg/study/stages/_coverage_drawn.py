"""Coverage as layers and figures: when each region was first reached, the network, the count."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from ... import access, plot
from ..._dates import last_day
from ..._palettes import NO_DATA
from ..._results import CoverageResult
from ...layers import Categorised, Layer, Simple
from .._context import Context
from .._sections import CoverageSection

NOT_REACHED, NOT_LISTED = "not reached", "not listed"
_DARKEST, _MIDDLE, _LIGHTEST = (8, 48, 107), (66, 146, 198), (198, 219, 239)  # of Blues


def coverage_layers(
    context: Context,
    section: CoverageSection,
    drawn: gpd.GeoDataFrame,
    first: CoverageResult,
    facilities: pd.DataFrame,
    lines: pd.DataFrame | None,
) -> tuple[Layer, ...]:
    """Give the regions by when they were first reached, and the lines and points of the network."""
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
        (n for n in names if n not in {NOT_REACHED, NOT_LISTED, "No data"}),
        key=lambda n: (not n.startswith("by"), n),
    )
    if spans in (["reached"], ["listed"]):
        shades = {spans[0]: "#2171b5"}
    else:
        shades = dict(zip(spans, blues(len(spans)), strict=True))
    rest = {NOT_REACHED: "#f2f2f2", NOT_LISTED: "#f2f2f2", "No data": NO_DATA}
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


def _dated_from(facilities: pd.DataFrame) -> pd.Timestamp:
    """Give the day from which all openings are known: some are known to be open "by" a day."""
    opened = pd.to_datetime(facilities["opened"])
    precision = facilities.get("opened_precision", pd.Series("day", facilities.index))
    vague = opened[precision == "by"]
    return vague.max() if len(vague) else opened.min()


def coverage_figures(
    section: CoverageSection,
    drawn: gpd.GeoDataFrame,
    everywhere: gpd.GeoDataFrame,
    results: dict[str, CoverageResult],
    facilities: pd.DataFrame,
    lines: pd.DataFrame | None,
    outline: gpd.GeoDataFrame | None,
) -> dict[str, Any]:
    """Draw the regions reached, their number over time, and the network."""
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
        start = _dated_from(facilities)
        counts = {
            name: access.coverage_by_date(
                r,
                [
                    *(d for d in r.frame["since"].dropna().unique() if d >= start),
                    max(section.years),
                ],
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
