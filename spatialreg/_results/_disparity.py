"""What the measures of disparity give."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class Decomposition(_Printed):
    """An inequality index taken apart.

    Attributes
    ----------
    measure : str
        The index, with its definition in words.
    by : tuple of str
        The grouping columns, outermost first.
    total : float or None
        The index itself (None for a panel: see the frame).
    frame : DataFrame
        level, group, component (``within`` or ``between``), value, share; for a panel a ``year``.
    units : DataFrame
        On the caller's index: population_share, value_share, relative, contribution, share, within.
    """

    measure: str
    by: tuple[str, ...]
    total: float | None
    frame: pd.DataFrame = field(repr=False)
    units: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)
