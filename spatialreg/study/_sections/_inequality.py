"""Inequality between the regions of the panel."""

from __future__ import annotations

from pydantic import Field, model_validator

from ._base import Section


class InequalitySection(Section):
    """Which measures, over which groups, and the years that the sentences compare."""

    measures: list[str] = Field(["gini", "theil", "mld", "cv"], min_length=1)
    scheme: str | None = Field(None, description="Groups to decompose by; without, none are.")
    compare: list[int] = Field([], description="Years between which change is told.")
    ci: float = Field(0.95, gt=0, lt=1, description="Level of the intervals.")
    permutations: int = Field(9999, ge=99, description="Of the tests of change.")
    tolerance: float = Field(
        0.005, ge=0, description="Relative change up to which an answer counts as none."
    )
    claim: int | None = None

    @model_validator(mode="after")
    def _two_years(self) -> InequalitySection:
        if len(set(self.compare)) == 1:
            raise ValueError("compare needs two years or more, or none for the first and the last")
        return self
