"""Who is where: codes and names of regions, schemes that group them, and periods of years.

A region is known by its code, as text. For China this is the six-digit adcode (GB/T 2260); the
codes of other countries stay as they are given.
"""

from ._changes import crosswalk, list_code_changes, out_of_force
from ._codes import (
    CODE_COLUMNS,
    NAME_COLUMNS,
    holds_adcodes,
    is_adcode,
    level_of,
    normalise_code,
    normalise_codes,
    tidy_code,
)
from ._harmonise import harmonise
from ._names import bare_name
from ._periods import assign_period, list_periods
from ._scheme import Scheme
from ._schemes import assign_scheme, list_schemes, read_scheme, require_partition

__all__ = [
    "CODE_COLUMNS",
    "NAME_COLUMNS",
    "Scheme",
    "assign_period",
    "assign_scheme",
    "bare_name",
    "crosswalk",
    "harmonise",
    "holds_adcodes",
    "is_adcode",
    "level_of",
    "list_code_changes",
    "list_periods",
    "list_schemes",
    "normalise_code",
    "normalise_codes",
    "out_of_force",
    "read_scheme",
    "require_partition",
    "tidy_code",
]
