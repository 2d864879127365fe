"""Zonal statistics on nine cells, with the share of each cell written out."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT
from shapely import Point, box

from spatialreg import io
from spatialreg.errors import AlignmentError, CRSError, GeometryError, InputError
from spatialreg.raster import Raster, population_within, zonal_stats


@pytest.fixture
def regions():
    squares = [box(0.5, 0.5, 2.5, 2.5), box(0, 2, 2, 3), box(9, 9, 10, 10)]
    return gpd.GeoDataFrame(geometry=squares, index=["middle", "first", "away"], crs=32650)


def test_shares_of_cells(nine, regions):
    # corners 1, 3, 7, 9 by a quarter, sides 2, 4, 6, 8 by a half, the centre 5 whole:
    # 20 / 4 + 20 / 2 + 5 = 20 on 4 / 4 + 4 / 2 + 1 = 4 cells
    stats = zonal_stats(nine, regions, ["sum", "count", "mean", "min", "max"])
    assert stats.loc["middle"].tolist() == [20, 4, 5, 1, 9]
    # cells 1 and 2, whole
    assert stats.loc["first"].tolist() == [3, 2, 1.5, 1, 2]


def test_spread_of_values(nine, regions):
    stats = zonal_stats(nine, regions, ["variance", "stdev", "variety", "majority"])
    # squares about 5: (16 + 4 + 4 + 16) / 4 + (9 + 1 + 1 + 9) / 2 = 20, over 4 cells
    assert stats.loc["middle"].tolist() == [5, np.sqrt(5), 9, 5]
    assert stats.loc["first", "variance"] == 0.25


def test_quantiles(nine):
    row = gpd.GeoDataFrame(geometry=[box(0, 0, 3, 3)], crs=32650)
    stats = zonal_stats(nine, row, ["median", "quantile(0.5)", "quantile(0.25)"])
    assert stats.iloc[0].tolist() == [5, 5, 3]


def test_regions_without_data(nine, regions):
    stats = zonal_stats(nine, regions, ["sum", "mean", "variety", "count", "coverage"])
    assert np.isnan(stats.loc["away", ["sum", "mean", "variety"]]).all()
    assert stats.loc["away", ["count", "coverage"]].tolist() == [0, 0]


def test_coverage_is_the_share_with_data(nine):
    values = nine.values.copy()
    values[0, 0] = np.nan
    half = gpd.GeoDataFrame(geometry=[box(-1, 2, 1, 3), box(0, 0, 3, 3)], crs=32650)
    found = zonal_stats(nine.with_values(values), half, "coverage")["coverage"]
    # the first lies half outside, and its other half has no value; the second has 8 of 9 cells
    assert found.tolist() == [0, 8 / 9]


def test_weights(nine, regions):
    weights = np.zeros((3, 3))
    weights[1, 1], weights[0, 0], weights[2, 2] = 3, 4, np.nan
    stats = zonal_stats(
        nine, regions, ["weighted_sum", "weighted_mean", "mean"], weights=nine.with_values(weights)
    )
    # 5 x 3 + 1 x 4 / 4 = 16 over 3 + 1; the cell without a weight takes no part
    assert stats.loc["middle"].tolist() == [16, 4, 5]
    assert stats.loc["first", "weighted_mean"] == 1
    assert np.isnan(stats.loc["away"]).all()


def test_equal_weights_change_nothing(nine, regions):
    ones = nine.with_values(np.ones((3, 3)))
    plain = zonal_stats(nine, regions, ["sum", "mean"])
    weighted = zonal_stats(nine, regions, ["weighted_sum", "weighted_mean"], weights=ones)
    np.testing.assert_array_equal(plain.to_numpy(), weighted.to_numpy())


def test_areas_as_weights_in_degrees():
    # two cells from the equator to 60 degrees: on a sphere their areas are as sin 30 - sin 0 to
    # sin 60 - sin 30, that is .5 to .366; the ellipsoid differs by a third of a per cent
    raster = Raster(np.array([[1.0], [0.0]]), (30, 0, 0, 0, -30, 60), 4326)
    region = gpd.GeoDataFrame(geometry=[box(0, 0, 30, 60)], crs=4326)
    stats = zonal_stats(raster, region, ["mean", "weighted_mean", "weighted_sum"], weights="area")
    share = (np.sin(np.pi / 3) - 0.5) / np.sin(np.pi / 3)
    assert stats["mean"].item() == 0.5
    assert stats["weighted_mean"].item() == pytest.approx(share, rel=4e-3)
    # a twelfth of the Earth's girdle north of 30 degrees, its surface being 510.07 million km2
    assert stats["weighted_sum"].item() == pytest.approx(
        510.0656e12 / 2 / 12 * (np.sin(np.pi / 3) - 0.5), rel=5e-3
    )


def test_whole_numbers_leave_nodata_out(regions):
    classes = np.array([[1, 1, 0], [2, 2, 2], [0, 0, 0]], dtype=np.uint8)
    raster = Raster(classes, (1, 0, 0, 0, -1, 3), 32650, nodata=0)
    stats = zonal_stats(raster, regions, ["count", "majority", "minority"])
    # 1 by 1/4 + 1/2, 2 by 1/2 + 1 + 1/2
    assert stats.loc["middle"].tolist() == [2.75, 2, 1]


def test_rows_keep_their_labels(nine, regions):
    stats = zonal_stats(nine, regions, ["sum"])
    shuffled = zonal_stats(nine, regions.iloc[[2, 0, 1]], ["sum"])
    assert shuffled.index.tolist() == ["away", "middle", "first"]
    assert shuffled.loc[stats.index].equals(stats)
    numbered = regions.set_axis([7, 3, 5])
    assert zonal_stats(nine, numbered, "sum").index.tolist() == [7, 3, 5]


def test_an_open_dataset_is_read_by_windows(nine, regions):
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", height=3, width=3, count=2, dtype="float64", crs="EPSG:32650",
            transform=nine.transform, nodata=-1,
        ) as dataset:  # fmt: skip
            dataset.write(np.where(nine.values == 5, -1, nine.values), 1)
            dataset.write(nine.values, 2)
        with memory.open() as dataset:
            stats = zonal_stats(rasterio.band(dataset, 1), regions, ["sum", "count"])
            with pytest.raises(InputError, match="has 2 bands"):
                zonal_stats(dataset, regions, "sum")
    # as above, without the cell in the middle
    assert stats.loc["middle"].tolist() == [15, 3]


def test_a_dataset_warped_on_the_fly(regions, tmp_path):
    degrees = Raster(np.full((40, 40), 7.0), (0.1, 0, 115, 0, -0.1, 38), 4326)
    east = regions.assign(geometry=regions.translate(500_000, 4_000_000)).iloc[:1]
    path = io.write_raster(degrees, tmp_path / "a.tif")
    with io.open_raster(path) as dataset, WarpedVRT(dataset, crs="EPSG:32650") as warped:
        stats = zonal_stats(warped, east, ["mean", "coverage"])
    assert stats.loc["middle"].tolist() == pytest.approx([7, 1])


def test_inputs_stay_as_they_are(nine, regions):
    before, values = regions.copy(), nine.values.copy()
    zonal_stats(nine, regions, ["sum", "weighted_mean"], weights="area")
    population_within(nine, nine, 5, regions=regions)
    assert regions.equals(before)
    assert regions.crs == before.crs
    assert (nine.values == values).all()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"stats": "typical"}, InputError, "'typical': choose from count, sum"),
        ({"stats": []}, InputError, "are none: choose from"),
        ({"stats": "quantile(2)"}, InputError, "choose from"),
        ({"stats": ["sum", "sum"]}, InputError, "more than once"),
        ({"stats": "weighted_mean"}, InputError, "need weights="),
        ({"weights": "area"}, InputError, "weighted statistics alone"),
        ({"stats": "weighted_mean", "weights": "people"}, InputError, "a raster or 'area'"),
        ({"raster": "people.tif"}, InputError, "must be a Raster or an open rasterio dataset"),
    ],
)
def test_what_is_refused(nine, regions, change, error, message):
    given = {"raster": nine, "regions": regions, "stats": "sum", **change}
    with pytest.raises(error, match=message):
        zonal_stats(given.pop("raster"), given.pop("regions"), given.pop("stats"), **given)


def test_regions_that_are_refused(nine, regions):
    with pytest.raises(CRSError, match="regions are in EPSG:32651 and the raster in EPSG:32650"):
        zonal_stats(nine, regions.to_crs(32651), "sum")
    with pytest.raises(CRSError, match="no CRS"):
        zonal_stats(nine, regions.set_crs(None, allow_override=True), "sum")
    with pytest.raises(AlignmentError, match="more than once"):
        zonal_stats(nine, regions.set_axis(["a", "a", "b"]), "sum")
    points = gpd.GeoDataFrame(geometry=[Point(1, 1)], index=["p"], crs=32650)
    with pytest.raises(GeometryError, match="1 rows of regions are no polygons, at p"):
        zonal_stats(nine, points, "sum")


def test_weights_on_other_cells(nine, regions):
    shifted = Raster(np.ones((3, 3)), (1, 0, 0.3, 0, -1, 3), 32650)
    with pytest.raises(InputError, match="do not lie on those of the raster"):
        zonal_stats(nine, regions, "weighted_mean", weights=shifted)
    other = Raster(np.ones((3, 3)), nine.transform, 32651)
    with pytest.raises(CRSError, match="weights are in"):
        zonal_stats(nine, regions, "weighted_mean", weights=other)


def test_people_within_by_region(nine, regions):
    minutes = nine.with_values(np.array([[5, 10, 20], [30, 10, np.inf], [np.nan, 60, 5.0]]))
    found = population_within(nine, minutes, [10, 30], regions=regions)
    assert found.index.names == ["code", "minutes"]
    # within 10: 1 / 4 + 2 / 2 + 5 + 9 / 4; within 30 also 3 / 4 and 4 / 2; of 20
    assert found.loc[("middle", 10)].tolist() == [8.5, 20, 0.425]
    assert found.loc[("middle", 30)].tolist() == [11.25, 20, 0.5625]
    assert found.loc[("first", 10)].tolist() == [3, 3, 1]
    assert found.loc[("away", 10), "people"] == 0
    assert np.isnan(found.loc[("away", 10), "share"])


def test_people_of_all(nine):
    minutes = nine.with_values(np.full((3, 3), 15.0))
    found = population_within(nine, minutes, 15)
    assert found.loc[("all", 15)].tolist() == [45, 45, 1]
    assert population_within(nine, minutes, 14.9)["people"].item() == 0


def test_people_on_another_grid(nine):
    # minutes in cells of three: all centres of the first two rows of people lie in the upper one,
    # and the third row lies beyond
    minutes = Raster(np.array([[10.0]]), (3, 0, 0, 0, -2, 3), 32650)
    found = population_within(nine, minutes, 10)
    assert found["people"].item() == 1 + 2 + 3 + 4 + 5 + 6
    assert found["total"].item() == 45


def test_people_in_another_crs(plain):
    people = plain(np.full((4, 4), 10.0))
    degrees = Raster(np.array([[10.0]]), (2, 0, 116, 0, -2, 37), 4326)
    assert population_within(people, degrees, 10)["people"].item() == 160


def test_missing_people_are_none(nine):
    people = nine.with_values(np.where(nine.values == 9, np.nan, nine.values))
    assert population_within(people, nine, 9)["total"].item() == 36


@pytest.mark.parametrize("cells", [1, 7, 10**6])
def test_people_in_a_file_by_bands(nine, regions, cells, tmp_path, monkeypatch):
    monkeypatch.setattr("spatialreg.raster._population._CELLS", cells)
    people = nine.with_values(np.where(nine.values == 3, np.nan, nine.values))
    minutes = nine.with_values(np.array([[5.0, 5, 5], [30, 5, np.inf], [90, np.inf, 5]]))
    path = io.write_raster(people, tmp_path / "people.tif")
    with io.open_raster(path) as dataset:
        for given in (None, regions):
            expected = population_within(people, minutes, [10, 30], regions=given)
            found = population_within(dataset, minutes, [10, 30], regions=given)
            pd.testing.assert_frame_equal(found, expected)


def test_thresholds_that_are_refused(nine):
    for wrong, message in ((-1, "from 0 on"), ([], "from 0 on"), ([5, 5], "more than once")):
        with pytest.raises(InputError, match=message):
            population_within(nine, nine, wrong)
    with pytest.raises(InputError, match="negative in 9 cells"):
        population_within(nine.with_values(-nine.values), nine, 5)
