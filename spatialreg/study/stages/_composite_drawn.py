"""Figures and layers of a composite index: ranks, profiles, spread, coordination, and two maps."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from ... import plot
from ..._palettes import GRADE_COLOURS, NO_DATA
from ...layers import Categorised, Graduated, Layer
from .._context import Context
from .._sections import CompositeSection
from ._composite_told import Composite, at_year, listed
from ._words import MEASURE_WORDS

_MOST_ROWS = 80  # regions that still can be read in one figure
_SIZE = (8.6, 6.6)


def drawn(
    context: Context, section: CompositeSection, found: Composite
) -> tuple[tuple[Layer, ...], dict[str, Any]]:
    """Draw everything."""
    return _layers(context, section, found), {
        **_by_region(context, found),
        **_over_time(section, found),
        **_maps(context, section, found),
    }


def _by_region(context: Context, found: Composite) -> dict[str, Any]:
    frame = at_year(found.result.frame, found.last).dropna(subset="index")
    if len(frame) > _MOST_ROWS:
        return {}
    names = context.regions[context.label(context.regions)]
    ranks = at_year(found.sensitivity.frame, found.last)
    return {
        "composite_ranks": plot.rank_intervals(
            ranks,
            names=names,
            groups=found.group,
            xlabel="rank (dot), and 5-95 % of ranks under "
            f"{found.sensitivity.replicates:,} random weightings",
            title=f"Ranks of the index in {found.last}, and how far they hang on the weights",
            ax=plot.figure(figsize=(6.8, 1.4 + 0.2 * len(frame))),
        ),
        "composite_profiles": plot.score_profiles(
            frame,
            found.items.aspects,
            whole="index",
            names=names,
            title=f"Scores of the index and its aspects, {found.last}",
            ax=plot.figure(figsize=(7.8, 1.4 + 0.2 * len(frame))),
        ),
    }


def _over_time(section: CompositeSection, found: Composite) -> dict[str, Any]:
    measure = section.measures[0]
    words = MEASURE_WORDS.get(measure, measure)
    bounds = {measure: "value", f"{measure}_low": "low", f"{measure}_high": "high"}
    table = found.inequality.query("weighting == 'unweighted'").set_index("year")
    table = table.rename(columns=bounds)
    figures: dict[str, Any] = {
        "composite_inequality": plot.interval_lines(
            {
                score: table[table["score"] == score].rename(columns=bounds)
                for score in found.scores
            },
            interval=f"{section.ci:.0%} interval",
            ylabel=words,
            title="Differences between regions in the index and its aspects",
            ax=plot.figure(),
        )
    }
    if found.grouped is not None:
        figures["composite_coordination"] = plot.coordination_lines(
            found.grouped,
            ylabel="coordination D, mean of regions",
            title=f"Coordination of {listed(found.systems)}",
            ax=plot.figure(figsize=(7.8, 5.0)),
        )
    return figures


def _maps(context: Context, section: CompositeSection, found: Composite) -> dict[str, Any]:
    frame = _frame(context, found)
    shared: dict[str, Any] = {"label": context.label(frame), "outline": context.outline}
    figures: dict[str, Any] = {
        "composite_map": plot.choropleth(
            frame,
            "score",
            palette="YlGnBu",
            title=f"{section.title}, {found.last}",
            legend="score, quintiles",
            ax=plot.figure(figsize=_SIZE),
            **shared,
        )
    }
    if found.coupling is not None:
        seen = set(frame["grade"])
        figures["composite_coordination_map"] = plot.categories(
            frame,
            "grade",
            colours={grade: rgb for grade, rgb in GRADE_COLOURS.items() if grade in seen},
            title=f"Coordination of {listed(found.systems)}, {found.last}",
            legend="class of D",
            ax=plot.figure(figsize=_SIZE),
            **shared,
        )
    return figures


def _frame(context: Context, found: Composite) -> gpd.GeoDataFrame:
    """Give the last year on the map; aspects under names that every file format holds."""
    regions = context.regions
    shape = [*context.named(regions), context.label(regions), "geometry"]
    year = at_year(found.result.frame, found.last)
    scores = year[found.scores].rename(columns={"index": "score", **_short(found)})
    ranks = at_year(found.sensitivity.frame, found.last)[["rank", "low", "high"]]
    scores = scores.join(ranks.rename(columns={"low": "rank_low", "high": "rank_high"}))
    if found.coupling is not None:
        scores = scores.join(at_year(found.coupling, found.last))
        scores["grade"] = scores["grade"].astype(object)
    frame = regions[list(dict.fromkeys(shape))].join(scores)
    return frame.fillna({"grade": "No data"}) if found.coupling is not None else frame


def _short(found: Composite) -> dict[str, str]:
    return {aspect: f"aspect_{i}" for i, aspect in enumerate(found.items.aspects, 1)}


def _layers(context: Context, section: CompositeSection, found: Composite) -> tuple[Layer, ...]:
    frame = _frame(context, found)
    aliases = {
        **context.named(frame),
        "score": f"{section.title} [1]",
        **{short: f"{aspect} [1]" for aspect, short in _short(found).items()},
        "rank": "Rank",
        "rank_low": "Rank, 5 % of random weightings",
        "rank_high": "Rank, 95 % of random weightings",
    }
    if found.coupling is not None:
        aliases |= {
            "coupling": "Coupling C [1]",
            "development": "Development T [1]",
            "coordination": "Coordination D [1]",
            "grade": "Class of D",
        }
    shared: dict[str, Any] = {
        "group": "Services",
        "frame": frame,
        "aliases": aliases,
        "table": "composite",
        "visible": False,
    }
    layers = [
        Layer(
            name="composite_index",
            title=f"{section.title}, {found.last}",
            style=Graduated("score", k=5, scheme="quantiles", palette="YlGnBu"),
            abstract=f"{section.title}, {found.last}: {found.result.definition}.",
            **shared,
        )
    ]
    if found.coupling is not None:
        counts = frame["grade"].value_counts()
        colours = {**GRADE_COLOURS, "No data": NO_DATA}
        classes = [(g, f"{g} ({counts[g]})", rgb) for g, rgb in colours.items() if g in counts]
        layers.append(
            Layer(
                name="composite_coordination",
                title=f"Coordination of {listed(found.systems)}, {found.last}",
                style=Categorised("grade", classes=classes),
                abstract=f"{found.coupling.attrs['definition']}.",
                **shared,
            )
        )
    return tuple(layers)
