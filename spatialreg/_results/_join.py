"""What a join tells before it is made."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class JoinReport(_Printed):
    """What a join would match and what not.

    Attributes
    ----------
    matched : Index
        Codes on both sides.
    regions_only, table_only : Index
        Codes on one side only.
    duplicates : Index
        Codes that the table holds more than once.
    suggestions : DataFrame
        For each unmatched row of the table: code, name, suggestion, suggested_name, reason.
    normalised : DataFrame
        Codes that were changed on the way: given, code.
    """

    matched: pd.Index = field(repr=False)
    regions_only: pd.Index = field(repr=False)
    table_only: pd.Index = field(repr=False)
    duplicates: pd.Index = field(repr=False)
    suggestions: pd.DataFrame = field(repr=False)
    normalised: pd.DataFrame = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether every region has one row and every row one region."""
        return not (len(self.regions_only) or len(self.table_only) or len(self.duplicates))

    def _scalars(self) -> list[tuple[str, str]]:
        from .._align import some

        return [
            (
                name,
                f"{len(index)}" + (f" ({some(index)})" if len(index) and name != "matched" else ""),
            )
            for name, index in (
                ("matched", self.matched),
                ("regions_only", self.regions_only),
                ("table_only", self.table_only),
                ("duplicates", self.duplicates),
            )
        ] + [("suggestions", str(len(self.suggestions))), ("normalised", str(len(self.normalised)))]
