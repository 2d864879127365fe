"""Rasters as layers: what they refuse, and the class of each cell by hand."""

from __future__ import annotations

import numpy as np
import pytest

from spatialreg.errors import InputError
from spatialreg.layers import Categorised, Graduated, RasterLayer, Simple, brewer, colour_cells
from spatialreg.raster import Raster

PLACE = {"transform": (1000, 0, 500_000, 0, -1000, 4_000_000), "crs": 32650}


def layer(raster, style):
    return RasterLayer(title="T", group="G", raster=raster, style=style)


def test_a_bound_belongs_to_the_class_below_it():
    values = np.array([[5.0, 30.0, 30.1], [61.0, np.inf, np.nan]], dtype=np.float32)
    minutes = Raster(values, **PLACE, name="minutes")
    codes, legend = colour_cells(layer(minutes, Graduated("minutes", breaks=[30, 60], unit="min")))
    assert codes.tolist() == [[0, 0, 1], [2, -1, -1]]
    low, middle, high = brewer("YlOrRd", 3)
    assert legend == [("5 – 30 min", low), ("30 – 60 min", middle), ("60 – 61 min", high)]


def test_whole_numbers_leave_their_nodata_out():
    people = Raster(np.array([[0, 3, 9]]), **PLACE, nodata=0, name="people")
    codes, legend = colour_cells(layer(people, Graduated("people", breaks=[3, 9])))
    assert codes.tolist() == [[-1, 0, 1]]
    assert [label for label, _ in legend] == ["3", "3 – 9"]


def test_values_that_a_palette_does_not_name_have_no_class():
    land = Raster(np.array([[2, 1, 7, 0]], dtype=np.uint8), **PLACE, nodata=0, name="land")
    classes = [(1, "Near", "#1a9850"), (2, "Far", "#d73027")]
    codes, legend = colour_cells(layer(land, Categorised("land", classes=classes)))
    assert codes.tolist() == [[1, 0, -1, -1]]
    assert legend == [("Near", "#1a9850"), ("Far", "#d73027")]


def test_what_is_refused():
    minutes = Raster(np.array([[1.0, 2.0]]), **PLACE, name="minutes")
    with pytest.raises(InputError, match="needs a Raster, not ndarray: read a file"):
        layer(np.zeros((2, 2)), Graduated("minutes"))
    with pytest.raises(InputError, match="for 'people' and the raster is 'minutes'"):
        layer(minutes, Graduated("people"))
    with pytest.raises(InputError, match="Graduated or Categorised, not Simple"):
        layer(minutes, Simple("#000000"))
    with pytest.raises(InputError, match="is no number"):
        layer(minutes, Categorised("minutes", classes=[("near", "Near", "#1a9850")]))
    with pytest.raises(InputError, match="no finite value"):
        colour_cells(layer(minutes.with_values(np.full((1, 2), np.nan)), Graduated("minutes")))
