"""Did a region outgrow the nation by its structure or by its own? In percent a year.

The parts of a shift-share are in the unit of the panel, so that large regions have large ones, and
over many years the national part of a region that grows is larger, as its base is. Here each step
is told in percent of its own base, and averaged over the years: regions of all sizes compare, and
the national part is the same for all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .._groups import read_levels
from ._shift_share import shift_share


def shift_share_rates(
    panel: pd.DataFrame,
    *,
    industries: Sequence[str] | None = None,
    by: pd.Series | None = None,
    start: int | None = None,
    end: int | None = None,
    nation: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Growth in percent a year by region, as national, industry-mix and competitive parts.

    Parameters
    ----------
    panel, industries, start, end, nation
        As for :func:`shift_share`, whose classic parts are taken step by step.
    by : Series, optional
        Groups of regions, by code: their parts are told instead of those of single regions.

    Returns
    -------
    DataFrame
        By `code`, or by `group`: ``growth``, and ``national``, ``mix`` and ``competitive``, which
        add up to it, in percent a year. NaN where a region is zero at the start of a step.
        ``attrs["definition"]`` says in words what was computed.

    Raises
    ------
    InputError, AlignmentError
        As for :func:`shift_share`, and where a region has no group.

    Warns
    -----
    MissingDataWarning
        As for :func:`shift_share`.

    Notes
    -----
    Each step of the dynamic shift-share (Barff and Knight 1988) over the total of the region at its
    start, summed over steps and divided by the years from the first to the last. It is a mean of
    yearly rates where steps are years: over long spans somewhat above the compound rate.
    ``national`` is the same for all regions; ``mix + competitive`` is by how much a region outgrew
    the nation.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import shift_share_rates
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": ["a", "b"] * 2, "year": [2000, 2000, 2001, 2001],
    ...     "farms": [50, 50, 40, 50], "mills": [50, 150, 80, 200]}))
    >>> shift_share_rates(panel).round(2)
          growth  national   mix  competitive
    code
    a       20.0     23.33 -8.33          5.0
    b       25.0     23.33  4.17         -2.5
    """
    parts = shift_share(
        panel, industries=industries, start=start, end=end, dynamic=True, nation=nation
    )
    names = list(parts.index.unique("industry"))
    ends = parts.index.unique("year").to_numpy()
    cells = pd.concat({name: panel[name].astype(float) for name in names})
    cells.index = cells.index.set_names(["industry", "code", "year"])
    last = cells.reorder_levels(list(parts.index.names)).reindex(parts.index)
    parts = parts.assign(base=last - parts["change"])
    codes = parts.index.get_level_values("code")
    unit = pd.Series(codes, index=parts.index, name="code")
    if by is not None:
        kept = codes.unique()
        groups = read_levels(panel, by, kept).iloc[:, 0]
        unit = pd.Series(groups.reindex(codes).to_numpy(), index=parts.index, name="group")
    sums = parts.groupby([unit, "year"]).sum()
    base = sums.pop("base")
    percent = sums.div(base.where(base > 0), axis=0) * 100
    has = np.unique(panel.index.get_level_values(1).to_numpy())
    first = has[0] if start is None else start
    # a region that is zero at the start of a step has no rate, and no mean of its others instead
    result = percent.groupby(level=0).sum(min_count=len(ends))
    result = (result / (ends[-1] - first)).rename(columns={"change": "growth"})
    result.attrs["definition"] = (
        f"{parts.attrs['definition']}; each step in percent of the "
        f"{'region' if by is None else 'group'} at its start, summed and divided by the "
        f"{ends[-1] - first} years"
    )
    return result
