"""The report in a real browser with the network cut off: it draws, answers, and does not complain.

Needs Chromium; without it the tests skip.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, box

import spatialreg as sr
from spatialreg.layers import Categorised, Graduated, Layer, RasterLayer, Simple
from spatialreg.raster import Raster

from .chromium import PROGRAM, Page

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed"),
]
TRAP = "<script>document.title='trapped'</script></script><b>& 省"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    squares = [box(100 + i % 3, 30 + i // 3, 101 + i % 3, 31 + i // 3) for i in range(9)]
    names = [f"r{i}" for i in range(9)]
    names[4] = TRAP
    regions = gpd.GeoDataFrame(
        {"name": names, "value": [float(i) for i in range(9)], "kind": list("aaabbbccc")},
        geometry=squares,
        index=pd.Index([f"c{i}" for i in range(9)], name="code"),
        crs=4326,
    )
    lines = gpd.GeoDataFrame(
        {"name": ["l"]}, geometry=[LineString([(100, 30), (103, 33)])], crs=4326
    )
    points = gpd.GeoDataFrame({"name": ["p"]}, geometry=[Point(101.5, 31.2)], crs=4326)
    kinds = [("a", "a (3)", "#ff0000"), ("b", "b (3)", "#00ff00"), ("c", "c (3)", "#0000ff")]
    layers = [
        Layer(
            name="kinds", title="Kinds", group="One", frame=regions,
            style=Categorised("kind", classes=kinds), aliases={"value": "Value [yuan]"},
        ),
        Layer(
            name="values", title="Values", group="One", frame=regions, visible=False,
            style=Graduated("value", k=3, scheme="quantiles", palette="YlOrRd", unit="yuan"),
        ),
        Layer(
            name="lines", title="Lines", group="Two", frame=lines, visible=False,
            style=Simple("#b30000", width=0.5, dash=True),
        ),
        Layer(
            name="points", title="Points", group="Two", frame=points, visible=False,
            style=Simple("#222222", size=1.4),
        ),
    ]  # fmt: skip
    table = pd.DataFrame({"name": ["b", "a", "c"], "x": [10.0, 9.0, 100.0]})
    minutes = np.array([[10.0, 10.0, 50.0], [np.nan, 50.0, 50.0]])
    cells = Raster(minutes, (1, 0, 100, 0, -1, 32), 4326, name="minutes")
    surface = RasterLayer(
        title="Minutes", group="Surfaces", raster=cells, abstract="Over land.",
        style=Graduated("minutes", breaks=[30, 60], unit="min"),
    )  # fmt: skip
    content = sr.report.Report(
        TRAP, [(TRAP, 1, "t", None)], {"t": table}, {}, layers, {"seed": 1}, {"x": {"rows": 3}},
        rasters={"minutes.tif": surface},
    )  # fmt: skip
    return sr.write_report(tmp_path_factory.mktemp("report") / "report.html", content)


@pytest.fixture(scope="module")
def page(report, tmp_path_factory):
    page = Page(tmp_path_factory.mktemp("profile"))
    page.open(report)
    yield page
    page.close()


def test_nothing_is_fetched_or_complained_of(page):
    assert page.errors == []
    assert page.js("performance.getEntriesByType('resource').length") == 0


def test_text_of_data_is_never_markup(page):
    assert page.js("document.title").startswith("<script>")
    assert page.js("document.querySelectorAll('#findings b').length") == 0


def test_the_map_draws_every_region(page):
    assert page.js("document.querySelectorAll('#map path').length") == 9


def test_a_region_answers_a_click(page):
    page.js("document.getElementById('map').scrollIntoView({block: 'center'})")
    rect = page.js(
        "(() => {const r = document.getElementById('map').getBoundingClientRect();"
        "return [r.x + r.width / 2, r.y + r.height / 2]})()"
    )
    page.click(*rect)
    assert TRAP in page.js("document.getElementById('details').textContent")
    assert "Value [yuan]" in page.js("document.getElementById('details').textContent")
    assert page.js("document.querySelectorAll('#details b').length") == 0


def test_layers_switch_and_the_legend_follows(page):
    page.js("document.querySelectorAll('#layer-list input')[1].click()")
    assert "Values" in page.js("document.getElementById('legend').textContent")
    assert page.js("document.querySelectorAll('#map path').length") == 9
    for number in (2, 3):
        page.js(f"document.querySelectorAll('#layer-list input')[{number}].click()")
    assert page.js("document.querySelectorAll('#map path').length") == 11
    assert page.errors == []


def test_a_raster_takes_the_place_of_the_regions(page):
    boxes = "document.querySelectorAll('#layer-list input')"
    page.js(f"{boxes}[4].click()")
    legend = page.js("document.getElementById('legend').textContent")
    assert "30 – 60 min" in legend and "Over land." in legend
    cells = "document.querySelector('#map img.cells')"
    assert page.js(f"{cells}.src").startswith("data:image/png;base64,")
    assert page.js(f"{cells}.complete && {cells}.naturalWidth") == 3
    # it lies where the regions do, under their borders and under lines and points
    sides = "['left', 'top', 'right', 'bottom'].map(side => {0}.getBoundingClientRect()[side])"
    borders = "document.querySelector('#map .leaflet-overlay-pane svg g')"
    found, expected = page.js(sides.format(cells)), page.js(sides.format(borders))
    assert found[0] == pytest.approx(expected[0], abs=3)
    assert found[2] == pytest.approx(expected[2], abs=3)
    assert page.js("document.querySelectorAll('#map path').length") == 9 + 2
    page.js(f"{boxes}[0].click()")
    assert page.js(f"{cells} === null")
    assert page.js("document.querySelectorAll('#map path').length") == 9 + 2
    assert page.errors == []


def test_a_raster_needs_no_regions(tmp_path):
    cells = Raster(np.array([[1.0, 2.0]]), (1, 0, 100, 0, -1, 32), 4326, name="x")
    layer = RasterLayer(title="X", group="", raster=cells, style=Graduated("x"))
    report = sr.report.Report("T", [], rasters={"x.tif": layer})
    page = Page(tmp_path / "profile")
    try:
        page.open(sr.write_report(tmp_path / "r.html", report))
        assert page.js("document.querySelector('#map img.cells').naturalWidth") == 2
        assert page.js("document.querySelectorAll('#map path').length") == 0
        assert page.errors == []
    finally:
        page.close()


def test_tables_sort_numbers_as_numbers(page):
    page.js("document.getElementById('table-t').open = true")
    cells = "[...document.querySelectorAll('#table-t tbody tr')].map(r => r.cells[0].textContent)"
    page.js("document.querySelectorAll('#table-t thead button')[1].click()")
    assert page.js(cells) == ["a", "b", "c"]
    page.js("document.querySelectorAll('#table-t thead button')[1].click()")
    assert page.js(cells) == ["c", "b", "a"]
