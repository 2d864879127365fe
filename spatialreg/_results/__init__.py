"""Frozen results: the same field names everywhere, a repr that reads well, one ``.frame``.

Results hold numbers and words only: no geometry, no graph, no figure. ``spatialreg.plot`` takes
them together with the regions. A :class:`Timetable` is the result of reading a feed, and stands
here because the readers give it and the searches take it.
"""

from __future__ import annotations

from ._access import CatchmentResult
from ._access_change import AccessComparison, AttributionResult
from ._answers import AnswersComparison
from ._autocorrelation import (
    GlobalResult,
    JoinCountsResult,
    LocalResult,
    RobustnessResult,
    TransitionsResult,
)
from ._convergence import ConvergenceResult
from ._coverage import CoverageComparison, CoverageResult, CoverageSeries
from ._decomposition import (
    ChangeDecomposition,
    Decomposition,
    GiniDecomposition,
    ShapleyDecomposition,
    SourceDecomposition,
)
from ._dynamics import ClubResult, LogTResult, MarkovResult, RankMobilityResult, SpatialMarkovResult
from ._inequality import BreaksResult, TrendResult
from ._join import JoinReport
from ._markets import SegmentationChange, SegmentationResult, TransferResult
from ._monitoring import MonitoringResult, PlanEvaluation
from ._printed import _Printed
from ._services import CompositeResult, SensitivityResult
from ._timetable import Timetable

__all__ = [
    "AccessComparison",
    "AnswersComparison",
    "AttributionResult",
    "BreaksResult",
    "CatchmentResult",
    "ChangeDecomposition",
    "ClubResult",
    "CompositeResult",
    "ConvergenceResult",
    "CoverageComparison",
    "CoverageResult",
    "CoverageSeries",
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
    "Timetable",
    "TransferResult",
    "TransitionsResult",
    "TrendResult",
    "_Printed",
]
