"""Where values cluster: weights, autocorrelation, columns of one year."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ._base import Section


class WeightsSection(Section):
    """Who is whose neighbour."""

    method: Literal["queen", "rook", "knn", "distance_band"] = "queen"
    k: int | None = None
    threshold: float | None = None
    order: int = 1
    isolates: Literal["keep", "nearest", "raise"] = "nearest"


class AutocorrelationSection(Section):
    """Moran's I by year and local clusters in chosen years."""

    years: list[int] = Field([], description="Years of the cluster maps; default first and last.")
    permutations: int = Field(9999, ge=99)
    alpha: float = Field(0.05, gt=0, lt=1)
    correction: Literal["fdr_bh", "fdr_by", "bonferroni"] | None = None
    weights: WeightsSection = WeightsSection()


class CrossSection(Section):
    """One column of a table of one year: how unequal it is, and where it clusters."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    regions: str
    table: str
    column: str
    per_area: bool = Field(False, description="Divide the column by the area in km2.")
    weight: str | None = Field(None, description="Column that weights the mean: people.")
    year: int | None = None
    unit: str = ""
    log: bool = Field(False, description="Tell Moran's I of the logarithm too.")
    leave_out: list[str] = Field([], description="Regions whose codes start so have no data.")
    permutations: int = Field(9999, ge=99)
    alpha: float = Field(0.05, gt=0, lt=1)
    correction: Literal["fdr_bh", "fdr_by", "bonferroni"] | None = None
    weights: WeightsSection = WeightsSection()
    claim: int | None = None

    @model_validator(mode="after")
    def _one_weight(self) -> CrossSection:
        if self.per_area and self.weight is not None:
            raise ValueError("per_area weights by the area itself: leave weight out")
        return self
