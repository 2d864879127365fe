"""The stages of a study: one small module a question.

A stage has one shape: the sections of the study file that it needs, what it gives, and
``run(context) -> StageResult``. Other packages add stages through the entry point group
``spatialreg.stages``, whose entries are :class:`Stage` objects; their options stand in
``[extra.NAME]`` of the study file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points

from .._config import StudyConfig
from .._context import Context, StageResult
from . import (
    _access,
    _autocorrelation,
    _claims,
    _composite,
    _concentration,
    _convergence,
    _coverage,
    _cross_section,
    _decomposition,
    _events,
    _flows,
    _gap,
    _growth,
    _inequality,
    _joined,
    _levels,
    _market,
    _monitor,
    _network,
    _side_by_side,
    _surface,
    _transfers,
    _urban_rural,
)


@dataclass(frozen=True)
class Stage:
    """One question of a study.

    Attributes
    ----------
    name, title : str
    needs : str
        The section of the study file without which the stage does not run.
    gives : str
        What comes out, in words.
    run : callable
        Takes a :class:`Context`, gives a :class:`StageResult`.
    """

    name: str
    title: str
    needs: str
    gives: str
    run: Callable[[Context], StageResult]

    def applies(self, config: StudyConfig) -> bool:
        """Say whether the study asks for this stage."""
        if self.needs in type(config).model_fields:
            return bool(getattr(config, self.needs))
        return self.needs in config.extra


_OWN = (
    Stage("join", "Regions and panel", "panel", "a layer of what did not join", _joined.run),
    Stage(
        "inequality",
        "How unequal are the regions",
        "inequality",
        "indices by year, prices and weighting; decomposition; Lorenz curves",
        _inequality.run,
    ),
    Stage(
        "decomposition",
        "Which groups and sectors make the gap",
        "decomposition",
        "the Gini coefficient by groups, pairs of groups, and sectors",
        _decomposition.run,
    ),
    Stage(
        "convergence",
        "Do the gaps close",
        "convergence",
        "dispersion, catching up, clubs and moves; layers of growth and clubs",
        _convergence.run,
    ),
    Stage(
        "concentration",
        "Where production stands, what regions live on",
        "concentration",
        "shares of groups, location quotients, specialisation, concentration, shift-share",
        _concentration.run,
    ),
    Stage(
        "gap",
        "How far apart in services and networks",
        "gap",
        "gaps by year and column with intervals and tests; maps where asked for",
        _gap.run,
    ),
    Stage(
        "transfers",
        "What transfers do to the gaps",
        "transfers",
        "gaps before and after by year, and what each region gains",
        _transfers.run,
    ),
    Stage(
        "urban_rural",
        "How far apart town and country are",
        "urban_rural",
        "the ratio by region and year, and gaps inside and between regions",
        _urban_rural.run,
    ),
    Stage(
        "market",
        "Are the regions one market",
        "market",
        "variance of relative prices by year, region and pair",
        _market.run,
    ),
    Stage(
        "flows",
        "Who gives to whom",
        "flows",
        "net receipts by region, per head and over the budget; lines of flows",
        _flows.run,
    ),
    Stage(
        "composite",
        "Who is well served, and in what",
        "composite",
        "an index of aspects by region and year, its spread and sensitivity, coupling of aspects",
        _composite.run,
    ),
    Stage(
        "autocorrelation",
        "Where do the disparities cluster",
        "autocorrelation",
        "Moran's I by year; local clusters as layers",
        _autocorrelation.run,
    ),
    Stage(
        "cross_section",
        "Where one year's values cluster",
        "cross_section",
        "indices, Moran's I and local clusters of columns of one year",
        _cross_section.run,
    ),
    Stage(
        "coverage",
        "How well does the network reach them",
        "coverage",
        "counts by date and definition; coverage and network layers",
        _coverage.run,
    ),
    Stage(
        "network",
        "What the networks are made of",
        "network",
        "lengths by class; the edges as a layer; what did not join",
        _network.run,
    ),
    Stage(
        "access",
        "How quickly does it bring them together",
        "access",
        "travel times by date, what is in reach, its inequality, and what lines changed",
        _access.run,
    ),
    Stage(
        "surface",
        "How far is everywhere",
        "surface",
        "travel times to the nearest facility by cell, and the people within",
        _surface.run,
    ),
    Stage(
        "side_by_side",
        "Who has both",
        "side_by_side",
        "a value by whether the network reaches its region",
        _side_by_side.run,
    ),
    Stage("levels", "Does the level matter", "levels", "the measures by level", _levels.run),
    Stage("events", "What happened when", "events", "counts by year, a map", _events.run),
    Stage("growth", "What was built where", "growth", "levels and growth by region", _growth.run),
    Stage(
        "monitor",
        "Are the targets within reach",
        "monitor",
        "status by region and target, early warnings, mid-term and final tables of a plan",
        _monitor.run,
    ),
    Stage("claims", "What was claimed", "claims", "each claim beside what was found", _claims.run),
)


def all_stages() -> list[Stage]:
    """List our stages, then those of other packages, with the claims at the end."""
    added = [point.load() for point in entry_points(group="spatialreg.stages")]
    return [*_OWN[:-1], *added, _OWN[-1]]
