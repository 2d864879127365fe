"""The built wheel works outside the checkout, with the embedded data and the shapefiles in it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = """
import spatialreg as sr
from pathlib import Path
print(Path(sr.__file__).parent)
print(len(sr.datasets.provincial_panel()), len(sr.datasets.claims()), len(sr.list_schemes()) > 5)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            str(out),
            str(ROOT),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


def test_what_is_in_it(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "spatialreg/py.typed",
        "spatialreg/data/provincial_panel.csv",
        "spatialreg/data/schemes/four_segments.toml",
        "spatialreg/data/studies/china.toml",
        "spatialreg/report/templates/report.html",
        "spatialreg/shapefiles/hsr_lines.shp",
        "spatialreg/shapefiles/README.md",
    } <= names
    assert not [name for name in names if name.startswith("tests")]


def test_it_runs_elsewhere(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
    )
    assert done.returncode == 0, done.stderr
    where, counts = done.stdout.strip().splitlines()
    assert where == str(tmp_path / "site/spatialreg")
    assert counts == "620 19 True"
