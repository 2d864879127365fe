"""Rasters to files and back: what a GeoTIFF holds, and what a part of one is."""

from __future__ import annotations

import subprocess
import sys

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from shapely import box

from spatialreg import io
from spatialreg._crs import CHINA_ALBERS
from spatialreg._raster import same_crs
from spatialreg.errors import CRSError, InputError
from spatialreg.raster import Raster

PLACE = {"transform": (10, 0, 500_000, 0, -10, 4_000_000), "crs": 32650}


@pytest.fixture
def minutes():
    values = np.random.default_rng(0).random((1300, 1100)).astype(np.float32) * 100
    values[0, 0], values[0, 1] = np.nan, np.inf
    return Raster(
        values, **PLACE, name="minutes", unit="min", description="To the station – 到车站"
    )


def test_there_and_back(minutes, tmp_path):
    path = io.write_raster(minutes, tmp_path / "new" / "minutes.tif")
    found = io.read_raster(path)
    np.testing.assert_array_equal(found.values, minutes.values)
    assert found.values.dtype == np.float32
    assert found.same_grid(minutes)
    assert (found.name, found.unit, found.description) == (
        minutes.name,
        minutes.unit,
        minutes.description,
    )


def test_it_is_cloud_optimised(minutes, tmp_path):
    path = io.write_raster(minutes, tmp_path / "minutes.tif")
    with rasterio.open(path) as dataset:
        structure = dataset.tags(ns="IMAGE_STRUCTURE")
        assert structure["LAYOUT"] == "COG"
        assert structure["COMPRESSION"] == "DEFLATE"
        assert dataset.overviews(1) == [2, 4]
        assert dataset.profile["tiled"]
        assert np.isnan(dataset.nodata)
        assert dataset.colorinterp == (rasterio.enums.ColorInterp.gray,)
    assert [file.name for file in tmp_path.iterdir()] == ["minutes.tif"]


def test_statistics_leave_out_what_is_missing_or_infinite(minutes, tmp_path):
    path = io.write_raster(minutes, tmp_path / "minutes.tif")
    finite = minutes.values[np.isfinite(minutes.values)].astype(float)
    with rasterio.open(path) as dataset:
        tags = {k: float(v) for k, v in dataset.tags(1).items() if k.startswith("STATISTICS")}
    assert tags == pytest.approx(
        {
            "STATISTICS_MINIMUM": finite.min(),
            "STATISTICS_MAXIMUM": finite.max(),
            "STATISTICS_MEAN": finite.mean(),
            "STATISTICS_STDDEV": finite.std(),
        }
    )


def test_overviews_of_classes_hold_classes(tmp_path):
    classes = np.where(np.random.default_rng(0).random((1100, 1100)) < 0.5, 1, 9).astype(np.uint8)
    raster = Raster(classes, **PLACE, nodata=0)
    path = io.write_raster(raster, tmp_path / "a.tif", colours={1: "#1a9850", 9: "#d73027"})
    with rasterio.open(path) as dataset:
        small = dataset.read(1, out_shape=(275, 275))
        colours = dataset.colormap(1)
        assert dataset.colorinterp == (rasterio.enums.ColorInterp.palette,)
        assert dataset.nodata == 0
    assert set(np.unique(small)) == {1, 9}
    assert colours[1] == (0x1A, 0x98, 0x50, 255)
    assert colours[0] == (0, 0, 0, 0)


def test_overviews_of_decimals_are_means(tmp_path):
    values = np.tile([[0.0, 1.0], [2.0, 5.0]], (600, 600))
    path = io.write_raster(Raster(values, **PLACE), tmp_path / "a.tif")
    with rasterio.open(path, overview_level=0) as dataset:
        assert np.unique(dataset.read(1)).tolist() == [2]
    none = io.write_raster(Raster(values, **PLACE), tmp_path / "b.tif", overviews="none")
    with rasterio.open(none) as dataset:
        assert dataset.overviews(1) == []


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int32, np.int64, np.float32, np.float64])
@pytest.mark.parametrize("compress", ["deflate", "none"])
def test_every_kind_of_number(kind, compress, tmp_path):
    values = np.array([[1, 2], [3, 4]], dtype=kind)
    path = io.write_raster(Raster(values, **PLACE), tmp_path / "a.tif", compress=compress)
    found = io.read_raster(path)
    assert found.values.dtype == kind
    np.testing.assert_array_equal(found.values, values)


def test_the_projection_of_china_survives(tmp_path):
    raster = Raster(np.ones((2, 2)), (1000, 0, 0, 0, -1000, 0), CHINA_ALBERS)
    found = io.read_raster(io.write_raster(raster, tmp_path / "a.tif"))
    assert same_crs(found.crs, CHINA_ALBERS)


def test_a_part(tmp_path):
    raster = Raster(np.arange(12.0).reshape(3, 4), (1, 0, 0, 0, -1, 3), 32650)
    path = io.write_raster(raster, tmp_path / "a.tif")
    part = io.read_raster(path, bounds=(1.5, 0.5, 3, 1.5))
    assert part.values.tolist() == [[5, 6], [9, 10]]
    assert part.bounds == (1, 0, 3, 2)
    regions = gpd.GeoDataFrame(geometry=[box(1.5, 0.5, 3, 1.5)], crs=32650)
    assert io.read_raster(path, regions=regions).values.tolist() == part.values.tolist()
    # what reaches beyond is cut off
    assert io.read_raster(path, bounds=(-5, -5, 1, 1)).values.tolist() == [[8]]
    with pytest.raises(InputError, match="nothing of"):
        io.read_raster(path, bounds=(10, 10, 11, 11))
    with pytest.raises(InputError, match="must be"):
        io.read_raster(path, bounds=(3, 3, 0, 0))
    with pytest.raises(CRSError, match="bring the regions there"):
        io.read_raster(path, regions=regions.to_crs(4326))
    with pytest.raises(InputError, match="give one of them"):
        io.read_raster(path, regions=regions, bounds=(0, 0, 1, 1))


def plain_file(path, values, **profile):
    """Write a file as other programs may."""
    with rasterio.open(
        path, "w", driver="GTiff", height=values.shape[-2], width=values.shape[-1],
        count=values.shape[0] if values.ndim == 3 else 1, dtype=values.dtype,
        **{"crs": "EPSG:32650", "transform": rasterio.Affine(*PLACE["transform"]), **profile},
    ) as dataset:  # fmt: skip
        dataset.write(values if values.ndim == 3 else values[None])
        yield dataset


def test_scaled_values(tmp_path):
    values = np.array([[10, 20, -1]], dtype=np.int16)
    for dataset in plain_file(tmp_path / "a.tif", values, nodata=-1):
        dataset.scales, dataset.offsets = (0.1,), (5.0,)
    found = io.read_raster(tmp_path / "a.tif")
    np.testing.assert_allclose(found.values, [[6, 7, np.nan]], rtol=1e-6)


def test_a_mask_in_the_place_of_nodata(tmp_path):
    for dataset in plain_file(tmp_path / "a.tif", np.array([[10, 20]], dtype=np.uint8)):
        dataset.write_mask(np.array([[255, 0]], dtype=np.uint8))
    found = io.read_raster(tmp_path / "a.tif")
    np.testing.assert_array_equal(found.values, [[10, np.nan]])


def test_bands(tmp_path):
    list(plain_file(tmp_path / "a.tif", np.array([[[1.0]], [[2.0]]])))
    assert io.read_raster(tmp_path / "a.tif", band=2).values.item() == 2
    for wrong in (0, 3):
        with pytest.raises(InputError, match="has bands 1 to 2"):
            io.read_raster(tmp_path / "a.tif", band=wrong)
    with io.open_raster(tmp_path / "a.tif") as dataset:
        assert io.read_raster(dataset, band=1).values.item() == 1
    assert dataset.closed


def test_a_crs_that_is_declared(tmp_path):
    list(plain_file(tmp_path / "a.tif", np.ones((2, 2)), crs=None))
    with pytest.raises(CRSError, match="declare it with crs="):
        io.read_raster(tmp_path / "a.tif")
    assert io.read_raster(tmp_path / "a.tif", crs=32650).crs.to_epsg() == 32650
    list(plain_file(tmp_path / "b.tif", np.ones((2, 2))))
    assert io.read_raster(tmp_path / "b.tif", crs="EPSG:32650").crs.to_epsg() == 32650
    with pytest.raises(CRSError, match="leave crs= out"):
        io.read_raster(tmp_path / "b.tif", crs=4326)


def test_files_that_are_refused(tmp_path, minutes):
    with pytest.raises(InputError, match="cannot be opened as a raster"):
        io.read_raster(tmp_path / "missing.tif")
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(InputError, match="cannot be opened as a raster"):
        io.read_raster(tmp_path / "text.tif")
    south_up = rasterio.Affine(10, 0, 0, 0, 10, 0)
    list(plain_file(tmp_path / "a.tif", np.ones((2, 2)), transform=south_up))
    with pytest.raises(InputError, match="north up"):
        io.read_raster(tmp_path / "a.tif")
    with pytest.raises(InputError, match="suffix of a raster"):
        io.write_raster(minutes, tmp_path / "a.png")
    with pytest.raises(InputError, match="overviews must be one of"):
        io.write_raster(minutes, tmp_path / "b.tif", overviews="some")
    with pytest.raises(InputError, match="compress must be one of"):
        io.write_raster(minutes, tmp_path / "b.tif", compress="zip")


def test_colours_that_are_refused(tmp_path, minutes):
    with pytest.raises(InputError, match="classes of one byte"):
        io.write_raster(minutes, tmp_path / "a.tif", colours={1: "#ffffff"})
    classes = Raster(np.ones((2, 2), dtype=np.uint8), **PLACE)
    for colours in ({1: "red"}, {300: "#ffffff"}, {1: "#fff"}):
        with pytest.raises(InputError, match="hex text"):
            io.write_raster(classes, tmp_path / "a.tif", colours=colours)
    assert not list(tmp_path.iterdir())


def test_an_interrupted_run_leaves_the_old_file(tmp_path, minutes, monkeypatch):
    path = io.write_raster(minutes, tmp_path / "a.tif")
    before = path.read_bytes()

    def fail(*_, **__):
        raise OSError("no space")

    monkeypatch.setattr("rasterio.shutil.copy", fail)
    with pytest.raises(OSError, match="no space"):
        io.write_raster(minutes, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.tif"]


def test_reading_tables_loads_no_rasterio():
    code = "import sys, spatialreg.io; print('rasterio' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
