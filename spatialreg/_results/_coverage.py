"""What a question of coverage gives."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class CoverageResult(_Printed):
    """Which regions a network or its facilities reach.

    Attributes
    ----------
    definition : str
        The definition's name.
    words : str
        The definition in words, with date, threshold, the nature of the lines and the precision of
        the points.
    date : str or None
    covered, total : int
        Regions covered, and regions asked about.
    share : float
        ``covered / total``; with `population`, the share of people in `population_share`.
    population_share : float
        NaN without population.
    by_scheme : DataFrame
        Counts by group of the scheme; empty without one.
    frame : DataFrame
        On the regions' index: covered (bool), since (the first date), and by definition facilities
        (their number), distance_m, minutes, or share, reached and out_of.
    reached_share : float
        Of definitions that count a share: what is reached of all people, settlements or area
        together. NaN for the others.
    """

    definition: str
    words: str
    date: str | None
    covered: int
    total: int
    share: float
    population_share: float
    by_scheme: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)
    reached_share: float = float("nan")
