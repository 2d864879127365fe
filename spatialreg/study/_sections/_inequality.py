"""Inequality between the regions of the panel."""

from __future__ import annotations

from pydantic import Field

from ._base import Section


class InequalitySection(Section):
    """Which measures, over which groups, and the years that the sentences compare."""

    measures: list[str] = ["gini", "theil", "mld", "cv"]
    scheme: str
    compare: list[int] = Field([], description="Years between which change is told.")
    claim: int | None = None
