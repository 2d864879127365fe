"""Ratios of the top to the bottom: how many times as much the richest have as the poorest.

As the measures of :mod:`._inequality` they take `y`, a value per head labelled by region, and
`population`, people labelled by the same regions; they look at the ends of the distribution only.
"""

from __future__ import annotations

import pandas as pd

from .. import _measures as measures
from .._inputs import one_year


def palma(y: pd.Series, *, population: pd.Series | None = None) -> float:
    """Palma ratio: the value of the top tenth of people over that of the bottom four tenths.

    All people of a region are taken to have its mean, and a region across a cut is split.

    Parameters
    ----------
    y, population
        As for :func:`gini`. Without `population` the tenths are tenths of regions.

    Returns
    -------
    float
        A quarter if all are equal; infinite if the bottom four tenths have nothing.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import palma
    >>> round(palma(pd.Series([1.0, 3.0], index=["a", "b"])), 6)
    0.75
    """
    return float(measures.palma(*one_year(y, population)))


def quantile_ratio(
    y: pd.Series, upper: float = 0.9, lower: float = 0.1, *, population: pd.Series | None = None
) -> float:
    """Quantile ratio: the value that `upper` of people do not exceed over that of `lower`.

    Parameters
    ----------
    y, population
        As for :func:`gini`. Without `population` the quantiles are of regions.
    upper, lower : float
        Shares between 0 and 1, `upper` above `lower`.

    Returns
    -------
    float
        1 or more; infinite if the lower quantile is 0.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`, and for quantiles out of order.

    Notes
    -----
    The quantile is the inverse of the distribution function, and the mean of both values where a
    share is reached exactly (type 2 of Hyndman and Fan 1996, as Stata's ``pctile``), so that
    copies of all regions change nothing. Interpolating definitions, numpy's default among them,
    differ a little.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import quantile_ratio
    >>> y = pd.Series([1.0, 2.0, 4.0, 8.0], index=list("abcd"))
    >>> quantile_ratio(y)
    8.0
    >>> quantile_ratio(y, 0.75, 0.25)
    4.0
    """
    measures.check_quantiles(upper, lower)
    return float(measures.quantile_ratio(upper, lower)(*one_year(y, population)))


def max_min_ratio(y: pd.Series, *, population: pd.Series | None = None) -> float:
    """Highest value over the lowest.

    Parameters
    ----------
    y, population
        As for :func:`gini`; `population` only tells which regions have people.

    Returns
    -------
    float
        1 or more; infinite if the lowest value is 0. It hangs on two regions only.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import max_min_ratio
    >>> max_min_ratio(pd.Series([1.0, 3.0], index=["a", "b"]))
    3.0
    """
    return float(measures.max_min(*one_year(y, population)))
