"""What is reached within several limits of time, of several kinds, from one pass over the times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InputError
from ._setting import Own, all_of, joined, masses_of, open_setting
from ._times import Times


def cumulative_opportunities(
    times: Times,
    *,
    thresholds: Sequence[float],
    opportunities: pd.Series | pd.DataFrame | None = None,
    own: Own | pd.Series = "given",
    share: bool = False,
    origins: Any = None,
) -> pd.DataFrame:
    """Add up what is reached within each of several limits of time, in one pass over the times.

    Parameters
    ----------
    times : DataFrame, Series or iterator of DataFrame
        As for :func:`access_from_times`.
    thresholds : sequence of float
        Limits [min]; a time that equals one is within it. ``inf`` asks for all that is reached.
    opportunities : Series or DataFrame, optional
        What lies at each destination; a column for each kind (jobs, schools, beds).
    own : {"given", "leave_out"} or Series
        As for :func:`access_from_times`.
    share : bool
        Give shares of all opportunities.
    origins : Index or sequence, optional
        As for :func:`access_from_times`.

    Returns
    -------
    DataFrame
        By origin, a column ``minutes`` for each limit; for a DataFrame of opportunities columns
        (``opportunity``, ``minutes``).

    Raises
    ------
    InputError, AlignmentError
        As for :func:`access_from_times`; a limit is negative or stands twice.

    Warns
    -----
    MissingDataWarning
        As for :func:`access_from_times`; a destination is left out of the kinds that lack it.

    Notes
    -----
    A single limit makes places just inside and just outside differ by all they have. The mean of
    the columns from 30 to 60 minutes, say, is the interval measure of Tomasiello and others
    (2023), which softens that: ``frame.loc[:, 30:60].mean(axis=1)``.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.access import cumulative_opportunities
    >>> times = pd.DataFrame([[0, 60, 300], [60, 0, 240], [300, 240, 0]], list("abc"), list("abc"))
    >>> people = pd.Series({"a": 30, "b": 10, "c": 20})
    >>> cumulative_opportunities(times, thresholds=[60, 240], opportunities=people)
    minutes   60.0   240.0
    a          40.0   40.0
    b          40.0   60.0
    c          20.0   30.0
    """
    limits = _limits(thresholds)
    table = opportunities if isinstance(opportunities, pd.DataFrame) else None
    if table is not None and table.shape[1] == 0:
        raise InputError("opportunities has no column: pass at least one kind")
    kinds: list[Any] = [None] if table is None else list(table.columns)
    given = [opportunities] if table is None else [table[kind] for kind in kinds]
    marker = None if given[0] is None else pd.Series(1.0, index=given[0].index)
    setting = open_setting(times, marker, own, origins, by_default="given")
    masses = [masses_of(one, setting.destinations, name="opportunities") for one in given]
    parts, labels = [], []
    for block in setting.blocks:
        columns = []
        for mass in masses:
            weight = mass[block.column]
            sums = [block.sums(weight * (block.minutes <= limit)) for limit in limits]
            total = all_of(block, mass, setting.own) if share else 1.0
            columns += [one / total for one in sums]
        parts.append(np.column_stack(columns))
        labels.append(block.origins)
    columns_of = (
        pd.Index(limits, name="minutes")
        if table is None
        else pd.MultiIndex.from_product([kinds, limits], names=["opportunity", "minutes"])
    )
    return pd.DataFrame(np.concatenate(parts), index=joined(labels), columns=columns_of)


def _limits(thresholds: Sequence[float]) -> list[float]:
    if isinstance(thresholds, int | float) or not len(thresholds):
        raise InputError("thresholds must be a sequence of minutes, for example [30, 60, 120]")
    limits = [float(limit) for limit in thresholds]
    if not all(limit >= 0 for limit in limits) or len(set(limits)) < len(limits):
        raise InputError(
            f"thresholds must be different minutes of zero or more, not {list(thresholds)}"
        )
    return limits
