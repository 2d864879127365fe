"""An indicator on every network between two, each computed once.

The players are groups of lines, a set of them is the network in which they are as after and the
others as before, and what a set is worth is the indicator by region on that network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from .._align import require_unique, some
from ..errors import AlignmentError, InputError
from ..transport import Network
from ._network_change import Between
from ._people import people_of

Indicator: TypeAlias = Callable[[Network], pd.Series | float]
_ONE = "the only figure"  # names the index of an indicator that is one number


class LineGame:
    """The indicator on every network in between, each computed once; the mean comes last."""

    def __init__(
        self, between: Between, indicator: Indicator, population: pd.Series | None
    ) -> None:
        self._between, self._indicator = between, indicator
        self.names = between.names
        self.known: dict[int, np.ndarray] = {}
        first = self._measured((1 << len(self.names)) - 1)
        self.name = str(first.name or "the indicator")
        self.regions = first.index
        if population is not None and self.regions.name == _ONE:
            raise InputError("the indicator is one number: leave population out")
        people = people_of(population, first.index)
        missing = people.index[people.isna()]
        if len(missing) or not people.sum() > 0:
            raise InputError(
                f"population is missing in {len(missing)} regions ({some(missing)}), or zero in all"
            )
        self._weights = people.to_numpy() / people.sum()

    @property
    def scale(self) -> float:
        """The largest mean seen, by which rounding is told from differences."""
        return max(abs(float(values[-1])) for values in self.known.values())

    def worth(self, members: int) -> np.ndarray:
        """Give the indicator by region where these groups of lines are as after, and its mean."""
        if members not in self.known:
            values = self._measured(members)
            lacking = self.regions.symmetric_difference(values.index)
            if len(lacking):
                raise AlignmentError(
                    f"the indicator has other regions on other networks ({some(lacking)}): it must "
                    "be asked about the same places, whatever the network"
                )
            y = values.reindex(self.regions).to_numpy()
            self.known[members] = np.r_[y, self._weights @ y]
        return self.known[members]

    def change(self) -> np.ndarray:
        """Give the whole change by region, and its mean."""
        return self.worth((1 << len(self.names)) - 1) - self.worth(0)

    def _measured(self, members: int) -> pd.Series:
        found: Any = self._indicator(self._between.network(members))
        if not isinstance(found, pd.Series):
            try:
                found = pd.Series([float(found)], index=pd.Index(["all"], name=_ONE))
            except (TypeError, ValueError) as error:
                raise InputError(
                    f"the indicator must give a Series by region or a number, not "
                    f"{type(found).__name__}"
                ) from error
        require_unique(found.index, "the indicator")
        values = found.astype(float)
        bad = values.index[~np.isfinite(values)]
        if len(bad):
            there = [name for at, name in enumerate(self.names) if members >> at & 1]
            raise InputError(
                f"the indicator is not finite in {len(bad)} regions ({some(bad)}) on the network "
                f"with {some(there) if there else 'none'} of the lines: what was not reached has "
                "no change to share out. Use a measure that is finite there (a potential, people "
                "within reach, daily accessibility, minutes up to a cut-off), or leave these "
                "regions out"
            )
        return values
