"""Studies: a TOML file that says which questions to answer on which data, and its run."""

from ._config import StudyConfig, read_config
from ._context import Context, Finding, StageResult
from ._monitor import Monitoring, monitor
from ._run import Study, check_study, run_study
from .stages import Stage, all_stages

__all__ = [
    "Context",
    "Finding",
    "Monitoring",
    "Stage",
    "StageResult",
    "Study",
    "StudyConfig",
    "all_stages",
    "check_study",
    "monitor",
    "read_config",
    "run_study",
]
