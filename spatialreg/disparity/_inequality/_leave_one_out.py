"""Does the answer hang on one region? Every measure again, each region left out in turn.

Takes a panel or a frame with value per head and people, as :func:`inequality` does; gives the
measures without each region, beside what they are with all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...errors import InputError
from .._inputs import by_year, grid, is_panel
from .._measures import chosen


def leave_one_out(
    panel_or_frame: pd.DataFrame,
    *,
    per_head: str,
    population: str | None = None,
    measures: Sequence[str] = ("gini", "theil", "mld", "cv"),
) -> pd.DataFrame:
    """Measures of inequality without each region in turn, by year.

    Parameters
    ----------
    panel_or_frame : DataFrame
        A panel indexed (`code`, `year`), or a frame of one year indexed by region.
    per_head : str
        Column with the value per head, not negative.
    population : str, optional
        Column with people. With it a region counts as its people; without, each region counts
        once.
    measures : sequence of str
        As for :func:`inequality`.

    Returns
    -------
    DataFrame
        Index (`code`, `year`) for a panel, else `code`, of the regions that take part; a column
        per measure with its value over all other regions, and ``{measure}_change``, which is that
        less the value over all: negative where the region adds to inequality.
        ``attrs["definition"]`` says so in words.

    Raises
    ------
    InputError
        A column is missing, negative, infinite or not numeric; a measure is unknown or not
        defined for a value of zero; fewer than two regions have data.

    Warns
    -----
    MissingDataWarning
        Rows without a value or population were left out.

    Notes
    -----
    The changes are what the jackknife of :func:`inequality` rests on (Efron 1982). They tell which
    region a figure hangs on, not whether it should be left out.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import leave_one_out
    >>> regions = pd.DataFrame({"income": [1.0, 1.0, 4.0]}, index=["a", "b", "c"])
    >>> table = leave_one_out(regions, per_head="income", measures=["gini"])
    >>> table["gini_change"].round(3).to_dict()
    {'a': -0.033, 'b': -0.033, 'c': -0.333}
    """
    asked = chosen(measures)
    positive = next((repr(m.name) for m in asked if m.positive), None)
    values, weights = by_year(panel_or_frame, per_head, population, positive=positive)
    rows, codes, y, w = grid(panel_or_frame, values, weights)
    if len(codes) < 2:
        raise InputError(
            f"{len(codes)} regions have {per_head!r}: to leave one out needs at least two"
        )
    # (region left out, year, region)
    others = w * (1.0 - np.eye(len(codes)))[:, np.newaxis, :]
    present = (w > 0).T
    columns = {}
    for measure in asked:
        without = measure.kernel(y, others)
        columns[measure.name] = np.where(present, without, np.nan)
        columns[f"{measure.name}_change"] = columns[measure.name] - measure.kernel(y, w)
    if is_panel(panel_or_frame):
        index: pd.Index = pd.MultiIndex.from_product([codes, rows], names=["code", "year"])
    else:
        index = pd.Index(codes, name="code")
    flat = {name: column.ravel() for name, column in columns.items()}
    result = pd.DataFrame(flat, index=index)[present.ravel()]
    counted = "once" if population is None else f"as its people ({population})"
    result.attrs["definition"] = (
        f"inequality of {per_head} over all other regions, each counted {counted}, and that less "
        f"the value over all; {'; '.join(m.words for m in asked)}"
    )
    return result
