"""Whether the gaps between regions close."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from ..._align import some
from ._base import Section
from ._clusters import WeightsSection


class ClubsSection(Section):
    """How convergence clubs are looked for; see docs/disparity_clubs.md."""

    filter: float = Field(400.0, ge=0, description="Smoothing of the trend; 0 takes none.")
    trim: float = Field(1 / 3, gt=0, lt=1, description="Share of first years left out.")
    order: Literal["last", "last third"] = "last"
    merge: Literal["phillips-sul", "lyncker-thoennessen", "none"] = "phillips-sul"


class ConvergenceSection(Section):
    """Whether gaps close: dispersion, growth against level, clubs, and moves between classes."""

    compare: list[int] = Field([], description="Years between which it is asked; first and last.")
    step: int | None = Field(None, ge=1, description="Years in a period of a panel; none without.")
    controls: list[str] = Field([], description="Columns of the panel, for conditional models.")
    models: list[Literal["ols", "lag", "error", "durbin"]] = ["ols", "lag", "error"]
    weights: WeightsSection = WeightsSection()
    clubs: ClubsSection | None = ClubsSection.model_validate({})
    dynamics: bool = True
    classes: int = Field(5, ge=2, le=20, description="Quantiles of all years, for the chain.")
    spatial_classes: int = Field(3, ge=2, le=20, description="The same, by neighbours' classes.")
    permutations: int = Field(999, ge=99)
    alpha: float = Field(0.05, gt=0, lt=1)
    claim: int | None = None

    @field_validator("clubs", mode="before")
    @classmethod
    def _switch(cls, clubs: Any) -> Any:
        if isinstance(clubs, bool):
            return {} if clubs else None
        return clubs

    @model_validator(mode="after")
    def _spans(self) -> ConvergenceSection:
        if self.compare and len(set(self.compare)) < 2:
            raise ValueError("compare needs two years or more: a change is between them")
        if len(set(self.models)) < len(self.models):
            raise ValueError(f"models names one twice: {some(self.models)}")
        if "ols" not in self.models:
            raise ValueError(
                "models must have 'ols': the tests for the others are of its residuals"
            )
        return self
