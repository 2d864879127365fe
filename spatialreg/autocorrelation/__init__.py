"""Do neighbouring regions resemble one another, overall and where."""

from __future__ import annotations

from ._correlogram import correlogram
from ._global import moran
from ._local import lisa
from ._panel import moran_series

__all__ = ["correlogram", "lisa", "moran", "moran_series"]
