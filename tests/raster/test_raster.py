"""The raster itself: what it holds, what it refuses, and when two lie on one grid."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine

from spatialreg.errors import CRSError, InputError
from spatialreg.raster import Raster

PLACE = {"transform": (2, 0, 10, 0, -3, 9), "crs": 32650}


def test_it_knows_its_place():
    raster = Raster(np.zeros((3, 2)), **PLACE, name="people", unit="people")
    assert raster.bounds == (10, 0, 14, 9)
    assert raster.resolution == (2, 3)
    assert raster.transform == Affine(2, 0, 10, 0, -3, 9)
    assert repr(raster) == "<Raster people [people]: 3 x 2 cells of 2 x 3, float64, EPSG:32650>"


def test_missing_decimals_are_nan():
    raster = Raster(np.array([[1.0, -9999.0]]), **PLACE, nodata=-9999)
    assert raster.missing().tolist() == [[False, True]]
    assert np.isnan(raster.values[0, 1])


def test_missing_whole_numbers_keep_their_value():
    raster = Raster(np.array([[1, 255]], dtype=np.uint8), **PLACE, nodata=255)
    assert raster.values.dtype == np.uint8
    assert raster.missing().tolist() == [[False, True]]
    assert np.isnan(raster.floats()[0, 1])
    assert np.isnan(raster.at(np.array([0]), np.array([1])))[0]
    assert np.isnan(raster.read(0, 1, 1, 2)[0, 0])


def test_masked_arrays_are_taken():
    masked = np.ma.array([[1.0, 2.0]], mask=[[False, True]])
    assert Raster(masked, **PLACE).missing().tolist() == [[False, True]]
    whole = np.ma.array([[1, 2]], mask=[[False, True]])
    assert Raster(whole, **PLACE, nodata=-1).values.tolist() == [[1, -1]]
    with pytest.raises(InputError, match="need nodata="):
        Raster(whole, **PLACE)


def test_the_caller_keeps_its_array():
    values = np.array([[1.0, -1.0]])
    Raster(values, **PLACE, nodata=-1)
    assert values.tolist() == [[1.0, -1.0]]


def test_same_grid():
    raster = Raster(np.zeros((3, 2)), **PLACE)
    assert raster.same_grid(Raster(np.ones((3, 2)), PLACE["transform"], "EPSG:32650"))
    assert not raster.same_grid(Raster(np.ones((3, 2)), PLACE["transform"], 32651))
    assert not raster.same_grid(Raster(np.ones((2, 2)), **PLACE))
    assert not raster.same_grid(Raster(np.ones((3, 2)), (2, 0, 11, 0, -3, 9), 32650))


@pytest.mark.parametrize(
    ("values", "changes", "error", "message"),
    [
        (np.zeros((1, 2, 2)), {}, InputError, "rows and columns, not the shape"),
        (np.zeros((0, 2)), {}, InputError, "rows and columns, not the shape"),
        (np.array([["a"]]), {}, InputError, "must be numbers"),
        (np.array([[1]], dtype=np.uint8), {"nodata": -1}, InputError, "no value of uint8"),
        (np.zeros((2, 2)), {"crs": None}, CRSError, "has no CRS"),
        (np.zeros((2, 2)), {"crs": "EPSG:nothing"}, CRSError, "no CRS that pyproj knows"),
        (np.zeros((2, 2)), {"transform": (1, 0, 0, 0, 1, 0)}, InputError, "north up"),
        (np.zeros((2, 2)), {"transform": (1, 0.1, 0, 0, -1, 0)}, InputError, "north up"),
    ],
)
def test_what_it_refuses(values, changes, error, message):
    with pytest.raises(error, match=message):
        Raster(values, **{**PLACE, **changes})
