"""Figures and layers of convergence, at the prices that are told first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ... import plot
from ..._palettes import club_colours
from ...layers import Categorised, Graduated, Layer
from .._context import Context
from ._convergence_measured import MODEL_WORDS, MOST_ROWS, Converging, Equation

_EFFECTS = {"year": "effects of periods", "region+year": "effects of regions and periods"}


def figures_of(context: Context, measured: Converging) -> dict[str, Any]:
    """Draw dispersion, growth against level, speeds, clubs, shapes and ranks."""
    panel = context.config.panel
    words = panel.label if panel else "value per head"
    unit = f" [{panel.unit}]" if panel and panel.unit else ""
    prices = "" if measured.leading == "as given" else f", {measured.leading}"
    names = context.regions[context.label(context.regions)]
    alpha = measured.section.alpha
    figures: dict[str, Any] = {
        "convergence_sigma": plot.sigma_lines(
            measured.sigma,
            alpha=alpha,
            marks={end: str(end) for _, end in measured.spans[1:-1]},
            title=f"Dispersion of {words} between regions",
            ax=plot.figure(figsize=(7.2, 5.0)),
        )
    }
    for span in measured.spans:
        equation = measured.equation(measured.leading, span)
        if equation is not None and equation.result is not None:
            figures[f"convergence_beta_{span[0]}_{span[1]}"] = plot.convergence_scatter(
                equation.result,
                names=names,
                xlabel=f"{words}{prices}{unit}",
                title=f"Growth against level of {words}, {span[0]}-{span[1]}",
                ax=plot.figure(figsize=(7.2, 5.4)),
            )
    speeds = _speeds(measured)
    figures["convergence_speeds"] = plot.convergence_speeds(
        speeds,
        title=f"Speed of convergence by model, {words}{prices}",
        ax=plot.figure(
            figsize=(7.6, 1.5 + 0.24 * (len(speeds) + speeds.index.get_level_values(0).nunique()))
        ),
    )
    if measured.leading in measured.clubs:
        figures |= _clubs(context, measured, names, f"{words}{prices}")
    if measured.leading in measured.dynamics:
        dynamics = measured.dynamics[measured.leading]
        curves = dynamics.densities
        figures["convergence_densities"] = plot.density_lines(
            curves[curves.index >= 0],  # below zero is the kernel's tail, and no region
            xlabel=f"{words} over the mean of the regions",
            title=f"Where the regions stand, {words}{prices}",
            ax=plot.figure(),
        )
        regions = len(dynamics.ranks.frame)
        if regions <= MOST_ROWS:
            figures["convergence_ranks"] = plot.rank_slopes(
                dynamics.ranks,
                names=names,
                title=f"Ranks in {words}{prices}",
                ax=plot.figure(figsize=(5.6, 1.4 + 0.185 * max(regions, 12))),
            )
    return figures


def layers_of(context: Context, measured: Converging) -> tuple[Layer, ...]:
    """Give the growth of each region over all years as a layer, and its club."""
    panel = context.config.panel
    words = panel.label if panel else "value per head"
    start, end = measured.spans[0]
    layers = []
    equation = measured.equation(measured.leading, measured.spans[0])
    if equation is not None and equation.result is not None:
        result = equation.result
        frame = _shapes(context).join(100 * result.observations["growth"])
        frame["residual"] = 100 * result.residuals.reindex(frame.index)
        layers.append(
            Layer(
                name="convergence_growth",
                title=f"Growth of {words}, {start}-{end}",
                group="Convergence",
                frame=frame,
                style=Graduated(
                    "growth", k=5, scheme="quantiles", palette="YlGnBu", unit="% a year"
                ),
                aliases={
                    **context.named(frame),
                    "growth": "Growth [% a year]",
                    "residual": "Growth beyond what the level lets expect [% a year]",
                },
                abstract=f"{measured.leading}: {result.definition}.",
                visible=False,
            )
        )
    if measured.leading in measured.clubs:
        clubs = measured.clubs[measured.leading]
        frame = _shapes(context).join(clubs.frame)
        counts = frame["club"].value_counts()
        classes = [
            (club, f"{_club_words(club)} ({counts[club]})", colour)
            for club, colour in club_colours(frame["club"]).items()
        ]
        layers.append(
            Layer(
                name="convergence_clubs",
                title=f"Convergence clubs, {start}-{end}",
                group="Convergence",
                frame=frame,
                style=Categorised("club", classes=classes),
                aliases={
                    **context.named(frame),
                    "club": "Club, the highest first",
                    "first": f"Path in {start}: compared value over its mean [1]",
                    "last": f"Path in {end}: compared value over its mean [1]",
                },
                abstract=f"{measured.leading}: {clubs.definition}.",
                visible=False,
            )
        )
    return tuple(layers)


def _shapes(context: Context) -> Any:
    regions = context.regions
    return regions[[c for c in ("name", "name_en", "geometry") if c in regions.columns]]


def _club_words(club: str) -> str:
    return club if club == "divergent" else f"club {club}"


def _speeds(measured: Converging) -> pd.DataFrame:
    """Give the speeds at the leading prices, grouped by years and effects."""
    rows = {}
    for equation in measured.equations:
        if equation.prices != measured.leading:
            continue
        model = MODEL_WORDS[equation.model]
        if equation.controls:
            model += f", given {len(measured.section.controls)} controls"
        row: dict[str, Any] = {"speed": np.nan, "low": np.nan, "high": np.nan, "chosen": False}
        if equation.result is not None:
            speeds = equation.result.speeds
            kind = "direct" if "direct" in speeds.index else "coefficient"
            told = speeds.loc[kind]
            row = {
                "speed": told["speed"],
                "low": told["speed_low"],
                "high": told["speed_high"],
                "chosen": equation.model in _pointed_to(measured, equation),
            }
        rows[_group(equation), model] = row
    return pd.DataFrame.from_dict(rows, orient="index")


def _group(equation: Equation) -> str:
    start, end = equation.span
    if equation.effects is None or equation.result is None:
        return f"{start}-{end}"
    result = equation.result
    return f"{start}-{result.end} in periods of {result.period} years, {_EFFECTS[equation.effects]}"


def _pointed_to(measured: Converging, equation: Equation) -> tuple[str, ...]:
    """Give the models that the tests of the same equation point to."""
    same = next(
        e for e in measured.equations
        if e.model == "ols" and (e.prices, e.span, e.effects, e.controls)
        == (equation.prices, equation.span, equation.effects, equation.controls)
    )  # fmt: skip
    return tuple(same.result.suggested.split(" or ")) if same.result is not None else ()


def _clubs(context: Context, measured: Converging, names: pd.Series, words: str) -> dict[str, Any]:
    result = measured.clubs[measured.leading]
    drawn = context.regions.join(result.frame["club"].map(_club_words, na_action="ignore"))
    colours = {_club_words(c): rgb for c, rgb in club_colours(result.frame["club"]).items()}
    shown = names if len(result.paths) <= MOST_ROWS else None
    return {
        "convergence_clubs": plot.categories(
            drawn,
            "club",
            colours=colours,
            label=context.label(context.regions),
            title=f"Convergence clubs, {words}",
            legend="club, the highest first",
            outline=context.outline,
            ax=plot.figure(figsize=(8.6, 6.6)),
        ),
        "convergence_paths": plot.transition_paths(
            result,
            names=shown,
            title=f"Paths relative to the mean, {words}",
            ax=plot.figure(figsize=(7.6, 5.8)),
        ),
    }
