"""Frozen results: the same field names everywhere, a repr that reads well, one ``.frame``.

Results hold numbers and words only: no geometry, no graph, no figure. ``spatialreg.plot`` takes
them together with the regions.
"""

from __future__ import annotations

from ._answers import AnswersComparison
from ._autocorrelation import (
    GlobalResult,
    JoinCountsResult,
    LocalResult,
    RobustnessResult,
    TransitionsResult,
)
from ._composite import CompositeResult, SensitivityResult
from ._coverage import CoverageResult
from ._disparity import Decomposition
from ._dynamics import ClubResult, LogTResult, MarkovResult, RankMobilityResult, SpatialMarkovResult
from ._growth import ConvergenceResult
from ._join import JoinReport
from ._market import SegmentationChange, SegmentationResult, TransferResult
from ._monitoring import MonitoringResult, PlanEvaluation
from ._parts import (
    ChangeDecomposition,
    GiniDecomposition,
    ShapleyDecomposition,
    SourceDecomposition,
)
from ._printed import _Printed
from ._trend import BreaksResult, TrendResult

__all__ = [
    "AnswersComparison",
    "BreaksResult",
    "ChangeDecomposition",
    "ClubResult",
    "CompositeResult",
    "ConvergenceResult",
    "CoverageResult",
    "Decomposition",
    "GiniDecomposition",
    "GlobalResult",
    "JoinCountsResult",
    "JoinReport",
    "LocalResult",
    "LogTResult",
    "MarkovResult",
    "MonitoringResult",
    "PlanEvaluation",
    "RankMobilityResult",
    "RobustnessResult",
    "SegmentationChange",
    "SegmentationResult",
    "SensitivityResult",
    "ShapleyDecomposition",
    "SourceDecomposition",
    "SpatialMarkovResult",
    "TransferResult",
    "TransitionsResult",
    "TrendResult",
    "_Printed",
]
