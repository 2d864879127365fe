"""Whether prices move together across regions, or the country is cut into separate markets.

Where goods can be carried freely, the price of one region relative to another stays within the
cost of carrying them; the wider relative prices of different goods scatter, the more the two
markets are cut off from one another (Parsley and Wei). Takes a panel with a column of prices for
each commodity, and, for neighbours only, a graph; gives the variance by pair, region and year.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..._align import require_one_of, some
from ..._results import SegmentationResult
from ...errors import InputError, MissingDataWarning
from ._market_inputs import basket, compared_prices, price_table, region_pairs

if TYPE_CHECKING:
    from libpysal.graph import Graph

_FORMS = {
    "index": "changes of relative prices from indices with previous year = 100",
    "changes": "changes of relative prices from prices of this and the previous year",
    "levels": "relative prices in levels",
}
_FIXED = {
    "commodity": "absolute values, less their mean over the pairs by commodity and year",
    "none": "with their sign, no fixed effects removed",
}


def market_segmentation(
    prices: pd.DataFrame,
    graph: Graph | None = None,
    *,
    commodities: Sequence[str] | None = None,
    form: str = "index",
    fixed_effects: str = "commodity",
    weights: pd.Series | None = None,
    min_commodities: int = 3,
    subset: bool = False,
) -> SegmentationResult:
    """Variance of relative prices over commodities, by pair of regions and year.

    Parameters
    ----------
    prices : DataFrame
        Index (`code`, `year`); a column for each commodity. A missing price is NaN.
    graph : libpysal.graph.Graph, optional
        Compares neighbours only: pairs that are linked in either direction, whatever the weight.
        Without it, every two regions are compared, which for thousands of regions fills the memory.
    commodities : sequence of str, optional
        The columns to use; by default all, which must then hold numbers. Totals that contain
        other columns (all goods, or food beside grain and meat) count their parts twice: leave
        them out.
    form : {"index", "changes", "levels"}
        What the columns hold, and what is compared. ``"index"``: price indices with previous
        year = 100 (or 1), whose logarithm is the change. ``"changes"``: prices, or indices with a
        fixed base; their change since the year before is taken, so that a series' first year and
        years after a gap have none. ``"levels"``: prices of the same good in the same unit
        everywhere, taken as they stand; an index says nothing about levels.
    fixed_effects : {"commodity", "none"}
        ``"commodity"``: absolute values of relative prices, less their mean over all pairs of that
        commodity and year, which takes out what makes a good's price volatile everywhere (Gui et
        al. 2006, Lu and Chen 2009); a commodity that only one pair has in a year does not count.
        ``"none"``: the signed values as in Parsley and Wei (1996, 2001); their sign depends on
        which region comes first, their variance does not.
    weights : Series, optional
        Weight of each commodity, such as its share in spending, labelled by column. Without, each
        counts once.
    min_commodities : int
        Pairs with fewer common commodities in a year have no variance; at least 2.
    subset : bool
        Allow a graph that has regions which `prices` lacks.

    Returns
    -------
    SegmentationResult
        ``frame`` by year, ``by_region``, ``pairs`` and ``coverage``. Means over pairs count each
        pair once.

    Raises
    ------
    InputError
        The panel, a column, a weight or an argument is not what it should be; a price is zero or
        negative; the numbers look like growth in per cent, or like a fixed base in the form
        ``"index"``; no pair has enough commodities.
    AlignmentError
        Graph or weights lack regions or commodities, or have others.

    Warns
    -----
    MissingDataWarning
        Some commodities have no price at all in some years, so that these rest on another basket.
    IsolateWarning
        Regions have no neighbour in the graph; they have no value.

    Notes
    -----
    With the change dln p of the price of commodity k in region i and year t, the relative price
    change is dQ_ijkt = dln p_ikt - dln p_jkt; q_ijkt = abs(dQ_ijkt) less its mean over pairs; and
    the index is the variance of q_ijkt over k, with n - 1. With weights w it is sum w (q - m)**2 /
    (W - sum w**2 / W), where W = sum w and m is the weighted mean; the same with equal weights.
    Parsley and Wei (1996), "Convergence to the law of one price without trade barriers or currency
    fluctuations", QJE 111(4), and (2001), "Explaining the border effect", JIE 55(1); Gui, Chen, Lu
    and Chen (2006), Journal of World Economy (2); Lu and Chen (2009), Economic Research Journal
    (3).

    Large shocks to single goods raise the index without any change of barriers, and a good that
    is regulated to one price everywhere lowers it; the index is compared over years with the same
    commodities only.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import market_segmentation
    >>> prices = sr.to_panel(pd.DataFrame({
    ...     "code": ["a", "b", "c"], "year": 2001, "grain": [104.0, 101.0, 100.0],
    ...     "cloth": [99.0, 100.0, 101.0], "coal": [110.0, 104.0, 107.0]}))
    >>> result = market_segmentation(prices)
    >>> result.pairs.round(6)
      first second  year  variance  commodities
    0     a      b  2001  0.000128            3
    1     a      c  2001  0.000138            3
    2     b      c  2001  0.000041            3
    >>> result.by_region["variance"].round(6).tolist()
    [0.000133, 8.5e-05, 9e-05]
    """
    require_one_of(form, list(_FORMS), "form")
    require_one_of(fixed_effects, list(_FIXED), "fixed_effects")
    if min_commodities < 2:
        raise InputError(f"min_commodities must be at least 2, not {min_commodities!r}")
    table = price_table(prices, commodities, min_commodities)
    weight = basket(weights, table.columns)
    cube, codes, years = compared_prices(table, form)
    known = ~np.isnan(cube)
    coverage = pd.DataFrame(
        known.sum(axis=1), index=pd.Index(years, name="year"), columns=table.columns
    )
    first, second = region_pairs(codes, graph, subset)
    if fixed_effects == "commodity" and len(first) < 2:
        raise InputError(
            "with one pair of regions nothing is left when the mean over pairs is removed: pass "
            "fixed_effects='none'"
        )
    variance = np.empty((len(years), len(first)))
    common = np.empty((len(years), len(first)), dtype=np.int64)
    used = np.empty(len(years), dtype=np.int64)
    for t in range(len(years)):
        both = known[t, first] & known[t, second]
        gap = cube[t, first] - cube[t, second]
        if fixed_effects == "commodity":
            # of a single pair nothing would be left but zero
            both &= both.sum(axis=0) > 1
            gap = np.where(both, np.abs(gap), np.nan)
            gap -= _mean(gap, axis=0)
        variance[t] = _variance(gap, weight)
        common[t] = both.sum(axis=1)
        variance[t, common[t] < min_commodities] = np.nan
        used[t] = both[common[t] >= min_commodities].any(axis=0).sum()
    if np.isnan(variance).all():
        raise InputError(
            f"no two regions have {min_commodities} commodities priced in the same year"
            f"{' and the year before' if form == 'changes' else ''}: nothing can be compared"
        )
    _warn_of_changes(coverage)
    compared = _Compared(codes, years, first, second, variance, common)
    pairing = "every two regions" if graph is None else "regions linked in the graph"
    counted = "each commodity counting once" if weights is None else "commodities weighted"
    return SegmentationResult(
        words=f"variance over {table.shape[1]} commodities (n - 1) of {_FORMS[form]}, "
        f"{_FIXED[fixed_effects]}; {counted}; pairs: {pairing}; at least {min_commodities} common "
        "commodities; means over pairs, each counting once; integration: root of 1 / variance",
        regions=int(known.any(axis=(0, 2)).sum()),
        pair_count=len(first),
        frame=_by_year(compared, used),
        by_region=_by_region(compared),
        pairs=_by_pair(compared),
        coverage=coverage,
    )


@dataclass(frozen=True)
class _Compared:
    """Variances and numbers of common commodities, years x pairs."""

    codes: pd.Index
    years: np.ndarray
    first: np.ndarray  # positions in codes
    second: np.ndarray
    variance: np.ndarray
    common: np.ndarray


def _mean(values: np.ndarray, axis: int) -> np.ndarray:
    """Mean of what is known, NaN where nothing is (numpy would warn)."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values, 0.0).sum(axis=axis) / known.sum(axis=axis)


def _variance(values: np.ndarray, basket: np.ndarray) -> np.ndarray:
    """Weighted variance along commodities; n - 1 where weights are equal."""
    weight = np.where(np.isnan(values), 0.0, basket)
    filled = np.nan_to_num(values)
    total = weight.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = filled - ((weight * filled).sum(axis=1) / total)[:, np.newaxis]
        spread = (weight * centred**2).sum(axis=1)
        return spread / (total - (weight**2).sum(axis=1) / total)


def _warn_of_changes(coverage: pd.DataFrame) -> None:
    priced = coverage > 0
    years = priced.any(axis=1)
    changing = coverage.columns[~priced[years].all()]
    if len(changing):
        warnings.warn(
            f"{len(changing)} of {coverage.shape[1]} commodities have no price in some years "
            f"({some(changing)}), so that years rest on different baskets: see coverage, and name "
            "those of all years with commodities= to compare years",
            MissingDataWarning,
            stacklevel=3,
        )


def _by_year(compared: _Compared, used: np.ndarray) -> pd.DataFrame:
    mean = _mean(compared.variance, axis=1)
    return pd.DataFrame(
        {
            "variance": mean,
            "integration": _integration(mean),
            "pairs": (~np.isnan(compared.variance)).sum(axis=1),
            "commodities": used,
        },
        index=pd.Index(compared.years, name="year"),
    )


def _by_region(compared: _Compared) -> pd.DataFrame:
    known = ~np.isnan(compared.variance)
    size = len(compared.codes)
    total, count = np.zeros((2, len(compared.years), size))
    for t, (values, there) in enumerate(zip(compared.variance, known, strict=True)):
        for end in (compared.first[there], compared.second[there]):
            total[t] += np.bincount(end, values[there], minlength=size)
            count[t] += np.bincount(end, minlength=size)
    with np.errstate(invalid="ignore"):
        mean = (total / count).T.ravel()
    index = pd.MultiIndex.from_product([compared.codes, compared.years], names=["code", "year"])
    pairs = count.T.ravel().astype(np.int64)
    return pd.DataFrame(
        {"variance": mean, "integration": _integration(mean), "pairs": pairs}, index=index
    )


def _by_pair(compared: _Compared) -> pd.DataFrame:
    years = len(compared.years)
    return pd.DataFrame(
        {
            "first": np.repeat(compared.codes.to_numpy()[compared.first], years),
            "second": np.repeat(compared.codes.to_numpy()[compared.second], years),
            "year": np.tile(compared.years, len(compared.first)),
            "variance": compared.variance.T.ravel(),
            "commodities": compared.common.T.ravel(),
        }
    )


def _integration(variance: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(1 / variance)
