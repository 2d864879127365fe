"""Which pairs of places came closer: two matrices of travel times, pair by pair."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from .._align import require_one_of
from ..errors import InputError
from ._change_inputs import same_labels, time_matrix
from ._outcomes import changes

_BY = ("change", "percent")


def times_change(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    by: Literal["change", "percent"] = "change",
    most: int | None = None,
    tolerance: float = 0.0,
) -> pd.DataFrame:
    """List the pairs of places by how much their travel time fell.

    Parameters
    ----------
    before, after : DataFrame
        Travel times [min], a row an origin and a column a destination, on the same labels; infinite
        where there is no way.
    by : {"change", "percent"}
        Sort by the fall in minutes, or relative to the time before.
    most : int, optional
        Give so many pairs that gained most; all unless told.
    tolerance : float
        Changes up to this count as none [min].

    Returns
    -------
    DataFrame
        Columns ``origin``, ``destination``, ``before``, ``after``, ``change`` [min], ``percent``,
        ``outcome`` (as in :func:`compare_access`). First the pairs with a time before and after,
        the largest fall on top, then those newly reached, the shortest time on top, then the
        others; ties by label. A place and itself are no pair.

    Raises
    ------
    InputError
        A matrix is not numeric or holds times below zero; `most` is not a number from 1 on.
    AlignmentError
        The matrices have different origins or destinations.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.access import times_change
    >>> before = pd.DataFrame([[0.0, 90.0], [90.0, 0.0]], list("ab"), list("ab"))
    >>> after = pd.DataFrame([[0.0, 60.0], [80.0, 0.0]], list("ab"), list("ab"))
    >>> times_change(before, after)[["origin", "destination", "change"]]
      origin destination  change
    0      a           b   -30.0
    1      b           a   -10.0
    """
    require_one_of(by, _BY, "by")
    if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 1):
        raise InputError(f"most must be a whole number from 1 on, not {most!r}")
    if not tolerance >= 0:
        raise InputError(f"tolerance must be zero or more, not {tolerance!r}")
    first = time_matrix(before, "before")
    time_matrix(after, "after")
    same_labels(before.index, after.index, "origins")
    same_labels(before.columns, after.columns, "destinations")
    last = after.reindex(index=before.index, columns=before.columns).to_numpy(dtype=float)
    itself = before.index.to_numpy()[:, None] == before.columns.to_numpy()[None, :]
    row, column = np.nonzero(~itself)
    y0, y1 = first[row, column], last[row, column]
    change, percent, outcome = changes(y0, y1, "less", tolerance)
    both = np.isfinite(change)
    new = outcome == "newly reached"
    key = np.select([both, new], [change if by == "change" else percent, y1], np.inf)
    rank = [labels.argsort().argsort() for labels in (before.index, before.columns)]
    # a time of zero before has no percentage, and stands after those that have one
    order = np.lexsort((rank[1][column], rank[0][row], key, np.select([both, new], [0, 1], 2)))
    order = order[:most]
    return pd.DataFrame(
        {
            "origin": before.index[row[order]],
            "destination": before.columns[column[order]],
            "before": y0[order],
            "after": y1[order],
            "change": change[order],
            "percent": percent[order],
            "outcome": outcome[order],
        }
    )
