"""How unequal are the regions in one year? One figure for the whole country.

Every measure takes `y`, a value per head labelled by region, and `population`, people labelled by
the same regions. With `population` a region counts as the people in it, all at its mean
(inequality between people as far as it lies between regions); without, each region counts once.
The two answer different questions and are not to be compared. All measures are free of the unit
of `y`, and take the given regions as the whole population (no small-sample correction).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import _measures as measures
from .._inputs import one_year


def gini(y: pd.Series, *, population: pd.Series | None = None) -> float:
    """Gini coefficient: half the mean difference between two people, over the mean.

    Parameters
    ----------
    y : Series
        Value per head, not negative; NaN is left out with a warning.
    population : Series, optional
        People in the same regions.

    Returns
    -------
    float
        From 0 (all equal) to 1 less the population share of the smallest region.

    Raises
    ------
    InputError
        A value is negative, infinite or not numeric, or no region has a value above zero.
    AlignmentError
        `y` and `population` do not have the same labels.

    Warns
    -----
    MissingDataWarning
        Regions without a value or people were left out.
    TotalsWarning
        The values rise with the people as totals do: they should be per head.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> y = pd.Series([1.0, 3.0], index=["a", "b"])
    >>> sr.gini(y)
    0.25
    >>> sr.gini(y, population=pd.Series([3, 1], index=["a", "b"]))
    0.25
    """
    values, weights = one_year(y, population)
    if population is None:
        return measures.gini_of_equals(values)
    return float(measures.gini(values, weights))


def theil(y: pd.Series, *, population: pd.Series | None = None) -> float:
    """Theil's T: mean of z ln z, where z is the value over its mean (natural logarithm).

    With `population` it is the sum of value shares times the logarithm of value share over
    population share. It weighs differences among the rich; zero values count as 0 ln 0 = 0.

    Parameters
    ----------
    y, population
        As for :func:`gini`.

    Returns
    -------
    float
        From 0 to the logarithm of the number of regions (or of people over those of one region).

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> round(sr.theil(pd.Series([1.0, 3.0], index=["a", "b"])), 6)
    0.130812
    """
    return float(measures.theil(*one_year(y, population)))


def mld(y: pd.Series, *, population: pd.Series | None = None) -> float:
    """Theil's L, the mean log deviation: mean of ln(mean / value).

    It weighs differences among the poor, and its parts within groups have population shares as
    weights.

    Parameters
    ----------
    y, population
        As for :func:`gini`; values must be above zero.

    Returns
    -------
    float
        0 or more.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`, and for a value of zero.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import mld
    >>> round(mld(pd.Series([1.0, 3.0], index=["a", "b"])), 6)
    0.143841
    """
    return float(measures.mld(*one_year(y, population, positive="the mean log deviation")))


def ge(y: pd.Series, alpha: float, *, population: pd.Series | None = None) -> float:
    """Generalised entropy of order `alpha`: mean of (z^alpha - 1), over alpha (alpha - 1).

    Parameters
    ----------
    y, population
        As for :func:`gini`; for `alpha` of 0 or less values must be above zero.
    alpha : float
        0 gives :func:`mld`, 1 :func:`theil`, 2 half the squared :func:`cv`. The higher, the more
        differences among the rich count.

    Returns
    -------
    float
        0 or more.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`, and for a value of zero where `alpha` is 0 or less.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import ge
    >>> ge(pd.Series([1.0, 3.0], index=["a", "b"]), 2)
    0.125
    """
    measures.check_alpha(alpha)
    positive = f"generalised entropy of order {alpha:g}" if alpha <= 0 else None
    return float(measures.ge(alpha)(*one_year(y, population, positive=positive)))


def atkinson(y: pd.Series, epsilon: float, *, population: pd.Series | None = None) -> float:
    """Atkinson's index: the share of the total that equality would be worth giving up.

    Parameters
    ----------
    y, population
        As for :func:`gini`; for `epsilon` of 1 or more values must be above zero.
    epsilon : float
        Aversion to inequality, above 0.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`; for an `epsilon` of 0 or less; for a value of zero where `epsilon` is
        1 or more (the index would be 1 whatever the others have).

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import atkinson
    >>> atkinson(pd.Series([1.0, 3.0], index=["a", "b"]), 2)
    0.25
    """
    measures.check_epsilon(epsilon)
    positive = f"Atkinson's index with epsilon {epsilon:g}" if epsilon >= 1 else None
    return float(measures.atkinson(epsilon)(*one_year(y, population, positive=positive)))


def cv(y: pd.Series, *, population: pd.Series | None = None) -> float:
    """Coefficient of variation: standard deviation (ddof = 0) over the mean.

    With `population`, mean and deviations are weighted by people: Williamson's weighted
    coefficient.

    Parameters
    ----------
    y, population
        As for :func:`gini`.

    Returns
    -------
    float
        0 or more.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import cv
    >>> cv(pd.Series([1.0, 3.0], index=["a", "b"]))
    0.5
    """
    return float(measures.cv(*one_year(y, population)))


def hoover(y: pd.Series, *, population: pd.Series | None = None) -> float:
    """Hoover index: the share of the total that would have to move to make all equal.

    Parameters
    ----------
    y, population
        As for :func:`gini`.

    Returns
    -------
    float
        From 0 to 1; half the sum of abs(value share - population share).

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import hoover
    >>> hoover(pd.Series([1.0, 3.0], index=["a", "b"]))
    0.25
    """
    return float(measures.hoover(*one_year(y, population)))


def sd_log(y: pd.Series, *, population: pd.Series | None = None) -> float:
    """Spread of the natural logarithm: its standard deviation (ddof = 0).

    The idea of sigma convergence; :func:`spatialreg.sigma_convergence` counts each region once and
    divides by one less than their number. It is no inequality measure in the strict sense: among
    the very rich a transfer to a poorer region may raise it.

    Parameters
    ----------
    y, population
        As for :func:`gini`; values must be above zero.

    Returns
    -------
    float
        0 or more.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`, and for a value of zero.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import sd_log
    >>> round(sd_log(pd.Series([1.0, 3.0], index=["a", "b"])), 6)
    0.549306
    """
    return float(measures.sd_log(*one_year(y, population, positive="sd_log")))


def lorenz(y: pd.Series, *, population: pd.Series | None = None) -> pd.DataFrame:
    """Points of the Lorenz curve, from the poorest region to the richest.

    Parameters
    ----------
    y, population
        As for :func:`gini`.

    Returns
    -------
    DataFrame
        `population_share` and `value_share`, cumulative, from (0, 0) to (1, 1): one row more than
        there are regions. Without `population`, the first is the share of regions.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`gini`.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import lorenz
    >>> lorenz(pd.Series([3.0, 1.0], index=["a", "b"]))
       population_share  value_share
    0               0.0         0.00
    1               0.5         0.25
    2               1.0         1.00
    """
    values, weights = one_year(y, population)
    order = np.argsort(values, kind="stable")
    curve = np.zeros((len(values) + 1, 2))
    curve[1:, 0] = np.cumsum(weights[order])
    curve[1:, 1] = np.cumsum(weights[order] * values[order])
    return pd.DataFrame(curve / curve[-1], columns=["population_share", "value_share"])
