"""Did a region grow with the nation, by its industries, or beyond both? Shift-share.

It takes the change of each industry in each region apart: what it would have been at the
growth of the nation, what more at that of its industry, and the rest. Takes a panel whose columns
are industries; gives parts that add up to the change, over two years or over a chain of years.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, require_one_of, require_panel, some
from ...errors import AlignmentError, InputError, MissingDataWarning
from .._inputs import _require_not_negative
from ._industries import read_industries

_METHODS = {
    "dunn": "competitive: own growth less that of the industry",
    "esteban": (
        "competitive: own growth less that of the industry, on the jobs that the region would have "
        "with the nation's structure; allocation: the same on the jobs beyond those"
    ),
}


def shift_share(
    panel: pd.DataFrame,
    *,
    industries: Sequence[str] | None = None,
    start: int | None = None,
    end: int | None = None,
    method: str = "dunn",
    dynamic: bool = False,
    nation: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Shift-share: change by region and industry as national, industry-mix and competitive parts.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`); columns hold totals of industries, not negative. Values in money
        at constant prices, or prices are part of growth.
    industries : sequence of str, optional
        The columns that are industries; all columns unless told. Together they are the total.
    start, end : int, optional
        First and last year; those of the panel unless told.
    method : {"dunn", "esteban"}
        The classic three parts (Dunn 1960), or the competitive part split in two
        (Esteban-Marquillas 1972).
    dynamic : bool
        Take each step between the years that the panel has from `start` to `end` by itself, with
        the structure of its first year (Barff and Knight 1988), instead of one step from `start`
        to `end`.
    nation : DataFrame, optional
        Totals of the nation: index `year`, the same industries as columns. The sum of the
        regions in the panel unless told; needed where the panel has not all regions.

    Returns
    -------
    DataFrame
        Index (`code`, `industry`, `year`), the year in which a step ends. Columns ``change``,
        ``national``, ``mix`` and ``competitive``, and for ``"esteban"`` ``allocation``, in the
        unit of the panel; the parts add up to the change in each row, so that they may be summed:
        ``.groupby("code").sum()`` over industries and steps. ``attrs["definition"]`` says in
        words what was computed.

    Raises
    ------
    InputError
        A column or a year is missing or not numeric, a value is negative, the panel has one year,
        or the nation has less than its regions. For ``"esteban"``, an industry is zero in a
        region at the start of a step, where its growth is undefined.
    AlignmentError
        `nation` lacks a year that is used.

    Warns
    -----
    MissingDataWarning
        Regions lack a value in one of the years used: they are left out of all, of the nation as
        the sum of regions too.

    Notes
    -----
    With e the value of industry i in region j at the start and growth rates g of the nation, g_i
    of the industry in the nation and g_ij of the industry in the region: national e g, mix
    e (g_i - g), competitive e (g_ij - g_i). Esteban-Marquillas puts h = e_j E_i / E, the region's
    total at the nation's structure, in place of e in the competitive part; the allocation part is
    (e - h) (g_ij - g_i). An industry new to the nation is all competitive. The parts describe;
    they explain nothing, and they depend on how fine the industries are. Over many years one step
    holds the structure of the first year still; `dynamic` does not.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import shift_share
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": ["a", "b"] * 2, "year": [2000, 2000, 2010, 2010],
    ...     "farms": [50, 50, 40, 50], "mills": [50, 150, 80, 200]}))
    >>> parts = shift_share(panel)
    >>> parts.groupby("code").sum().round(2)
          change  national    mix  competitive
    code
    a       20.0     23.33  -8.33          5.0
    b       50.0     46.67   8.33         -5.0
    """
    require_one_of(method, list(_METHODS), "method")
    require_panel(panel)
    years = _years(panel, start, end, dynamic)
    within = panel[panel.index.get_level_values(1).isin(years)]
    with warnings.catch_warnings():
        # the warning below names the regions that are lost, not the single rows
        warnings.simplefilter("ignore", MissingDataWarning)
        block = read_industries(within, industries, least=2)
    full = np.flatnonzero(block.known.all(axis=0))
    codes = within.index.get_level_values(0).unique().sort_values()[full]
    _warn_lost(panel.index.get_level_values(0).unique().sort_values(), codes)
    totals = block.totals[:, full]
    national = _nation(nation, block.names, years, totals)
    rows = pd.MultiIndex.from_product([codes, block.names], names=["code", "industry"])
    steps = {
        year: pd.DataFrame(_step(totals[t : t + 2], national[t : t + 2], method, rows), index=rows)
        for t, year in enumerate(years[1:])
    }
    result = pd.concat(steps, names=["year"]).reorder_levels(["code", "industry", "year"])
    order = pd.MultiIndex.from_product([codes, block.names, years[1:]], names=result.index.names)
    result = result.reindex(order)
    base = "the sum of the regions" if nation is None else "the nation given"
    result.attrs["definition"] = (
        f"shift-share ({method}) of {', '.join(block.names)} from {years[0]} to {years[-1]}"
        f"{f' in {len(steps)} steps' if dynamic else ''}, nation: {base}; national: growth of the "
        f"nation; mix: growth of the industry less that of the nation; {_METHODS[method]}"
    )
    return result


def _years(panel: pd.DataFrame, start: int | None, end: int | None, dynamic: bool) -> np.ndarray:
    """Give the years at which steps begin and end."""
    has = np.unique(panel.index.get_level_values(1).to_numpy())
    first = has[0] if start is None else start
    last = has[-1] if end is None else end
    for name, year in (("start", first), ("end", last)):
        if year not in has:
            raise InputError(
                f"{name} {year!r} is not in the panel, whose years are {some(has, 12)}"
            )
    if first >= last:
        raise InputError(
            f"shift-share needs a start before the end, not {first} and {last}: give two years "
            f"that the panel has ({some(has, 12)})"
        )
    return has[(has >= first) & (has <= last)] if dynamic else np.array([first, last])


def _warn_lost(codes: pd.Index, kept: pd.Index) -> None:
    lost = codes[~codes.isin(kept)]
    if not len(kept):
        raise InputError(
            "no region has a value for all industries in all years used: take years with more data"
        )
    if len(lost):
        warnings.warn(
            f"{len(lost)} of {len(codes)} regions lack a value for some industry in a year used "
            f"and were left out of all years: {some(lost)}",
            MissingDataWarning,
            stacklevel=3,
        )


def _nation(
    nation: pd.DataFrame | None, names: list[str], years: np.ndarray, totals: np.ndarray
) -> np.ndarray:
    """Give the nation's totals, as years x industries."""
    regions = totals.sum(axis=1)
    if nation is None:
        return regions
    if not isinstance(nation, pd.DataFrame) or nation.index.nlevels != 1:
        raise InputError("nation must be a DataFrame indexed by year, with industries as columns")
    require_columns(nation, names, "the nation")
    columns = []
    for name in names:
        column = numeric_series(nation[name], f"column {name!r} of the nation")
        _require_not_negative(column, f"column {name!r} of the nation")
        columns.append(column.reindex(years).to_numpy())
    given = np.column_stack(columns)
    lacking = years[np.isnan(given).any(axis=1)]
    if len(lacking):
        raise AlignmentError(
            f"the nation lacks values in {len(lacking)} years used ({some(lacking)}): give all "
            "industries for each year"
        )
    short = np.argwhere(given < regions * (1 - 1e-9))
    if len(short):
        year, name = years[short[0][0]], names[short[0][1]]
        raise InputError(
            f"the nation has less than its regions together in {len(short)} cells, first in "
            f"{name!r} in {year}: give nation and regions in the same unit"
        )
    return given


def _step(
    totals: np.ndarray, national: np.ndarray, method: str, rows: pd.MultiIndex
) -> dict[str, np.ndarray]:
    """Take one step apart, from the first to the second of `totals` and of `national`."""
    (first, last), (nation_first, nation_last) = totals, national
    if nation_first.sum() == 0:
        raise InputError("the nation is zero at the start of a step: growth is undefined")
    change = last - first
    # where the nation has nothing, no region has: all change is the regions' own
    by_industry = np.divide(
        nation_last - nation_first,
        nation_first,
        out=np.zeros_like(nation_first),
        where=nation_first > 0,
    )
    national_part = first * (nation_last.sum() / nation_first.sum() - 1)
    own = change - first * by_industry
    parts = {
        "change": change,
        "national": national_part,
        "mix": first * by_industry - national_part,
        "competitive": own,
    }
    if method == "esteban":
        zero = rows[first.ravel() == 0]
        if len(zero):
            raise InputError(
                f"the growth of {len(zero)} industries that start from zero in a region is "
                f"undefined ({some(zero)}), and method 'esteban' needs it: join industries or "
                "regions, or use method='dunn'"
            )
        homothetic = first.sum(axis=1, keepdims=True) * nation_first / nation_first.sum()
        parts["competitive"] = homothetic * (own / first)
        parts["allocation"] = own - parts["competitive"]
    return {name: part.ravel() for name, part in parts.items()}
