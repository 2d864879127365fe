"""How specialised are the regions, and how concentrated the industries? Two indices.

The two questions are one, asked along the rows and along the columns of a table of totals: how
unlike is the structure of a region (or the place of an industry) to that of the others (Krugman),
and how much does it lean on few (Herfindahl).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..._align import require_one_of
from ._industries import Industries, read_industries, shares

_OVER = {"regions": "industries", "industries": "regions"}
_AGAINST = {
    "total": "all {of} together, itself included",
    "others": "all other {of} together",
    "mean": "the plain mean of the shares of the other {of}",
}


def krugman_index(
    table: pd.DataFrame,
    *,
    industries: Sequence[str] | None = None,
    of: str = "regions",
    against: str = "total",
) -> pd.Series:
    """Krugman's index: the sum of absolute differences between two structures.

    Parameters
    ----------
    table, industries
        As for :func:`location_quotient`; at least two industries.
    of : {"regions", "industries"}
        The specialisation of regions (shares of industries in the region), or the concentration
        of industries (shares of regions in the industry).
    against : {"total", "others", "mean"}
        What a region's shares are compared with: those of all regions together, those of all
        other regions together, or the plain mean of the other regions' shares. Likewise for
        industries. ``"total"`` understates large regions, which are compared with themselves in
        part. With two regions ``"others"`` is the bilateral index of Krugman (1991).

    Returns
    -------
    Series
        Named ``krugman_index``, on the index of `table`, or by `industry` (for a panel by
        (`industry`, `year`)): from 0 (the same structure) to 2 (nothing in common). Half of it is
        the share that would have to move. NaN in a region with a missing value, and where the
        total is zero. ``attrs["definition"]`` says in words what was computed.

    Raises
    ------
    InputError
        A column is missing, not numeric, infinite or negative; there are fewer than two
        industries; an argument is none of those allowed.

    Warns
    -----
    MissingDataWarning
        A region lacks a value of some industry and is left out of that year.

    Notes
    -----
    K_j = sum_i abs(p_ij - q_i), p the share of industry i in region j and q that of what it is held
    against (Krugman 1991). The finer the industries, the higher the index: only tables with the
    same industries compare.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import krugman_index
    >>> jobs = pd.DataFrame({"farms": [30, 10], "mills": [10, 50]}, index=["a", "b"])
    >>> krugman_index(jobs, against="others").round(4).tolist()
    [1.1667, 1.1667]
    """
    require_one_of(of, list(_OVER), "of")
    require_one_of(against, list(_AGAINST), "against")
    block = read_industries(table, industries, least=2)
    totals = _things(block, of)
    p = shares(totals, 2)
    if against == "total":
        q = shares(totals.sum(axis=1, keepdims=True), 2)
    elif against == "others":
        q = shares(totals.sum(axis=1, keepdims=True) - totals, 2)
    else:
        there = ~np.isnan(p).all(axis=2, keepdims=True)
        filled = np.where(there, p, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            q = (filled.sum(axis=1, keepdims=True) - filled) / (
                there.sum(axis=1, keepdims=True) - 1
            )
    words = (
        f"Krugman's index of {of}: sum over {_OVER[of]} of |p - q|, p their shares in one of the "
        f"{of}, q in " + _AGAINST[against].format(of=of)
    )
    return _result(block, of, np.abs(p - q).sum(axis=2), "krugman_index", words)


def herfindahl(
    table: pd.DataFrame,
    *,
    industries: Sequence[str] | None = None,
    of: str = "regions",
    normalised: bool = False,
) -> pd.Series:
    """Herfindahl index: the sum of squared shares.

    Parameters
    ----------
    table, industries
        As for :func:`location_quotient`.
    of : {"regions", "industries"}
        Of regions over industries (specialisation, at least two industries), or of industries
        over regions (concentration).
    normalised : bool
        Give (H - 1/n) / (1 - 1/n) instead, n the number of industries or of regions with data:
        0 where all shares are equal, whatever n.

    Returns
    -------
    Series
        Named ``herfindahl``, on the index of `table`, or by `industry` (for a panel by
        (`industry`, `year`)): from 1/n to 1. Its inverse is the number of equal shares that would
        give the same. NaN in a region with a missing value, where the total is zero, and
        normalised for n of 1. ``attrs["definition"]`` says in words what was computed.

    Raises
    ------
    InputError
        As for :func:`krugman_index`; for `of` industries one industry will do.

    Warns
    -----
    MissingDataWarning
        As for :func:`krugman_index`.

    Notes
    -----
    H = sum of p squared (Hirschman 1945; Herfindahl 1950). It is absolute: it knows no reference,
    and an industry is the more concentrated by it the more unequal regions are in size.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import herfindahl
    >>> sales = pd.DataFrame({"cars": [20, 50, 20, 10]}, index=list("abcd"))
    >>> herfindahl(sales, of="industries").round(4).tolist()
    [0.34]
    >>> herfindahl(sales, of="industries", normalised=True).round(4).tolist()
    [0.12]
    """
    require_one_of(of, list(_OVER), "of")
    block = read_industries(table, industries, least=2 if of == "regions" else 1)
    value = (shares(_things(block, of), 2) ** 2).sum(axis=2)
    words = f"Herfindahl index of {of}: sum of squared shares of {_OVER[of]}"
    if normalised:
        n = np.full((len(value), 1), len(block.names), dtype=float)
        if of == "industries":
            n = block.known.sum(axis=1, keepdims=True).astype(float)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = (value - 1 / n) / (1 - 1 / n)
        words += ", as (H - 1/n) / (1 - 1/n)"
    return _result(block, of, value, "herfindahl", words)


def _things(block: Industries, of: str) -> np.ndarray:
    """Give totals as years x things x parts: regions by industries, or the other way round."""
    return block.totals if of == "regions" else np.swapaxes(block.totals, 1, 2)


def _result(block: Industries, of: str, value: np.ndarray, name: str, words: str) -> pd.Series:
    if of == "regions":
        result = block.by_region(value, name)
    else:
        result = block.by_industry({name: value})[name]
    result.attrs["definition"] = words
    return result
