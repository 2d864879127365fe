"""What the measures of market segmentation and of transfers give."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class SegmentationResult(_Printed):
    """How differently prices move (or stand) between regions: a variance by pair and year.

    Attributes
    ----------
    words : str
        What was computed: prices, pairs, fixed effects, weights.
    regions, pair_count : int
        Regions with any price, and pairs of them that were compared.
    frame : DataFrame
        The nation by year: `variance` (mean over the pairs), `integration` (the root of
        1 / variance), `pairs` (with a variance) and `commodities` (that enter some pair).
    by_region : DataFrame
        Index (`code`, `year`): `variance` (mean over the pairs of the region), `integration` and
        `pairs`.
    pairs : DataFrame
        `first`, `second`, `year`, `variance`, `commodities` (that both have); the variance is NaN
        where they are too few.
    coverage : DataFrame
        Regions with a price, by year and commodity.
    """

    words: str
    regions: int
    pair_count: int
    frame: pd.DataFrame = field(repr=False)
    by_region: pd.DataFrame = field(repr=False)
    pairs: pd.DataFrame = field(repr=False)
    coverage: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class SegmentationChange(_Printed):
    """Whether segmentation differs between two years, by leaving out one region at a time.

    Attributes
    ----------
    words : str
        What was computed and what it assumes.
    first, last : int
        The years.
    statistic : float
        Mean variance of the last year less that of the first, over pairs that have both.
    standard_error : float
        From the jackknife over regions; p_value from Student's t with regions - 1 degrees.
    p_value : float
    alternative : str
    regions, pairs : int
        That take part.
    frame : DataFrame
        Index `code`: `without`, the statistic when the region and all its pairs are left out.
    """

    words: str
    first: int
    last: int
    statistic: float
    standard_error: float
    p_value: float
    alternative: str
    regions: int
    pairs: int
    frame: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class TransferResult(_Printed):
    """Inequality before and after transfers.

    Attributes
    ----------
    words : str
        What was computed.
    regions_used : int
        Regions with data in some year.
    frame : DataFrame
        Index (`year`, `measure`), for one year `measure`: before, after, reduction, relative.
    gini : DataFrame
        By year: before, after, concentration (of resources after in the order of those before),
        redistribution, vertical, reranking, share, progressivity, musgrave_thin.
    regions : DataFrame
        On the caller's index: before, after, gain (per head), relative_gain (change of the value
        over its mean), rank_before and rank_after (1 is the poorest of the year).
    """

    words: str
    regions_used: int
    frame: pd.DataFrame = field(repr=False)
    gini: pd.DataFrame = field(repr=False)
    regions: pd.DataFrame = field(repr=False)
