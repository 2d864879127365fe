"""Do neighbouring regions resemble one another, overall and where."""

from __future__ import annotations

from ._correlogram import correlogram
from ._global import moran
from ._local import lisa
from ._panel import lisa_series, moran_series
from ._robustness import lisa_robustness, vary_weights
from ._transitions import lisa_transitions

__all__ = [
    "correlogram",
    "lisa",
    "lisa_robustness",
    "lisa_series",
    "lisa_transitions",
    "moran",
    "moran_series",
    "vary_weights",
]
