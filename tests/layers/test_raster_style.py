"""The style of a raster: a discrete ramp for numbers, a palette for classes."""

from __future__ import annotations

import numpy as np
import pytest

from spatialreg import io
from spatialreg.errors import InputError
from spatialreg.layers import Categorised, Graduated, Simple, brewer, write_raster_style
from spatialreg.raster import Raster

from .small_study import parse

PLACE = {"transform": (1000, 0, 500_000, 0, -1000, 4_000_000), "crs": 32650}


def written(raster, style, folder):
    path = io.write_raster(raster, folder / "a.tif")
    return parse(write_raster_style(path, raster, style).read_text(encoding="utf-8"))


def items(root):
    return [(e.get("value"), e.get("label"), e.get("color")) for e in root.iter("item")]


def test_ranges(tmp_path):
    minutes = Raster(np.array([[5.0, 40.0, 61.0, np.inf, np.nan]]), **PLACE, name="minutes")
    style = Graduated("minutes", breaks=[30, 60], palette="YlOrRd", unit="min")
    root = written(minutes, style, tmp_path)
    colours = brewer("YlOrRd", 3)
    assert root.find("pipe/rasterrenderer").get("type") == "singlebandpseudocolor"
    assert root.find(".//colorrampshader").get("colorRampType") == "DISCRETE"
    assert items(root) == [
        ("30.0", "5 – 30 min", colours[0]),
        ("60.0", "30 – 60 min", colours[1]),
        ("61.0", "60 – 61 min", colours[2]),
    ]


def test_classes_of_a_large_raster_reach_from_end_to_end(tmp_path):
    values = np.random.default_rng(0).random((700, 700)).astype(np.float32)
    values[3, 5], values[1, 1] = -7, 9
    for scheme in ("quantiles", "natural_breaks", "equal_interval"):
        found = items(
            written(Raster(values, **PLACE), Graduated("x", k=4, scheme=scheme), tmp_path)
        )
        assert float(found[-1][0]) == 9
        assert len(found) == 4


def test_a_palette(tmp_path):
    classes = Raster(np.array([[1, 2, 0]], dtype=np.uint8), **PLACE, nodata=0, name="access")
    style = Categorised("access", classes=[(1, "Near", "#1a9850"), (2, "Far", "#d73027")])
    root = written(classes, style, tmp_path)
    assert root.find("pipe/rasterrenderer").get("type") == "paletted"
    found = [(e.get("value"), e.get("label"), e.get("color")) for e in root.iter("paletteEntry")]
    assert found == [("1", "Near", "#1a9850"), ("2", "Far", "#d73027")]


def test_what_is_refused(tmp_path):
    raster = Raster(np.array([[1.0, 2.0]]), **PLACE, name="minutes")
    with pytest.raises(InputError, match="is not there"):
        write_raster_style(tmp_path / "a.tif", raster, Graduated("minutes"))
    path = io.write_raster(raster, tmp_path / "a.tif")
    with pytest.raises(InputError, match="for 'people' and the raster is 'minutes'"):
        write_raster_style(path, raster, Graduated("people"))
    with pytest.raises(InputError, match="Graduated or Categorised, not Simple"):
        write_raster_style(path, raster, Simple("#000000"))
    style = Categorised("minutes", classes=[("near", "Near", "#1a9850")])
    with pytest.raises(InputError, match="is no number"):
        write_raster_style(path, raster, style)
    empty = raster.with_values(np.full((1, 2), np.nan))
    with pytest.raises(InputError, match="no finite value"):
        write_raster_style(path, empty, Graduated("minutes"))
