"""Frozen results: the same field names everywhere, a repr that reads well, one ``.frame``.

Results hold numbers and words only: no geometry, no graph, no figure. ``spatialreg.plot`` takes
them together with the regions.
"""

from __future__ import annotations

from ._autocorrelation import (
    GlobalResult,
    JoinCountsResult,
    LocalResult,
    RobustnessResult,
    TransitionsResult,
)
from ._coverage import CoverageResult
from ._disparity import Decomposition
from ._dynamics import (
    ClubResult,
    LogTResult,
    MarkovResult,
    RankMobilityResult,
    SpatialMarkovResult,
)
from ._join import JoinReport
from ._printed import _Printed

__all__ = [
    "ClubResult",
    "CoverageResult",
    "Decomposition",
    "GlobalResult",
    "JoinCountsResult",
    "JoinReport",
    "LocalResult",
    "LogTResult",
    "MarkovResult",
    "RankMobilityResult",
    "RobustnessResult",
    "SpatialMarkovResult",
    "TransitionsResult",
    "_Printed",
]
