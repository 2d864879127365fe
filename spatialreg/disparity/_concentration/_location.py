"""Where is an industry more at home than elsewhere? Quotients, and one figure for all regions.

An industry's distribution over regions is held against that of a reference: the sum of the
industries, people, area. By region this is the location quotient; over all regions the locational
Gini or Theil's index, which falls apart between and within groups of regions. Takes totals (jobs,
output), a column an industry; values per head are no totals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import xlogy

from .. import _measures as measures
from .._groups import read_levels
from ._industries import (
    Industries,
    read_industries,
    reference_words,
    require_reference,
    shares,
)


def location_quotient(
    table: pd.DataFrame,
    *,
    industries: Sequence[str] | None = None,
    reference: str | pd.Series | None = None,
    symmetric: bool = False,
) -> pd.DataFrame:
    """Location quotient: a region's share of an industry over its share of all.

    Parameters
    ----------
    table : DataFrame
        A frame indexed by region, or a panel indexed (`code`, `year`); columns hold totals of
        industries (jobs, output), not negative.
    industries : sequence of str, optional
        The columns that are industries; all columns (but the reference) unless told.
    reference : str or Series, optional
        What an industry's regional shares are compared with: a column or a Series by region (for
        a panel also by code alone) with people, area, all jobs. The sum of the industries unless
        told.
    symmetric : bool
        Give (LQ - 1) / (LQ + 1) instead, from -1 to 1, 0 where the shares are the same.

    Returns
    -------
    DataFrame
        On the index of `table`, a column per industry: above 1 where the industry is
        over-represented. For a panel each year by itself. NaN in a region with a missing value,
        or where the reference of the region or the total of the industry is zero.
        ``attrs["definition"]`` says in words what was computed.

    Raises
    ------
    InputError
        A column is missing, not numeric, infinite or negative; there is one industry and no
        reference.
    AlignmentError
        A Series as reference lacks regions.

    Warns
    -----
    MissingDataWarning
        A region lacks a value of some industry, or of the reference: it is left out of the
        national totals of that year too.

    Notes
    -----
    LQ = (x_ij / sum_j x_ij) / (r_j / sum_j r_j) for industry i in region j with reference r
    (Florence 1939; Balassa's index of revealed comparative advantage is the same ratio). It says
    nothing about size: a small region reaches a high quotient with one plant.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import location_quotient
    >>> jobs = pd.DataFrame({"farms": [30, 10], "mills": [10, 50]}, index=["a", "b"])
    >>> location_quotient(jobs)
          farms     mills
    a  1.875000  0.416667
    b  0.416667  1.388889
    """
    block = read_industries(table, industries, reference=reference, least=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        quotient = shares(block.totals, 1) / shares(block.reference, 1)[..., np.newaxis]
    quotient[block.reference == 0] = np.nan
    if symmetric:
        quotient = (quotient - 1) / (quotient + 1)
    result = pd.DataFrame(
        {name: block.by_region(quotient[..., i], name) for i, name in enumerate(block.names)}
    )
    result.attrs["definition"] = (
        "location quotient: share of the region in the industry over its share in "
        f"{reference_words(reference)}" + (", as (LQ - 1) / (LQ + 1)" if symmetric else "")
    )
    return result


def locational_gini(
    table: pd.DataFrame,
    *,
    industries: Sequence[str] | None = None,
    reference: str | pd.Series | None = None,
) -> pd.Series:
    """Locational Gini: how far an industry's regional shares are from those of the reference.

    Parameters
    ----------
    table, industries, reference
        As for :func:`location_quotient`; the reference must not be zero where an industry is not.

    Returns
    -------
    Series
        Named ``locational_gini``, by `industry`, for a panel by (`industry`, `year`): from 0 (the
        shares are the same everywhere) towards 1. NaN for an industry that is zero everywhere.
        ``attrs["definition"]`` says in words what was computed.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`location_quotient`, and where the reference is zero under an industry.

    Warns
    -----
    MissingDataWarning
        As for :func:`location_quotient`.

    Notes
    -----
    Twice the area between the diagonal and the Lorenz curve of industry shares over reference
    shares, regions ordered by location quotient (Krugman 1991, who takes the area once): the Gini
    of location quotients, a region counting as its share of the reference. It does not change
    where a region is split in two of the same structure. Some programs (REAT for R) let each
    region count once: that is ``sr.gini`` of a column of :func:`location_quotient`. For the
    specialisation of regions pass the table transposed.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import locational_gini
    >>> jobs = pd.DataFrame({"farms": [30, 10], "mills": [10, 50]}, index=["a", "b"])
    >>> locational_gini(jobs).round(4)
    industry
    farms    0.3500
    mills    0.2333
    Name: locational_gini, dtype: float64
    """
    block = read_industries(table, industries, reference=reference, least=2)
    require_reference(block, "the locational Gini")
    y, w = _intensity(block)
    result = block.by_industry({"locational_gini": measures.gini(y, w)})["locational_gini"]
    result.attrs["definition"] = (
        "locational Gini: Gini of location quotients, a region counting as its share of "
        f"{reference_words(reference)}; no small-sample correction"
    )
    return result


def theil_concentration(
    table: pd.DataFrame,
    *,
    industries: Sequence[str] | None = None,
    reference: str | pd.Series | None = None,
    by: str | pd.Series | None = None,
) -> pd.DataFrame:
    """Theil's index of an industry over space, between and within groups of regions.

    Parameters
    ----------
    table, industries, reference
        As for :func:`locational_gini`.
    by : str or Series, optional
        Groups of regions (zones, provinces): a column, which is then no industry, or a Series by
        region (for a panel also by code alone).

    Returns
    -------
    DataFrame
        By `industry`, for a panel by (`industry`, `year`). Column `theil`; with `by` also
        `between` and `within`, which add up to it, and `between_share`. NaN for an industry that
        is zero everywhere. ``attrs["definition"]`` says in words what was computed.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`locational_gini`, and where a region has no group.

    Warns
    -----
    MissingDataWarning
        As for :func:`location_quotient`.

    Notes
    -----
    T_i = sum_j s_ij ln(s_ij / x_j) with the region's share s of the industry and x of the
    reference: topographic concentration where the reference is area, relative where it is all
    jobs (Brülhart and Traeger 2005; Bickenbach and Bode 2008). With people as reference it is
    Theil's T of the value per head. Between groups the same sum over groups; within, the rest,
    the groups weighing as their share of the industry.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import theil_concentration
    >>> jobs = pd.DataFrame(
    ...     {"farms": [30, 10, 0], "mills": [10, 25, 25], "zone": ["w", "e", "e"]},
    ...     index=["a", "b", "c"])
    >>> theil_concentration(jobs, by="zone").round(4)
               theil  between  within  between_share
    industry
    farms     0.3873   0.2526  0.1347         0.6521
    mills     0.1396   0.1278  0.0117         0.9159
    """
    also = [by] if isinstance(by, str) else []
    block = read_industries(table, industries, reference=reference, also=also, least=2)
    require_reference(block, "Theil's index")
    y, w = _intensity(block)
    columns = {"theil": measures.theil(y, w)}
    words = "sum of s ln(s / x), s the region's share in the industry, x in "
    words += reference_words(reference)
    if by is not None:
        columns |= _parts(block, _groups(table, block, by))
        name = by if isinstance(by, str) else by.name
        words += f"; between and within groups{f' of {name}' if name is not None else ''}"
    result = block.by_industry(columns)
    if by is not None:
        with np.errstate(invalid="ignore", divide="ignore"):
            result["between_share"] = result["between"] / result["theil"]
    result.attrs["definition"] = f"Theil's index of concentration over space: {words}"
    return result


def _intensity(block: Industries) -> tuple[np.ndarray, np.ndarray]:
    """Give industry over reference and the reference, as years x industries x regions."""
    totals = np.swapaxes(block.totals, 1, 2)
    weight = np.broadcast_to(block.reference[:, np.newaxis, :], totals.shape)
    return np.divide(totals, weight, out=np.zeros_like(totals), where=weight > 0), weight


def _groups(table: pd.DataFrame, block: Industries, by: str | pd.Series) -> np.ndarray:
    """Give the number of the group of each region in each year, 0 where it takes no part."""
    rows = block.known[block.row, block.column]
    labels = read_levels(table, by, table.index[rows]).iloc[:, 0]
    groups = np.zeros(block.known.shape, dtype=int)
    groups[block.row[rows], block.column[rows]] = pd.factorize(labels, sort=True)[0]
    return groups


def _parts(block: Industries, groups: np.ndarray) -> dict[str, np.ndarray]:
    """Theil's index between groups and within them, each as years x industries."""
    s, x = shares(block.totals, 1), shares(block.reference, 1)
    where = (np.arange(len(groups))[:, np.newaxis], groups)
    group_s = np.zeros((len(groups), groups.max() + 1, s.shape[2]))
    group_x = np.zeros(group_s.shape[:2])
    np.add.at(group_s, where, s)
    np.add.at(group_x, where, x)
    mean = _ratio(group_s, group_x[..., np.newaxis])
    own = np.take_along_axis(mean, groups[..., np.newaxis], axis=1)
    ratio = _ratio(_ratio(s, x[..., np.newaxis]), own)
    return {
        "between": xlogy(group_s, mean).sum(axis=1),
        "within": xlogy(s, ratio).sum(axis=1),
    }


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide; 1 where there is nothing below, which has no weight (NaN stays)."""
    below = np.broadcast_to(below, above.shape)
    return np.divide(above, below, out=np.ones_like(above), where=below != 0)
