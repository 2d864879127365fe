"""Rasters of a project in QGIS itself: found, styled, described, and with the values they have."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import spatialreg as sr
from spatialreg import io
from spatialreg._crs import CHINA_ALBERS
from spatialreg.layers import Categorised, Graduated, RasterLayer, brewer
from spatialreg.raster import Raster
from tests.layers.small_study import small_layers, small_regions

from .test_qgis import PYTHON, has_qgis, probe

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not has_qgis(), reason=f"{PYTHON} has no QGIS (package python3-qgis)"),
]


@pytest.fixture(scope="module")
def rasters() -> dict[str, RasterLayer]:
    """Give minutes from the south-west corner of the nine squares, and land in two classes."""
    regions = small_regions()
    grid = sr.raster.grid(regions, 10_000)
    left, bottom, _, _ = grid.bounds
    rows, columns = np.indices(grid.shape)
    x = grid.transform.c + (columns + 0.5) * grid.transform.a - left
    y = grid.transform.f + (rows + 0.5) * grid.transform.e - bottom
    values = (np.hypot(x, y) / 2_000).astype(np.float32)
    values[0, :] = np.nan
    minutes = grid.with_values(values, name="minutes", unit="min")
    land = Raster(
        (x > 150_000).astype(np.uint8) + 1, grid.transform, grid.crs, nodata=0, name="land"
    )
    return {
        "minutes": RasterLayer(
            title="到站时间, 2010", group="Surfaces", raster=minutes, visible=True,
            style=Graduated("minutes", breaks=[60, 120], palette="YlGnBu", unit="min"),
            abstract="Straight over land to stations open by 2010-12-31.",
        ),
        "land": RasterLayer(
            title="Land", group="Surfaces", raster=land,
            style=Categorised("land", classes=[(1, "West", "#1a9850"), (2, "East", "#d73027")]),
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    folder.chmod(0o700)
    return folder


@pytest.fixture(scope="module")
def study(rasters, tmp_path_factory):
    """Write a project of rasters and layers, and move its folder."""
    written = tmp_path_factory.mktemp("written") / "first"
    (written / "rasters #1").mkdir(parents=True)
    files = {
        io.write_raster(layer.raster, written / "rasters #1" / f"{name}.tif"): layer
        for name, layer in rasters.items()
    }
    layers = small_layers(small_regions())
    package = sr.write_layers(written / "study.gpkg", layers)
    sr.write_qgis_project(
        written / "study.qgz", package, layers, title="T", crs=CHINA_ALBERS, rasters=files
    )
    return shutil.move(written, written.with_name("moved 研究"))


@pytest.fixture(scope="module")
def found(study, home):
    titles = ["到站时间, 2010", "高速铁路 (schematic)", "Stations"]
    return probe(
        study / "study.qgz", study / "study.gpkg", study / "map.png", *titles, home=home
    )  # fmt: skip


def test_rasters_are_found_where_the_folder_was_moved(found, study, rasters):
    assert found["read"] and found["error"] == ""
    assert set(found["rasters"]) == {layer.title for layer in rasters.values()}
    for name, layer in rasters.items():
        fact = found["rasters"][layer.title]
        assert fact["valid"]
        assert fact["source"] == str(study / "rasters #1" / f"{name}.tif")
        assert fact["abstract"] == layer.abstract
        assert fact["metadata"] == [layer.title, layer.abstract]
    assert all(layer["valid"] for layer in found["layers"].values())


def test_they_have_the_classes_of_their_style(found):
    minutes, land = found["rasters"]["到站时间, 2010"], found["rasters"]["Land"]
    assert minutes["renderer"] == "singlebandpseudocolor"
    labels = [label for label, _ in minutes["classes"]]
    assert labels[1] == "60 – 120 min" and len(labels) == 3
    assert [colour for _, colour in minutes["classes"]] == list(brewer("YlGnBu", 3))
    # what the panel of layers shows: the band, then the classes
    assert minutes["legend"][-3:] == labels
    assert land["renderer"] == "paletted"
    assert land["classes"] == [["West", "#1a9850"], ["East", "#d73027"]]


def test_values_are_those_of_the_raster(found, rasters):
    for layer in rasters.values():
        places = np.array(found["rasters"][layer.title]["values"], dtype=float)
        left, _, _, top = layer.raster.bounds
        width, height = layer.raster.resolution
        columns = ((places[:, 0] - left) // width).astype(int)
        rows = ((top - places[:, 1]) // height).astype(int)
        np.testing.assert_array_equal(places[:, 2], layer.raster.at(rows, columns))
        assert len(np.unique(places[:, 2])) > 1


def test_they_stand_and_are_drawn_below_the_layers(found):
    assert found["tree"][-1] == [
        "Surfaces",
        [["到站时间, 2010", True, True], ["Land", True, False]],
    ]
    assert found["drawn"][-2:] == ["到站时间, 2010", "Land"]
    assert found["drawn"][0] == "Stations"


def test_the_map_has_their_colours_under_the_lines(found, rasters):
    image = found["image"]
    assert image["errors"] == []
    shades = [image["colours"].get(colour, 0) for colour in brewer("YlGnBu", 3)]
    # as many points of the picture as there are cells of each class
    values = rasters["minutes"].raster.floats()
    values = values[np.isfinite(values)]
    cells = [(values <= 60).sum(), ((values > 60) & (values <= 120)).sum(), (values > 120).sum()]
    np.testing.assert_allclose(np.array(shades) / sum(shades), cells / np.sum(cells), atol=0.02)
    assert image["colours"].get("#b30000", 0) > 20


def test_the_project_inside_the_package_is_the_same(study, found, home, tmp_path):
    uri = f"geopackage:{study / 'study.gpkg'}?projectName=T"
    inside = probe(uri, study / "study.gpkg", tmp_path / "map.png", home=home)
    for fact in ("read", "title", "crs", "tree", "drawn", "layers", "rasters"):
        assert inside[fact] == found[fact], fact


def test_a_project_of_rasters_alone(rasters, study, home, tmp_path):
    file = io.write_raster(rasters["minutes"].raster, tmp_path / "m.tif")
    path = sr.write_qgis_project(
        tmp_path / "m.qgz", None, [], title="T", rasters={file: rasters["minutes"]}
    )
    alone = probe(path, study / "study.gpkg", tmp_path / "map.png", home=home)
    assert alone["rasters"]["到站时间, 2010"]["valid"]
    assert set(brewer("YlGnBu", 3)) <= set(alone["image"]["colours"])
