"""What the tests of change over time give."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class TrendResult(_Printed):
    """Whether inequality changed between two years.

    Attributes
    ----------
    definition : str
        What was computed, in words.
    start, end : int
        The two years.
    alternative : str
    permutations, replicates : int
        Of the test, and of the intervals.
    level : float
        Level of the intervals.
    n, missing : int
        Regions used, and regions left out since they lack a value in one of the two years.
    frame : DataFrame
        A row a measure: start, end, change, relative_change, low and high (bounds of the change),
        statistic and p_value.
    """

    definition: str
    start: int
    end: int
    alternative: str
    permutations: int
    replicates: int
    level: float
    n: int
    missing: int
    frame: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class BreaksResult(_Printed):
    """The years in which a trend turns.

    Attributes
    ----------
    definition : str
        What was computed, in words.
    years : tuple of int
        The turning points, in order; empty for an unbroken trend.
    n : int
        Years of the series.
    autocorrelation : float
        Of the errors around the trend, from one year to the next, corrected for its bias.
    frame : DataFrame
        A row a stretch between turning points: start, end, and slope per year (of the logarithm:
        times 100 it is growth in per cent, about).
    tests : DataFrame
        A row a step of the search: breaks and against (so many turning points tested against more),
        years (of the best larger set), statistic (F), p_value, and level, at or below which the
        step rejects the smaller number.
    fitted : Series
        The trend with these turning points, by year.
    """

    definition: str
    years: tuple[int, ...]
    n: int
    autocorrelation: float
    frame: pd.DataFrame = field(repr=False)
    tests: pd.DataFrame = field(repr=False)
    fitted: pd.Series = field(repr=False)
