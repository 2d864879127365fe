"""Grids, and regions as cells and back."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine
from shapely import Point, box

from spatialreg._crs import CHINA_ALBERS
from spatialreg.errors import (
    AlignmentError,
    CRSError,
    GeometryError,
    InputError,
    MissingDataWarning,
)
from spatialreg.raster import (
    Raster,
    grid,
    rasterize_column,
    rasterize_regions,
    resample,
    sample,
    to_regions,
    zonal_stats,
)


@pytest.fixture
def regions():
    """Give two rectangles that share a cell of the third column by halves, and a small one."""
    return gpd.GeoDataFrame(
        {"people": [100.0, 50.0, 8.0], "rate": [0.1, np.nan, 0.3]},
        geometry=[box(0, 1, 2.5, 3), box(2.5, 1, 5, 3), box(0, 0, 5, 1)],
        index=["b", "a", "c"],
        crs=32650,
    )


def test_a_grid_covers_and_lies_on_multiples():
    frame = gpd.GeoDataFrame(geometry=[box(499_300, -200, 501_000, 900)], crs=32650)
    made = grid(frame, (500, 300), crs=32650)
    assert made.bounds == (499_000, -300, 501_000, 900)
    assert made.shape == (4, 4)
    assert made.missing().all()
    assert not made.values.strides[0]  # it takes no memory


def test_a_grid_is_equal_area_by_default():
    china = gpd.GeoDataFrame(geometry=[box(75, 20, 130, 50)], crs=4326)
    assert grid(china, 5000).crs == CHINA_ALBERS


def test_grids_that_are_refused():
    frame = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)])
    with pytest.raises(CRSError, match="no CRS"):
        grid(frame, 1)
    frame = frame.set_crs(4326)
    for wrong in (0, -5, np.nan):
        with pytest.raises(InputError, match="resolution must be positive"):
            grid(frame, wrong)
    with pytest.raises(InputError, match="in units of the CRS"):
        grid(frame, 0.001)
    with pytest.raises(GeometryError, match="no extent"):
        grid(frame.iloc[:0], 1, crs=4326)


def test_cells_have_the_region_of_their_centre(regions):
    # the centres of the third column lie on the border: either side is right, and it has one
    found = rasterize_regions(regions, resolution=1)
    assert found.values[:2, [0, 1, 3, 4]].tolist() == [[0, 0, 1, 1]] * 2
    assert found.values[2].tolist() == [2] * 5
    assert set(found.values[:2, 2].tolist()) <= {0, 1}


def test_values_go_with_them(regions):
    found = rasterize_column(regions, "rate", resolution=1)
    assert found.values[0, :2].tolist() == [0.1, 0.1]
    assert np.isnan(found.values[0, 3:]).all()
    assert found.values[2].tolist() == [0.3] * 5
    wider = Raster(np.zeros((5, 7)), (1, 0, -1, 0, -1, 4), 32650)
    around = rasterize_column(regions, "rate", like=wider)
    assert np.isnan(around.values[[0, 4]]).all()
    assert around.values[3, 1:6].tolist() == [0.3] * 5


def test_overlaps_do_not_hang_on_the_order_of_rows():
    twice = gpd.GeoDataFrame(
        geometry=[box(0, 0, 2, 1), box(1, 0, 3, 1)], index=["p", "q"], crs=3857
    )
    assert rasterize_regions(twice, resolution=1).values.tolist() == [[0, 1, 1]]
    assert rasterize_regions(twice.iloc[::-1], resolution=1).values.tolist() == [[1, 0, 0]]


def test_regions_too_small_for_a_cell_are_named(regions):
    small = pd.concat(
        [regions, gpd.GeoDataFrame(geometry=[box(0, 0, 0.1, 0.1)], index=["s"], crs=32650)]
    )
    with pytest.warns(MissingDataWarning, match=r"1 of 4 regions hold no centre of a cell \(s\)"):
        rasterize_regions(small, resolution=1)


def test_totals_come_back(regions):
    found = rasterize_column(regions, "people", resolution=1, conserve=True)
    sums = zonal_stats(found, regions, "sum")["sum"]
    np.testing.assert_allclose(sums, regions["people"], rtol=1e-10)
    # c is five whole cells, and by itself
    np.testing.assert_allclose(found.values[2], 8 / 5, rtol=1e-10)
    assert found.values.sum() == pytest.approx(158)


def test_totals_by_weights(regions):
    rng = np.random.default_rng(0)
    weights = Raster(rng.random((12, 20)), (0.25, 0, 0, 0, -0.25, 3), 32650)
    found = rasterize_column(regions, "people", conserve=True, weights=weights)
    sums = zonal_stats(found, regions, "sum")["sum"]
    np.testing.assert_allclose(sums, regions["people"], rtol=1e-10)
    # within a region the weights times one factor; the border lies on lines of this grid
    ratio = found.values / weights.values
    np.testing.assert_allclose(ratio[:8, :10], ratio[0, 0], rtol=1e-8)


def test_a_total_of_zero_and_a_missing_one(regions):
    regions = regions.assign(people=[100.0, 0.0, np.nan])
    found = rasterize_column(regions, "people", resolution=1, conserve=True)
    assert found.values[:2, 2:].tolist() == [[0, 0, 0]] * 2  # the shared cells are emptied
    np.testing.assert_allclose(found.values[:2, :2], 25, rtol=1e-10)
    assert np.isnan(found.values[2]).all()
    sums = zonal_stats(found, regions, "sum")["sum"]
    assert sums.tolist()[:2] == pytest.approx([100, 0])


def test_totals_that_cannot_be_spread(regions):
    weights = Raster(np.zeros((3, 5)), (1, 0, 0, 0, -1, 3), 32650)
    with pytest.raises(InputError, match=r"3 regions have a total and no weights .*\(b, a, c\)"):
        rasterize_column(regions, "people", conserve=True, weights=weights)
    with pytest.raises(InputError, match="weights must not be negative"):
        rasterize_column(
            regions, "people", conserve=True, weights=weights.with_values(weights.values - 1)
        )
    with pytest.raises(InputError, match="1 totals are negative, at b"):
        rasterize_column(regions.assign(people=[-1.0, 1, 1]), "people", resolution=1, conserve=True)
    with pytest.raises(InputError, match="say conserve=True"):
        rasterize_column(regions, "people", weights=weights)
    with pytest.raises(InputError, match="bring their own grid"):
        rasterize_column(regions, "people", conserve=True, weights=weights, resolution=1)
    with pytest.raises(InputError, match="cells are too large"):
        rasterize_column(regions, "people", resolution=10, conserve=True)


def test_the_grid_is_given_once(regions):
    like = Raster(np.zeros((3, 5)), (1, 0, 0, 0, -1, 3), 32650)
    with pytest.raises(InputError, match="give the grid"):
        rasterize_regions(regions)
    with pytest.raises(InputError, match="give the grid"):
        rasterize_regions(regions, like=like, resolution=1)
    with pytest.raises(CRSError, match="regions are in EPSG:32651"):
        rasterize_regions(regions.to_crs(32651), like=like)
    with pytest.raises(InputError, match="no column 'name'"):
        rasterize_column(regions, "name", like=like)


def test_there_and_back(regions):
    whole = regions.assign(geometry=[box(0, 1, 2, 3), box(2, 1, 5, 3), box(0, 0, 5, 1)])
    cells = rasterize_regions(whole, resolution=0.5)
    back = to_regions(cells, labels=whole.index)
    assert back.index.tolist() == ["b", "a", "c"]
    assert back.geometry.geom_equals(whole.geometry).all()


def test_one_row_a_value_of_several_parts():
    zones = Raster(np.array([[4, 7, 4], [7, 7, 255]], dtype=np.uint8), (1, 0, 0, 0, -1, 2), 32650,
                   nodata=255)  # fmt: skip
    found = to_regions(zones)
    assert found.index.tolist() == [4, 7]
    assert found.area.tolist() == [2, 3]
    assert found.geom_type.tolist() == ["MultiPolygon", "Polygon"]


def test_polygons_that_are_refused():
    halves = Raster(np.array([[0.5, 1.0]]), (1, 0, 0, 0, -1, 1), 32650)
    with pytest.raises(InputError, match="must be whole numbers"):
        to_regions(halves)
    places = Raster(np.array([[0, 3]]), (1, 0, 0, 0, -1, 1), 32650)
    with pytest.raises(AlignmentError, match="2 labels have no positions 3"):
        to_regions(places, labels=pd.Index(["a", "b"]))


def test_values_under_points(nine):
    points = gpd.GeoSeries(
        [Point(0.5, 2.5), Point(1, 2), Point(3, 0), Point(3.1, 0)], index=list("abcd"), crs=32650
    )
    found = sample(nine.with_values(nine.values, name="height"), points)
    # a point on a line belongs to the cell right below it, one on the last edge to the last cell
    assert found.tolist()[:3] == [1, 5, 9]
    assert np.isnan(found["d"])
    assert found.name == "height"
    with pytest.raises(CRSError, match="points are in"):
        sample(nine, points.to_crs(4326))
    with pytest.raises(GeometryError, match="1 rows are no points"):
        sample(nine, gpd.GeoSeries([box(0, 0, 1, 1)], crs=32650))


def test_resampling_classes_and_totals():
    classes = Raster(
        np.array([[1, 1], [1, 2]], dtype=np.uint8), (1, 0, 0, 0, -1, 2), 32650, nodata=0
    )
    like = Raster(np.zeros((1, 2)), (2, 0, 0, 0, -2, 2), 32650)
    found = resample(classes, like, "mode")
    assert found.values.tolist() == [[1, 0]]
    assert found.values.dtype == np.uint8
    total = resample(classes, like, "sum")
    assert total.values[0, 0] == 5
    assert np.isnan(total.values[0, 1])
    with pytest.raises(InputError, match="method must be one of"):
        resample(classes, like, "guess")


def test_resampling_to_another_crs():
    # a plane in degrees, seen in UTM: each cell has the value at its place
    x = np.arange(115.05, 119, 0.1)
    y = np.arange(37.95, 34, -0.1)
    plane = Raster(x + 10 * y[:, None], (0.1, 0, 115, 0, -0.1, 38), 4326)
    like = Raster(np.zeros((3, 3)), (1000, 0, 499_500, 0, -1000, 4_000_500), 32650)
    found = resample(plane, like, "bilinear")
    centre = gpd.GeoSeries([Point(500_000 + 1000, 4_000_000 - 1000)], crs=32650).to_crs(4326)
    assert found.values[1, 1] == pytest.approx(centre.x[0] + 10 * centre.y[0], abs=1e-3)


@pytest.mark.parametrize(
    ("scale", "kind", "nodata"),
    [(1.0, "int16", -1), (0.5, "int16", -1), (1.0, "uint8", 255), (1.0, "int32", -1)],
)
@pytest.mark.parametrize("method", ["mode", "nearest", "bilinear", "average", "sum", "max"])
def test_resampling_a_file_as_it_is_in_memory(tmp_path, method, scale, kind, nodata):
    values = np.random.default_rng(5).integers(0, 4, (40, 50)).astype(kind)
    values[5:15, 7:20] = nodata
    place = {"transform": Affine(0.01, 0, 116.8, 0, -0.01, 36.3), "crs": "EPSG:4326"}
    with rasterio.open(
        tmp_path / "file.tif", "w", height=40, width=50, count=1, dtype=kind, nodata=nodata, **place
    ) as file:
        file.write(values, 1)
        file.scales = [scale]
    like = Raster(np.zeros((9, 11)), (4000, 0, 485_000, 0, -3000, 4_015_000), 32650)
    known = np.where(values == nodata, np.nan, values * scale).astype(np.float32)
    expected = resample(Raster(known, **place), like, method).values
    assert np.isnan(expected).any() and np.isfinite(expected).sum() > 50
    with rasterio.open(tmp_path / "file.tif") as file:
        found = resample(file, like, method).values
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_what_is_measured_is_averaged_on_larger_cells_and_interpolated_on_smaller():
    heights = Raster(np.arange(16.0).reshape(4, 4), (0.01, 0, 117, 0, -0.01, 36), 4326)
    # cells of 2 km, and of 500 m, where those in degrees are about 0.9 by 1.1 km
    for side, method in ((2000, "average"), (500, "bilinear")):
        like = Raster(np.zeros((3, 3)), (side, 0, 500_000, 0, -side, 3_984_000), 32650)
        np.testing.assert_array_equal(
            resample(heights, like, "continuous").values, resample(heights, like, method).values
        )
