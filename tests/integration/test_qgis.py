"""The layers and the project in QGIS itself, run by the Python that QGIS came with.

Needs /usr/bin/python3 with QGIS's modules; without them the tests skip.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import spatialreg as sr
from spatialreg._crs import CHINA_ALBERS
from spatialreg.layers import LISA_COLOURS, PALETTES, Graduated, Layer, Simple, brewer, colour_rows
from tests.layers.small_study import small_layers, small_regions

PYTHON = "/usr/bin/python3"
PROBE = Path(__file__).with_name("qgis_probe.py")
ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def has_qgis() -> bool:
    if not Path(PYTHON).exists():
        return False
    asked = subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    return asked.returncode == 0


pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not has_qgis(), reason=f"{PYTHON} has no QGIS (package python3-qgis)"),
]


def probe(*arguments: object, home: Path) -> dict:
    """Run the probe with a profile of its own and give what it found."""
    run = subprocess.run(
        [PYTHON, str(PROBE), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env={**ENVIRONMENT, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)},
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def layers() -> list[Layer]:
    return small_layers(small_regions())


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    folder.chmod(0o700)
    return folder


@pytest.fixture(scope="module")
def study(layers, tmp_path_factory) -> Path:
    """Write the study and move its folder, which the relative paths must survive."""
    written = tmp_path_factory.mktemp("written") / "first"
    package = sr.write_layers(written / "study.gpkg", layers)
    sr.write_qgis_project(
        written / "study.qgz", package, layers, title="区域差距", crs=CHINA_ALBERS
    )
    return shutil.move(written, written.with_name("moved 研究"))


@pytest.fixture(scope="module")
def found(study, home) -> dict:
    return probe(study / "study.qgz", study / "study.gpkg", study / "map.png", home=home)


def test_the_project_opens_without_complaint(found):
    assert found["read"]
    assert found["error"] == ""
    assert found["title"] == "区域差距"


def test_every_layer_is_valid_and_complete(found, layers, study):
    facts = found["layers"]
    assert set(facts) == {layer.legend_title for layer in layers}
    for layer in layers:
        fact = facts[layer.legend_title]
        assert fact["valid"]
        assert fact["count"] == len(layer.frame)
        assert fact["crs"] == "EPSG:4326"
        assert fact["abstract"] == layer.abstract
        assert fact["source"].startswith(str(study))


def test_chinese_names_come_back(found, layers):
    names = layers[0].frame["name"].tolist()
    assert found["layers"]["局部聚类 2019"]["names"] == names


def test_renderers_and_classes(found):
    facts = found["layers"]
    kinds = {name: fact["renderer"] for name, fact in facts.items()}
    assert kinds == {
        "局部聚类 2019": "categorizedSymbol",
        "Income 2019 [yuan]": "RuleRenderer",
        "People [persons]": "graduatedSymbol",
        "高速铁路 (schematic)": "singleSymbol",
        "Stations": "singleSymbol",
    }
    assert facts["局部聚类 2019"]["classes"] == [[k, v] for k, v in LISA_COLOURS.items()]
    # quartiles of 1, 2, 3, 4, 6, 7, 8, 9: 2.75, 5, 7.25
    assert [label for label, _ in facts["Income 2019 [yuan]"]["classes"]] == [
        "1.00 – 2.75",
        "2.75 – 5.00",
        "5.00 – 7.25",
        "7.25 – 9.00",
        "No data",
    ]


def test_every_region_is_drawn_once_in_its_colour(found, layers):
    for layer in layers[:3]:
        colours, _ = colour_rows(layer)
        drawn = found["layers"][layer.legend_title]["colours"]
        assert drawn == {code: [colour] for code, colour in colours.items()}


def test_schematic_lines_are_dashed(found):
    symbol = found["layers"]["高速铁路 (schematic)"]["symbol"]
    assert symbol["use_custom_dash"] == "1"
    assert float(symbol["line_width"]) == 0.8
    assert float(found["layers"]["Stations"]["symbol"]["size"]) == 3


def test_the_tree_has_its_groups_and_ticks(found):
    assert found["tree"] == [
        ["LISA clusters", [["局部聚类 2019", True, True]]],
        ["Disparity", [["Income 2019 [yuan]", True, False], ["People [persons]", True, False]]],
        ["Networks", [["高速铁路 (schematic)", True, True], ["Stations", True, True]]],
    ]
    assert found["drawn"][:3] == ["Stations", "高速铁路 (schematic)", "局部聚类 2019"]


def test_the_projection_is_albers(found):
    assert found["crs"]["valid"]
    parameters = set(found["crs"]["proj"].split())
    assert {"+proj=aea", "+lat_1=25", "+lat_2=47", "+lon_0=105", "+datum=WGS84"} <= parameters
    assert "unknown" not in found["crs"]["name"].lower()


def test_aliases_are_shown(found):
    assert found["layers"]["Income 2019 [yuan]"]["aliases"]["income"] == "Income [yuan]"
    assert found["bare"]["income"]["aliases"]["income"] == "Income [yuan]"


def test_the_map_is_drawn(found, study):
    image = found["image"]
    assert image["errors"] == []
    assert (study / "map.png").stat().st_size > 1000
    held = {"High-High", "Low-Low", "High-Low", "Low-High", "Not significant", "Isolate", "No data"}
    areas = {name: image["colours"].get(LISA_COLOURS[name], 0) for name in held}
    # a region is about a thirteenth of 350 x 300 points looked at
    assert min(areas.values()) > 2000, areas
    # two regions are High-High and two have no data
    assert areas["High-High"] == pytest.approx(2 * areas["Low-Low"], rel=0.15)
    assert areas["No data"] == pytest.approx(2 * areas["Isolate"], rel=0.15)
    assert image["colours"].get("#b30000", 0) > 20
    assert image["colours"].get("#222222", 0) > 20


def test_bare_layers_take_their_default_style(found, layers):
    assert set(found["bare"]) == {layer.name for layer in layers}
    for layer in layers:
        with_project, alone = found["layers"][layer.legend_title], found["bare"][layer.name]
        assert alone["valid"]
        for fact in ("renderer", "classes", "colours", "symbol"):
            assert alone[fact] == with_project[fact], (layer.name, fact)


def test_the_project_inside_the_package_is_the_same(study, home, found, tmp_path):
    uri = f"geopackage:{study / 'study.gpkg'}?projectName=区域差距"
    inside = probe(uri, study / "study.gpkg", tmp_path / "map.png", home=home)
    for fact in ("read", "title", "crs", "tree", "drawn", "layers", "image"):
        assert inside[fact] == found[fact], fact


def test_an_absent_package_is_noticed(layers, home, tmp_path):
    package = sr.write_layers(tmp_path / "s.gpkg", layers)
    path = sr.write_qgis_project(tmp_path / "s.qgz", package, layers, title="T")
    other = shutil.copy(package, tmp_path / "other.gpkg")
    package.unlink()
    lost = probe(path, other, tmp_path / "map.png", home=home)
    # QGIS reads the project none the less: only the layers tell
    assert lost["read"]
    assert not any(fact["valid"] for fact in lost["layers"].values())


def test_hollow_regions_numbers_on_lines_and_odd_column_names(home, tmp_path):
    regions = small_regions()
    odd = regions.rename(columns={"income": 'in "come" 收入'})
    lines = regions.set_geometry(regions.boundary)
    layers = [
        Layer(
            name="borders", title="Borders", group="", frame=regions,
            style=Simple("#000000", width=0.6, hollow=True),
        ),
        Layer(
            name="odd", title="Odd", group="", frame=odd,
            style=Graduated('in "come" 收入', k=4, palette="Blues"),
        ),
        Layer(
            name="flows", title="Flows", group="", frame=lines,
            style=Graduated("people", k=3, palette="PuOr_r"),
        ),
    ]  # fmt: skip
    package = sr.write_layers(tmp_path / "s.gpkg", layers)
    path = sr.write_qgis_project(tmp_path / "s.qgz", package, layers, title="T")
    found = probe(path, package, tmp_path / "map.png", "Borders", "Odd", home=home)
    for layer in layers[1:]:
        colours, _ = colour_rows(layer)
        drawn = found["layers"][layer.title]["colours"]
        assert drawn == {code: [colour] for code, colour in colours.items()}
    # the fill of the hollow layer lets the one below through
    assert found["image"]["colours"][brewer("Blues", 4)[-1]] > 2000


def test_colours_are_those_that_qgis_carries(home):
    theirs = probe("palettes", home=home)
    for name in PALETTES:
        for k in range(3, 10):
            assert list(brewer(name, k)) == theirs[name][str(k)]
