"""The public names: they resolve, stay what they are, and importing the package is quick."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import spatialreg as sr


@pytest.mark.parametrize("name", sr.__all__)
def test_name_resolves_and_is_documented(name):
    value = getattr(sr, name)
    if name != "__version__":
        assert value.__doc__


def test_names_survive_the_import_of_every_module():
    before = {name: getattr(sr, name) for name in sr.__all__}
    for module in pkgutil.walk_packages(sr.__path__, "spatialreg."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name, value in before.items():
        assert getattr(sr, name) is value, f"{name} was replaced by a module"


def test_unknown_name_raises():
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = sr.no_such_thing


def test_import_brings_nothing_heavy():
    # a time would measure the machine; what makes the import slow is what it loads
    code = "import sys, spatialreg; print(sorted({'pandas', 'geopandas'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_the_readme_names_what_exists():
    from pathlib import Path

    readme = Path(__file__).parents[1] / "README.md"
    text = readme.read_text(encoding="utf-8")
    import re

    for name in set(re.findall(r"\bsr\.([a-z_]+)", text)):
        assert hasattr(sr, name)
