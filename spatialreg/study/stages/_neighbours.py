"""Who is whose neighbour on the map of a study, with what became of islands."""

from __future__ import annotations

import warnings
from typing import Any

import geopandas as gpd

from ...errors import IsolateWarning
from ...weights import build_weights
from .._context import Context
from .._sections import WeightsSection


def neighbours(
    context: Context, weights: WeightsSection, regions: gpd.GeoDataFrame | None = None
) -> tuple[Any, tuple[str, ...]]:
    """Give the graph of the measured regions, or others, and what it warned of; built once."""
    where = context.measured if regions is None else regions
    options = weights.model_dump(exclude_none=True)
    if options["method"] not in {"queen", "rook"}:
        options.pop("order")

    def build() -> tuple[Any, tuple[str, ...]]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", IsolateWarning)
            graph = build_weights(where, **options)
        told = [str(w.message) for w in caught if issubclass(w.category, IsolateWarning)]
        return graph, tuple(told)

    return context.once(f"neighbours {options} of {', '.join(where.index)}", build)
