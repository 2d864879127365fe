"""Packages that an extra brings, imported where they are used."""

from __future__ import annotations

import importlib
import importlib.metadata
from types import ModuleType

from ..errors import MissingDependencyError


def optional(module: str, what: str) -> ModuleType:
    """Import `module`, or say which package and which extra `what` needs."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingDependencyError(
            f"{what} come from the package {module.replace('_', '-')}, which is not installed: "
            'pip install "spatialreg[china]"'
        ) from error


def release(package: str) -> str:
    """Give the installed version of a package."""
    return importlib.metadata.version(package)
