"""Rasters as pictures of the report: read back by another program, cell by cell."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image
from pyproj import Transformer
from scipy.ndimage import maximum_filter, minimum_filter

from spatialreg import report as reports
from spatialreg.errors import InputError
from spatialreg.layers import Categorised, Graduated, RasterLayer, colour_cells
from spatialreg.raster import Raster
from spatialreg.report._map import map_data
from spatialreg.report._picture import picture, png

ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +units=m"


def layer(raster, **style):
    return RasterLayer(
        title="Minutes <2010>", group="Surfaces", raster=raster,
        style=Graduated(raster.name, palette="YlGnBu", **style), abstract="How it was made.",
    )  # fmt: skip


def surface(rows=60, columns=80, crs=ALBERS, place=(5000, 0, 100_000, 0, -5000, 4_000_000)):
    y, x = np.indices((rows, columns))
    values = np.hypot(x - columns / 3, y - rows / 2)
    values[:5] = np.inf
    values[:, :5] = np.nan
    return Raster(values, place, crs, name="minutes", unit="min")


def pixels(address):
    head, _, data = address.partition(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))


def test_a_png_is_what_another_program_reads():
    codes = np.array([[0, 1, 2], [2, 1, 0]], dtype=np.uint8)
    content = png(codes, ["#ff0000", "#0080ff"])
    found = np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))
    red, blue = [255, 0, 0, 255], [0, 128, 255, 255]
    assert found[0, 1:].tolist() == [red, blue] and found[1, :2].tolist() == [blue, red]
    assert found[0, 0, 3] == found[1, 2, 3] == 0


def test_every_point_has_the_colour_of_the_cell_under_it():
    drawn = layer(surface(), breaks=[10, 20, 40], unit="min")
    address, ((south, west), (north, east)), legend = picture(drawn)
    found = pixels(address)
    rows, columns = found.shape[:2]
    # the middle of each point, in Web Mercator, then on the raster's own cells
    ends = Transformer.from_crs(4326, 3857, always_xy=True).transform([west, east], [south, north])
    (left, right), (bottom, top) = ends
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
    there = Transformer.from_crs(3857, ALBERS, always_xy=True)
    along, up = there.transform(*np.meshgrid(x, y))
    cells = drawn.raster
    column = np.floor((along - cells.transform.c) / 5000).astype(int)
    row = np.floor((cells.transform.f - up) / 5000).astype(int)
    codes = np.pad(colour_cells(drawn)[0], 1, constant_values=-1)
    # where classes meet a point covers cells of both, and shows the class of most
    plain = maximum_filter(codes, 3) == minimum_filter(codes, 3)
    row, column = np.clip(row + 1, 0, 61), np.clip(column + 1, 0, 81)
    shades = [(*bytes.fromhex(colour[1:]), 255) for _, colour in legend]
    expected = np.array([*shades, (0, 0, 0, 0)])[codes[row, column]]
    clear = (found[..., 3] == 0) & (expected[..., 3] == 0)
    same = (found == expected).all(axis=2) | clear
    assert same[plain[row, column]].all()
    assert plain[row, column].mean() > 0.7 and same.mean() > 0.94


def test_a_large_raster_becomes_a_small_picture():
    address, _, _ = picture(layer(surface(1500, 2500, place=(500, 0, 0, 0, -500, 4_000_000))))
    assert max(pixels(address).shape) == 1000
    assert len(address) < 200_000


def test_where_the_map_ends():
    world = Raster(np.arange(8.0).reshape(2, 4), (90, 0, -180, 0, -90, 90), 4326, name="x")
    _, corners, _ = picture(layer(world))
    assert corners == [[-85.0511, -180.0], [85.0511, 180.0]]
    # west of its zone the first strip of UTM crosses the date line, as about Fiji
    fiji = Raster(np.ones((3, 3)), (100_000, 0, 0, 0, -100_000, 8_200_000), 32701, name="x")
    _, corners, _ = picture(layer(fiji))
    assert corners == [[-85.0511, -180.0], [85.0511, 180.0]]


def test_too_many_classes():
    raster = Raster(np.arange(300).reshape(3, 100), (1, 0, 0, 0, -1, 3), 4326, name="x")
    classes = [(value, str(value), "#000000") for value in range(300)]
    many = RasterLayer(title="X", group="", raster=raster, style=Categorised("x", classes=classes))
    with pytest.raises(InputError, match="300 classes, and a picture has 255 colours"):
        picture(many)


def test_the_map_lists_rasters_below_the_layers():
    data = map_data([], [layer(surface(), breaks=[10, 20], unit="min")])
    (described,) = data["layers"]
    assert described["title"] == "Minutes <2010>"
    assert [label for label, _ in described["legend"]][1] == "10.0 – 20.0 min"
    assert "geometry" not in described and not described["visible"]


def test_a_report_links_to_the_file(tmp_path):
    drawn = layer(surface(), breaks=[10, 20], unit="min")
    report = reports.Report("T", [], rasters={tmp_path / "rasters" / "m #1.tif": drawn})
    page = reports.write_report(tmp_path / "r.html", report).read_text(encoding="utf-8")
    assert '<a href="rasters/m%20%231.tif">' in page
    assert "Surfaces: Minutes &lt;2010&gt;. How it was made." in page
    assert "data:image/png;base64," in page
