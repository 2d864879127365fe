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
from ._join import JoinReport
from ._parts import (
    ChangeDecomposition,
    GiniDecomposition,
    ShapleyDecomposition,
    SourceDecomposition,
)
from ._printed import _Printed

__all__ = [
    "ChangeDecomposition",
    "CoverageResult",
    "Decomposition",
    "GiniDecomposition",
    "GlobalResult",
    "JoinCountsResult",
    "JoinReport",
    "LocalResult",
    "RobustnessResult",
    "ShapleyDecomposition",
    "SourceDecomposition",
    "TransitionsResult",
    "_Printed",
]
