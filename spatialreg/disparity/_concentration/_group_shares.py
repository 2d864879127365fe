"""Which share of the total have coast and interior, and how has it moved? By year.

Takes a column of totals (output, jobs, people) and groups of regions; gives each group's total and
share by year, and by how many percentage points the share has changed.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, some
from ...errors import InputError, MissingDataWarning
from .._groups import read_levels
from .._inputs import _require_not_negative, is_panel, require_frame


def group_shares(panel_or_frame: pd.DataFrame, *, value: str, by: str | pd.Series) -> pd.DataFrame:
    """Shares of groups of regions in a total, by year, and their change in percentage points.

    Parameters
    ----------
    panel_or_frame : DataFrame
        A panel indexed (`code`, `year`), or a frame of one year indexed by region.
    value : str
        Column with totals, not negative; not a value per head.
    by : str or Series
        The groups: a column (:func:`spatialreg.assign_scheme` adds that of a scheme, and raises
        where regions are larger than its members), or a Series by region (for a panel also by
        code alone).

    Returns
    -------
    DataFrame
        By (`group`, `year`), for a frame by `group`: ``value``, the sum; ``share``, of the sum of
        all groups (0 to 1); ``regions``, their number; and for a panel ``change``, the
        percentage points since the first year, and ``step``, those since the year before that
        the panel has. NaN where a group has no value, or the total is zero. Side by side:
        ``["share"].unstack("group")``. ``attrs["definition"]`` says in words what was computed.

    Raises
    ------
    InputError
        A column is missing, not numeric, infinite or negative; a region with a value has no
        group.
    AlignmentError
        A Series of groups lacks regions.

    Warns
    -----
    MissingDataWarning
        Regions lack a value, or their row, in some year: the sums of that year are without them,
        and its shares do not compare with those of other years.

    Examples
    --------
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import group_shares
    >>> panel = sr.assign_scheme(sr.datasets.provincial_panel(), "coast_interior_1956")
    >>> shares = group_shares(panel, value="gdp_secondary_100m_yuan", by="coast_interior_1956")
    >>> shares.loc["coast"].loc[[2000, 2010, 2019], ["share", "change"]].round(3)
          share  change
    year
    2000  0.661    0.00
    2010  0.623   -3.77
    2019  0.598   -6.27
    """
    require_frame(panel_or_frame)
    require_columns(panel_or_frame, [value], "the frame")
    name = f"column {value!r}"
    values = numeric_series(panel_or_frame[value], name)
    _require_not_negative(values, name)
    values = values.sort_index()
    known = values.dropna()
    if known.empty:
        raise InputError(f"{name} has no values: there are no shares")
    panel = is_panel(panel_or_frame)
    _warn_missing(values, known, name, panel)
    groups = read_levels(panel_or_frame, by, known.index).iloc[:, 0]
    keys = [groups.rename("group")]
    if panel:
        keys.append(known.index.get_level_values(1).to_series(index=known.index, name="year"))
    grouped = known.groupby(keys)
    result = pd.DataFrame({"value": grouped.sum(), "regions": grouped.size()})
    if panel:
        years = np.unique(values.index.get_level_values(1).to_numpy())
        full = pd.MultiIndex.from_product(
            [result.index.get_level_values(0).unique(), years], names=["group", "year"]
        )
        result = result.reindex(full)
        result["regions"] = result["regions"].fillna(0).astype(int)
        total = result.groupby("year")["value"].transform("sum")
    else:
        total = pd.Series(known.sum(), index=result.index)
    result.insert(1, "share", result["value"] / total.where(total > 0))
    if panel:
        percent = result["share"].unstack("group") * 100
        result["change"] = (percent - percent.iloc[0]).unstack().reindex(result.index)
        result["step"] = percent.diff().unstack().reindex(result.index)
    what = by if isinstance(by, str) else by.name
    result.attrs["definition"] = (
        f"share of each group{f' of {what}' if what is not None else ''} in the sum of {value} "
        "over all groups" + ("; change in percentage points since the first year" if panel else "")
    )
    return result


def _warn_missing(values: pd.Series, known: pd.Series, name: str, panel: bool) -> None:
    """Warn of regions without a value, or without a row in a year that others have."""
    wanted = values.index
    if panel:
        codes, years = (values.index.get_level_values(i).unique() for i in (0, 1))
        wanted = pd.MultiIndex.from_product([codes, years]).sort_values()
    missing = wanted[~wanted.isin(known.index)]
    if len(missing):
        years_words = "; their years do not compare with the others" if panel else ""
        warnings.warn(
            f"{len(missing)} of {len(wanted)} regions{' and years' if panel else ''} have no "
            f"{name} and are in no sum: {some(missing)}{years_words}",
            MissingDataWarning,
            stacklevel=3,
        )
