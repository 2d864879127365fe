"""Do neighbouring regions resemble one another, overall and where."""

from __future__ import annotations

from ._bivariate import moran_bv
from ._correlogram import correlogram
from ._geary import geary
from ._getis_ord import getis_ord_g
from ._global import moran
from ._join_counts import join_counts
from ._lee import lee
from ._local import lisa
from ._local_bivariate import lisa_bv
from ._local_g import local_g
from ._local_geary import local_geary
from ._local_join_count import local_join_count
from ._local_rates import lisa_rate
from ._losh import losh
from ._panel import lisa_series, moran_series
from ._rates import moran_rate
from ._residuals import moran_residuals
from ._robustness import lisa_robustness, vary_weights
from ._space_time import lisa_space_time, moran_space_time
from ._transitions import lisa_transitions

__all__ = [
    "correlogram",
    "geary",
    "getis_ord_g",
    "join_counts",
    "lee",
    "lisa",
    "lisa_bv",
    "lisa_rate",
    "lisa_robustness",
    "lisa_series",
    "lisa_space_time",
    "lisa_transitions",
    "local_g",
    "local_geary",
    "local_join_count",
    "losh",
    "moran",
    "moran_bv",
    "moran_rate",
    "moran_residuals",
    "moran_series",
    "moran_space_time",
    "vary_weights",
]
