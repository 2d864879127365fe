"""What the stage of convergence measures: one call of a measure each, for every kind of prices."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pandas as pd

from ... import disparity
from ..._align import require_columns, some
from ..._results import (
    ClubResult,
    ConvergenceResult,
    MarkovResult,
    RankMobilityResult,
    SpatialMarkovResult,
)
from ...errors import ConfigError, InputError, IsolateWarning, MissingDataWarning
from .._context import Context
from .._sections import ConvergenceSection
from ._neighbours import neighbours

Span = tuple[int, int]

MOST_ROWS = 80  # regions that still can be read in one figure
MODEL_WORDS = {
    "ols": "least squares",
    "lag": "spatial lag",
    "error": "spatial error",
    "durbin": "spatial Durbin",
}


@dataclass(frozen=True)
class Equation:
    """One equation of growth on level; without a result `why` says why not."""

    prices: str
    span: Span
    effects: str | None
    controls: bool
    model: str
    result: ConvergenceResult | None
    why: str = ""


@dataclass(frozen=True)
class Dynamics:
    """How the regions moved: chains, shapes and ranks at one kind of prices."""

    chain: MarkovResult
    spatial: SpatialMarkovResult
    densities: pd.DataFrame
    modes: pd.DataFrame
    ranks: RankMobilityResult


@dataclass(frozen=True)
class Converging:
    """All that was measured; mappings are by the words of the prices, the leading ones first."""

    section: ConvergenceSection
    prices: dict[str, str]
    spans: list[Span]
    sigma: dict[str, pd.DataFrame]
    sigma_of_spans: dict[str, dict[Span, pd.DataFrame]]
    equations: list[Equation]
    clubs: dict[str, ClubResult]
    dynamics: dict[str, Dynamics]
    notes: tuple[str, ...] = field(default=())

    @property
    def leading(self) -> str:
        """The words of the prices that are told first: constant ones, if the study has them."""
        return next(iter(self.prices))

    def equation(
        self, prices: str, span: Span, model: str = "ols", effects: str | None = None
    ) -> Equation | None:
        """Give an equation without controls, if it was asked for."""
        wanted = (prices, span, model, effects, False)
        return next(
            (e for e in self.equations
             if (e.prices, e.span, e.model, e.effects, e.controls) == wanted),
            None,
        )  # fmt: skip


def measure(context: Context, section: ConvergenceSection) -> Converging:
    """Measure dispersion, equations, clubs and moves over the years that the section compares."""
    years = _years(context, section)
    spans = [(years[0], years[-1])]
    spans += [span for span in pairwise(years) if span not in spans]
    panel = context.panel
    codes, when = (panel.index.get_level_values(level) for level in ("code", "year"))
    # rows of regions that are not on the map, a national total among them, are no regions
    panel = panel[codes.isin(context.measured.index) & (when >= years[0]) & (when <= years[-1])]
    with _faults("controls", "name columns of the panel"):
        require_columns(panel, section.controls, "the panel")
    prices = context.price_variants()
    graph, _ = neighbours(context, section.weights)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sigma = {
            words: {span: _sigma(panel, column, span) for span in spans}
            for words, column in prices.items()
        }
        equations = [
            equation
            for words, column in prices.items()
            for equation in _equations(section, panel, graph, words, column, spans)
        ]
        clubs = {
            words: _clubs(section, panel, column)
            for words, column in prices.items()
            if section.clubs is not None
        }
        dynamics = {
            words: _dynamics(context, section, panel, graph, column, years)
            for words, column in prices.items()
            if section.dynamics
        }
    ours = (MissingDataWarning, IsolateWarning)
    return Converging(
        section,
        prices,
        spans,
        {words: by_span[spans[0]] for words, by_span in sigma.items()},
        sigma,
        equations,
        clubs,
        dynamics,
        tuple(dict.fromkeys(str(w.message) for w in caught if issubclass(w.category, ours))),
    )


def _years(context: Context, section: ConvergenceSection) -> list[int]:
    """Give the years to compare, which the panel must have."""
    if len(context.years) < 2:
        raise ConfigError("[convergence]: the panel has one year, and gaps close between two")
    years = sorted(set(section.compare)) or [context.years[0], context.years[-1]]
    lacking = [year for year in years if year not in context.years]
    if lacking:
        raise ConfigError(
            f"[convergence] compare: the panel has no year {some(lacking)}; it has "
            f"{some(context.years, 40)}"
        )
    return years


@contextmanager
def _faults(key: str, mend: str) -> Iterator[None]:
    """Say which key of the section a fault belongs to, and how it is mended."""
    try:
        yield
    except InputError as error:
        raise ConfigError(f"[convergence] {key}: {error}; {mend}") from error


def _sigma(panel: pd.DataFrame, column: str, span: Span) -> pd.DataFrame:
    years = panel.index.get_level_values("year")
    with _faults("compare", "or choose years in which regions have values above zero"):
        return disparity.sigma_convergence(
            panel[(years >= span[0]) & (years <= span[1])], value=column
        )


def _equations(
    section: ConvergenceSection,
    panel: pd.DataFrame,
    graph: Any,
    words: str,
    column: str,
    spans: list[Span],
) -> list[Equation]:
    """Estimate each model over each span, and over the periods of a panel."""
    given = [False, True] if section.controls else [False]
    wanted: list[tuple[Span, str | None]] = [(span, None) for span in spans]
    if section.step is not None:
        wanted += [(spans[0], effects) for effects in ("year", "region+year")]
    equations = []
    for span, effects in wanted:
        periods = {"end": span[1]} if effects is None else {"step": section.step}
        for controls in given:
            options: dict[str, Any] = {
                "value": column,
                "start": span[0],
                "effects": effects,
                "controls": section.controls if controls else [],
                "graph": graph,
                "ci": 1 - section.alpha,
                "subset": True,
                **periods,
            }
            for model in sorted(section.models, key=lambda model: model != "ols"):
                result, why = None, ""
                if model == "ols":
                    key = "compare" if effects is None else "step"
                    with _faults(key, "or compare other years, or leave out step or controls"):
                        result = disparity.beta_convergence(panel, model=model, **options)
                else:
                    # a likelihood without a highest point is an answer, not a fault of the study
                    try:
                        result = disparity.beta_convergence(panel, model=model, **options)
                    except InputError as error:
                        why = str(error)
                equations.append(Equation(words, span, effects, controls, model, result, why))
    return equations


def _clubs(section: ConvergenceSection, panel: pd.DataFrame, column: str) -> ClubResult:
    options = section.clubs
    if options is None:
        raise ValueError("no clubs were asked for")
    with _faults("clubs", "clubs = false leaves the clubs out"):
        return disparity.club_convergence(
            panel,
            value=column,
            filter=options.filter or None,
            trim=options.trim,
            order=options.order,
            merge=None if options.merge == "none" else options.merge,
        )


def _dynamics(
    context: Context,
    section: ConvergenceSection,
    panel: pd.DataFrame,
    graph: Any,
    column: str,
    years: list[int],
) -> Dynamics:
    shown = years
    if len(years) == 2:
        known = panel.index.get_level_values("year").unique().sort_values()
        shown = sorted({years[0], int(known[len(known) // 2]), years[1]})

    def seed(purpose: str) -> Any:
        return context.seed(f"convergence {purpose} {column}")

    with _faults("dynamics", "dynamics = false leaves the moves out"):
        return Dynamics(
            disparity.markov(panel, value=column, classes=section.classes),
            disparity.spatial_markov(
                panel,
                graph,
                value=column,
                classes=section.spatial_classes,
                permutations=section.permutations,
                rng=seed("chain"),
                subset=True,
            ),
            disparity.densities(panel, value=column, years=shown),
            disparity.modes(
                panel,
                value=column,
                years=shown,
                replicates=section.permutations,
                rng=seed("modes"),
            ),
            disparity.rank_mobility(
                panel,
                value=column,
                start=years[0],
                end=years[-1],
                graph=graph,
                permutations=section.permutations,
                rng=seed("ranks"),
                subset=True,
            ),
        )
