"""Rasters in the project's file: their place in the legend, their paths, their style."""

from __future__ import annotations

import shutil
from xml.etree.ElementTree import tostring

import numpy as np
import pytest

import spatialreg as sr
from spatialreg import io
from spatialreg.errors import InputError
from spatialreg.layers import Graduated, RasterLayer, write_raster_style
from spatialreg.raster import Raster

from .small_study import parse
from .test_project import project_of, stored


def surface(title="Minutes, 2010", group="Surfaces", **changes):
    values = np.array([[5.0, 40.0, 61.0], [np.nan, np.inf, 70.0]])
    raster = Raster(values, (1, 0, 110, 0, -1, 32), 4326, name="minutes", unit="min")
    style = Graduated("minutes", breaks=[30, 60], unit="min")
    return RasterLayer(title=title, group=group, raster=raster, style=style, **changes)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "rasters").mkdir()
    layers = {"minutes_2010": surface(abstract="To stations open by 2010-12-31."),
              "minutes_2000": surface("Minutes, 2000")}  # fmt: skip
    return {
        io.write_raster(layer.raster, tmp_path / "rasters" / f"{name}.tif"): layer
        for name, layer in layers.items()
    }


@pytest.fixture
def project(layers, files, tmp_path):
    package = sr.write_layers(tmp_path / "study.gpkg", layers)
    path = sr.write_qgis_project(tmp_path / "study.qgz", package, layers, title="T", rasters=files)
    return path, package


def rasters_of(root):
    return [node for node in root.iter("maplayer") if node.get("type") == "raster"]


def test_they_stand_in_a_group_below_the_layers_unticked(project):
    _, root = project_of(project[0])
    groups = root.findall("layer-tree-group/layer-tree-group")
    assert [group.get("name") for group in groups] == [
        "LISA clusters", "Disparity", "Networks", "Surfaces"
    ]  # fmt: skip
    nodes = groups[-1].findall("layer-tree-layer")
    assert [node.get("name") for node in nodes] == ["Minutes, 2010", "Minutes, 2000"]
    assert {node.get("checked") for node in nodes} == {"Qt::Unchecked"}
    assert {node.get("providerKey") for node in nodes} == {"gdal"}
    drawn = [item.text for item in root.find("layer-tree-group/custom-order")]
    assert drawn[-2:] == [node.get("id") for node in nodes]
    assert drawn[-2:] == [node.findtext("id") for node in rasters_of(root)]


def test_a_raster_may_share_the_group_of_layers(layers, files, tmp_path):
    (path, _), *_ = files.items()
    package = sr.write_layers(tmp_path / "study.gpkg", layers)
    written = sr.write_qgis_project(
        tmp_path / "a.qgz", package, layers, title="T", rasters={path: surface(group="Networks")}
    )
    _, root = project_of(written)
    *_, last = root.findall("layer-tree-group/layer-tree-group")
    assert [node.get("name") for node in last.findall("layer-tree-layer")][-1] == "Minutes, 2010"
    assert [item.text for item in root.find("layer-tree-group/custom-order")][-1].startswith(
        "minutes_2010_"
    )


def test_paths_are_relative_and_what_it_is_is_told(project):
    _, root = project_of(project[0])
    first = rasters_of(root)[0]
    assert first.findtext("datasource") == "./rasters/minutes_2010.tif"
    assert first.findtext("provider") == "gdal"
    assert first.findtext("abstract") == "To stations open by 2010-12-31."
    assert first.findtext("resourceMetadata/title") == "Minutes, 2010"
    assert first.findtext("resourceMetadata/identifier") == "minutes_2010"
    assert first.findtext("srs/spatialrefsys/authid") == "EPSG:4326"


def test_the_renderer_is_that_of_the_style_file(project, files):
    _, root = project_of(project[0])
    for node, (path, layer) in zip(rasters_of(root), files.items(), strict=True):
        style = parse(write_raster_style(path, layer.raster, layer.style).read_text("utf-8"))
        words = [
            " ".join(tostring(found.find("pipe/rasterrenderer"), encoding="unicode").split())
            for found in (node, style)
        ]
        assert words[0] == words[1]


def test_the_package_holds_the_same_project(project):
    path, package = project
    ((_, _, content),) = stored(package)
    assert bytes.fromhex(content) == path.read_bytes()


def test_paths_lead_from_each_project_to_the_raster(layers, files, tmp_path):
    package = sr.write_layers(tmp_path / "data" / "study.gpkg", layers)
    path = sr.write_qgis_project(
        tmp_path / "maps" / "deep" / "m.qgz", package, layers, title="T", rasters=files
    )
    sources = [node.findtext("datasource") for node in rasters_of(project_of(path)[1])]
    assert sources[0] == "../../rasters/minutes_2010.tif"
    ((_, _, content),) = stored(package)
    (tmp_path / "out.qgz").write_bytes(bytes.fromhex(content))
    inside = [n.findtext("datasource") for n in rasters_of(project_of(tmp_path / "out.qgz")[1])]
    assert inside[0] == "../rasters/minutes_2010.tif"


def test_what_is_shown_holds_the_visible_rasters(tmp_path):
    wide = Raster(np.ones((2, 2)), (10, 0, 100, 0, -10, 40), 4326, name="x")
    path = io.write_raster(wide, tmp_path / "wide.tif")
    shown = RasterLayer(title="W", group="", raster=wide, style=Graduated("x"), visible=True)
    written = sr.write_qgis_project(tmp_path / "a.qgz", None, [], title="T", rasters={path: shown})
    box = project_of(written)[1].find("mapcanvas/extent")
    # 20 degrees from (100, 20), and 3 in a hundred of them around
    assert [float(side.text) for side in box] == pytest.approx([99.4, 19.4, 120.6, 40.6])


def test_two_files_of_one_name_are_two_layers(files, tmp_path):
    (path, layer), *_ = files.items()
    other = shutil.copy(path, tmp_path / path.name)
    written = sr.write_qgis_project(
        tmp_path / "a.qgz", None, [], title="T", rasters={path: layer, other: layer}
    )
    ids = {node.findtext("id") for node in rasters_of(project_of(written)[1])}
    assert len(ids) == 2


def test_messages(layers, files, tmp_path):
    package = sr.write_layers(tmp_path / "study.gpkg", layers)
    write = sr.write_qgis_project
    (path, layer), *_ = files.items()
    lost = {tmp_path / "lost.tif": layer, path: layer}
    with pytest.raises(InputError, match=r"1 of the 2 rasters are not there \(.*lost\.tif\)"):
        write(tmp_path / "a.qgz", package, layers, title="T", rasters=lost)
    with pytest.raises(InputError, match="leads to a Raster"):
        write(tmp_path / "a.qgz", package, layers, title="T", rasters={path: layer.raster})
    with pytest.raises(InputError, match="need the GeoPackage that holds them"):
        write(tmp_path / "a.qgz", None, layers, title="T", rasters=files)
    with pytest.raises(InputError, match="no layers"):
        write(tmp_path / "a.qgz", None, [], title="T")
    assert not (tmp_path / "a.qgz").exists()
