"""The QGIS project as a file: its tree, its paths, its projection; the same bytes again."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing

import geopandas as gpd
import pytest
from pyproj import CRS
from shapely import Point

import spatialreg as sr
from spatialreg.errors import CRSError, InputError
from spatialreg.layers import Layer, Simple

from .small_study import parse

# the projection of Chinese atlases, by its parameters alone
ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +units=m +no_defs"


def project_of(path):
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        return name, parse(archive.read(name).decode())


def stored(package):
    with closing(sqlite3.connect(package)) as connection:
        return connection.execute("SELECT name, metadata, content FROM qgis_projects").fetchall()


@pytest.fixture
def study(layers, tmp_path):
    package = sr.write_layers(tmp_path / "study.gpkg", layers)
    return package, sr.write_qgis_project(
        tmp_path / "study.qgz", package, layers, title="区域差距", crs=ALBERS
    )


def test_the_archive_holds_the_project(study):
    name, root = project_of(study[1])
    assert name == "study.qgs"
    assert root.tag == "qgis"
    assert root.findtext("title") == "区域差距"


def test_groups_and_layers_stand_in_their_order(study):
    _, root = project_of(study[1])
    tree = root.find("layer-tree-group")
    found = {
        group.get("name"): [layer.get("name") for layer in group.findall("layer-tree-layer")]
        for group in tree.findall("layer-tree-group")
    }
    assert list(found.items()) == [
        ("LISA clusters", ["局部聚类 2019"]),
        ("Disparity", ["Income 2019 [yuan]", "People [persons]"]),
        ("Networks", ["高速铁路 (schematic)", "Stations"]),
    ]


def test_visible_layers_are_checked(study, layers):
    _, root = project_of(study[1])
    checked = [node.get("checked") for node in root.iter("layer-tree-layer")]
    assert checked == ["Qt::Checked" if layer.visible else "Qt::Unchecked" for layer in layers]


def test_points_are_drawn_above_lines_above_polygons(study):
    _, root = project_of(study[1])
    order = root.find("layer-tree-group/custom-order")
    assert order.get("enabled") == "1"
    names = [item.text.rsplit("_", 1)[0] for item in order]
    assert names == ["stations", "lines", "lisa_2019", "income", "people"]


def test_the_tree_orders_drawing_where_it_can(layers, tmp_path):
    upright = [layers[4], layers[3], layers[0]]
    package = sr.write_layers(tmp_path / "study.gpkg", upright)
    path = sr.write_qgis_project(tmp_path / "study.qgz", package, upright, title="T")
    order = project_of(path)[1].find("layer-tree-group/custom-order")
    assert order.get("enabled") == "0"


def test_ids_are_long_and_each_layer_is_in_the_tree(study):
    # QGIS 3.22 loses layers from the tree whose id has 10 characters or fewer
    _, root = project_of(study[1])
    ids = [node.findtext("id") for node in root.iter("maplayer")]
    assert ids == [node.get("id") for node in root.iter("layer-tree-layer")]
    assert len(set(ids)) == len(ids)
    assert min(map(len, ids)) > 10


def test_paths_are_relative(study):
    package, path = study
    _, root = project_of(path)
    sources = [node.text for node in root.iter("datasource")]
    assert sources[0] == "./study.gpkg|layername=lisa_2019"
    assert all(source.startswith("./study.gpkg|") for source in sources)
    assert root.findtext("properties/Paths/Absolute") == "false"
    with zipfile.ZipFile(path) as archive:
        assert str(package.parent) not in archive.read("study.qgs").decode()


def test_paths_lead_from_the_project_to_the_data(layers, tmp_path):
    package = sr.write_layers(tmp_path / "data" / "study.gpkg", layers)
    path = sr.write_qgis_project(tmp_path / "maps" / "m.qgz", package, layers, title="T")
    sources = [node.text for node in project_of(path)[1].iter("datasource")]
    assert sources[0] == "../data/study.gpkg|layername=lisa_2019"


def test_the_projection_is_switched_on_and_written_out(study):
    _, root = project_of(study[1])
    assert root.findtext("properties/SpatialRefSys/ProjectionsEnabled") == "1"
    reference = root.find("projectCrs/spatialrefsys")
    assert CRS.from_wkt(reference.findtext("wkt")).equals(CRS(ALBERS), ignore_axis_order=True)
    assert "unknown" not in reference.findtext("description")


def test_known_projections_bear_their_number(layers, tmp_path):
    package = sr.write_layers(tmp_path / "study.gpkg", layers)
    path = sr.write_qgis_project(tmp_path / "s.qgz", package, layers, title="T", crs=3857)
    assert project_of(path)[1].findtext("projectCrs/spatialrefsys/authid") == "EPSG:3857"


def test_the_extent_holds_the_visible_layers(layers, tmp_path):
    package = sr.write_layers(tmp_path / "study.gpkg", layers)
    path = sr.write_qgis_project(tmp_path / "s.qgz", package, layers, title="T")
    view = project_of(path)[1].find("ProjectViewSettings/DefaultViewExtent")
    # squares from 110 to 113 east and 30 to 33 north, with 3 % of 3 degrees on each side
    found = [float(view.get(side)) for side in ("xmin", "ymin", "xmax", "ymax")]
    assert found == pytest.approx([109.91, 29.91, 113.09, 33.09])


def test_the_extent_fits_what_is_drawn_in_the_projection(layers, tmp_path):
    # two points on one parallel, north of which a box in degrees would bulge
    ends = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[Point(75, 45), Point(135, 45)], crs=4326)
    layers = [Layer(name="ends", title="E", group="", frame=ends, style=Simple("#222222"))]
    package = sr.write_layers(tmp_path / "s.gpkg", layers)
    path = sr.write_qgis_project(tmp_path / "s.qgz", package, layers, title="T", crs=ALBERS)
    view = project_of(path)[1].find("ProjectViewSettings/DefaultViewExtent")
    low, high = ends.to_crs(ALBERS).total_bounds[[0, 2]]
    # symmetric about 105 east, with 3 % of the width on each side
    assert float(view.get("xmin")) == pytest.approx(low - 0.03 * (high - low))
    assert float(view.get("xmin")) == pytest.approx(-float(view.get("xmax")))
    middle = (float(view.get("ymin")) + float(view.get("ymax"))) / 2
    assert middle == pytest.approx(ends.to_crs(ALBERS).total_bounds[1])


def test_an_extent_is_taken_as_given(layers, tmp_path):
    package = sr.write_layers(tmp_path / "study.gpkg", layers)
    path = sr.write_qgis_project(
        tmp_path / "s.qgz", package, layers, title="T", extent=(1, 2, 3, 4)
    )
    canvas = project_of(path)[1].find("mapcanvas/extent")
    assert [float(side.text) for side in canvas] == [1, 2, 3, 4]


def test_one_point_has_an_extent(tmp_path):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(100, 30)], crs=4326)
    layers = [Layer(name="p", title="P", group="", frame=frame, style=Simple("#222222"))]
    package = sr.write_layers(tmp_path / "s.gpkg", layers)
    path = sr.write_qgis_project(tmp_path / "s.qgz", package, layers, title="T")
    view = project_of(path)[1].find("ProjectViewSettings/DefaultViewExtent")
    assert float(view.get("xmin")) < 100 < float(view.get("xmax"))


def test_the_same_project_is_stored_in_the_package(study):
    package, path = study
    ((name, metadata, content),) = stored(package)
    assert name == "区域差距"
    assert json.loads(metadata)["last_modified_user"] == "spatialreg"
    assert bytes.fromhex(content) == path.read_bytes()


def test_a_second_project_replaces_the_one_of_its_title(study, layers, tmp_path):
    package, _ = study
    sr.write_qgis_project(tmp_path / "b.qgz", package, layers[:1], title="区域差距")
    sr.write_qgis_project(tmp_path / "c.qgz", package, layers[:1], title="other")
    assert sorted(name for name, _, _ in stored(package)) == ["other", "区域差距"]


def test_write_layers_stores_a_project_on_request(layers, tmp_path):
    package = sr.write_layers(tmp_path / "study.gpkg", layers, project="Inside")
    ((name, _, content),) = stored(package)
    (tmp_path / "out.qgz").write_bytes(bytes.fromhex(content))
    _, root = project_of(tmp_path / "out.qgz")
    assert name == "Inside"
    assert next(root.iter("datasource")).text.startswith("./study.gpkg|")


def test_the_same_study_gives_the_same_bytes(layers, tmp_path):
    made = []
    for folder in ("one", "two"):
        package = sr.write_layers(tmp_path / folder / "s.gpkg", layers)
        path = sr.write_qgis_project(tmp_path / folder / "s.qgz", package, layers, title="T")
        made.append((package.read_bytes(), path.read_bytes()))
    assert made[0] == made[1]


def test_an_interrupted_write_leaves_the_old_project(study, layers, monkeypatch):
    package, path = study
    old = path.read_bytes()

    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("spatialreg.layers._atomic.os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        sr.write_qgis_project(path, package, layers[:1], title="New")
    assert path.read_bytes() == old
    assert sorted(file.name for file in path.parent.iterdir()) == ["study.gpkg", "study.qgz"]
    assert [name for name, _, _ in stored(package)] == ["区域差距"]


def test_text_that_xml_cannot_hold_does_not_break_the_project(regions, tmp_path):
    layer = Layer(
        name="x", title="A\x00 <b>&\"'\x1b", group="G\x07", frame=regions,
        style=Simple("#222222"), aliases={"name": "N\x01\n"}, abstract="a\x0bb ]]> <!--",
    )  # fmt: skip
    package = sr.write_layers(tmp_path / "s.gpkg", [layer])
    _, root = project_of(sr.write_qgis_project(tmp_path / "s.qgz", package, [layer], title="T\x02"))
    assert root.find(".//layer-tree-layer").get("name") == "A <b>&\"'"
    assert root.findtext(".//maplayer/abstract") == "ab ]]> <!--"


def test_messages(study, layers, tmp_path):
    package, path = study
    write = sr.write_qgis_project
    with pytest.raises(InputError, match=r"ends in \.qgz"):
        write(tmp_path / "x.qgs", package, layers, title="T")
    with pytest.raises(InputError, match="no layers"):
        write(path, package, [], title="T")
    with pytest.raises(InputError, match="write it first with write_layers"):
        write(path, tmp_path / "none.gpkg", layers, title="T")
    with pytest.raises(CRSError, match="'EPSG:0'"):
        write(path, package, layers, title="T", crs="EPSG:0")
    lacking = Layer(
        name="other", title="O", group="", frame=layers[0].frame, style=Simple("#222222")
    )
    with pytest.raises(InputError, match=r"lacks 1 of the 6 layers \(other\)"):
        write(path, package, [*layers, lacking], title="T")


def test_special_characters_in_paths(layers, tmp_path):
    folder = tmp_path / "研究 #1 50%?"
    package = sr.write_layers(folder / "a b.gpkg", layers)
    path = sr.write_qgis_project(folder / "a b.qgz", package, layers, title="T")
    moved = shutil.copytree(folder, tmp_path / "moved")
    assert next(project_of(moved / path.name)[1].iter("datasource")).text == (
        "./a b.gpkg|layername=lisa_2019"
    )
