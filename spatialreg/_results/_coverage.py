"""What a question of coverage gives: on one day, on several, and by several definitions."""

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


@dataclass(frozen=True, repr=False)
class CoverageSeries(_Printed):
    """Which regions are reached on each of several dates.

    Attributes
    ----------
    definition : str
    words : str
        The definition in words, as on the last date.
    total : int
        Regions asked about.
    by_date : DataFrame
        Indexed by day: ``covered`` (regions), ``share``, ``added`` and ``lost`` (since the date
        before), ``population_share``, ``reached_share``.
    by_scheme : DataFrame
        Indexed by day and group; empty without a scheme.
    covered : DataFrame of bool
        Regions by day.
    values : DataFrame
        Regions by day: the share reached, the minutes from the seat [min], the distance to it [m],
        or the number of facilities.
    frame : DataFrame
        That of the last date, with ``since``: the exact day where the definition knows it, else
        the first of the dates from which on the region was covered.
    """

    definition: str
    words: str
    total: int
    by_date: pd.DataFrame = field(repr=False)
    by_scheme: pd.DataFrame = field(repr=False)
    covered: pd.DataFrame = field(repr=False)
    values: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class CoverageComparison(_Printed):
    """Several definitions of coverage side by side.

    Attributes
    ----------
    frame : DataFrame
        By definition, and by date where dates are compared: ``covered``, ``total``, ``share``,
        ``population_share``, ``reached_share``, ``words``.
    agreement : DataFrame
        By pair of definitions (and date): ``both``, ``only_first``, ``only_second``, ``neither``
        (regions), ``agree`` (share of regions on which both say the same), ``kappa`` (Cohen's: the
        agreement beyond that of chance; NaN where both say the same of every region).
    covered : DataFrame of bool
        Regions by definition (and date).
    """

    frame: pd.DataFrame = field(repr=False)
    agreement: pd.DataFrame = field(repr=False)
    covered: pd.DataFrame = field(repr=False)
