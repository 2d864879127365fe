"""What floating catchments give."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class CatchmentResult(_Printed):
    """How much of a service each place has within reach, those counted who share it.

    Attributes
    ----------
    method : str
        ``"2sfca"``, ``"e2sfca"``, ``"m2sfca"``, ``"3sfca"``, ``"huff"`` or ``"bfca"``.
    words : str
        What was computed, with threshold and decay.
    per : float
        Access and ratios are for so many of the demand.
    mean_access : float
        What is allotted, for so many of all demand.
    supply, supply_reached : float
        All supply, and that of facilities with some demand in their catchment.
    demand, demand_reached : float
        All demand, and that of places with a facility in reach.
    facilities : DataFrame
        By facility: ``supply``; ``claimed``, the demand that turns to it, weighted; ``ratio`` of
        the two (NaN where nobody comes); ``places`` in its catchment.
    frame : DataFrame
        By place of demand: ``access``; ``allotted``, access times demand in units of supply;
        ``facilities`` in reach. A place without demand has an access too: what a newcomer finds.
    """

    method: str
    words: str
    per: float
    mean_access: float
    supply: float
    supply_reached: float
    demand: float
    demand_reached: float
    facilities: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)
