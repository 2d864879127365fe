"""Rasters in QGIS itself: the style beside a file is taken, and cells have its colours."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from spatialreg import io
from spatialreg.layers import Categorised, Graduated, brewer, write_raster_style
from spatialreg.raster import Raster

from .test_qgis import ENVIRONMENT, PYTHON, has_qgis

PROBE = Path(__file__).with_name("qgis_raster_probe.py")
PLACE = {"transform": (1000, 0, 500_000, 0, -1000, 4_000_000), "crs": 32650}

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not has_qgis(), reason=f"{PYTHON} has no QGIS (package python3-qgis)"),
]


def drawn(path, columns, home):
    """Give what QGIS shows of a raster of one row, and the colours of these columns."""
    places = [str(n) for c in columns for n in (500_000 + 1000 * c + 500, 3_999_500)]
    run = subprocess.run(
        [PYTHON, str(PROBE), str(path), *places],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env={**ENVIRONMENT, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)},
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_minutes_in_classes(tmp_path):
    values = np.array([[0.0, 30.0, 30.5, 61.0, np.inf, np.nan]], dtype=np.float32)
    minutes = Raster(values, **PLACE, name="minutes", unit="min")
    path = io.write_raster(minutes, tmp_path / "minutes.tif")
    write_raster_style(path, minutes, Graduated("minutes", breaks=[30, 60], unit="min"))
    found = drawn(path, range(6), tmp_path)
    low, middle, high = brewer("YlOrRd", 3)
    assert found["renderer"] == "singlebandpseudocolor"
    # neither what is not reached nor what is missing is drawn
    assert found["colours"] == [low, low, middle, high, "#ffffff", "#ffffff"]


def test_classes_by_the_style_and_by_the_colours_of_the_file(tmp_path):
    classes = Raster(np.array([[1, 2, 0]], dtype=np.uint8), **PLACE, nodata=0, name="access")
    colours = {1: "#1a9850", 2: "#d73027"}
    path = io.write_raster(classes, tmp_path / "access.tif", colours=colours)
    expected = ["#1a9850", "#d73027", "#ffffff"]
    assert drawn(path, range(3), tmp_path)["colours"] == expected
    style = Categorised("access", classes=[(1, "Near", "#1a9850"), (2, "Far", "#d73027")])
    write_raster_style(path, classes, style)
    found = drawn(path, range(3), tmp_path)
    assert found["renderer"] == "paletted"
    assert found["colours"] == expected
    assert ["Near", "#1a9850"] in found["legend"]
