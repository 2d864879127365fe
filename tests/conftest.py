"""What every test shares: figures without a window, and no network of the user's settings."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import matplotlib as mpl
import pytest

mpl.use("Agg")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Give the folder of published exports to compare with, or skip."""
    folder = os.environ.get("SPATIALREG_REFERENCE")
    if not folder or not Path(folder).is_dir():
        pytest.skip("SPATIALREG_REFERENCE names no folder of reference data")
    return Path(folder)


@cache
def has_spdep() -> bool:
    """Say whether R and its package spdep can be run."""
    program = shutil.which("Rscript")
    ask = ["-e", "quit(status = !requireNamespace('spdep', quietly = TRUE))"]
    return program is not None and subprocess.run([program, *ask], check=False).returncode == 0


needs_spdep = pytest.mark.skipif(not has_spdep(), reason="needs Rscript and its package spdep")


@pytest.fixture(autouse=True)
def close_figures():
    """Close what a test drew."""
    yield
    from matplotlib import pyplot

    pyplot.close("all")
