"""What can go wrong, as a small tree of errors and warnings.

Every error is a :class:`SpatialRegError`, so that one ``except`` catches them all; those about an
argument's value are ``ValueError`` too. A message states what was expected, what was given, which
rows (at most five, then a count) and the mend. Warnings are classes, so that a user can filter
one kind and keep the others.
"""

from __future__ import annotations


class SpatialRegError(Exception):
    """Base of all errors that spatialreg raises on purpose."""


class InputError(SpatialRegError, ValueError):
    """An argument, a column or a file does not hold what it should."""


class AlignmentError(InputError):
    """Two labelled inputs do not share the labels that they must share."""


class GeometryError(InputError):
    """Geometries are missing, invalid or of the wrong kind."""


class CRSError(InputError):
    """The coordinate reference system is missing, different, or in degrees where metres count."""


class JoinError(InputError):
    """A table cannot be joined to regions without losing or doubling rows."""


class PrecisionError(InputError):
    """A question asks for more precision than the data have (schematic lines, seat points)."""


class ConfigError(InputError):
    """A study file is wrong; the message names the line and the mend."""


class MissingDependencyError(SpatialRegError, ImportError):
    """An optional package is needed; the message names the extra that brings it."""


class SpatialRegWarning(UserWarning):
    """Base of all warnings of spatialreg."""


class RepairWarning(SpatialRegWarning):
    """Input was repaired (geometry, codes, encoding); the message says how many and which."""


class IsolateWarning(SpatialRegWarning):
    """Regions without neighbours; they get NaN from local statistics."""


class MissingDataWarning(SpatialRegWarning):
    """Regions or rows without data were left out; the message says how many and which."""


class TotalsWarning(SpatialRegWarning):
    """Values that should be per head move with population as totals do."""


class DisconnectedWarning(SpatialRegWarning):
    """The graph falls into parts that are not joined."""


class PrecisionWarning(SpatialRegWarning):
    """A result rests on points or lines that are placed less precisely than its name suggests."""


class PermutationWarning(SpatialRegWarning):
    """There are too few permutations for any p-value to reach the level asked for."""
