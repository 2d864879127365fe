"""Access and surfaces in a study: three towns on a coast, a line that opens between two of them."""

from __future__ import annotations

import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import spatialreg as sr
from spatialreg.errors import ConfigError
from spatialreg.io import NetworkFrames
from spatialreg.study import _sources

from .coast import AT, CODES, HEAD, PEOPLE, write_coast

STUDY = (
    HEAD
    + """
[[network]]
name = "trains"
source = "test:trains"

[[access]]
name = "reach"
title = "Towns by rail"
network = "trains"
regions = "regions.gpkg"
places = "seats.gpkg"
population = "people.csv"
years = [2000, 2010]
hours = 1.0
scheme = "side"
facilities = "stations.gpkg"
keep_times = true
nearest_neighbours = 2
permutations = 199
connectors = { speed_kmh = 50.0, detour = 1.0, within_m = 30000.0 }
lines.fast = ["fast"]

[[surface]]
name = "minutes"
title = "Minutes to a station"
regions = "regions.gpkg"
facilities = "stations.gpkg"
years = [2000, 2010]
resolution_m = 5000.0
speed_kmh = 60.0
breaks = [30.0, 60.0]
population = "people.csv"
"""
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("coast")
    monkeypatch = pytest.MonkeyPatch()
    write_coast(tmp_path)
    stations = gpd.GeoDataFrame(
        {"opened": ["1990-01-01"] * 3 + ["2005-06-01"]}, geometry=AT, crs=4326
    )
    stations.to_file(tmp_path / "stations.gpkg")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    nodes = gpd.GeoDataFrame(index=[f"s{c}" for c in CODES], geometry=AT, crs=4326)
    edges = pd.DataFrame(
        {
            "start": ["sa", "sb", "sa"], "end": ["sb", "sc", "sd"],
            "line": ["slow", "slow", "fast"], "mode": "rail", "minutes": [50.0, 55.0, 40.0],
            "opened": ["1990-01-01", "1990-01-01", "2005-06-01"],
        },
        index=["ab", "bc", "ad"],
    )  # fmt: skip
    modes = pd.DataFrame({"boarding": 5.0}, index=pd.Index(["rail"], name="mode"))
    monkeypatch.setitem(
        _sources._NETWORKS, "test:trains", lambda: NetworkFrames(nodes, edges, modes)
    )
    yield tmp_path
    monkeypatch.undo()


@pytest.fixture(scope="module")
def study(folder):
    return sr.run_study(folder / "study.toml")


def test_times_and_people_in_reach_by_hand(study):
    table = study.tables["reach_regions"]
    # 2000: from a within an hour by train b (5 + 50), else by road at 50 km/h: 78 km take 94 min
    assert table.loc["a", "daily_2000"] == 100 + 200
    assert table.loc["a", "daily_2010"] == 100 + 200 + 150
    assert table.loc["d", "daily_2000"] == 150
    assert table.loc["d", "daily_2010"] == 150 + 100
    metres = sr.transport._question.WGS84.inv(10.5, 45.5, 13.5, 45.5)[2]
    road = metres / 1000 / 50 * 60
    to_d = {2000: road, 2010: 45.0}
    for year, minutes in to_d.items():
        # b by train in 55, c in 5 + 50 + 55 without a change, the others' people as weights
        expected = (200 * 55 + 50 * 110 + 150 * minutes) / 400
        assert table.loc["a", f"mean_time_{year}"] == pytest.approx(expected)


def test_the_nearest_station_by_date(study):
    table = study.tables["reach_regions"]
    assert table.loc["d", "nearest_2010"] == 0.0
    metres = sr.transport._question.WGS84.inv(12.5, 45.5, 13.5, 45.5)[2]
    assert table.loc["d", "nearest_2000"] == pytest.approx(metres / 1000 / 50 * 60)


def test_inequality_and_change(study):
    table = study.tables["reach_inequality"].set_index(["indicator", "year"])
    reach = study.tables["reach_regions"]["daily_2010"]
    assert table.loc[("daily", 2010), "gini"] == pytest.approx(sr.gini(reach, population=PEOPLE))
    change = study.tables["reach_daily_change"]
    assert change.loc["d", "change"] == 100.0
    assert change.loc["c", "outcome"] == "unchanged"


def test_what_a_line_changes(study):
    lines = study.tables["reach_daily_lines"].set_index(["line", "code"])
    assert lines.loc[("fast", "d"), "leave_one_out"] == 100.0
    assert lines.loc[("fast", "b"), "leave_one_out"] == 0.0
    told = next(f for f in study.findings if f.key == "reach_daily_lines")
    assert "slower trains, which it does not have" in told.sentence


def test_shares_of_area_and_people_near_a_station(study):
    regions = study.tables["minutes_regions"]
    assert (regions["within_60_2010"] >= regions["within_30_2010"]).all()
    assert regions.loc["a", "within_60_2010"] == regions.loc["a", "within_60_2000"]
    assert regions.loc["d", "within_30_2000"] == 0.0
    # a circle of 30 km (octagonal, on a grid) in a cell of about 78 by 111 km
    area = gpd.GeoSeries([box(13, 45, 14, 46)], crs=4326).to_crs(3035).area.iloc[0]
    assert regions.loc["d", "within_30_2010"] == pytest.approx(np.pi * 30_000**2 / area, rel=0.12)
    people = study.tables["minutes"].set_index(["year", "minutes"])
    expected = (regions["within_30_2010"] * PEOPLE).sum() / PEOPLE.sum()
    assert people.loc[("2010", 30.0), "share"] == pytest.approx(expected)


def test_what_is_written(study, folder):
    out = folder / "out"
    assert {p.name for p in (out / "travel_times").iterdir()} == {
        "reach_2000.parquet", "reach_2010.parquet"
    }  # fmt: skip
    times = sr.io.read_times(out / "travel_times" / "reach_2010.parquet")
    assert times.loc["a"].to_dict() == {"a": 0.0, "b": 55.0, "c": 110.0, "d": 45.0}
    assert study.paths["travel times"] == out / "travel_times"
    assert {p.name for p in (out / "rasters").glob("*.tif")} == {
        "minutes_2000.tif", "minutes_2010.tif"
    }  # fmt: skip
    raster = sr.io.read_raster(out / "rasters" / "minutes_2010.tif")
    assert raster.unit == "min"
    assert (out / "rasters" / "minutes_2010.qml").exists()
    with zipfile.ZipFile(out / "coast.qgz") as archive:
        project = archive.read("coast.qgs").decode()
    for year in (2000, 2010):
        assert f"<datasource>./rasters/minutes_{year}.tif</datasource>" in project
        assert f"<layername>Minutes to a station, {year}</layername>" in project
    told = "nearest of stations.gpkg open by 2010-12-31."
    assert told in project
    report = (out / "report.html").read_text(encoding="utf-8")
    assert '<a href="rasters/minutes_2010.tif">' in report
    assert told in report and report.count("data:image/png;base64,") >= 2
    layers = {layer for layer, *_ in gpd.list_layers(out / "coast.gpkg").to_numpy()}
    assert "regions_regions" in layers
    for name in ("reach_daily", "reach_mean_time_2000", "reach_nearest", "minutes"):
        assert (out / "figures" / f"{name}.svg").exists()
    assert (
        "every node within 30 km"
        in (study.tables["definitions"].loc["reach_regions", "definition"])
    )


def test_a_study_of_surfaces_alone_has_a_project(folder):
    alone = sr.run_study(folder / "study.toml", output=folder / "alone", only=["surface"])
    assert "GeoPackage" not in alone.paths
    with zipfile.ZipFile(alone.paths["QGIS project"]) as archive:
        project = archive.read("coast.qgs").decode()
    assert project.count("<maplayer ") == 2 and str(folder) not in project
    assert 'id="map-data"' in alone.paths["report"].read_text(encoding="utf-8")


def test_a_network_that_is_not_there(folder):
    path = folder / "boats.toml"
    path.write_text(STUDY.replace('network = "trains"', 'network = "boats"'), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"no \[\[network\]\] named 'boats'"):
        sr.run_study(path)


def test_connectors_need_a_bound(folder):
    path = folder / "unbound.toml"
    path.write_text(STUDY.replace(", within_m = 30000.0", ""), encoding="utf-8")
    with pytest.raises(ConfigError, match="give within_m"):
        sr.run_study(path)
