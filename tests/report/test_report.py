"""The report's parts that need no browser: data of the map, escaping, tables."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import box

from spatialreg import report as reports
from spatialreg.layers import Categorised, Layer
from spatialreg.report._map import map_data
from spatialreg.report._report import _script_json, _table


@pytest.fixture
def layer():
    regions = gpd.GeoDataFrame(
        {"kind": ["a", "b"], "value": [1.5, float("nan")]},
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
        index=["x", "y"],
        crs=4326,
    )
    classes = [("a", "A", "#ff0000"), ("b", "B", "#0000ff")]
    return Layer(
        name="one",
        title="One",
        group="G",
        frame=regions,
        style=Categorised("kind", classes=classes),
    )


def test_geometries_stand_once(layer):
    data = map_data([layer, layer])
    assert len(data["geometries"]) == 1
    assert data["layers"][0]["colours"] == ["#ff0000", "#0000ff"]
    assert data["layers"][0]["rows"] == [["x", "a", 1.5], ["y", "b", None]]


def test_borders_stay_shared(layer):
    shapes = next(iter(map_data([layer])["geometries"].values()))
    polygons = [shapely.from_geojson(json.dumps(shape)) for shape in shapes]
    assert shapely.coverage_is_valid(polygons)


def test_json_cannot_close_its_element():
    text = _script_json({"a": "</script><!--"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><!--"}


def test_long_tables_say_what_is_left_out():
    assert _table(pd.DataFrame({"a": range(500)}))["left_out"] == 100


def test_a_table_says_what_was_computed():
    table = pd.DataFrame({"theil": [0.1]})
    assert _table(table)["definition"] == ""
    table.attrs["definition"] = "Theil's T"
    assert _table(table)["definition"] == "Theil's T"


def test_a_failed_report_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("old")
    from spatialreg.report import _report

    monkeypatch.setattr(_report, "_own", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        reports.write_report(path, reports.Report("t", []))
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_findings_stand_under_their_headings_numbered_through(tmp_path):
    findings = [(f"Finding {i}.", None, None, None) for i in range(4)]
    chapters = [("How unequal", 2), ("Nothing told", 0), ("Where", 1)]
    told = reports.Report("T", findings, chapters=chapters)
    page = reports.write_report(tmp_path / "r.html", told).read_text(encoding="utf-8")
    body = page[page.index('<section id="findings">') :]
    assert "Nothing told" not in body
    places = [body.index(words) for words in (
        ">How unequal</h3>", '<ol start="1">', "Finding 0.", "Finding 1.", ">Where</h3>",
        '<ol start="3">', "Finding 2.", '<ol start="4">', "Finding 3.",
    )]  # fmt: skip
    assert places == sorted(places)
    assert '<a href="#chapter-1">How unequal</a>' in body
    plain = reports.write_report(tmp_path / "p.html", reports.Report("T", findings))
    text = plain.read_text(encoding="utf-8")
    assert text.count("<ol start=") == 1 and 'id="chapter-' not in text
