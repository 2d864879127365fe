"""What every test shares: figures without a window, and no network of the user's settings."""

from __future__ import annotations

import os
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


@pytest.fixture(autouse=True)
def close_figures():
    """Close what a test drew."""
    yield
    from matplotlib import pyplot

    pyplot.close("all")
