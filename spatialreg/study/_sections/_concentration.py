"""Where production stands, and what makes the gap."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ..._align import some
from ._base import Section

OURS = "the study"  # names the panel of the study among vintages


class DoubtSection(Section):
    """A region of which the scheme's source counts a part in another group than the scheme does."""

    scheme: str
    region: str = Field(description="Its code.")
    group: str = Field(description="The other group.")
    words: str = ""


class MarkSection(Section):
    """A share that is drawn beside a group's, for orientation: of another time or measure."""

    scheme: str
    group: str
    share: float = Field(gt=0, lt=1)
    words: str


class VintageSection(Section):
    """The same total in an older compilation, told beside and never joined."""

    name: str
    source: str
    column: str
    code: str | None = None
    year: str | None = None


class ConcentrationSection(Section):
    """Where production stands by group and region, what regions live on, and who outgrew whom."""

    industries: dict[str, str] = Field(
        min_length=2, description="Words to columns of the panel, totals that add up."
    )
    focus: str | None = Field(None, description="The industry that is mapped; the first.")
    reference: str = Field(
        "total", description='What industries are held against: "total", "area", or a column.'
    )
    schemes: list[str] = Field(min_length=1)
    compare: list[int] = Field(min_length=2)
    prices: Literal["current", "constant"] | None = Field(
        None, description="Of which prices the columns are, where they are money."
    )
    doubt: list[DoubtSection] = []
    mark: list[MarkSection] = []
    vintage: list[VintageSection] = []
    claim: int | None = None

    @model_validator(mode="after")
    def _named_within(self) -> ConcentrationSection:
        if self.focus is not None and self.focus not in self.industries:
            raise ValueError(
                f"focus must be one of the industries {some(self.industries)}, not {self.focus!r}"
            )
        for kind in ("doubt", "mark"):
            for item in getattr(self, kind):
                if item.scheme not in self.schemes:
                    raise ValueError(
                        f"{kind} is of scheme {item.scheme!r}, which is not among schemes "
                        f"({some(self.schemes)})"
                    )
        names = [OURS, *(vintage.name for vintage in self.vintage)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"each vintage needs a name of its own: {some(map(repr, twice))}")
        _require_order(self.compare)
        return self


class DecompositionSection(Section):
    """Which groups of regions, and which sectors, make the gap in the value of the panel."""

    scheme: str
    sources: dict[str, str] = Field(
        {}, description="Words to columns that add up to the value of the panel."
    )
    compare: list[int] = Field(min_length=2)
    claim: int | None = None

    @model_validator(mode="after")
    def _sources(self) -> DecompositionSection:
        if len(self.sources) == 1:
            raise ValueError("sources must name two columns or more, which add up to the value")
        _require_order(self.compare)
        return self


def _require_order(compare: list[int]) -> None:
    years = sorted(set(compare))
    if years != compare or len(years) < 2:
        raise ValueError(f"compare must name two years or more in order, each once, not {compare}")
