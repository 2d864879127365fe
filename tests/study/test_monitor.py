"""Monitoring: the stage, what the command writes, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box
from typer.testing import CliRunner

import spatialreg as sr
from spatialreg import cli
from spatialreg.errors import ConfigError, InputError
from spatialreg.study import check_study, monitor, read_config

STUDY = """\
[study]
name = "four"
title = "Four regions"
output = "out"
seed = 7

[regions]
source = "regions.gpkg"
code = "id"
name = "name"

[panel]
source = "panel.csv"
code = "id"
year = "year"
value = "gdp"
population = "people"
label = "GDP per head"
"""
MONITOR = """
[monitor]
period = [2014, 2018]
year = 2018

[[monitor.target]]
name = "beds per head"
column = "beds"
over = "people"
factor = 10.0
direction = "at least"
threshold = 6
target_year = 2018
unit = "per 1,000"

[[monitor.target]]
name = "all beds"
column = "beds"
scope = "sum"
direction = "at least"
threshold = 240
target_year = 2019-12-31

[[monitor.gap]]
name = "beds"
title = "beds"
column = "beds"
over = "people"
measures = ["cv"]
"""
# beds of a hundred people 2013 to 2018; those of the fourth region end in 2017
BEDS = {
    "a": [50, 52, 54, 56, 58, 60],
    "b": [50, 51, 52, 53, 54, 55],
    "c": [70, 71, 72, 73, 74, 75],
    "d": [40, 42, 44, 46, 48, None],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("monitor")
    gpd.GeoDataFrame(
        {"id": list("abcde"), "name": [f"Region {c.upper()}" for c in "abcde"]},
        geometry=[box(10 + i, 45, 11 + i, 46) for i in range(5)],
        crs=4326,
    ).to_file(folder / "regions.gpkg")
    rows = [
        {"id": code, "year": 2013 + i, "beds": value, "people": 100, "gdp": 100 + i * n}
        for n, (code, values) in enumerate(BEDS.items())
        for i, value in enumerate(values)
    ]
    pd.DataFrame(rows).to_csv(folder / "panel.csv", index=False)
    (folder / "study.toml").write_text(STUDY + MONITOR, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def done(folder):
    return monitor(folder / "study.toml")


def test_statuses_by_hand(done):
    """10 beds x 60 / 100 people = 6; the fourth region has no value of the year of the target."""
    status = done.tables["monitor_status"].set_index(["target", "region"])["status"]
    assert status.loc["beds per head"].to_dict() == {
        "a": "met", "b": "missed", "c": "met", "d": "no data",
    }  # fmt: skip
    # the sum of 2017 is 234, and rose by 6 a year
    row = done.result.frame.query("target == 'all beds'").iloc[0]
    assert (row["level"], row["level_year"], row["status"]) == (234, 2017, "on track")
    assert not done.all_on_track
    assert done.frame[["target", "name", "status"]].to_numpy().tolist() == [
        ["beds per head", "Region B", "missed"]
    ]
    assert list(done.attention) == ["beds per head: at least 6 per 1,000 by 2018"]


def test_plan_by_hand(done):
    """On a straight path from 5 in 2013 to 6 in 2018, 5.6 is expected in 2016."""
    mid = done.tables["monitor_mid_term"].set_index(["target", "region"]).loc["beds per head"]
    assert mid.loc["a", ["value", "expected", "ahead"]].tolist() == [
        pytest.approx(5.6), pytest.approx(5.6), True,
    ]  # fmt: skip
    assert mid.loc["b", "value"] == pytest.approx(5.3)
    assert mid.loc["mean", "name"] == "all regions: mean"
    final = done.tables["monitor_final"].set_index(["target", "region"])
    assert final.loc[("beds per head", "b"), "share"] == pytest.approx(0.5)
    assert final.loc[("all beds", "sum"), "threshold"] == 240


def test_gaps_are_watched(done):
    """The fourth region lacks a year and is left out of all."""
    gap = done.tables["monitor_warnings"]
    assert gap["measure"].unique().tolist() == ["cv"]
    expected = [np.std(x) / np.mean(x) for x in zip(*list(BEDS.values())[:3], strict=True)]
    assert gap["value"].tolist() == pytest.approx(expected)
    assert done.warnings == int(gap["warning"].iloc[-1])


def test_sentences(done):
    told = {finding.key: finding.sentence for finding in done.findings}
    assert "1 no data (Region D)" in told["monitor_target beds per head"]
    assert (
        "2 met (Region A, Region C); 1 missed (Region B)" in (told["monitor_target beds per head"])
    )
    assert "2 of 4 regions on or ahead of the path" in told["monitor_plan beds per head"]
    assert "1 of 4 regions lack" in told["monitor_notes"]
    assert told["monitor"].startswith("As of 2018, 2 targets were judged for 5 pairs")


def test_what_is_written(done, folder):
    assert done.folder == folder / "out" / "monitor"
    names = {path.name for path in done.folder.iterdir()}
    assert names == {"tables", "figures", "report.html", "manifest.json"}
    tables = {path.stem for path in (done.folder / "tables").glob("*.csv")}
    assert tables == {
        "monitor_status", "monitor_summary", "monitor_warnings", "monitor_mid_term",
        "monitor_final", "monitor_plan", "findings",
    }  # fmt: skip
    read = pd.read_csv(done.folder / "tables" / "monitor_status.csv")
    assert read["words"].tolist() == done.tables["monitor_status"]["words"].tolist()
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    assert "Four regions: targets" in page and "monitor_status" in page
    manifest = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parameters"]["monitor"]["year"] == 2018
    assert "tables/monitor_status.csv" in manifest["outputs"]


def test_twice_gives_the_same(done, folder):
    before = (done.folder / "manifest.json").read_bytes()
    monitor(folder / "study.toml")
    assert (done.folder / "manifest.json").read_bytes() == before


def test_the_stage_gives_the_same_and_the_run_leaves_the_folder(done, folder):
    study = sr.run_study(folder / "study.toml")
    for name in ("monitor_status", "monitor_warnings", "monitor_final"):
        pd.testing.assert_frame_equal(study.tables[name], done.tables[name])
    assert (folder / "out" / "monitor" / "report.html").exists()
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    layers = gpd.list_layers(folder / "out" / "four.gpkg")["name"].tolist()
    assert "monitor_status" in layers
    again = monitor(folder / "study.toml")
    assert (folder / "out" / "manifest.json").exists() and again.folder.exists()


def test_targets_from_a_table(done, folder):
    table = pd.DataFrame(
        [
            {"name": "beds per head", "column": "beds", "over": "people", "factor": 10,
             "direction": "at least", "threshold": 6, "target_year": 2018, "unit": "per 1,000"},
            {"name": "all beds", "column": "beds", "scope": "sum", "direction": "at least",
             "threshold": 240, "target_year": 2019},
        ]
    )  # fmt: skip
    table.to_csv(folder / "targets.csv", index=False)
    text = MONITOR.split("[[monitor.target]]")[0] + 'targets = "targets.csv"\n'
    gap = "\n[[monitor.gap]]" + MONITOR.split("[[monitor.gap]]")[1]
    (folder / "table.toml").write_text(STUDY + text + gap, encoding="utf-8")
    read = monitor(folder / "table.toml", output=folder / "table")
    pd.testing.assert_frame_equal(read.tables["monitor_status"], done.tables["monitor_status"])
    table.rename(columns={"threshold": "treshold"}).to_csv(folder / "targets.csv", index=False)
    with pytest.raises(ConfigError, match="mean nothing here: treshold; known are name"):
        monitor(folder / "table.toml", output=folder / "table")


def test_the_value_per_head_is_watched_where_no_gap_is_named(folder, tmp_path):
    text = STUDY + MONITOR.split("[[monitor.gap]]")[0]
    (folder / "own.toml").write_text(text, encoding="utf-8")
    done = monitor(folder / "own.toml", output=tmp_path / "o")
    gap = done.tables["monitor_warnings"]
    assert gap["gap"].unique().tolist() == ["per_head"]
    # regions start equal and grow by 0, 1, 2, 3 a year: the gap widens every year
    assert gap["widening_years"].tolist() == [0, 1, 2, 3, 4, 5] * 2
    assert done.warnings == 2


def test_the_command(folder, tmp_path):
    run = CliRunner().invoke
    path = str(folder / "study.toml")
    failed = run(cli.app, ["monitor", path, "--output", str(tmp_path / "o"), "--year", "2017"])
    assert failed.exit_code == 1
    text = failed.output.replace("\n", "")
    # as of 2017 no target is due, and the second region heads for 5.5
    assert "as of 2017" in text and "off track" in text and "Region B" in text
    assert "2 of 4 regions" in text
    assert (tmp_path / "o" / "monitor" / "report.html").exists()
    easy = STUDY + MONITOR.replace("threshold = 6", "threshold = 5")
    (folder / "easy.toml").write_text(easy, encoding="utf-8")
    done = run(cli.app, ["monitor", str(folder / "easy.toml"), "--output", str(tmp_path / "e")])
    assert done.exit_code == 0, done.output


def test_a_folder_of_something_else_is_left_alone(folder, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="choose another folder"):
        monitor(folder / "study.toml", output=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('over = "people"\nfactor', "ovr = 1\nfactor", r"monitor\.target\.0\.ovr: is not known"),
        ('direction = "at least"\nthreshold = 6', 'direction = "over"\nthreshold = 6',
         r"monitor\.target\.0\.direction"),
        ("period = [2014, 2018]", 'targets = "t.csv"', "give the targets either as"),
        ("period = [2014, 2018]", "mid_year = 2016", "give its period"),
    ],
)  # fmt: skip
def test_faults_of_the_section(folder, old, new, words):
    (folder / "wrong.toml").write_text(STUDY + MONITOR.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        read_config(folder / "wrong.toml")


def test_the_example_of_the_documentation_can_be_read(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "monitoring.md").read_text(encoding="utf-8")
    example = page.split("```toml")[1].split("```")[0]
    (tmp_path / "docs.toml").write_text(STUDY + example, encoding="utf-8")
    section = read_config(tmp_path / "docs.toml").monitor
    assert [target.name for target in section.target][-1] == "gap in beds"


def test_a_table_of_targets_that_is_not_there(folder):
    (folder / "lost.toml").write_text(STUDY + '[monitor]\ntargets = "lost.csv"\n')
    with pytest.raises(ConfigError, match=r"'lost\.csv' is neither a file"):
        check_study(folder / "lost.toml")


def test_a_map_of_what_binds_no_region(folder):
    text = STUDY + MONITOR.replace("year = 2018", 'map = "all beds"', 1)
    (folder / "map.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"no target 'all beds' binds.*are beds per head"):
        monitor(folder / "map.toml", output=folder / "map")


def test_a_study_without_targets(folder):
    (folder / "none.toml").write_text(STUDY, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"no section \[monitor\]"):
        monitor(folder / "none.toml")
    text = (STUDY + MONITOR).replace(STUDY[STUDY.index("[panel]") :], "")
    (folder / "nopanel.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[panel\] is missing, and monitor"):
        monitor(folder / "nopanel.toml")
